"""A rubric as an AWS Well-Architected custom lens: within that form's limits, with a note for all it cannot say."""

from __future__ import annotations

import json
from collections import Counter
from itertools import combinations
from math import ceil, comb
from typing import TYPE_CHECKING, Any

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.aws_lens_names import (
    LARGEST_LENS,
    LONGEST_ID,
    LONGEST_NAME,
    LONGEST_QUESTION_ID,
    LONGEST_TEXT,
    MOST_CHOICES,
    MOST_PILLARS,
    MOST_QUESTIONS,
    SCHEMA_VERSION,
    decoded,
    encoded,
    mark,
)
from mlops_widgets.formats.interchange import Notes, cut, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlops_widgets.rubric import Criterion, Rubric, Section

__all__ = ["write_lens"]

_RUBRIC = {"format", "id", "version", "title", "description", "sections", "scale", "scales", "levels", "scoring"}
_SECTION = {"id", "title", "description", "sections", "criteria"}
_CRITERION = {"id", "text", "kind", "scale", "level", "anchors", "help", "absent", "evidence_hints"}
_MOST_WAYS = 30
"""Ways to meet enough of a question's choices that a condition spells out."""

_NO_RISK, _MEDIUM_RISK = 0.75, 0.5
"""Share of a scale from which an answer is no risk, or a medium one."""

Placed = tuple[str, "Criterion"]


def write_lens(rubric: Rubric) -> tuple[str, tuple[Problem, ...]]:
    """Write a rubric as the JSON of a custom lens.

    A dimension becomes a pillar; the criteria of one section and level a question, each of them a choice; an anchored
    or open question a question whose choices are its answers. A question is no risk when as many of its choices are
    ticked as the rubric's gates ask for (all where it has none), a medium risk when some are, or when its level is
    not the first, and a high risk otherwise.

    Returns:
        The text, and a note for each part of the rubric that a lens cannot say, with its place in the rubric.

    Raises:
        ToolkitError: the rubric has more dimensions, questions or text than a lens may.

    >>> from mlops_widgets.library import load_rubric
    >>> text, notes = write_lens(load_rubric("mlops-levels"))
    >>> json.loads(text)["pillars"][0]["questions"][0]["riskRules"][0]
    {'condition': 'data__central_storage && data__versioning && data__catalog', 'risk': 'NO_RISK'}
    >>> print(next(note for note in notes if note.where == "scoring.gates"))
    scoring.gates: is kept for each question alone, as its rule of no risk
    """
    return _LensWriter(rubric).written()


class _LensWriter:
    def __init__(self, rubric: Rubric) -> None:
        self._rubric = rubric
        self._notes = Notes()
        self._taken: set[str] = set()
        self._lowest = min((c.level for c in rubric.criteria.values() if c.level is not None), default=None)

    def written(self) -> tuple[str, tuple[Problem, ...]]:
        rubric, notes = self._rubric, self._notes
        if len(rubric.sections) > MOST_PILLARS:
            raise ToolkitError(
                [
                    Problem(
                        where="sections",
                        message=f"are {len(rubric.sections)}; a lens has {MOST_PILLARS} pillars at most",
                    )
                ]
            )
        notes.rest(rubric.to_dict(), "", known=_RUBRIC)
        self._scoring()
        line = mark(rubric.id, rubric.version)
        description = notes.paragraphs([rubric.description], "description", most=LONGEST_TEXT - len(line) - 2)
        lens = {
            "schemaVersion": SCHEMA_VERSION,
            "name": notes.line(rubric.title, "title", most=LONGEST_NAME),
            "description": f"{description}\n\n{line}",
            "pillars": [self._pillar(section, f"sections[{i}]") for i, section in enumerate(rubric.sections)],
        }
        text = json.dumps(lens, ensure_ascii=False, indent=2) + "\n"
        size = len(text.encode())
        if size > LARGEST_LENS:
            message = f"has {size} bytes as a lens; the most is {LARGEST_LENS}"
            raise ToolkitError([Problem(where=rubric.id, message=message)])
        return text, notes.notes

    def _scoring(self) -> None:
        rubric, notes = self._rubric, self._notes
        for index, level in enumerate(rubric.levels):
            notes.left_out(f"levels[{index}]", f"{level.level} {level.name}; a lens has risks")
        if rubric.scoring.bands:
            notes.left_out("scoring.bands", "a lens says a risk for each question, and no level")
        if rubric.scoring.gates:
            notes.tell("scoring.gates", "is kept for each question alone, as its rule of no risk")
        notes.tell("scoring.combine", f"{rubric.scoring.combine}: has no counterpart; a lens counts its risks")
        for name, scale in rubric.scales.items():
            more = [option.label for option in scale.options[1:-1]]
            if more and any(
                rubric.scale_of[item.id] is scale and item.kind == "statement" for item in rubric.criteria.values()
            ):
                notes.tell(f"scales.{name}", f"a choice is ticked or not: {', '.join(more)} cannot be answered")

    def _named(self, name: str, where: str, *, suffix: str = "") -> str:
        """Give an id for the lens, and say so when the rubric's cannot be told from it."""
        text = encoded(name)
        most = LONGEST_QUESTION_ID if suffix else LONGEST_ID
        fits = len(text) + len(suffix) <= most
        text = f"{text}{suffix}" if fits else f"{text[: most - len(suffix) - 5]}{suffix}"
        unique, count = text, 1
        while unique in self._taken:
            count += 1
            unique = f"{text[: most - 5]}_{count}"
        self._taken.add(unique)
        if not fits or unique != text or decoded(encoded(name)) != name:
            self._notes.tell(f"{where}.id", f"{shown(name)} becomes {unique!r}, and reading that gives another id")
        return unique

    def _pillar(self, dimension: Section, place: str) -> dict[str, Any]:
        own = self._named(dimension.id, place)
        if dimension.criteria:
            # Pillars and questions are named apart: here both are the dimension.
            self._taken.discard(own)
        by_level = _count(dimension, by_level=True) <= MOST_QUESTIONS
        count = _count(dimension, by_level=by_level)
        if count > MOST_QUESTIONS:
            message = f"makes {count} questions; a pillar has {MOST_QUESTIONS} at most"
            raise ToolkitError([Problem(where=place, message=message)])
        if not by_level:
            message = f"would make more than {MOST_QUESTIONS} questions: the levels of a section stand in one"
            self._notes.tell(place, message)
        questions = [
            question
            for section, at, depth in self._leaves(dimension, place)
            for question in self._questions(section, at, nested=depth > 0, by_level=by_level)
        ]
        return {
            "id": own,
            "name": self._notes.line(dimension.title, f"{place}.title", most=LONGEST_NAME),
            "questions": questions,
        }

    def _leaves(self, section: Section, place: str, depth: int = 0) -> Iterator[tuple[Section, str, int]]:
        """Every section with criteria; what stands in between is told."""
        self._notes.rest(section.model_dump(mode="json", exclude_defaults=True), place, known=_SECTION)
        if section.criteria:
            yield section, place, depth
            return
        if depth:
            self._notes.left_out(place, f"{section.title}; its sections stand in the pillar itself")
        if section.description:
            self._notes.left_out(f"{place}.description")
        for index, child in enumerate(section.sections):
            yield from self._leaves(child, f"{place}.sections[{index}]", depth + 1)

    def _questions(self, section: Section, place: str, *, nested: bool, by_level: bool) -> Iterator[dict[str, Any]]:
        grouped: dict[int | None, list[Placed]] = {}
        rated: list[Placed] = []
        for index, criterion in enumerate(section.criteria):
            item = (f"{place}.criteria[{index}]", criterion)
            self._notes.rest(criterion.model_dump(mode="json", exclude_defaults=True), item[0], known=_CRITERION)
            if criterion.kind == "statement":
                grouped.setdefault(criterion.level if by_level else None, []).append(item)
            else:
                rated.append(item)
        for level, items in grouped.items():
            most = MOST_CHOICES - 1
            for start in range(0, len(items), most):
                part = start // most + 1 if len(items) > most else 0
                yield self._question(section, place, items[start : start + most], level, part)
        if rated and nested:
            message = f"{section.title}: its questions stand in the pillar itself"
            self._notes.left_out(place, message)
        for item_place, criterion in rated:
            yield self._rated(criterion, item_place)

    def _question(
        self, section: Section, place: str, items: list[Placed], level: int | None, part: int
    ) -> dict[str, Any]:
        notes = self._notes
        suffix = f"_level_{level}" if level is not None else ""
        ending = ""
        if level is not None:
            named = self._rubric.level(level)
            ending = f", level {level}: {named.name}" if named else f", level {level}"
        if part:
            suffix, ending = f"{suffix}_part_{part}", f"{ending}, part {part}"
            notes.tell(f"{place}.criteria", f"are more than {MOST_CHOICES - 1} of one level: this is part {part}")
        question: dict[str, Any] = {
            "id": self._named(section.id, place, suffix=suffix),
            "title": notes.line(section.title, f"{place}.title", most=LONGEST_NAME - len(ending)) + ending
            if len(ending) < LONGEST_NAME // 2
            else notes.line(f"{section.title}{ending}", f"{place}.title", most=LONGEST_NAME),
        }
        if section.description:
            question["description"] = notes.paragraphs([section.description], f"{place}.description", most=LONGEST_TEXT)
        choices = [self._choice(criterion, item_place) for item_place, criterion in items]
        question["choices"] = [*choices, {"id": f"{question['id'][: LONGEST_ID - 3]}_no", "title": "None of these"}]
        question["riskRules"] = self._rules([choice["id"] for choice in choices], level, place)
        return question

    def _choice(self, criterion: Criterion, place: str) -> dict[str, Any]:
        notes = self._notes
        title = cut(" ".join(criterion.text.split()), LONGEST_NAME)
        whole = criterion.text if title != criterion.text else ""
        choice: dict[str, Any] = {"id": self._named(criterion.id, place), "title": title}
        if text := notes.paragraphs([whole, criterion.help or ""], f"{place}.help", most=LONGEST_TEXT):
            choice["helpfulResource"] = {"displayText": text}
        hints = "\n".join(["What would show it:", *(f"- {hint}" for hint in criterion.evidence_hints)])
        plan = [criterion.absent or criterion.text, hints if criterion.evidence_hints else ""]
        choice["improvementPlan"] = {
            "displayText": notes.paragraphs(plan, f"{place}.evidence_hints", most=LONGEST_TEXT)
        }
        return choice

    def _rules(self, ids: list[str], level: int | None, place: str) -> list[dict[str, str]]:
        gates = self._rubric.scoring.gates
        # Rounded first: 0.8 of 5 is 4, whatever floating point makes of it.
        enough = ceil(round((gates.threshold if gates else 1) * len(ids), 9))
        if comb(len(ids), enough) > _MOST_WAYS:
            message = f"no risk asks for all {len(ids)} choices; {enough} would do, in too many ways to write down"
            self._notes.tell(f"{place}.criteria", message)
            enough = len(ids)
        ways = [" && ".join(way) for way in combinations(ids, enough)]
        condition = ways[0] if len(ways) == 1 else " || ".join(f"({way})" if " " in way else way for way in ways)
        rules = [{"condition": condition, "risk": "NO_RISK"}]
        if level is not None and level != self._lowest:
            return [*rules, {"condition": "default", "risk": "MEDIUM_RISK"}]
        if len(ids) > 1:
            rules.append({"condition": " || ".join(ids), "risk": "MEDIUM_RISK"})
        return [*rules, {"condition": "default", "risk": "HIGH_RISK"}]

    def _rated(self, criterion: Criterion, place: str) -> dict[str, Any]:
        """An anchored or open question: its answers are the choices, from the lowest to the highest."""
        notes = self._notes
        options = self._rubric.scale_of[criterion.id].options
        texts = list(criterion.anchors) or [option.label for option in options]
        own = self._named(criterion.id, place, suffix=f"_{criterion.kind}")
        stem = own.removesuffix(f"_{criterion.kind}")
        ids = [f"{stem[: LONGEST_ID - 10]}_answer_{index}" for index in range(len(texts))]
        question: dict[str, Any] = {
            "id": own,
            "title": notes.line(criterion.text, f"{place}.text", most=LONGEST_NAME),
        }
        if text := notes.paragraphs([criterion.help or ""], f"{place}.help", most=LONGEST_TEXT):
            question["description"] = text
        question["choices"] = [
            {
                "id": name,
                "title": notes.line(text, f"{place}.anchors[{index}]", most=LONGEST_NAME, kept="its helpful resource"),
                **({"helpfulResource": {"displayText": text}} if len(text) > LONGEST_NAME else {}),
                "improvementPlan": {"displayText": texts[min(index + 1, len(texts) - 1)]},
            }
            for index, (name, text) in enumerate(zip(ids, texts, strict=True))
        ]
        low, high = options[0].value, options[-1].value
        shares = [(option.value - low) / (high - low) for option in options]
        good = [name for name, share in zip(ids, shares, strict=True) if share >= _NO_RISK]
        fair = [name for name, share in zip(ids, shares, strict=True) if _MEDIUM_RISK <= share < _NO_RISK]
        question["riskRules"] = [
            {"condition": " || ".join(good), "risk": "NO_RISK"},
            *([{"condition": " || ".join(fair), "risk": "MEDIUM_RISK"}] if fair else []),
            {"condition": "default", "risk": "HIGH_RISK"},
        ]
        return question


def _count(dimension: Section, *, by_level: bool) -> int:
    """Count the questions that a dimension makes."""
    count = 0
    for section in dimension.walk():
        groups = Counter(item.level if by_level else None for item in section.criteria if item.kind == "statement")
        count += sum(ceil(size / (MOST_CHOICES - 1)) for size in groups.values())
        count += sum(item.kind != "statement" for item in section.criteria)
    return count
