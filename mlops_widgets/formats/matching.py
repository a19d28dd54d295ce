"""Which criterion a statement of a foreign file is about: by its id, its number, its place and its words.

Pure: knows no file format; statements come in, matches go out, each with how sure it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import cdist

from mlops_widgets.formats.reading import Candidate
from mlops_widgets.library import load_rubric, rubric_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from mlops_widgets.rubric import Criterion, Descriptor, Rubric, Section

__all__ = ["CLEAR", "DOUBTFUL", "TAKEN", "Guess", "Match", "Matcher", "Statement", "guess_rubric"]

TAKEN = 0.6
"""Confidence from which a match is taken without asking, when it is clear."""

CLEAR = 0.08
"""How far ahead of the second best a match must be to be taken."""

DOUBTFUL = 0.35
"""Confidence from which a match is worth showing; below, the statement is about something else."""

_MOST_CANDIDATES = 5
_LONGEST = 1000
"""Characters of a statement that are looked at."""


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
        self._index = _index(rubric.content_hash, _Hashable(rubric))

    def match(self, statements: Sequence[Statement]) -> list[Match]:
        """Match every statement, in their order; each criterion is taken once.

        The surest match comes first, so that a statement which merely resembles a criterion does not take it from the
        one that is about it. Where two statements are about one criterion for sure: with the same value the first is
        taken and the second says so (`same_as`); with different values both are to confirm.
        """
        raise NotImplementedError
