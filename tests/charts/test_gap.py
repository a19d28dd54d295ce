"""Bars show how far each dimension is from its target."""

from __future__ import annotations

from chart_cases import answered, levels_score, texts

from mlops_widgets.charts import gap


def test_gap_sorts_by_gap_and_gives_it_as_a_number() -> None:
    """The largest gap comes first, a dimension at its target last."""
    chart = gap(answered(3, 4, 1), targets={"s0": 1, "s1": 0.5, "s2": 0.75})
    assert chart.cells == (
        ("Registry", "0.25", "0.75", "0.5", "0"),
        ("Data", "0.75", "1", "0.25", "0"),
        ("Training", "1", "0.5", "0", "0"),
    )
    assert {"gap 0.5", "gap 0.25", "reached", "0.25"} <= set(texts(chart))


def test_gap_without_targets_goes_to_the_next_level() -> None:
    """With level 1 reached everywhere the target is level 2; at the top no next one is promised."""
    assert gap(levels_score({1: "yes", 2: "no", 3: "no"})).description == (
        "9 of 9 dimensions are below their target; the largest gap: Data, 1 of 2. "
        "The target is level 2, the next one. The whole is at level 1."
    )
    assert gap(levels_score({1: "yes", 2: "yes", 3: "yes"})).description == (
        "No dimension is below its target. The whole is at level 3."
    )


def test_gap_where_dimensions_have_no_levels_goes_to_the_highest_score() -> None:
    """Without bands each dimension aims at all it can have."""
    assert [row[:4] for row in gap(answered(1, 2, 4)).cells] == [
        ("Data", "0.25", "1", "0.75"), ("Training", "0.5", "1", "0.5"), ("Registry", "1", "1", "0"),
    ]  # fmt: skip
