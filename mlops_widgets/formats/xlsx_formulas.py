"""The score of a workbook as formulas: what the engine computes, written for a spreadsheet to compute.

Knows no file and no library of workbooks: it gives cells. The tree and the numbers of every answer come from the
compiled rubric, so that what is written here is only how to add them up; a test recalculates workbooks and compares.

Only functions that Excel, LibreOffice and Google Sheets have alike, and no arrays that spill. A cell that has no number
holds an empty text: SUM, COUNT and MIN pass it over, as the engine does with what does not apply.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from mlops_widgets.assessment import NOT_APPLICABLE
from mlops_widgets.engine import DIGITS, engine
from mlops_widgets.formats.wording import answer_keys, answers_shown
from mlops_widgets.formats.xlsx_layout import ANSWERS, FIRST_ROW, SCORE_SHEET, Formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mlops_widgets.engine import Engine
    from mlops_widgets.formats.xlsx_layout import Layout
    from mlops_widgets.rubric import Band, Rubric, Scale

__all__ = ["YES_LIST", "ScoreSheet", "cell", "quoted", "score_sheet"]

Value = Formula | str | float

YES_LIST = "_yes"
"""Name of the list that offers a yes alone; no scale can be called so."""

NOT_APPLICABLE_NUMBER = 99
"""What the number of an answer is when it does not apply; options are counted from 1, and 0 is open."""

_LIST, _KEY, _OPTION, _ABSENT, _WORTH, _CREDIT = range(1, 7)
"""Columns of what a scale offers: shown in the list; understood; number of the option; of what does not apply."""

_ID, _NUMBER, _OWN, _CODE, _VALUE, _LOW, _HIGH, _WEIGHT, _LEVEL, _MET = range(1, 11)
"""Columns of the criteria."""

_NODE_ANSWERED, _NODE_APPLICABLE, _NODE_WEIGHT, _NODE_VALUES = 3, 4, 5, 6
"""Columns of the sections; from the last on, one for each depth: a section's parts are then one range of cells."""


@dataclass
class ScoreSheet:
    """The hidden sheet that computes, and where the others find things in it.

    Attributes:
        cells: what stands where, by row and column, both from 1.
        lists: by scale: the range a list of answers is chosen from.
        keys: by scale: the ranges of what is understood, of its number, and of the number of what does not apply.
        heads: by section id: row of the result of the whole and of each dimension.
        columns: by name: column of a result in those rows.
        levels: the ranges of the numbers and the names of the levels; None where there are none.
    """

    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    keys: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    levels: tuple[str, str] | None = None
    row: int = 1
    """The next row that is free."""

    def put(self, row: int, column: int, value: Value | None) -> str:
        """Put a value into a cell, and give the cell's name."""
        if value is not None:
            self.cells[row, column] = value
        return cell(row, column)

    def result(self, section: str, name: str) -> str:
        """Name the cell of a result, as another sheet does."""
        return f"{quoted(SCORE_SHEET)}!{cell(self.heads[section], self.columns[name], fixed=True)}"


def quoted(title: str) -> str:
    """Write the title of a sheet as a formula names it.

    >>> quoted("People's work")
    "'People''s work'"
    """
    return "'" + title.replace("'", "''") + "'"


def cell(row: int, column: int, *, fixed: bool = False) -> str:
    """Name a cell.

    >>> cell(3, 28), cell(3, 28, fixed=True)
    ('AB3', '$AB$3')
    """
    letters, rest = "", column
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"${letters}${row}" if fixed else f"{letters}{row}"


def area(first: int, last: int, column: int, *, last_column: int | None = None) -> str:
    """Name the cells of a column from one row to another."""
    return f"{cell(first, column, fixed=True)}:{cell(last, last_column or column, fixed=True)}"


def score_sheet(rubric: Rubric, layout: Layout) -> ScoreSheet:
    """Write the sheet that computes the score of a rubric, for sheets of answers laid out as given."""
    sheet, compiled = ScoreSheet(), engine(rubric)
    scales = _scales(sheet, rubric, layout)
    sheet.lists[YES_LIST] = f"{quoted(SCORE_SHEET)}!{area(sheet.row, sheet.row, _LIST)}"
    sheet.put(sheet.row, _LIST, layout.words["yes"])
    sheet.row += 2
    _levels(sheet, rubric)
    uses = _uses(sheet, layout)
    first = _criteria(sheet, compiled, layout, scales, uses)
    nodes = _nodes(sheet, compiled, first)
    _heads(sheet, compiled, first, nodes)
    return sheet


# What is offered, and what it is worth.


def _scales(sheet: ScoreSheet, rubric: Rubric, layout: Layout) -> dict[str, int]:
    """Write what each scale offers; gives the row at which each begins."""
    rows: dict[str, int] = {}
    for name, scale in rubric.scales.items():
        start = rows[name] = sheet.row
        shown, keys = answers_shown(scale, layout.words), answer_keys(scale, layout.words)
        numbers = {option.id: position for position, option in enumerate(scale.options, start=1)}
        numbers.pop(NOT_APPLICABLE, None)
        for row, label in enumerate(shown.values(), start=start):
            sheet.put(row, _LIST, label)
        for row, (key, value) in enumerate(keys.items(), start=start):
            sheet.put(row, _KEY, key)
            sheet.put(row, _OPTION, numbers.get(value, 0))
            sheet.put(row, _ABSENT, 0 if value in numbers else NOT_APPLICABLE_NUMBER)
        for row, (option, credit) in enumerate(zip(scale.options, _credits(scale), strict=True), start=start):
            sheet.put(row, _WORTH, option.value)
            sheet.put(row, _CREDIT, credit)
        _remember(sheet, name, start, len(shown), len(keys))
        sheet.row = start + max(len(shown), len(keys)) + 1
    return rows


def _credits(scale: Scale) -> Iterator[float]:
    """Give how far each answer meets a criterion, as the engine has it."""
    lowest, highest = scale.options[0].value, scale.options[-1].value
    for position, option in enumerate(scale.options):
        yield 1.0 if position >= scale.met_index else (option.value - lowest) / (highest - lowest)


def _remember(sheet: ScoreSheet, name: str, start: int, offered: int, understood: int) -> None:
    own = f"{quoted(SCORE_SHEET)}!"
    sheet.lists[name] = own + area(start, start + offered - 1, _LIST)
    key, option, absent = (own + area(start, start + understood - 1, column) for column in (_KEY, _OPTION, _ABSENT))
    sheet.keys[name] = key, option, absent


def _levels(sheet: ScoreSheet, rubric: Rubric) -> None:
    if not rubric.levels:
        return
    start = sheet.row
    for level in sorted(rubric.levels, key=lambda level: level.level):
        sheet.put(sheet.row, 1, level.level)
        sheet.put(sheet.row, 2, level.name)
        sheet.row += 1
    own = f"{quoted(SCORE_SHEET)}!"
    sheet.levels = own + area(start, sheet.row - 1, 1), own + area(start, sheet.row - 1, 2)
    sheet.row += 1


def _uses(sheet: ScoreSheet, layout: Layout) -> dict[str, str]:
    """Write for each option of a facet whether it was chosen: 1 or 0; gives the cell of each."""
    chosen: dict[str, str] = {}
    for option, row in layout.use_rows.items():
        given = f'LOWER(TRIM({quoted(layout.start)}!{cell(row, 2, fixed=True)}&""))'
        yes = ",".join(f'{given}="{word}"' for word in layout.yes_keys)
        sheet.put(sheet.row, 1, option)
        sheet.put(sheet.row, 2, Formula(f"=IF(OR({yes}),1,0)"))
        chosen[option] = cell(sheet.row, 2, fixed=True)
        sheet.row += 1
    sheet.row += 1
    return chosen


# The criteria.


def _criteria(
    sheet: ScoreSheet, compiled: Engine, layout: Layout, scales: Mapping[str, int], uses: Mapping[str, str]
) -> int:
    """Write a row for each criterion: its answer, and what that is worth; gives the first of the rows."""
    rubric, first = compiled.rubric, sheet.row
    named = {id(scale): name for name, scale in rubric.scales.items()}
    implied_by: dict[int, list[int]] = {}
    for source, target in compiled.implications:
        implied_by.setdefault(target, []).append(source)
    excluded = rubric.scoring.unanswered == "excluded"
    for column, (name, criterion) in enumerate(rubric.criteria.items()):
        row = first + column
        scale = rubric.scale_of[name]
        start = scales[named[id(scale)]]
        worth, credit = (area(start, start + len(scale.options) - 1, part) for part in (_WORTH, _CREDIT))
        title, last = layout.sheet_of[name], layout.last_row[layout.sheet_of[name]]
        numbers, ids = (
            f"{quoted(title)}!{area(FIRST_ROW - 1, last, ANSWERS.index(part) + 1)}" for part in ("number", "id")
        )
        sheet.put(row, _ID, name)
        number = sheet.put(row, _NUMBER, Formula(f"=IFERROR(INDEX({numbers},MATCH({cell(row, _ID)},{ids},0)),0)"))
        given = f"IF({number}=0,-1,IF({number}={NOT_APPLICABLE_NUMBER},-2,{number}-1))"
        outside = list(_outside(rubric, criterion.applies_to, uses))
        own = sheet.put(row, _OWN, Formula(f"=IF(OR({','.join(outside)}),-2,{given})" if outside else f"={given}"))
        sources = ",".join(
            f"{cell(first + source, _OWN)}>={compiled.met[source]}" for source in implied_by.get(column, ())
        )
        code = sheet.put(
            row,
            _CODE,
            Formula(f"=IF(AND({own}=-1,OR({sources})),{compiled.top[column]},{own})" if sources else f"={own}"),
        )
        if criterion.weight:
            lowest, highest = scale.options[0].value, scale.options[-1].value
            if excluded:
                sheet.put(row, _VALUE, Formula(f'=IF({code}<0,"",INDEX({worth},{code}+1))'))
            for part, when_open in ((_LOW, lowest), (_HIGH, highest)):
                sheet.put(
                    row,
                    part,
                    Formula(f'=IF({code}=-2,"",IF({code}=-1,{_plain(when_open)},INDEX({worth},{code}+1)))'),
                )
        sheet.put(row, _WEIGHT, criterion.weight)
        if compiled.gated:
            sheet.put(row, _LEVEL, criterion.level)
            sheet.put(row, _MET, Formula(f"=IF({code}<0,0,INDEX({credit},{code}+1))"))
    sheet.row = first + len(rubric.criteria) + 1
    return first


def _outside(rubric: Rubric, applies_to: Iterable[str], uses: Mapping[str, str]) -> Iterator[str]:
    """Give the conditions under which a criterion does not apply: a facet was answered, and otherwise."""
    wanted = set(applies_to)
    for facet in rubric.facets:
        options = [option.id for option in facet.options]
        if wanted & set(options):
            any_chosen = "+".join(uses[option] for option in options)
            none_wanted = "+".join(uses[option] for option in options if option in wanted)
            yield f"AND({any_chosen}>0,{none_wanted}=0)"


# The sections.


@dataclass(frozen=True)
class _Nodes:
    """Where the sections stand: row of the first, and how many depths there are."""

    first: int
    depths: int

    def column(self, variant: int, depth: int) -> int:
        """Find the column of a depth's values; one beyond the deepest is for what is not counted above."""
        return _NODE_VALUES + variant * (self.depths + 1) + depth


def _variants(compiled: Engine) -> list[int]:
    """List the columns of a criterion that are added up: the value where it differs from the lowest, low, high."""
    excluded = compiled.rubric.scoring.unanswered == "excluded"
    return [_VALUE, _LOW, _HIGH] if excluded else [_LOW, _HIGH]


def _nodes(sheet: ScoreSheet, compiled: Engine, first: int) -> _Nodes:
    """Write a row for each section: how much of it is answered, and its values."""
    nodes = _Nodes(sheet.row, max(node.depth for node in compiled.nodes) + 1)
    ends = _ends(compiled)
    for index, node in enumerate(compiled.nodes):
        row = nodes.first + index
        codes = area(first + min(node.everywhere), first + max(node.everywhere), _CODE)
        sheet.put(row, 1, node.section.id if node.section else "overall")
        sheet.put(row, _NODE_ANSWERED, Formula(f'=COUNTIF({codes},">=0")'))
        sheet.put(row, _NODE_APPLICABLE, Formula(f'=COUNTIF({codes},">-2")'))
        sheet.put(row, _NODE_WEIGHT, node.weight)
        for variant, part in enumerate(_variants(compiled)):
            depth = node.depth if node.weight else nodes.depths
            if node.columns or node.combine == "pooled_mean":
                runs = [(first + start, first + end) for start, end in _runs(node.counted)]
                parts = [(area(start, end, _WEIGHT), area(start, end, part)) for start, end in runs]
                weights = {compiled.rubric.criteria[compiled.ids[column]].weight for column in node.counted}
            else:
                below = nodes.column(variant, node.depth + 1)
                span = nodes.first + index + 1, nodes.first + ends[index]
                parts = [(area(*span, _NODE_WEIGHT), area(*span, below))]
                weights = {compiled.nodes[child].weight for child in node.children} - {0}
            sheet.put(row, nodes.column(variant, depth), _combined(node.combine, parts, alike=weights <= {1}))
    sheet.row = nodes.first + len(compiled.nodes) + 1
    return nodes


def _ends(compiled: Engine) -> list[int]:
    """Give for each node the position of the last one below it."""
    depths = [node.depth for node in compiled.nodes]
    return [
        next((later for later in range(index + 1, len(depths)) if depths[later] <= depth), len(depths)) - 1
        for index, depth in enumerate(depths)
    ]


def _runs(positions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Split positions into stretches without a gap: the first and the last of each."""
    breaks = [index for index, (one, other) in enumerate(pairwise(positions), start=1) if other != one + 1]
    for start, end in pairwise([0, *breaks, len(positions)]):
        yield positions[start], positions[end - 1]


def _combined(combine: str, parts: Sequence[tuple[str, str]], *, alike: bool) -> Formula:
    """Combine the numbers of some ranges; each range comes with that of its weights."""
    numbers = "+".join(f"COUNT({values})" for _, values in parts)
    if combine == "min":
        return Formula(f'=IF({numbers}=0,"",MIN({",".join(values for _, values in parts)}))')
    if alike:
        total, weight = "+".join(f"SUM({values})" for _, values in parts), numbers
    else:
        total = "+".join(f"SUMPRODUCT({weights},{values})" for weights, values in parts)
        weight = "+".join(f"SUMPRODUCT({weights}*ISNUMBER({values}))" for weights, values in parts)
    return Formula(f'=IF({numbers}=0,"",{total})' if combine == "sum" else f'=IF({numbers}=0,"",({total})/({weight}))')


# The whole and the dimensions.


def _heads(sheet: ScoreSheet, compiled: Engine, first: int, nodes: _Nodes) -> None:
    """Write a row for the whole and for each dimension: its numbers and its level."""
    variants = len(_variants(compiled))
    names = ["answered", "applicable", "value", "low", "high", "level", "level_low", "level_high"]
    sheet.columns = {name: column for column, name in enumerate(names, start=3)}
    for index in compiled.heads:
        node, row = compiled.nodes[index], sheet.row
        name = node.section.id if node.section else "overall"
        sheet.heads[name] = row
        sheet.put(row, 1, name)
        sheet.put(row, 3, Formula(f"={cell(nodes.first + index, _NODE_ANSWERED)}"))
        sheet.put(row, 4, Formula(f"={cell(nodes.first + index, _NODE_APPLICABLE)}"))
        depth = node.depth if node.weight else nodes.depths
        for variant, part in zip([0, variants - 2, variants - 1], ("value", "low", "high"), strict=True):
            raw = cell(nodes.first + index, nodes.column(variant, depth))
            sheet.put(row, sheet.columns[part], Formula(f'=IF(ISNUMBER({raw}),ROUND({raw},{DIGITS}),"")'))
        if compiled.gated:
            _gate(sheet, compiled, row, first, node.everywhere)
        elif node.depth == 0 or compiled.rubric.scoring.combine != "sum":
            for part in ("value", "low", "high"):
                value = cell(row, sheet.columns[part])
                level = "level" if part == "value" else f"level_{part}"
                sheet.put(row, sheet.columns[level], Formula(f'=IF({value}="","",{_banded(value, compiled.bands)})'))
        sheet.row += 1


def _banded(value: str, bands: Sequence[Band]) -> str:
    """Find the band of a value; an empty text where it lies in none."""
    if not bands:
        return '""'
    band, *others = bands
    edges = ((">=", band.at_least), (">", band.above), ("<", band.below), ("<=", band.at_most))
    inside = ",".join(f"{value}{sign}{_plain(edge)}" for sign, edge in edges if edge is not None)
    return f"IF(AND({inside or 'TRUE'}),{band.level},{_banded(value, others)})"


def _gate(sheet: ScoreSheet, compiled: Engine, row: int, first: int, everywhere: Sequence[int]) -> None:
    """Write for each level how many criteria apply, are met and are open, and whether it holds with all below it."""
    codes, levels, met = (
        area(first + min(everywhere), first + max(everywhere), column) for column in (_CODE, _LEVEL, _MET)
    )
    threshold = _plain(float(compiled.threshold))
    filled: list[str] = []
    now: list[str] = []
    high: list[str] = []
    column = max(sheet.columns.values()) + 1
    for number in compiled.levels:
        of = sheet.put(row, column, Formula(f'=COUNTIFS({levels},{number},{codes},">-2")'))
        is_met = sheet.put(row, column + 1, Formula(f"=SUMIF({levels},{number},{met})"))
        is_open = sheet.put(row, column + 2, Formula(f"=COUNTIFS({levels},{number},{codes},-1)"))
        enough = f"ROUND({is_met}-{threshold}*{of},{DIGITS})>=0"
        enough_high = f"ROUND({is_met}+{is_open}-{threshold}*{of},{DIGITS})>=0"
        now.append(sheet.put(row, column + 3, Formula(f"=IF(AND({','.join([enough, *_held(now)])}),1,0)")))
        high.append(sheet.put(row, column + 4, Formula(f"=IF(AND({','.join([enough_high, *_held(high)])}),1,0)")))
        filled.append(of)
        column += 5
    anything = "+".join(filled)
    for name, held in (("level", now), ("level_low", now), ("level_high", high)):
        reached = ",".join(
            f"IF(AND({of}>0,{holds}=1),{number},{compiled.levels[0]})"
            for number, of, holds in zip(compiled.levels, filled, held, strict=True)
        )
        sheet.put(row, sheet.columns[name], Formula(f'=IF({anything}=0,"",MAX({reached}))'))


def _held(below: Sequence[str]) -> Iterator[str]:
    """Give the condition that the level below holds, where there is one."""
    if below:
        yield f"{below[-1]}=1"


def _plain(number: float) -> str:
    """Write a number as formulas do."""
    return repr(int(number)) if number == int(number) else repr(float(number))
