"""Where things stand in our workbooks: sheets, rows, columns.

What is written and what is read back meet here; knows no library of workbooks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlops_widgets.formats.wording import asked, yes_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlops_widgets.rubric import Rubric, Section

__all__ = [
    "ANSWERS",
    "DATA_SHEET",
    "FIRST_ROW",
    "HEAD",
    "RESULTS",
    "SCORE_SHEET",
    "USES",
    "Formula",
    "Layout",
    "layout_of",
    "leaves_of",
]

DATA_SHEET = "_data"
"""Hidden: what an assessment holds and no cell that people see can show."""

SCORE_SHEET = "_score"
"""Hidden: the formulas of the score."""

ANSWERS = ("id", "section", "level", "statement", "help", "answer", "reason", "note", "evidence", "confidence",
           "number", "check")  # fmt: skip
"""Columns of a sheet of answers; their names are in the words."""

HEAD = ("subject", "date", "assessor", "targets_by")
"""What the start sheet asks about the assessment itself, one a row."""

USES = ("use", "holds", "question")
"""Columns of the uses on the start sheet."""

RESULTS = ("part", "level", "level_lowest", "level_highest", "target", "score", "lowest", "highest", "answered", "of",
           "share")  # fmt: skip
"""Columns of the results on the start sheet."""

FIRST_ROW = 2
"""Row of the first answer: the one below the names of the columns."""

HEAD_ROW = 9
"""Row of the start sheet that names the columns of its head; the rubric comes last in the head."""

ID_COLUMN = 12
"""Column of the start sheet that says which use or part a row is about."""

_LONGEST_TITLE = 31
_NO_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")


class Formula(str):
    """Text of a cell that is computed; all other text is only ever shown."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Which sheet and row everything has.

    Attributes:
        words: what is shown to people.
        start: title of the start sheet.
        sheets: title of the sheet of each dimension, by its id.
        sheet_of: the same by the id of a criterion or descriptor.
        last_row: last row of answers, by title.
        rows: row of each criterion and descriptor on its sheet.
        head_rows: row of each entry of the head on the start sheet.
        use_rows: row of each option of a facet.
        result_rows: row of the whole and of each dimension.
        yes_keys: what counts as a yes, in small letters.
    """

    words: Mapping[str, str]
    start: str
    sheets: Mapping[str, str]
    sheet_of: Mapping[str, str]
    last_row: Mapping[str, int]
    rows: Mapping[str, int]
    head_rows: Mapping[str, int]
    use_rows: Mapping[str, int]
    result_rows: Mapping[str, int]
    yes_keys: tuple[str, ...]


def layout_of(rubric: Rubric, words: Mapping[str, str]) -> Layout:
    """Lay a workbook out for a rubric."""
    taken = {DATA_SHEET, SCORE_SHEET, "history"}
    start = _title(words["start"], taken)
    sheets = {section.id: _title(section.label, taken) for section in rubric.sections}
    sheet_of: dict[str, str] = {}
    rows: dict[str, int] = {}
    last_row: dict[str, int] = {}
    for dimension in rubric.sections:
        title, row = sheets[dimension.id], FIRST_ROW
        for section in leaves_of(dimension):
            for item in asked(section):
                sheet_of[item.id], rows[item.id] = title, row
                row += 1
        last_row[title] = row - 1
    head = HEAD_ROW
    head_rows = {name: head + position for position, name in enumerate(HEAD, start=1)}
    row = head + len(HEAD) + 4
    use_rows: dict[str, int] = {}
    for facet in rubric.facets:
        for option in facet.options:
            use_rows[option.id] = row
            row += 1
    row += 3 if use_rows else 0
    parts = ("overall", *(section.id for section in rubric.sections))
    return Layout(
        words=words,
        start=start,
        sheets=sheets,
        sheet_of=sheet_of,
        last_row=last_row,
        rows=rows,
        head_rows=head_rows,
        use_rows=use_rows,
        result_rows={name: row + position for position, name in enumerate(parts)},
        yes_keys=yes_keys(words),
    )


def leaves_of(section: Section) -> Iterator[Section]:
    """Walk the sections below one that hold something to answer, in the order they are read."""
    return (part for part in section.walk() if part.criteria or part.descriptors)


def _title(wanted: str, taken: set[str]) -> str:
    """Make the title of a sheet: short, without signs that have a meaning, and not used yet."""
    plain = " ".join(_NO_TITLE.sub(" ", wanted).split())[:_LONGEST_TITLE].strip("' ") or "Sheet"
    title, count = plain, 1
    while title.casefold() in taken:
        count += 1
        title = f"{plain[: _LONGEST_TITLE - len(f' {count}')]} {count}"
    taken.add(title.casefold())
    return title
