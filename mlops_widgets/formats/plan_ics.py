"""A plan as an iCalendar file: each item as a task, and as an event for calendars that show no tasks.

Writes only. May not ask the clock: the stamp is the date of the assessment, so the same plan gives the same file.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event, Todo

from mlops_widgets.library import words
from mlops_widgets.plan import phase_of
from mlops_widgets.plan_reading import PlanWords

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlops_widgets.assessment import Assessment, PlanItem
    from mlops_widgets.rubric import Rubric

__all__ = ["write_plan"]

_TASK = {"planned": "NEEDS-ACTION", "doing": "IN-PROCESS", "blocked": "NEEDS-ACTION", "done": "COMPLETED",
         "dropped": "CANCELLED"}  # fmt: skip
"""The status of a task, as RFC 5545 has it."""


def write_plan(assessment: Assessment, rubric: Rubric, *, language: str = "en") -> str:
    """Write the items of a plan; what has no date is a task without one.

    An item keeps its UID from file to file, so a calendar that reads the plan again changes what it has.
    """
    said = PlanWords(rubric, words("plan", language))
    calendar = Calendar()
    calendar.add("prodid", "-//mlops-widgets//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", " ".join(_text(said.say("title", subject=assessment.subject)).split()))
    for name, item in assessment.plan.ordered():
        for part in _parts(assessment, name, item):
            part.add("dtstamp", datetime.combine(date.fromisoformat(assessment.date), datetime.min.time(), UTC))
            part.add("summary", _text(item.title))
            part.add("description", _text("\n".join(_about(assessment, said, item))))
            phase = phase_of(rubric, assessment.plan, item)
            if phase:
                part.add("categories", [_text(phase.title)])
            calendar.add_component(part)
    text: str = calendar.to_ical().decode()
    return text


def _parts(assessment: Assessment, name: str, item: PlanItem) -> Iterator[Event | Todo]:
    start = date.fromisoformat(item.start) if item.start else None
    due = date.fromisoformat(item.due) if item.due else None
    task = Todo()
    task.add("uid", f"{assessment.id}-{name}-task@mlops-widgets")
    task.add("status", _TASK[item.status])
    if item.status == "done":
        task.add("percent-complete", 100)
    # A task may not begin on the day it is due, says RFC 5545; one of a day is due on it, and that is all.
    if start and (due is None or start < due):
        task.add("dtstart", start)
    if due:
        task.add("due", due)
    yield task
    if due and due < date.max:
        event = Event()
        event.add("uid", f"{assessment.id}-{name}@mlops-widgets")
        event.add("status", "CANCELLED" if item.status == "dropped" else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        event.add("dtstart", min(start or due, due))
        # The end of an event of whole days is the day after its last.
        event.add("dtend", due + timedelta(days=1))
        yield event


def _about(assessment: Assessment, said: PlanWords, item: PlanItem) -> Iterator[str]:
    yield f"{said.say('status')}: {said.say(f'status_{item.status}')}"
    before = [other.title for other in assessment.plan.before(item)]
    facts = (
        ("owner", item.owner),
        ("effort", said.weeks(item.effort) if item.effort else ""),
        ("blocker", item.blocker),
        ("after", "; ".join(before)),
        *(("criteria", said.criterion(name)) for name in item.criteria),
        ("note", item.note),
    )
    yield from (f"{said.say(key)}: {value}" for key, value in facts if value)


def _text(text: str) -> str:
    """Keep what calendars can show: no control characters but the end of a line."""
    lines = ("".join(c if c.isprintable() else " " for c in line) for line in text.splitlines())
    return "\n".join(lines)
