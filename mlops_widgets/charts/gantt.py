"""The plan in time: a bar an item, under its title, from its start to when it is due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from mlops_widgets.charts.axis import WORDS, one_line
from mlops_widgets.charts.figure import LETTER, LINE, PALETTE, WIDTH, Chart, Theme, figure, named
from mlops_widgets.charts.heatmap import CHECK
from mlops_widgets.numerals import number
from mlops_widgets.plan_phases import item_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from mlops_widgets.assessment import Assessment, PlanItem
    from mlops_widgets.rubric import Rubric

__all__ = ["gantt"]

INNER = WIDTH - 12
"""Pixels across the drawing within its padding."""

BAR, ROW, HEAD, APART = 12, 42, 24, 8
"""Heights: of a bar, of an item, of the heading of a phase, and between two phases."""

ROOM = 26
"""Pixels kept free at the right, for the mark behind the last bar."""

MOST_TICKS = 7
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 6_000, 24_000)
"""Months from one named day to the next."""

CROSS = "M-.6,-.6L.6,.6M.6,-.6L-.6,.6"
STATUSES = ("done", "doing", "blocked", "planned")
SMALL = 7.6
"""Pixels that a letter takes on the average of a line: beside a bar there is room for the odd wide one."""

FEWEST = 5
"""Letters of an owner that still say who it is."""

NAMED = 3
"""A sentence names so many items at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """An item as it is drawn."""

    item: PlanItem
    phase: int
    start: date
    end: date
    """Its last day."""
    is_point: bool


def gantt(
    assessment: Assessment,
    rubric: Rubric | None = None,
    *,
    today: str | None = None,
    most: int | None = None,
    theme: Theme = "light",
    size: int = WIDTH,
) -> Chart:
    """Draw a plan: a bar for each item that has dates, in groups by phase; the table has every item.

    An item with one date is a diamond on that day. What is dropped or has no date is in the table alone, and told.

    Args:
        assessment: what was planned from; its plan is drawn.
        rubric: what was asked: its roadmaps name the phases.
        today: a day to draw as such, ISO 8601.
        most: draw no more than so many items, those first that are not done.
        theme: colours of `svg` and `png`; a figure in a page takes those of the page.
        size: width in pixels.

    >>> from mlops_widgets.assessment import Assessment
    >>> churn = Assessment.from_dict({"id": "churn26q4", "subject": "Churn model", "date": "2026-11-20",
    ...     "rubric": {"id": "mlops-levels", "version": "1.0"}, "plan": {"items": {
    ...     "aaaa": {"title": "Test the data", "owner": "Ada", "start": "2026-12-01", "due": "2026-12-18"}}}})
    >>> print(gantt(churn).description)
    1 item from 2026-12-01 to 2026-12-18: 1 planned.
    """
    groups = item_groups(assessment.plan, rubric)
    rows = [
        row
        for place, group in enumerate(groups)
        for item in group.items.values()
        if item.status != "dropped" and (row := _row(item, place)) is not None
    ]
    drawn = rows
    if most is not None and len(rows) > most:
        wanted = sorted(range(len(rows)), key=lambda place: rows[place].item.status == "done")[:most]
        drawn = [rows[place] for place in sorted(wanted)]
    written = {"target_day": assessment.targets_by, "today": today}
    marks = {name: date.fromisoformat(at) for name, at in written.items() if at}
    chart = (
        _draw(drawn, [group.title for group in groups], marks, theme)
        if drawn
        else _nothing(WORDS["plan_undrawn" if assessment.plan.items else "plan_none"])
    )
    return figure(
        chart,
        title=WORDS["plan"].format(subject=one_line(assessment.subject)),
        said=_said(assessment, rows, drawn, marks.get("today")),
        table=_table(assessment, rubric),
        size=size,
        theme=theme,
    )


def _row(item: PlanItem, phase: int) -> _Row | None:
    days = [date.fromisoformat(written) for written in (item.start, item.due) if written]
    # A start after the end is drawn between the two; the table has them as they are written.
    return _Row(item=item, phase=phase, start=min(days), end=max(days), is_point=len(days) == 1) if days else None


def _table(assessment: Assessment, rubric: Rubric | None) -> pd.DataFrame:
    """List every item; columns that would say nothing are left out."""
    groups = item_groups(assessment.plan, rubric)
    pairs = [(group.title, item) for group in groups for item in group.items.values()]
    columns: dict[str, Any] = {
        "item_column": [one_line(item.title) for _, item in pairs],
        "phase_column": [phase and one_line(phase) for phase, _ in pairs],
        "owner_column": [item.owner and one_line(item.owner) for _, item in pairs],
        "start_column": [item.start for _, item in pairs],
        "due_column": [item.due for _, item in pairs],
        "effort_column": [item.effort for _, item in pairs],
        "status_column": [WORDS[f"status_{item.status}"] for _, item in pairs],
        "blocker_column": [item.blocker and one_line(item.blocker) for _, item in pairs],
        "after_column": [
            "; ".join(one_line(other.title) for other in assessment.plan.before(item)) for _, item in pairs
        ],
    }
    table = {}
    for name, values in columns.items():
        if name == "item_column" or any(values):
            kind = "Float64" if name == "effort_column" else "object"
            table[WORDS[name]] = pd.array([value or None for value in values], dtype=kind)
    return pd.DataFrame(table)


# What it says.


def _said(assessment: Assessment, rows: Sequence[_Row], drawn: Sequence[_Row], today: date | None) -> Iterator[str]:
    items = list(assessment.plan.items.values())
    if not items:
        yield WORDS["plan_none"]
        return
    if rows:
        statuses: Counter[str] = Counter(row.item.status for row in rows)
        counts = [
            WORDS["plan_count"].format(count=statuses[status], status=WORDS[f"status_{status}"])
            for status in STATUSES
            if statuses[status]
        ]
        yield WORDS["plan_span"].format(
            items=WORDS["plan_items" if rows[1:] else "plan_items_one"].format(count=len(rows)),
            start=min(row.start for row in rows).isoformat(),
            end=max(row.end for row in rows).isoformat(),
            counts=", ".join(counts),
        )
    else:
        yield WORDS["plan_undrawn"]
    blocked = [item for item in items if item.status == "blocked"]
    if blocked:
        yield _sentence(WORDS["plan_blocked"].format(names=_names(blocked)))
    late = [row.item for row in rows if today and row.end < today and row.item.status != "done"]
    if today and late:
        yield _sentence(WORDS["plan_late"].format(today=today.isoformat(), names=_names(late)))
    if len(drawn) < len(rows):
        yield WORDS["plan_left_out"].format(drawn=len(drawn), count=len(rows))
    dropped = sum(item.status == "dropped" for item in items)
    undated = len(items) - dropped - len(rows)
    if rows and undated:
        yield WORDS["plan_without_dates"].format(count=undated)
    if dropped:
        yield WORDS["plan_dropped"].format(count=dropped)


def _names(items: Sequence[PlanItem]) -> str:
    names, more = ", ".join(_cut(item.title, 60) for item in items[:NAMED]), len(items) - NAMED
    return WORDS["and_more"].format(names=names, more=more) if more > 0 else names


def _sentence(text: str) -> str:
    return text.replace("….", "…")


def _cut(text: str, letters: int) -> str:
    text = one_line(text)
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


# How it is drawn.


def _nothing(text: str) -> alt.LayerChart:
    data = pd.DataFrame([{"text": text}])
    return alt.LayerChart(layer=[alt.Chart(data).mark_text(align="left").encode(x=alt.value(0), text="text:N")])


def _draw(rows: Sequence[_Row], titles: Sequence[str], marks: dict[str, date], theme: Theme) -> alt.LayerChart:
    """Draw bands for phases, a title and a bar for each item, and lines for days that matter."""
    colours = PALETTE[theme]
    days = [*(row.start for row in rows), *(row.end for row in rows), *marks.values()]
    first, last = min(days).toordinal(), max(days).toordinal() + 1
    unit = max(last - first, 7) / (INNER - ROOM)
    tops, bands, height = _places(rows, titles)
    foot = height + LINE * len(marks)
    ticks = _ticks(date.fromordinal(first), date.fromordinal(last - 1))
    axis = alt.Axis(
        orient="top", values=list(ticks), labelExpr=named(ticks, list(ticks.values())), labelFlush=True,
        labelOverlap=False, labelPadding=LINE + 3,
    )  # fmt: skip
    x = alt.X("x:Q", axis=axis, scale=alt.Scale(domain=[first, first + unit * INNER], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[foot, 0], nice=False, zero=False))
    bars = pd.DataFrame(_bars(rows, tops, first, unit))

    def draw(data: pd.DataFrame) -> alt.Chart:
        return alt.Chart(data).encode(x=x, y=y)

    def across(data: pd.DataFrame) -> alt.Chart:
        return alt.Chart(data).encode(y=y, x=alt.value(0))

    layers = [
        across(bands).mark_rect(fill=colours["step0"], cornerRadius=4).encode(y2="y2:Q", x2=alt.value("width")),
        draw(_beside_bars(ticks, tops)).mark_rule(stroke=colours["line"]).encode(y2="y2:Q"),
        across(bands).mark_text(align="left", dx=6, dy=12, fontWeight="bold").encode(text="text:N"),
        across(bars).mark_text(align="left", dx=6, dy=-13).encode(text="title:N"),
        *_bar_layers(bars, draw, colours),
    ]
    for place, (name, at) in enumerate(marks.items()):
        # Each is named on a line of its own below.
        under, is_left = height + LINE * place, (at.toordinal() - first) / unit < INNER / 2
        colour, dash = (colours["warning"], [5, 3]) if name == "target_day" else (colours["ink"], [1, 0])
        lines = pd.concat([_beside_bars([at.toordinal()], tops), pd.DataFrame([{"y": height, "y2": under + 14}])])
        lines["x"], aside = float(at.toordinal()), 5 if is_left else -5
        layers.append(draw(lines).mark_rule(stroke=colour, strokeWidth=1.5, strokeDash=dash).encode(y2="y2:Q"))
        label = draw(pd.DataFrame([{"x": float(at.toordinal()), "y": under + 9, "text": WORDS[name]}]))
        layers.append(
            label.mark_text(fill=colour, align="left" if is_left else "right", dx=aside).encode(text="text:N")
        )
    return alt.LayerChart(layer=layers).properties(height=foot, title=WORDS["plan_key"].split("\n"))


def _bar_layers(
    bars: pd.DataFrame, draw: Callable[[pd.DataFrame], alt.Chart], colours: Mapping[str, str]
) -> Iterator[alt.Chart]:
    """Draw the bars, each status with looks of its own, the marks behind them, and the words beside them."""
    looks: dict[str, dict[str, Any]] = {
        "planned": {"fill": colours["card"], "stroke": colours["accent"], "strokeWidth": 1.5},
        "doing": {"fill": colours["step2"], "stroke": colours["accent"], "strokeWidth": 1.5},
        "blocked": {"fill": colours["card"], "stroke": colours["warning"], "strokeWidth": 2, "strokeDash": [4, 3]},
        "done": {"fill": colours["accent"], "stroke": colours["accent"], "strokeWidth": 1.5},
    }
    for (status, is_point), some in bars.groupby(["status", "is_point"]):
        if is_point:
            point = draw(some).mark_point(shape="diamond", size=120, yOffset=BAR / 2, opacity=1, **looks[status])
            yield point
        else:
            yield draw(some).mark_rect(cornerRadius=2, **looks[status]).encode(x2="x2:Q", y2="y2:Q")
    signs = {"done": (CHECK, "accent"), "blocked": (CROSS, "warning")}
    for status, some in bars[bars["status"].isin(signs)].groupby("status"):
        shape, colour = signs[status]
        mark: dict[str, Any] = {"shape": shape, "size": 70, "filled": False, "strokeWidth": 2.5, "opacity": 1}
        ends = draw(some.assign(x=some["x2"]))
        yield ends.mark_point(
            xOffset=alt.expr("datum.is_point ? 17 : 11"), yOffset=BAR / 2, stroke=colours[colour], **mark
        )
    for side, some in bars[bars["more"] != ""].groupby("side"):
        text: dict[str, Any] = {"align": "left" if side == "x2" else "right", "fill": colours["soft"]}
        beside = draw(some.assign(x=some[side]))
        yield beside.mark_text(dx=alt.expr("datum.away"), yOffset=BAR / 2, **text).encode(text="more:N")


def _places(rows: Sequence[_Row], titles: Sequence[str]) -> tuple[list[float], pd.DataFrame, float]:
    """Give the top of each bar, the bands of the phases, and the height of all."""
    tops: list[float] = []
    bands: list[dict[str, Any]] = []
    at = 0.0
    for place, row in enumerate(rows):
        if not place or row.phase != rows[place - 1].phase:
            at += APART if place else 0
            name = titles[row.phase]
            bands.append({"y": at, "text": _cut(name, int(INNER / LETTER)) if name else ""})
            at += HEAD if name else APART
        tops.append(at + LINE + 3)
        at += ROW
        bands[-1]["y2"] = at
    return tops, pd.DataFrame(bands), at


def _bars(rows: Sequence[_Row], tops: Sequence[float], first: int, unit: float) -> Iterator[dict[str, Any]]:
    """Give each item's bar, and what stands beside it on the side that has more room."""
    for row, top in zip(rows, tops, strict=True):
        start = row.start.toordinal()
        end = start if row.is_point else max(row.end.toordinal() + 1, start + 4 * unit)
        away = 12 if row.is_point else 6
        behind = away + (16 if row.item.status in ("done", "blocked") else 0)
        after, before = INNER - (end - first) / unit - behind, (start - first) / unit - away
        side, room = ("x2", after) if after >= min(before, 150) else ("x", before)
        yield {
            "x": float(start), "x2": float(end), "y": top, "y2": top + BAR, "status": row.item.status,
            "is_point": row.is_point, "title": _cut(row.item.title, int(INNER / LETTER) - 1), "side": side,
            "more": _more(row.item, int(room / SMALL)),
            "away": behind if side == "x2" else -away,
        }  # fmt: skip


def _more(item: PlanItem, letters: int) -> str:
    """Say status, owner and effort in so many letters; what does not fit is in the table."""
    status = "" if item.status == "planned" else WORDS[f"status_{item.status}"]
    effort = "" if item.effort is None else WORDS["weeks_short"].format(count=number(item.effort))
    soft = WORDS["soft"]
    left = letters - sum(len(text) + len(soft) for text in (status, effort) if text)
    owner = _cut(item.owner, left) if item.owner and left >= min(FEWEST, len(item.owner)) else ""
    texts = [text for text in (status, owner, effort) if text]
    while len(soft.join(texts)) > letters:
        texts.pop()
    return soft.join(texts)


def _beside_bars(days: Iterable[int], tops: Sequence[float]) -> pd.DataFrame:
    """Give lines for days, interrupted where titles stand."""
    return pd.DataFrame([{"x": float(at), "y": top - 4, "y2": top + BAR + 4} for at in days for top in tops])


def _ticks(first: date, last: date) -> dict[int, list[str]]:
    """Choose days to name along the top: Mondays of a short plan, first days of months or years of a longer one."""
    months, span = WORDS["months"].split(), (last - first).days
    if span <= MOST_TICKS * 7:
        found = [first + timedelta(days=turn) for turn in range(span + 1)]
        inside = [at for at in found if at.weekday() == 0] or [first]
        return {
            at.toordinal(): [WORDS["day_month"].format(day=at.day, month=months[at.month - 1]), ""] for at in inside
        }
    # Counted from the year 0, so that each first of a year in view is named where a step is at most a year.
    begin, end = first.year * 12 + first.month - (first.day == 1), last.year * 12 + last.month - 1
    step = next(step for step in STEPS if (end - begin) // step < MOST_TICKS)
    ticks: dict[int, list[str]] = {}
    year = 0
    for month in range(-(-begin // step) * step, end + 1, step):
        at = date(month // 12, month % 12 + 1, 1)
        # Two years side by side would run into each other: the first tick leaves its own out before another's.
        shows_year = at.year != year and (ticks or month + step < (at.year + 1) * 12)
        names = [months[at.month - 1], str(at.year) if shows_year else ""]
        ticks[at.toordinal()] = [str(at.year), ""] if step >= 12 else names  # noqa: PLR2004 - a year
        year = at.year
    return ticks
