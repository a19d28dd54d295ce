"""The plan in time: every item told, whatever its dates, its status and its name."""

from __future__ import annotations

from itertools import cycle, pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from chart_cases import rows, texts

from mlops_widgets.assessment import Assessment
from mlops_widgets.charts import gantt
from mlops_widgets.charts.figure import PALETTE, Theme
from mlops_widgets.library import load_rubric
from mlops_widgets.rubric import Rubric

LONG = "Bring every model through one pipeline that tests, packages and deploys it without hands"


def planned(*items: dict[str, Any], **more: Any) -> Assessment:
    """Plan such items, in their order."""
    named = {f"item{place:03}": {"title": f"Item {place}", "rank": place, **item} for place, item in enumerate(items)}
    rubric = {"id": "mlops-levels", "version": "1.0"}
    head = {"id": "churn26q4", "rubric": rubric, "subject": "Churn model", "date": "2026-11-20"}
    return Assessment.from_dict({**head, **more, "plan": {"items": named}})


def dated(place: int = 0, **more: Any) -> dict[str, Any]:
    """An item of one month, a month after the one before."""
    month = 11 + place
    begin = f"{2026 + month // 12}-{month % 12 + 1:02}"
    return {"start": f"{begin}-01", "due": f"{begin}-28", **more}


def phased() -> Rubric:
    """The levels rubric with two phases."""
    phases = [
        {"id": "first", "title": "Quick wins", "start": 0, "end": 3},
        {"id": "then", "title": "Foundation", "start": 3, "end": 6},
    ]
    return Rubric.from_dict({**load_rubric("mlops-levels").to_dict(), "plan": {"phases": phases}})


STATUSES = (
    dated(0, status="done", owner="Ada", effort=2),
    dated(1, status="doing", owner="Grace", effort=1.5),
    dated(2, status="blocked", blocker="No budget", after=["item000", "item001"]),
    dated(3, owner="Lin"),
)


def test_it_says_what_is_done_and_what_is_not() -> None:
    """The finding stands in words: how many items, from when to when, in which state, and what is blocked."""
    assert gantt(planned(*STATUSES)).description == (
        "4 items from 2026-12-01 to 2027-03-28: 1 done, 1 under way, 1 blocked, 1 planned. Blocked: Item 2."
    )


def test_the_table_has_everything() -> None:
    """Owner, days, effort, status, blocker and what comes first stand in the table, under their names."""
    chart = gantt(planned(*STATUSES))
    assert list(chart.table.columns) == [
        "Item", "Owner", "Start", "Due", "Effort, weeks", "Status", "Blocker", "After",
    ]  # fmt: skip
    assert chart.cells[1] == ("Item 1", "Grace", "2027-01-01", "2027-01-28", "1.5", "under way", "–", "–")
    assert chart.cells[2][-3:] == ("blocked", "No budget", "Item 0; Item 1")


def test_status_is_more_than_a_colour() -> None:
    """Done has a tick, blocked a dashed line and a cross, both a word; and what they mean is said above."""
    chart = gantt(planned(*STATUSES))
    svg, written = chart.svg(), texts(chart)
    assert {"Filled with a tick: done. Filled: under way.", "Outlined: planned. Dashed with a cross: blocked."} <= {
        text for line in written for text in line.split("\n")
    }
    assert {"done · Ada · 2 wk", "under way · 1.5 wk", "blocked", "Lin"} <= set(written)
    assert 'stroke-dasharray="4,3"' in svg
    points = [layer["mark"]["shape"] for layer in chart.chart.to_dict()["layer"] if layer["mark"]["type"] == "point"]
    assert len(set(points)) == 2


def test_bars_lie_where_their_days_are() -> None:
    """A bar goes from the morning of its first day to the evening of its last one, below the one before."""
    drawn = rows(gantt(planned(dated(0), dated(1))), "text", "title")
    assert [row["x2"] - row["x"] for row in drawn] == [28, 28]
    assert drawn[1]["x"] - drawn[0]["x"] == 31
    assert drawn[1]["y"] > drawn[0]["y2"]


def test_one_date_is_a_point() -> None:
    """An item with only a start or only an end is a diamond on that day."""
    chart = gantt(planned({"start": "2026-12-01"}, {"due": "2027-02-01"}))
    assert chart.description == "2 items from 2026-12-01 to 2027-02-01: 2 planned."
    points = [layer["mark"] for layer in chart.chart.to_dict()["layer"] if layer["mark"]["type"] == "point"]
    assert [mark["shape"] for mark in points] == ["diamond"]


def test_days_that_run_backwards_are_drawn_and_written_as_given() -> None:
    """A start after the end makes a bar between the two; the table does not hide it."""
    chart = gantt(planned({"start": "2027-01-10", "due": "2026-12-01"}))
    assert rows(chart, "text", "title")[0]["x2"] - rows(chart, "text", "title")[0]["x"] == 41
    assert chart.cells[0][1:3] == ("2027-01-10", "2026-12-01")


def test_what_is_not_drawn_is_told() -> None:
    """Items without dates and dropped ones are in the table alone, and the description says how many."""
    chart = gantt(planned(dated(0), {}, {}, dated(1, status="dropped")))
    assert chart.description == (
        "1 item from 2026-12-01 to 2026-12-28: 1 planned. Without dates, so only in the table: 2. "
        "Dropped, so only in the table: 1."
    )
    assert [cells[0] for cells in chart.cells] == ["Item 0", "Item 1", "Item 2", "Item 3"]
    assert "Item 3" not in texts(chart)


@pytest.mark.parametrize(
    ("items", "says"),
    [([], "Nothing is planned yet."), ([{}], "No item has a date."), ([{"status": "dropped"}], "No item has a date.")],
)
def test_nothing_to_draw_is_said(items: list[dict[str, Any]], says: str) -> None:
    """Without an item that has dates, the picture says so in a sentence."""
    chart = gantt(planned(*items))
    assert texts(chart) == [says]
    assert chart.description.startswith(says)


def test_today_is_only_known_when_told() -> None:
    """No clock is looked at; a day that is given is drawn, and what is late by then is named."""
    plan = planned(dated(0, title="Test the data"), dated(1), targets_by="2027-02-15")
    assert "today" not in texts(gantt(plan))
    assert "targets due" in texts(gantt(plan))
    chart = gantt(plan, today="2027-01-10")
    assert "today" in texts(chart)
    assert "Late on 2027-01-10: Test the data." in chart.description


def test_long_titles_are_cut_in_the_picture_and_whole_in_the_table() -> None:
    """A title that does not fit ends with an ellipsis; a sentence does not end with two marks."""
    chart = gantt(planned(dated(0, title=LONG, owner="A team with quite a long name", status="blocked")))
    assert "Bring every model through one pipeline tha…" in texts(chart)
    assert chart.cells[0][:2] == (LONG, "A team with quite a long name")
    assert chart.description.endswith("Blocked: Bring every model through one pipeline that tests, packages…")


def test_what_stands_beside_a_bar_keeps_within_the_picture() -> None:
    """Wherever a bar lies and however long the name of its owner, the words beside it have room there."""
    owners = cycle(["Ada", "Data platform team", "A team with quite a long name indeed"])
    items = [dated(place, owner=next(owners), effort=3, status="done") for place in range(12)]
    for row in rows(gantt(planned(*items)), "text", "title"):
        assert len(row["more"]) * 7.6 < 368 - 12


def test_phases_of_the_rubric_are_bands() -> None:
    """Items stand under the phase in which they are due, those without a day in none of them."""
    chart = gantt(planned(dated(4), dated(0), {}), phased())
    assert [(cells[0], cells[1]) for cells in chart.cells] == [
        ("Item 1", "Quick wins (months 0 to 3)"),
        ("Item 0", "Foundation (months 3 to 6)"),
        ("Item 2", "Without a date"),
    ]
    assert [band["text"] for band in rows(chart, "rect", "text")] == [
        "Quick wins (months 0 to 3)",
        "Foundation (months 3 to 6)",
    ]


@pytest.mark.parametrize("count", [1, 2, 30, 200])
def test_any_number_of_items(count: int) -> None:
    """From one item to two hundred: each has its row, and rows never touch."""
    chart = gantt(planned(*(dated(place) for place in range(count))))
    drawn = rows(chart, "text", "title")
    assert len(drawn) == len(chart.cells) == count
    assert all(below["y"] - above["y2"] >= 17 for above, below in pairwise(drawn))
    assert len([text for text in texts(chart) if text.startswith("Jan")]) <= 8


def test_a_long_plan_can_be_cut_short() -> None:
    """With `most`, what is not done is drawn first; the table and the description have all."""
    chart = gantt(planned(*(dated(place, status="done" if place < 3 else "planned") for place in range(8))), most=5)
    assert [row["title"] for row in rows(chart, "text", "title")] == [f"Item {place}" for place in range(3, 8)]
    assert "5 of 8 are drawn; the table has all." in chart.description
    assert len(chart.cells) == 8


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        ("2026-12-01", "2026-12-04", ["1 Dec"]),
        ("2026-12-01", "2026-12-28", ["7 Dec", "14 Dec", "21 Dec", "28 Dec"]),
        ("2026-11-15", "2027-03-01", ["Dec", "Jan\n2027", "Feb", "Mar"]),
        ("2026-11-01", "2028-06-30", ["Jan\n2027", "Apr", "Jul", "Oct", "Jan\n2028", "Apr"]),
        ("2026-01-01", "2099-12-31", ["2040", "2060", "2080"]),
        ("0001-01-01", "9999-12-31", ["2000", "4000", "6000", "8000"]),
    ],
)
def test_days_along_the_top(first: str, last: str, names: list[str]) -> None:
    """Mondays, months or years are named, at most seven, and a year where it begins."""
    written = texts(gantt(planned({"start": first, "due": last})))
    assert [text.rstrip("\n") for text in written][: len(names)] == names


def test_markup_is_text() -> None:
    """An owner, a title and a blocker that look like a script are shown as they were written."""
    hostile = "<script>alert(1)</script>\x00\u202e"
    item = dated(0, title=hostile, owner=hostile, blocker=hostile, status="blocked")
    chart = gantt(planned(item, subject=hostile))
    html = chart.html()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    ET.fromstring(chart.svg())  # noqa: S314 - our own


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_use_their_own_colours(theme: Theme) -> None:
    """Each theme draws with its palette alone."""
    plan = planned(*STATUSES, targets_by="2027-03-01")
    svg = gantt(plan, today="2027-01-05", theme=theme).svg()
    other = PALETTE["dark" if theme == "light" else "light"]
    assert not [colour for colour in other.values() if f'"{colour}"' in svg]


def test_it_is_the_same_every_time() -> None:
    """The same plan gives the same picture, whatever the order its items were kept in."""
    plan = planned(*STATUSES)
    turned = plan.model_copy(
        update={"plan": plan.plan.model_copy(update={"items": dict(reversed(list(plan.plan.items.items())))})}
    )
    assert gantt(plan).html() == gantt(turned).html()
