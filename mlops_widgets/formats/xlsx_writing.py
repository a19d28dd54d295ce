"""An assessment as a workbook for people who will not open a link: answers by drop-down lists, a score that follows.

What people wrote is only ever text: no cell of theirs is computed, whatever it begins with.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from math import ceil, isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.writer.excel import ExcelWriter

from mlops_widgets.assessment import Answer
from mlops_widgets.assets import style
from mlops_widgets.formats.kept import Exact, presentable
from mlops_widgets.formats.wording import answers_shown, asked
from mlops_widgets.formats.xlsx_formulas import YES_LIST, cell, quoted, score_sheet
from mlops_widgets.formats.xlsx_layout import (
    ANSWERS,
    DATA_SHEET,
    FIRST_ROW,
    HEAD,
    HEAD_ROW,
    ID_COLUMN,
    RESULTS,
    SCORE_SHEET,
    USES,
    Formula,
    Layout,
    layout_of,
    leaves_of,
)
from mlops_widgets.library import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.formats.xlsx_formulas import ScoreSheet
    from mlops_widgets.rubric import Criterion, Descriptor, Rubric, Section

__all__ = ["workbook"]

_CHUNK = 30_000
"""Characters of one cell of the hidden data; a cell holds 32,767."""

_WIDTHS = {"id": 14, "section": 18, "level": 7, "statement": 44, "help": 44, "answer": 18, "reason": 22, "note": 32,
           "evidence": 26, "confidence": 12, "number": 10, "check": 20}  # fmt: skip
_START_WIDTHS = (34, 26, 22, 22, 9, 10, 10, 10, 11, 6, 16, 14)

_LINE, _HIGHEST = 15.0, 400.0
"""Points of a line, and the most a row of a sheet can have."""

_OWN_HEIGHT = re.compile(rb'(<row [^>]*?) customHeight="1"')
"""Heights are a guess: without this mark a program grows a row with what is typed."""

_FORMATS = {"percent": "0.0%", "number": "0.00", "points": "0.0#"}

_TEXT = "@"
"""The format of cells for text: what is typed there stays what was typed, and is never computed."""


def workbook(assessment: Assessment, rubric: Rubric) -> bytes:
    """Write an assessment as a workbook; the same assessment gives the same bytes."""
    return _Writer(assessment, rubric).written()


class _Colours:
    """The colours of the pages, as far as a workbook has use for them."""

    def __init__(self) -> None:
        found = dict(re.findall(r"--([a-z-]+): light-dark\(#([0-9a-f]{6})", style("page")))
        self.accent, self.on_accent, self.tint = found["accent"], found["on-accent"], found["tint"]
        self.ink, self.soft, self.line, self.warning = found["ink"], found["soft"], found["edge"], found["warning"]


class _Writer:
    """One workbook being written.

    Attributes:
        exact: what cells show otherwise than it is.
    """

    def __init__(self, assessment: Assessment, rubric: Rubric) -> None:
        self.assessment, self.rubric = assessment, rubric
        self.words = words("workbook", rubric.language)
        self.layout: Layout = layout_of(rubric, self.words)
        self.score: ScoreSheet = score_sheet(rubric, self.layout)
        self.exact = Exact()
        colours = _Colours()
        self.heading = _font(bold=True, size=16, color=colours.accent)
        self.plain, self.strong = _font(), _font(bold=True)
        self.link = _font(color=colours.accent, underline="single")
        self.column_name = _font(bold=True, color=colours.on_accent)
        self.column_fill = PatternFill("solid", fgColor=colours.accent)
        self.entry_font = _font(color=colours.ink)
        self.entry_fill = PatternFill("solid", fgColor=colours.tint)
        self.soft = _font(size=9, color=colours.soft)
        self.warning = _font(bold=True, color=colours.warning)
        side = Side(style="thin", color=colours.line)
        self.edge = Border(left=side, right=side, top=side, bottom=side)
        self.wrapped = Alignment(wrap_text=True, vertical="top")
        self.centred = Alignment(horizontal="center", vertical="top")

    def written(self) -> bytes:
        """Write every sheet, and give the bytes."""
        book = Workbook()
        book.calculation = CalcProperties(fullCalcOnLoad=True)
        day = datetime.fromisoformat("2000-01-01")
        book.properties.creator, book.properties.title = "mlops-widgets", presentable(self.rubric.title)
        book.properties.created = book.properties.modified = day
        book.properties.language = self.rubric.language
        start = book.active
        start.title = self.layout.start
        self._start(start)
        for position, dimension in enumerate(self.rubric.sections, start=1):
            self._answers(book.create_sheet(self.layout.sheets[dimension.id]), dimension, position)
        self._score(book.create_sheet(SCORE_SHEET))
        self._data(book.create_sheet(DATA_SHEET))
        return _bytes(book)

    # Texts.

    def _put(self, sheet: Worksheet, row: int, column: int, value: Any, *, font: Font | None = None) -> Cell:  # noqa: ANN401 - what a cell can hold
        """Put a value into a cell: computed only when it is a formula of ours."""
        target = sheet.cell(row, column)
        if isinstance(value, Formula):
            target.value = str(value)
        elif isinstance(value, str):
            if value:
                target.value = value
                target.data_type = "s"
                if value[0] in "=+-@'\t":
                    target.quotePrefix = True
        else:
            target.value = value
        target.font = font or self.plain
        return target

    def _entry(self, sheet: Worksheet, row: int, column: int, value: Any, *, form: str = _TEXT) -> None:  # noqa: ANN401 - the same
        """Put in what people may change: in a cell that looks like it."""
        target = self._put(sheet, row, column, value, font=self.entry_font)
        target.fill, target.border, target.alignment = self.entry_fill, self.edge, self.wrapped
        target.number_format = form

    def _names(self, sheet: Worksheet, row: int, names: tuple[str, ...]) -> None:
        """Write the names of columns."""
        for column, name in enumerate(names, start=1):
            target = self._put(sheet, row, column, self.words[name], font=self.column_name)
            target.fill, target.alignment = self.column_fill, self.wrapped

    # The start sheet.

    def _start(self, sheet: Worksheet) -> None:
        given, say = self.assessment, self.words
        heading = say["heading"].format(subject=presentable(given.subject), rubric=self.rubric.title)
        self._put(sheet, 1, 1, " ".join(heading.split()), font=self.heading)
        for row in range(1, 6):
            self._put(sheet, row + 1, 1, say[f"how_{row}"])
        kept = len(given.unmatched) + len(given.answers.keys() - self.layout.rows.keys())
        if kept:
            self._put(sheet, 7, 1, say["kept_one"] if kept == 1 else say["kept"].format(count=kept))
        self._names(sheet, HEAD_ROW, ("about", "entry"))
        for name in HEAD:
            row = self.layout.head_rows[name]
            self._put(sheet, row, 1, say[name])
            self._entry(sheet, row, 2, self.exact.text(name, getattr(given, name) or ""))
        row += 1
        self._put(sheet, row, 1, say["rubric"])
        self._put(sheet, row, 2, f"{self.rubric.title} {self.rubric.version}").alignment = self.wrapped
        self._put(sheet, row, ID_COLUMN, self.rubric.id, font=self.soft)
        self._uses(sheet)
        self._results(sheet)
        for column, width in enumerate(_START_WIDTHS, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.print_area = f"A1:{cell(max(self.layout.result_rows.values()) + 1, len(RESULTS))}"
        _printed(sheet, say["footer"])

    def _uses(self, sheet: Worksheet) -> None:
        rows = self.layout.use_rows
        chosen = [name for name in rows if name in self.assessment.profile]
        if list(self.assessment.profile) != chosen:
            self.exact.pairs["profile"] = [chosen, list(self.assessment.profile)]
        if not rows:
            return
        self._names(sheet, min(rows.values()) - 1, USES)
        self._put(sheet, min(rows.values()) - 1, ID_COLUMN, self.words["id"], font=self.soft)
        for facet in self.rubric.facets:
            for option in facet.options:
                row = rows[option.id]
                self._put(sheet, row, 1, option.label)
                self._entry(sheet, row, 2, self.words["yes"] if option.id in chosen else "")
                self._put(sheet, row, 3, facet.question)
                self._put(sheet, row, ID_COLUMN, option.id, font=self.soft)
        self._put(sheet, max(rows.values()) + 1, 1, self.words["use_hint"], font=self.soft)
        self._offer(sheet, YES_LIST, [cell(row, 2) for row in rows.values()])

    def _results(self, sheet: Worksheet) -> None:
        rows, say = self.layout.result_rows, self.words
        columns = {name: column for column, name in enumerate(RESULTS, start=1)}
        self._names(sheet, min(rows.values()) - 1, RESULTS)
        self._put(sheet, min(rows.values()) - 1, ID_COLUMN, say["id"], font=self.soft)
        titles = {section.id: section.title for section in self.rubric.sections}
        form = _FORMATS[self.rubric.scoring.display]
        for name, row in rows.items():
            label = self._put(sheet, row, 1, titles.get(name, say["overall"]))
            label.alignment = self.wrapped
            if name in titles:
                place = f"{quoted(self.layout.sheets[name])}!A1"
                label.hyperlink = Hyperlink(ref=label.coordinate, location=place, display=titles[name])
                label.font = self.link
            else:
                label.font = self.strong
            for part in ("level", "level_low", "level_high"):
                column = columns[part if part == "level" else f"{part}est"]
                font = self.strong if part == "level" else self.plain
                self._put(sheet, row, column, self._level(self.score.result(name, part)), font=font)
            for column, part in ((columns["score"], "value"), (columns["lowest"], "low"), (columns["highest"], "high")):
                self._put(sheet, row, column, Formula(f"={self.score.result(name, part)}")).number_format = form
            done, of = cell(row, columns["answered"]), cell(row, columns["of"])
            self._put(sheet, row, columns["answered"], Formula(f"={self.score.result(name, 'answered')}"))
            self._put(sheet, row, columns["of"], Formula(f"={self.score.result(name, 'applicable')}"))
            share = self._put(sheet, row, columns["share"], Formula(f'=IF({of}=0,"",{done}/{of})'))
            share.number_format = "0%"
            self._entry(sheet, row, columns["target"], self._target(name), form="General")
            self._put(sheet, row, ID_COLUMN, name, font=self.soft)
        self._put(sheet, max(rows.values()) + 1, 1, say["interval_hint"], font=self.soft)

    def _target(self, name: str) -> float | str | None:
        """Give a target as a spreadsheet can hold it: with fifteen digits, and never infinite."""
        target = self.assessment.targets.get(name)
        if target is None:
            return None
        short = f"{target:.15g}"
        if float(short) != target:
            self.exact.pairs[f"targets/{name}"] = [short, repr(target)]
        return float(short) if isfinite(float(short)) else short

    def _level(self, number: str) -> Formula:
        none = self.words["none"].replace('"', '""')
        if self.score.levels is None:
            return Formula(f'="{none}"')
        numbers, names = self.score.levels
        return Formula(f'=IF({number}="","{none}",{number}&": "&INDEX({names},MATCH({number},{numbers},0)))')

    # The sheets of answers.

    def _answers(self, sheet: Worksheet, dimension: Section, position: int) -> None:
        self._names(sheet, FIRST_ROW - 1, ANSWERS)
        lists: dict[str, list[str]] = {}
        named = {id(scale): name for name, scale in self.rubric.scales.items()}
        column = {name: place for place, name in enumerate(ANSWERS, start=1)}
        row = FIRST_ROW - 1
        for section in leaves_of(dimension):
            for item in asked(section):
                row = self.layout.rows[item.id]
                is_scored = item.id in self.rubric.criteria
                scale = named[id(self.rubric.scale_of[item.id])] if is_scored else YES_LIST
                self._put(sheet, row, column["id"], item.id, font=self.soft).alignment = self.wrapped
                for name, value in (
                    ("section", section.title),
                    ("level", item.level),
                    ("statement", item.text),
                    ("help", self._help(item)),
                ):
                    self._put(sheet, row, column[name], value).alignment = self.wrapped
                sheet.cell(row, column["level"]).alignment = self.centred
                self._answer(sheet, row, column, item.id)
                written = {name: str(sheet.cell(row, column[name]).value or "") for name in ANSWERS[1:9]}
                sheet.row_dimensions[row].height = _height(written)
                lists.setdefault(scale, []).append(cell(row, column["answer"]))
                if is_scored:
                    self._check(sheet, row, column, scale)
        for scale, cells in lists.items():
            self._offer(sheet, scale, cells)
        self._certainty(sheet, column["confidence"], row)
        for name, width in _WIDTHS.items():
            sheet.column_dimensions[get_column_letter(column[name])].width = width
        sheet.column_dimensions[get_column_letter(column["number"])].hidden = True
        sheet.freeze_panes = cell(FIRST_ROW, 1)
        table = Table(displayName=f"answers_{position}", ref=f"A{FIRST_ROW - 1}:{cell(row, len(ANSWERS))}")
        table.tableStyleInfo = TableStyleInfo(showRowStripes=False)
        sheet.add_table(table)
        sheet.print_title_rows = f"{FIRST_ROW - 1}:{FIRST_ROW - 1}"
        sheet.print_area = f"{cell(1, column['section'])}:{cell(row, len(ANSWERS))}"
        _printed(sheet, self.words["footer"])

    def _help(self, item: Criterion | Descriptor) -> str:
        """Say what helps to answer, a line each."""
        if item.id in self.rubric.descriptors:
            return self.words["true_hint"]
        criterion = self.rubric.criteria[item.id]
        lines = [criterion.help] if criterion.help else []
        for option, anchor in zip(self.rubric.scale_of[item.id].options, criterion.anchors, strict=False):
            lines.append(self.words["anchor"].format(option=option.label, text=anchor))
        labels = {option.id: option.label for facet in self.rubric.facets for option in facet.options}
        if criterion.applies_to:
            lines.append(self.words["only"].format(uses=" / ".join(labels[name] for name in criterion.applies_to)))
        if criterion.evidence_hints:
            lines.append(self.words["hints"].format(hints=", ".join(criterion.evidence_hints)))
        return "\n".join(lines)

    def _answer(self, sheet: Worksheet, row: int, column: dict[str, int], name: str) -> None:
        answer = self.assessment.answers.get(name, Answer())
        key = f"answers/{name}/"
        self._entry(sheet, row, column["answer"], self._value(name, answer.value))
        for part in ("reason", "note"):
            self._entry(sheet, row, column[part], self.exact.text(key + part, getattr(answer, part)))
        lines = self.exact.links(key + "evidence", answer.evidence)
        self._entry(sheet, row, column["evidence"], lines)
        self._entry(sheet, row, column["confidence"], answer.confidence, form="0")

    def _value(self, name: str, value: str | None) -> str:
        """Give an answer as its list has it; one that no list has stands there as it is."""
        if value is None:
            return ""
        if name in self.rubric.descriptors:
            return self.words["yes"] if value == "yes" else presentable(value)
        return presentable(answers_shown(self.rubric.scale_of[name], self.words).get(value, value))

    def _check(self, sheet: Worksheet, row: int, column: dict[str, int], scale: str) -> None:
        """Compute what the answer counts as, and say what is wrong with it."""
        keys, options, absent = self.score.keys[scale]
        given = f'LOWER(TRIM({cell(row, column["answer"])}&""))'
        reason = f'TRIM({cell(row, column["reason"])}&"")<>""'
        number = self._put(
            sheet,
            row,
            column["number"],
            Formula(f"=SUMPRODUCT(({keys}={given})*({options}+{absent}*({reason})))"),
            font=self.soft,
        ).coordinate
        is_absent = f"SUMPRODUCT(({keys}={given})*{absent})>0"
        reason_wanted, choose = (self.words[name].replace('"', '""') for name in ("give_reason", "choose"))
        told = Formula(f'=IF(OR({number}>0,{given}=""),"",IF({is_absent},"{reason_wanted}","{choose}"))')
        self._put(sheet, row, column["check"], told, font=self.warning).alignment = self.wrapped

    def _offer(self, sheet: Worksheet, name: str, cells: list[str]) -> None:
        """Let cells be answered from a list."""
        offered = DataValidation(type="list", formula1=self.score.lists[name], allow_blank=True, showErrorMessage=True)
        offered.error, offered.errorTitle = self.words["answer_wrong"], self.words["prompt"]
        for place in cells:
            offered.add(place)
        sheet.add_data_validation(offered)

    def _certainty(self, sheet: Worksheet, column: int, last: int) -> None:
        allowed = DataValidation(type="whole", operator="between", formula1="1", formula2="5", allow_blank=True)
        allowed.showErrorMessage, allowed.error = True, self.words["confidence_wrong"]
        allowed.errorTitle = self.words["confidence"]
        allowed.add(f"{cell(FIRST_ROW, column)}:{cell(last, column)}")
        sheet.add_data_validation(allowed)

    # The hidden sheets.

    def _score(self, sheet: Worksheet) -> None:
        sheet.sheet_state = "hidden"
        for (row, column), value in sorted(self.score.cells.items(), key=lambda pair: pair[0]):
            self._put(sheet, row, column, value)

    def _data(self, sheet: Worksheet) -> None:
        """Write what no cell shows."""
        sheet.sheet_state = "hidden"
        shown = {*self.layout.result_rows, "profile", "targets_by"}
        text = self.exact.written(self.assessment, rows=self.layout.rows, shown=shown)
        for row, start in enumerate(range(0, len(text), _CHUNK), start=1):
            self._put(sheet, row, 1, text[start : start + _CHUNK])


def _font(**given: Any) -> Font:
    """Give a font; its name and size are said, or some programs take one with serifs."""
    return Font(**{"name": "Calibri", "size": 11, **given})


def _height(texts: Mapping[str, str]) -> float:
    """Guess how high a row is whose texts are wrapped, by column; programs that count for themselves do better."""
    lines = 1
    for name, text in texts.items():
        room = _WIDTHS[name] * 1.05
        lines = max(lines, sum(ceil(len(line) / room) or 1 for line in text.split("\n")))
    return min(_LINE * lines + 4, _HIGHEST)


def _printed(sheet: Worksheet, footer: str) -> None:
    """Set a sheet up to be printed: across, as wide as the paper."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = footer


class _StillZip(ZipFile):
    """A zip file that does not know the clock."""

    def writestr(self, zinfo_or_arcname: ZipInfo | str, data: bytes | str, *_: Any, **__: Any) -> None:  # type: ignore[override]
        """Write a part with a date that is always the same."""
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        if name.startswith("xl/worksheets/") and isinstance(data, bytes):
            data = _OWN_HEIGHT.sub(rb"\1", data)
        super().writestr(ZipInfo(name), data, ZIP_DEFLATED)

    def write(
        self, filename: str | PathLike[str], arcname: str | PathLike[str] | None = None, *_: Any, **__: Any
    ) -> None:
        """Write a file of openpyxl's own making."""
        self.writestr(str(arcname), Path(filename).read_bytes())


def _bytes(book: Workbook) -> bytes:
    file = io.BytesIO()
    ExcelWriter(book, _StillZip(file, "w", ZIP_DEFLATED)).save()
    return file.getvalue()
