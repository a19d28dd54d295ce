"""What a store gives back: answers and items that stand, the events behind them, and who was too late.

May not know how they are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlops_widgets.database import StoreError

if TYPE_CHECKING:
    from mlops_widgets.assessment import Answer, PlanItem

__all__ = ["Event", "ItemEvent", "Listed", "Saved", "SavedItem", "Stale", "StaleItem", "Unknown"]


class Unknown(StoreError):  # noqa: N818 - reads as what it is: `except Unknown`
    """There is no such assessment, or it has no such event."""


class _OvertakenError(StoreError):
    def __init__(self, current: Saved | SavedItem, *, what: str) -> None:
        super().__init__(
            f"{current.who or 'somebody'} changed this {what} at {current.at}, after you last saw it: "
            "theirs stands, yours is in the history; save again to change it"
        )


class Stale(_OvertakenError):  # noqa: N818
    """Somebody changed the answer after the writer last saw it; what was sent is in the history."""

    def __init__(self, current: Saved) -> None:
        """Take the answer that stands."""
        self.current = current
        super().__init__(current, what="answer")


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """An answer that stands; an empty one was taken back."""

    answer: Answer
    seq: int
    """Its place in the history of the assessment: what the next writer gives as `base`."""
    who: str
    at: str
    """ISO 8601, UTC, with milliseconds."""


class StaleItem(_OvertakenError):  # noqa: N818
    """Somebody changed the item after the writer last saw it; what was sent is in the history."""

    def __init__(self, current: SavedItem) -> None:
        """Take the item that stands."""
        self.current = current
        super().__init__(current, what="item")


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedItem:
    """An item of the plan that stands; None was taken out."""

    item: PlanItem | None
    seq: int
    """Its place in the history of the assessment: what the next writer gives as `base`."""
    who: str
    at: str
    """ISO 8601, UTC, with milliseconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One thing somebody answered."""

    seq: int
    assessment: str
    criterion: str
    answer: Answer
    before: Answer | None
    """What stood when it arrived; None for the first answer to a criterion."""
    who: str
    at: str
    kept: bool
    """False when it arrived too late to stand: recorded, never current."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemEvent:
    """One change of the plan: an item that was added or changed or, where it is None, taken out."""

    seq: int
    assessment: str
    item_id: str
    item: PlanItem | None
    before: PlanItem | None
    """What stood when it arrived."""
    who: str
    at: str
    kept: bool
    """False when it arrived too late to stand: recorded, never current."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """An assessment as a line of a list."""

    id: str
    subject: str
    rubric_id: str
    rubric_version: str
    date: str
    assessor: str
    changed_at: str
    answered: int
    """How many criteria have a value."""
