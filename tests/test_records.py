"""What a store gives back: who was too late is told by whom, and what to do."""

from __future__ import annotations

import pytest

from mlops_widgets.assessment import Answer, PlanItem
from mlops_widgets.database import StoreError
from mlops_widgets.records import Saved, SavedItem, Stale, StaleItem


@pytest.mark.parametrize(("who", "name"), [("Ben", "Ben"), ("", "somebody")])
def test_too_late(who: str, name: str) -> None:
    """The sentence names who was faster, and says that nothing is lost."""
    stood = {"seq": 2, "who": who, "at": "2026-11-20T08:00:00.000Z"}
    answer, item = Saved(answer=Answer(value="yes"), **stood), SavedItem(item=PlanItem(title="A catalogue"), **stood)
    errors: tuple[tuple[Stale | StaleItem, object, str], ...] = (
        (Stale(answer), answer, "answer"),
        (StaleItem(item), item, "item"),
    )
    for error, current, what in errors:
        assert isinstance(error, StoreError)
        assert error.current == current
        assert str(error) == (
            f"{name} changed this {what} at 2026-11-20T08:00:00.000Z, after you last saw it: theirs stands, "
            "yours is in the history; save again to change it"
        )
