"""What a plan leads to, and the phase each of its items is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from small_rubric import small
from test_plan_gaps import assessed

from mlops_widgets.library import load_rubric
from mlops_widgets.plan import forecast, phase_of

if TYPE_CHECKING:
    from mlops_widgets.rubric import Rubric
    from mlops_widgets.scoring import Score


def then(rubric: Rubric, items: dict[str, Any], answers: dict[str, Any], done: list[str] | None = None) -> Score:
    """The score once items are done."""
    plain = {name: {"title": name, **item} for name, item in items.items()}
    return forecast(rubric, assessed(rubric, answers, plan={"items": plain}), done=done)


def test_what_is_done_is_met() -> None:
    """All that is not dropped counts, or what is named; nothing that is not in the plan."""
    rubric = small()
    items = {"one1": {"criteria": ["data.a", "gone"]}, "two2": {"criteria": ["data.b"]},
             "old3": {"criteria": ["model.a"], "status": "dropped"}}  # fmt: skip
    assert then(rubric, items, {}).state == {
        "data.a": "met", "data.b": "met", "data.c": "open", "model.a": "open", "model.b": "open",
    }  # fmt: skip
    assert then(rubric, items, {}, ["two2", "old3", "none"]).state["data.a"] == "open"
    assert then(rubric, items, {}, ["two2"]).state["data.b"] == "met"


def test_shared_criterion_is_met_when_all_are_done() -> None:
    """A criterion that two items work on is not met by the first of them."""
    items = {"one1": {"criteria": ["data.a"]}, "two2": {"criteria": ["data.a"]}}
    assert then(small(), items, {}, ["one1"]).state["data.a"] == "open"
    assert then(small(), items, {}, ["one1", "two2"]).state["data.a"] == "met"


def test_question_stands_where_its_level_is_done() -> None:
    """An item of a level raises a question to the text of that level, and never lowers it."""
    rubric = load_rubric("mlops-questionnaire")
    items = {
        "one1": {"criteria": ["operations.cost"], "to_level": 1},
        "two2": {"criteria": ["operations.cost"], "to_level": 2},
    }

    def cost(now: str, done: list[str]) -> float | None:
        return then(rubric, items, {"operations.cost": now}, done)["operations"].value

    assert [cost("0", done) for done in ([], ["one1"], ["two2"], ["one1", "two2"])] == [0, 1, 0, 2]
    assert cost("3", ["one1", "two2"]) == 3


def test_what_does_not_apply_stays_so() -> None:
    """Work on what does not apply changes nothing; without a reason it counted as open."""
    items = {"one1": {"criteria": ["data.a"]}}
    assert then(small(), items, {"data.a": {"value": "na", "reason": "no data"}}).state["data.a"] == "na"
    assert then(small(), items, {"data.a": "na"}).state["data.a"] == "met"


@pytest.mark.parametrize(
    ("item", "phase"),
    [
        ({"due": "2027-02-28"}, "quick-wins"),
        ({"due": "2027-03-01"}, "foundation"),
        ({"start": "2027-06-01"}, "advanced"),
        ({"due": "2031-01-01"}, "advanced"),
        ({}, None),
    ],
)
def test_phase_is_that_of_the_due_date(item: dict[str, Any], phase: str | None) -> None:
    """Whole months from the start of the plan decide; what comes later still is in the last phase."""
    rubric = load_rubric("mlops-levels")
    plan = assessed(rubric, plan={"start": "2026-12-01", "items": {"one1": {"title": "One", **item}}}).plan
    found = phase_of(rubric, plan, plan.items["one1"])
    assert (found and found.id) == phase
    assert phase_of(small(), plan, plan.items["one1"]) is None
