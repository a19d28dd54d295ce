"""What the plan page draws, as plain data: the outlook, the items, the time line, the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from small_rubric import small, tree

from mlops_widgets.assessment import Assessment, Plan, PlanItem
from mlops_widgets.library import load_rubric, words
from mlops_widgets.plan import forecast, steps
from mlops_widgets.plan_reading import PlanWords
from mlops_widgets.planner_rows import item_rows, layout, outlook, step_rows, timeline, waiting_in_a_circle
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from mlops_widgets.rubric import Rubric

WORDS = {**words("form"), **words("planner")}


def assessment(rubric: Rubric, **more: Any) -> Assessment:
    """Give an assessment of a rubric."""
    reference = {"id": rubric.id, "version": rubric.version}
    return Assessment.from_dict({"id": "demo", "rubric": reference, "subject": "Churn", "date": "2026-11-20", **more})


def looked_at(rubric: Rubric, given: Assessment) -> dict[str, Any]:
    """Say where a plan leads."""
    done = [name for name, item in given.plan.items.items() if item.status == "done"]
    scores = (score(rubric, given), forecast(rubric, given, done=done), forecast(rubric, given))
    return outlook(rubric, given, scores, WORDS)


def test_layout() -> None:
    """The page offers the levels in order, the criteria by section, and the states an item can be in."""
    shown = layout(small(), WORDS)
    assert [level["label"] for level in shown["levels"]] == ["Level 0", "Level 1", "Level 2", "Level 3"]
    assert [section["title"] for section in shown["sections"]] == ["Data", "Model"]
    assert [each["id"] for each in shown["sections"][0]["criteria"]] == ["data.a", "data.b", "data.c"]
    assert [status["label"] for status in shown["statuses"]] == ["Planned", "Doing", "Blocked", "Done"]


def test_outlook_of_nothing() -> None:
    """Without a plan nothing is said of it but what it would aim for, and the bar says where the subject stands."""
    shown = looked_at(small(), assessment(small()))
    assert (shown["then"], shown["done"], shown["next"], shown["late"]) == ("", "", None, "")
    assert shown["announce"] == "Nothing is planned yet."
    assert shown["aim"] == "No target is set: the plan aims for level 1, the next one."
    assert looked_at(small(), assessment(small(), targets={"data": 1}))["aim"] == ""
    assert shown["bar"] == [0, 0, 0]
    assert [mark["level"] for mark in shown["marks"]] == [0, 1, 2, 3]


def test_outlook_counts_what_is_ticked() -> None:
    """The sentences are those of the engine's three scores; what was dropped counts nowhere."""
    plan = {
        "items": {
            "aaaa": {"title": "A", "criteria": ["data.a", "model.a"], "status": "done"},
            "bbbb": {"title": "B", "criteria": ["data.b"]},
            "cccc": {"title": "C", "criteria": ["data.c"], "status": "dropped"},
        }
    }
    given = assessment(small(), plan=plan, targets={"overall": 1, "data": 2})
    shown = looked_at(small(), given)
    assert shown["then"] == "When this plan is done: Level 1"
    assert shown["done"] == "1 of 2 done: Level 0, and 67 % of what level 1 asks for"
    assert shown["announce"] == (
        "When this plan is done: Level 1. With what is ticked so far: Level 0, and 67 % of what level 1 asks for."
    )
    assert shown["next"] == {"id": "bbbb", "title": "B", "about": "nobody yet"}
    assert shown["bar"] == sorted(shown["bar"])
    targets = {target["id"]: (target["now"], target["then"], target["state"]) for target in shown["targets"]}
    assert targets == {"overall": ("0", "1", "reached"), "data": ("0", "1", "short"), "model": ("0", "1", "none")}


def test_outlook_of_the_same_level() -> None:
    """A plan that leads to no higher level says how far it leads; nothing ticked is no news."""
    shown = looked_at(small(), assessment(small(), plan={"items": {"aaaa": {"title": "A", "criteria": ["data.a"]}}}))
    assert shown["then"].startswith("When this plan is done: Level 0, and ")
    assert shown["done"] == "0 of 1 done"


def test_outlook_once_all_is_done() -> None:
    """A plan that is done asks for new answers, because ticking items changes none."""
    items = {"aaaa": {"title": "A", "criteria": ["data.a", "model.a"], "status": "done"}}
    shown = looked_at(small(), assessment(small(), plan={"items": items}))
    assert shown["then"].startswith("With all of it done: Level ")
    assert shown["done"] == "All that was planned is done. Answer the questions anew to see whether it holds."
    assert shown["next"] is None


def test_what_is_next_and_what_is_late() -> None:
    """What is due first of what is left comes next, with who and when; how many come too late is said once."""
    items = {
        "aaaa": {"title": "A", "rank": 1, "due": "2027-03-02"},
        "bbbb": {"title": "B", "rank": 2, "due": "2027-01-15", "owner": "Ana", "status": "blocked"},
        "cccc": {"title": "C", "rank": 3, "due": "2027-01-04", "status": "done"},
        "dddd": {"title": "D", "rank": 4, "due": "9999-12-31"},
    }
    shown = looked_at(small(), assessment(small(), plan={"items": items}, targets_by="2027-03-01"))
    assert shown["next"] == {"id": "bbbb", "title": "B", "about": "Ana · by 15 Jan 2027 · blocked"}
    assert shown["late"] == "2 items are due after 1 Mar 2027."
    shown = looked_at(small(), assessment(small(), plan={"items": items}, targets_by="2027-04-01"))
    assert shown["late"] == "1 item is due after 1 Apr 2027."
    begun = {"aaaa": {"title": "A", "start": "2027-01-04"}}
    assert looked_at(small(), assessment(small(), plan={"items": begun}))["next"] == {
        "id": "aaaa", "title": "A", "about": "nobody yet · from 4 Jan 2027",
    }  # fmt: skip


def test_marks_of_bands() -> None:
    """Where bands decide, a level's mark stands where its band begins."""
    rubric = load_rubric("mlops-questionnaire")
    shown = looked_at(rubric, assessment(rubric, answers=dict.fromkeys(rubric.criteria, "1")))
    assert [(mark["at"], mark["level"]) for mark in shown["marks"]] == [(0.125, 1), (0.375, 2), (0.625, 3), (0.875, 4)]
    assert shown["bar"][0] == 0.25


def test_without_levels_there_are_no_targets() -> None:
    """A rubric without levels offers no target."""
    plain = tree("mean", [{"id": "one", "criteria": ["a", "b"]}], gates=None)
    assert looked_at(plain, assessment(plain, answers={"a": "yes"}))["targets"] == []


def test_outlook_at_the_highest_level() -> None:
    """Above the highest level there is nothing to count."""
    rubric = small()
    shown = looked_at(
        rubric, assessment(rubric, plan={"items": {"aaaa": {"title": "A", "criteria": [*rubric.criteria]}}})
    )
    assert shown["then"] == "When this plan is done: Level 3, the highest level"


def test_items_say_what_their_fields_do_not() -> None:
    """An item tells what it still waits for, its phase, and what does not fit."""
    rubric = load_rubric("mlops-levels")
    given = assessment(
        rubric,
        targets_by="2027-03-01",
        plan={
            "start": "2027-01-04",
            "items": {
                "aaaa": {"title": "A", "criteria": ["data.catalog"], "start": "2027-01-04", "due": "2027-02-05"},
                "bbbb": {"title": "B", "after": ["aaaa", "gone"], "start": "2027-02-05"},
                "cccc": {"title": "C", "due": "2027-03-02"},
                "dddd": {"title": "D" * 90, "due": "2027-01-08", "status": "dropped"},
                "eeee": {"title": "E", "after": ["dddd"]},
                "ffff": {"title": "F", "due": "2027-01-08", "status": "done"},
                "gggg": {"title": "G", "due": "2027-01-08", "after": ["ffff"]},
                "hhhh": {"title": "H", "due": "2027-01-08", "after": ["gggg"], "status": "done"},
            },
        },
    )
    shown = item_rows(rubric, given, WORDS, today="2027-01-09")
    assert (shown["bbbb"]["after"], shown["bbbb"]["problem"]) == ("after “A”", "starts before “A” is due")
    assert shown["cccc"]["problem"] == "too late for the targets"
    assert shown["eeee"]["after"] == ""
    assert shown["eeee"]["problem"] == f"was to come after “{'D' * 59}…”, which is dropped"
    assert (shown["gggg"]["after"], shown["gggg"]["problem"]) == ("", "overdue")
    assert (shown["hhhh"]["after"], shown["hhhh"]["problem"]) == ("", "")
    assert shown["aaaa"]["phase"] == "Quick wins"


def test_timeline() -> None:
    """Bars lie between whole months; one day is a bar, no day is none, and what was dropped is left out."""
    plan = Plan.model_validate(
        {
            "items": {
                "aaaa": {"title": "A", "start": "2026-12-01", "due": "2026-12-31"},
                "bbbb": {"title": "B", "due": "2027-01-01"},
                "cccc": {"title": "C"},
                "dddd": {"title": "D", "start": "2030-01-01", "status": "dropped"},
            }
        }
    )
    shown = timeline(plan, today="2027-01-16", words=WORDS)
    assert shown["months"] == [{"at": 0.0, "text": "Dec"}, {"at": 0.5, "text": "2027"}]
    assert shown["bars"] == {"aaaa": {"from": 0.0, "to": 0.5}, "bbbb": {"from": 0.5, "to": 0.5161}}
    assert shown["today"] == 0.7419
    assert timeline(plan, today="2027-02-01", words=WORDS)["today"] is None
    assert timeline(Plan(), today="2027-01-16", words=WORDS) == {"months": [], "bars": {}, "today": None}


@pytest.mark.parametrize(
    ("start", "due", "texts"),
    [
        ("2027-02-01", "2027-04-30", ["Feb 2027", "Mar", "Apr"]),
        ("2026-11-01", "2027-09-30", ["Nov", "2027", "Mar", "May", "Jul", "Sep"]),
        ("2026-09-07", "2027-09-08", ["Oct", "2027", "Apr", "Jul"]),
        ("2026-01-01", "2035-12-31", ["2026", "2028", "2030", "2032", "2034"]),
        ("0001-01-01", "9999-12-31", []),
    ],
)
def test_months_have_room(start: str, due: str, texts: list[str]) -> None:
    """However long a plan is, its months are named with room between them, and the year has its place."""
    plan = Plan(items={"aaaa": PlanItem(title="A", start=start, due=due)})
    assert [month["text"] for month in timeline(plan, today="2027-01-01", words=WORDS)["months"]] == texts


def test_steps_become_items() -> None:
    """A step comes with its reason and the item it would become, which waits for what it needs."""
    rubric = load_rubric("mlops-levels")
    given = assessment(rubric, targets={"overall": 1})
    said = PlanWords(rubric, {**WORDS, **words("plan")})
    ranked = steps(rubric, given)
    shown = step_rows(rubric, given.plan, ranked, order="ratio", said=said)
    assert [each["id"] for each in shown] == [step.criterion for step in ranked]
    section = rubric.dimension_of[shown[0]["id"]].title
    assert shown[0]["why"].startswith(section)
    assert "helps" not in shown[0]["why"]  # where there is one gap, every step helps with it
    several = assessment(rubric, targets={"overall": 1, "monitoring": 1})
    rows = step_rows(rubric, several.plan, steps(rubric, several), order="ratio", said=said)
    assert " · helps the whole and Monitoring" in next(
        each["why"] for each in rows if each["id"] == "monitor.basic-metrics"
    )
    assert shown[0]["item"]["criteria"] == [shown[0]["id"]]
    PlanItem.model_validate(shown[0]["item"])
    planned = given.planned("aaaa", PlanItem(title="A", criteria=(ranked[0].criterion,)))
    assert len(step_rows(rubric, planned.plan, ranked, order="ratio", said=said)) == len(ranked) - 1


def test_questions_are_raised_to_a_level() -> None:
    """A step of a question with a text for each level becomes an item that raises it to that level, not to the top."""
    rubric = load_rubric("mlops-questionnaire")
    given = assessment(rubric, answers=dict.fromkeys(rubric.criteria, "0"), targets={"overall": 1})
    said = PlanWords(rubric, {**WORDS, **words("plan")})
    ranked = steps(rubric, given)
    shown = step_rows(rubric, given.plan, ranked, order="opensammy", said=said)
    assert {each["item"]["to_level"] for each in shown} == {int(step.option) for step in ranked}
    assert " priority" in shown[0]["why"]
    assert all(len(each["item"]["title"]) <= 200 for each in shown)
    lower = PlanItem(title="A", criteria=(ranked[0].criterion,), to_level=0)
    assert len(step_rows(rubric, given.planned("aaaa", lower).plan, ranked, order="ratio", said=said)) == len(ranked)


def test_circles() -> None:
    """Items that wait for each other are found, by way of others too; a long chain is none."""
    chain = {f"item{number}": PlanItem(title="x", after=(f"item{number + 1}",)) for number in range(150)}
    assert waiting_in_a_circle(chain) == []
    closed = {**chain, "item150": PlanItem(title="x", after=("item148",))}
    assert set(waiting_in_a_circle(closed)) == {"item148", "item149", "item150"}
    assert waiting_in_a_circle({"aaaa": PlanItem(title="A", after=("aaaa",))}) == ["aaaa", "aaaa"]
