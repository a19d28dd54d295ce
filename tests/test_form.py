"""The form in Python: what it shows, what it takes from a browser, what it refuses."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import ipywidgets
import pytest

from mlops_widgets.assessment import Answer, Assessment, PlanItem
from mlops_widgets.errors import ToolkitError
from mlops_widgets.form import RubricForm
from mlops_widgets.store import Store, StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from mlops_widgets.records import Saved


def edit(number: int, value: object = "yes", *, criterion: str = "data.catalog") -> dict[str, Any]:
    """Make an edit as the browser sends it."""
    return {"id": f"e{number}", "criterion": criterion, "answer": {"value": value}, "base": None, "who": "Anna"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one assessment called `demo`."""
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    store.create(
        Assessment.from_dict(
            {
                "id": "demo",
                "rubric": {"id": "mlops-levels", "version": "1.0"},
                "subject": "Churn model",
                "date": "2026-11-20",
            }
        )
    )
    return store


def test_answers_from_python_are_scored() -> None:
    """An answer given in Python changes assessment, score and what the browser shows."""
    form = RubricForm("mlops-levels")
    form.answer("data.catalog", "yes", note="in the wiki")
    assert form.assessment.answers == {"data.catalog": Answer(value="yes", note="in the wiki")}
    assert form.score.overall.answered == 1
    assert form.answers["data.catalog"]["answer"] == {"value": "yes", "note": "in the wiki"}
    assert form.summary["sections"]["data"] == {"answered": 1, "applicable": 9}


def test_it_is_observed_like_any_trait() -> None:
    """Who observes the score is told of every change."""
    form = RubricForm("mlops-questionnaire")
    seen: list[object] = []
    form.observe(lambda change: seen.append(change["new"].level), "score")
    form.answer("people.collaboration", "4")
    assert seen == [4]


def test_it_stands_in_any_box() -> None:
    """The form is a widget among others."""
    form = RubricForm("mlops-levels")
    box = ipywidgets.Accordion([ipywidgets.VBox([form])])
    assert box.children[0].children == (form,)


def test_its_repr_is_stable() -> None:
    """The text of a form says the same on every machine."""
    assert repr(RubricForm("mlops-levels")) == "<RubricForm mlops-levels: 0 of 85 answered>"


def test_neither_pandas_nor_altair_are_imported() -> None:
    """A kernel that shows a form imports no charts and no data frames."""
    code = (
        "import sys; from mlops_widgets import RubricForm; RubricForm('mlops-levels');"
        "print([name for name in ('pandas', 'altair', 'voila', 'papermill', 'nbconvert') if name in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed.strip() == "[]"


def test_an_edit_gets_a_receipt_once() -> None:
    """An edit sent again, because its receipt was late, is not taken twice."""
    form = RubricForm("mlops-levels")
    form.outbox = [edit(1)]
    assert form.receipts["edits"] == {"e1": {"saved": True, "criterion": "data.catalog"}}
    form.answer("data.catalog", "no")
    form.outbox = [edit(1), edit(2, criterion="data.versioning")]
    assert form.assessment.answers["data.catalog"].value == "no"
    assert set(form.receipts["edits"]) == {"e1", "e2"}


def test_answer_from_python_is_checked() -> None:
    """What a person writes wrong is told in a sentence too."""
    form = RubricForm("mlops-levels")
    with pytest.raises(ToolkitError) as error:
        form.answer("data.catalog", "yes", confidence=9)
    assert str(error.value) == "confidence: input should be less than or equal to 5, not 9"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (edit(1, "maybe"), "data.catalog: 'maybe' is not one of no, partly, yes, na"),
        (edit(1, criterion="no.such"), "'no.such' is no criterion of mlops-levels"),
        ({**edit(1), "base": "x"}, "an edit names a criterion, and the answer it was made from"),
        ({**edit(1), "criterion": 5}, "an edit names a criterion, and the answer it was made from"),
        ({**edit(1), "answer": [1]}, "an answer is a mapping"),
        (
            {**edit(1), "answer": {"value": "yes", "confidence": 9}},
            "confidence: input should be less than or equal to 5, not 9",
        ),
        ({**edit(1), "answer": {"note": "x" * 5000}}, "note: is 5000 characters long; the most is 4000"),
    ],
)
def test_what_no_honest_form_sends_is_refused(
    given: dict[str, Any], message: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A forged edit changes nothing, is logged, and its receipt says why."""
    form = RubricForm("mlops-levels")
    with caplog.at_level(logging.WARNING):
        form.outbox = [given]
    assert form.receipts["edits"]["e1"]["refused"] == message
    assert form.assessment.answers == {}
    assert "refused an answer from the browser" in caplog.text


def test_other_traits_of_the_browser_are_not_taken() -> None:
    """A message that sets what only Python may set changes nothing."""
    form = RubricForm("mlops-levels")
    before = form.summary
    form.set_state({"summary": {"level": "9"}, "key": "other", "who": "Anna"})
    assert (form.summary, form.key, form.who) == (before, "", "Anna")


def test_saved_as_given(store: Store) -> None:
    """With a store an answer is there before its receipt is."""
    form = RubricForm("mlops-levels", assessment=store.load("demo"), store=store)
    form.outbox = [edit(1)]
    assert store.load("demo").answers["data.catalog"].value == "yes"
    assert store.history("demo", "data.catalog")[0].who == "Anna"
    assert form.status["state"] == "saved"


def test_a_stale_edit_is_told(store: Store) -> None:
    """What somebody answered meanwhile stands; the receipt gives back what was meant."""
    form = RubricForm("mlops-levels", assessment=store.load("demo"), store=store)
    store.save("demo", "data.catalog", Answer(value="yes"), base=None, who="Ben")
    form.outbox = [edit(1, "no")]
    assert form.receipts["edits"]["e1"] == {"stale": True, "criterion": "data.catalog", "answer": {"value": "no"}}
    assert form.assessment.answers["data.catalog"].value == "yes"
    assert form.answers["data.catalog"]["who"] == "Ben"


def test_others_answers_arrive(store: Store) -> None:
    """What others answer shows at the next look."""
    form = RubricForm("mlops-levels", assessment=store.load("demo"), store=store)
    store.save("demo", "data.catalog", Answer(value="partly"), base=None, who="Ben")
    form.refresh()
    assert form.assessment.answers["data.catalog"].value == "partly"
    assert form.answers["data.catalog"]["who"] == "Ben"


def test_an_answer_that_is_no_option_stops_nothing(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """An answer from elsewhere that the rubric has no option for counts as none; what comes after it arrives."""
    form = RubricForm("mlops-levels", assessment=store.load("demo"), store=store)
    store.save("demo", "data.catalog", Answer(value="maybe", note="since May"), base=None, who="Ben")
    store.save("demo", "data.versioning", Answer(value="yes"), base=None, who="Ben")
    form.refresh()
    assert {name: answer.value for name, answer in form.assessment.answers.items()} == {
        "data.catalog": None,
        "data.versioning": "yes",
    }
    assert form.answers["data.catalog"]["answer"] == {"note": "since May"}
    assert caplog.messages == ["left out an answer: data.catalog: 'maybe' is not one of no, partly, yes, na"]
    form.outbox = [{**edit(1), "base": form.answers["data.catalog"]["seq"]}]
    assert form.receipts["edits"]["e1"] == {"saved": True, "criterion": "data.catalog"}


def test_an_answer_given_while_the_form_is_made(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody answers after the assessment was loaded, and before it is followed, is shown and scored."""
    loaded = store.load("demo")
    store.save("demo", "data.catalog", Answer(value="yes"), base=None, who="Ben")
    answers = Store.answers

    def late(self: Store, name: str) -> dict[str, Saved]:
        found = answers(self, name)
        store.save("demo", "data.versioning", Answer(value="yes"), base=None, who="Ben")
        return found

    monkeypatch.setattr(Store, "answers", late)
    form = RubricForm("mlops-levels", assessment=loaded, store=store)
    form.refresh()
    assert set(form.assessment.answers) == {"data.catalog", "data.versioning"} == set(form.answers)


def test_an_edit_overtaken_by_no_option_gets_its_receipt(store: Store) -> None:
    """The receipt of an edit does not depend on whether what somebody else said meanwhile can be read."""
    form = RubricForm("mlops-levels", assessment=store.load("demo"), store=store)
    store.save("demo", "data.catalog", Answer(value="maybe"), base=None, who="Ben")
    form.outbox = [edit(1)]
    assert form.receipts["edits"]["e1"] == {"stale": True, "criterion": "data.catalog", "answer": {"value": "yes"}}


def test_a_change_of_the_plan_is_no_answer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """An item somebody plans changes no answer, and is looked at once, not at every poll."""
    form = RubricForm("mlops-levels", assessment=store.load("demo"), store=store)
    store.save_item("demo", "cata", PlanItem(title="A catalogue"), base=None, who="Ben")
    before = form.answers
    looked: list[int] = []
    since = Store.since
    monkeypatch.setattr(Store, "since", lambda self, name, seq: looked.append(seq) or since(self, name, seq))
    form.refresh()
    form.refresh()
    assert form.answers == before
    assert looked == [0]
    store.save("demo", "data.catalog", Answer(value="yes"), base=None, who="Ben")
    form.refresh()
    assert form.answers["data.catalog"]["answer"] == {"value": "yes"}


def test_a_store_that_fails_is_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing can be saved the form says so; once it can, what waited is saved without being sent again."""
    form = RubricForm("mlops-levels", assessment=store.load("demo"), store=store)
    working = Store.save

    def failing(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(Store, "save", failing)
    form.outbox = [edit(1)]
    assert form.status == {"state": "not_saved", "message": "the disk is full"}
    assert form.receipts["edits"] == {"e1": {"again": True, "criterion": "data.catalog"}}
    monkeypatch.setattr(Store, "save", working)
    form.refresh()
    assert form.receipts["edits"] == {"e1": {"saved": True, "criterion": "data.catalog"}}
    assert store.load("demo").answers["data.catalog"].value == "yes"


def test_an_unknown_rubric_is_told() -> None:
    """A rubric that is not there is named, with those that are."""
    with pytest.raises(ToolkitError, match=r"there is no rubric 'nosuch'; give the path of a \.yaml file or one of: "):
        RubricForm("nosuch")


def test_answers_of_another_version_are_kept_and_named() -> None:
    """What this version of the rubric no longer asks is told beside the score, and stays in the assessment."""
    older = Assessment.from_dict(
        {
            "id": "demo",
            "rubric": {"id": "mlops-levels", "version": "0.9"},
            "subject": "Churn model",
            "date": "2026-11-20",
            "answers": {"data.catalog": "yes", "data.gone": "yes"},
        }
    )
    form = RubricForm("mlops-levels", assessment=older)
    form.answer("data.versioning", "yes")
    sentence = "Kept, but not scored: answers to questions that this version of the rubric no longer has (data.gone)."
    assert form.summary["notice"] == sentence
    assert set(form.assessment.unmatched) == {"data.gone"}
    assert set(form.assessment.answers) == {"data.catalog", "data.versioning"}
