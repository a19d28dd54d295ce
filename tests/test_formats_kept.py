"""What a table cannot show is kept beside it, read as critically as anything, and wins over nothing people see."""

from __future__ import annotations

import json

import pytest

from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.kept import Exact, Kept, rubric_named
from mlops_widgets.library import rubric_ids

GOOD = {"format": 1, "id": "demo", "rubric": {"id": "mlops-levels", "version": "1.0"}}


def test_what_is_shown_exactly_is_not_kept() -> None:
    """Only a text that a cell shows otherwise is kept."""
    exact = Exact()
    assert [exact.text("a", "plain"), exact.text("b", "a\rb"), exact.text("c", " x")] == ["plain", "a\nb", " x"]
    assert exact.links("d", ["one", "two\nlines"]) == "one\ntwo\nlines"
    assert exact.pairs == {"b": ["a\nb", "a\rb"], "c": [" x", " x"], "d": ["one\ntwo\nlines", ["one", "two\nlines"]]}


def test_what_was_changed_stands_for_itself() -> None:
    """Where a cell shows something else than was written, what was kept of it is passed over."""
    kept = Kept.read(json.dumps({**GOOD, "exact": {"subject": ["a\nb", "a\rb"]}}))
    assert kept is not None
    assert kept.real("subject", "a\nb ") == "a\rb"
    assert kept.real("subject", "ab") is None
    assert kept.real("assessor", "ab") is None


@pytest.mark.parametrize(
    "plain",
    [
        [],
        {},
        {**GOOD, "format": 2},
        {**GOOD, "id": "../x"},
        {**GOOD, "mood": 1},
        {**GOOD, "exact": []},
        {**GOOD, "answers": {"a": {"mood": 1}}},
        {**GOOD, "plan": {"items": {"item1": {"title": ""}}}},
        {**GOOD, "targets": {"data": "high"}},
    ],
    ids=range(9),
)
def test_damaged(plain: object) -> None:
    """What is no part of an assessment is not taken."""
    assert Kept.read(json.dumps(plain)) is None


@pytest.mark.parametrize("pair", [["a"], ["a", 3], ["a", [3]], "aa", {"a": 1}, ["a", ["b"]]])
def test_strange_pairs(pair: object) -> None:
    """A pair that is none, or holds what no cell can stand for, is passed over."""
    kept = Kept.read(json.dumps({**GOOD, "exact": {"subject": pair}}))
    assert kept is not None
    assert kept.real("subject", "a") is None


def test_a_file_names_no_path() -> None:
    """The rubric a file asks for is one that ships; a path in its place is never opened."""
    kept = Kept.read(json.dumps({**GOOD, "rubric": {"id": "../evil.yaml", "version": "1.0"}}))
    assert kept is not None
    with pytest.raises(ToolkitError) as caught:
        rubric_named(kept, [], "a.xlsx")
    assert str(caught.value) == (
        f"a.xlsx: answers the rubric '../evil.yaml', which does not ship; give it, or one of: {', '.join(rubric_ids())}"
    )
