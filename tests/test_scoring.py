"""The score of one assessment with its reasons."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from small_rubric import small, tree

from mlops_widgets.assessment import Answer, Assessment
from mlops_widgets.library import load_rubric
from mlops_widgets.scoring import Finding, NextLevel, Score, score

ALL_YES = dict.fromkeys(["data.a", "data.b", "data.c", "model.a", "model.b"], "yes")


def findings(result: Score, kind: Any) -> list[tuple[str, tuple[str, ...], int | None]]:  # noqa: ANN401 - a kind
    """Findings of a kind as plain tuples."""
    return [(finding.section, finding.criteria, finding.level) for finding in result.found(kind)]


def test_score_of_nothing_answered_is_an_interval() -> None:
    """What is open shows: the value is the lowest, and nothing looks finished."""
    result = score(small(), {})
    assert (result.value, result.low, result.high) == (0, 0, 1)
    assert (result.level, result.overall.level_high) == (0, 3)
    assert result.answered == 0
    assert not result.is_final


def test_score_of_everything_answered_is_final() -> None:
    """With nothing open, low, value and high are one."""
    result = score(small(), ALL_YES)
    assert (result.value, result.low, result.high) == (1, 1, 1)
    assert (result.level, result.answered, result.is_final) == (3, 1, True)
    assert result.overall.next is None


def test_score_where_nothing_applies() -> None:
    """Nothing to answer is answered in full, and has neither value nor level."""
    result = score(small(), dict.fromkeys(ALL_YES, "na"))
    assert (result.value, result.level, result.answered, result.is_final) == (None, None, 1, True)
    assert result.overall.share is None
    assert result.overall.position() is None
    assert result.overall.next is None
    assert repr(result) == "<Score small: no level, no value, 0 of 0 answered>"


def test_profile_of_the_assessment_is_used_unless_one_is_given() -> None:
    """An assessment brings its profile along."""
    assessment = Assessment.from_dict(
        {
            "id": "demo",
            "rubric": {"id": "small", "version": "1.0"},
            "subject": "S",
            "date": "2026-11-20",
            "profile": ["batch"],
            "answers": {"data.b": "yes"},
        }
    )
    assert score(small(), assessment).state["data.b"] == "na"
    assert score(small(), assessment, profile=["real-time"]).state["data.b"] == "met"
    assert score(small(), assessment.answers, profile=iter(["batch"])).state["data.b"] == "na"


def test_answer_to_no_criterion_is_refused() -> None:
    """A misspelt criterion does not pass in silence; an assessment may have answers to another version."""
    with pytest.raises(ValueError, match=r"^'data\.aa' is no criterion of small$"):
        score(small(), {"data.a": "yes", "data.aa": "yes"})


def test_answer_that_is_no_option_is_refused() -> None:
    """An unknown answer is told with those there are."""
    with pytest.raises(ValueError, match="is not one of") as error:
        score(small(), {"model.a": "4"})
    assert str(error.value) == "model.a: '4' is not one of no, partly, yes, na"


def test_state_says_where_each_criterion_is() -> None:
    """Met, short, open or not applicable: what an answer or an implication came to."""
    result = score(small(), {"data.c": "yes", "data.b": "partly", "model.a": "na"})
    assert result.state == {
        "data.a": "met", "data.b": "short", "data.c": "met", "model.a": "na", "model.b": "open",
    }  # fmt: skip


def test_section_is_found_by_its_id() -> None:
    """Sections, and the whole, have names; an unknown one is a KeyError."""
    result = score(small(), ALL_YES)
    assert result["overall"] is result.overall
    assert result["model"].title == "Model"
    assert [part.id for part in result.dimensions] == ["data", "model"]
    with pytest.raises(KeyError, match="'nowhere'"):
        result["nowhere"]


def test_blocking_names_the_way_to_the_next_level_of_the_whole() -> None:
    """Every criterion short of the next level blocks; the smallest set is what the threshold leaves to do."""
    result = score(small({"scoring.gates.threshold": 0.6}), {"data.a": "yes"})
    assert result.overall.next == NextLevel(level=1, blocking=("data.b", "model.a"), smallest=("data.b",))
    assert findings(result, "blocking") == [("overall", ("data.b", "model.a"), 1)]
    assert result["data"].next == NextLevel(level=1, blocking=("data.b",), smallest=("data.b",))


def test_smallest_set_takes_what_gains_most() -> None:
    """An open criterion brings more than one that is partly there."""
    result = score(small(), {"data.a": "partly", "data.b": "yes"})
    assert result.overall.next == NextLevel(level=1, blocking=("data.a", "model.a"), smallest=("model.a",))
    result = score(small(), {"data.a": "partly", "data.b": "partly", "model.a": "yes"})
    assert result.overall.next == NextLevel(level=1, blocking=("data.a", "data.b"), smallest=("data.a",))


def test_smallest_set_stops_at_the_edge() -> None:
    """Just enough is enough, through a gate and through a band."""
    halves = small({"scoring.gates.threshold": 0.5, "facets": [], "sections.0.criteria.1.applies_to": []})
    assert score(halves, {}, profile=[])["data"].next == NextLevel(
        level=1, blocking=("data.a", "data.b"), smallest=("data.a",)
    )
    bands = [{"level": 0, "below": 0.5}, {"level": 1, "at_least": 0.5}]
    rubric = tree("mean", [{"id": "a", "criteria": ["x", "y", "z"]}, {"id": "b", "criteria": ["u"]}], bands=bands)
    assert score(rubric, {}).overall.next == NextLevel(level=1, blocking=("x", "y", "z", "u"), smallest=("u",))


def test_smallest_set_counts_what_comes_along_from_outside() -> None:
    """Where what is implied was not in the set, less of the set may do."""
    bands = [{"level": 0, "below": 0.75}, {"level": 1, "at_least": 0.75}]
    criteria = ["x", "y", {"id": "z", "implies": ["x", "y"]}, "u"]
    rubric = tree("mean", [{"id": "a", "criteria": criteria}], bands=bands)
    assert score(rubric, {}).overall.next == NextLevel(level=1, blocking=("x", "y", "z", "u"), smallest=("z",))
    criteria = ["x", "y", {"id": "z", "implies": ["y"]}, "u"]
    rubric = tree("mean", [{"id": "a", "criteria": criteria}], bands=bands)
    assert score(rubric, {"x": "partly"}).overall.next == NextLevel(
        level=1, blocking=("x", "y", "z", "u"), smallest=("z", "u")
    )


def test_smallest_set_leaves_out_what_comes_along() -> None:
    """A criterion that another of the set implies need not be done by itself."""
    rubric = small({"sections.0.criteria.1.implies": ["data.a"], "scoring.gates.threshold": 1})
    assert score(rubric, {"model.a": "yes"}).overall.next == NextLevel(
        level=1, blocking=("data.a", "data.b"), smallest=("data.b",)
    )


def test_way_through_a_minimum_names_only_the_parts_below() -> None:
    """Where the lowest decides, what is high enough already blocks nothing."""
    bands = [{"level": 0, "below": 0.5}, {"level": 1, "at_least": 0.5, "below": 1}, {"level": 2, "at_least": 1}]
    rubric = tree(
        "min",
        [
            {"id": "a", "criteria": ["a1", "a2"]},
            {"id": "b", "combine": "min", "criteria": ["b1", "b2"]},
            {"id": "c", "weight": 0, "criteria": ["c1"]},
        ],
        bands=bands,
    )
    answers = {"a1": "yes", "a2": "no", "b1": "partly", "b2": "no", "c1": "no"}
    assert score(rubric, answers).overall.next == NextLevel(level=1, blocking=("b2",), smallest=("b2",))
    reached = answers | {"b2": "partly"}
    assert score(rubric, reached).overall.next == NextLevel(
        level=2, blocking=("a2", "b1", "b2"), smallest=("a2", "b1", "b2")
    )


def test_way_through_a_minimum_inside_a_mean() -> None:
    """Raising one of two lowest gains nothing by itself; both together do, and the way knows."""
    bands = [{"level": 0, "below": 0.5}, {"level": 1, "at_least": 0.5}]
    rubric = tree("mean", [{"id": "a", "combine": "min", "criteria": ["x", "y"]}], bands=bands)
    assert score(rubric, {}).overall.next == NextLevel(level=1, blocking=("x", "y"), smallest=("x", "y"))


def test_way_that_cannot_be_gone_has_no_smallest_set() -> None:
    """A sum of which a part does not apply cannot reach the top: what blocks is named, no set is promised."""
    bands = [{"level": 0, "below": 2}, {"level": 1, "at_least": 2}]
    rubric = tree("sum", [{"id": "a", "combine": "sum", "criteria": ["x", "y"]}], bands=bands)
    assert score(rubric, {"y": "na"}).overall.next == NextLevel(level=1, blocking=("x",), smallest=())


def test_open_criteria_block_nothing_while_they_are_left_out() -> None:
    """Where unanswered is excluded, the way to the next level is over what was answered."""
    bands = [{"level": 0, "below": 0.5}, {"level": 1, "at_least": 0.5}]
    rubric = tree("mean", [{"id": "a", "criteria": ["x", "y", "z"]}], bands=bands, unanswered="excluded")
    result = score(rubric, {"x": "no", "y": "partly"})
    assert (result.value, result.low, result.high) == (0.25, round(0.5 / 3, 12), 0.5)
    assert result.overall.next == NextLevel(level=1, blocking=("x", "y"), smallest=("x",))
    assert score(rubric, {}).overall.next is None


def test_contradiction_of_two_answers() -> None:
    """A yes whose implied criterion has an explicit no is told, the one to act on first; partly is none."""
    assert findings(score(small(), {"data.c": "yes", "data.a": "no"}), "contradictory") == [
        ("data", ("data.a", "data.c"), None)
    ]
    assert findings(score(small(), {"data.c": "yes", "data.a": "partly"}), "contradictory") == []


def test_contradiction_of_a_tick() -> None:
    """A description of a level beside its opposite is told, also where that is only implied."""
    assert findings(score(small(), {"data.none": "yes", "data.a": "yes"}), "contradictory") == [
        ("data", ("data.none", "data.a"), None)
    ]
    assert findings(score(small(), {"data.none": "yes", "data.c": "yes"}), "contradictory") == [
        ("data", ("data.none", "data.a"), None)
    ]
    assert findings(score(small(), {"data.none": "yes", "data.a": "partly"}), "contradictory") == []


def test_tick_does_not_change_the_score() -> None:
    """Descriptors are never scored."""
    assert score(small(), {"data.none": "yes"}).overall == score(small(), {}).overall


def test_implied_yes_is_marked() -> None:
    """What counts because another says so is told with its source, and is not open."""
    result = score(small(), {"data.c": "yes"})
    assert findings(result, "implied") == [("data", ("data.a", "data.c"), None)]
    assert findings(result, "unanswered") == [
        ("data", ("data.b",), None),
        ("model", ("model.a", "model.b"), None),
    ]
    assert result["data"].answered == 2


def test_out_of_order_is_told() -> None:
    """A higher level complete and a lower one not is a finding of the dimension and of the whole."""
    result = score(small(), ALL_YES | {"model.a": "no", "data.a": "no", "data.b": "no"})
    assert findings(result, "out_of_order") == [
        ("overall", (), 2),
        ("overall", (), 3),
        ("data", (), 2),
        ("model", (), 3),
    ]


def test_reason_missing_is_told() -> None:
    """Not applicable without a reason is open, and said to be; what the profile rules out needs none."""
    answers: dict[str, Answer | str] = {
        "data.a": Answer(value="na"),
        "data.b": Answer(value="na", reason=" "),
        "model.a": "na",
    }
    result = score(small(), answers, profile=["batch"])
    assert findings(result, "reason_missing") == [("data", ("data.a",), None)]
    assert result.state["data.a"] == "open"


def test_value_in_no_band_is_told() -> None:
    """A value between bands has no level, for the whole under a sum as well."""
    bands = [{"level": 0, "at_most": 0}, {"level": 1, "at_least": 1}]
    rubric = tree("sum", [{"id": "a", "criteria": ["x"]}], bands=bands)
    result = score(rubric, {"x": "partly"})
    assert result.level is None
    assert findings(result, "unassigned") == [("overall", (), None)]
    assert result.overall.next == NextLevel(level=1, blocking=("x",), smallest=("x",))


def test_finding_is_plain_data() -> None:
    """A finding has no words: they belong to whoever shows it."""
    assert score(small(), {}).found("unanswered")[1] == Finding(
        kind="unanswered", section="model", criteria=("model.a", "model.b")
    )


def test_completion_counts_what_is_met() -> None:
    """Each level above the lowest says how much of it is met, and would be with every open criterion met."""
    partly = score(small(), {"data.a": "yes", "data.b": "partly"})["data"]
    first, second, third = partly.completion
    assert (first.level, first.met, first.met_high, first.of, first.needed) == (1, 1.5, 1.5, 2, 0.8)
    assert (first.share, first.share_high, first.holds) == (0.75, 0.75, False)
    assert (second.met, second.met_high, second.of, second.holds) == (0, 1, 1, False)
    assert (third.share, third.share_high, third.holds) == (None, None, False)


@pytest.mark.parametrize(
    ("answers", "which", "position"),
    [
        ({}, "value", 0),
        ({"data.a": "yes"}, "value", 0.625),
        ({"data.a": "yes", "data.b": "yes"}, "value", 1),
        ({"data.a": "yes", "data.b": "yes", "data.c": "partly"}, "value", 1.625),
        ({"data.a": "yes", "data.b": "yes", "data.c": "yes"}, "value", 2),
        ({"data.a": "yes"}, "high", 2),
        ({"data.b": "no"}, "high", 0.625),
        ({"data.b": "no"}, "low", 0),
    ],
)
def test_position_grows_to_the_next_level_and_is_it_only_when_reached(
    answers: dict[str, str],
    which: Literal["value", "low", "high"],
    position: float,
) -> None:
    """Half of what level 1 needs is 0.5; the number is whole just when the level is reached."""
    assert score(small(), answers)["data"].position(which) == position


def test_position_is_the_value_where_bands_decide() -> None:
    """Without gates the axis is that of the value."""
    result = score(load_rubric("mlops-questionnaire"), {"people.collaboration": "3"})
    part = result["people"]
    assert [part.position(which) for which in ("value", "low", "high")] == [3, 1, round(11 / 3, 12)]


def test_share_is_a_part_of_the_range() -> None:
    """A value of 2 from 0 to 4 is one half."""
    rubric = load_rubric("mlops-questionnaire")
    assert score(rubric, dict.fromkeys(rubric.criteria, "2")).overall.share == 0.5


def test_repr_is_the_same_on_every_machine() -> None:
    """A score says level, value and what is open."""
    assert repr(score(small(), {"data.a": "yes"})) == "<Score small: level 0, 0.166667, 1 of 5 answered>"


def test_html_shows_the_whole_and_its_dimensions() -> None:
    """In a notebook a score is a small table, with nothing of the rubric taken as markup."""
    rubric = small({"title": "Ours <b>& theirs</b>"})
    html = score(rubric, {"data.a": "yes", "model.a": "na", "model.b": "na"})._repr_html_()
    rows = [
        f"<tr><th scope='row' style='text-align:left'>{title}</th>"
        f"<td>{level}</td><td>{value}</td><td>{answered}</td></tr>"
        for title, level, value, answered in (
            ("Ours &lt;b&gt;&amp; theirs&lt;/b&gt;", 0, "0.33 (0.33 to 1.00)", "1 / 3"),
            ("Data", 0, "0.33 (0.33 to 1.00)", "1 / 3"),
            ("Model", "\N{EN DASH}", "\N{EN DASH}", "0 / 0"),
        )
    ]
    assert html == (
        "<table><caption style='text-align:left'>Ours &lt;b&gt;&amp; theirs&lt;/b&gt; 1.0</caption>"
        "<thead><tr><td></td><th scope='col'>Level</th><th scope='col'>Score</th><th scope='col'>Answered</th></tr>"
        f"</thead><tbody>{''.join(rows)}</tbody></table>"
    )


def test_plain_data_of_a_score_is_json() -> None:
    """Other tools get everything as plain data."""
    result = score(small(), {"data.a": "yes"})
    plain = json.loads(json.dumps(result.to_dict()))
    assert plain["rubric"] == {"id": "small", "version": "1.0", "hash": small().content_hash}
    assert plain["overall"]["value"] == result.value
    assert plain["overall"]["next"] == {
        "level": 1, "blocking": ["data.b", "model.a"], "smallest": ["data.b", "model.a"],
    }  # fmt: skip
    assert [section["id"] for section in plain["sections"]] == ["data", "model"]
    assert plain["sections"][0]["completion"][0] == {"level": 1, "met": 1, "met_high": 2, "of": 2, "needed": 0.8}
    assert plain["findings"][0] == {
        "kind": "blocking", "section": "overall", "level": 1, "criteria": ["data.b", "model.a"],
    }  # fmt: skip


def test_sections_of_weight_0_say_that_they_do_not_count() -> None:
    """A chart can tell what is scored on its own."""
    result = score(load_rubric("mlops-milestone"), {})
    assert [part.id for part in result.dimensions if not part.counted] == ["understanding"]


def test_unknown_keyword_is_a_type_error() -> None:
    """A misspelt keyword does not pass in silence."""
    with pytest.raises(TypeError, match="unexpected keyword argument 'profil'"):
        score(small(), {}, profil=["batch"])  # type: ignore[call-arg]
