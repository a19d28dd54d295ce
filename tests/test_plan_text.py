"""A plan as lines for a terminal."""

from __future__ import annotations

from small_rubric import small

from mlops_widgets.assessment import Assessment
from mlops_widgets.plan_text import lines

GIVEN = {
    "id": "test",
    "rubric": {"id": "small", "version": "1.0"},
    "subject": "Test",
    "date": "2026-11-20",
    "targets_by": "2026-12-31",
    "answers": {"data.a": "yes", "data.b": "no", "model.a": "yes"},
}


def told(**more: object) -> list[str]:
    """Give the lines of an assessment of the small rubric."""
    return list(lines(Assessment.from_dict({**GIVEN, **more}), small()))


def test_nothing_planned() -> None:
    """Gaps and steps are told with their reasons, and that nothing is planned."""
    assert told() == [
        "Test, 2026-11-20",
        "Small 1.0",
        "",
        "Gaps",
        "  The whole: Level 0, 1 wanted; 1 criterion to meet, effort unknown (low priority)",
        "",
        "Steps, by value for the effort",
        "   1  data.b: B.",
        "      Helps the whole, effort unknown.",
        "",
        "Plan: Nothing is planned yet.",
    ]


def test_no_gaps() -> None:
    """Where everything is as wanted there are no steps."""
    assert told(targets={"overall": 0})[3:] == [
        "Gaps: None: everything is where it is wanted.",
        "",
        "Plan: Nothing is planned yet.",
    ]


def test_planned() -> None:
    """Items are told in the order of the plan, with what blocks them, where they lead and what comes too late."""
    items = {
        "bbbb": {"title": "Later", "rank": 2, "due": "2027-01-10", "status": "blocked", "blocker": "No people."},
        "aaaa": {
            "title": "First",
            "rank": 1,
            "criteria": ["data.b"],
            "owner": "Team",
            "effort": 1,
            "start": "2026-12-01",
        },
    }
    text = told(plan={"items": items})
    assert text[text.index("Plan") :] == [
        "Plan",
        "  2026-12-01 -             First (Planned, Team, 1 person-week)",
        "             - 2027-01-10  Later (Blocked)",
        "      Blocker: No people.",
        "",
        "Level 1 when this is done, Level 0 now",
        "1 item is due after 2026-12-31, when the targets are to be met.",
    ]
