"""An assessment as JSON, for tools: what is written is read back exactly, and what cannot be read has its place."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from mlops_widgets.assessment import Assessment
from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.files import unreadable

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["lines_of_keys", "load_json", "parsed", "read_json", "write_json"]

LARGEST = 10_000_000
"""Bytes; an assessment whose every answer has a long note and twenty links is a tenth of it."""

DEEPEST = 60
"""Levels of nesting; an assessment needs five."""

_NESTING = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{\]}]', re.DOTALL)
_KEY = re.compile(r'"([^"\\\n]{1,200})"\s*:')
_INFINITE = re.compile(r'^(\s+"(?:[^"\\]|\\.)*": -?)Infinity(,?)$', re.MULTILINE)


def write_json(assessment: Assessment) -> str:
    """Write an assessment as JSON, in the order a person would write it.

    >>> from mlops_widgets.assessment import Answer
    >>> churn = Assessment.from_dict({"id": "churn", "rubric": {"id": "mlops-levels", "version": "1.0"},
    ...     "subject": "Churn model", "date": "2026-11-20", "answers": {"data.catalog": "yes"}})
    >>> read_json(write_json(churn).encode(), name="churn.json") == churn
    True
    """
    text = json.dumps(assessment.to_dict(), indent=2, ensure_ascii=False)
    # JSON has no word for infinity; a number beyond what any reader can hold is read as it everywhere.
    return _INFINITE.sub(r"\g<1>1e999\2", text) + "\n"


def load_json(path: Path) -> Assessment:
    """Read an assessment from a JSON file.

    Raises:
        ToolkitError: every fault, each with the file and its place.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise _too_large(str(path))
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from None
    return read_json(data, name=str(path))


def read_json(data: bytes, *, name: str) -> Assessment:
    """Read an assessment from JSON.

    An answer may be written short, as its value alone.

    Args:
        data: the file.
        name: its name, for the sentences.

    Raises:
        ToolkitError: every fault, each with its place.
    """
    if len(data) > LARGEST:
        raise _too_large(name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ToolkitError([Problem(where=name, message="is not UTF-8 text; save the file as UTF-8")]) from None
    plain = parsed(text, name=name)
    try:
        return Assessment.from_dict(plain)
    except ToolkitError as error:
        raise ToolkitError(
            Problem(where=f"{name}: {fault.where}".rstrip(": "), message=fault.message) for fault in error.problems
        ) from None


def lines_of_keys(text: str) -> dict[str, int]:
    r"""Find the line on which each key first stands.

    >>> lines_of_keys('{\n "answers": {\n  "data.catalog": "yes"}}')
    {'answers': 2, 'data.catalog': 3}
    """
    lines: dict[str, int] = {}
    line, seen = 1, 0
    for found in _KEY.finditer(text):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        lines.setdefault(found[1], line)
    return lines


def parsed(text: str, *, name: str) -> Any:  # noqa: ANN401 - JSON is anything
    """Read JSON as plain data; what is nested beyond reason, or says a thing twice, is refused.

    Raises:
        ToolkitError: it is not JSON, with the line and what to do.
    """
    depth = 0
    for found in _NESTING.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > DEEPEST:
            line = text.count("\n", 0, found.start()) + 1
            raise ToolkitError([Problem(where=f"{name}:{line}", message=f"is nested deeper than {DEEPEST} levels")])
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: _once(pairs, name))
    except json.JSONDecodeError as error:
        raise ToolkitError([Problem(where=f"{name}:{error.lineno}", message="is not JSON")]) from None
    except ValueError:
        raise ToolkitError([Problem(where=name, message="holds a number with too many digits")]) from None


def _once(pairs: list[tuple[str, Any]], name: str) -> dict[str, Any]:
    """Make a mapping of keys that stand there once: of two, one would be lost without a word."""
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise ToolkitError([Problem(where=name, message=f"the key {key[:80]!r} stands twice; keep one")])
        made[key] = value
    return made


def _too_large(name: str) -> ToolkitError:
    return ToolkitError([Problem(where=name, message=f"is larger than {LARGEST // 1_000_000} MB; no file of ours is")])
