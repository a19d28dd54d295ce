"""Read files within bounds; write them whole or not at all.

May not know what is in them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mlops_widgets.errors import Problem, ToolkitError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["check_folder", "read", "unreadable", "write"]


def read(path: Path, *, most: int) -> bytes:
    """Read a file, and no more of it than can be used.

    Raises:
        ToolkitError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise unreadable(path, error) from None


def unreadable(path: Path, error: OSError) -> ToolkitError:
    """Say why a file cannot be read, and what to do where a person took something else for one.

    >>> from pathlib import Path
    >>> print(unreadable(Path("maturity"), IsADirectoryError()))
    maturity: is a folder; name a file in it
    """
    if str(path) == "-":
        message = "standard input is not read; save it in a file whose ending says the format"
    elif isinstance(error, IsADirectoryError):
        message = "is a folder; name a file in it"
    else:
        message = f"cannot be read: {error.strerror}"
    return ToolkitError([Problem(where=str(path), message=message)])


def check_folder(path: Path) -> None:
    """Look before anything is worked out whether there is a folder to write a file into.

    Raises:
        ToolkitError: there is none.
    """
    if not path.parent.is_dir():
        raise ToolkitError([Problem(where=str(path.parent), message="there is no such folder; make it first")])


def write(path: Path, data: bytes) -> None:
    """Write all of a file, or leave what was there as it was.

    Raises:
        ToolkitError: its folder is missing, or it cannot be written.
    """
    check_folder(path)
    part = path.with_name(f".{path.name[-100:]}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ToolkitError([Problem(where=str(path), message=f"cannot be written: {error.strerror}")]) from None
