"""What is below its target, by how much, and the fewest criteria that would close each gap.

Reads scores, never computes one by another way than the engine. May not find words or know the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isnan
from typing import TYPE_CHECKING, Literal

import numpy as np

from mlops_widgets.engine import CODE_NOT_APPLICABLE, Engine, codes_of, engine
from mlops_widgets.next_level import reaches
from mlops_widgets.scoring import OVERALL
from mlops_widgets.smallest_sets import SmallestSets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlops_widgets.assessment import Assessment, Plan
    from mlops_widgets.engine import Scores
    from mlops_widgets.rubric import Rubric
    from mlops_widgets.rubric_arrays import Codes

__all__ = ["Aim", "Gap", "Priority", "aims", "effort_of", "gaps"]

Priority = Literal["high", "medium", "low"]


_NO_EFFORT = 1.0
"""Person-weeks by which a criterion of unknown effort is compared with others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """How far a section, or the whole, is from its target.

    Attributes:
        section: its id; `overall` for the whole.
        current: the level it has; None where it has none.
        target: the level wanted; the highest of the scale for a target above it.
        distance: target minus current, in levels; from the lowest level where it has none.
        smallest: the fewest criteria that would reach the target if each were met, with what they require and is not
            there yet, as they are read in the rubric. A target between two levels asks for the upper one. Where so much
            does not apply that the target is out of reach, they lead to the highest level there is; where nothing
            leads higher, there are none.
        effort: person-weeks of all of them; None where none of them has any.
        weight: Open SAMMY's weight of the gap, max((1 + target - current)^2 - 1, 0).
        priority: high from half of the weight's maximum on this scale, medium from a quarter.
    """

    section: str
    current: int | None
    target: float
    distance: float
    smallest: tuple[str, ...]
    effort: float | None
    weight: float
    priority: Priority


@dataclass(frozen=True, kw_only=True, slots=True)
class Aim:
    """A gap as the engine sees it: which node, which level, which columns.

    Attributes:
        gap: the same for people.
        head: the whole is 0, the dimensions follow from 1.
        level: the level that the smallest set leads to; None where nothing leads higher.
        columns: the smallest set.
        sets: what found it, and knows what is required and brought along.
    """

    gap: Gap
    head: int
    level: int | None
    columns: tuple[int, ...]
    sets: SmallestSets


def effort_of(rubric: Rubric, plan: Plan, criterion: str) -> float | None:
    """Give the person-weeks a criterion takes: what the team says, else what the rubric says, else None."""
    return plan.efforts.get(criterion, rubric.criteria[criterion].effort)


def gaps(rubric: Rubric, assessment: Assessment) -> tuple[Gap, ...]:
    """List what is below its target, the largest gap first; without any target, the whole's next level is one.

    >>> from mlops_widgets.assessment import Assessment
    >>> from mlops_widgets.library import load_rubric
    >>> rubric = load_rubric("mlops-milestone")
    >>> churn = Assessment.from_dict({"id": "churn", "rubric": {"id": "mlops-milestone", "version": "1.0"},
    ...     "subject": "Churn model", "date": "2026-11-20", "targets": {"overall": 1}})
    >>> [gap] = gaps(rubric, churn)
    >>> gap.current, gap.target, len(gap.smallest), gap.weight, gap.priority
    (0, 1.0, 12, 3.0, 'low')
    """
    return tuple(aim.gap for aim in aims(rubric, assessment))


def aims(rubric: Rubric, assessment: Assessment) -> tuple[Aim, ...]:
    """List the gaps with what the engine knows of them."""
    compiled = engine(rubric)
    if not compiled.levels:
        return ()
    codes = _starting_codes(compiled, assessment)
    scores = compiled.score(codes[np.newaxis])
    found = list(_aims(compiled, assessment, codes, scores))
    return tuple(sorted(found, key=lambda aim: (-aim.gap.weight, aim.head)))


def _starting_codes(compiled: Engine, assessment: Assessment) -> Codes:
    """Give the answers as one row, with what is ruled out and implied filled in."""
    row = codes_of(compiled.rubric, assessment)
    row[compiled.outside(assessment.profile)] = CODE_NOT_APPLICABLE
    codes: Codes = compiled.effective(row[np.newaxis])[0]
    return codes


def _aims(compiled: Engine, assessment: Assessment, codes: Codes, scores: Scores) -> Iterator[Aim]:
    rubric, plan = compiled.rubric, assessment.plan
    efforts = [effort_of(rubric, plan, name) for name in compiled.ids]
    cost = [_NO_EFFORT if effort is None else effort for effort in efforts]
    heads = [OVERALL, *(section.id for section in rubric.sections)]
    finders: dict[int, SmallestSets] = {}
    for section, wanted in (assessment.targets or _next_level(compiled, scores)).items():
        if section not in heads:
            continue
        head = heads.index(section)
        now = int(scores.level[0, head])
        base = _base(compiled, scores, head)
        if base is None or not wanted > base:
            continue
        target = float(min(wanted, compiled.levels[-1]))
        level = next((number for number in compiled.levels if number >= ceil(target)), compiled.levels[-1])
        if level not in finders:
            finders[level] = SmallestSets(compiled, codes, level=level, cost=cost)
        sets = finders[level]
        reachable = sets.reachable(head)
        columns = () if reachable is None else sets.to(head, reachable)
        known = [effort for column in columns if (effort := efforts[column]) is not None]
        weight = max((1 + target - base) ** 2 - 1, 0.0)
        gap = Gap(
            section=section,
            current=None if now < 0 else now,
            target=target,
            distance=target - base,
            smallest=tuple(compiled.ids[column] for column in columns),
            effort=sum(known) if known else None,
            weight=weight,
            priority=_priority(weight, compiled.levels[-1] - compiled.levels[0]),
        )
        yield Aim(gap=gap, head=head, level=reachable, columns=columns, sets=sets)


def _next_level(compiled: Engine, scores: Scores) -> Mapping[str, float]:
    base = _base(compiled, scores, 0)
    above = [number for number in compiled.levels if base is not None and number > base]
    return {OVERALL: above[0]} if above else {}


def _base(compiled: Engine, scores: Scores, head: int) -> int | None:
    """Give the level that counts as reached; None where there is nothing to reach.

    Under a sum a dimension has no levels. A value that lies in no band has come as far as the band below it.
    """
    if int(scores.level[0, head]) >= 0:
        return int(scores.level[0, head])
    index = compiled.heads[head]
    if not scores.applicable[0, index] or (head and compiled.rubric.scoring.combine == "sum"):
        return None
    if compiled.gated or not compiled.bands:
        return None
    value = float(scores.value[0, index])
    # Where open criteria are left out and all are open, there is no value yet to start from.
    if isnan(value):
        return None
    return max((band.level for band in compiled.bands if reaches(value, band)), default=compiled.levels[0])


def _priority(weight: float, levels: int) -> Priority:
    """Compare a weight with the largest on a scale of so many levels above the lowest, as Open SAMMY does."""
    most = (1 + levels) ** 2 - 1
    return "high" if weight >= most / 2 else "medium" if weight >= most / 4 else "low"
