"""What holds for every plan: gaps close, sets are the smallest, order is kept, nobody does more than they can."""

from __future__ import annotations

from datetime import date
from itertools import combinations, count
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_scoring_properties import answer, answered, profiles, rubrics

from mlops_widgets.assessment import Assessment, PlanItem
from mlops_widgets.engine import engine
from mlops_widgets.plan import check_plan, forecast, proposed, steps
from mlops_widgets.plan_gaps import Aim, aims
from mlops_widgets.plan_schedule import Work, scheduled
from mlops_widgets.rubric import Rubric
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from collections.abc import Iterable

many = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def assessments(draw: st.DrawFn, rubric: Rubric) -> Assessment:
    """Any answers, with targets or without."""
    sections = ["overall", *(section.id for section in rubric.sections)]
    targets = st.dictionaries(st.sampled_from(sections), st.sampled_from([0, 1, 1.5, 2, 3, 9]), max_size=3)
    codes = draw(answered(rubric))
    return Assessment(
        id="random1",
        rubric={"id": rubric.id, "version": rubric.version},
        subject="Anything",
        date="2026-11-20",
        profile=draw(profiles()),
        targets=draw(targets),
        answers={name: given for name, code in codes.items() if not (given := answer(code)).is_empty},
    )


def linked(draw: st.DrawFn, rubric: Rubric) -> Rubric:
    """The same rubric, in which some criteria require earlier ones that do not imply them."""
    data = rubric.to_dict()
    seen: list[str] = []

    def walk(section: dict[str, Any]) -> None:
        for child in section.get("sections", ()):
            walk(child)
        for criterion in section.get("criteria", ()):
            criterion["effort"] = draw(st.sampled_from([0.5, 1, 2, 4]))
            if seen and draw(st.integers(0, 3)) == 0:
                criterion["requires"] = [draw(st.sampled_from(seen))]
            seen.append(criterion["id"])

    for section in data["sections"]:
        walk(section)
    return Rubric.from_dict(data)


def fewest(aim: Aim, rubric: Rubric, *, up_to: int) -> int | None:
    """How many criteria the smallest of all sets has that reaches the level of a gap, found by trying every one."""
    sets, compiled = aim.sets, engine(rubric)
    raisable = [column for column, code in enumerate(sets.codes) if code != -2 and code < sets.goal[column]]
    for number in range(up_to + 1):
        for columns in combinations(raisable, number):
            if all(sets.required(column) <= set(columns) for column in columns):
                row = compiled.score(sets.raised(columns)[np.newaxis])
                if sets.reached(row, aim.head, aim.level or 0)[0]:
                    return number
    return None


def ids() -> Iterable[str]:
    """Ids for new items."""
    return (f"item{number:03}" for number in count(1))


@many
@given(st.data(), rubrics(implies=False, largest=9))
def test_sets_are_the_smallest(data: st.DataObject, rubric: Rubric) -> None:
    """No set with fewer criteria reaches the level of a gap, where criteria are not linked to each other."""
    for aim in aims(rubric, data.draw(assessments(rubric))):
        if aim.level is not None:
            assert fewest(aim, rubric, up_to=len(aim.columns)) == len(aim.columns)


@many
@given(st.data(), rubrics(largest=9))
def test_sets_with_links_are_small(data: st.DataObject, rubric: Rubric) -> None:
    """With links the set found reaches its level, holds what it requires, and has at most one criterion to spare."""
    rubric = linked(data.draw, rubric)
    for aim in aims(rubric, data.draw(assessments(rubric))):
        chosen = set(aim.columns)
        if aim.level is not None:
            assert all(aim.sets.required(column) <= chosen for column in chosen)
            row = engine(rubric).score(aim.sets.raised(chosen)[np.newaxis])
            assert aim.sets.reached(row, aim.head, aim.level) == [True]
            assert (fewest(aim, rubric, up_to=len(chosen)) or 0) >= len(chosen) - 1


@many
@given(st.data(), rubrics())
def test_steps_are_in_an_order_that_can_be_done(data: st.DataObject, rubric: Rubric) -> None:
    """What a step requires stands before it; values are shares; each step closes some gap."""
    rubric = linked(data.draw, rubric)
    ranked = steps(rubric, data.draw(assessments(rubric)), order=data.draw(st.sampled_from(["ratio", "opensammy"])))
    assert [step.rank for step in ranked] == list(range(1, len(ranked) + 1))
    done: set[str] = set()
    for step in ranked:
        assert set(step.requires) <= done
        assert 0 <= step.value <= 1
        assert step.closes
        done.add(step.criterion)


@many
@given(st.data(), rubrics())
def test_proposal_closes_the_gaps_and_can_be_done(data: st.DataObject, rubric: Rubric) -> None:
    """Done, the plan reaches every level that can be reached; nothing in it begins before what comes first."""
    rubric = linked(data.draw, rubric)
    assessment, names = data.draw(assessments(rubric)), iter(ids())
    plan = proposed(rubric, assessment, start="2026-12-01", new_id=lambda: next(names))
    planned = assessment.model_copy(update={"plan": plan})
    assert list(check_plan(plan, rubric)) == []
    then = forecast(rubric, planned)
    for aim in aims(rubric, assessment):
        if aim.level is not None and then[aim.gap.section].level is not None:
            assert (then[aim.gap.section].level or 0) >= aim.level
    assert proposed(rubric, planned, start="2026-12-01", new_id=lambda: next(names)) == plan


@many
@given(st.data(), rubrics())
def test_more_done_never_lowers_anything(data: st.DataObject, rubric: Rubric) -> None:
    """Whatever the items of a plan, a further one done lowers neither value nor level."""
    assessment, names = data.draw(assessments(rubric)), st.sampled_from(list(rubric.criteria))
    items = {
        f"item{number}": PlanItem(title="Something", criteria=data.draw(st.lists(names, max_size=3)))
        for number in range(data.draw(st.integers(1, 5)))
    }
    planned = assessment.model_copy(update={"plan": assessment.plan.model_copy(update={"items": items})})
    before = score(rubric, assessment)
    for done in range(len(items) + 1):
        after = forecast(rubric, planned, done=list(items)[:done])
        assert (after.value is None) == (before.value is None) or before.value is None
        assert (after.low or 0) >= (before.low or 0)
        if before.value is not None and after.value is not None:
            assert after.value >= before.value
        if before.level is not None and after.level is not None:
            assert after.level >= before.level
        before = after


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.tuples(st.floats(0.1, 9), st.lists(st.integers(0, 30), max_size=3)),
        max_size=12,
    ),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.sampled_from([0.4, 0.5, 1, 1.5, 2, 3.5, 20]),
)
def test_nobody_does_more_than_they_can(drawn: list[tuple[float, list[int]]], start: date, capacity: float) -> None:
    """In no week is there more work than the team has, and nothing begins before what comes first has ended."""
    work = {
        str(number): Work(effort=effort, after=[str(first) for first in after if first < number])
        for number, (effort, after) in enumerate(drawn)
    }
    days = scheduled(work, start=start.isoformat(), capacity=capacity)
    load: dict[date, float] = {}
    lanes = max(1, int(capacity))
    for name, (first, last) in days.items():
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
        assert start <= begin <= end
        assert all(days[before][1] < first for before in work[name].after)
        mine = [date.fromordinal(day) for day in range(begin.toordinal(), end.toordinal() + 1)]
        mine = [day for day in mine if day.weekday() < 5]
        assert work[name].effort <= len(mine) / 5 * capacity / lanes + 1e-6
        for day in mine:
            load[day] = load.get(day, 0.0) + capacity / lanes
    assert all(total <= capacity + 1e-9 for total in load.values())
