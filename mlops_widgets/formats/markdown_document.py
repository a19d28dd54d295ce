"""A Markdown document as what was answered in it, before it is held against a rubric.

Every line with a mark becomes an entry: one to be matched, or one that is told with the reason why it is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.markdown_blocks import LEVEL_ONLY, Block, blocks, walk
from mlops_widgets.formats.markdown_entries import (
    DETAILS,
    LONGEST,
    Details,
    Entry,
    Known,
    Parsed,
    details_of,
    is_detail,
    one_line,
    parsed,
    shown,
)
from mlops_widgets.formats.markdown_records import is_header, record_of
from mlops_widgets.formats.markdown_tables import table_entries
from mlops_widgets.formats.markdown_text import named, without_comments
from mlops_widgets.formats.marks import NA, NO, OPEN, PARTLY, SIGN, UNCLEAR, YES, Said, with_signs

if TYPE_CHECKING:
    from collections.abc import Sequence


__all__ = ["ASSESSOR", "MOST_MARKS", "PLAN_ZONES", "SUBJECT", "Document", "document_of", "named_rubric"]

MOST_MARKS = 5_000
"""Marks of one document; the longest rubric we ship has a hundred criteria."""

_TO_DO = re.compile(
    r"\b(?:plan|roadmap|next steps?|to-?dos?|action items?|actions|improvements?|priority|priorities|top gaps|backlog|"
    r"maßnahmen|nächste schritte|prochaines étapes|próximos pasos|prossimi passi)\b",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"(?:(?P<what>[^\W\d_][\w ()-]{1,40}?)\s*:\s*)?level\s+(?P<level>\d)(?:\s*[-–]\s*(?P<to>\d))?\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_CLAIMING = re.compile(
    r"current|overall|level|maturity|status|result|score|achieved|gesamt|stand|actuel|actual", re.IGNORECASE
)
_BOX_LINE = re.compile(r"(?:[-*+]|\d[.)])[ \t]{1,9}(?:\[.?\ufe0f?\]|\([ xX]\))(?=\s|$)")
_ESCAPED_BOX = re.compile(r"^([ \t>]{0,60}(?:(?:[-*+]|\d{1,3}[.)])[ \t]{1,9})?)\\\[(.?)\\\](?=\s|$)", re.MULTILINE)
"""A box as programs write it that export what was typed as text."""
_ITEM = re.compile(r"(?:[ \t]|>){0,60}(?:[-*+]|\d{1,9}[.)])[ \t]+")
_RUBRIC = re.compile(r"^- \*\*Rubric:\*\* .{0,1500}<!-- rubric = \S{1,400} -->$", re.MULTILINE)
SUBJECT = {
    "subject",
    "system",
    "ai system",
    "ml system",
    "project",
    "model",
    "application",
    "service",
    "product",
    "projekt",
}
ASSESSOR = {"assessed by", "assessor", "author", "reviewer", "reviewed by", "team", "bewertet von"}
PLAN_ZONES = ("plan", "items", "metrics", "budget", "efforts")


@dataclass(kw_only=True)
class Document:
    """What was found in a document before it is held against a rubric."""

    text: str
    found: list[Block]
    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    claims: list[tuple[int, str, int, int, tuple[str, ...]]] = field(default_factory=list)
    covered: set[int] = field(default_factory=set)
    is_own: bool = False


def named_rubric(text: str) -> str | None:
    """Find the rubric that a document of the writer names."""
    found = _RUBRIC.search(text)
    record = record_of(found[0]) if found else None
    return record[1].split(" ")[0] if record else None


# From a text to its entries


def document_of(text: str, known: Known, *, name: str = "", found: list[Block] | None = None) -> Document:
    """Part a text into entries, each with the place where it stands.

    Args:
        text: the document.
        known: what may stand in it.
        name: what it is called in errors.
        found: its blocks, where another document of the same text has them already.

    Raises:
        ToolkitError: it holds more marks than any checklist has.
    """
    is_own = named_rubric(text) is not None
    if not is_own:
        text = with_signs(_ESCAPED_BOX.sub(r"\1[\2]", text))
    shown_text, hidden = _without_hidden(text)
    found = blocks(shown_text) if found is None else found
    document = Document(text=text, found=found, is_own=is_own)
    _Collector(document, known).collect(found)
    if not document.entries and not document.is_own:
        # The whole checklist may have been pasted as code.
        for block in walk(found):
            if block.kind == "code":
                inner = blocks(block.text)
                for each in walk(inner):
                    each.line, each.end = each.line + block.line, each.end + block.line
                _Collector(document, known).collect(inner)
    _sweep(document, hidden, known)
    if len(document.entries) > MOST_MARKS:
        message = f"holds {len(document.entries):,} marks; the most is {MOST_MARKS:,}. Split it into several files"
        raise ToolkitError([Problem(where=name, message=message)])
    document.entries.sort(key=lambda entry: (entry.line, entry.part))
    return document


def _without_hidden(text: str) -> tuple[str, set[int]]:
    """Take out comments of several lines, which no page shows; give the lines they stand on."""
    parts: list[str] = []
    hidden: set[int] = set()
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        inner = text[start : end + 3]
        parts.append(text[at:start])
        if "\n" in inner:
            first = text.count("\n", 0, start) + 1
            hidden.update(range(first, first + inner.count("\n") + 1))
            inner = "\n" * inner.count("\n")
        parts.append(inner)
        at = end + 3
    return "".join(parts) + text[at:], hidden


def _sweep(document: Document, hidden: set[int], known: Known) -> None:
    """Tell every line with a mark that nothing was read from, with its reason."""
    code = {line for block in walk(document.found) if block.kind == "code" for line in range(block.line, block.end + 1)}
    for number, line in enumerate(document.text.split("\n"), 1):
        if number in document.covered or not _is_marked(line, known):
            continue
        where = (
            "in a comment" if number in hidden else "in a block of code" if number in code else "outside any statement"
        )
        entry = Entry(
            line=number, source=line.strip()[:LONGEST], text=line.strip()[:200], said=Said(OPEN, ""), left=True
        )
        entry.why = f"stands {where}, so nothing was read from it"
        document.entries.append(entry)


def _is_marked(line: str, known: Known) -> bool:
    """Say whether a line has a mark, wherever it stands: a box, a sign, a word behind an item, a word in a cell."""
    if _BOX_LINE.search(line) or SIGN.search(line):
        return True
    if len(line) > LONGEST:
        return False
    if (item := _ITEM.match(line)) is not None:
        mark = parsed(line[item.end() :], known).said
        if mark is not None and (mark.kind != "number" or mark.of is not None):
            return True
    marks = [known.said(cell) for cell in line.split("|")] if "|" in line else []
    return any(mark is not None and mark.kind in (YES, PARTLY, NO, NA) for mark in marks)


class _Collector:
    """Goes over the blocks of a document and makes entries of what was answered."""

    def __init__(self, document: Document, known: Known) -> None:
        self.document = document
        self.known = known
        self.tables: dict[int, list[Block]] = {}

    def collect(self, found: Sequence[Block]) -> None:
        for position, block in enumerate(found):
            if self._closes(found, position):
                level = re.search(r"\d", block.text)
                number = int(level[0]) if level else 0
                self.document.claims.append((block.line, "", number, number, block.headings))
            self._block(block, ())
        for rows in self.tables.values():
            entries, told = table_entries(rows, self.known)
            for entry in entries:
                self._add(entry, entry.line, entry.line)
            if entries:
                first = rows[0].header_line
                self.document.covered.update((first, first + 1))
            if told:
                self.document.notes.append(told)

    def _closes(self, found: Sequence[Block], position: int) -> bool:
        """Say whether a line that names a level stands below what it is said of, and not above."""
        block = found[position]
        if self.document.is_own or block.kind != "line" or LEVEL_ONLY.fullmatch(without_comments(block.text)) is None:
            return False
        before, after = found[position - 1] if position else None, [*found[position + 1 : position + 2]]
        is_last = not after or after[0].kind == "heading" or after[0].text.startswith(("**", "__"))
        return before is not None and before.kind in ("item", "row") and is_last

    def _block(self, block: Block, above: tuple[str, ...]) -> None:
        record = record_of(block.text)
        if self.document.is_own and (block.zone in PLAN_ZONES or block.zone in ("unmatched", "strange")):
            self._cover(block)
        elif block.kind == "row":
            if not (self.document.is_own and block.zone == "result"):
                self.tables.setdefault(block.group, []).append(block)
            else:
                self._cover(block)
        elif block.kind == "code":
            return
        elif record is not None and block.kind == "item":
            self._recorded(block, record)
        elif self.document.is_own and (is_header(block) or not self._is_added(block)):
            self._cover(block)
        else:
            self._plain(block, above)

    def _is_added(self, block: Block) -> bool:
        """Say whether a part of a document of the writer may be an answer that a person put there."""
        if block.kind == "line":
            return len(block.text) <= LONGEST and parsed(block.text, self.known).style != "word"
        return block.kind == "item"

    def _cover(self, block: Block) -> None:
        # A sign that is kept in a note is told all the same, unless the note is one by name.
        if block.kind != "code" and (
            self.document.is_own or is_detail(block) or not _is_marked(block.text, self.known)
        ):
            self.document.covered.update(range(block.line, block.end + 1))
        for child in block.children:
            self._cover(child)

    def _recorded(self, block: Block, record: tuple[str, str]) -> None:
        """An entry of the writer, or a line of its header."""
        name, value = record
        if name in ("rubric", "profile", "target", "option"):
            self._cover(block)
            return
        own = [child for child in block.children if is_detail(child) or (record_of(child.text) or ("",))[0] == "option"]
        details = details_of([child for child in own if is_detail(child)])
        entry = Entry(
            line=block.line,
            source=one_line(block.text),
            text=shown(_unboxed(block.text)),
            said=Said(OPEN, ""),
            style="box",
            headings=block.headings,
            id=name,
            recorded=value,
            details=details,
            block=block,
        )
        for child in own:
            self._cover(child)
        for child in block.children:
            if child not in own:
                self._child(child, entry, ())
        self._add(entry, block.line, block.end)

    def _child(self, child: Block, entry: Entry, above: tuple[str, ...]) -> None:
        """What is nested in an entry: an entry of its own if it has a mark, else part of the note."""
        if is_detail(child) or not self._has_mark(child):
            marked = [each for each in child.children if self._has_mark(each)]
            child = replace(child, children=[each for each in child.children if each not in marked])
            for each in marked:
                self._block(each, above)
            found = details_of([child])
            entry.details.notes += found.notes
            entry.details.evidence += found.evidence
            entry.details.reason = entry.details.reason or found.reason
            entry.details.confidence = entry.details.confidence or found.confidence
            self._cover(child)
        else:
            self._block(child, above)

    def _has_mark(self, block: Block) -> bool:
        for each in walk([block]):
            if record_of(each.text) or each.kind == "row":
                return True
            if len(each.text) > LONGEST or (
                each.kind in ("item", "line", "heading") and parsed(each.text, self.known).said
            ):
                return True
        return False

    def _plain(self, block: Block, above: tuple[str, ...]) -> None:
        """A line as people write it."""
        headings = (*block.headings, *above)
        if len(block.text) > LONGEST:
            if _BOX_LINE.match(f"- {block.text[:80]}") or SIGN.search(block.text):
                entry = Entry(line=block.line, source=block.text[:200], text="", said=Said(OPEN, ""), left=True)
                entry.why = f"is longer than {LONGEST:,} characters, so nothing was read from it"
                self._add(entry, block.line, block.end)
            self._children(block, above)
            return
        line = parsed(block.text, self.known)
        if self._claimed(block, headings, line):
            self._children(block, above)
            return
        if not self._counts(block, line.said, line.style):
            self._children(block, (*above, *([shown(block.text)[:200]] if block.text else [])))
            return
        assert line.said is not None  # noqa: S101 - as _counts found
        details = Details(notes=[line.note] if line.note else [], reason=line.reason)
        entry = Entry(
            line=block.line,
            source=one_line(block.text),
            text=line.text,
            said=line.said,
            style=line.style,
            headings=headings,
            group=block.group or None,
            id=line.id,
            details=details,
        )
        if not line.text and line.id is None:
            entry.left, entry.why = True, "has a mark and no words"
        elif any(_TO_DO.search(heading) for heading in headings[1:] or headings):
            entry.left, entry.why = True, "stands in a plan: it says what is to be done, not what is"
        for child in block.children:
            self._child(child, entry, (*above, line.text[:200]))
        for part in _parts(entry):
            self._add(part, block.line, block.end)

    def _children(self, block: Block, above: tuple[str, ...]) -> None:
        for child in block.children:
            self._block(child, above)

    def _counts(self, block: Block, mark: Said | None, style: str) -> bool:
        """Whether a mark in a line is one: in running text a word or a number is none."""
        if mark is None:
            return False
        if block.kind == "item" or style != "word":
            return True
        name = named(without_comments(block.text))
        if name is not None and name[0].casefold() in SUBJECT | ASSESSOR | DETAILS | {"date"}:
            return False
        # In running text `no, nobody` answers nothing.
        is_vague = mark.kind == UNCLEAR or (mark.kind == "number" and mark.of is None and not mark.level)
        return block.kind == "line" and not is_vague

    def _claimed(self, block: Block, headings: tuple[str, ...], line: Parsed) -> bool:
        """A line that says which level is reached: told, never an answer."""
        if line.style == "box" or block.kind == "heading":
            return False
        text = shown(SIGN.sub("", block.text)).strip()
        found = _CLAIM.match(text)
        if found is None or (found["what"] and not _CLAIMING.search(found["what"])):
            return False
        if block.kind == "line" and not found["what"]:
            return False
        level = int(found["level"])
        what = found["what"] or ""
        self.document.claims.append((block.line, what, level, int(found["to"] or level), headings))
        if SIGN.search(block.text) or (line.said is not None and line.said.kind != "number"):
            entry = Entry(line=block.line, source=one_line(block.text), text=text[:200], said=Said(OPEN, ""), left=True)
            entry.why = "says which level is reached; levels follow from the answers"
            self._add(entry, block.line, block.end)
        else:
            self.document.covered.update(range(block.line, block.end + 1))
        return True

    def _add(self, entry: Entry, first: int, last: int) -> None:
        self.document.entries.append(entry)
        self.document.covered.update(range(first, last + 1))


def _unboxed(markdown: str) -> str:
    return re.sub(r"^\[.\] ?", "", without_comments(markdown))


def _parts(entry: Entry) -> list[Entry]:
    """Part a line such as `Level 1: storage, versions, catalog` into its statements."""
    found = re.match(r"\s*(?:level|stufe|niveau|nivel)\s*(\d)\s*[:–—-]\s*(.+)", entry.text, re.IGNORECASE | re.DOTALL)
    if entry.left or entry.id or not found:
        return [entry]
    texts = [text.strip() for text in re.split(r"[,;]\s+(?![^()]*\))", found[2]) if text.strip()]
    level = int(found[1])
    several = len(texts) > 1
    return [
        replace(
            entry,
            text=text,
            level=level,
            part=position if several else 0,
            place=f"line {entry.line}, part {position}" if several else "",
        )
        for position, text in enumerate(texts, 1)
    ] or [entry]
