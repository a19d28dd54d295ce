"""A workbook read back: ours, however people changed it, or any that has answers in a table.

What people see wins over what is hidden. Nothing in a workbook is computed, followed or run.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.kept import Kept, assembled, rubric_named
from mlops_widgets.formats.marks import folded
from mlops_widgets.formats.reading import Reading
from mlops_widgets.formats.tables import MOST_CELLS, Table, answers_in, cut
from mlops_widgets.formats.wording import yes_keys
from mlops_widgets.formats.xlsx_checks import Checked, checked
from mlops_widgets.formats.xlsx_layout import DATA_SHEET, HEAD, SCORE_SHEET
from mlops_widgets.library import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mlops_widgets.rubric import Rubric

__all__ = ["reading"]

MOST_ROWS = 10_000
"""Rows with something in them; the largest rubric we ship has a hundred criteria."""

MOST_COLUMNS = 256

_LAST_ROW = 1_048_576

_MOST_PASSED = 5 * _LAST_ROW
"""Rows of all sheets together, those that are not there included: each takes a moment to pass."""

_MOST_EMPTY = 100_000
"""Rows that are there with nothing in them, as when someone drew lines all the way down."""


@dataclass
class _Sheet:
    """A sheet as text: rows that have something, each with its number."""

    title: str
    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    is_hidden: bool = False
    uncomputed: list[str] = field(default_factory=list)
    """Cells with a formula and no value."""
    is_cut: bool = False
    """Whether it has columns that were not looked at."""


def reading(data: bytes, rubric: Rubric | None, *, name: str) -> Reading:
    """Read a workbook; see `xlsx.read_xlsx`."""
    file = checked(data, name)
    sheets = _sheets(file, name)
    if not any(sheet.rows for sheet in sheets):
        raise ToolkitError([Problem(where=name, message="has nothing in it: every sheet is empty")])
    kept, notes = _kept(sheets)
    notes = [*file.notes, *notes]
    rubric = rubric or rubric_named(kept, (cell for sheet in sheets for _, cells in sheet.rows for cell in cells), name)
    own = {**words("workbook"), **words("workbook", rubric.language)}
    start = _start(sheets, rubric, own)
    tables = [
        Table(title=sheet.title, rows=sheet.rows, heading=not re.fullmatch(r"\w+ ?\d*", sheet.title) or kept.ours)
        for sheet in sheets
        if sheet.title not in (SCORE_SHEET, DATA_SHEET) and sheet is not start.sheet
    ]
    found = answers_in(tables, rubric, own, restored=kept.restored)
    for sheet in sheets:
        if sheet.is_cut and sheet.title not in (SCORE_SHEET, DATA_SHEET):
            notes.append(f"{sheet.title}: only the first {MOST_COLUMNS} columns were read; move what is further right")
        if sheet.is_hidden and sheet.title in found.read:
            notes.append(f"{sheet.title}: is hidden, and its answers were read like the others")
        if sheet.uncomputed:
            cells = cut(", ".join(sheet.uncomputed), 100)
            notes.append(
                f"{sheet.title}: {cells} is computed and has no value; open the workbook in a spreadsheet program, "
                "save it, and read it again"
            )
    profile = kept.real("profile", start.profile)
    assessment, told = assembled(
        start.head,
        kept,
        rubric,
        found.answers,
        targets=start.targets,
        profile=start.profile if profile is None else profile,
        where="The workbook" if start.sheet is None else start.sheet.title,
        name=name,
        data=data,
    )
    notes = [*notes, *start.notes, *told, *found.notes]
    return Reading(rubric=rubric, assessment=assessment, marks=found.marks, notes=tuple(notes))


# The file.


def _sheets(file: Checked, name: str) -> list[_Sheet]:
    """Read every sheet as text, within bounds."""
    try:
        with warnings.catch_warnings():
            # It warns of parts it does not know, which is none of the reader's business.
            warnings.simplefilter("ignore")
            sheets = list(_values(file.data))
            if file.has_formulas and not any(sheet.title == DATA_SHEET for sheet in sheets):
                _mark_uncomputed(file.data, sheets)
    except ToolkitError as error:
        raise ToolkitError([Problem(where=name, message=str(error))]) from None
    except Exception:  # noqa: BLE001 - what a foreign file makes of a reader cannot be foreseen
        raise ToolkitError([Problem(where=name, message="is damaged: its sheets cannot be read")]) from None
    return sheets


def _values(data: bytes) -> Iterator[_Sheet]:
    filled = passed = count = 0
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        ours = DATA_SHEET in book.sheetnames
        for source in book.worksheets:
            if ours and source.title == SCORE_SHEET:
                continue
            sheet = _Sheet(
                title=str(source.title),
                is_cut=(source.max_column or 0) > MOST_COLUMNS,
                is_hidden=source.sheet_state != "visible",
            )
            number = 0
            for number, cells in _rows(source):
                sheet.is_cut |= any(cell.value is not None for cell in cells[MOST_COLUMNS:])
                texts = ["" if cell.value is None else _text(cell) for cell in cells[:MOST_COLUMNS]]
                while texts and not texts[-1]:
                    texts.pop()
                if texts:
                    filled, count = filled + 1, count + len(texts)
                    if filled > MOST_ROWS:
                        raise ToolkitError(
                            f"has more than {MOST_ROWS:,} rows; a workbook of answers has a few hundred: is it another?"
                        )
                    if count > MOST_CELLS:
                        raise ToolkitError(
                            f"has more than {MOST_CELLS:,} cells; one of answers has a few thousand: is it another?"
                        )
                    sheet.rows.append((number, tuple(texts)))
            passed += number
            if passed > _MOST_PASSED:
                raise ToolkitError("has far more rows than a workbook of answers; it was not read further")
            yield sheet
    finally:
        book.close()


def _rows(source: Any) -> Iterator[tuple[int, Sequence[Any]]]:  # noqa: ANN401 - a sheet of a library without types
    """Give the rows that a sheet has, each with its number; no more than a sheet can have."""
    source.reset_dimensions()  # what a sheet says of its size is not believed
    last, present = None, 0
    for number, cells in enumerate(source.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        if number > _LAST_ROW or present > _MOST_EMPTY:
            raise ToolkitError("has far more rows than a workbook of answers; it was not read further")
        # For rows that are not there one and the same empty row is given, again and again.
        if cells is not last:
            present += 1
            yield number, cells
        last = cells


def _text(cell: Any) -> str:  # noqa: ANN401 - a cell of a library without types
    """Give what a cell shows, as text."""
    value = cell.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (datetime, date)):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, (int, float)):
        if "%" in str(cell.number_format):
            return f"{round(value * 100, 9):.15g} %"
        short = f"{value:.15g}"
        return short if float(short) == value else repr(value)
    return str(value)


def _mark_uncomputed(data: bytes, sheets: Sequence[_Sheet]) -> None:
    """Find cells with a formula whose value was never computed."""
    book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        for sheet in sheets:
            source = book[sheet.title]
            given = dict(sheet.rows)
            for number, cells in _rows(source):
                for column, cell in enumerate(cells):
                    if cell.data_type == "f":
                        texts = given.get(number, ())
                        if column >= len(texts) or not texts[column]:
                            sheet.uncomputed.append(cell.coordinate)
    finally:
        book.close()


# What is hidden.


def _kept(sheets: Sequence[_Sheet]) -> tuple[Kept, list[str]]:
    """Read the hidden sheet; one that was damaged is told and passed over."""
    sheet = next((sheet for sheet in sheets if sheet.title == DATA_SHEET), None)
    if sheet is None:
        return Kept(), []
    kept = Kept.read("".join(cells[0] for _, cells in sheet.rows))
    if kept is None:
        told = f"The hidden sheet {DATA_SHEET} cannot be read: what no cell shows, such as the plan, is lost."
        return Kept(), [told]
    return kept, []


# The start sheet.


@dataclass
class _Start:
    """What the start sheet says."""

    sheet: _Sheet | None = None
    head: dict[str, str] = field(default_factory=dict)
    profile: list[str] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    asks_uses: bool = False
    notes: list[str] = field(default_factory=list)


def _start(sheets: Sequence[_Sheet], rubric: Rubric, own: Mapping[str, str]) -> _Start:
    """Read the start sheet, wherever it is and whatever it is called now."""
    english = words("workbook")
    labels = {folded(table[name]): name for table in (english, own) for name in HEAD}
    for sheet in sheets:
        found = {labels[folded(cells[0])] for _, cells in sheet.rows if cells and folded(cells[0]) in labels}
        if len(found) > 1 and sheet.title not in (SCORE_SHEET, DATA_SHEET):
            return _read_start(sheet, rubric, own, labels)
    return _Start()


def _read_start(sheet: _Sheet, rubric: Rubric, own: Mapping[str, str], labels: Mapping[str, str]) -> _Start:
    start = _Start(sheet=sheet)
    yes = yes_keys(own)
    options = {option.id: option.label for facet in rubric.facets for option in facet.options}
    parts = {"overall": own["overall"], **{section.id: section.title for section in rubric.sections}}
    target_column: int | None = None
    for number, cells in sheet.rows:
        plain = [cell.strip() for cell in cells]
        label, value = plain[0], plain[1] if len(plain) > 1 else ""
        if folded(own["target"]) in map(folded, plain) and folded(own["part"]) in map(folded, plain):
            target_column = [folded(cell) for cell in plain].index(folded(own["target"]))
        elif folded(label) in labels and labels[folded(label)] not in start.head:
            start.head[labels[folded(label)]] = cells[1] if len(cells) > 1 else ""
        elif target_column is None and (use := _named(plain, label, options)) is not None:
            start.asks_uses = True
            if value.lower() in yes:
                start.profile.append(use)
            elif value and folded(value) not in ("no", "nein", "non", "-"):
                place = f"{sheet.title}, row {number}"
                start.notes.append(f"{place}: {cut(value, 40)!r} is neither yes nor empty; taken as no")
        elif target_column is not None and (part := _named(plain, label, parts)) is not None:
            target = plain[target_column] if target_column < len(plain) else ""
            if target:
                start.targets[part] = target
    return start


def _named(plain: Sequence[str], label: str, names: Mapping[str, str]) -> str | None:
    """Find what a row is about: by the id in one of its cells, else by its label."""
    for cell in reversed(plain[2:]):
        if cell in names:
            return cell
    fitting = [name for name, title in names.items() if " ".join(title.split()) == " ".join(label.split())]
    return fitting[0] if len(fitting) == 1 else None
