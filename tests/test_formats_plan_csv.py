"""A plan as CSV."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from test_formats_yaml import assessment, plans

from mlops_widgets.assessment import Plan
from mlops_widgets.formats.plan_csv import COLUMNS, write_plan
from mlops_widgets.library import load_rubric

RUBRIC = load_rubric("mlops-levels")


def rows(plan: Plan) -> list[dict[str, str]]:
    """The lines of a plan, as a reader of CSV gives them."""
    text = write_plan(assessment(RUBRIC, plan=plan), RUBRIC)
    return list(csv.DictReader(StringIO(text, newline="")))


def test_one_line_an_item() -> None:
    """Every field of an item has its column; items stand in the order of the plan."""
    items: dict[str, Any] = {
        "two2": {"title": "Then", "after": ["one1"], "rank": 2, "to_level": 3},
        "one1": {"title": 'First, "quoted"', "criteria": ["data.catalog", "data.lineage"], "owner": "us",
                 "effort": 1.25, "start": "2026-12-01", "due": "2026-12-09", "status": "blocked",
                 "blocker": "no access", "rank": 1,
                 "initiative": "level-0-to-1.tests", "note": "one\ntwo"},
    }  # fmt: skip
    first, then = rows(Plan.model_validate({"start": "2026-12-01", "items": items}))
    assert tuple(first) == COLUMNS
    assert first == {
        "id": "one1", "title": 'First, "quoted"', "phase": "Quick wins", "status": "blocked", "owner": "us",
        "effort": "1.25", "start": "2026-12-01", "due": "2026-12-09", "blocker": "no access", "after": "",
        "criteria": "data.catalog data.lineage", "to_level": "", "initiative": "level-0-to-1.tests", "note": "one\ntwo",
    }  # fmt: skip
    assert (then["title"], then["after"], then["to_level"], then["status"]) == ("Then", "one1", "3", "planned")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠A"])
def test_no_cell_is_run(text: str) -> None:
    """What a spreadsheet would take for a formula stands behind an apostrophe."""
    (row,) = rows(Plan.model_validate({"items": {"one1": {"title": text, "owner": text}}}))
    shown = text.replace("\r", "\n")
    assert (row["title"], row["owner"]) == (f"'{shown}", f"'{shown}")


@settings(max_examples=60, deadline=None)
@given(plans(RUBRIC))
def test_any_plan(plan: Plan) -> None:
    """Whatever is in a plan, there is one line an item, and no cell begins like a formula."""
    found = rows(plan)
    assert [row["id"] for row in found] == [name for name, _ in plan.ordered()]
    assert not any(
        value.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"))
        for row in found
        for value in row.values()
    )
