"""Gaps, steps and plans in words."""

from __future__ import annotations

from dataclasses import replace

from test_plan_gaps import assessed

from mlops_widgets.library import load_rubric, words
from mlops_widgets.plan_gaps import Gap, gaps
from mlops_widgets.plan_reading import PlanWords
from mlops_widgets.plan_steps import steps
from mlops_widgets.scoring import score

LEVELS, QUESTIONS = load_rubric("mlops-levels"), load_rubric("mlops-questionnaire")
SAID = PlanWords(LEVELS, words("plan"))


def test_gap() -> None:
    """A gap says where one is, what is wanted and what it takes."""
    (gap,) = gaps(LEVELS, assessed(LEVELS, targets={"retraining": 1}))
    assert SAID.gap(gap) == "Automated retraining: Level 0, 1 wanted; 2 criteria to meet, about 5.5 person-weeks"
    one = Gap(section="overall", current=None, target=2.5, distance=2.5, smallest=("data.catalog",), effort=None,
              weight=1.0, priority="low")  # fmt: skip
    assert SAID.gap(one) == "The whole: no level yet, 2.5 wanted; 1 criterion to meet, effort unknown"
    none = replace(one, current=1, smallest=())
    assert SAID.gap(none) == "The whole: Level 1, 2.5 wanted; out of reach while so much does not apply"


def test_step() -> None:
    """A step says what speaks for it, and what comes first."""
    (_, step) = steps(LEVELS, assessed(LEVELS, targets={"retraining": 1}))
    assert SAID.step(step) == (
        "Helps Retraining, 1.5 weeks; needs “Training runs from data to model as one automated pipeline” first"
    )
    unknown = replace(
        step,
        effort=None,
        requires=(),
        brings=("data.catalog", "data.lineage", "gone"),
        closes=("overall", "data", "monitoring", "testing"),
    )
    assert SAID.step(unknown) == (
        "Helps the whole, Data and 2 more, effort unknown, brings “A catalogue shows which data there is and what its "
        "fields mean”, “For any dataset we can see where it came from and what was done to it” and “gone” with it"
    )
    assert SAID.step(step, helps=False, effort=False).startswith("Needs “Training runs from ")
    assert SAID.step(replace(step, requires=()), helps=False, effort=False) == ""


def test_aim() -> None:
    """A statement is its own aim; a question is told with the text to reach."""
    said = PlanWords(QUESTIONS, words("plan"))
    answers = dict.fromkeys(QUESTIONS.criteria, "1")
    (first, *_) = steps(QUESTIONS, assessed(QUESTIONS, answers, targets={"people": 2}))
    assert (
        said.aim(first)
        == "What happens when a model fails? to reach: " + QUESTIONS.criteria["people.incident-response"].anchors[2]
    )
    (step, *_) = steps(LEVELS, assessed(LEVELS))
    assert SAID.aim(step) == LEVELS.criteria[step.criterion].text


def test_outlook_and_lateness() -> None:
    """What a plan leads to, and what comes too late."""
    now, later = score(LEVELS, {}), score(LEVELS, dict.fromkeys(LEVELS.criteria, "yes"))
    assert SAID.outlook(now, later) == "Level 3 when this is done, Level 0 now"
    assert SAID.outlook(now, now) == "Level 0 as now when this is done"
    given = assessed(LEVELS, targets_by="2027-06-30")
    assert SAID.lateness(given, ["one1"]) == "1 item is due after 2027-06-30, when the targets are to be met."
    assert SAID.lateness(given, []) == ""
