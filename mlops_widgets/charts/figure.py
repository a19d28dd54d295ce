"""A chart with its words and its numbers, in the colours of the page it stands on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from io import BytesIO, StringIO
from json import dumps
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import pandas as pd

from mlops_widgets.charts.axis import WORDS
from mlops_widgets.numerals import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mlops_widgets.charts.axis import Axis

__all__ = [
    "LETTER",
    "LINE",
    "PALETTE",
    "WIDTH",
    "Chart",
    "Theme",
    "figure",
    "in_lines",
    "kinds_drawn",
    "named",
    "row_names",
]

Theme = Literal["light", "dark"]

PALETTE: Mapping[Theme, Mapping[str, str]] = {
    "light": {
        "ink": "#1b2430", "soft": "#5b6675", "line": "#b9c4cf", "card": "#ffffff", "accent": "#0b6e75",
        "warning": "#a35200", "step0": "#eef1f4", "step1": "#bfe0df", "step2": "#5fb0b0",
    },
    "dark": {
        "ink": "#e8ecf1", "soft": "#a3aebb", "line": "#4a5868", "card": "#1a212a", "accent": "#5cc4c4",
        "warning": "#f0b070", "step0": "#232c36", "step1": "#1f4a4d", "step2": "#26686b",
    },
}  # fmt: skip
"""Each role has a value of its own, so that a page can give every colour drawn its counterpart."""

WIDTH = 380
"""Pixels across a drawing; `size` scales it as a whole, so that what fits once fits everywhere."""

FONT_SIZE = 14
"""At 304 px, what a phone of 360 leaves, this is still 11 px."""

_CSS = Path(__file__).parent.parent / "static" / "chart.css"

LINE = 17
"""Pixels from one line of a label to the next."""

LETTER = 8.3
"""Pixels that a letter takes at most, in a label as a whole."""

FONT = "system-ui, Segoe UI, Roboto, Helvetica Neue, Arial, DejaVu Sans, sans-serif"


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart:
    """A picture with the same thing in words and in numbers.

    In a notebook, a Voila page and an exported file it shows itself without network and scripts, in the colours of
    the page: a page says `color-scheme: dark` (or is JupyterLab or VS Code), and the figure follows.

    Attributes:
        chart: the Altair chart, to change or embed elsewhere.
        title: what is shown.
        description: what it says, in a sentence or a few: the alternative text.
        table: the numbers drawn, rounded as they are drawn.
        size: width of the picture in pixels; it shrinks where there is less room.
        theme: colours of `svg` and `png`.
        note: how to read the numbers, where that needs a sentence.
    """

    chart: alt.LayerChart
    title: str
    description: str
    table: pd.DataFrame
    size: int
    theme: Theme
    note: str = ""

    def svg(self) -> str:
        """Draw it as SVG that stands alone: named and described, without ids, scripts or references."""
        head = f"<title>{escape(self.title)}</title><desc>{escape(self.description)}</desc>"
        return self._picture(f'xmlns="http://www.w3.org/2000/svg" font-family="{FONT}"', head)

    def png(self, *, scale: float = 2) -> bytes:
        """Draw it as PNG, `scale` pixels for each of its own."""
        file = BytesIO()
        self.chart.save(file, format="png", scale_factor=scale * self.size / WIDTH)
        return file.getvalue()

    def html(self) -> str:
        """Write the figure: picture, description, and the table to open, in the colours of the page around it."""
        picture = self._picture(f'font-family="{FONT}"')
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return (
            f'<figure class="mlops-chart"><style>{_style(self.theme)}</style>{picture}'
            f"<figcaption>{escape(self.description)}</figcaption>"
            f"<details><summary>{escape(WORDS['table'])}</summary>{note}"
            f'<div role="region" tabindex="0" aria-label="{escape(self.title)}">'
            f"<table><caption>{escape(self.title)}</caption>{self._rows()}</table></div></details></figure>"
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        """Say what it shows, the same on every machine."""
        return f"<Chart {self.title}: {self.description}>"

    @cached_property
    def _drawn(self) -> str:
        file = StringIO()
        self.chart.save(file, format="svg")
        drawn = file.getvalue()
        # The root has one font and one role for all of it.
        for said in (f' font-family="{FONT}"', ' role="graphics-object" aria-roledescription="group mark container"'):
            drawn = drawn.replace(said, "")
        return drawn

    def _picture(self, attributes: str, head: str = "") -> str:
        """Give what Vega drew a root that says what it shows."""
        root, body = self._drawn.split(">", 1)
        width, height = map(float, re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', root)[0])
        return (
            f'<svg {attributes} width="{self.size}" height="{round(self.size * height / width)}" '
            f'viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(self.title)}">{head}{body}'
        )

    @property
    def cells(self) -> tuple[tuple[str, ...], ...]:
        """The table as text, row by row; the first cell names the row."""
        return tuple(tuple(map(_written, row)) for row in self.table.itertuples(index=False))

    def _rows(self) -> str:
        kinds = ["" if pd.api.types.is_numeric_dtype(kind) else ' class="text"' for kind in self.table.dtypes]
        names = zip(kinds, self.table.columns, strict=True)
        head = "".join(f'<th scope="col"{kind}>{escape(name)}</th>' for kind, name in names)
        rows = []
        for first, *others in self.cells:
            cells = "".join(f"<td{kind}>{escape(text)}</td>" for kind, text in zip(kinds[1:], others, strict=True))
            rows.append(f'<tr><th scope="row" class="text">{escape(first)}</th>{cells}</tr>')
        return f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"


def _written(value: Any) -> str:  # noqa: ANN401 - a cell of a table
    return value if isinstance(value, str) else "–" if pd.isna(value) else number(value)


def figure(
    chart: alt.LayerChart,
    *,
    title: str,
    said: Iterable[str],
    table: pd.DataFrame,
    size: int,
    theme: Theme,
    note: str = "",
) -> Chart:
    """Give a chart its looks and its words; it brings its height, marks and scales, in the colours of the theme."""
    colours, description = PALETTE[theme], " ".join(filter(None, said))
    soft = {f"{part}Color": colours["soft"] for part in ("label", "title")}
    sizes = {f"{part}FontSize": FONT_SIZE for part in ("label", "title")}
    finished = chart.properties(
        width=WIDTH,
        padding=6,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        background=colours["card"],
        description=f"{title}. {description}",
    ).configure(
        aria=False,
        font=FONT,
        view={"stroke": None},
        mark={"aria": False},
        axis={"domain": False, "ticks": False, "grid": False, "gridColor": colours["line"], "title": None,
              "labelLineHeight": LINE, **soft, **sizes},
        legend={"orient": "bottom", "direction": "horizontal", "symbolType": "square", "symbolSize": 160, "offset": 10,
                "columnPadding": 14, "rowPadding": 5, "titleFontWeight": "normal", "titleLimit": WIDTH, **soft,
                **sizes},
        title={"anchor": "start", "frame": "bounds", "offset": 8, "fontWeight": "normal", "color": colours["soft"],
               "fontSize": FONT_SIZE},
        text={"fontSize": FONT_SIZE, "fill": colours["ink"], "lineHeight": LINE},
    )  # fmt: skip
    return Chart(
        chart=finished,
        title=title,
        description=description,
        table=table,
        size=size,
        theme=theme,
        note=note,
    )


def kinds_drawn(axis: Axis, theme: Theme) -> dict[str, dict[str, Any]]:
    """Give the looks of the marks that are there, by the name that the legend gives them."""
    looks = {
        "now": ("accent", 2.5, [1, 0], any(spoke.value is not None for spoke in axis.spokes)),
        "still_open": ("step2", 7, [1, 0], any(spoke.is_open for spoke in axis.spokes)),
        "target": ("warning", 2, [5, 3], axis.has_targets),
    }
    return {
        WORDS[kind]: {"color": PALETTE[theme][colour], "width": width, "dash": dash}
        for kind, (colour, width, dash, is_there) in looks.items()
        if is_there
    }


def in_lines(text: str, *, width: int = 14, most: int = 2) -> list[str]:
    """Break a label at spaces; what does not fit ends with an ellipsis, and Vega cuts words that are too long.

    >>> in_lines("Features & data")
    ['Features &', 'data']
    """
    return wrap(text, width, max_lines=most, placeholder="…", break_long_words=False) or ["…"]


def named(values: Iterable[float], names: Sequence[str | list[str]]) -> str:
    """Write the expression that names the values of an axis or a legend."""
    return f"{dumps(names)}[indexof({dumps(list(values))}, datum.value)]"


def row_names(names: Sequence[str]) -> alt.Axis:
    """Name rows that are told apart by their number: two of them may have one name."""
    lines = [in_lines(name) if name else [""] for name in names]
    two = [row for row, label in enumerate(lines) if label[1:]]
    up = {"condition": {"test": f"indexof({two}, datum.value) >= 0", "value": -LINE / 2}, "value": 0}
    return alt.Axis(
        labelExpr=named(range(len(lines)), lines), labelLimit=118, labelPadding=8, labelOffset=up, labelOverlap=False
    )


@lru_cache
def _style(theme: Theme) -> str:
    """Write the style of a figure; every colour drawn becomes that of the page, told by `color-scheme`."""
    drawn = (
        f'.mlops-chart [{kind}="{PALETTE[theme][role]}"]{{{kind}:light-dark({light},{PALETTE["dark"][role]})}}'
        for role, light in PALETTE["light"].items()
        for kind in ("fill", "stroke")
    )
    return _CSS.read_text(encoding="utf-8") + "".join(drawn)
