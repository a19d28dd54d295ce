"""Every chart can be read by anyone, anywhere: in words, as a table, in the dark, on a phone, without a network."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from chart_cases import answered, flat, levels_score, texts

from mlops_widgets.charts import Chart, gap, heatmap, radar
from mlops_widgets.charts.figure import PALETTE, WIDTH, Theme
from mlops_widgets.library import load_rubric, rubric_ids
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from collections.abc import Callable

DRAWINGS = pytest.mark.parametrize("draw", [radar, gap, heatmap])
HOSTILE = "<script>alert(1)</script>\"'&]]>\\u0041\x00\u202e" + "x" * 170


class Tags(HTMLParser):
    """Collects the tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.text.append(data)


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 defines it."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@DRAWINGS
def test_nothing_applies_is_drawn_without_an_error(draw: Callable[..., Chart]) -> None:
    """All not applicable: no number anywhere, and dimensions are named."""
    chart = draw(answered(*[-1] * 5))
    assert "Does not apply: Data, Training, Registry and 2 more." in chart.description
    assert chart.svg().startswith("<svg ")


@DRAWINGS
def test_hostile_titles_are_text_everywhere(draw: Callable[..., Chart]) -> None:
    """No title becomes an element, an attribute or code; drawings cut it and tables keep it whole."""
    sections = [section | {"title": HOSTILE} for section in flat(3).to_dict()["sections"]]
    chart = draw(score(flat(3, title=HOSTILE, sections=sections), {}))
    root = ET.fromstring(chart.svg())  # noqa: S314 - our own
    assert not [element for element in root.iter() if element.tag.rsplit("}")[-1] in ("script", "a", "image", "use")]
    page = Tags(chart.html())
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert any("x" * 170 in text for text in page.text)
    assert "x" * 100 not in "".join(texts(chart)), "a label in the drawing is cut"
    assert any(text.endswith("…") for text in texts(chart))


@DRAWINGS
def test_figures_need_nothing_from_outside(draw: Callable[..., Chart]) -> None:
    """The only address is the SVG namespace, and there are no ids, links, scripts or imports."""
    chart = draw(answered(0, 1, 2, 3))
    assert re.findall(r"https?:[^\"' ]*", chart.svg()) == ["http://www.w3.org/2000/svg"]
    assert not re.findall(r"https?:|url\(|@import|javascript:", chart.html())
    for text in (chart.svg(), chart.html()):
        assert not re.findall(r"\s(?:id|href|src|xlink:href)=", text)


def test_svg_has_a_name_a_description_and_hidden_marks() -> None:
    """A screen reader finds one picture with its title and what it says."""
    chart = radar(answered(0, 1, 2))
    root = ET.fromstring(chart.svg())  # noqa: S314 - our own
    assert root.attrib["aria-label"] == chart.title == "Profile of Flat"
    assert [root[0].text, root[1].text] == ["Profile of Flat", chart.description]
    assert [element.attrib["role"] for element in root.iter() if "role" in element.attrib] == ["img"]


def test_html_holds_picture_description_and_table() -> None:
    """The figure has one image, its caption, and a table with a caption and scopes; notebooks get just that."""
    chart = gap(answered(0, 1, 2))
    page = Tags(chart.html())
    names = [tag for tag, _ in page.tags]
    assert names[0] == "figure"
    assert [names.count(tag) for tag in ("svg", "figcaption", "details", "summary", "table", "caption")] == [1] * 6
    assert [attributes["scope"] for tag, attributes in page.tags if tag == "th"] == ["col"] * 5 + ["row"] * 3
    assert chart._repr_mimebundle_() == {"text/html": chart.html(), "text/plain": repr(chart)}
    assert repr(chart) == f"<Chart Gaps of Flat: {chart.description}>"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_can_be_read_in_both_themes(theme: Theme) -> None:
    """Text has a contrast of 4.5 at least on every ground it stands on, lines that matter one of 3."""
    colours = PALETTE[theme]
    grounds = [("ink", step) for step in ("card", "step0", "step1", "step2")]
    for text, ground in [*grounds, ("card", "accent"), ("soft", "card"), ("warning", "card")]:
        assert contrast(colours[text], colours[ground]) >= 4.5
    assert contrast(colours["accent"], colours["card"]) >= 3


@DRAWINGS
def test_the_page_can_recolour_every_colour_drawn(draw: Callable[..., Chart]) -> None:
    """Each role has a colour of its own, and no other colour is drawn."""
    for palette in PALETTE.values():
        assert len(set(palette.values())) == len(palette)
    svg = draw(answered(0, 1, -1, -2, 4)).svg()
    drawn = set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg))
    assert drawn - set(PALETTE["light"].values()) - {"none", "transparent"} == set()


@DRAWINGS
def test_letters_are_large_enough_on_a_phone(draw: Callable[..., Chart]) -> None:
    """Every drawing is as wide as planned, so at the 304 px that a phone of 360 leaves, no letter is below 11 px."""
    svg = draw(answered(0, 1, 2, 3, 4)).svg()
    assert f'viewBox="0 0 {WIDTH} ' in svg
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)) * 304 / WIDTH >= 11


def test_dark_and_size_change_the_picture_and_nothing_else() -> None:
    """The dark theme has other colours, another size the same drawing, also as PNG."""
    given = answered(0, 1, 2, 3)
    light, dark, small = radar(given), radar(given, theme="dark"), radar(given, size=190)
    assert PALETTE["dark"]["card"] in dark.svg()
    assert PALETTE["light"]["card"] not in dark.svg()
    assert dark.cells == light.cells == small.cells
    assert small.svg().split(">", 1)[1] == light.svg().split(">", 1)[1]
    assert int.from_bytes(small.png(scale=2)[16:20], "big") == 380


def test_the_same_score_draws_the_same_bytes_in_every_process() -> None:
    """Hash seeds change no byte, and the drawing engine is loaded only when something is drawn."""
    program = (
        "import sys, hashlib; from chart_cases import *; from mlops_widgets.charts import heatmap, radar;"
        "made = radar(answered(0, 1, 2, -1, 4), targets={'overall': 2}), heatmap(levels_score({1: 'yes'}));"
        "assert 'vl_convert' not in sys.modules;"
        "print(hashlib.sha256(''.join(chart.html() for chart in made).encode()).hexdigest())"
    )
    env = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run([sys.executable, "-c", program], env=env, check=True, capture_output=True, text=True).stdout
    made = radar(answered(0, 1, 2, -1, 4), targets={"overall": 2}), heatmap(levels_score({1: "yes"}))
    assert said.strip() == hashlib.sha256("".join(chart.html() for chart in made).encode()).hexdigest()


def test_a_chart_cannot_be_changed_and_unknown_keywords_are_refused() -> None:
    """Charts are values, and a misspelt keyword is a TypeError."""
    with pytest.raises(FrozenInstanceError):
        radar(answered(1, 2, 3)).title = "other"  # type: ignore[misc]
    with pytest.raises(TypeError, match="unexpected keyword argument 'target'"):
        radar(answered(1, 2, 3), target={})  # type: ignore[call-arg]


@pytest.mark.parametrize("name", rubric_ids())
def test_every_packaged_rubric_can_be_drawn(name: str) -> None:
    """All of it and none of it answered give pictures as wide as planned."""
    rubric = load_rubric(name)
    answers = {key: rubric.scale_of[key].options[-1].id for key in rubric.criteria}
    full, empty = score(rubric, answers), score(rubric, {})
    for chart in (radar(empty), heatmap(full, answers=answers), gap(empty)):
        assert ET.fromstring(chart.svg()).attrib["viewBox"].startswith(f"0 0 {WIDTH} ")  # noqa: S314 - our own
