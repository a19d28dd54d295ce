"""When each thing in a plan is done: work put on days by the capacity of the team.

Knows the calendar, not the clock: the first day comes from above. May not know what the work is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["Work", "day_after", "months_between", "scheduled"]

_WORKDAYS = 5
"""Days of a working week, from Monday on."""

_LAST = date(9999, 12, 24)
"""No day after this one: the calendar of ISO 8601 ends with the year."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """Something that takes time.

    Attributes:
        effort: person-weeks.
        after: what has to be finished first.
    """

    effort: float
    after: Collection[str] = ()


def scheduled(work: Mapping[str, Work], *, start: str, capacity: float = 1.0) -> dict[str, tuple[str, str]]:
    """Put work on days, so that the team is never asked for more than it can give.

    As many things are under way at a time as there are people, and each gets an even share of the capacity: two and a
    half people do two things at a time, half a person does one at half speed. Whoever is free takes the first thing in
    the order given whose predecessors are finished. Work begins and ends on a day from Monday to Friday.

    Args:
        work: by name, the most urgent first. What goes round in a circle is done as if nothing came before it.
        start: the first day, ISO 8601.
        capacity: person-weeks a week.

    Returns:
        First and last day of each, by its name.

    >>> scheduled({"a": Work(effort=1), "b": Work(effort=0.5, after=["a"])}, start="2026-11-21")
    {'a': ('2026-11-23', '2026-11-27'), 'b': ('2026-11-30', '2026-12-02')}
    """
    first = date.fromisoformat(start)
    lanes = [0] * max(1, int(capacity))
    share = capacity / len(lanes)
    ends: dict[str, int] = {}
    days: dict[str, tuple[str, str]] = {}
    left = dict(work)
    while left:
        lane = min(range(len(lanes)), key=lanes.__getitem__)
        ready = {name: _ready(each, ends, left) for name, each in left.items()}
        soonest = min((when for when in ready.values() if when is not None), default=None)
        begin = max(lanes[lane], soonest or 0)
        name = next((name for name, when in ready.items() if when is not None and when <= begin), next(iter(left)))
        ends[name] = lanes[lane] = begin + _days(left.pop(name).effort, share)
        days[name] = _workday(first, begin).isoformat(), _workday(first, ends[name] - 1).isoformat()
    return {name: days[name] for name in work}


def _days(effort: float, share: float) -> int:
    """Count the working days that an effort takes at a share of the capacity; never more than the calendar has."""
    return max(1, ceil(round(min(effort / share * _WORKDAYS, _LAST.toordinal()), 6)))


def _ready(work: Work, ends: Mapping[str, int], left: Collection[str]) -> int | None:
    """Say how many working days after the start everything before it is finished; None while something is not."""
    if any(name in left for name in work.after):
        return None
    return max((ends[name] for name in work.after if name in ends), default=0)


def _workday(first: date, number: int) -> date:
    """Find the day so many working days after the first one."""
    late = max(0, first.weekday() - _WORKDAYS + 1)
    monday = first.toordinal() - first.weekday() + (7 if late else 0)
    weeks, day = divmod((0 if late else first.weekday()) + number, _WORKDAYS)
    return date.fromordinal(min(monday + 7 * weeks + day, _LAST.toordinal()))


def months_between(first: str, last: str) -> int:
    """Count the whole months from one day to another; negative when it lies before.

    >>> months_between("2026-11-20", "2027-02-19"), months_between("2026-11-20", "2027-02-20")
    (2, 3)
    """
    one, other = date.fromisoformat(first), date.fromisoformat(last)
    return (other.year - one.year) * 12 + other.month - one.month - (other.day < one.day)


def day_after(day: str, days: int = 1) -> str:
    """Give the day so many days after another.

    >>> day_after("2026-12-31")
    '2027-01-01'
    """
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except OverflowError:
        return date.max.isoformat()  # the calendar ends there
