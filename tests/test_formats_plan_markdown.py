"""A plan as a Markdown document."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_formats_yaml import assessment, plans, texts

from mlops_widgets.assessment import Assessment, Plan
from mlops_widgets.formats.plan_markdown import write_plan
from mlops_widgets.formats.yaml import read_assessment
from mlops_widgets.library import load_rubric, packaged_folder

RUBRIC = load_rubric("mlops-levels")


def written(**plan: Any) -> str:
    """The document of a plan from the levels rubric."""
    return write_plan(assessment(RUBRIC, plan=Plan.model_validate(plan)), RUBRIC)


def test_demo() -> None:
    """The plan of the demo: facts, gaps, phases with their items, measures and budget."""
    text = write_plan(read_assessment(packaged_folder("demo") / "churn-model.yaml"), RUBRIC)
    assert re.findall(r"^#+ .*", text, flags=re.MULTILINE) == [
        "# Churn model: improvement plan",
        "## Gaps",
        "## Plan",
        "### Quick wins (months 0 to 3)",
        "### Foundation (months 3 to 6)",
        "### Advanced (months 6 to 12)",
        "## Measures of success",
        "## Budget",
    ]
    assert "- Time: 2026-10-05 to 2027-05-12, 7 months\n" in text
    assert "- When all is done: Level 2\n" in text
    assert (
        """
- [ ] Check data as it comes in
  - Effort: 4 person-weeks
  - Owner: data platform team
  - Start: 2027-02-11
  - Due: 2027-03-02
  - Status: Blocked
  - Blocker: The team that owns the customer tables has not agreed to a schema yet.
  - Meets: The quality of incoming data is monitored. (`data.quality-monitoring`)
  - Meets: Tests check the schema and quality of data. (`test.data-validation`)
"""
        in text
    )
    assert "- [x] Keep models in a registry\n" in text
    assert "- Deployment frequency: monthly → weekly\n" in text
    assert text.endswith("- People: 1.5 full-time until May 2027\n")


def test_without_a_plan() -> None:
    """Before there is a plan the document has the gaps and the measures to fill in."""
    text = written()
    assert "\n## Plan\n\nNothing is planned yet.\n" in text
    assert "- Model accuracy: not measured yet → no target yet\n" in text


def test_items_without_a_date_and_dropped_ones() -> None:
    """What has no date stands after the phases; what was dropped is listed, not to be ticked."""
    text = written(
        start="2026-12-01",
        items={"one1": {"title": "One", "due": "2026-12-04"}, "two2": {"title": "Two", "after": ["one1", "gone"]},
               "old3": {"title": "Old", "status": "dropped", "due": "2026-12-04"}},
    )  # fmt: skip
    assert (
        text.partition("\n## Plan\n")[2].partition("\n## Measures")[0]
        == """
### Quick wins (months 0 to 3)

Goal: Deploy with less work by hand, and watch the basics

- [ ] One
  - Due: 2026-12-04

### Without a date

- [ ] Two
  - After: One

### Dropped

- Old
"""
    )


def test_late_items_are_told() -> None:
    """An item due after the day of the targets is counted above the plan."""
    plan = Plan.model_validate({"items": {"one1": {"title": "One", "due": "2027-02-01"}}})
    given_ = assessment(RUBRIC, plan=plan, targets={"overall": 1}, targets_by="2027-01-01")
    text = write_plan(given_, RUBRIC)
    assert "- Wanted: Level 1\n- Wanted by: 2027-01-01\n" in text
    assert "- 1 item is due after 2027-01-01, when the targets are to be met.\n" in text


@pytest.mark.parametrize(
    ("owner", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("[us](javascript:alert(1))", r"\[us\](javascript:alert(1))"),
        ("*us*\n# not a heading", r"\*us\* \# not a heading"),
        ("R&D | ops", r"R&amp;D \| ops"),
    ],
)
def test_owner_is_text(owner: str, shown: str) -> None:
    """Whatever an owner is called, it is shown as written, and nothing runs."""
    text = written(items={"one1": {"title": "One", "owner": owner}})
    assert f"  - Owner: {shown}\n" in text
    assert "<script" not in MarkdownIt("commonmark").render(text)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_plan_keeps_its_form(data: st.DataObject) -> None:
    """No text of a plan adds a heading, a box or a tag to the document."""
    plan = data.draw(plans(RUBRIC))
    assessed: Assessment = assessment(RUBRIC, plan=plan, subject=data.draw(texts(20, least=1)))
    tokens = MarkdownIt("commonmark").parse(write_plan(assessed, RUBRIC))
    inline = [token for token in tokens if token.type == "inline"]
    boxes = [token for token in inline if re.match(r"\[[ x]\] ?", token.content)]
    assert len(boxes) == sum(item.status != "dropped" for item in plan.items.values())
    assert sum(token.type == "heading_open" and token.tag in ("h1", "h2") for token in tokens) == 5
    assert not any(token.type == "html_block" for token in tokens)
    children = [child.type for token in inline for child in token.children or ()]
    assert set(children) <= {"text", "code_inline", "softbreak", "text_special"}


def test_a_title_that_is_a_criterion_is_said_once() -> None:
    """Where an item is called what its criterion says, only the id stands beside it; a dot is not said twice."""
    text = RUBRIC.criteria["monitor.alerting"].text
    items = {
        "one1": {"title": text, "criteria": ["monitor.alerting"]},
        "two2": {"title": "Later", "after": ["one1"], "rank": 1},
    }
    shown = written(items=items)
    assert f"- [ ] {text}\n  - Meets: `monitor.alerting`\n- [ ] Later\n  - After: {text.rstrip('.')}\n" in shown
