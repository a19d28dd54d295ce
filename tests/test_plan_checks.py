"""What does not fit in a plan."""

from __future__ import annotations

from typing import Any

from test_plan_gaps import assessed

from mlops_widgets.assessment import Plan
from mlops_widgets.library import load_rubric
from mlops_widgets.plan_checks import check_plan, late

RUBRIC = load_rubric("mlops-levels")


def told(items: dict[str, Any], *, targets_by: str | None = None, **fields: Any) -> list[str]:
    """Everything there is to say about a plan."""
    named = {name: {"title": name.title(), **item} for name, item in items.items()}
    plan = Plan.model_validate({"items": named, **fields})
    return [str(problem) for problem in check_plan(plan, RUBRIC, targets_by=targets_by)]


def test_good_plan() -> None:
    """Nothing is said of a plan that fits together."""
    items = {
        "first": {"criteria": ["data.catalog"], "start": "2026-12-01", "due": "2026-12-04", "status": "done"},
        "then": {"start": "2026-12-02", "due": "2026-12-11", "after": ["first"], "status": "done"},
        "gone": {"after": ["then"], "due": "2030-01-01", "status": "dropped"},
    }
    assert told(items, targets_by="2026-12-11") == []


def test_names_nobody_knows() -> None:
    """A criterion, an effort or an item that does not exist is named with its place."""
    items = {"first": {"criteria": ["data.catalogue"], "after": ["gone"]}}
    assert told(items, efforts={"nothing": 1}) == [
        "plan.efforts.nothing: 'nothing' is no criterion of mlops-levels 1.0",
        "plan.items.first.criteria[0]: 'data.catalogue' is no criterion of mlops-levels 1.0",
        "plan.items.first.after[0]: 'gone' is no item of this plan",
    ]


def test_circle() -> None:
    """Items that wait for each other are named all the way round, once."""
    items = {
        "aaaa": {"after": ["bbbb"]},
        "bbbb": {"after": ["cccc"]},
        "cccc": {"after": ["aaaa"]},
        "self": {"after": ["self"]},
    }
    assert told(items) == [
        "plan.items.cccc.after: goes round in a circle: aaaa -> bbbb -> cccc -> aaaa; take one of them out",
        "plan.items.self.after: goes round in a circle: self -> self; take one of them out",
    ]


def test_days_in_the_wrong_order() -> None:
    """Due before its start, started before what comes first is due, due after the day of the targets."""
    items = {
        "first": {"start": "2026-12-08", "due": "2026-12-04"},
        "then": {"start": "2026-12-04", "due": "2027-01-08", "after": ["first"]},
    }
    assert told(items, targets_by="2026-12-31") == [
        "plan.items.first.due: is 2026-12-04, before the start on 2026-12-08",
        "plan.items.then.start: is 2026-12-04, but 'First' comes first and is due on 2026-12-04",
        "plan.items.then.due: is 2027-01-08; the targets are to be met by 2026-12-31",
    ]


def test_done_too_early() -> None:
    """An item that is done while what comes first is not makes one of the two a slip."""
    assert told({"first": {}, "then": {"after": ["first"], "status": "done"}}) == [
        "plan.items.then.after[0]: 'First' comes first and is not done, but this is"
    ]


def test_late() -> None:
    """Late is what is still to be done and due after the day of the targets, in the order of the plan."""
    days = {"due": "2027-01-01"}
    items = {"late": {"title": "Late", "rank": 2, **days}, "also": {"title": "Also", "rank": 1, **days},
             "done": {"title": "Done", "status": "done", **days}, "free": {"title": "Free"}}  # fmt: skip
    assert late(assessed(RUBRIC, targets_by="2026-12-31", plan={"items": items})) == ("also", "late")
    assert late(assessed(RUBRIC, plan={"items": items})) == ()
