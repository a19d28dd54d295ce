"""What every database behind the store must do: one suite, run on each."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import threading
import traceback
import uuid
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_widgets.assessment import Answer, Assessment, AssessmentError, PlanItem
from mlops_widgets.database import MIGRATIONS
from mlops_widgets.records import Event, ItemEvent, Listed, Saved, SavedItem, Stale, StaleItem, Unknown
from mlops_widgets.store import Store, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

YES, NO, PARTLY, OPEN = Answer(value="yes"), Answer(value="no"), Answer(value="partly"), Answer()
ITEM = PlanItem(title="A catalogue", criteria=("data.catalog",), effort=3, start="2027-01-04", rank=2.5)


def assessment(name: str = "churn26q4", **fields: Any) -> Assessment:
    """Give an assessment to keep."""
    rubric = {"id": "mlops-levels", "version": "1.0", "hash": "0" * 64}
    plain = {"id": name, "rubric": rubric, "subject": "Churn model", "date": "2026-11-20"}
    return Assessment.from_dict(plain | fields)


class Clock:
    """A clock that moves a second each time it is read."""

    def __init__(self) -> None:
        """Start on a fixed day."""
        self.time = datetime(2026, 11, 20, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Give the next second."""
        self.time += timedelta(seconds=1)
        return self.time


def answer_until_it_stands(url: str, name: str, criterion: str, who: str, times: int) -> int:
    """Answer again and again as a person would who insists; run in a process of its own."""
    refused = 0
    with closing(Store(url)) as store:
        for number in range(times):
            stands = store.answers(name).get(criterion)
            base = stands.seq if stands else None
            while True:
                try:
                    store.save(name, criterion, Answer(value="yes", note=f"{who} {number}"), base=base, who=who)
                except Stale as stale:
                    refused += 1
                    base = stale.current.seq
                else:
                    break
    return refused


def open_and_create(url: str, name: str) -> None:
    """Be one of many who open an empty database at the same time; run in a process of its own."""
    with closing(Store(url)) as store:
        store.create(assessment(name))


@contextmanager
def processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give processes that share nothing with this one."""
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect every statement sent to any database."""
    sent: list[str] = []

    def record(_: object, __: object, statement: str, *___: object) -> None:
        sent.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", record)
    try:
        yield sent
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", record)


def opened_and_shown(url: str) -> None:
    """Open a store and look at it; where it opens, its repr has nothing of the password."""
    with closing(Store(url)) as store:
        assert "hunter2" not in repr(store)
        store.recent()


class StoreContract:
    """The suite; a subclass gives `store_url`, the address of an empty database."""

    @pytest.fixture
    def store(self, store_url: str) -> Iterator[Store]:
        """Give a store on an empty database, with a clock that the test can foresee."""
        with closing(Store(store_url, now=Clock())) as store:
            yield store

    # Keeping and giving back

    def test_what_was_created_comes_back(self, store: Store) -> None:
        """An assessment with everything an assessment can hold is loaded as it was created."""
        given = assessment(
            assessor="Ana",
            profile=["batch"],
            targets={"overall": 2.5},
            answers={"data.catalog": {"value": "na", "reason": "no tables"}, "data.lineage": {"value": "yes"}},
            unmatched={"data.old": {"value": "no", "evidence": ["docs/data.md"], "confidence": 3}},
        )
        assert store.create(given, who="Ana") == given
        assert store.load("churn26q4") == given

    def test_another_store_reads_what_one_saved(self, store: Store, store_url: str) -> None:
        """An answer is in the database when save returns, not later."""
        store.create(assessment())
        store.save("churn26q4", "data.catalog", YES, base=None)
        with closing(Store(store_url)) as other:
            assert other.load("churn26q4").answers == {"data.catalog": YES}

    def test_receipt_of_a_save(self, store: Store) -> None:
        """A save returns the answer, its number, who gave it and when."""
        store.create(assessment())
        saved = store.save("churn26q4", "data.catalog", YES, base=None, who="Ana")
        assert saved == Saved(answer=YES, seq=2, who="Ana", at="2026-11-20T08:00:04.000Z")
        assert store.answers("churn26q4") == {"data.catalog": saved}

    def test_answer_taken_back(self, store: Store) -> None:
        """An empty answer takes back what stood, and those who poll learn of it."""
        store.create(assessment(answers={"data.catalog": {"value": "yes"}}))
        back = store.save("churn26q4", "data.catalog", OPEN, base=2, who="Ana")
        assert store.load("churn26q4").answers == {}
        assert store.since("churn26q4", 2) == {"data.catalog": back}
        assert back.answer.is_empty

    def test_empty_answers_are_not_kept_at_creation(self, store: Store) -> None:
        """An answer that says nothing is left out, and what create returns says so."""
        assert store.create(assessment(answers={"data.catalog": {}})).answers == {}
        assert store.load("churn26q4").answers == {}

    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script> & \"quoted\" 'single' \\ back",
            "'; DROP TABLE mlops_events; --",
            "été 東京 🦆 \u202eright to left\u202c e\u0301",
            "NUL \0 inside",
            "%(name)s :name ? $1 {0} %s",
            "line\r\nline\ttab  ",
        ],
    )
    def test_text_comes_back_unchanged(self, store: Store, text: str) -> None:
        """Markup, SQL, any script, control characters: a text is kept as it was written."""
        given = Answer(value="yes", note=text, reason=text, evidence=(text,))
        store.create(assessment(subject=text, assessor=text))
        store.save("churn26q4", "data.catalog", given, base=None)
        loaded = store.load("churn26q4")
        assert (loaded.subject, loaded.assessor, loaded.answers) == (text, text, {"data.catalog": given})

    def test_names_no_database_keeps(self, store: Store) -> None:
        """A NUL or half a surrogate pair in a name is refused in a sentence, not by one database and not the other."""
        store.create(assessment())
        with pytest.raises(AssessmentError) as caught:
            store.save("churn26q4", "data\0catalog", YES, base=None, who="Ana \ud83e")
        assert str(caught.value) == (
            "criterion: holds a character no database can keep; take it out\n"
            "who: holds a character no database can keep; take it out"
        )
        with pytest.raises(AssessmentError) as caught:
            store.save("churn26q4", "", YES, base=None, who="a" * 201)
        assert str(caught.value) == (
            "who: is 201 characters long; the most is 200\ncriterion: is empty; write some text"
        )
        with pytest.raises(AssessmentError) as caught:
            store.create(assessment("other26q4", answers={"data\0catalog": {"value": "yes"}}))
        assert str(caught.value) == "criterion: holds a character no database can keep; take it out"
        assert store.latest("churn26q4") == 1

    def test_what_could_not_be_read_back_is_not_written(self, store: Store) -> None:
        """A copy made without validation is checked before it is kept."""
        with pytest.raises(AssessmentError) as caught:
            store.create(assessment().model_copy(update={"subject": ""}))
        assert str(caught.value) == "subject: is empty; write some text"
        assert store.recent() == []

    # Ids

    @pytest.mark.parametrize(
        "name",
        ["..", "../../etc/passwd", "/etc/passwd", "abcd/../efgh", "CHURN26Q4", "abcd\n", "abcd\0", "", "abc", "a" * 33,
         "äbcd", "a;b'c", "%2e%2e%2f"],
    )  # fmt: skip
    def test_id_that_is_none(self, store: Store, name: str) -> None:
        """An id that is a path, too long or of other characters is refused wherever one is taken."""
        message = f"{name!r} is no id of an assessment: one has 4 to 32 small letters and digits"
        for call in self._calls(store, name):
            with pytest.raises(Unknown) as caught:
                call()
            assert str(caught.value) == message

    def test_id_of_nothing(self, store: Store) -> None:
        """An id nobody has is told as such by every method."""
        for call in self._calls(store, "none26q4"):
            with pytest.raises(Unknown) as caught:
                call()
            assert str(caught.value) == (
                "there is no assessment 'none26q4': check its address, or look for it in the list"
            )

    @staticmethod
    def _calls(store: Store, name: str) -> list[Any]:
        return [
            lambda: store.load(name),
            lambda: store.answers(name),
            lambda: store.save(name, "data.catalog", YES, base=None),
            lambda: store.update(name, subject="Other"),
            lambda: store.since(name, 0),
            lambda: store.latest(name),
            lambda: store.history(name),
            lambda: store.history(name, "data.catalog"),
            lambda: store.at(name, 1),
            lambda: store.duplicate(name, new_id="next27q1", date="2027-01-20"),
            lambda: store.items(name),
            lambda: store.items_since(name, 0),
            lambda: store.save_item(name, "cata", ITEM, base=None),
            lambda: store.item_history(name),
            lambda: store.revise(name, lambda head: head),
        ]

    def test_id_taken(self, store: Store) -> None:
        """A second assessment of the same id is refused and the first stays as it was."""
        store.create(assessment())
        with pytest.raises(StoreError) as caught:
            store.create(assessment(subject="Another"))
        assert str(caught.value) == "there is already an assessment 'churn26q4': choose another id"
        assert store.load("churn26q4") == assessment()

    # Several people

    def test_stale_answer(self, store: Store) -> None:
        """A tab that did not see the newest answer cannot undo it: what it sent is recorded and does not stand."""
        store.create(assessment())
        first = store.save("churn26q4", "data.catalog", NO, base=None, who="Ana")
        second = store.save("churn26q4", "data.catalog", YES, base=first.seq, who="Ben")
        with pytest.raises(Stale) as caught:
            store.save("churn26q4", "data.catalog", PARTLY, base=first.seq, who="Ana")
        assert caught.value.current == second
        assert str(caught.value) == (
            "Ben changed this answer at 2026-11-20T08:00:05.000Z, after you last saw it: theirs stands, "
            "yours is in the history; save again to change it"
        )
        assert store.answers("churn26q4") == {"data.catalog": second}
        assert store.since("churn26q4", second.seq) == {}
        assert [(event.answer, event.kept) for event in store.history("churn26q4")] == [
            (NO, True),
            (YES, True),
            (PARTLY, False),
        ]
        third = store.save("churn26q4", "data.catalog", PARTLY, base=second.seq, who="Ana")
        assert store.answers("churn26q4") == {"data.catalog": third}

    def test_stale_without_name(self, store: Store) -> None:
        """Where nobody gave a name, the sentence says somebody."""
        store.create(assessment(answers={"data.catalog": {"value": "yes"}}))
        with pytest.raises(Stale, match=r"^somebody changed this answer at 2026-11-20T08:00:01\.000Z, after"):
            store.save("churn26q4", "data.catalog", NO, base=None)

    def test_retry_after_a_lost_receipt(self, store: Store) -> None:
        """Sending the same again returns the first receipt and adds nothing, even when others went on since."""
        store.create(assessment())
        first = store.save("churn26q4", "data.catalog", NO, base=None, who="Ana")
        assert store.save("churn26q4", "data.catalog", NO, base=None, who="Ana") == first
        store.save("churn26q4", "data.catalog", YES, base=first.seq, who="Ben")
        assert store.save("churn26q4", "data.catalog", NO, base=None, who="Ana") == first
        assert store.latest("churn26q4") == 3

    def test_retry_of_a_stale_answer(self, store: Store) -> None:
        """What arrived too late is told so again, and is recorded once."""
        store.create(assessment(answers={"data.catalog": {"value": "yes"}}))
        for _ in range(2):
            with pytest.raises(Stale):
                store.save("churn26q4", "data.catalog", NO, base=None, who="Ana")
        assert store.latest("churn26q4") == 3

    def test_same_answer_of_two_people(self, store: Store) -> None:
        """Two people who answer alike at the same moment are no retry: both are in the history."""
        store.create(assessment())
        first = store.save("churn26q4", "data.catalog", YES, base=None, who="Ana")
        with pytest.raises(Stale) as caught:
            store.save("churn26q4", "data.catalog", YES, base=None, who="Ben")
        assert caught.value.current == first
        assert [(event.who, event.kept) for event in store.history("churn26q4")] == [("Ana", True), ("Ben", False)]

    @pytest.mark.parametrize("base", [0, -1, 99, 10**30])
    def test_base_of_nothing(self, store: Store, base: int) -> None:
        """A base nobody was given is accepted where nothing stands and stale where something does."""
        store.create(assessment(answers={"data.catalog": {"value": "yes"}}))
        assert store.save("churn26q4", "data.lineage", YES, base=base).seq == 3
        with pytest.raises(Stale):
            store.save("churn26q4", "data.catalog", NO, base=base)
        assert store.since("churn26q4", 10**30) == {}
        assert len(store.since("churn26q4", -(10**30))) == 2

    def test_writers_of_different_criteria(self, store: Store, store_url: str) -> None:
        """Two processes on one assessment never refuse each other's criteria and lose nothing; a reader misses none."""
        store.create(assessment())
        seen: dict[str, Saved] = {}
        with processes(2) as pool:
            writers = [
                pool.submit(answer_until_it_stands, store_url, "churn26q4", f"data.{who}", who, 40)
                for who in ("ana", "ben")
            ]
            cursor = 1
            while not all(writer.done() for writer in writers) or cursor < store.latest("churn26q4"):
                seen |= store.since("churn26q4", cursor)
                cursor = max([cursor, *(saved.seq for saved in seen.values())])
        assert [writer.result() for writer in writers] == [0, 0]
        assert seen == store.answers("churn26q4")
        assert {saved.answer.note for saved in seen.values()} == {"ana 39", "ben 39"}
        assert [event.seq for event in store.history("churn26q4")] == list(range(2, 82))

    def test_writers_of_one_criterion(self, store: Store, store_url: str) -> None:
        """Two processes that insist on one criterion: every answer stands in its turn, on top of the one before."""
        store.create(assessment())
        with processes(2) as pool:
            writers = [
                pool.submit(answer_until_it_stands, store_url, "churn26q4", "data.catalog", who, 30)
                for who in ("ana", "ben")
            ]
        refused = sum(writer.result() for writer in writers)
        events = store.history("churn26q4")
        kept = [event for event in events if event.kept]
        notes = {f"{who} {number}" for who in ("ana", "ben") for number in range(30)}
        assert {event.answer.note for event in kept} == notes
        assert len(kept) == 60
        assert [event.before for event in kept] == [None, *(event.answer for event in kept[:-1])]
        assert [event.seq for event in events] == list(range(2, store.latest("churn26q4") + 1))
        assert len(events) - len(kept) <= refused

    def test_threads_share_a_store(self, store: Store) -> None:
        """Eight threads answer through one store, each its own criterion, and all answers stand."""
        store.create(assessment())

        def person(number: int) -> None:
            base = None
            for time in range(10):
                base = store.save("churn26q4", f"data.c{number}", Answer(value=str(time)), base=base).seq

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(person, range(8)))
        assert store.load("churn26q4").answers == {f"data.c{number}": Answer(value="9") for number in range(8)}
        assert store.latest("churn26q4") == 81

    def test_one_of_many_wins_an_id(self, store: Store) -> None:
        """Of eight threads that create the same id, one does and the others are told."""
        together = threading.Barrier(8)

        def create(number: int) -> str:
            together.wait()
            try:
                return store.create(assessment(subject=f"Model {number}")).subject
            except StoreError as error:
                return str(error)

        with ThreadPoolExecutor(8) as pool:
            told = list(pool.map(create, range(8)))
        assert told.count("there is already an assessment 'churn26q4': choose another id") == 7
        assert store.load("churn26q4").subject in told

    def test_killed_writer(self, store: Store, store_url: str) -> None:
        """An acknowledged answer is there after kill -9 of the process that saved it."""
        store.create(assessment())
        program = (
            "import sys\n"
            "from mlops_widgets.assessment import Answer\n"
            "from mlops_widgets.store import Store\n"
            "store = Store(sys.argv[1])\n"
            "base = None\n"
            "while True:\n"
            "    base = store.save('churn26q4', 'data.catalog', Answer(value='yes'), base=base).seq\n"
            "    print(base, flush=True)\n"
        )
        with subprocess.Popen(
            [sys.executable, "-W", "error", "-c", program, store_url], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(20):
                writer.stdout.readline()
            writer.kill()
            acknowledged = 21 + sum(line.endswith("\n") for line in writer.stdout)
        assert writer.returncode == -9
        # The killed process may have saved one more that it did not live to tell.
        assert store.latest("churn26q4") in (acknowledged, acknowledged + 1)
        assert store.load("churn26q4").answers == {"data.catalog": YES}

    # History

    def test_history(self, store: Store) -> None:
        """The history says who answered what and when, and what stood before."""
        store.create(assessment(answers={"data.catalog": {"value": "no"}}), who="Ana")
        store.save("churn26q4", "data.lineage", YES, base=None, who="Ana")
        store.save("churn26q4", "data.catalog", YES, base=2, who="Ben")
        first, lineage, second = (
            Event(seq=2, assessment="churn26q4", criterion="data.catalog", answer=NO, before=None, who="Ana",
                  at="2026-11-20T08:00:01.000Z", kept=True),
            Event(seq=3, assessment="churn26q4", criterion="data.lineage", answer=YES, before=None, who="Ana",
                  at="2026-11-20T08:00:04.000Z", kept=True),
            Event(seq=4, assessment="churn26q4", criterion="data.catalog", answer=YES, before=NO, who="Ben",
                  at="2026-11-20T08:00:05.000Z", kept=True),
        )  # fmt: skip
        assert store.history("churn26q4") == [first, lineage, second]
        assert store.history("churn26q4", "data.catalog") == [first, second]
        assert store.history("churn26q4", "data.unanswered") == []

    def test_every_state_can_be_restored(self, store: Store) -> None:
        """`at` gives what stood after any event: answers, answers taken back, and what stands beside them."""
        states = [store.create(assessment())]
        for number, (criterion, answer) in enumerate(
            [("data.catalog", NO), ("data.lineage", YES), ("data.catalog", OPEN)], start=2
        ):
            stands = store.answers("churn26q4").get(criterion)
            store.save("churn26q4", criterion, answer, base=stands.seq if stands else None)
            states.append(store.load("churn26q4"))
            assert store.latest("churn26q4") == number
        states.append(store.update("churn26q4", subject="Renamed", targets={"overall": 3}))
        assert [store.at("churn26q4", number) for number in range(1, 6)] == states
        assert [len(state.answers) for state in states] == [0, 1, 2, 1, 1]

    @pytest.mark.parametrize("seq", [0, -1, 2, 10**30])
    def test_state_after_no_event(self, store: Store, seq: int) -> None:
        """An event that did not happen is told, with those that did."""
        store.create(assessment())
        with pytest.raises(Unknown) as caught:
            store.at("churn26q4", seq)
        assert str(caught.value) == f"assessment 'churn26q4' has no event {seq}: give a number from 1 to 1"

    def test_nothing_is_ever_overwritten(self, store: Store) -> None:
        """Whatever is done, no statement changes or deletes a row."""
        store.recent()  # makes the schema
        with statements() as sent:
            store.create(assessment(answers={"data.catalog": {"value": "no"}}))
            store.save("churn26q4", "data.catalog", YES, base=2)
            store.save("churn26q4", "data.catalog", OPEN, base=3)
            with pytest.raises(Stale):
                store.save("churn26q4", "data.catalog", PARTLY, base=2)
            store.update("churn26q4", subject="Renamed")
            store.duplicate("churn26q4", new_id="next27q1", date="2027-01-20")
            store.at("churn26q4", 1)
            store.recent()
        kinds = {statement.split()[0] for statement in sent}
        assert kinds <= {"SELECT", "INSERT", "CREATE", "BEGIN", "PRAGMA"}
        assert not any("CONFLICT" in statement or "REPLACE" in statement for statement in sent)

    def test_values_never_stand_in_sql(self, store: Store) -> None:
        """What people write goes beside a statement, never into it."""
        with statements() as sent:
            store.create(assessment(subject="needle1"), who="needle2")
            store.save("churn26q4", "needle3", Answer(value="needle4"), base=None, who="needle5")
            store.history("churn26q4", "needle3")
        assert sent
        assert not any("needle" in statement or "churn" in statement for statement in sent)

    # Heads and lists

    def test_update(self, store: Store) -> None:
        """What stands beside the answers is changed field by field; a field not given stays."""
        store.create(assessment(answers={"data.catalog": {"value": "yes"}}, assessor="Ana"))
        store.update("churn26q4", subject="Renamed", profile=["batch"], who="Ben")
        changed = store.update("churn26q4", targets={"overall": 2}, date="2026-12-01", who="Ana")
        assert changed == store.load("churn26q4")
        assert changed == assessment(
            subject="Renamed", profile=["batch"], targets={"overall": 2}, date="2026-12-01", assessor="Ana",
            answers={"data.catalog": {"value": "yes"}},
        )  # fmt: skip
        assert store.latest("churn26q4") == 4
        assert store.since("churn26q4", 2) == {}

    def test_update_of_nothing(self, store: Store) -> None:
        """Writing what already stands adds no event, so that a retry is harmless."""
        store.create(assessment(), who="Ana")
        assert store.update("churn26q4", subject="Churn model") == assessment()
        assert store.update("churn26q4", assessor="") == assessment()
        assert store.latest("churn26q4") == 1

    def test_update_with_faults(self, store: Store) -> None:
        """All faults of an edit are told, and nothing is kept of it."""
        store.create(assessment())
        with pytest.raises(AssessmentError) as caught:
            store.update("churn26q4", subject="", date="tomorrow", assessor="Ana")
        assert str(caught.value) == (
            "subject: is empty; write some text\ndate: should be a date, like '2026-11-20', not 'tomorrow'"
        )
        assert store.load("churn26q4") == assessment()

    def test_recent(self, store: Store) -> None:
        """The list starts with what was changed last and counts the answers that have a value."""
        assert store.recent() == []
        store.create(assessment("first26", assessor="Ana"))
        store.create(assessment("second26", subject="Fraud model", answers={"data.catalog": {"value": "yes"}}))
        store.save("first26", "data.catalog", NO, base=None)
        store.save("first26", "data.lineage", Answer(note="asked Ben"), base=None)
        store.save("second26", "data.catalog", OPEN, base=2)
        store.save("first26", "data.storage", YES, base=None)
        first = Listed(
            id="first26", subject="Churn model", rubric_id="mlops-levels", rubric_version="1.0", date="2026-11-20",
            assessor="Ana", changed_at="2026-11-20T08:00:08.000Z", answered=2,
        )  # fmt: skip
        second = Listed(
            id="second26", subject="Fraud model", rubric_id="mlops-levels", rubric_version="1.0", date="2026-11-20",
            assessor="", changed_at="2026-11-20T08:00:07.000Z", answered=0,
        )  # fmt: skip
        assert store.recent() == [first, second]
        assert store.recent(1) == [first]

    def test_duplicate(self, store: Store) -> None:
        """A copy takes over what stands, not how it came to stand; the two then go their own ways."""
        store.create(assessment(targets={"overall": 3}, unmatched={"data.old": {"value": "no"}}))
        store.save("churn26q4", "data.catalog", NO, base=None)
        store.save("churn26q4", "data.catalog", YES, base=2)
        copy = store.duplicate("churn26q4", new_id="churn27q1", date="2027-01-20", who="Ana")
        assert copy == store.load("churn27q1")
        assert copy == store.load("churn26q4").model_copy(update={"id": "churn27q1", "date": "2027-01-20"})
        assert [(event.who, event.answer) for event in store.history("churn27q1")] == [("Ana", YES)]
        store.save("churn27q1", "data.catalog", NO, base=2)
        assert store.load("churn26q4").answers == {"data.catalog": YES}

    def test_duplicate_with_a_bad_id(self, store: Store) -> None:
        """The id of a copy has the form of any id."""
        store.create(assessment())
        with pytest.raises(AssessmentError) as caught:
            store.duplicate("churn26q4", new_id="../evil", date="2027-01-20")
        assert str(caught.value) == "id: should be 4 to 32 small letters and digits, not '../evil'"

    # The plan

    def test_items_come_back(self, store: Store) -> None:
        """A plan created with items is loaded as it was, and each item has its number."""
        given = assessment(
            answers={"data.catalog": {"value": "no"}},
            targets={"overall": 2},
            targets_by="2027-06-30",
            plan={
                "owner": "Ana",
                "capacity": 1.5,
                "efforts": {"data.catalog": 3},
                "metrics": [{"name": "Time to deploy", "current": "2 weeks", "target": "1 day"}],
                "budget": {"tools": "none"},
                "items": {"cata": {"title": "A catalogue", "criteria": ["data.catalog"], "rank": 1}},
            },
        )
        assert store.create(given, who="Ana") == given
        assert store.load("churn26q4") == given
        at = "2026-11-20T08:00:01.000Z"
        item = PlanItem(title="A catalogue", criteria=("data.catalog",), rank=1)
        assert store.items("churn26q4") == {"cata": SavedItem(item=item, seq=3, who="Ana", at=at)}

    def test_item_is_saved_changed_and_taken_out(self, store: Store) -> None:
        """An item stands as it was saved last; None takes it out, and the history has all of it."""
        store.create(assessment())
        first = store.save_item("churn26q4", "cata", ITEM, base=None, who="Ana")
        assert first == SavedItem(item=ITEM, seq=2, who="Ana", at="2026-11-20T08:00:04.000Z")
        changed = ITEM.model_copy(update={"owner": "Ben"})
        second = store.save_item("churn26q4", "cata", changed, base=first.seq, who="Ben")
        assert store.load("churn26q4").plan.items == {"cata": changed}
        third = store.save_item("churn26q4", "cata", None, base=second.seq, who="Ana")
        assert store.load("churn26q4").plan.items == {}
        assert store.items("churn26q4") == {"cata": third}
        assert third.item is None
        assert store.at("churn26q4", 2).plan.items == {"cata": ITEM}
        assert store.item_history("churn26q4") == store.item_history("churn26q4", "cata")
        assert store.item_history("churn26q4")[1] == ItemEvent(
            seq=3, assessment="churn26q4", item_id="cata", item=changed, before=ITEM, who="Ben",
            at="2026-11-20T08:00:05.000Z", kept=True,
        )  # fmt: skip
        assert [(event.item, event.before) for event in store.item_history("churn26q4")] == [
            (ITEM, None),
            (changed, ITEM),
            (None, changed),
        ]

    def test_stale_item(self, store: Store) -> None:
        """Who did not see the newest state of an item cannot undo it, and a retry is harmless."""
        store.create(assessment())
        first = store.save_item("churn26q4", "cata", ITEM, base=None, who="Ana")
        assert store.save_item("churn26q4", "cata", ITEM, base=None, who="Ana") == first
        done = ITEM.model_copy(update={"status": "done"})
        second = store.save_item("churn26q4", "cata", done, base=first.seq, who="Ben")
        for _ in range(2):
            with pytest.raises(StaleItem) as caught:
                store.save_item("churn26q4", "cata", None, base=first.seq, who="Ana")
            assert caught.value.current == second
        assert str(caught.value) == (
            "Ben changed this item at 2026-11-20T08:00:05.000Z, after you last saw it: theirs stands, "
            "yours is in the history; save again to change it"
        )
        assert store.items("churn26q4") == {"cata": second}
        assert [event.kept for event in store.item_history("churn26q4")] == [True, True, False]

    def test_items_and_answers_are_kept_apart(self, store: Store) -> None:
        """An item is no answer: neither among the answers, nor counted, nor in their history, even under one name."""
        store.create(assessment())
        item = store.save_item("churn26q4", "data", ITEM, base=None)
        answer = store.save("churn26q4", "data", YES, base=None)
        assert (store.answers("churn26q4"), store.items("churn26q4")) == ({"data": answer}, {"data": item})
        assert (store.since("churn26q4", 1), store.items_since("churn26q4", 1)) == ({"data": answer}, {"data": item})
        assert (store.since("churn26q4", 3), store.items_since("churn26q4", 2)) == ({}, {})
        assert [event.seq for event in store.history("churn26q4")] == [3]
        assert [event.seq for event in store.item_history("churn26q4")] == [2]
        assert store.recent()[0].answered == 1
        loaded = store.load("churn26q4")
        assert (loaded.answers, loaded.plan.items) == ({"data": YES}, {"data": ITEM})

    def test_duplicate_takes_the_plan_along(self, store: Store) -> None:
        """A copy has the items that stand, and those of the two then go their own ways."""
        store.create(assessment())
        store.save_item("churn26q4", "cata", ITEM, base=None)
        store.update("churn26q4", plan_head={"owner": "Ana"})
        copy = store.duplicate("churn26q4", new_id="churn27q1", date="2027-01-20")
        assert (copy.plan.items, copy.plan.owner) == ({"cata": ITEM}, "Ana")
        store.save_item("churn27q1", "cata", None, base=store.items("churn27q1")["cata"].seq)
        assert store.load("churn26q4").plan.items == {"cata": ITEM}

    def test_plan_head(self, store: Store) -> None:
        """What a plan says beside its items is changed field by field, and items stay items."""
        store.create(assessment())
        store.save_item("churn26q4", "cata", ITEM, base=None)
        store.update("churn26q4", plan_head={"owner": "Ana", "capacity": 2}, targets_by="2027-06-30")
        changed = store.update("churn26q4", plan_head={"start": "2027-01-04"})
        assert (changed.plan.owner, changed.plan.capacity, changed.plan.start) == ("Ana", 2, "2027-01-04")
        assert changed.targets_by == "2027-06-30"
        assert changed.plan.items == {"cata": ITEM}
        store.update("churn26q4", plan_head={"items": {"evil": {"title": "Not this way"}}}, targets_by="")
        assert store.load("churn26q4").plan.items == {"cata": ITEM}
        assert store.load("churn26q4").targets_by is None
        with pytest.raises(AssessmentError) as caught:
            store.update("churn26q4", plan_head={"capacity": -1, "nosuch": 1})
        assert str(caught.value) == (
            "plan.capacity: input should be greater than 0, not -1\n"
            "plan.nosuch: is not a known key; check its spelling or take it out"
        )

    def test_revise(self, store: Store) -> None:
        """A revision is made from what stands at that moment; one that raises changes nothing."""
        store.create(assessment(targets={"overall": 2}))

        def more(head: Assessment) -> Assessment:
            return head.model_copy(update={"targets": head.targets | {"data": 1.0}})

        assert store.revise("churn26q4", more).targets == {"overall": 2, "data": 1}

        def impossible(head: Assessment) -> Assessment:
            raise StoreError(f"not over {head.targets['data']:g}")

        with pytest.raises(StoreError, match=r"^not over 1$"):
            store.revise("churn26q4", impossible)
        assert store.latest("churn26q4") == 2

    def test_item_id_that_is_none(self, store: Store) -> None:
        """The id of an item has the form of any id."""
        store.create(assessment())
        for call in (
            lambda: store.save_item("churn26q4", "../evil", ITEM, base=None),
            lambda: store.item_history("churn26q4", "../evil"),
        ):
            with pytest.raises(AssessmentError) as caught:
                call()
            assert str(caught.value) == "item: should be 4 to 32 small letters and digits, not '../evil'"

    # Schema

    def test_store_of_the_first_schema(self, store_url: str) -> None:
        """A store made before there were plans opens with all its answers, and takes items."""
        older = Store(store_url, migrations=MIGRATIONS[:1])
        with closing(older), older._database.connection(write=True) as connection:
            connection.execute(sa.text("INSERT INTO mlops_assessments VALUES ('churn26q4')"))
            for seq, criterion, content in (
                (1, None, json.dumps(assessment(targets={"overall": 2}).to_dict())),
                (2, "data.catalog", '{"value":"yes"}'),
            ):
                connection.execute(
                    sa.text(
                        "INSERT INTO mlops_events (assessment, seq, criterion, content, kept, who, at) "
                        "VALUES ('churn26q4', :seq, :criterion, :content, TRUE, 'Ana', '2026-11-20T08:00:00.000Z')"
                    ),
                    {"seq": seq, "criterion": criterion, "content": content},
                )
        with closing(Store(store_url)) as store:
            assert store.load("churn26q4") == assessment(
                targets={"overall": 2}, answers={"data.catalog": {"value": "yes"}}
            )
            assert store.save_item("churn26q4", "cata", ITEM, base=None).seq == 3
            assert store.items("churn26q4").keys() == {"cata"}
            assert store.answers("churn26q4").keys() == {"data.catalog"}

    def test_many_open_an_empty_database(self, store_url: str) -> None:
        """Four processes that come first at the same moment make the schema once, and all go on."""
        with processes(4) as pool:
            for opened in [pool.submit(open_and_create, store_url, f"model{number}") for number in range(4)]:
                opened.result()
        with closing(Store(store_url)) as store:
            assert {listed.id for listed in store.recent()} == {"model0", "model1", "model2", "model3"}

    def test_migration(self, store: Store, store_url: str) -> None:
        """A database of an older schema is brought up when it is opened, once, and keeps what it has."""
        store.create(assessment(answers={"data.catalog": {"value": "yes"}}))
        runs = []

        def second(connection: sa.Connection) -> None:
            runs.append(connection)
            connection.execute(sa.text("ALTER TABLE mlops_events ADD COLUMN extra TEXT"))

        for _ in range(2):
            with closing(Store(store_url, migrations=(*MIGRATIONS, second))) as newer:
                assert newer.load("churn26q4").answers == {"data.catalog": YES}
        assert len(runs) == 1

    def test_failed_migration(self, store: Store, store_url: str) -> None:
        """A migration that fails leaves the database as it was, for the toolkit that made it."""
        store.create(assessment())

        def second(connection: sa.Connection) -> None:
            connection.execute(sa.text("ALTER TABLE mlops_events ADD COLUMN extra TEXT"))
            connection.execute(sa.text("ALTER TABLE nowhere ADD COLUMN extra TEXT"))

        with closing(Store(store_url, migrations=(*MIGRATIONS, second))) as newer, pytest.raises(StoreError):
            newer.load("churn26q4")
        with closing(Store(store_url)) as same:
            assert same.load("churn26q4") == assessment()

    def test_newer_schema(self, store_url: str) -> None:
        """A database of a schema this toolkit does not know is refused with a sentence, and not touched."""
        with closing(Store(store_url, migrations=(*MIGRATIONS, lambda _: None))) as newer:
            newer.create(assessment())
        with closing(Store(store_url)) as store, statements() as sent, pytest.raises(StoreError) as caught:
            store.load("churn26q4")
        assert str(caught.value) == (
            f"the store {store.label} was made by a newer version of this toolkit (its schema is 3, this one knows 2): "
            "update mlops-widgets"
        )
        assert {statement.split()[0] for statement in sent} <= {"SELECT", "PRAGMA"}

    # Anything at all

    def test_random_edits(self, store: Store) -> None:
        """After any edits, fresh or stale, of answers or of the subject, the store holds what a simple model says."""
        texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
        answers = st.builds(Answer, value=st.sampled_from([None, "yes", "no", "na"]), note=texts, reason=texts)
        answer = st.tuples(st.sampled_from(["a", "b.c", "d-e"]), answers, st.booleans(), st.sampled_from(["", "Ana"]))
        subject = st.tuples(st.just("subject"), texts.filter(bool))

        @settings(deadline=None, max_examples=25)
        @given(st.lists(answer | subject, max_size=15))
        def replay(edits: list[Any]) -> None:
            name = uuid.uuid4().hex
            states = [store.create(assessment(name))]
            stands: dict[str, Saved] = {}
            for edit in edits:
                if edit[0] == "subject":
                    state = store.update(name, subject=edit[1])
                    expected = states[-1].model_copy(update={"subject": edit[1]})
                else:
                    criterion, given_answer, fresh, who = edit
                    fresh = fresh or criterion not in stands
                    base = stands[criterion].seq if fresh and criterion in stands else None if fresh else 0
                    expected = states[-1].answered(criterion, given_answer) if fresh else states[-1]
                    if fresh:
                        stands[criterion] = store.save(name, criterion, given_answer, base=base, who=who)
                    else:
                        with pytest.raises(Stale) as caught:
                            store.save(name, criterion, given_answer, base=base, who=who)
                        assert caught.value.current == stands[criterion]
                    state = store.load(name)
                assert state == expected
                states += [state] * (store.latest(name) - len(states))
            assert store.answers(name) == stands
            assert [store.at(name, number) for number in range(1, len(states) + 1)] == states

        replay()

    # Trouble

    def test_password_is_never_shown(self, store_url: str) -> None:
        """No message, traceback or repr of a store that cannot be opened has anything of its password."""
        del store_url
        for url in (
            "postgresql://ana:hunter2@127.0.0.1:1/db",
            "postgresql://127.0.0.1:1/db?user=ana&password=hunter2",
            "postgresql://ana:x@hunter2@127.0.0.1:1/db",
            "postgresql://ana:x/hunter2@127.0.0.1:port/db",
            "mysql://ana:hunter2@localhost/db",
            "ana:hunter2",
        ):
            with pytest.raises(StoreError) as caught:
                opened_and_shown(url)
            assert "hunter2" not in "".join(traceback.format_exception(caught.value))
