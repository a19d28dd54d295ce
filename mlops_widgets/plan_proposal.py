"""A plan for an assessment: the rubric's own initiatives that answer its gaps, in an order that can be done.

Takes the day it begins and the ids of its items from above. May not find words: titles are the rubric's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlops_widgets.assessment import PlanItem, SuccessMetric
from mlops_widgets.engine import engine
from mlops_widgets.plan_gaps import aims, effort_of
from mlops_widgets.plan_schedule import Work, day_after, scheduled
from mlops_widgets.plan_steps import Order, in_order, steps_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from mlops_widgets.assessment import Assessment, Plan
    from mlops_widgets.plan_steps import Step
    from mlops_widgets.rubric import Roadmap, Rubric

__all__ = ["proposed"]

UNKNOWN = 1.0
"""Person-weeks kept free for what has no effort."""

_LONGEST_TITLE = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class _Draft:
    """An item before it has a place.

    Attributes:
        title: what to do.
        criteria: what it helps to meet, of what is wanted.
        level: the level it serves: what is lower comes first.
        initiative: where it comes from; empty for a criterion that no initiative answers.
        after: initiatives that come first.
        effort: person-weeks as the initiative has them.
        to_level: for questions with a text for each level, the level they come to.
    """

    title: str
    criteria: tuple[str, ...]
    level: int
    initiative: str = ""
    after: tuple[str, ...] = ()
    effort: float | None = None
    to_level: int | None = None


def proposed(
    rubric: Rubric, assessment: Assessment, *, start: str, new_id: Callable[[], str], order: Order = "ratio"
) -> Plan:
    """Make a plan that closes the gaps: the initiatives that answer them, in an order that can be done.

    What the plan has already stays as it is, and only what it does not cover is added, after it. Of the rubric's
    roadmaps those count that go the smallest steps; of an initiative, the criteria that close a gap. A criterion that
    no initiative answers becomes an item of its own. Lower levels come first, within a level what ranks first, and
    before each item what has to come first. Dates follow from the capacity of the team, 1 person-week a week where
    nobody has said; one week is kept for what has no effort.

    Args:
        rubric: what was asked.
        assessment: the answers, targets and plan so far.
        start: first day of the plan, ISO 8601.
        new_id: gives the id of each new item.
        order: how steps are ranked.
    """
    plan = assessment.plan
    kept = {name: item for name, item in plan.items.items() if item.status != "dropped"}
    wanted = {
        step.criterion: step
        for step in steps_of(rubric, assessment, aims(rubric, assessment), order=order)
        if not _is_planned(rubric, step, kept.values())
    }
    drafts = list(_drafts(rubric, assessment, wanted))
    drafts.sort(key=lambda draft: (draft.level, min(wanted[name].rank for name in draft.criteria)))
    waits = _waits(rubric, drafts)
    sequence = [int(each) for each in in_order([str(index) for index in range(len(drafts))], _texts(waits))]
    ids = {index: new_id() for index in sequence}
    efforts = {index: _effort(rubric, plan, drafts[index], drafts) for index in sequence}
    days = scheduled(
        {
            ids[index]: Work(effort=efforts[index] or UNKNOWN, after=[ids[each] for each in waits[index]])
            for index in sequence
        },
        start=_free_from(kept.values(), start),
        capacity=plan.capacity or 1.0,
    )
    highest = max((item.rank for item in plan.items.values()), default=0.0)
    items = {
        ids[index]: PlanItem(
            title=drafts[index].title,
            criteria=drafts[index].criteria,
            to_level=drafts[index].to_level,
            initiative=drafts[index].initiative,
            effort=efforts[index],
            start=days[ids[index]][0],
            due=days[ids[index]][1],
            after=(
                *(ids[each] for each in sorted(waits[index], key=sequence.index)),
                *_kept_before(rubric, drafts[index], kept),
            ),
            rank=highest + place,
        )
        for place, index in enumerate(sequence, 1)
    }
    metrics = plan.metrics or tuple(
        SuccessMetric(name=each.name) for each in (rubric.plan.metrics if rubric.plan else ())
    )
    return plan.model_copy(update={"start": plan.start or start, "metrics": metrics, "items": {**plan.items, **items}})


def _is_planned(rubric: Rubric, step: Step, kept: Iterable[PlanItem]) -> bool:
    """Whether an item of the plan takes a criterion at least as far as a step does."""
    wanted = _place(rubric, step)
    return any(step.criterion in item.criteria and (item.to_level is None or item.to_level >= wanted) for item in kept)


def _has_texts(rubric: Rubric, criterion: str) -> bool:
    """Whether a question has one text for each level."""
    return len(rubric.criteria[criterion].anchors) == len(rubric.levels)


def _place(rubric: Rubric, step: Step) -> int:
    """Give the level a step serves: that of its criterion, or of the text it is raised to; 0 where there is neither."""
    if _has_texts(rubric, step.criterion):
        ids = [option.id for option in rubric.scale_of[step.criterion].options]
        return engine(rubric).levels[ids.index(step.option)]
    return rubric.criteria[step.criterion].level or 0


def _drafts(rubric: Rubric, assessment: Assessment, wanted: Mapping[str, Step]) -> Iterator[_Draft]:
    answered: dict[str, int] = {}
    for roadmap in _smallest_steps(rubric.roadmaps):
        for phase in roadmap.phases:
            for initiative in phase.initiatives:
                criteria = tuple(
                    name
                    for name in initiative.criteria
                    if name in wanted and _leads(rubric, assessment, roadmap, wanted[name])
                )
                if criteria:
                    answered |= dict.fromkeys(criteria, roadmap.to_level)
                    texts = all(_has_texts(rubric, name) for name in criteria)
                    yield _Draft(
                        title=initiative.title[:_LONGEST_TITLE],
                        criteria=criteria,
                        level=roadmap.to_level if texts else min(_place(rubric, wanted[name]) for name in criteria),
                        initiative=initiative.id,
                        after=initiative.after,
                        effort=initiative.effort,
                        to_level=roadmap.to_level if texts else None,
                    )
    for name, step in wanted.items():
        level = _place(rubric, step)
        if name not in answered or (_has_texts(rubric, name) and answered[name] < level):
            yield _Draft(
                title=_title(rubric, step),
                criteria=(name,),
                level=level,
                to_level=level if _has_texts(rubric, name) else None,
            )


def _smallest_steps(roadmaps: Iterable[Roadmap]) -> list[Roadmap]:
    """Leave out the roadmaps that jump where others go step by step."""
    by_end: dict[int, int] = {}
    for roadmap in roadmaps:
        by_end[roadmap.to_level] = max(by_end.get(roadmap.to_level, 0), roadmap.from_level)
    return sorted(
        (roadmap for roadmap in roadmaps if roadmap.from_level == by_end[roadmap.to_level]),
        key=lambda roadmap: roadmap.to_level,
    )


def _leads(rubric: Rubric, assessment: Assessment, roadmap: Roadmap, step: Step) -> bool:
    """Whether a roadmap raises a criterion from where it stands, and not above where it is wanted."""
    if not _has_texts(rubric, step.criterion):
        return True
    answer = assessment.answers.get(step.criterion)
    ids = [option.id for option in rubric.scale_of[step.criterion].options]
    now = ids.index(answer.value) if answer and answer.value in ids else 0
    return engine(rubric).levels[now] < roadmap.to_level <= _place(rubric, step)


def _title(rubric: Rubric, step: Step) -> str:
    criterion = rubric.criteria[step.criterion]
    text = criterion.text
    if criterion.anchors:
        ids = [option.id for option in rubric.scale_of[step.criterion].options]
        text = f"{text} {criterion.anchors[ids.index(step.option)]}"
    return text if len(text) <= _LONGEST_TITLE else text[: _LONGEST_TITLE - 1] + "…"


def _waits(rubric: Rubric, drafts: list[_Draft]) -> dict[int, list[int]]:
    """Find for each draft those that come first; what would close a circle is left out."""
    waits: dict[int, list[int]] = {index: [] for index in range(len(drafts))}
    for index, first in (*_by_initiative(drafts), *_by_criteria(rubric, drafts)):
        if first not in waits[index] and not _leads_to(waits, first, index):
            waits[index].append(first)
    return waits


def _by_initiative(drafts: list[_Draft]) -> Iterator[tuple[int, int]]:
    """Pair each draft with those that its roadmap puts first."""
    position = {draft.initiative: index for index, draft in enumerate(drafts) if draft.initiative}
    for index, draft in enumerate(drafts):
        for name in draft.after:
            if name in position:
                yield index, position[name]


def _by_criteria(rubric: Rubric, drafts: list[_Draft]) -> Iterator[tuple[int, int]]:
    """Pair each draft with those that meet what it requires, or raise the same question to a lower level."""
    naming: dict[str, list[int]] = {}
    for index, draft in enumerate(drafts):
        for name in draft.criteria:
            naming.setdefault(name, []).append(index)
    for index, draft in enumerate(drafts):
        for name in draft.criteria:
            for required in rubric.criteria[name].requires:
                yield from ((index, first) for first in naming.get(required, ()))
            for other in naming[name]:
                if (drafts[other].to_level or 0) < (draft.to_level or 0):
                    yield index, other


def _leads_to(waits: Mapping[int, list[int]], start: int, goal: int) -> bool:
    """Whether a draft is another one, or waits for it, directly or by way of others."""
    seen, queue = {start}, [start]
    while queue:
        new = set(waits[queue.pop()]) - seen
        seen |= new
        queue.extend(new)
    return goal in seen


def _kept_before(rubric: Rubric, draft: _Draft, kept: Mapping[str, PlanItem]) -> Iterator[str]:
    """Name the items there already that do what a new one requires."""
    required = {each for name in draft.criteria for each in rubric.criteria[name].requires}
    return (name for name, item in kept.items() if required.intersection(item.criteria))


def _texts(waits: Mapping[int, list[int]]) -> dict[str, list[str]]:
    return {str(index): [str(each) for each in first] for index, first in waits.items()}


def _effort(rubric: Rubric, plan: Plan, draft: _Draft, drafts: list[_Draft]) -> float | None:
    """Add up what its criteria take, each shared out between the items that name it; else what the initiative takes."""
    total = 0.0
    for name in draft.criteria:
        effort = effort_of(rubric, plan, name)
        if effort is not None:
            total += effort / sum(name in other.criteria for other in drafts)
    return round(total, 2) or draft.effort


def _free_from(kept: Iterable[PlanItem], start: str) -> str:
    """Find the day on which the team is through with what the plan has already."""
    until = max((item.due for item in kept if item.due and item.status != "done"), default="")
    return max(start, day_after(until)) if until else start
