"""What is below its target, and what it takes to get there."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

import pytest
from small_rubric import small, tree

from mlops_widgets.assessment import Assessment
from mlops_widgets.library import load_rubric
from mlops_widgets.plan_gaps import effort_of, gaps

if TYPE_CHECKING:
    from mlops_widgets.rubric import Rubric


def assessed(rubric: Rubric, answers: dict[str, Any] | None = None, **fields: Any) -> Assessment:
    """An assessment of a rubric."""
    plain = {"id": "churn", "rubric": {"id": rubric.id, "version": rubric.version}, "subject": "Churn model"}
    return Assessment.from_dict({**plain, "date": "2026-11-20", "answers": answers or {}, **fields})


def test_without_targets_the_next_level_is_the_aim() -> None:
    """The whole is to reach its next level; at the top there is no gap."""
    rubric = small()
    (gap,) = gaps(rubric, assessed(rubric))
    assert (gap.section, gap.current, gap.target, gap.distance) == ("overall", 0, 1, 1)
    assert gap.smallest == ("data.a", "data.b", "model.a")
    assert gap.effort is None
    assert gaps(rubric, assessed(rubric, dict.fromkeys(rubric.criteria, "yes"))) == ()


def test_largest_gap_comes_first() -> None:
    """Gaps are sorted by Open SAMMY's weight; what is reached, or has no level of its own, is none."""
    rubric = small()
    targets = {"overall": 1, "data": 2, "model": 3}
    found = gaps(rubric, assessed(rubric, {"model.a": "yes"}, targets=targets))
    assert [(gap.section, gap.distance, gap.weight, gap.priority) for gap in found] == [
        ("data", 2, 8, "high"),
        ("model", 2, 8, "high"),
        ("overall", 1, 3, "low"),
    ]
    assert gaps(rubric, assessed(rubric, {"model.a": "yes"}, targets={"model": 1, "elsewhere": 3})) == ()


@pytest.mark.parametrize(
    ("current", "target", "weight", "priority"),
    # On a scale from 0 to 4 the largest weight is (1 + 4)^2 - 1 = 24: high from 12, medium from 6.
    [(0, 4, 24, "high"), (1, 4, 15, "high"), (0, 2, 8, "medium"), (2, 4, 8, "medium"), (0, 1, 3, "low"),
     (1, 3.5, 11.25, "medium")],
)  # fmt: skip
def test_priority_is_that_of_open_sammy(current: int, target: float, weight: float, priority: str) -> None:
    """The weight of a gap is max((1 + target - current)^2 - 1, 0); its priority follows from the scale's largest."""
    rubric = load_rubric("mlops-questionnaire")
    answers = dict.fromkeys(rubric.criteria, str(current))
    (gap,) = gaps(rubric, assessed(rubric, answers, targets={"overall": target}))
    assert (gap.current, gap.weight, gap.priority) == (current, weight, priority)


def test_target_between_or_above_levels() -> None:
    """A target between two levels asks for the upper one; one above the scale for its highest."""
    rubric = small()
    between, above = (gaps(rubric, assessed(rubric, targets={"data": target}))[0] for target in (1.5, inf))
    assert (between.target, between.distance) == (1.5, 1.5)
    assert between.smallest == ("data.b", "data.c")
    assert (above.target, above.smallest) == (3, ("data.b", "data.c"))


def test_effort_is_what_the_team_says_or_the_rubric() -> None:
    """The efforts of a gap add up; the team knows better than the rubric."""
    rubric = small({"sections.0.criteria.0.effort": 2, "sections.0.criteria.1.effort": 3})
    assessment = assessed(rubric, targets={"data": 1}, plan={"efforts": {"data.b": 0.5}})
    assert gaps(rubric, assessment)[0].effort == 2.5
    assert effort_of(rubric, assessment.plan, "data.a") == 2
    assert effort_of(rubric, assessment.plan, "data.c") is None


def test_value_in_no_band() -> None:
    """A score that its rubric gives no level has come as far as the band below."""
    rubric = load_rubric("ml-test-score-2016")
    answers = dict.fromkeys(rubric.criteria, "automated")
    for name in ("data.schema", "data.benefit"):
        answers[name] = "manual"
    for name in ("data.cost",):
        answers[name] = "none"
    (gap,) = gaps(rubric, assessed(rubric, answers, targets={"data": 5}))
    assert gap.current in (None, 4)
    assert gap.smallest


def test_nothing_to_compare() -> None:
    """Without levels, without a level of its own, or with nothing answered that counts there is no gap to tell of."""
    plain = tree("mean", [{"id": "a", "criteria": ["x"]}])
    assert gaps(plain, assessed(plain, targets={"overall": 3})) == ()
    summed = tree(
        "sum", [{"id": "a", "criteria": ["x"]}], bands=[{"level": 0, "below": 1}, {"level": 1, "at_least": 1}]
    )
    assert [gap.section for gap in gaps(summed, assessed(summed, targets={"overall": 1, "a": 1}))] == ["overall"]
    questions = load_rubric("mlops-questionnaire")
    assert gaps(questions, assessed(questions)) == ()
