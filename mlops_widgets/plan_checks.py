"""What does not fit in a plan: circles, unknown names, days in the wrong order; told, never forbidden.

May not change the plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.assessment import plan_faults
from mlops_widgets.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlops_widgets.assessment import Assessment, Plan
    from mlops_widgets.rubric import Rubric

__all__ = ["check_plan", "late"]


def check_plan(plan: Plan, rubric: Rubric, *, targets_by: str | None = None) -> Iterator[Problem]:
    """Tell everything about a plan that somebody should look at.

    Args:
        plan: the plan.
        rubric: what was asked.
        targets_by: the day by which the targets are to be met.

    >>> from mlops_widgets.assessment import Plan
    >>> from mlops_widgets.library import load_rubric
    >>> plan = Plan.model_validate({"items": {"aaaa": {"title": "One", "after": ["bbbb"]},
    ...     "bbbb": {"title": "Two", "after": ["aaaa"]}}})
    >>> for problem in check_plan(plan, load_rubric("mlops-levels")):
    ...     print(problem)
    plan.items.bbbb.after: goes round in a circle: aaaa -> bbbb -> aaaa; take one of them out
    """
    yield from plan_faults(plan, rubric)
    for name, item in plan.items.items():
        place = f"plan.items.{name}"
        for index, first in enumerate(item.after):
            before = plan.items.get(first)
            if before is None or before.status == "dropped" or item.status == "dropped":
                continue
            if item.start and before.due and item.start <= before.due and before.status != "done":
                message = f"is {item.start}, but {before.title!r} comes first and is due on {before.due}"
                yield Problem(where=f"{place}.start", message=message)
            if item.status == "done" and before.status != "done":
                message = f"{before.title!r} comes first and is not done, but this is"
                yield Problem(where=f"{place}.after[{index}]", message=message)
        if targets_by and item.due and item.due > targets_by and item.status not in ("done", "dropped"):
            message = f"is {item.due}; the targets are to be met by {targets_by}"
            yield Problem(where=f"{place}.due", message=message)


def late(assessment: Assessment) -> tuple[str, ...]:
    """Name the items still to be done that are due after the day by which the targets are to be met."""
    by = assessment.targets_by
    return tuple(
        name
        for name, item in assessment.plan.ordered()
        if by and item.due and item.due > by and item.status not in ("done", "dropped")
    )
