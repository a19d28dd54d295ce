"""Days as people write them."""

from __future__ import annotations

import pytest

from mlops_widgets.formats.days import day_in


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-04", "2026-03-04"),
        ("2026/3/4", "2026-03-04"),
        (" 2026.03.04 10:12", "2026-03-04"),
        ("04. 03. 2026", "2026-03-04"),
        ("4. März 2026", "2026-03-04"),
        ("4 mars 2026", "2026-03-04"),
        ("4 de marzo de 2026", "2026-03-04"),
        ("March 4th, 2026", "2026-03-04"),
        ("Sept. 4, 2026", "2026-09-04"),
        ("2026 年 3 月 4 日", "2026-03-04"),
        ("2026-02-30", None),
        ("2026-03.04", None),
        ("4 brumaire 2026", None),
        ("03/04/2026", None),
        ("end of March", None),
        ("", None),
    ],
)
def test_day_in(text: str, day: str | None) -> None:
    """A day is read where there is one way to read it, and never made up."""
    assert day_in(text) == day
