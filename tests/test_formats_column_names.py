"""What columns are called."""

from __future__ import annotations

import pytest

from mlops_widgets.formats.column_names import role_in


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Statement", "statement"),
        ("  Kriterium: ", "statement"),
        ("Réponse", "answer"),
        ("Score (0-3)", "answer"),
        ("Comment 2", "note"),
        ("Target", "other"),
        ("Votes", ""),
        ("", ""),
    ],
)
def test_role_in(name: str, role: str) -> None:
    """A name is known in any spelling, with numbers and brackets in it."""
    assert role_in(name) == role


def test_names_of_our_own() -> None:
    """What our own files call a column comes first."""
    assert role_in("Value", {"value": "other"}) == "other"
