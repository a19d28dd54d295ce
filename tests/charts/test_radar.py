"""The radar draws the positions of the score, shows what is open or missing, and keeps its labels apart."""

from __future__ import annotations

from math import hypot

import pytest
from chart_cases import answered, flat, rows, texts

from mlops_widgets.charts import Chart, radar
from mlops_widgets.charts.figure import WIDTH
from mlops_widgets.charts.radar import HUB
from mlops_widgets.library import load_rubric
from mlops_widgets.scoring import score


def boxes(chart: Chart) -> list[tuple[float, float, float, float, str]]:
    """Place the labels of a radar in pixels, as wide as the widest letters would make them, with their alignment."""
    labels = rows(chart, "text", "align")
    radius = WIDTH / 2 / chart.chart.to_dict()["layer"][0]["encoding"]["x"]["scale"]["domain"][1]
    found = []
    for row in labels:
        wide, x, y = 7.2 * len(row["text"]), row["x"] * radius, row["y"] * radius
        left = x - {"left": 0, "center": wide / 2, "right": wide}[row["align"]]
        found.append((left, y - 7, left + wide, y + 7, row["align"]))
    return [(left / radius, low / radius, right / radius, high / radius, a) for left, low, right, high, a in found]


def test_radar_draws_and_tabulates_the_positions_of_the_score() -> None:
    """Table, text and distance from the centre are the positions of the dimensions."""
    given = answered(0, 1, 2, 3, 4)
    chart = radar(given)
    expected = [part.position() for part in given.dimensions]
    assert chart.table["Score"].tolist() == expected == [0, 0.25, 0.5, 0.75, 1]
    assert chart.cells[1] == ("Training", "0.25", "0")
    dots = [row for row in rows(chart, "circle", "kind") if row["kind"] == "now"][:5]
    assert [hypot(row["x"], row["y"]) for row in dots] == pytest.approx(
        [HUB + (1 - HUB) * v for v in expected if v is not None]
    )
    assert [row["shown"] for row in dots] == ["0", "0.25", "0.5", "0.75", "1"]


def test_a_dimension_that_does_not_apply_is_a_gap_and_no_zero() -> None:
    """It has no dot and no spoke, the outline stops on both sides of it, nothing is filled, and words say it."""
    chart = radar(answered(4, 3, -1, 2, 1))
    assert chart.description == "Data is highest at 1, Monitoring lowest at 0.25. Does not apply: Registry."
    assert chart.cells[2] == ("Registry", "–", "0")
    assert "n/a" in texts(chart)
    outline = [row["x"] is None for row in rows(chart, "line", "kind") if row["kind"] == "now"]
    assert outline == [False, False, True, False, False, False], "broken at the third, closed at the first"
    assert "Registry" not in [row["name"] for row in rows(chart, "circle", "kind")]
    assert "fill-opacity" not in chart.svg()


def test_the_interval_is_drawn_named_and_written() -> None:
    """Half-open answers give bands, a legend, both ends in the table and a sentence."""
    rubric = flat(3)
    chart = radar(score(rubric, dict.fromkeys(list(rubric.criteria)[:6], "yes")))
    assert chart.description == (
        "Data is highest at 1, Registry lowest at 0. 6 of 12 criteria are open: the whole lies between 0.5 and 1."
    )
    assert list(chart.table.columns) == ["Dimension", "Score", "At least", "At most", "Open"]
    assert chart.cells[1] == ("Training", "0.5", "0.5", "1", "2")
    assert {"still open", "0.5–1"} <= set(texts(chart))
    assert "still open" not in texts(radar(answered(1, 2, 3)))


def test_what_has_no_score_yet_is_open_and_not_missing() -> None:
    """Where open criteria are left out of the score, an empty questionnaire shows its interval alone."""
    chart = radar(score(load_rubric("mlops-questionnaire"), {}))
    assert chart.description == (
        "Nothing has a score yet. 15 of 15 criteria are open: the whole is at level 0 and could reach 4."
    )
    assert chart.cells[0][:4] == ("People and process", "–", "0", "4")
    assert "0–4" in texts(chart)
    assert "now" not in texts(chart)


@pytest.mark.parametrize("yes", [(1, 2), (1, 2, -1)])
def test_radar_gives_bars_where_a_radar_cannot_be_read(yes: tuple[int, ...]) -> None:
    """Fewer than three dimensions with a score become bars, and the description says so."""
    chart = radar(answered(*yes))
    assert chart.description.endswith("Shown as bars: a radar needs at least three dimensions with a score.")
    assert rows(chart, "bar", "value")
    assert len(chart.table) == len(yes)


@pytest.mark.parametrize("count", [3, 4, 5, 7, 9])
def test_labels_stand_outside_the_wheel_and_apart(count: int) -> None:
    """Alignment follows the angle; no label meets another or reaches into the outer ring."""
    placed = boxes(radar(answered(*[2] * count)))
    for left, low, right, high, align in placed:
        middle = (left + right) / 2
        assert align == ("center" if abs(middle) < 0.1 else "left" if middle > 0 else "right")
        assert hypot(min(max(0, left), right), min(max(0, low), high)) > 1 - 0.02
    for index, one in enumerate(placed):
        for other in placed[:index]:
            assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
