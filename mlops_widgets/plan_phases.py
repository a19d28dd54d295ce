"""The items of a plan in groups: by phase where its rubric has phases, in the order in which they are done.

May not draw, nor move an item in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlops_widgets.library import words
from mlops_widgets.plan import phase_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_widgets.assessment import Plan, PlanItem
    from mlops_widgets.rubric import Rubric

__all__ = ["ItemGroup", "item_groups"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemGroup:
    """Items under one heading."""

    title: str
    """Empty where there are no phases to tell apart."""
    items: Mapping[str, PlanItem]
    """Items by id, in the order of the plan."""


def item_groups(plan: Plan, rubric: Rubric | None = None, *, language: str = "en") -> tuple[ItemGroup, ...]:
    """Group the items of a plan by the phase in which they are due; a plan without a start begins with its first day.

    >>> from mlops_widgets.assessment import Plan
    >>> plan = Plan.model_validate({"items": {"aaaa": {"title": "Test the data", "due": "2026-12-01"}}})
    >>> [(group.title, list(group.items)) for group in item_groups(plan)]
    [('', ['aaaa'])]
    """
    if not plan.items:
        return ()
    known = rubric.plan.phases if rubric and rubric.plan else ()
    if rubric is None or not known:
        return (ItemGroup(title="", items=dict(plan.ordered())),)
    table = words("plan", language)
    days = [day for item in plan.items.values() if (day := item.start or item.due)]
    begun = plan.model_copy(update={"start": plan.start or min(days, default=None)})
    groups: dict[str, dict[str, PlanItem]] = {name: {} for name in (*(phase.id for phase in known), "")}
    for name, item in plan.ordered():
        phase = phase_of(rubric, begun, item)
        groups[phase.id if phase else ""][name] = item
    titles = {
        phase.id: table["phase_title"].format(title=phase.title, start=phase.start, end=phase.end) for phase in known
    }
    titles[""] = table["undated"]
    return tuple(ItemGroup(title=titles[name], items=items) for name, items in groups.items() if items)
