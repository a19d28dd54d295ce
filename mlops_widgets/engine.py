"""From answers to numbers and levels: one vectorised engine for a single assessment and for a million.

May not touch pandas, files or time. How a rubric's tree, bands and gates are read is told in docs/scoring.md.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from mlops_widgets.assessment import NOT_APPLICABLE, Answer, Assessment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from mlops_widgets.rubric import Rubric, Section

    Floats = NDArray[np.floating]
    Codes = NDArray[np.int8]

__all__ = ["CODE_NOT_APPLICABLE", "CODE_OPEN", "DIGITS", "Engine", "Scores", "codes_of", "engine", "score_many"]

CODE_OPEN = -1
"""In a matrix of answers: nothing was answered."""

CODE_NOT_APPLICABLE = -2
"""In a matrix of answers: the criterion does not apply."""

_CHUNK = 4096
"""Rows scored at a time: small enough to stay in the processor's cache."""

_SMALL_PRODUCT = 2**18
"""Multiplications up to which a matrix product is computed in the calling thread. Larger ones wake threads of their
own, and those of many chunks then wait for each other: ten times slower on a busy machine."""

_FINEST = 10**9
"""Values are told apart down to a billionth."""

DIGITS = 12
"""Values are fractions with small denominators: this cuts float noise and keeps different values different."""

_EXACT_FLOAT32 = 2**24
"""Whole numbers up to here are exact in 32 bits."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Scores:
    """Scores of n assessments: one row each; columns are the overall score, then every section as it is read.

    Attributes:
        value: (n, nodes) the score; NaN where nothing is applicable.
        low: (n, nodes) the score if every open criterion got its lowest answer.
        high: (n, nodes) the score if every open criterion got its highest answer.
        applicable: (n, nodes) how many criteria apply.
        answered: (n, nodes) how many of those are answered, by themselves or by implication.
        level: (n, 1 + dimensions) the level reached; -1 where there is none or nothing is applicable.
        level_low: (n, 1 + dimensions) the level if every open criterion got its lowest answer.
        level_high: (n, 1 + dimensions) the level if every open criterion got its highest answer.
        met: (n, 1 + dimensions, levels) how many criteria of a level are met; partly counts in part.
        met_high: (n, 1 + dimensions, levels) the same with every open criterion met.
        of: (n, 1 + dimensions, levels) how many criteria of a level apply.
    """

    value: Floats
    low: Floats
    high: Floats
    applicable: NDArray[np.int16]
    answered: NDArray[np.int16]
    level: NDArray[np.int8]
    level_low: NDArray[np.int8]
    level_high: NDArray[np.int8]
    met: Floats
    met_high: Floats
    of: NDArray[np.int16]


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


def score_many(rubric: Rubric, matrix: Codes, *, profile: Iterable[str] = ()) -> Scores:
    """Score many assessments of one rubric at once.

    Args:
        rubric: what was asked.
        matrix: (n, criteria) whole numbers, columns in the order of `rubric.criteria`: the position of the option
            chosen, counted from 0 at the lowest, `CODE_OPEN` or `CODE_NOT_APPLICABLE`.
        profile: facet options that hold for all of them; criteria for others do not apply.

    Raises:
        ValueError: the shape does not fit the rubric, or a number is no option of its criterion.

    >>> from mlops_widgets.library import load_rubric
    >>> rubric = load_rubric("mlops-levels")
    >>> all_yes = np.full((2, len(rubric.criteria)), 2, dtype=np.int8)
    >>> score_many(rubric, all_yes).level[:, 0].tolist()
    [3, 3]
    """
    return engine(rubric).score(matrix, profile=profile)


def engine(rubric: Rubric) -> Engine:
    """Give the compiled form of a rubric, made once for each content."""
    return _compiled(_ByContent(rubric))


@dataclass(frozen=True)
class _ByContent:
    """A rubric that is equal to another of the same content, as a key that costs no deep comparison."""

    rubric: Rubric

    def __hash__(self) -> int:
        return hash(self.rubric.content_hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByContent) and self.rubric.content_hash == other.rubric.content_hash


@lru_cache(maxsize=64)
def _compiled(key: _ByContent) -> Engine:
    return Engine(key.rubric)


def codes_of(rubric: Rubric, answers: Mapping[str, Answer | str] | Assessment) -> Codes:
    """Turn answers by criterion id into one row of a matrix for `score_many`.

    Not applicable without a reason counts as open. Ids the rubric does not know are passed over.

    Raises:
        ValueError: an answer is no option of its criterion.
    """
    if isinstance(answers, Assessment):
        answers = answers.answers
    compiled = engine(rubric)
    row = np.full(len(compiled.ids), CODE_OPEN, dtype=np.int8)
    for name, answer in answers.items():
        column = compiled.column.get(name)
        if column is None:
            continue
        value, reason = (answer.value, answer.reason) if isinstance(answer, Answer) else (answer, "given")
        if value == NOT_APPLICABLE:
            row[column] = CODE_NOT_APPLICABLE if reason.strip() else CODE_OPEN
        elif value is not None:
            try:
                row[column] = compiled.codes[column][value]
            except KeyError:
                known = ", ".join(compiled.codes[column])
                raise ValueError(f"{name}: {value!r} is not one of {known}, {NOT_APPLICABLE}") from None
    return row


class Engine:
    """A rubric compiled to arrays; made by `engine`, used through `score_many` and `score`.

    Sums are taken by matrix products. Values and credits are held as whole numbers of a common unit, so sums of
    them are exact, and what is compared with a gate is exact.
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
        """The overall node and the dimensions: the nodes that have levels."""
        self.bands = rubric.scoring.bands
        self.gated = rubric.scoring.gates is not None
        self.threshold = Fraction(str(rubric.scoring.gates.threshold)) if rubric.scoring.gates else Fraction(1)
        """Share of a level's criteria that must be met, exactly as written."""
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

    def score(self, matrix: Codes, *, profile: Iterable[str] = ()) -> Scores:
        """Score the rows of a matrix; see `score_many`."""
        matrix, profile = np.asarray(matrix), tuple(profile)
        rows, nodes, heads, levels = len(matrix), len(self.nodes), len(self.heads), len(self.levels)
        scores = Scores(
            value=np.empty((rows, nodes)),
            low=np.empty((rows, nodes)),
            high=np.empty((rows, nodes)),
            applicable=np.empty((rows, nodes), np.int16),
            answered=np.empty((rows, nodes), np.int16),
            level=np.empty((rows, heads), np.int8),
            level_low=np.empty((rows, heads), np.int8),
            level_high=np.empty((rows, heads), np.int8),
            met=np.empty((rows, heads, levels)),
            met_high=np.empty((rows, heads, levels)),
            of=np.empty((rows, heads, levels), np.int16),
        )

        def chunk(start: int) -> None:
            part = slice(start, start + _CHUNK)
            self._score_chunk(self.effective(matrix[part], profile=profile), scores, part)

        if rows <= _CHUNK:
            chunk(0)
        else:
            with ThreadPoolExecutor() as pool:
                list(pool.map(chunk, range(0, rows, _CHUNK)))
        return scores

    def _score_chunk(self, codes: Codes, scores: Scores, part: slice) -> None:
        index = codes + self._offsets
        worth = self._flat["values"][index]
        dtype = worth.dtype
        answered = _product((codes >= 0).astype(dtype), self._products["answered"])
        still_open = _product((codes == CODE_OPEN).astype(dtype), self._products["open"])
        pools, ends = len(self._pools), [len(self._pools), len(self._pools) + len(self.nodes)]
        answered_in, answered_at, answered_of = np.split(answered, ends, axis=1)
        open_in, open_at, open_of, if_lowest, if_highest = np.split(
            still_open, [*ends, answered.shape[1], answered.shape[1] + pools], axis=1
        )
        sums = _product(worth, self._products["values"])
        applicable_in = answered_in + open_in
        scores.answered[part] = answered_at
        scores.applicable[part] = answered_at + open_at
        scores.low[part] = self._values_of(sums + if_lowest, applicable_in, codes, self._lowest)
        scores.high[part] = self._values_of(sums + if_highest, applicable_in, codes, self._highest)
        if self.rubric.scoring.unanswered == "excluded":
            scores.value[part] = self._values_of(sums, answered_in, codes, None)
        else:
            scores.value[part] = scores.low[part]
        if self.gated:
            shape = (-1, len(self.heads), len(self.levels))
            met = _product(self._flat["credits"][index], self._products["credits"]).reshape(shape)
            met_high = met + (open_of * self._credit_unit).reshape(shape)
            of = (answered_of + open_of).reshape(shape)
            scores.of[part] = of
            np.divide(met, self._credit_unit, out=scores.met[part], dtype=np.float64)
            np.divide(met_high, self._credit_unit, out=scores.met_high[part], dtype=np.float64)
            scores.level[part] = scores.level_low[part] = self._gate(met, of)
            scores.level_high[part] = self._gate(met_high, of)
        else:
            scores.of[part] = scores.met[part] = scores.met_high[part] = 0
            scores.level[part] = self._band(scores.value[part, self.heads])
            scores.level_low[part] = self._band(scores.low[part, self.heads])
            scores.level_high[part] = self._band(scores.high[part, self.heads])

    def _values_of(self, sums: Floats, counts: Floats, codes: Codes, when_open: Floats | None) -> Floats:
        """Give every node its value, children before parents; NaN where nothing counts."""
        values = np.empty((len(codes), len(self.nodes)))
        with np.errstate(invalid="ignore", divide="ignore"):
            parts = np.where(self._pool_sums, counts > 0, counts).astype(np.float64)
            values[:, self._pools] = sums.astype(np.float64) / (parts * self._unit)
            for index in range(len(self.nodes) - 1, -1, -1):
                if index not in self._pools:
                    node = self.nodes[index]
                    below = self._worth(node, codes, when_open) if node.columns else values[:, list(node.children)]
                    values[:, index] = self._combine(node, below)
        np.round(values, DIGITS, out=values)
        return values

    def _worth(self, node: Node, codes: Codes, when_open: Floats | None) -> Floats:
        """Values of the criteria directly below a node; NaN for what does not count: (n, columns)."""
        columns = list(node.columns)
        there = codes[:, columns]
        worth: Floats = self._values.ravel()[there + self._offsets[columns]]
        worth[there == CODE_OPEN] = np.nan
        if when_open is not None:
            worth = np.where(there == CODE_OPEN, when_open[columns], worth)
        worth[there == CODE_NOT_APPLICABLE] = np.nan
        return worth / self._unit

    def _combine(self, node: Node, below: Floats) -> Floats:
        """Combine the values directly below a node; what is NaN drops out: (n,)."""
        criteria = self.rubric.criteria
        weights = np.array(
            [self.nodes[child].weight for child in node.children]
            or [criteria[self.ids[column]].weight for column in node.columns]
        )
        below, weights = below[:, weights > 0], weights[weights > 0]
        there = ~np.isnan(below)
        if node.combine == "min":
            lowest: Floats = np.where(there, below, np.inf).min(axis=1)
            values: Floats = np.where(there.any(axis=1), lowest, np.nan)
            return values
        total: Floats = np.where(there, below, 0.0) @ weights
        parts: Floats = np.where(there.any(axis=1), 1.0, 0.0) if node.combine == "sum" else there @ weights
        return total / parts

    def _gate(self, met: Floats, of: Floats) -> NDArray[np.int8]:
        """Find the highest level that holds with all below it and has criteria: (n, heads).

        The lowest level asks for nothing; where nothing applies at all there is no level, -1.
        """
        holds = met.astype(np.float64) * self.threshold.denominator >= of.astype(np.float64) * (
            self.threshold.numerator * self._credit_unit
        )
        filled = of > 0
        level = np.where(filled.any(axis=2), self.levels[0], -1).astype(np.int8)
        so_far = np.ones(level.shape, dtype=bool)
        for position, number in enumerate(self.levels):
            so_far &= holds[:, :, position]
            level[so_far & filled[:, :, position]] = number
        return level

    def _band(self, values: Floats) -> NDArray[np.int8]:
        """Find the band of each value; -1 where there is none: (n, heads)."""
        level = np.full(values.shape, -1, dtype=np.int8)
        for band in self.bands:
            inside = ~np.isnan(values)
            if band.at_least is not None:
                inside &= values >= band.at_least
            if band.above is not None:
                inside &= values > band.above
            if band.below is not None:
                inside &= values < band.below
            if band.at_most is not None:
                inside &= values <= band.at_most
            level[inside] = band.level
        if self.rubric.scoring.combine == "sum":
            level[:, 1:] = -1  # a dimension is on another scale than the sum of all
        return level

    @cached_property
    def range(self) -> tuple[Floats, Floats]:
        """Lowest and highest value every node can have when everything applies: two arrays (nodes,)."""
        both = self.score(np.stack([np.zeros_like(self.top), self.top]))
        return both.value[0], both.value[1]


def _product(rows: Floats, matrix: Floats) -> Floats:
    """Multiply matrices a few rows at a time; see `_SMALL_PRODUCT`."""
    inner, columns = matrix.shape
    height = max(1, _SMALL_PRODUCT // max(1, inner * columns))
    blocks, rest = divmod(len(rows), height)
    end = len(rows) - rest
    result = np.empty((len(rows), columns), rows.dtype)
    np.matmul(rows[:end].reshape(blocks, height, inner), matrix, out=result[:end].reshape(blocks, height, columns))
    np.matmul(rows[end:], matrix, out=result[end:])
    return result


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
