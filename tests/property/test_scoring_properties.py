"""What holds for every rubric and all answers, and a slow reference in fractions that gives the same numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mlops_widgets.assessment import Answer
from mlops_widgets.engine import CODE_NOT_APPLICABLE, CODE_OPEN, codes_of, score_many
from mlops_widgets.rubric import Rubric
from mlops_widgets.scoring import Score, score

many = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

SCALES = {
    "yes-no": ["0", "1"],
    "statement": ["0", "0.5", "1"],
    "progress": ["0", "0.4", "0.8", "1"],
    "coverage": ["0", "0.25", "0.5", "1"],
    "thirds": ["0", "0.333", "0.667", "1"],
    "rating": ["0", "1", "2", "3", "4"],
    "signed": ["-1", "0", "2.5"],
}
SAME_RANGE = ["yes-no", "statement", "progress", "coverage", "thirds"]

Codes = dict[str, int]
"""Position of the option chosen by criterion id, -1 while open, -2 for not applicable."""


# --- Random rubrics -------------------------------------------------------------------------------------------------


def weights(draw: st.DrawFn, combine: str, count: int) -> list[float]:
    """Twentieths that sum to 1 under a weighted mean; elsewhere 0 or 1, not all 0."""
    if combine != "weighted_mean":
        chosen = draw(st.lists(st.sampled_from([1, 1, 1, 0]), min_size=count, max_size=count))
        return [float(weight) for weight in chosen] if any(chosen) else [1.0] * count
    cuts = sorted(draw(st.lists(st.integers(0, 20), min_size=count - 1, max_size=count - 1)))
    return [(upper - lower) / 20 for lower, upper in zip([0, *cuts], [*cuts, 20], strict=True)]


def scale(draw: st.DrawFn, values: list[str]) -> dict[str, Any]:
    """A scale of the given values, met by its highest option or by an earlier one."""
    options = [{"id": f"o{n}", "label": value, "value": float(value)} for n, value in enumerate(values)]
    return {"options": options} | ({"met": "o1"} if len(values) > 2 and draw(st.booleans()) else {})


@st.composite
def rubrics(  # noqa: C901 - a rubric has many parts
    draw: st.DrawFn,
    *,
    implies: bool = True,
    gaps: bool = True,
    kinds: tuple[str, ...] = ("gates", "bands", "none"),
    largest: int = 14,
    combines: tuple[str, ...] = ("mean", "pooled_mean", "weighted_mean", "sum", "min"),
) -> Rubric:
    """A rubric with sections in sections, every way to combine them, and bands, gates or neither."""
    excluded = draw(st.booleans())
    allowed = [kind for kind in combines if not (excluded and kind in ("sum", "min"))]
    levels = draw(st.sampled_from(kinds))
    names = SAME_RANGE if excluded else list(SCALES)
    ids: list[str] = []

    def criterion() -> dict[str, Any]:
        ids.append(f"c{len(ids)}")
        made: dict[str, Any] = {"id": ids[-1], "text": "Asked.", "scale": draw(st.sampled_from(names))}
        if levels == "gates":
            made["level"] = draw(st.integers(1, 3))
        if draw(st.integers(0, 5)) == 0:
            made["applies_to"] = draw(st.sampled_from([["f0"], ["f1"], ["f0", "f1"], ["g0"], ["f0", "g1"]]))
        if implies and len(ids) > 1 and draw(st.integers(0, 4)) == 0:
            made["implies"] = draw(st.lists(st.sampled_from(ids[:-1]), min_size=1, max_size=2, unique=True))
        return made

    def section(depth: int, name: str) -> dict[str, Any]:
        combine = draw(st.sampled_from(allowed))
        made: dict[str, Any] = {"id": name, "title": name, "combine": combine}
        inner = depth < 3 and len(ids) < largest - 2 and draw(st.integers(0, 2)) == 0
        count = draw(st.integers(1, 3))
        kind = "sections" if inner else "criteria"
        made[kind] = [section(depth + 1, f"{name}.{n}") if inner else criterion() for n in range(count)]
        for child, weight in zip(made[kind], weights(draw, combine, count), strict=True):
            child["weight"] = weight
        return made

    top = draw(st.sampled_from(allowed))
    count = draw(st.integers(1, 4))
    sections = [section(1, f"s{n}") for n in range(count)]
    assume(len(ids) <= largest)
    for child, weight in zip(sections, weights(draw, top, count), strict=True):
        child["weight"] = weight
    scoring: dict[str, Any] = {"combine": top, "unanswered": "excluded" if excluded else "lowest"}
    if levels == "gates":
        scoring["gates"] = {"threshold": draw(st.sampled_from([0.5, 0.6, 0.667, 0.75, 0.8, 1]))}
    if levels == "bands":
        fractions = st.sampled_from([0.1, 0.25, 0.333, 0.5, 0.6, 0.8, 1, 1.5, 2, 3])
        edges = sorted(draw(st.sets(fractions, min_size=3, max_size=3)))
        closed = [draw(st.booleans()) for _ in edges]
        scoring["bands"] = [
            {"level": n}
            | ({"at_least" if closed[n - 1] else "above": edges[n - 1]} if n else {})
            | ({"below" if closed[n] else "at_most": edges[n]} if n < 3 else {})
            for n in range(4)
        ]
        if gaps and draw(st.booleans()):
            del scoring["bands"][draw(st.integers(0, 3))]
    return Rubric.from_dict(
        {
            "id": "random",
            "version": "1.0",
            "title": "Random",
            "description": "Made up.",
            "source": {},
            "scale": "yes-no",
            "scales": {name: scale(draw, SCALES[name]) for name in names},
            "levels": [{"level": n, "name": f"L{n}", "summary": "A step."} for n in range(4)],
            "facets": [
                {"id": name, "question": "?", "options": [{"id": f"{name}{n}", "label": "!"} for n in range(2)]}
                for name in "fg"
            ],
            "scoring": scoring,
            "sections": sections,
        }
    )


@st.composite
def answered(draw: st.DrawFn, rubric: Rubric) -> Codes:
    """Some answer, or none, to every criterion."""
    return {name: draw(st.integers(-2, len(scale.options) - 1)) for name, scale in rubric.scale_of.items()}


def profiles() -> st.SearchStrategy[tuple[str, ...]]:
    """Nothing said, or one or two choices."""
    return st.sampled_from([(), ("f0",), ("f1",), ("f0", "g0"), ("f1", "g1"), ("f0", "f1")])


def scored(rubric: Rubric, codes: Codes, profile: tuple[str, ...] = ()) -> Score:
    """The score of answers given by the position of their options."""
    return score(rubric, {name: answer(code) for name, code in codes.items()}, profile=profile)


def answer(code: int) -> Answer:
    """The answer that a code stands for."""
    if code == CODE_NOT_APPLICABLE:
        return Answer(value="na", reason="Said so.")
    return Answer() if code == CODE_OPEN else Answer(value=f"o{code}")


# --- The reference: one criterion at a time, in fractions -----------------------------------------------------------


class Reference:
    """The rules of scoring as they are written down, slow and exact."""

    def __init__(self, rubric: Rubric, codes: Codes, profile: tuple[str, ...]) -> None:
        """Fill in what the profile rules out and what other answers imply."""
        self.rubric = rubric
        self.codes = dict(codes)
        for criterion in rubric.criteria.values():
            for facet in rubric.facets:
                options = {option.id for option in facet.options}
                wanted, chosen = options & set(criterion.applies_to), options & set(profile)
                if wanted and chosen and not wanted & chosen:
                    self.codes[criterion.id] = CODE_NOT_APPLICABLE
        implied = {
            target
            for name in rubric.criteria
            if self.codes[name] >= rubric.scale_of[name].met_index
            for target in self.implied_by(name)
            if self.codes[target] == CODE_OPEN
        }
        for name in implied:
            self.codes[name] = self.top(name)

    def implied_by(self, name: str) -> set[str]:
        """Criteria that a yes brings along, by way of others too."""
        direct = set(self.rubric.criteria[name].implies)
        return direct.union(*(self.implied_by(target) for target in direct))

    def top(self, name: str) -> int:
        """The highest option."""
        return len(self.rubric.scale_of[name].options) - 1

    def worth(self, name: str, when_open: str) -> Fraction | None:
        """Value of an answer; None where it does not count."""
        code = self.codes[name]
        if code == CODE_NOT_APPLICABLE or (code == CODE_OPEN and when_open == "excluded"):
            return None
        if code == CODE_OPEN:
            code = 0 if when_open == "lowest" else self.top(name)
        return Fraction(str(self.rubric.scale_of[name].options[code].value))

    def value(self, when_open: str, section: Any = None) -> Fraction | None:  # noqa: ANN401 - a section, or the whole
        """Value of a section, or of the whole."""
        combine = section.combine if section else self.rubric.scoring.combine
        if combine == "pooled_mean":
            parts = list(self.pool(when_open, section))
        else:
            children = (section or self.rubric).sections
            parts = [(child.weight, self.value(when_open, child)) for child in children]
            criteria = section.criteria if section else ()
            parts += [(item.weight, self.worth(item.id, when_open)) for item in criteria]
        counted = [(Fraction(str(weight)), value) for weight, value in parts if weight and value is not None]
        if not counted:
            return None
        if combine == "min":
            lowest: Fraction = min(value for _, value in counted)
            return lowest
        total: Fraction = sum((weight * value for weight, value in counted), Fraction(0))
        return total if combine == "sum" else total / sum((weight for weight, _ in counted), Fraction(0))

    def pool(self, when_open: str, section: Any) -> Any:  # noqa: ANN401 - a section, or the whole
        """Every criterion below that counts, with its weight."""
        if section:
            yield from ((item.weight, self.worth(item.id, when_open)) for item in section.criteria)
        for child in (section or self.rubric).sections:
            if child.weight:
                yield from self.pool(when_open, child)

    def level(self, when_open: str, section: Any = None) -> int | None:  # noqa: ANN401 - a section, or the whole
        """Level of a dimension, or of the whole."""
        scoring = self.rubric.scoring
        if scoring.gates:
            return self.gated(when_open, Fraction(str(scoring.gates.threshold)), section)
        if section and scoring.combine == "sum":
            return None
        value = self.value(scoring.unanswered if when_open == "value" else when_open, section)
        for band in scoring.bands:
            if value is not None and all(
                edge is None or holds(value, Fraction(str(edge)))
                for edge, holds in (
                    (band.at_least, Fraction.__ge__),
                    (band.above, Fraction.__gt__),
                    (band.below, Fraction.__lt__),
                    (band.at_most, Fraction.__le__),
                )
            ):
                return band.level
        return None

    def gated(self, when_open: str, threshold: Fraction, section: Any) -> int | None:  # noqa: ANN401 - as above
        """The highest level reached with every one below it."""
        sections = section.walk() if section else self.rubric.walk()
        asked = [item for part in sections for item in part.criteria if self.codes[item.id] != CODE_NOT_APPLICABLE]
        if not asked:
            return None
        reached = 0
        for level in range(1, 4):
            credits_ = [self.credit(item.id, when_open) for item in asked if item.level == level]
            if sum(credits_, Fraction(0)) < threshold * len(credits_):
                break
            reached = level if credits_ else reached
        return reached

    def credit(self, name: str, when_open: str) -> Fraction:
        """How far a criterion is met."""
        scale, code = self.rubric.scale_of[name], self.codes[name]
        if code == CODE_OPEN:
            return Fraction(when_open == "highest")
        if code >= scale.met_index:
            return Fraction(1)
        row = [Fraction(str(option.value)) for option in scale.options]
        return (row[code] - row[0]) / (row[-1] - row[0])


def number(value: Fraction | None) -> float | None:
    """A value as scores give it."""
    return None if value is None else round(float(value), 12)


# --- Properties -----------------------------------------------------------------------------------------------------


@many
@given(st.data(), rubrics(), profiles())
def test_engine_agrees_with_the_reference(data: st.DataObject, rubric: Rubric, profile: tuple[str, ...]) -> None:
    """Every value and level of every section is what the rules give, computed in fractions."""
    codes = data.draw(answered(rubric))
    result, reference = scored(rubric, codes, profile), Reference(rubric, codes, profile)
    for section in (None, *rubric.walk()):
        part = result[section.id if section else "overall"]
        assert part.value == number(reference.value(rubric.scoring.unanswered, section))
        assert part.low == number(reference.value("lowest", section))
        assert part.high == number(reference.value("highest", section))
        if part.depth <= 1:
            assert part.level == reference.level("value", section)
            assert part.level_low == reference.level("lowest", section)
            assert part.level_high == reference.level("highest", section)
        below = [item.id for inner in (section.walk() if section else rubric.walk()) for item in inner.criteria]
        assert part.applicable == sum(reference.codes[name] != CODE_NOT_APPLICABLE for name in below)
        assert part.answered == sum(reference.codes[name] >= 0 for name in below)


@many
@given(st.data(), rubrics(gaps=False))
def test_more_yes_never_lowers_a_score_or_a_level(data: st.DataObject, rubric: Rubric) -> None:
    """A better answer to one criterion leaves every value and level where it was, or raises it."""
    codes = data.draw(answered(rubric))
    name = data.draw(st.sampled_from(sorted(codes)))
    top = len(rubric.scale_of[name].options) - 1
    assume(codes[name] != CODE_NOT_APPLICABLE)
    before = scored(rubric, codes)
    # What is left out while it is open has no value to rise from, and what another yes implies counts as a yes
    # already: there, only the highest answer is more yes.
    implied = any(finding.criteria[0] == name for finding in before.found("implied"))
    only_top = codes[name] == CODE_OPEN and (implied or rubric.scoring.unanswered == "excluded")
    better = codes | {name: data.draw(st.integers(top if only_top else max(codes[name], 0), top))}
    after = scored(rubric, better)
    for old, new in zip((before.overall, *before.sections), (after.overall, *after.sections), strict=True):
        for attribute in ("value", "low", "level", "level_low"):
            was, now = getattr(old, attribute), getattr(new, attribute)
            assert was is None or (now is not None and now >= was)


@many
@given(st.data(), rubrics(), profiles())
def test_value_lies_between_low_and_high(data: st.DataObject, rubric: Rubric, profile: tuple[str, ...]) -> None:
    """An open criterion can make a score no lower than low and no higher than high, and without one all are equal."""
    result = scored(rubric, data.draw(answered(rubric)), profile)
    for part in (result.overall, *result.sections):
        if part.low is None or part.high is None:
            assert part.value is part.low is part.high is None
            continue
        assert part.low <= part.high
        if part.value is not None:
            assert part.low <= part.value <= part.high
        if part.answered == part.applicable:
            assert part.low == part.value == part.high


@many
@given(st.data(), rubrics(), profiles())
def test_order_of_answers_never_matters(data: st.DataObject, rubric: Rubric, profile: tuple[str, ...]) -> None:
    """The same answers in another order are the same score, findings included."""
    codes = data.draw(answered(rubric))
    shuffled = dict(data.draw(st.permutations(list(codes.items()))))
    assert scored(rubric, shuffled, profile) == scored(rubric, codes, profile)


@many
@given(st.data(), rubrics(), profiles())
def test_one_score_is_one_row_of_many(data: st.DataObject, rubric: Rubric, profile: tuple[str, ...]) -> None:
    """Scored alone or among others, an assessment has the same numbers."""
    rows_of = [data.draw(answered(rubric)) for _ in range(3)]
    rows = [codes_of(rubric, {name: answer(code) for name, code in codes.items()}) for codes in rows_of]
    together = score_many(rubric, np.stack(rows), profile=profile)
    for row, codes in enumerate(rows_of):
        alone = scored(rubric, codes, profile)
        parts = (alone.overall, *alone.sections)
        for name in ("value", "low", "high"):
            single = [np.nan if getattr(part, name) is None else getattr(part, name) for part in parts]
            np.testing.assert_array_equal(getattr(together, name)[row], single)
        heads = [part for part in parts if part.depth <= 1]
        for name in ("level", "level_low", "level_high"):
            assert getattr(together, name)[row].tolist() == [
                -1 if getattr(part, name) is None else getattr(part, name) for part in heads
            ]


@many
@given(st.data(), rubrics(implies=False, gaps=False, kinds=("gates", "bands"), largest=9))
def test_smallest_set_reaches_the_next_level_and_none_is_smaller(data: st.DataObject, rubric: Rubric) -> None:
    """The way to the next level is as short as trying every set of criteria finds."""
    codes = data.draw(answered(rubric))
    result = scored(rubric, codes)
    open_counts = rubric.scoring.unanswered == "lowest" or rubric.scoring.gates
    short = [
        name
        for name, code in codes.items()
        if (CODE_OPEN if open_counts else 0) <= code < len(rubric.scale_of[name].options) - 1
    ]
    for part in (result.overall, *result.dimensions):
        if part.next is None:
            continue
        wanted = part.next.level

        def reaches(names: tuple[str, ...], part_id: str = part.id, wanted: int = wanted) -> bool:
            raised = codes | {name: len(rubric.scale_of[name].options) - 1 for name in names}
            level = scored(rubric, raised)[part_id].level
            return level is not None and level >= wanted

        found = part.next.smallest
        assert set(found) <= set(part.next.blocking) <= set(short)
        if found:
            assert reaches(found)
            fewer = combinations(short, len(found) - 1)
            assert not any(reaches(names) for names in fewer)
        else:
            assert not reaches(tuple(short))


@many
@given(st.data(), rubrics(gaps=False, kinds=("gates", "bands")))
def test_smallest_set_with_implications_reaches_and_has_nothing_to_spare(data: st.DataObject, rubric: Rubric) -> None:
    """Where criteria imply others the set reaches the level still, and every one of it is needed."""
    codes = data.draw(answered(rubric))
    result = scored(rubric, codes)
    for part in (result.overall, *result.dimensions):
        if part.next is None or not part.next.smallest:
            continue
        found = part.next.smallest
        sets = [found, *(tuple(name for name in found if name != spared) for spared in found)]
        levels = []
        for names in sets:
            raised = codes | {name: len(rubric.scale_of[name].options) - 1 for name in names}
            level = scored(rubric, raised)[part.id].level
            levels.append(level is not None and level >= part.next.level)
        assert levels == [True, *[False] * len(found)]


@many
@given(st.data(), rubrics(implies=False, combines=("mean", "pooled_mean", "sum", "min")))
def test_not_applicable_is_as_if_it_were_not_asked(data: st.DataObject, rubric: Rubric) -> None:
    """A criterion that does not apply scores like a rubric without it; a section without any is not there."""
    codes = data.draw(answered(rubric))
    gone = {name for name, code in codes.items() if code == CODE_NOT_APPLICABLE}

    def without(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = []
        for section in sections:
            left = section | {
                "criteria": [item for item in section.get("criteria", []) if item["id"] not in gone],
                "sections": without(section.get("sections", [])),
            }
            if any(part.get("weight", 1) for part in (*left["criteria"], *left["sections"])):
                kept.append(left)
        return kept

    plain = rubric.to_dict()
    left = without(plain["sections"])
    assume(any(section.get("weight", 1) for section in left))
    smaller = Rubric.from_dict(plain | {"sections": left})
    full, rest = scored(rubric, codes), scored(smaller, {name: codes[name] for name in smaller.criteria})
    for part in (rest.overall, *rest.sections):
        same = full[part.id]
        assert (same.value, same.low, same.high) == (part.value, part.low, part.high)


@many
@given(st.data(), rubrics())
def test_next_level_is_above_the_level(data: st.DataObject, rubric: Rubric) -> None:
    """The next level is higher than the one reached, and at the top there is none."""
    result = scored(rubric, data.draw(answered(rubric)))
    for part in (result.overall, *result.dimensions):
        if part.next and part.level is not None:
            assert part.next.level > part.level
        if part.level == 3:
            assert part.next is None
