"""What a report is made of before it is drawn: plain text and tuples, a data class for each part.

Holds what was worked out elsewhere. May not work anything out itself, nor import anything of this package.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Dimension", "Entry", "Group", "Item", "Next", "Standing"]


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
