"""Ids of ours in a lens and back, and the line that says whose lens it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_widgets.formats.aws_lens_names import NamedLens, decoded, encoded, lens_of, mark
from mlops_widgets.library import load_rubric, rubric_ids

IDS = st.from_regex(r"[A-Za-z0-9]([._-]?[A-Za-z0-9]){0,30}", fullmatch=True).filter(
    lambda name: not re.search(r"(?:^|[._-])u(?:[._-]|$)|^id[._-]", name)
)
"""What cannot be told apart (`a_u_b`, `id_a`) is told by the writer."""


@given(IDS)
def test_ids_come_back(name: str) -> None:
    """Letters and digits with a dot, hyphen or underscore between them, as ids of ours are."""
    assert decoded(encoded(name)) == name


@pytest.mark.parametrize("name", rubric_ids())
def test_ids_of_the_shipped_rubrics_come_back(name: str) -> None:
    """Each of them."""
    rubric = load_rubric(name)
    ids = [*rubric.criteria, *(section.id for section in rubric.walk())]
    assert [decoded(encoded(own)) for own in ids] == ids


def test_what_ends_in_no_is_no_none_of_these() -> None:
    """The tool takes a choice whose id ends in _no for the one that says none of the others."""
    assert encoded("rollback-no") == "rollback_no_"
    assert decoded("rollback_no_") == "rollback-no"


def test_whose_lens_it_is() -> None:
    """The last line says it; a lens of others has no such line."""
    assert lens_of(f"A rubric.\n\n{mark('team.x', '1.0.2')}\n") == NamedLens(
        rubric="team.x", version="1.0.2", description="A rubric."
    )
    assert lens_of("Rubric: x 1.0 and more").rubric == ""
    assert lens_of("").description == ""


def test_what_a_question_stands_for() -> None:
    """A level and a part are taken off the id, and off the title."""
    lens = NamedLens(rubric="x", version="1.0")
    assert lens.section("data_level_2", "Data, level 2: Two, level 2") == ("data", "Data, level 2: Two", "")
    assert lens.section("data_part_2", "Data, part 2") == ("data", "Data", "")
    assert lens.section("data", "Data, part 2") == ("data", "Data, part 2", "")
    assert lens.section("ask_open", "What?") == ("ask", "What?", "open")
    assert lens.section("", "Data") == ("", "Data", "")
