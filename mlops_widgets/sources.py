"""An assessment from wherever it is kept: a file in any format that can be read, or the store.

May not score.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_widgets.assessment import fitted
from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.files import read, write
from mlops_widgets.formats import LARGEST_FILE, read_answers
from mlops_widgets.formats import read as read_either
from mlops_widgets.formats.yaml import read_with_lines
from mlops_widgets.formats.yaml_edit import edited
from mlops_widgets.library import load_rubric

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_widgets.assessment import Assessment, Plan
    from mlops_widgets.rubric import Rubric

__all__ = ["Source", "is_file", "keep_plan", "looked_at", "opened"]

YAML = (".yaml", ".yml")
"""Endings of files whose every criterion has its line, answered or not, and that a plan is written into."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """An assessment with its rubric, and what is known of where it stands.

    Attributes:
        given: the assessment as it was written.
        rubric: what it answers.
        path: its file; None when it came from the store.
        lines: number of the line of each answer, where the file has lines.
        warnings: what of the file is no answer yet, in lines for a person.
    """

    given: Assessment
    rubric: Rubric
    path: Path | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def assessment(self) -> Assessment:
        """The assessment, matched to its rubric."""
        return fitted(self.given, self.rubric)


def is_file(source: str) -> bool:
    """Whether this names a file, and not an assessment in the store: an id has neither endings nor folders.

    What many programs call standard input is none, and whoever reads it says so.

    >>> is_file("team.YAML"), is_file("9f2c41d07b6e")
    (True, False)
    """
    return source == "-" or "." in source or "/" in source or "\\" in source


def opened(source: str, *, store: str | None = None, rubric: str | Path | None = None) -> Source:
    """Read an assessment from a file, or load it from the store.

    Args:
        source: path of a file, or id of an assessment in the store.
        store: address of the store; the usual one when left out.
        rubric: what was answered, where it is not a packaged one.

    Raises:
        ToolkitError: it cannot be read, or there is none; every fault with its line.
    """
    known = load_rubric(rubric) if rubric else None
    if is_file(source):
        return _from_file(Path(source), known)
    from mlops_widgets.store import Store, Unknown  # noqa: PLC0415 - a file needs no database, which is slow to import

    with closing(Store(store)) as kept:
        try:
            given = kept.load(source)
        except Unknown as error:
            raise ToolkitError(f"{error}; a file is named with its ending, like team.yaml") from None
    return Source(given=given, rubric=known or load_rubric(given.rubric.id))


def _from_file(path: Path, rubric: Rubric | None) -> Source:
    if path.suffix.lower() in YAML:
        given, lines = read_with_lines(path, rubric=rubric)
        return Source(given=given, rubric=rubric or load_rubric(given.rubric.id), path=path, lines=lines)
    reading = read_answers(str(path), read(path, most=LARGEST_FILE + 1), rubric=rubric)
    return Source(
        given=reading.assessment,
        rubric=reading.rubric,
        path=path,
        lines={mark.criterion: mark.line for mark in reading.taken if mark.criterion},
        warnings=() if reading.is_complete else tuple(reading.told()),
    )


def looked_at(path: Path) -> tuple[Assessment | Rubric, tuple[str, ...]]:
    """Read a file as what it is, a rubric or an assessment, and say what of it is not understood.

    Raises:
        ToolkitError: every fault of the file, each with its line and path.
    """
    if path.suffix.lower() in (*YAML, ".json", ""):
        return read_either(path), ()
    found = _from_file(path, None)
    return found.given, found.warnings


def keep_plan(source: Source, *, targets: Mapping[str, float], plan: Plan, store: str | None = None) -> None:
    """Write a plan where its assessment came from: into the YAML file, or as new items into the store.

    Args:
        source: the assessment as it was opened.
        targets: the targets that the plan is for.
        plan: the plan; items that are in it already are not written again.
        store: address of the store; the usual one when left out.

    Raises:
        ToolkitError: it came from a file of another format, or cannot be written.
    """
    given = source.given
    changed = given.model_copy(update={"targets": dict(targets), "plan": plan})
    if changed == given:
        return
    if source.path:
        if source.path.suffix.lower() not in YAML:
            message = "a plan is written into a .yaml file or the store; convert this file first"
            raise ToolkitError([Problem(where=str(source.path), message=message)])
        parts = [part for part in ("targets", "plan") if getattr(given, part) != getattr(changed, part)]
        content = read(source.path, most=LARGEST_FILE)
        write(source.path, edited(content, changed, source.rubric, parts=parts))
        return
    from mlops_widgets.store import Store  # noqa: PLC0415 - as above

    with closing(Store(store)) as kept:
        head = plan.model_dump(mode="json", exclude_defaults=True, exclude={"items"})
        kept.update(given.id, targets=targets, plan_head=head)
        for name, item in plan.items.items():
            if name not in given.plan.items:
                kept.save_item(given.id, name, item, base=None)
