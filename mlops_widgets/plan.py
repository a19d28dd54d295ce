"""From a score and its targets to a plan: what closes the gaps, in which order, and what the score would be then.

Reads scores, never computes one by another way than the engine. May not draw, find words, or know the clock. How it is
computed is told in docs/planning.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.assessment import NOT_APPLICABLE, Answer
from mlops_widgets.plan_checks import check_plan, late
from mlops_widgets.plan_gaps import Gap, Priority, effort_of, gaps
from mlops_widgets.plan_proposal import proposed
from mlops_widgets.plan_schedule import months_between
from mlops_widgets.plan_steps import Order, Step, steps
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mlops_widgets.assessment import Assessment, Plan, PlanItem
    from mlops_widgets.rubric import PlanPhase, Rubric
    from mlops_widgets.scoring import Score

__all__ = [
    "Gap",
    "Order",
    "Priority",
    "Step",
    "check_plan",
    "effort_of",
    "forecast",
    "gaps",
    "late",
    "phase_of",
    "proposed",
    "steps",
]


def phase_of(rubric: Rubric, plan: Plan, item: PlanItem) -> PlanPhase | None:
    """Find the phase of the rubric's plan in which an item is due: the last one for what is due later still.

    None where the rubric has no phases, or the plan no start, or the item no date.
    """
    phases = rubric.plan.phases if rubric.plan else ()
    day = item.due or item.start
    if not phases or plan.start is None or day is None:
        return None
    months = months_between(plan.start, day)
    return next((phase for phase in phases if months < phase.end), phases[-1])


def forecast(rubric: Rubric, assessment: Assessment, *, done: Iterable[str] | None = None) -> Score:
    """Score the assessment as it will be once items of its plan are done: all that are not dropped when left out.

    A criterion named by several items is met when all of them are done; one raised level by level stands where the
    items up to a level are all done. An answer is never lowered, and what does not apply stays so.
    """
    plan = assessment.plan
    kept = {name for name, item in plan.items.items() if item.status != "dropped"}
    finished = kept if done is None else kept.intersection(done)
    answers = dict(assessment.answers)
    for criterion, option in _reached(rubric, plan, kept, finished).items():
        answer = answers.get(criterion, Answer())
        if answer.value != NOT_APPLICABLE or not answer.reason.strip():
            ids = [each.id for each in rubric.scale_of[criterion].options]
            now = ids.index(answer.value) if answer.value in ids else 0
            answers[criterion] = answer.model_copy(update={"value": ids[max(now, option)]})
    return score(rubric, assessment.model_copy(update={"answers": answers}))


def _reached(rubric: Rubric, plan: Plan, kept: set[str], finished: set[str]) -> Mapping[str, int]:
    """Find the option each criterion has come to by what is finished: its position."""
    naming: dict[str, list[tuple[int, str]]] = {}
    for name in kept:
        item = plan.items[name]
        for criterion in item.criteria:
            if criterion in rubric.criteria:
                top = len(rubric.scale_of[criterion].options) - 1
                naming.setdefault(criterion, []).append((_option(rubric, criterion, item.to_level, top), name))
    reached = {}
    for criterion, pairs in naming.items():
        for option in sorted({option for option, _ in pairs}):
            if not all(name in finished for other, name in pairs if other <= option):
                break
            reached[criterion] = option
    return reached


def _option(rubric: Rubric, criterion: str, level: int | None, top: int) -> int:
    """Find the option an item raises a criterion to: the text of its level, where there is one for each level."""
    numbers = sorted(each.level for each in rubric.levels)
    if level in numbers and len(rubric.criteria[criterion].anchors) == len(numbers):
        return numbers.index(level)
    return top
