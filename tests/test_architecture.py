"""Imports go down only: read from the source, so that no arrow goes up and no guarded library has a second importer."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mlops_widgets"
NAME = PACKAGE.name

FLOORS = {
    "assessment": 0,
    "errors": 0,
    "field_faults": 0,
    "imports": 0,
    "numerals": 0,
    "rubric": 0,
    "rubric_checks": 0,
    "consensus": 1,
    "engine": 1,
    "next_level": 1,
    "plan": 1,
    "plan_checks": 1,
    "plan_gaps": 1,
    "plan_proposal": 1,
    "plan_schedule": 1,
    "plan_steps": 1,
    "rubric_arrays": 1,
    "scoring": 1,
    "smallest_sets": 1,
    "address": 2,
    "assets": 2,
    "badge": 2,
    "charts": 2,
    "conversion": 2,
    "database": 2,
    "edits": 2,
    "event_rows": 2,
    "evidence": 2,
    "files": 2,
    "form_rows": 2,
    "formats": 2,
    "gate": 2,
    "importer_rows": 2,
    "library": 2,
    "plan_phases": 2,
    "plan_reading": 2,
    "plan_text": 2,
    "planner_rows": 2,
    "records": 2,
    "report_content": 2,
    "report_details": 2,
    "report_executive": 2,
    "report_parts": 2,
    "report_plan": 2,
    "report_planned": 2,
    "report_reading": 2,
    "report_summary": 2,
    "score_text": 2,
    "sources": 2,
    "store": 2,
    "board": 3,
    "dashboard": 3,
    "form": 3,
    "importer": 3,
    "planner": 3,
    "report": 3,
    "start": 3,
    "cli": 4,
    "cli_convert": 4,
    "cli_gate": 4,
    "cli_options": 4,
    "cli_plan": 4,
    "downloads": 4,
    "kernels": 4,
    "server": 4,
    "shell": 4,
    "__init__": 5,
    "__main__": 5,
}
"""A module may import those of its own floor and of the floors below; `formats` stands for every module in it."""

WIDGETS = {"form", "planner", "start", "importer", "board", "dashboard"}
"""They meet only through the store and the model."""

GUARDED = {
    "sqlalchemy": {"database", "store"},
    "altair": {"charts"},
    "vl_convert": {"charts"},
    "ruamel": {"library"},
    "icalendar": {"formats"},
    "markdown_it": {"formats"},
    "papermill": {"report"},
    "rapidfuzz": {"formats"},
    "nbconvert": {"report"},
    "voila": {"server"},
    "openpyxl": {"formats"},
    "anywidget": WIDGETS,
}
"""Who alone may import a library."""

KEPT_PURE = {"time", "os", "random", "pathlib", "pandas"}
"""Nothing on the floors 0 and 1 knows the clock, the environment, chance, files or tables."""

CLOCK = {"now", "today", "utcnow", "fromtimestamp", "utcfromtimestamp"}
"""What of `datetime` asks the clock or the time zone of the machine; the rest is arithmetic of the calendar."""


def sources() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    paths = [path for path in PACKAGE.rglob("*.py") if "templates" not in path.parts]
    return {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in sorted(paths)}


def imports(path: Path) -> set[str]:
    """Dotted names of everything a module imports, anywhere in it, for its types as well."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.name}:{node.lineno}: a relative import; write the name of the package"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def arrows(path: Path) -> set[str]:
    """Modules of the package that a module imports, by the name they have in the table of floors."""
    inner = {name.split(".", 2)[1] for name in imports(path) if name.startswith(f"{NAME}.")}
    return inner - {"__version__"}


def roots(path: Path) -> set[str]:
    """The packages a module imports."""
    return {name.partition(".")[0] for name in imports(path)}


MODULES = sources()


@pytest.mark.parametrize("module", MODULES)
def test_module_has_its_floor(module: str) -> None:
    """A new module is given its place in the house."""
    assert module.partition(".")[0] in FLOORS, f"{module} has no floor yet: add it to the table"


@pytest.mark.parametrize("module", MODULES)
def test_no_arrow_goes_up(module: str) -> None:
    """A module imports from its own floor and below."""
    own = module.partition(".")[0]
    up = {name for name in arrows(MODULES[module]) if FLOORS.get(name, 5) > FLOORS.get(own, 5)}
    assert not up, f"{module} (floor {FLOORS[own]}) imports {sorted(up)} from a floor above"


@pytest.mark.parametrize("module", MODULES)
def test_front_door_is_for_those_outside(module: str) -> None:
    """Inside the package a name is imported from the module that has it, not through the lazy front door."""
    inside = {name.partition(".")[0] for name in MODULES}
    assert arrows(MODULES[module]) <= inside


@pytest.mark.parametrize("module", sorted(WIDGETS & set(MODULES)))
def test_widgets_do_not_import_each_other(module: str) -> None:
    """One widget knows nothing of another."""
    assert not arrows(MODULES[module]) & (WIDGETS - {module})


@pytest.mark.parametrize("library", GUARDED)
def test_guarded_library_has_its_importers_only(library: str) -> None:
    """A large library is met in one place."""
    importers = {module.partition(".")[0] for module, path in MODULES.items() if library in roots(path)}
    assert importers <= GUARDED[library], f"{library} is for {sorted(GUARDED[library])} alone"


@pytest.mark.parametrize("module", [name for name in MODULES if FLOORS.get(name, 5) <= 1])
def test_lower_floors_are_pure(module: str) -> None:
    """What computes gets the date, the files and chance from above, or does without."""
    assert not roots(MODULES[module]) & KEPT_PURE


@pytest.mark.parametrize("module", [name for name in MODULES if FLOORS.get(name, 5) <= 1])
def test_lower_floors_do_not_ask_the_clock(module: str) -> None:
    """The calendar may be used where dates are planned; what day it is comes from above."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    assert not {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & CLOCK


def test_no_circles() -> None:
    """On one floor too, nobody imports, by way of others, itself."""
    below = {module: {name for name in arrows(path) if name != module} for module, path in MODULES.items()}

    def reached(module: str, seen: frozenset[str]) -> None:
        assert module not in seen, f"{module} imports itself by way of {sorted(seen)}"
        for name in below.get(module, ()):
            reached(name, seen | {module})

    for module in below:
        reached(module, frozenset())


def test_workbooks_are_met_in_their_own_modules() -> None:
    """Only what writes and reads workbooks imports openpyxl, and only when there is one."""
    importers = {module for module, path in MODULES.items() if "openpyxl" in roots(path)}
    assert importers == {"formats.xlsx_reading", "formats.xlsx_writing"}


def test_formats_do_not_touch_the_store() -> None:
    """A file format turns files into assessments and back; keeping them is the store's."""
    formats = [path for module, path in MODULES.items() if module.startswith("formats")]
    assert formats
    assert not any("store" in arrows(path) for path in formats)


def test_contributing_tells_of_every_module() -> None:
    """Whoever comes new finds each module in CONTRIBUTING, on the floor it is on, and none that is not there."""
    lines = (PACKAGE.parent / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|")[1:3] for line in lines if re.match(r"\| \d \|", line)]
    told = {name: int(floor) for floor, modules in rows for name in re.findall(r"`(\w+)/?`", modules)}
    there = {name.partition(".")[0] for name in MODULES} - {"__init__", "__main__"}
    assert told == {name: floor for name, floor in FLOORS.items() if name in there}
