"""What a report says, as plain text and lists: the headline, the level, strengths, gaps, what to do next, every answer.

Pure and deterministic. May not draw, write HTML, read files other than words, or know the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf, isfinite
from typing import TYPE_CHECKING

from mlops_widgets import __version__
from mlops_widgets.assessment import NOT_APPLICABLE, Answer, fitted
from mlops_widgets.library import words
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.rubric import Band, Criterion, Initiative, Phase, Roadmap, Rubric, Section
    from mlops_widgets.scoring import Finding, Score, SectionScore

__all__ = ["Dimension", "Entry", "Group", "Item", "Next", "ReportContent", "Standing", "content"]

STRONG = 2 / 3
"""Share of the way from which a dimension is called a strength."""

WEAK = 1 / 2
"""Share of the way up to which a dimension is called a weakness, whatever its open answers turn out to be."""

EARLY = 1 / 2
"""Share answered below which a report draws no conclusion."""

_NOISE = 1e-9

MOST_STRENGTHS, MOST_GAPS, MOST_NOTICES = 3, 5, 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A line of a list: what, more about it, and something short at its end."""

    text: str
    more: str = ""
    tag: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where the whole stands."""

    name: str
    label: str = ""
    meaning: str = ""
    distance: tuple[str, ...] = ()
    """How far the next level is, and what open answers may change: sentences."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """What to do next."""

    title: str
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    steps_title: str = ""
    steps: tuple[Entry, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A criterion and what was answered."""

    id: str
    text: str
    answer: str
    state: str
    """`met`, `part`, `short`, `open` or `na`."""
    state_word: str
    level: str = ""
    remarks: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    """Text and address; the address is empty where the text is none that a browser may open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Criteria under one heading; without a title, those directly below a dimension."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dimension:
    """A top-level section and its answers."""

    id: str
    title: str
    description: str
    facts: tuple[str, ...]
    remarks: tuple[str, ...]
    groups: tuple[Group, ...]
    described: tuple[str, ...]
    """Sentences that describe a level and were ticked."""


@dataclass(frozen=True, kw_only=True)
class ReportContent:
    """A report before it is drawn; everything in it is text that came from people and has to be escaped."""

    title: str
    about: tuple[str, ...]
    headline: str
    standing: Standing
    notices: tuple[str, ...]
    strengths: tuple[Entry, ...]
    strengths_none: str
    gaps_title: str
    gaps: tuple[Entry, ...]
    gaps_none: str
    next: Next
    dimensions: tuple[Dimension, ...]
    rule: tuple[str, ...]
    threshold_head: tuple[str, ...]
    threshold_rows: tuple[tuple[str, ...], ...]
    facts: tuple[tuple[str, str], ...]
    unanswered: tuple[tuple[str, tuple[str, ...]], ...]
    """Dimension, and the texts of its open criteria."""
    score: Score
    """What the charts are drawn from."""


def content(assessment: Assessment, rubric: Rubric, *, language: str = "en") -> ReportContent:
    """Work out what a report says.

    Raises:
        AssessmentError: an answer is no option of its criterion; every fault at once.

    >>> from mlops_widgets.assessment import Assessment
    >>> from mlops_widgets.library import load_rubric
    >>> churn = Assessment.from_dict({"id": "churn26q4", "subject": "Churn model", "date": "2026-11-20",
    ...     "rubric": {"id": "mlops-levels", "version": "1.0"}, "answers": {"data.central-storage": "yes"}})
    >>> content(churn, load_rubric("mlops-levels")).headline
    '1 of 85 answered: too early to tell.'
    """
    fit = fitted(assessment, rubric)
    known = (assessment, fit, rubric, score(rubric, fit), words("report", language))
    page, answers, method = _FirstPage(*known), _Answers(*known), _Method(*known)
    return ReportContent(
        title=page.say("title", subject=assessment.subject),
        about=page.about(),
        headline=page.headline(),
        standing=page.standing(),
        notices=answers.notices(),
        strengths=page.strengths(),
        strengths_none=page.none("strengths_unknown" if page.early else "strengths_none"),
        gaps_title=page.gaps_title(),
        gaps=page.gaps(),
        gaps_none=page.none("gaps_none" if page.nothing_left else "gaps_unknown"),
        next=_Plan(*known).next(),
        dimensions=tuple(answers.dimension(section) for section in rubric.sections),
        rule=tuple(method.rule()),
        threshold_head=method.threshold_head(),
        threshold_rows=tuple(method.threshold_rows()),
        facts=tuple((name, value) for name, value in method.facts() if value),
        unanswered=method.unanswered(),
        score=page.score,
    )


class _Reading:
    """One assessment with its score, and how to put either into words."""

    def __init__(
        self, given: Assessment, fit: Assessment, rubric: Rubric, result: Score, table: Mapping[str, str]
    ) -> None:
        self.given, self.fit, self.rubric, self.score, self._words = given, fit, rubric, result, table
        overall = result.overall
        self.edges = (*(start for band in rubric.scoring.bands if isfinite(start := _bottom(band))), 1.0)
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
        return self.say(f"{key}_one" if count == 1 else key, count=_number(count), **values)

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
            return self.say("percent", value=_percent(value, self.edges))
        if display == "points":
            return self.say("points_one" if value == 1 else "points", value=_number(value, self.edges))
        return _number(value, self.edges)

    def value_of(self, part: SectionScore) -> str:
        """Show the score of a part, out of what it can be."""
        if part.value is None:
            return ""
        if self.rubric.scoring.display == "percent":
            return self.value(part.value)
        return self.say("of_maximum", value=_number(part.value, self.edges), maximum=_number(part.maximum))

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
        return self.say("edge_above" if band.at_least is None else "edge_at", value=self.value(_bottom(band)))

    def range(self, band: Band) -> str:
        """Say from where to where a band goes."""
        low, high = _bottom(band), _top(band)
        start = "" if low == -inf else "_from" if band.at_least is not None else "_above"
        end = "" if high == inf else "_to" if band.at_most is not None else "_below"
        key = "range_exact" if low == high else f"range{start}{end}" if start or end else "range_all"
        return self.say(
            key, low=self.value(low) if isfinite(low) else "", high=self.value(high) if isfinite(high) else ""
        )

    def profile(self) -> list[str]:
        """Say what was answered about the subject at the start."""
        return [
            f"{facet.question} {option.label}"
            for facet in self.rubric.facets
            for option in facet.options
            if option.id in self.given.profile
        ]


class _FirstPage(_Reading):
    """What an executive reads: the headline, the level, strengths, gaps, what to do next."""

    def about(self) -> tuple[str, ...]:
        """Say what was assessed, with what, when and by whom."""
        overall, count = self.score.overall, len(self.rubric.criteria)
        aside = count - overall.applicable
        return tuple(
            line
            for line in (
                self.given.subject,
                self.say("about_rubric", title=self.rubric.title, version=self.rubric.version),
                self.given.date,
                self.given.assessor,
                self.count("about_criteria", count),
                self.say("about_na", count=aside) if aside else "",
                "" if self.score.is_final else self.say("about_open", count=overall.applicable - overall.answered),
            )
            if line
        )

    def reach(self, part: SectionScore, *, at_best: bool = False) -> float | None:
        """Tell how far a dimension is on its own way, 0 to 1; what is open counts as missing, or as there."""
        place = part.position("high" if at_best else "low")
        if place is None:
            return None
        levels = [level.level for level in self.rubric.levels]
        if part.completion:
            top = max((step.level for step in part.completion if step.of), default=levels[0])
            return _share(place, min(levels), top)
        level = part.level_high if at_best else part.level_low
        share = _share(place, part.minimum, part.maximum)
        # Half of the points may be most of the levels.
        return share if level is None else max(share, _share(level, min(levels), max(levels)))

    def ranked(self) -> list[tuple[float, SectionScore]]:
        """Put the dimensions in order, the one furthest on its way first."""
        reached = [(self.reach(part), part) for part in self.counted]
        there = [(reach, part) for reach, part in reached if reach is not None]
        return sorted(there, key=lambda pair: (-pair[0], -(pair[1].share or 0.0)))

    def strong(self) -> list[SectionScore]:
        """Dimensions that may be called a strength."""
        return [part for reach, part in self.ranked() if reach >= STRONG]

    def headline(self) -> str:
        """Say the finding in one sentence, and no more than the answers bear out."""
        overall = self.score.overall
        if not overall.applicable:
            return self.say("headline_na")
        if not overall.answered:
            return self.say("headline_empty")
        if self.early:
            return self.say("headline_early", answered=overall.answered, count=overall.applicable)
        if self.score.is_final:
            places = {name: self.place_of(name) for name, state in self.score.state.items() if state != "na"}
            if all(place == len(self.rubric.scale_of[name].options) - 1 for name, place in places.items()):
                return self.say("headline_full")
            if not any(places.values()):
                return self.say("headline_zero")
        return self._finding()

    def _finding(self) -> str:
        ranked = self.ranked()
        clauses = {section.id: section for section in self.rubric.sections}
        strong = [clause for part in self.strong() if (clause := clauses[part.id].strong)][:2]
        if any(self.say("and", first="", last="") in clause for clause in strong):
            strong = strong[:1]
        behind = [part for _, part in reversed(ranked) if (self.reach(part, at_best=True) or 0.0) <= WEAK]
        weak = [clause for part in behind if (clause := clauses[part.id].weak)][:2]
        worst = ranked[-1][1]
        if weak and (strong or len(weak) > 1):
            first = self.clauses(strong or weak[:1])
            return self.say("headline_both", first=first, last=weak[0 if strong else 1].rstrip(". "))
        if strong:
            complete = ranked[-1][0] >= 1 or len(ranked) == 1
            key = "headline_strong_only" if complete else "headline_strong"
            return self.say(key, strong=self.clauses(strong), dimension=worst.label)
        if weak:
            return self.say("headline_weak", weak=self.clauses(weak))
        if len(ranked) == 1:
            return self.say("headline_one", dimension=worst.label)
        return self.say("headline_even", best=ranked[0][1].label, worst=worst.label)

    def standing(self) -> Standing:
        """Say the level, what it means and how far the next one is."""
        overall = self.score.overall
        if not overall.applicable:
            return Standing(name=self.say("level_none"), meaning=self.say("level_na"))
        if self.early and overall.level_low is not None and overall.level_low != overall.level_high:
            name = self.say("level_between", low=overall.level_low, high=overall.level_high)
            still = self.say("open_early", open=overall.applicable - overall.answered, count=overall.applicable)
            return Standing(name=name, label=self.say("early"), distance=(still,))
        distance = (*self._distance(), *self._target(), *self._while_open())
        if overall.level is None:
            name = self.say("level_none") if self.rubric.scoring.bands else self.value_of(overall)
            return Standing(name=name, meaning=self._unassigned(), distance=distance)
        level = self.rubric.level(overall.level)
        name = self.say("level", level=overall.level)
        return Standing(
            name=name, label=level.name if level else "", meaning=level.summary if level else "", distance=distance
        )

    def _distance(self) -> Iterator[str]:
        """Tell how far the next level is."""
        overall = self.score.overall
        way, level = overall.next, overall.level
        if way is None:
            if level is not None:
                yield self.say("top")
            return
        step = next((step for step in overall.completion if step.level == way.level), None)
        if step is not None and step.share is not None:
            key = "gate_distance_all" if step.needed == 1 else "gate_distance"
            yield self.say(
                key,
                share=_percent(step.share, (step.needed, 1.0)),
                needed=_percent(step.needed),
                level=way.level,
                met=sum(self.score.state[name] == "met" for name in self._of_level(way.level)),
                of=step.of,
            )
        elif overall.value is not None and level is not None:
            band = next(band for band in self.rubric.scoring.bands if band.level == way.level)
            weakest = min(self.counted, key=lambda part: part.value or 0.0)
            by_lowest = self.rubric.scoring.combine == "min"
            yield self.say(
                "band_distance_lowest" if by_lowest else "band_distance",
                value=self.value_of(weakest if by_lowest else overall),
                dimension=weakest.label,
                level=way.level,
                edge=self.edge(band),
            )
        if way.smallest:
            yield self.count("enough", len(way.smallest))
        else:
            yield self.say("next_out_of_reach", level=way.level)

    def _of_level(self, level: int) -> list[str]:
        return [name for name, criterion in self.rubric.criteria.items() if criterion.level == level]

    def _unassigned(self) -> str:
        value = self.score.value
        if value is None or not self.rubric.scoring.bands:
            return self.say("level_empty") if value is None else ""
        below = [band for band in self.rubric.scoring.bands if _top(band) <= value]
        above = [band for band in self.rubric.scoring.bands if _bottom(band) >= value]
        if not (below and above):
            return self.say("unassigned", value=self.value(value))
        under, over = below[-1], above[0]
        return self.say(
            "unassigned_between",
            value=self.value(value),
            below=under.level,
            below_range=self.range(under),
            above=over.level,
            above_range=self.range(over),
        )

    def _target(self) -> Iterator[str]:
        target, level = self.given.targets.get("overall"), self.score.level
        if target is not None and level is not None:
            yield self.say("target_reached" if level >= target else "target", level=_number(target))

    def _while_open(self) -> Iterator[str]:
        overall = self.score.overall
        if self.score.is_final:
            return
        low, high = overall.level_low, overall.level_high
        if low is None or high is None:
            key = "open_plain"
        elif low == high:
            key = "open_same"
        else:
            key = "open_up" if low == overall.level else "open_moves"
        yield self.say(key, open=overall.applicable - overall.answered, count=overall.applicable, low=low, high=high)

    def strengths(self) -> tuple[Entry, ...]:
        """Name what is best: whole dimensions first, then single criteria of others, the most advanced first."""
        if self.early:
            return ()
        sections = {section.id: section for section in self.rubric.sections}
        entries = []
        named = set()
        for part in self.strong():
            clause = sections[part.id].strong
            if clause:
                more = self._words["soft"].join((part.title, self._far(part)))
                entries.append(Entry(text=self.clauses([clause]), more=more))
                named.add(part.id)
        met_ones = [name for name, state in self.score.state.items() if state == "met"]
        reached = {part.id: reach for reach, part in self.ranked()}
        for name in sorted(met_ones, key=lambda name: self._merit(name, reached)):
            dimension = self.rubric.dimension_of[name]
            if dimension.id not in named:
                named.add(dimension.id)
                entries.append(Entry(text=self.done(name), more=dimension.title))
        return tuple(entries[:MOST_STRENGTHS])

    def _far(self, part: SectionScore) -> str:
        """Say how far a dimension is: its level if that is any, or how much of it is met."""
        if part.level is not None and part.level > min(level.level for level in self.rubric.levels):
            return self.say("level_of", level=part.level)
        names = [name for name in self.rubric.criteria if self.rubric.dimension_of[name].id == part.id]
        states = [self.score.state[name] for name in names]
        return self.say("strength_dimension", met=states.count("met"), of=len(states) - states.count("na"))

    def _merit(self, name: str, reached: Mapping[str, float]) -> tuple[float, ...]:
        """Rank a strength; what is far above the level of the whole says little about it."""
        criterion, scale = self.rubric.criteria[name], self.rubric.scale_of[name]
        level = criterion.level or 0
        place = (self.place_of(name) or 0) / (len(scale.options) - 1)
        far = reached.get(self.rubric.dimension_of[name].id, 0.0)
        return (
            level > (self.score.level or 0) + 1,
            -far,
            -level,
            -place,
            -self.weight_of(name),
            -(criterion.effort or 0.0),
        )

    def weight_of(self, name: str) -> float:
        """Weigh a criterion by its own weight and that of its dimension."""
        return self.rubric.criteria[name].weight * self.rubric.dimension_of[name].weight

    def done(self, name: str) -> str:
        """Say that a criterion is met."""
        criterion = self.rubric.criteria[name]
        if criterion.kind == "statement":
            return self.text_of(name)
        answer = self.label_of(name, self.place_of(name) or 0)
        return self.say("strength_anchored", text=criterion.text, answer=answer)

    def gaps(self) -> tuple[Entry, ...]:
        """Rank what is known to be missing, that which matters most first."""
        smallest = self.score.overall.next.smallest if self.score.overall.next else ()
        reached = {part.id: self.reach(part) or 0.0 for part in self.score.dimensions}
        turn: dict[tuple[object, ...], int] = {}
        rank: dict[str, tuple[float, ...]] = {}
        short = [name for name, state in self.score.state.items() if state == "short"]
        for name in sorted(short, key=lambda name: self.rubric.criteria[name].effort or 0.0):
            dimension = self.rubric.dimension_of[name]
            first = (name not in smallest, name not in self.blocking, -self.weight_of(name))
            # One of each dimension before the second of any, beginning with the weakest.
            turn[first, dimension.id] = turn.get((first, dimension.id), 0) + 1
            rank[name] = (*first, turn[first, dimension.id], reached[dimension.id])
        return tuple(self._gap(name) for name in sorted(short, key=rank.__getitem__)[:MOST_GAPS])

    def gaps_title(self) -> str:
        """Say how many gaps there are to read of."""
        return self.say("gaps_title_early" if self.early else f"gaps_title_{len(self.gaps())}")

    def _gap(self, name: str) -> Entry:
        criterion, place = self.rubric.criteria[name], self.place_of(name) or 0
        more = [self.rubric.dimension_of[name].title]
        if place == 0:
            text = (criterion.absent or criterion.text).rstrip(".")
        elif criterion.kind != "statement":
            answer = criterion.anchors[place] if criterion.anchors else self.rubric.scale_of[name].options[place].label
            text = self.say("gap_anchored", text=criterion.text, answer=answer)
        else:
            text = self.say("gap_partly", answer=self.label_of(name, place), text=self.text_of(name))
        if criterion.anchors and place + 1 < len(criterion.anchors):
            more.append(self.say("gap_then", answer=criterion.anchors[place + 1]))
        elif self.score.overall.next and name in self.blocking:
            more.append(self.say("gap_needed", level=self.score.overall.next.level))
        effort = self.count("weeks", criterion.effort) if criterion.effort else ""
        return Entry(text=text, more=self._words["soft"].join(more), tag=effort)


class _Plan(_Reading):
    """What to do next, how long it takes, what it costs and who is needed, as far as the rubric knows."""

    def next(self) -> Next:
        """Say what to do next."""
        overall = self.score.overall
        if not overall.applicable:
            return Next(title=self.say("next_more"), text=self.say("next_na"))
        if self.early:
            return self._next_answers()
        way, level = overall.next, self.rubric.level(overall.level) if overall.level is not None else None
        if way is None:
            done = self.say("next_done") if self.nothing_left else ""
            return Next(title=self.say("next_more"), text=(level.next_step if level else "") or done)
        title = self.say("next_level", level=way.level) if way.smallest else self.say("next_more")
        known = [roadmap for roadmap in self.rubric.roadmaps if roadmap.from_level == overall.level]
        if known:
            nearest, *others = sorted(known, key=lambda roadmap: (roadmap.to_level != way.level, roadmap.to_level))
            return self._next_on(nearest, others, title)
        text = (level.next_step if level else "") or ""
        if not way.smallest:
            return Next(title=title, text=text)
        facts = [(self.say("fact_criteria"), self.count("fact_open_value", len(way.smallest)))]
        efforts = [self.rubric.criteria[name].effort for name in way.smallest]
        if all(efforts):
            facts.append((self.say("fact_work"), self.count("work", sum(effort or 0.0 for effort in efforts))))
        return Next(title=title, text=text, facts=tuple(facts))

    def _next_answers(self) -> Next:
        overall = self.score.overall
        still = overall.applicable - overall.answered
        facts = [(self.say("fact_open"), self.count("fact_open_value", still))]
        if self.rubric.minutes:
            minutes = max(1, round(self.rubric.minutes * still / len(self.rubric.criteria)))
            facts.append((self.say("fact_time"), self.count("time_answer", minutes)))
        return Next(title=self.say("next_answer"), text=self.say("next_answer_text"), facts=tuple(facts))

    def _next_on(self, roadmap: Roadmap, others: Iterable[Roadmap], title: str) -> Next:
        for number, phase in enumerate(roadmap.phases):
            wanted = [initiative for initiative in phase.initiatives if self._helps(initiative, roadmap.to_level)]
            if wanted:
                return Next(
                    title=title,
                    text=roadmap.goal,
                    facts=tuple(self._means(roadmap)),
                    steps_title=self._phase(phase, "first" if number == 0 else "later"),
                    steps=tuple(self._step(initiative) for initiative in wanted),
                    others=tuple(self._other(other) for other in others),
                )
        return Next(title=title, text=roadmap.goal, facts=tuple(self._means(roadmap)))

    def _helps(self, initiative: Initiative, level: int) -> bool:
        """Tell whether an initiative helps with a criterion that is still short of a level."""
        if not initiative.criteria:
            return True
        for name in initiative.criteria:
            state, place = self.score.state[name], self.place_of(name) or 0
            anchored = len(self.rubric.criteria[name].anchors) > level
            if state != "na" and (place < level if anchored else state != "met"):
                return True
        return False

    def _means(self, roadmap: Roadmap) -> Iterator[tuple[str, str]]:
        low, high = roadmap.months_low, roadmap.months_high
        time = self.count("months_same", high, high=high) if low == high else self.say("months", low=low, high=high)
        yield self.say("fact_time"), time
        money = roadmap.investment
        if money is not None:
            key = "money_same" if money.low == money.high else "money"
            cost = self.say(key, currency=money.currency, low=f"{money.low:,}", high=f"{money.high:,}")
            yield self.say("fact_cost"), self.say("money_open", range=cost) if money.open_ended else cost
        if roadmap.team:
            yield self.say("fact_team"), roadmap.team

    def _phase(self, phase: Phase, which: str) -> str:
        same = "_same" if phase.start == phase.end else ""
        return self.say(f"phase_{phase.unit}{same}" if which == "first" else f"later_{phase.unit}{same}",
                        start=phase.start, end=phase.end, title=phase.title)  # fmt: skip

    def _step(self, initiative: Initiative) -> Entry:
        done = self.say("initiative_done", success=initiative.success) if initiative.success else ""
        more = filter(None, (self._words["comma"].join(initiative.tools), done))
        return Entry(text=initiative.title, more=self._words["soft"].join(more))

    def _other(self, roadmap: Roadmap) -> str:
        facts = "; ".join(value for _, value in self._means(roadmap))
        return self.say("faster", title=roadmap.title[:1].lower() + roadmap.title[1:], facts=facts)


class _Answers(_Reading):
    """Every answer with what was said about it, and what does not fit."""

    def notices(self) -> tuple[str, ...]:
        """Say what does not fit and should be settled, the first few."""
        found = [
            *(self.say("contradictory", one=self.text_of(finding.criteria[0]), other=self.text_of(finding.criteria[1]))
              for finding in self.score.found("contradictory")),
            *(self.say("reason_missing", one=self.text_of(finding.criteria[0]))
              for finding in self.score.found("reason_missing")),
            *(self._misfit(finding) for finding in self.score.findings
              if finding.kind in ("out_of_order", "unassigned") and (finding.section != "overall" or finding.level)),
        ]  # fmt: skip
        shown = found[:MOST_NOTICES]
        if len(found) > len(shown):
            shown.append(self.count("notices_more", len(found) - len(shown)))
        if self.fit.unmatched:
            shown.append(self.count("unmatched", len(self.fit.unmatched)))
        then = self.given.rubric
        if then.version != self.rubric.version:
            shown.append(self.say("other_version", then=then.version, now=self.rubric.version))
        elif then.hash and then.hash != self.rubric.content_hash:
            shown.append(self.say("other_content"))
        return tuple(shown)

    def _misfit(self, finding: Finding) -> str:
        if finding.kind == "unassigned":
            return self.say("unassigned_dimension", section=self.parts[finding.section].title)
        if finding.section == "overall":
            return self.say("out_of_order_whole", level=finding.level)
        return self.say("out_of_order", section=self.parts[finding.section].title, level=finding.level)

    def dimension(self, section: Section) -> Dimension:
        """Give a dimension with all its answers."""
        part = self.parts[section.id]
        misfits = [finding for finding in self.score.findings if finding.kind in ("out_of_order", "unassigned")]
        return Dimension(
            id=section.id,
            title=section.title,
            description=section.description or "",
            facts=tuple(self._facts_of(part)),
            remarks=tuple(self._misfit(finding) for finding in misfits if finding.section == section.id),
            groups=tuple(
                Group(
                    title="" if node is section else node.title,
                    items=tuple(self.item(criterion) for criterion in node.criteria),
                )
                for node in section.walk()
                if node.criteria
            ),
            described=tuple(
                descriptor.text
                for node in section.walk()
                for descriptor in node.descriptors
                if self.answer_of(descriptor.id).value == "yes"
            ),
        )

    def _facts_of(self, part: SectionScore) -> Iterator[str]:
        if not part.applicable:
            yield self.say("nothing_applies")
            return
        if part.level is not None:
            yield self.say("level_of", level=part.level)
        if part.value is not None:
            yield self.say("score_of", value=self.value_of(part))
        yield self.say("answered_of", answered=part.answered, count=part.applicable)
        if part.id in self.given.targets:
            yield self.say("target_of", level=_number(self.given.targets[part.id]))
        if not part.counted:
            yield self.say("uncounted")

    def item(self, criterion: Criterion) -> Item:
        """Give a criterion with its answer and all that was said about it."""
        name = criterion.id
        given, state, place = self.answer_of(name), self.score.state[name], self.place_of(name)
        shown = "part" if state == "short" and place else state
        return Item(
            id=name,
            text=criterion.text,
            answer=self._answer(name, given, state, place),
            state=shown,
            state_word=self.say(f"state_{shown}"),
            level="" if criterion.level is None else self.say("of_level", level=criterion.level),
            remarks=tuple(self._remarks(name)),
            facts=tuple(self._said(given, state)),
            evidence=tuple((text, text if _is_address(text) else "") for text in given.evidence),
        )

    def _answer(self, name: str, given: Answer, state: str, place: int | None) -> str:
        if state == "na" and given.value != NOT_APPLICABLE:
            return self.say("answer_profile")
        if given.value == NOT_APPLICABLE:
            return self.say("answer_na")
        if name in self.implied:
            return self.say("answer_implied")
        if place is None:
            return self.say("answer_open")
        if self.rubric.criteria[name].anchors:
            label = self.rubric.scale_of[name].options[place].label
            return self.say("answer_anchored", label=label, answer=self.label_of(name, place))
        return self.label_of(name, place)

    def _remarks(self, name: str) -> Iterator[str]:
        for source in self.implied.get(name, ()):
            yield self.say("implied_by", one=self.text_of(source))
        for other in self.contradicted.get(name, ()):
            yield self.say("contradicts", one=self.text_of(other))
        if name in self.unreasoned:
            yield self.say("needs_reason")
        if name in self.blocking and self.score.overall.next is not None:
            yield self.say("blocks", level=self.score.overall.next.level)

    def _said(self, given: Answer, state: str) -> Iterator[tuple[str, str]]:
        if given.note:
            yield self.say("note"), given.note
        if given.value == NOT_APPLICABLE and given.reason:
            yield self.say("reason"), given.reason
        elif state == "na":
            yield self.say("reason"), self.say("profile_reason", answers="; ".join(self.profile()))
        if given.confidence is not None:
            yield self.say("confidence"), self.say("confidence_of", value=given.confidence)


class _Method(_Reading):
    """The rule, the thresholds, and what the report rests on."""

    def rule(self) -> Iterator[str]:
        """Say how answers become a score and a score a level."""
        scoring, sections = self.rubric.scoring, self.rubric.sections
        whole = self.say(f"rule_{scoring.combine}")
        if scoring.combine == "weighted_mean":
            total = sum(section.weight for section in sections)
            shares = [f"{part.title} {_number(100 * part.weight / total)} %" for part in sections if part.weight]
            yield self.say("rule_whole_weighted", rule=whole, weights=self.joined(shares))
        else:
            yield self.say("rule_whole_pooled" if scoring.combine == "pooled_mean" else "rule_whole", rule=whole)
        for combine in dict.fromkeys(section.combine for section in sections):
            yield self.say("rule_dimensions", rule=self.say(f"rule_{combine}"))
        if scoring.gates is not None:
            needed = scoring.gates.threshold
            yield self.say("rule_gates_all") if needed == 1 else self.say("rule_gates", needed=_percent(needed))
        if scoring.bands:
            yield self.say("rule_bands")
        yield self.say(f"rule_{scoring.unanswered}")
        yield self.say("rule_na")
        aside = [section.title for section in sections if not section.weight]
        if aside:
            yield self.say("rule_uncounted", names=self.joined(aside))
        yield self.say("rule_rounding")
        yield self.say("rule_gaps")

    def threshold_head(self) -> tuple[str, ...]:
        """Name the columns of the table of thresholds."""
        names = ("level", "met", "of", "share", "needed") if self.rubric.scoring.gates else ("level", "range", "here")
        return tuple(self.say(f"th_{name}") for name in names)

    def threshold_rows(self) -> Iterator[tuple[str, ...]]:
        """List what each level needs, and what is there."""
        overall = self.score.overall
        for step in overall.completion:
            share = "" if step.share is None else self.say("percent", value=_percent(step.share, (step.needed, 1.0)))
            needed = self.say("percent", value=_percent(step.needed))
            yield self.level_name(step.level), _number(step.met), str(step.of), share, needed
        for band in self.rubric.scoring.bands:
            here = self._words["here"] if band.level == overall.level else ""
            yield self.level_name(band.level), self.range(band), here

    def level_name(self, number: int) -> str:
        """Name a level by number and name."""
        level = self.rubric.level(number)
        return self.say("level", level=number) + (f": {level.name}" if level else "")

    def facts(self) -> Iterator[tuple[str, str]]:
        """Say what the report rests on, so that it can be checked."""
        rubric, overall, source = self.rubric, self.score.overall, self.rubric.source
        aside = len(rubric.criteria) - overall.applicable
        values = {
            "rubric": self.say("fact_rubric_value", title=rubric.title, version=rubric.version, id=rubric.id),
            "rubric_hash": rubric.content_hash,
            "source": self._words["comma"].join(filter(None, (source.document, source.section, source.url))),
            "license": rubric.license or "",
            "note": rubric.note or "",
            "assessment": self.given.id,
            "date": self.given.date,
            "assessor": self.given.assessor,
            "profile": "; ".join(self.profile()),
            "data_hash": self.given.content_hash,
            "answered": self.say("fact_answered_value", answered=overall.answered, count=overall.applicable),
            "na": self.count("fact_na_value", aside) if aside else "",
            "toolkit": self.say("fact_toolkit_value", version=__version__),
        }
        for name, value in values.items():
            yield self.say(f"fact_{name}"), value

    def unanswered(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """List the open criteria by dimension."""
        return tuple(
            (
                self.say("unanswered_in", dimension=self.parts[finding.section].title, count=len(finding.criteria)),
                tuple(self.rubric.criteria[name].text for name in finding.criteria),
            )
            for finding in self.score.found("unanswered")
        )


def _share(place: float, low: float, high: float) -> float:
    return (place - low) / (high - low) if high > low else 1.0


def _rounded(value: float, digits: int, edges: Iterable[float]) -> float:
    """Round, but never up to an edge that is not reached."""
    rounded = round(value, digits)
    if any(value < edge - _NOISE and edge <= rounded for edge in edges):
        return floor(value * 10.0**digits + _NOISE) / 10.0**digits
    return rounded


def _number(value: float, edges: Iterable[float] = ()) -> str:
    return f"{_rounded(value, 2, edges):g}"


def _percent(share: float, edges: Iterable[float] = (1.0,)) -> str:
    return f"{_rounded(share * 100, 0, [edge * 100 for edge in edges]):g}"


def _bottom(band: Band) -> float:
    edge = band.above if band.at_least is None else band.at_least
    return -inf if edge is None else edge


def _top(band: Band) -> float:
    edge = band.below if band.at_most is None else band.at_most
    return inf if edge is None else edge


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://")) and not any(character.isspace() for character in text)
