"""Turn files of assessments into files of another format, one or thousands, and lose nothing on the way.

May not decide what a mark means: what is not understood is handed back with what was.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.files import read, write
from mlops_widgets.formats import FORMATS, LARGEST_FILE, read_answers, written
from mlops_widgets.formats.decisions import waiting
from mlops_widgets.formats.reading import Reading
from mlops_widgets.library import load_rubric

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence
    from pathlib import Path

    from mlops_widgets.formats.decisions import Decisions
    from mlops_widgets.formats.reading import Mark
    from mlops_widgets.rubric import Rubric

__all__ = ["Job", "Outcome", "check", "check_report", "convert", "ending_of", "jobs", "report"]

MANY = 100
"""Files from which on it is worth starting processes."""

REPORTS = (".json", ".yaml", ".yml")
"""Endings of reports: everything for programs, or what waits for a person to be filled in."""

CHUNK = 8
"""Files handed to a process at a time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A file to be read and the file to be written from it."""

    source: Path
    output: Path


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a job.

    Attributes:
        job: which.
        reading: what was read; None where the file cannot be used.
        error: why not.
    """

    job: Job
    reading: Reading | None = None
    error: ToolkitError | None = None

    @property
    def waiting(self) -> tuple[Mark, ...]:
        """The marks that a person has to decide about."""
        return waiting(self.reading) if self.reading else ()

    @property
    def answers(self) -> int:
        """How many answers were written."""
        answers = self.reading.assessment.answers.values() if self.reading else ()
        return sum(answer.value is not None for answer in answers)


def ending_of(text: str) -> str:
    """Give the ending of a file's name or an ending with its dot, checked.

    Raises:
        ToolkitError: no format has it.

    >>> ending_of("team.YAML"), ending_of(".yaml")
    ('yaml', 'yaml')
    """
    ending = text.rpartition(".")[2].lower()
    if ending not in readable():
        known = ", ".join(f".{each}" for each in FORMATS)
        raise ToolkitError(f"no format is written to {text[-60:]!r}; there are {known}")
    return ending


def readable() -> set[str]:
    """Give the endings of all files that answers can be read from."""
    return {ending for each in FORMATS.values() for ending in (each.ending, *each.endings)}


def jobs(sources: Iterable[Path], folder: Path, ending: str) -> list[Job]:
    """List what is to be done to have files, and the files of folders, in another folder in one format.

    What lies in a folder keeps its place below it; what no format reads, and what is hidden, is passed over.

    Raises:
        ToolkitError: there is nothing to convert.
    """
    found: list[Job] = []
    for source in sources:
        if not source.is_dir():
            found.append(Job(source=source, output=folder / f"{source.stem}.{ending}"))
            continue
        for path in sorted(source.rglob("*")):
            below = path.relative_to(source)
            hidden = any(part.startswith(".") for part in below.parts)
            if path.suffix.lower()[1:] in readable() and path.is_file() and not hidden:
                found.append(Job(source=path, output=folder / below.with_suffix(f".{ending}")))
    if not found:
        endings = ", ".join(f".{each}" for each in sorted(readable()))
        raise ToolkitError(f"there is no file to convert; those that end in {endings} can be")
    return found


def check(todo: Sequence[Job], *, force: bool = False) -> None:
    """Look before anything is written whether a file would be lost.

    Raises:
        ToolkitError: every output that is a source, stands for two sources, or is there already.
    """
    sources = {job.source.resolve() for job in todo}
    outputs: dict[Path, Path] = {}
    problems = []
    for job in todo:
        output = job.output.resolve()
        if output in sources:
            problems.append(Problem(where=str(job.output), message="is one of the files that are read; write another"))
        elif output in outputs:
            message = f"would hold both {outputs[output]} and {job.source}; convert them into two folders"
            problems.append(Problem(where=str(job.output), message=message))
        elif job.output.exists() and not force:
            problems.append(Problem(where=str(job.output), message="is there already; --force writes over it"))
        outputs.setdefault(output, job.source)
    if problems:
        raise ToolkitError(problems)


def check_report(path: Path, todo: Sequence[Job], *, decided: Path | None = None, force: bool = False) -> None:
    """Look before anything is written whether a report has a form, and a file would be lost to it.

    Raises:
        ToolkitError: it has none, or would.
    """
    if path.suffix.lower() not in REPORTS:
        raise ToolkitError(f"a report is written as .json or .yaml, not as {path.name[-60:]!r}")
    taken = {file.resolve() for job in todo for file in (job.source, job.output)}
    if path.resolve() in (taken | {decided.resolve()} if decided else taken):
        raise ToolkitError(
            [Problem(where=str(path), message="is read or written already; give the report another name")]
        )
    if path.exists() and not force:
        raise ToolkitError([Problem(where=str(path), message="is there already; --force writes over it")])


def convert(
    todo: Iterable[Job], *, ending: str, rubric: Rubric | None = None, decisions: Decisions | None = None
) -> Generator[Outcome, None, None]:
    """Convert file by file; one that cannot be used stops none of the others.

    Args:
        todo: what to read and where to write; folders are made.
        ending: of the format to write.
        rubric: what was answered; when left out each file says it, or it is guessed.
        decisions: what a person decided about marks that were not understood.
    """
    todo = list(todo)
    with closing(_readings(todo, rubric)) as readings:
        for job, found in zip(todo, readings, strict=True):
            if isinstance(found, ToolkitError):
                yield Outcome(job=job, error=found)
                continue
            try:
                reading = decisions.applied(str(job.source), found) if decisions else found
                job.output.parent.mkdir(parents=True, exist_ok=True)
                write(job.output, written(reading.assessment, reading.rubric, ending))
            except ToolkitError as error:
                yield Outcome(job=job, error=error)
            except OSError as error:
                problem = Problem(where=str(job.output.parent), message=f"cannot be made: {error.strerror}")
                yield Outcome(job=job, error=ToolkitError([problem]))
            else:
                yield Outcome(job=job, reading=reading)


def _readings(todo: Sequence[Job], rubric: Rubric | None) -> Generator[Reading | ToolkitError, None, None]:
    """Read every file, in order; many of them on all processors, as a document takes a twentieth of a second."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if len(todo) < MANY or cores == 1:
        yield from (_reading(job.source, rubric) for job in todo)
        return
    # Started anew, not forked: whoever calls this may have threads, which a fork would leave behind locked.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores, mp_context=context, initializer=_begin, initargs=(rubric,)) as pool:
        try:
            for parts in pool.map(_parts, [job.source for job in todo], chunksize=CHUNK):
                if isinstance(parts, tuple):
                    yield ToolkitError(parts)
                else:
                    yield Reading(rubric=rubric or load_rubric(parts.pop("rubric")), **parts)
        finally:
            pool.shutdown(cancel_futures=True)  # whoever was interrupted does not wait for the rest


def _reading(source: Path, rubric: Rubric | None) -> Reading | ToolkitError:
    try:
        return read_answers(str(source), read(source, most=LARGEST_FILE + 1), rubric=rubric)
    except ToolkitError as error:
        return error


# In a process of the pool. A rubric is not sent back and forth with each file: both sides have it.

_given: list[Rubric] = []


def _begin(rubric: Rubric | None) -> None:
    if rubric is not None:
        _given.append(rubric)


def _parts(source: Path) -> dict[str, Any] | tuple[Problem, ...]:
    found = _reading(source, _given[0] if _given else None)
    if isinstance(found, ToolkitError):
        return found.problems
    parts = {"assessment": found.assessment, "marks": found.marks, "notes": found.notes}
    return parts if _given else {**parts, "rubric": found.rubric.id}


def report(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """Give everything that became of every mark as plain data."""
    return {"format": 1, "files": [_plain(outcome) for outcome in outcomes]}


def _plain(outcome: Outcome) -> Mapping[str, Any]:
    reading, error = outcome.reading, outcome.error
    return {
        "source": str(outcome.job.source),
        "output": str(outcome.job.output),
        "error": None if error is None else str(error),
        "rubric": None if reading is None else {"id": reading.rubric.id, "version": reading.rubric.version},
        "marks": [mark.to_dict() for mark in reading.marks] if reading else [],
        "notes": list(reading.notes) if reading else [],
    }
