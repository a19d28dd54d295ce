"""Changing parts of a YAML file: the rest stays as people wrote it."""

from __future__ import annotations

from typing import Any

import pytest
from commands import DEMO

from mlops_widgets.assessment import Assessment, Plan, PlanItem
from mlops_widgets.formats.yaml import read_answers, write_assessment
from mlops_widgets.formats.yaml_edit import edited
from mlops_widgets.library import load_rubric

RUBRIC = load_rubric("mlops-levels")
HEAD = '# Ours, do not touch.\nid: team  # in the wiki\nrubric: {id: mlops-levels, version: "1.0"}\nsubject: Team\n'
PLAN = Plan(items={"aaaa": PlanItem(title="Alerts: now", criteria=("monitor.alerting",), effort=2)})
TITLE = "\n# What is to be done, by whom and by when. The id of an item: 4 to 32 small letters and digits.\n"
BLOCK = """\
plan:
  items:
    aaaa:
      title: "Alerts: now"
      criteria:
        - monitor.alerting
      effort: 2
"""


def assessed(text: str) -> Assessment:
    """Read a text."""
    return read_answers(text.encode(), name="team.yaml", rubric=RUBRIC).assessment


def planned(text: str, **more: Any) -> str:
    """Give a text with the plan in it."""
    changed = assessed(text).model_copy(update={"plan": PLAN, **more})
    result = edited(text.encode(), changed, RUBRIC, parts=[*more, "plan"])
    assert assessed(result.decode()) == changed
    return result.decode()


def test_new_part() -> None:
    """A part that is new stands where a whole file has it, and nothing else moves."""
    text = f"{HEAD}date: 2026-11-20\n\n# What we said\nanswers:\n  data.catalog: yes  # since May\n"
    assert planned(text) == f"{text}{TITLE}{BLOCK}"
    targets = assessed(text).model_copy(update={"targets": {"overall": 2.0}})
    assert edited(text.encode(), targets, RUBRIC, parts=["targets"]).decode() == (
        text.replace("11-20\n", "11-20\ntargets:\n  overall: 2\n")
    )


def test_part_that_is_there() -> None:
    """A part that is there is replaced, and what stands below it stays."""
    old = "plan:\n  owner: us\n  # soon\n\n# After that\n"
    assert planned(f"{HEAD}{old}date: 2026-11-20\n") == f"{HEAD}{BLOCK}\n# After that\ndate: 2026-11-20\n"


def test_part_at_the_end() -> None:
    """A part may be the last one, and the file without a last line break."""
    assert planned(f"{HEAD}date: 2026-11-20\nplan:\n  owner: us") == f"{HEAD}date: 2026-11-20\n{BLOCK}"


def test_no_answers_yet() -> None:
    """Where no answers stand, a part comes last."""
    assert planned(f"{HEAD}date: 2026-11-20\n") == f"{HEAD}date: 2026-11-20\n{TITLE}{BLOCK}"


def test_two_parts() -> None:
    """Several parts are changed in one go."""
    text = f"{HEAD}date: 2026-11-20\ntargets: {{overall: 2}}\n"
    assert planned(text, targets={"overall": 3.0}) == f"{HEAD}date: 2026-11-20\ntargets:\n  overall: 3\n{TITLE}{BLOCK}"


def test_line_ends_stay() -> None:
    """A file from Windows keeps its line ends."""
    text = f"{HEAD}date: 2026-11-20\n"
    assert planned(text.replace("\n", "\r\n")) == f"{text}{TITLE}{BLOCK}".replace("\n", "\r\n")


@pytest.mark.parametrize(
    "text",
    [
        '{id: team, rubric: {id: mlops-levels, version: "1.0"}, subject: Team, date: 2026-11-20}',
        f"{HEAD}date: 2026-11-20\nanswers:\n  data.catalog: {{value: yes, note: 'a\u2028\u2028b'}}\n",
    ],
)
def test_written_anew(text: str) -> None:
    """Where a part cannot be put in place, the file is written as a whole, and says the same."""
    changed = assessed(text).model_copy(update={"plan": PLAN})
    result = planned(text)
    assert result == write_assessment(changed, RUBRIC) or BLOCK in result


def test_part_that_goes() -> None:
    """A part that says nothing any more is taken out."""
    text = f"{HEAD}date: 2026-11-20\n{BLOCK}"
    assert edited(
        text.encode(), assessed(text).model_copy(update={"plan": Plan()}), RUBRIC, parts=["plan"]
    ).decode() == (f"{HEAD}date: 2026-11-20\n")


def test_demo() -> None:
    """The file that ships is one that is written: changing it in place and anew are the same."""
    content = DEMO.read_bytes()
    changed = assessed(content.decode()).model_copy(update={"plan": PLAN})
    assert edited(content, changed, RUBRIC, parts=["plan"]).decode() == write_assessment(changed, RUBRIC)
