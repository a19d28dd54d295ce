"""A plan as lines of text, for a terminal: the gaps, the steps that close them, the items, and what comes of it.

May not know commands, and decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.library import words
from mlops_widgets.plan import forecast, gaps, late, steps
from mlops_widgets.plan_reading import PlanWords
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlops_widgets.assessment import Assessment, PlanItem
    from mlops_widgets.plan import Order
    from mlops_widgets.rubric import Rubric

__all__ = ["lines"]

_ORDERS = {"ratio": "by value for the effort", "opensammy": "by the priority of Open SAMMY"}


def lines(assessment: Assessment, rubric: Rubric, *, order: Order = "ratio") -> Iterator[str]:
    """Say what is below its target, what closes that in which order, what is planned, and where it leads."""
    say = PlanWords(rubric, words("plan"))
    yield f"{assessment.subject}, {assessment.date}"
    yield f"{rubric.title} {rubric.version}"
    yield ""
    found = gaps(rubric, assessment)
    yield "Gaps" if found else f"Gaps: {say.say('gaps_none')}"
    for gap in found:
        yield f"  {say.gap(gap)} ({say.say(f'priority_{gap.priority}')})"
    ranked = steps(rubric, assessment, order=order)
    if ranked:
        yield from ("", f"Steps, {_ORDERS[order]}")
    for step in ranked:
        yield f"{step.rank:>4}  {step.criterion}: {say.aim(step)}"
        yield f"      {say.step(step)}."
    items = assessment.plan.ordered()
    yield ""
    yield say.say("plan") if items else f"{say.say('plan')}: {say.say('items_none')}"
    for _, item in items:
        yield from _item(item, say)
    if items:
        yield ""
        yield say.outlook(score(rubric, assessment), forecast(rubric, assessment))
        if too_late := say.lateness(assessment, late(assessment)):
            yield too_late


def _item(item: PlanItem, say: PlanWords) -> Iterator[str]:
    dates = f"{item.start or ' ' * 10} - {item.due or ' ' * 10}"
    about = [say.say(f"status_{item.status}")]
    if item.owner:
        about.append(item.owner)
    if item.effort is not None:
        about.append(say.weeks(item.effort))
    yield f"  {dates}  {item.title} ({', '.join(about)})"
    if item.blocker:
        yield f"      {say.say('blocker')}: {item.blocker}"
