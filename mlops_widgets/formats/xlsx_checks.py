"""Whether a file may be opened as a workbook: looked at as bytes, before any reader of workbooks sees it.

A workbook is a zip file of XML, and both can hold a bomb: a few bytes that unfold to gigabytes.
"""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile, ZipInfo

from mlops_widgets.errors import Problem, ToolkitError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Checked", "checked"]

LARGEST_FILE = 10_000_000
"""Bytes; a workbook of ours has 60,000."""

LARGEST_UNPACKED = 40_000_000
"""Bytes of all parts together."""

MOST_PARTS = 1_000

_RATIO = 200
"""How much smaller a part may be packed than it is: XML of answers comes to thirty."""

_SMALL = 1_000_000
"""Bytes up to which a part may be packed as tightly as it will."""

MOST_STYLES = 100_000
"""Elements of what says how cells look; a spreadsheet program allows 64,000 looks, and each takes long to read."""

_READ = (".xml", ".rels", ".vml")
"""Parts that are read; pictures, macros and other things are never unpacked."""

_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


_FORMULA = re.compile(rb"<(\w+:)?f[\s>/]")
_NEVER_TEXT = frozenset(range(9))


class Checked:
    """A workbook that may be opened.

    Attributes:
        data: its bytes.
        notes: what is to be told: macros that were not looked at, links to other files.
        has_formulas: whether a cell is computed.
    """

    def __init__(self, data: bytes, notes: list[str], *, has_formulas: bool) -> None:
        """Keep what was found."""
        self.data, self.notes, self.has_formulas = data, notes, has_formulas


def checked(data: bytes, name: str) -> Checked:
    """Check a file before it is opened.

    Raises:
        ToolkitError: it is no workbook, or could be a bomb.
    """

    def refused(message: str) -> ToolkitError:
        return ToolkitError([Problem(where=name, message=message)])

    if not data:
        raise refused("is empty")
    if len(data) > LARGEST_FILE:
        raise refused(f"is larger than {LARGEST_FILE // 1_000_000} MB; no workbook of answers is")
    if not data.startswith(b"PK"):
        raise refused(_other_kind(data))
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            names = [part.filename for part in archive.infolist()]
            fault = _other_zip(archive, names)
            if fault is None and (len(names) > MOST_PARTS or len(names) != len(set(names))):
                fault = "holds more parts than a workbook has, or one twice; it was not opened"
            if fault is not None:
                raise refused(fault)
            has_formulas = _looked_at(archive, refused)
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, LookupError):
        raise refused("is damaged or cut off: it cannot be unpacked; save it again, or send it once more") from None
    return Checked(data, list(_notes(names)), has_formulas=has_formulas)


def _looked_at(archive: ZipFile, refused: Callable[[str], ToolkitError]) -> bool:
    """Unpack every part of XML within bounds and look for what is unsafe; gives whether a cell is computed."""
    has_formulas, budget = False, LARGEST_UNPACKED
    for part in archive.infolist():
        if not part.filename.lower().endswith(_READ):
            continue
        content = _unpacked(archive, part, budget)
        if content is None:
            raise refused("unpacks to far more than a workbook of answers has; it was not opened")
        budget -= len(content)
        if (fault := _unsafe(content)) is not None:
            raise refused(f"{fault}; it was not opened")
        if b"styleSheet" in content and content.count(b"<") > MOST_STYLES:
            raise refused("has far more styles than a workbook of answers; copy the answers into a new one")
        has_formulas |= "/worksheets/" in part.filename and _FORMULA.search(content) is not None
    return has_formulas


def _unpacked(archive: ZipFile, part: ZipInfo, budget: int) -> bytes | None:
    """Unpack a part as far as it may go; None where it goes further. What a part says of its size is not believed."""
    if part.file_size > budget or part.file_size > max(_SMALL, _RATIO * part.compress_size):
        return None
    with archive.open(part) as file:
        content = file.read(budget + 1)
    return None if len(content) > budget else content


def _unsafe(content: bytes) -> str | None:
    """Say what in a part of XML no workbook needs: definitions that unfold, and signs in an encoding of their own."""
    plain = content.replace(b"\0", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        return "holds definitions (DOCTYPE) that no workbook needs and that can unfold without end"
    encoding = _ENCODING.match(plain.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe"))
    if encoding and encoding[1].upper() not in (b"UTF-8", b"UTF8", b"UTF-16", b"US-ASCII", b"ASCII"):
        return f"is written in {encoding[1].decode()}, and workbooks are written in UTF-8"
    return None


def _other_kind(data: bytes) -> str:
    """Say what a file is that is no zip file."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        if encrypted:
            return "is encrypted; take the password off in the spreadsheet program and save it again"
        return "is a workbook of the old kind (.xls); save it as .xlsx"
    if data.startswith(b"%PDF"):
        return "is a PDF, not a workbook; send the .xlsx it was made of"
    if not any(byte in _NEVER_TEXT for byte in data[:2000]):
        return "is text, not a workbook; if it is a table of separated values, call it .csv"
    return "is not a workbook (.xlsx)"


def _other_zip(archive: ZipFile, names: list[str]) -> str | None:
    """Say what a zip file is that is no workbook."""
    known = set(names)
    if any(part.flag_bits & 1 for part in archive.infolist()):
        return "is encrypted; take the password off and save it again"
    if "mimetype" in known and "content.xml" in known:
        return "is an OpenDocument file (.ods); save it as .xlsx"
    if "word/document.xml" in known or "ppt/presentation.xml" in known:
        return "is a document of another kind, not a workbook (.xlsx)"
    if any(each.lower() == "xl/workbook.bin" for each in names):
        return "is a binary workbook (.xlsb); save it as .xlsx"
    if "[Content_Types].xml" not in known or not any(each.lower().startswith("xl/") for each in names):
        return "is a zip file, but no workbook (.xlsx)"
    return None


def _notes(names: list[str]) -> list[str]:
    lower = [each.lower() for each in names]
    notes = []
    if any("vbaproject" in each or "/macrosheets/" in each for each in lower):
        notes.append("The workbook has macros: they were neither looked at nor kept.")
    if any("/externallinks/" in each for each in lower):
        notes.append("The workbook has links to other files: they were not followed.")
    return notes
