"""Write files whole or not at all.

May not know what is in them.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

from mlops_widgets.errors import Problem, ToolkitError

__all__ = ["write"]


def write(path: Path, data: bytes) -> None:
    """Write all of a file, or leave what was there as it was.

    Raises:
        ToolkitError: its folder is missing, or it cannot be written.
    """
    if not path.parent.is_dir():
        raise ToolkitError([Problem(where=str(path.parent), message="there is no such folder; make it first")])
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=".writing-", delete=False) as part:
            part.write(data)
        Path(part.name).chmod(0o644)
        Path(part.name).replace(path)
    except OSError as error:
        Path(part.name).unlink(missing_ok=True)
        raise ToolkitError([Problem(where=str(path), message=f"cannot be written: {error.strerror}")]) from None
