"""The score of one assessment with its reasons: what is met, what blocks the next level, what does not fit.

Numbers come from the engine alone; findings are data, the words for them belong to whoever shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import isnan
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mlops_widgets.assessment import NOT_APPLICABLE, Answer, Assessment
from mlops_widgets.engine import (
    CODE_NOT_APPLICABLE,
    CODE_OPEN,
    DIGITS,
    Engine,
    Scores,
    codes_of,
    engine,
    score_many,
)
from mlops_widgets.next_level import NextLevel, Ways

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mlops_widgets.rubric import Rubric
    from mlops_widgets.rubric_arrays import Codes

__all__ = ["Completion", "Finding", "NextLevel", "Score", "Scores", "SectionScore", "score", "score_many"]

Kind = Literal["blocking", "contradictory", "implied", "unanswered", "out_of_order", "unassigned", "reason_missing"]

OVERALL = "overall"
"""Name of the whole among the section ids."""

_NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What a score says about criteria.

    Attributes:
        kind: `blocking`: stands between the whole and its next level. `contradictory`: two answers that cannot both
            hold. `implied`: counted as a yes because another says so. `unanswered`: open. `out_of_order`: a higher
            level is complete and a lower one is not. `unassigned`: the value lies in no band.
            `reason_missing`: not applicable without a reason, so it counts as open.
        section: id of the section it is about, or `overall`.
        criteria: ids concerned, the one to act on first.
        level: the level concerned, where there is one.
    """

    kind: Kind
    section: str
    criteria: tuple[str, ...] = ()
    level: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Completion:
    """How far a level is: criteria met (partly counts in part) of those that apply.

    Attributes:
        level: number of the level.
        met: criteria met.
        met_high: criteria met if every open one were.
        of: criteria that apply; a level of none is passed through.
        needed: share that must be met.
    """

    level: int
    met: float
    met_high: float
    of: int
    needed: float

    @property
    def share(self) -> float | None:
        """Part of the level that is met, 0 to 1; None where nothing applies."""
        return self.met / self.of if self.of else None

    @property
    def holds(self) -> bool:
        """Whether enough of the level's criteria are met, whatever the levels below; never where nothing applies."""
        return self.of > 0 and self.met >= round(self.needed * self.of, DIGITS)

    @property
    def share_high(self) -> float | None:
        """The same if every open criterion were met."""
        return self.met_high / self.of if self.of else None


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionScore:
    """The score of a section, or of the whole.

    Attributes:
        id: the section's id; `overall` for the whole.
        title: its name.
        label: its short name.
        depth: 0 for the whole, 1 for a dimension.
        counted: whether it counts in the section above.
        value: the score; None where nothing applies.
        low: the score if every open criterion got its lowest answer.
        high: the score if every open criterion got its highest answer.
        minimum: the lowest value it can have.
        maximum: the highest value it can have.
        applicable: how many criteria apply.
        answered: how many of those are answered.
        level: the level reached; None where it has none.
        level_low: the level at `low`.
        level_high: the level at `high`.
        completion: how far each level is, for rubrics with gates.
        next: the way to its next level; None at the top, or where there are no levels or nothing applies.
    """

    id: str
    title: str
    label: str
    depth: int
    counted: bool
    value: float | None
    low: float | None
    high: float | None
    minimum: float
    maximum: float
    applicable: int
    answered: int
    level: int | None = None
    level_low: int | None = None
    level_high: int | None = None
    completion: tuple[Completion, ...] = ()
    next: NextLevel | None = None

    @property
    def share(self) -> float | None:
        """Value as a part of its range, 0 to 1."""
        return _share(self.value, self.minimum, self.maximum)

    def position(self, which: Literal["value", "low", "high"] = "value") -> float | None:
        """Place on the axis that charts use: levels where gates decide, the value itself elsewhere.

        Level 1 with half of what level 2 needs is 1.5; it becomes 2 just when the level is reached.
        """
        if not self.completion:
            return {"value": self.value, "low": self.low, "high": self.high}[which]
        level = self.level_high if which == "high" else self.level
        if level is None:
            return None
        for step in self.completion:
            share = step.share_high if which == "high" else step.share
            if step.level > level and share is not None:
                return level + min(share / step.needed, 0.999)
        return float(level)


@dataclass(frozen=True, kw_only=True)
class Score:
    """What the answers to a rubric come to.

    Attributes:
        rubric: what was asked.
        overall: the whole.
        sections: every section, parents before children, in the order they are read.
        findings: what there is to say about single criteria.
        state: for each criterion `met`, `short`, `open` or `na`.
    """

    rubric: Rubric
    overall: SectionScore
    sections: tuple[SectionScore, ...]
    findings: tuple[Finding, ...]
    state: Mapping[str, str]

    @property
    def value(self) -> float | None:
        """The score; None where nothing applies."""
        return self.overall.value

    @property
    def low(self) -> float | None:
        """The score if every open criterion got its lowest answer."""
        return self.overall.low

    @property
    def high(self) -> float | None:
        """The score if every open criterion got its highest answer."""
        return self.overall.high

    @property
    def level(self) -> int | None:
        """The level reached."""
        return self.overall.level

    @property
    def answered(self) -> float:
        """Share of the applicable criteria that is answered, 0 to 1."""
        return self.overall.answered / self.overall.applicable if self.overall.applicable else 1.0

    @property
    def is_final(self) -> bool:
        """Whether nothing is open."""
        return self.overall.answered == self.overall.applicable

    @property
    def dimensions(self) -> tuple[SectionScore, ...]:
        """The top-level sections."""
        return tuple(section for section in self.sections if section.depth == 1)

    def __getitem__(self, section: str) -> SectionScore:
        """Find a section by its id, or the whole as `overall`."""
        if section == OVERALL:
            return self.overall
        for part in self.sections:
            if part.id == section:
                return part
        raise KeyError(section)

    def found(self, kind: Kind) -> tuple[Finding, ...]:
        """Findings of one kind."""
        return tuple(finding for finding in self.findings if finding.kind == kind)

    def to_dict(self) -> dict[str, Any]:
        """Give the score as plain data for other tools."""
        return {
            "rubric": {"id": self.rubric.id, "version": self.rubric.version, "hash": self.rubric.content_hash},
            "overall": _plain_section(self.overall),
            "sections": [_plain_section(section) for section in self.sections],
            "findings": [
                {
                    "kind": finding.kind,
                    "section": finding.section,
                    "level": finding.level,
                    "criteria": list(finding.criteria),
                }
                for finding in self.findings
            ],
        }

    def __repr__(self) -> str:
        """Say level, value and what is open, the same on every machine."""
        level = "no level" if self.level is None else f"level {self.level}"
        value = "no value" if self.value is None else f"{self.value:g}"
        answered = f"{self.overall.answered} of {self.overall.applicable} answered"
        return f"<Score {self.rubric.id}: {level}, {value}, {answered}>"

    def _repr_html_(self) -> str:
        """Show a small table in a notebook."""
        rows = "".join(
            f"<tr><th scope='row' style='text-align:left'>{escape(part.title)}</th>"
            f"<td>{_NOTHING if part.level is None else part.level}</td><td>{_interval(part)}</td>"
            f"<td>{part.answered} / {part.applicable}</td></tr>"
            for part in (self.overall, *self.dimensions)
        )
        return (
            "<table><caption style='text-align:left'>"
            f"{escape(self.rubric.title)} {escape(self.rubric.version)}</caption>"
            "<thead><tr><td></td><th scope='col'>Level</th><th scope='col'>Score</th><th scope='col'>Answered</th></tr>"
            f"</thead><tbody>{rows}</tbody></table>"
        )


def score(
    rubric: Rubric, answers: Assessment | Mapping[str, Answer | str], *, profile: Iterable[str] | None = None
) -> Score:
    """Score one assessment, with its findings: a matrix of one row through the same engine.

    Args:
        rubric: what was asked.
        answers: an assessment, or answers by criterion id.
        profile: facet options that hold; those of the assessment when left out.

    Raises:
        ValueError: an answer is no option of its criterion, or answers by id name what is no criterion. An
            assessment may have those: answers to another version of its rubric.

    >>> from mlops_widgets.library import load_rubric
    >>> rubric = load_rubric("mlops-questionnaire")
    >>> score(rubric, {name: "2" for name in rubric.criteria})
    <Score mlops-questionnaire: level 2, 2, 15 of 15 answered>
    """
    if profile is None:
        profile = answers.profile if isinstance(answers, Assessment) else ()
    compiled, given = engine(rubric), answers.answers if isinstance(answers, Assessment) else answers
    for name in () if isinstance(answers, Assessment) else given:
        if name not in rubric.criteria and name not in rubric.descriptors:
            raise ValueError(f"{name!r} is no criterion of {rubric.id}")
    own = codes_of(rubric, given)
    own[compiled.outside(profile)] = CODE_NOT_APPLICABLE
    row = compiled.effective(own[np.newaxis])
    scores, codes = compiled.score(row), row[0]
    ways = Ways(compiled, codes, scores)
    sections = tuple(_section(compiled, scores, index, ways) for index in range(len(compiled.nodes)))
    state = dict(zip(compiled.ids, (_state(compiled, column, code) for column, code in enumerate(codes)), strict=True))
    return Score(
        rubric=rubric,
        overall=sections[0],
        sections=sections[1:],
        findings=tuple(_findings(compiled, given, own, codes, sections)),
        state=state,
    )


def _state(compiled: Engine, column: int, code: int) -> str:
    if code < 0:
        return "na" if code == CODE_NOT_APPLICABLE else "open"
    return "met" if code >= compiled.met[column] else "short"


def _section(compiled: Engine, scores: Scores, index: int, ways: Ways) -> SectionScore:
    node, section = compiled.nodes[index], compiled.nodes[index].section
    minimum, maximum = compiled.range
    head = compiled.heads.index(index) if index in compiled.heads else None
    levels: dict[str, Any] = {}
    if head is not None and compiled.levels:
        levels = {
            "level": _level(scores.level[0, head]),
            "level_low": _level(scores.level_low[0, head]),
            "level_high": _level(scores.level_high[0, head]),
            "next": ways.to_next(head),
        }
        if compiled.gated:
            levels["completion"] = tuple(
                Completion(
                    level=number,
                    met=round(float(scores.met[0, head, position]), DIGITS),
                    met_high=round(float(scores.met_high[0, head, position]), DIGITS),
                    of=int(scores.of[0, head, position]),
                    needed=float(compiled.threshold),
                )
                for position, number in enumerate(compiled.levels)
                if number != compiled.levels[0]
            )
    return SectionScore(
        id=section.id if section else OVERALL,
        title=section.title if section else compiled.rubric.title,
        label=section.label if section else compiled.rubric.title,
        depth=node.depth,
        counted=bool(node.weight),
        value=_number(scores.value[0, index]),
        low=_number(scores.low[0, index]),
        high=_number(scores.high[0, index]),
        minimum=float(minimum[index]),
        maximum=float(maximum[index]),
        applicable=int(scores.applicable[0, index]),
        answered=int(scores.answered[0, index]),
        **levels,
    )


def _number(value: float) -> float | None:
    return None if isnan(value) else float(value)


def _level(value: int) -> int | None:
    return None if value < 0 else int(value)


def _share(value: float | None, minimum: float, maximum: float) -> float | None:
    return None if value is None or maximum == minimum else (value - minimum) / (maximum - minimum)


def _interval(part: SectionScore) -> str:
    if part.value is None:
        return _NOTHING
    if part.low == part.high:
        return f"{part.value:.2f}"
    return f"{part.value:.2f} ({part.low:.2f} to {part.high:.2f})"


_PLAIN = (
    *("id", "title", "counted", "value", "low", "high", "minimum", "maximum"),
    *("applicable", "answered", "level", "level_low", "level_high"),
)


def _plain_section(part: SectionScore) -> dict[str, Any]:
    plain = {name: getattr(part, name) for name in _PLAIN}
    plain["completion"] = [
        {"level": step.level, "met": step.met, "met_high": step.met_high, "of": step.of, "needed": step.needed}
        for step in part.completion
    ]
    way = part.next
    plain["next"] = way and {"level": way.level, "blocking": list(way.blocking), "smallest": list(way.smallest)}
    return plain


def _findings(
    compiled: Engine,
    answers: Mapping[str, Answer | str],
    own: Codes,
    codes: Codes,
    sections: tuple[SectionScore, ...],
) -> Iterator[Finding]:
    """Tell what there is to say; `own` are the answers given, `codes` those with what they imply."""
    overall = sections[0]
    if overall.next is not None:
        yield Finding(kind="blocking", section=overall.id, criteria=overall.next.blocking, level=overall.next.level)
    yield from _contradictions(compiled, answers, own, codes)
    yield from _implied(compiled, own, codes)
    yield from _unanswered(compiled, answers, own, codes)
    for part in sections:
        if part.depth <= 1:
            yield from _levels_that_do_not_fit(compiled, part)


def _contradictions(
    compiled: Engine, answers: Mapping[str, Answer | str], own: Codes, codes: Codes
) -> Iterator[Finding]:
    rubric = compiled.rubric
    for source, target in compiled.implications:
        if own[source] >= compiled.met[source] and own[target] == 0:
            names = compiled.ids[target], compiled.ids[source]
            yield Finding(kind="contradictory", section=rubric.dimension_of[names[0]].id, criteria=names)
    for name, descriptor in rubric.descriptors.items():
        answer = answers.get(name)
        ticked = answer.value if isinstance(answer, Answer) else answer
        columns = [compiled.column[opposite] for opposite in descriptor.opposite]
        met = [compiled.ids[column] for column in columns if codes[column] >= compiled.met[column]]
        if ticked == "yes" and met:
            yield Finding(kind="contradictory", section=rubric.dimension_of[name].id, criteria=(name, *met))


def _implied(compiled: Engine, own: Codes, codes: Codes) -> Iterator[Finding]:
    for target, name in enumerate(compiled.ids):
        if own[target] == CODE_OPEN and codes[target] != CODE_OPEN:
            sources = (
                compiled.ids[source]
                for source, implied in compiled.implications
                if implied == target and own[source] >= compiled.met[source]
            )
            section = compiled.rubric.dimension_of[name].id
            yield Finding(kind="implied", section=section, criteria=(name, *sources))


def _unanswered(compiled: Engine, answers: Mapping[str, Answer | str], own: Codes, codes: Codes) -> Iterator[Finding]:
    dimension_of = compiled.rubric.dimension_of
    still_open: dict[str, list[str]] = {}
    for name, code in zip(compiled.ids, codes, strict=True):
        if code == CODE_OPEN:
            still_open.setdefault(dimension_of[name].id, []).append(name)
    for section, names in still_open.items():
        yield Finding(kind="unanswered", section=section, criteria=tuple(names))
    for name, code in zip(compiled.ids, own, strict=True):
        answer = answers.get(name)
        if code == CODE_OPEN and isinstance(answer, Answer) and answer.value == NOT_APPLICABLE:
            yield Finding(kind="reason_missing", section=dimension_of[name].id, criteria=(name,))


def _levels_that_do_not_fit(compiled: Engine, part: SectionScore) -> Iterator[Finding]:
    if part.level is None:
        # Under a sum a dimension has no level of its own.
        if compiled.bands and part.value is not None and (not part.depth or compiled.rubric.scoring.combine != "sum"):
            yield Finding(kind="unassigned", section=part.id)
        return
    for step in part.completion:
        if step.level > part.level and step.holds:
            yield Finding(kind="out_of_order", section=part.id, level=step.level)
