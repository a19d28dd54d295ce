"""Rows of the store and what they say; that they come back from a database is the store's contract."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mlops_widgets.assessment import Answer, Assessment, AssessmentError, PlanItem
from mlops_widgets.event_rows import assessment_in, check, check_id, check_item_id, head_of, item_in, json_of, saved_in
from mlops_widgets.records import Saved, Unknown


@dataclass
class Kept:
    """A row, as a database gives it."""

    content: str
    kind: str = "answer"
    criterion: str | None = None
    seq: int = 1
    assessment: str = "demo"
    who: str = "Ana"
    at: str = "2026-11-20T10:00:00.000Z"
    kept: bool = True


def test_an_assessment_of_its_rows() -> None:
    """The head, the answers and the items that stand make an assessment; who waited for a lost item waits no more."""
    rubric = {"id": "mlops-levels", "version": "1.0"}
    head = Assessment.from_dict({"id": "demo", "rubric": rubric, "subject": "Churn", "date": "2026-11-20"})
    answer, item = Answer(value="yes"), PlanItem(title="Catalogue", after=("gone",))
    rows = [
        Kept(head_of(head)),
        Kept(json_of(answer.to_dict()), criterion="data.catalog"),
        Kept("{}", criterion="data.versioning"),
        Kept(json_of(item.to_dict()), kind="item", criterion="cata"),
        Kept("{}", kind="item", criterion="gone"),
    ]
    wanted = head.answered("data.catalog", answer).planned("cata", item.not_after("gone"))
    assert assessment_in(rows) == wanted


def test_what_stands_has_its_place() -> None:
    """An answer comes with who gave it and when; an item that was taken out is none."""
    row = Kept('{"value":"yes"}', criterion="data.catalog", seq=7)
    assert saved_in(row) == Saved(answer=Answer(value="yes"), seq=7, who="Ana", at="2026-11-20T10:00:00.000Z")
    assert item_in(Kept("{}", kind="item", criterion="cata")) is None


def test_names_that_are_none() -> None:
    """An id that cannot be is refused before a database is asked, and repeated in part only."""
    with pytest.raises(Unknown) as error:
        check_id("../" * 100)
    shown = repr("../" * 20)
    assert str(error.value) == f"{shown} is no id of an assessment: one has 4 to 32 small letters and digits"
    with pytest.raises(AssessmentError) as fault:
        check_item_id("A B")
    assert str(fault.value) == "item: should be 4 to 32 small letters and digits, not 'A B'"


def test_texts_no_database_can_keep() -> None:
    """What one database would refuse is refused for all, with every fault at once."""
    with pytest.raises(AssessmentError) as error:
        check(criterion="", who="x\0" * 101)
    assert str(error.value).split("\n") == [
        "who: is 202 characters long; the most is 200",
        "who: holds a character no database can keep; take it out",
        "criterion: is empty; write some text",
    ]
