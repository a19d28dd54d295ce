"""The vectorised engine: what it takes, what it refuses, and the corners of its rules."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_rubric import small, tree

from mlops_widgets.assessment import Answer, Assessment
from mlops_widgets.engine import CODE_NOT_APPLICABLE, CODE_OPEN, codes_of, engine, score_many
from mlops_widgets.library import load_rubric
from mlops_widgets.rubric import Rubric

NA = CODE_NOT_APPLICABLE
OPEN = CODE_OPEN


def row(*codes: int) -> np.ndarray:
    """A matrix of one assessment."""
    return np.array([codes], dtype=np.int8)


def whole(rubric: Rubric, *codes: int) -> float:
    """Value of the whole for one row of answers."""
    return float(score_many(rubric, row(*codes)).value[0, 0])


def test_columns_are_the_whole_and_then_every_section_as_it_is_read() -> None:
    """The shapes are those the docstring names."""
    rubric = tree(
        "mean", [{"id": "a", "sections": [{"id": "a1", "criteria": ["x", "y"]}]}, {"id": "b", "criteria": ["z"]}]
    )
    scores = score_many(rubric, np.array([[2, 0, 1], [OPEN, OPEN, NA]], dtype=np.int8))
    assert scores.value.tolist()[0] == [0.5, 0.5, 0.5, 0.5]
    np.testing.assert_array_equal(scores.value[1], [0, 0, 0, np.nan])
    assert scores.applicable.tolist() == [[3, 2, 2, 1], [2, 2, 2, 0]]
    assert scores.answered.tolist() == [[3, 2, 2, 1], [0, 0, 0, 0]]
    assert scores.level.shape == scores.level_low.shape == scores.level_high.shape == (2, 3)
    assert scores.met.shape == scores.met_high.shape == scores.of.shape == (2, 3, 4)


def test_no_rows_give_no_scores() -> None:
    """A matrix without rows is no fault."""
    scores = score_many(small(), np.empty((0, 5), dtype=np.int8))
    assert scores.value.shape == (0, 3)
    assert scores.level.shape == (0, 3)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.zeros((2, 4), np.int8), "the matrix has shape (2, 4), this rubric needs (n, 5)"),
        (np.zeros(5, np.int8), "the matrix has shape (5,), this rubric needs (n, 5)"),
        (np.zeros((1, 1, 5), np.int8), "the matrix has shape (1, 1, 5), this rubric needs (n, 5)"),
        (np.zeros((1, 5)), "the matrix holds float64, not whole numbers"),
        (np.zeros((1, 5), bool), "the matrix holds bool, not whole numbers"),
        (np.array([[0, 0, 0, 0, 0], [0, 0, 3, 0, 0]]),
         "row 1, data.c: 3 is no option; give 0 to 2, -1 for open or -2 for not applicable"),
        (np.array([[0, 0, 0, -3, 0]]),
         "row 0, model.a: -3 is no option; give 0 to 2, -1 for open or -2 for not applicable"),
        (np.array([[0, 0, 0, 0, 258]]),
         "row 0, model.b: 258 is no option; give 0 to 2, -1 for open or -2 for not applicable"),
    ],
)  # fmt: skip
def test_matrix_that_does_not_fit_is_refused(matrix: np.ndarray, message: str) -> None:
    """Wrong shapes, kinds and numbers are told with row and criterion."""
    with pytest.raises(ValueError, match=r"matrix|option") as error:
        score_many(small(), matrix)
    assert str(error.value) == message


def test_matrix_is_left_as_it_was() -> None:
    """Implied and ruled out answers are filled into a copy."""
    matrix = row(OPEN, 0, 2, OPEN, OPEN)
    score_many(small(), matrix, profile=["batch"])
    assert matrix.tolist() == [[OPEN, 0, 2, OPEN, OPEN]]


def test_chunks_do_not_show() -> None:
    """More rows than are scored at a time give the same numbers as each alone, in the same order."""
    rubric = small()
    generator = np.random.default_rng(7)
    matrix = generator.integers(-2, 3, (70_001, 5), dtype=np.int8)
    scores = score_many(rubric, matrix)
    for at in (0, 4095, 4096, 65_535, 65_536, 70_000):
        alone = score_many(rubric, matrix[at : at + 1])
        np.testing.assert_array_equal(scores.value[at], alone.value[0])
        np.testing.assert_array_equal(scores.level_high[at], alone.level_high[0])


def test_minimum_all_the_way_needs_no_sums() -> None:
    """A rubric of nothing but minima has no sum to compute, for one row or for many."""
    rubric = tree("min", [{"id": "a", "combine": "min", "criteria": ["x", "y"]}])
    matrix = np.full((5000, 2), 2, np.int8)
    matrix[4999, 1] = 1
    assert score_many(rubric, matrix).value[[0, 4999], 0].tolist() == [1, 0.5]


def test_engine_is_made_once_for_each_content() -> None:
    """Two rubrics of the same content share their compiled form; another does not."""
    assert engine(small()) is engine(small())
    assert engine(small()) is not engine(small({"version": "1.1"}))


def test_codes_of_answers() -> None:
    """Answers become positions of options; what is unknown, open or without a reason stays open."""
    answers: dict[str, Answer | str] = {
        "data.a": "yes",
        "data.b": Answer(value="partly"),
        "data.c": Answer(value="na"),
        "model.a": Answer(value="na", reason="No model of our own."),
        "data.none": "yes",
        "gone": "maybe",
    }
    assert codes_of(small(), answers).tolist() == [2, 1, OPEN, NA, OPEN]
    assert codes_of(small(), {"model.a": "na", "model.b": Answer(note="Ask Kim.")}).tolist() == [
        OPEN, OPEN, OPEN, NA, OPEN,
    ]  # fmt: skip


def test_codes_of_an_assessment() -> None:
    """An assessment is as good as its answers."""
    assessment = Assessment.from_dict(
        {
            "id": "demo",
            "rubric": {"id": "small", "version": "1.0"},
            "subject": "S",
            "date": "2026-11-20",
            "answers": {"data.a": "no"},
        }
    )
    assert codes_of(small(), assessment).tolist() == [0, OPEN, OPEN, OPEN, OPEN]


def test_answer_that_is_no_option_is_refused() -> None:
    """An unknown answer is told with those there are."""
    with pytest.raises(ValueError, match="is not one of") as error:
        codes_of(small(), {"data.a": "maybe"})
    assert str(error.value) == "data.a: 'maybe' is not one of no, partly, yes, na"


# Combining


def test_weight_0_is_scored_on_its_own_and_counts_nowhere_above() -> None:
    """A part of weight 0 has a value, and no kind of combination sees it: not the minimum either."""
    for combine in ("mean", "pooled_mean", "sum", "min"):
        aside = {"id": "b", "weight": 0, "criteria": ["y"]}
        scores = score_many(tree(combine, [{"id": "a", "criteria": ["x"]}, aside]), row(2, 0))
        assert scores.value[0].tolist() == [1, 1, 0]
        criteria = [{"id": "x"}, {"id": "y", "weight": 0}]
        within = tree("mean", [{"id": "a", "combine": combine, "criteria": criteria}])
        assert whole(within, 2, 0) == 1
        assert whole(within, 0, 2) == 0


def test_pooled_mean_counts_criteria_whatever_the_nesting() -> None:
    """Three criteria in one section and one in another count the same each; weight 0 is left out."""
    rubric = tree(
        "pooled_mean",
        [
            {"id": "a", "sections": [{"id": "a1", "criteria": ["x", "y"]}, {"id": "a2", "criteria": ["z"]}]},
            {"id": "b", "criteria": ["u"]},
            {"id": "c", "weight": 0, "criteria": ["v"]},
        ],
    )
    assert whole(rubric, 2, 2, 2, 0, 0) == 0.75
    assert whole(rubric, 2, NA, 2, 0, 0) == round(2 / 3, 12)


def test_minimum_drops_what_does_not_apply() -> None:
    """The lowest of what applies decides; where nothing does, there is no value."""
    rubric = tree("min", [{"id": "a", "combine": "min", "criteria": ["x", "y"]}, {"id": "b", "criteria": ["z"]}])
    assert whole(rubric, NA, 1, 2) == 0.5
    assert whole(rubric, NA, NA, 2) == 1
    assert np.isnan(whole(rubric, NA, NA, NA))
    scores = score_many(rubric, row(OPEN, 2, 1))
    assert [scores.value[0, 0], scores.low[0, 0], scores.high[0, 0]] == [0, 0, 0.5]


def test_sum_of_nothing_is_no_zero() -> None:
    """A sum in which nothing applies has no value, like every other section."""
    rubric = tree("sum", [{"id": "a", "combine": "sum", "criteria": ["x", "y"]}, {"id": "b", "criteria": ["z"]}])
    assert whole(rubric, 2, 1, 2) == 2.5
    assert whole(rubric, NA, NA, 1) == 0.5
    assert np.isnan(whole(rubric, NA, NA, NA))


def test_weights_renormalise_where_a_section_does_not_apply() -> None:
    """The weights of the rest make up for a section that drops out."""
    rubric = tree(
        "weighted_mean",
        [
            {"id": "a", "weight": 0.3, "criteria": ["x"]},
            {"id": "b", "weight": 0.2, "criteria": ["y"]},
            {"id": "c", "weight": 0.5, "criteria": ["z"]},
        ],
    )
    assert whole(rubric, 2, 0, 0) == 0.3
    assert whole(rubric, 2, 0, NA) == 0.6


def test_float_noise_is_cut() -> None:
    """Tenths add up to what they are on paper: 0.1 + 0.2 is 0.3, on the edge of its band."""
    sections = [{"id": name, "weight": weight, "criteria": [name * 2]} for name, weight in
                (("a", 0.1), ("b", 0.2), ("c", 0.7))]  # fmt: skip
    bands = [{"level": 0, "below": 0.3}, {"level": 1, "at_least": 0.3}]
    scores = score_many(tree("weighted_mean", sections, bands=bands), row(2, 2, 0))
    assert scores.value[0, 0] == 0.3
    assert scores.level[0, 0] == 1


def test_next_float_below_an_edge_is_below_it() -> None:
    """Values are told apart down to a billionth: a hair below an edge is not on it."""
    options = [{"id": str(n), "label": str(n), "value": value} for n, value in enumerate((0, 0.499999999, 0.5, 1))]
    bands = [{"level": 0, "below": 0.5}, {"level": 1, "at_least": 0.5}]
    rubric = tree("mean", [{"id": "a", "criteria": ["x"]}], bands=bands)
    fine = Rubric.from_dict(rubric.to_dict() | {"scales": {"answer": {"options": options}}})
    assert score_many(fine, np.array([[1], [2]], np.int8)).level[:, 0].tolist() == [0, 1]


# Levels


def gated(threshold: float, count: int) -> Rubric:
    """A rubric of one section with as many criteria of level 1, and one of level 3."""
    criteria = [{"id": f"c{number}", "text": "C.", "level": 1} for number in range(count)]
    criteria.append({"id": "top", "text": "T.", "level": 3})
    return small(
        {
            "scoring": {"gates": {"threshold": threshold}},
            "sections": [{"id": "a", "title": "A", "criteria": criteria}],
        }
    )


@pytest.mark.parametrize(
    ("threshold", "count", "enough"),
    [(0.8, 5, 4), (0.8, 10, 8), (0.7, 10, 7), (0.6, 5, 3), (0.55, 20, 11), (0.35, 20, 7), (0.07, 100, 7), (1, 3, 3)],
)
def test_gate_is_exact_at_its_edge(threshold: float, count: int, enough: int) -> None:
    """Just enough is enough, though the threshold as a float times the number of criteria may be more."""
    matrix = np.zeros((2, count + 1), np.int8)
    matrix[0, :enough] = 2
    matrix[1, : enough - 1] = 2
    matrix[1, enough - 1] = 1
    assert score_many(gated(threshold, count), matrix).level[:, 0].tolist() == [1, 0]


def test_gate_with_fine_threshold_and_many_criteria_is_exact() -> None:
    """3,334 of 10,000 are enough for a threshold of 0.3334, half a criterion less is not."""
    matrix = np.zeros((2, 10_001), np.int8)
    matrix[0, :3334] = 2
    matrix[1, :3333] = 2
    matrix[1, 3333] = 1
    assert score_many(gated(0.3334, 10_000), matrix).level[:, 0].tolist() == [1, 0]


def test_three_thirds_are_one() -> None:
    """Credits that no float holds exactly still add up: 1/3 and 2/3 of two criteria are half of them."""
    options = [{"id": str(n), "label": str(n), "value": n} for n in range(4)]
    rubric = Rubric.from_dict(gated(0.5, 2).to_dict() | {"scales": {"answer": {"options": options}}})
    scores = score_many(rubric, np.array([[1, 2, 0], [1, 1, 0]], np.int8))
    assert scores.level[:, 0].tolist() == [1, 0]
    assert scores.met[:, 0, 1].tolist() == [1, 2 / 3]


def test_levels_are_staged_and_empty_ones_only_lead_on() -> None:
    """Level 3 counts only with level 1; level 2, empty, neither stops nor is reached."""
    rubric = gated(0.8, 1)
    matrix = np.array([[2, 2], [2, 0], [0, 2], [NA, 2], [2, NA], [NA, NA]], np.int8)
    assert score_many(rubric, matrix).level[:, 0].tolist() == [3, 1, 0, 3, 1, -1]


def test_lowest_level_asks_for_nothing() -> None:
    """Levels may begin at 1: the lowest is where everyone starts."""
    rubric = gated(0.8, 1).to_dict()
    rubric["levels"] = rubric["levels"][1:]
    rubric["sections"][0]["criteria"][0]["level"] = 2
    assert score_many(Rubric.from_dict(rubric), row(0, 0)).level.tolist() == [[1, 1]]


def test_gates_ask_whatever_the_weight() -> None:
    """A section of weight 0 stays out of the value and still counts for its level."""
    rubric = small({"sections.1.weight": 0})
    scores = score_many(rubric, row(2, 2, 2, 0, 0))
    assert scores.value[0, 0] == 1
    assert scores.level[0].tolist() == [0, 2, 0]


def test_bands_include_the_edges_they_name() -> None:
    """An edge belongs to the band that says so, and a value in none has no level."""
    bands = [
        {"level": 0, "at_least": 0, "at_most": 0},
        {"level": 1, "above": 0, "below": 0.5},
        {"level": 2, "above": 0.5, "at_most": 1},
    ]
    rubric = tree("mean", [{"id": "a", "criteria": ["x", "y"]}], bands=bands)
    matrix = np.array([[0, 0], [0, 1], [1, 1], [2, 1], [2, 2], [NA, NA]], np.int8)
    assert score_many(rubric, matrix).level[:, 0].tolist() == [0, 1, -1, 2, 2, -1]


def test_dimension_of_a_sum_has_no_level() -> None:
    """The bands of a sum are made for the sum: its parts are on another scale."""
    bands = [{"level": 0, "below": 1}, {"level": 1, "at_least": 1}]
    rubric = tree("sum", [{"id": "a", "criteria": ["x"]}, {"id": "b", "criteria": ["y"]}], bands=bands)
    assert score_many(rubric, row(2, 0)).level.tolist() == [[1, -1, -1]]


# Implication and profile


def test_implication_goes_on() -> None:
    """What is implied implies what it implies; an answer of one's own stands."""
    criteria = [{"id": "x"}, {"id": "y", "implies": ["x"]}, {"id": "z", "implies": ["y"]}]
    compiled = engine(tree("mean", [{"id": "a", "criteria": criteria}]))
    given = np.array([[OPEN, OPEN, 2], [OPEN, 0, 2], [OPEN, OPEN, 1], [NA, OPEN, 2], [0, NA, 2]], np.int8)
    assert compiled.effective(given).tolist() == [[2, 2, 2], [2, 0, 2], [OPEN, OPEN, 1], [NA, 2, 2], [0, NA, 2]]


def test_criterion_ruled_out_by_the_profile_implies_nothing() -> None:
    """An answer that does not count brings nothing along."""
    criteria: list[dict[str, Any]] = [{"id": "x"}, {"id": "y", "implies": ["x"], "applies_to": ["real-time"]}]
    rubric = small({"scoring": {}, "sections": [
        {"id": "a", "title": "A", "criteria": [{"text": "T.", **item} for item in criteria]}]})  # fmt: skip
    compiled = engine(rubric)
    assert compiled.effective(row(OPEN, 2), profile=["batch"]).tolist() == [[OPEN, NA]]
    assert compiled.effective(row(OPEN, 2), profile=["real-time"]).tolist() == [[2, 2]]


@pytest.mark.parametrize(
    ("profile", "left_out"), [((), False), (("real-time",), False), (("batch",), True), (("batch", "real-time"), False)]
)
def test_profile_rules_out_what_is_for_others(profile: tuple[str, ...], left_out: bool) -> None:  # noqa: FBT001 - a case
    """A criterion for live use is left out of a profile of batches alone; an empty profile leaves nothing out."""
    assert engine(small()).outside(profile).tolist() == [False, left_out, False, False, False]


def test_range_is_what_a_node_can_reach() -> None:
    """Lowest and highest value of each node, with everything applicable."""
    rubric = tree("sum", [{"id": "a", "combine": "sum", "criteria": ["x", "y"]}, {"id": "b", "criteria": ["z"]}])
    lowest, highest = engine(rubric).range
    assert lowest.tolist() == [0, 0, 0]
    assert highest.tolist() == [3, 2, 1]


def test_every_packaged_rubric_scores_all_lowest_and_all_highest() -> None:
    """At the bottom of every rubric is its lowest level, at the top its highest."""
    for name in ("mlops-checklist", "mlops-levels", "mlops-questionnaire", "mlops-milestone", "ml-test-score"):
        compiled = engine(load_rubric(name))
        scores = compiled.score(np.stack([np.zeros_like(compiled.top), compiled.top]))
        assert scores.level[:, 0].tolist() == [compiled.levels[0], compiled.levels[-1]]
