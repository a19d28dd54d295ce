"""Scripts and styles as they reach the browser."""

from __future__ import annotations

import re
from pathlib import Path

import mlops_widgets
from mlops_widgets.assets import script, style

STATIC = Path(mlops_widgets.__file__).parent / "static"


def test_a_script_is_one_module() -> None:
    """The parts of a script stand in one text, with one export."""
    text = script("dom", "start")
    assert text.count("export default") == 1
    assert "import " not in re.sub(r"//.*", "", text).replace("await import", "")


def test_a_style_begins_with_the_shared_colours() -> None:
    """Every widget has the same colours and spacing."""
    assert style("form").startswith(style("start")[:200])


def test_no_file_asks_another_host_or_sets_html() -> None:
    """No script or style names another host, and none puts text in as HTML."""
    for path in STATIC.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(https?:)?//[a-z]+\.", text.replace("http://www.w3.org", "")), path
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text), path
