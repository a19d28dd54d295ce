"""What a person decided about the marks of files that were not understood: written to be filled in, and read back.

May not decide anything itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.library import Lines, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlops_widgets.formats.reading import Mark, Reading

__all__ = ["Decisions", "read_decisions", "waiting", "write_decisions"]

NONE = "none"
"""Instead of a criterion: the mark says nothing about any."""

LONGEST = 200
"""Characters of a mark that are shown and compared; its line tells the rest."""

_HEAD = """\
# What a person has to say. Give each place the criterion it is about and its answer; write none for the criterion of
# a place that says nothing about any. What stays empty keeps waiting. Then convert again with --decide and this file.
format: 1
files:
"""


def waiting(reading: Reading) -> tuple[Mark, ...]:
    """List the marks that a person has not decided about yet."""
    return tuple(mark for mark in reading.marks if mark.state != "taken" and mark.how != "hand")


def write_decisions(readings: Mapping[str, Reading]) -> str:
    """Write what waits for a person as YAML, with the likeliest criteria as comments.

    Args:
        readings: what was read, by the name of its file.
    """
    return _HEAD + "".join(f"{line}\n" for name, reading in readings.items() for line in _file(name, reading))


def _file(name: str, reading: Reading) -> Iterator[str]:
    marks = waiting(reading)
    yield f"  {json.dumps(_plain(name), ensure_ascii=False)}:" + ("" if marks else " []")
    for mark in marks:
        place = f"{mark.section}: {mark.why}" if mark.section else mark.why
        yield from ("", f"    # {shorten(_plain(place), 110, placeholder=' ...')}".rstrip())
        for candidate in mark.candidates:
            criterion = reading.rubric.criteria.get(candidate.criterion)
            text = f": {criterion.text}" if criterion else ""
            yield f"    #   {candidate.confidence:.0%} {candidate.criterion}{text}"
        yield f"    - line: {mark.line}"
        yield f"      text: {json.dumps(_plain(mark.text), ensure_ascii=False)}"
        yield "      criterion:"
        value = "" if mark.answer.value is None else f" {json.dumps(mark.answer.value, ensure_ascii=False)}"
        yield f"      value:{value}"


def _plain(text: str) -> str:
    """Give a text in one line, without what is not to be seen."""
    line = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(line.split())[:LONGEST]


class Decisions:
    """The decisions of one file, to be applied to what was read."""

    def __init__(self, path: Path, files: Mapping[str, list[dict[str, Any]]], lines: Lines) -> None:
        """Take what stands in the file, and on which lines."""
        self._path, self._files, self._lines = path, files, lines

    def check_names(self, names: list[str]) -> None:
        """Look whether each decision is about a file of this call.

        Raises:
            ToolkitError: one is about another file.
        """
        strange = [name for name in self._files if not any(_same(name, each) for each in names)]
        if strange:
            raise ToolkitError(
                [self._fault(f"files.{name}", "is none of the files that are converted") for name in strange]
            )

    def applied(self, name: str, reading: Reading) -> Reading:
        """Give a reading with what was decided about its marks.

        Args:
            name: of the file that was read.
            reading: what was read from it.

        Raises:
            ToolkitError: a decision is about a place that is not there, or names what the rubric does not have; every
                one with its line.
        """
        problems: list[Problem] = []
        decided: dict[int, tuple[str, str | None] | None] = {}
        for key, entries in self._files.items():
            for index, entry in enumerate(entries if _same(key, name) else []):
                where = f"files.{key}[{index}]"
                if entry.get("criterion") is None:
                    continue
                try:
                    position = _position(entry, reading)
                    decision = _decision(entry, reading.marks[position])
                    reading.decided({position: decision})  # every fault is to be told, not the first alone
                    decided[position] = decision
                except ToolkitError as error:
                    problems.extend(self._fault(where, problem.message) for problem in error.problems)
        if problems:
            raise ToolkitError(problems)
        return reading.decided(decided)

    def _fault(self, where: str, message: str) -> Problem:
        return Problem(where=f"{self._path}:{self._lines.of(where)}: {where}", message=message)


def read_decisions(path: Path) -> Decisions:
    """Read what was decided.

    Raises:
        ToolkitError: the file cannot be read, or does not have the form that `write_decisions` gives it.
    """
    data, root = read_yaml(path)
    lines = Lines(root)
    problems = [
        Problem(where=f"{path}:{lines.of(where)}" + (f": {where}" if where else ""), message=message)
        for where, message in _faults(data)
    ]
    if problems:
        raise ToolkitError(problems)
    return Decisions(path, data["files"], lines)


def _faults(data: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - a file holds anything
    files = data.get("files") if isinstance(data, dict) else None
    if not isinstance(files, dict) or data.get("format") != 1:
        yield "", "is no file of decisions; write one with convert --report FILE.yaml and fill it in"
        return
    for name, entries in files.items():
        if not isinstance(entries, list):
            yield f"files.{name}", "is no list of places, each with line, criterion and value"
            continue
        for index, entry in enumerate(entries):
            where = f"files.{name}[{index}]"
            if not isinstance(entry, dict) or not isinstance(entry.get("line"), int):
                yield where, "needs the number of a line, a criterion and a value"
                continue
            for key, value in entry.items():
                if key not in ("line", "text", "criterion", "value"):
                    yield f"{where}.{key}", "is not a known key; take it out"
                elif isinstance(value, (dict, list)):
                    yield f"{where}.{key}", "is to be one word"


def _same(key: str, name: str) -> bool:
    return key in (_plain(name), Path(name).name)


def _position(entry: Mapping[str, Any], reading: Reading) -> int:
    """Find the mark that is meant, by its line and, where it is given, its text."""
    on_line = [index for index, mark in enumerate(reading.marks) if mark.line == entry["line"]]
    text = entry.get("text")
    meant = [index for index in on_line if text is None or _plain(reading.marks[index].text) == _plain(str(text))]
    if len(meant) == 1:
        return meant[0]
    if not on_line:
        raise ToolkitError(f"there is no mark on line {entry['line']}; write the report anew")
    if not meant:
        raise ToolkitError(f"line {entry['line']} does not say this any more; write the report anew")
    raise ToolkitError(f"line {entry['line']} has {len(meant)} marks that this may be about; give its text as well")


def _decision(entry: Mapping[str, Any], mark: Mark) -> tuple[str, str | None] | None:
    criterion, value = str(entry["criterion"]), entry.get("value")
    if criterion == NONE:
        return None
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if value is None and mark.answer.value is None:
        raise ToolkitError(f"{criterion[:80]} needs a value: the mark itself was not understood")
    return criterion, mark.answer.value if value is None else str(value)
