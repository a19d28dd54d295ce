"""A plan as an iCalendar file, read back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from icalendar import Calendar
from test_formats_yaml import assessment, plans

from mlops_widgets.assessment import Plan
from mlops_widgets.formats.plan_ics import write_plan
from mlops_widgets.library import load_rubric

RUBRIC = load_rubric("mlops-levels")


def calendar(plan: Plan) -> Calendar:
    """The calendar of a plan, as another program reads it."""
    text = write_plan(assessment(RUBRIC, plan=plan), RUBRIC)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    read = Calendar.from_ical(text)
    assert isinstance(read, Calendar)
    return read


def test_item_is_a_task_and_an_event() -> None:
    """Each item is a task with its status, and an event of whole days where it has a date."""
    items: dict[str, Any] = {
        "one1": {"title": "Watch, and alert; soon", "owner": "platform team", "effort": 2, "start": "2026-12-01",
                 "due": "2026-12-14", "status": "doing", "criteria": ["monitor.alerting"], "note": "one\ntwo"},
        "two2": {"title": "Later", "after": ["one1", "gone"], "rank": 1},
    }  # fmt: skip
    task, event, later = calendar(Plan.model_validate({"start": "2026-12-01", "items": items})).subcomponents
    assert (task.name, event.name, later.name) == ("VTODO", "VEVENT", "VTODO")
    assert task["uid"] == "churn26q4-one1-task@mlops-widgets"
    assert event["uid"] == "churn26q4-one1@mlops-widgets"
    assert task["summary"] == event["summary"] == "Watch, and alert; soon"
    assert task["description"] == (
        "Status: Under way\nOwner: platform team\nEffort: 2 person-weeks\n"
        "Meets: When something goes wrong, an alert reaches people at once.\nNote: one\ntwo"
    )
    assert task["status"] == "IN-PROCESS"
    assert (task.decoded("dtstart"), task.decoded("due")) == (date(2026, 12, 1), date(2026, 12, 14))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 12, 1), date(2026, 12, 15))
    assert task.decoded("dtstamp") == datetime(2026, 11, 20, tzinfo=UTC)
    assert task["categories"].to_ical() == b"Quick wins"
    assert later["description"] == "Status: Planned\nAfter: Watch, and alert; soon"
    assert "due" not in later


def test_states() -> None:
    """A done item is completed, a dropped one cancelled; a task of one day has only the day it is due."""
    day = {"start": "2026-12-01", "due": "2026-12-01"}
    items = {
        "one1": {"title": "Done", "status": "done", **day},
        "two2": {"title": "Dropped", "status": "dropped", **day},
    }
    done, _, dropped, gone = calendar(Plan.model_validate({"items": items})).subcomponents
    assert (done["status"], done["percent-complete"], "dtstart" in done) == ("COMPLETED", 100, False)
    assert (dropped["status"], gone["status"]) == ("CANCELLED", "CANCELLED")


def test_text_stays_text() -> None:
    """A strange owner is text, and no line of a note can become a property."""
    owner = "<script>alert(1)</script>\r\nBEGIN:VALARM\x00"
    (task,) = calendar(
        Plan.model_validate({"items": {"one1": {"title": "One\nEND:VTODO", "owner": owner}}})
    ).subcomponents
    assert task["summary"] == "One\nEND:VTODO"
    assert task["description"] == "Status: Planned\nOwner: <script>alert(1)</script>\nBEGIN:VALARM "
    assert task.subcomponents == []


@settings(max_examples=60, deadline=None)
@given(plans(RUBRIC))
def test_any_plan(plan: Plan) -> None:
    """Any plan is a calendar that reads back, the same every time, with a UID for each part."""
    read = calendar(plan)
    assert write_plan(assessment(RUBRIC, plan=plan), RUBRIC) == write_plan(assessment(RUBRIC, plan=plan), RUBRIC)
    uids = [str(part["uid"]) for part in read.subcomponents]
    assert len(set(uids)) == len(uids)
    tasks = [part for part in read.subcomponents if part.name == "VTODO"]
    assert len(tasks) == len(plan.items)
    events = {str(part["uid"]): part for part in read.subcomponents if part.name == "VEVENT"}
    for name, item in plan.items.items():
        if item.due and item.due != date.max.isoformat():
            event = events[f"churn26q4-{name}@mlops-widgets"]
            assert event.decoded("dtend") == date.fromisoformat(item.due) + timedelta(days=1)


def test_subject_of_two_lines() -> None:
    """A subject that breaks over lines names the calendar on one."""
    text = write_plan(assessment(RUBRIC, subject="Churn\r\nEND:VCALENDAR\u2028model"), RUBRIC)
    assert "X-WR-CALNAME:Churn END:VCALENDAR model: improvement plan\r\n" in text
