"""Rubrics in and out: from ours or another house's form to ours or a custom lens, with what has no counterpart.

May not decide what a form can say: that is each form's own module's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.library import load_rubric, read_yaml, rubric_ids, write_rubric

if TYPE_CHECKING:
    from pathlib import Path

    from mlops_widgets.rubric import Rubric

__all__ = ["RUBRICS", "exchanged", "is_rubric"]

OURS = (".yaml", ".yml")
LENS = ".json"

RUBRICS = (*OURS, LENS)
"""Endings that a rubric is written with."""


def is_rubric(path: Path) -> bool:
    """Whether this is a rubric, in whatever form, and not an assessment: by what it holds.

    >>> from pathlib import Path
    >>> is_rubric(Path("mlops-levels")), is_rubric(Path("notes.md"))
    (True, False)
    """
    if path.is_dir() or (str(path) in rubric_ids() and not path.exists()):
        return True
    try:
        return path.is_file() and (_is_ours(path) or _is_foreign(path))
    except ToolkitError:
        return False  # whoever reads it says why


def exchanged(source: Path, ending: str) -> tuple[bytes, Rubric, tuple[Problem, ...]]:
    """Turn a rubric into a file of another form.

    Args:
        source: a rubric's file or folder, or the id of a packaged one.
        ending: `.yaml` for our form, `.json` for a custom lens of the AWS Well-Architected Tool.

    Returns:
        What the file holds, the rubric, and what of it has no counterpart.

    Raises:
        ToolkitError: it cannot be read, or not be written in that form.
    """
    if ending not in RUBRICS:
        raise ToolkitError(f"a rubric is written as .yaml, or as .json for a custom lens, not as {ending[-40:]!r}")
    notes: tuple[Problem, ...] = ()
    if not source.exists() or (source.is_file() and _is_ours(source)):
        rubric = load_rubric(source)
    else:
        from mlops_widgets.formats.foreign_rubric import read_foreign_rubric  # noqa: PLC0415 - a rubric of ours needs it not

        reading = read_foreign_rubric(source)
        rubric, notes = reading.rubric, reading.notes
    if ending in OURS:
        return write_rubric(rubric).encode(), rubric, notes
    from mlops_widgets.formats.aws_lens_writing import write_lens  # noqa: PLC0415 - as above

    text, more = write_lens(rubric)
    return text.encode(), rubric, (*notes, *more)


def _is_ours(path: Path) -> bool:
    if path.suffix.lower() not in RUBRICS:
        return False
    try:
        data, _ = read_yaml(path)
    except ToolkitError:
        return False
    return isinstance(data, dict) and {"sections", "scales"} <= data.keys()


def _is_foreign(path: Path) -> bool:
    if path.suffix.lower() == LENS:
        from mlops_widgets.formats.interchange import read_json  # noqa: PLC0415 - as above

        data, _ = read_json(path)
        return isinstance(data, dict) and "pillars" in data
    from mlops_widgets.formats.dsomm import is_dsomm  # noqa: PLC0415 - as above

    return is_dsomm(path)
