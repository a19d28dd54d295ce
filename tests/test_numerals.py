"""Numbers as people read them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mlops_widgets.numerals import number, percent


@given(st.integers(0, 4000), st.integers(1, 40))
def test_never_rounded_up_to_an_edge(thousandths: int, tenths: int) -> None:
    """Whatever is below an edge is shown below it, and what reaches it is shown as having reached it."""
    value, edge = thousandths / 1000, tenths / 10
    shown = float(number(value, edges=[edge]))
    assert (shown >= edge) == (value >= edge)


def test_a_hundred_percent_is_all() -> None:
    """99.9 % is not shown as 100."""
    assert (percent(0.999), percent(1.0), percent(0.0)) == ("99", "100", "0")


def test_no_machine_writes_it_otherwise() -> None:
    """Decimals have a dot, and whole numbers none."""
    assert (number(1234.5), number(3.0), number(0.1 + 0.2)) == ("1234.5", "3", "0.3")


def test_what_has_no_decimals() -> None:
    """A number beyond what has decimals is written all the same, and so is infinity."""
    assert (number(float("inf")), number(-1e308), number(float("nan"))) == ("inf", "-1e+308", "nan")
