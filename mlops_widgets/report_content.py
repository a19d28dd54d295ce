"""What a report says, as plain text and lists: the first page, the plan, every answer, and how it was worked out.

Pure and deterministic. May not draw, write HTML, read files other than words, or know the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlops_widgets.assessment import fitted
from mlops_widgets.library import words
from mlops_widgets.report_details import Answers, Method
from mlops_widgets.report_plan import Plan
from mlops_widgets.report_planned import PlanSection
from mlops_widgets.report_summary import FirstPage
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from mlops_widgets.assessment import Assessment
    from mlops_widgets.report_parts import Dimension, Entry, Next, Planned, Standing
    from mlops_widgets.rubric import Rubric
    from mlops_widgets.scoring import Score

__all__ = ["ReportContent", "content"]


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
    plan: Planned | None
    """What was planned; None where nothing was, and there are no targets."""
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
    page, answers, method = FirstPage(*known), Answers(*known), Method(*known)
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
        next=Plan(*known).next(),
        plan=PlanSection(*known).planned(language),
        dimensions=tuple(answers.dimension(section) for section in rubric.sections),
        rule=tuple(method.rule()),
        threshold_head=method.threshold_head(),
        threshold_rows=tuple(method.threshold_rows()),
        facts=tuple((name, value) for name, value in method.facts() if value),
        unanswered=method.unanswered(),
        score=page.score,
    )
