"""Answers in a table of any making: which column says what, and which criterion each row is about.

Knows neither workbooks nor separated values: rows of text come in, marks go out. A row with an answer or a note always
ends as a mark: taken, to confirm, or left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from mlops_widgets.assessment import Answer
from mlops_widgets.formats.column_names import role_in
from mlops_widgets.formats.marks import folded, said, value_for
from mlops_widgets.formats.matching import Match, Matcher, Statement, number_in
from mlops_widgets.formats.reading import LINK, LINKS, NOTE, REASON, Candidate, Mark
from mlops_widgets.formats.wording import answer_keys, yes_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from mlops_widgets.rubric import Rubric

__all__ = ["MOST_CELLS", "Answers", "Table", "answers_in", "cut"]

Row = tuple[int, tuple[str, ...]]
"""Number of a row, from 1, and its cells."""

MOST_CELLS = 250_000
"""Cells of all tables of a file; the largest of ours has two thousand."""

_HEADER_WITHIN = 40
"""Rows within which the names of the columns stand."""

_MARKS_FROM = 0.6
"""Share of a column's cells that must be marks for it to be one of marks."""

_SENTENCE = 8
"""Letters that cells of statements have on the average, at least."""

_HEADING_WORDS = 6

_TEXTS = ("reason", "note", "evidence", "confidence")


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of text, and what to call them.

    Attributes:
        title: what people call the table; empty where there is one alone.
        rows: each with its number.
        place: how a row is called: `{title}, row {number}`.
        heading: whether the title says what the rows are about.
    """

    title: str
    rows: Sequence[Row]
    place: str = "{title}, row {number}"
    heading: bool = True


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What tables came to."""

    marks: tuple[Mark, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    """Titles of the tables that answers were found in."""


@dataclass(frozen=True, kw_only=True)
class _Record:
    """One row: what is asked and what stands beside it."""

    line: int
    place: str
    statement: Statement
    answers: tuple[str, ...]
    fields: Mapping[str, str]

    @property
    def text(self) -> str:
        """What stands there, for people."""
        told = (self.statement.text or self.statement.id or "", *self.answers)
        extra = () if any(self.answers) else (self.fields.get("note", ""), self.fields.get("reason", ""))
        return cut(" | ".join(" ".join(part.split()) for part in (*told, *extra) if part.strip()), 500)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered or noted."""
        return not any(part.strip() for part in (*self.answers, *(self.fields.get(name, "") for name in _TEXTS)))


def cut(text: str, most: int) -> str:
    """Cut a text to a length, and show that it was.

    >>> cut("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def _as_shown(_criterion: str, _part: str, _shown: str) -> None:
    """Say that a cell stands for what it shows."""


def answers_in(
    tables: Iterable[Table],
    rubric: Rubric,
    words: Mapping[str, str],
    *,
    restored: Callable[[str, str, str], Any] | None = None,
) -> Answers:
    """Find the answers in tables.

    Args:
        tables: what to read.
        rubric: what is answered.
        words: what the columns and answers of our own files are called.
        restored: gives what a cell stood for, by criterion, part and text, where that is not what it shows.
    """
    restored = restored or _as_shown
    records: list[_Record] = []
    notes: list[str] = []
    read: list[str] = []
    columns = _Columns(rubric, words)
    for table in tables:
        found = columns.found(table)
        notes += found.notes
        if found.answers or found.extras:
            read.append(table.title)
            records += found.records(table, rubric, restored)
    matches = _matches([record.statement for record in records], rubric)
    found_marks = _held(records, matches, _Understood(rubric, words), restored)
    return replace(found_marks, notes=tuple(notes), read=tuple(read))


def _matches(statements: Sequence[Statement], rubric: Rubric) -> Sequence[Match]:
    """Match statements to criteria; where each has an id of its own, nothing needs to be compared."""
    known = {*rubric.criteria, *rubric.descriptors}
    ids = [statement.id for statement in statements]
    if known.issuperset(ids) and len(set(ids)) == len(ids):
        return [Match(state="taken", criterion=name, how="id", confidence=1.0) for name in ids]
    return Matcher(rubric).match(statements)


# Columns.


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Which column of a table holds what; a column may be missing."""

    first: int
    """Position of the first row below the names."""
    one: Mapping[str, int]
    answers: tuple[int, ...] = ()
    extras: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()

    def records(self, table: Table, rubric: Rubric, restored: Callable[[str, str, str], Any]) -> Iterator[_Record]:
        """Give the rows with an answer or a note."""
        section = heading = ""
        known = {*rubric.criteria, *rubric.descriptors}
        for line, cells in table.rows[self.first :]:

            def text(role: str, cells: tuple[str, ...] = cells) -> str:
                column = self.one.get(role)
                return cells[column].strip() if column is not None and column < len(cells) else ""

            fields: dict[str, str] = {}
            for role, column in self.extras:
                given = cells[column].strip() if column < len(cells) else ""
                if given:
                    fields[role] = f"{fields[role]}\n{given}" if role in fields else given
            answers = tuple(cells[column].strip() if column < len(cells) else "" for column in self.answers)
            section = text("section") or section
            name = text("id")
            number, words = number_in(text("statement"))
            filled = [cell for cell in cells if cell.strip()]
            if len(filled) == 1 and not name and _is_heading(filled[0]):
                heading = " ".join(filled[0].split())
                if not any(answers) and not fields:
                    continue
            level = re.search(r"\d", text("level"))
            record = _Record(
                line=line,
                place=table.place.format(title=table.title, number=line),
                answers=answers,
                fields=fields,
                statement=Statement(
                    text=" ".join(words.split()) if number else " ".join(text("statement").split()),
                    headings=tuple(part for part in (table.title if table.heading else "", section, heading) if part),
                    id=name or None,
                    number=number or text("number") or None,
                    value=folded(" ".join(answers)) or None,
                    line=line,
                    level=int(level[0]) if level else None,
                ),
            )
            hidden = name in known and any(restored(name, part, fields.get(part, "")) is not None for part in _TEXTS)
            if hidden or not record.is_empty:
                yield record


def _is_heading(text: str) -> bool:
    return len(text.split()) <= _HEADING_WORDS and not text.rstrip().endswith((".", "?", "!"))


class _Columns:
    """Finds which column of a table holds what: by its name, else by what stands in it."""

    def __init__(self, rubric: Rubric, words: Mapping[str, str]) -> None:
        own = ("id", "section", "level", "statement", "answer", "reason", "note", "evidence", "confidence")
        self.roles = {folded(words[name]): name for name in own}
        self.roles |= {folded(words[name]): "other" for name in ("help", "number", "check")}
        self.keys = {key for scale in rubric.scales.values() for key in answer_keys(scale, words)}
        self.ids = {*rubric.criteria, *rubric.descriptors}

    def found(self, table: Table) -> _Found:
        """Find the columns of a table."""
        rows = [cells for _, cells in table.rows]
        first, header = self._header(rows)
        body = rows[first:]
        width = max(map(len, [*body, header]))
        columns = [[cells[column].strip() for cells in body if column < len(cells)] for column in range(width)]
        roles = [self._role(header[column]) if column < len(header) else "" for column in range(width)]
        if roles.count("level") > 1:
            roles = ["" if role == "level" else role for role in roles]
        one: dict[str, int] = {}
        for column, role in enumerate(roles):
            if role in ("id", "statement", "section", "level", "number"):
                one.setdefault(role, column)
        if "id" not in one:
            # An id may stand in any column, whatever that is called.
            ids = [column for column, cells in enumerate(columns) if sum(cell in self.ids for cell in cells) > 1]
            if ids:
                one["id"] = ids[0]
        answers = [column for column, role in enumerate(roles) if role == "answer" and any(columns[column])]
        named = [column for column, role in enumerate(roles) if role == "answer"]
        if not named:
            free = [column for column, role in enumerate(roles) if not role and column not in one.values()]
            answers = [column for column in free if self._are_marks(columns[column])]
            if not answers and "level" in one and self._are_marks(columns[one["level"]]):
                answers = [one.pop("level")]
        if "statement" not in one:
            taken = {*one.values(), *answers}
            free = [column for column, role in enumerate(roles) if not role and column not in taken]
            longest = max(free, key=lambda column: _length(columns[column]), default=None)
            if longest is not None and _length(columns[longest]) >= _SENTENCE:
                one["statement"] = longest
        extras = [(role, column) for column, role in enumerate(roles) if role in _TEXTS]
        return self._told(table, header, columns, roles, _Found(
            first=first, one=one, answers=tuple(answers or named), extras=tuple(extras)
        ))  # fmt: skip

    def _told(
        self, table: Table, header: Sequence[str], columns: list[list[str]], roles: list[str], found: _Found
    ) -> _Found:
        """Add what is to be told: two columns of answers, columns and tables that were not read."""
        name = table.title or "The file"
        counted = sum(any(cell.strip() for cell in cells) for _, cells in table.rows)
        is_of_answers = (found.answers or found.extras) and ("id" in found.one or "statement" in found.one)
        if not is_of_answers:
            told = (f"{name}: no columns of statements and answers were found; {counted} rows were not read",)
            return replace(found, answers=(), extras=(), notes=told if counted else ())
        notes = []
        if len(found.answers) > 1:
            called = " and ".join(_called(header, column) for column in found.answers)
            both = "both" if len(found.answers) == 2 else "all"  # noqa: PLR2004 - two are both
            notes.append(f"{name}: {called} {both} look like answers; say which one counts where they differ")
        used = {*found.one.values(), *found.answers, *(column for _, column in found.extras)}
        unread = [
            _called(header, column)
            for column, role in enumerate(roles)
            if column not in used and role in ("", "id", "statement") and any(columns[column])
        ]
        if unread:
            one = len(unread) == 1
            what = "is not a column that is known here, and was" if one else "are not columns known here, and were"
            notes.append(f"{name}: {', '.join(unread)} {what} not read")
        return replace(found, notes=tuple(notes))

    def _header(self, rows: Sequence[Sequence[str]]) -> tuple[int, Sequence[str]]:
        """Find the row that names the columns: position of the row after it, and its cells."""
        for position, cells in enumerate(rows[:_HEADER_WITHIN]):
            # `Done` names a column in the first row, and is an answer in any other.
            named = [cell for cell in cells if not position or not self._is_mark(cell)]
            roles = {role for cell in named if (role := self._role(cell))}
            filled = sum(bool(cell.strip()) for cell in cells)
            if len(roles) > 1 or (roles & {"answer", "id", "statement"} and filled > 1 and len(named) == len(cells)):
                return position + 1, cells
        return 0, ()

    def _is_mark(self, cell: str) -> bool:
        return cell.strip().lower() in self.keys or said(cell) is not None

    def _role(self, name: str) -> str:
        return role_in(name, self.roles)

    def _are_marks(self, cells: Sequence[str]) -> bool:
        filled = [cell for cell in cells if cell]
        if not filled or _counts_up(filled):
            return False
        return sum(map(self._is_mark, filled)) >= _MARKS_FROM * len(filled)


def _called(header: Sequence[str], column: int) -> str:
    name = " ".join(header[column].split()) if column < len(header) else ""
    return f"“{cut(name, 60)}”" if name else f"column {column + 1}"


def _counts_up(cells: Sequence[str]) -> bool:
    """Whether cells are but the numbers of their rows."""
    if len(cells) < 2 or not re.fullmatch(r"[0-9]{1,6}", cells[0]):  # noqa: PLR2004 - one row has no order
        return False
    first = int(cells[0])
    return list(cells) == [str(number) for number in range(first, first + len(cells))]


def _length(cells: Sequence[str]) -> float:
    filled = [cell for cell in cells if cell]
    return sum(sum(c.isalpha() for c in cell) for cell in filled) / len(filled) if filled else 0.0


# Answers.


def _held(
    records: Sequence[_Record],
    matches: Sequence[Match],
    understood: _Understood,
    restored: Callable[[str, str, str], Any],
) -> Answers:
    """Make a mark of every row, and an answer of every mark that can be taken."""
    marks: list[Mark] = []
    answers: dict[str, Answer] = {}
    for record, match in zip(records, matches, strict=True):
        mark = _mark(record, match, understood, restored)
        criterion = mark.criterion
        if criterion is None or mark.answer.is_empty:
            marks.append(mark)
            continue
        if answers.setdefault(criterion, mark.answer) != mark.answer:
            same = match.why or "is about what another row is about"
            mark = replace(
                mark,
                state="confirm",
                criterion=None,
                how=None,
                candidates=(Candidate(criterion=criterion, confidence=1.0),),
                why=f"{same}, but not in all it says; keep one of them",
            )
        marks.append(mark)
    return Answers(marks=tuple(marks), answers=answers)


class _Understood:
    """What is written in a cell of answers, held against the scale of a criterion."""

    def __init__(self, rubric: Rubric, words: Mapping[str, str]) -> None:
        self.rubric = rubric
        self.yes = yes_keys(words)
        self.keys = {id(scale): answer_keys(scale, words) for scale in rubric.scales.values()}

    def value(self, text: str, criterion: str) -> tuple[str | None, str]:
        """Give the value a text stands for, or why there is none."""
        plain = " ".join(text.split())
        scale = self.rubric.scale_of.get(criterion)
        if scale is None and plain.lower() in self.yes:
            return "yes", ""
        if scale is not None and (known := self.keys[id(scale)].get(plain.lower())) is not None:
            return known, ""
        mark = said(plain)
        if mark is None:
            choices = ", ".join(option.label for option in scale.options) if scale is not None else "Yes"
            return None, f"{cut(plain, 60)!r} is none of these: {choices}"
        meaning = value_for(mark, scale)
        return meaning.value, meaning.why


def _mark(record: _Record, match: Match, understood: _Understood, restored: Callable[[str, str, str], Any]) -> Mark:
    """Make the mark of a row."""
    told = [text for text in record.answers if text]
    criterion = match.criterion or (match.candidates[0].criterion if match.candidates else None)
    read = [understood.value(text, criterion) if criterion else (None, "") for text in told]
    values = {value for value, _ in read}
    whys = [why for _, why in read if why]
    differ = len(record.answers) > 1 and bool(told) and (len(values) > 1 or len(told) < len(record.answers))
    value = next(iter(values)) if len(values) == 1 and not differ else None
    extra = [text for text in told if value is None and (whys or differ or criterion is None)]
    answer, why = _answer(record, value, extra, criterion if match.state == "taken" else None, restored)
    mark = Mark(
        line=record.line,
        place=record.place,
        text=record.text,
        answer=answer,
        state=match.state,
        criterion=match.criterion if match.state == "taken" else None,
        how=match.how,
        confidence=match.confidence,
        candidates=match.candidates,
        why=" ".join(filter(None, (match.why, why))),
    )
    if not record.statement.text and not record.statement.id:
        return replace(mark, state="left", criterion=None, how=None, why="no statement stands beside it")
    if match.state == "taken" and (whys or differ):
        both = "more than one column of answers is filled in, or they differ; say which one counts"
        return mark.doubted(both if differ else whys[0])
    return mark


def _answer(
    record: _Record,
    value: str | None,
    extra: Sequence[str],
    criterion: str | None,
    restored: Callable[[str, str, str], Any],
) -> tuple[Answer, str]:
    """Make the answer of a row, and say what of it did not fit."""
    exact = {part: restored(criterion, part, record.fields.get(part, "")) for part in _TEXTS if criterion is not None}
    note = record.fields.get("note", "") if exact.get("note") is None else exact["note"]
    reason = record.fields.get("reason", "") if exact.get("reason") is None else exact["reason"]
    links = [line.strip() for line in record.fields.get("evidence", "").split("\n") if line.strip()]
    links = links if exact.get("evidence") is None else list(exact["evidence"])
    notes, whys = [*extra, *([note] if note else [])], []
    given = record.fields.get("confidence", "")
    confidence = int(float(given)) if re.fullmatch(r"[1-5](\.0+)?", given) else None
    if given and confidence is None:
        notes.append(f"Confidence: {given}")
        whys.append(f"the confidence {cut(given, 40)!r} is no number from 1 to 5, and stands in the note")
    kept = [link for link in links if len(link) <= LINK][:LINKS]
    if len(kept) < len(links):
        notes += [link for link in links if link not in kept]
        whys.append("evidence that is too long, or beyond twenty, stands in the note")
    text = "\n".join(notes)
    for name, each, most in (("note", text, NOTE), ("reason", reason, REASON)):
        if len(each) > most:
            whys.append(f"the {name} has {len(each):,} characters; the first {most:,} were kept")
    answer = Answer(value=value, note=text[:NOTE], reason=reason[:REASON], evidence=tuple(kept), confidence=confidence)
    return answer, "; ".join(whys)
