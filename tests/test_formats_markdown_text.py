"""Any text as Markdown and back: it stays text wherever it stands, and people's own ways are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_cases import texts

from mlops_widgets.formats.markdown_blocks import blocks
from mlops_widgets.formats.markdown_text import (
    comment,
    comments_in,
    escaped,
    link,
    linked,
    named,
    read_text,
    without_comments,
)


@given(texts(60))
def test_a_text_stays_where_it_stands(text: str) -> None:
    """In a list, in a heading and before a comment, a text comes back and nothing around it is moved."""
    below = f"- [ ] one\n  - Note: {escaped(text, indent=4)}\n- [ ] two\n"
    first, second = blocks(below)
    [note] = first.children
    assert read_text(note.text.removeprefix("Note:").removeprefix(" ")) == text
    assert second.text == "[ ] two"
    heading, item = blocks(f"# {escaped(text)} {comment('subject')}\n\n- one\n")
    assert read_text(without_comments(heading.text)) == text
    assert item.zone == "subject"


@given(st.text(min_size=1, max_size=80), st.none() | st.text(max_size=80))
def test_names_in_comments(name: str, value: str | None) -> None:
    """Whatever a name holds, its comment ends where it should."""
    assert comments_in(f"- [x] It works. {comment(name, value)}") == [(name, value)]
    assert without_comments(f"It works. {comment(name, value)}") == "It works."


@pytest.mark.parametrize(
    "address", ["https://ci.example/1?a=b&c=d#e", "javascript:a", "docs/a_b.md", "https://a b", "<x>"]
)
def test_addresses(address: str) -> None:
    """Only an address of the web becomes a link, and each comes back."""
    assert linked(link(address)) == address
    assert link(address).startswith("<") == (address == "https://ci.example/1?a=b&c=d#e")


def test_what_people_write() -> None:
    """Entities and escapes that people write are read; a name may have stars or none."""
    assert read_text("a &amp; b \\[c\\] &#1114112; &nbsp;d") == "a & b [c] &#1114112; \u00a0d"
    assert [
        named(text) for text in ("**Date:** today", "**Date**: today", "Date: today", "https://a", "**Bold** word")
    ] == [
        ("Date", "today"),
        ("Date", "today"),
        ("Date", "today"),
        None,
        None,
    ]
