"""From a score and its targets to a plan: what closes the gaps, in which order, and what the score would be then.

Reads scores, never computes one by another way than the engine. May not draw, find words, or know the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mlops_widgets.assessment import Answer
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mlops_widgets.assessment import Assessment, Plan
    from mlops_widgets.rubric import Rubric
    from mlops_widgets.scoring import Score

__all__ = ["Gap", "Order", "Step", "effort_of", "forecast", "gaps", "proposed", "steps"]

Order = Literal["ratio", "opensammy"]
"""How steps are ranked: by value for the effort, or by the priority that Open SAMMY publishes."""

Priority = Literal["high", "medium", "low"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """How far a section, or the whole, is from its target.

    Attributes:
        section: its id; `overall` for the whole.
        current: the level it has; None where it has none.
        target: the level wanted.
        distance: target minus current, in levels.
        smallest: the fewest criteria that would reach the target if each were fully met.
        effort: person-weeks of all of them; None where none of them has any.
        weight: Open SAMMY's weight of the gap, max((1 + target - current)^2 - 1, 0).
        priority: high from half of the weight's maximum on this scale, medium from a quarter.
    """

    section: str
    current: int | None
    target: float
    distance: float
    smallest: tuple[str, ...]
    effort: float | None
    weight: float
    priority: Priority


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A criterion that helps to close a gap, with what speaks for it.

    Attributes:
        criterion: its id.
        effort: person-weeks; None where nobody has said.
        value: what fully meeting it adds, as a share of the way of the gaps it closes, 0 to 1.
        ratio: value for each person-week; None without an effort.
        priority: of the largest gap that it closes.
        closes: sections whose gap it helps to close.
        requires: criteria that have to be met first and are not yet; they stand before it.
        brings: criteria it meets at once because it implies them.
        rank: its place, from 1.
    """

    criterion: str
    effort: float | None
    value: float
    ratio: float | None
    priority: Priority
    closes: tuple[str, ...]
    requires: tuple[str, ...]
    brings: tuple[str, ...]
    rank: int


def effort_of(rubric: Rubric, plan: Plan, criterion: str) -> float | None:
    """Give the person-weeks a criterion takes: what the team says, else what the rubric says, else None."""
    return plan.efforts.get(criterion, rubric.criteria[criterion].effort)


def gaps(rubric: Rubric, assessment: Assessment) -> tuple[Gap, ...]:
    """List what is below its target, the largest gap first; without any target, the whole's next level is one."""
    raise NotImplementedError


def steps(rubric: Rubric, assessment: Assessment, *, order: Order = "ratio") -> tuple[Step, ...]:
    """Rank the criteria of the smallest sets that close the gaps; what one requires stands before it."""
    raise NotImplementedError


def proposed(
    rubric: Rubric, assessment: Assessment, *, start: str, new_id: Callable[[], str], order: Order = "ratio"
) -> Plan:
    """Make a plan that closes the gaps: the initiatives that answer them, in an order that can be done.

    Args:
        start: first day of the plan, ISO 8601.
        new_id: gives the id of each new item.
    """
    raise NotImplementedError


def forecast(rubric: Rubric, assessment: Assessment, *, done: Iterable[str] | None = None) -> Score:
    """Score the assessment as it will be once items of its plan are done: all that are not dropped when left out."""
    plan = assessment.plan
    finished = {name for name, item in plan.items.items() if item.status != "dropped"} if done is None else set(done)
    answers = dict(assessment.answers)
    for name in finished:
        for criterion in plan.items[name].criteria:
            if criterion in rubric.criteria:
                answers[criterion] = Answer(value=rubric.scale_of[criterion].options[-1].id)
    return score(rubric, assessment.model_copy(update={"answers": answers}))
