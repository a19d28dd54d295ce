"""The YAML files of a model that is a folder: a bounded number of them, none from outside of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets.errors import Problem, ToolkitError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["model_files"]

MOST_FILES = 1_000
"""Entries of a folder; the largest model we know has 90 files in one."""


def model_files(base: Path, folder: Path) -> list[Path]:
    """Find the YAML files directly in a folder, by name.

    Args:
        base: the model; a link that leads out of it is refused.
        folder: the folder in it; one that is not there has no files.

    Raises:
        ToolkitError: it holds too many files, or a link to elsewhere.
    """
    if not folder.is_dir():
        return []
    found = []
    try:
        for count, path in enumerate(folder.iterdir()):
            if count >= MOST_FILES:
                raise ToolkitError([Problem(where=str(folder), message=f"holds more than {MOST_FILES} files")])
            if path.suffix.lower() not in (".yml", ".yaml") or not path.is_file():
                continue
            if not path.resolve().is_relative_to(base.resolve()):
                raise ToolkitError([Problem(where=str(path), message="is a link that leads out of the model")])
            found.append(path)
    except OSError as error:
        raise ToolkitError([Problem(where=str(folder), message=f"cannot be read: {error.strerror}")]) from None
    return sorted(found)
