"""Workbooks for tests: made of rows, changed as people change them, or damaged."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook, load_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def saved(book: Workbook) -> bytes:
    """Give a workbook as bytes."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def book_of(rows: Iterable[Iterable[Any]], *, title: str = "Sheet1") -> bytes:
    """Make a workbook of one sheet."""
    book = Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def changed(data: bytes, change: Callable[[Workbook], None]) -> bytes:
    """Open a workbook, change it as people do, and save it."""
    book = load_workbook(io.BytesIO(data))
    change(book)
    return saved(book)


def with_parts(data: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """Replace, add or (with None) take out parts of the zip file."""
    file = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return file.getvalue()
