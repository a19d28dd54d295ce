"""Which criterion a statement of a foreign file is about: by its id, its number, its place and its words.

Pure: knows no file format; statements come in, matches go out, each with how sure it is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from mlops_widgets.formats.matching_index import Found, Keyed, index_of
from mlops_widgets.formats.matching_words import level_in, number_in
from mlops_widgets.formats.reading import MOST_CANDIDATES, Candidate
from mlops_widgets.library import load_rubric, rubric_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from mlops_widgets.rubric import Rubric

__all__ = [
    "CLEAR",
    "DOUBTFUL",
    "TAKEN",
    "Guess",
    "Match",
    "Matcher",
    "Statement",
    "guess_rubric",
    "level_in",
    "number_in",
]

TAKEN = 0.6
"""Confidence from which a match is taken without asking, when it is clear."""

CLEAR = 0.08
"""How far ahead of the second best a match must be to be taken."""

DOUBTFUL = 0.35
"""Confidence from which a match is worth showing; below, the statement is about something else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One line of a file that was answered, as far as it tells which criterion it is about.

    Attributes:
        text: its words, without the mark.
        headings: what it stands under, the outermost first: `("Data management", "Level 1")`.
        id: a criterion's id written beside it, where there is one.
        number: a number written before it: `1.2.3`.
        value: what was answered; two statements of one criterion disagree when theirs differ.
        line: where it stands, for the sentences.
        group: what it is listed together with: statements of one group stand in one list under one heading. Without
            a group, its place says nothing.
        level: the level it is said to belong to; that of the headings when left out.
    """

    text: str
    headings: tuple[str, ...] = ()
    id: str | None = None
    number: str | None = None
    value: str | None = None
    line: int = 0
    group: int | None = None
    level: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """What became of a statement.

    Attributes:
        state: `taken`, `confirm` or `left`, as a `Mark` has it.
        criterion: id of the criterion, or of the descriptor, it was taken for.
        how: what told: `id`, `number` or `text`.
        confidence: how sure that is, 0 to 1, of the criterion taken or else of the first candidate.
        candidates: the likeliest, the best first; five at the most.
        why: in a sentence, why it was not taken, or what should be looked at again.
        same_as: position of the statement that says the same about the same criterion, and was taken first.
    """

    state: Literal["taken", "confirm", "left"]
    criterion: str | None = None
    how: Literal["id", "number", "text"] | None = None
    confidence: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    why: str = ""
    same_as: int | None = None


class Matcher:
    """Matches statements to the criteria and descriptors of one rubric.

    >>> from mlops_widgets.library import load_rubric
    >>> matcher = Matcher(load_rubric("mlops-levels"))
    >>> [match] = matcher.match([Statement(text="Data catalog (schema registry)", headings=("Data Management",))])
    >>> match.state, match.criterion, match.how
    ('taken', 'data.catalog', 'text')
    """

    def __init__(self, rubric: Rubric) -> None:
        """Take the rubric; what is computed from it is kept for the next time."""
        self.rubric = rubric
        self._index = index_of(Keyed(rubric))

    def match(self, statements: Sequence[Statement]) -> list[Match]:
        """Match every statement, in their order; each criterion is taken once.

        The surest match comes first, so that a statement which merely resembles a criterion does not take it from the
        one that is about it. Where two statements are about one criterion for sure: with the same value the first is
        taken and the second says so (`same_as`); with different values both are to confirm.
        """
        if not statements:
            return []
        found = self._index.compare(statements)
        return _decided(found, statements, self._index.ids)

    def familiarity(self, statements: Sequence[Statement]) -> float:
        """Say how many of the words of statements and headings the rubric has, 0 to 1: quick, and only a hint."""
        return self._index.familiarity(statements)


class Guess(NamedTuple):
    """A rubric that statements may be about: the share of them that would be taken."""

    rubric: str
    share: float


def guess_rubric(statements: Sequence[Statement], rubrics: Iterable[Rubric] | None = None) -> list[Guess]:
    """Rank rubrics by how many of the statements they understand, the best first.

    A part of a long file tells enough. Those rubrics that have the fewest of its words are not looked at further, and
    understand nothing.

    Args:
        statements: what a file says.
        rubrics: those to choose from; the packaged ones when left out.

    >>> statement = Statement(text="Hyperparameter tuning (grid search)", headings=("Model training", "Level 1"))
    >>> guess_rubric([statement])[0].rubric
    'mlops-levels'
    """
    if rubrics is None:
        rubrics = map(load_rubric, rubric_ids())
    some = statements[:: max(1, -(-len(statements) // _ENOUGH))]
    matchers = [Matcher(rubric) for rubric in rubrics]
    matchers.sort(key=lambda matcher: -matcher.familiarity(some))
    guesses = [Guess(each.rubric.id, _share(each.match(some))) for each in matchers[:_LIKELY]]
    rest = [Guess(each.rubric.id, 0.0) for each in matchers[_LIKELY:]]
    return [*sorted(guesses, key=lambda guess: -guess.share), *rest]


_ENOUGH = 60
"""Statements that tell which rubric a file is about."""

_LIKELY = 3
"""Rubrics that are compared in full."""


def _share(matches: Sequence[Match]) -> float:
    """Weigh how much of a file was understood: taken counts for its confidence, what is to confirm for little."""
    worth = sum(m.confidence * (1 if m.state == "taken" else 0.25) for m in matches if m.state != "left")
    return worth / max(len(matches), 1)


# Deciding


def _decided(found: Found, statements: Sequence[Statement], ids: Sequence[str]) -> list[Match]:
    confidence = found.confidence
    given = _given(confidence)
    owner = {column: row for row, column in given.items()}
    rows = range(len(statements))
    told = [row for row in rows if row in found.by_id or confidence[row].max() >= TAKEN]
    needed = TAKEN if len(told) >= _FAMILIAR * len(statements) else _THE_SAME
    matches = [_match(row, found, given, owner, statements, ids, needed=needed) for row in rows]
    return _without_contradiction(matches, statements)


def _given(confidence: NDArray[np.float32]) -> dict[int, int]:
    """Give each statement the target it is surest of, the surest pair first; each target goes once."""
    rows, columns = np.nonzero(confidence >= DOUBTFUL)
    order = np.argsort(-confidence[rows, columns], kind="stable")
    given: dict[int, int] = {}
    gone: set[int] = set()
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row not in given and column not in gone:
            given[row] = column
            gone.add(column)
    return given


def _match(  # noqa: PLR0911, PLR0917 - each way it can go is one sentence to the reader
    row: int,
    found: Found,
    given: Mapping[int, int],
    owner: Mapping[int, int],
    statements: Sequence[Statement],
    ids: Sequence[str],
    *,
    needed: float,
) -> Match:
    sure = found.confidence[row]
    order = np.argsort(-sure, kind="stable")[:MOST_CANDIDATES]
    candidates = tuple(
        Candidate(criterion=ids[c], confidence=float(sure[c])) for c in order if sure[c] >= _WORTH_SHOWING
    )
    if row in found.by_id:
        return Match(
            state="taken", criterion=ids[found.by_id[row]], how="id", confidence=1.0, candidates=candidates[:1]
        )
    best = int(order[0])
    unsure = Match(state="confirm", confidence=float(sure[best]), candidates=candidates)
    if row in found.strange_ids:
        name = (statements[row].id or "")[:80]
        return replace(unsure, why=f"{name!r} is no criterion of this rubric; say which one is meant, or leave it out")
    if sure[best] < DOUBTFUL:
        return replace(unsure, state="left", why="resembles no criterion of this rubric")
    chosen, holder = best, owner.get(best, row)
    if holder != row and found.confidence[holder, best] >= TAKEN:
        fallback = given.get(row)
        if sure[best] >= _THE_SAME:
            pass  # two statements about one criterion
        elif fallback is not None and sure[fallback] >= TAKEN and sure[best] - sure[fallback] < CLEAR:
            chosen = fallback
        else:
            why = f"resembles {ids[best]} most, but line {statements[holder].line} does so more"
            return replace(unsure, why=why)
    others = (
        float(sure[column])
        for column in order
        if column != chosen
        and (owner.get(column, row) == row or found.confidence[owner[column], column] < sure[column])
    )
    second = max(others, default=0.0)
    if sure[chosen] < TAKEN:
        return replace(unsure, why=f"resembles a criterion, but not surely: {100 * sure[chosen]:.0f} %")
    if sure[chosen] < needed:
        return replace(unsure, why="resembles a criterion, but little else in the file does")
    # What its first choice has been given to another, is told by its words alone: it has to be clearer.
    if sure[chosen] - second < (CLEAR if chosen == best else 2 * CLEAR):
        return replace(unsure, why="resembles more than one criterion about as much")
    how: Literal["number", "text"] = "number" if found.by_number.get(row) == chosen else "text"
    return replace(unsure, state="taken", criterion=ids[chosen], how=how, confidence=float(sure[chosen]))


_WORTH_SHOWING = 0.2
"""Confidence below which a criterion is no candidate."""

_FAMILIAR = 0.3
"""Share of a file's statements that must resemble the rubric for one of them to be taken at the usual confidence."""

_MOST_LINES = 10
"""Lines that are named of those that answer one criterion."""

_THE_SAME = 0.85
"""Confidence from which a second statement is about a criterion that another has taken."""


def _without_contradiction(matches: list[Match], statements: Sequence[Statement]) -> list[Match]:
    """Where a criterion was taken more than once, keep the first of those that agree, and ask about the others."""
    together: dict[str, list[int]] = defaultdict(list)
    for row, match in enumerate(matches):
        if match.state == "taken" and match.criterion is not None:
            together[match.criterion].append(row)
    for criterion, rows in together.items():
        if len(rows) == 1:
            continue
        said = {statements[row].value for row in rows} - {None}
        lines = ", ".join(str(statements[row].line) for row in rows[:_MOST_LINES])
        lines += f" and {len(rows) - _MOST_LINES} more" if len(rows) > _MOST_LINES else ""
        if len(said) > 1:
            for row in rows:
                own = Candidate(criterion=criterion, confidence=matches[row].confidence)
                others = tuple(c for c in matches[row].candidates if c.criterion != criterion)
                matches[row] = replace(
                    matches[row],
                    state="confirm",
                    criterion=None,
                    how=None,
                    candidates=(own, *others)[:MOST_CANDIDATES],
                    why=f"lines {lines} answer {criterion} differently; keep one of them",
                )
            continue
        first = next((row for row in rows if statements[row].value is not None), rows[0])
        for row in rows:
            if row != first:
                line = statements[first].line
                matches[row] = replace(
                    matches[row], why=f"says the same as line {line}, which was taken", same_as=first
                )
    return matches
