"""What reading a foreign file comes to: every mark in it ends as an answer or in a list for a person.

Knows no file format and no rubric's words; may not read files.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from mlops_widgets.assessment import Answer, Assessment, allowed_values
from mlops_widgets.errors import ToolkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mlops_widgets.rubric import Rubric

__all__ = ["LINK", "LINKS", "MOST_CANDIDATES", "NOTE", "REASON", "Candidate", "Mark", "Reading", "stated"]

How = Literal["id", "number", "text", "hand"]

NOTE, REASON, LINK, LINKS = 4000, 1000, 500, 20
"""The most an answer holds: characters of a note, a reason and a link, and links."""

MOST_CANDIDATES = 5
"""Criteria that are shown for one mark."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A criterion that a mark may be about.

    Attributes:
        criterion: its id.
        confidence: how sure that is, 0 to 1.
    """

    criterion: str
    confidence: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """One place of a file where something was answered, and what became of it.

    Attributes:
        line: number of its line, or of its row in a table, from 1.
        place: where that is in words people use: `line 12`, `Data, row 4`.
        text: what stands there, as it was written.
        answer: the answer read from it; without a value where the mark itself was not understood.
        state: `taken`: it is an answer now. `confirm`: a person has to say which criterion or which answer was meant.
            `left`: it says nothing about a criterion of this rubric; a person may know better.
        criterion: the criterion it was taken for, when taken.
        how: what told: the criterion's id, its number, the likeness of the text, or a person's hand.
        confidence: how sure that is, 0 to 1; 1 for an id, a number or a hand.
        candidates: criteria it may be about, the likeliest first; five at the most.
        why: in a sentence, why it was not taken, or what was read in a way to be looked at again.
        section: the headings it stands under.
    """

    line: int
    place: str
    text: str
    answer: Answer
    state: Literal["taken", "confirm", "left"]
    criterion: str | None = None
    how: How | None = None
    confidence: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    why: str = ""
    section: str = ""

    def doubted(self, why: str) -> Mark:
        """Copy of a taken mark that a person has to look at after all; what it was taken for comes first."""
        own = Candidate(criterion=str(self.criterion), confidence=self.confidence)
        others = tuple(each for each in self.candidates if each.criterion != self.criterion)
        candidates = (own, *others)[:MOST_CANDIDATES]
        return replace(self, state="confirm", criterion=None, how=None, candidates=candidates, why=why)

    def to_dict(self) -> dict[str, Any]:
        """Give the mark as plain data, as the review table and reports of a conversion have it."""
        return {
            "line": self.line,
            "place": self.place,
            "text": self.text,
            "answer": self.answer.to_dict(),
            "state": self.state,
            "criterion": self.criterion,
            "how": self.how,
            "confidence": round(self.confidence, 3),
            "candidates": [
                {"criterion": candidate.criterion, "confidence": round(candidate.confidence, 3)}
                for candidate in self.candidates
            ],
            "why": self.why,
            "section": self.section,
        }


@dataclass(frozen=True, kw_only=True)
class Reading:
    """An assessment as far as a file says it, with every mark of the file.

    Attributes:
        rubric: what the file was held against.
        assessment: the answers taken, with what the file says about subject, date and assessor.
        marks: every mark, in the order of the file; none is ever left out.
        notes: what else is to be told, in sentences: levels the file claims, macros that were not looked at.
    """

    rubric: Rubric
    assessment: Assessment
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def taken(self) -> tuple[Mark, ...]:
        """Marks that are answers now."""
        return tuple(mark for mark in self.marks if mark.state == "taken")

    @property
    def to_confirm(self) -> tuple[Mark, ...]:
        """Marks of which a person has to say what was meant."""
        return tuple(mark for mark in self.marks if mark.state == "confirm")

    @property
    def left(self) -> tuple[Mark, ...]:
        """Marks that say nothing about a criterion of this rubric."""
        return tuple(mark for mark in self.marks if mark.state == "left")

    @property
    def is_complete(self) -> bool:
        """Whether nothing waits for a person."""
        return not self.to_confirm and not self.left

    def decided(self, decisions: Mapping[int, tuple[str, str | None] | None]) -> Reading:
        """Copy with what a person decided.

        Args:
            decisions: by the position of a mark in `marks`: the criterion it is about and the value of its answer, or
                None to leave it out. A later mark of the same criterion replaces an earlier one's answer.

        Raises:
            ToolkitError: there is no such mark, criterion or answer.
        """
        marks, answers = list(self.marks), dict(self.assessment.answers)
        for position, decision in decisions.items():
            if not 0 <= position < len(marks):
                raise ToolkitError(f"there is no mark {position}; give a number from 0 to {len(marks) - 1}")
            mark = marks[position]
            if mark.state == "taken" and mark.criterion is not None:
                answers.pop(mark.criterion, None)
            if decision is None:
                marks[position] = replace(mark, state="left", criterion=None, how="hand", why="left out by hand")
                continue
            criterion, value = decision
            self._check(criterion, value)
            answers[criterion] = mark.answer.model_copy(update={"value": value})
            marks[position] = replace(
                mark,
                state="taken",
                criterion=criterion,
                how="hand",
                confidence=1.0,
                answer=answers[criterion],
                why="",
            )
        # A criterion whose mark was moved away may have a further mark that was taken for it too.
        for mark in marks:
            if mark.state == "taken" and mark.criterion is not None:
                answers.setdefault(mark.criterion, mark.answer)
        return replace(self, marks=tuple(marks), assessment=self.assessment.model_copy(update={"answers": answers}))

    def _check(self, criterion: str, value: str | None) -> None:
        if criterion not in self.rubric.criteria and criterion not in self.rubric.descriptors:
            raise ToolkitError(f"{criterion[:80]!r} is no criterion of {self.rubric.id}")
        allowed = allowed_values(self.rubric, criterion)
        if value is not None and value not in allowed:
            raise ToolkitError(f"{criterion}: {value[:80]!r} is not one of {', '.join(allowed)}")

    def told(self) -> Iterator[str]:
        """Say in lines for a terminal what was taken, what waits and what was left."""
        counts = f"{len(self.taken)} taken, {len(self.to_confirm)} to confirm, {len(self.left)} not understood"
        yield f"{len(self.marks)} marks: {counts}"
        for mark in (*self.to_confirm, *self.left):
            yield f"  {mark.place}: {mark.text}"
            yield f"    {mark.why}"
            for candidate in mark.candidates:
                text = (
                    self.rubric.criteria[candidate.criterion].text
                    if candidate.criterion in self.rubric.criteria
                    else ""
                )
                yield f"    {candidate.confidence:.0%} {candidate.criterion}: {text}"
        yield from self.notes


def stated(assessment: Assessment, rubric: Rubric, *, line: Callable[[str], int]) -> Reading:
    """Take an assessment for what it says: each answer a mark that names its criterion.

    Args:
        assessment: read from a file of ours.
        rubric: what it answers.
        line: of the answer to a criterion, in that file.
    """
    criteria = rubric.criteria.keys() | rubric.descriptors.keys()
    marks = []
    for criterion, answer in assessment.answers.items():
        number = line(criterion)
        text = f"{criterion}: {answer.value}" if answer.value is not None else criterion
        mark = Mark(line=number, place=f"line {number}", text=text, answer=answer, state="left")
        fits = criterion in criteria and (answer.value is None or answer.value in allowed_values(rubric, criterion))
        marks.append(
            replace(mark, state="taken", criterion=criterion, how="id", confidence=1.0)
            if fits
            else replace(mark, why=f"{rubric.id} {rubric.version} does not ask this; it is kept, and never scored")
        )
    return Reading(rubric=rubric, assessment=assessment, marks=tuple(sorted(marks, key=lambda mark: mark.line)))
