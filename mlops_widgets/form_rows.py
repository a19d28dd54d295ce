"""What the form draws: a rubric as rows, a score as sentences and lengths; JavaScript only puts them on the page.

May not know widgets: plain data in, plain data out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlops_widgets.assessment import NOT_APPLICABLE
from mlops_widgets.engine import engine
from mlops_widgets.numerals import number, percent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from mlops_widgets.rubric import Band, Criterion, Descriptor, Rubric, Scale, Section
    from mlops_widgets.scoring import Completion, Score, SectionScore

__all__ = ["place", "rows", "standing", "summary"]

MOST_BLOCKING = 4
"""Criteria listed beside the form; the filter shows the rest."""


def rows(rubric: Rubric, words: Mapping[str, str]) -> dict[str, Any]:
    """Lay a rubric out as the form draws it, once: dimensions, their groups, their criteria.

    A group is a level of a dimension where gates decide, else a section below it.
    """
    return {
        "title": rubric.title,
        "version": rubric.version,
        "count": len(rubric.criteria),
        "sections": [_dimension(rubric, section, words) for section in rubric.sections],
    }


def _dimension(rubric: Rubric, section: Section, words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title,
        "short": section.label,
        "description": section.description or "",
        "groups": list(_groups(rubric, section, words)),
    }


def _groups(rubric: Rubric, section: Section, words: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for part in section.walk():
        by_level: dict[int | None, list[Criterion]] = {}
        for criterion in part.criteria:
            by_level.setdefault(criterion.level if not section.sections else None, []).append(criterion)
        for descriptors in _by_level(part.descriptors):
            yield {
                "id": f"{part.id}.descriptors.{descriptors[0].level}",
                "title": _level_title(rubric, descriptors[0].level, words),
                "note": words["descriptors"].format(level=descriptors[0].level),
                "descriptors": [{"id": item.id, "text": item.text} for item in descriptors],
                "criteria": [],
            }
        for level, criteria in by_level.items():
            titled = part is not section or level is not None
            yield {
                "id": part.id if level is None else f"{part.id}.{level}",
                "title": "" if not titled else part.title if level is None else _level_title(rubric, level, words),
                "note": (part.description or "") if part is not section else "",
                "descriptors": [],
                "criteria": [_criterion(rubric, criterion, words) for criterion in criteria],
            }


def _by_level(descriptors: Sequence[Descriptor]) -> list[list[Descriptor]]:
    levels = sorted({item.level for item in descriptors})
    return [[item for item in descriptors if item.level == level] for level in levels]


def _level_title(rubric: Rubric, number: int, words: Mapping[str, str]) -> str:
    level = rubric.level(number)
    title = words["level"].format(level=number)
    return f"{title}: {level.name}" if level else title


def _criterion(rubric: Rubric, criterion: Criterion, words: Mapping[str, str]) -> dict[str, Any]:
    scale = rubric.scale_of[criterion.id]
    texts = criterion.anchors or ("",) * len(scale.options)
    hints = ", ".join(criterion.evidence_hints)
    return {
        "id": criterion.id,
        "kind": criterion.kind,
        "text": criterion.text,
        "help": criterion.help or "",
        "hints": words["evidence_hints"].format(hints=hints) if hints else "",
        "options": [
            *(
                {
                    "id": option.id,
                    "label": option.label,
                    "text": text,
                    "help": option.help or "",
                    "part": _part(index, scale),
                }
                for index, (option, text) in enumerate(zip(scale.options, texts, strict=True))
            ),
            {"id": NOT_APPLICABLE, "label": words["na"], "text": "", "help": words["na_long"], "part": "na"},
        ],
    }


def _part(index: int, scale: Scale) -> str:
    """Say how far an option goes, for its look: none, some or all of the way."""
    if index == 0:
        return "none"
    return "all" if index >= scale.met_index else "some"


def summary(
    rubric: Rubric,
    score: Score,
    words: Mapping[str, str],
    *,
    profile: Sequence[str] = (),
    unmatched: Collection[str] = (),
) -> dict[str, Any]:
    """Say a score in the sentences and lengths the form shows beside the questions.

    Args:
        rubric: what was asked.
        score: what the answers come to.
        words: the sentences of the form.
        profile: facet options that hold.
        unmatched: ids of kept answers that this version of the rubric has no question for.
    """
    unanswered = [name for finding in score.found("unanswered") for name in finding.criteria]
    contradictory = [name for finding in score.found("contradictory") for name in finding.criteria[:2]]
    blocking = list(score.overall.next.blocking) if score.overall.next else []
    level, bar = _level(rubric, score.overall, words), _bar(rubric, score.overall, words)
    return {
        "level": level,
        "bar": bar,
        "announce": words["announce"].format(
            level=f"{level['label']}, {level['note']}", bar=bar["now"], open=len(unanswered)
        ),
        "progress": words["progress"].format(answered=score.overall.answered, applicable=score.overall.applicable),
        "notice": words["unmatched"].format(names=", ".join(sorted(unmatched))) if unmatched else "",
        "blocks": _blocks(rubric, score, words),
        "profile": [_spoke(rubric, part, words) for part in score.dimensions],
        "sections": {part.id: {"answered": part.answered, "applicable": part.applicable} for part in score.dimensions},
        "groups": dict(_group_notes(rubric, score, words)),
        "filters": {"unanswered": unanswered, "contradictory": contradictory, "blocking": blocking},
        "marks": dict(_marks(rubric, score, words, profile)),
    }


def standing(rubric: Rubric, part: SectionScore, words: Mapping[str, str]) -> dict[str, Any]:
    """Say the level of a part, and how far it is on the way to the next, in sentences and lengths."""
    return {"level": _level(rubric, part, words), "bar": _bar(rubric, part, words)}


def place(rubric: Rubric, part: SectionScore) -> tuple[float, float]:
    """Give the place of a part between the lowest and the highest there is, 0 to 1: where it is, and could be."""
    position, high = part.position(), part.position("high")
    if position is None or high is None:
        return 0.0, 1.0 if part.applicable else 0.0
    lowest, highest = part.minimum, part.maximum
    if part.completion:
        lowest, highest = min(level.level for level in rubric.levels), max(level.level for level in rubric.levels)
    width = (highest - lowest) or 1
    return (position - lowest) / width, (high - lowest) / width


def _level(rubric: Rubric, part: SectionScore, words: Mapping[str, str]) -> dict[str, str]:
    if part.level is None:
        return {"label": words["no_level"], "name": "", "note": words["so_far_same"] if part.applicable else ""}
    level = rubric.level(part.level)
    if part.answered < part.applicable:
        low, high = part.level_low, part.level_high
        settled = low is None or high is None or low == high
        note = words["so_far_same"] if settled else words["so_far"].format(low=low, high=high)
    else:
        note = words["on_the_way"].format(level=part.next.level) if part.next else words["top"]
    return {"label": words["level"].format(level=part.level), "name": level.name if level else "", "note": note}


def _bar(rubric: Rubric, part: SectionScore, words: Mapping[str, str]) -> dict[str, Any]:
    """Give the lengths of the bar, 0 to 1: what is there, what could be, and the mark to reach."""
    step = _step(part)
    if step is not None and step.share is not None and step.share_high is not None:
        return {
            "value": step.share,
            "high": step.share_high,
            "mark": step.needed,
            "now": words["gate_now"].format(share=percent(step.share, edges=(step.needed, 1)), level=step.level),
            "then": words["gate_high"].format(share=percent(step.share_high, edges=(step.needed, 1)))
            if step.met != step.met_high
            else "",
            "mark_text": words["threshold_gate"].format(share=percent(step.needed)),
        }
    if part.value is None or part.high is None:
        text, possible = (words["nothing_yet"], 1) if part.applicable else (words["not_applicable"], 0)
        return {"value": 0, "high": possible, "mark": None, "now": text, "then": "", "mark_text": ""}
    width = (part.maximum - part.minimum) or 1
    edge = _edge(rubric, part)
    edges = [low for band in rubric.scoring.bands if (low := _beginning(band)) is not None]
    return {
        "value": (part.value - part.minimum) / width,
        "high": (part.high - part.minimum) / width,
        "mark": (edge - part.minimum) / width if edge is not None else None,
        "now": words["band_now"].format(value=number(part.value, edges=edges), maximum=f"{part.maximum:g}"),
        "then": words["band_high"].format(value=number(part.high, edges=edges)) if part.high != part.value else "",
        "mark_text": ""
        if edge is None or part.next is None
        else words["threshold_band"].format(level=part.next.level, value=f"{edge:g}"),
    }


def _step(part: SectionScore) -> Completion | None:
    """The level being worked on, or the highest when there is none above."""
    steps = [step for step in part.completion if step.of]
    if part.next is not None:
        return next((step for step in steps if step.level == part.next.level), None)
    return steps[-1] if steps else None


def _edge(rubric: Rubric, part: SectionScore) -> float | None:
    if part.next is None:
        return None
    band: Band = next(band for band in rubric.scoring.bands if band.level == part.next.level)
    return _beginning(band)


def _beginning(band: Band) -> float | None:
    return band.at_least if band.at_least is not None else band.above


def _blocks(rubric: Rubric, score: Score, words: Mapping[str, str]) -> dict[str, Any]:
    way = score.overall.next
    if way is None:
        return {"title": "", "items": [], "more": "", "note": words["blocks_none"] if score.level is not None else ""}
    order = [*way.smallest, *(name for name in way.blocking if name not in way.smallest)]
    enough, count = len(way.smallest), len(way.blocking)
    still_open = score.overall.applicable - score.overall.answered
    if still_open and rubric.scoring.unanswered == "excluded":
        note = words["blocks_open"].format(open=still_open)
    else:
        note = words["blocks_enough_one" if enough == 1 else "blocks_enough"].format(enough=enough, count=count)
    return {
        "title": words["blocks_title"].format(level=way.level),
        "items": [
            {
                "id": name,
                "text": rubric.criteria[name].text,
                "section": rubric.dimension_of[name].title,
                "state": words["state_open"] if score.state[name] == "open" else "",
            }
            for name in order[:MOST_BLOCKING]
        ],
        "more": words["blocks_more"].format(count=count - MOST_BLOCKING) if count > MOST_BLOCKING else "",
        "note": note,
    }


def _spoke(rubric: Rubric, part: SectionScore, words: Mapping[str, str]) -> dict[str, Any]:
    value, high = place(rubric, part)
    position = part.position()
    if position is None:
        text = words["nothing_yet"] if part.applicable else words["not_applicable"]
        return {"id": part.id, "label": part.label, "value": value, "high": high, "text": text, "title": ""}
    if part.level is not None:
        text = words["level"].format(level=part.level)
    elif rubric.scoring.display == "percent" and part.share is not None:
        text = f"{percent(part.share)} %"
    else:
        text = number(position)
    return {
        "id": part.id,
        "label": part.label,
        "value": value,
        "high": high,
        "text": text,
        "title": words["profile_uncounted"] if not part.counted else "",
    }


def _group_notes(rubric: Rubric, score: Score, words: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Say for each group of the form how much of it is met."""
    parts = {part.id: part for part in score.sections}
    for dimension in rubric.sections:
        for step in parts[dimension.id].completion if not dimension.sections else ():
            text, done = words["none_apply"], True
            if step.share is not None:
                done = step.share >= step.needed
                text = (words["met"] if done else words["met_needed"]).format(
                    met=f"{step.met:g}", of=step.of, needed=percent(step.needed)
                )
            yield f"{dimension.id}.{step.level}", {"text": text, "done": done}
        for section in dimension.walk():
            if section is not dimension and section.criteria:
                part = parts[section.id]
                states = [score.state[criterion.id] for criterion in section.criteria]
                met = states.count("met")
                text = words["met"].format(met=met, of=part.applicable) if part.applicable else words["none_apply"]
                yield section.id, {"text": text, "done": met == part.applicable}


def _marks(
    rubric: Rubric, score: Score, words: Mapping[str, str], profile: Sequence[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Say what is special about single criteria; later sentences win over earlier ones."""
    labels = {option.id: option.label for facet in rubric.facets for option in facet.options}
    texts = {item.id: item.text for item in rubric.criteria.values()}
    texts |= {item.id: item.text for item in rubric.descriptors.values()}
    if score.overall.next is not None:
        sentence = words["blocks_next"].format(level=score.overall.next.level)
        for name in score.overall.next.blocking:
            if score.state[name] == "short":
                yield name, {"kind": "blocking", "text": sentence, "by": ""}
    for name, is_outside in zip(rubric.criteria, engine(rubric).outside(profile), strict=True):
        if is_outside:
            wanted = ", ".join(labels[option] for option in rubric.criteria[name].applies_to)
            yield name, {"kind": "outside", "text": words["na_profile"].format(facet=wanted), "by": ""}
    for finding in score.found("implied"):
        name, by = finding.criteria[:2]
        top = rubric.scale_of[name].options[-1].id
        yield name, {"kind": "implied", "text": words["implied"].format(text=texts[by]), "by": by, "value": top}
    for finding in score.found("contradictory"):
        first, second = finding.criteria[:2]
        yield first, {"kind": "contradictory", "text": words["contradictory"].format(text=texts[second]), "by": second}
        yield second, {"kind": "contradictory", "text": words["contradictory"].format(text=texts[first]), "by": first}
    for finding in score.found("reason_missing"):
        yield finding.criteria[0], {"kind": "reason", "text": words["na_reason_missing"], "by": ""}
