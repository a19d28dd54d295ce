"""A score as lines for a terminal."""

from __future__ import annotations

from small_rubric import small, tree

from mlops_widgets.assessment import Answer
from mlops_widgets.library import load_rubric
from mlops_widgets.score_text import interval, levels, lines, shown
from mlops_widgets.scoring import score
from mlops_widgets.sources import opened


def test_lines() -> None:
    """A score is told from whose it is to the table of its dimensions."""
    source = opened("mlops_widgets/demo/churn-model.yaml")
    told = list(lines(source.given, source.rubric, score(source.rubric, source.assessment)))
    assert told[0] == "Churn model, 2026-11-13"
    assert told[-1].split() == ["Overall", "1", "39", "%", "(39", "to", "56", "%)", "67", "of", "81"]


def test_interval() -> None:
    """A score is shown with what it may still become, in the way of its rubric."""
    questions = load_rubric("mlops-questionnaire")
    some = score(questions, {"people.collaboration": "2"}).overall
    assert interval(some, questions) == "2 of 4 (0.2 to 3.8)"
    assert levels(some) == "2 (0 to 4)"
    done = score(questions, dict.fromkeys(questions.criteria, "2")).overall
    assert interval(done, questions) == "2 of 4"
    assert levels(done) == "2"


def test_nothing_to_show() -> None:
    """Nothing answered is not the same as nothing that applies."""
    questions = load_rubric("mlops-questionnaire")
    assert interval(score(questions, {}).overall, questions) == "no answers yet"
    gone = score(small(), {name: Answer(value="na", reason="not ours") for name in small().criteria}).overall
    assert interval(gone, small()) == "does not apply"
    assert levels(gone) == "-"


def test_never_rounded_to_an_edge() -> None:
    """A value just below a level or the whole is not shown as it."""
    bands = [{"level": 0, "below": 0.5}, {"level": 1, "at_least": 0.5}]
    rubric = tree("mean", [{"id": "data", "criteria": ["data.a"]}], bands=bands, display="percent")
    part = score(rubric, {"data.a": "yes"}).overall
    assert [shown(value, part, rubric) for value in (0.4999, 0.5, 0.9999, 1.0)] == ["49", "50", "99", "100"]
