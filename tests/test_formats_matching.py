"""Which criterion a statement is about: by id, number, place and words, and never silently where it is doubtful."""

from __future__ import annotations

import pytest

from mlops_widgets.formats.matching import Guess, Match, Matcher, Statement, guess_rubric, level_in, number_in
from mlops_widgets.library import load_rubric, rubric_ids
from mlops_widgets.rubric import Rubric

LEVELS = load_rubric("mlops-levels")
CHECKLIST = load_rubric("mlops-checklist")

DATA = ("Data management",)


def match(*statements: Statement) -> list[Match]:
    """Match statements to the levels rubric."""
    return Matcher(LEVELS).match(statements)


def test_by_id() -> None:
    """An id is believed whatever the words; one that is not there asks a person."""
    found = match(Statement(text="Something", id="DATA.catalog"), Statement(text="Data catalog", id="data.catalogue"))
    assert (found[0].state, found[0].criterion, found[0].how, found[0].confidence) == ("taken", "data.catalog", "id", 1)
    assert found[1].state == "confirm"
    assert found[1].why == "'data.catalogue' is no criterion of this rubric; say which one is meant, or leave it out"


def test_by_number() -> None:
    """A number tells when the words do not speak against it, never alone."""
    words = "There is a list of the members and their tasks"
    sure, unsure = Matcher(CHECKLIST).match(
        [
            Statement(text=words, number="1.1.2", headings=("Project documentation",)),
            Statement(text="プロジェクトの担当者", number="2.2.9"),
        ]
    )
    assert (sure.state, sure.criterion, sure.how) == ("taken", "docs.team", "number")
    assert unsure.state != "taken"


def test_by_words_of_every_criterion() -> None:
    """A rubric's own words are taken for what they are, in every packaged rubric."""
    for name in rubric_ids():
        rubric = load_rubric(name)
        statements = [Statement(text=criterion.text) for criterion in rubric.criteria.values()]
        found = Matcher(rubric).match(statements)
        assert [each.criterion for each in found if each.state == "taken"] == list(rubric.criteria)


@pytest.mark.parametrize(
    ("text", "headings", "level", "criterion"),
    [
        ("Central storage of all data (S3)", DATA, None, "data.central-storage"),
        ("Feature store (Feast)", DATA, None, "data.feature-store"),
        ("IaC (Terraform)", ("Infrastructure",), None, "infra.code"),
        ("Auto-scaling of the endpoints", ("Infrastructure",), None, "infra.autoscaling"),
        ("Containerization (Docker)", ("Infrastructure",), None, "infra.containers"),
        ("Versions", ("Model registry",), 1, "registry.versions"),
        ("No experiment tracking", ("Training", "Level 0"), None, "train.no-tracking"),
        ("We get an alert at once when something breaks", ("Monitoring",), None, "monitor.alerting"),
        ("New models are compared with the live one automatically", ("Retraining",), None, "retrain.validation"),
    ],
)
def test_by_other_words(text: str, headings: tuple[str, ...], level: int | None, criterion: str) -> None:
    """Short forms and other words are understood under a heading that fits."""
    [found] = match(Statement(text=text, headings=headings, level=level))
    assert (found.state, found.criterion, found.how) == ("taken", criterion, "text")


def test_opposite() -> None:
    """A statement that something is absent is not taken for that it is there."""
    [found] = match(Statement(text="No data versioning", headings=DATA))
    assert found.criterion in (None, "data.no-versioning")


def test_a_criterion_that_denies() -> None:
    """A criterion that speaks of what is missing is no opposite of its own words."""
    data = LEVELS.to_dict()
    criteria = (each for section in data["sections"] for each in section["criteria"])
    alerting = next(each for each in criteria if each["id"] == "monitor.alerting")
    alerting["text"] = "An alert reaches people when data is missing."
    [found] = Matcher(Rubric.from_dict(data)).match([Statement(text=alerting["text"])])
    assert (found.state, found.criterion) == ("taken", "monitor.alerting")


def test_place_in_a_list_of_the_source() -> None:
    """Two statements with the same words are told apart by the lists in which they stand."""
    words = "Other people approve changes before they are merged."
    first = [
        Statement(text=t, headings=("3.1. Infrastructure code quality requirements",), group=1) for t in ("CI", words)
    ]
    second = ("3.2. ML model code quality requirements",)
    texts = ("Hooks", "Tests of every step", "CI", words, "Load", "Authentication", "Docs", "Release notes")
    found = Matcher(CHECKLIST).match([*first, *(Statement(text=t, headings=second, group=2) for t in texts)])
    assert found[1].criterion == "code.infra-review"
    assert found[5].criterion == "code.review"


def test_ambiguous() -> None:
    """What resembles two criteria alike is for a person, who sees both."""
    [found] = match(Statement(text="Drift detection", headings=("Monitoring",), level=2))
    assert (found.state, found.why) == ("confirm", "resembles more than one criterion about as much")
    assert [candidate.criterion for candidate in found.candidates[:2]] == [
        "monitor.data-drift",
        "monitor.concept-drift",
    ]
    assert len(found.candidates) <= 5


def test_the_surest_wins() -> None:
    """A statement that merely resembles a criterion does not take it from the one that is about it."""
    vague, exact = match(
        Statement(text="Data catalog of a kind", headings=DATA, line=1),
        Statement(text="A catalogue shows which data there is and what its fields mean.", headings=DATA, line=2),
    )
    assert exact.criterion == "data.catalog"
    assert vague.criterion is None or vague.same_as == 1


@pytest.mark.parametrize(("second", "states"), [("yes", ["taken", "taken"]), ("no", ["confirm", "confirm"])])
def test_twice(second: str, states: list[str]) -> None:
    """The same criterion twice: the same answer is taken once, different ones are both for a person."""
    found = match(
        Statement(text="Data catalog", headings=DATA, value="yes", line=3),
        Statement(text="Data catalog", headings=DATA, value=second, line=9),
    )
    assert [each.state for each in found] == states
    if second == "yes":
        assert (found[1].same_as, found[1].why) == (0, "says the same as line 3, which was taken")
    else:
        assert {each.why for each in found} == {"lines 3, 9 answer data.catalog differently; keep one of them"}
        assert {each.candidates[0].criterion for each in found} == {"data.catalog"}


UNRELATED = """\
Buy milk and eggs
Tyre pressure checked
Fire extinguishers are inspected every year
Passwords are rotated every 90 days
Invoices are approved by two people
Emergency exits are marked
The website has a privacy notice
Product owner attends the sprint review
Definition of done is written down
Servers are patched within a week
Budget is reviewed quarterly
Travel expenses are documented
Release notes are sent to customers
Contracts are stored in a central archive
Stakeholders agree on goals
Machines are maintained on schedule
Water the plants
Radio check completed
Meeting notes are shared with the team
"""


@pytest.mark.parametrize("name", rubric_ids())
def test_another_subject(name: str) -> None:
    """A list of something else gives no answers, though some of its words are known."""
    statements = [Statement(text=text) for text in UNRELATED.splitlines()]
    assert [found.criterion for found in Matcher(load_rubric(name)).match(statements) if found.state == "taken"] == []


@pytest.mark.parametrize("text", ["", " ", "()", "…", "日本語", "a" * 10_000, "0", "the of and"])
def test_without_words(text: str) -> None:
    """A statement that says nothing is left."""
    [found] = match(Statement(text=text))
    assert (found.state, found.why) == ("left", "resembles no criterion of this rubric")
    assert match() == []


def test_rubrics_are_ranked() -> None:
    """The rubric whose words a file has comes first."""
    for name in rubric_ids():
        statements = [Statement(text=criterion.text) for criterion in load_rubric(name).criteria.values()]
        assert guess_rubric(statements)[0].rubric.startswith(name.removesuffix("-2016"))
    assert guess_rubric([], [LEVELS]) == [Guess("mlops-levels", 0.0)]


def test_levels_and_numbers() -> None:
    """A heading may name a level in several languages, and a number may stand before a text."""
    assert [level_in(text) for text in ("Stufe 2", "レベル3", "niveau: 1", "Level ten", "12 levels")] == [
        2,
        3,
        1,
        None,
        None,
    ]
    assert number_in("1.2.3) It works") == ("1.2.3", "It works")
    assert number_in("It works") == ("", "It works")
