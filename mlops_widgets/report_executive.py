"""One page for those who decide: where it stands, what that risks, what is next, what it costs and what is asked.

Read in three minutes by people who do not know machine learning. May not name criteria by their ids, nor claim more
than the report behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.assessment import fitted
from mlops_widgets.library import words
from mlops_widgets.numerals import number
from mlops_widgets.report_parts import Brief, Entry, Rung
from mlops_widgets.report_plan import Plan
from mlops_widgets.report_planned import PlanSection
from mlops_widgets.report_reading import Reading, shortened
from mlops_widgets.report_summary import FirstPage
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.rubric import Rubric

__all__ = ["brief"]

MOST = 3
"""Risks, steps and decisions that fit in three minutes."""

SHORT = 40
"""Letters of a name that somebody wrote; the report has the rest."""


def brief(assessment: Assessment, rubric: Rubric, *, language: str = "en") -> Brief:
    """Work out what the page says.

    Raises:
        AssessmentError: an answer is no option of its criterion; every fault at once.

    >>> from mlops_widgets.assessment import Assessment
    >>> from mlops_widgets.library import load_rubric
    >>> churn = Assessment.from_dict({"id": "churn26q4", "subject": "Churn model", "date": "2026-11-20",
    ...     "rubric": {"id": "mlops-levels", "version": "1.0"}, "answers": {"data.central-storage": "yes"}})
    >>> brief(churn, load_rubric("mlops-levels")).decisions[0]
    'Have the 84 open questions answered first: this page rests on less than half of the answers.'
    """
    fit = fitted(assessment, rubric)
    return Page(assessment, fit, rubric, score(rubric, fit), words("report", language)).brief()


class Page(Reading):
    """What somebody who decides reads."""

    def brief(self) -> Brief:
        """Give the page."""
        known = (self.given, self.fit, self.rubric, self.score, self._words)
        self._first, self._way, self._plan = FirstPage(*known), Plan(*known), PlanSection(*known)
        standing, ladder = self._first.standing(), tuple(self._ladder())
        steps = tuple(self._steps())
        return Brief(
            title=self.say("executive_title", subject=self.given.subject),
            about=self.say(
                "executive_about",
                subject=shortened(self.given.subject, SHORT),
                date=self.given.date,
                rubric=self.rubric.title,
            ),
            headline=self._first.headline(),
            standing=standing,
            ladder=ladder,
            ladder_said=self._ladder_said(ladder),
            risks=tuple(self._risks()),
            risks_none=self._first.none("executive_no_risk" if self._first.nothing_left else "gaps_unknown"),
            steps=steps,
            steps_more=self._steps_more(),
            costs=tuple((name, value) for name, value in self._costs() if value),
            outlook=tuple(self._outlook()),
            decisions=tuple(self._decisions())[:MOST],
        )

    # Where it stands.

    def _ladder(self) -> Iterator[Rung]:
        now = self.score.level
        if now is None or self.early:
            return
        then = self._plan.then.level if self.given.plan.items else None
        target = self.given.targets.get("overall")
        for level in self.rubric.levels:
            marks = [
                ("now", level.level == now),
                ("then", level.level == then and then > now),
                ("target", target is not None and level.level == int(target) and target > now),
            ]
            yield Rung(
                name=str(level.level),
                label=level.name,
                marks=tuple((kind, self.say(f"rung_{kind}")) for kind, stands in marks if stands),
            )

    def _ladder_said(self, ladder: tuple[Rung, ...]) -> str:
        return self.say("ladder_said", count=len(ladder), low=ladder[0].name, high=ladder[-1].name) if ladder else ""

    # What it risks.

    def _risks(self) -> Iterator[Entry]:
        """Tell what the largest gaps mean: the plain clause of the dimension first, where it is far behind."""
        clauses = {section.id: section.weak for section in self.rubric.sections}
        named: set[str] = set()
        for name in self._first.missing():
            dimension = self.rubric.dimension_of[name]
            if dimension.id in named:
                continue
            named.add(dimension.id)
            weak = clauses[dimension.id] if self._first.is_weak(self.parts[dimension.id]) else None
            lacking = shortened(self._first.lacking(name))
            yield Entry(text=self.clauses([weak]), more=lacking) if weak else Entry(text=lacking)
            if len(named) == MOST:
                return

    # What is next, and what it costs.

    def _steps(self) -> Iterator[Entry]:
        todo = self.to_do()[:MOST]
        for item in todo:
            # Why the first of them is blocked stands among the decisions.
            short = {"owner": shortened(item.owner, SHORT), "blocker": ""}
            yield Entry(text=shortened(item.title), more=self.who_when(item.model_copy(update=short)))
        if not todo and not self.early:
            for step in self._way.next().steps[:MOST]:
                yield Entry(text=shortened(step.text))

    def _steps_more(self) -> str:
        more = len(self.to_do()) - MOST
        if more > 0:
            return self.count("next_planned_more", more)
        if self.to_do():
            return ""
        return "" if self._way.next().steps and not self.early else self._way.next().text

    def _costs(self) -> Iterator[tuple[str, str]]:
        todo = self.to_do()
        if todo:
            yield self.say("fact_work"), self.work(todo)
            yield self.say("fact_until"), max((item.due for item in todo if item.due), default="")
        elif not self.early and (efforts := [gap.effort for gap in self._plan.gaps[:1] if gap.effort]):
            yield self.say("fact_work"), self.count("work", efforts[0])
        budget = [(name, shortened(value, SHORT)) for name, value in self._plan.budget()]
        yield from budget
        if not budget and not self.early and (ways := self._way.ways()):
            means = dict(self._way.means(ways[0]))
            for name in ("fact_time", "fact_cost"):
                yield self.say(f"executive_{name}"), means.get(self.say(name), "")

    # What comes of it, and what is asked.

    def _outlook(self) -> Iterator[str]:
        if not self.given.plan.items:
            return
        now, then = self.score.overall, self._plan.then.overall
        level = self.rubric.level(then.level) if then.level is not None else None
        if level is None or now.level is None:
            yield self.say("executive_value", now=self.value_of(now), then=self.value_of(then))
        elif level.level > now.level:
            yield self.say("executive_level", then=level.level, name=level.name)
            yield level.summary
        elif then.next:
            yield self.say("executive_same", level=level.level, next=then.next.level)
        else:
            yield self.say("executive_stays", level=level.level)
        missed = self._plan.still_missed(most=MOST)
        if missed:
            yield missed

    def _decisions(self) -> Iterator[str]:
        overall, plan, todo = self.score.overall, self.given.plan, self.to_do()
        if self.early:
            yield self.count("decide_answers", overall.applicable - overall.answered)
        stuck = [item for item in todo if item.status == "blocked"]
        if stuck:
            why = stuck[0].blocker.rstrip(". ") or stuck[0].title
            yield self.count("decide_blocked", len(stuck), why=shortened(why))
        if todo:
            work = self.work(todo)
            until = max((item.due for item in todo if item.due), default="")
            key = "decide_plan" + ("_work" if work else "") + ("_until" if until else "")
            yield self.say(key, work=work, until=until)
            ownerless = sum(not item.owner for item in todo)
            if ownerless == len(todo) > 1:
                yield self.say("decide_owners_all", count=ownerless)
            elif ownerless:
                yield self.count("decide_owners", ownerless, of=len(todo))
            if self._plan.still_missed():
                yield self.say("decide_further")
        elif not plan.items and self._plan.gaps and self.given.targets:
            by = self.given.targets_by
            yield self.say("decide_by", day=by) if by else self.say("decide_plan_wanted")
        elif overall.next and not self.early:
            yield self.say("decide_target", level=number(overall.next.level))
        elif not self.early:
            yield self.say("decide_keep")
