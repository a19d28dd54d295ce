"""One line of a checklist: the marks in it, the words beside them, the remarks and details that belong to it.

Pure; knows no rubric but the ids it is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from mlops_widgets.formats.markdown_text import comments_in, linked, named, read_text, without_comments
from mlops_widgets.formats.marks import (
    NA,
    NO,
    OPEN,
    PARTLY,
    SIGN,
    UNCLEAR,
    YES,
    Said,
    box,
    ending,
    folded,
    remark,
    said,
    sign,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from mlops_widgets.formats.markdown_blocks import Block

__all__ = ["Details", "Entry", "Known", "Parsed", "details_of", "parsed"]

LONGEST = 5_000
"""Characters of a line that is read; a longer one is told, not read."""

_BOX = re.compile(r"(?:\[(.?|\s.\s|.\ufe0f)\](?!\()|\(([xX ✓✔✗✘_~-])\))(?:\s+|$)", re.DOTALL)
_SIGN_FIRST = re.compile(rf"({SIGN.pattern})\s*[:：–—-]?\s*")
_SIGN_LAST = re.compile(rf"({SIGN.pattern})[.\s]*$")
_REMARK = re.compile(r"[(（]((?:[^()（）]|[(（][^()（）]{0,100}[)）]){1,400})[)）][.。]?$")
_WORD_LAST = re.compile(
    r"(?:[:：=→|—–]|->|(?<=\s)-|[?？](?=\s)|\.{3}|…|_{3}|(?<=\s)(?=[★⭐☆]))[\s._]*([^:：=→|—–?？]{1,40}|[?？])$"
)
_END = 120
"""Characters at the end of a text in which such a word is looked for."""

_HEDGED = re.compile(r"(?:[:：→—–]|(?<=\s)-|[?？](?=\s))\s*([^,;.:：=→|—–?？]{1,40})[,;.]\s+\S")
"""A word of which more is said: `yes, but only in production`."""

_SCORE_LAST = re.compile(r"(?<=\s)(\d{1,3}(?:[.,]\d{1,3})?\s?(?:/\s?\d{1,3}|[%％]))$")
_BOLD_LAST = re.compile(r"\s(?:\*\*|__)([^*_\n]{1,40})(?:\*\*|__)\s*$")
_STRUCK = re.compile(
    r"(?<!\\)~~(.{1,1000}?)(?<!\\)~~|<(del|s|strike)>((?:(?!<\2>).){1,1000}?)</\2>", re.IGNORECASE | re.DOTALL
)
"""What is struck out."""

_MOST_STRUCK = 20
"""Parts of a line that are struck out and looked at for marks."""

_SEVERAL = re.compile(r"(?:\d{1,3}[.)]?\s*)?(?:\+|&|/|and|und|et|y)\s*\d{1,3}(?:[.):]\s+|\s+(?=\[))", re.IGNORECASE)
"""Numbers of several items before a statement: `1+2.`."""
_WORD_FIRST = re.compile(r"([^\s:：–—-][^:：–—]{0,40}?)\s*(?:[:：–—]|\s-(?=\s))\s*(?=\S)")
_ID = re.compile(r"`([\w.-]{3,80})`|\[([\w.-]{3,80})\](?!\()|(?<![\w.-])([\w-]{1,40}\.[\w.-]{0,39}\w)")


class Known(NamedTuple):
    """What is known of the rubrics a document may answer: ids of criteria, and the words of their answers."""

    ids: Collection[str] = ()
    words: Collection[str] = ()

    def said(self, text: str) -> Said | None:
        """Say what a text means that is an answer as a whole."""
        mark = said(text)
        if mark is None and folded(text) in self.words:
            return Said("word", text.strip().strip("*_` "))
        return mark


@dataclass(kw_only=True)
class Details:
    """What stands below an entry: a note, links, a reason, how sure people are."""

    notes: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    reason: str = ""
    confidence: int | None = None


@dataclass(kw_only=True)
class Entry:
    """A line that was answered.

    Attributes:
        line: where it stands, from 1.
        source: the line as it was written.
        text: its words without marks.
        said: what its mark says.
        style: `box`, `sign` or `word`: an empty box is a no where other boxes are ticked.
        headings: what it stands under.
        group: the list it is part of.
        id: the id of a criterion written beside it.
        recorded: what a comment says was answered when the file was written; None where no comment does.
        value: for an entry with a record, the answer as it is now.
        why: why there is none, or why it is not to be taken.
        left: whether it is told and not matched, for the reason given.
        details: what stands below it.
        part: of a line with several statements: which one, from 1.
        level: the level its line says it is of.
        place: where it stands, when a line number does not say enough.
        block: the part of the document it was read from, for an entry with a record.
    """

    line: int
    source: str
    text: str
    said: Said
    style: str = "word"
    headings: tuple[str, ...] = ()
    group: int | None = None
    id: str | None = None
    recorded: str | None = None
    value: str | None = None
    why: str = ""
    left: bool = False
    details: Details = field(default_factory=Details)
    part: int = 0
    level: int | None = None
    place: str = ""
    block: Block | None = None


@dataclass(kw_only=True)
class Parsed:
    """What one line says: its mark, its words, the remark it ends with."""

    said: Said | None
    style: str
    text: str
    note: str = ""
    reason: str = ""
    id: str | None = None


def one_line(markdown: str) -> str:
    r"""Join wrapped lines.

    >>> one_line("[x] Data\n  catalog")
    '[x] Data catalog'
    """
    return " ".join(markdown.split())


def shown(markdown: str) -> str:
    r"""Give the words of a line, without its markup.

    >>> shown("**Data** `catalog` \\*")
    'Data catalog *'
    """
    plain = re.sub(r"(?<!\\)(?:\*\*|~~|`)", "", without_comments(markdown))
    return read_text(re.sub(r"(?<!\\)\[([^\[\]]{1,300})\]\([^()\s]{0,500}\)", r"\1", plain)).strip()


def parsed(markdown: str, known: Known) -> Parsed:
    """Read a line: `[x] It works. (partly)` is partly, said of `It works.`.

    Args:
        markdown: the line, without the sign of its list.
        known: what may stand in it.

    >>> line = parsed("[x] Infrastructure is code. (partly)", Known())
    >>> line.said.kind, line.text, line.note
    ('partly', 'Infrastructure is code.', '(partly)')
    """
    name = next((name for name, _ in comments_in(markdown) if name.casefold() in known.ids), None)
    rest, struck = _without_struck(without_comments(markdown), known)
    rest = re.sub(r"(?<!\\)\*\*", "", one_line(_BOLD_LAST.sub(lambda found: _apart(found, known), rest)))
    marks, style, rest, several = _at_the_ends(rest)
    if name is None:
        name, rest = _id_in(rest, known.ids)
    rest, note, reason, aside = _remark(rest, marks)
    bare, aside_note = _before_remark(rest)
    if name is not None and not marks:
        for text, kept in ((rest, ""), (bare, aside_note)):
            if (alone := known.said(text.strip(" :：–—-"))) is not None:
                marks.append(alone)
                rest, note = "", note or kept
                break
    if (word := _last_word(bare, marks, known)) is not None and aside_note:
        # `partly (Airflow)`: what stands behind the word is a remark, whatever it says.
        marks.append(word[0])
        rest, note = bare[: word[1]].rstrip(), aside_note
    rest = _word(rest, marks, known)
    said = _together(marks, aside)
    said = _doubted(said, struck, several, known)
    if said is not None and said.kind == NA and note and not reason:
        note, reason = "", read_text(note)
    return Parsed(said=said, style=style, text=shown(rest), note=read_text(note), reason=reason, id=name)


def _at_the_ends(text: str) -> tuple[list[Said], str, str, str]:
    """Part boxes and signs from a line: the marks, how they are made, what is left, the numbers of several items."""
    marks: list[Said] = []
    style = "word"
    rest, several = _without_numbers(text)
    if (found := _BOX.match(rest)) is not None:
        marks.append(box(found[1] if found[2] is None else found[2]))
        style, (rest, more) = "box", _without_numbers(rest[found.end() :])
        several = several or more
    if (found := _SIGN_FIRST.match(rest)) is not None:
        marks.append(sign(found[1]))
        style, rest = style if style == "box" else "sign", rest[found.end() :]
    if (found := _SIGN_LAST.search(rest)) is not None:
        marks.append(sign(found[1]))
        style, rest = style if style == "box" else "sign", rest[: found.start()].rstrip()
    return [*marks, *_further_signs(rest, marks)], style, rest, several


def _doubted(mark: Said | None, struck: Sequence[str], several: str, known: Known) -> Said | None:
    """Leave to a person what is struck out, or said of several items at once."""
    marks = [known.said(each) is not None for each in struck]
    if not all(marks) and (mark is not None or any(parsed(each, known).said for each in struck[:_MOST_STRUCK])):
        return Said(UNCLEAR, mark.mark if mark else "", why="part of it is struck out; say whether it still counts")
    if mark is None and any(marks):
        return Said(UNCLEAR, struck[marks.index(True)], why="its mark is struck out, and no other stands there")
    if several and mark is not None:
        return Said(UNCLEAR, mark.mark, why=f"answers several items at once: {several}")
    return mark


def _without_struck(text: str, known: Known) -> tuple[str, list[str]]:
    """Take out marks that are struck out, for another may stand beside them; give all texts that are."""
    struck: list[str] = []

    def kept(found: re.Match[str]) -> str:
        inner = (found[1] or found[3]).strip()
        struck.append(inner)
        return inner if known.said(inner) is None else ""

    return (_STRUCK.sub(kept, text), struck) if "~~" in text or "</" in text else (text, struck)


def _apart(bold: re.Match[str], known: Known) -> str:
    """Part a bold word at the end that is a mark from its statement."""
    return bold[0] if known.said(bold[1]) is None else f" — {bold[1]}"


def _without_numbers(text: str) -> tuple[str, str]:
    """Part the numbers of several items from the beginning of a text."""
    found = _SEVERAL.match(text)
    return (text[found.end() :], found[0].strip()) if found is not None else (text, "")


def _further_signs(text: str, marks: Sequence[Said]) -> list[Said]:
    """Find signs in the middle of a line that say something else than those at its ends."""
    kinds = {mark.kind for mark in marks}
    others = [found for found in SIGN.findall(text) if sign(found).kind not in kinds] if marks else []
    return [Said(UNCLEAR, others[0], why=f"its signs do not go together: {others[0]}")] if others else []


def _before_remark(text: str) -> tuple[str, str]:
    """Part any remark in brackets from the end of a text."""
    found = _REMARK.search(text)
    return (text[: found.start()].rstrip(), found[1].strip()) if found else (text, "")


def _last_word(text: str, marks: list[Said], known: Known) -> tuple[Said, int] | None:
    """Find a word that is a mark at the end, behind a sign that parts it from a statement."""
    found = _WORD_LAST.search(text, max(0, len(text) - _END))
    word = known.said(found[1]) if found is not None else None
    if found is None or word is None or not text[: found.start()].strip():
        return None
    is_vague = word.kind in ("number", OPEN) or word.mark.startswith("[")
    return None if marks and is_vague else (word, found.start())


def _id_in(text: str, ids: Collection[str]) -> tuple[str | None, str]:
    for found in _ID.finditer(text):
        name = found[1] or found[2] or found[3]
        if name.casefold() in ids:
            rest = text[: found.start()].removesuffix("(") + text[found.end() :].removeprefix(")")
            return name, rest.strip(" :–—-")
    return None, text


def _remark(text: str, marks: list[Said]) -> tuple[str, str, str, str | None]:
    """Part the remark in brackets at the end: what is left, the note, the reason, what the remark says."""
    found = _REMARK.search(text)
    if found is None:
        return text, "", "", None
    kind = remark(found[1])
    before = text[: found.start()].rstrip()
    if not before:
        return text, "", "", None
    if kind in (YES, NO):
        marks.append(Said(kind, found[1].strip()))
        return before, "", "", None
    if kind == NA:
        return before, "", read_text(found[1].strip()), kind
    if kind is not None:
        return before, found[0].rstrip(".。") if kind == PARTLY else found[1].strip(), "", kind
    signs_only = bool(marks) and all(not mark.mark.startswith("[") for mark in marks)
    return text, found[1].strip() if signs_only else "", "", None


def _word(text: str, marks: list[Said], known: Known) -> str:
    """Take a word for a mark at the end, or else at the beginning."""
    if (end := _last_word(text, marks, known)) is not None:
        marks.append(end[0])
        return text[: end[1]].rstrip()
    if marks and (last := ending(text)) is not None and last[1]:
        marks.append(last[0])
        return text[: last[1]].rstrip()
    if not marks and (found := _WORD_FIRST.match(text)) is not None:
        word = known.said(found[1])
        if word is not None and word.kind not in ("number", UNCLEAR):
            marks.append(word)
            return text[found.end() :]
    if (vague := _hedged(text, marks, known)) is not None:
        marks.append(vague)
    return text


def _hedged(text: str, marks: Sequence[Said], known: Known) -> Said | None:
    """Find an answer of which more is said than the marks do, or a score that nothing parts from its statement."""
    kinds = {mark.kind for mark in marks}
    for found in _HEDGED.finditer(text):
        word = known.said(found[1])
        if word is not None and word.kind in {YES, PARTLY, NO, NA} - kinds:
            mark = text[found.start(1) :][:80]
            return Said(UNCLEAR, mark, why=f"more than a plain answer: {mark}")
    if not marks and (score := _SCORE_LAST.search(text, max(0, len(text) - _END))) is not None and score.start():
        return Said(UNCLEAR, score[1], why=f"{score[1]} may be its answer, or part of the statement")
    return None


def _together(marks: Sequence[Said], aside: str | None) -> Said | None:
    """Make one of the marks of a line; those that do not go together are for a person."""
    if aside in (NA, PARTLY):
        marks = [*marks, Said(aside, aside)]
    if not marks:
        return None
    kinds = {mark.kind for mark in marks}
    written = " ".join(mark.mark for mark in marks)
    if aside == "not needed" and YES not in kinds:
        return Said(UNCLEAR, written, why="not needed may mean that it does not apply, or that it is missing")
    if len(kinds) == 1:
        return marks[0]
    if UNCLEAR in kinds:
        return next(mark for mark in marks if mark.kind == UNCLEAR)
    for together, meant in (
        ({YES, PARTLY}, PARTLY),
        ({OPEN, PARTLY}, PARTLY),
        ({OPEN, NO}, NO),
        ({NO, NA}, NA),
        ({OPEN, NA}, NA),
    ):
        if kinds == together:
            return next(mark for mark in marks if mark.kind == meant)
    return Said(UNCLEAR, written, why=f"its marks do not go together: {written}")


_NOTE = {"note", "notes", "comment", "comments", "remark", "remarks", "details", "notiz", "bemerkung", "kommentar"}
_EVIDENCE = {"evidence", "link", "links", "proof", "see", "nachweis", "beleg", "preuve", "evidencia"}
_REASON = {"reason", "because", "grund", "raison", "motivo"}
_CONFIDENCE = {"confidence", "sicherheit", "confiance", "confianza"}
DETAILS = _NOTE | _EVIDENCE | _REASON | _CONFIDENCE


def is_detail(block: Block) -> bool:
    """Say whether a block below an entry is a note, a link, a reason or how sure people are."""
    name = named(block.text)
    return name is not None and name[0].casefold() in DETAILS


def details_of(children: Sequence[Block]) -> Details:
    """Read what stands below an entry; what has no name is a note."""
    found = Details()
    for block in children:
        name, text = named(block.text) or ("", block.text)
        kind = name.casefold()
        if kind in _EVIDENCE:
            found.evidence.extend(_links(text))
        elif kind in _REASON and not found.reason:
            found.reason = read_text(text)
        elif kind in _CONFIDENCE and (number := re.fullmatch(r"\s*([1-5])(?:\s*(?:of|/|von|de|sur)\s*5)?\s*", text)):
            found.confidence = int(number[1])
        elif kind in _NOTE:
            found.notes.append(read_text(text))
        elif block.text.strip():
            found.notes.append(read_text(block.text))
        found.notes.extend(_below(block))
    return found


def _links(markdown: str) -> list[str]:
    """Read an address, or several that stand in one line."""
    parts = re.split(r"[,;]?\s+", markdown.strip())
    several = len(parts) > 1 and all(part.startswith(("https://", "http://")) for part in parts)
    return parts if several else [linked(markdown)] if markdown.strip() else []


def _below(block: Block) -> Iterator[str]:
    for child in block.children:
        yield read_text(child.text)
        yield from _below(child)
