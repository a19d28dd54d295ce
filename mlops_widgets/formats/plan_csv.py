"""A plan as CSV, for spreadsheets and trackers: one line an item, in the order of the plan.

Writes only. What a spreadsheet would take for a formula is written as text.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from mlops_widgets.numerals import number
from mlops_widgets.plan import phase_of

if TYPE_CHECKING:
    from mlops_widgets.assessment import Assessment
    from mlops_widgets.rubric import Rubric

__all__ = ["COLUMNS", "write_plan"]

COLUMNS = ("id", "title", "phase", "status", "owner", "effort", "start", "due", "blocker", "after", "criteria",
           "to_level", "initiative", "note")  # fmt: skip
"""Names of the columns: the same in every language, because other tools read them."""

_RUN = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""What a cell that a spreadsheet runs begins with."""


def write_plan(assessment: Assessment, rubric: Rubric) -> str:
    r"""Write the items of a plan; several ids in one cell stand with spaces between them.

    >>> from mlops_widgets.assessment import Assessment
    >>> from mlops_widgets.library import load_rubric
    >>> churn = Assessment.from_dict({"id": "churn", "rubric": {"id": "mlops-levels", "version": "1.0"},
    ...     "subject": "Churn model", "date": "2026-11-20",
    ...     "plan": {"items": {"item1": {"title": "=1+1", "effort": 1.5, "due": "2026-12-18"}}}})
    >>> print(write_plan(churn, load_rubric("mlops-levels")))
    id,title,phase,status,owner,effort,start,due,blocker,after,criteria,to_level,initiative,note
    item1,'=1+1,,planned,,1.5,,2026-12-18,,,,,,
    <BLANKLINE>
    """
    file = StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(COLUMNS)
    for name, item in assessment.plan.ordered():
        phase = phase_of(rubric, assessment.plan, item)
        cells = {
            **item.to_dict(),
            "id": name,
            "phase": phase.title if phase else "",
            "status": item.status,
            "effort": "" if item.effort is None else number(item.effort, digits=6),
            "after": " ".join(item.after),
            "criteria": " ".join(item.criteria),
        }
        table.writerow(_cell(str(cells.get(column, ""))) for column in COLUMNS)
    return file.getvalue()


def _cell(text: str) -> str:
    """Write text as text, with line ends of one kind: another would end the line for some readers."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith(_RUN) else text
