"""The gate: which conditions hold, what is said when they do not, and that what is open never helps."""

from __future__ import annotations

from typing import Any

import pytest
from small_rubric import small, tree

from mlops_widgets.assessment import Assessment
from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.gate import (
    ConditionError,
    Conditions,
    Verdict,
    command,
    verdict,
    workflow_commands,
    workflow_faults,
)
from mlops_widgets.library import load_rubric
from mlops_widgets.rubric import Rubric
from mlops_widgets.scoring import score

QUESTIONS = "mlops-questionnaire"


def assessed(rubric: Rubric, answers: dict[str, Any], *, version: str = "1.0") -> Assessment:
    """Give an assessment of some answers to a version of a rubric."""
    return Assessment.from_dict(
        {
            "id": "test",
            "rubric": {"id": rubric.id, "version": version},
            "subject": "Test",
            "date": "2026-11-20",
            "answers": answers,
        }
    )


def held(rubric: Rubric, answers: dict[str, Any], *, before: Assessment | None = None, **asked: Any) -> Verdict:
    """Hold answers against conditions."""
    conditions = Conditions(**asked, regression=before is not None)
    return verdict(score(rubric, assessed(rubric, answers)), conditions, before=before)


def all_of(rubric_id: str, place: int) -> tuple[Rubric, dict[str, Any]]:
    """Give a packaged rubric and the same answer everywhere, by its place on the scale."""
    rubric = load_rubric(rubric_id)
    return rubric, {name: rubric.scale_of[name].options[place].id for name in rubric.criteria}


def messages(result: Verdict) -> list[str]:
    """Give what is said of each failure."""
    return [failure.message for failure in result.failures]


# Levels and scores


def test_good() -> None:
    """When every condition holds, the reason says level, score and how much is answered."""
    result = held(*all_of(QUESTIONS, 2), min_level=2, min_score=0.5, min_dimension={"people": 2}, max_open=0)
    assert result.passed
    assert result.reason == "level 2, 2 of 4, 15 of 15 answered: 4 conditions hold"
    assert list(result.told()) == []


def test_level() -> None:
    """A level that is not reached is told with what to act on first, and what else failed is counted."""
    result = held(small(), {"data.a": "yes", "data.b": "no", "model.a": "yes"}, min_level=1, max_open=0)
    assert result.reason == "overall is level 0, at least 1 is asked, and 1 more"
    assert list(result.told()) == [
        "  overall is level 0, at least 1 is asked",
        "    data.b  B.",
        "  2 criteria are open, none may be",
        "    data.c   C. (open)",
        "    model.b  B. (open)",
    ]


@pytest.mark.parametrize(
    ("rubric_id", "place", "edge", "shown"),
    [
        ("mlops-questionnaire", 1, 0.25, "1 of 4, at least 1.04 is asked"),
        ("mlops-milestone", 1, 0.4, "40 %, at least 41 % is asked"),
        ("mlops-levels", 1, 0.5, "50 %, at least 51 % is asked"),
        ("ml-test-score", 1, 0.5, "3.5 of 7, at least 3.57 is asked"),
    ],
)
def test_score_is_a_share_of_the_way(rubric_id: str, place: int, edge: float, shown: str) -> None:
    """The same share asks the same of a percentage, of a number and of points; the edge itself is enough."""
    rubric, answers = all_of(rubric_id, place)
    result = score(rubric, assessed(rubric, answers))
    assert result.overall.share == pytest.approx(edge)
    assert held(rubric, answers, min_score=edge).passed
    assert messages(held(rubric, answers, min_score=edge + 0.01)) == [f"overall is {shown}"]


def test_score_is_exact() -> None:
    """A score that only rounding would bring to the edge is below it, and is not shown as that edge."""
    rubric = load_rubric("mlops-levels")
    answers = dict.fromkeys(rubric.criteria, "yes")
    answers["data.catalog"] = "partly"
    result = held(rubric, answers, min_score=1)
    assert messages(result) == ["overall is 99 %, at least 100 % is asked"]


def test_what_is_open_never_helps() -> None:
    """A rubric that leaves open questions out for now does not lift a gate: they count as the lowest answer."""
    rubric = load_rubric(QUESTIONS)
    result = held(rubric, {"people.collaboration": "4"}, min_level=4, min_score=0.9, min_dimension={"people": 4})
    assert messages(result) == [
        "overall is level 4 (0 to 4), at least 4 is asked, and what is open (14) counts as the lowest answer here",
        "overall is 4 of 4 (0.4 to 4), at least 3.6 is asked, and what is open (14) counts as the lowest answer here",
        "people is level 4 (1 to 4), at least 4 is asked, and what is open (2) counts as the lowest answer here",
    ]


def test_nothing_answered() -> None:
    """Without an answer nothing holds."""
    result = held(load_rubric(QUESTIONS), {}, min_level=0, min_score=0.1)
    assert messages(result) == [
        "overall has no answers yet, at least 0 is asked",
        "overall has no answers yet, at least 0.4 is asked",
    ]


def test_nothing_applies() -> None:
    """What does not apply at all reaches no level."""
    rubric = small()
    answers = {name: {"value": "na", "reason": "not ours"} for name in rubric.criteria}
    result = held(rubric, answers, min_level=0, min_score=0, min_dimension={"data": 0})
    assert messages(result) == [
        "overall does not apply, at least 0 is asked",
        "overall does not apply, at least 0 is asked",
        "data does not apply, at least 0 is asked",
    ]


def test_dimension() -> None:
    """A dimension has a level of its own to reach."""
    result = held(small(), {"data.a": "yes", "data.b": "yes"}, min_dimension={"data": 1, "model": 1})
    assert messages(result) == ["model is level 0 (0 to 3), at least 1 is asked"]
    assert result.failures[0].criteria == ("model.a",)


def test_a_value_in_no_band() -> None:
    """The 2016 version of the ML Test Score leaves a number unassigned: no level is reached with it."""
    rubric, answers = all_of("ml-test-score-2016", -1)
    lower = {name: rubric.scale_of[name].options[1].id for name in list(rubric.criteria)[:3]}
    result = held(rubric, {**answers, **lower}, min_level=1)
    assert messages(result) == ["overall is 11 of 14, which is no level, at least 1 is asked"]


# Wrong conditions


@pytest.mark.parametrize(
    ("rubric_id", "asked", "sentence"),
    [
        ("mlops-levels", {"min_level": 4}, "mlops-levels has no level 4: its levels are 0, 1, 2, 3"),
        (
            QUESTIONS,
            {"min_dimension": {"persons": 1}},
            "'persons' is no dimension of mlops-questionnaire; it has people, development, serving, operations",
        ),
    ],
)
def test_wrong_conditions(rubric_id: str, asked: dict[str, Any], sentence: str) -> None:
    """What the rubric does not have cannot be asked: that is no failure of the assessment."""
    with pytest.raises(ConditionError) as caught:
        held(*all_of(rubric_id, 1), **asked)
    assert str(caught.value) == sentence


def test_dimension_without_a_level() -> None:
    """Under a sum the bands are those of the whole, so a dimension has no level to reach."""
    bands = [{"level": 0, "below": 2}, {"level": 1, "at_least": 2}]
    rubric = tree(
        "sum", [{"id": "data", "criteria": ["data.a"]}, {"id": "model", "criteria": ["model.a"]}], bands=bands
    )
    with pytest.raises(
        ConditionError, match=r"^a dimension of small has no level of its own, so none can be asked of data$"
    ):
        held(rubric, {"data.a": "yes", "model.a": "yes"}, min_dimension={"data": 1})


def test_no_levels() -> None:
    """Of a rubric without levels one asks for a score."""
    data = {key: value for key, value in load_rubric("mlops-milestone").to_dict().items() if key != "levels"}
    scoring = {key: value for key, value in data["scoring"].items() if key != "bands"}
    with pytest.raises(
        ConditionError, match=r"^mlops-milestone has no level 1: it has no levels; ask for --min-score$"
    ):
        held(Rubric.from_dict({**data, "scoring": scoring}), {}, min_level=1)


# Regressions


def test_same_as_before() -> None:
    """What did not change did not fall."""
    rubric, answers = all_of(QUESTIONS, 2)
    result = held(rubric, answers, before=assessed(rubric, answers))
    assert result.reason == "level 2, 2 of 4, 15 of 15 answered: the condition holds"


def test_a_level_fell() -> None:
    """A level that is lost is told for the whole and for its dimension, with the criteria that are not met any more."""
    old = dict.fromkeys(small().criteria, "yes")
    result = held(small(), {**old, "model.a": "no"}, before=assessed(small(), old))
    assert [(failure.section, failure.message, failure.criteria) for failure in result.failures] == [
        ("overall", "overall fell from level 3 to 0", ("model.a",)),
        ("model", "model fell from level 3 to 0", ("model.a",)),
    ]


def test_a_score_fell() -> None:
    """The exact score counts, also where the level stayed and both would be shown alike."""
    rubric, old = all_of("mlops-checklist", 1)
    name = next(iter(old))
    result = held(rubric, {**old, name: "no"}, before=assessed(rubric, old))
    part = rubric.dimension_of[name].id
    assert [failure.section for failure in result.failures] == ["overall", part]
    assert result.failures[0].message.startswith("overall fell from 50 % to 4")
    assert result.failures[0].criteria == ()


def test_a_deleted_answer_counts() -> None:
    """Taking an answer back is no way around: it is open now, and named."""
    rubric, old = all_of(QUESTIONS, 4)
    name = "people.collaboration"
    new = {key: value for key, value in old.items() if key != name}
    result = held(rubric, new, before=assessed(rubric, old))
    assert [(failure.section, failure.criteria) for failure in result.failures] == [
        ("overall", (name,)),
        ("people", (name,)),
    ]
    assert messages(result)[1] == "people fell from level 4 to 3"


def test_a_score_in_no_band_did_not_fall() -> None:
    """From 10 points, level 4, to the 11 that the rubric of 2016 gives no level: no regression."""
    rubric, answers = all_of("ml-test-score-2016", 2)
    ten, eleven = dict(answers), dict(answers)
    for section in rubric.sections:
        low = [criterion.id for criterion in section.criteria]
        ten |= dict.fromkeys(low[:2], "none")
        eleven |= dict.fromkeys(low[:1], "none") | {low[1]: "manual"}
    assert [score(rubric, each).level for each in (ten, eleven)] == [4, None]
    assert held(rubric, eleven, before=assessed(rubric, ten)).passed


def test_lost_though_nothing_fell() -> None:
    """A criterion that is lost while another one makes up for it is told, and does not fail."""
    old, new = {"model.a": "yes", "model.b": "no"}, {"model.a": "no", "model.b": "yes"}
    rubric = tree("mean", [{"id": "model", "criteria": ["model.a", "model.b"]}])
    result = held(rubric, new, before=assessed(rubric, old))
    assert result.passed
    assert result.notes == ("Met before, and not any more, though nothing fell: model.a.",)


def test_not_applicable_any_more() -> None:
    """A dimension that does not apply any more has fallen."""
    old = dict.fromkeys(small().criteria, "yes")
    gone = {"value": "na", "reason": "not ours"}
    result = held(small(), {**old, "model.a": gone, "model.b": gone}, before=assessed(small(), old))
    assert "model does not apply any more" in messages(result)


def test_was_not_applicable() -> None:
    """A dimension that did not apply before cannot fall."""
    gone = {"value": "na", "reason": "not ours"}
    old = {"data.a": "yes", "model.a": gone, "model.b": gone}
    result = held(small(), {"data.a": "yes", "data.b": "yes", "data.c": "yes"}, before=assessed(small(), old))
    assert "model" not in [failure.section for failure in result.failures]


def test_another_rubric() -> None:
    """Scores of two rubrics are not compared."""
    with pytest.raises(ConditionError) as caught:
        held(small(), {}, before=assessed(load_rubric(QUESTIONS), {}))
    assert str(caught.value) == (
        "the earlier assessment answers mlops-questionnaire, this one small: scores of two rubrics cannot be compared"
    )


def test_another_version() -> None:
    """An earlier version is scored by the rubric of today, and that is said."""
    old = assessed(small(), {"data.a": "yes", "data.old": "yes"}, version="0.9")
    result = held(small(), {"data.a": "yes"}, before=old)
    assert result.passed
    assert " ".join(result.notes) == (
        "The earlier assessment answers version 0.9 of the rubric; its answers are scored by version 1.0 here; "
        "1 answer has no counterpart in it."
    )


# How it is told


def test_plain_data() -> None:
    """Other programs get the verdict, each failure and the notes."""
    result = held(small(), {"data.a": "yes", "data.b": "no"}, min_dimension={"data": 1})
    assert result.to_dict() == {
        "format": 1,
        "passed": False,
        "reason": "data is level 0, at least 1 is asked",
        "failures": [
            {
                "kind": "min_dimension",
                "section": "data",
                "message": "data is level 0, at least 1 is asked",
                "criteria": ["data.b"],
            }
        ],
        "notes": [],
    }


def test_workflow_commands() -> None:
    """GitHub gets an error for each failure and a warning for each criterion whose line is known."""
    result = held(small(), {"data.a": "yes", "data.b": "no"}, min_level=1, min_score=0.5)
    assert list(workflow_commands(result, file="a/team.yaml", lines={"data.b": 12})) == [
        "::error file=a/team.yaml,line=12,title=MLOps maturity::overall is level 0, at least 1 is asked",
        "::error file=a/team.yaml,title=MLOps maturity::" + messages(result)[1].replace("%", "%25"),
        "::warning file=a/team.yaml,line=12,title=data.b::B. This is not fully met.",
    ]


def test_workflow_notice() -> None:
    """When it is good, GitHub gets a notice, and notes as warnings."""
    old = assessed(small(), {"data.a": "yes"}, version="0.9")
    result = held(small(), {"data.a": "yes"}, before=old)
    assert list(workflow_commands(result, file=None, lines={})) == [
        f"::notice title=MLOps maturity::{result.reason.replace('%', '%25')}",
        f"::warning title=MLOps maturity::{result.notes[0]}",
    ]


def test_no_more_annotations_than_are_shown() -> None:
    """GitHub shows ten of a kind a step: the first ten are given."""
    rubric = load_rubric("mlops-levels")
    lines = {name: number for number, name in enumerate(rubric.criteria, 1)}
    told = list(workflow_commands(held(rubric, {}, min_level=1, max_open=0), file="a.yaml", lines=lines))
    assert sum(line.startswith("::warning ") for line in told) == 10


def test_faults_of_a_file() -> None:
    """A file that cannot be used is annotated where its faults are."""
    error = ToolkitError(
        [
            Problem(where="a.yaml:41: answers.x", message="is wrong"),
            Problem(where="a.yaml:2", message="is no YAML"),
            Problem(where="", message="there is none"),
        ]
    )
    assert list(workflow_faults(error)) == [
        "::error file=a.yaml,line=41,title=MLOps maturity::answers.x: is wrong",
        "::error file=a.yaml,line=2,title=MLOps maturity::is no YAML",
        "::error title=MLOps maturity::there is none",
    ]


@pytest.mark.parametrize(
    ("message", "file", "written"),
    [
        ("50 %: a, b", "a.yaml", "::error file=a.yaml::50 %25: a, b"),
        ("two\r\nlines", "C:\\a,b%.yaml", "::error file=C%3A\\a%2Cb%25.yaml::two%0D%0Alines"),
        ("::error::again", None, "::error::::error::again"),
    ],
)
def test_escaping(message: str, file: str | None, written: str) -> None:
    """Nothing in a message or a name ends a command early or begins another."""
    assert command("error", message, file=file) == written
