"""The tables of words: every sentence in them is one that somebody can meet."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mlops_widgets"
ENDINGS = {".py", ".js", ".html", ".j2", ".ipynb"}
TEXTS = [
    path.read_text(encoding="utf-8")
    for path in (*PACKAGE.rglob("*"), *(PACKAGE.parent / "notebooks").glob("*.ipynb"))
    if path.suffix in ENDINGS
]
WHOLE = set(re.findall(r"\w+", "\n".join(TEXTS)))
"""Every word in the sources: a key that is written out is among them."""

JOINED = {
    (start, end)
    for text in TEXTS
    for start, end in re.findall(r"[\"'`]([a-z]\w*_|)\$?\{[^{}`\"']+\}(_\w+|)[\"'`{$]", text)
    if start or end
}
"""How keys are put together: what stands before and behind the part that changes."""

PIECED = re.compile(r"(shade|answer)_[0-3]|range(_from|_above)?(_to|_below)?|decide_plan(_work)?(_until)?")
"""Keys put together of parts of which none is a text with something in it."""


def is_used(key: str) -> bool:
    """Whether the sources have a key, or put it together."""
    plain = key.removesuffix("_one").removesuffix("_same")
    return (
        plain in WHOLE
        or PIECED.fullmatch(plain) is not None
        or any(
            plain.startswith(start) and plain.endswith(end) and len(plain) > len(start + end) for start, end in JOINED
        )
    )


@pytest.mark.parametrize("table", sorted((PACKAGE / "words" / "en").glob("*.json")), ids=lambda path: path.stem)
def test_every_word_is_used(table: Path) -> None:
    """A sentence that nothing says any more is taken out of its table."""
    assert [key for key in json.loads(table.read_text(encoding="utf-8")) if not is_used(key)] == []
