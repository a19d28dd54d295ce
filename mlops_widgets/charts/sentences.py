"""What a chart says in words: the finding first, for those who do not see the picture and those in a hurry.

May not draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.charts.axis import WORDS, Axis, label
from mlops_widgets.numerals import number, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlops_widgets.scoring import Score, SectionScore

__all__ = ["below", "extremes", "levels_reached", "met", "set_apart", "whole"]

_NAMED = 3
"""A sentence names so many dimensions at most."""


def name(part: SectionScore) -> str:
    """Name a section within a sentence."""
    text = label(part)
    return text if len(text) <= 40 else f"{text[:39].rstrip()}…"  # noqa: PLR2004 - a name, not a paragraph


def extremes(values: Iterable[tuple[SectionScore, float, str]]) -> str:
    """Say which sections are highest and lowest, given the number of each and how it is written."""
    ordered = sorted(values, key=lambda value: value[1])
    if not ordered:
        return WORDS["nothing"]
    (lowest, low, low_text), (_, high, high_text) = ordered[0], ordered[-1]
    if not ordered[1:]:
        return WORDS["only"].format(name=name(lowest), value=low_text)
    if low == high:
        return WORDS["all_same"].format(value=low_text)
    highest = next(part for part, value, _ in ordered if value == high)
    return WORDS["extremes"].format(highest=name(highest), high=high_text, lowest=name(lowest), low=low_text)


def whole(score: Score) -> str:
    """Say where the whole stands, and what open criteria could still change."""
    part, is_open = score.overall, {"open": score.overall.applicable - score.overall.answered}
    if not is_open["open"]:
        return "" if part.level is None else WORDS["whole_level"].format(level=part.level)
    is_open["count"] = part.applicable
    if part.level_low is not None and part.level_high is not None:
        sentence = WORDS["whole_open" if part.level_low < part.level_high else "whole_open_same"]
        return sentence.format(low=part.level_low, high=part.level_high, **is_open)
    if part.low is None or part.high is None or part.completion:
        return WORDS["whole_unknown"].format(**is_open)
    write = percent if score.rubric.scoring.display == "percent" and part.maximum <= 1 else number
    return WORDS["whole_between"].format(low=write(part.low), high=write(part.high), **is_open)


def below(axis: Axis) -> str:
    """Say how many dimensions are below their target, and which is furthest."""
    aimed = [spoke for spoke in axis.spokes if spoke.target is not None]
    missed = [spoke for spoke in aimed if spoke.gap]
    if not missed:
        return WORDS["none_below"]
    worst = max(missed, key=lambda spoke: spoke.gap or 0.0)
    value, target = axis.text(worst.now or 0.0), axis.text(worst.target or 0.0)
    return WORDS["below"].format(below=len(missed), count=len(aimed), name=name(worst.part), value=value, target=target)


def set_apart(score: Score) -> list[str]:
    """Say which dimensions do not apply, and which do not count in the whole."""
    groups = {
        "not_applicable": [part for part in score.dimensions if not part.applicable],
        "not_counted": [part for part in score.dimensions if part.applicable and not part.counted],
    }
    return [WORDS[word].format(names=_listed(parts)) for word, parts in groups.items() if parts]


def _listed(parts: Sequence[SectionScore]) -> str:
    names, more = ", ".join(name(part).removesuffix("*") for part in parts[:_NAMED]), len(parts) - _NAMED
    return WORDS["and_more"].format(names=names, more=more) if more > 0 else names


def levels_reached(score: Score) -> list[str]:
    """Say how many dimensions reach each level, and which has furthest to go."""
    parts = [part for part in score.dimensions if part.applicable]
    if not parts:
        return [WORDS["nothing"]]
    counts = [
        WORDS["level_reached"].format(level=step.level, count=sum((part.level or 0) >= step.level for part in parts))
        for step in score.overall.completion
    ]
    said = [WORDS["levels_reached"].format(levels=", ".join(counts), of=len(parts))]
    under_way = [part for part in parts if part.next]
    if under_way:
        last = min(under_way, key=lambda part: part.position() or 0.0)
        step = next(step for step in last.completion if last.next and step.level == last.next.level)
        share = WORDS["percent"].format(number=percent(step.share or 0.0, edges=(step.needed, 1.0)))
        said.append(WORDS["furthest"].format(name=name(last), share=share, level=step.level))
    return said


def met(score: Score) -> list[str]:
    """Say how many criteria are met, and where fewest are."""
    counts = []
    for part in score.dimensions:
        states = [state for key, state in score.state.items() if score.rubric.dimension_of[key].id == part.id]
        if part.applicable:
            counts.append((states.count("met"), part.applicable, part))
    if not counts:
        return [WORDS["nothing"]]
    said = [WORDS["criteria_met"].format(met=sum(met for met, _, _ in counts), of=sum(of for _, of, _ in counts))]
    count, of, part = min(counts, key=lambda count: count[0] / count[1])
    return said if count == of else [*said, WORDS["fewest_met"].format(name=name(part), met=count, of=of)]
