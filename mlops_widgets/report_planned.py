"""The plan as a report tells it: how far the targets are, who does what by when, and what the score would be then.

May not plan, nor promise more than the items bear out.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from mlops_widgets.numerals import number
from mlops_widgets.plan import forecast, gaps, late
from mlops_widgets.plan_phases import item_groups
from mlops_widgets.report_parts import Planned, Table, Task, TaskGroup
from mlops_widgets.report_reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlops_widgets.assessment import PlanItem
    from mlops_widgets.plan import Gap
    from mlops_widgets.scoring import Score, SectionScore

__all__ = ["PlanSection"]

AT_A_GLANCE = 20
"""Items that are read in one table; of more, each has one line and only one phase is open."""

FINISHED = ("done", "dropped")


class PlanSection(Reading):
    """What a team reads to know what it has agreed to."""

    def planned(self, language: str) -> Planned | None:
        """Give the section; None where there is neither a plan nor a target."""
        plan = self.given.plan
        if not (plan.items or self.given.targets or plan.metrics or plan.budget != type(plan.budget)()):
            return None
        return Planned(
            facts=tuple((name, value) for name, value in self._facts() if value),
            gaps=self._gaps(),
            gaps_note=self._gaps_note(),
            outlook=tuple(self.outlook()),
            changes=self._changes(),
            phases=tuple(self._phases(language)),
            is_long=self.is_long,
            metrics=self._metrics(),
            budget=tuple(self.budget()),
        )

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """What is below its target."""
        return gaps(self.rubric, self.fit)

    @cached_property
    def then(self) -> Score:
        """The score once every item is done that is not dropped."""
        return forecast(self.rubric, self.fit)

    def _facts(self) -> Iterator[tuple[str, str]]:
        plan = self.given.plan
        items = [item for item in plan.items.values() if item.status != "dropped"]
        done = sum(item.status == "done" for item in items)
        yield self.say("fact_owner"), plan.owner
        yield self.say("fact_items"), self.say("items_done", done=done, count=len(items)) if items else ""
        yield self.say("fact_work_left"), self.work(self.to_do())
        starts = [day for item in items if (day := item.start or item.due)]
        ends = [day for item in items if (day := item.due or item.start)]
        both = self.say("from_to", start=min(starts), end=max(ends)) if starts else plan.start or ""
        yield self.say("fact_when"), both
        if plan.capacity:
            yield self.say("fact_capacity"), self.count("people", plan.capacity)

    # Targets.

    def _gaps(self) -> Table | None:
        if not self.gaps:
            return None
        head = ("gap_part", "gap_now", "gap_target", "gap_smallest", "gap_effort")
        rows = tuple(
            (
                self.name_of(gap.section),
                "–" if gap.current is None else str(gap.current),
                number(gap.target),
                self.count("fact_open_value", len(gap.smallest)),
                self.count("weeks", gap.effort) if gap.effort else "–",
            )
            for gap in self.gaps
        )
        return Table(head=tuple(map(self.say, head)), rows=rows)

    def _gaps_note(self) -> str:
        if self.given.targets and not self.gaps:
            return self.say("targets_met")
        return self.say("targets_by", day=self.given.targets_by) if self.given.targets_by else ""

    def name_of(self, section: str) -> str:
        """Name a section, or the whole."""
        return self.say("whole") if section == self.score.overall.id else self.parts[section].title

    # What comes of it.

    def outlook(self) -> Iterator[str]:
        """Say what the score would be when this is done."""
        if not self.given.plan.items:
            return
        now, then = self.score.overall, self.then.overall
        if then.level is None or now.level is None:
            yield self.say("outlook_value", now=self.value_of(now), then=self.value_of(then))
        elif then.level > now.level:
            level = self.rubric.level(then.level)
            yield self.say("outlook_level", now=now.level, then=then.level, name=level.name if level else "")
        elif then.next and then.next.smallest:
            count = len(then.next.smallest)
            yield self.count("outlook_same", count, level=now.level, next=then.next.level)
        else:
            yield self.say("outlook_stays", level=now.level)
        if self.given.targets:
            yield self.still_missed() or self.say("outlook_targets")
        behind = late(self.given)
        if behind:
            yield self.count("outlook_late", len(behind), day=self.given.targets_by)
        still = then.applicable - then.answered
        if still:
            yield self.count("outlook_open", still)
        idle = sum(not item.criteria and item.status != "dropped" for item in self.given.plan.items.values())
        if idle:
            yield self.count("outlook_idle", idle)

    def still_missed(self, *, most: int | None = None) -> str:
        """Say what stays below its target even when the plan is done, the first few; nothing where nothing does."""
        whole, parts = self.then.overall, {part.id: part for part in self.then.sections}
        missed = [
            self.say("whole_within") if name == whole.id else self.name_of(name)
            for name, target in self.fit.targets.items()
            if (level := (whole if name == whole.id else parts[name]).level) is not None and level < target
        ]
        if most is not None and len(missed) > most:
            missed = [*missed[:most], self.say("and_others", count=len(missed) - most)]
        return self.say("outlook_missed", names=self.joined(missed)) if missed else ""

    def _changes(self) -> Table | None:
        if not self.given.plan.items:
            return None
        before, after = ((*each.dimensions, each.overall) for each in (self.score, self.then))
        rows = [
            (self.name_of(now.id), self._place(now), self._place(then))
            for now, then in zip(before, after, strict=True)
            if (now.level, now.value) != (then.level, then.value)
        ]
        head = ("gap_part", "gap_now", "change_then")
        return Table(head=tuple(map(self.say, head)), rows=tuple(rows)) if rows else None

    def _place(self, part: SectionScore) -> str:
        value = self.value_of(part) or "–"
        return value if part.level is None else self.say("level_and_value", level=part.level, value=value)

    # Items.

    @property
    def is_long(self) -> bool:
        """Whether the plan has more items than are read at a glance."""
        return len(self.given.plan.items) > AT_A_GLANCE

    def _phases(self, language: str) -> Iterator[TaskGroup]:
        """Give the items by phase; of a long plan only the phase that comes next is shown without asking."""
        groups = item_groups(self.given.plan, self.rubric, language=language)
        left = [[item for item in group.items.values() if item.status not in FINISHED] for group in groups]
        first = next((place for place, items in enumerate(left) if items), 0)
        for place, group in enumerate(groups):
            about = (
                self.count("group_items", len(group.items)),
                self.say("group_left", count=len(left[place])) if len(left[place]) < len(group.items) else "",
                self.work(left[place]),
            )
            yield TaskGroup(
                title=group.title,
                tasks=tuple(map(self._task, group.items.values())),
                about=self._words["comma"].join(filter(None, about)),
                is_open=not self.is_long or place == first,
            )

    def _task(self, item: PlanItem) -> Task:
        first = [other.title for other in self.given.plan.before(item)]
        remarks = (
            self.say("remark_blocker", blocker=item.blocker) if item.blocker else "",
            self.say("remark_after", names=self._words["list"].join(first)) if first and not self.is_long else "",
        )
        return Task(
            title=item.title,
            owner=item.owner or "–",
            effort=self.count("weeks", item.effort) if item.effort else "–",
            start=item.start or "–",
            due=item.due or "–",
            status=item.status,
            status_word=self.say(f"task_{item.status}"),
            remarks=tuple(filter(None, remarks)),
        )

    def _metrics(self) -> Table | None:
        metrics = self.given.plan.metrics
        rows = tuple((metric.name, metric.current or "–", metric.target or "–") for metric in metrics)
        return Table(head=tuple(map(self.say, ("metric", "gap_now", "gap_target"))), rows=rows) if rows else None

    def budget(self) -> Iterator[tuple[str, str]]:
        """Say what the plan may cost."""
        budget = self.given.plan.budget
        for name in ("infrastructure", "tools", "people"):
            value = getattr(budget, name)
            if value:
                yield self.say(f"budget_{name}"), value
