"""OWASP SAMM's model, a folder of YAML files that refer to each other by id, as a rubric with SAMM's scoring.

Only reads. Functions are dimensions, practices and streams sections, questions criteria; a stream is the sum of its
answers, practices, functions and the whole are means.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.interchange import Ids, Notes, shown
from mlops_widgets.formats.model_files import model_files
from mlops_widgets.library import read_foreign_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mlops_widgets.formats.interchange import RubricReading

__all__ = ["is_samm", "read_samm"]

_FOLDERS = (
    "business_functions",
    "security_practices",
    "streams",
    "maturity_levels",
    "practice_levels",
    "activities",
    "answer_sets",
    "questions",
)

_KNOWN = {
    "business_functions": {"model", "name", "description", "order"},
    "security_practices": {"function", "name", "shortName", "shortDescription", "longDescription", "order"},
    "streams": {"practice", "name", "letter", "description", "order"},
    "maturity_levels": {"number", "description"},
    "practice_levels": {"practice", "maturityLevel", "objective"},
    "activities": {"stream", "level", "title", "benefit", "shortDescription", "longDescription"},
    "answer_sets": {"values"},
    "questions": {"activity", "answerSet", "text", "order", "quality"},
}
_EVERYWHERE = {"id", "type"}

_LEVELS = range(1, 10)
_MOST_ANSWERS = 11
_FARTHEST = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Item:
    """One file of the model: where it is, and what it says."""

    place: str
    name: str
    data: Mapping[str, Any]


def is_samm(folder: Path) -> bool:
    """Say whether a folder holds SAMM's model, itself or below `model`."""
    return any((base / "business_functions").is_dir() for base in (folder, folder / "model"))


def read_samm(folder: Path) -> RubricReading:
    """Make a rubric of SAMM's model.

    Args:
        folder: the one with `business_functions` and the others in it, or the one above.

    Raises:
        ToolkitError: the folder is none, a file of it cannot be read, or there is nothing in it to ask.
    """
    if not is_samm(folder):
        message = f"is no SAMM model; one has the folders {', '.join(_FOLDERS)}"
        raise ToolkitError([Problem(where=str(folder), message=message)])
    base = folder if (folder / "business_functions").is_dir() else folder / "model"
    return _SammReader(base).reading(str(folder))


class _SammReader:
    def __init__(self, base: Path) -> None:
        self._notes = Notes()
        self._ids = Ids(self._notes)
        self._items = {folder: self._read(base, folder) for folder in _FOLDERS}
        self._scales: dict[str, dict[str, Any]] = {}
        self._scale_names: dict[str, str] = {}

    def _read(self, base: Path, folder: str) -> dict[str, _Item]:
        """Read the files of one kind, by the id each gives itself."""
        notes, found = self._notes, dict[str, _Item]()
        for path in model_files(base, base / folder):
            place = f"{folder}/{path.name}"
            documents, more = read_foreign_yaml(path)
            for note in more:
                notes.tell(note.where, note.message)
            for data in documents:
                if not isinstance(data, dict):
                    notes.tell(place, f"should be a mapping of keys to values, not {shown(data)}: left out")
                    continue
                own = notes.text(data, "id", place)
                if not own or own in found:
                    why = f"has the id {shown(own)} of {found[own].place}" if own else "has no id"
                    notes.tell(place, f"{why}: left out")
                    continue
                notes.rest(data, place, known=_KNOWN[folder] | _EVERYWHERE)
                found[own] = _Item(place=place, name=path.stem, data=data)
        return found

    def _below(self, folder: str, key: str, above: str) -> dict[str, list[_Item]]:
        """Sort the items of a kind under those they refer to, in their order; who refers to nothing is told."""
        children: dict[str, list[_Item]] = {}
        for item in self._items[folder].values():
            parent = self._notes.text(item.data, key, item.place)
            if parent in self._items[above]:
                children.setdefault(parent, []).append(item)
            else:
                self._notes.tell(f"{item.place}: {key}", f"{shown(parent)} is no id in {above}: left out")
        for items in children.values():
            items.sort(key=lambda item: (_number(item.data.get("order")), item.name))
        return children

    def reading(self, where: str) -> RubricReading:
        notes = self._notes
        self._practices = self._below("security_practices", "function", "business_functions")
        self._streams = self._below("streams", "practice", "security_practices")
        self._activities = self._below("activities", "stream", "streams")
        self._questions = self._below("questions", "activity", "activities")
        self._objectives = self._below("practice_levels", "practice", "security_practices")
        levels = self._levels()
        functions = sorted(
            self._items["business_functions"].values(), key=lambda item: (_number(item.data.get("order")), item.name)
        )
        letters = Counter(self._name(item)[:1].upper() for item in functions)
        sections = []
        for item in functions:
            letter = self._name(item)[:1].upper()
            code = letter if letters[letter] == 1 else self._name(item)
            section = self._section(item, code, "practice", self._practices)
            if section:
                sections.append(section)
        default = next(iter(self._scales), "")
        data = {
            "id": "owasp-samm",
            "version": "2.0",
            "title": "OWASP SAMM",
            "description": (
                "The questions of OWASP's Software Assurance Maturity Model. A stream is the sum of its answers; "
                "practices, functions and the whole are means."
            ),
            "source": {"document": "OWASP Software Assurance Maturity Model", "url": "https://owaspsamm.org"},
            "scale": default,
            "scales": self._scales,
            "levels": levels,
            "scoring": {"combine": "mean"},
            "sections": sections,
        }
        return notes.reading(data, where)

    def _name(self, item: _Item) -> str:
        return self._notes.line(self._notes.text(item.data, "name", item.place), f"{item.place}: name") or item.name

    def _levels(self) -> list[dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        for item in self._items["maturity_levels"].values():
            number = _whole(item.data.get("number"))
            if number not in _LEVELS or number in found:
                self._notes.tell(f"{item.place}: number", f"{shown(item.data.get('number'))} is no new level: left out")
                continue
            description = self._notes.text(item.data, "description", item.place)
            summary = self._notes.paragraphs([description], f"{item.place}: description")
            found[number] = {"level": number, "name": f"Level {number}", "summary": summary or f"Level {number}."}
        return [found[number] for number in sorted(found)]

    def _level(self, item: _Item, key: str) -> int | None:
        """Find the number of the maturity level that an activity or objective is for."""
        own = self._notes.text(item.data, key, item.place)
        if key == "level":
            step = self._items["practice_levels"].get(own)
            if step is None:
                self._notes.tell(f"{item.place}: level", f"{shown(own)} is no id in practice_levels")
                return None
            return self._level(step, "maturityLevel")
        level = self._items["maturity_levels"].get(own)
        if level is None:
            self._notes.tell(f"{item.place}: {key}", f"{shown(own)} is no id in maturity_levels")
            return None
        number = _whole(level.data.get("number"))
        return number if number in _LEVELS else None

    def _section(self, item: _Item, code: str, kind: str, below: Mapping[str, list[_Item]]) -> dict[str, Any] | None:
        """Make a section of a function or a practice, with what is below it."""
        notes = self._notes
        place = item.place
        section: dict[str, Any] = {"id": self._ids.fitted(code, f"{place}: id"), "title": self._name(item)}
        texts = [notes.text(item.data, key, place) for key in ("description", "shortDescription", "longDescription")]
        own = str(item.data["id"]).strip()
        for step in self._objectives.get(own, ()):
            objective, level = notes.text(step.data, "objective", step.place), self._level(step, "maturityLevel")
            if objective:
                texts.append(f"Level {level}: {objective}" if level else objective)
        if text := notes.paragraphs(texts, f"{place}: description"):
            section["description"] = text
        children: list[dict[str, Any]] = []
        for child in below.get(own, ()):
            if kind == "practice":
                short = notes.text(child.data, "shortName", child.place) or self._name(child)
                made = self._section(child, f"{code}-{short}", "stream", self._streams)
            else:
                letter = notes.text(child.data, "letter", child.place) or self._name(child)
                made = self._stream(child, f"{code}-{letter}")
            if made:
                children.append(made)
        if not children:
            notes.tell(place, f"has no {kind} with a question: left out")
            return None
        return {**section, "sections": children}

    def _stream(self, item: _Item, code: str) -> dict[str, Any] | None:
        notes = self._notes
        section: dict[str, Any] = {
            "id": self._ids.fitted(code, f"{item.place}: id"),
            "title": self._name(item),
            "combine": "sum",
        }
        description = notes.text(item.data, "description", item.place)
        if text := notes.paragraphs([description], f"{item.place}: description"):
            section["description"] = text
        steps = [
            (self._level(activity, "level") or 0, activity)
            for activity in self._activities.get(str(item.data["id"]).strip(), ())
        ]
        criteria = []
        for level, activity in sorted(steps, key=lambda step: (step[0], step[1].name)):
            questions = self._questions.get(str(activity.data["id"]).strip(), [])
            if len(questions) != 1:
                notes.tell(
                    activity.place, f"has {len(questions)} questions, SAMM one: the sum of the stream has them all"
                )
            for number, question in enumerate(questions, start=1):
                name = f"{code}-{level or activity.name}" + (f"-{number}" if len(questions) > 1 else "")
                if criterion := self._criterion(question, activity, name, level):
                    criteria.append(criterion)
        if not criteria:
            return None
        return {**section, "criteria": criteria}

    def _criterion(self, question: _Item, activity: _Item, name: str, level: int) -> dict[str, Any] | None:
        notes, place = self._notes, question.place
        text = notes.text(question.data, "text", place)
        scale = self._scale(notes.text(question.data, "answerSet", place), place)
        if not text or not scale:
            notes.tell(place, "has no text or no answers: left out")
            return None
        quality = notes.texts(question.data, "quality", place)
        line = notes.line(text, f"{place}: text", kept="its help")
        texts = [
            text if line != " ".join(text.split()) else "",
            "\n".join(["For a yes:", *(f"- {item}" for item in quality)]) if quality else "",
            *(
                notes.text(activity.data, key, activity.place)
                for key in ("title", "shortDescription", "benefit", "longDescription")
            ),
        ]
        criterion: dict[str, Any] = {
            "id": self._ids.fitted(name, f"{place}: id"),
            "text": line,
            "scale": scale,
            "source": {"note": f"Question {notes.line(str(question.data['id']), place, most=100)}"},
        }
        if help_ := notes.paragraphs(texts, f"{activity.place}: longDescription"):
            criterion["help"] = help_
        if level:
            criterion["level"] = level
        return criterion

    def _scale(self, own: str, place: str) -> str:
        """Find the scale of an answer set, made when the first question asks for it."""
        if own in self._scale_names:
            return self._scale_names[own]
        item = self._items["answer_sets"].get(own)
        if item is None:
            self._notes.tell(f"{place}: answerSet", f"{shown(own)} is no id in answer_sets")
            return ""
        options = self._options(item)
        name = Ids(self._notes).slug(f"answers-{item.name}") if options else ""
        while name in self._scales:
            name = f"{name[:70]}-{len(self._scales)}"
        self._scale_names[own] = name
        if name:
            self._scales[name] = {"options": options}
        return name

    def _options(self, item: _Item) -> list[dict[str, Any]]:
        notes = self._notes
        options: list[dict[str, Any]] = []
        parts = list(notes.parts(item.data, "values", item.place))
        for value_place, value in sorted(parts, key=lambda part: _number(part[1].get("order"))):
            notes.rest(value, value_place, known={"text", "value", "weight", "order"})
            if value.get("weight") not in (None, 1):
                notes.left_out(f"{value_place}.weight", shown(value["weight"]))
            worth, label = value.get("value"), notes.line(notes.text(value, "text", value_place), value_place)
            if (
                isinstance(worth, bool)
                or not isinstance(worth, (int, float))
                or not abs(worth) <= _FARTHEST
                or not label
            ):
                notes.tell(value_place, f"is no answer with a text and a value: {shown(worth)}: left out")
                continue
            options.append({"id": str(len(options)), "label": label, "value": worth})
        rising = all(low["value"] < high["value"] for low, high in pairwise(options))
        if not 1 < len(options) <= _MOST_ANSWERS or not rising:
            notes.tell(item.place, "has no answers that rise in value: left out")
            return []
        return options


def _number(value: object) -> float:
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= _FARTHEST
    return float(value) if good and isinstance(value, (int, float)) else _FARTHEST


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1
