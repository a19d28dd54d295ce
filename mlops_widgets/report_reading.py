"""How an assessment and its score are put into words: what every part of a report says in the same way.

May not decide what a report tells, only how a thing is said.
"""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING

from mlops_widgets.assessment import Answer
from mlops_widgets.numerals import number, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mlops_widgets.assessment import Assessment, PlanItem
    from mlops_widgets.rubric import Band, Rubric
    from mlops_widgets.scoring import Score, SectionScore

__all__ = ["Reading", "bottom", "shortened", "top"]

LONGEST = 80
"""Letters of a text somebody wrote, where a page has to stay a page; the rest stands elsewhere in the report."""

EARLY = 1 / 2
"""Share answered below which a report draws no conclusion."""


class Reading:
    """One assessment with its score, and how to put either into words."""

    def __init__(
        self, given: Assessment, fit: Assessment, rubric: Rubric, result: Score, table: Mapping[str, str]
    ) -> None:
        """Look up what more than one sentence needs."""
        self.given, self.fit, self.rubric, self.score, self._words = given, fit, rubric, result, table
        overall = result.overall
        starts = [start for band in rubric.scoring.bands if isfinite(start := bottom(band))]
        self.edges = (*starts, 1.0) if rubric.scoring.display == "percent" else tuple(starts)
        self.parts = {part.id: part for part in result.sections}
        self.counted = [part for part in result.dimensions if part.counted and part.applicable]
        self.early = overall.answered < EARLY * overall.applicable
        self.nothing_left = result.is_final and not any(state == "short" for state in result.state.values())
        self.blocking = frozenset(overall.next.blocking if overall.next else ())
        self.implied = {finding.criteria[0]: finding.criteria[1:] for finding in result.found("implied")}
        self.unreasoned = {finding.criteria[0] for finding in result.found("reason_missing")}
        self.contradicted: dict[str, list[str]] = {}
        for finding in result.found("contradictory"):
            for name in finding.criteria[1:]:
                self.contradicted.setdefault(finding.criteria[0], []).append(name)
                self.contradicted.setdefault(name, []).append(finding.criteria[0])

    def say(self, key: str, **values: object) -> str:
        """Fill a sentence in."""
        return self._words[key].format(**values)

    def count(self, key: str, count: float, **values: object) -> str:
        """Fill a sentence in, its singular where there is one of something."""
        return self.say(f"{key}_one" if count == 1 else key, count=number(count), **values)

    def joined(self, texts: Sequence[str]) -> str:
        """Join clauses by "and"."""
        texts = [text.rstrip(". ") for text in texts]
        *rest, last = texts
        return self.say("and", first=self._words["comma"].join(rest), last=last) if rest else last

    def clauses(self, texts: Sequence[str]) -> str:
        """Join clauses into the beginning of a sentence."""
        sentence = self.joined(texts)
        return sentence[:1].upper() + sentence[1:]

    def none(self, key: str) -> str:
        """Say why a list is empty."""
        return self.say(key if self.score.overall.applicable else "none_applies")

    def value(self, value: float) -> str:
        """Show a score of the whole, or an edge between its levels."""
        display = self.rubric.scoring.display
        if display == "percent":
            return self.say("percent", value=percent(value, edges=self.edges))
        if display == "points":
            return self.say("points_one" if value == 1 else "points", value=number(value, edges=self.edges))
        return number(value, edges=self.edges)

    def value_of(self, part: SectionScore) -> str:
        """Show the score of a part, out of what it can be."""
        if part.value is None:
            return ""
        if self.rubric.scoring.display == "percent":
            return self.value(part.value)
        return self.say("of_maximum", value=number(part.value, edges=self.edges), maximum=number(part.maximum))

    def text_of(self, name: str) -> str:
        """Give the sentence of a criterion or descriptor, fit to be quoted."""
        item = self.rubric.criteria.get(name) or self.rubric.descriptors[name]
        return item.text.rstrip(".")

    def answer_of(self, name: str) -> Answer:
        """Give what was answered; an empty answer where nothing was."""
        return self.fit.answers.get(name, Answer())

    def place_of(self, name: str) -> int | None:
        """Find the place of the answer on its scale, counted from 0 at the lowest."""
        ids = [option.id for option in self.rubric.scale_of[name].options]
        value = self.answer_of(name).value
        if value in ids:
            return ids.index(value)
        return len(ids) - 1 if name in self.implied else None

    def label_of(self, name: str, place: int) -> str:
        """Say what a place on the scale of a criterion means."""
        criterion = self.rubric.criteria[name]
        label = self.rubric.scale_of[name].options[place].label
        if place < len(criterion.anchors):
            return criterion.anchors[place]
        return self.say("rating", answer=label) if criterion.kind == "open" else label

    def edge(self, band: Band) -> str:
        """Say where a band begins."""
        return self.say("edge_above" if band.at_least is None else "edge_at", value=self.value(bottom(band)))

    def range(self, band: Band) -> str:
        """Say from where to where a band goes."""
        low, high = bottom(band), top(band)
        start = "" if low == -inf else "_from" if band.at_least is not None else "_above"
        end = "" if high == inf else "_to" if band.at_most is not None else "_below"
        key = "range_exact" if low == high else f"range{start}{end}" if start or end else "range_all"
        return self.say(
            key, low=self.value(low) if isfinite(low) else "", high=self.value(high) if isfinite(high) else ""
        )

    def to_do(self) -> list[PlanItem]:
        """List the items of the plan that are neither done nor dropped, what is due first at the front."""
        items = [item for _, item in self.given.plan.ordered() if item.status not in ("done", "dropped")]
        return sorted(items, key=lambda item: item.due or item.start or "9999")

    def who_when(self, item: PlanItem) -> str:
        """Say who does an item by when, and what stands in its way."""
        said = (
            item.owner or self.say("owner_none"),
            self.say("due", day=item.due) if item.due else "",
            "" if item.status != "blocked" else self.say("waits", blocker=item.blocker.rstrip(". ")) if item.blocker
            else self.say("task_blocked"),
        )  # fmt: skip
        return self._words["soft"].join(filter(None, said))

    def work(self, items: Iterable[PlanItem]) -> str:
        """Say how much work items are; nothing where nobody has said."""
        total = sum(item.effort or 0.0 for item in items)
        return self.count("work", total) if total else ""

    def profile(self) -> list[str]:
        """Say what was answered about the subject at the start."""
        return [
            f"{facet.question} {option.label}"
            for facet in self.rubric.facets
            for option in facet.options
            if option.id in self.given.profile
        ]


def bottom(band: Band) -> float:
    """Give the edge a band begins at; minus infinity where it has none."""
    edge = band.above if band.at_least is None else band.at_least
    return -inf if edge is None else edge


def top(band: Band) -> float:
    """Give the edge a band ends at; infinity where it has none."""
    edge = band.below if band.at_most is None else band.at_most
    return inf if edge is None else edge


def shortened(text: str, longest: int = LONGEST) -> str:
    """Cut a text behind a word; one long word within itself.

    >>> shortened("Nobody has the time before spring", 20)
    'Nobody has the time…'
    """
    if len(text) <= longest:
        return text
    start = text[:longest]
    whole = start.rpartition(" ")[0] if " " in start[longest // 2 :] else start[:-1]
    return f"{whole.rstrip(' .,;:')}…"
