"""A row of the store as what somebody said, and back again; and what no database can keep, refused before it is tried.

May not know how rows are kept.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pydantic import TypeAdapter, ValidationError

from mlops_widgets.assessment import Answer, Assessment, AssessmentError, AssessmentId, ItemId, PlanItem
from mlops_widgets.errors import Problem
from mlops_widgets.records import Saved, SavedItem, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "Kind",
    "Row",
    "answer_in",
    "assessment_in",
    "check",
    "check_id",
    "check_item_id",
    "head_of",
    "is_of",
    "item_in",
    "json_of",
    "origin_of",
    "saved_in",
    "saved_item_in",
]

Kind = Literal["answer", "item"]
"""What a row is about: a criterion or, where it names none, what stands beside the answers; or an item of the plan."""

_ID: TypeAdapter[str] = TypeAdapter(AssessmentId)
_ITEM_ID: TypeAdapter[str] = TypeAdapter(ItemId)
_MOST = {"criterion": 80, "who": 200}
"""Characters in a name; those of other texts are the assessment's to limit."""


class Row(Protocol):
    """An event as it is kept; the columns are told in `database`."""

    seq: int
    assessment: str
    kind: str
    criterion: str | None
    """Id of the criterion or the item; None for what stands beside the answers."""
    content: str
    who: str
    at: str
    kept: bool


def check(**texts: str) -> None:
    """Refuse before any SQL what one of the databases would refuse: both keep the same.

    Args:
        texts: what is to be kept, by column: `criterion` and `who`.

    Raises:
        AssessmentError: one is too long or empty, or holds a NUL or half a character.
    """
    problems = []
    for where, text in texts.items():
        most = _MOST[where]
        if len(text) > most:
            problems.append(Problem(where=where, message=f"is {len(text)} characters long; the most is {most}"))
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
            problems.append(Problem(where=where, message="holds a character no database can keep; take it out"))
    if not texts.get("criterion", "-"):
        problems.append(Problem(where="criterion", message="is empty; write some text"))
    if problems:
        raise AssessmentError(problems)


def check_id(assessment_id: str) -> None:
    """Refuse what cannot be the id of an assessment; raises Unknown, for there is none of that name."""
    try:
        _ID.validate_python(assessment_id)
    except ValidationError:
        raise Unknown(
            f"{str(assessment_id)[:60]!r} is no id of an assessment: one has 4 to 32 small letters and digits"
        ) from None


def check_item_id(item_id: str) -> None:
    """Refuse what cannot be the id of an item; raises AssessmentError."""
    try:
        _ITEM_ID.validate_python(item_id)
    except ValidationError:
        message = f"should be 4 to 32 small letters and digits, not {str(item_id)[:60]!r}"
        raise AssessmentError([Problem(where="item", message=message)]) from None


def json_of(data: Mapping[str, Any]) -> str:
    """Write the content of a row."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def head_of(assessment: Assessment) -> str:
    """Write everything but the answers and the items of the plan, in a form that is known to come back.

    Raises:
        AssessmentError: it would not.
    """
    plan = assessment.plan.model_copy(update={"items": {}})
    plain = assessment.model_copy(update={"answers": {}, "plan": plan}).to_dict()
    Assessment.from_dict(plain)
    return json_of(plain)


def assessment_in(rows: Sequence[Row]) -> Assessment:
    """Put an assessment together from the rows that stand: the head, its answers and its items."""
    contents = {(row.kind, row.criterion): json.loads(row.content) for row in rows}
    head = contents.pop(("answer", None))
    answers, items = (
        {name: content for (kind, name), content in contents.items() if kind == wanted and content}
        for wanted in ("answer", "item")
    )
    for item in items.values():
        if "after" in item:  # as when an item is taken out of a plan: nobody waits for it any more
            item["after"] = [name for name in item["after"] if name in items]
    return Assessment.model_validate({**head, "answers": answers, "plan": {**head.get("plan", {}), "items": items}})


def is_of(row: Row, kind: Kind) -> bool:
    """Whether a row is an answer to a criterion, or an item."""
    return row.criterion is not None and row.kind == kind


def origin_of(row: Row) -> dict[str, Any]:
    """Say where an event has its place, who caused it, when, and whether it came to stand."""
    return {name: getattr(row, name) for name in ("seq", "assessment", "who", "at", "kept")}


def answer_in(row: Row) -> Answer:
    """Read the answer of a row."""
    return Answer.model_validate_json(row.content)


def saved_in(row: Row) -> Saved:
    """Read the answer of a row that stands, with its place."""
    return Saved(answer=answer_in(row), seq=row.seq, who=row.who, at=row.at)


def item_in(row: Row) -> PlanItem | None:
    """Read the item of a row; None where it was taken out."""
    content = json.loads(row.content)
    return PlanItem.model_validate(content) if content else None


def saved_item_in(row: Row) -> SavedItem:
    """Read the item of a row that stands, with its place."""
    return SavedItem(item=item_in(row), seq=row.seq, who=row.who, at=row.at)
