"""What a report is made of before it is drawn: plain text and tuples, a data class for each part.

Holds what was worked out elsewhere. May not work anything out itself, nor import anything of this package.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "AUDIENCES",
    "Brief",
    "Dimension",
    "Entry",
    "Group",
    "Item",
    "Next",
    "Planned",
    "Rung",
    "Standing",
    "Table",
    "Task",
]

AUDIENCES = ("full", "executive")
"""For whom a report is: everybody who works on it, or those who decide and have three minutes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A line of a list: what, more about it, and something short at its end."""

    text: str
    more: str = ""
    tag: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where the whole stands."""

    name: str
    label: str = ""
    meaning: str = ""
    distance: tuple[str, ...] = ()
    """How far the next level is, and what open answers may change: sentences."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """What to do next."""

    title: str
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    steps_title: str = ""
    steps: tuple[Entry, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A criterion and what was answered."""

    id: str
    text: str
    answer: str
    state: str
    """`met`, `part`, `short`, `open` or `na`."""
    state_word: str
    level: str = ""
    remarks: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    """Text and address; the address is empty where the text is none that a browser may open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Criteria under one heading; without a title, those directly below a dimension."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dimension:
    """A top-level section and its answers."""

    id: str
    title: str
    description: str
    facts: tuple[str, ...]
    remarks: tuple[str, ...]
    groups: tuple[Group, ...]
    described: tuple[str, ...]
    """Sentences that describe a level and were ticked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Rows under a head; the first cell names its row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """An item of a plan."""

    title: str
    owner: str
    effort: str
    start: str
    due: str
    status: str
    """`planned`, `doing`, `blocked`, `done` or `dropped`."""
    status_word: str
    remarks: tuple[str, ...] = ()
    """What stands in its way, and what comes first."""

    @property
    def mark(self) -> str:
        """The mark of its status: that of an answer that is like it."""
        return {"done": "met", "doing": "part", "blocked": "short", "planned": "open"}.get(self.status, "na")


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskGroup:
    """The items of one phase."""

    title: str
    tasks: tuple[Task, ...]
    about: str
    """How many there are, and what is left of them."""
    is_open: bool
    """Whether they are shown without asking."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """What was planned from an assessment: how far the targets are, what is done about it, and what comes of it."""

    facts: tuple[tuple[str, str], ...]
    gaps: Table | None
    gaps_note: str
    outlook: tuple[str, ...]
    changes: Table | None
    phases: tuple[TaskGroup, ...]
    is_long: bool
    """Whether there are more items than are read at a glance."""
    metrics: Table | None
    budget: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """A level on the way up."""

    name: str
    label: str
    marks: tuple[tuple[str, str], ...]
    """What stands on it: `now`, `then` or `target`, and in words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """One page for those who decide."""

    title: str
    about: str
    headline: str
    standing: Standing
    ladder: tuple[Rung, ...]
    ladder_said: str
    risks: tuple[Entry, ...]
    risks_none: str
    steps: tuple[Entry, ...]
    steps_more: str
    costs: tuple[tuple[str, str], ...]
    outlook: tuple[str, ...]
    decisions: tuple[str, ...]
