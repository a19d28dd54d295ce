"""Change parts of an assessment's YAML file, and leave the rest of it as people wrote it, comments and all.

May not decide what the parts say.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.yaml import read_answers, write_assessment
from mlops_widgets.library import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.rubric import Rubric

__all__ = ["edited"]

BEFORE = "answers"
"""The part that a new one is put before: it is long, and what is written by hand stands above it."""


def edited(content: bytes, assessment: Assessment, rubric: Rubric, *, parts: Sequence[str]) -> bytes:
    """Give a file with some of its parts as an assessment has them.

    Args:
        content: what the file holds now.
        assessment: what it is to say.
        rubric: what was asked.
        parts: keys of the parts that changed, such as `plan`.

    Returns:
        The file's new content. Where the parts cannot be changed in place, as in a file of one line, it is written anew
        as a whole.
    """
    text = content.decode("utf-8-sig")
    ending = "\r\n" if "\r\n" in text else "\n"
    anew = write_assessment(assessment, rubric)
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    for part in parts:
        lines = _replaced(lines, part, _block(anew.split("\n"), part))
    changed = ending.join((*lines, "")).encode()
    try:
        same = read_answers(changed, name="file.yaml", rubric=rubric).assessment == assessment
    except ToolkitError:
        same = False
    return changed if same else anew.encode()


def _replaced(lines: list[str], part: str, block: list[str]) -> list[str]:
    starts = _starts(lines)
    if part not in starts:
        at = starts.get(BEFORE, len(lines))
        while at and _is_aside(lines[at - 1]):
            at -= 1
        return [*lines[:at], *block, *lines[at:]]
    first = starts[part]
    last = min((line for line in starts.values() if line > first), default=len(lines))
    while last > first + 1 and _is_aside(lines[last - 1]):
        last -= 1
    return [*lines[:first], *block, *lines[last:]]


def _starts(lines: list[str]) -> dict[str, int]:
    """Find the line on which each key at the top begins."""
    _, root = parse_yaml("\n".join(lines).encode(), Path("file.yaml"))
    return {key.value: key.start_mark.line for key, _ in root.value}


def _block(lines: list[str], part: str) -> list[str]:
    """Cut the lines of one part out of a whole file."""
    first = next((index for index, line in enumerate(lines) if line.startswith(f"{part}:")), None)
    if first is None:
        return []
    rest = (index for index, line in enumerate(lines) if index > first and line and not line.startswith(" "))
    return lines[first : next(rest, len(lines))]


def _is_aside(line: str) -> bool:
    """Whether a line is a comment or empty: it belongs to what comes below it."""
    return not line.strip() or line.startswith("#")
