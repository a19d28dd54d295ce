"""What reading a rubric of another house comes to: a rubric, and a note for all that did not come along as it was.

Knows no format of its own; what a rubric may hold is the rubric's business.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.rubric import Rubric, RubricError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

__all__ = ["Ids", "Notes", "RubricReading", "cut", "read_json", "shown"]

LINE = 500
"""Characters of a sentence in a rubric."""

PARAGRAPH = 4000
"""Characters of a longer text in a rubric."""

MOST_CRITERIA = 5_000
"""Criteria of a rubric that is read from elsewhere; the largest model we know has 300."""

MOST_NOTES = 10_000
"""Notes of one reading; the largest model we know makes 150."""

LARGEST_FILE = 5_000_000
"""Bytes of a file in another form; the largest we know has 350,000."""

_ID_LENGTH = 80
_SHOWN = 60
_FIRST_NOTES = 20
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_NO_COUNTERPART = "has no counterpart: left out"


@dataclass(frozen=True, kw_only=True)
class RubricReading:
    """A rubric read from another form.

    Attributes:
        rubric: what was read, ready to use.
        notes: what was left out, changed or cut, each with its place in the file.
    """

    rubric: Rubric
    notes: tuple[Problem, ...] = ()

    def told(self) -> Iterator[str]:
        """Say in lines for a terminal what was read and what is to be known of it."""
        sections = sum(1 for _ in self.rubric.walk())
        yield (
            f"{self.rubric.title}: {len(self.rubric.sections)} dimensions, {sections} sections, "
            f"{len(self.rubric.criteria)} criteria; {len(self.notes)} notes"
        )
        for note in self.notes:
            yield f"  {note}"


def shown(value: object) -> str:
    """Write a value of a file as it fits in a message.

    >>> shown("a" * 100)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..."
    """
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def cut(text: str, most: int) -> str:
    """Cut a text to a length, at a space where there is one, with a mark that it goes on.

    >>> cut("one two three", 10)
    'one two…'
    """
    if len(text) <= most:
        return text
    head = text[: most - 1]
    at = head.rfind(" ")
    return (head[:at] if at > most // 2 else head).rstrip() + "…"


def read_json(path: Path) -> tuple[Any, list[Problem]]:
    """Read a JSON file that is not of our own writing.

    Returns:
        Plain data, and what is to be told of it: of a key that stands twice the later is taken, and what is no JSON
        but written by some tools (NaN, Infinity) counts as nothing.

    Raises:
        ToolkitError: the file is missing, too large, not UTF-8 or not JSON.
    """
    where = str(path)
    notes: list[Problem] = []

    def taken(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        for key, count in Counter(key for key, _ in pairs).items():
            if count > 1:
                notes.append(Problem(where=where, message=f"the key {shown(key)} stands twice: the later is taken"))
        return dict(pairs)

    def nothing(constant: str) -> None:
        notes.append(Problem(where=where, message=f"holds {constant}, which is no JSON: read as nothing"))

    try:
        return json.loads(_read(path), object_pairs_hook=taken, parse_constant=nothing), notes
    except RecursionError:
        raise ToolkitError([Problem(where=where, message="is nested too deeply")]) from None
    except json.JSONDecodeError as error:
        raise ToolkitError([Problem(where=f"{where}:{error.lineno}", message=f"is not JSON: {error.msg}")]) from None
    except ValueError:
        raise ToolkitError([Problem(where=where, message="is not JSON: a number has too many digits")]) from None


def _read(path: Path) -> str:
    where = str(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ToolkitError([Problem(where=where, message=f"is larger than {LARGEST_FILE // 1_000_000} MB")])
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ToolkitError([Problem(where=where, message="is not UTF-8 text; save the file as UTF-8")]) from None
    except OSError as error:
        raise ToolkitError([Problem(where=where, message=f"cannot be read: {error.strerror}")]) from None


class Notes:
    """Takes texts and parts out of a foreign file, and keeps a note of each that cannot come along as it is."""

    def __init__(self, notes: Iterable[Problem] = ()) -> None:
        """Start with what is to be told already."""
        self._notes = list(notes)

    def tell(self, where: str, message: str) -> None:
        """Note something about a place.

        Raises:
            ToolkitError: there is so much to note that the file must be something else.
        """
        if len(self._notes) >= MOST_NOTES:
            more = Problem(where="", message=f"and so on: more than {MOST_NOTES} parts are not as they should be")
            raise ToolkitError([*self._notes[:_FIRST_NOTES], more])
        place = _UNPRINTED.sub("?", " ".join(where.split()))
        self._notes.append(Problem(where=cut(place, LINE), message=message))

    def left_out(self, where: str, what: str = "") -> None:
        """Note that a place has no counterpart; `what` says what stood there."""
        self.tell(where, f"{_NO_COUNTERPART}: {what}" if what else _NO_COUNTERPART)

    def rest(self, node: Mapping[str, Any], where: str, *, known: Container[str]) -> None:
        """Note each key of a part that nobody asked for, unless it is empty."""
        for key, value in node.items():
            if key not in known and value not in (None, "", [], {}):
                self.left_out(_step(where, key), "" if isinstance(value, (Mapping, list)) else shown(value))

    def text(self, node: Mapping[str, Any], key: str, where: str) -> str:
        """Take a text; a number counts as one, anything else is noted and left out."""
        value = node.get(key)
        if value is None:
            return ""
        if isinstance(value, (bool, Mapping, list)):
            self.tell(_step(where, key), f"should be text, not {shown(value)}: left out")
            return ""
        text = str(value).replace("\r\n", "\n").replace("\r", "\n")
        clean = _UNPRINTED.sub("", text)
        if clean != text:
            self.tell(_step(where, key), "holds characters that no text has: they are taken out")
        return clean.strip()

    def texts(self, node: Mapping[str, Any], key: str, where: str) -> list[str]:
        """Take a list of texts, or one text as a list of one."""
        value = node.get(key)
        if not isinstance(value, list):
            one = self.text(node, key, where)
            return [one] if one else []
        place = _step(where, key)
        items = [self.text({f"[{index}]": item}, f"[{index}]", place) for index, item in enumerate(value)]
        return [item for item in items if item]

    def mapping(self, node: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
        """Take a part; what is none is noted and counts as empty."""
        value = node.get(key)
        if isinstance(value, Mapping):
            return value
        if value is not None:
            self.tell(_step(where, key), f"should be a mapping of keys to values, not {shown(value)}: left out")
        return {}

    def parts(self, node: Mapping[str, Any], key: str, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Take the parts of a list, each with its place; what is none is noted."""
        value, place = node.get(key), _step(where, key)
        if not isinstance(value, list):
            if value is not None:
                self.tell(place, f"should be a list, not {shown(value)}: left out")
            return
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                yield f"{place}[{index}]", item
            else:
                message = f"should be a mapping of keys to values, not {shown(item)}: left out"
                self.tell(f"{place}[{index}]", message)

    def line(self, text: str, where: str, *, most: int = LINE, kept: str = "") -> str:
        """Make a text one line of a length; `kept` says where all of it can still be read."""
        line = " ".join(_UNPRINTED.sub("", text).split())
        if len(line) > most:
            rest = f"; all of it stands in {kept}" if kept else ""
            self.tell(where, f"is {len(line)} characters long: cut to {most}{rest}")
        return cut(line, most)

    def paragraphs(self, texts: Iterable[str], where: str, *, most: int = PARAGRAPH) -> str:
        """Join texts as paragraphs, and cut them to a length."""
        text = _UNPRINTED.sub("", "\n\n".join(text for text in texts if text)).strip()
        if len(text) > most:
            self.tell(where, f"is {len(text)} characters long: cut to {most}")
        return cut(text, most)

    def reading(self, data: dict[str, Any], where: str) -> RubricReading:
        """Make the rubric of what was taken.

        Raises:
            ToolkitError: nothing is left to ask, or it is more than any rubric has; with every note.
        """
        count = sum(_criteria(section) for section in data["sections"])
        if not count:
            raise RubricError([Problem(where=where, message="holds nothing that can be asked"), *self._notes])
        if count > MOST_CRITERIA:
            raise RubricError(
                [Problem(where=where, message=f"has {count} things to ask; the most a rubric takes is {MOST_CRITERIA}")]
            )
        return RubricReading(rubric=Rubric.from_dict(data), notes=self.notes)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """All that was noted, in the order it was met."""
        return tuple(self._notes)


def _criteria(section: Mapping[str, Any]) -> int:
    return len(section.get("criteria", ())) + sum(_criteria(child) for child in section.get("sections", ()))


def _step(where: str, key: str) -> str:
    if where.endswith((".yml", ".yaml")):
        return f"{where}: {key}"
    return f"{where}{key}" if key.startswith("[") else f"{where}.{key}" if where else key


class Ids:
    """Gives ids that a rubric can have: short, plain, each once.

    >>> ids = Ids(Notes())
    >>> ids.slug("Defined build process"), ids.slug("Defined - build process!")
    ('defined-build-process', 'defined-build-process-2')
    """

    def __init__(self, notes: Notes) -> None:
        """Take the notes where a changed id is told."""
        self._notes = notes
        self._taken: set[str] = set()
        self._tries: Counter[str] = Counter()

    def fitted(self, wanted: str, where: str) -> str:
        """Keep an id as it is if it can be; otherwise change it and say so."""
        given = self._unique(_plain(wanted))
        if given != wanted:
            self._notes.tell(where, f"{shown(wanted)} cannot be an id here or is taken: changed to {given!r}")
        return given

    def slug(self, name: str) -> str:
        """Make an id of a name."""
        return self._unique(re.sub("-{2,}", "-", _plain(name.lower())))

    def _unique(self, name: str) -> str:
        candidate = name
        while candidate in self._taken:
            self._tries[name] += 1
            suffix = f"-{self._tries[name] + 1}"
            candidate = f"{name[: _ID_LENGTH - len(suffix)]}{suffix}"
        self._taken.add(candidate)
        return candidate


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "-", letters).strip("-._")[:_ID_LENGTH].rstrip("-._") or "item"
