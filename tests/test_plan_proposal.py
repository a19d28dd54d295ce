"""A plan made of the rubric's own initiatives."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from small_rubric import small
from test_plan_gaps import assessed

from mlops_widgets.library import load_rubric
from mlops_widgets.plan import check_plan, forecast, proposed

if TYPE_CHECKING:
    from mlops_widgets.assessment import Assessment, Plan
    from mlops_widgets.rubric import Rubric

LEVELS = load_rubric("mlops-levels")


def plan_of(rubric: Rubric, assessment: Assessment, *, start: str = "2026-11-30") -> Plan:
    """The plan proposed, with ids that count."""
    numbers = count(1)
    return proposed(rubric, assessment, start=start, new_id=lambda: f"item{next(numbers)}")


def roadmap(**changes: Any) -> dict[str, Any]:
    """A roadmap for the small rubric."""
    initiatives = [
        {"id": "store", "title": "Open a store", "criteria": ["data.c"], "after": ["data"]},
        {"id": "data", "title": "Collect data", "criteria": ["data.a", "data.b"], "effort": 3},
        {"id": "search", "title": "Search", "criteria": ["model.b"]},
    ]
    phases = [{"title": "All", "start": 1, "end": 3, "initiatives": initiatives}]
    plain = {"id": "up", "title": "Up", "from_level": 0, "to_level": 2, "goal": "Up.", "months_low": 3,
             "months_high": 6, "phases": phases}  # fmt: skip
    return plain | changes


def test_initiatives_that_answer_the_gaps() -> None:
    """Of a roadmap the initiatives that close a gap are taken, in its order; what none answers is an item itself."""
    rubric = small({"roadmaps": [roadmap()], "sections.1.criteria.0.effort": 1.5})
    plan = plan_of(rubric, assessed(rubric, {"data.a": "no"}, targets={"overall": 2}))
    assert [item.to_dict() for _, item in plan.ordered()] == [
        {"title": "A.", "criteria": ["model.a"], "effort": 1.5, "start": "2026-11-30", "due": "2026-12-09", "rank": 1},
        {"title": "Collect data", "criteria": ["data.a", "data.b"], "initiative": "data", "effort": 3,
         "start": "2026-12-10", "due": "2026-12-30", "rank": 2},
        {"title": "Open a store", "criteria": ["data.c"], "initiative": "store", "start": "2026-12-31",
         "due": "2027-01-06", "after": ["item2"], "rank": 3},
    ]  # fmt: skip
    assert plan.start == "2026-11-30"


def test_smallest_steps_are_taken() -> None:
    """A roadmap that jumps over levels is left alone where others go one by one."""
    jump = roadmap(id="jump", from_level=0, phases=[{"title": "All", "start": 1, "end": 3, "initiatives": [
        {"id": "all", "title": "All at once", "criteria": ["data.c"]}]}])  # fmt: skip
    rubric = small({"roadmaps": [jump, roadmap(from_level=1)]})
    titles = [item.title for item in plan_of(rubric, assessed(rubric, targets={"data": 2})).items.values()]
    assert titles == ["Collect data", "Open a store"]


def test_requirements_order_items() -> None:
    """An item that meets what another requires comes first, whatever their roadmap says of them."""
    rubric = small({"roadmaps": [roadmap(from_level=0)], "sections.0.criteria.1.requires": ["model.a"]})
    plan = plan_of(rubric, assessed(rubric, targets={"data": 1}))
    assert [(item.title, item.criteria, item.after) for _, item in plan.ordered()] == [
        ("A.", ("model.a",), ()),
        ("Collect data", ("data.a", "data.b"), ("item1",)),
    ]


def test_circle_between_initiatives_is_opened() -> None:
    """Initiatives whose criteria require each other across are still put in some order."""
    changes = {"sections.0.criteria.0.requires": ["data.c"], "sections.0.criteria.2.implies": []}
    rubric = small({"roadmaps": [roadmap()], **changes})
    plan = plan_of(rubric, assessed(rubric, targets={"data": 2}))
    assert list(check_plan(plan, rubric)) == []


def test_plan_that_is_there_stays() -> None:
    """What is planned is neither changed nor proposed again; what is new comes after it in time and rank."""
    rubric = small({"roadmaps": [roadmap()]})
    old = {"mine": {"title": "Ours", "criteria": ["data.a", "data.b"], "due": "2027-01-01", "rank": 7},
           "gone": {"title": "Dropped", "criteria": ["data.c"], "due": "2029-01-01", "status": "dropped"}}  # fmt: skip
    given = assessed(rubric, targets={"data": 2}, plan={"owner": "us", "start": "2026-10-01", "items": old})
    given = given.model_copy(update={"answers": assessed(rubric, {"data.a": "no"}).answers})
    plan = plan_of(rubric, given)
    assert (plan.owner, plan.start) == ("us", "2026-10-01")
    assert {name: plan.items[name] for name in old} == given.plan.items
    assert [(item.title, item.start, item.rank) for name, item in plan.items.items() if name not in old] == [
        ("Open a store", "2027-01-04", 8)
    ]
    assert plan_of(rubric, given.model_copy(update={"plan": plan})) == plan


def test_questions_are_raised_level_by_level() -> None:
    """A question that has two levels to go is in an initiative of each, the lower before the higher."""
    rubric = load_rubric("mlops-questionnaire")
    answers = dict.fromkeys(rubric.criteria, "1") | {"operations.cost": "0"}
    given = assessed(rubric, answers, targets={"operations": 2})
    plan = plan_of(rubric, given)
    assert {item.to_level for item in plan.items.values()} <= {1, 2}
    assert list(check_plan(plan, rubric)) == []
    assert forecast(rubric, given.model_copy(update={"plan": plan}))["operations"].level == 2


def test_efforts_are_shared_between_items() -> None:
    """A criterion that several initiatives help with is paid for once."""
    rubric = load_rubric("mlops-questionnaire")
    given = assessed(rubric, dict.fromkeys(rubric.criteria, "1"), targets={"development": 2})
    plan = plan_of(rubric, given)
    wanted = {name for item in plan.items.values() for name in item.criteria}
    total = sum(rubric.criteria[name].effort or 0 for name in wanted)
    assert round(sum(item.effort or 0 for item in plan.items.values()), 1) == total


def test_measures_come_from_the_rubric() -> None:
    """A new plan has the measures its rubric asks for, with nothing filled in; those there are stay."""
    plan = plan_of(LEVELS, assessed(LEVELS))
    assert [metric.name for metric in plan.metrics] == [
        "Deployment frequency", "Mean time to deploy", "Incident response time", "Model accuracy",
    ]  # fmt: skip
    own = assessed(LEVELS, plan={"metrics": [{"name": "Churn"}]})
    assert [metric.name for metric in plan_of(LEVELS, own).metrics] == ["Churn"]


def test_capacity_shortens_the_plan() -> None:
    """Three people are through in about a third of the time."""
    alone = plan_of(LEVELS, assessed(LEVELS, targets={"overall": 2}))
    three = plan_of(LEVELS, assessed(LEVELS, targets={"overall": 2}, plan={"capacity": 3}))
    assert sum(item.effort or 0 for item in alone.items.values()) == 80
    assert max(item.due or "" for item in alone.items.values()) == "2028-06-14"
    assert max(item.due or "" for item in three.items.values()) == "2027-06-14"


def test_nothing_to_close() -> None:
    """Where nothing is below its target, nothing is proposed."""
    assert plan_of(LEVELS, assessed(LEVELS, targets={"overall": 0})).items == {}
