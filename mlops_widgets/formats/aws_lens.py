"""The AWS Well-Architected custom lens: a rubric from its JSON, and a rubric as such a lens.

A lens has pillars, these have questions, and a question has choices, of which any number may be ticked. We take a
pillar as a dimension, a question as a section, a choice as a statement. A rubric comes back from the lens it was
written as with its ids, texts and sections; the lens says whose it is in the last line of its description.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.aws_lens_names import SCHEMA_VERSION, NamedLens, decoded, lens_of
from mlops_widgets.formats.aws_lens_writing import write_lens
from mlops_widgets.formats.interchange import Ids, Notes, cut, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlops_widgets.formats.interchange import RubricReading

__all__ = ["read_lens", "write_lens"]

_LENS = {"schemaVersion", "name", "description", "pillars"}
_PILLAR = {"id", "name", "description", "questions"}
_QUESTION = {"id", "title", "description", "choices", "riskRules", "helpfulResource", "improvementPlan"}
_CHOICE = {"id", "title", "description", "helpfulResource", "improvementPlan", "additionalResources"}
_NONE_OF_THESE = re.compile(r"none of (these|those|the above|them)\b|none of above", re.IGNORECASE)
_NAMES = re.compile(r"\w+")
_MOST_OPTIONS = 11
_MOST_RULES = 2000
"""Characters of risk rules that a note repeats; those we know have 300."""


def read_lens(data: object, *, where: str = "lens", notes: Iterable[Problem] = ()) -> RubricReading:
    r"""Make a rubric of a custom lens.

    Args:
        data: the lens as a JSON reader gives it.
        where: what messages about the whole call it, such as its file.
        notes: what is to be told of it already.

    Raises:
        ToolkitError: it is no lens, or there is nothing in it to ask.

    >>> reading = read_lens({"schemaVersion": "2021-11-01", "name": "Backups", "description": "How we keep data.",
    ...     "pillars": [{"id": "data", "name": "Data", "questions": [{"id": "backup", "title": "How do you back up?",
    ...         "choices": [{"id": "daily", "title": "Every day"}, {"id": "backup_no", "title": "None of these"}],
    ...         "riskRules": [{"condition": "daily", "risk": "NO_RISK"}, {"condition": "default", "risk": "HIGH_RISK"}]
    ...     }]}]})
    >>> print("\n".join(reading.told()))
    Backups: 1 dimensions, 2 sections, 1 criteria; 2 notes
      pillars[0].questions[0].choices[1]: 'None of these' is said here by answering no to each: left out
      pillars[0].questions[0].riskRules: has no counterpart: left out: NO_RISK if daily; HIGH_RISK otherwise
    """
    if not isinstance(data, Mapping) or "pillars" not in data:
        message = "is no custom lens; one has a name, a description and pillars"
        raise ToolkitError([Problem(where=where, message=message)])
    return _LensReader(data, notes).reading(where)


class _LensReader:
    def __init__(self, lens: Mapping[str, Any], notes: Iterable[Problem]) -> None:
        self._lens = lens
        self._notes = Notes(notes)
        self._ids = Ids(self._notes)
        self._scales: dict[str, Any] = {}
        description = self._notes.text(lens, "description", "")
        self._named: NamedLens = lens_of(description)
        self._choices = Counter(
            str(choice.get("id"))
            for pillar in _mappings(lens.get("pillars"))
            for question in _mappings(pillar.get("questions"))
            for choice in _mappings(question.get("choices"))
        )

    def reading(self, where: str) -> RubricReading:
        notes, lens = self._notes, self._lens
        notes.rest(lens, "", known=_LENS)
        if lens.get("schemaVersion") != SCHEMA_VERSION:
            message = f"{shown(lens.get('schemaVersion'))} is not {SCHEMA_VERSION}: read as if it were"
            notes.tell("schemaVersion", message)
        title = notes.line(notes.text(lens, "name", ""), "name") or "Custom lens"
        sections = [
            section for place, pillar in notes.parts(lens, "pillars", "") if (section := self._pillar(pillar, place))
        ]
        data = {
            "id": self._named.rubric or Ids(notes).slug(title),
            "version": self._named.version or "1.0",
            "title": title,
            "description": notes.paragraphs([self._named.description], "description") or title,
            "source": {"document": notes.line(f"AWS Well-Architected custom lens: {title}", "name")},
            "scale": "answer",
            "scales": {
                "answer": {
                    "options": [
                        {"id": "no", "label": "No", "value": 0},
                        {"id": "yes", "label": "Yes", "value": 1},
                    ]
                },
                **self._scales,
            },
            "scoring": {"combine": "mean"},
            "sections": sections,
        }
        return notes.reading(data, where)

    def _id(self, text: str, where: str) -> str:
        return self._ids.fitted(decoded(text) if self._named.rubric else text, f"{where}.id")

    def _pillar(self, pillar: Mapping[str, Any], place: str) -> dict[str, Any] | None:
        notes = self._notes
        notes.rest(pillar, place, known=_PILLAR)
        name, own = notes.text(pillar, "name", place), notes.text(pillar, "id", place)
        dimension = {"id": self._id(own or name, place), "title": notes.line(name or own, f"{place}.name") or "Pillar"}
        if text := notes.paragraphs([notes.text(pillar, "description", place)], f"{place}.description"):
            dimension["description"] = text
        sections: dict[str, dict[str, Any]] = {}
        for question_place, question in notes.parts(pillar, "questions", place):
            self._question(question, question_place, sections, dimension["id"])
        filled = [section for section in sections.values() if section["criteria"]]
        if not filled:
            notes.tell(place, "has no question with a choice: left out")
            return None
        if self._named.rubric and list(sections) == [dimension["id"]]:
            return {**filled[0], **dimension}
        for section in filled:
            section["id"] = self._id(section["id"], place)
        return {**dimension, "sections": filled}

    def _question(
        self, question: Mapping[str, Any], place: str, sections: dict[str, dict[str, Any]], dimension: str
    ) -> None:
        """Put the choices of a question into its section: a new one, unless our own writing had split it."""
        notes = self._notes
        notes.rest(question, place, known=_QUESTION)
        own = notes.text(question, "id", place)
        title = notes.text(question, "title", place) or own
        name, kind = (own or title), ""
        if self._named.rubric:
            name, title, kind = self._named.section(own, title)
        description = notes.paragraphs(
            [notes.text(question, "description", place), *self._resources(question, place)], f"{place}.description"
        )
        choices = list(self._asked(question, place))
        if not choices:
            notes.tell(place, "has no choice to tick: left out")
        key = dimension if kind else decoded(name) if self._named.rubric else f"{len(sections)}"
        section = sections.setdefault(
            key,
            {
                "id": name,
                "title": notes.line(title, f"{place}.title", kept="its description") or "Question",
                "criteria": [],
            },
        )
        if description and not kind:
            section.setdefault("description", description)
        if kind and 1 < len(choices) <= _MOST_OPTIONS:
            section["criteria"].append(
                self._anchored((name, title, kind), choices, description=description, place=place)
            )
        else:
            section["criteria"] += [self._choice(choice, choice_place, own) for choice_place, choice in choices]
        self._risks(question, place)

    def _asked(self, question: Mapping[str, Any], place: str) -> list[tuple[str, Mapping[str, Any]]]:
        asked = []
        for choice_place, choice in self._notes.parts(question, "choices", place):
            title = str(choice.get("title") or "")
            if str(choice.get("id")).endswith("_no") or _NONE_OF_THESE.match(title):
                message = f"{shown(title)} is said here by answering no to each: left out"
                self._notes.tell(choice_place, message)
            else:
                asked.append((choice_place, choice))
        return asked

    def _choice(self, choice: Mapping[str, Any], place: str, question: str) -> dict[str, Any]:
        notes = self._notes
        notes.rest(choice, place, known=_CHOICE)
        own, title = notes.text(choice, "id", place), notes.text(choice, "title", place)
        resources = self._resources(choice, place)
        help_ = [notes.text(choice, "description", place), *resources]
        # Where a title was too short for its sentence, our writing put all of it first in the helpful resource.
        if title.endswith("…") and resources:
            whole, _, rest = resources[0].partition("\n\n")
            if whole.startswith(title[:-1]):
                title = whole
                help_ = [help_[0], rest, *(text for text in resources[1:] if text != whole)]
        line = notes.line(title or own, f"{place}.title", kept="its help") or "Choice"
        if line.endswith("…") and line != title:
            help_.insert(0, title)
        name = own or title
        if self._choices[own] > 1:
            name = f"{question}.{own}"
            notes.tell(f"{place}.id", f"{shown(own)} is the id of several choices: changed to {shown(name)}")
        criterion = {"id": self._id(name, place), "text": line}
        if text := notes.paragraphs(help_, place):
            criterion["help"] = text
        return criterion

    def _anchored(
        self,
        named: tuple[str, str, str],
        choices: list[tuple[str, Mapping[str, Any]]],
        *,
        description: str,
        place: str,
    ) -> dict[str, Any]:
        """Read a question whose choices exclude each other, as our own writing has them."""
        notes = self._notes
        name, title, kind = named
        texts = [
            notes.line(notes.text(choice, "title", choice_place), f"{choice_place}.title") or str(index)
            for index, (choice_place, choice) in enumerate(choices)
        ]
        anchored = kind == "anchored"
        labels = [str(index) for index in range(len(texts))] if anchored else texts
        scale = f"levels-{len(texts)}" if anchored else f"rated-{len(texts)}"
        options = [{"id": str(index), "label": label, "value": index} for index, label in enumerate(labels)]
        self._scales.setdefault(scale, {"options": options})
        criterion: dict[str, Any] = {
            "id": self._id(name, place),
            "text": notes.line(title, f"{place}.title") or "Question",
            "kind": kind,
            "scale": scale,
        }
        if anchored:
            criterion["anchors"] = texts
        if description:
            criterion["help"] = description
        return criterion

    def _resources(self, node: Mapping[str, Any], place: str) -> list[str]:
        """Give what helps and what improves as paragraphs, each with its address."""
        notes = self._notes
        found = []
        for key in ("helpfulResource", "improvementPlan"):
            part = notes.mapping(node, key, place)
            notes.rest(part, f"{place}.{key}", known={"displayText", "url"})
            texts = [notes.text(part, name, f"{place}.{key}") for name in ("displayText", "url")]
            found.append("\n".join(text for text in texts if text))
        for more_place, more in notes.parts(node, "additionalResources", place):
            notes.rest(more, more_place, known={"type", "content"})
            for item_place, item in notes.parts(more, "content", more_place):
                notes.rest(item, item_place, known={"displayText", "url"})
                texts = [notes.text(item, name, item_place) for name in ("displayText", "url")]
                found.append("\n".join(text for text in texts if text))
        own = notes.text(node, "title", place)
        return [text for text in dict.fromkeys(found) if text and text != own]

    def _risks(self, question: Mapping[str, Any], place: str) -> None:
        notes = self._notes
        known = {str(choice.get("id")) for choice in _mappings(question.get("choices"))} | {"default"}
        rules = []
        for rule_place, rule in notes.parts(question, "riskRules", place):
            condition = notes.text(rule, "condition", rule_place)
            notes.rest(rule, rule_place, known={"condition", "risk"})
            rules.append(
                notes.text(rule, "risk", rule_place) + (" otherwise" if condition == "default" else f" if {condition}")
            )
            for name in dict.fromkeys(_NAMES.findall(condition)):
                if name not in known:
                    notes.tell(f"{rule_place}.condition", f"{shown(name)} is no choice of this question")
        if rules:
            notes.left_out(f"{place}.riskRules", cut("; ".join(rules), _MOST_RULES))


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
