"""Import other packages sooner, where they do at import what nobody here needs.

May not import anything of this package.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["quick_imports"]


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import without the rfc3987-syntax package, whose grammar takes most of a second to build.

    jsonschema, below both nbformat and altair, builds the grammar when it is imported, to check texts of the formats
    "iri" and "iri-reference"; nothing that nbformat or altair check has one. So the package is made to look as if it
    were not installed, which jsonschema allows for.

    What is lost: where jsonschema is first imported in here, it never checks these two formats in this process, as
    where the package is not installed. Every other check stays, and the package can be imported again afterwards,
    whether the imports in here went well or not.
    """
    name = "rfc3987_syntax"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # how Python marks what must not be imported
    try:
        yield
    finally:
        # Another thread that came here too may have been first.
        sys.modules.pop(name, None)
