"""Opening an assessment from wherever it is kept, and keeping a plan there."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from commands import DEMO

from mlops_widgets.assessment import Assessment, Plan, PlanItem
from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.yaml import read_assessment
from mlops_widgets.library import packaged_folder
from mlops_widgets.sources import Source, is_file, keep_plan, looked_at, opened
from mlops_widgets.store import Store

if TYPE_CHECKING:
    from pathlib import Path

LIST = "# Churn\n\n## Data management\n\n- [x] Data catalog\n- [s] Feature store\n"
PLAN = Plan(owner="us", items={"aaaa": PlanItem(title="Alerts"), "bbbb": PlanItem(title="Drift", after=("aaaa",))})


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("team.yaml", True),
        ("TEAM.MD", True),
        ("folder/team", True),
        ("folder\\team", True),
        ("-", True),
        ("9f2c41d07b6e", False),
    ],
)
def test_file_or_id(source: str, *, file: bool) -> None:
    """A name with an ending or a folder is a file; an id has neither."""
    assert is_file(source) is file


def test_lines_of_a_yaml_file() -> None:
    """Every criterion that stands in the file has its line, answered or not."""
    source = opened(str(DEMO))
    lines = DEMO.read_text(encoding="utf-8").splitlines()
    assert source.path == DEMO
    for name in ("data.catalog", "infra.cost-optimisation", "data.local-files"):
        assert lines[source.lines[name] - 1].startswith(f"  {name}:")
    assert source.assessment.rubric.hash == source.rubric.content_hash


def test_lines_of_a_checklist(tmp_path: Path) -> None:
    """In another format the line is that of the mark, and what is not understood is a warning."""
    path = tmp_path / "churn.md"
    path.write_text(LIST)
    source = opened(str(path), rubric="mlops-levels")
    assert source.lines == {"data.catalog": 5}
    assert source.warnings[0] == "2 marks: 1 taken, 1 to confirm, 0 not understood"


def test_from_the_store(tmp_path: Path) -> None:
    """An id is looked up in the store; there are no lines then."""
    address = f"sqlite:///{tmp_path / 'store.sqlite'}"
    with closing(Store(address)) as store:
        store.create(read_assessment(DEMO))
    source = opened("demo", store=address)
    assert (source.given.subject, source.path, source.lines) == ("Churn model", None, {})


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("gone.md", "gone.md: cannot be read: No such file or directory"),
        ("churn.docx", "churn.docx: files that end in .docx cannot be read; one of"),
    ],
)
def test_not_readable(name: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read is told."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "churn.docx").write_text("x")
    with pytest.raises(ToolkitError) as caught:
        opened(name)
    assert str(caught.value).startswith(sentence)


def test_looked_at(tmp_path: Path) -> None:
    """A file is told by what it holds: a rubric, an assessment, a checklist."""
    (tmp_path / "churn.md").write_text(LIST)
    rubric, _ = looked_at(packaged_folder("rubrics") / "mlops-levels.yaml")
    assessment, none = looked_at(DEMO)
    checklist, warnings = looked_at(tmp_path / "churn.md")
    assert rubric.id == "mlops-levels"
    assert isinstance(assessment, Assessment)
    assert none == ()
    assert isinstance(checklist, Assessment)
    assert warnings != ()


# Keeping a plan


def test_plan_into_a_file(tmp_path: Path) -> None:
    """A plan is written into its file."""
    path = tmp_path / "team.yaml"
    path.write_bytes(DEMO.read_bytes())
    keep_plan(opened(str(path)), targets={"overall": 3.0}, plan=PLAN)
    after = read_assessment(path)
    assert (after.targets, after.plan) == ({"overall": 3.0}, PLAN)


def test_nothing_new(tmp_path: Path) -> None:
    """Nothing is written where nothing changes, not even into a file that could not be written."""
    source = opened(str(DEMO))
    elsewhere = Source(given=source.given, rubric=source.rubric, path=tmp_path / "gone" / "a.md")
    keep_plan(elsewhere, targets=source.given.targets, plan=source.given.plan)
    assert list(tmp_path.iterdir()) == []


def test_plan_into_the_store(tmp_path: Path) -> None:
    """In the store items are added and what is there stays; targets and the head of the plan go with them."""
    address = f"sqlite:///{tmp_path / 'store.sqlite'}"
    given = read_assessment(DEMO).model_copy(update={"plan": Plan(items={"aaaa": PlanItem(title="Alerts, ours")})})
    with closing(Store(address)) as store:
        store.create(given)
    keep_plan(opened("demo", store=address), targets={"overall": 3.0}, plan=PLAN, store=address)
    after = opened("demo", store=address).given
    assert after.targets == {"overall": 3.0}
    assert after.plan.owner == "us"
    assert {name: item.title for name, item in after.plan.items.items()} == {"aaaa": "Alerts, ours", "bbbb": "Drift"}


def test_plan_into_a_checklist(tmp_path: Path) -> None:
    """Other formats are not changed."""
    path = tmp_path / "churn.md"
    path.write_text(LIST)
    with pytest.raises(
        ToolkitError, match=r"churn\.md: a plan is written into a \.yaml file or the store; convert this"
    ):
        keep_plan(opened(str(path), rubric="mlops-levels"), targets={}, plan=PLAN)
    assert path.read_text() == LIST
