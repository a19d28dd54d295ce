"""The criteria that close the gaps, each with its effort and value, in the order in which to take them.

Values come from the engine. May not find words or know the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from mlops_widgets.engine import engine
from mlops_widgets.plan_gaps import Aim, Priority, aims, effort_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.engine import Engine, Scores
    from mlops_widgets.rubric import Rubric
    from mlops_widgets.rubric_arrays import Floats

__all__ = ["Order", "Step", "in_order", "steps", "steps_of"]

Order = Literal["ratio", "opensammy"]
"""How steps are ranked: by value for the effort, or by the priority that Open SAMMY publishes."""

_NOISE = 1e-9
"""Shares below this are float noise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A criterion that helps to close a gap, with what speaks for it.

    Attributes:
        criterion: its id.
        option: id of the answer it is raised to: its highest, or the text of the level wanted.
        effort: person-weeks; None where nobody has said.
        value: what meeting it adds, as a share of the way of the gaps it closes, 0 to 1: see `steps`.
        ratio: value for each person-week; None without an effort.
        priority: of the largest gap that it closes.
        closes: sections whose gap it helps to close.
        requires: criteria that have to be met first and are not yet; they stand before it.
        brings: criteria it meets at once because it implies them.
        rank: its place, from 1.
    """

    criterion: str
    option: str
    effort: float | None
    value: float
    ratio: float | None
    priority: Priority
    closes: tuple[str, ...]
    requires: tuple[str, ...]
    brings: tuple[str, ...]
    rank: int


def steps(rubric: Rubric, assessment: Assessment, *, order: Order = "ratio") -> tuple[Step, ...]:
    """Rank the criteria of the smallest sets that close the gaps; what one requires stands before it.

    The way of a gap is what is missing until its target: criteria of the levels between under gates, the value under
    bands. The value of a criterion is the share of that way it supplies, averaged over all gaps: half of it what it
    adds to the present answers alone, half what would be lacking if all the other steps were done and it were not.
    So a step that counts only together with others, as under a minimum, has its value too.

    Args:
        rubric: what was asked.
        assessment: the answers, targets and efforts.
        order: `ratio` puts the most value for a person-week first, and what has no effort last, by its value;
            `opensammy` puts the largest gap first, and within one the best ratio.
    """
    return steps_of(rubric, assessment, aims(rubric, assessment), order=order)


def steps_of(
    rubric: Rubric, assessment: Assessment, found: Sequence[Aim], *, order: Order = "ratio"
) -> tuple[Step, ...]:
    """Rank the criteria that close gaps found before."""
    compiled = engine(rubric)
    columns = sorted({column for aim in found for column in aim.columns})
    if not columns:
        return ()
    shares = _shares(compiled, found, columns)
    ranked = [_step(rubric, assessment, found, column, shares[row]) for row, column in enumerate(columns)]
    ranked.sort(key=lambda pair: _key(pair, order))
    by_name = {step.criterion: step for step, _ in ranked}
    names = in_order([step.criterion for step, _ in ranked], {name: by_name[name].requires for name in by_name})
    return tuple(_ranked(by_name[name], rank) for rank, name in enumerate(names, 1))


def in_order(names: Sequence[str], first: Mapping[str, Iterable[str]]) -> list[str]:
    """Keep an order as far as what has to come first allows.

    >>> in_order(["c", "a", "b"], {"c": ["b"]})
    ['b', 'c', 'a']
    """
    placed: dict[str, None] = {}
    known = set(names)
    for name in names:
        path = {} if name in placed else {name: iter(first.get(name, ()))}
        while path:
            last = next(reversed(path))
            each = next(path[last], None)
            if each is None:
                placed[last] = None
                del path[last]
            elif each in known and each not in placed and each not in path:
                path[each] = iter(first.get(each, ()))
    return list(placed)


def _ranked(step: Step, rank: int) -> Step:
    return Step(**{name: getattr(step, name) for name in Step.__slots__} | {"rank": rank})


def _key(pair: tuple[Step, float], order: Order) -> tuple[float, ...]:
    step, weight = pair
    ratio = (step.ratio is None, -(step.ratio or 0.0), -step.value)
    return ratio if order == "ratio" else (-weight, *ratio)


def _step(
    rubric: Rubric, assessment: Assessment, found: Sequence[Aim], column: int, shares: Floats
) -> tuple[Step, float]:
    compiled = engine(rubric)
    name = compiled.ids[column]
    closed = [aim for aim, share in zip(found, shares.tolist(), strict=True) if column in aim.columns or share > _NOISE]
    largest = closed[0]
    goal = _goal(found, column)
    effort = effort_of(rubric, assessment.plan, name)
    value = float(np.round(shares.mean(), 9))
    planned = {each for aim in found for each in aim.columns}
    step = Step(
        criterion=name,
        option=rubric.scale_of[name].options[goal].id,
        effort=effort,
        value=value,
        ratio=None if effort is None else value / effort,
        priority=largest.gap.priority,
        closes=tuple(aim.gap.section for aim in closed),
        requires=tuple(compiled.ids[each] for each in sorted(largest.sets.required(column) & planned)),
        brings=tuple(compiled.ids[each] for each in sorted(largest.sets.brought(column))),
        rank=0,
    )
    return step, largest.gap.weight


def _goal(found: Sequence[Aim], column: int) -> int:
    """Give the highest answer that a gap needs of a criterion."""
    return max(int(aim.sets.goal[column]) for aim in found if column in aim.columns)


def _shares(compiled: Engine, found: Sequence[Aim], columns: Sequence[int]) -> Floats:
    """Find what each criterion supplies of the way of each gap, in one scoring: (columns, gaps)."""
    codes, goal = found[0].sets.codes, [_goal(found, column) for column in columns]
    count = len(columns)
    rows = np.repeat(codes[np.newaxis], 2 * count + 2, axis=0)
    rows[count : 2 * count + 1, columns] = goal
    for row, column in enumerate(columns):
        rows[row, column] = goal[row]
        rows[count + row, column] = codes[column]
    scores = compiled.score(rows)
    shares = np.zeros((count, len(found)))
    for position, aim in enumerate(found):
        if aim.level is not None:
            way = _way(compiled, scores, aim)
            now, done = way[-1], way[-2]
            alone, without = way[:count], way[count : 2 * count]
            shares[:, position] = ((alone - now) + (done - without)) / 2 / (done - now) if done > now else 0
    return np.clip(shares, 0, 1)


def _way(compiled: Engine, scores: Scores, aim: Aim) -> Floats:
    """Measure how far each row has come on the way to the level of a gap: (rows,); no further than that level."""
    if not compiled.gated:
        value = scores.value[:, compiled.heads[aim.head]]
        band = next(band for band in compiled.bands if band.level >= (aim.level or 0))
        edge = band.at_least if band.at_least is not None else band.above
        # An edge that is not in the band has to be passed: any value above it will do.
        most = np.inf if edge is None or band.at_least is None else edge
        way: Floats = np.minimum(np.nan_to_num(value), most)
        return way
    wanted = [position for position, number in enumerate(compiled.levels) if number <= (aim.level or 0)]
    needed = scores.of[:, aim.head, wanted] * float(compiled.threshold)
    total: Floats = np.minimum(scores.met[:, aim.head, wanted], needed).sum(axis=1)
    return total
