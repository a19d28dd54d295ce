"""What answers are called, and every way to write them."""

from __future__ import annotations

from typing import Any

from mlops_widgets.formats.wording import answer_keys, answers_shown
from mlops_widgets.library import words
from mlops_widgets.rubric import Scale

WORDS = words("workbook")


def scale(*options: tuple[str, str]) -> Scale:
    """A scale of ids and labels."""
    plain: list[Any] = [{"id": name, "label": label, "value": value} for value, (name, label) in enumerate(options)]
    return Scale(options=plain)


def test_two_answers_never_look_alike() -> None:
    """Labels that are the same but for their case, or that of not applicable, are told apart by their ids."""
    shown = answers_shown(scale(("a", "Some"), ("b", " some "), ("c", "Not  applicable")), WORDS)
    assert shown == {"a": "Some", "b": "some (b)", "c": "Not applicable (c)", "na": "Not applicable"}


def test_labels_come_before_ids() -> None:
    """What is chosen from the list counts, though another answer's id is the same word."""
    keys = answer_keys(scale(("low", "High"), ("high", "Low"), ("top", "2.0")), WORDS)
    assert (keys["low"], keys["high"], keys["2.0"], keys["2"]) == ("high", "low", "top", "top")
    assert (keys["na"], keys["n/a"], keys["not applicable"]) == ("na", "na", "na")
