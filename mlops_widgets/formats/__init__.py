"""File formats: one module each, both ways; here, reading a file by what it holds.

May not touch the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.formats.yaml import read_assessment
from mlops_widgets.library import load_rubric, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.rubric import Rubric

__all__ = ["read"]


def read(path: Path) -> Rubric | Assessment:
    """Read a file as what it is: an assessment says whose it is, a rubric has sections.

    Raises:
        ToolkitError: every fault of the file, each with its line and path.
    """
    data, _ = read_yaml(path)
    is_assessment = isinstance(data, dict) and "sections" not in data and not {"answers", "subject"}.isdisjoint(data)
    return read_assessment(path) if is_assessment else load_rubric(path)
