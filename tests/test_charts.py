"""Charts draw the numbers of the score, say them in words and in a table, and keep labels clear of the drawing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError
from html.parser import HTMLParser
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from mlops_widgets import charts
from mlops_widgets.assessment import Answer, Assessment
from mlops_widgets.charts import WORDS, Chart, gap, heatmap, radar
from mlops_widgets.library import load_rubric, rubric_ids
from mlops_widgets.rubric import Rubric
from mlops_widgets.scoring import Score, score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAMES = (
    "Data", "Training", "Registry", "Deployment", "Monitoring", "Retraining",
    "Testing", "Governance", "Infrastructure", "Security", "Cost", "People",
)  # fmt: skip


def flat(count: int, **changes: Any) -> Rubric:
    """Make a rubric of so many dimensions with four statements each."""
    sections = [
        {
            "id": f"s{index}",
            "title": NAMES[index % len(NAMES)],
            "criteria": [{"id": f"s{index}.c{number}", "text": f"Statement {number}"} for number in range(4)],
        }
        for index in range(count)
    ]
    return Rubric.from_dict(
        {
            "id": "flat",
            "version": "1.0",
            "title": "Flat",
            "description": "Made for tests.",
            "source": {"document": "none"},
            "scale": "answer",
            "scales": {
                "answer": {
                    "options": [
                        {"id": "no", "label": "No", "value": 0},
                        {"id": "partly", "label": "Partly", "value": 0.5},
                        {"id": "yes", "label": "Yes", "value": 1},
                    ]
                }
            },
            "scoring": {"combine": "mean"},
            "sections": sections,
            **changes,
        }
    )


def answered(count: int, *yes: int, **changes: Any) -> Score:
    """Score the flat rubric with so many yes in each dimension, the rest no; -1 is not applicable, -2 open."""
    rubric = flat(count, **changes)
    answers: dict[str, str] = {}
    for index, number in enumerate(yes):
        for place in range(4):
            if number != -2:
                answers[f"s{index}.c{place}"] = "na" if number == -1 else "yes" if place < number else "no"
    return score(rubric, answers)


def levels_score(options: dict[int, str]) -> Score:
    """Score the levels rubric with one answer for each level."""
    rubric = load_rubric("mlops-levels")
    levels = {name: criterion.level or 0 for name, criterion in rubric.criteria.items()}
    return score(rubric, {name: options[level] for name, level in levels.items() if level in options})


def marks(chart: Chart, kind: str) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Give the options and rows of every layer of one kind, as Altair hands them on."""
    spec = chart.chart.to_dict(validate=False)
    for layer in spec["layer"]:
        if layer["mark"]["type"] == kind:
            yield layer["mark"], spec["datasets"][layer["data"]["name"]]


def texts(chart: Chart) -> list[str]:
    """List every text drawn."""
    return [row["text"] for _, rows in marks(chart, "text") for row in rows]


def segments(chart: Chart, *colours: str) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """List the pieces of the lines drawn in these colours of the light theme."""
    wanted = {charts._COLOURS["light"][colour] for colour in colours}
    pieces = []
    for mark, rows in marks(chart, "line"):
        if mark.get("stroke") in wanted:
            points = [None if row["x"] is None else (row["x"], row["y"]) for row in rows]
            pieces += [(one, other) for one, other in pairwise(points) if one is not None and other is not None]
    return pieces


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


# Numbers.


def test_radar_draws_and_tabulates_the_positions_of_the_score() -> None:
    """Table, text and distance from the centre are the positions of the dimensions."""
    given = answered(5, 0, 1, 2, 3, 4)
    chart = radar(given)
    expected = [part.position() for part in given.dimensions]
    assert chart.table["Score"].tolist() == expected == [0, 0.25, 0.5, 0.75, 1]
    assert chart.cells == (
        ("Data", "0", "0"),
        ("Training", "0.25", "0"),
        ("Registry", "0.5", "0"),
        ("Deployment", "0.75", "0"),
        ("Monitoring", "1", "0"),
    )
    axis = charts._Axis(given, WORDS, None)
    wheel = charts._wheel([axis.label(spoke.part) for spoke in axis.spokes], [axis.now(spoke) for spoke in axis.spokes])
    dots = [row for _, rows in marks(chart, "point") for row in rows if "name" in row]
    distances = [hypot(dot["x"] - wheel.x, dot["y"] - wheel.y) / wheel.radius for dot in dots]
    assert distances == pytest.approx([charts._HUB + (1 - charts._HUB) * (value or 0) for value in expected], abs=1e-3)
    assert [dot["shows"] for dot in dots] == ["0", "0.25", "0.5", "0.75", "1"]


def test_radar_of_gates_shows_levels_never_rounded_up() -> None:
    """A dimension just short of level 2 is written 1.9, and levels stand in the table."""
    given = levels_score({1: "yes"})
    axis = charts._Axis(given, WORDS, None)
    written = [axis.text(place) for place in (0.999, 1.0, 1.949, 1.96, 1.999, 2.0)]
    assert written == ["0.9", "1", "1.9", "1.9", "1.9", "2"]
    assert radar(given).table["Level"].tolist() == [1] * 9


@pytest.mark.parametrize(
    ("share", "needed", "shown"),
    [(0.796, 0.8, "79"), (0.8, 0.8, "80"), (2 / 3, 0.8, "67"), (0.996, 0.8, "99"), (1.0, 0.8, "100"), (0.0, 0.8, "0")],
)
def test_percent_is_whole_and_never_rounded_into_being_reached(share: float, needed: float, shown: str) -> None:
    """79.6 of a needed 80 is written 79, and 100 only when all is there."""
    assert charts._percent(share, (needed, 1.0)) == shown


def test_heatmap_of_levels_draws_the_completion_of_each_level() -> None:
    """Cells and table are the shares of the score, the whole in the last row."""
    given = levels_score({1: "yes", 2: "partly", 3: "no"})
    chart = heatmap(given)
    assert list(chart.table.columns) == ["Dimension", "Level 1", "Level 2", "Level 3"]
    for row, part in zip(chart.table.itertuples(index=False), (*given.dimensions, given.overall), strict=True):
        assert list(row[1:]) == [(step.share or 0) * 100 for step in part.completion]
    assert chart.cells[0] == ("Data management", "100 %", "50 %", "0 %")
    assert chart.cells[-1][0] == "Overall"
    shown = [row["shows"] for _, rows in marks(chart, "rect") for row in rows if "name" in row]
    assert sorted(shown) == sorted(["100", "50", "0"] * 10)


def test_heatmap_of_levels_marks_what_is_reached_by_shade_and_tick() -> None:
    """Every cell at or above the threshold is darkest and ticked, no other."""
    chart = heatmap(levels_score({1: "yes", 2: "partly", 3: "no"}))
    darkest = charts._COLOURS["light"]["step3"]
    cells = [row for mark, rows in marks(chart, "rect") for row in rows if mark["fill"] == darkest and "name" in row]
    assert len(cells) == 10
    assert {row["name"].rsplit(", ")[-1] for row in cells} == {"Level 1"}
    white = charts._COLOURS["light"]["on3"]
    ticks = [row for mark, rows in marks(chart, "line") for row in rows if mark["stroke"] == white and row["x"] is None]
    assert len(ticks) == 10 + 1, "one a cell and one in the legend"


def test_heatmap_of_levels_shows_what_is_open_as_an_interval() -> None:
    """With level 2 unanswered, its cells say 0 to 100 and the table gives both ends."""
    chart = heatmap(levels_score({1: "yes", 3: "no"}))
    assert "0–100" in texts(chart)
    assert chart.cells[0] == ("Data management", "100 %", "100 %", "0 %", "100 %", "0 %", "0 %")
    assert list(chart.table.columns)[3:5] == ["Level 2", "Level 2, at most"]


def test_heatmap_of_practices_draws_each_practice_in_its_section() -> None:
    """Tiles and table are the shares of the sections below the dimensions."""
    rubric = load_rubric("mlops-checklist")
    given = score(rubric, {name: "yes" for name in rubric.criteria if "docu" in name})
    chart = heatmap(given)
    practices = [part for part in given.sections if part.depth == 2]
    assert chart.table["Practice"].tolist() == [part.title for part in practices]
    assert chart.table["Percent met"].tolist() == [(part.share or 0) * 100 for part in practices]
    assert set(chart.table["Dimension"]) == {part.title + ("" if part.counted else "*") for part in given.dimensions}


def test_heatmap_of_practices_shows_a_dimension_without_practices_as_itself() -> None:
    """The validation questions of the milestone have no sections below; they are one tile."""
    rubric = load_rubric("mlops-milestone")
    chart = heatmap(score(rubric, {}))
    assert chart.cells[-1][:2] == ("Validation questions", "Validation questions*")


def test_heatmap_of_criteria_shows_answers_where_they_are_known() -> None:
    """With answers each cell has its value; without them met, not met, open and not applicable are told apart."""
    rubric = load_rubric("mlops-questionnaire")
    first, second, third, *_ = rubric.criteria
    answers: dict[str, Answer | str] = {first: "3", second: Answer(value="1"), third: "na"}
    given = score(rubric, answers)
    with_answers, without = heatmap(given, answers=answers), heatmap(given)
    assert with_answers.cells[0] == (rubric.criteria[first].text, "People and process", "1", "met", "3")
    assert [cells[3:] for cells in with_answers.cells[1:4]] == [("not met", "1"), ("n/a", ""), ("open", "")]
    assert [cells[3:] for cells in without.cells[:4]] == [("met",), ("not met",), ("n/a",), ("open",)]
    assert with_answers.table["Answer"].tolist()[:2] == [3, 1]
    assert {"3", "1", "n/a", "?"} <= set(texts(with_answers))
    assert "×" in texts(without)
    assert "×" not in texts(with_answers)


def test_heatmap_takes_an_assessment_for_the_answers() -> None:
    """An assessment and its answers draw the same."""
    rubric = load_rubric("ml-test-score")
    answers = {name: Answer(value=rubric.scale_of[name].options[1].id) for name in rubric.criteria}
    assessment = Assessment.from_dict({
        "id": "demo", "rubric": {"id": rubric.id, "version": rubric.version}, "subject": "Model", "date": "2026-11-20",
        "answers": {name: answer.value for name, answer in answers.items()},
    })  # fmt: skip
    given = score(rubric, assessment)
    assert heatmap(given, answers=assessment).svg() == heatmap(given, answers=answers).svg()


@pytest.mark.parametrize("by", ["levels", "practices"])
def test_heatmap_refuses_rows_the_rubric_does_not_have(by: charts.Rows) -> None:
    """The error says what is missing and what to use."""
    with pytest.raises(ValueError, match=r".") as caught:
        heatmap(answered(3, 1, 2, 3), by=by)
    assert str(caught.value) == f"the rubric flat has no {by}; use by='criteria' or leave it out"


def test_gap_sorts_by_gap_and_gives_it_as_a_number() -> None:
    """The largest gap comes first, a dimension at its target last."""
    chart = gap(answered(3, 3, 4, 1), targets={"s0": 1, "s1": 0.5, "s2": 0.75})
    assert chart.cells == (
        ("Registry", "0.25", "0.75", "0.5", "0"),
        ("Data", "0.75", "1", "0.25", "0"),
        ("Training", "1", "0.5", "0", "0"),
    )
    assert chart.table["Gap"].tolist() == [0.5, 0.25, 0]
    assert {"gap 0.5", "gap 0.25", "reached", "0.25 → 0.75"} <= set(texts(chart))


def test_gap_draws_bars_as_long_as_the_numbers() -> None:
    """The filled part of a bar is the share of its track."""
    chart = gap(answered(3, 3, 4, 1))
    accent = charts._COLOURS["light"]["accent"]
    bars = [row for mark, rows in marks(chart, "rect") for row in rows if mark["fill"] == accent and "name" in row]
    track = charts._WIDTH - 2 * charts._INSET
    assert [(row["x2"] - row["x"]) / track for row in bars] == pytest.approx([0.25, 0.75, 1])


def test_gap_without_targets_goes_to_the_next_level() -> None:
    """With level 1 reached everywhere, the target is level 2."""
    chart = gap(levels_score({1: "yes", 2: "no", 3: "no"}))
    assert chart.description == (
        "9 of 9 dimensions are below their target; the largest gap: Data, 1 of 2. "
        "The target is level 2, the next one. The whole is at level 1."
    )


def test_gap_at_the_top_has_no_next_level() -> None:
    """With the highest level reached everywhere, nothing is below and no next level is promised."""
    assert gap(levels_score({1: "yes", 2: "yes", 3: "yes"})).description == (
        "No dimension is below its target. The whole is at level 3."
    )


def test_gap_where_dimensions_have_no_levels_goes_to_the_highest_score() -> None:
    """Bands of a sum are for the whole alone, so each dimension aims at all it can have."""
    levels = [{"level": number, "name": f"Step {number}", "summary": "A step."} for number in (0, 1)]
    bands = [{"level": 0, "below": 6}, {"level": 1, "at_least": 6}]
    sections = [section | {"combine": "sum"} for section in flat(3).to_dict()["sections"]]
    chart = gap(answered(3, 1, 2, 4, levels=levels, sections=sections, scoring={"combine": "sum", "bands": bands}))
    assert [cells[:4] for cells in chart.cells] == [
        ("Data", "1", "4", "3"),
        ("Training", "2", "4", "2"),
        ("Registry", "4", "4", "0"),
    ]


def test_a_target_is_a_level_and_stands_where_that_level_begins() -> None:
    """Level 3 of the questionnaire begins at 2.5; half way to level 4 is 3."""
    rubric = load_rubric("mlops-questionnaire")
    given = score(rubric, dict.fromkeys(rubric.criteria, "2"))
    chart = radar(given, targets={"overall": 3, "people": 3.5, "serving": 9, "operations": float("nan")})
    assert chart.table["Target"].tolist()[:3] == [3.0, 2.5, 3.5]
    assert chart.table["Target"].isna().tolist() == [False, False, False, True]


def test_a_target_for_the_whole_leaves_out_what_is_not_counted() -> None:
    """Advanced practices do not count, so the target of the whole is not theirs."""
    rubric = load_rubric("mlops-checklist")
    chart = radar(score(rubric, {}), targets={"overall": 1})
    assert chart.table["Target"].isna().tolist() == [False, False, False, False, True]
    assert "Advanced*" in texts(chart)
    assert "* not counted in the whole" in texts(chart)


# What is missing.


def test_a_dimension_that_does_not_apply_is_a_gap_and_no_zero() -> None:
    """It has no dot, the outline stops on both sides of it, and it is said in words."""
    chart = radar(answered(5, 4, 3, -1, 2, 1))
    assert chart.description == "Data is highest at 1, Monitoring lowest at 0.25. Does not apply: Registry."
    assert chart.cells[2] == ("Registry", "n/a", "0")
    assert chart.table["Score"].isna().tolist() == [False, False, True, False, False]
    assert "n/a" in texts(chart)
    assert "n/a: does not apply" in texts(chart)
    dots = [row["name"] for _, rows in marks(chart, "point") for row in rows if "name" in row]
    assert dots == ["Data", "Training", "Deployment", "Monitoring"]
    outline = next(rows for mark, rows in marks(chart, "line") if mark.get("strokeWidth") == 2.5)
    assert [row["x"] is None for row in outline[:5]] == [False, False, False, False, True], "four corners, not closed"


def test_the_interval_is_hatched_named_and_written() -> None:
    """Half-open answers give a hatched band, its legend, both ends in the table and in the description."""
    rubric = flat(3)
    chart = radar(score(rubric, dict.fromkeys(list(rubric.criteria)[:6], "yes")))
    assert chart.description == (
        "Data is highest at 1, Registry lowest at 0. 6 of 12 criteria are open: the whole lies between 0.5 and 1."
    )
    assert list(chart.table.columns) == ["Dimension", "Score", "At least", "At most", "Open"]
    assert chart.cells[1] == ("Training", "0.5", "0.5", "1", "2")
    assert "still open" in texts(chart)
    sums = [(sum(one), sum(other)) for one, other in segments(chart, "accent")]
    slanted = [one for one, other in sums if one == pytest.approx(other, abs=0.05)]
    assert len(slanted) > 10
    assert "still open" not in texts(radar(answered(3, 1, 2, 3)))


def test_what_has_no_score_yet_is_open_and_not_missing() -> None:
    """Where open criteria are left out of the score, an empty questionnaire shows its interval alone."""
    chart = radar(score(load_rubric("mlops-questionnaire"), {}))
    assert chart.description == (
        "Nothing has a score yet. 15 of 15 criteria are open: the whole is at level 0 and could reach 4."
    )
    assert chart.cells[0][:4] == ("People and process", "open", "0", "4")
    assert "now" not in texts(chart)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (answered(2, 1, 2), "Shown as bars: a radar needs at least three dimensions with a score."),
        (answered(3, 1, 2, -1), "Shown as bars: a radar needs at least three dimensions with a score."),
        (answered(17, *[1] * 17), "Shown as bars: 17 dimensions are too many for a radar."),
    ],
)
def test_radar_gives_bars_where_a_radar_cannot_be_read(given: Score, why: str) -> None:
    """Too few or too many spokes become bars, and the description says so."""
    chart = radar(given)
    assert chart.description.endswith(why)
    assert not list(marks(chart, "point"))
    assert len(chart.table) == len(given.dimensions)


@pytest.mark.parametrize("draw", [radar, gap, heatmap])
def test_nothing_applies_is_drawn_without_an_error(draw: Callable[..., Chart]) -> None:
    """All not applicable: no number anywhere, and every dimension is named."""
    chart = draw(answered(5, *[-1] * 5))
    assert "Does not apply: Data, Training, Registry and 2 more." in chart.description
    assert chart.svg().startswith("<svg ")


# Words.


def test_descriptions_name_the_extremes_the_whole_and_the_target() -> None:
    """A radar of the questionnaire says what a reader would see first."""
    rubric = load_rubric("mlops-questionnaire")
    answers = {name: "1" if rubric.dimension_of[name].id == "people" else "3" for name in rubric.criteria}
    chart = radar(score(rubric, answers), targets={"overall": 3})
    assert chart.description == (
        "Development is highest at 3, People lowest at 1. The whole is at level 2. "
        "1 of 4 dimensions are below their target; the largest gap: People, 1 of 2.5."
    )
    assert heatmap(score(rubric, answers)).description == (
        "12 of 15 criteria that apply are met. Fewest in People, 0 of 3. The whole is at level 2."
    )


def test_description_of_levels_counts_dimensions() -> None:
    """The heatmap of levels says how many dimensions reach each, and which is last."""
    given = levels_score({1: "yes", 2: "no", 3: "no"})
    assert heatmap(given).description == (
        "Of 9 dimensions, 9 reach level 1, 0 reach level 2, 0 reach level 3. "
        "Furthest behind: Data, 0 % of level 2. The whole is at level 1."
    )


def test_a_radar_where_all_stand_alike_says_so() -> None:
    """All zero and all full have no highest and lowest."""
    assert radar(answered(4, 0, 0, 0, 0)).description == "Every dimension stands at 0."
    assert radar(answered(4, 4, 4, 4, 4), targets={"s0": 1}).description == (
        "Every dimension stands at 1. No dimension is below its target."
    )


def test_words_can_be_translated_in_part() -> None:
    """A table of words replaces those it has."""
    chart = radar(answered(3, 0, 1, 2), words={"legend_value": "heute", "dimension": "Dimension (de)"})
    assert "heute" in texts(chart)
    assert list(chart.table.columns) == ["Dimension (de)", "Score", "Open"]


def test_every_word_is_used() -> None:
    """A word that nothing shows would be translated for nothing."""
    source = Path(charts.__file__).read_text(encoding="utf-8")
    body = source[source.index("_WIDTH = 380") :]
    states = {"met", "short", "open", "na"}
    assert [name for name in WORDS if name not in states and not re.search(f"[\"']{name}[\"']", body)] == []


# Safety.

HOSTILE = "<script>alert(1)</script>\"'&]]>\x00\u202e" + "x" * 170


@pytest.mark.parametrize("draw", [radar, gap, heatmap])
def test_hostile_titles_are_text_everywhere(draw: Callable[..., Chart]) -> None:
    """No title becomes an element or an attribute; the SVG stays well-formed and the table keeps the full name."""
    sections = flat(3).to_dict()["sections"]
    for section in sections:
        section["title"] = HOSTILE
    chart = draw(score(flat(3, title=HOSTILE, sections=sections), {}))
    root = ET.fromstring(chart.svg())  # noqa: S314 - our own
    assert not [element for element in root.iter() if element.tag.rsplit("}")[-1] in ("script", "a", "image", "use")]
    page = Tags(chart.html())
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert any("x" * 170 in text for text in page.text)
    assert "x" * 100 not in "".join(texts(chart)), "a label in the drawing is cut"
    assert any(text.endswith("…") for text in texts(chart))


@pytest.mark.parametrize("draw", [radar, gap, heatmap])
def test_figures_need_nothing_from_outside(draw: Callable[..., Chart]) -> None:
    """The only address is the SVG namespace, and there are no ids, links, scripts or imports."""
    chart = draw(answered(4, 0, 1, 2, 3))
    assert re.findall(r"https?:[^\"' ]*", chart.svg()) == ["http://www.w3.org/2000/svg"]
    assert not re.findall(r"https?:|url\(|@import|javascript:", chart.html())
    for text in (chart.svg(), chart.html()):
        assert not re.findall(r"\s(?:id|href|src|xlink:href)=", text)


def test_svg_has_a_name_a_description_and_hidden_marks() -> None:
    """A screen reader finds one picture with its title and what it says."""
    chart = radar(answered(3, 0, 1, 2))
    root = ET.fromstring(chart.svg())  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == chart.title == "Profile of Flat"
    assert [root[0].tag, root[0].text] == [f"{space}title", "Profile of Flat"]
    assert [root[1].tag, root[1].text] == [f"{space}desc", chart.description]
    assert [name for element in root.iter() for name in element.attrib if name in ("role", "aria-label")] == [
        "role", "aria-label",
    ]  # fmt: skip


def test_html_holds_picture_description_and_table() -> None:
    """The figure has one image, its caption, and a table with a caption and scopes."""
    chart = gap(answered(3, 0, 1, 2))
    page = Tags(chart.html())
    names = [tag for tag, _ in page.tags]
    assert names[0] == "figure"
    assert [names.count(tag) for tag in ("svg", "figcaption", "details", "summary", "table", "caption")] == [1] * 6
    scopes = [attributes["scope"] for tag, attributes in page.tags if tag == "th"]
    assert scopes == ["col"] * 5 + ["row"] * 3
    assert [text for text in page.text if text == chart.description] == [chart.description]
    assert [text for text in page.text if text in ("gap 1", "Gaps of Flat")] == ["gap 1", "Gaps of Flat"]


def test_showing_a_chart_gives_html_and_text() -> None:
    """Notebooks get the figure, terminals a sentence."""
    chart = radar(answered(3, 1, 1, 1))
    assert chart._repr_mimebundle_() == {"text/html": chart.html(), "text/plain": repr(chart)}
    assert repr(chart) == "<Chart Profile of Flat: Every dimension stands at 0.25.>"


# Looks.


@pytest.mark.parametrize("count", [3, 4, 5, 9, 12, 16])
@pytest.mark.parametrize("long", [False, True])
def test_labels_stand_outside_the_wheel_and_apart(count: int, *, long: bool) -> None:
    """Alignment follows the angle; no label leaves the drawing, meets another or reaches into the outer ring."""
    names = [NAMES[index % 12] + (" and a good deal of other things" if long else "") for index in range(count)]
    wheel = charts._wheel(names, [("0.38–0.62",)] * count)
    boxes = [label.box for label in wheel.labels]
    for label, (left, top, right, bottom) in zip(wheel.labels, boxes, strict=True):
        assert label.align == ("center" if abs(label.x - wheel.x) < 20 else "left" if label.x > wheel.x else "right")
        assert left >= 0
        assert right <= charts._WIDTH
        near_x, near_y = min(max(wheel.x, left), right), min(max(wheel.y, top), bottom)
        assert hypot(near_x - wheel.x, near_y - wheel.y) > wheel.radius
    assert not [
        (one, other) for index, one in enumerate(boxes) for other in boxes[:index] if charts._overlap(one, other)
    ]


@pytest.mark.parametrize("yes", [(0, 1, 2, 3, 4, 3, 2, 1, 0), (2,) * 9, (4,) * 9, (0,) * 9, (-2,) * 9])
def test_names_of_rings_keep_off_the_lines_of_the_data(yes: tuple[int, ...]) -> None:
    """No line of score or target passes through the name of a ring, which has a ground of its own."""
    chart = radar(answered(9, *yes), targets={f"s{index}": 0.5 for index in range(9)})
    grounds = [row for mark, rows in marks(chart, "rect") if mark["opacity"] == 0.85 for row in rows]
    boxes = [(row["x"], row["y"], row["x2"], row["y2"]) for row in grounds]
    legend = max(row["y"] for _, rows in marks(chart, "text") for row in rows) - 25
    lines = [line for line in segments(chart, "warning") if line[0][1] < legend]
    outline = [rows for mark, rows in marks(chart, "line") if mark.get("strokeWidth") == 2.5]
    points = [(row["x"], row["y"]) for rows in outline for row in rows if row["x"] is not None and row["y"] < legend]
    assert boxes
    assert not [(line, box) for line in (*lines, *pairwise(points)) for box in boxes if charts._crosses(line, box)]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 defines it."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_can_be_read_in_both_themes(theme: charts.Theme) -> None:
    """Text has a contrast of 4.5 at least on every ground it stands on, lines that matter one of 3."""
    colours = charts._COLOURS[theme]
    for step in range(4):
        assert contrast(colours[f"on{step}"], colours[f"step{step}"]) >= 4.5
    for name in ("ink", "soft", "warning"):
        assert contrast(colours[name], colours["card"]) >= 4.5
    assert contrast(colours["accent"], colours["card"]) >= 3


def test_each_role_has_a_colour_of_its_own() -> None:
    """A page recolours by value, so no two roles of a theme may share one; both themes have the same roles."""
    light, dark = charts._COLOURS["light"], charts._COLOURS["dark"]
    assert list(light) == list(dark)
    assert len(set(light.values())) == len(light)
    assert len(set(dark.values())) == len(dark)


@pytest.mark.parametrize("draw", [radar, gap, heatmap])
def test_every_colour_drawn_is_known_to_the_page(draw: Callable[..., Chart]) -> None:
    """A colour outside the table would stay light on a dark page."""
    svg = draw(answered(5, 0, 1, -1, -2, 4)).svg()
    known = set(charts._COLOURS["light"].values()) | {"none"}
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) - known == set()


@pytest.mark.parametrize("draw", [radar, gap, heatmap])
def test_letters_are_large_enough_on_a_phone(draw: Callable[..., Chart]) -> None:
    """At the 304 px that a phone of 360 leaves, no letter is smaller than 11 px."""
    svg = draw(answered(5, 0, 1, 2, 3, 4)).svg()
    sizes = {float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)}
    assert min(sizes) * 304 / charts._WIDTH >= 11


def test_dark_and_size_change_the_picture_and_nothing_else() -> None:
    """The dark theme has other colours, another size the same drawing."""
    given = answered(4, 0, 1, 2, 3)
    light, dark, large = radar(given), radar(given, theme="dark"), radar(given, size=760)
    assert charts._COLOURS["dark"]["card"] in dark.svg()
    assert charts._COLOURS["light"]["card"] not in dark.svg()
    assert dark.cells == light.cells == large.cells
    assert 'width="760"' in large.svg()
    assert large.svg().split(">", 1)[1] == light.svg().split(">", 1)[1]


def test_png_is_a_picture_of_twice_the_size() -> None:
    """The PNG is as wide as the size times the scale."""
    png = radar(answered(3, 1, 2, 3), size=200).png(scale=2)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(png[16:20], "big") == 400


def test_a_text_that_fits_is_not_cut() -> None:
    """Labels break at spaces, and what is cut ends with an ellipsis and fits."""
    assert charts._wrapped("Data", 40, 1) == ("Data",)
    assert charts._wrapped("Model versions and registry", 110, 2) == ("Model versions", "and registry")
    cut = charts._wrapped("Reproducibility and everything else", 100, 1)
    assert cut == ("Reproducibi…",)
    assert charts._text_width(cut[0]) <= 100


def test_hatching_stays_inside_its_outline() -> None:
    """Slanted lines fill a ring and leave its hole free."""
    canvas = charts._Canvas("light")
    outer = charts._outline((0, 0, 60, 60))
    canvas.hatch([outer, charts._outline((20, 20, 40, 40))])
    rows = next(iter(canvas._layers.values()))
    ends = [(one, other) for one, other in pairwise(rows) if one["x"] is not None and other["x"] is not None]
    assert len(ends) > 15
    for one, other in ends:
        middle = (one["x"] + other["x"]) / 2, (one["y"] + other["y"]) / 2
        assert all(-0.01 <= value <= 60.01 for value in middle)
        assert not all(20.5 < value < 39.5 for value in middle)


# Behaviour.


def test_the_same_score_draws_the_same_bytes_in_every_process() -> None:
    """Hash seeds change no byte, and the drawing engine is loaded only when something is drawn."""
    program = (
        "import sys, hashlib; from mlops_widgets.charts import *; from mlops_widgets.library import load_rubric;"
        "from mlops_widgets.scoring import score;"
        "r = load_rubric('mlops-levels'); s = score(r, {n: 'yes' for n in list(r.criteria)[::2]});"
        "made = radar(s, targets={'overall': 2}), heatmap(s), gap(s); print('vl_convert' in sys.modules);"
        "print(hashlib.sha256(''.join(c.svg() + c.html() for c in made).encode()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True, capture_output=True, text=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1
    assert said.pop().startswith("False\n")


def test_a_chart_cannot_be_changed_and_unknown_keywords_are_refused() -> None:
    """Charts are values, and a misspelt keyword is a TypeError."""
    chart = radar(answered(3, 1, 2, 3))
    with pytest.raises(FrozenInstanceError):
        chart.title = "other"  # type: ignore[misc]
    with pytest.raises(TypeError, match="unexpected keyword argument 'target'"):
        radar(answered(3, 1, 2, 3), target={})  # type: ignore[call-arg]
    assert isinstance(chart.table, pd.DataFrame)


def test_dimensions_of_different_ranges_share_an_axis_of_percent() -> None:
    """Sums of two and of four statements are compared as parts of what is possible."""
    sections = flat(3).to_dict()["sections"]
    for section in sections:
        section["combine"] = "sum"
    sections[0]["criteria"] = sections[0]["criteria"][:2]
    rubric = flat(3, sections=sections, scoring={"combine": "sum"})
    given = score(rubric, {"s0.c0": "yes", "s0.c1": "no"} | {f"s{s}.c{c}": "yes" for s in (1, 2) for c in range(4)})
    chart = radar(given, targets={"s0": 2})
    assert [cells[:3] for cells in chart.cells] == [
        ("Data", "50 %", "100 %"), ("Training", "100 %", "–"), ("Registry", "100 %", "–"),
    ]  # fmt: skip
    assert chart.table["Score"].tolist() == [0.5, 1, 1]


@pytest.mark.parametrize("name", rubric_ids())
@pytest.mark.parametrize("which", [0, -1, None])
def test_every_packaged_rubric_can_be_drawn(name: str, which: int | None) -> None:
    """Nothing, everything and no answer at all give pictures and tables of the same length."""
    rubric = load_rubric(name)
    answers = {} if which is None else {key: rubric.scale_of[key].options[which].id for key in rubric.criteria}
    given = score(rubric, answers)
    for chart in (radar(given, targets={"overall": 2}), heatmap(given, answers=answers), gap(given)):
        assert len(chart.cells) == len(chart.table)
        assert ET.fromstring(chart.svg()).attrib["viewBox"].startswith("-10 -10 400 ")  # noqa: S314 - our own
