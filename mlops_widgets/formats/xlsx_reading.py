"""A workbook read back: ours, however people changed it, or any that has answers in a table.

What people see wins over what is hidden. Nothing in a workbook is computed, followed or run.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from mlops_widgets.assessment import Answer, Assessment, Plan
from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.json import parsed
from mlops_widgets.formats.marks import folded
from mlops_widgets.formats.reading import Reading
from mlops_widgets.formats.tables import Table, answers_in, cut
from mlops_widgets.formats.xlsx_checks import Checked, checked
from mlops_widgets.formats.xlsx_layout import DATA_SHEET, HEAD, SCORE_SHEET, yes_keys
from mlops_widgets.library import load_rubric, rubric_ids, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mlops_widgets.rubric import Rubric

__all__ = ["reading"]

MOST_ROWS = 10_000
"""Rows with something in them; the largest rubric we ship has a hundred criteria."""

MOST_COLUMNS = 256

_LAST_ROW = 1_048_576

UNDATED = "1970-01-01"
"""Date of what does not say when it was answered."""


@dataclass
class _Sheet:
    """A sheet as text: rows that have something, each with its number."""

    title: str
    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    hidden: bool = False
    uncomputed: list[str] = field(default_factory=list)
    """Cells with a formula and no value."""


def reading(data: bytes, rubric: Rubric | None, *, name: str) -> Reading:
    """Read a workbook; see `xlsx.read_xlsx`."""
    file = checked(data, name)
    sheets = _sheets(file, name)
    if not any(sheet.rows for sheet in sheets):
        raise ToolkitError([Problem(where=name, message="has nothing in it: every sheet is empty")])
    kept, notes = _kept(sheets)
    notes = [*file.notes, *notes]
    rubric = rubric or _rubric(kept, sheets, name)
    own = {**words("workbook"), **words("workbook", rubric.language)}
    start = _start(sheets, rubric, own)
    tables = [
        Table(title=sheet.title, rows=sheet.rows, heading=not re.fullmatch(r"\w+ ?\d*", sheet.title) or kept.ours)
        for sheet in sheets
        if sheet.title not in (SCORE_SHEET, DATA_SHEET) and sheet is not start.sheet
    ]
    found = answers_in(tables, rubric, own, restored=kept.restored)
    for sheet in sheets:
        if sheet.uncomputed:
            cells = cut(", ".join(sheet.uncomputed), 100)
            notes.append(
                f"{sheet.title}: {cells} is computed and has no value; open the workbook in a spreadsheet program, "
                "save it, and read it again"
            )
    assessment, told = _assessment(start, kept, rubric, found.answers, name=name, data=data)
    return Reading(rubric=rubric, assessment=assessment, marks=found.marks, notes=(*notes, *told, *found.notes))


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
    filled = 0
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        ours = DATA_SHEET in book.sheetnames
        for source in book.worksheets:
            if ours and source.title == SCORE_SHEET:
                continue
            sheet = _Sheet(title=str(source.title), hidden=source.sheet_state != "visible")
            source.reset_dimensions()
            for number, cells in enumerate(source.iter_rows(max_col=MOST_COLUMNS), start=1):
                if number > _LAST_ROW:
                    raise ToolkitError("has more rows than a workbook can have; it was not read further")
                texts = [_text(cell.value, cell) for cell in cells]
                while texts and not texts[-1]:
                    texts.pop()
                if texts:
                    filled += 1
                    if filled > MOST_ROWS:
                        raise ToolkitError(
                            f"has more than {MOST_ROWS:,} rows; a workbook of answers has a few hundred: is it another?"
                        )
                    sheet.rows.append((number, tuple(texts)))
            yield sheet
    finally:
        book.close()


def _text(value: object, cell: Any) -> str:  # noqa: ANN401 - a cell of a library without types
    """Give what a cell shows, as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (datetime, date)):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, time):
        return value.isoformat()
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
            source.reset_dimensions()
            given = dict(sheet.rows)
            for number, cells in enumerate(source.iter_rows(max_col=MOST_COLUMNS), start=1):
                for column, cell in enumerate(cells):
                    if cell.data_type == "f":
                        texts = given.get(number, ())
                        if column >= len(texts) or not texts[column]:
                            sheet.uncomputed.append(cell.coordinate)
    finally:
        book.close()


# What is hidden.


@dataclass
class _Kept:
    """What a workbook of ours keeps beside what it shows."""

    ours: bool = False
    id: str | None = None
    rubric: Any = None
    targets: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    unmatched: Mapping[str, Any] = field(default_factory=dict)
    plan: Any = None
    exact: Mapping[str, Any] = field(default_factory=dict)

    def restored(self, criterion: str, part: str, shown: str) -> Any:  # noqa: ANN401 - text, or a list of it
        """Give what an answer's cell stood for, where it still shows what was written."""
        return self.real(f"answers/{criterion}/{part}", shown)

    def real(self, key: str, shown: Any) -> Any:  # noqa: ANN401 - the same
        """Give what a cell stood for; None where it stands for itself, or was changed."""
        pair = self.exact.get(key)
        if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004 - a pair
            return None
        was, is_really = pair
        same = was.strip() == shown.strip() if isinstance(was, str) and isinstance(shown, str) else was == shown
        wanted = list if key.endswith("/evidence") or key == "profile" else str
        return is_really if same and isinstance(is_really, wanted) and all(isinstance(each, str) for each in is_really) else None


def _kept(sheets: Sequence[_Sheet]) -> tuple[_Kept, list[str]]:
    """Read the hidden sheet; one that was damaged is told and passed over."""
    sheet = next((sheet for sheet in sheets if sheet.title == DATA_SHEET), None)
    if sheet is None:
        return _Kept(), []
    damaged = f"The hidden sheet {DATA_SHEET} cannot be read: what no cell shows, such as the plan, is lost."
    try:
        plain = parsed("".join(cells[0] for _, cells in sheet.rows), name=DATA_SHEET)
        if plain["format"] != 1:
            return _Kept(), [damaged]
        mappings = {
            key: plain.get(key, {}) for key in ("targets", "answers", "unmatched", "exact")
        }
        # Whatever is hidden is held against the model as if a person had typed it.
        Assessment.from_dict(
            {"subject": "any", "date": UNDATED, "plan": plain.get("plan", {})}
            | {key: plain[key] for key in ("id", "rubric")}
            | {key: mappings[key] for key in ("targets", "answers", "unmatched")}
        )
        if not isinstance(mappings["exact"], dict):
            return _Kept(), [damaged]
        return _Kept(ours=True, id=plain["id"], rubric=plain["rubric"], plan=plain.get("plan"), **mappings), []
    except (ToolkitError, KeyError, TypeError, AttributeError, IndexError, ValueError):
        return _Kept(), [damaged]


def _rubric(kept: _Kept, sheets: Sequence[_Sheet], name: str) -> Rubric:
    """Find the rubric a workbook answers."""
    if kept.ours:
        return load_rubric(kept.rubric["id"])
    known = set(rubric_ids())
    named = {cell.strip() for sheet in sheets for _, cells in sheet.rows[:20] for cell in cells} & known
    if len(named) == 1:
        return load_rubric(named.pop())
    choices = ", ".join(rubric_ids())
    raise ToolkitError([Problem(where=name, message=f"does not say which rubric it answers; name one: {choices}")])


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
        found = {
            labels[folded(cells[0])] for _, cells in sheet.rows if cells and folded(cells[0]) in labels
        }
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
                start.notes.append(f"{sheet.title}, row {number}: {cut(value, 40)!r} is neither yes nor empty; taken as no")
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


# The assessment.


def _assessment(
    start: _Start, kept: _Kept, rubric: Rubric, answers: Mapping[str, Answer], *, name: str, data: bytes
) -> tuple[Assessment, list[str]]:
    """Put together what the sheets say; what cannot be taken is told."""
    notes = list(start.notes)
    head = {}
    for part in HEAD:
        shown = start.head.get(part, "")
        real = kept.real(part, shown)
        head[part] = real if real is not None else shown.strip()
    stem = re.sub(r"^.*[/\\]|\.[A-Za-z0-9]{1,5}$", "", name).strip() or "Workbook"
    where = start.sheet.title if start.sheet is not None else "The workbook"
    if not head["subject"]:
        notes.append(f"{where}: names no subject; the assessment is called {cut(stem, 100)!r} after the file")
        head["subject"] = stem
    for part in ("subject", "assessor"):
        if len(head[part]) > 200:  # noqa: PLR2004 - the most an assessment holds
            notes.append(f"{where}: the {part} has {len(head[part])} characters; the first 200 were kept")
            head[part] = head[part][:200]
    for part in ("date", "targets_by"):
        given = _day(head[part])
        if given is None and head[part]:
            notes.append(f"{where}: {cut(head[part], 40)!r} is no date like 2026-11-20")
        head[part] = given or ""
    if not head["date"]:
        notes.append(f"{where}: says no date; {UNDATED} stands in for it")
    targets: dict[str, float] = {}
    for part, text in {**kept.targets, **start.targets}.items():
        number = _number(kept.real(f"targets/{part}", text) or text)
        if number is None:
            notes.append(f"{where}: the target {cut(text, 40)!r} of {part} is no number")
        else:
            targets[part] = number
    profile = kept.real("profile", start.profile)
    plain = {
        "id": kept.id or hashlib.sha256(data).hexdigest()[:12],
        "rubric": kept.rubric or {"id": rubric.id, "version": rubric.version},
        "subject": head["subject"],
        "date": head["date"] or UNDATED,
        "assessor": head["assessor"],
        "profile": start.profile if profile is None else profile,
        "targets": targets,
        "targets_by": head["targets_by"] or None,
        "answers": {**kept.answers, **{key: answer.to_dict() for key, answer in answers.items()}},
        "unmatched": kept.unmatched,
        "plan": kept.plan or Plan().model_dump(),
    }
    return Assessment.from_dict(plain), notes


def _day(text: str) -> str | None:
    """Read a day as people write it, where there is one way to read it."""
    text = text.strip()
    if (iso := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)) is not None:
        year, month, day = map(int, iso.groups())
    elif (german := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", text)) is not None:
        day, month, year = map(int, german.groups())
    else:
        return None
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None  # noqa: PLR2004 - a calendar


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        found = re.findall(r"\d+(?:[.,]\d+)?", text)
        return float(found[0].replace(",", ".")) if len(found) == 1 else None
