"""The criteria that close the gaps, in the order in which to take them."""

from __future__ import annotations

from typing import Any

import pytest
from small_rubric import small, tree
from test_plan_gaps import assessed

from mlops_widgets.library import load_rubric
from mlops_widgets.plan_steps import in_order, steps


def efforts(*weeks: float | None) -> dict[str, Any]:
    """Efforts for the criteria of the small rubric, in the order they are read."""
    places = ["0.criteria.0", "0.criteria.1", "0.criteria.2", "1.criteria.0", "1.criteria.1"]
    return {f"sections.{place}.effort": week for place, week in zip(places, weeks, strict=False) if week}


def test_most_value_for_the_effort_comes_first() -> None:
    """Value is a share of the way, the ratio is per person-week, and what has no effort comes last."""
    rubric = small(efforts(3, 1))
    ranked = steps(rubric, assessed(rubric))
    assert [(step.criterion, step.effort, step.rank) for step in ranked] == [
        ("data.b", 1, 1), ("data.a", 3, 2), ("model.a", None, 3),
    ]  # fmt: skip
    # Level 1 asks for 80 % of 3 criteria, which is 2.4: the first gives 1 of it, the last 0.4.
    assert [step.value for step in ranked] == [pytest.approx((1 + 0.4) / 2 / 2.4)] * 3
    assert ranked[0].ratio == pytest.approx(ranked[0].value)
    assert ranked[2].ratio is None


def test_what_closes_two_gaps_is_worth_more() -> None:
    """A criterion of a dimension with a target of its own counts for the whole and for that."""
    rubric = small(efforts(1, 1, 1, 1))
    ranked = steps(rubric, assessed(rubric, targets={"overall": 1, "model": 1}))
    assert (ranked[0].criterion, ranked[0].closes) == ("model.a", ("overall", "model"))
    assert ranked[0].value > ranked[1].value


def test_open_sammy_puts_the_largest_gap_first() -> None:
    """By its priority a step of a large gap comes before a cheap one of a small gap."""
    rubric = small(efforts(8, 8, 8, 1, 1))
    given = assessed(rubric, targets={"data": 2, "model": 1})
    assert steps(rubric, given)[0].criterion == "model.a"
    ranked = steps(rubric, given, order="opensammy")
    assert [(step.criterion, step.priority) for step in ranked] == [
        ("data.c", "high"), ("data.b", "high"), ("model.a", "low"),
    ]  # fmt: skip


def test_what_comes_first_and_what_is_brought_along() -> None:
    """A required criterion stands before the cheaper one that needs it; what is implied is named."""
    rubric = small(efforts(5, 5, 1) | {"sections.0.criteria.2.requires": ["data.b"]})
    ranked = steps(rubric, assessed(rubric, targets={"data": 2}))
    assert [(step.criterion, step.requires, step.brings) for step in ranked] == [
        ("data.b", (), ()),
        ("data.c", ("data.b",), ("data.a",)),
    ]


def test_under_a_minimum_steps_count_together() -> None:
    """No criterion of a minimum raises it alone, and yet each has its value."""
    bands = [{"level": 0, "below": 1}, {"level": 1, "at_least": 1}]
    rubric = tree("min", [{"id": "a", "criteria": ["x"]}, {"id": "b", "criteria": ["y"]}], bands=bands)
    assert [(step.criterion, step.value) for step in steps(rubric, assessed(rubric))] == [("x", 0.5), ("y", 0.5)]


def test_questions_name_the_answer_to_reach() -> None:
    """A step says which answer it leads to: the text of the level wanted, or the highest."""
    questions, levels = load_rubric("mlops-questionnaire"), load_rubric("mlops-levels")
    answers = dict.fromkeys(questions.criteria, "1")
    assert {step.option for step in steps(questions, assessed(questions, answers))} == {"2"}
    assert {step.option for step in steps(levels, assessed(levels))} == {"yes"}


def test_nothing_is_left_to_do() -> None:
    """Without a gap there are no steps."""
    rubric = small()
    assert steps(rubric, assessed(rubric, targets={"overall": 0})) == ()


def test_order_is_kept_where_it_can_be() -> None:
    """What has to come first is put first; a circle or an unknown name stops nothing."""
    assert in_order(["d", "c", "b", "a"], {"c": ["a", "x"], "a": ["b"]}) == ["d", "b", "a", "c"]
    assert in_order(["a", "b"], {"a": ["b"], "b": ["a"]}) == ["b", "a"]
    chain = [str(number) for number in range(5000)]
    assert in_order(chain, {name: [str(int(name) + 1)] for name in chain})[0] == "4999"
