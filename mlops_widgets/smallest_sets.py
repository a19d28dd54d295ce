"""The smallest set of criteria that takes the whole or a dimension to a level, with what has to be met first.

Tries sets out on the engine; may not score by itself.
"""

from __future__ import annotations

from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from mlops_widgets.engine import CODE_NOT_APPLICABLE, CODE_OPEN
from mlops_widgets.next_level import Ways, reaches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlops_widgets.engine import Engine, Scores
    from mlops_widgets.rubric_arrays import Codes

__all__ = ["SmallestSets", "goals"]

_MOST_TRIALS = 4000
"""Sets tried in one go when a smaller one is looked for: some milliseconds."""


def goals(compiled: Engine, level: int) -> Codes:
    """Give the answer each criterion is raised to on the way to a level.

    That is its highest; a question with one text for each level is raised to the text of that level.
    """
    numbers, goal = list(compiled.levels), compiled.top.copy()
    for column, criterion in enumerate(compiled.rubric.criteria.values()):
        if len(criterion.anchors) == len(numbers) and level in numbers:
            goal[column] = numbers.index(level)
    return goal


class SmallestSets:
    """Finds, for one assessment, the fewest criteria that lead to a level.

    Where there is more than one such set, cheap criteria are preferred to expensive ones. A set holds what its
    criteria require as well. Without `implies` and `requires` it is the smallest there is; with them, what is found is
    improved by exchanging two criteria for one, as long as that helps.
    """

    def __init__(self, compiled: Engine, codes: Codes, *, level: int, cost: Sequence[float]) -> None:
        """Take one row of answers, with what is ruled out and implied filled in.

        Args:
            level: the level wanted.
            cost: what each criterion costs to meet.
        """
        self._engine, self.codes, self._cost = compiled, codes, cost
        self.goal = np.maximum(goals(compiled, level), codes)
        self._wanted = level
        if not self._is_enough():
            self.goal = np.maximum(compiled.top, codes)
        self._short = [
            code not in compiled.left_out and code < goal
            for code, goal in zip(codes.tolist(), self.goal.tolist(), strict=True)
        ]

    def _is_enough(self) -> bool:
        """Whether the texts of the level lead to it, as they do in any rubric whose bands and texts fit together."""
        row = np.where(self.codes >= 0, self.goal, self.codes)
        level = int(self._engine.score(row[np.newaxis]).level[0, 0])
        return level < 0 or level >= self._wanted

    @cached_property
    def _scores(self) -> Scores:
        return self._engine.score(self.codes[np.newaxis])

    def reachable(self, head: int) -> int | None:
        """Give the level to go to: None where nothing leads higher than now.

        That is the level wanted, or the highest below it that can be reached. A level that asks for nothing is passed
        only on the way to one that does.
        """
        row = self.raised(column for column, short in enumerate(self._short) if short)
        scores, levels = self._engine.score(row[np.newaxis]), self._engine.levels
        if self._engine.gated:
            now, most = int(self._scores.level[0, head]), int(scores.level[0, head])
            asking = [number for number, of in zip(levels, scores.of[0, head].tolist(), strict=True) if of]
            if most >= self._wanted:
                most = min(number for number in asking if number >= self._wanted)
            return most if most > now else None
        for number in sorted((number for number in levels if number <= self._wanted), reverse=True):
            if self.reached(scores, head, number)[0]:
                return None if self.reached(self._scores, head, number)[0] else number
        return None

    def raised(self, columns: Iterable[int]) -> Codes:
        """Copy the answers with some of them raised to their goal."""
        row = self.codes.copy()
        chosen = list(columns)
        row[chosen] = self.goal[chosen]
        return row

    def to(self, head: int, level: int) -> tuple[int, ...]:
        """Find the columns of the smallest set that takes the whole (0) or a dimension (from 1) to a level."""
        chosen = self._through_gates(head, level) if self._engine.gated else self._through_bands(head, level)
        chosen = self._without_spare(self._with_required(chosen), head, level)
        while better := self._exchanged(chosen, head, level):
            chosen = self._without_spare(better, head, level)
        return tuple(sorted(chosen))

    def required(self, column: int) -> frozenset[int]:
        """Give what has to be met before a criterion and is not, directly or by way of others."""
        return self._required[column]

    @cached_property
    def _required(self) -> list[frozenset[int]]:
        criteria, compiled = self._engine.rubric.criteria, self._engine
        unmet = [
            [
                compiled.column[name]
                for name in criteria[own].requires
                if CODE_NOT_APPLICABLE != self.codes[compiled.column[name]] < compiled.met[compiled.column[name]]
            ]
            for own in compiled.ids
        ]
        found = []
        for column in range(len(unmet)):
            reached: set[int] = set()
            queue = list(unmet[column])
            while queue:
                first = queue.pop()
                if first not in reached:
                    reached.add(first)
                    queue.extend(unmet[first])
            found.append(frozenset(reached))
        return found

    def _with_required(self, columns: Iterable[int]) -> set[int]:
        chosen = set(columns)
        return chosen.union(*(self._required[column] for column in chosen))

    @cached_property
    def _brought(self) -> dict[int, set[int]]:
        """What meeting a criterion brings along: what it implies and nobody has answered."""
        brought: dict[int, set[int]] = {}
        for source, target in self._engine.implications:
            if self.codes[target] == CODE_OPEN:
                brought.setdefault(source, set()).add(target)
        return brought

    def brought(self, column: int) -> set[int]:
        """Give what meeting a criterion brings along."""
        return self._brought.get(column, set())

    def _through_gates(self, head: int, level: int) -> set[int]:
        """Fill the levels from the highest down, because what is chosen there may bring lower ones along."""
        compiled = self._engine
        now, of = int(self._scores.level[0, head]), self._scores.of[0, head].tolist()
        criteria = compiled.rubric.criteria
        codes, chosen = self.codes.tolist(), set[int]()
        everywhere = compiled.nodes[compiled.heads[head]].everywhere
        # What is required at a level that has to be filled anyway costs nothing more.
        filled = {column for column in everywhere if now < (criteria[compiled.ids[column]].level or 0) <= level}
        for number, applies in sorted(zip(compiled.levels, of, strict=True), reverse=True):
            if not now < number <= level or not applies:
                continue
            asked = [column for column in everywhere if criteria[compiled.ids[column]].level == number]
            here = [column for column in asked if codes[column] != CODE_NOT_APPLICABLE]
            credit = {column: compiled.credit(column, codes[column]) for column in here}
            gain = {column: compiled.credit(column, int(self.goal[column])) - credit[column] for column in here}
            missing = compiled.threshold * applies - sum(credit.values())
            order = sorted(
                (column for column in here if gain[column]),
                key=lambda column: (
                    -gain[column],
                    len(self._required[column] - chosen - filled),
                    -len(self.brought(column)),
                    self._cost[column],
                    column,
                ),
            )
            for column in order:
                if missing <= 0:
                    break
                if column not in gain:
                    continue
                for each in self._with_required({column}):
                    chosen.add(each)
                    for met in {each, *self.brought(each)}:
                        missing -= gain.pop(met, 0)
                        codes[met] = int(self.goal[met])
        return chosen

    def _through_bands(self, head: int, level: int) -> set[int]:
        band = next(band for band in self._engine.bands if band.level >= level)
        climb = Ways(self._engine, self.codes, self._scores, goal=self.goal, cost=self._cost).climb(
            self._engine.heads[head]
        )
        if climb is None:
            return set()
        count = next((count for count, best in enumerate(climb.values) if reaches(best, band)), len(climb.values) - 1)
        return set(climb.pick(count))

    def reached(self, scores: Scores, head: int, level: int) -> list[bool]:
        """Tell for each row whether it has come to a level; a value in no band has come as far as the band below."""
        if self._engine.gated:
            return [bool(here) for here in scores.level[:, head] >= level]
        band = next((band for band in self._engine.bands if band.level >= level), None)
        values = scores.value[:, self._engine.heads[head]]
        return [band is not None and not isnan(value) and reaches(value, band) for value in values]

    def _holding(self, sets: list[set[int]], head: int, level: int) -> list[set[int]]:
        if not sets:
            return []
        scores = self._engine.score(np.stack([self.raised(each) for each in sets]))
        return [each for each, reached in zip(sets, self.reached(scores, head, level), strict=True) if reached]

    def _without_spare(self, chosen: set[int], head: int, level: int) -> set[int]:
        """Take out, one by one and the most expensive first, what the level is reached without."""
        while True:
            needed = set[int]().union(*(self._required[column] for column in chosen))
            spare = [chosen - {column} for column in chosen - needed]
            enough = self._holding(spare, head, level)
            if not enough:
                return chosen
            chosen = min(enough, key=lambda rest: (sum(self._cost[column] for column in rest), sorted(rest)))

    def _exchanged(self, chosen: set[int], head: int, level: int) -> set[int] | None:
        """Find a smaller set by exchanging two for one, or a cheaper one by exchanging one for one.

        Only links make a set smaller: a criterion goes together with what it alone requires, or what comes in brings
        along what was chosen.
        """
        others = [column for column, short in enumerate(self._short) if short and column not in chosen]
        pairs = [
            (column, {one, other}) for one in chosen for other in self._required[one] & chosen for column in others
        ]
        for column in others:
            pairs += [(column, {one, other}) for one in self.brought(column) & chosen for other in chosen - {one}]
            if not self._engine.gated:
                pairs += [(column, {one}) for one in chosen if self._cost[column] < self._cost[one]]
        trials = (self._with_required((chosen - pair) | {column}) for column, pair in pairs[:_MOST_TRIALS])
        now = self._price(chosen)
        enough = self._holding([trial for trial in trials if self._price(trial) < now], head, level)
        return min(enough, key=self._price, default=None)

    def _price(self, columns: set[int]) -> tuple[int, float]:
        """Rank sets: the smaller before the larger, then the cheaper before the more expensive."""
        return len(columns), sum(self._cost[column] for column in columns)
