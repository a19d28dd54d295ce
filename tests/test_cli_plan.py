"""The plan on the command line: what is told, and where a suggestion is kept."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from commands import DEMO, run

from mlops_widgets.formats.yaml import read_assessment
from mlops_widgets.store import Store

if TYPE_CHECKING:
    from pathlib import Path


PLAN = r"\n# What is to be done, .*\nplan:\n(?: .*\n)+"


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Give the demo without a plan, with a comment of somebody's own."""
    text = DEMO.read_text(encoding="utf-8")
    path = tmp_path / "team.yaml"
    path.write_text(
        "# Ours.\n" + re.sub(PLAN, "", text.replace("targets_by: 2027-06-30\n", ""), flags=re.MULTILINE),
        encoding="utf-8",
    )
    return path


def test_told(team: Path) -> None:
    """Gaps, ranked steps with their reasons, and that nothing is planned."""
    lines = run("plan", team).output.splitlines()
    assert lines[0] == "Churn model, 2026-11-13"
    assert lines[4].startswith("  The whole: Level 1, 2 wanted; 12 criteria to meet, about ")
    assert "   1  monitor.alerting: When something goes wrong, an alert reaches people at once." in lines
    assert lines[-1] == "Plan: Nothing is planned yet."


def test_target_and_order(team: Path) -> None:
    """Another target makes other gaps, another order another first step, and neither changes the file."""
    before = team.read_bytes()
    assert "  The whole: Level 1, 3 wanted;" in run("plan", team, "--target", 3).output
    assert "Steps, by the priority of Open SAMMY" in run("plan", team, "--order", "opensammy").output
    assert team.read_bytes() == before


def test_suggested_into_a_file(team: Path) -> None:
    """A suggestion is written into the file, of which the rest stays; a second one adds nothing."""
    before = team.read_text(encoding="utf-8")
    result = run("plan", team, "--suggest", "--start", "2026-12-01", "--target", 2)
    count = len(read_assessment(team).plan.items)
    assert count > 3
    assert result.stderr == f"{team}: {count} items added to the plan\n"
    assert result.stdout.splitlines()[-1] == "Level 2 when this is done, Level 1 now"
    after = team.read_text(encoding="utf-8")
    assert re.sub(PLAN, "", after, flags=re.MULTILINE) == before
    assert run("plan", team, "--suggest", "--start", "2027-01-01").stderr == f"{team}: 0 items added to the plan\n"
    assert team.read_text(encoding="utf-8") == after


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("plan.docx", "Error: a plan is written as .md, .csv or .ics, not as 'plan.docx'\n"),
        ("nowhere/plan.md", "Error: nowhere: there is no such folder; make it first\n"),
    ],
)
def test_nothing_is_suggested_for_an_output_that_cannot_be(team: Path, output: str, told: str) -> None:
    """Where the plan cannot be written nothing is changed either."""
    before = team.read_bytes()
    assert run("plan", team, "--suggest", "-o", output).stderr == told
    assert team.read_bytes() == before


def test_target_is_kept_with_a_suggestion(team: Path) -> None:
    """A suggestion stands beside the target it is for."""
    run("plan", team, "--suggest", "--start", "2026-12-01", "--target", 3)
    assert read_assessment(team).targets == {"overall": 3.0, "monitoring": 2.0}


def test_suggested_into_the_store(team: Path, tmp_path: Path) -> None:
    """In the store the items are added one by one, and what somebody planned stays."""
    address = f"sqlite:///{tmp_path / 'store.sqlite'}"
    with closing(Store(address)) as store:
        store.create(read_assessment(team))
    run("plan", "demo", "--store", address, "--suggest", "--start", "2026-12-01")
    with closing(Store(address)) as store:
        first = store.load("demo")
    assert first.plan.items
    assert run("plan", "demo", "--store", address, "--suggest").stderr == "demo: 0 items added to the plan\n"
    with closing(Store(address)) as store:
        assert store.load("demo").plan == first.plan
    assert run("plan", "demo", "--store", address).stdout.splitlines()[-1] == "Level 2 when this is done, Level 1 now"


def test_not_into_another_format(team: Path, tmp_path: Path) -> None:
    """A checklist is not changed; it says what to do."""
    path = tmp_path / "team.md"
    run("convert", team, path)
    before = path.read_bytes()
    result = run("plan", path, "--suggest")
    assert (
        result.stderr == f"Error: {path}: a plan is written into a .yaml file or the store; convert this file first\n"
    )
    assert path.read_bytes() == before


@pytest.mark.parametrize(("ending", "start"), [("md", "# "), ("csv", ""), ("ics", "BEGIN:VCALENDAR")])
def test_written(ending: str, start: str, team: Path, tmp_path: Path) -> None:
    """The plan goes out as Markdown, CSV or iCalendar."""
    shutil.copy(team, tmp_path / "copy.yaml")
    out = tmp_path / f"plan.{ending}"
    assert run("plan", tmp_path / "copy.yaml", "--suggest", "--start", "2026-12-01", "-o", out).exit_code == 0
    text = out.read_text(encoding="utf-8-sig")
    assert text.startswith(start)
    assert "alert" in text


@pytest.mark.parametrize(
    ("arguments", "sentence", "code"),
    [
        (["--target", 9], "mlops-levels has no level 9; it has 0, 1, 2, 3", 2),
        (["-o", "plan.docx"], "a plan is written as .md, .csv or .ics, not as 'plan.docx'", 1),
    ],
)
def test_refusals(arguments: list[object], sentence: str, code: int, team: Path) -> None:
    """What cannot be done is a sentence."""
    result = run("plan", team, *arguments)
    assert result.stderr.splitlines()[-1] == f"Error: {sentence}"
    assert result.exit_code == code
