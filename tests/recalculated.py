"""Workbooks computed as a spreadsheet would, for tests that compare them with the engine."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

with warnings.catch_warnings():
    # Its grammar is written with escapes that Python will refuse one day.
    warnings.simplefilter("ignore")
    import formulas

from mlops_widgets.assessment import Answer, Assessment
from mlops_widgets.formats.wording import answers_shown
from mlops_widgets.formats.xlsx import write_xlsx
from mlops_widgets.formats.xlsx_formulas import ScoreSheet, cell, score_sheet
from mlops_widgets.formats.xlsx_layout import ANSWERS, SCORE_SHEET, Layout, layout_of
from mlops_widgets.library import words
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mlops_widgets.rubric import Rubric


def assessment_of(rubric: Rubric, answers: dict[str, Answer], profile: tuple[str, ...] = ()) -> Assessment:
    """Make an assessment of some answers."""
    plain = {"id": "test", "rubric": {"id": rubric.id, "version": "1.0"}, "subject": "Test", "date": "2026-11-20"}
    return Assessment.from_dict(plain).model_copy(update={"answers": answers, "profile": profile})


class Recalculated:
    """A blank workbook of a rubric, into which answers are typed and which is then computed."""

    def __init__(self, rubric: Rubric, path: Path) -> None:
        """Write the workbook and compile its formulas."""
        self.rubric = rubric
        self.layout: Layout = layout_of(rubric, words("workbook"))
        self.sheet: ScoreSheet = score_sheet(rubric, self.layout)
        path.write_bytes(write_xlsx(assessment_of(rubric, {}), rubric))
        self.book = path.name
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.model = formulas.ExcelModel().loads(str(path)).finish()

    def typed(self, assessment: Assessment) -> Iterator[tuple[str, str]]:
        """Give what stands in each cell that people fill in."""
        for option, row in self.layout.use_rows.items():
            yield self._name(self.layout.start, row, 2), "Yes" if option in assessment.profile else ""
        for name, scale in self.rubric.scale_of.items():
            answer = assessment.answers.get(name, Answer())
            shown = answers_shown(scale, words("workbook")).get(answer.value or "", "")
            for part, text in (("answer", shown), ("reason", answer.reason)):
                column = ANSWERS.index(part) + 1
                yield self._name(self.layout.sheet_of[name], self.layout.rows[name], column), text

    def _name(self, sheet: str, row: int, column: int) -> str:
        return f"'[{self.book}]{sheet.upper()}'!{cell(row, column)}"

    def differences(self, assessment: Assessment) -> list[tuple[str, str, Any, Any]]:
        """List what the workbook computes otherwise than the engine: section, what, both."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            solution = self.model.calculate(inputs=dict(self.typed(assessment)))
        found, wanted = [], score(self.rubric, assessment)
        for head, row in self.sheet.heads.items():
            for name, column in self.sheet.columns.items():
                computed = solution.get(self._name(SCORE_SHEET, row, column))
                value = "" if computed is None else computed.value[0][0]
                value = "" if str(value) == "empty" else value  # a cell with nothing in it
                expected = getattr(wanted[head], name)
                same = value == "" if expected is None else value != "" and abs(float(value) - expected) < 1e-11
                if not same:
                    found.append((head, name, value, expected))
        return found
