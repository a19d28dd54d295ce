"""What must hold between the parts of a rubric."""

from __future__ import annotations

from typing import Any

import pytest
from small_rubric import MISSING, plain

from mlops_widgets.rubric_checks import faults

TWO_BANDS = [{"level": 0, "below": 1}, {"level": 1, "at_least": 1}]


def told(changes: dict[str, Any]) -> list[str]:
    """Every fault of the small rubric with some values changed."""
    return [str(problem) for problem in faults(plain(changes))]


def test_good_rubric_has_no_faults() -> None:
    """Nothing is found where nothing is wrong."""
    assert told({}) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"sections.1.criteria.0.id": "data.a"},
                     ["sections[1].criteria[0].id: 'data.a' is used more than once; every id in a rubric is unique"],
                     id="criterion twice"),
        pytest.param({"sections.1.id": "data"},
                     ["sections[1].id: 'data' is used more than once; every id in a rubric is unique"],
                     id="section twice"),
        pytest.param({"sections.0.descriptors.0.id": "model.a"},
                     [("sections[0].descriptors[0].id: 'model.a' is used more than once; "
                       "every id in a rubric is unique")],
                     id="descriptor named like a criterion"),
        pytest.param({"sections.0.criteria.2.implies": ["data.x"]},
                     ["sections[0].criteria[2].implies[0]: 'data.x' is no criterion of this rubric"],
                     id="implies nothing known"),
        pytest.param({"sections.0.descriptors.0.opposite": ["data"]},
                     ["sections[0].descriptors[0].opposite[0]: 'data' is no criterion of this rubric"],
                     id="opposite of a section"),
        pytest.param({"sections.0.criteria.0.implies": ["data.c"]},
                     [("sections[0].criteria[2].implies: goes round in a circle: data.a -> data.c -> data.a; "
                      "take one of them out")],
                     id="circle of two"),
        pytest.param({"sections.0.criteria.0.implies": ["data.a"]},
                     [("sections[0].criteria[0].implies: goes round in a circle: data.a -> data.a; "
                       "take one of them out")],
                     id="circle of one"),
        pytest.param({"sections.0.criteria.0.requires": ["data.x"]},
                     ["sections[0].criteria[0].requires[0]: 'data.x' is no criterion of this rubric"],
                     id="requires nothing known"),
        pytest.param({"sections.0.criteria.0.requires": ["model.a"], "sections.1.criteria.0.requires": ["data.b"],
                      "sections.0.criteria.1.requires": ["data.a"]},
                     [("sections[0].criteria[1].requires: goes round in a circle: "
                       "data.a -> model.a -> data.b -> data.a; take one of them out")],
                     id="requires itself by way of others"),
        pytest.param({"sections.0.criteria.0.requires": ["data.c"]},
                     [("sections[0].criteria[0].requires[0]: 'data.c' implies this criterion, so it cannot come before "
                       "it; take out one of the two, or turn it round")],
                     id="requires what implies it"),
        pytest.param({"scale": "x"}, ["scale: 'x' is not one of the scales of this rubric: answer"],
                     id="rubric's scale"),
        pytest.param({"sections.1.criteria.1.scale": "x"},
                     ["sections[1].criteria[1].scale: 'x' is not one of the scales of this rubric: answer"],
                     id="criterion's scale"),
        pytest.param({"scales.answer.options.2.value": 0.5},
                     ["scales.answer.options: the values must rise from the first option to the last"],
                     id="values that do not rise"),
        pytest.param({"scales.answer.options.2.id": "no"},
                     ["scales.answer.options[2].id: 'no' is used more than once; every id in a rubric is unique"],
                     id="option twice"),
        pytest.param({"scales.answer.met": "done"}, ["scales.answer.met: 'done' is no option of this scale"],
                     id="met by nothing known"),
        pytest.param({"scales.answer.met": "no"},
                     ["scales.answer.met: 'no' is the lowest answer; that cannot count as met"], id="met by a no"),
        pytest.param({"sections.0.criteria.0.kind": "anchored", "sections.0.criteria.0.anchors": ["One.", "Two."]},
                     [("sections[0].criteria[0].anchors: has 2 texts; "
                      "an anchored question has one for each of its 3 answers")],
                     id="too few anchors"),
        pytest.param({"sections.0.criteria.0.anchors": ["One."]},
                     ["sections[0].criteria[0].anchors: belongs to a criterion of kind 'anchored' only"],
                     id="anchors of a statement"),
        pytest.param({"sections.1.criteria": MISSING},
                     ["sections[1]: holds either sections or criteria; this one has neither"], id="empty section"),
        pytest.param({"sections.1.sections": [{"id": "x", "criteria": [{"id": "y", "level": 1}]}]},
                     ["sections[1]: holds either sections or criteria; this one has both"], id="both"),
        pytest.param({"scoring.combine": "weighted_mean", "sections.0.weight": 0.5, "sections.1.weight": 0.25},
                     ["sections: the weights of a weighted mean must sum to 1, not 0.75"], id="weights of dimensions"),
        pytest.param({"sections.1.combine": "weighted_mean"},
                     ["sections[1].criteria: the weights of a weighted mean must sum to 1, not 2"],
                     id="weights of criteria"),
        pytest.param({"sections.0.weight": 2},
                     [("sections[0].weight: counts only under 'combine: weighted_mean'; "
                      "elsewhere it is 0 (not counted) or 1")],
                     id="weight under a mean"),
        pytest.param({"sections.0.weight": 0, "sections.1.weight": 0},
                     ["sections: has no part that counts: every weight is 0"], id="nothing counts"),
        pytest.param({"scoring.combine": "min", "scoring.unanswered": "excluded"},
                     [("scoring.combine: 'min' with 'unanswered: excluded' lets a yes lower the score; "
                      "use 'unanswered: lowest'")],
                     id="min of what is answered"),
        pytest.param({"sections.0.combine": "sum", "scoring.unanswered": "excluded"},
                     [("sections[0].combine: 'sum' with 'unanswered: excluded' lets a yes lower the score; "
                      "use 'unanswered: lowest'")],
                     id="sum of what is answered"),
        pytest.param({"scoring.unanswered": "excluded", "scales.points": {
                        "options": [{"id": "0", "value": 0}, {"id": "1", "value": 4}]}},
                     [("scales: differ in their lowest or highest value, and with 'unanswered: excluded' a yes could "
                      "then lower the score; give all the same range or use 'unanswered: lowest'")],
                     id="ranges that differ"),
        pytest.param({"levels.3.level": 2, "sections.1.criteria.1.level": 2}, ["levels: level 2 is described 2 times"],
                     id="level twice"),
        pytest.param({"sections.1.criteria.0.level": 5}, ["sections[1].criteria[0].level: 5 is not one of 0, 1, 2, 3"],
                     id="level out of range"),
        pytest.param({"sections.1.criteria.0.level": MISSING},
                     [("sections[1].criteria[0].level: is needed where gates decide: "
                      "the level above 0 that the criterion counts for")],
                     id="no level under gates"),
        pytest.param({"sections.1.criteria.0.level": 0},
                     [("sections[1].criteria[0].level: is needed where gates decide: "
                      "the level above 0 that the criterion counts for")],
                     id="lowest level under gates"),
        pytest.param({"levels": [], "sections": [{"id": "a", "criteria": [{"id": "b"}]}]},
                     ["levels: are needed where gates decide, the lowest for those who meet nothing"],
                     id="gates without levels"),
        pytest.param({"scoring.bands": TWO_BANDS},
                     ["scoring: has both bands and gates; a level comes from one of them"], id="bands and gates"),
        pytest.param({"scoring": {"bands": [{"level": 4, "below": 1}]}},
                     ["scoring.bands[0].level: 4 is not one of 0, 1, 2, 3"], id="band of an unknown level"),
        pytest.param({"scoring": {"bands": [{"level": 0, "below": 1, "at_most": 1}]}},
                     ["scoring.bands[0]: has both 'below' and 'at_most'; an edge is in the band or not"],
                     id="edge in and out"),
        pytest.param({"scoring": {"bands": [{"level": 0, "at_least": 1, "below": 1}]}},
                     ["scoring.bands[0]: holds no value: its lower edge is above its upper one"], id="empty band"),
        pytest.param({"scoring": {"bands": [TWO_BANDS[1], {"level": 0, "at_least": 2}]}},
                     ["scoring.bands[1].level: bands are listed from the lowest level to the highest",
                      "scoring.bands[1]: overlaps the band before it; give the shared edge to one of them"],
                     id="bands out of order"),
        pytest.param({"scoring": {"bands": [{"level": 0, "at_most": 1}, {"level": 1, "at_least": 1}]}},
                     ["scoring.bands[1]: overlaps the band before it; give the shared edge to one of them"],
                     id="shared edge"),
        pytest.param({"scoring": {"bands": [{"level": 0, "below": None, "at_most": 1}, {"level": 1, "above": 1}]}}, [],
                     id="edge left empty"),
        pytest.param({"sections.0.criteria.0.applies_to": ["live"]},
                     [("sections[0].criteria[0].applies_to[0]: 'live' is not one of the facet options: "
                      "batch, real-time")],
                     id="unknown facet option"),
        pytest.param({"facets": []},
                     [("sections[0].criteria[1].applies_to[0]: 'real-time' is not one of the facet options: "
                      "there are none")],
                     id="no facets"),
        pytest.param({"roadmaps": [{"from_level": 2, "to_level": 1, "months_low": 9, "months_high": 6,
                                    "investment": {"low": 2, "high": 1},
                                    "phases": [{"start": 3, "end": 3, "initiatives": [{"criteria": ["x"]}]}]}]},
                     ["roadmaps[0].phases[0].initiatives[0].criteria[0]: 'x' is no criterion of this rubric",
                      "roadmaps[0].from_level: 2 must be below to_level, which is 1",
                      "roadmaps[0].months_low: 9 may not be above months_high, which is 6",
                      "roadmaps[0].investment.low: 2 may not be above high, which is 1",
                      "roadmaps[0].phases[0].start: 3 must be below end, which is 3"],
                     id="roadmap that goes back"),
        pytest.param({"roadmaps": [{"phases": [{"initiatives": [{"id": "one", "after": ["two", "three"]}]},
                                               {"initiatives": [{"id": "two", "after": ["one"]}]}]},
                                   {"phases": [{"initiatives": [{"id": "three"}]}]}]},
                     ["roadmaps[0].phases[0].initiatives[0].after[1]: 'three' is no initiative of this roadmap",
                      ("roadmaps[0].phases[1].initiatives[0].after: goes round in a circle: one -> two -> one; "
                       "take one of them out")],
                     id="initiatives that wait for each other"),
        pytest.param({"plan": {"phases": [{"id": "now", "start": 0, "end": 3}, {"id": "now", "start": 4, "end": 2}]}},
                     ["plan.phases[1].start: 4 must be below end, which is 2",
                      "plan.phases[1].start: must be 3, where the phase before it ends",
                      "plan.phases[1].id: 'now' is used more than once; every id in a rubric is unique"],
                     id="phases with a hole"),
        pytest.param({"roadmaps": [{"to_level": 9}]}, ["roadmaps[0].to_level: 9 is not one of 0, 1, 2, 3"],
                     id="roadmap to nowhere"),
    ],
)  # fmt: skip
def test_fault_is_named_with_its_place(changes: dict[str, Any], expected: list[str]) -> None:
    """Each fault says where it is, what is wrong and what to do."""
    assert told(changes) == expected


def test_long_chain_of_implications_is_no_circle() -> None:
    """A thousand criteria in a row, each implying the next, neither overflow nor count as a circle."""
    chain = [{"id": f"c{number}", "level": 1, "implies": [f"c{number + 1}"]} for number in range(999)]
    assert told({"sections.1.criteria": [*chain, {"id": "c999", "level": 1}]}) == []


@pytest.mark.parametrize("junk", [None, True, 5, 0.5, "text", [], ["text"], {}, {"id": []}, [None], [{"id": {}}]])
@pytest.mark.parametrize(
    "path",
    [
        "id", "scale", "scales", "scales.answer", "scales.answer.options", "scales.answer.options.0.value", "levels",
        "levels.0.level", "facets", "facets.0.options", "scoring", "scoring.gates", "scoring.bands", "sections",
        "sections.0.weight", "sections.0.criteria", "sections.0.criteria.0.level", "sections.0.criteria.0.anchors",
        "sections.0.criteria.0.implies", "sections.0.criteria.0.applies_to", "sections.0.descriptors", "roadmaps",
        "sections.0.criteria.0.requires", "plan",
    ],
)  # fmt: skip
def test_wrong_types_are_stepped_over(path: str, junk: object) -> None:
    """Whatever stands in a field, looking for faults between parts ends without an exception."""
    assert isinstance(told({path: junk}), list)
