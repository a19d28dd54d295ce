"""A rubric in the form of another house, recognised by what is in the file or folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.aws_lens import read_lens
from mlops_widgets.formats.dsomm import is_dsomm, read_dsomm
from mlops_widgets.formats.interchange import read_json
from mlops_widgets.formats.samm import is_samm, read_samm

if TYPE_CHECKING:
    from pathlib import Path

    from mlops_widgets.formats.interchange import RubricReading

__all__ = ["read_foreign_rubric"]


def read_foreign_rubric(path: Path) -> RubricReading:
    """Read a custom lens (a JSON file), SAMM's model (a folder) or DSOMM's (a YAML file or a folder).

    Raises:
        ToolkitError: it is none of them, or cannot be read.
    """
    if path.is_dir() and is_samm(path):
        return read_samm(path)
    if path.is_file() and path.suffix.lower() == ".json":
        data, notes = read_json(path)
        return read_lens(data, where=str(path), notes=notes)
    if is_dsomm(path) or (path.is_file() and path.suffix.lower() in (".yaml", ".yml")):
        return read_dsomm(path)
    message = (
        "is no rubric of another form that we know: a custom lens of the AWS Well-Architected Tool (.json), "
        "OWASP SAMM's model (a folder) or DSOMM's (model.yaml or its folder)"
    )
    raise ToolkitError([Problem(where=str(path), message=message)])
