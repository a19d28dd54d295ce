"""Answers to a rubric about one subject on one date, and what is planned from them; edits return copies.

May not know the clock, score, or read files.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from math import isnan
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.field_faults import problems_of
from mlops_widgets.rubric_checks import circles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlops_widgets.rubric import Rubric

__all__ = [
    "NOT_APPLICABLE",
    "Answer",
    "Assessment",
    "AssessmentError",
    "Budget",
    "Plan",
    "PlanItem",
    "RubricReference",
    "SuccessMetric",
    "allowed_values",
    "fitted",
    "plan_faults",
    "unanswered",
]

NOT_APPLICABLE = "na"
"""The answer that has no value: it leaves numerator and denominator, and needs a reason."""

_ID = r"^[a-z0-9]{4,32}$"
_DATE = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
_HASH = r"^[0-9a-f]{64}$"
_FORMS = {
    _ID: "4 to 32 small letters and digits",
    _DATE: "a date, like '2026-11-20'",
    _HASH: "a SHA-256: 64 digits from 0 to f",
}

AssessmentId = Annotated[str, Field(pattern=_ID)]
"""Opaque: it goes into addresses and file names, so nothing but letters and digits."""

ItemId = Annotated[str, Field(pattern=_ID)]
"""Opaque, like the id of an assessment."""


def _on_the_calendar(day: str) -> str:
    try:
        date.fromisoformat(day)
    except ValueError:
        raise ValueError("should be a day of the calendar") from None
    return day


def _a_number(value: float) -> float:
    if isnan(value):
        raise ValueError("should be a number")
    return value


Date = Annotated[str, Field(pattern=_DATE), AfterValidator(_on_the_calendar)]
"""A day, as ISO 8601 has it: 2026-11-20."""

CriterionId = Annotated[str, Field(max_length=80)]


class AssessmentError(ToolkitError):
    """An assessment that cannot be used as it stands, with every fault found in it."""


def _described(schema: dict[str, Any]) -> None:
    """Leave of a docstring what an editor shows beside a field: not its examples."""
    schema["description"] = schema["description"].partition("\n\n")[0]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_described)


class Answer(_Part):
    """What was answered to one criterion, and why.

    >>> Answer(value="yes", note="since May").to_dict()
    {'value': 'yes', 'note': 'since May'}
    """

    value: Annotated[str, Field(max_length=80)] | None = None
    """Id of the option chosen, `na` for not applicable, or None while it is open."""
    note: Annotated[str, Field(max_length=4000)] = ""
    evidence: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=500)], ...], Field(max_length=20)] = ()
    confidence: Annotated[int, Field(ge=1, le=5)] | None = None
    reason: Annotated[str, Field(max_length=1000)] = ""
    """Why the criterion does not apply; without it, not applicable counts as open."""

    @field_validator("value", mode="before")
    @classmethod
    def _as_written(cls, value: object) -> object:
        """Take 2 for '2' and true for 'yes', as people write them in a file."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return str(value) if isinstance(value, int) else value

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was said."""
        return self == Answer()

    def to_dict(self) -> dict[str, Any]:
        """Give the answer as plain data, without what was left empty."""
        return self.model_dump(mode="json", exclude_defaults=True)


class RubricReference(_Part):
    """Which rubric was answered, and what it said at the time."""

    id: Annotated[str, Field(max_length=80)]
    version: Annotated[str, Field(max_length=20)]
    hash: Annotated[str, Field(pattern=_HASH)] | None = None


class PlanItem(_Part):
    """One thing to do, and who does it by when.

    >>> PlanItem(title="Deploy from a pipeline", criteria=("deploy.automated",), effort=4).to_dict()
    {'title': 'Deploy from a pipeline', 'criteria': ['deploy.automated'], 'effort': 4.0}
    """

    title: Annotated[str, Field(min_length=1, max_length=200)]
    criteria: Annotated[tuple[CriterionId, ...], Field(max_length=60)] = ()
    """Criteria that are met once it, and any other item that names them, is done."""
    to_level: Annotated[int, Field(ge=0, le=9)] | None = None
    """The level whose text describes the work then, for questions with a text for each level; the highest when left
    out."""
    initiative: Annotated[str, Field(max_length=80)] = ""
    """Id of the rubric's initiative it came from."""
    owner: Annotated[str, Field(max_length=200)] = ""
    effort: Annotated[float, Field(gt=0, le=500, allow_inf_nan=False)] | None = None
    """Person-weeks."""
    start: Date | None = None
    due: Date | None = None
    status: Literal["planned", "doing", "blocked", "done", "dropped"] = "planned"
    blocker: Annotated[str, Field(max_length=1000)] = ""
    """What stands in its way."""
    after: Annotated[tuple[ItemId, ...], Field(max_length=60)] = ()
    """Items that have to be done first."""
    note: Annotated[str, Field(max_length=4000)] = ""
    rank: Annotated[float, Field(allow_inf_nan=False)] = 0
    """Its place in the plan: items with a lower one come first."""

    def to_dict(self) -> dict[str, Any]:
        """Give the item as plain data, without what was left empty."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def not_after(self, item_id: str) -> PlanItem:
        """Copy that does not wait for another item."""
        if item_id not in self.after:
            return self
        return self.model_copy(update={"after": tuple(name for name in self.after if name != item_id)})


class SuccessMetric(_Part):
    """A number that shows whether the plan works: where it is and where it is to go, as people write it."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    current: Annotated[str, Field(max_length=200)] = ""
    target: Annotated[str, Field(max_length=200)] = ""


class Budget(_Part):
    """What the plan may cost, as people write it: '2,000 USD a month', '1.5 people'."""

    infrastructure: Annotated[str, Field(max_length=200)] = ""
    tools: Annotated[str, Field(max_length=200)] = ""
    people: Annotated[str, Field(max_length=200)] = ""


class Plan(_Part):
    """What is to be done so that the targets are met."""

    owner: Annotated[str, Field(max_length=200)] = ""
    start: Date | None = None
    capacity: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] | None = None
    """Person-weeks a week: how many people work on it at a time."""
    efforts: dict[CriterionId, Annotated[float, Field(gt=0, le=500, allow_inf_nan=False)]] = {}
    """Person-weeks by criterion, where the team knows better than the rubric."""
    metrics: Annotated[tuple[SuccessMetric, ...], Field(max_length=20)] = ()
    budget: Budget = Budget()
    items: dict[ItemId, PlanItem] = {}

    def ordered(self) -> list[tuple[str, PlanItem]]:
        """List the items with their ids, in the order of the plan."""
        return sorted(self.items.items(), key=lambda pair: (pair[1].rank, pair[0]))

    def before(self, item: PlanItem) -> list[PlanItem]:
        """List what comes before an item: nothing waits for what was dropped."""
        named = (self.items.get(name) for name in item.after)
        return [other for other in named if other and other.status != "dropped"]


class Assessment(_Part):
    """One rubric applied to one subject on a date.

    Build one with `Assessment.from_dict`, or read a file; edits return copies.

    >>> churn = Assessment.from_dict({"id": "churn26q4", "subject": "Churn model", "date": "2026-11-20",
    ...     "rubric": {"id": "mlops-levels", "version": "1.0"}, "answers": {"data.catalog": "yes"}})
    >>> churn.answers["data.catalog"].value
    'yes'
    """

    format: Literal[1] = 1
    id: AssessmentId
    rubric: RubricReference
    subject: Annotated[str, Field(min_length=1, max_length=200)]
    date: Date
    assessor: Annotated[str, Field(max_length=200)] = ""
    profile: tuple[Annotated[str, Field(max_length=80)], ...] = ()
    """Options of the rubric's facets that hold for the subject."""
    targets: dict[Annotated[str, Field(max_length=80)], Annotated[float, AfterValidator(_a_number)]] = {}
    """Wanted level by section id; `overall` for the whole."""
    targets_by: Date | None = None
    """Day by which the targets are to be met."""
    answers: dict[Annotated[str, Field(max_length=80)], Answer] = {}
    """The agreed answers by criterion id."""
    unmatched: dict[Annotated[str, Field(max_length=80)], Answer] = {}
    """Answers to criteria this version of the rubric no longer has: kept, never scored."""
    plan: Plan = Plan()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Show in a notebook what this is, not all that is in it."""
        given = sum(answer.value is not None for answer in self.answers.values())
        what = f"{self.subject}, {self.date}, {given} answers"
        return {"text/plain": f"<Assessment {self.id} by {self.rubric.id}: {what}>"}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Assessment:
        """Build an assessment from plain data.

        An answer may be written short, as its value alone.

        Raises:
            AssessmentError: with every fault and its path.

        >>> Assessment.from_dict({"id": "demo", "rubric": {"id": "mlops-levels", "version": "1.0"},
        ...     "subject": "Churn model", "date": "2026-11-20", "answers": {"data.catalog": "yes"}}).answers
        {'data.catalog': Answer(value='yes', note='', evidence=(), confidence=None, reason='')}
        """
        if not hasattr(data, "items"):
            raise AssessmentError([Problem(where="", message="an assessment is a mapping with a rubric and answers")])
        plain = dict(data)
        for key in ("answers", "unmatched"):
            if isinstance(plain.get(key), dict):
                plain[key] = {
                    name: answer if isinstance(answer, dict) else {"value": answer}
                    for name, answer in plain[key].items()
                }
        try:
            return cls.model_validate(plain)
        except ValidationError as error:
            raise AssessmentError(problems_of(error, forms=_FORMS)) from None

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """Give the JSON schema of an assessment file; an answer may be written short there, as its value alone."""
        schema = Assessment.model_json_schema()
        short = [{"type": kind} for kind in ("string", "integer", "boolean", "null")]
        for name in ("answers", "unmatched"):
            whole = schema["properties"][name]["additionalProperties"]
            schema["properties"][name]["additionalProperties"] = {"anyOf": [whole, *short]}
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

    def to_dict(self) -> dict[str, Any]:
        """Give the assessment as plain data, in the order a person would write it."""
        return {"format": 1, **self.model_dump(mode="json", exclude_defaults=True)}

    def answered(self, criterion: str, answer: Answer) -> Assessment:
        """Copy with one answer given, changed or, when it is empty, taken back."""
        answers = {**self.answers, criterion: answer}
        if answer.is_empty:
            del answers[criterion]
        return self.model_copy(update={"answers": answers})

    def planned(self, item_id: str, item: PlanItem | None) -> Assessment:
        """Copy with one item of the plan added or changed or, when it is None, taken out."""
        items = dict(self.plan.items)
        if item is not None:
            items[item_id] = item
        elif items.pop(item_id, None) is not None:
            items = {name: each.not_after(item_id) for name, each in items.items()}
        return self.model_copy(update={"plan": self.plan.model_copy(update={"items": items})})

    @property
    def content_hash(self) -> str:
        """SHA-256 of the data, the same whatever the order the answers were given in."""
        canonical = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def unanswered(rubric: Rubric, *, new_id: str, date: str) -> Assessment:
    """Begin an assessment of a rubric: it has the rubric's title for a subject, and no answers."""
    reference = RubricReference(id=rubric.id, version=rubric.version, hash=rubric.content_hash)
    return Assessment(id=new_id, rubric=reference, subject=rubric.title, date=date)


def fitted(assessment: Assessment, rubric: Rubric) -> Assessment:
    """Match an assessment to a rubric by criterion id; what has no counterpart is kept as unmatched.

    Answers to another version of the rubric that are no option any more are kept as unmatched too; a profile, target
    or effort that version had and this one has not is left out. Items of the plan keep the criteria they had: what is
    unknown here is kept and never scored.

    Raises:
        AssessmentError: of an assessment of this very version, an answer is no option of its criterion's scale, or a
            facet option, section or criterion of the plan is unknown.
    """
    known = rubric.criteria.keys() | rubric.descriptors.keys()

    def fits(name: str, answer: Answer) -> bool:
        return name in known and (answer.value is None or answer.value in allowed_values(rubric, name))

    given = assessment.rubric
    other_version = given.version != rubric.version or given.hash not in (None, rubric.content_hash)
    if other_version and given.id == rubric.id:
        options, sections = _options(rubric), _sections(rubric)
        assessment = assessment.model_copy(
            update={
                "answers": {name: answer for name, answer in assessment.answers.items() if fits(name, answer)},
                "unmatched": assessment.unmatched
                | {name: answer for name, answer in assessment.answers.items() if not fits(name, answer)},
                "profile": tuple(name for name in assessment.profile if name in options),
                "targets": {name: target for name, target in assessment.targets.items() if name in sections},
                "plan": assessment.plan.model_copy(
                    update={
                        "efforts": {
                            name: effort for name, effort in assessment.plan.efforts.items() if name in rubric.criteria
                        }
                    }
                ),
            }
        )
    returned = {name: answer for name, answer in assessment.unmatched.items() if fits(name, answer)}
    answers = {**returned, **{name: answer for name, answer in assessment.answers.items() if name in known}}
    problems = list(_faults(assessment, answers, rubric))
    if not other_version and given.id == rubric.id:
        problems += _unknown_in_plan(assessment.plan, rubric)
    if problems:
        raise AssessmentError(problems)
    everything = {**assessment.unmatched, **assessment.answers}
    return assessment.model_copy(
        update={
            "answers": answers,
            "unmatched": {name: answer for name, answer in everything.items() if name not in answers},
            "rubric": RubricReference(id=rubric.id, version=rubric.version, hash=rubric.content_hash),
        }
    )


def _options(rubric: Rubric) -> set[str]:
    return {option.id for facet in rubric.facets for option in facet.options}


def _sections(rubric: Rubric) -> set[str]:
    return {"overall", *(section.id for section in rubric.walk())}


def plan_faults(plan: Plan, rubric: Rubric | None = None) -> Iterator[Problem]:
    """Tell what cannot be right in a plan: unknown names, items that wait for each other, days that run backwards.

    Args:
        plan: the plan.
        rubric: what has its criteria; left out for the plan of another version, whose criteria are history.
    """
    if rubric is not None:
        yield from _unknown_in_plan(plan, rubric)
    for name, item in plan.items.items():
        for index, first in enumerate(item.after):
            if first not in plan.items:
                yield Problem(where=f"plan.items.{name}.after[{index}]", message=f"{first!r} is no item of this plan")
        if item.start and item.due and item.due < item.start:
            message = f"is {item.due}, before the start on {item.start}"
            yield Problem(where=f"plan.items.{name}.due", message=message)
    for name, circle in circles({name: item.after for name, item in plan.items.items()}):
        way = " -> ".join(circle)
        message = f"goes round in a circle: {way}; take one of them out"
        yield Problem(where=f"plan.items.{name}.after", message=message)


def _unknown_in_plan(plan: Plan, rubric: Rubric) -> Iterator[Problem]:
    named = [(f"plan.efforts.{name}", name) for name in plan.efforts]
    for own, item in plan.items.items():
        named += [(f"plan.items.{own}.criteria[{index}]", name) for index, name in enumerate(item.criteria)]
    for where, name in named:
        if name not in rubric.criteria:
            yield Problem(where=where, message=f"{name!r} is no criterion of {rubric.id} {rubric.version}")


def allowed_values(rubric: Rubric, criterion: str) -> tuple[str, ...]:
    """List the values an answer to a criterion or descriptor may have."""
    if criterion in rubric.descriptors:
        return ("yes",)
    return (*(option.id for option in rubric.scale_of[criterion].options), NOT_APPLICABLE)


def _faults(assessment: Assessment, answers: Mapping[str, Answer], rubric: Rubric) -> Iterator[Problem]:
    if assessment.rubric.id != rubric.id:
        yield Problem(where="rubric.id", message=f"is {assessment.rubric.id!r}, but the rubric given is {rubric.id!r}")
    for name, answer in answers.items():
        allowed = allowed_values(rubric, name)
        if answer.value is not None and answer.value not in allowed:
            yield Problem(where=f"answers.{name}.value", message=f"{answer.value!r} is not one of {', '.join(allowed)}")
    options = _options(rubric)
    for index, name in enumerate(assessment.profile):
        if name not in options:
            yield Problem(
                where=f"profile[{index}]", message=f"{name!r} is not one of {', '.join(sorted(options)) or 'none'}"
            )
    for name in assessment.targets:
        if name not in _sections(rubric):
            yield Problem(where=f"targets.{name}", message="is no section of this rubric")
