"""An assessment as separated values, one row a criterion, for tools; and answers in such a file of any making."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from mlops_widgets.assessment import Answer
from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.kept import Exact, Kept, assembled, rubric_named
from mlops_widgets.formats.marks import folded
from mlops_widgets.formats.reading import Reading
from mlops_widgets.formats.tables import MOST_CELLS, Table, answers_in, cut
from mlops_widgets.formats.wording import answers_shown, asked
from mlops_widgets.library import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.rubric import Rubric

__all__ = ["read_csv", "write_csv"]

LARGEST = 10_000_000
"""Bytes; a file of ours has 60,000."""

MOST_ROWS = 10_000

COLUMNS = ("assessment_id", "rubric", "version", "subject", "date", "assessor", "id", "dimension", "section", "level",
           "text", "value", "label", "note", "evidence", "reason", "confidence", "more")  # fmt: skip
"""What each column is called; `more` holds as JSON what no column shows, in as many rows as it needs."""

_HEAD = ("subject", "date", "assessor")

_COMPUTED = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")
"""What a text begins with that a spreadsheet would compute; with an apostrophe before it, it is shown."""

_CHUNK = 30_000
"""Characters of one cell of what no column shows; a spreadsheet takes 32,767."""

_SEPARATORS = ",;\t|"

_END = "\0end"
"""A last row that no text has: within a value, when a quotation mark is missing."""

_LOOKED_AT = 50
"""Rows that tell what separates the values."""


def write_csv(assessment: Assessment, rubric: Rubric) -> str:
    r"""Write an assessment as comma-separated values: one row a criterion, in the order of the rubric.

    A text that a spreadsheet would compute stands behind an apostrophe. Reading gives the same assessment back.

    >>> from mlops_widgets.assessment import Assessment
    >>> from mlops_widgets.library import load_rubric
    >>> rubric = load_rubric("mlops-levels")
    >>> churn = Assessment.from_dict({"id": "churn", "rubric": {"id": "mlops-levels", "version": "1.0"},
    ...     "subject": "Churn model", "date": "2026-11-20", "answers": {"data.catalog": "yes"}})
    >>> read_csv(write_csv(churn, rubric).encode(), rubric, name="churn.csv").assessment == churn
    True
    """
    rows = list(_rows(assessment, rubric))
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _shown(value) for name, value in row.items()} for row in rows)
    return file.getvalue()


def read_csv(data: bytes, rubric: Rubric | None = None, *, name: str) -> Reading:
    """Read separated values, ours or any that have answers in them; `id,value` is enough.

    Args:
        data: the file, separated by commas, semicolons, tabs or bars.
        rubric: what it answers; the one it names, or whose ids it has, when left out.
        name: name of the file, for the sentences.

    Raises:
        ToolkitError: it is too large or no text, or says nothing of its rubric.
    """
    text, notes = _decoded(data, name)
    rows = _parsed(text, name)
    if not rows:
        raise ToolkitError([Problem(where=name, message="is empty")])
    kept, rows, told = _kept(rows)
    notes += told
    rubric = rubric or rubric_named(kept, (cell for _, cells in rows for cell in cells), name)
    own = {**words("workbook"), **words("workbook", rubric.language)}
    table = Table(title="", rows=rows, place="line {number}", heading=False)
    found = answers_in([table], rubric, own, restored=kept.restored)
    assessment, told = assembled(
        {"targets_by": kept.targets_by or "", **_head(rows)},
        kept,
        rubric,
        found.answers,
        targets={},
        profile=kept.profile,
        where="The file",
        name=name,
        data=data,
    )
    labels = _labels_changed(rows, rubric, own)
    return Reading(
        rubric=rubric, assessment=assessment, marks=found.marks, notes=(*notes, *told, *found.notes, *labels)
    )


# Writing.


def _rows(assessment: Assessment, rubric: Rubric) -> Iterator[dict[str, str]]:
    exact, own = Exact(), words("workbook", rubric.language)
    head = {
        "assessment_id": assessment.id,
        "rubric": assessment.rubric.id,
        "version": assessment.rubric.version,
        "date": assessment.date,
        **{part: exact.text(part, getattr(assessment, part)) for part in _HEAD},
    }
    rows = []
    for dimension in rubric.sections:
        for section in dimension.walk():
            for item in asked(section):
                answer = assessment.answers.get(item.id, Answer())
                labels = {"yes": own["yes"]}
                if item.id in rubric.criteria:
                    labels = answers_shown(rubric.scale_of[item.id], own)
                key = f"answers/{item.id}/"
                rows.append(
                    {
                        **head,
                        "id": item.id,
                        "dimension": dimension.title,
                        "section": section.title,
                        "level": "" if item.level is None else str(item.level),
                        "text": item.text,
                        "value": answer.value or "",
                        "label": labels.get(answer.value or "", ""),
                        "note": exact.text(key + "note", answer.note),
                        "evidence": exact.links(key + "evidence", answer.evidence),
                        "reason": exact.text(key + "reason", answer.reason),
                        "confidence": "" if answer.confidence is None else str(answer.confidence),
                    }
                )
    more = exact.written(assessment, rows={row["id"] for row in rows}, shown=())
    chunks = [more[start : start + _CHUNK] for start in range(0, len(more), _CHUNK)]
    for position in range(max(len(rows), len(chunks))):
        row = rows[position] if position < len(rows) else head
        yield {**row, "more": chunks[position] if position < len(chunks) else ""}


def _shown(text: str) -> str:
    return f"'{text}" if text.startswith(_COMPUTED) else text


def _meant(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_COMPUTED) else text


# Reading.


def _decoded(data: bytes, name: str) -> tuple[str, list[str]]:
    """Turn bytes into text, by what they begin with; what is no UTF-8 is what Windows writes, and that is told."""
    if not data:
        raise ToolkitError([Problem(where=name, message="is empty")])
    if len(data) > LARGEST:
        raise ToolkitError(
            [Problem(where=name, message=f"is larger than {LARGEST // 1_000_000} MB; no file of ours is")]
        )
    if data.startswith(b"PK\x03\x04"):
        raise ToolkitError(
            [Problem(where=name, message="is a workbook or a zip file; call it .xlsx if it is a workbook")]
        )
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig"]
    if encodings == ["utf-8-sig"] and len(data) > 3:  # noqa: PLR2004 - two letters
        # Two letters of UTF-16, of which one byte each is nothing.
        encodings += ["utf-16-le"] * (not data[1] and not data[3]) + ["utf-16-be"] * (not data[0] and not data[2])
    for encoding in reversed(encodings):
        try:
            return data.decode(encoding).replace("\r\n", "\n"), []
        except UnicodeDecodeError:
            continue
    if b"\0" in data:
        raise ToolkitError([Problem(where=name, message="is not text; save it as CSV in UTF-8")])
    told = "The file is not UTF-8 and was read as Windows-1252: look at letters such as é and ß."
    # Five bytes mean nothing there.
    return data.decode("cp1252", "replace").replace("\r\n", "\n"), [told]


def _parsed(text: str, name: str) -> list[tuple[int, tuple[str, ...]]]:
    """Split text into rows, each with the number of its first line; empty ones are left out."""
    if "\n" not in text:
        text = text.replace("\r", "\n")
    skipped = 0
    if text[:4].lower() == "sep=" and len(text) > 4:  # noqa: PLR2004 - the word and what separates
        separator, skipped = text[4], 1
        text = text.partition("\n")[2]
    else:
        separator = _separator(text)
    rows: list[tuple[int, tuple[str, ...]]] = []
    reader = csv.reader(io.StringIO(f"{text}\n{_END}", newline=""), delimiter=separator)
    try:
        line, count = 1 + skipped, 0
        for cells in reader:
            if cells and cells[-1].endswith(_END):
                if len(cells) > 1 or cells[0] != _END:
                    message = "a quotation mark opens a value here, and none closes it before the end of the file"
                    raise ToolkitError([Problem(where=f"{name}:{line}", message=message)])
                break
            if any(cell.strip() for cell in cells):
                if len(rows) >= MOST_ROWS:
                    message = f"has more than {MOST_ROWS:,} rows; a file of answers has a few hundred: is it another?"
                    raise ToolkitError([Problem(where=name, message=message)])
                rows.append((line, tuple(cells)))
                count += len(cells)
                if count > MOST_CELLS:
                    message = (
                        f"has more than {MOST_CELLS:,} cells; a file of answers has a few thousand: is it another?"
                    )
                    raise ToolkitError([Problem(where=name, message=message)])
            line = reader.line_num + 1 + skipped
    except csv.Error:
        message = "cannot be split into values from here on: a quotation mark is missing or a value is too long"
        raise ToolkitError([Problem(where=f"{name}:{reader.line_num + skipped}", message=message)]) from None
    return rows


def _separator(text: str) -> str:
    """Find what separates the values: what gives the first rows the most columns, as many in each."""

    def columns(separator: str) -> tuple[int, int]:
        counts: list[int] = []
        try:
            for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
                if cells:
                    counts.append(len(cells))
                if len(counts) == _LOOKED_AT:
                    break
        except csv.Error:
            return 0, 0
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual), usual) if usual > 1 else (0, 0)

    return max(_SEPARATORS, key=columns)


def _kept(
    rows: Sequence[tuple[int, tuple[str, ...]]],
) -> tuple[Kept, list[tuple[int, tuple[str, ...]]], list[str]]:
    """Take what no column shows out of a file of ours, and give its texts as they were meant."""
    header = [cell.strip() for cell in rows[0][1]]
    if not {"assessment_id", "id", "value"} <= set(header):
        return Kept(), list(rows), []
    meant = [(line, tuple(map(_meant, cells))) for line, cells in rows]
    column = header.index("more") if "more" in header else len(header)
    kept = Kept.read("".join(cells[column] for _, cells in meant[1:] if len(cells) > column))
    if kept is None:
        told = "The column “more” is missing or cannot be read: what no column shows, such as the plan, is lost."
        return Kept(), meant, [told]
    return kept, meant, []


def _labels_changed(
    rows: Sequence[tuple[int, tuple[str, ...]]], rubric: Rubric, own: Mapping[str, str]
) -> Iterator[str]:
    """Tell where the label of a file of ours says something else than the value beside it, which counts."""
    header = [cell.strip() for cell in rows[0][1]]
    if not {"assessment_id", "id", "value", "label"} <= set(header):
        return
    columns = [header.index(name) for name in ("id", "value", "label")]
    for line, cells in rows[1:]:
        name, value, label = (cells[column].strip() if column < len(cells) else "" for column in columns)
        scale = rubric.scale_of.get(name)
        meant = answers_shown(scale, own).get(value, "") if scale is not None else label
        if label and folded(label) not in (folded(meant), folded(value)):
            yield f"line {line}: the label says {cut(label, 40)!r} and the value {cut(value, 40)!r}; the value counts"


def _head(rows: Sequence[tuple[int, tuple[str, ...]]]) -> dict[str, str]:
    """Find what the file says of the assessment itself: the first that stands in each column."""
    header = [cell.strip().lower() for cell in rows[0][1]]
    return {
        part: next((cells[column] for _, cells in rows[1:] if len(cells) > column and cells[column].strip()), "")
        for part in _HEAD
        if part in header
        for column in [header.index(part)]
    }
