"""What a report says of an assessment, and the files it is exported to."""

from __future__ import annotations

import json
import re
import tempfile
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from mlops_widgets import report as report_module
from mlops_widgets.assessment import Assessment, AssessmentError
from mlops_widgets.errors import ToolkitError
from mlops_widgets.form_rows import summary
from mlops_widgets.formats.yaml import write_assessment
from mlops_widgets.library import load_rubric, packaged_folder, rubric_ids, words
from mlops_widgets.report import Report, Unopened, content, export
from mlops_widgets.rubric import Rubric
from mlops_widgets.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mlops_widgets.report import ReportContent

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"&' {{ 7 * 7 }}"


def assessed(rubric: str, answer: Callable[[int, str], Any], **more: Any) -> Assessment:
    """Answer a packaged rubric: `answer` gets each criterion's place and id, and gives an answer or None."""
    names = enumerate(load_rubric(rubric).criteria)
    answers = {name: given for place, name in names if (given := answer(place, name)) is not None}
    head = {"id": "churn26q4", "subject": "Churn model", "date": "2026-11-20"}
    return Assessment.from_dict(
        {**head, "rubric": {"id": rubric, "version": load_rubric(rubric).version}, "answers": answers, **more}
    )


def told(rubric: str, answer: Callable[[int, str], Any], **more: Any) -> ReportContent:
    """Say what the report says of such answers."""
    return content(assessed(rubric, answer, **more), load_rubric(rubric))


def extreme(rubric: str, end: int) -> Callable[[int, str], str]:
    """Answer everything with the lowest (0) or highest (-1) option."""
    scales = load_rubric(rubric).scale_of
    return lambda _, name: scales[name].options[end].id


def first_level(_: int, name: str) -> str:
    """Meet level 1 of the levels rubric, all of training and registry at level 2, and nothing else."""
    criterion = load_rubric("mlops-levels").criteria[name]
    met = criterion.level == 1 or (criterion.level == 2 and name.startswith(("train.", "registry.")))
    return "yes" if met else "no"


def agreed(item: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A plan of four items, the last as given; and the targets it is for."""
    items = {
        "aaaa": {"title": "Version the data", "owner": "Ada", "effort": 2, "due": "2026-12-18", "status": "done"},
        "bbbb": {"title": "Watch for drift", "effort": 3, "start": "2027-01-04", "due": "2027-02-26",
                 "status": "blocked", "blocker": "No access to the logs.", "after": ["aaaa"]},
        "cccc": {"title": "Roll back by itself", "owner": "Lin", "effort": 4, "start": "2027-01-11",
                 "due": "2027-01-29"},
        "dddd": {"title": "A course", "status": "dropped", **(item or {})},
    }  # fmt: skip
    plan = {"owner": "Ada", "capacity": 2, "items": items, **more}
    return {"targets": {"overall": 2}, "targets_by": "2027-06-30", "plan": plan}


class Outline(HTMLParser):
    """What matters of a page: its tags, with attributes, in order."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        """Give the attributes of the tags of some names."""
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Export one assessment, full of markup, to HTML and to a notebook; give their folder."""
    folder = tmp_path_factory.mktemp("report {assessment} {0}")
    names = list(load_rubric("mlops-levels").criteria)
    hostile = assessed(
        "mlops-levels",
        lambda place, name: {
            "value": first_level(place, name),
            "note": HOSTILE,
            "evidence": [HOSTILE, "javascript:alert(1)", 'https://example.com/"onmouseover=alert(1)'],
        },
        subject=HOSTILE,
        assessor=HOSTILE,
        **agreed(
            {"title": HOSTILE, "owner": HOSTILE, "status": "blocked", "blocker": HOSTILE, "due": "2027-03-01"},
            owner=HOSTILE,
            metrics=[{"name": HOSTILE, "current": HOSTILE, "target": HOSTILE}],
            budget={"tools": HOSTILE},
        ),
    )
    answers = {**hostile.to_dict()["answers"], names[0]: {"value": "na", "reason": HOSTILE}}
    source = folder / "churn {subject}.json"
    source.write_text(json.dumps({**hostile.to_dict(), "answers": answers}), encoding="utf-8")
    steps: list[tuple[int, int]] = []
    export(source, folder / "a {stamp}.html", progress=lambda done, total: steps.append((done, total)))
    (folder / "steps.json").write_text(json.dumps(steps))
    export(hostile, folder / "b.html", stamp="FIRST")
    export(hostile, folder / "c.html", stamp="OTHER")
    export(hostile, folder / "b.ipynb", stamp="FIRST")
    export(hostile, folder / "c.ipynb", stamp="OTHER")
    return folder


# What it says.


@pytest.mark.parametrize("rubric", rubric_ids())
@pytest.mark.parametrize(
    ("answer", "headline"),
    [
        (lambda _: lambda *_: None, "Nothing is answered yet: there is nothing to tell."),
        (
            lambda _: lambda *_: {"value": "na", "reason": "x"},
            "Nothing that was asked applies: there is nothing to score.",
        ),
        (lambda rubric: extreme(rubric, -1), "Everything that was asked is fully in place."),
        (lambda rubric: extreme(rubric, 0), "Nothing that was asked is in place yet."),
    ],
    ids=["empty", "not-applicable", "full", "nothing"],
)
def test_the_headline_is_honest_at_the_ends(
    rubric: str, answer: Callable[[str], Callable[[int, str], object]], headline: str
) -> None:
    """Where nothing is answered, nothing applies, all or nothing is there, the headline says just that."""
    assert told(rubric, answer(rubric)).headline == headline


def test_the_headline_is_a_finding() -> None:
    """Strong dimensions and the weakest one make one sentence."""
    assert (
        told("mlops-levels", first_level).headline
        == "Training is repeatable; models grow old until someone retrains them."
    )


def test_too_few_answers_make_no_conclusion() -> None:
    """Below half of the answers, an implied one among them, level and headline say that all is open."""
    report = told("mlops-levels", lambda place, _: "yes" if place < 11 else None)
    assert report.headline == "12 of 85 answered: too early to tell."
    assert report.standing.name == "Level 0 to 3"
    assert report.standing.distance == ("73 of 85 still to answer: each of these levels is possible.",)
    assert report.strengths == ()
    assert report.strengths_none == "None to name yet: too little is answered."
    assert report.gaps_none == "None is known among the answers so far."
    assert report.next.title == "Next: answer what is open"
    assert report.next.facts == (("Open", "73 criteria"), ("Time", "about 39 minutes"))


def test_a_gate_says_how_far_the_next_level_is() -> None:
    """Where levels are gates, the share that is there stands beside the share that is needed."""
    report = told("mlops-levels", first_level, targets={"overall": 2})
    assert (report.standing.name, report.standing.label) == ("Level 1", "Automated training")
    assert report.standing.distance == (
        "20 % of level 2 is there; 80 % is needed.",
        "Fully meeting 18 more criteria would reach it.",
        "The target is level 2.",
    )


def test_a_band_says_where_the_next_level_begins() -> None:
    """Where levels are ranges, the value stands beside the next edge."""
    report = told("mlops-questionnaire", lambda *_: "2")
    assert report.standing.distance == (
        "2 of 4 now; level 3 begins at 2.5.",
        "Fully meeting 3 more criteria would reach it.",
    )


def test_the_lowest_dimension_is_named_where_it_decides() -> None:
    """In the ML Test Score the weakest section decides, so it is named with its points."""
    report = told("ml-test-score", lambda _, name: "manual" if name.startswith("monitoring") else "automated")
    assert report.standing.distance[0] == (
        "3.5 of 7 in the weakest dimension, Monitoring, which decides; level 5 begins above 5 points."
    )


def test_open_answers_are_told_with_what_they_can_change() -> None:
    """An unfinished assessment says how many answers are open and how far they could lead."""
    report = told("mlops-levels", lambda place, name: first_level(place, name) if place > 20 else None)
    assert report.standing.distance[-1] == "21 of 85 still to answer; with the rest it could reach level 1."


def test_a_score_in_no_band_is_told() -> None:
    """Eleven points of the 2016 version have no level, and the report says why."""
    names = list(load_rubric("ml-test-score-2016").criteria)
    manual = {name for place, name in enumerate(names) if place % 7 in (0, 1, 2)}
    report = told("ml-test-score-2016", lambda _, name: "manual" if name in manual else "automated")
    assert report.score.value == 11
    assert report.standing.name == "No level"
    assert report.standing.meaning == (
        "A score of 11 points lies between level 4 (7 points to 10 points) and level 5 (12 points and more): "
        "the source of this rubric gives it no level, and we do not guess one."
    )


def test_strengths_are_the_best_dimensions_first() -> None:
    """Dimensions that are far stand first, each with how far, then what is met in others."""
    assert [(entry.text, entry.more) for entry in told("mlops-levels", first_level).strengths] == [
        ("Training is repeatable", "Model training · level 2"),
        ("Every model can be found and traced", "Model versions and registry · level 2"),
        ("Servers and services are defined as code", "Infrastructure and DevOps"),
    ]


def test_gaps_are_ranked_and_worded_by_what_is_absent() -> None:
    """Five gaps, from what the next level needs, one a dimension, each with its effort."""
    report = told("mlops-levels", first_level)
    assert report.gaps_title == "The five gaps that matter most"
    assert len({entry.more for entry in report.gaps}) == 5
    for entry in report.gaps:
        absent = {
            criterion.absent and criterion.absent.rstrip(".") for criterion in report.score.rubric.criteria.values()
        }
        assert entry.text in absent
        assert entry.more.endswith(" · on the way to level 2")
        assert re.fullmatch(r"[\d.]+ weeks?", entry.tag)


def test_a_gap_that_is_half_closed_is_not_called_absent() -> None:
    """A partial answer is told with what there is, and an anchored one with what comes next."""
    partly = told("mlops-levels", lambda *_: "partly").gaps[0]
    assert partly.text == "Partly: The data lives in one central place that the team shares"
    anchored = told("mlops-questionnaire", lambda *_: "1").gaps[0]
    assert anchored.text == (
        "How do the people who make models and those who run them work together? So far: “In a meeting now and then”"
    )
    assert anchored.more == "People and process · next: “As a habit, building pipelines side by side”"


def test_next_takes_time_cost_and_team_from_the_roadmap() -> None:
    """Where the rubric has a way from this level, it is told with what it takes and where to begin."""
    report = told("mlops-questionnaire", lambda *_: "0")
    assert report.next.title == "Next: reach level 1"
    assert report.next.facts == (
        ("Time", "3 to 6 months"),
        ("Cost", "USD 50,000 to 100,000"),
        ("Team", "2-3 engineers, for part of their time"),
    )
    assert report.next.steps_title == "First, in months 1 to 2: Foundation"
    assert report.next.steps[0].text == "Put all code under version control"
    assert report.next.steps[0].more == "Git, GitHub, GitLab · done when: Every line of code is in a repository"
    (other,) = report.next.others
    assert other == (
        "Another way, fast track: from Level 0 to Level 3: 12 months; USD 600,000 to 1,000,000; "
        "5-7 MLOps engineers, some of them consultants, and 8-12 data scientists."
    )


def test_next_tells_the_work_of_a_roadmap_without_a_price() -> None:
    """A roadmap that gives no cost is told with the criteria to be met and the work they are."""
    report = told("mlops-levels", lambda *_: "no")
    assert report.next.text == "Train the model by a pipeline, give every model a version, and know whether it runs."
    assert report.next.facts == (
        ("Time", "3 to 6 months"),
        ("To be met", "19 criteria"),
        ("Work", "about 25 person-weeks"),
    )
    assert report.next.steps_title == "First, in months 1 to 3: Quick wins"
    assert report.next.steps[0].text == "Move the data to one shared place"


def test_next_sums_the_effort_where_there_is_no_roadmap() -> None:
    """Without a roadmap the level's own advice stands, with the work of the shortest way."""
    report = told("ml-test-score", lambda *_: "none")
    assert report.next.text == "Do one test by hand in each section, and write down the result."
    assert report.next.facts == (("To be met", "4 criteria"), ("Work", "about 4 person-weeks"))


def test_what_does_not_fit_is_told() -> None:
    """Contradictions, missing reasons, answers without a criterion and other versions are named."""
    report = told(
        "mlops-levels",
        lambda place, name: (
            {"deployment.automatic-rollback": "yes", "deployment.manual-rollback": "no"}.get(name)
            or ("na" if place == 0 else first_level(place, name))
        ),
    )
    assert any(
        notice.startswith("Not applicable without a reason, so it counts as open: “") for notice in report.notices
    )
    old = assessed("mlops-levels", first_level).to_dict()
    old["rubric"] = {"id": "mlops-levels", "version": "0.9"}
    old["answers"]["data.gone"] = "yes"
    assert content(Assessment.from_dict(old), load_rubric("mlops-levels")).notices == (
        "1 answer belongs to a criterion that this version of the rubric does not have; it is kept and not scored.",
        "Answered with version 0.9 of the rubric, scored with version 1.0.",
    )


def test_every_answer_is_in_the_details() -> None:
    """Each criterion stands once, with its answer, note, reason, evidence and confidence."""
    said = {"value": "partly", "note": "Since May", "evidence": ["https://example.com/a", "dvc.yaml"], "confidence": 4}
    aside = {"value": "na", "reason": "Runs once a month"}
    report = told("mlops-levels", lambda place, name: [said, aside][place] if place < 2 else first_level(place, name))
    items = [item for dimension in report.dimensions for group in dimension.groups for item in group.items]
    assert [item.id for item in items] == list(load_rubric("mlops-levels").criteria)
    assert (items[0].answer, items[0].state, items[0].state_word) == ("Partly", "part", "in part")
    assert items[0].facts == (("Note", "Since May"), ("Confidence", "4 of 5"))
    assert items[0].evidence == (("https://example.com/a", "https://example.com/a"), ("dvc.yaml", ""))
    assert (items[1].answer, items[1].state, items[1].facts) == (
        "Not applicable",
        "na",
        (("Reason", "Runs once a month"),),
    )


def test_what_the_profile_rules_out_says_so() -> None:
    """A criterion that the profile rules out is left out, with the answer that did it."""
    report = told("mlops-milestone", lambda *_: None, profile=["no-llm", "no-stream"])
    reasons = [
        fact for part in report.dimensions for group in part.groups for item in group.items for fact in item.facts
    ]
    questions = "Does the system use a large language model? No; Does data arrive as a stream? No"
    assert ("Reason", f"The answers at the start rule it out: {questions}") in reasons


def test_the_method_says_rule_thresholds_and_hashes() -> None:
    """The rule in words, each threshold, and the hashes of rubric and answers."""
    assessment = assessed("mlops-questionnaire", lambda *_: "2")
    report = content(assessment, load_rubric("mlops-questionnaire"))
    assert report.rule[0] == (
        "The score of the whole is the weighted mean of its parts: People and process 30 %, Model development 25 %, "
        "Deployment and serving 25 % and Monitoring and operations 20 %."
    )
    assert report.threshold_head == ("Level", "Score", "Here")
    assert [row[1:] for row in report.threshold_rows] == [
        ("below 0.5", ""),
        ("0.5 to below 1.5", ""),
        ("1.5 to below 2.5", "this assessment"),
        ("2.5 to below 3.5", ""),
        ("3.5 and more", ""),
    ]
    facts = dict(report.facts)
    assert facts["Rubric, SHA-256"] == load_rubric("mlops-questionnaire").content_hash
    assert facts["Answers, SHA-256"] == assessment.content_hash
    assert facts["Answered"] == "15 of 15 criteria that apply"


def test_unanswered_criteria_are_listed() -> None:
    """What is open is named, dimension by dimension."""
    report = told("mlops-questionnaire", lambda _, name: None if name.startswith("people") else "2")
    assert [dimension for dimension, _ in report.unanswered] == ["People and process: 3"]
    assert len(report.unanswered[0][1]) == 3


def test_a_share_never_looks_like_a_threshold_it_does_not_reach() -> None:
    """17.5 of 22 are 79.5 %: in the report as beside the form it stays 79 where 80 are needed."""
    level_1 = [item.id for item in load_rubric("mlops-levels").criteria.values() if item.level == 1]
    given = dict(zip(level_1, ["na", *["yes"] * 17, "partly", *["no"] * 4], strict=True))
    answers = {name: {"value": value, "reason": "Not ours"} for name, value in given.items()}
    report = told("mlops-levels", lambda _, name: answers.get(name, "no"))
    assert report.standing.distance[0] == "79 % of level 1 is there; 80 % is needed."
    assert report.threshold_rows[0] == ("Level 1: Automated training", "17.5", "22", "79 %", "80 %")
    assert summary(load_rubric("mlops-levels"), report.score, words("form"))["bar"]["now"] == "79 % of level 1"


def test_an_answer_that_is_none_is_refused_with_its_place() -> None:
    """Answers of another scale are faults, told one by one."""
    with pytest.raises(AssessmentError) as error:
        told("mlops-questionnaire", lambda place, _: "yes" if place == 0 else "2")
    assert str(error.value) == "answers.people.collaboration.value: 'yes' is not one of 0, 1, 2, 3, 4, na"


# The plan.


def test_there_is_no_plan_section_without_a_plan() -> None:
    """Where nothing is planned and nothing is wanted, the report says nothing of it."""
    report = Report(assessed("mlops-levels", first_level))
    assert report.content.plan is None
    assert report.plan().html == ""
    assert "report-plan" not in report.summary().html


def test_targets_alone_are_told_with_their_gaps() -> None:
    """With targets and no plan, the section has the gaps and no picture."""
    report = Report(assessed("mlops-levels", first_level, targets={"overall": 2, "data": 1}, targets_by="2027-06-30"))
    plan = report.content.plan
    assert plan
    assert plan.gaps
    assert plan.gaps.head == ("Part", "Now", "Target", "At least to be met", "Effort")
    assert [row[:4] for row in plan.gaps.rows] == [("The whole", "1", "2", "18 criteria")]
    assert plan.gaps_note == "To be reached by 2027-06-30."
    assert (plan.phases, plan.outlook, plan.changes) == ((), (), None)
    assert "<svg" not in report.plan().html


def test_reached_targets_are_told() -> None:
    """Where every target is reached, that is said in place of a table."""
    plan = told("mlops-levels", first_level, targets={"overall": 1}).plan
    assert plan
    assert (plan.gaps, plan.gaps_note) == (None, "Every target is reached.")


def test_what_is_next_is_what_was_planned() -> None:
    """With a plan, the first page tells its open items, what is due first at the front, with who and when."""
    report = told("mlops-levels", first_level, **agreed())
    assert report.next.title == "Next: reach level 2"
    assert report.next.facts == (
        ("Planned", "2 items to do"),
        ("Work", "about 7 person-weeks"),
        ("Until", "2027-02-26"),
    )
    assert report.next.steps_title == "The next items of the plan"
    assert [(step.text, step.more) for step in report.next.steps] == [
        ("Roll back by itself", "Lin · due 2027-01-29"),
        ("Watch for drift", "no owner yet · due 2027-02-26 · blocked: No access to the logs"),
    ]


def test_a_plan_that_is_done_leaves_the_roadmap() -> None:
    """When nothing of the plan is left to do, the way to the next level stands on the first page again."""
    done = {"plan": {"items": {"aaaa": {"title": "Version the data", "status": "done"}}}}
    assert told("mlops-questionnaire", lambda *_: "0", **done).next == told("mlops-questionnaire", lambda *_: "0").next


def test_the_plan_is_told_with_who_does_what_by_when() -> None:
    """Every item stands once with owner, effort, days, status, blocker and what comes first."""
    plan = told("mlops-levels", first_level, **agreed()).plan
    assert plan
    assert plan.facts == (
        ("Led by", "Ada"),
        ("Items", "1 of 3 done"),
        ("Work left", "about 7 person-weeks"),
        ("When", "2026-12-18 to 2027-02-26"),
        ("People at a time", "2"),
    )
    tasks = [task for group in plan.phases for task in group.tasks]
    assert sorted(task.title for task in tasks) == [
        "A course", "Roll back by itself", "Version the data", "Watch for drift",
    ]  # fmt: skip
    stuck = next(task for task in tasks if task.status == "blocked")
    assert (stuck.owner, stuck.effort, stuck.start, stuck.due) == ("–", "3 weeks", "2027-01-04", "2027-02-26")
    assert stuck.remarks == ("Blocked by: No access to the logs.", "After: Version the data")
    assert [task.mark for task in sorted(tasks, key=lambda task: task.title)] == ["na", "open", "met", "short"]


def test_nothing_waits_for_what_was_dropped() -> None:
    """What was to come first and was dropped is named no more."""
    items = {
        "aaaa": {"title": "A", "rank": 1},
        "bbbb": {"title": "B", "status": "dropped"},
        "cccc": {"title": "C", "rank": 2, "after": ["aaaa", "bbbb"]},
    }
    plan = told("mlops-levels", first_level, plan={"items": items}).plan
    assert plan
    remarks = {task.title: task.remarks for group in plan.phases for task in group.tasks}
    assert remarks == {"A": (), "B": (), "C": ("After: A",)}


def test_a_long_plan_shows_what_comes_next() -> None:
    """Of a plan too long for a glance the phase that comes next is open, and the others say what is in them."""
    days = ["2026-12-18"] * 3 + ["2027-03-19"] * 10 + ["2027-09-17"] * 10
    items = {
        f"item{place:02}": {"title": f"Item {place}", "rank": place, "due": day, "effort": 2,
                            "after": ["item00"] if place else [], "status": "done" if place < 4 else "planned"}
        for place, day in enumerate(days)
    }  # fmt: skip
    report = Report(assessed("mlops-levels", first_level, plan={"start": "2026-12-01", "items": items}))
    plan = report.content.plan
    assert plan
    assert [(group.title, group.about, group.is_open) for group in plan.phases] == [
        ("Quick wins (months 0 to 3)", "3 items, 0 left", False),
        ("Foundation (months 3 to 6)", "10 items, 9 left, about 18 person-weeks", True),
        ("Advanced (months 6 to 12)", "10 items, about 20 person-weeks", False),
    ]
    assert all(task.remarks == () for group in plan.phases for task in group.tasks)
    html = report.plan()._repr_html_()
    assert html.count('<details class="phase-items">') == 2
    assert html.count('<details class="phase-items" open>') == 1
    assert all(f'<th role="rowheader" scope="row">Item {place}</th>' in html for place in range(23))
    assert "12 of 23 are drawn" in html


def test_the_outlook_says_no_more_than_the_items_bear_out() -> None:
    """What comes of the plan is scored by the engine; targets it misses, late items and idle ones are named."""
    late = {"title": "Late", "status": "planned", "due": "2027-12-31"}
    plan = told("mlops-levels", first_level, **agreed(late)).plan
    assert plan
    assert plan.outlook == (
        (
            "When every item is done, the whole is still at level 1: "
            "18 more criteria would have to be fully met for level 2."
        ),
        "Still below its target then: the whole.",
        "1 item is due only after 2027-06-30, when the targets should be reached.",
        "4 items are linked to no criterion, so they change no score.",
    )
    assert plan.changes is None


def test_the_outlook_names_the_level_that_is_reached() -> None:
    """A plan that meets all of level 2 leads there, and each dimension is told with now and then."""
    level_2 = [name for name, each in load_rubric("mlops-levels").criteria.items() if each.level == 2]
    items = {"aaaa": {"title": "All of it", "criteria": level_2}}
    plan = told("mlops-levels", first_level, targets={"overall": 2}, plan={"items": items}).plan
    assert plan
    assert plan.outlook == (
        "When every item is done, the whole is at level 2, Automated delivery; now it is at level 1.",
        "Every target is met then.",
    )
    assert plan.changes
    assert plan.changes.head == ("Part", "Now", "Then")
    assert plan.changes.rows[-1] == ("The whole", "level 1, 34 %", "level 2, 62 %")


def test_metrics_and_budget_are_told_as_written() -> None:
    """What shows that the plan works, and what it may cost, stand as people wrote them."""
    metrics = [{"name": "Time to deploy", "current": "2 weeks", "target": "1 day"}, {"name": "Trust"}]
    more = agreed(metrics=metrics, budget={"tools": "500 USD a month", "people": "1.5 people"})
    plan = told("mlops-levels", first_level, **more).plan
    assert plan
    assert plan.metrics
    assert plan.metrics.rows == (("Time to deploy", "2 weeks", "1 day"), ("Trust", "–", "–"))
    assert plan.budget == (("Tools", "500 USD a month"), ("People", "1.5 people"))


def test_every_word_is_used() -> None:
    """The table of words holds no sentence that nothing shows."""
    home = packaged_folder("templates").parent
    sources = [*home.glob("report*.py"), *(home / "templates" / "report").iterdir()]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    made = r"gaps_title_\d|(rule|th|fact|state|range|phase|later|task|budget|rung|decide_plan|executive_fact)_.*|.*_one"
    assert [name for name in words("report") if name not in text and not re.fullmatch(made, name)] == []


# How it is shown.


@pytest.mark.parametrize("rubric", rubric_ids())
def test_the_parts_are_sound_html(rubric: str) -> None:
    """Headings step down by one, ids are unique, cells of tables have their heads: for every rubric."""
    report = Report(assessed(rubric, lambda place, name: extreme(rubric, -(place % 2))(place, name), **agreed()))
    outline = Outline(report.summary().html + report.plan().html + report.details().html + report.method().html)
    depths = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h\d", tag)]
    assert depths.count(1) == 1
    assert depths[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(depths))
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [attributes["aria-labelledby"] for _, attributes in outline.tags if "aria-labelledby" in attributes]
    assert set(named) <= set(ids)
    assert outline.all("th")
    assert all(attributes.get("scope") in ("col", "row", "rowgroup") for attributes in outline.all("th"))


def test_every_chart_comes_with_its_numbers() -> None:
    """Each picture has a table on screen and one on paper."""
    report = Report(assessed("mlops-levels", first_level))
    summary, method = Outline(report.summary().html), Outline(report.method().html)
    pictures = [attributes for attributes in summary.all("svg") if attributes.get("role") == "img"]
    assert len(pictures) == len(summary.all("table")) == 2
    assert len(method.all("table")) == 3


def test_the_plan_is_drawn_once_with_its_table() -> None:
    """The section has one picture; its table is there to open, beside that of the items."""
    plan = Outline(Report(assessed("mlops-levels", first_level, **agreed())).plan().html)
    assert len([attributes for attributes in plan.all("svg") if attributes.get("role") == "img"]) == 1
    assert len(plan.all("details")) == 1
    assert [attributes.get("class") for attributes in plan.all("table")].count("tasks") == 1


def test_a_report_without_answers_draws_nothing() -> None:
    """Where nothing is answered there are no pictures to misread."""
    report = Report(assessed("mlops-levels", lambda *_: None))
    assert "<svg" not in report.summary().html
    assert "None is known among the answers so far." in report.summary().html


def test_a_report_says_what_it_is() -> None:
    """In a notebook that is printed as text, a report and its parts are one line each."""
    report = Report(assessed("mlops-levels", lambda place, _: "yes" if place < 11 else None))
    assert repr(report) == "<Report churn26q4: 12 of 85 answered: too early to tell.>"
    assert repr(report.summary()) == "Churn model: maturity report. Level 0 to 3. 12 of 85 answered: too early to tell."
    assert repr(report.details()) == "The answers, dimension by dimension"
    assert repr(report.method()) == "How this was worked out"


def test_an_unknown_id_is_a_sentence(tmp_path: Path) -> None:
    """A page for an assessment that is not there says so, with a heading and without a traceback."""
    missing = Report.open("nosuchid", store=f"sqlite:///{tmp_path}/store.sqlite")
    assert isinstance(missing, Unopened)
    assert repr(missing) == "there is no assessment 'nosuchid': check its address, or look for it in the list"
    assert "<h1" in missing.summary().html
    assert missing.plan().html == missing.details().html == missing.method().html == ""


def test_no_id_is_a_sentence() -> None:
    """Opened without anything, the page says what to give."""
    assert repr(Report.open(None)) == (
        "Give the id of an assessment, or the path of its file, as “assessment” in the cell of parameters."
    )


def test_a_report_opens_from_store_yaml_and_json(tmp_path: Path) -> None:
    """The same assessment gives the same report from wherever it is kept."""
    assessment = assessed("mlops-levels", first_level)
    address = f"sqlite:///{tmp_path}/store.sqlite"
    Store(address).create(assessment)
    (tmp_path / "a.yaml").write_text(write_assessment(assessment, load_rubric("mlops-levels")), encoding="utf-8")
    (tmp_path / "a.json").write_text(json.dumps(assessment.to_dict()), encoding="utf-8")
    opened = [Report.open("churn26q4", store=address), *(Report.open(tmp_path / name) for name in ("a.yaml", "a.json"))]
    shown = {report.details().html for report in opened}
    assert len(shown) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "{path}:1: is not JSON"),
        ("[]", "{path}: an assessment is a mapping with a rubric and answers"),
        ('{"id": "churn26q4", "subject": "x", "date": "2026-11-20"}', "{path}: rubric: is missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    """Faults of a JSON file come with its path."""
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    assert repr(Report.open(path)) == says.format(path=path)


def test_a_warm_kernel_can_prepare() -> None:
    """What takes long can be done before a visitor comes."""
    Report.prepare()
    assert report_module._environment().get_template("summary.html")


# What it is exported to.


def test_the_page_opens_offline(exported: Path) -> None:
    """One file: no script, no reference to anything outside but links that people wrote."""
    html = (exported / "a {stamp}.html").read_text(encoding="utf-8")
    outline = Outline(html)
    assert outline.all("script", "link", "img", "iframe", "object", "base") == []
    assert not [attributes for _, attributes in outline.tags if {"src", "srcset"} & attributes.keys()]
    assert re.findall(r"@import|url\(", html) == []
    links = [attributes["href"] or "" for attributes in outline.all("a")]
    assert [link for link in links if not link.startswith(("#", "https://example.com/"))] == []


def test_the_page_has_a_language_a_title_and_a_landmark(exported: Path) -> None:
    """A browser and a screen reader know what they have."""
    html = (exported / "a {stamp}.html").read_text(encoding="utf-8")
    outline = Outline(html)
    assert html.startswith("<!doctype html>\n")
    assert outline.all("html") == [{"lang": "en"}]
    assert len(outline.all("main")) == len(outline.all("h1")) == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html.partition("<title>")[2].partition("</title>")[0]
    assert html.count("container-type: inline-size") == 1


def test_markup_in_a_field_is_shown_as_text(exported: Path) -> None:
    """Scripts, images and handlers in subject, assessor, note, reason and evidence never become tags."""
    html = (exported / "a {stamp}.html").read_text(encoding="utf-8")
    outline = Outline(html)
    assert not [attributes for _, attributes in outline.tags if any(name.startswith("on") for name in attributes)]
    assert "alert(1)</script>" not in html
    assert "{{ 7 * 7 }}" in html
    assert 'href="javascript' not in html


def test_the_same_assessment_gives_the_same_bytes(exported: Path) -> None:
    """But for the stamp, two runs differ in nothing."""
    for kind in ("html", "ipynb"):
        first, other = ((exported / f"{name}.{kind}").read_bytes() for name in "bc")
        assert first != other
        assert first.replace(b"FIRST", b"OTHER") == other


def test_the_notebook_holds_results_and_no_traces(exported: Path) -> None:
    """The exported notebook names neither this machine nor its store, and can be run again beside the file it names."""
    text = (exported / "b.ipynb").read_text(encoding="utf-8")
    notebook = json.loads(text)
    assert [cell["id"] for cell in notebook["cells"]] == [
        "about", "parameters", "injected-parameters", "open", "summary", "plan", "details", "method",
    ]  # fmt: skip
    assert 'assessment = "churn26q4.json"' in "".join(notebook["cells"][2]["source"])
    assert 'store = ""' in "".join(notebook["cells"][2]["source"])
    assert notebook["metadata"].keys() == {"kernelspec", "language_info"}
    assert str(exported.parent) not in text
    assert tempfile.gettempdir() not in text


def test_progress_is_told(exported: Path) -> None:
    """Each cell and the writing count as a step, and the last one is all."""
    steps = json.loads((exported / "steps.json").read_text())
    assert [done for done, _ in steps] == list(range(1, len(steps) + 1))
    assert steps[-1] == [len(steps), len(steps)]


def test_nothing_is_left_beside_the_report(exported: Path) -> None:
    """Neither the copy of the assessment nor half a file stays behind."""
    assert sorted(path.name for path in exported.iterdir()) == [
        "a {stamp}.html", "b.html", "b.ipynb", "c.html", "c.ipynb", "churn {subject}.json", "steps.json",
    ]  # fmt: skip


def test_a_report_prints_as_pdf(tmp_path: Path) -> None:
    """A browser prints the page, dated as the assessment is."""
    path = export(assessed("ml-test-score", lambda *_: "manual"), tmp_path / "report.pdf")
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert b"/CreationDate (D:20261120000000+00'00')" in data


def test_a_rubric_of_ones_own_is_reported(tmp_path: Path) -> None:
    """A rubric that is none of the packaged ones comes along as an object or a file."""
    plain = load_rubric("mlops-questionnaire").to_dict()
    plain.update(id="team-rubric", title="Our own rubric")
    own = Rubric.from_dict(plain)
    assessment = assessed("mlops-questionnaire", lambda *_: "2")
    assessment = assessment.model_copy(update={"rubric": assessment.rubric.model_copy(update={"id": "team-rubric"})})
    assert "Our own rubric 1.0" in export(assessment, tmp_path / "a.html", rubric=own).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("source", "output", "says"),
    [
        ("churn26q4", "report.docx", "a report is written as .html, .ipynb or .pdf, not as 'report.docx'"),
        ("churn26q4", "nowhere/report.html", "{folder}/nowhere: there is no such folder; make it first"),
        ("gone.json", "report.html", "gone.json: cannot be read: No such file or directory"),
        ("../x", "report.html", "'../x' is no id of an assessment: one has 4 to 32 small letters and digits"),
    ],
)
def test_what_cannot_be_exported_is_a_sentence(tmp_path: Path, source: str, output: str, says: str) -> None:
    """Wrong endings, folders, files and ids are told before anything runs."""
    with pytest.raises(ToolkitError) as error:
        export(source, tmp_path / output, store=f"sqlite:///{tmp_path}/store.sqlite")
    assert str(error.value) == says.format(folder=tmp_path)


def test_an_unknown_audience_is_a_sentence(tmp_path: Path) -> None:
    """A report is for everybody or for those who decide; another audience is refused before anything runs."""
    assessment = assessed("mlops-levels", first_level)
    says = "There is no report for “board”: say one of full, executive."
    with pytest.raises(ToolkitError) as error:
        export(assessment, tmp_path / "report.html", audience="board")
    assert str(error.value) == says
    (tmp_path / "a.json").write_text(json.dumps(assessment.to_dict()), encoding="utf-8")
    assert repr(Report.open(tmp_path / "a.json", audience="board")) == says


def test_a_fault_found_while_it_runs_writes_nothing(tmp_path: Path) -> None:
    """Answers that do not fit the rubric end the export with their faults, and leave no file."""
    wrong = assessed("mlops-questionnaire", lambda place, _: "yes" if place == 0 else "2")
    with pytest.raises(ToolkitError) as error:
        export(wrong, tmp_path / "report.html")
    assert str(error.value) == "answers.people.collaboration.value: 'yes' is not one of 0, 1, 2, 3, 4, na"
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """Where a folder is in the way it is told, and no half of a report lies beside it."""
    (tmp_path / "report.ipynb").mkdir()
    with pytest.raises(ToolkitError) as error:
        export(assessed("ml-test-score", lambda *_: "manual"), tmp_path / "report.ipynb")
    assert str(error.value) == f"{tmp_path}/report.ipynb: cannot be written: Is a directory"
    assert [path.name for path in tmp_path.iterdir()] == ["report.ipynb"]


def test_without_a_browser_a_pdf_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can print, that is said at once, with what to do."""
    monkeypatch.setattr(report_module, "_BROWSERS", ())
    monkeypatch.setattr(report_module, "find_spec", lambda _: None)
    with pytest.raises(ToolkitError) as error:
        export(assessed("ml-test-score", lambda *_: "manual"), tmp_path / "report.pdf")
    assert str(error.value) == "a PDF needs Chromium or Chrome: install one, or write .html and print that"


def test_a_browser_that_fails_is_told(tmp_path: Path) -> None:
    """A browser that does not print is named."""
    with pytest.raises(ToolkitError) as error:
        report_module._printed(b"<p>", str(tmp_path / "browser"), tmp_path, "2026-11-20")
    assert (
        str(error.value)
        == f"{tmp_path}/browser could not print the report (FileNotFoundError): write .html and print that"
    )
