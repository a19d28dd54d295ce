"""The package as people get it: a light front door, a wheel with everything in it, pinned and declared dependencies."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import urllib.request
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import requirements
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ports import free_port, wait_until_it_answers

import mlops_widgets

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
NOT_SHIPPED = ("__pycache__", ".ipynb_checkpoints")


def run(*command: object, cwd: Path) -> str:
    """Run a command, and give what it prints; when it fails, show why."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def files_below(folder: Path) -> set[str]:
    """Name the files of a folder that people are to get, by their path within it."""
    found = (path for path in folder.rglob("*") if path.is_file() and not set(NOT_SHIPPED) & set(path.parts))
    return {path.relative_to(folder).as_posix() for path in found}


# The front door


def test_import_is_light(tmp_path: Path) -> None:
    """Importing the package takes no time to speak of, and none of the heavy libraries."""
    code = (
        "import json, sys, time; start = time.perf_counter(); import mlops_widgets; "
        "print(json.dumps([time.perf_counter() - start, sorted({name.partition('.')[0] for name in sys.modules})]))"
    )
    took, modules = zip(*(json.loads(run(sys.executable, "-c", code, cwd=tmp_path)) for _ in range(3)), strict=True)
    assert min(took) < 0.15
    assert not {"altair", "anywidget", "ipywidgets", "numpy", "pandas", "pydantic", "sqlalchemy"} & set(modules[0])


def test_form_is_light(tmp_path: Path) -> None:
    """A page that shows a form waits for neither pandas nor altair."""
    code = "import sys; from mlops_widgets import RubricForm, Store; print({'altair', 'pandas'} & set(sys.modules))"
    assert run(sys.executable, "-c", code, cwd=tmp_path) == "set()\n"


def test_front_door() -> None:
    """Every public name is there, documented with an example, and listed."""
    for name in set(mlops_widgets.__all__) - {"__version__"}:
        assert ">>> " in getattr(mlops_widgets, name).__doc__, name
    assert set(mlops_widgets.__all__) <= set(dir(mlops_widgets))


def test_unknown_name() -> None:
    """What is not there is an ordinary AttributeError."""
    with pytest.raises(AttributeError, match=r"^module 'mlops_widgets' has no attribute 'radars'$"):
        mlops_widgets.radars  # noqa: B018


# What it needs


def test_imports_are_declared() -> None:
    """Whatever the package imports is among its dependencies, and not by way of another."""
    declared = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["postgresql"]]
    names = {canonicalize_name(Requirement(line).name) for line in declared}
    distributions = packages_distributions()
    undeclared = set()
    for path in (ROOT / "mlops_widgets").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for top in {module.partition(".")[0] for module in modules} - {"mlops_widgets"} - sys.stdlib_module_names:
                found = {canonicalize_name(name) for name in distributions.get(top, [top])}
                undeclared |= set() if found & names else {(path.name, top)}
    assert undeclared == set()


@pytest.mark.parametrize("name", ["requirements.lock", "binder/requirements.txt"])
def test_pins(name: str) -> None:
    """Pinned files hold names and versions: no index, no path, nothing of one platform."""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.!]*", line)


def test_lock_meets_the_bounds() -> None:
    """The pinned versions are what pyproject.toml asks for, extras included."""
    pins = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in LOCK)}
    extras = PROJECT["optional-dependencies"]
    for line in [*PROJECT["dependencies"], *extras["postgresql"], *extras["test"]]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(pins[canonicalize_name(wanted.name)]), line


# The wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the pinned tools."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_everything(wheel: Path) -> None:
    """Modules, rubrics, notebooks, templates and static files are in the wheel, and nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = {f"mlops_widgets/{name}" for name in files_below(ROOT / "mlops_widgets")}
    data = {f"mlops_widgets/{top}/{name}" for top in ("rubrics", "notebooks") for name in files_below(ROOT / top)}
    assert {name for name in names if not re.match(r"mlops_widgets-[^/]+\.dist-info/", name)} == package | data
    some = ("rubrics/mlops-levels.yaml", "notebooks/assess.ipynb", "notebooks/plan.ipynb", "static/form.js")
    for name in (*some, "static/planner.js", "static/planner.css", "words/en/planner.json", "demo/churn-model.yaml"):
        assert f"mlops_widgets/{name}" in names


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment of its own; what it needs is borrowed from this one."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=False)
    program = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        folder / "venv",
        "install",
        "--no-deps",
        "--no-index",
        wheel,
        cwd=folder,
    )
    where = run(program / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    # A folder that is only listed here brings its packages, but not the link to the sources in it.
    (Path(where) / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return program


def test_installed_wheel_works(installed: Path, tmp_path: Path) -> None:
    """The commands work in any folder, without the sources."""
    where = run(installed / "python", "-c", "import mlops_widgets; print(mlops_widgets.__file__)", cwd=tmp_path)
    assert Path(where).is_relative_to(installed.parent)
    program = installed / "mlops-widgets"
    assert run(program, "--version", cwd=tmp_path) == f"mlops-widgets {mlops_widgets.__version__}\n"
    assert run(program, "rubrics", cwd=tmp_path).startswith("ml-test-score ")
    (tmp_path / "demo.yaml").write_bytes((ROOT / "mlops_widgets" / "demo" / "churn-model.yaml").read_bytes())
    assert run(program, "validate", "demo.yaml", cwd=tmp_path) == "demo.yaml: good, an assessment of Churn model\n"
    assert "\nLevel 1, Automated training, so far\n" in run(program, "score", "demo.yaml", cwd=tmp_path)
    run(installed / "python", "-m", "mlops_widgets", "report", "demo.yaml", "-o", "churn.html", cwd=tmp_path)
    assert "Churn model" in (tmp_path / "churn.html").read_text(encoding="utf-8")


def test_installed_wheel_serves(installed: Path, tmp_path: Path) -> None:
    """The app runs from the wheel alone: its first page holds the widget of a notebook that ships with it."""
    port = free_port()
    store = f"sqlite:///{tmp_path / 'store.sqlite'}"
    command = [installed / "mlops-widgets", "serve", "--port", str(port), "--store", store, "--no-warm"]
    log = tmp_path / "log"
    with log.open("wb") as output:
        # Voila is borrowed, so its own files are found where they were installed.
        env = {**os.environ, "JUPYTER_PATH": str(Path(sys.prefix) / "share" / "jupyter")}
        app = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=output, stderr=output)
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}/assets/page.css", app, log)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            page = answer.read().decode()
    finally:
        app.terminate()
        app.wait(timeout=30)
    assert "data-model=" in page, log.read_text()


def test_installed_wheel_finds_its_folders(installed: Path, tmp_path: Path) -> None:
    """Notebooks and rubrics are found beside the modules, not in a checkout."""
    code = "from mlops_widgets.library import packaged_folder as f; print(f('notebooks')); print(f('rubrics'))"
    for line in run(installed / "python", "-c", code, cwd=tmp_path).splitlines():
        assert Path(line).is_dir()
        assert Path(line).is_relative_to(installed.parent)


# The tutorial, and what carries the project on


def test_tutorial_is_ten_short_cells() -> None:
    """From nothing to a chart in ten cells that fit on a screen; that they run is tested by running them."""
    cells: list[dict[str, Any]] = json.loads((ROOT / "notebooks" / "tutorial.ipynb").read_bytes())["cells"]
    assert len(cells) == 10
    assert max(len(cell["source"]) for cell in cells) <= 6


def test_workflow_calls_the_same_targets() -> None:
    """The workflow and `.ci/run` call the targets people call, on every Python we support."""
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    supported = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)]
    assert f"python: {json.dumps(supported)}" in workflow
    for text in (workflow, (ROOT / ".ci" / "run").read_text(encoding="utf-8")):
        assert re.findall(r"make (\w+)$", text, flags=re.MULTILINE) == ["test", "lint"]


@pytest.mark.parametrize(
    ("python", "line"),
    [
        ("false", "Python 3.11 or later is needed: install it, or name it as in 'make serve PYTHON=python3.12'"),
        ("./no-venv", "Python's venv module is needed: 'apt install python3-venv' brings it on Debian and Ubuntu"),
    ],
)
def test_make_stops_with_one_line(python: str, line: str, tmp_path: Path) -> None:
    """Where Python is missing, too old or incomplete, make says so in one line."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    broken = tmp_path / "no-venv"
    broken.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n')
    broken.chmod(0o755)
    # The tests run from make themselves: its variables are not for another make.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "serve", f"PYTHON={python}"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stdout == ""
    assert [told for told in done.stderr.splitlines() if not told.startswith("make")] == [line]


@pytest.mark.parametrize(
    ("missing", "line"), [("chromium", requirements.NO_BROWSER), ("postgresql", requirements.NO_DATABASE)]
)
def test_missing_requirements_stop_with_one_line(missing: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests need and cannot get is told in one line; no test is skipped for want of it."""
    for name in ("chromium", "postgresql"):
        monkeypatch.setattr(requirements, name, lambda found=name != missing: found or None)
    commands: list[tuple[str, ...]] = []
    monkeypatch.setattr(requirements, "_run", lambda *command: commands.append(command))
    with pytest.raises(SystemExit) as stopped:
        requirements.main()
    assert stopped.value.code == line
    assert "\n" not in line
    assert missing == "postgresql" or commands
