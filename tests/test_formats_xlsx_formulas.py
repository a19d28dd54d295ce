"""The score a workbook computes is the engine's: for every rubric that ships, and for rubrics made up at random."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from property.test_scoring_properties import answer, answered, profiles, rubrics
from recalculated import Recalculated, assessment_of
from small_rubric import small

from mlops_widgets.assessment import Answer, allowed_values
from mlops_widgets.formats.xlsx_formulas import cell, quoted
from mlops_widgets.library import load_rubric, rubric_ids

if TYPE_CHECKING:
    from mlops_widgets.rubric import Rubric

GOLDEN = Path(__file__).parent / "golden" / "rubrics"
RUBRICS = [*rubric_ids(), *(str(path) for path in sorted(GOLDEN.glob("*.yaml")))]


def chosen(rubric: Rubric, share: float, seed: int) -> tuple[dict[str, Answer], tuple[str, ...]]:
    """Answer a share of the criteria, some as not applicable with a reason and some without, for some uses."""
    chance = random.Random(seed)  # noqa: S311 - answers of a test
    answers = {
        name: Answer(value=chance.choice(allowed_values(rubric, name)), reason=chance.choice(["", "one team"]))
        for name in rubric.criteria
        if chance.random() < share
    }
    options = [option.id for facet in rubric.facets for option in facet.options]
    return answers, tuple(name for name in options if chance.random() < share / 2)


@pytest.mark.parametrize("name", RUBRICS)
def test_score_is_the_engines(name: str, tmp_path: Path) -> None:
    """Blank, half answered and fully answered, every number and level is that of the engine."""
    rubric = load_rubric(Path(name) if name.endswith(".yaml") else name)
    book = Recalculated(rubric, tmp_path / "book.xlsx")
    assert book.differences(assessment_of(rubric, {})) == []
    for seed, share in enumerate((0.5, 1)):
        answers, profile = chosen(rubric, share, seed)
        assert book.differences(assessment_of(rubric, answers, profile)) == []


@given(st.data(), rubrics())
@settings(
    max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_score_is_the_engines_for_any_rubric(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, rubric: Rubric
) -> None:
    """Whatever combines, weighs nothing, implies, is gated or banded with a gap: the same numbers and levels."""
    book = Recalculated(rubric, tmp_path_factory.mktemp("any") / "book.xlsx")
    for _ in range(2):
        codes, profile = data.draw(answered(rubric)), data.draw(profiles())
        answers = {name: answer(code) for name, code in codes.items()}
        assert book.differences(assessment_of(rubric, answers, profile)) == []


@pytest.mark.parametrize(("tenths", "level"), [(["1.5"] * 4, 2), (["0", "2.0", "2.0", "2.0"], 1)])
def test_edge_of_a_band(tenths: list[str], level: int, tmp_path: Path) -> None:
    """1.5 is on the edge in the workbook too, whatever floating point makes of the sum."""
    rubric = load_rubric(GOLDEN / "four-sections.yaml")
    book = Recalculated(rubric, tmp_path / "book.xlsx")
    answers = {name: Answer(value=value) for name, value in zip(rubric.criteria, tenths, strict=True)}
    assessment = assessment_of(rubric, answers)
    assert book.differences(assessment) == []
    row, column = book.sheet.heads["overall"], book.sheet.columns["level"]
    solution = book.model.calculate(inputs=dict(book.typed(assessment)))
    assert solution[book._name("_score", row, column)].value[0][0] == level


def test_not_applicable_needs_its_reason(tmp_path: Path) -> None:
    """Without a reason it counts as open, and so it does when the reason is but a space."""
    rubric = small()
    book = Recalculated(rubric, tmp_path / "book.xlsx")
    for reason in ("", " ", "one table"):
        assert book.differences(assessment_of(rubric, {"data.a": Answer(value="na", reason=reason)})) == []


def test_names_of_cells() -> None:
    """Columns go on after Z, and the title of a sheet may hold an apostrophe."""
    assert [cell(1, column) for column in (1, 26, 27, 52, 53, 702, 703)] == [
        "A1", "Z1", "AA1", "AZ1", "BA1", "ZZ1", "AAA1",
    ]  # fmt: skip
    assert quoted("Bob's") == "'Bob''s'"
