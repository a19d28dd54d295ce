"""The scripts and styles of widgets and pages, as text.

May not know what they draw.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

__all__ = ["script", "style"]

_STATIC = Path(__file__).parent / "static"


@lru_cache
def style(name: str) -> str:
    """Give the style of a widget or page, after the colours and spacing that all share.

    >>> ".mlops-form" in style("form") and "--accent" in style("form")
    True
    """
    return "".join((_STATIC / f"{part}.css").read_text(encoding="utf-8") for part in ("tokens", name))


@lru_cache
def script(*names: str) -> str:
    """Give the script of a widget or page, after the parts it is made of, as one module.

    A widget's script reaches the browser as text, so that its parts cannot import each other.

    >>> "export default" in script("dom", "start")
    True
    """
    return "\n".join((_STATIC / f"{name}.js").read_text(encoding="utf-8") for name in names)
