"""Edits on their way to a store: taken once, told, tried again, whatever they are about."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from mlops_widgets import edits
from mlops_widgets.assessment import Answer, Assessment
from mlops_widgets.edits import MOST_EDITS, EditedWidget
from mlops_widgets.errors import ToolkitError
from mlops_widgets.store import Store, StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Notes(EditedWidget):
    """The smallest widget there can be: keeps texts in a list."""

    def __init__(self, *, store: Store | None = None) -> None:
        """Begin with nothing."""
        self.kept: list[str] = []
        self.shown = 0
        self.taken_in: list[int] = []
        self.looked = asyncio.Event()
        self.fault: Exception | None = None
        super().__init__("mlops-levels", assessment=store.load("demo") if store else None, store=store, who="Anna")

    def _handle(self, edit: Mapping[str, Any]) -> dict[str, Any]:
        def keep() -> dict[str, Any]:
            if self.fault:
                raise self.fault
            self.kept.append(f"{edit['text']} by {self._said_by(edit)}")
            return {"saved": True}

        return self._kept(keep, {"about": edit["text"]})

    def _show(self) -> None:
        self.shown += 1

    def _take_in(self, store: Store, seen: int) -> None:
        assert store is self._store
        self.taken_in.append(seen)
        self.looked.set()


class Comm:
    """The line to a browser: remembers the states that were sent."""

    comm_id = "comm"

    def __init__(self) -> None:
        """Begin with nothing."""
        self.sent: list[Mapping[str, Any]] = []

    def on_msg(self, _: object) -> None:
        """Take who listens; nobody speaks here."""

    def send(self, *, data: Mapping[str, Any], buffers: object) -> None:
        """Remember a state."""
        assert not buffers
        self.sent.append(data["state"])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one assessment called `demo`."""
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    rubric = {"id": "mlops-levels", "version": "1.0"}
    store.create(Assessment.from_dict({"id": "demo", "rubric": rubric, "subject": "Churn", "date": "2026-11-20"}))
    return store


def test_each_edit_is_taken_once() -> None:
    """An edit that comes again before its receipt has arrived is answered and not taken; what is no edit is left."""
    notes = Notes()
    notes.outbox = [{"id": "e1", "text": "one", "who": "Ben"}, "no edit", {"id": 5}]
    notes.outbox = [{"id": "e1", "text": "one"}, {"id": "e2", "text": "two", "who": 7}]
    assert notes.kept == ["one by Ben", "two by Anna"]
    assert notes.receipts == {"round": 2, "edits": {"e1": {"saved": True}, "e2": {"saved": True}}}
    assert notes.shown == 2


def test_one_message_is_answered_by_one() -> None:
    """What comes of an edit goes to the browser together; the edit itself is not sent back."""
    notes = Notes()
    notes.comm = comm = Comm()
    notes.fault = StoreError("the disk is full")
    notes.set_state({"outbox": [{"id": "e1", "text": "one"}]})
    assert comm.sent == [
        {
            "receipts": {"round": 1, "edits": {"e1": {"again": True, "about": "one"}}},
            "status": {"state": "not_saved", "message": "the disk is full"},
        }
    ]


def test_a_message_is_bounded() -> None:
    """No message is so long that it keeps the kernel busy for good."""
    notes = Notes()
    notes.outbox = [{"id": f"e{number}", "text": "x"} for number in range(MOST_EDITS + 5)]
    assert len(notes.kept) == MOST_EDITS


def test_what_is_wrong_is_refused_and_what_failed_comes_again() -> None:
    """A refusal is final; what the store could not take is not remembered, so that it can be sent again."""
    notes = Notes()
    notes.fault = ToolkitError("not like this")
    notes.outbox = [{"id": "e1", "text": "one"}]
    assert notes.receipts["edits"] == {"e1": {"refused": "not like this", "about": "one"}}
    notes.fault = StoreError("the disk is full")
    notes.outbox = [{"id": "e2", "text": "two"}]
    assert notes.receipts["edits"] == {"e2": {"again": True, "about": "two"}}
    assert notes.status == {"state": "not_saved", "message": "the disk is full"}
    notes.fault = None
    notes.outbox = [{"id": "e2", "text": "two", "attempt": 1}]
    assert notes.kept == ["two by Anna"]


def test_only_what_is_the_browsers() -> None:
    """Receipts, status and key are Python's, whatever a message says."""
    notes = Notes()
    notes.set_state({"receipts": {"x": 1}, "status": {"state": "saved"}, "key": "other", "who": "Ben"})
    assert (notes.receipts, notes.status, notes.key, notes.who) == ({}, {}, "", "Ben")


def test_others_changes_are_looked_for_once(store: Store) -> None:
    """The store is read only when something has happened, and then from where the last look ended."""
    notes = Notes(store=store)
    notes.refresh()
    notes.refresh()
    store.update("demo", subject="Renamed")
    notes.refresh()
    assert notes.taken_in == [0, 1]


def test_own_changes_are_not_looked_for(store: Store) -> None:
    """What a page has saved itself it need not read again, unless somebody else's change came before it."""
    notes = Notes(store=store)
    notes.refresh()
    saved = store.save("demo", "data.catalog", Answer(value="no"), base=None)
    notes._saw(saved.seq)
    notes.refresh()
    store.update("demo", subject="Renamed")
    notes._saw(store.save("demo", "data.catalog", Answer(value="yes"), base=saved.seq).seq)
    notes.refresh()
    assert notes.taken_in == [0, 2]


def test_a_store_that_fails_is_told_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the store cannot be read the status says so; once it can, what waits is taken."""
    notes = Notes(store=store)
    working = Store.latest

    def failing(*_: object) -> int:
        raise StoreError("the disk is gone")

    monkeypatch.setattr(Store, "latest", failing)
    notes.refresh()
    notes.refresh()
    assert notes.status == {"state": "not_saved", "message": "the disk is gone"}
    monkeypatch.setattr(Store, "latest", working)
    notes.refresh()
    assert notes.status == {"state": "saved", "at": ""}


def test_what_cannot_be_taken_in_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that does not fit the page is told, and looked at again: the page goes on following."""
    notes = Notes(store=store)

    def failing(*_: object) -> None:
        raise ToolkitError("the rubric is another one")

    with monkeypatch.context() as patched:
        patched.setattr(Notes, "_take_in", failing)
        notes.refresh()
        assert notes.status == {"state": "not_saved", "message": "the rubric is another one"}
    notes.refresh()
    assert (notes.taken_in, notes.status["state"]) == ([0], "saved")


def test_how_soon_others_are_seen() -> None:
    """What others change is looked for once a second, so that it is seen within two."""
    assert edits.POLL_SECONDS == 1.0


def test_following(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that follows looks again and again by itself; called twice it still looks once at a time."""
    monkeypatch.setattr(edits, "POLL_SECONDS", 0)

    async def watched() -> None:
        notes = Notes(store=store)
        notes.follow()
        first = notes._poller
        notes.follow()
        assert notes._poller is first
        await notes.looked.wait()
        assert first is not None
        first.cancel()

    # In a thread of its own: where the tests of pages came before, this one has a loop already.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(watched())).result()
    alone = Notes()
    alone.follow()
    assert alone._poller is None
