"""The common axis of all dimensions of a score: where each stands, and how its numbers are written.

May not draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mlops_widgets.library import words
from mlops_widgets.numerals import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlops_widgets.scoring import Score, SectionScore

__all__ = ["WORDS", "Axis", "Spoke", "label", "one_line", "title"]

WORDS = words("charts")


@dataclass(frozen=True, kw_only=True, slots=True)
class Spoke:
    """One dimension as it is drawn: places on the axis, None where there is none."""

    part: SectionScore
    value: float | None
    low: float | None
    high: float | None
    target: float | None

    @property
    def is_open(self) -> bool:
        """Whether open criteria could still move it."""
        return self.low is not None and self.high is not None and self.high > self.low

    @property
    def now(self) -> float | None:
        """Where it surely is: its value, or its lowest while it has none."""
        return self.low if self.value is None else self.value

    @property
    def gap(self) -> float | None:
        """How far it is below its target."""
        return None if self.now is None or self.target is None else max(self.target - self.now, 0.0)


class Axis:
    """Levels where gates decide; elsewhere values, or shares of what is possible where ranges differ."""

    def __init__(self, score: Score, targets: Mapping[str, float] | None = None) -> None:
        """Find the ends and levels of the axis, and the place of every dimension on it."""
        scoring, parts = score.rubric.scoring, score.dimensions
        ranges = {(part.minimum, part.maximum) for part in parts}
        self._shares = len(ranges) > 1
        self.has_gates = any(part.completion for part in parts)
        self.edges = {level.level: float(level.level) for level in score.rubric.levels} if self.has_gates else {}
        self.low, self.high = (0.0, 1.0) if self._shares else next(iter(ranges))
        if self.has_gates:
            self.low, self.high = min(self.edges.values()), max(self.edges.values())
        elif not self._shares and scoring.combine != "sum":
            for band in scoring.bands:
                begin = band.above if band.at_least is None else band.at_least
                self.edges[band.level] = self.low if begin is None else float(np.clip(begin, self.low, self.high))
        self.in_percent = self._shares or (scoring.display == "percent" and self.high <= 1 and not self.has_gates)
        self.spokes = tuple(self._spoke(part, targets or {}) for part in parts)
        self.has_targets = any(spoke.target is not None for spoke in self.spokes)

    def _spoke(self, part: SectionScore, targets: Mapping[str, float]) -> Spoke:
        value, low, high = (self._place(part, part.position(which)) for which in ("value", "low", "high"))
        wanted = targets.get(part.id, targets.get("overall") if part.counted and self.edges else None)
        target = self._target(part, wanted) if part.applicable and wanted is not None and isfinite(wanted) else None
        return Spoke(part=part, value=value, low=low, high=high, target=target)

    def _place(self, part: SectionScore, value: float | None) -> float | None:
        if value is None or not self._shares:
            return value
        return (value - part.minimum) / ((part.maximum - part.minimum) or 1.0)

    def _target(self, part: SectionScore, wanted: float) -> float:
        """Find the place of a wanted level, between two in proportion; of a wanted value where there are no levels."""
        if self.edges:
            levels = sorted(self.edges)
            return float(np.interp(wanted, levels, [self.edges[level] for level in levels]))
        return float(np.clip(self._place(part, wanted) or 0.0, self.low, self.high))

    @property
    def rings(self) -> dict[float, str]:
        """Places above the lowest that are worth a line, with short names: where levels begin, or quarters."""
        names = {edge: WORDS["level_short"].format(level=level) for level, edge in sorted(self.edges.items())}
        places = names or {float(place): self.text(float(place)) for place in np.linspace(self.low, self.high, 5)}
        return {place: name for place, name in places.items() if place > self.low}

    @property
    def key(self) -> str | None:
        """What the names of rings mean, where they are levels."""
        names = list(self.rings.values())
        return WORDS["rings"].format(first=names[0], last=names[-1]) if self.edges and names else None

    def share(self, place: float) -> float:
        """Turn a place into a part of the axis, 0 to 1."""
        return (place - self.low) / ((self.high - self.low) or 1.0)

    def shown(self, place: float) -> float:
        """Round a place as it is written: levels to one decimal, others to two, percent to whole ones."""
        factor = 100 if self.in_percent else 1
        digits = 0 if self.in_percent else 1 if self.has_gates else 2
        return float(number(place * factor, edges=[edge * factor for edge in self.edges.values()], digits=digits))

    def text(self, place: float) -> str:
        """Write a place."""
        return self._written(number(self.shown(place)))

    def now(self, spoke: Spoke) -> str:
        """Write where a dimension stands: its score, or the interval it lies in, or why it has neither."""
        if spoke.now is None or spoke.low is None or spoke.high is None:
            return WORDS["open" if spoke.part.applicable else "na"]
        ends = (spoke.low, spoke.high) if spoke.is_open else (spoke.now,)
        return self._written("–".join(number(self.shown(end)) for end in ends))

    def gap(self, spoke: Spoke) -> str:
        """Write a gap as the difference of the numbers that stand beside it."""
        return WORDS["gap_number"].format(gap=self._written(number(self._gap(spoke) or 0.0)))

    def _gap(self, spoke: Spoke) -> float | None:
        if spoke.now is None or spoke.target is None:
            return None
        return round(max(self.shown(spoke.target) - self.shown(spoke.now), 0.0), 2)

    def _written(self, text: str) -> str:
        return WORDS["percent"].format(number=text) if self.in_percent else text

    def table(self, spokes: Sequence[Spoke]) -> pd.DataFrame:
        """Give the numbers of dimensions as they are written; columns that would say nothing are left out."""

        def places(kind: str) -> list[float | None]:
            values = (getattr(spoke, kind) for spoke in spokes)
            return [None if value is None else self.shown(value) for value in values]

        is_open = any(spoke.is_open for spoke in spokes)
        numbers: dict[str, list[Any]] = {
            "score_column": places("value"),
            "low_column": places("low") if is_open else [],
            "high_column": places("high") if is_open else [],
            "target_column": places("target"),
            "gap_column": [self._gap(spoke) for spoke in spokes],
        }
        unit = WORDS["in_percent"] if self.in_percent else "{name}"
        columns: dict[str, Any] = {WORDS["dimension"]: [title(spoke.part) for spoke in spokes]}
        if any(spoke.part.level is not None for spoke in spokes):
            columns[WORDS["level_column"]] = pd.array([spoke.part.level for spoke in spokes], dtype="Int64")
        for name, values in numbers.items():
            if name == "score_column" or any(value is not None for value in values):
                columns[unit.format(name=WORDS[name])] = pd.array(values, dtype="Float64")
        columns[WORDS["open_column"]] = [spoke.part.applicable - spoke.part.answered for spoke in spokes]
        return pd.DataFrame(columns)


def label(part: SectionScore) -> str:
    """Name a section in short, marked where it is not counted in the whole."""
    return one_line(part.label) + ("" if part.counted else "*")


def title(part: SectionScore) -> str:
    """Name a section in full, marked likewise."""
    return one_line(part.title) + ("" if part.counted else "*")


def one_line(text: str) -> str:
    r"""Make one line of a text, without characters that cannot be seen: XML may not hold them.

    >>> one_line(" Data\nand\x00models ")
    'Data and models'
    """
    return " ".join("".join(char if char.isprintable() else " " for char in text).split()) or "–"
