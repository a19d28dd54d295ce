"""What the form is told to draw: rows of a rubric, sentences of a score."""

from __future__ import annotations

import pytest
from small_rubric import small

from mlops_widgets.assessment import Answer
from mlops_widgets.form_rows import rows, summary
from mlops_widgets.library import load_rubric, rubric_ids, words
from mlops_widgets.scoring import score

WORDS = words("form")


def said(rubric: str, answers: dict[str, str | Answer], profile: tuple[str, ...] = ()) -> dict[str, object]:
    """Summarise answers to a packaged rubric."""
    found = load_rubric(rubric)
    return summary(found, score(found, answers, profile=profile), WORDS, profile=profile)


@pytest.mark.parametrize("name", rubric_ids())
def test_every_criterion_is_drawn_once(name: str) -> None:
    """A rubric's rows hold each criterion and each descriptor exactly once, in reading order."""
    rubric = load_rubric(name)
    groups = [group for section in rows(rubric, WORDS)["sections"] for group in section["groups"]]
    assert [item["id"] for group in groups for item in group["criteria"]] == list(rubric.criteria)
    assert [item["id"] for group in groups for item in group["descriptors"]] == list(rubric.descriptors)


def test_options_say_how_far_they_go() -> None:
    """No, partly and yes differ in more than colour, and not applicable is always the last."""
    first = rows(load_rubric("mlops-levels"), WORDS)["sections"][0]["groups"][1]["criteria"][0]
    assert [(option["id"], option["part"]) for option in first["options"]] == [
        ("no", "none"),
        ("partly", "some"),
        ("yes", "all"),
        ("na", "na"),
    ]


def test_an_unfinished_score_says_so() -> None:
    """While something is open the level is one of several that are possible."""
    result = said("mlops-levels", {"data.catalog": "yes"})
    assert result["level"] == {"label": "Level 0", "name": "Manual", "note": "so far; level 0 to 3 is possible"}
    assert result["bar"]["now"] == "4 % of level 1"
    assert result["bar"]["then"] == "100 % if the rest is yes"


def test_a_finished_score_says_what_is_next() -> None:
    """With all answered the note names the next level, or says that there is none."""
    rubric = load_rubric("mlops-levels")
    one = {name: "yes" if criterion.level == 1 else "no" for name, criterion in rubric.criteria.items()}
    assert said("mlops-levels", one)["level"]["note"] == "on the way to 2"
    assert said("mlops-levels", dict.fromkeys(rubric.criteria, "yes"))["level"]["note"] == "the highest level"


def test_open_is_not_inapplicable() -> None:
    """A section nothing is answered in is open; one where nothing applies is not."""
    rubric = load_rubric("mlops-questionnaire")
    people = [criterion.id for criterion in rubric.sections[0].criteria]
    answers = {name: Answer(value="na", reason="no team") for name in people}
    profile = {spoke["id"]: spoke["text"] for spoke in said("mlops-questionnaire", answers)["profile"]}
    assert profile["people"] == "n/a"
    assert profile["development"] == "open"


def test_marks() -> None:
    """Implied, contradictory and unexplained answers are marked on both sides."""
    marks = said(
        "mlops-levels",
        {
            "deploy.automated-rollback": "yes",
            "deploy.automated": "yes",
            "deploy.scripted": "no",
            "data.catalog": Answer(value="na"),
        },
    )["marks"]
    assert marks["deploy.manual-rollback"]["kind"] == "implied"
    assert marks["deploy.manual-rollback"]["by"] == "deploy.automated-rollback"
    assert marks["deploy.scripted"]["kind"] == marks["deploy.automated"]["kind"] == "contradictory"
    assert marks["data.catalog"] == {"kind": "reason", "text": "Counts as open until a reason is given.", "by": ""}


def test_what_the_profile_rules_out_says_why() -> None:
    """A question for real-time use does not apply to batch use, and says so."""
    marks = said("mlops-levels", {}, profile=("batch",))["marks"]
    assert marks["data.realtime-features"]["text"] == "Does not apply: Real time, behind an API"


def test_of_two_facets_one_is_enough_to_rule_out() -> None:
    """Why a question does not apply is said whenever the score leaves it out, and never when a person did."""
    facets = [
        {"id": facet, "question": "Which?", "options": [{"id": f"{facet}-{each}", "label": each} for each in "ab"]}
        for facet in ("use", "place")
    ]
    rubric = small({"facets": facets, "sections.0.criteria.1.applies_to": ["use-a", "place-a"]})

    def mark(answers: dict[str, Answer], *profile: str) -> object:
        result = score(rubric, answers, profile=profile)
        return summary(rubric, result, WORDS, profile=profile)["marks"].get("data.b")

    outside = {"kind": "outside", "text": "Does not apply: a, a", "by": ""}
    assert mark({}, "use-a", "place-b") == outside
    own = {"data.b": Answer(value="na", reason="no data")}
    only_use = small({"facets": facets, "sections.0.criteria.1.applies_to": ["use-a"]})
    result = score(only_use, own, profile=["place-b"])
    assert "data.b" not in summary(only_use, result, WORDS, profile=["place-b"])["marks"]
