"""What a report advises to do next: the way to the next level, in the words of the rubric's own roadmaps.

May not invent steps, times or costs that the rubric does not give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.plan_gaps import effort_of, gaps
from mlops_widgets.report_parts import Entry, Next
from mlops_widgets.report_reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mlops_widgets.rubric import Initiative, Phase, Roadmap

__all__ = ["Plan"]


class Plan(Reading):
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
            # What a roadmap costs is told by its own figures, or else by the work there is.
            least = () if nearest.investment else self._least()
            return self._next_on(nearest, others, title, [*self._means(nearest), *least])
        return Next(title=title, text=(level.next_step if level else "") or "", facts=tuple(self._least()))

    def _least(self) -> Iterator[tuple[str, str]]:
        """Say what the smallest set that leads to the next level takes, as a plan would have it."""
        for gap in gaps(self.rubric, self.fit.model_copy(update={"targets": {}})):
            if gap.smallest:
                yield self.say("fact_criteria"), self.count("fact_open_value", len(gap.smallest))
                if all(effort_of(self.rubric, self.fit.plan, name) for name in gap.smallest):
                    yield self.say("fact_work"), self.count("work", gap.effort or 0.0)

    def _next_answers(self) -> Next:
        overall = self.score.overall
        still = overall.applicable - overall.answered
        facts = [(self.say("fact_open"), self.count("fact_open_value", still))]
        if self.rubric.minutes:
            minutes = max(1, round(self.rubric.minutes * still / len(self.rubric.criteria)))
            facts.append((self.say("fact_time"), self.count("time_answer", minutes)))
        return Next(title=self.say("next_answer"), text=self.say("next_answer_text"), facts=tuple(facts))

    def _next_on(
        self, roadmap: Roadmap, others: Iterable[Roadmap], title: str, facts: Sequence[tuple[str, str]]
    ) -> Next:
        for number, phase in enumerate(roadmap.phases):
            wanted = [initiative for initiative in phase.initiatives if self._helps(initiative, roadmap.to_level)]
            if wanted:
                return Next(
                    title=title,
                    text=roadmap.goal,
                    facts=tuple(facts),
                    steps_title=self._phase(phase, "first" if number == 0 else "later"),
                    steps=tuple(self._step(initiative) for initiative in wanted),
                    others=tuple(self._other(other) for other in others),
                )
        return Next(title=title, text=roadmap.goal, facts=tuple(facts))

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
