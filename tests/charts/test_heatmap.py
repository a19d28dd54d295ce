"""Cells of the heatmap are the shares, sections and answers of the score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from chart_cases import answered, levels_score, rows, texts

from mlops_widgets.assessment import Answer, Assessment
from mlops_widgets.charts import heatmap
from mlops_widgets.library import load_rubric
from mlops_widgets.numerals import percent
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from mlops_widgets.charts.heatmap import Rows


def test_heatmap_of_levels_draws_the_completion_of_each_level() -> None:
    """Cells and table are the shares of the score, ticked and darkest where the threshold is reached and only there."""
    chart = heatmap(levels_score({1: "yes", 2: "partly", 3: "no"}))
    assert list(chart.table.columns) == ["Dimension", "Level 1, %", "Level 2, %", "Level 3, %"]
    assert chart.cells[0] == ("Data management", "100", "50", "0")
    assert chart.cells[-1] == ("Overall", "100", "50", "0")
    drawn = rows(chart, "rect", "shade")
    assert [(row["text"], row["shade"], row["is_met"]) for row in drawn[:3]] == [
        ("100", 3, True), ("50", 2, False), ("0", 0, False),
    ]  # fmt: skip
    assert sum(row["is_met"] for row in drawn) == 10


def test_heatmap_of_levels_shows_what_is_open_as_an_interval() -> None:
    """With level 2 unanswered, its cells say 0 to 100 and the table gives both ends."""
    chart = heatmap(levels_score({1: "yes", 3: "no"}))
    assert "0–100" in texts(chart)
    assert list(chart.table.columns)[3:5] == ["Level 2, %", "Level 2, at most, %"]
    assert chart.cells[0] == ("Data management", "100", "100", "0", "100", "0", "0")


def test_heatmap_of_practices_draws_each_practice_in_its_section() -> None:
    """Tiles and table are the shares of the sections below the dimensions; one without any stands for itself."""
    rubric = load_rubric("mlops-checklist")
    given = score(rubric, {name: "yes" for name in rubric.criteria if "docu" in name})
    chart = heatmap(given)
    practices = [part for part in given.sections if part.depth == 2]
    assert chart.table["Practice"].tolist() == [part.title for part in practices]
    assert chart.table["Percent met"].tolist() == [float(percent(part.share or 0)) for part in practices]
    milestone = heatmap(score(load_rubric("mlops-milestone"), {}))
    assert milestone.cells[-1][:2] == ("Validation questions", "Validation questions*")


def test_heatmap_of_criteria_shows_answers_where_they_are_known() -> None:
    """With answers each cell has its value; without them met, not met, open and not applicable are told apart."""
    rubric = load_rubric("mlops-questionnaire")
    first, second, third, *_ = rubric.criteria
    answers: dict[str, Answer | str] = {first: "3", second: Answer(value="1"), third: "na"}
    given = score(rubric, answers)
    with_answers, without = heatmap(given, answers=answers), heatmap(given)
    assert with_answers.cells[0] == (rubric.criteria[first].text, "People and process", "1", "met", "3")
    assert [row[3:] for row in with_answers.cells[1:4]] == [("not met", "1"), ("n/a", "–"), ("open", "–")]
    assert {"3", "1", "n/a", "?"} <= set(texts(with_answers))
    assert "×" in texts(without)
    assert "×" not in texts(with_answers)


def test_heatmap_takes_an_assessment_for_the_answers() -> None:
    """An assessment and its answers draw the same."""
    rubric = load_rubric("ml-test-score")
    answers = {name: rubric.scale_of[name].options[1].id for name in rubric.criteria}
    assessment = Assessment.from_dict({
        "id": "demo", "rubric": {"id": rubric.id, "version": rubric.version}, "subject": "Model", "date": "2026-11-20",
        "answers": answers,
    })  # fmt: skip
    given = score(rubric, assessment)
    assert heatmap(given, answers=assessment).svg() == heatmap(given, answers=answers).svg()


@pytest.mark.parametrize("by", ["levels", "practices"])
def test_heatmap_refuses_rows_the_rubric_does_not_have(by: Rows) -> None:
    """The error says what is missing and what to use."""
    with pytest.raises(ValueError, match=r".") as caught:
        heatmap(answered(1, 2, 3), by=by)
    assert str(caught.value) == f"the rubric flat has no {by}; use by='criteria' or leave it out"
