"""File formats: one module each, both ways; here, which there are, and reading a file by its ending and content.

May not touch the store.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from mlops_widgets.assessment import fitted
from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.yaml import read_assessment
from mlops_widgets.library import load_rubric, packaged_rubric, read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.formats.reading import Reading
    from mlops_widgets.rubric import Rubric

__all__ = [
    "FORMATS",
    "LARGEST_FILE",
    "PLANS",
    "Format",
    "PlanFormat",
    "read",
    "read_answers",
    "written",
    "written_plan",
]

LARGEST_FILE = 5_000_000
"""Bytes; a workbook of the largest rubric, filled in, is a fiftieth of it."""


_MOST_FAULTS = 200
"""Faults of a file that are told: nobody reads more, and a hostile one has a hundred thousand."""

_UNNAMED = "Unnamed"
"""What a reader calls a subject of which a document says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """A format that answers come and go in.

    Attributes:
        ending: of its files, without the dot.
        title: its name for people.
        media_type: as HTTP has it.
        read: from a file's name, its bytes and the rubric that was answered (or None: the file says it, or it is
            guessed) to a reading.
        write: from an assessment and its rubric to a file's bytes.
        endings: further endings that are read as this.
        is_utf8: whether its files are text in UTF-8; the reader of another format looks at the bytes itself.
    """

    ending: str
    title: str
    media_type: str
    read: Callable[[str, bytes, Rubric | None], Reading]
    write: Callable[[Assessment, Rubric], bytes]
    endings: tuple[str, ...] = ()
    is_utf8: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanFormat:
    """A format that a plan goes out in; attributes as those of `Format`."""

    ending: str
    title: str
    media_type: str
    write: Callable[[Assessment, Rubric], bytes]


# A format's module is imported when it is used: a form that opens in a moment has no use for a workbook.


def _read_markdown(name: str, data: bytes, rubric: Rubric | None) -> Reading:
    from mlops_widgets.formats.markdown import read_markdown  # noqa: PLC0415

    reading = read_markdown(data, rubric)
    if reading.assessment.subject != _UNNAMED:
        return reading
    subject = re.split(r"[/\\]", name)[-1].rpartition(".")[0] or _UNNAMED
    return replace(reading, assessment=reading.assessment.model_copy(update={"subject": subject}))


def _write_markdown(assessment: Assessment, rubric: Rubric) -> bytes:
    from mlops_widgets.formats.markdown import write_markdown  # noqa: PLC0415

    return write_markdown(assessment, rubric).encode()


def _read_xlsx(name: str, data: bytes, rubric: Rubric | None) -> Reading:
    from mlops_widgets.formats.xlsx import read_xlsx  # noqa: PLC0415

    return read_xlsx(data, rubric, name=name)


def _write_xlsx(assessment: Assessment, rubric: Rubric) -> bytes:
    from mlops_widgets.formats.xlsx import write_xlsx  # noqa: PLC0415

    return write_xlsx(assessment, rubric)


def _read_csv(name: str, data: bytes, rubric: Rubric | None) -> Reading:
    from mlops_widgets.formats.csv import read_csv  # noqa: PLC0415

    return read_csv(data, rubric, name=name)


def _write_csv(assessment: Assessment, rubric: Rubric) -> bytes:
    from mlops_widgets.formats.csv import write_csv  # noqa: PLC0415

    return write_csv(assessment, rubric).encode()


def _read_json(name: str, data: bytes, rubric: Rubric | None) -> Reading:
    from mlops_widgets.formats.json import lines_of_keys, read_json  # noqa: PLC0415
    from mlops_widgets.formats.reading import stated  # noqa: PLC0415

    assessment = read_json(data, name=name)
    lines = lines_of_keys(data.decode())
    try:
        rubric = rubric or packaged_rubric(assessment.rubric.id)
    except ToolkitError as error:
        raise _refused(f"{name}: rubric.id", str(error)) from None
    try:
        fitted(assessment, rubric)
    except ToolkitError as error:
        faults = [Problem(where=f"{name}: {each.where}", message=each.message) for each in error.problems]
        raise ToolkitError(faults) from None
    return stated(assessment, rubric, line=lambda criterion: lines.get(criterion, 1))


def _write_json(assessment: Assessment, _: Rubric) -> bytes:
    from mlops_widgets.formats.json import write_json  # noqa: PLC0415

    return write_json(assessment).encode()


def _read_yaml(name: str, data: bytes, rubric: Rubric | None) -> Reading:
    from mlops_widgets.formats import yaml  # noqa: PLC0415

    return yaml.read_answers(data, name=name, rubric=rubric)


def _write_yaml(assessment: Assessment, rubric: Rubric) -> bytes:
    from mlops_widgets.formats.yaml import write_assessment  # noqa: PLC0415

    return write_assessment(assessment, rubric).encode()


def _plan_markdown(assessment: Assessment, rubric: Rubric) -> bytes:
    from mlops_widgets.formats import plan_markdown  # noqa: PLC0415

    return plan_markdown.write_plan(assessment, rubric).encode()


def _plan_csv(assessment: Assessment, rubric: Rubric) -> bytes:
    from mlops_widgets.formats import plan_csv  # noqa: PLC0415

    return plan_csv.write_plan(assessment, rubric).encode()


def _plan_ics(assessment: Assessment, rubric: Rubric) -> bytes:
    from mlops_widgets.formats import plan_ics  # noqa: PLC0415

    return plan_ics.write_plan(assessment, rubric).encode()


_FORMATS = (
    Format(
        ending="md",
        title="Markdown",
        media_type="text/markdown; charset=UTF-8",
        read=_read_markdown,
        write=_write_markdown,
        endings=("markdown", "txt"),
    ),
    Format(
        ending="xlsx",
        title="Excel workbook",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        read=_read_xlsx,
        write=_write_xlsx,
        endings=("xlsm",),
        is_utf8=False,
    ),
    Format(
        ending="csv",
        title="CSV",
        media_type="text/csv; charset=UTF-8",
        read=_read_csv,
        write=_write_csv,
        endings=("tsv",),
        is_utf8=False,  # spreadsheet programs save it as they like
    ),
    Format(ending="json", title="JSON", media_type="application/json", read=_read_json, write=_write_json),
    Format(
        ending="yaml",
        title="YAML",
        media_type="application/yaml",
        read=_read_yaml,
        write=_write_yaml,
        endings=("yml",),
    ),
)

FORMATS: Mapping[str, Format] = MappingProxyType({each.ending: each for each in _FORMATS})
"""Every format of an assessment by its ending, the ones most people want first."""

_PLANS = (
    PlanFormat(ending="md", title="Markdown", media_type="text/markdown; charset=UTF-8", write=_plan_markdown),
    PlanFormat(ending="csv", title="CSV", media_type="text/csv; charset=UTF-8", write=_plan_csv),
    PlanFormat(ending="ics", title="calendar", media_type="text/calendar; charset=UTF-8", write=_plan_ics),
)

PLANS: Mapping[str, PlanFormat] = MappingProxyType({each.ending: each for each in _PLANS})
"""Every format of a plan by its ending."""

_BY_ENDING = {ending: each for each in _FORMATS for ending in (each.ending, *each.endings)}

_NOT_TEXT = (
    (b"PK\x03\x04", "is a workbook or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "is a file of an old office program"),
    (b"%PDF", "is a PDF"),
    (b"\x89PNG", "is a picture"),
    (b"\xff\xd8\xff", "is a picture"),
    (b"\x1f\x8b", "is compressed"),
)
"""How files begin that are often taken for text by their ending."""


def read(path: Path) -> Rubric | Assessment:
    """Read a file as what it is: an assessment says whose it is, a rubric has sections.

    Raises:
        ToolkitError: every fault of the file, each with its line and path.
    """
    data, _ = read_yaml(path)
    is_assessment = isinstance(data, dict) and "sections" not in data and not {"answers", "subject"}.isdisjoint(data)
    return read_assessment(path) if is_assessment else load_rubric(path)


def read_answers(name: str, data: bytes, *, rubric: Rubric | None = None) -> Reading:
    r"""Read answers from a file of any format that we know, by its ending and what it holds.

    Args:
        name: the file's name; its ending says the format, and it stands in what is told. Nothing is opened.
        data: what the file holds.
        rubric: what was answered; when left out the file says it, or it is guessed from what the file says.

    Returns:
        Every mark of the file, and the answers among them.

    Raises:
        ToolkitError: no format has that ending, the file is not what its ending says, or it cannot be used.

    >>> reading = read_answers("churn.csv", b"id,value\ndata.catalog,yes\ndata.versioning,perhaps\n")
    >>> [(mark.place, mark.state) for mark in reading.marks]
    [('line 2', 'taken'), ('line 3', 'confirm')]
    >>> read_answers("notes.docx", b"...")
    Traceback (most recent call last):
    mlops_widgets.errors.ToolkitError: notes.docx: files that end in .docx cannot be read; one of ... can
    """
    shown = _shown(name)
    last = re.split(r"[/\\]", shown)[-1]
    ending = last.rpartition(".")[2].lower() if "." in last else ""
    known = _BY_ENDING.get(ending)
    if known is None:
        what = f"files that end in .{ending}" if ending else "files without an ending"
        endings = ", ".join(f".{each}" for each in _BY_ENDING)
        raise _refused(shown, f"{what} cannot be read; one of {endings} can")
    if not data.strip():
        raise _refused(shown, "is empty; choose the file that holds the answers")
    if len(data) > LARGEST_FILE:
        raise _refused(shown, f"is larger than {LARGEST_FILE // 1_000_000} MB; no file of answers is")
    if known.ending == "xlsx":
        _check_workbook(shown, data)
    else:
        _check_text(shown, data)
    if known.is_utf8:
        data = _as_utf8(shown, data)
    try:
        return known.read(shown, data, rubric)
    except ToolkitError as error:
        faults = [each if each.where else Problem(where=shown, message=each.message) for each in error.problems]
        if len(faults) > _MOST_FAULTS:
            more = Problem(where=shown, message=f"more faults: {len(faults) - _MOST_FAULTS:,}")
            faults = [*faults[:_MOST_FAULTS], more]
        raise ToolkitError(faults) from None


def written(assessment: Assessment, rubric: Rubric, ending: str) -> bytes:
    """Write an assessment in the format of an ending.

    Raises:
        ToolkitError: no format has that ending.
    """
    if ending not in _BY_ENDING:
        raise ToolkitError(f"there is no format {ending[:40]!r}; there are {', '.join(FORMATS)}")
    return _BY_ENDING[ending].write(assessment, rubric)


def written_plan(assessment: Assessment, rubric: Rubric, ending: str) -> bytes:
    """Write an assessment's plan in the format of an ending.

    Raises:
        ToolkitError: no format of a plan has that ending.
    """
    if ending not in PLANS:
        raise ToolkitError(f"there is no format {ending[:40]!r} of a plan; there are {', '.join(PLANS)}")
    return PLANS[ending].write(assessment, rubric)


def _shown(name: str) -> str:
    """Give a file's name as it may stand in a sentence: not endless, and without what moves the cursor."""
    return "".join(character for character in name if character.isprintable())[-200:] or "file"


def _refused(name: str, message: str) -> ToolkitError:
    return ToolkitError([Problem(where=name, message=message)])


def _check_workbook(name: str, data: bytes) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(name, "is locked with a password or of an old Excel; save it as .xlsx without a password")
    if not data.startswith(b"PK\x03\x04"):
        raise _refused(name, "is no workbook, whatever its ending says; save it as .xlsx with a spreadsheet program")


def _check_text(name: str, data: bytes) -> None:
    for start, what in _NOT_TEXT:
        if data.startswith(start):
            raise _refused(name, f"{what} and no text, whatever its ending says; give it the ending it should have")


def _as_utf8(name: str, data: bytes) -> bytes:
    """Give a text as UTF-8 without a mark at its beginning."""
    # Windows calls UTF-16 "Unicode text".
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        line = data[: getattr(error, "start", 0)].count(b"\n") + 1
        raise _refused(f"{name}:{line}", "is not UTF-8 text; save the file as UTF-8") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise _refused(f"{name}:{line}", "holds bytes that no text has: it is another kind of file")
    if not text.strip():
        raise _refused(name, "is empty; choose the file that holds the answers")
    return text.encode()
