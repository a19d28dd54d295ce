"""The phases of a plan: its items in groups, in the order in which they are done.

May not draw, nor move an item in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from mlops_widgets.library import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_widgets.assessment import Plan, PlanItem
    from mlops_widgets.rubric import Rubric

__all__ = ["PlanGroup", "day", "phases"]

HORIZONS = (("quick_wins", 3), ("foundation", 6), ("advanced", 12))
"""Phases of a plan whose rubric has no roadmap for it, and the month from its start in which each ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanGroup:
    """A group of items under one heading."""

    title: str
    items: Mapping[str, PlanItem]
    """Items by id, in the order of the plan."""


def phases(plan: Plan, rubric: Rubric | None = None, *, language: str = "en") -> tuple[PlanGroup, ...]:
    """Group the items of a plan: by the phases of the rubric's roadmap they came from, else by when they begin.

    >>> from mlops_widgets.assessment import Plan
    >>> plan = Plan.model_validate({"items": {
    ...     "aaaa": {"title": "Test the data", "start": "2026-12-01"},
    ...     "bbbb": {"title": "Watch for drift", "start": "2027-04-01"}}})
    >>> [(phase.title, list(phase.items)) for phase in phases(plan)]
    [('Quick wins, months 0 to 3', ['aaaa']), ('Foundation, months 3 to 6', ['bbbb'])]
    """
    table = words("phases", language)
    known = _roadmap_phases(rubric)
    if any(item.initiative in known for item in plan.items.values()):
        titles = [*dict.fromkeys(known.values()), (-1, -1, table["other"])]
        of = {name: known.get(item.initiative, titles[-1]) for name, item in plan.items.items()}
    else:
        keys = (*(key for key, _ in HORIZONS), "later", "undated")
        titles = [(0, place, table[key]) for place, key in enumerate(keys)]
        begin = _beginning(plan)
        of = {name: titles[_horizon(item, begin)] for name, item in plan.items.items()}
    groups = {phase: {name: item for name, item in plan.ordered() if of[name] == phase} for phase in titles}
    return tuple(PlanGroup(title=phase[2], items=items) for phase, items in groups.items() if items)


def day(written: str | None) -> date | None:
    """Read a day; None where there is none, or none that a calendar has.

    >>> day("2026-02-28"), day("2026-02-31")
    (datetime.date(2026, 2, 28), None)
    """
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None


def _roadmap_phases(rubric: Rubric | None) -> dict[str, tuple[int, int, str]]:
    """Give the place and title of the phase of each initiative that a rubric knows."""
    return {
        initiative.id: (way, place, phase.title)
        for way, roadmap in enumerate(rubric.roadmaps if rubric else ())
        for place, phase in enumerate(roadmap.phases)
        for initiative in phase.initiatives
    }


def _beginning(plan: Plan) -> date | None:
    begins = [begin for item in plan.items.values() if (begin := day(item.start) or day(item.due))]
    return day(plan.start) or min(begins, default=None)


def _horizon(item: PlanItem, begin: date | None) -> int:
    """Give the place of the horizon in which an item begins; the last but one holds what is later."""
    start = day(item.start) or day(item.due)
    if start is None or begin is None:
        return len(HORIZONS) + 1
    months = (start.year - begin.year) * 12 + start.month - begin.month - (start.day < begin.day)
    return sum(months >= end for _, end in HORIZONS)
