"""A workbook, both ways: the modules beside this one do it, imported when there is one to read or write."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlops_widgets.assessment import Assessment
    from mlops_widgets.formats.reading import Reading
    from mlops_widgets.rubric import Rubric

__all__ = ["read_xlsx", "write_xlsx"]


def write_xlsx(assessment: Assessment, rubric: Rubric) -> bytes:
    """Write an assessment as a workbook that people fill in: a sheet for each dimension, a score that follows.

    The same assessment gives the same bytes.
    """
    from mlops_widgets.formats.xlsx_writing import workbook  # noqa: PLC0415 - openpyxl takes long to import

    return workbook(assessment, rubric)


def read_xlsx(data: bytes, rubric: Rubric | None = None, *, name: str) -> Reading:
    """Read a workbook, ours or one that merely has answers in it.

    Args:
        data: the file.
        rubric: what it answers; the one the workbook names when left out.
        name: name of the file, for the sentences.

    Raises:
        ToolkitError: it is no workbook, too large, or says nothing of its rubric.
    """
    from mlops_widgets.formats.xlsx_reading import reading  # noqa: PLC0415 - openpyxl takes long to import

    return reading(data, rubric, name=name)
