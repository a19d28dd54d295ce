"""A rubric as arrays: its tree, what answers are worth, who is left out; what is computed is the engine's."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from small_rubric import small, tree

from mlops_widgets.library import load_rubric, rubric_ids
from mlops_widgets.rubric_arrays import CODE_NOT_APPLICABLE, CODE_OPEN, RubricArrays


def test_the_tree_is_read_from_the_top() -> None:
    """Parents stand before children; each node knows what is directly and what is anywhere below it."""
    inner = [{"id": "a1", "criteria": ["x", "y"], "weight": 0}, {"id": "a2", "criteria": ["z"]}]
    arrays = RubricArrays(tree("mean", [{"id": "a", "sections": inner}, {"id": "b", "criteria": ["u"]}]))
    assert [node.section.id if node.section else None for node in arrays.nodes] == [None, "a", "a1", "a2", "b"]
    assert [node.children for node in arrays.nodes] == [(1, 4), (2, 3), (), (), ()]
    assert [node.columns for node in arrays.nodes] == [(), (), (0, 1), (2,), (3,)]
    assert [node.everywhere for node in arrays.nodes] == [(0, 1, 2, 3), (0, 1, 2), (0, 1), (2,), (3,)]
    assert [node.counted for node in arrays.nodes] == [(2, 3), (2,), (0, 1), (2,), (3,)]
    assert arrays.heads == (0, 1, 4)


def test_what_answers_are_worth() -> None:
    """An open answer is worth the lowest and gives no credit; one that meets its criterion gives all of it."""
    arrays = RubricArrays(small())
    assert [arrays.worth(0, code) for code in (CODE_OPEN, 0, 1, 2)] == [0, 0, 0.5, 1]
    credits_ = [arrays.credit(0, code) for code in (CODE_NOT_APPLICABLE, CODE_OPEN, 0, 1, 2)]
    assert credits_ == [0, 0, 0, Fraction(1, 2), 1]


def test_implications_of_implications() -> None:
    """What a criterion implies by way of another it implies too, once, and a circle ends."""
    rubric = small({"sections.0.criteria.0.implies": ["data.b"], "sections.0.criteria.1.implies": ["model.a"]})
    arrays = RubricArrays(rubric)
    pairs = {(arrays.ids[source], arrays.ids[target]) for source, target in arrays.implications}
    assert ("data.c", "model.a") in pairs
    assert len(pairs) == len(arrays.implications)


def test_a_profile_leaves_out_what_is_for_others() -> None:
    """A criterion for one use does not apply to another; without a profile everything does."""
    arrays = RubricArrays(small())
    assert [arrays.ids[column] for column in np.flatnonzero(arrays.outside(["batch"]))] == ["data.b"]
    assert not arrays.outside(()).any()
    assert not arrays.outside(["real-time"]).any()


@pytest.mark.parametrize("name", rubric_ids())
def test_every_rubric_we_ship_is_exact_in_32_bits(name: str) -> None:
    """Their sums are whole and small: twice as fast, and nothing is lost."""
    arrays = RubricArrays(load_rubric(name))
    assert {product.dtype for product in arrays._products.values()} == {np.dtype(np.float32)}
