"""The import page in Python: what it reads, what it refuses, and what comes of a person's decisions."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from mlops_widgets import importer as module
from mlops_widgets.assessment import Answer, Assessment
from mlops_widgets.formats import LARGEST_FILE, written
from mlops_widgets.formats.reading import Candidate, Mark, Reading
from mlops_widgets.importer import Importer
from mlops_widgets.library import load_rubric, words
from mlops_widgets.store import Store

if TYPE_CHECKING:
    from pathlib import Path

RUBRIC = load_rubric("mlops-levels")
WORDS = words("importer")
CATALOG = RUBRIC.criteria["data.catalog"].text
ABOUT = {"id": "churn26q4", "subject": "Churn model", "date": "2026-11-20", "assessor": "Anna"}
CHURN = Assessment.from_dict(
    {
        **ABOUT,
        "rubric": {"id": RUBRIC.id, "version": RUBRIC.version},
        "answers": {"data.catalog": "yes", "data.versioning": {"value": "partly", "note": "since May"}},
    }
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(f"sqlite:///{tmp_path / 'store.sqlite'}")


@pytest.fixture
def page(store: Store) -> Importer:
    """A page that makes new assessments."""
    return Importer(store=store)


def choose(page: Importer, content: bytes, *, name: str = "churn.yaml", **more: Any) -> dict[str, Any]:
    """Choose a file, as the browser sends it; gives what the page shows."""
    encoded = b64encode(content).decode()
    page.set_state({"file": {"number": 1, "attempt": 0, "name": name, "data": encoded, "rubric": "", **more}})
    return dict(page.reading)


def waits(line: int, criterion: str, value: str | None = "no") -> Mark:
    """A mark that waits for a person."""
    return Mark(
        line=line,
        place=f"line {line}",
        text=f"- mark {line}",
        answer=Answer(value=value, note=f"note {line}"),
        state="confirm",
        candidates=(Candidate(criterion=criterion, confidence=0.6),),
    )


@pytest.fixture
def checklist(monkeypatch: pytest.MonkeyPatch) -> Reading:
    """Any file holds one mark that is taken, and three that are not."""
    answer = Answer(value="yes")
    taken = Mark(
        line=1, place="line 1", text="- mark 1", answer=answer, state="taken", criterion="data.catalog", how="text"
    )
    left = Mark(line=4, place="line 4", text="- [s] <script>", answer=Answer(), state="left")
    marks = (taken, waits(2, "data.versioning"), waits(3, "data.catalog"), left)
    assessment = CHURN.model_copy(update={"answers": {"data.catalog": answer}})
    read = Reading(rubric=RUBRIC, assessment=assessment, marks=marks, notes=("Level 2 is claimed.",))
    monkeypatch.setattr(module, "read_answers", lambda *_, **__: read)
    return read


def decide(page: Importer, marks: object, number: int = 1) -> dict[str, Any]:
    """Decide as the browser does, all decisions at a time."""
    page.set_state({"decisions": {"number": number, "attempt": 0, "marks": marks}})
    return dict(page.outcome)


def wish(page: Importer, **what: Any) -> dict[str, Any]:
    """Ask for the assessment."""
    page.set_state({"wish": {"number": 1, "attempt": 0, **what}})
    return dict(page.result)


# A new assessment


def test_a_file_becomes_an_assessment(page: Importer, store: Store) -> None:
    """What was read is shown; what was wished for is made under the id the browser chose, with all answers."""
    shown = choose(page, written(CHURN, RUBRIC, "yaml"))
    assert shown["rubric"] == {"id": "mlops-levels", "title": "MLOps maturity levels"}
    assert shown["about"] == {"subject": "Churn model", "date": "2026-11-20", "assessor": "Anna", "profile": []}
    assert [option["id"] for option in shown["facets"][0]["options"]] == ["real-time", "batch"]
    assert page.outcome["summary"].startswith("2 of 2 marks taken, 0 to confirm, 0 not understood; ")
    result = wish(page, subject=" Churn 2 ", date="2026-11-26", who="Ben", profile=["batch"], key="abcdefghij23")
    assert result == {"number": 1, "go": "/assess/abcdefghij23", "said": "Churn 2 is kept as an assessment."}
    made = store.load("abcdefghij23")
    assert made.answers == CHURN.answers
    assert (made.subject, made.date, made.assessor) == ("Churn 2", "2026-11-26", "Ben")
    assert made.profile == ("batch",)
    assert store.history("abcdefghij23")[0].who == "Ben"


def test_asked_twice_it_is_made_once(page: Importer, store: Store) -> None:
    """A wish whose receipt was lost, asked again by a page that was loaded anew, leads to the same assessment."""
    choose(page, written(CHURN, RUBRIC, "yaml"))
    first = wish(page, subject="Churn", key="abcdefghij23")
    again = Importer(store=store)
    choose(again, written(CHURN, RUBRIC, "yaml"))
    assert wish(again, subject="Churn", key="abcdefghij23")["go"] == first["go"]
    assert len(store.recent()) == 1


def test_an_id_that_is_taken(page: Importer, store: Store) -> None:
    """Another assessment under the id stays as it is; the new one gets an id of its own."""
    store.create(CHURN.model_copy(update={"id": "abcdefghij23", "answers": {}}))
    choose(page, written(CHURN, RUBRIC, "yaml"))
    go = wish(page, subject="Churn", key="abcdefghij23")["go"]
    assert go != "/assess/abcdefghij23"
    assert store.load("abcdefghij23").answers == {}
    assert store.load(go.rpartition("/")[2]).answers == CHURN.answers


@pytest.mark.parametrize("key", [None, 7, "../../etc", "UPPERCASE123", "short"])
def test_a_key_that_is_none(page: Importer, store: Store, key: object) -> None:
    """What is no id is not taken for one."""
    choose(page, written(CHURN, RUBRIC, "yaml"))
    go = wish(page, subject="Churn", key=key)["go"]
    assert store.load(go.removeprefix("/assess/")).subject == "Churn"


@pytest.mark.usefixtures("checklist")
def test_decisions(page: Importer, store: Store) -> None:
    """What waits becomes an answer when it is taken, with the criterion and answer a person chose."""
    shown = choose(page, b"x", name="team.md")
    assert shown["notes"] == ["Level 2 is claimed."]
    assert [row["place"] for row in shown["marks"]] == ["line 1", "line 3", "line 2", "line 4"]
    outcome = decide(page, {"1": {"criterion": "data.lineage", "value": "partly"}, "2": None})
    assert outcome["counts"] == {"confirm": 0, "left": 1, "taken": 2}
    assert outcome["restCount"] == 2
    go = wish(page, subject="Churn")["go"]
    assert store.load(go.rpartition("/")[2]).answers == {
        "data.catalog": Answer(value="yes"),
        "data.lineage": Answer(value="partly", note="note 2"),
    }


@pytest.mark.usefixtures("checklist")
def test_a_decision_can_be_taken_back(page: Importer) -> None:
    """Each time all decisions count: one that is missing is undone."""
    choose(page, b"x", name="team.md")
    assert decide(page, {"1": {"criterion": "data.lineage", "value": "no"}})["counts"]["taken"] == 2
    assert decide(page, {}, number=2)["counts"]["taken"] == 1


@pytest.mark.usefixtures("checklist")
def test_two_marks_of_two_minds(page: Importer, store: Store) -> None:
    """Two marks that say different things about one criterion make no assessment until one is left out."""
    choose(page, b"x", name="team.md")
    both = {"2": {"criterion": "data.catalog", "value": "no"}}
    clash = f"{CATALOG}: two marks say different things (line 1: Yes, line 3: No). Leave one of them out."
    assert decide(page, both)["clashes"] == [clash]
    assert wish(page, subject="Churn") == {"number": 1, "failed": [clash]}
    assert store.recent() == []
    assert decide(page, {**both, "0": None}, number=2)["clashes"] == []
    go = wish(page, number=2, subject="Churn")["go"]
    assert store.load(go.rpartition("/")[2]).answers["data.catalog"].value == "no"


@pytest.mark.usefixtures("checklist")
@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        ({"9": None}, "there is no mark 9; give a number from 0 to 3"),
        ({"1": {"criterion": "no.such", "value": "yes"}}, "'no.such' is no criterion of mlops-levels"),
        ({"1": {"criterion": "data.catalog", "value": "4"}}, "data.catalog: '4' is not one of no, partly, yes, na"),
        ({"x": None}, "a decision is about the number of a mark"),
        ({"-1": None}, "a decision is about the number of a mark"),
        ({"1": "data.catalog"}, "a decision names a criterion and an answer"),
        ({"1": {"criterion": 7, "value": "yes"}}, "a decision names a criterion and an answer"),
        ({"1": {"criterion": "data.catalog", "value": ["yes"]}}, "a decision names a criterion and an answer"),
    ],
)
def test_decisions_are_checked(page: Importer, marks: object, sentence: str) -> None:
    """A decision about nothing is refused, and what was decided before stands."""
    choose(page, b"x", name="team.md")
    outcome = decide(page, marks)
    assert outcome["failed"] == [sentence]
    assert outcome["counts"]["taken"] == 1


@pytest.mark.parametrize("marks", [None, [], "x", 7])
@pytest.mark.usefixtures("checklist")
def test_decisions_that_are_none(page: Importer, marks: object) -> None:
    """What is no mapping decides nothing."""
    choose(page, b"x", name="team.md")
    assert decide(page, marks)["counts"]["taken"] == 1


# What cannot be read


def failure(page: Importer, content: bytes = b"x", **sent: Any) -> list[str]:
    """Why a file is refused."""
    told: list[str] = choose(page, content, **sent)["failed"]
    return told


def test_files_that_did_not_arrive(page: Importer) -> None:
    """What is no file, or not base64, or too large, is told before anything is decoded."""
    assert failure(page, data="%%%") == [WORDS["no_file"]]
    assert failure(page, data=None) == [WORDS["no_file"]]
    assert failure(page, name=7) == [WORDS["no_file"]]
    too_large = "The file is larger than 5 MB. No file of answers is; choose another."
    assert failure(page, data="A" * (LARGEST_FILE * 4 // 3 + 8)) == [too_large]


def test_a_rubric_that_is_not_here(page: Importer) -> None:
    """A rubric is one of those offered, never a path."""
    assert failure(page, rubric="../../etc/passwd") == ["there is no rubric '../../etc/passwd' here"]


def test_faults_are_told_by_line(page: Importer) -> None:
    """A file with faults gets a sentence for each, and no more than can be read."""
    text = written(CHURN, RUBRIC, "yaml").decode()
    line = text[: text.index("data.catalog:")].count("\n") + 1
    (told,) = failure(page, text.replace("data.catalog: yes", "data.catalog: 4").encode())
    assert told == f"churn.yaml:{line}: answers.data.catalog.value: '4' is not one of no, partly, yes, na"
    many = text + "".join(f"  no.such{number}: yes\n" for number in range(30))
    faults = failure(page, many.encode())
    assert len(faults) == 21
    assert faults[-1] == "… 10 more"


def test_a_file_without_a_mark(page: Importer) -> None:
    """A file in which nothing was answered is told, with the rubric it was held against."""
    nothing = written(CHURN.model_copy(update={"answers": {}}), RUBRIC, "yaml")
    assert failure(page, nothing) == [WORDS["nothing"].format(rubric="MLOps maturity levels")]


def test_more_marks_than_a_page_shows(page: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of thousands of marks is for the command line."""
    monkeypatch.setattr(module, "MOST_MARKS", 1)
    assert failure(page, written(CHURN, RUBRIC, "yaml")) == [WORDS["too_many"].format(count=2, most=1)]


def test_what_nobody_foresaw(page: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that fails in a way of its own leaves nobody waiting, and shows no traceback."""

    def broken(*_: object, **__: object) -> Reading:
        raise KeyError("secret")

    monkeypatch.setattr(module, "read_answers", broken)
    assert failure(page) == [WORDS["unforeseen"]]


def test_nothing_is_made_of_nothing(page: Importer, store: Store) -> None:
    """Without a file there is no assessment; without a subject neither."""
    assert wish(page, subject="Churn")["failed"] == [WORDS["no_file"]]
    choose(page, written(CHURN, RUBRIC, "yaml"))
    assert wish(page, subject="  ")["failed"] == [WORDS["subject_missing"]]
    assert wish(page, subject="x", date="yesterday")["failed"] == [
        "date: should be a date, like '2026-11-20', not 'yesterday'"
    ]
    unknown = "profile[0]: 'nosuch' is not one of batch, real-time"
    assert wish(page, subject="x", profile=["nosuch"])["failed"] == [unknown]
    assert wish(page, subject="x" * 201)["failed"] == ["subject: is 201 characters long; the most is 200"]
    assert store.recent() == []


def test_the_file_is_let_go(page: Importer) -> None:
    """Once read, the megabytes are in no state that a page would be sent."""
    choose(page, written(CHURN, RUBRIC, "yaml"))
    assert page.get_state()["file"] == {}


def test_the_browser_says_only_what_is_its_own(page: Importer) -> None:
    """Nothing else that a browser sends is taken."""
    page.set_state({"words": {}, "into": {"rubric": "x"}, "limits": {}, "outcome": {"answers": 9}})
    assert page.words == WORDS
    assert page.into == {}
    assert page.outcome == {}


def test_asked_again(page: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that is asked again because its answer was lost is answered from memory."""
    choose(page, written(CHURN, RUBRIC, "yaml"))
    monkeypatch.setattr(module, "read_answers", None)
    sent: list[object] = []
    monkeypatch.setattr(page, "send_state", sent.append)
    page.set_state({"file": {"number": 1, "attempt": 1, "name": "churn.yaml", "data": "", "rubric": ""}})
    assert "reading" in sent
    assert "failed" not in page.reading


# Into an assessment that is there


@pytest.fixture
def filled(store: Store) -> Importer:
    """A page that reads into an assessment with two answers."""
    standing = {"data.catalog": {"value": "no", "note": "in the wiki"}, "data.lineage": "yes"}
    store.create(Assessment.from_dict({**CHURN.to_dict(), "answers": standing}), who="Anna")
    return Importer(store=store, into="churn26q4")


def test_before_and_after(filled: Importer, store: Store) -> None:
    """What would change is shown beside what stands; only what is ticked is saved, and notes that stand stay."""
    assert filled.into == {"id": "churn26q4", "subject": "Churn model", "rubric": "mlops-levels"}
    choose(filled, written(CHURN, RUBRIC, "yaml"))
    shown = [(each["criterion"], each["before"], each["after"], each["isNew"]) for each in filled.outcome["changes"]]
    assert shown == [
        ("data.versioning", ["Open"], ["Partly", "Note: since May"], True),
        ("data.catalog", ["No", "Note: in the wiki"], ["Yes", "Note: in the wiki"], False),
    ]
    result = wish(filled, criteria=["data.versioning", "no.such"], who="Ben")
    assert (result["said"], result["stale"]) == ("Answers saved: 1.", [])
    answers = store.load("churn26q4").answers
    assert answers["data.versioning"] == Answer(value="partly", note="since May")
    assert answers["data.catalog"] == Answer(value="no", note="in the wiki")
    assert [each["criterion"] for each in filled.outcome["changes"]] == ["data.catalog"]


def test_a_plan_is_not_taken_over(filled: Importer) -> None:
    """A file with targets says in the page that only its answers are taken."""
    data = written(CHURN.model_copy(update={"targets": {"data": 2.0}}), RUBRIC, "yaml")
    assert choose(filled, data)["notes"] == [WORDS["answers_only"]]


def test_somebody_was_faster(filled: Importer, store: Store) -> None:
    """An answer that changed meanwhile is not overwritten: it is told, and shown anew to decide about."""
    choose(filled, written(CHURN, RUBRIC, "yaml"))
    seq = store.answers("churn26q4")["data.catalog"].seq
    store.save("churn26q4", "data.catalog", Answer(value="partly"), base=seq, who="Cleo")
    result = wish(filled, criteria=["data.catalog", "data.versioning"], who="Ben")
    assert result["stale"] == [WORDS["stale"].format(who="Cleo", criterion=CATALOG)]
    assert result["said"] == "Answers saved: 1."
    assert store.load("churn26q4").answers["data.catalog"].value == "partly"
    (left,) = filled.outcome["changes"]
    assert (left["before"], left["after"]) == (["Partly"], ["Yes"])
    assert wish(filled, number=2, criteria=["data.catalog"])["stale"] == []
    assert store.load("churn26q4").answers["data.catalog"].value == "yes"


def test_a_file_of_another_rubric(filled: Importer) -> None:
    """A file that answers another rubric does not go into this assessment."""
    other = load_rubric("mlops-questionnaire")
    text = written(
        Assessment.from_dict({**ABOUT, "rubric": {"id": other.id, "version": "1.0"}, "answers": {}}), other, "yaml"
    )
    (told,) = failure(filled, text, rubric="mlops-questionnaire")
    assert told.endswith("rubric.id: is 'mlops-questionnaire', but the rubric given is 'mlops-levels'")


def test_a_page_says_the_same_everywhere(page: Importer) -> None:
    """A notebook shows how much was read."""
    assert repr(page) == "<Importer: no marks>"
    choose(page, written(CHURN, RUBRIC, "yaml"))
    assert repr(page) == "<Importer: 2 marks>"
