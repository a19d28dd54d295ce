"""Rows of a Markdown table as entries: which column says what, and which one answers.

Pure; where two columns look like answers, no row is taken and a sentence says so.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mlops_widgets.formats.column_names import role_in
from mlops_widgets.formats.markdown_entries import Details, Entry, Known, parsed, shown
from mlops_widgets.formats.markdown_text import linked
from mlops_widgets.formats.marks import NA, NO, OPEN, PARTLY, SIGN, UNCLEAR, YES, Said
from mlops_widgets.formats.matching import level_in

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mlops_widgets.formats.markdown_blocks import Block

__all__ = ["table_entries"]

_MOST_COLUMNS = 60


class _Columns:
    """What each column of a table is for."""

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[str]], known: Known) -> None:
        self.known = known
        self.names = [shown(cell) for cell in header]
        # `No` names a column of numbers, or one of crosses beside `Yes`.
        numbered = {i for i in range(len(self.names)) if any(c.isdigit() for row in rows for c in row[i])}
        self.roles = [
            "" if role == "number" and known.said(name) is not None and i not in numbered else role
            for i, (role, name) in enumerate(zip(map(role_in, self.names), self.names, strict=True))
        ]
        if self.roles.count("level") > 1:
            # `Level 1`, `Level 2`: each is a column of crosses, not what a row is of.
            self.roles = ["" if role == "level" else role for role in self.roles]
        whole = self._marked(rows, at_least=1.0)
        # `Check` and `Test` name statements, or a column of ticks beside them.
        self.roles = ["" if role == "statement" and i in whole else role for i, role in enumerate(self.roles)]
        self.of: dict[str, int] = {}
        for index, role in enumerate(self.roles):
            if role not in ("", "answer", "other"):
                self.of.setdefault(role, index)
        kept = {index for index, role in enumerate(self.roles) if role not in ("", "answer", "level")}
        self.answers = [index for index in self._marked(rows, at_least=0.5) if index not in kept]
        if not any(self.roles[index] == "answer" for index in self.answers):
            few = self._marked(rows, at_least=0.0)
            self.answers = sorted({*self.answers, *(index for index in few if self.roles[index] == "answer")})
        self.choices = self._choices(rows, kept)
        if self.choices:
            self.answers = []
        level = self.of.get("level")
        if level in self.answers and len(self.answers) > 1:
            self.answers.remove(level)
        elif level is not None and (level in self.answers or level in self.choices):
            del self.of["level"]
        self.text = self._text(rows, kept)

    def _choices(self, rows: Sequence[Sequence[str]], kept: Collection[int | None]) -> dict[int, Said]:
        """Columns headed `Yes`, `Partly`, `No`, of which a row has a cross in one."""
        heads = {
            i: mark
            for i, name in enumerate(self.names)
            if i not in kept and (mark := self.known.said(name)) is not None
        }
        heads = {i: mark for i, mark in heads.items() if mark.kind in (YES, PARTLY, NO, NA)}
        if len(heads) < 2:  # noqa: PLR2004 - a choice is between two
            return {}
        cells = {row[i].strip() for row in rows for i in heads}
        crosses = all(
            not cell or ((mark := self.known.said(cell)) is not None and mark.kind in (YES, OPEN)) for cell in cells
        )
        return heads if crosses else {}

    def _marked(self, rows: Sequence[Sequence[str]], *, at_least: float) -> list[int]:
        return [
            index
            for index in range(len(self.names))
            if self._is_marked([row[index] for row in rows], at_least=at_least)
        ]

    def _is_marked(self, cells: Sequence[str], *, at_least: float) -> bool:
        """Whether of the cells that hold something one, and a share, hold a mark."""
        filled = [cell for cell in cells if shown(cell)]
        marks = [mark for cell in filled if (mark := self.known.said(cell)) is not None]
        return bool(marks) and len(marks) >= at_least * len(filled)

    def _text(self, rows: Sequence[Sequence[str]], kept: Collection[int | None]) -> int | None:
        if "statement" in self.of:
            return self.of["statement"]
        free = [
            index
            for index in range(len(self.names))
            if index not in kept and index not in self.answers and index not in self.choices
        ]
        return max(free, key=lambda index: sum(len(row[index]) for row in rows), default=None)


def table_entries(rows: Sequence[Block], known: Known) -> tuple[list[Entry], str]:
    """Read the rows of one table.

    Returns:
        The entries, and a sentence to be told of the table, or nothing.
    """
    header = rows[0].header[:_MOST_COLUMNS]
    if not any(map(shown, header)) and len(rows) > 1 and _names_columns(rows[0].cells, known):
        # Wikis export tables with an empty first row, and the names of the columns below it.
        header, rows = rows[0].cells[:_MOST_COLUMNS], rows[1:]
    columns = _Columns(header, [row.cells[:_MOST_COLUMNS] for row in rows], known)
    if any(_is_answer(header[index], known, named=any(columns.roles)) for index in columns.answers):
        # A table without names of columns: what stands in their place is its first row.
        top = rows[0]
        first = replace(top, line=top.header_line, end=top.header_line, text=" | ".join(top.header), cells=top.header)
        rows = [first, *rows]
    cells = [row.cells[:_MOST_COLUMNS] for row in rows]
    told = ""
    if len(columns.answers) > 1:
        names = " and ".join(repr(columns.names[index] or f"column {index + 1}") for index in columns.answers)
        both = "both" if len(columns.answers) == 2 else "all"  # noqa: PLR2004 - two are both
        told = f"line {rows[0].line}: the columns {names} of the table {both} look like answers; keep one of them"
    if len(rows[0].header) > _MOST_COLUMNS:
        told = told or f"line {rows[0].line}: only the first {_MOST_COLUMNS} columns of the table were read"
    entries = []
    for row, texts in zip(rows, cells, strict=True):
        if (entry := _entry(row, texts, columns, known)) is not None:
            if len(columns.answers) > 1:
                marks = " ".join(texts[index].strip() for index in columns.answers)
                entry.said = Said(UNCLEAR, marks, why=f"the columns {names} {both} look like answers; keep one of them")
            entries.append(entry)
    return entries, told


def _names_columns(cells: Sequence[str], known: Known) -> bool:
    """Say whether a row names columns: `done` and `no` do only beside another name."""
    named = [cell for cell in map(shown, cells) if role_in(cell)]
    return len(named) > 1 or any(known.said(cell) is None for cell in named)


def _is_answer(name: str, known: Known, *, named: bool) -> bool:
    """Say whether what stands for a column's name is an answer; `Done` is a name where other columns have one."""
    return SIGN.search(name) is not None or (not named and known.said(name) is not None)


def _entry(row: Block, cells: Sequence[str], columns: _Columns, known: Known) -> Entry | None:
    words = cells[columns.text] if columns.text is not None else ""
    line = parsed(words, known)
    mark = _mark(cells, columns) or line.said
    if mark is None:
        return None
    own = cells[columns.of["id"]].strip(" `") if "id" in columns.of else None
    section = shown(cells[columns.of["section"]]) if "section" in columns.of else ""
    level = level_in(f"level {cells[columns.of['level']].strip()}") if "level" in columns.of else None
    number = cells[columns.of["number"]].strip() if "number" in columns.of else ""
    return Entry(
        line=row.line,
        source=row.text,
        text=f"{number} {line.text}".strip() if "." in number else line.text,
        said=mark,
        headings=(*row.headings, *([section] if section else [])),
        group=None if section else row.group,
        id=line.id or (own if own and own.casefold() in known.ids else None),
        details=_details(cells, columns, line.note),
        level=level,
    )


def _mark(cells: Sequence[str], columns: _Columns) -> Said | None:
    if columns.choices:
        crossed = [
            i for i in columns.choices if (mark := columns.known.said(cells[i])) is not None and mark.kind == YES
        ]
        if len(crossed) > 1:
            names = " and ".join(columns.names[i] for i in crossed)
            return Said(UNCLEAR, names, why=f"{names} are both crossed; keep one of them")
        return columns.choices[crossed[0]] if crossed else None
    cell = next(filter(None, (shown(cells[index]) for index in columns.answers)), "")
    if not cell:
        return None
    mark = columns.known.said(cell) or parsed(cell, columns.known).said
    return mark or Said(UNCLEAR, cell[:80], why=f"{cell[:80]!r} is no answer that is known here")


def _details(cells: Sequence[str], columns: _Columns, note: str) -> Details:
    """Keep what the other columns say."""
    details = Details(notes=[note] if note else [])
    used = {columns.text, *columns.answers, *columns.choices}
    used |= {columns.of[kind] for kind in ("id", "number", "section", "level") if kind in columns.of}
    for index, cell in enumerate(cells):
        if index in used or not shown(cell):
            continue
        if index == columns.of.get("evidence"):
            details.evidence.append(linked(cell))
        elif index == columns.of.get("reason"):
            details.reason = shown(cell)
        elif index == columns.of.get("confidence") and re.fullmatch("[1-5]", shown(cell)):
            details.confidence = int(shown(cell))
        elif index == columns.of.get("note"):
            details.notes.append(shown(cell))
        else:
            details.notes.append(f"{columns.names[index]}: {shown(cell)}".lstrip(": "))
    return details
