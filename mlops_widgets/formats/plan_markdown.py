"""A plan as a Markdown document that a team keeps beside its code and ticks off.

Writes only: the assessment's own file carries the plan exactly. May not find sentences: they come from a table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlops_widgets.library import words
from mlops_widgets.plan import forecast, gaps, late, phase_of
from mlops_widgets.plan_reading import PlanWords
from mlops_widgets.plan_schedule import months_between
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlops_widgets.assessment import Assessment, PlanItem
    from mlops_widgets.rubric import Rubric

__all__ = ["write_plan"]

_MARKS = re.compile(r"([\\`*_\[\]|#~])")
"""What Markdown has a meaning for."""


def write_plan(assessment: Assessment, rubric: Rubric, *, language: str = "en") -> str:
    """Write the plan of an assessment: its gaps, what to do phase by phase, measures of success and budget.

    >>> from mlops_widgets.assessment import Assessment
    >>> from mlops_widgets.library import load_rubric
    >>> churn = Assessment.from_dict({"id": "churn", "rubric": {"id": "mlops-levels", "version": "1.0"},
    ...     "subject": "Churn model", "date": "2026-11-20", "targets": {"monitoring": 1},
    ...     "plan": {"items": {"item1": {"title": "Watch the service", "effort": 1, "owner": "platform team"}}}})
    >>> print(write_plan(churn, load_rubric("mlops-levels")))
    # Churn model: improvement plan
    <BLANKLINE>
    MLOps maturity levels 1.0, assessed on 2026-11-20
    <BLANKLINE>
    - Now: Level 0
    - Work: 1 person-week
    - When all is done: Level 0
    <BLANKLINE>
    ## Gaps
    <BLANKLINE>
    1. Monitoring and alerting: Level 0, 1 wanted; 3 criteria to meet, about 2.5 person-weeks
    <BLANKLINE>
    ## Plan
    <BLANKLINE>
    ### Without a date
    <BLANKLINE>
    - [ ] Watch the service
      - Effort: 1 person-week
      - Owner: platform team
    <BLANKLINE>
    ## Measures of success
    <BLANKLINE>
    - Deployment frequency: not measured yet → no target yet
    - Mean time to deploy: not measured yet → no target yet
    - Incident response time: not measured yet → no target yet
    - Model accuracy: not measured yet → no target yet
    <BLANKLINE>
    ## Budget
    <BLANKLINE>
    - Infrastructure: not set
    - Tools and platforms: not set
    - People: not set
    <BLANKLINE>
    """
    return "\n".join(_Document(assessment, rubric, PlanWords(rubric, words("plan", language))).lines()) + "\n"


class _Document:
    """The parts of one document."""

    def __init__(self, assessment: Assessment, rubric: Rubric, said: PlanWords) -> None:
        self._assessment, self._rubric, self._said, self._plan = assessment, rubric, said, assessment.plan

    def lines(self) -> Iterator[str]:
        """Write every part."""
        say, about = self._said.say, self._rubric
        yield f"# {say('title', subject=_plain(self._assessment.subject))}"
        yield from ("", say("about", rubric=_plain(about.title), version=about.version, date=self._assessment.date), "")
        yield from self._facts()
        yield from ("", f"## {say('gaps')}", "")
        found = gaps(self._rubric, self._assessment)
        yield from (f"{number}. {_plain(self._said.gap(gap))}" for number, gap in enumerate(found, 1))
        if not found:
            yield say("gaps_none")
        yield from ("", f"## {say('plan')}")
        yield from self._items()
        yield from ("", f"## {say('metrics')}", "")
        yield from self._metrics()
        yield from ("", f"## {say('budget')}", "")
        for name in ("infrastructure", "tools", "people"):
            yield self._fact(name, getattr(self._plan.budget, name) or say("not_set"))

    def _fact(self, key: str, value: str) -> str:
        return f"- {self._said.say(key)}: {_plain(value)}"

    def _facts(self) -> Iterator[str]:
        said, plan, assessment = self._said, self._plan, self._assessment
        now = score(self._rubric, assessment)
        yield self._fact("current_level", said.level(now.level))
        if "overall" in assessment.targets:
            yield self._fact("target_level", said.level(assessment.targets["overall"]))
        if assessment.targets_by:
            yield self._fact("targets_by", assessment.targets_by)
        ends = [item.due for item in plan.items.values() if item.due and item.status != "dropped"]
        if plan.start and ends:
            months = said.count("months", max(1, months_between(plan.start, max(ends))))
            yield self._fact("timeline", said.say("timeline_value", start=plan.start, end=max(ends), months=months))
        if plan.owner:
            yield self._fact("owner", plan.owner)
        if plan.capacity:
            yield self._fact("capacity", said.count("capacity_value", plan.capacity))
        efforts = [
            item.effort for item in plan.items.values() if item.effort and item.status not in ("done", "dropped")
        ]
        if efforts:
            yield self._fact("work", said.weeks(sum(efforts)))
        if plan.items:
            yield self._fact("when_done", said.level(forecast(self._rubric, assessment).level))
        if overdue := late(assessment):
            yield f"- {said.lateness(assessment, overdue)}"

    def _items(self) -> Iterator[str]:
        say, phases = self._said.say, self._rubric.plan.phases if self._rubric.plan else ()
        kept = [item for _, item in self._plan.ordered() if item.status != "dropped"]
        if not kept:
            yield from ("", say("items_none"))
        for phase in phases:
            here = [item for item in kept if phase_of(self._rubric, self._plan, item) == phase]
            if here:
                title = say("phase_title", title=_plain(phase.title), start=phase.start, end=phase.end)
                yield from ("", f"### {title}", "")
                if phase.goal:
                    yield from (say("phase_goal", goal=_plain(phase.goal)), "")
                for item in here:
                    yield from self._item(item)
        rest = [item for item in kept if phase_of(self._rubric, self._plan, item) is None]
        if rest:
            yield from ("", f"### {say('undated' if phases else 'items')}", "")
            for item in rest:
                yield from self._item(item)
        dropped = [item for _, item in self._plan.ordered() if item.status == "dropped"]
        if dropped:
            yield from ("", f"### {say('dropped')}", "")
            yield from (f"- {_plain(item.title)}" for item in dropped)

    def _item(self, item: PlanItem) -> Iterator[str]:
        said = self._said
        yield f"- [{'x' if item.status == 'done' else ' '}] {_plain(item.title)}"
        before = [_plain(other.title.rstrip(".")) for other in self._plan.before(item)]
        names = [self._meets(item, name) for name in item.criteria]
        facts = (
            ("effort", said.weeks(item.effort) if item.effort else ""),
            ("owner", _plain(item.owner)),
            ("start", item.start or ""),
            ("due", item.due or ""),
            ("status", said.say(f"status_{item.status}") if item.status in ("doing", "blocked") else ""),
            ("blocker", _plain(item.blocker)),
            ("after", "; ".join(before)),
            ("note", _plain(item.note)),
            *(("criteria", name) for name in names),
        )
        yield from (f"  - {said.say(key)}: {value}" for key, value in facts if value)

    def _meets(self, item: PlanItem, name: str) -> str:
        """Name a criterion; its sentence is not said again where it is the title of the item."""
        text = self._said.criterion(name)
        return self._said.say("meets_title" if text == item.title else "meets", text=_plain(text), id=_code(name))

    def _metrics(self) -> Iterator[str]:
        say, plan = self._said.say, self._plan
        asked = self._rubric.plan.metrics if self._rubric.plan else ()
        named = [(each.name, each.current, each.target) for each in plan.metrics] or [
            (metric.name, "", "") for metric in asked
        ]
        for name, current, target in named:
            text = say(
                "metric",
                name=_plain(name),
                current=_plain(current) or say("metric_unknown"),
                target=_plain(target) or say("metric_no_target"),
            )
            yield f"- {text}"


def _plain(text: str) -> str:
    """Write text so that Markdown and HTML show it as it is, on one line."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return _MARKS.sub(r"\\\1", line).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _code(name: str) -> str:
    """Write an id between the backticks that stand around it."""
    return "".join(c if c.isprintable() and c != "`" else "?" for c in name)
