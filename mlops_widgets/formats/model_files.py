"""The YAML files of a model that is a folder: a bounded number of them, none from outside of it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from mlops_widgets.errors import Problem, ToolkitError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["model_files", "model_folders"]

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
    return [path for path in _inside(base, folder) if path.suffix.lower() in (".yml", ".yaml") and path.is_file()]


def model_folders(base: Path, folder: Path) -> list[Path]:
    """Find the folders directly in a folder, by name; hidden ones are none of the model.

    Raises:
        ToolkitError: it holds too many, or a link to elsewhere.
    """
    return [path for path in _inside(base, folder) if path.is_dir() and not path.name.startswith(".")]


def _inside(base: Path, folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    try:
        found = list(islice(folder.iterdir(), MOST_FILES + 1))
        if len(found) > MOST_FILES:
            raise ToolkitError([Problem(where=str(folder), message=f"holds more than {MOST_FILES} files")])
        for path in found:
            if not path.resolve(strict=True).is_relative_to(base.resolve()):  # strict: what links to itself is told
                raise ToolkitError([Problem(where=str(path), message="is a link that leads out of the model")])
    except (OSError, RuntimeError):
        raise ToolkitError([Problem(where=str(folder), message="cannot be read")]) from None
    return sorted(found)
