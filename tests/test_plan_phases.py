"""The items of a plan in groups, each in exactly one."""

from __future__ import annotations

from typing import Any

from mlops_widgets.assessment import Plan
from mlops_widgets.library import load_rubric
from mlops_widgets.plan_phases import item_groups


def plan(*items: dict[str, Any], **more: Any) -> Plan:
    """Plan such items, the last one first."""
    named = {f"item{place}": {"title": f"Item {place}", "rank": -place, **item} for place, item in enumerate(items)}
    return Plan.model_validate({"items": named, **more})


def grouped(of: Plan) -> list[tuple[str, list[str]]]:
    """Give titles and ids of the groups, by the phases of the levels rubric."""
    return [(group.title, list(group.items)) for group in item_groups(of, load_rubric("mlops-levels"))]


def test_items_stand_under_the_phase_in_which_they_are_due() -> None:
    """Phases come in their order, items in that of the plan, and what has no day at the end."""
    items = [{"due": "2027-05-01"}, {"due": "2026-12-01"}, {}, {"start": "2026-10-05"}, {"due": "2031-01-01"}]
    assert grouped(plan(*items, start="2026-10-01")) == [
        ("Quick wins (months 0 to 3)", ["item3", "item1"]),
        ("Advanced (months 6 to 12)", ["item4", "item0"]),
        ("Without a date", ["item2"]),
    ]


def test_a_plan_without_a_start_begins_with_its_first_day() -> None:
    """The phases are counted from the first day of any item."""
    assert grouped(plan({"start": "2026-10-05", "due": "2026-10-30"}, {"due": "2027-02-01"})) == [
        ("Quick wins (months 0 to 3)", ["item0"]),
        ("Foundation (months 3 to 6)", ["item1"]),
    ]


def test_without_phases_there_is_one_group_without_a_name() -> None:
    """A rubric that has no phases, or no rubric at all, leaves the items together; no item makes no group."""
    items = plan({"due": "2026-12-01"}, {})
    for rubric in (None, load_rubric("ml-test-score").model_copy(update={"plan": None})):
        assert [(group.title, list(group.items)) for group in item_groups(items, rubric)] == [("", ["item1", "item0"])]
    assert item_groups(Plan()) == ()
