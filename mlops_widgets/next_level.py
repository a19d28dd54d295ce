"""The way to the next level: which criteria block it, and the smallest set of them that would reach it.

How to get to any level, with what has to come first, is found by `smallest_sets` from the same climbs.

Reads what the engine computed; may not score by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from mlops_widgets.engine import CODE_OPEN, DIGITS, Engine, Scores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from fractions import Fraction

    from mlops_widgets.rubric import Band
    from mlops_widgets.rubric_arrays import Codes

__all__ = ["Climb", "NextLevel", "Ways", "reaches"]


@dataclass(frozen=True, kw_only=True, slots=True)
class NextLevel:
    """The way to the next level.

    Attributes:
        level: its number.
        blocking: every criterion that is short of it, in the order they are read.
        smallest: the fewest of them that would reach it if each were fully met; none where even all would not, as
            in a sum of which a part does not apply.
    """

    level: int
    blocking: tuple[str, ...]
    smallest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Climb:
    """How far a node can be raised: `values[k]` is its best value with k criteria fully met, `pick(k)` which ones."""

    values: Sequence[float]
    pick: Callable[[int], list[int]]


class Ways:
    """The ways to the next level of one assessment.

    Values are raised through the tree from the leaves up: each node knows the best it can become with 0, 1, 2 ...
    criteria fully met, so the smallest set is the first that is enough, however the nodes combine.
    """

    def __init__(
        self, compiled: Engine, codes: Codes, scores: Scores, *, goal: Codes | None = None, cost: Sequence[float] = ()
    ) -> None:
        """Take one row of answers, with what is ruled out and implied filled in, and its scores.

        Args:
            goal: for each criterion the answer to raise it to; its highest when left out.
            cost: what each criterion costs to meet; of those that gain the same, the cheapest are taken.
        """
        self._engine, self._codes, self._scores = compiled, codes, scores
        self._goal = compiled.top if goal is None else goal
        self._cost = cost or [0.0] * len(compiled.ids)
        # What is left out of the value while it is open blocks nothing yet.
        self._present = [code not in compiled.left_out for code in codes.tolist()]
        self._short = [here and code < top for here, code, top in zip(self._present, codes, self._goal, strict=True)]
        self._climbs: list[Climb | None] = []

    def to_next(self, head: int) -> NextLevel | None:
        """Find the way of the whole (0) or a dimension (its number from 1) to its next level."""
        return self._through_gates(head) if self._engine.gated else self._through_bands(head)

    def _through_gates(self, head: int) -> NextLevel | None:
        compiled, level = self._engine, int(self._scores.level[0, head])
        of = self._scores.of[0, head].tolist()
        number, applies = next(
            ((number, count) for number, count in zip(compiled.levels, of, strict=True) if number > level >= 0 < count),
            (None, 0),
        )
        if number is None:
            return None
        criteria = compiled.rubric.criteria
        codes = self._codes.tolist()
        asked = [
            column
            for column in compiled.nodes[compiled.heads[head]].everywhere
            if self._present[column] and criteria[compiled.ids[column]].level == number
        ]
        credit = {column: compiled.credit(column, codes[column]) for column in asked}
        blocking = [column for column in asked if codes[column] < compiled.met[column]]
        missing = compiled.threshold * applies - sum(credit.values())
        enough = []
        for column in self._by_gain(blocking, lambda column: 1 - credit[column]):
            if missing <= 0:
                break
            enough.append(column)
            missing -= 1 - credit[column]
        return self._way(number, blocking, enough, lambda trials, row: bool(trials.level[row, head] >= number))

    def _through_bands(self, head: int) -> NextLevel | None:
        compiled, index = self._engine, self._engine.heads[head]
        value = self._scores.value[0, index]
        band = next((band for band in compiled.bands if not reaches(value, band)), None)
        if band is None or isnan(value) or (head and compiled.rubric.scoring.combine == "sum"):
            return None
        climb = self.climb(index)
        if climb is None:
            return None
        count = next((count for count, best in enumerate(climb.values) if reaches(best, band)), 0)
        return self._way(
            band.level,
            self._blocking(index, band),
            climb.pick(count),
            lambda trials, row: reaches(float(trials.value[row, index]), band),
        )

    def _blocking(self, index: int, band: Band) -> list[int]:
        """Criteria below a node that keep it from a band: under a minimum, only those of the parts below the band."""
        node = self._engine.nodes[index]
        if node.combine != "min":
            return [column for column in node.counted if self._short[column]]
        if node.columns:
            return [column for column in node.counted if self._short[column] and not reaches(self._worth(column), band)]
        values = self._scores.value[0]
        return [
            column
            for child in node.children
            if self._engine.nodes[child].weight and not isnan(values[child]) and not reaches(values[child], band)
            for column in self._blocking(child, band)
        ]

    def climb(self, index: int) -> Climb | None:
        """Find how far a node can be raised; None where nothing below it counts."""
        if not self._climbs:
            self._climbs = [None] * len(self._engine.nodes)
            for each in range(len(self._engine.nodes) - 1, -1, -1):
                self._climbs[each] = self._climb_of(each)
        return self._climbs[index]

    def _climb_of(self, index: int) -> Climb | None:
        node = self._engine.nodes[index]
        if node.columns or node.combine == "pooled_mean":
            present = [column for column in node.counted if self._present[column]]
            return self._climb_of_criteria(node.combine, present) if present else None
        weight_of = {child: self._engine.nodes[child].weight for child in node.children}
        parts = [(weight_of[child], climb) for child in node.children if (climb := self._climbs[child])]
        whole = sum(weight for weight, _ in parts) if node.combine in ("mean", "weighted_mean") else 1.0
        result: Climb | None = None
        for weight, climb in parts:
            if weight:
                share = 1.0 if node.combine == "min" else weight / whole
                part = Climb([value * share for value in climb.values], climb.pick)
                result = part if result is None else _joined(result, part, lowest=node.combine == "min")
        return result

    def _climb_of_criteria(self, combine: str, present: list[int]) -> Climb:
        worth = {column: self._worth(column) for column in present}
        top = {column: self._engine.worth(column, int(self._goal[column])) for column in present}
        short = [column for column in present if self._short[column]]
        if combine == "min":
            order = sorted(short, key=lambda column: (worth[column], self._cost[column]))
            values = []
            for count in range(len(order) + 1):
                raised = set(order[:count])
                values.append(min(top[column] if column in raised else worth[column] for column in present))
        else:
            criteria, ids = self._engine.rubric.criteria, self._engine.ids
            weights = {column: criteria[ids[column]].weight for column in present}
            whole = 1.0 if combine == "sum" else sum(weights.values())
            gains = {column: weights[column] * (top[column] - worth[column]) / whole for column in short}
            order = self._by_gain(short, gains.__getitem__)
            values = [sum(weights[column] * worth[column] for column in present) / whole]
            for column in order:
                values.append(values[-1] + gains[column])
        return Climb(values, lambda count: order[:count])

    def _worth(self, column: int) -> float:
        return self._engine.worth(column, int(self._codes[column]))

    def _by_gain(self, columns: Iterable[int], gain: Callable[[int], float | Fraction]) -> list[int]:
        """Put what gains most first, then what implies most, then what is cheap, then what is read first."""
        implied = [source for source, target in self._engine.implications if self._codes[target] == CODE_OPEN]
        return sorted(columns, key=lambda column: (-gain(column), -implied.count(column), self._cost[column], column))

    def _way(
        self, level: int, blocking: list[int], enough: list[int], reached: Callable[[Scores, int], bool]
    ) -> NextLevel:
        ids = self._engine.ids
        return NextLevel(
            level=level,
            blocking=tuple(ids[column] for column in sorted(blocking)),
            smallest=tuple(ids[column] for column in self._without_spare(enough, reached)),
        )

    def _without_spare(self, enough: list[int], reached: Callable[[Scores, int], bool]) -> list[int]:
        """Take out of a set what the rest of it brings along by implication."""
        compiled, codes = self._engine, self._codes
        brought = {
            target for source, target in compiled.implications if source in enough and codes[target] == CODE_OPEN
        }
        more = bool(brought.difference(enough))
        enough = [column for column in enough if column not in brought]
        while more:
            trials = np.repeat(codes[np.newaxis], len(enough), axis=0)
            for row, spared in enumerate(enough):
                rest = [column for column in enough if column != spared]
                trials[row, rest] = compiled.top[rest]
            scores = compiled.score(trials)
            spare = [column for row, column in enumerate(enough) if reached(scores, row)]
            if not spare:
                break
            enough = [column for column in enough if column != spare[-1]]
        return enough


def _joined(one: Climb, other: Climb, *, lowest: bool) -> Climb:
    """Share every number of criteria out between two parts in the best way."""
    values: list[float] = []
    shares: list[int] = []
    for count in range(len(one.values) + len(other.values) - 1):
        best, share = max(
            (
                min(one.values[part], other.values[count - part])
                if lowest
                else one.values[part] + other.values[count - part],
                part,
            )
            for part in range(max(0, count - len(other.values) + 1), min(count, len(one.values) - 1) + 1)
        )
        values.append(best)
        shares.append(share)
    return Climb(values, lambda count: one.pick(shares[count]) + other.pick(count - shares[count]))


def reaches(value: float, band: Band) -> bool:
    """Whether a value is in a band or above it; float noise aside, as the engine compares."""
    value = round(float(value), DIGITS)
    if band.at_least is not None:
        return value >= band.at_least
    return band.above is None or value > band.above
