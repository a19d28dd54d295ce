"""What has to hold for a gate whatever the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_widgets.assessment import Assessment
from mlops_widgets.gate import Conditions, verdict
from mlops_widgets.library import load_rubric, rubric_ids
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from mlops_widgets.rubric import Rubric


@st.composite
def answered(draw: st.DrawFn, rubric: Rubric) -> dict[str, Any]:
    """Give answers to some of the criteria: any option, or not applicable with a reason."""
    chances = draw(st.lists(st.integers(-2, 9), min_size=len(rubric.criteria), max_size=len(rubric.criteria)))
    answers: dict[str, Any] = {}
    for name, chance in zip(rubric.criteria, chances, strict=True):
        options = rubric.scale_of[name].options
        if chance == -2:
            answers[name] = {"value": "na", "reason": "not ours"}
        elif chance >= 0:
            answers[name] = options[min(chance, 2 * len(options) - 1) // 2].id
    return answers


def assessed(rubric: Rubric, answers: dict[str, Any]) -> Assessment:
    """Give an assessment of some answers."""
    reference = {"id": rubric.id, "version": rubric.version}
    return Assessment.from_dict(
        {"id": "test", "rubric": reference, "subject": "Test", "date": "2026-11-20", "answers": answers}
    )


@pytest.mark.parametrize("rubric_id", rubric_ids())
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_nothing_falls_below_itself(rubric_id: str, data: st.DataObject) -> None:
    """An assessment is no regression from itself."""
    rubric = load_rubric(rubric_id)
    assessment = assessed(rubric, data.draw(answered(rubric)))
    result = verdict(score(rubric, assessment), Conditions(regression=True), before=assessment)
    assert result.passed
    assert result.notes == ()


@pytest.mark.parametrize("rubric_id", rubric_ids())
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_what_is_open_never_helps(rubric_id: str, data: st.DataObject) -> None:
    """A gate that holds while something is open holds too when each of it gets the lowest answer."""
    rubric = load_rubric(rubric_id)
    answers = data.draw(answered(rubric))
    before = score(rubric, assessed(rubric, answers))
    lowest = {name: rubric.scale_of[name].options[0].id for name, state in before.state.items() if state == "open"}
    after = score(rubric, assessed(rubric, {**answers, **lowest}))
    conditions = Conditions(
        min_level=data.draw(st.sampled_from([level.level for level in rubric.levels])),
        min_score=data.draw(st.floats(0, 1)),
    )
    failed = {failure.kind for failure in verdict(after, conditions).failures}
    assert failed <= {failure.kind for failure in verdict(before, conditions).failures}


@pytest.mark.parametrize("rubric_id", rubric_ids())
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_taking_an_answer_back_never_helps(rubric_id: str, data: st.DataObject) -> None:
    """Deleting answers that have a value makes no gate pass that did not, and no regression go unseen.

    But for an explicit no that another answer contradicts: once it is gone, the other counts for it.
    """
    rubric = load_rubric(rubric_id)
    answers = data.draw(answered(rubric))
    implied = {name for criterion in rubric.criteria.values() for name in criterion.implies}
    valued = sorted(name for name, answer in answers.items() if isinstance(answer, str) and name not in implied)
    gone = set(data.draw(st.lists(st.sampled_from(valued), max_size=3))) if valued else set()
    before, after = (
        assessed(rubric, answers),
        assessed(rubric, {name: answer for name, answer in answers.items() if name not in gone}),
    )
    conditions = Conditions(min_score=data.draw(st.floats(0, 1)))
    if not verdict(score(rubric, before), conditions).passed:
        assert not verdict(score(rubric, after), conditions).passed
    assert verdict(score(rubric, before), Conditions(regression=True), before=after).passed
