"""A Markdown checklist, both ways: written so that it reads well on any git host, read as teams keep them.

Every line with a mark ends as an answer or in the list of what a person has to look at.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mlops_widgets.assessment import NOT_APPLICABLE, Answer, Assessment, Plan, allowed_values
from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.days import day_in
from mlops_widgets.formats.markdown_blocks import decoded, walk
from mlops_widgets.formats.markdown_document import (
    ASSESSOR,
    PLAN_ZONES,
    SUBJECT,
    Document,
    document_of,
    named_rubric,
)
from mlops_widgets.formats.markdown_entries import (
    Entry,
    Known,
    shown,
)
from mlops_widgets.formats.markdown_records import answer_now, header_of, kept_answers, plan_of
from mlops_widgets.formats.markdown_text import named, without_comments
from mlops_widgets.formats.markdown_writing import write_markdown
from mlops_widgets.formats.marks import NO, OPEN, PARTLY, UNCLEAR, YES, Said, folded, value_for
from mlops_widgets.formats.matching import TAKEN, Guess, Match, Matcher, Statement, guess_rubric, number_in
from mlops_widgets.formats.reading import LINK, LINKS, NOTE, REASON, Mark, Reading
from mlops_widgets.library import load_rubric, packaged_rubric, rubric_ids
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlops_widgets.rubric import Rubric

__all__ = ["guess_markdown", "read_markdown", "write_markdown"]

_DATE = {"date", "datum", "fecha", "data", "assessed on", "日付", "日期"}
_ISO_DATE = re.compile(r"\b(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))\b")


def read_markdown(
    data: str | bytes, rubric: Rubric | None = None, *, name: str = "", day: str | None = None
) -> Reading:
    r"""Read a checklist: one that `write_markdown` wrote, or any other with marks.

    Args:
        data: the document.
        rubric: what it answers; when left out, the packaged one that it names or resembles most.
        name: what the document is called: in errors, and as the subject where it names none.
        day: date of the assessment where the document has none; today when left out.

    Returns:
        The answers, and every mark of the document with what became of it.

    Raises:
        ToolkitError: it is empty, too large, no text, or answers another rubric; or none can be told.

    >>> reading = read_markdown("## Data\n- [x] Catalog\n- [s] Feature store", load_rubric("mlops-levels"))
    >>> for mark in reading.marks:
    ...     print(mark.place, mark.state, mark.criterion, mark.why, sep=" | ")
    line 2 | taken | data.catalog |
    line 3 | confirm | None | the mark `[s]` is not known here
    """
    text = decoded(data, name=name)
    own = named_rubric(text)
    if rubric is None and own is not None:
        rubric = packaged_rubric(own)
    found = None
    if rubric is None:
        document = document_of(text, _anything_known(), name=name)
        rubric, found = _told_rubric(document, name), document.found
    elif own is not None and own != rubric.id:
        message = f"answers the rubric {own[:80]!r}, not {rubric.id!r}; read it with that one"
        raise ToolkitError([Problem(where=name, message=message)])
    document = document_of(text, _known(rubric), name=name, found=found)
    return _Reader(document, rubric, name=name, day=day).reading()


def guess_markdown(data: str | bytes) -> list[Guess]:
    r"""Rank the packaged rubrics by how much of a document they understand, the best first.

    Raises:
        ToolkitError: it is empty, too large, or no text.

    >>> guess_markdown("## Model training\n- [x] Experiment tracking\n- [ ] Distributed training\n")[0].rubric
    'mlops-levels'
    """
    text = decoded(data)
    if (own := named_rubric(text)) in rubric_ids():
        return [Guess(str(own), 1.0)]
    document = document_of(text, _anything_known())
    return guess_rubric([_statement(entry) for entry in document.entries if not entry.left])


def _told_rubric(document: Document, name: str) -> Rubric:
    statements = [_statement(entry) for entry in document.entries if not entry.left]
    guesses = guess_rubric(statements)
    if not statements or guesses[0].share < _KNOWN:
        message = f"resembles no rubric; say which one it answers: {', '.join(rubric_ids())}"
        raise ToolkitError([Problem(where=name, message=message)])
    return load_rubric(guesses[0].rubric)


_STRANGE = 0.1
"""Share of the marks below which a document is about something else."""

_KNOWN = 0.25
"""Share of a document that must be understood for its rubric to be told from it."""


def _known(*rubrics: Rubric) -> Known:
    ids = {name.casefold() for rubric in rubrics for name in (*rubric.criteria, *rubric.descriptors)}
    options = [option for rubric in rubrics for scale in rubric.scales.values() for option in scale.options]
    return Known(ids, {folded(word) for option in options for word in (option.id, option.label)})


@lru_cache(maxsize=1)
def _anything_known() -> Known:
    """What the packaged rubrics know, for a document of which the rubric is not told yet."""
    return _known(*map(load_rubric, rubric_ids()))


def _statement(entry: Entry, value: str | None = None) -> Statement:
    number, text = number_in(entry.text)
    dotted = number if "." in number else None
    return Statement(
        text=text if dotted else entry.text,
        headings=tuple(shown(heading) for heading in entry.headings),
        id=entry.id,
        number=dotted,
        value=value,
        line=entry.line,
        group=entry.group,
        level=entry.level,
    )


# From entries to answers


class _Reader:
    """Holds the entries of a document against a rubric."""

    def __init__(self, document: Document, rubric: Rubric, *, name: str, day: str | None) -> None:
        self.document, self.rubric, self.name, self.day = document, rubric, name, day
        self.notes = list(document.notes)
        self.strange_days: dict[int, str] = {}
        self.answers: dict[str, Answer] = {}
        self.unmatched: dict[str, Answer] = {}
        self.marks: list[Mark] = []

    def reading(self) -> Reading:
        """Read it."""
        self._fill()
        entries = self.document.entries
        values = [self._said_value(entry) for entry in entries]
        matches = self._matched(entries, values)
        for entry, match in zip(entries, matches, strict=True):
            self.marks.append(self._mark(entry, match))
        self._merge(matches)
        assessment = self._assessment()
        self._tell(assessment)
        return Reading(rubric=self.rubric, assessment=assessment, marks=tuple(self.marks), notes=tuple(self.notes))

    def _fill(self) -> None:
        """Read an empty box as a no where other boxes are ticked: the list was filled in."""
        if self.document.is_own:
            return
        filled = {
            entry.style for entry in self.document.entries if entry.said.kind in (YES, PARTLY) and entry.style != "word"
        }
        empty = [e for e in self.document.entries if e.said.kind == OPEN and e.style in filled and not e.left]
        for entry in empty:
            entry.said = Said(NO, entry.said.mark)
        if empty:
            boxes = "1 empty box is" if len(empty) == 1 else f"{len(empty)} empty boxes are"
            self.notes.append(f"{boxes} read as no, because others are ticked")
        elif any(e.said.kind == OPEN and e.style == "box" and not e.left for e in self.document.entries):
            self.notes.append("no box is ticked, so the empty ones are read as not answered yet")

    def _said_value(self, entry: Entry) -> str | None:
        if entry.recorded is not None and entry.block is not None:
            entry.value, entry.why = answer_now(entry.block, entry.id or "", entry.recorded, self.rubric)
            return entry.value
        if entry.said.kind == OPEN:
            return None
        return entry.said.mark if entry.said.kind in ("number", UNCLEAR, "word") else entry.said.kind

    def _matched(self, entries: Sequence[Entry], values: Sequence[str | None]) -> list[Match]:
        """Match what was answered first, so that a blank list beside it takes nothing away."""
        matcher = Matcher(self.rubric)
        matches: list[Match] = [Match(state="left", why=entry.why) for entry in entries]
        rows = [row for row, entry in enumerate(entries) if not entry.left]
        given = [
            row for row in rows if values[row] is not None or entries[row].recorded is not None or entries[row].why
        ]
        for part in (given, [row for row in rows if row not in set(given)]):
            found = matcher.match([_statement(entries[row], values[row]) for row in part])
            for row, match in zip(part, found, strict=True):
                same = None if match.same_as is None else part[match.same_as]
                matches[row] = replace(match, same_as=same)
        return matches

    def _mark(self, entry: Entry, match: Match) -> Mark:
        wanted = match.criterion or (match.candidates[0].criterion if match.candidates else None)
        answer, why = self._answer(entry, wanted)
        mark = Mark(
            line=entry.line,
            place=entry.place or f"line {entry.line}",
            text=entry.source,
            answer=answer,
            state=match.state,
            criterion=match.criterion,
            how=match.how,
            confidence=match.confidence,
            candidates=match.candidates,
            why=match.why or (why if match.state != "left" else ""),
            section=" / ".join(entry.headings)[:300],
        )
        if match.state != "taken":
            return mark
        if why and answer.value is None:
            mark = mark.doubted(why)
        if not answer.is_empty and match.same_as is None:
            self.answers[str(match.criterion)] = answer
        return mark

    def _answer(self, entry: Entry, criterion: str | None) -> tuple[Answer, str]:
        """Give what an entry answers, as far as it can be, and what is to be told of it."""
        known = criterion is not None and (criterion in self.rubric.criteria or criterion in self.rubric.descriptors)
        scale = self.rubric.scale_of.get(criterion or "")
        if scale is None and not (known and criterion in self.rubric.descriptors):
            scale = self.rubric.scales[self.rubric.scale]
        notes, why = list(entry.details.notes), entry.why
        if entry.recorded is not None:
            value = entry.value
            if value is not None and known and value not in allowed_values(self.rubric, str(criterion)):
                why, value = f"{value[:80]!r} is no answer of {criterion}", None
        else:
            meaning = value_for(entry.said, scale)
            value, why = meaning.value, why or meaning.why
            if value is None and why and entry.said.mark and not entry.left:
                notes.insert(0, entry.said.mark)
        reason = entry.details.reason
        if value == NOT_APPLICABLE and not reason and value != entry.recorded:
            if notes:
                reason = "\n".join(notes)
                notes = []
            else:
                why = "does not apply, but no reason is given; without one it counts as open"
        note, evidence = "\n".join(notes), entry.details.evidence
        if len(note) > NOTE or len(reason) > REASON or len(evidence) > LINKS or any(len(e) > LINK for e in evidence):
            why = why or "says more than an answer can hold; the rest was left out"
        answer = Answer(
            value=value,
            note=note[:NOTE],
            evidence=tuple(each[:LINK] for each in evidence if each)[:LINKS],
            confidence=entry.details.confidence,
            reason=reason[:REASON],
        )
        return answer, why

    def _merge(self, matches: Sequence[Match]) -> None:
        """Keep what a second line about the same criterion says beside its mark."""
        for row, match in enumerate(matches):
            mark = self.marks[row]
            if match.same_as is None or mark.criterion is None or not mark.answer.note:
                continue
            first = self.answers.get(mark.criterion, Answer())
            if mark.answer.note not in first.note:
                note = f"{first.note}\n{mark.answer.note}".strip("\n")[:NOTE]
                self.answers[mark.criterion] = first.model_copy(update={"note": note})

    def _assessment(self) -> Assessment:
        fields: dict[str, Any] = {}
        plan = Plan()
        found = self.document.found
        if self.document.is_own:
            fields, unread = header_of(list(walk(found)), self.rubric)
            plan, left_out = plan_of([block for block in found if block.zone in PLAN_ZONES], self.rubric)
            self.notes += [*unread, *left_out]
            for name, answer, _ in kept_answers([block for block in found if block.zone == "unmatched"]):
                self.unmatched[name] = answer
            for name, answer, _ in kept_answers([block for block in found if block.zone == "strange"]):
                self.answers[name] = answer
        fields = {**self._general(), **{key: value for key, value in fields.items() if value not in ("", None)}}
        fields |= {"answers": _plain(self.answers), "unmatched": _plain(self.unmatched), "plan": plan.model_dump()}
        return self._valid(fields)

    def _valid(self, fields: dict[str, Any]) -> Assessment:
        """Build the assessment; a field of the header that cannot be used is told and left out."""
        general = self._general()
        for _ in range(len(fields)):
            try:
                return Assessment.from_dict(fields)
            except ToolkitError as error:
                broken = {re.split(r"[.\[]", problem.where)[0] for problem in error.problems} & fields.keys()
                for key in broken:
                    self.notes.append(f"the {key} that stands there cannot be used: {str(fields.pop(key))[:80]!r}")
                    if key in general:
                        fields[key] = general[key]
                if not broken:
                    raise
        return Assessment.from_dict(general | {"answers": _plain(self.answers)})

    def _general(self) -> dict[str, Any]:
        """What is said of the whole in a document that people wrote."""
        subject, day, assessor = "", "", ""
        for block in self.document.found:
            if self.document.is_own:
                break
            text = without_comments(block.text)
            name, value = named(text) or ("", "")
            value, key = shown(value), name.casefold()
            if re.fullmatch(r"\[.*\]", value) or not value:
                continue
            if key in SUBJECT and not subject:
                subject = value
            elif key in ASSESSOR and not assessor:
                assessor = value
            elif key in _DATE and not day:
                day = next(filter(None, map(day_in, (value, *_ISO_DATE.findall(value)))), "")
                if not day:
                    self.strange_days[block.line] = value
        subject = subject or self.name or self._title() or "Unnamed"
        return {
            "id": hashlib.sha256(self.document.text.encode("utf-8", "replace")).hexdigest()[:12],
            "rubric": {"id": self.rubric.id, "version": self.rubric.version},
            "subject": " ".join(subject.split())[:200] or "Unnamed",
            "date": day or self.day or date.today().isoformat(),
            "assessor": assessor[:200],
        }

    def _title(self) -> str:
        return next((shown(b.text) for b in self.document.found if b.kind == "heading" and shown(b.text)), "")

    def _tell(self, assessment: Assessment) -> None:
        """Say what else there is to know: levels that are claimed, a document about something else."""
        self.notes += [
            f"line {line}: {value[:40]!r} is no date like 2026-11-20" for line, value in self.strange_days.items()
        ]
        if not self.marks:
            self.notes.append("no line of it has a mark: no box, no sign, no yes or no")
        self._tell_claims(assessment)
        understood = sum(mark.state == "taken" or mark.confidence >= TAKEN for mark in self.marks)
        if self.marks and understood < _STRANGE * len(self.marks):
            self._tell_strange()

    def _tell_strange(self) -> None:
        statements = [_statement(entry) for entry in self.document.entries if not entry.left]
        others = [guess for guess in guess_rubric(statements) if guess.rubric != self.rubric.id] if statements else []
        marks = "1 mark is" if len(self.marks) == 1 else f"{len(self.marks)} marks are"
        sentence = f"hardly anything here resembles the rubric {self.rubric.id}; {marks} left to you"
        if others and others[0].share > _KNOWN:
            sentence += f"; did you mean {others[0].rubric}?"
        self.notes.append(sentence)

    def _tell_claims(self, assessment: Assessment) -> None:
        if not self.document.claims:
            return
        scored = score(self.rubric, self._scorable(assessment), profile=assessment.profile)
        nameless = []
        for line, what, low, high, headings in self.document.claims:
            section = self._section_of(headings, what)
            level = f"Level {low}" + (f"-{high}" if high != low else "")
            if section is None:
                if re.search(r"target|ziel|goal", what, re.IGNORECASE):
                    self.notes.append(f"line {line}: {what.strip()} {level}; it is a target, not an answer")
                else:
                    nameless.append(f"line {line}")
                continue
            part = scored.overall if section == "overall" else scored[section]
            if part.level is None:
                continue
            rule = f"by the rule these answers give Level {part.level}"
            if low <= part.level <= high and low == high:
                continue
            self.notes.append(f"line {line}: says {level} for {part.title}; {rule}{self._share(part, high)}")
        if nameless:
            self.notes.append(f"{', '.join(nameless)}: a level, but not of what; levels follow from the answers")

    def _share(self, part: Any, level: int) -> str:  # noqa: ANN401 - of the whole or of a section
        for each in part.completion or ():
            if each.level == level and each.share is not None and not each.holds:
                return f" (Level {level} needs {each.needed:.0%} of its criteria, {each.share:.0%} are met)"
        return ""

    def _section_of(self, headings: tuple[str, ...], what: str) -> str | None:
        own = [
            mark.criterion
            for mark, entry in zip(self.marks, self.document.entries, strict=True)
            if mark.criterion and entry.headings == headings
        ]
        if own:
            return Counter(self.rubric.dimension_of[name].id for name in own).most_common(1)[0][0]
        whole = " ".join((what, *headings[-1:]))
        if re.search(r"overall|gesamt|total|current maturity", whole, re.IGNORECASE):
            return "overall" if not re.search("target", what, re.IGNORECASE) else None
        return None

    def _scorable(self, assessment: Assessment) -> dict[str, Answer]:
        return {
            name: answer
            for name, answer in assessment.answers.items()
            if (name in self.rubric.criteria or name in self.rubric.descriptors)
            and (answer.value is None or answer.value in allowed_values(self.rubric, name))
        }


def _plain(answers: Mapping[str, Answer]) -> dict[str, Any]:
    return {name: answer.to_dict() for name, answer in answers.items()}
