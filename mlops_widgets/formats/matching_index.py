"""How like a statement is to each criterion of a rubric, by its words, its headings and its place.

Pure; decides nothing: `matching` does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from mlops_widgets.formats.matching_words import BRACKETS, level_in, number_in, sorted_words, unnumbered, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from mlops_widgets.formats.matching import Statement
    from mlops_widgets.rubric import Criterion, Descriptor, Rubric, Section

__all__ = ["Found", "Index", "Keyed", "index_of"]

_FIELDS = (1.0, 1.0, 0.7, 0.35)
"""What a word is worth when it stands in a criterion's text, its id, its help or its section's names."""

_ALIKE = 0.88
"""Likeness of two words from which they count as forms of one word."""

_TELLING = 2.5
"""How rare the words of a name or text must be, together, for it to be told by them."""

_ASIDE = 0.35
"""What a word in brackets counts beside one outside: it is most often an example or a remark."""

_UNKNOWN = 0.8
"""What a word that the rubric does not have counts, in proportion to its usual word."""


class Keyed:
    """A rubric that is the same as another with the same content."""

    def __init__(self, rubric: Rubric) -> None:
        """Take the rubric."""
        self.rubric = rubric

    def __hash__(self) -> int:
        return hash(self.rubric.content_hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keyed) and other.rubric.content_hash == self.rubric.content_hash


@dataclass(frozen=True, slots=True)
class _Target:
    """What a statement can be about: a criterion or a descriptor."""

    id: str
    level: int | None
    fields: tuple[str, str, str, str]
    names: tuple[str, ...]
    source: str
    position: int | None


def _targets(rubric: Rubric) -> Iterator[_Target]:
    def below(section: Section, names: tuple[str, ...]) -> Iterator[_Target]:
        here = (*names, section.title, section.label)
        items: tuple[Criterion | Descriptor, ...] = (*section.descriptors, *section.criteria)
        for item in items:
            source = item.source.section if item.source and item.source.section else ""
            parts = tuple(unnumbered(part) for part in re.split(r" / |, ", source))
            fields = (item.text, _slug(item.id), _further(item), " ".join((*here, *parts)))
            position = item.source.position if item.source else None
            yield _Target(item.id, item.level, fields, (*here, *parts), source, position)
        for child in section.sections:
            yield from below(child, here)

    for section in rubric.sections:
        yield from below(section, ())


def _slug(name: str) -> str:
    """The words of an id: a short wording of what is asked."""
    return re.sub(r"[._-]+", " ", name.partition(".")[2] or name)


def _further(item: Criterion | Descriptor) -> str:
    parts = [getattr(item, "help", None) or "", getattr(item, "absent", None) or ""]
    return " ".join((*parts, *getattr(item, "anchors", ()), *getattr(item, "evidence_hints", ())))


def _numbers(rubric: Rubric, targets: Sequence[_Target]) -> Mapping[str, int]:
    """Numbers that mean one criterion: by place in the rubric, and by the numbers of its source."""
    place = {target.id: index for index, target in enumerate(targets)}
    meant: dict[str, set[int]] = defaultdict(set)

    def below(section: Section, number: str) -> None:
        for position, criterion in enumerate(section.criteria, 1):
            meant[f"{number}.{position}"].add(place[criterion.id])
        for position, child in enumerate(section.sections, 1):
            below(child, f"{number}.{position}")

    for position, section in enumerate(rubric.sections, 1):
        below(section, str(position))
    for index, target in enumerate(targets):
        number = number_in(target.source)[0]
        if number and target.position:
            meant[f"{number}.{target.position}"].add(index)
    return {number: next(iter(indexes)) for number, indexes in meant.items() if len(indexes) == 1}


@dataclass(frozen=True, slots=True)
class Found:
    """How sure each statement (row) is about each target (column), and what told."""

    confidence: NDArray[np.float32]
    by_id: Mapping[int, int]
    by_number: Mapping[int, int]
    strange_ids: frozenset[int]


class Index:
    """The words, names, numbers and places of one rubric, ready to compare with."""

    def __init__(self, rubric: Rubric) -> None:
        """Take the rubric."""
        self.targets = tuple(_targets(rubric))
        self.ids = tuple(target.id for target in self.targets)
        self.place = {name.casefold(): index for index, name in enumerate(self.ids)}
        self.numbers = _numbers(rubric, self.targets)
        self.levels = np.array([-1 if t.level is None else t.level for t in self.targets])
        self.denials = np.array([t.id in rubric.descriptors or _denies(t.fields[0]) for t in self.targets])
        self.whole = [sorted_words(target.fields[0]) for target in self.targets]
        fields = [[words_of(field) for field in target.fields] for target in self.targets]
        self.vocabulary = sorted({word for each in fields for words in each for word in words})
        self.at = {word: index for index, word in enumerate(self.vocabulary)}
        frequency = np.zeros(len(self.vocabulary))
        for each in fields:
            frequency[[self.at[word] for word in {word for words in each[:3] for word in words}]] += 1
        self.rarity = np.log1p(len(self.targets) / np.maximum(frequency, 1)).astype(np.float32)
        self.fields = [[self._at(words) for words in each] for each in fields]
        self.shares = np.stack([self._shares(field) for field in (0, 1)], axis=2)
        self.names = sorted({name for target in self.targets for name in target.names if words_of(name)})
        self.name_words = [words_of(name) for name in self.names]
        counts: dict[str, int] = defaultdict(int)
        for words in self.name_words:
            for word in words:
                counts[word] += 1
        self.name_rarity = {word: float(np.log1p(len(self.names) / n)) for word, n in counts.items()}
        self.name_parts = [word for words in self.name_words for word in words]
        self.name_starts = np.cumsum([0, *map(len, self.name_words)])[:-1]
        self.name_weights = np.array([self.name_rarity[word] for word in self.name_parts])
        self.named = np.zeros((len(self.names), len(self.targets)), dtype=bool)
        for column, target in enumerate(self.targets):
            for name in target.names:
                if name in self.names:
                    self.named[self.names.index(name), column] = True
        self.sources: dict[str, list[int]] = defaultdict(list)
        for column, target in enumerate(self.targets):
            if target.source and target.position:
                self.sources[target.source].append(column)
        for columns in self.sources.values():
            columns.sort(key=lambda column: self.targets[column].position or 0)

    def _at(self, words: Iterable[str]) -> NDArray[np.intp]:
        return np.array([self.at[word] for word in words], dtype=np.intp)

    def _shares(self, field: int) -> NDArray[np.float32]:
        """Say what share each word has of each target's text, or of its id: all of it, if its words tell enough."""
        shares = np.zeros((len(self.vocabulary), len(self.targets)), dtype=np.float32)
        for column, fields in enumerate(self.fields):
            words = fields[field]
            # A name of common words alone, like `model`, says little even when all of it is said.
            shares[words, column] = self.rarity[words] / max(self.rarity[words].sum(), _TELLING)
        return shares

    def familiarity(self, statements: Sequence[Statement]) -> float:
        """Say what share of the words of each statement, its headings and its id the rubric has, on the average."""
        shares = []
        for statement in statements:
            if statement.id is not None and statement.id.casefold() in self.place:
                shares.append(1.0)
                continue
            words = [word for text in (statement.text, *statement.headings) for word in words_of(text)]
            shares.append(sum(word in self.at for word in words) / max(len(words), 1))
        return sum(shares) / max(len(shares), 1)

    def compare(self, statements: Sequence[Statement]) -> Found:
        """Say how sure each statement is about each target."""
        text = self._by_words(statements)
        confidence, support = self._in_context(text, statements)
        self._by_place(confidence, text, support, statements)
        by_id, by_number, strange = {}, {}, set()
        for row, statement in enumerate(statements):
            if statement.id is not None:
                column = self.place.get(statement.id.casefold())
                if column is None:
                    strange.add(row)
                else:
                    by_id[row] = column
            elif statement.number and (column := self.numbers.get(statement.number)) is not None:
                by_number[row] = column
                sure = confidence[row, column]
                confidence[row, column] = 1 - (1 - sure) * (0.3 if text[row, column] > _SOME else 0.7)
        for row, column in by_id.items():
            confidence[row] *= 0.5
            confidence[row, column] = 1
        return Found(confidence, by_id, by_number, frozenset(strange))

    def _by_words(self, statements: Sequence[Statement]) -> NDArray[np.float32]:
        """Compare the words, those that are forms of one word counting as alike, rare ones for more."""
        cores = [words_of(BRACKETS.sub(" ", statement.text)) for statement in statements]
        asides = [
            tuple(word for word in words_of(statement.text) if word not in core)
            for statement, core in zip(statements, cores, strict=True)
        ]
        spoken = sorted({word for words in (*cores, *asides) for word in words})
        shape = (len(statements), len(self.targets))
        if not spoken or not self.vocabulary:
            return np.zeros(shape, dtype=np.float32)
        at = {word: index for index, word in enumerate(spoken)}
        alike = cdist(
            spoken, self.vocabulary, scorer=JaroWinkler.normalized_similarity, score_cutoff=_ALIKE, dtype=np.float32
        )
        # How well each spoken word is found in each target, wherever that word counts most.
        explained = np.zeros((len(spoken), shape[1]), dtype=np.float32)
        for column, fields in enumerate(self.fields):
            for worth, words in zip(_FIELDS, fields, strict=True):
                if len(words):
                    np.maximum(explained[:, column], worth * alike[:, words].max(axis=1), out=explained[:, column])
        nearest = alike.argmax(axis=1)
        known = alike[np.arange(len(spoken)), nearest] > 0
        usual = float(np.median(self.rarity))
        weight = np.where(known, self.rarity[nearest], usual * _UNKNOWN).astype(np.float32)
        weighted = explained * weight[:, None]
        of_statement = np.zeros(shape, dtype=np.float32)
        of_target = np.zeros(shape, dtype=np.float32)
        for row, (core, aside) in enumerate(zip(cores, asides, strict=True)):
            inner, outer = [at[word] for word in core], [at[word] for word in aside]
            everything = inner + outer
            if everything:
                meant = weighted[inner].sum(axis=0) + _ASIDE * weighted[outer].sum(axis=0)
                of_statement[row] = meant / (weight[inner].sum() + _ASIDE * weight[outer].sum())
                heard = alike[everything].max(axis=0)
                words = heard.nonzero()[0]
                # Summed rather than multiplied as matrices: for so few words, threads cost more than they bring.
                of_target[row] = (heard[words, None, None] * self.shares[words]).sum(axis=0).max(axis=1)
        text = of_statement**0.55 * of_target**0.45
        sentences = [sorted_words(statement.text) for statement in statements]
        whole: NDArray[np.float32] = cdist(sentences, self.whole, score_cutoff=80, dtype=np.float32)
        return np.maximum(text, whole / 100)

    def _in_context(
        self, text: NDArray[np.float32], statements: Sequence[Statement]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Raise what stands under a fitting heading, lower what stands under that of something else."""
        confidence = text.copy()
        support = np.zeros_like(text)
        for row, statement in enumerate(statements):
            support[row] = self._supported(statement.headings)
            best = support[row].max()
            if best >= _NAMED:
                relative = support[row] / best
                lift = 0.4 * np.where(relative > _BEST_NAMED, relative, 0) * np.minimum(1, 2 * text[row])
                confidence[row] += (1 - confidence[row]) * lift
                confidence[row] *= 0.55 + 0.45 * relative
            else:
                confidence[row] *= _ALONE
            level = level_of(statement)
            if level is not None and (self.levels == level).any():
                same = self.levels == level
                confidence[row] += np.where(same, (1 - confidence[row]) * 0.2 * np.minimum(1, 2 * text[row]), 0)
                confidence[row] *= np.where(same | (self.levels < 0), 1, 0.6)
            denies = _denies(statement.text)
            confidence[row] *= np.where(self.denials == denies, 1, _OPPOSITE if level is None else 0.9)
        return confidence, support

    @lru_cache(maxsize=2_000)  # noqa: B019 - an index lives as long as its rubric is in use
    def _supported(self, headings: tuple[str, ...]) -> NDArray[np.float32]:
        """Say how well the headings fit the names of each target's sections, 0 to 1."""
        found = np.zeros(len(self.targets), dtype=np.float32)
        weight = 1.0
        for heading in reversed(headings[-4:]):
            words = words_of(unnumbered(heading))
            if not words or not self.names:
                continue
            fit = self._same_names(words)
            np.maximum(found, weight * (self.named * fit[:, None]).max(axis=0), out=found)
            weight *= 0.85
        return found

    def _same_names(self, heading: Sequence[str]) -> NDArray[np.float32]:
        """Say how well a heading fits each name: all at once, for there are many of both."""
        alike = cdist(heading, self.name_parts, scorer=JaroWinkler.normalized_similarity, score_cutoff=_ALIKE)
        mine = np.array([self.name_rarity.get(word, 2.0) for word in heading])
        nearest = np.maximum.reduceat(alike, self.name_starts, axis=1)
        of_heading = (nearest * mine[:, None]).sum(axis=0) / mine.sum()
        heard = np.add.reduceat(alike.max(axis=0) * self.name_weights, self.name_starts)
        of_name = heard / np.add.reduceat(self.name_weights, self.name_starts)
        fit: NDArray[np.float32] = (0.55 * of_heading + 0.45 * of_name).astype(np.float32)
        return fit

    def _by_place(
        self,
        confidence: NDArray[np.float32],
        text: NDArray[np.float32],
        support: NDArray[np.float32],
        statements: Sequence[Statement],
    ) -> None:
        """Use the place in a list that is as long as the source's own list under the same heading."""
        groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for row, statement in enumerate(statements):
            if statement.group is not None:
                groups[statement.group, statement.headings, statement.level].append(row)
        for rows in groups.values():
            columns = self._list_like(rows, support, statements)
            if columns is None:
                continue
            block = text[np.ix_(rows, columns)]
            own = block.diagonal()
            others = (block.sum() - own.sum()) / max(block.size - len(rows), 1) if len(rows) > 1 else 0.0
            lead = float(own.mean() - others)
            trust = _PLACE_SURE if lead > _LEAD and len(rows) > 1 else _PLACE if lead > 0 else _PLACE_ALONE
            for row, column in zip(rows, columns, strict=True):
                confidence[row, column] = 1 - (1 - confidence[row, column]) * (1 - trust)

    def _list_like(
        self, rows: Sequence[int], support: NDArray[np.float32], statements: Sequence[Statement]
    ) -> list[int] | None:
        """Find the list of the source that has the same heading, level and length."""
        level = level_of(statements[rows[0]])
        fitting = [
            (float(support[rows[0], columns].min()), columns)
            for columns in self.sources.values()
            if len(columns) == len(rows) and (level is None or self.levels[columns[0]] in (level, -1))
        ]
        best, columns = max(fitting, key=lambda pair: pair[0], default=(0.0, []))
        return columns if best >= _SAME_HEADING else None


_BEST_NAMED = 0.95
"""How near a section must come to the one its heading fits best to be lifted like it."""

_DENIAL = re.compile(r"\W*(?:there (?:is|are) )?(?:no|not|none|never|nobody|nothing)\b", re.IGNORECASE)
"""How a statement begins that says what is absent, as those of the lowest level do."""

_DENIED = re.compile(
    r"\b(?:not (?:yet )?(?:possible|available|implemented|in place|supported|used|done)|impossible|missing)\W*$",
    re.IGNORECASE,
)
"""How one ends that says so."""


def _denies(text: str) -> bool:
    return _DENIAL.match(text) is not None or _DENIED.search(text) is not None


_OPPOSITE = 0.65
"""What is left of the likeness of a statement and its opposite, when their level does not tell them apart."""

_NAMED = 0.5
"""How well a heading must fit a section's name to say anything."""

_ALONE = 0.88
"""What is left of a likeness that no heading bears out."""

_SAME_HEADING = 0.75
"""How well a heading must fit that of a source's list for places in it to count."""

_SOME = 0.12
"""Likeness of words below which there is none to speak of."""

_LEAD = 0.1
"""How much better a list's words must fit in their own order than in any other for its places to be trusted."""

_PLACE_SURE, _PLACE, _PLACE_ALONE = 0.6, 0.35, 0.15
"""What the place adds: words agree with the order, agree a little, say nothing."""


def level_of(statement: Statement) -> int | None:
    """Find the level a statement is said to belong to, by itself or by its nearest heading that names one."""
    if statement.level is not None:
        return statement.level
    return next((level for heading in reversed(statement.headings) if (level := level_in(heading)) is not None), None)


@lru_cache(maxsize=32)
def index_of(key: Keyed) -> Index:
    """Give the index of a rubric, made once for rubrics of the same content."""
    return Index(key.rubric)
