"""Numbers as people read them: short, and never rounded up to an edge that is not reached.

May not import anything of this package.
"""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["number", "percent"]

_NOISE = 1e-9
"""What floating point may lose on the way; no two values we show are as near."""

_EXACT = 2.0**53
"""From here on floating point has no decimals that could be rounded."""


def number(value: float, *, edges: Iterable[float] = (), digits: int = 2) -> str:
    """Write a number with few decimals.

    Args:
        value: the number.
        edges: where something begins, such as a level; a value below one is not shown as one that reached it.
        digits: decimals at the most.

    >>> number(1.496), number(1.496, edges=[1.5]), number(1.5), number(2.0)
    ('1.5', '1.49', '1.5', '2')
    """
    if not abs(value) < _EXACT:
        return f"{value:g}"  # infinity too: nothing of it is lost by rounding
    rounded = floor(value * 10**digits + 0.5 + _NOISE) / 10**digits
    if any(value < edge - _NOISE and edge <= rounded for edge in edges):
        rounded = floor(value * 10**digits + _NOISE) / 10**digits
    return f"{rounded:g}"


def percent(share: float, *, edges: Iterable[float] = (1.0,)) -> str:
    """Write a share as whole percent, without the sign.

    >>> percent(0.125), percent(0.376), percent(0.796), percent(0.796, edges=[0.8]), percent(0.9999)
    ('13', '38', '80', '79', '99')
    """
    return number(share * 100, edges=[edge * 100 for edge in edges], digits=0)
