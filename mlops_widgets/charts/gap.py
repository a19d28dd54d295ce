"""Bars: how far each dimension is, and how far from its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from mlops_widgets.charts.axis import WORDS, Axis, Spoke, label, one_line, title
from mlops_widgets.charts.figure import PALETTE, WIDTH, Chart, Theme, figure, kinds_drawn, named, row_names
from mlops_widgets.charts.sentences import below, set_apart, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlops_widgets.scoring import Score

__all__ = ["bars", "gap"]


def gap(
    score: Score, *, targets: Mapping[str, float] | None = None, theme: Theme = "light", size: int = WIDTH
) -> Chart:
    """Draw how far each dimension is from its target, the largest gap first.

    Args:
        score: what to draw.
        targets: wanted level by section id, as for `radar`. When left out, the next level of the whole, or the
            highest score where dimensions have no levels.
        theme: colours of `svg` and `png`.
        size: width in pixels.

    >>> from mlops_widgets.library import load_rubric
    >>> from mlops_widgets.scoring import score
    >>> rubric = load_rubric("mlops-questionnaire")
    >>> print(gap(score(rubric, {name: "2" for name in rubric.criteria}), targets={"overall": 3}).description)
    4 of 4 dimensions are below their target; the largest gap: People, 2 of 2.5. The whole is at level 2.
    """
    axis, next_target = Axis(score, targets), ""
    if not targets:
        levels = sorted(axis.edges)
        above = [level for level in levels if level > (levels[0] if score.level is None else score.level)]
        if above:
            next_target = WORDS["next_target"].format(level=above[0])
        aim = above[0] if above else levels[-1] if levels else None
        axis = Axis(score, {part.id: part.maximum for part in score.dimensions} if aim is None else {"overall": aim})
    spokes = sorted(axis.spokes, key=lambda spoke: (spoke.gap is None, -(spoke.gap or 0.0)))
    return figure(
        bars(axis, spokes, theme),
        title=WORDS["gaps"].format(title=one_line(score.rubric.title)),
        said=[below(axis), next_target, whole(score), *set_apart(score)],
        table=axis.table(spokes),
        size=size,
        theme=theme,
        note=WORDS["on_levels"] if axis.has_gates else "",
    )


def bars(axis: Axis, spokes: Sequence[Spoke], theme: Theme) -> alt.LayerChart:
    """Draw a bar for each dimension: filled to its score, lighter where it is open, dashed on to its target."""
    colours, kinds = PALETTE[theme], kinds_drawn(axis, theme)
    rows = pd.DataFrame(
        {
            "row": row,
            "name": title(spoke.part),
            "kind": WORDS["now"],
            **{kind: getattr(spoke, kind) for kind in ("value", "now", "high", "target")},
            "shown": axis.now(spoke),
            "distance": "" if spoke.gap is None else axis.gap(spoke) if spoke.gap else WORDS["no_gap"],
            "is_short": bool(spoke.gap),
        }
        for row, spoke in enumerate(spokes)
    )
    names = axis.rings if axis.edges else {axis.low: axis.text(axis.low), **axis.rings}
    ticks = alt.Axis(values=list(names), labelExpr=named(names, list(names.values())), grid=True)
    # The numbers stand to the right of the bars, in a third of the width.
    scale = alt.Scale(domain=[axis.low, axis.high + (axis.high - axis.low) / 2], nice=False, zero=False)
    base = alt.Chart(rows).encode(y=alt.Y("row:O", axis=row_names([label(spoke.part) for spoke in spokes])))

    def across(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=ticks)

    start, end = alt.X(datum=axis.low, scale=scale, axis=ticks), alt.X(datum=axis.high, scale=scale, axis=ticks)
    filled = alt.Scale(domain=list(kinds), range=[look["color"] for look in kinds.values()])
    colour = alt.Color("kind:N", title=axis.key, scale=filled, legend=alt.Legend() if kinds else None)
    act = alt.condition("datum.is_short", alt.value(colours["warning"]), alt.value(colours["soft"]))
    layers = [
        base.mark_bar(height=14, color=colours["step0"]).encode(x=start, x2=alt.X2(datum=axis.high)),
        base.mark_bar(height=14).encode(
            x=across("value"), x2=alt.X2(datum=axis.low), color=colour, tooltip=["name:N", "shown:N"]
        ),
        base.mark_bar(height=14, color=colours["step2"]).encode(x=across("now"), x2="high"),
        base.transform_filter("datum.is_short")
        .mark_rule(color=colours["warning"], strokeWidth=2, strokeDash=[5, 3], yOffset=11)
        .encode(x=across("now"), x2="target"),
        base.mark_tick(color=colours["warning"], thickness=3, height=24, opacity=1).encode(x=across("target")),
        base.mark_text(align="left", dx=10, dy=-8 if axis.has_targets else 0).encode(x=end, text="shown"),
        base.mark_text(align="left", dx=10, dy=9).encode(x=end, text="distance", fill=act),
    ]
    return alt.LayerChart(layer=layers).properties(height=alt.Step(44))
