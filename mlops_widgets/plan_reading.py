"""How gaps, steps and plans are put into words: what page, report, files and command line say in the same way.

May not decide what is told, only how a thing is said; finds nothing out by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.numerals import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.plan_gaps import Gap
    from mlops_widgets.plan_steps import Step
    from mlops_widgets.rubric import Rubric
    from mlops_widgets.scoring import Score

__all__ = ["PlanWords"]

MOST_NAMED = 3
"""Sections named in one sentence."""


class PlanWords:
    """The sentences about a plan from one rubric, in one language."""

    def __init__(self, rubric: Rubric, table: Mapping[str, str]) -> None:
        """Take the rubric whose names are used and the words of `plan`."""
        self.rubric, self._table = rubric, table
        self._sections = {section.id: section for section in rubric.walk()}

    def say(self, key: str, **values: object) -> str:
        """Fill a sentence in."""
        return self._table[key].format(**values)

    def count(self, key: str, count: float, **values: object) -> str:
        """Fill a sentence in, its singular where there is one of something."""
        return self.say(f"{key}_one" if count == 1 else key, count=number(count), **values)

    def joined(self, texts: Sequence[str]) -> str:
        """Join names by commas and "and"."""
        *rest, last = texts
        return self.say("and", first=self._table["comma"].join(rest), last=last) if rest else last

    def section(self, name: str) -> str:
        """Name a section, or the whole."""
        section = self._sections.get(name)
        return section.title if section else self._table["overall"]

    def sections(self, names: Sequence[str]) -> str:
        """Name sections within a sentence, as briefly as it goes: the first few by their labels.

        >>> from mlops_widgets.library import load_rubric, words
        >>> said = PlanWords(load_rubric("mlops-levels"), words("plan"))
        >>> said.sections(("overall", "monitoring"))
        'the whole and Monitoring'
        """
        found = [section.label if (section := self._sections.get(name)) else self._table["whole"] for name in names]
        if len(found) > MOST_NAMED:
            more = len(found) - MOST_NAMED + 1
            found = [*found[: MOST_NAMED - 1], self.say("more", count=more)]
        return self.joined(found)

    def criterion(self, name: str) -> str:
        """Give the sentence of a criterion; its id where this version of the rubric has none."""
        known = self.rubric.criteria.get(name)
        return known.text if known else name

    def quoted(self, names: Sequence[str]) -> str:
        """Quote the sentences of criteria."""
        return self.joined([self.say("quoted", text=self.criterion(name).rstrip(".")) for name in names])

    def level(self, number_: float | None) -> str:
        """Name a level by its number."""
        return self._table["level_none"] if number_ is None else self.say("level", level=number(number_))

    def weeks(self, effort: float | None) -> str:
        """Say how much work something is."""
        return self._table["gap_no_effort"] if effort is None else self.count("person_weeks", effort)

    def gap(self, gap: Gap) -> str:
        """Say how far something is from its target, and what it takes.

        >>> from mlops_widgets.library import load_rubric, words
        >>> from mlops_widgets.plan_gaps import Gap
        >>> said = PlanWords(load_rubric("mlops-levels"), words("plan"))
        >>> print(said.gap(Gap(section="monitoring", current=1, target=2.0, distance=1.0, effort=2.5, weight=3.0,
        ...     priority="low", smallest=("monitor.alerting", "monitor.basic-metrics"))))
        Monitoring and alerting: Level 1, 2 wanted; 2 criteria to meet, about 2.5 person-weeks
        """
        first = self.say(
            "gap",
            section=self.section(gap.section),
            current=self.level(gap.current),
            target=number(gap.target),
        )
        if not gap.smallest:
            return self._table["semicolon"].join([first, self._table["gap_criteria_none"]])
        what = self.count("gap_criteria", len(gap.smallest))
        work = self._table["gap_no_effort"]
        if gap.effort is not None:
            work = self.say("gap_effort", work=self.weeks(gap.effort))
        return self._table["semicolon"].join([first, self._table["comma"].join([what, work])])

    def step(self, step: Step, *, helps: bool = True, effort: bool = True) -> str:
        """Say what speaks for a criterion, and what comes first.

        Args:
            step: the criterion.
            helps: name the gaps that it helps to close.
            effort: say what it takes.

        >>> from mlops_widgets.library import load_rubric, words
        >>> from mlops_widgets.plan_steps import Step
        >>> said = PlanWords(load_rubric("mlops-levels"), words("plan"))
        >>> print(said.step(Step(criterion="deploy.automated", option="yes", effort=4.0, value=0.1, ratio=0.025,
        ...     priority="low", closes=("overall", "deployment"), requires=("infra.ci",), brings=("deploy.scripted",),
        ...     rank=1)))
        Helps the whole and Deployment, 4 weeks, brings “Scripts do most of the work of a deployment” with it; needs
        “We have a basic CI/CD pipeline that runs when code changes” first
        """
        parts = [self.say("step_helps", names=self.sections(step.closes))] if helps else []
        if effort:
            parts.append(self._table["step_no_effort"] if step.effort is None else self.count("weeks", step.effort))
        if step.brings:
            parts.append(self.say("step_brings", names=self.quoted(step.brings)))
        sentence = self._table["comma"].join(parts)
        if step.requires:
            needs = self.say("step_needs", names=self.quoted(step.requires))
            sentence = self._table["semicolon"].join(filter(None, [sentence, needs]))
        return sentence[:1].upper() + sentence[1:]

    def aim(self, step: Step) -> str:
        """Say what a step leads to: the criterion, and for a question the text of the answer it is to have."""
        criterion = self.rubric.criteria[step.criterion]
        ids = [option.id for option in self.rubric.scale_of[step.criterion].options]
        place = ids.index(step.option)
        if place >= len(criterion.anchors):
            return criterion.text
        return f"{criterion.text} {self.say('step_to', text=criterion.anchors[place])}"

    def outlook(self, now: Score, then: Score) -> str:
        """Say which level a plan leads to."""
        if now.level == then.level:
            return self.say("forecast_same", level=self.level(then.level))
        return self.say("forecast_up", then=self.level(then.level), now=self.level(now.level))

    def lateness(self, assessment: Assessment, late: Sequence[str]) -> str:
        """Say how many items come too late; nothing where none does."""
        return self.count("late", len(late), day=assessment.targets_by) if late else ""
