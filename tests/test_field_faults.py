"""A fault of one field in a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from mlops_widgets.field_faults import problem_of


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"type": "missing", "loc": ("title",), "msg": "Field required"}, "title: is missing"),
        ({"type": "int_type", "loc": ("levels", 0, "level"), "msg": "Input", "input": None},
         "levels[0].level: should be a whole number, not nothing"),
        ({"type": "string_type", "loc": ("title",), "msg": "Input", "input": 5},
         "title: should be text, not 5; put it in quotes"),
        ({"type": "greater_than", "loc": ("effort",), "msg": "Input should be greater than 0", "input": -1},
         "effort: input should be greater than 0, not -1"),
    ],
)  # fmt: skip
def test_fault_is_said_in_a_sentence(fault: dict[str, Any], expected: str) -> None:
    """Where, what, and what to do, whatever kind of field it is."""
    assert str(problem_of(fault)) == expected
