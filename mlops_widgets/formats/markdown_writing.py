"""An assessment as a Markdown checklist that reads well on any git host, and that people may fill in further.

What people see is the assessment. Comments, which no page shows, name the criteria and what was answered when it was
written: what somebody has changed since can be told from what nobody touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.assessment import NOT_APPLICABLE, Answer, allowed_values
from mlops_widgets.formats.markdown_text import comment, escaped, link
from mlops_widgets.numerals import number, percent
from mlops_widgets.scoring import OVERALL, score

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlops_widgets.assessment import Assessment, Plan
    from mlops_widgets.rubric import Criterion, Descriptor, Rubric, Scale, Section
    from mlops_widgets.scoring import Score, SectionScore

__all__ = ["NOT_APPLICABLE_WORD", "is_ticked", "quantity", "word_of", "write_markdown"]

NOT_APPLICABLE_WORD = "Not applicable"
"""How `na` is written beside a criterion."""


def write_markdown(assessment: Assessment, rubric: Rubric) -> str:
    r"""Write an assessment as Markdown: its levels, every criterion with its answer, its plan.

    Reading the text gives the same assessment back. No text of it becomes markup, and only addresses of the web links.

    >>> from mlops_widgets.assessment import Assessment
    >>> from mlops_widgets.library import load_rubric
    >>> churn = Assessment.from_dict({"id": "churn", "rubric": {"id": "mlops-levels", "version": "1.0"},
    ...     "subject": "Churn model", "date": "2026-11-20", "answers": {"data.catalog": "yes"}})
    >>> lines = write_markdown(churn, load_rubric("mlops-levels")).split("\n")
    >>> print(lines[0], [line for line in lines if "data.catalog" in line][0], sep="\n")
    # Churn model <!-- subject -->
    - [x] A catalogue shows which data there is and what its fields mean. <!-- data.catalog = yes -->
    """
    return "\n".join(_lines(assessment, rubric)) + "\n"


_SHORT = 1e6
"""Whole numbers from here on are written as Python does."""


def word_of(value: str | None, scale: Scale | None) -> str:
    """Give the word that stands beside a criterion for its answer; a tick alone says the highest."""
    if value is None or scale is None or value == scale.options[-1].id:
        return ""
    if value == NOT_APPLICABLE:
        return NOT_APPLICABLE_WORD
    return next((option.label for option in scale.options if option.id == value), value)


def is_ticked(value: str | None, scale: Scale | None) -> bool:
    """Say whether a criterion's box is ticked: its answer counts as met."""
    if scale is None:
        return value is not None
    ids = [option.id for option in scale.options]
    return value in ids and ids.index(value) >= scale.met_index


def quantity(value: float) -> str:
    """Write a number so that reading it gives the same one: 2 rather than 2.0."""
    is_whole = value.is_integer() and abs(value) < _SHORT
    return str(int(value)) if is_whole and str(value) != "-0.0" else repr(value)


def _lines(assessment: Assessment, rubric: Rubric) -> Iterator[str]:
    scored = score(rubric, _scorable(assessment, rubric), profile=_known_profile(assessment, rubric))
    yield f"# {escaped(assessment.subject)} {comment('subject')}"
    yield ""
    yield from _header(assessment, rubric)
    yield ""
    yield f"## Result {comment('result')}"
    yield ""
    yield from _result(scored, rubric, assessment.targets)
    for section in rubric.sections:
        yield from _section(section, assessment, rubric, scored, depth=2)
    known = rubric.criteria.keys() | rubric.descriptors.keys()
    strange = {name: answer for name, answer in assessment.answers.items() if name not in known}
    sections = {OVERALL, *(section.id for section in rubric.walk())}
    targets = {name: target for name, target in assessment.targets.items() if name not in sections}
    yield from _others("Not in this rubric", "strange", strange)
    if targets:
        yield from ("", f"## Other targets {comment('other-targets')}", "")
        yield from (f"- {_target(name, target, escaped(name))}" for name, target in targets.items())
    yield from _others("No longer asked", "unmatched", assessment.unmatched)
    yield from _plan(assessment.plan)


def _scorable(assessment: Assessment, rubric: Rubric) -> Mapping[str, Answer]:
    known = rubric.criteria.keys() | rubric.descriptors.keys()
    return {
        name: answer
        for name, answer in assessment.answers.items()
        if name in known and (answer.value is None or answer.value in allowed_values(rubric, name))
    }


def _known_profile(assessment: Assessment, rubric: Rubric) -> list[str]:
    known = {option.id for facet in rubric.facets for option in facet.options}
    return [name for name in assessment.profile if name in known]


def _header(assessment: Assessment, rubric: Rubric) -> Iterator[str]:
    reference = assessment.rubric
    recorded = " ".join((reference.id, reference.version, reference.hash or ""))
    yield f"- **Rubric:** {escaped(rubric.title)} {comment('rubric', recorded)}"
    yield f"- **Date:** {assessment.date}"
    if assessment.assessor:
        yield f"- **Assessed by:** {escaped(assessment.assessor)}"
    labels = {option.id: option.label for facet in rubric.facets for option in facet.options}
    for name in assessment.profile:
        yield f"- **Profile:** {escaped(labels.get(name, name))} {comment('profile', name)}"
    if OVERALL in assessment.targets:
        yield f"- {_target(OVERALL, assessment.targets[OVERALL])}"
    if assessment.targets_by:
        yield f"- **Targets by:** {assessment.targets_by}"
    yield f"- **Assessment:** {assessment.id}"


def _target(section: str, target: float, name: str = "") -> str:
    return f"**Target:** {quantity(target)}{' ' * bool(name)}{name} {comment('target', section)}"


def _result(scored: Score, rubric: Rubric, targets: Mapping[str, float]) -> Iterator[str]:
    yield "| Dimension | Level | Score | Answered | Target |"
    yield "| --- | --- | --- | --- | --- |"
    for part in (*scored.dimensions, scored.overall):
        name = "**Overall**" if part is scored.overall else escaped(part.title)
        target = quantity(targets[part.id]) if part.id in targets else ""
        answered = f"{part.answered} of {part.applicable}"
        yield f"| {name} | {_level(part, rubric)} | {_value(part, rubric)} | {answered} | {target} |"


def _level(part: SectionScore, rubric: Rubric) -> str:
    if part.level is None:
        return ""
    level = rubric.level(part.level)
    return f"{part.level}: {escaped(level.name)}" if level else str(part.level)


def _value(part: SectionScore, rubric: Rubric) -> str:
    if part.value is None:
        return "" if part.applicable else "not applicable"
    if rubric.scoring.display == "percent" and part.share is not None:
        return f"{percent(part.share)} %"
    return f"{number(part.value)} of {number(part.maximum)}"


def _section(section: Section, assessment: Assessment, rubric: Rubric, scored: Score, *, depth: int) -> Iterator[str]:
    yield from ("", f"{'#' * min(depth, 6)} {escaped(section.title)}")
    part = scored[section.id]
    value = _value(part, rubric) or "nothing answered yet"
    if depth == 2:  # noqa: PLR2004 - a dimension
        level = f"**Level {_level(part, rubric)}**" if part.level is not None else ""
        yield from ("", f"{level}{', ' * bool(level)}{value} {comment('result')}")
    if section.description:
        yield from ("", escaped(section.description))
    if section.id in assessment.targets:
        yield from ("", f"- {_target(section.id, assessment.targets[section.id])}")
    before: int | None = None
    items: tuple[Descriptor | Criterion, ...] = (*section.descriptors, *section.criteria)
    first = True
    for item in items:
        if item.level is not None and item.level != before:
            named = rubric.level(item.level)
            title = f"Level {item.level}: {escaped(named.name)}" if named else f"Level {item.level}"
            yield from ("", f"{'#' * min(depth + 1, 6)} {title}", "")
            if item.id in rubric.descriptors:
                yield from ("What describes this level; it is not scored.", "")
        elif first:
            yield ""
        before, first = item.level, False
        yield from _item(item, assessment.answers.get(item.id, Answer()), rubric)
    for child in section.sections:
        yield from _section(child, assessment, rubric, scored, depth=depth + 1)


def _item(item: Criterion | Descriptor, answer: Answer, rubric: Rubric) -> Iterator[str]:
    scale = rubric.scale_of.get(item.id)
    anchors = getattr(item, "anchors", ())
    recorded = comment(item.id, answer.value or "")
    if scale is not None and anchors:
        word = word_of(answer.value, scale) if answer.value not in [option.id for option in scale.options] else ""
        yield f"- {escaped(item.text)}{_said(word)} {recorded}"
        for option, anchor in zip(scale.options, anchors, strict=False):
            box = "x" if option.id == answer.value else " "
            yield f"  - [{box}] {escaped(option.label)}: {escaped(anchor)} {comment('option', option.id)}"
    else:
        box = "x" if is_ticked(answer.value, scale) else " "
        yield f"- [{box}] {escaped(item.text)}{_said(word_of(answer.value, scale))} {recorded}"
    yield from _details(answer)


def _said(word: str) -> str:
    return f" — **{escaped(word)}**" if word else ""


def _details(answer: Answer) -> Iterator[str]:
    yield from _field("Note", answer.note)
    yield from _field("Reason", answer.reason)
    yield from (f"  - Evidence: {link(each)}" for each in answer.evidence)
    if answer.confidence is not None:
        yield f"  - Confidence: {answer.confidence} of 5"


def _field(name: str, text: str, *, indent: int = 2) -> Iterator[str]:
    if text:
        lines = escaped(text, indent=indent + 2)
        yield f"{' ' * indent}- {name}: {lines}"


def _others(title: str, zone: str, answers: Mapping[str, Answer]) -> Iterator[str]:
    if not answers:
        return
    yield from ("", f"## {title} {comment(zone)}", "", "Kept, never scored.", "")
    for name, answer in answers.items():
        yield f"- {escaped(name)}{_said(answer.value or '')} {comment(name, answer.value or '')}"
        yield from _details(answer)


def _plan(plan: Plan) -> Iterator[str]:
    if plan == type(plan)():
        return
    yield from ("", f"## Plan {comment('plan')}", "")
    yield from _field("Owner", plan.owner, indent=0)
    yield from _field("Start", plan.start or "", indent=0)
    if plan.capacity is not None:
        yield f"- Capacity: {quantity(plan.capacity)} person-weeks a week"
    yield from _items(plan)
    if plan.metrics:
        yield from ("", f"### Success metrics {comment('metrics')}", "")
    for metric in plan.metrics:
        yield f"- {escaped(metric.name)}"
        yield from _field("Current", metric.current)
        yield from _field("Target", metric.target)
    if plan.budget != type(plan.budget)():
        yield from ("", f"### Budget {comment('budget')}", "")
        yield from _field("Infrastructure", plan.budget.infrastructure, indent=0)
        yield from _field("Tools", plan.budget.tools, indent=0)
        yield from _field("People", plan.budget.people, indent=0)
    if plan.efforts:
        yield from ("", f"### Person-weeks by criterion {comment('efforts')}", "")
        yield from (f"- {quantity(effort)}: {escaped(name)}" for name, effort in plan.efforts.items())


def _items(plan: Plan) -> Iterator[str]:
    if plan.items:
        yield from ("", f"### What is to be done {comment('items')}", "")
    for name, item in plan.ordered():
        yield f"- [{'x' if item.status == 'done' else ' '}] {escaped(item.title)} {comment(name, item.status)}"
        yield f"  - Status: {item.status}"
        if item.to_level is not None:
            yield f"  - To level: {item.to_level}"
        if item.effort is not None:
            yield f"  - Effort: {quantity(item.effort)} person-weeks"
        yield from _field("Owner", item.owner)
        yield from _field("Start", item.start or "")
        yield from _field("Due", item.due or "")
        yield from _field("Blocker", item.blocker)
        yield from (f"  - After: {each}" for each in item.after)
        yield from (f"  - Meets: {escaped(each)}" for each in item.criteria)
        yield from _field("Initiative", item.initiative)
        yield from _field("Note", item.note)
        if item.rank:
            yield f"  - Rank: {quantity(item.rank)}"
