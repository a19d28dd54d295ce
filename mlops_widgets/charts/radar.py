"""The radar: the profile of a score, one spoke a dimension."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from mlops_widgets.charts.axis import WORDS, Axis, label, one_line, title
from mlops_widgets.charts.figure import LETTER, LINE, PALETTE, WIDTH, Chart, Theme, figure, in_lines, kinds_drawn
from mlops_widgets.charts.gap import bars
from mlops_widgets.charts.sentences import below, extremes, set_apart, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlops_widgets.scoring import Score

__all__ = ["radar"]

FEWEST = 3
"""Dimensions with a score that make a shape."""

HUB = 0.1
"""The lowest score stands off the centre, so that it can be told from none."""

AWAY = 1.12
"""Where labels begin, in radii."""


def radar(
    score: Score, *, targets: Mapping[str, float] | None = None, theme: Theme = "light", size: int = WIDTH
) -> Chart:
    """Draw a score as a radar: one spoke a dimension, what is open as a lighter band, the target dashed.

    A dimension that does not apply leaves a gap; it is no zero. With fewer than three dimensions that have a score,
    bars show the same.

    Args:
        score: what to draw.
        targets: wanted level by section id; `overall` stands for every dimension without its own. Where dimensions
            have no levels, the wanted score.
        theme: colours of `svg` and `png`; a figure in a page takes those of the page.
        size: width in pixels.

    >>> from mlops_widgets.library import load_rubric
    >>> from mlops_widgets.scoring import score
    >>> rubric = load_rubric("mlops-questionnaire")
    >>> print(radar(score(rubric, {name: "2" for name in rubric.criteria})).description)
    Every dimension stands at 2. The whole is at level 2.
    """
    axis = Axis(score, targets)
    few = sum(spoke.now is not None for spoke in axis.spokes) < FEWEST
    values = [(s.part, s.value, axis.text(s.value)) for s in axis.spokes if s.value is not None]
    said = [extremes(values), whole(score), below(axis) if axis.has_targets else "", *set_apart(score)]
    return figure(
        bars(axis, axis.spokes, theme) if few else _wheel(axis, theme),
        title=WORDS["radar"].format(title=one_line(score.rubric.title)),
        said=[*said, WORDS["few"] if few else ""],
        table=axis.table(axis.spokes),
        size=size,
        theme=theme,
        note=WORDS["on_levels"] if axis.has_gates else "",
    )


def _wheel(axis: Axis, theme: Theme) -> alt.LayerChart:
    """Lay web, bands, lines and names over each other; the radius is the unit."""
    colours, kinds, labels = PALETTE[theme], kinds_drawn(axis, theme), _labels(axis)
    beside = labels[labels["align"] != "center"]
    radius = min(max(((WIDTH / 2 - LETTER * beside["text"].str.len()) / beside["x"].abs()).min(), 72), 112)
    # A label stands outside of its point on the circle; the one at the top leaves room for the name of a ring.
    labels["y"] = labels["cos"] * (AWAY + labels["half"] / radius) + (labels["up"] + 13 * (labels["cos"] == 1)) / radius
    half, top, bottom = WIDTH / 2 / radius, labels["y"].max() + LINE / radius, labels["y"].min() - LINE / radius
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-half, half], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[bottom, top], nice=False))

    def draw(rows: pd.DataFrame) -> alt.Chart:
        return alt.Chart(rows).encode(x=x, y=y)

    def look(channel: type, aspect: str) -> Any:  # noqa: ANN401 - a channel of Altair
        scale = alt.Scale(type="ordinal", domain=list(kinds), range=[look[aspect] for look in kinds.values()])
        return channel("kind:N", title=axis.key, scale=scale, legend=alt.Legend(symbolType="stroke", symbolSize=400))

    colour, lines = look(alt.Color, "color"), _lines(axis)
    area = lines[(lines["kind"] == WORDS["now"]) & all(spoke.value is not None for spoke in axis.spokes)]
    rings = draw(_ring_names(axis, radius)).encode(text="text:N")
    side = 1 if (axis.spokes[1].value or 0) <= (axis.spokes[-1].value or 0) else -1
    aside: dict[str, Any] = {"align": "left" if side > 0 else "right", "dx": 6 * side, "dy": -9}
    name_or_number = alt.condition("datum.is_name", alt.value(colours["ink"]), alt.value(colours["soft"]))
    layers = [
        draw(_web(axis)).mark_line(stroke=colours["line"], strokeWidth=1).encode(detail="line:N", order="order:Q"),
        draw(area).mark_line(strokeWidth=0, fill=colours["accent"], fillOpacity=0.16).encode(order="order:Q"),
        draw(_bands(axis))
        .mark_line(stroke=colours["step2"], strokeWidth=7, strokeCap="round")
        .encode(detail="line:N", order="order:Q"),
        draw(lines)
        .mark_line(invalid="break-paths-show-domains", strokeJoin="round")
        .encode(
            color=colour,
            strokeDash=look(alt.StrokeDash, "dash"),
            strokeWidth=look(alt.StrokeWidth, "width"),
            order="order:Q",
        ),
        draw(lines.dropna()).mark_circle(size=56, opacity=1).encode(color=colour, tooltip=["name:N", "shown:N"]),
        rings.mark_text(stroke=colours["card"], strokeWidth=4, strokeJoin="round", **aside),
        rings.mark_text(fill=colours["soft"], **aside),
        draw(labels)
        .mark_text(align=alt.expr("datum.align"), limit=WIDTH / 2)
        .encode(text="text:N", fill=name_or_number),
    ]
    return alt.LayerChart(layer=layers).properties(height=round((top - bottom) * radius))


def _at(axis: Axis, turn: int, share: float | None) -> dict[str, Any]:
    """Place a share of the axis on a spoke; None where there is none."""
    angle = 2 * pi * turn / len(axis.spokes)
    away = None if share is None else HUB + (1 - HUB) * share
    return {"x": away and away * sin(angle), "y": away and away * cos(angle)}


def _web(axis: Axis) -> pd.DataFrame:
    """Give the rings, and a line outwards for each dimension that applies."""
    count = len(axis.spokes)
    rings = sorted({0.0, 1.0, *map(axis.share, axis.rings)})
    lines = [[(turn, ring) for turn in range(count + 1)] for ring in rings]
    lines += [[(turn, 0.0), (turn, 1.0)] for turn, spoke in enumerate(axis.spokes) if spoke.part.applicable]
    return _joined(axis, lines)


def _bands(axis: Axis) -> pd.DataFrame:
    """Reach from the lowest to the highest place of each dimension with open criteria."""
    ends = [(turn, spoke.low or 0.0, spoke.high or 0.0) for turn, spoke in enumerate(axis.spokes) if spoke.is_open]
    return _joined(axis, [[(turn, axis.share(low)), (turn, axis.share(high))] for turn, low, high in ends])


def _joined(axis: Axis, lines: Sequence[Sequence[tuple[int, float]]]) -> pd.DataFrame:
    rows = (
        {"line": line, "order": order, **_at(axis, *point)}
        for line, points in enumerate(lines)
        for order, point in enumerate(points)
    )
    return pd.DataFrame(rows, columns=["line", "order", "x", "y"])


def _lines(axis: Axis) -> pd.DataFrame:
    """Go once round for targets and for values, back to the first; a spoke without a place breaks the line."""
    return pd.DataFrame(
        {"kind": WORDS[kind], "order": turn, "name": title(spoke.part), "shown": axis.now(spoke)}
        | _at(axis, turn, None if place is None else axis.share(place))
        for kind, field in (("target", "target"), ("now", "value"))
        for turn, spoke in enumerate([*axis.spokes, axis.spokes[0]])
        for place in [getattr(spoke, field)]
    ).astype({"x": float, "y": float})


def _ring_names(axis: Axis, radius: float) -> pd.DataFrame:
    """Name the rings where they cross the upright spoke, from the outermost inwards, as far as there is room."""
    names: list[dict[str, Any]] = []
    for place, name in sorted(axis.rings.items(), reverse=True):
        point = _at(axis, 0, axis.share(place))
        if not names or (names[-1]["y"] - point["y"]) * radius >= LINE - 3:
            names.append({"text": name, **point})
    return pd.DataFrame(names, columns=["text", "x", "y"])


def _labels(axis: Axis) -> pd.DataFrame:
    """Give the lines of all labels, the name and where it stands; their alignment follows the angle."""
    rows = []
    for turn, spoke in enumerate(axis.spokes):
        across, along = sin(2 * pi * turn / len(axis.spokes)), cos(2 * pi * turn / len(axis.spokes))
        align = "center" if abs(across) < 0.1 else "left" if across > 0 else "right"  # noqa: PLR2004 - near enough
        lines = [*in_lines(label(spoke.part)), axis.now(spoke)]
        half = len(lines) * LINE / 2
        for place, text in enumerate(lines):
            up, is_name = half - (place + 0.5) * LINE, place < len(lines) - 1
            rows.append(
                {"text": text, "x": AWAY * across, "cos": along, "half": half, "up": up}
                | {"align": align, "is_name": is_name}
            )
    return pd.DataFrame(rows)
