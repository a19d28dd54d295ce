"""A score as pictures with their words and numbers: Altair charts that need no network and no script.

The only importer of Altair. May not know widgets, score, or look for answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import pairwise, product
from math import cos, floor, hypot, isfinite, log10, pi, sin
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import altair as alt
import pandas as pd

from mlops_widgets.assessment import Assessment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mlops_widgets.assessment import Answer
    from mlops_widgets.scoring import Completion, Score, SectionScore

__all__ = ["WORDS", "Chart", "gap", "heatmap", "radar"]

Theme = Literal["light", "dark"]
Rows = Literal["levels", "practices", "criteria"]
Point = tuple[float, float]
Box = tuple[float, float, float, float]

# A page recolours a drawing by looking for these values, so within a theme each role has a value of its own:
# two that look the same differ by one step that nobody can see.
_COLOURS: Mapping[Theme, Mapping[str, str]] = {
    "light": {
        "ink": "#1b2430", "soft": "#5b6675", "line": "#dfe4ea", "grid": "#b9c4cf", "card": "#ffffff",
        "accent": "#0b6e75", "warning": "#a35200",
        "step0": "#eef1f4", "step1": "#bfe0df", "step2": "#5fb0b0", "step3": "#0b6e76",
        "on0": "#1b2431", "on1": "#1b2432", "on2": "#1b2433", "on3": "#fffffe",
    },
    "dark": {
        "ink": "#e8ecf1", "soft": "#a3aebb", "line": "#2e3844", "grid": "#4a5868", "card": "#1a212a",
        "accent": "#5cc4c4", "warning": "#f0b070",
        "step0": "#232c36", "step1": "#1f4a4d", "step2": "#2f8588", "step3": "#5cc4c5",
        "on0": "#e8ecf2", "on1": "#e8ecf3", "on2": "#05080b", "on3": "#05080c",
    },
}  # fmt: skip

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "level": "Level {level}",
        "level_short": "L{level}",
        "percent": "{number} %",
        "na": "n/a",
        "open": "open",
        "overall": "Overall",
        "mark": "{label}*",
        "legend_value": "now",
        "legend_open": "still open",
        "legend_target": "target",
        "legend_level": "{first}: where the level begins",
        "legend_levels": "{first} to {last}: where levels begin",
        "legend_not_counted": "* not counted in the whole",
        "legend_na": "n/a: does not apply",
        "legend_reached": "{number} %, reached",
        "legend_met": "met",
        "legend_short": "not met",
        "legend_lowest": "lowest",
        "legend_highest": "highest answer",
        "legend_from": "from {number}",
        "legend_numbers": "1, 2, …: place in the section",
        "gap_number": "gap {gap}",
        "no_gap": "reached",
        "dimension": "Dimension",
        "practice": "Practice",
        "criterion": "Criterion",
        "number": "No.",
        "answer": "Answer",
        "state": "State",
        "score": "Score",
        "share": "Percent met",
        "lowest": "At least",
        "highest": "At most",
        "level_highest": "{name}, at most",
        "level_column": "Level",
        "target": "Target",
        "gap": "Gap",
        "open_column": "Open",
        "met": "met",
        "short": "not met",
        "table": "The numbers as a table",
        "on_levels": "1.5 is half of the way from level 1 to what level 2 needs.",
        "radar": "Profile of {title}",
        "heatmap": "Heatmap of {title}",
        "gap_title": "Gaps of {title}",
        "bars_few": "Shown as bars: a radar needs at least three dimensions with a score.",
        "bars_many": "Shown as bars: {count} dimensions are too many for a radar.",
        "extremes": "{highest} is highest at {high}, {lowest} lowest at {low}.",
        "all_same": "Every dimension stands at {value}.",
        "only": "{name} stands at {value}.",
        "nothing": "Nothing has a score yet.",
        "whole_level": "The whole is at level {level}.",
        "whole_open": "{open} of {count} criteria are open: the whole is at level {low} and could reach {high}.",
        "whole_open_same": "{open} of {count} criteria are open; the whole is at level {low} either way.",
        "whole_between": "{open} of {count} criteria are open: the whole lies between {low} and {high}.",
        "still_open": "{open} of {count} criteria are open.",
        "below": "{below} of {count} dimensions are below their target; the largest gap: {name}, {value} of {target}.",
        "none_below": "No dimension is below its target.",
        "next_target": "The target is level {level}, the next one.",
        "not_applicable": "Does not apply: {names}.",
        "and_more": "{names} and {more} more",
        "level_reached": "{count} reach level {level}",
        "levels_reached": "Of {of} dimensions, {levels}.",
        "furthest": "Furthest behind: {name}, {share} of level {level}.",
        "practices_met": "{met} of {of} practices are fully met.",
        "criteria_met": "{met} of {of} criteria that apply are met.",
        "fewest_met": "Fewest in {name}, {met} of {of}.",
    }
)
"""The words of the charts; pass your own table as `words` to translate them."""

_WIDTH = 380
"""Width of every drawing; `size` scales it as a whole, so that what fits here fits everywhere."""

_FONT_SIZE = 14
"""At 304 px, what a phone of 360 leaves, this is still 11 px."""

_LEADING = 17
_FONT = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, DejaVu Sans, sans-serif"
_MOST_SPOKES = 16
_FEWEST_SPOKES = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart:
    """A picture with the same thing in words and in numbers.

    In a notebook, a Voila page and an exported file it shows itself without network and scripts, in the colours of
    the page: a page says `color-scheme: dark` (or is JupyterLab or VS Code), and the figure follows.

    Attributes:
        chart: the Altair chart, to change or embed elsewhere.
        title: what is shown.
        description: what it says, in a sentence or a few: the alternative text.
        table: the numbers drawn, as numbers.
        cells: the same as text, as it is drawn; the first column names the row.
        size: width of the picture in pixels; it shrinks where there is less room.
        theme: colours of `svg` and `png`.
        words: the words around it.
        note: how to read the numbers, where that needs a sentence.
    """

    chart: alt.LayerChart
    title: str
    description: str
    table: pd.DataFrame
    cells: tuple[tuple[str, ...], ...]
    size: int
    theme: Theme
    words: Mapping[str, str]
    note: str = ""

    def svg(self) -> str:
        """Draw it as SVG that stands alone: named and described, without ids, scripts or references."""
        head = f"<title>{_xml(self.title)}</title><desc>{_xml(self.description)}</desc>"
        return self._root(f'xmlns="http://www.w3.org/2000/svg" font-family="{_FONT}"', head, margin=10)

    def png(self, *, scale: float = 2) -> bytes:
        """Draw it as PNG, `scale` pixels for each of its own."""
        import vl_convert  # noqa: PLC0415 - starts an engine of its own, so only when something is drawn

        return bytes(vl_convert.svg_to_png(self.svg(), scale=scale))

    def html(self) -> str:
        """Write the figure: picture, description, and the table to open, in the colours of the page around it."""
        style = f"max-width:100%;height:auto;display:block;font-family:{_FONT}"
        picture = self._root(f'style="{style}"', f"<style>{_style(self.theme)}</style>")
        note = f"<p>{_xml(self.note)}</p>" if self.note else ""
        return (
            f'<figure class="mlops-chart">{picture}<figcaption>{_xml(self.description)}</figcaption>'
            f"<details><summary>{_xml(self.words['table'])}</summary>{note}"
            f'<div class="mlops-chart-scroll" role="region" tabindex="0" aria-label="{_xml(self.title)}">'
            f"<table><caption>{_xml(self.title)}</caption>{self._rows()}</table></div></details></figure>"
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        """Say what it shows, the same on every machine."""
        return f"<Chart {self.title}: {self.description}>"

    def _root(self, attributes: str, head: str, *, margin: int = 0) -> str:
        width, height, body = self._drawing
        width, height = width + 2 * margin, height + 2 * margin
        box = f'x="{-margin}" y="{-margin}" width="{width}" height="{height}"'
        return (
            f'<svg {attributes} width="{self.size}" height="{round(self.size * height / width)}" '
            f'viewBox="{-margin} {-margin} {width} {height}" role="img" aria-label="{_xml(self.title)}">'
            f'{head}<rect {box} fill="{_COLOURS[self.theme]["card"]}"/>{body}</svg>'
        )

    @cached_property
    def _drawing(self) -> tuple[int, int, str]:
        """Width, height and what is inside the root element."""
        import vl_convert  # noqa: PLC0415 - starts an engine of its own, so only when something is drawn

        spec = self.chart.to_dict(validate=False)
        version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
        text = vl_convert.vegalite_to_svg(spec, vl_version=version)
        body = text[text.index("<g ") : text.rindex("</svg>")]
        # The root has one font, ground and role for all of it.
        for said in (f' font-family="{_FONT}"', ' role="graphics-object" aria-roledescription="group mark container"'):
            body = body.replace(said, "")
        return int(spec["width"]), int(spec["height"]), body

    def _rows(self) -> str:
        kinds = ["" if pd.api.types.is_numeric_dtype(kind) else ' class="text"' for kind in self.table.dtypes]
        heads = zip(kinds, self.table.columns, strict=True)
        head = "".join(f'<th scope="col"{kind}>{_xml(str(name))}</th>' for kind, name in heads)
        rows = []
        for first, *others in self.cells:
            cells = "".join(f"<td{kind}>{_xml(cell)}</td>" for kind, cell in zip(kinds[1:], others, strict=True))
            rows.append(f'<tr><th scope="row" class="text">{_xml(first)}</th>{cells}</tr>')
        return f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"


def radar(
    score: Score,
    *,
    targets: Mapping[str, float] | None = None,
    theme: Theme = "light",
    size: int = _WIDTH,
    words: Mapping[str, str] = WORDS,
) -> Chart:
    """Draw a score as a radar: one spoke a dimension, the interval hatched, the target dashed.

    A dimension that does not apply leaves a gap; it is no zero. With fewer than three dimensions that have a score,
    or more than sixteen, bars show the same.

    Args:
        score: what to draw.
        targets: wanted level by section id; `overall` stands for every dimension without its own. Where dimensions
            have no levels, the wanted score.
        theme: colours of `svg` and `png`; a figure in a page takes those of the page.
        size: width in pixels.
        words: the words drawn and said.

    >>> from mlops_widgets.library import load_rubric
    >>> from mlops_widgets.scoring import score
    >>> rubric = load_rubric("mlops-questionnaire")
    >>> print(radar(score(rubric, {name: "2" for name in rubric.criteria})).description)
    Every dimension stands at 2. The whole is at level 2.
    """
    axis = _Axis(score, words, targets)
    there = sum(spoke.value is not None or spoke.high is not None for spoke in axis.spokes)
    title = axis.words["radar"].format(title=_line(score.rubric.title))
    said = [_extremes(axis), _whole(axis), *([_below(axis)] if axis.has_targets else ()), _left_out(axis)]
    if there < _FEWEST_SPOKES or len(axis.spokes) > _MOST_SPOKES:
        few = there < _FEWEST_SPOKES
        said.append(axis.words["bars_few" if few else "bars_many"].format(count=len(axis.spokes)))
        chart = _bars(axis, axis.spokes, theme)
    else:
        chart = _radar(axis, theme)
    table = _spoke_table(axis, axis.spokes, with_gap=False)
    return _chart(chart, title, said, table, axis=axis, size=size, theme=theme)


def gap(
    score: Score,
    *,
    targets: Mapping[str, float] | None = None,
    theme: Theme = "light",
    size: int = _WIDTH,
    words: Mapping[str, str] = WORDS,
) -> Chart:
    """Draw how far each dimension is from its target, the largest gap first.

    Args:
        score: what to draw.
        targets: wanted level by section id, as for `radar`. When left out, the next level of the whole, or the
            highest score where dimensions have no levels.
        theme: colours of `svg` and `png`.
        size: width in pixels.
        words: the words drawn and said.
    """
    axis, said = _Axis(score, words, targets), []
    if not targets:
        levels = sorted(level.level for level in score.rubric.levels)
        if axis.has_levels:
            reached = levels[0] if score.level is None else score.level
            following = min((level for level in levels if level > reached), default=reached)
            said = [axis.words["next_target"].format(level=following)] if following > reached else []
            targets = {"overall": following}
        else:
            targets = {part.id: part.maximum for part in score.dimensions}
        axis = _Axis(score, words, targets)
    spokes = sorted(axis.spokes, key=lambda spoke: (spoke.gap is None, -(spoke.gap or 0.0)))
    title = axis.words["gap_title"].format(title=_line(score.rubric.title))
    said = [_below(axis), *said, _whole(axis), _left_out(axis)]
    table = _spoke_table(axis, spokes, with_gap=True)
    return _chart(_bars(axis, spokes, theme), title, said, table, axis=axis, size=size, theme=theme)


def heatmap(
    score: Score,
    *,
    by: Rows | None = None,
    answers: Assessment | Mapping[str, Answer | str] | None = None,
    theme: Theme = "light",
    size: int = _WIDTH,
    words: Mapping[str, str] = WORDS,
) -> Chart:
    """Draw what is there and what is not, a row or a block for each dimension.

    Args:
        score: what to draw.
        by: `levels`: how much of each level is met. `practices`: the sections below each dimension.
            `criteria`: every single one. When left out, the first of practices, levels, criteria that the rubric has.
        answers: for criteria, the answers given, so that cells show them and not only met or not.
        theme: colours of `svg` and `png`.
        size: width in pixels.
        words: the words drawn and said.

    Raises:
        ValueError: the rubric has no levels with criteria, or no practices, to show.
    """
    gated = any(part.completion for part in score.dimensions)
    nested = any(part.depth > 1 for part in score.sections)
    by = by or ("practices" if nested else "levels" if gated else "criteria")
    if (by == "levels" and not gated) or (by == "practices" and not nested):
        raise ValueError(f"the rubric {score.rubric.id} has no {by}; use by='criteria' or leave it out")
    axis = _Axis(score, words, None)
    if by == "levels":
        drawn = _level_cells(axis, theme)
    elif by == "practices":
        drawn = _practice_cells(axis, theme)
    else:
        given = answers.answers if isinstance(answers, Assessment) else answers
        drawn = _criterion_cells(axis, given or {}, theme)
    title = axis.words["heatmap"].format(title=_line(score.rubric.title))
    drawn.said.append(_left_out(axis))
    return _chart(drawn.chart, title, drawn.said, drawn.table, axis=axis, size=size, theme=theme)


def _chart(
    canvas: _Canvas,
    title: str,
    said: Iterable[str],
    table: Table,
    *,
    axis: _Axis,
    size: int,
    theme: Theme,
) -> Chart:
    description = " ".join(sentence for sentence in said if sentence)
    return Chart(
        chart=canvas.layered(title, description),
        title=title,
        description=description,
        table=table[0],
        cells=table[1],
        size=size,
        theme=theme,
        words=axis.words,
        note=axis.words["on_levels"] if axis.kind == "levels" and axis.words["score"] in table[0] else "",
    )


# The axis: where a score stands, what it is called, where levels begin.


class _Spoke(NamedTuple):
    """One dimension as it is drawn; places are on the axis."""

    part: SectionScore
    value: float | None
    low: float | None
    high: float | None
    target: float | None

    @property
    def is_open(self) -> bool:
        return self.low is not None and self.high is not None and self.high > self.low

    @property
    def gap(self) -> float | None:
        """How far it is below its target; what is open counts as its lowest."""
        now = self.low if self.value is None else self.value
        return None if now is None or self.target is None else max(self.target - now, 0.0)


class _Axis:
    """The common axis of all dimensions: levels where gates decide, values, or percent of what is possible."""

    kind: Literal["levels", "values", "percent"]

    def __init__(self, score: Score, words: Mapping[str, str], targets: Mapping[str, float] | None) -> None:
        self.score, self.words = score, {**WORDS, **words}
        scoring, parts = score.rubric.scoring, score.dimensions
        ranges = {(part.minimum, part.maximum) for part in parts}
        levels = sorted(level.level for level in score.rubric.levels)
        bands = scoring.bands if scoring.combine != "sum" and len(ranges) == 1 else ()
        self._share = len(ranges) > 1
        if any(part.completion for part in parts):
            self.kind, (self.low, self.high) = "levels", (float(levels[0]), float(levels[-1]))
            self._edges = {level: float(level) for level in levels}
        else:
            self.low, self.high = (0.0, 1.0) if self._share else next(iter(ranges))
            if self.high <= self.low:
                self.high = self.low + 1
            self.kind = "percent" if self._share or (scoring.display == "percent" and self.high <= 1) else "values"
            edges = {band.level: band.at_least if band.at_least is not None else band.above for band in bands}
            self._edges = {
                level: self.low if edge is None else min(max(edge, self.low), self.high)
                for level, edge in edges.items()
            }
        self.spokes = tuple(self._spoke(part, targets or {}) for part in parts)
        self.has_targets = any(spoke.target is not None for spoke in self.spokes)

    def _spoke(self, part: SectionScore, targets: Mapping[str, float]) -> _Spoke:
        places = part.position("value"), part.position("low"), part.position("high")
        value, low, high = (self._at(part, place) for place in places)
        target = None
        if part.applicable:
            if part.id in targets:
                target = self._target(part, targets[part.id])
            elif "overall" in targets and part.counted and self._edges:
                target = self._target(part, targets["overall"])
        return _Spoke(part, value, low, high, target)

    def _at(self, part: SectionScore, place: float | None) -> float | None:
        if place is None or not self._share:
            return place
        return (place - part.minimum) / (part.maximum - part.minimum) if part.maximum > part.minimum else 0.0

    def _target(self, part: SectionScore, wanted: float) -> float | None:
        """Find the place of a wanted level, or of a wanted value where there are no levels."""
        if not isfinite(wanted):
            return None
        edges = sorted(self._edges.items())
        if not edges:
            place = self._at(part, wanted)
        elif wanted <= edges[0][0]:
            place = edges[0][1]
        else:
            # Between two levels in proportion; beyond the highest there is nothing.
            place = edges[-1][1]
            for (level, edge), (following, end) in pairwise(edges):
                if level <= wanted < following:
                    place = edge + (wanted - level) / (following - level) * (end - edge)
        return None if place is None else min(max(place, self.low), self.high)

    @property
    def has_levels(self) -> bool:
        """Whether dimensions have levels, so that rings are their beginnings."""
        return bool(self._edges)

    def share(self, place: float) -> float:
        """Turn a place into a part of the axis, 0 to 1."""
        return (place - self.low) / (self.high - self.low)

    @cached_property
    def rings(self) -> tuple[tuple[float, str], ...]:
        """Places worth a line above the lowest, with their short names: where levels begin, or round values."""
        if self._edges:
            short = self.words["level_short"]
            edges = sorted(self._edges.items())
            return tuple((edge, short.format(level=level)) for level, edge in edges if edge > self.low)
        step = (self.high - self.low) / 4
        if self.kind == "values":
            size = 10.0 ** floor(log10(step))
            step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= step * 0.999)
        count = floor((self.high - self.low) / step + 1e-9)
        return tuple((place, self.text(place)) for place in (self.low + step * (n + 1) for n in range(count)))

    def shown(self, place: float) -> float:
        """Round a place as it is written, never up into a level that is not reached."""
        return _rounded(place, 1 if self.kind == "levels" else 2, tuple(self._edges.values()))

    def text(self, place: float) -> str:
        """Write a place."""
        if self.kind == "percent":
            return self.words["percent"].format(number=_number(self.shown(place) * 100, 0))
        return _number(self.shown(place))

    def now(self, spoke: _Spoke) -> tuple[str, ...]:
        """Write where a dimension stands: its score, or its interval, or both where they are different things."""
        if spoke.low is None or spoke.high is None:
            return (self.words["open" if spoke.part.applicable else "na"],)
        if not spoke.is_open:
            return (self.text(spoke.low if spoke.value is None else spoke.value),)
        if self.kind == "percent":
            first, last = (_number(self.shown(place) * 100, 0) for place in (spoke.low, spoke.high))
            interval = self.words["percent"].format(number=f"{first}–{last}")
        else:
            interval = f"{self.text(spoke.low)}–{self.text(spoke.high)}"
        if spoke.value is None or spoke.value == spoke.low:
            return (interval,)
        return self.text(spoke.value), f"({interval})"

    def shown_gap(self, spoke: _Spoke) -> str:
        """Write a gap as the difference of the numbers that stand beside it."""
        now = spoke.low if spoke.value is None else spoke.value
        difference = self.shown(spoke.target or 0.0) - self.shown(now or 0.0)
        if self.kind == "percent":
            return self.words["percent"].format(number=_number(difference * 100, 0))
        return _number(max(difference, 0.0))

    def label(self, part: SectionScore) -> str:
        """Name a section in short, marked when it is not counted in the whole."""
        return self._marked(part, part.label)

    def title(self, part: SectionScore) -> str:
        """Name a section in full."""
        return self._marked(part, part.title)

    def _marked(self, part: SectionScore, name: str) -> str:
        return _line(name) if part.counted else self.words["mark"].format(label=_line(name))


_NOISE = 1e-6
"""What counts in 32 bits may be off by."""


def _rounded(value: float, digits: int, edges: Iterable[float]) -> float:
    rounded = round(value, digits)
    if any(value < edge - _NOISE and edge <= rounded for edge in edges):
        return float(floor(value * 10**digits + _NOISE) / 10**digits)
    return rounded


def _number(value: float, digits: int = 2) -> str:
    text = f"{value + 0.0:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percent(share: float, edges: Iterable[float] = (1.0,)) -> str:
    """Write a share as whole percent; 79.6 of a needed 80 stay 79."""
    return str(int(_rounded(share * 100, 0, [edge * 100 for edge in edges])))


# Words.


def _extremes(axis: _Axis) -> str:
    words, there = axis.words, [spoke for spoke in axis.spokes if spoke.value is not None]
    if not there:
        return words["nothing"]
    ordered = sorted(there, key=lambda spoke: spoke.value or 0.0)
    lowest, highest = ordered[0], ordered[-1]
    low, high = axis.text(lowest.value or 0.0), axis.text(highest.value or 0.0)
    if len(there) == 1:
        return words["only"].format(name=_short(axis.label(lowest.part)), value=low)
    if lowest.value == highest.value:
        return words["all_same"].format(value=low)
    first = next(spoke for spoke in there if spoke.value == highest.value)
    return words["extremes"].format(
        highest=_short(axis.label(first.part)), high=high, lowest=_short(axis.label(lowest.part)), low=low
    )


def _whole(axis: _Axis) -> str:
    words, whole = axis.words, axis.score.overall
    still_open = whole.applicable - whole.answered
    numbers = {"open": still_open, "count": whole.applicable}
    if still_open and whole.level_low is not None and whole.level_high is not None:
        sentence = words["whole_open" if whole.level_low < whole.level_high else "whole_open_same"]
        return sentence.format(low=whole.level_low, high=whole.level_high, **numbers)
    if still_open and whole.low is not None and whole.high is not None and not whole.completion:
        scoring = axis.score.rubric.scoring
        show = _percent if scoring.display == "percent" and whole.maximum <= 1 else _number
        return words["whole_between"].format(low=show(whole.low), high=show(whole.high), **numbers)
    if still_open:
        return words["still_open"].format(**numbers)
    return "" if whole.level is None else words["whole_level"].format(level=whole.level)


def _below(axis: _Axis) -> str:
    words = axis.words
    aimed = [spoke for spoke in axis.spokes if spoke.target is not None]
    below = [spoke for spoke in aimed if spoke.gap]
    if not below:
        return words["none_below"]
    worst = max(below, key=lambda spoke: spoke.gap or 0.0)
    now = worst.low if worst.value is None else worst.value
    return words["below"].format(
        below=len(below),
        count=len(aimed),
        name=_short(axis.label(worst.part)),
        value=axis.text(now or 0.0),
        target=axis.text(worst.target or 0.0),
    )


def _left_out(axis: _Axis) -> str:
    names = [_short(_line(part.label)) for part in axis.score.dimensions if not part.applicable]
    if not names:
        return ""
    listed = ", ".join(names[:3])
    if len(names) > 3:  # noqa: PLR2004 - a sentence, not a list
        listed = axis.words["and_more"].format(names=listed, more=len(names) - 3)
    return axis.words["not_applicable"].format(names=listed)


# Tables.


class _Column(NamedTuple):
    """A column of a table: its numbers, and how they are written."""

    name: str
    values: Sequence[Any]
    texts: Sequence[str]
    kind: Literal["str", "Int64", "Float64"]


Table = tuple[pd.DataFrame, tuple[tuple[str, ...], ...]]
"""The numbers, and the same as text, row by row."""


def _tabulated(columns: Sequence[_Column]) -> Table:
    table = pd.DataFrame({column.name: pd.array(list(column.values), dtype=column.kind) for column in columns})
    return table, tuple(zip(*(column.texts for column in columns), strict=True))


def _texts(name: str, texts: Sequence[str]) -> _Column:
    return _Column(name, texts, texts, "str")


def _counts(name: str, numbers: Sequence[int | None], missing: str = "–") -> _Column:
    return _Column(name, numbers, [missing if number is None else str(number) for number in numbers], "Int64")


def _percents(
    words: Mapping[str, str], name: str, shares: Sequence[float | None], edges: Sequence[float] = (1.0,)
) -> _Column:
    texts = [words["na"] if s is None else words["percent"].format(number=_percent(s, edges)) for s in shares]
    return _Column(name, [None if share is None else share * 100 for share in shares], texts, "Float64")


def _spoke_table(axis: _Axis, spokes: Sequence[_Spoke], *, with_gap: bool) -> Table:
    """Give the numbers of dimensions; columns that would say nothing are left out."""
    words = axis.words

    def places(name: str, values: Sequence[float | None]) -> _Column:
        missing = [words["open" if spoke.part.applicable else "na"] for spoke in spokes]
        texts = [none if value is None else axis.text(value) for value, none in zip(values, missing, strict=True)]
        return _Column(words[name], values, texts, "Float64")

    columns = [_texts(words["dimension"], [axis.title(spoke.part) for spoke in spokes])]
    if any(spoke.part.level is not None for spoke in spokes):
        columns.append(_counts(words["level_column"], [spoke.part.level for spoke in spokes]))
    columns.append(places("score", [spoke.value for spoke in spokes]))
    if any(spoke.is_open for spoke in spokes):
        columns.append(places("lowest", [spoke.low for spoke in spokes]))
        columns.append(places("highest", [spoke.high for spoke in spokes]))
    if axis.has_targets:
        targets = [spoke.target for spoke in spokes]
        texts = ["–" if target is None else axis.text(target) for target in targets]
        columns.append(_Column(words["target"], targets, texts, "Float64"))
    if with_gap:
        gaps = ["–" if spoke.gap is None else axis.shown_gap(spoke) for spoke in spokes]
        columns.append(_Column(words["gap"], [spoke.gap for spoke in spokes], gaps, "Float64"))
    columns.append(_counts(words["open_column"], [spoke.part.applicable - spoke.part.answered for spoke in spokes]))
    return _tabulated(columns)


# The radar.


class _Label(NamedTuple):
    x: float
    top: float
    align: str
    name: tuple[str, ...]
    note: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return (*self.name, *self.note)

    @property
    def width(self) -> float:
        return max(_text_width(line) for line in self.lines)

    @property
    def height(self) -> float:
        return float(_LEADING * len(self.lines))

    @property
    def box(self) -> Box:
        left = self.x - {"left": 0.0, "center": self.width / 2, "right": self.width}[self.align]
        return left, self.top, left + self.width, self.top + self.height


class _Wheel(NamedTuple):
    """Where the radar stands: centre, radius, labels around it."""

    x: float
    y: float
    radius: float
    labels: tuple[_Label, ...]

    def at(self, spoke: float, share: float) -> Point:
        """Find a point on a spoke; the lowest score stands off the centre, so that it can be told from none."""
        angle = 2 * pi * spoke / len(self.labels)
        distance = self.radius * (_HUB + (1 - _HUB) * share)
        return self.x + distance * sin(angle), self.y - distance * cos(angle)


_HUB = 0.1
_AWAY = 11
"""Pixels between the outer ring and a label."""


def _wheel(names: Sequence[str], notes: Sequence[tuple[str, ...]]) -> _Wheel:
    """Find the best wheel whose labels keep clear of each other: large, nothing cut, numbers beside the names."""
    best, most = None, -1000.0
    for widest, lines, noted in product(range(150, 80, -10), (2, 1), (True, False)):
        wheel = _fitted_wheel(names, notes if noted else [()] * len(names), widest, lines)
        boxes = [label.box for label in wheel.labels]
        clash = any(_overlap(one, other) for index, one in enumerate(boxes) for other in boxes[:index])
        clash = clash or any(box[0] < 0 or box[2] > _WIDTH for box in boxes)
        cut = any("…" in line for label in wheel.labels for line in label.lines)
        merit = wheel.radius - 30 * cut - 30 * (not noted) - 500 * clash
        if best is None or merit > most:
            best, most = wheel, merit
    assert best is not None  # noqa: S101 - there is at least one way
    return best


def _fitted_wheel(names: Sequence[str], notes: Sequence[tuple[str, ...]], widest: float, most: int) -> _Wheel:
    count = len(names)
    angles = [2 * pi * index / count for index in range(count)]
    # A label on the vertical has as much room as its neighbours leave.
    upright = min(widest, max(60.0, 2 * (100 + _AWAY) * sin(2 * pi / count) - 10))
    sides = [_side(angle) for angle in angles]
    blocks = [
        _Label(0, 0, side, _wrapped(name, upright if side == "center" else widest, most), note)
        for side, name, note in zip(sides, names, notes, strict=True)
    ]

    def reach(side: str, radius: float) -> float:
        """Say how far the wheel with its labels reaches from its centre."""
        out = [
            (radius + _AWAY) * abs(sin(angle)) + block.width if block.align == side else block.width / 2
            for angle, block in zip(angles, blocks, strict=True)
            if block.align in (side, "center")
        ]
        return max([radius, *out])

    fitting = (r for r in range(126, 68, -2) if reach("left", r) + reach("right", r) <= _WIDTH - 4)
    radius = next(fitting, 70)
    # By alignment: what is aligned left stands right of the wheel.
    x = (_WIDTH - reach("left", radius) + reach("right", radius)) / 2
    # Each block keeps its near edge on a circle around the wheel.
    away = radius + _AWAY
    labels = [
        block._replace(x=x + away * sin(angle), top=-away * cos(angle) - block.height * (1 + cos(angle)) / 2)
        for angle, block in zip(angles, blocks, strict=True)
    ]
    y = 2 - min(label.top for label in labels)
    return _Wheel(x, y, radius, tuple(label._replace(top=y + label.top) for label in labels))


def _side(angle: float) -> str:
    """Choose the alignment that keeps a label outside the wheel."""
    return "center" if abs(sin(angle)) < 0.1 else "left" if sin(angle) > 0 else "right"  # noqa: PLR2004 - near enough


def _radar(axis: _Axis, theme: Theme) -> _Canvas:
    canvas, spokes, count = _Canvas(theme), axis.spokes, len(axis.spokes)
    wheel = _wheel([axis.label(spoke.part) for spoke in spokes], [axis.now(spoke) for spoke in spokes])

    def corners(places: Sequence[float | None]) -> list[list[Point]]:
        """Give a line for each run of neighbours that have a place, closed where all have."""
        runs = _runs([place is not None for place in places])
        lines = [[wheel.at(index, axis.share(places[index] or 0.0)) for index in run] for run in runs]
        return [[*line, line[0]] if len(line) == count else line for line in lines]

    outlines, targets = corners([spoke.value for spoke in spokes]), corners([spoke.target for spoke in spokes])
    for line in outlines:
        canvas.area(line if len(line) > count else [(wheel.x, wheel.y), *line], "accent", opacity=0.16)
    _web(canvas, wheel, axis)
    edges = _interval(canvas, wheel, axis)
    _ring_names(canvas, wheel, [(axis.share(place), name) for place, name in axis.rings], [*edges, *outlines, *targets])
    for line in targets:
        canvas.line(line, "warning", width=2, dash=(5, 3))
        if len(line) == 1:
            canvas.dot(line[0], "warning")
    for line in outlines:
        canvas.line(line, "accent", width=2.5)
    for index, spoke in enumerate(spokes):
        if spoke.value is not None:
            shown = " ".join(axis.now(spoke))
            canvas.dot(wheel.at(index, axis.share(spoke.value)), "accent", name=_line(spoke.part.title), shows=shown)
    for label in wheel.labels:
        _spoke_label(canvas, label)
    _spoke_legend(canvas, axis, max(wheel.y + wheel.radius, *(label.box[3] for label in wheel.labels)) + 10)
    return canvas


def _web(canvas: _Canvas, wheel: _Wheel, axis: _Axis) -> None:
    for ring in sorted({0.0, 1.0, *(axis.share(place) for place, _ in axis.rings)}):
        canvas.line([wheel.at(index, ring) for index in range(len(axis.spokes) + 1)], "grid")
    for index, spoke in enumerate(axis.spokes):
        canvas.line([wheel.at(index, 0), wheel.at(index, 1)], "grid", dash=() if spoke.part.applicable else (2, 4))


def _spoke_label(canvas: _Canvas, label: _Label) -> None:
    for row, text in enumerate(label.lines):
        colour = "ink" if row < len(label.name) else "soft"
        canvas.text((label.x, label.top + _LEADING * (row + 0.5)), text, colour, align=label.align)


def _interval(canvas: _Canvas, wheel: _Wheel, axis: _Axis) -> list[list[Point]]:
    """Hatch what is still open, between the lowest and the highest; give the lines that bound it."""
    spokes = axis.spokes
    if not any(spoke.is_open for spoke in spokes):
        return []
    edges: list[list[Point]] = []
    for run in _runs([spoke.low is not None and spoke.high is not None for spoke in spokes]):
        low = [wheel.at(index, axis.share(spokes[index].low or 0.0)) for index in run]
        high = [wheel.at(index, axis.share(spokes[index].high or 0.0)) for index in run]
        whole = len(run) == len(spokes)
        loops = [[*high, high[0]], [*low, low[0]]] if whole else [[*high, *reversed(low), high[0]]]
        canvas.hatch(loops)
        # The lower edge is the score itself, unless what is open is left out of the score.
        apart = any(spokes[index].value != spokes[index].low for index in run)
        edges += loops if apart else [[*high, high[0]] if whole else high]
        if len(run) == 1:
            edges.append([low[0], high[0]])
    for edge in edges:
        canvas.line(edge, "accent")
    return edges


def _ring_names(
    canvas: _Canvas, wheel: _Wheel, rings: Sequence[tuple[float, str]], lines: Sequence[Sequence[Point]]
) -> None:
    """Name the rings between two spokes where no line of the data passes; a name without such a place is left out."""
    count = len(wheel.labels)
    segments = [pair for line in lines for pair in pairwise(line)]

    def box(sector: int, ring: float, name: str, inward: float) -> Box:
        (x1, y1), (x2, y2) = wheel.at(sector, ring), wheel.at(sector + 1, ring)
        x, y, half = (x1 + x2) / 2, (y1 + y2) / 2, _text_width(name) / 2 + 3
        distance = hypot(x - wheel.x, y - wheel.y) or 1.0
        x, y = x - (x - wheel.x) / distance * inward, y - (y - wheel.y) / distance * inward
        return x - half, y - 8, x + half, y + 8

    def free(place: Box) -> bool:
        return not any(_crosses(segment, place) for segment in segments)

    # The same sector for all of them, as far as it goes, so that they read as a scale.
    sectors = sorted(range(count), key=lambda sector: -sum(free(box(sector, ring, name, 0)) for ring, name in rings))
    taken: list[Box] = []
    for ring, name in rings:
        # On the ring, else just inside of it.
        places = (box(sector, ring, name, inward) for inward in (0, 11) for sector in sectors)
        place = next((p for p in places if free(p) and not any(_overlap(p, other) for other in taken)), None)
        if place is not None:
            taken.append(place)
            canvas.rect(place, "card", radius=4, opacity=0.85)
            canvas.text(((place[0] + place[2]) / 2, (place[1] + place[3]) / 2), name, "soft", align="center")


def _spoke_legend(canvas: _Canvas, axis: _Axis, top: float, *, bars: bool = False) -> None:
    words = axis.words
    now = "accent" if bars else "now"
    items = [(now, words["legend_value"])] if any(spoke.value is not None for spoke in axis.spokes) else []
    if any(spoke.is_open for spoke in axis.spokes):
        items.append(("open", words["legend_open"]))
    if axis.has_targets:
        items.append(("goal" if bars else "target", words["legend_target"]))
    names = [name for _, name in axis.rings]
    if axis.has_levels and names:
        items.append(
            ("", words["legend_levels" if names[1:] else "legend_level"].format(first=names[0], last=names[-1]))
        )
    if any(not spoke.part.applicable for spoke in axis.spokes):
        items.append(("", words["legend_na"]))
    if any(not spoke.part.counted for spoke in axis.spokes):
        items.append(("", words["legend_not_counted"]))
    canvas.legend(top, items)


# Bars.

_INSET = 2
"""Pixels at both ends, so that a target at the very end is drawn whole."""


def _bars(axis: _Axis, spokes: Sequence[_Spoke], theme: Theme) -> _Canvas:
    """Draw a bar for each dimension under its name and numbers, with the way to its target."""
    canvas = _Canvas(theme)
    for row, spoke in enumerate(spokes):
        _bar_text(canvas, axis, spoke, row * 50.0 + 10)
        _bar(canvas, axis, spoke, row * 50.0 + 22)
    bottom, free_from = len(spokes) * 50 + 8.0, 0.0
    start = [] if axis.has_levels else [(axis.low, axis.text(axis.low))]
    for place, name in (*start, *axis.rings):
        half = _text_width(name) / 2
        x = min(max(_bar_x(axis, place), half + _INSET), _WIDTH - half - _INSET)
        if x - half >= free_from:
            canvas.text((x, bottom), name, "soft", align="center")
            free_from = x + half + 6
    _spoke_legend(canvas, axis, bottom + 18, bars=True)
    return canvas


def _bar_x(axis: _Axis, place: float) -> float:
    return _INSET + (_WIDTH - 2 * _INSET) * (place - axis.low) / (axis.high - axis.low)


def _bar_text(canvas: _Canvas, axis: _Axis, spoke: _Spoke, y: float) -> None:
    words, right = axis.words, float(_WIDTH - _INSET)
    numbers = " ".join(axis.now(spoke))
    if spoke.gap is not None:
        shown = words["gap_number"].format(gap=axis.shown_gap(spoke)) if spoke.gap else words["no_gap"]
        canvas.text((right, y), shown, "warning" if spoke.gap else "soft", align="right")
        right -= max(_text_width(shown), _text_width(words["no_gap"])) + 16
    if spoke.target is not None:
        numbers = f"{numbers} → {axis.text(spoke.target)}"
    canvas.text((right, y), numbers, "soft", align="right")
    room = right - _text_width(numbers) - _INSET - 12
    canvas.text((_INSET, y), _wrapped(axis.label(spoke.part), room, 1)[0], "ink")


def _bar(canvas: _Canvas, axis: _Axis, spoke: _Spoke, top: float) -> None:
    bottom = top + 14
    begin = spoke.low if spoke.value is None else spoke.value
    canvas.rect((_INSET, top, _WIDTH - _INSET, bottom), "step0")
    if spoke.value is not None:
        box = (_INSET, top, _bar_x(axis, spoke.value), bottom)
        canvas.rect(box, "accent", name=_line(spoke.part.title), shows=" ".join(axis.now(spoke)))
    if begin is not None and spoke.high is not None and spoke.high > begin:
        still_open = _outline((_bar_x(axis, begin), top, _bar_x(axis, spoke.high), bottom))
        canvas.hatch([still_open])
        canvas.line(still_open, "accent")
    for place, _ in axis.rings:
        if place < axis.high:
            canvas.line([(_bar_x(axis, place), top), (_bar_x(axis, place), bottom)], "card", width=1.5)
    if spoke.target is not None:
        end = _bar_x(axis, spoke.target)
        if spoke.gap and begin is not None:
            canvas.line([(_bar_x(axis, begin), bottom + 5), (end, bottom + 5)], "warning", width=2, dash=(5, 3))
        canvas.line([(end, top - 3), (end, bottom + 7)], "warning", width=3)


# The heatmaps.


class _Drawn(NamedTuple):
    chart: _Canvas
    said: list[str]
    table: Table


_GAP = 4
_NARROW = 50
"""A cell below this width has its tick under the number, not beside it."""


def _step(share: float, *, reached: bool) -> int:
    """Shade of a cell: the darkest only where it is reached."""
    return 3 if reached else 0 if share < 0.25 else 1 if share < 0.5 else 2  # noqa: PLR2004 - quarters and halves


def _level_cells(axis: _Axis, theme: Theme) -> _Drawn:
    """Draw dimension x level: the percent of each level that is met, with a sign where that is enough."""
    score, words, canvas = axis.score, axis.words, _Canvas(theme)
    parts = (*score.dimensions, score.overall)
    levels = [step.level for step in score.overall.completion]
    names = [axis.label(part) if part.depth else words["overall"] for part in parts]
    beside = min(max(_text_width(name) for name in names), 132.0) + 10
    width = min((_WIDTH - beside - _GAP * (len(levels) - 1)) / len(levels), 96.0)
    long = max(_text_width(words["level"].format(level=level)) for level in levels) <= width
    for column, level in enumerate(levels):
        x = beside + column * (width + _GAP) + width / 2
        canvas.text((x, 9), words["level" if long else "level_short"].format(level=level), "soft", align="center")
    y = 24.0
    for part, name in zip(parts, names, strict=True):
        if not part.depth:
            canvas.line([(0, y + 3), (beside + len(levels) * (width + _GAP) - _GAP, y + 3)], "line", width=1.5)
            y += 10
        height = 44 if width < _NARROW else 32 if _text_width(name) <= beside - 10 else 38
        _row_name(canvas, name, beside, y, height)
        for column, step in enumerate(part.completion):
            x = beside + column * (width + _GAP)
            _level_cell(canvas, axis, step, (x, y, x + width, y + height), name)
        y += height + _GAP
    needed = score.overall.completion[0].needed
    items = [*_shades(words), ("check", words["legend_reached"].format(number=_percent(needed)))]
    canvas.legend(y + 8, items)
    return _Drawn(canvas, _levels_said(axis), _level_table(axis, parts, levels))


def _shades(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        ("step0", words["legend_from"].format(number=0)),
        ("step1", "25"),
        ("step2", words["percent"].format(number=50)),
    ]


def _row_name(canvas: _Canvas, name: str, beside: float, y: float, height: float) -> None:
    lines = _wrapped(name, beside - 10, 2)
    for row, line in enumerate(lines):
        canvas.text((1, y + height / 2 + _LEADING * (row - (len(lines) - 1) / 2)), line, "ink")


def _level_cell(canvas: _Canvas, axis: _Axis, step: Completion, box: Box, name: str) -> None:
    words, share, share_high = axis.words, step.share, step.share_high
    if share is None or share_high is None:
        canvas.frame(box)
        canvas.text(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), words["na"], "soft", align="center")
        return
    reached = share >= step.needed - _NOISE
    text = _interval_text(share, share_high, (step.needed, 1.0))
    if _text_width(text) > box[2] - box[0] - (21 if reached else 4):
        text = _percent(share, (step.needed, 1.0))
    level = words["level"].format(level=step.level)
    canvas.cell(box, text, _step(share, reached=reached), checked=reached, name=f"{name}, {level}")


def _interval_text(low: float, high: float, edges: Sequence[float] = (1.0,)) -> str:
    """Write percent without its sign, as an interval when something is open."""
    first, last = _percent(low, edges), _percent(high, edges)
    return first if first == last else f"{first}–{last}"


def _level_table(axis: _Axis, parts: Sequence[SectionScore], levels: Sequence[int]) -> Table:
    words = axis.words
    columns = [_texts(words["dimension"], [axis.title(part) if part.depth else words["overall"] for part in parts])]
    still_open = any(step.met_high != step.met for part in parts for step in part.completion)
    for position, level in enumerate(levels):
        steps = [part.completion[position] for part in parts]
        edges, name = (steps[0].needed, 1.0), words["level"].format(level=level)
        columns.append(_percents(words, name, [step.share for step in steps], edges))
        if still_open:
            name = words["level_highest"].format(name=name)
            columns.append(_percents(words, name, [step.share_high for step in steps], edges))
    return _tabulated(columns)


def _levels_said(axis: _Axis) -> list[str]:
    score, words = axis.score, axis.words
    parts = [part for part in score.dimensions if part.applicable]
    counts = [
        words["level_reached"].format(level=step.level, count=sum((part.level or 0) >= step.level for part in parts))
        for step in score.overall.completion
    ]
    said = [words["levels_reached"].format(levels=", ".join(counts), of=len(parts))] if parts else [words["nothing"]]
    placed = [(part.position() or 0.0, part) for part in parts if part.next is not None]
    if placed:
        _, last = min(placed, key=lambda pair: pair[0])
        step = next(step for step in last.completion if last.next and step.level == last.next.level)
        share = words["percent"].format(number=_percent(step.share or 0.0, (step.needed, 1.0)))
        said.append(words["furthest"].format(name=_short(axis.label(last)), share=share, level=step.level))
    return [*said, _whole(axis)]


def _practice_cells(axis: _Axis, theme: Theme) -> _Drawn:
    """Draw a block for each dimension, a tile for each practice in it."""
    score, words, canvas = axis.score, axis.words, _Canvas(theme)
    rows: list[tuple[SectionScore, SectionScore]] = []
    y = 0.0
    for part, practices in _practices(score):
        rows += [(part, practice) for practice in practices]
        numbers = _practice_text(axis, part)
        canvas.text((_WIDTH, y + 9), numbers, "soft", align="right")
        canvas.text((1, y + 9), _wrapped(axis.label(part), _WIDTH - _text_width(numbers) - 12, 1)[0], "ink")
        y = _tiles(canvas, axis, practices, y + 22) + 10
    canvas.legend(y, [*_shades(words), ("check", words["percent"].format(number=100))])
    there = [practice for _, practice in rows if practice.share is not None]
    said = [words["nothing"]]
    if there:
        met = sum((practice.share or 0.0) >= 1 for practice in there)
        said = [words["practices_met"].format(met=met, of=len(there)), _practices_said(axis, there), _whole(axis)]
    shares = {which: [_share_of(practice, which) for _, practice in rows] for which in ("value", "low", "high")}
    table = [
        _texts(words["practice"], [_line(practice.title) for _, practice in rows]),
        _texts(words["dimension"], [axis.title(part) for part, _ in rows]),
        _percents(words, words["share"], shares["value"]),
    ]
    if shares["low"] != shares["high"]:
        table.append(_percents(words, words["lowest"], shares["low"]))
        table.append(_percents(words, words["highest"], shares["high"]))
    table.append(_counts(words["open_column"], [practice.applicable - practice.answered for _, practice in rows]))
    return _Drawn(canvas, said, _tabulated(table))


def _practices(score: Score) -> Iterator[tuple[SectionScore, list[SectionScore]]]:
    """Give each dimension with the sections directly below it, or itself where it has none."""
    dimension: SectionScore | None = None
    below: list[SectionScore] = []
    for part in score.sections:
        if part.depth == 1:
            if dimension is not None:
                yield dimension, below or [dimension]
            dimension, below = part, []
        elif part.depth == 2:  # noqa: PLR2004 - the floor below dimensions
            below.append(part)
    if dimension is not None:
        yield dimension, below or [dimension]


def _share_of(part: SectionScore, which: str) -> float | None:
    number = {"value": part.value, "low": part.low, "high": part.high}[which]
    if number is None or part.maximum == part.minimum:
        return None
    return (number - part.minimum) / (part.maximum - part.minimum)


def _practice_text(axis: _Axis, part: SectionScore) -> str:
    low, high = _share_of(part, "low"), _share_of(part, "high")
    if low is None or high is None:
        return axis.words["na"]
    return axis.words["percent"].format(number=_interval_text(low, high))


def _tiles(canvas: _Canvas, axis: _Axis, practices: Sequence[SectionScore], y: float) -> float:
    """Draw rows of two or three tiles; give where they end."""
    columns = 2 if len(practices) in (1, 2, 4) else 3
    width = (_WIDTH - _GAP * (columns - 1)) / columns
    for start in range(0, len(practices), columns):
        row = [(part, _wrapped(_line(part.label), width - 12, 2)) for part in practices[start : start + columns]]
        height = 32 + _LEADING * max(len(lines) for _, lines in row)
        for column, (part, lines) in enumerate(row):
            x = column * (width + _GAP)
            _tile(canvas, axis, part, lines, (x, y, x + width, y + height))
        y += height + _GAP
    return y


def _tile(canvas: _Canvas, axis: _Axis, part: SectionScore, lines: Sequence[str], box: Box) -> None:
    share, text, colour = part.share, _practice_text(axis, part), "soft"
    x, y = box[0] + 6, box[1] + 15
    if share is None:
        canvas.frame(box)
    else:
        shade = _step(share, reached=share >= 1)
        colour = f"on{shade}"
        canvas.rect(box, f"step{shade}", radius=4, name=_line(part.title), shows=text)
        if share >= 1:
            canvas.check((x + _text_width(text) * _BOLD + 6, y), colour)
    canvas.text((x, y), text, colour, weight="bold")
    for row, line in enumerate(lines):
        canvas.text((x, y + _LEADING * (row + 1)), line, colour)


def _practices_said(axis: _Axis, there: Sequence[SectionScore]) -> str:
    ordered = sorted(there, key=lambda practice: practice.share or 0.0)
    low, high = ordered[0], ordered[-1]
    show = axis.words["percent"]
    first, last = (show.format(number=_percent(practice.share or 0.0)) for practice in (low, high))
    if low.share == high.share:
        return ""
    top = next(practice for practice in there if practice.share == high.share)
    names = {"highest": _short(_line(top.label)), "lowest": _short(_line(low.label))}
    return axis.words["extremes"].format(high=last, low=first, **names)


def _criterion_cells(axis: _Axis, answers: Mapping[str, Answer | str], theme: Theme) -> _Drawn:
    """Draw dimension x criterion, in the order they are read: the answer where it is known, else met or not."""
    score, words, canvas = axis.score, axis.words, _Canvas(theme)
    rubric, state = score.rubric, score.state
    below: dict[str, list[str]] = {part.id: [] for part in score.dimensions}
    for criterion in rubric.criteria:
        below[rubric.dimension_of[criterion].id].append(criterion)
    given = {criterion: _answer_of(score, answers, criterion) for criterion in rubric.criteria}
    beside = min(max(_text_width(axis.label(part)) for part in score.dimensions), 118.0) + 10
    columns = min(max(map(len, below.values())), 7)
    width = min((_WIDTH - beside - _GAP * (columns - 1)) / columns, 64.0)
    height = 36 if width >= _NARROW else 44
    for column in range(columns):
        canvas.text((beside + column * (width + _GAP) + width / 2, 9), str(column + 1), "soft", align="center")
    y = 24.0
    for part in score.dimensions:
        _row_name(canvas, axis.label(part), beside, y, height)
        for index, criterion in enumerate(below[part.id]):
            if index and index % columns == 0:
                y += height + _GAP
            x = beside + index % columns * (width + _GAP)
            box, name = (x, y, x + width, y + height), f"{axis.label(part)} {index + 1}"
            if state[criterion] in ("na", "open"):
                canvas.frame(box, dashed=state[criterion] == "open")
                sign = words["na"] if state[criterion] == "na" else "?"
                canvas.text((x + width / 2, y + height / 2), sign, "soft", align="center")
            else:
                _criterion_cell(canvas, box, given[criterion], name, met=state[criterion] == "met")
        y += height + _GAP
    known = any(answer is not None for answer in given.values())
    ends = [("step0", words["legend_lowest"]), ("step3", words["legend_highest"]), ("tick", words["legend_met"])]
    items = ends if known else [("check", words["legend_met"]), ("×", words["legend_short"])]
    items += [("?", words["open"])] if "open" in state.values() else []
    items += [("", words["legend_na"])] if "na" in state.values() else []
    canvas.legend(y + 8, [*items, ("", words["legend_numbers"])])
    rows = [(part, number, name) for part in score.dimensions for number, name in enumerate(below[part.id], 1)]
    table = [
        _texts(words["criterion"], [_line(rubric.criteria[name].text) for _, _, name in rows]),
        _texts(words["dimension"], [axis.title(part) for part, _, _ in rows]),
        _counts(words["number"], [number for _, number, _ in rows]),
        _texts(words["state"], [words[state[name]] for _, _, name in rows]),
    ]
    if known:
        values = [None if (answer := given[name]) is None else answer[0] for _, _, name in rows]
        texts = ["" if value is None else _number(value) for value in values]
        table.append(_Column(words["answer"], values, texts, "Float64"))
    return _Drawn(canvas, _criteria_said(axis, below), _tabulated(table))


def _criterion_cell(canvas: _Canvas, box: Box, answer: tuple[float, float] | None, name: str, *, met: bool) -> None:
    if answer is None:
        canvas.cell(box, "" if met else "×", 3 if met else 0, checked=met, name=name)
    else:
        value, share = answer
        canvas.cell(box, _number(value), _step(share, reached=share >= 1), checked=met, name=name)


def _answer_of(score: Score, answers: Mapping[str, Answer | str], criterion: str) -> tuple[float, float] | None:
    """Give an answer's value and its place on the scale, 0 to 1; None where it is not known or only implied."""
    answer = answers.get(criterion)
    chosen = answer if answer is None or isinstance(answer, str) else answer.value
    options = score.rubric.scale_of[criterion].options
    value = next((option.value for option in options if option.id == chosen), None)
    if value is None or score.state[criterion] in ("na", "open"):
        return None
    return value, (value - options[0].value) / (options[-1].value - options[0].value)


def _criteria_said(axis: _Axis, below: Mapping[str, Sequence[str]]) -> list[str]:
    score, words = axis.score, axis.words
    counts = []
    for part in score.dimensions:
        states = [score.state[criterion] for criterion in below[part.id]]
        counts.append((states.count("met"), len(states) - states.count("na"), part))
    there = [count for count in counts if count[1]]
    if not there:
        return [words["nothing"]]
    said = [words["criteria_met"].format(met=sum(met for met, _, _ in there), of=sum(of for _, of, _ in there))]
    met, of, part = min(there, key=lambda count: count[0] / count[1])
    if met < of:
        said.append(words["fewest_met"].format(name=_short(axis.label(part)), met=met, of=of))
    return [*said, _whole(axis)]


# Drawing: marks in pixels, in few layers, so that labels can be kept clear of the data.


class _Canvas:
    """Collects marks of one drawing, a layer for each style, drawn in the order in which styles first appear."""

    def __init__(self, theme: Theme) -> None:
        self._colours = _COLOURS[theme]
        self._layers: dict[tuple[str, tuple[tuple[str, Any], ...]], list[dict[str, Any]]] = {}
        self._bottom = 0.0

    def _add(self, mark: str, rows: Iterable[dict[str, Any]], **style: Any) -> None:
        layer = self._layers.setdefault((mark, tuple(sorted(style.items()))), [])
        for row in rows:
            layer.append({key: round(value, 2) if isinstance(value, float) else value for key, value in row.items()})
            self._bottom = max([self._bottom, *(row[key] for key in ("y", "y2") if row.get(key) is not None)])

    def line(self, points: Sequence[Point], colour: str, *, width: float = 1, dash: tuple[int, ...] = ()) -> None:
        style = {"strokeWidth": width, "strokeJoin": "round"} | ({"strokeDash": dash} if dash else {})
        self._add("line", self._path(points), stroke=self._colours[colour], **style)

    def area(self, points: Sequence[Point], colour: str, *, opacity: float) -> None:
        self._add("line", self._path(points), fill=self._colours[colour], fillOpacity=opacity, stroke=None)

    @staticmethod
    def _path(points: Sequence[Point]) -> Iterator[dict[str, Any]]:
        """Lines of one style share a layer; a row without a place ends each of them."""
        for x, y in points:
            yield {"x": float(x), "y": float(y)}
        yield {"x": None, "y": None}

    def hatch(self, loops: Sequence[Sequence[Point]]) -> None:
        """Draw slanted lines inside what the loops enclose: what is in an even number of them stays free."""
        edges = [edge for loop in loops for edge in pairwise(loop)]
        sums = [x + y for loop in loops for x, y in loop]
        at = floor(min(sums) / 6) * 6 + 3
        while at < max(sums):
            crossings = sorted(
                x1 + (x2 - x1) * (at - x1 - y1) / (x2 + y2 - x1 - y1)
                for (x1, y1), (x2, y2) in edges
                if (x1 + y1 <= at) != (x2 + y2 <= at)
            )
            for first, second in zip(crossings[::2], crossings[1::2], strict=False):
                if second - first > 0.5:  # noqa: PLR2004 - shorter than that is a dot
                    self.line([(first, at - first), (second, at - second)], "accent")
            at += 6

    def rect(self, box: Box, colour: str, *, radius: int = 2, opacity: float = 1, **shown: str) -> None:
        row = {**dict(zip(("x", "y", "x2", "y2"), map(float, box), strict=True)), **shown}
        self._add("rect", [row], fill=self._colours[colour], cornerRadius=radius, opacity=opacity)

    def frame(self, box: Box, *, dashed: bool = False) -> None:
        """Draw an empty cell."""
        self.line(_outline(box, inset=0.5), "soft" if dashed else "line", dash=(3, 3) if dashed else ())

    def cell(self, box: Box, text: str, shade: int, *, checked: bool, name: str) -> None:
        """Draw a cell with its text, and a tick beside it, or under it in a narrow one."""
        colour, width = f"on{shade}", box[2] - box[0]
        centre, middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        self.rect(box, f"step{shade}", radius=4, name=name, shows=text)
        if checked and (width >= _NARROW or not text):
            wide = _text_width(text) + 6 if text else 0.0
            begin = centre - (wide + 11) / 2
            if text:
                self.text((begin, middle), text, colour)
            self.check((begin + wide, middle), colour)
            return
        self.text((centre, middle - (8 if checked else 0)), text, colour, align="center")
        if checked:
            self.check((centre - 5.5, middle + 11), colour)

    def check(self, point: Point, colour: str) -> None:
        """Draw a tick 11 pixels wide, whatever fonts there are."""
        x, y = point
        self.line([(x, y), (x + 4, y + 4), (x + 11, y - 5)], colour, width=2)

    def dot(self, point: Point, colour: str, **shown: str) -> None:
        self._add(
            "point", [{"x": point[0], "y": point[1], **shown}], shape="circle", size=56, opacity=1,
            fill=self._colours[colour], stroke=self._colours["card"], strokeWidth=1.5,
        )  # fmt: skip

    def text(self, point: Point, text: str, colour: str, *, align: str = "left", weight: str = "normal") -> None:
        row = {"x": float(point[0]), "y": float(point[1]), "text": text}
        style = {"align": align, "baseline": "middle", "fontSize": _FONT_SIZE, "fontWeight": weight}
        self._add("text", [row], fill=self._colours[colour], **style)
        self._bottom = max(self._bottom, point[1] + _LEADING / 2)

    def legend(self, top: float, items: Sequence[tuple[str, str]]) -> None:
        """Explain signs in as many rows as they need."""
        x, y = 0.0, top + 9
        for sign, text in items:
            lead = 26.0 if sign else 0.0
            if x and x + lead + _text_width(text) > _WIDTH:
                x, y = 0.0, y + 22
            if sign:
                self._sign(sign, x, y)
            fitted = _wrapped(text, _WIDTH - lead, 1)[0]
            self.text((x + lead, y), fitted, "soft")
            x += lead + _text_width(fitted) + 18

    def _sign(self, sign: str, x: float, y: float) -> None:
        box, middle = (x, y - 8, x + 20, y + 8), (x + 10, y)
        if sign == "now":
            self.line([(x, y), (x + 20, y)], "accent", width=2.5)
            self.dot(middle, "accent")
        elif sign == "open":
            self.hatch([_outline(box, inset=1)])
            self.line(_outline(box, inset=1), "accent")
        elif sign in ("target", "goal"):
            self.line([(x, y), (x + 20, y)], "warning", width=2, dash=(5, 3))
            if sign == "goal":
                self.line([(x + 20, y - 7), (x + 20, y + 7)], "warning", width=3)
        elif sign == "?":
            self.frame(box, dashed=True)
            self.text(middle, "?", "soft", align="center")
        elif sign == "tick":
            self.check((x + 4.5, y), "soft")
        else:
            self.rect(box, {"check": "step3", "×": "step0"}.get(sign, sign), radius=4)
            if sign == "check":
                self.check((x + 4.5, y), "on3")
            elif sign == "×":
                self.text(middle, "×", "on0", align="center")

    def layered(self, title: str, description: str) -> alt.LayerChart:
        """Make the Altair chart."""
        height = int(self._bottom) + 4
        x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, _WIDTH], range=[0, _WIDTH], nice=False, zero=False))
        y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], range=[0, height], nice=False, zero=False))
        layers = []
        for (mark, style), rows in self._layers.items():
            options: dict[str, Any] = {**dict(style), "aria": False}
            encoding: dict[str, Any] = {"x": x, "y": y}
            if mark == "line":
                rows = [{**row, "order": index} for index, row in enumerate(rows)]  # noqa: PLW2901 - the same rows, numbered
                options["invalid"] = "break-paths-show-domains"
                encoding["order"] = alt.Order("order:Q")
            if mark == "rect":
                encoding |= {"x2": "x2:Q", "y2": "y2:Q"}
            if mark == "text":
                encoding["text"] = "text:N"
            if "name" in rows[0]:
                encoding["tooltip"] = [alt.Tooltip("name:N", title=" "), alt.Tooltip("shows:N", title=" ")]
            base = alt.Chart(alt.InlineData(values=rows))
            layers.append(getattr(base, f"mark_{mark}")(**options).encode(**encoding))
        chart: alt.LayerChart = alt.layer(*layers).properties(
            width=_WIDTH, height=height, padding=0, autosize="none", background=self._colours["card"],
            description=f"{title}. {description}",
        ).configure(font=_FONT, aria=False, view=alt.ViewConfig(stroke=None))  # fmt: skip
        return chart


def _outline(box: Box, *, inset: float = 0) -> list[Point]:
    left, top, right, bottom = box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def _runs(there: Sequence[bool]) -> list[list[int]]:
    """Group neighbours round a circle: runs of spokes without a gap between them.

    >>> _runs([True, False, True, True]), _runs([True, True, True])
    ([[2, 3, 0]], [[0, 1, 2]])
    """
    count = len(there)
    if all(there):
        return [list(range(count))]
    start = there.index(False)
    runs: list[list[int]] = [[]]
    for index in ((start + step) % count for step in range(count)):
        if there[index]:
            runs[-1].append(index)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _crosses(segment: tuple[Point, Point], box: Box) -> bool:
    """Whether a segment touches a box: cut it at each side and see what is left."""
    (x1, y1), (x2, y2) = segment
    first, last = 0.0, 1.0
    for start, delta, low, high in ((x1, x2 - x1, box[0], box[2]), (y1, y2 - y1, box[1], box[3])):
        if delta == 0:
            if not low <= start <= high:
                return False
            continue
        near, far = sorted(((low - start) / delta, (high - start) / delta))
        first, last = max(first, near), min(last, far)
    return first <= last


# Text: how wide it is, how it breaks, how it becomes XML.

_ADVANCES = (
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
    84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61,
    69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59,
    82, 59, 59, 52, 64, 34, 64, 84,
)  # fmt: skip
"""Widths from space to tilde in DejaVu Sans, the widest of the fonts named, in hundredths of the size."""

_BOLD = 1.14

_HINTED = 1.04
"""Browsers that round each letter to whole pixels need this much more."""


_ROUNDING = 0.01
"""Pixels: what sums of widths may differ by."""


def _text_width(text: str) -> float:
    """Estimate the width of a label in pixels, never less than it needs."""
    hundredths = sum(
        _ADVANCES[ord(char) - 32] if " " <= char <= "~" else 72 if char < "\u1100" or char in "–…→×" else 104
        for char in text
    )
    return hundredths * _FONT_SIZE / 100 * _HINTED


def _wrapped(text: str, width: float, most: int) -> tuple[str, ...]:
    """Break a label into lines that fit; what does not fit ends with an ellipsis.

    >>> _wrapped("Features & data", 80, 2)
    ('Features &', 'data')
    >>> _wrapped("Features & data", 80, 1)
    ('Features…',)
    """
    words, lines = text.split(" "), [""]
    for index, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if _text_width(longer) <= width + _ROUNDING:
            lines[-1] = longer
        elif len(lines) < most and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = _cut(" ".join([longer, *words[index + 1 :]]), width)
            return tuple(lines)
        if _text_width(lines[-1]) > width + _ROUNDING:
            lines[-1] = _cut(" ".join([lines[-1], *words[index + 1 :]]), width)
            return tuple(lines)
    return tuple(lines)


def _cut(text: str, width: float) -> str:
    end = len(text)
    while end > 1 and _text_width(text[:end].rstrip(" ,;:&-") + "…") > width:
        end -= 1
    return text[:end].rstrip(" ,;:&-") + "…"


def _line(text: str) -> str:
    """Make one line of a text, without characters that cannot be seen, which XML may not hold."""
    kept = (char if char.isprintable() or char in "\u200c\u200d" else " " for char in text)
    return " ".join("".join(kept).split()) or "–"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39].rstrip()}…"  # noqa: PLR2004 - a name within a sentence


def _xml(text: str) -> str:
    return escape(text, quote=True)


def _style(theme: Theme) -> str:
    """Write the style of a figure: it takes the colours of the page, told by `color-scheme`."""
    own, light, dark = _COLOURS[theme], _COLOURS["light"], _COLOURS["dark"]

    def both(name: str) -> str:
        return f"light-dark({light[name]},{dark[name]})"

    kinds = ("fill", "stroke")
    drawn = "".join(f'.mlops-chart [{kind}="{own[name]}"]{{{kind}:{both(name)}}}' for name in own for kind in kinds)
    return (
        f".mlops-chart{{margin:0;padding:8px;border-radius:8px;color:{own['ink']};background:{own['card']};"
        f"color:{both('ink')};background:{both('card')};font:15px/1.45 {_FONT}}}"
        # JupyterLab, Voila and VS Code say their theme in words of their own.
        '[data-jp-theme-light="true"] .mlops-chart{color-scheme:light}'
        '[data-jp-theme-light="false"] .mlops-chart,.vscode-dark .mlops-chart{color-scheme:dark}'
        "@media print{.mlops-chart{color-scheme:light!important}}"
        ".mlops-chart :is(figcaption,p){margin:8px 0;max-width:60ch;overflow-wrap:anywhere}"
        ".mlops-chart summary{cursor:pointer;padding:4px 0}"
        ".mlops-chart-scroll{overflow-x:auto}"
        f".mlops-chart table{{border-collapse:collapse;font-size:14px;color:inherit;margin:0}}"
        f".mlops-chart caption{{text-align:left;padding:4px 0;color:{both('soft')}}}"
        ".mlops-chart :is(th,td){padding:4px 8px 4px 0;white-space:nowrap;text-align:right;vertical-align:top;"
        "background:none;border:0;border-bottom:1px solid;font-weight:400;font-variant-numeric:tabular-nums;"
        f"border-color:{both('line')}}}"
        f".mlops-chart thead th{{white-space:normal;color:{both('soft')}}}"
        ".mlops-chart .text{text-align:left;white-space:normal;overflow-wrap:anywhere;min-width:5em}"
        ".mlops-chart tr>:first-child{min-width:7.5em}"
        f"{drawn}"
    )
