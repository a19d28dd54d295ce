"""The first page of a report: the headline, the level, strengths and gaps, for whoever reads no further.

May claim no more than the answers bear out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.numerals import number, percent
from mlops_widgets.report_parts import Entry, Standing
from mlops_widgets.report_reading import Reading, bottom, top

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlops_widgets.scoring import SectionScore

__all__ = ["FirstPage"]

STRONG = 2 / 3
"""Share of the way from which a dimension is called a strength."""

WEAK = 1 / 2
"""Share of the way up to which a dimension is called a weakness, whatever its open answers turn out to be."""

MOST_STRENGTHS, MOST_GAPS = 3, 5


class FirstPage(Reading):
    """What an executive reads: the headline, the level, strengths, gaps."""

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

    def is_weak(self, part: SectionScore) -> bool:
        """Tell whether a dimension is far behind, whatever its open answers turn out to be."""
        return (self.reach(part, at_best=True) or 0.0) <= WEAK

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
        behind = [part for _, part in reversed(ranked) if self.is_weak(part)]
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
                share=percent(step.share, edges=(step.needed, 1.0)),
                needed=percent(step.needed),
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
        below = [band for band in self.rubric.scoring.bands if top(band) <= value]
        above = [band for band in self.rubric.scoring.bands if bottom(band) >= value]
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
            yield self.say("target_reached" if level >= target else "target", level=number(target))

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
        """Name what is known to be missing, that which matters most first."""
        return tuple(self._gap(name) for name in self.missing()[:MOST_GAPS])

    def missing(self) -> list[str]:
        """Rank the criteria that are known to be missing, that which matters most first."""
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
        return sorted(short, key=rank.__getitem__)

    def gaps_title(self) -> str:
        """Say how many gaps there are to read of."""
        return self.say("gaps_title_early" if self.early else f"gaps_title_{len(self.gaps())}")

    def _gap(self, name: str) -> Entry:
        criterion, place = self.rubric.criteria[name], self.place_of(name) or 0
        more = [self.rubric.dimension_of[name].title]
        if criterion.anchors and place + 1 < len(criterion.anchors):
            more.append(self.say("gap_then", answer=criterion.anchors[place + 1]))
        elif self.score.overall.next and name in self.blocking:
            more.append(self.say("gap_needed", level=self.score.overall.next.level))
        effort = self.count("weeks", criterion.effort) if criterion.effort else ""
        return Entry(text=self.lacking(name), more=self._words["soft"].join(more), tag=effort)

    def lacking(self, name: str) -> str:
        """Say what it means that a criterion is not met."""
        criterion, place = self.rubric.criteria[name], self.place_of(name) or 0
        if place == 0:
            return (criterion.absent or criterion.text).rstrip(".")
        if criterion.kind == "statement":
            return self.say("gap_partly", answer=self.label_of(name, place), text=self.text_of(name))
        answer = criterion.anchors[place] if criterion.anchors else self.rubric.scale_of[name].options[place].label
        return self.say("gap_anchored", text=criterion.text, answer=answer)


def _share(place: float, low: float, high: float) -> float:
    return (place - low) / (high - low) if high > low else 1.0
