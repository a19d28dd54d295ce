"""Places, targets and numbers are those of the score, and no number is rounded up over an edge."""

from __future__ import annotations

from chart_cases import flat, levels_score, texts

from mlops_widgets.charts import radar
from mlops_widgets.charts.axis import Axis
from mlops_widgets.library import load_rubric
from mlops_widgets.scoring import score


def test_levels_are_never_rounded_up() -> None:
    """A dimension just short of level 2 is written 1.9, in the drawing and in the table."""
    axis = Axis(levels_score({1: "yes"}))
    written = [axis.text(place) for place in (0.999, 1.0, 1.949, 1.96, 1.999, 2.0)]
    assert written == ["0.9", "1", "1.9", "1.9", "1.9", "2"]


def test_dimensions_of_different_ranges_are_compared_in_percent() -> None:
    """Sums of two and of four statements are parts of what is possible."""
    sections = [section | {"combine": "sum"} for section in flat(3).to_dict()["sections"]]
    sections[0]["criteria"] = sections[0]["criteria"][:2]
    rubric = flat(3, sections=sections, scoring={"combine": "sum"})
    given = {"s0.c0": "yes", "s0.c1": "no"} | {f"s{s}.c{c}": "yes" for s in (1, 2) for c in range(4)}
    chart = radar(score(rubric, given), targets={"s0": 2})
    assert list(chart.table.columns) == ["Dimension", "Score, %", "Target, %", "Gap, %", "Open"]
    assert chart.cells[:2] == (("Data", "50", "100", "50", "0"), ("Training", "100", "–", "–", "0"))
    assert "50 %" in texts(chart)


def test_a_target_is_a_level_and_stands_where_that_level_begins() -> None:
    """Level 3 of the questionnaire begins at 2.5; half way to level 4 is 3; what is no number is no target."""
    rubric = load_rubric("mlops-questionnaire")
    given = score(rubric, dict.fromkeys(rubric.criteria, "2"))
    targets = {"overall": 3, "people": 3.5, "serving": 9, "operations": float("nan")}
    assert [row[3] for row in radar(given, targets=targets).cells] == ["3", "2.5", "3.5", "–"]


def test_what_is_not_counted_is_marked_and_has_no_target_of_the_whole() -> None:
    """Advanced practices do not count in the whole: a star, a sentence, no target."""
    chart = radar(score(load_rubric("mlops-checklist"), {}), targets={"overall": 1})
    assert chart.table["Target"].isna().tolist() == [False, False, False, False, True]
    assert "Advanced*" in texts(chart)
    assert chart.description.endswith("Not counted in the whole (*): Advanced.")
