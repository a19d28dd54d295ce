"""Documents put together without an empty line between their parts: each line with a mark is read or told."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlops_widgets.formats.markdown import read_markdown
from mlops_widgets.library import load_rubric

LEVELS = load_rubric("mlops-levels")
SLOW = settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))

_NAMES = ["Data catalog", "Feature store", "Experiment tracking", "Unit tests", "Canary releases", "Garden chairs"]
_WORDS = ["yes", "partly", "no", "n/a", "teilweise", "done"]
names = st.sampled_from(_NAMES)
words = st.sampled_from(_WORDS)
bullets = st.sampled_from(["-", "*", "+", "1.", "2.", "7.", "1)", "3)", "10."])
boxes = st.sampled_from(["[x]", "[X]", "[ ]", "[~]", "[-]", "[s]"])
signs = st.sampled_from(["✅", "❌", "⚠️", "🟡", "☐"])
indents = st.sampled_from(["", "", "", "  ", "   ", "    ", "      "])
remarks = st.sampled_from(["", "", " (Airflow)", " (see the wiki)", " (S3 (two buckets))"])

marked = st.one_of(
    st.builds("{} {} {}{}".format, bullets, boxes, names, remarks),
    st.builds("{} {} {}".format, bullets, signs, names),
    st.builds("{} {} {}".format, bullets, names, signs),
    st.builds("{} {}: {}{}".format, bullets, names, words, remarks),
    st.builds("{} {} — {}{}".format, bullets, names, words, remarks),
    st.builds("{} {} - {}{}".format, bullets, names, words, remarks),
    st.builds("{} {}".format, signs, names),
    st.builds("{} {}".format, names, signs),
    st.builds("> {} {} {}".format, bullets, boxes, names),
    st.builds("## {} {}".format, names, signs),
    st.builds("[^1]: {} {}".format, names, signs),
    st.builds("<td>{} {}</td>".format, names, signs),
    st.builds("| {} | {} |".format, names, st.one_of(words, signs)),
    st.builds("{} | {}".format, names, st.one_of(words, signs)),
)
"""Lines that have a mark."""

plain = st.sampled_from(
    [
        "",
        "# Assessment",
        "## Data management",
        "**Level 1**",
        "**Level 2**:",
        "**Infrastructure**",
        "Some words about it.",
        "- Without a mark",
        "  - since May",
        "    and more of it",
        "> quoted",
        "| Practice | Done |\n|---|---|",
        "Practice | Done\n---|---",
        "|---|---|",
        "```",
        "~~~",
        "<div>",
        "</details>",
        "<!-- hidden",
        "-->",
        "[^1]: A footnote",
        "[x]: https://reference.example",
        "---",
        "===",
        "***",
    ]
)
"""Lines that have none."""

lines = st.one_of(
    st.tuples(st.just(True), st.builds("{}{}".format, indents, marked)),  # noqa: FBT003 - marked
    st.tuples(st.just(False), plain),  # noqa: FBT003 - not marked
)


@SLOW
@given(st.lists(lines, min_size=1, max_size=14))
def test_every_line_with_a_mark_is_told(parts: list[tuple[bool, str]]) -> None:
    """Whatever stands above or below it, a line with a mark is among the marks, told by its number, or in a note."""
    text, wanted, number = [], {}, 1
    for is_marked, part in parts:
        if is_marked:
            wanted[number] = part
        text.append(part)
        number += part.count("\n") + 1
    if not "".join(text).strip():
        return
    reading = read_markdown("\n".join(text), LEVELS, day="2026-11-20")
    told = {mark.line for mark in reading.marks}
    told |= {int(found) for note in reading.notes for found in re.findall(r"\bline (\d+)", note)}
    # A line without a sign of a list that ends with a mark may be the end of the statement above it.
    ends = {
        line
        for line, part in wanted.items()
        for mark in reading.marks
        if mark.line < line and mark.text.endswith(" " + part.strip())
    }
    # A line below an item that goes on after its mark word is a remark on the item.
    notes = "\n".join(mark.answer.note for mark in reading.marks)
    remarks = {line for line, part in wanted.items() if re.sub(r"^\s*[-*+\d.)]+\s+", "", part) in notes}
    assert {line: part for line, part in wanted.items() if line not in told | ends | remarks} == {}
