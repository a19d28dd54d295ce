"""Answers to a rubric: what they may hold, and how they meet another version of the rubric."""

from __future__ import annotations

from typing import Any

import pytest
from IPython.core.formatters import DisplayFormatter
from small_rubric import MISSING, small

from mlops_widgets.assessment import Answer, Assessment, AssessmentError, PlanItem, allowed_values, fitted, unanswered
from mlops_widgets.library import load_rubric

PLAIN: dict[str, Any] = {
    "id": "demo",
    "rubric": {"id": "small", "version": "1.0"},
    "subject": "Churn model",
    "date": "2026-11-20",
    "answers": {"data.a": "yes"},
}


def assessment(**changes: Any) -> Assessment:
    """An assessment of the small rubric with some values changed."""
    data = {**PLAIN, **changes}
    return Assessment.from_dict({key: value for key, value in data.items() if value is not MISSING})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"subject": MISSING}, "subject: is missing"),
        ({"subject": ""}, "subject: is empty; write some text"),
        ({"notes": "x"}, "notes: is not a known key; check its spelling or take it out"),
        ({"id": "Demo!"}, "id: should be 4 to 32 small letters and digits, not 'Demo!'"),
        ({"date": "20 November"}, "date: should be a date, like '2026-11-20', not '20 November'"),
        ({"date": "2026-13-01"}, "date: should be a date, like '2026-11-20', not '2026-13-01'"),
        ({"date": "2026-11-32"}, "date: should be a date, like '2026-11-20', not '2026-11-32'"),
        ({"rubric": "small"}, "rubric: should be a mapping of keys to values, not 'small'"),
        ({"rubric": {"id": "small", "version": "1.0", "hash": "abc"}},
         "rubric.hash: should be a SHA-256: 64 digits from 0 to f, not 'abc'"),
        ({"answers": ["yes"]}, "answers: should be a mapping of keys to values, not ['yes']"),
        ({"answers": {"data.a": {"value": "yes", "notes": "x"}}},
         "answers.data.a.notes: is not a known key; check its spelling or take it out"),
        ({"answers": {"data.a": 0.5}}, "answers.data.a.value: should be text, not 0.5; put it in quotes"),
        ({"answers": {"data.a": {"confidence": 6}}},
         "answers.data.a.confidence: input should be less than or equal to 5, not 6"),
        ({"answers": {"data.a": {"note": "x" * 4001}}},
         "answers.data.a.note: is 4001 characters long; the most is 4000"),
        ({"answers": {"data.a": {"evidence": "README.md"}}},
         "answers.data.a.evidence: should be a list, not 'README.md'"),
        ({"format": 2}, "format: 2 is not one of 1"),
        ({"date": "2026-02-30"}, "date: should be a day of the calendar, not '2026-02-30'"),
        ({"targets_by": "next year"}, "targets_by: should be a date, like '2026-11-20', not 'next year'"),
        ({"targets": {"overall": float("nan")}}, "targets.overall: should be a number, not nan"),
        ({"plan": ["deploy"]}, "plan: should be a mapping of keys to values, not ['deploy']"),
        ({"plan": {"capacity": 0}}, "plan.capacity: input should be greater than 0, not 0"),
        ({"plan": {"items": {"Item 1": {"title": "One"}}}},
         "plan.items.Item 1: should be 4 to 32 small letters and digits, not 'Item 1'"),
        ({"plan": {"items": {"item1": {"title": "One", "owner": 5}}}},
         "plan.items.item1.owner: should be text, not 5; put it in quotes"),
        ({"plan": {"items": {"item1": {"title": "One", "due": "2026-11-31"}}}},
         "plan.items.item1.due: should be a day of the calendar, not '2026-11-31'"),
        ({"plan": {"items": {"item1": {"title": "One", "after": "item2"}}}},
         "plan.items.item1.after: should be a list, not 'item2'"),
        ({"plan": {"items": {"item1": {"title": "x" * 201}}}},
         "plan.items.item1.title: is 201 characters long; the most is 200"),
    ],
)  # fmt: skip
def test_fault_of_a_field_is_said_in_a_sentence(changes: dict[str, Any], message: str) -> None:
    """A field of the wrong type or form is named by its path, with what it should be."""
    with pytest.raises(AssessmentError) as error:
        assessment(**changes)
    assert str(error.value) == message


def test_all_faults_are_told_at_once() -> None:
    """Two faults make one error of two lines."""
    with pytest.raises(AssessmentError) as error:
        assessment(subject=MISSING, date="soon")
    assert str(error.value).splitlines() == [
        "subject: is missing",
        "date: should be a date, like '2026-11-20', not 'soon'",
    ]


@pytest.mark.parametrize("data", [None, [], "demo"])
def test_assessment_that_is_no_mapping(data: Any) -> None:  # noqa: ANN401 - anything a reader may give
    """What is no mapping at all gets a sentence of its own."""
    with pytest.raises(AssessmentError) as error:
        Assessment.from_dict(data)
    assert str(error.value) == "an assessment is a mapping with a rubric and answers"


@pytest.mark.parametrize(
    ("written", "value"), [("yes", "yes"), (2, "2"), (True, "yes"), (False, "no"), (None, None), ({"value": 3}, "3")]
)
def test_answer_may_be_written_short(written: object, value: str | None) -> None:
    """A value alone is an answer, and numbers and truth values are taken as people write them."""
    assert assessment(answers={"data.a": written}).answers["data.a"].value == value


def test_to_dict_gives_back_the_same_assessment() -> None:
    """Plain data makes the same assessment again, in the order a person writes it."""
    full = assessment(
        assessor="Bo",
        profile=["batch"],
        targets={"overall": 2},
        answers={"data.a": {"value": "na", "reason": "No data.", "evidence": ["a.md"], "confidence": 4}},
        unmatched={"old": "yes"},
    )
    assert Assessment.from_dict(full.to_dict()) == full
    assert list(full.to_dict()) == [
        "format", "id", "rubric", "subject", "date", "assessor", "profile", "targets", "answers", "unmatched",
    ]  # fmt: skip


def test_hash_does_not_depend_on_the_order_of_answers() -> None:
    """The same answers given in another order are the same assessment."""
    one, other = {"data.a": "yes", "model.a": "no"}, {"model.a": "no", "data.a": "yes"}
    assert assessment(answers=one).content_hash == assessment(answers=other).content_hash
    assert assessment(answers=one).content_hash != assessment().content_hash


def test_answering_returns_a_copy() -> None:
    """An edit leaves the assessment as it was, and an empty answer takes one back."""
    before = assessment()
    after = before.answered("model.a", Answer(value="no", note="Not yet."))
    assert before.answers == {"data.a": Answer(value="yes")}
    assert after.answers == {"data.a": Answer(value="yes"), "model.a": Answer(value="no", note="Not yet.")}
    assert after.answered("model.a", Answer()) == before
    assert before.answered("model.a", Answer()) == before


def test_empty_answer_says_nothing_at_all() -> None:
    """A note alone is something."""
    assert Answer().is_empty
    assert not Answer(note="Ask Kim.").is_empty
    assert not Answer(value="no").is_empty


def test_fitted_matches_another_version_by_id_and_keeps_the_rest() -> None:
    """What the new version no longer asks is kept as unmatched; what it asks again comes back."""
    old = assessment(answers={"data.a": "yes", "data.gone": {"value": "no", "note": "Was asked in 1.0."}})
    new = small({"version": "2.0"})
    met = fitted(old, new)
    assert met.answers == {"data.a": Answer(value="yes")}
    assert met.unmatched == {"data.gone": Answer(value="no", note="Was asked in 1.0.")}
    assert (met.rubric.version, met.rubric.hash) == ("2.0", new.content_hash)
    criterion = {"id": "data.gone", "text": "Asked again.", "level": 1}
    asked_again = {"sections.0.criteria": [criterion], "sections.0.descriptors": []}
    again = fitted(met, small({"version": "2.1", **asked_again}))
    assert again.answers == {"data.gone": Answer(value="no", note="Was asked in 1.0.")}
    assert again.unmatched == {"data.a": Answer(value="yes")}


def test_fitted_keeps_the_newer_of_two_answers() -> None:
    """An answer given since stands before one kept from an older version."""
    both = assessment(unmatched={"data.a": "no"})
    assert fitted(both, small()).answers == {"data.a": Answer(value="yes")}


def test_fitted_keeps_ticks_of_descriptors() -> None:
    """The description of a level may be ticked like a criterion is answered."""
    assert fitted(assessment(answers={"data.none": "yes"}), small()).answers == {"data.none": Answer(value="yes")}


def test_fitted_tells_every_fault() -> None:
    """Another rubric, answers that are no options, unknown facets and sections come in one error."""
    with pytest.raises(AssessmentError) as error:
        fitted(
            assessment(
                rubric={"id": "other", "version": "1.0"},
                answers={"data.a": "done", "data.none": "no", "model.a": "na", "model.b": None},
                profile=["batch", "stream"],
                targets={"data": 2, "overall": 2, "date": 3},
            ),
            small(),
        )
    assert str(error.value).splitlines() == [
        "rubric.id: is 'other', but the rubric given is 'small'",
        "answers.data.a.value: 'done' is not one of no, partly, yes, na",
        "answers.data.none.value: 'no' is not one of yes",
        "profile[1]: 'stream' is not one of batch, real-time",
        "targets.date: is no section of this rubric",
    ]


def test_allowed_values_are_the_scale_and_not_applicable() -> None:
    """A criterion takes the options of its scale, a descriptor a tick."""
    assert allowed_values(small(), "data.a") == ("no", "partly", "yes", "na")
    assert allowed_values(small(), "data.none") == ("yes",)


def test_another_version_of_the_rubric() -> None:
    """Answers that are no option any more are kept as unmatched; of the very same version they are faults."""
    rubric = load_rubric("mlops-levels")
    data = {
        "id": "demo",
        "rubric": {"id": "mlops-levels", "version": "0.9"},
        "subject": "X",
        "date": "2026-11-20",
        "profile": ["batch", "gone"],
        "targets": {"data": 2, "gone": 1},
        "answers": {"data.catalog": "always", "data.versioning": "yes"},
    }
    once = fitted(Assessment.from_dict(data), rubric)
    assert fitted(once, rubric) == once
    assert set(once.answers) == {"data.versioning"}
    assert once.unmatched["data.catalog"].value == "always"
    assert (once.profile, once.targets) == (("batch",), {"data": 2})
    with pytest.raises(AssessmentError, match="'always' is not one of no, partly, yes, na"):
        fitted(Assessment.from_dict({**data, "rubric": {"id": "mlops-levels", "version": "1.0"}}), rubric)


def test_item_of_a_plan_is_added_changed_and_taken_out() -> None:
    """Edits of a plan return copies; what waited for an item that is taken out no longer does."""
    first, then = PlanItem(title="First"), PlanItem(title="Then", after=("item1",))
    before = assessment()
    both = before.planned("item1", first).planned("item2", then)
    assert both.plan.items == {"item1": first, "item2": then}
    assert before.plan.items == {}
    assert both.planned("item1", PlanItem(title="Other")).plan.items["item1"].title == "Other"
    assert both.planned("item1", None).plan.items == {"item2": PlanItem(title="Then")}
    assert both.planned("item3", None) == both


def test_plan_is_in_the_order_of_its_ranks() -> None:
    """Items with a lower rank come first; the same rank is sorted by id."""
    items = {"cccc": {"title": "C", "rank": 1}, "bbbb": {"title": "B"}, "aaaa": {"title": "A", "rank": 1}}
    assert [name for name, _ in assessment(plan={"items": items}).plan.ordered()] == ["bbbb", "aaaa", "cccc"]


def test_nothing_waits_for_what_was_dropped() -> None:
    """What comes before an item is what it names, as far as it is there and not dropped."""
    items = {
        "aaaa": {"title": "A"},
        "bbbb": {"title": "B", "status": "dropped"},
        "cccc": {"title": "C", "after": ["aaaa", "bbbb"]},
    }
    plan = assessment(plan={"items": items}).plan
    assert plan.before(plan.items["cccc"]) == [plan.items["aaaa"]]
    assert plan.before(PlanItem(title="D", after=("gone",))) == []


STRANGE = {
    "efforts": {"data.z": 1, "data.a": 1},
    "items": {"item1": {"title": "One", "criteria": ["data.a", "data.x"]}},
}
"""A plan that names criteria the small rubric does not have."""


def test_plan_of_this_version_names_what_there_is() -> None:
    """A criterion that the very rubric does not have is a slip, in an item or among the efforts."""
    with pytest.raises(AssessmentError) as error:
        fitted(assessment(plan=STRANGE), small())
    assert str(error.value) == (
        "plan.efforts.data.z: 'data.z' is no criterion of small 1.0\n"
        "plan.items.item1.criteria[1]: 'data.x' is no criterion of small 1.0"
    )


def test_plan_of_another_version_is_kept() -> None:
    """Items keep the criteria of the version they were planned with; an effort for nothing is left out."""
    old = assessment(plan=STRANGE, rubric={"id": "small", "version": "0.9"})
    fit = fitted(old, small())
    assert fit.plan.items == old.plan.items
    assert fit.plan.efforts == {"data.a": 1}
    assert fit.rubric.version == "1.0"


def test_an_assessment_begins_unanswered() -> None:
    """What is begun for a rubric fits it as it is, and says which text of the rubric it was."""
    rubric = load_rubric("mlops-levels")
    begun = unanswered(rubric, new_id="begun1", date="2026-11-20")
    assert fitted(begun, rubric) == begun
    assert (begun.subject, begun.answers, begun.rubric.hash) == (rubric.title, {}, rubric.content_hash)


def test_a_notebook_shows_what_it_is() -> None:
    """An assessment and a rubric are a line in a notebook, not a wall of text."""
    rubric = load_rubric("mlops-levels")
    begun = unanswered(rubric, new_id="begun1", date="2026-11-20")
    show = DisplayFormatter().format
    assert show(begun)[0] == {
        "text/plain": "<Assessment begun1 by mlops-levels: MLOps maturity levels, 2026-11-20, 0 answers>"
    }
    assert show(rubric)[0] == {"text/plain": "<Rubric mlops-levels 1.0: 85 criteria>"}
