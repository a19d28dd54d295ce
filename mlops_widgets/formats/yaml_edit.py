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
    from collections.abc import Mapping, Sequence

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.rubric import Rubric

__all__ = ["edited"]


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
    try:
        for part in parts:
            lines = _replaced(lines, part, anew.rstrip("\n").split("\n"))
        changed = ending.join((*lines, "")).encode()
        same = read_answers(changed, name="file.yaml", rubric=rubric).assessment == assessment
    except ToolkitError:
        same = False
    return changed if same else anew.encode()


def _replaced(lines: list[str], part: str, anew: list[str]) -> list[str]:
    """Put a part as the whole file would have it in the place of the one that is there, or where it would stand."""
    here, there = _starts(lines), _starts(anew)
    if part in here:
        block = anew[there[part] : _end(anew, there, part)] if part in there else []
        return [*lines[: here[part]], *block, *lines[_end(lines, here, part) :]]
    if part not in there:
        return lines
    order = list(there)
    before = [name for name in order[: order.index(part)] if name in here]
    at = _end(lines, here, before[-1]) if before else len(lines)
    return [*lines[:at], *anew[_above(anew, there[part]) : _end(anew, there, part)], *lines[at:]]


def _starts(lines: list[str]) -> dict[str, int]:
    """Find the line on which each key at the top begins, in the order of the file."""
    _, root = parse_yaml("\n".join(lines).encode(), Path("file.yaml"))
    return {key.value: key.start_mark.line for key, _ in root.value}


def _end(lines: list[str], starts: Mapping[str, int], part: str) -> int:
    """Find the line after a part; comments and empty lines before the next one belong to that."""
    end = min((line for line in starts.values() if line > starts[part]), default=len(lines))
    return _above(lines, end)


def _above(lines: list[str], line: int) -> int:
    """Go up from a line over comments and empty lines."""
    while line and _is_aside(lines[line - 1]):
        line -= 1
    return line


def _is_aside(line: str) -> bool:
    """Whether a line is a comment or empty: it belongs to what comes below it."""
    return not line.strip() or line.startswith("#")
