"""One page for those who decide: short, plain, honest, and really one page."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from test_report import HOSTILE, Outline, agreed, assessed, extreme, first_level

from mlops_widgets.library import load_rubric, rubric_ids, words
from mlops_widgets.report import Report, export
from mlops_widgets.report_executive import brief

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.report_parts import Brief

MOST_WORDS = 350
"""What a slow reader reads in three minutes."""

JARGON = re.compile(
    r"\b(CI/CD|GitOps|drift|feature store|lineage|canary|A/B|SHA-256|YAML|DVC|Kubernetes|Docker|hyperparameters?|"
    r"criteri(on|a)|rubric|gate|kernel|pipelines?|registry|artifacts?|schema|latency)\b"
)


def told(rubric: str, answer: Callable[[int, str], Any], **more: Any) -> Brief:
    """Say what the page says of such answers."""
    return brief(assessed(rubric, answer, **more), load_rubric(rubric))


def shown(assessment: Assessment) -> str:
    """Give the text of the page as it is read."""
    html = Report(assessment, audience="executive").summary().html
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("</style>")[2])).split())


def wordy(rubric: str) -> Assessment:
    """The longest page there can be: every text as long as it may be, nothing that is left out."""
    names = list(load_rubric(rubric).criteria)
    long = {"title": "Long title " * 18, "owner": "Owner " * 30, "blocker": "Reason " * 140, "status": "blocked",
            "start": "2027-01-04", "due": "2027-06-30", "effort": 12.5}  # fmt: skip
    items = {f"item{place}": {**long, "criteria": names[place::9]} for place in range(9)}
    budget = dict.fromkeys(("infrastructure", "tools", "people"), "about 200,000 USD in the first year " * 5)
    more = {"targets": {section.id: 3 for section in load_rubric(rubric).sections}, "targets_by": "2027-03-31"}
    plan = {"items": items, "budget": budget}
    return assessed(rubric, extreme(rubric, 0), subject="A subject of many words " * 8, plan=plan, **more)


def ending(assessment: Assessment, folder: Path) -> int:
    """Print a page and count the sheets."""
    pdf = export(assessment, folder / "page.pdf", audience="executive").read_bytes()
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_it_says_where_it_stands_and_what_that_risks() -> None:
    """The level in the rubric's own plain words, and for each large gap first what it means, then what is missing."""
    page = told("mlops-levels", first_level, **agreed())
    assert page.title == "Churn model: summary on one page"
    assert page.about == "Churn model, assessed on 2026-11-20 with MLOps maturity levels"
    assert (page.standing.name, page.standing.label) == ("Level 1", "Automated training")
    assert page.standing.meaning.startswith("A pipeline trains the model the same way every time")
    assert len(page.risks) == 3
    assert page.risks[0].text == "Nobody can say for sure which data went into a model"
    absent = {each.absent and each.absent.rstrip(".") for each in load_rubric("mlops-levels").criteria.values()}
    assert {entry.more or entry.text for entry in page.risks} <= absent


def test_it_says_who_does_what_next_and_what_that_takes() -> None:
    """The next three items with who and when, the work, the last day, the budget."""
    page = told("mlops-levels", first_level, **agreed(budget={"tools": "500 USD a month"}))
    assert [(step.text, step.more) for step in page.steps] == [
        ("Roll back by itself", "Lin · due 2027-01-29"),
        ("Watch for drift", "no owner yet · due 2027-02-26 · blocked"),
    ]
    assert page.costs == (("Work", "about 7 person-weeks"), ("Until", "2027-02-26"), ("Tools", "500 USD a month"))


def test_it_asks_for_decisions() -> None:
    """What is stuck first, then what is to be agreed, then what has no name to it."""
    assert told("mlops-levels", first_level, **agreed()).decisions == (
        "Clear the way for the step that is stuck: No access to the logs",
        "Agree to the steps that are left: about 7 person-weeks, until 2027-02-26.",
        "Name an owner for the one step that has none yet.",
    )


def test_it_asks_for_an_owner_of_each_step() -> None:
    """Where no step has an owner, it does not say "two of the two"."""
    items = {"aaaa": {"title": "A"}, "bbbb": {"title": "B"}}
    page = told("mlops-levels", first_level, targets={"overall": 2}, plan={"items": items})
    assert "Name an owner for each of the 2 steps: none has one yet." in page.decisions


def test_the_ladder_shows_now_then_and_target() -> None:
    """Each level is a step; where we are, where the plan leads and what is wanted stand on theirs."""
    level_2 = [name for name, each in load_rubric("mlops-levels").criteria.items() if each.level == 2]
    plan = {"items": {"aaaa": {"title": "All of it", "criteria": level_2}}}
    page = told("mlops-levels", first_level, targets={"overall": 3}, plan=plan)
    assert [(rung.name, [word for _, word in rung.marks]) for rung in page.ladder] == [
        ("0", []), ("1", ["we are here"]), ("2", ["with this plan"]), ("3", ["our target"]),
    ]  # fmt: skip
    assert page.ladder_said == "Where we are on the way from level 0 to level 3"
    assert page.outlook[0] == "Level 2, Automated delivery."
    assert page.outlook[-1] == "Still below its target then: the whole."


def test_a_plan_that_does_not_reach_the_next_level_is_not_oversold() -> None:
    """Where the plan leaves the level, the page says so."""
    page = told("mlops-levels", first_level, **agreed())
    assert page.outlook[0] == "Still level 1: the plan closes gaps, but level 2 takes more."


def test_without_a_plan_the_roadmap_stands_in() -> None:
    """Where nothing is planned the rubric's own way is told, with time and cost as a rule, and a plan is asked for."""
    page = told("mlops-questionnaire", lambda *_: "0")
    assert page.steps[0].text == "Put all code under version control"
    assert page.costs[-2:] == (("Time, as a rule", "3 to 6 months"), ("Cost, as a rule", "USD 50,000 to 100,000"))
    assert page.outlook == ()
    assert page.decisions == ("Say whether level 1 is wanted, and by when. Then ask for a plan with names and dates.",)
    wanted = told("mlops-questionnaire", lambda *_: "0", targets={"overall": 2}, targets_by="2027-06-30")
    assert wanted.decisions == (
        "Ask for a plan with names and dates: the targets are due by 2027-06-30 and nothing is planned yet.",
    )


def test_too_few_answers_ask_for_answers() -> None:
    """Below half of the answers there is no ladder, and the first thing asked for is the rest of them."""
    page = told("mlops-levels", lambda place, _: "yes" if place < 11 else None)
    assert page.headline == "12 of 85 answered: too early to tell."
    assert page.ladder == ()
    assert page.decisions == (
        "Have the 73 open questions answered first: this page rests on less than half of the answers.",
    )


@pytest.mark.parametrize("rubric", rubric_ids())
def test_all_or_nothing_has_its_page(rubric: str) -> None:
    """At the ends of every rubric the page is whole and asks for something."""
    for end in (0, -1):
        page = told(rubric, extreme(rubric, end))
        assert page.decisions
        assert page.risks or page.risks_none == "Nothing that was asked is missing."
    assert told(rubric, lambda *_: None).decisions


@pytest.mark.parametrize("rubric", rubric_ids())
@pytest.mark.parametrize("end", [0, -1, None])
def test_it_is_read_in_three_minutes(rubric: str, end: int | None) -> None:
    """No page is longer than a slow reader reads in three minutes, however much was written into the plan."""
    page = wordy(rubric) if end is None else assessed(rubric, extreme(rubric, end), **agreed())
    assert len(shown(page).split()) <= MOST_WORDS


@pytest.mark.parametrize("rubric", rubric_ids())
def test_it_has_no_ids_and_no_words_of_the_trade(rubric: str) -> None:
    """Criteria are never named by their ids; a word of the trade stands only where the rubric's own text has it."""
    known = load_rubric(rubric)
    text = shown(assessed(rubric, extreme(rubric, 0), targets={"overall": 1}))
    assert not [name for name in known.criteria if name in text]
    own = " ".join(str(value) for value in _texts(known.to_dict()))
    assert not [word for word in JARGON.findall(text) if "".join(word) not in own]
    assert not JARGON.search(" ".join(_own_words()))


def _texts(data: object) -> list[str]:
    if isinstance(data, dict):
        return [text for value in data.values() for text in _texts(value)]
    if isinstance(data, list):
        return [text for value in data for text in _texts(value)]
    return [str(data)]


def _own_words() -> list[str]:
    return [
        re.sub(r"{\w+}", "", text)
        for name, text in words("report").items()
        if re.match("executive|decide|rung|ladder", name)
    ]


@pytest.mark.parametrize("rubric", ["mlops-levels", "ml-test-score"])
def test_it_is_one_page_of_paper(rubric: str, tmp_path: Path) -> None:
    """Printed by a browser it is a single sheet, even at its longest."""
    assert ending(wordy(rubric), tmp_path) == 1


def test_it_is_sound_html() -> None:
    """One first heading, headings that step down by one, unique ids, and names that lead to them."""
    outline = Outline(Report(assessed("mlops-levels", first_level, **agreed()), audience="executive").summary().html)
    depths = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h\d", tag)]
    assert depths == [1, 2, 2, 2, 2, 2, 2]
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {each["aria-labelledby"] for _, each in outline.tags if "aria-labelledby" in each} <= set(ids)


def test_it_is_the_whole_report_then() -> None:
    """For those who decide there is neither a plan section nor an answer nor a method; text of people stays text."""
    report = Report(assessed("mlops-levels", first_level, subject=HOSTILE, **agreed({"owner": HOSTILE})),
                    audience="executive")  # fmt: skip
    assert (report.plan().html, report.details().html, report.method().html) == ("", "", "")
    assert "<script" not in report.summary().html
    assert repr(report.summary()).endswith(
        "Level 1. Training is repeatable; models grow old until someone retrains them."
    )


def test_the_file_is_the_same_every_time(tmp_path: Path) -> None:
    """Two exports differ in nothing, and the page has its own title."""
    assessment = assessed("mlops-levels", first_level, **agreed())
    first, other = (
        export(assessment, tmp_path / name, audience="executive").read_bytes() for name in ("a.html", "b.html")
    )
    assert first == other
    assert b"<title>Churn model: summary on one page</title>" in first
    assert b'id="report-answers"' not in first
