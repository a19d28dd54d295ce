"""A rubric as arrays: its tree, what each answer is worth, and the matrices that sum criteria up to nodes and levels.

May not score, nor touch pandas, files or time.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from mlops_widgets.rubric import Rubric, Section

    Floats = NDArray[np.floating]
    Codes = NDArray[np.int8]

__all__ = ["CODE_NOT_APPLICABLE", "CODE_OPEN", "Node", "RubricArrays"]

CODE_OPEN = -1
"""In a matrix of answers: nothing was answered."""

CODE_NOT_APPLICABLE = -2
"""In a matrix of answers: the criterion does not apply."""

_FINEST = 10**9
"""Values are told apart down to a billionth."""

_EXACT_FLOAT32 = 2**24
"""Whole numbers up to here are exact in 32 bits."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """One node of the tree as the engine sees it."""

    section: Section | None
    """None for the whole."""
    depth: int
    combine: str
    weight: float
    children: tuple[int, ...]
    columns: tuple[int, ...]
    """Criteria directly below."""
    everywhere: tuple[int, ...]
    """Criteria anywhere below, counted in the value or not."""
    counted: tuple[int, ...]
    """Criteria anywhere below that the value depends on."""


class RubricArrays:
    """A rubric as arrays; `Engine` scores with them.

    Values and credits are held as whole numbers of a common unit, so sums of them are exact, and what is compared with
    a gate is exact.

    Attributes:
        rubric: what was compiled.
        ids: (criteria,) ids, in the order of the columns of every matrix.
        column: the column of each criterion by its id.
        codes: for each column the code of each option by its id, from 0 at the lowest.
        top: (criteria,) code of the highest option.
        met: (criteria,) code from which on a criterion is met.
        levels: numbers of the levels, the lowest first.
        implications: pairs of columns: a criterion, and one that it implies, directly or by way of others.
        nodes: the whole and every section, parents before children.
        heads: positions of the nodes that have levels: the whole, then the dimensions.
        bands: of the rubric.
        gated: whether gates make the levels, not bands.
        threshold: share of a level's criteria that must be met, exactly as written.
    """

    def __init__(self, rubric: Rubric) -> None:
        """Compile a rubric."""
        self.rubric = rubric
        self.ids = tuple(rubric.criteria)
        self.column = {name: column for column, name in enumerate(self.ids)}
        scales = [rubric.scale_of[name] for name in self.ids]
        self.codes = [{option.id: code for code, option in enumerate(scale.options)} for scale in scales]
        self.top = np.array([len(scale.options) - 1 for scale in scales], dtype=np.int8)
        self.met = np.array([scale.met_index for scale in scales], dtype=np.int8)
        self.levels = tuple(sorted(level.level for level in rubric.levels))
        self.implications = tuple(self._implications())
        self.nodes = tuple(self._nodes())
        self.heads = (0, *(index for index, node in enumerate(self.nodes) if node.depth == 1))
        self.bands = rubric.scoring.bands
        self.gated = rubric.scoring.gates is not None
        self.threshold = Fraction(str(rubric.scoring.gates.threshold)) if rubric.scoring.gates else Fraction(1)
        self._make_tables()
        self._make_products()

    def _implications(self) -> Iterator[tuple[int, int]]:
        """Every pair (a criterion, one that it implies, directly or by way of others)."""
        criteria = self.rubric.criteria
        for name in self.ids:
            reached: dict[str, None] = {}
            queue = list(criteria[name].implies)
            while queue:
                implied = queue.pop()
                if implied not in reached:
                    reached[implied] = None
                    queue.extend(criteria[implied].implies)
            for implied in reached:
                yield self.column[name], self.column[implied]

    def _nodes(self) -> list[Node]:
        """List the overall node and every section, parents before children."""
        weights = [criterion.weight for criterion in self.rubric.criteria.values()]

        def tree(section: Section | None, depth: int, index: int) -> list[Node]:
            source = section or self.rubric
            columns = tuple(self.column[criterion.id] for criterion in section.criteria) if section else ()
            children: list[int] = []
            below: list[Node] = []
            for child in source.sections:
                children.append(index + 1 + len(below))
                below += tree(child, depth + 1, children[-1])
            direct = [node for node in below if node.depth == depth + 1]
            node = Node(
                section=section,
                depth=depth,
                combine=section.combine if section else self.rubric.scoring.combine,
                weight=section.weight if section else 1,
                children=tuple(children),
                columns=columns,
                everywhere=columns + tuple(column for child in direct for column in child.everywhere),
                counted=tuple(column for column in columns if weights[column])
                + tuple(column for child in direct if child.weight for column in child.counted),
            )
            return [node, *below]

        return tree(None, 0, 0)

    def _make_tables(self) -> None:
        """Make the look-up tables: what each answer is worth, and how far it meets its criterion."""
        scales = [self.rubric.scale_of[name] for name in self.ids]
        values = [[Fraction(str(option.value)) for option in scale.options] for scale in scales]
        credits_ = [
            [Fraction(1) if code >= met else (value - row[0]) / (row[-1] - row[0]) for code, value in enumerate(row)]
            for row, met in zip(values, self.met.tolist(), strict=True)
        ]
        self._unit, self._values = _whole(values)
        self._credit_unit, self._credits = _whole(credits_)
        self._lowest = self._values[:, 2]
        self._highest = self._values[np.arange(len(self.ids)), self.top + 2]
        self._offsets = np.arange(len(self.ids), dtype=np.intp) * self._values.shape[1] + 2

    def _make_products(self) -> None:
        """Make the matrices that sum criteria up to nodes and to levels."""
        criteria = list(self.rubric.criteria.values())
        weights = np.array([criterion.weight for criterion in criteria])
        self._pools = tuple(
            index
            for index, node in enumerate(self.nodes)
            if node.combine == "pooled_mean" or (node.columns and node.combine != "min")
        )
        """Nodes whose value is a sum over criteria, or such a sum over their number."""
        self._pool_sums = np.array([self.nodes[index].combine == "sum" for index in self._pools], dtype=bool)
        pooling = np.zeros((len(criteria), len(self._pools)))
        for position, index in enumerate(self._pools):
            counted = list(self.nodes[index].counted)
            pooling[counted, position] = weights[counted]
        counting = np.zeros((len(criteria), len(self.nodes)))
        for index, node in enumerate(self.nodes):
            counting[list(node.everywhere), index] = 1
        gating = np.zeros((len(criteria), len(self.heads), len(self.levels)))
        for head, index in enumerate(self.heads):
            for column in self.nodes[index].everywhere:
                level = criteria[column].level
                if level is not None and self.gated:
                    gating[column, head, self.levels.index(level)] = 1
        by_level = gating.reshape(len(criteria), -1)
        of_answered = np.hstack([pooling, counting, by_level])
        of_open = np.hstack([of_answered, pooling * self._lowest[:, None], pooling * self._highest[:, None]])
        self._products = {"values": pooling, "credits": by_level, "answered": of_answered, "open": of_open}
        tables = {"values": self._values, "credits": self._credits}
        # Where all is whole and small, as in most rubrics, 32 bits are exact and twice as fast.
        every = [*self._products.values(), *tables.values()]
        largest = max(np.abs(self._values).max() * max(1.0, weights.max()), self._credit_unit) * len(criteria)
        if largest < _EXACT_FLOAT32 and all(np.all(array == np.round(array)) for array in every):
            self._products = {name: array.astype(np.float32) for name, array in self._products.items()}
            tables = {name: array.astype(np.float32) for name, array in tables.items()}
        self._flat = {name: table.ravel() for name, table in tables.items()}

    @cached_property
    def left_out(self) -> frozenset[int]:
        """Codes of answers that count for nothing: what does not apply and, where values leave it out, what is open."""
        is_open_too = self.rubric.scoring.unanswered == "excluded" and not self.gated
        return frozenset((CODE_NOT_APPLICABLE, CODE_OPEN) if is_open_too else (CODE_NOT_APPLICABLE,))

    def worth(self, column: int, code: int) -> float:
        """Value of an answer; an open one has that of the lowest."""
        return float(self._values[column, max(code, 0) + 2]) / self._unit

    def credit(self, column: int, code: int) -> Fraction:
        """How far an answer meets its criterion, 0 to 1; an open one not at all."""
        return Fraction(int(self._credits[column, code + 2]), self._credit_unit)

    def outside(self, profile: Iterable[str]) -> NDArray[np.bool_]:
        """Mark the criteria that do not apply to a profile: (criteria,)."""
        chosen = set(profile)
        if not chosen:
            return np.zeros(len(self.ids), bool)
        facets = [{option.id for option in facet.options} for facet in self.rubric.facets]

        def ruled_out(wanted: set[str]) -> bool:
            """Whether some facet is answered, matters to the criterion, and is answered otherwise."""
            return any(wanted & facet and chosen & facet and not wanted & facet & chosen for facet in facets)

        return np.array([ruled_out(set(criterion.applies_to)) for criterion in self.rubric.criteria.values()], bool)

    def effective(self, matrix: Codes, *, profile: Iterable[str] = ()) -> Codes:
        """Copy a matrix with what the profile rules out, and what other answers imply, filled in."""
        if matrix.ndim != 2 or matrix.shape[1] != len(self.ids):  # noqa: PLR2004 - a matrix has two dimensions
            raise ValueError(f"the matrix has shape {matrix.shape}, this rubric needs (n, {len(self.ids)})")
        if matrix.dtype.kind not in "iu":
            raise ValueError(f"the matrix holds {matrix.dtype}, not whole numbers")
        if len(matrix) and (matrix.min() < CODE_NOT_APPLICABLE or np.any(matrix.max(axis=0) > self.top)):
            row, column = np.argwhere((matrix < CODE_NOT_APPLICABLE) | (matrix > self.top))[0]
            raise ValueError(
                f"row {row}, {self.ids[column]}: {matrix[row, column]} is no option; "
                f"give 0 to {self.top[column]}, {CODE_OPEN} for open or {CODE_NOT_APPLICABLE} for not applicable"
            )
        codes = matrix.astype(np.int8)
        codes[:, self.outside(profile)] = CODE_NOT_APPLICABLE
        for source, target in self.implications:
            implied = (codes[:, source] >= self.met[source]) & (codes[:, target] == CODE_OPEN)
            codes[implied, target] = self.top[target]
        return codes


def _whole(rows: list[list[Fraction]]) -> tuple[int, Floats]:
    """Write fractions as whole numbers of a common unit, in a table with a column for each code from -2.

    Returns:
        How many of the unit make 1, and the table: 0 for what is open or not applicable.
    """
    unit = min(lcm(*(value.denominator for row in rows for value in row)), _FINEST)
    table = np.zeros((len(rows), max(map(len, rows)) + 2))
    for entries, row in zip(table, rows, strict=True):
        entries[2 : 2 + len(row)] = [round(value * unit) for value in row]
    return unit, table
