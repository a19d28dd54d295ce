"""Edits on their way from a browser to the store: taken once, given a receipt, tried again, told to others.

What every widget that saves what people do has in common. May not know which part of an assessment is edited, or draw.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import date
from secrets import token_hex
from typing import TYPE_CHECKING, Any, ClassVar, Self

import ipywidgets
import traitlets

from mlops_widgets.assessment import Assessment, fitted, unanswered
from mlops_widgets.errors import ToolkitError
from mlops_widgets.library import load_rubric
from mlops_widgets.rubric import Rubric

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mlops_widgets.store import Store

__all__ = ["EditedWidget"]

_log = logging.getLogger(__name__)

MOST_EDITS = 2000
"""Edits taken from one message: a whole rubric many times over, and still bounded."""

POLL_SECONDS = 1.0
"""How often changes of other people are looked for."""


class EditedWidget(ipywidgets.Widget):  # type: ignore[misc]
    """A widget whose edits of an assessment are kept in a store, each with a receipt.

    A widget takes the `language` of its words, and gives `_handle`, `_show` and `_take_in`; its script sends edits by
    an Outbox.
    """

    receipts = traitlets.Dict(read_only=True).tag(sync=True)
    status = traitlets.Dict(read_only=True).tag(sync=True)
    outbox: traitlets.List[Any] = traitlets.List().tag(sync=True, echo_update=False)
    who = traitlets.Unicode().tag(sync=True)
    key = traitlets.Unicode(read_only=True).tag(sync=True)

    assessment = traitlets.Instance(Assessment, read_only=True)

    FROM_BROWSER: ClassVar[tuple[str, ...]] = ("outbox", "who")
    """Traits that are the browser's to say."""

    def __init__(
        self,
        rubric: Rubric | str | Path,
        *,
        assessment: Assessment | None = None,
        store: Store | None = None,
        who: str = "",
        **traits: Any,
    ) -> None:
        """Begin with what was answered and planned before; without a store edits live in this object.

        Raises:
            ToolkitError: there is no such rubric, or the assessment does not fit it.
        """
        self.rubric = rubric if isinstance(rubric, Rubric) else load_rubric(rubric)
        if assessment is None:
            assessment = unanswered(self.rubric, new_id=token_hex(8), date=date.today().isoformat())
        assessment = fitted(assessment, self.rubric)
        self._store = store
        self._assessment_id = assessment.id
        self._handled: dict[str, dict[str, Any]] = {}
        self._seen = 0
        self._round = 0
        self._poller: asyncio.Task[None] | None = None
        super().__init__(who=who, **traits)
        self.set_trait("assessment", assessment)
        self.set_trait("key", assessment.id if store else "")
        self.set_trait("status", {"state": "saved", "at": ""} if store else {})

    @classmethod
    def resume(cls, assessment: str, *, store: Store, who: str = "", language: str = "en") -> Self:
        """Go on with an assessment of a store, and follow what others make of it.

        Raises:
            ToolkitError: the store has no such assessment, or its rubric is not here.
        """
        found = store.load(assessment)
        widget = cls(found.rubric.id, assessment=found, store=store, who=who, language=language)
        widget.follow()
        return widget

    def _reload(self, store: Store) -> None:
        """Take what the store holds by now; called once it is known which events have been seen.

        What comes in between is then taken in twice, not never.
        """
        self.set_trait("assessment", fitted(store.load(self._assessment_id), self.rubric))

    # What a widget gives

    def _handle(self, edit: Mapping[str, Any]) -> dict[str, Any]:
        """Check and keep one edit; give its receipt."""
        raise NotImplementedError

    def _show(self) -> None:
        """Hand what stands to the browser."""
        raise NotImplementedError

    def _take_in(self, store: Store, seen: int) -> None:
        """Take in what others have changed since an event."""
        raise NotImplementedError

    # What arrives from the browser

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take from the browser only what is the browser's to say; `read_only` does not hold it back."""
        super().set_state({name: sync_data[name] for name in self.FROM_BROWSER if name in sync_data})

    @traitlets.observe("outbox")
    def _on_outbox(self, change: Mapping[str, Any]) -> None:
        """Take every edit not taken before; each gets a receipt, whatever becomes of it."""
        receipts: dict[str, dict[str, Any]] = {}
        with self.hold_sync():  # all that comes of it in one message
            for edit in change["new"][:MOST_EDITS]:
                if isinstance(edit, Mapping) and isinstance(edit.get("id"), str):
                    name = edit["id"][:40]
                    receipts[name] = self._handled.get(name) or self._handle(edit)
            # The browser stops sending an edit once it has its receipt: older ones need not be remembered.
            self._handled = {name: receipt for name, receipt in receipts.items() if "again" not in receipt}
            if receipts:
                self._show()
                # Numbered, so that a receipt that says the same again is sent again: the first may have been lost.
                self._round += 1
                self.set_trait("receipts", {"round": self._round, "edits": receipts})

    def _kept(self, keep: Callable[[], dict[str, Any]], about: Mapping[str, Any]) -> dict[str, Any]:
        """Keep an edit and give its receipt: what cannot be saved now is to be sent again, what is wrong is refused."""
        from mlops_widgets.database import StoreError  # noqa: PLC0415 - without a store nobody needs a database

        try:
            return keep()
        except StoreError as error:
            _log.warning("could not save an edit: %s", error)
            self.set_trait("status", {"state": "not_saved", "message": str(error)})
            return {"again": True, **about}
        except ToolkitError as error:
            return {"refused": str(error), **about}

    def _saw(self, seq: int) -> None:
        """Count an event of one's own as seen, where nobody else's came before it."""
        if seq == self._seen + 1:
            self._seen = seq

    def _said_by(self, edit: Mapping[str, Any]) -> str:
        who = edit.get("who")
        return who[:200] if isinstance(who, str) else str(self.who)

    # What other people change

    def follow(self) -> None:
        """Watch the store for changes of other people, until this kernel ends; call it once, from a page."""
        if self._store is not None and self._poller is None:
            self._poller = asyncio.get_event_loop().create_task(self._poll())

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            self.refresh()

    def refresh(self) -> None:
        """Take in what others have changed since the last time, and try again what could not be saved."""
        if self._store is None:
            return
        try:
            latest = self._store.latest(self._assessment_id)
            if latest > self._seen:
                self._take_in(self._store, self._seen)
                self._seen = latest
        except ToolkitError as error:  # whatever it is, the next look may find it mended
            if self.status.get("state") != "not_saved":
                self.set_trait("status", {"state": "not_saved", "message": str(error)})
            return
        if self.status.get("state") == "not_saved":
            self.set_trait("status", {"state": "saved", "at": ""})
            self._on_outbox({"new": self.outbox})
