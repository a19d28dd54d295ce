"""A score as lines of text, for a terminal.

May not know commands, and decides nothing: numbers come from the score, words from the tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.form_rows import summary
from mlops_widgets.library import words
from mlops_widgets.numerals import number, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.rubric import Rubric
    from mlops_widgets.scoring import Score, SectionScore

__all__ = ["interval", "levels", "lines", "shown"]


def lines(assessment: Assessment, rubric: Rubric, result: Score) -> Iterator[str]:
    """Say a score, what blocks its next level, what to look at again, and the dimensions as a table."""
    said = summary(rubric, result, words("form"), profile=assessment.profile)
    level, bar, way = said["level"], said["bar"], result.overall.next
    yield f"{assessment.subject}, {assessment.date}"
    yield f"{rubric.title} {rubric.version}: {said['progress']}"
    yield ""
    yield ", ".join(filter(None, (level["label"], level["name"], level["note"])))
    yield "  " + ", ".join(filter(None, (bar["now"], bar["then"], bar["mark_text"])))
    if way:
        yield from ("", f"{said['blocks']['title']}: {said['blocks']['note']}")
        width = max(map(len, way.blocking))
        for name in (*way.smallest, *(name for name in way.blocking if name not in way.smallest)):
            state = " (open)" if result.state[name] == "open" else ""
            yield f"  {'*' if name in way.smallest else ' '} {name:<{width}}  {rubric.criteria[name].text}{state}"
    doubts = {name: mark["text"] for name, mark in said["marks"].items() if mark["kind"] in ("contradictory", "reason")}
    if doubts:
        yield from ("", "Look at these again:")
        yield from (f"  {name}: {text}" for name, text in doubts.items())
    yield ""
    parts = {"Dimension": None, **{part.label: part for part in result.dimensions}, "Overall": result.overall}
    width = max(map(len, parts))
    yield f"{'Dimension':<{width}}  {'Level':<10}  {'Score':<24}  Answered"
    for name, part in parts.items():
        if part is not None:
            cells = f"{name:<{width}}  {levels(part):<10}  {interval(part, rubric):<24}"
            yield f"{cells}  {part.answered} of {part.applicable}"


def levels(part: SectionScore) -> str:
    """Say a level with what it may still become."""
    if part.level is None:
        return "-"
    between = f" ({part.level_low} to {part.level_high})" if part.level_low != part.level_high else ""
    return f"{part.level}{between}"


def interval(part: SectionScore, rubric: Rubric) -> str:
    """Say a score with what it may still become."""
    if part.value is None or part.low is None or part.high is None:
        return "no answers yet" if part.applicable else "does not apply"
    unit, of = (" %", "") if rubric.scoring.display == "percent" else ("", f" of {number(part.maximum)}")
    low, high = shown(part.low, part, rubric), shown(part.high, part, rubric)
    between = f" ({low} to {high}{unit})" if part.low != part.high else ""
    return f"{shown(part.value, part, rubric)}{unit}{of}{between}"


def shown(value: float, part: SectionScore, rubric: Rubric) -> str:
    """Write a value of a section as its rubric shows values, without a unit."""
    edges = [edge for band in rubric.scoring.bands for edge in (band.at_least, band.above) if edge is not None]
    if rubric.scoring.display != "percent":
        return number(value, edges=edges)
    low, width = part.minimum, part.maximum - part.minimum or 1
    return percent((value - low) / width, edges=[*((edge - low) / width for edge in edges), 1.0])
