"""Rubrics in and out: told from assessments, read, and written with what has no counterpart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from commands import DEMO

from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.rubric_exchange import exchanged, is_rubric
from mlops_widgets.library import load_rubric, packaged_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_rubrics(tmp_path: Path) -> None:
    """A rubric is one by what it holds: ours, a lens, a folder; or by its id."""
    (tmp_path / "lens.json").write_text('{"schemaVersion": "2021-11-01", "pillars": []}')
    shipped = packaged_folder("rubrics") / "mlops-levels.yaml"
    assert all(map(is_rubric, (shipped, tmp_path / "lens.json", tmp_path, type(tmp_path)("mlops-levels"))))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("team.json", '{"id": "team", "answers": {}}'),
        ("team.json", "{"),
        ("team.yaml", "id: team\nanswers: {}\n"),
        ("team.yaml", "a: [\n"),
        ("mlops-levels.md", "- [x] A\n"),
    ],
)
def test_no_rubrics(name: str, text: str, tmp_path: Path) -> None:
    """An assessment is none, and neither is what cannot be read: whoever reads it says why."""
    (tmp_path / name).write_text(text)
    assert not is_rubric(tmp_path / name)
    assert not is_rubric(DEMO)
    assert not is_rubric(tmp_path / "gone.yaml")


def test_a_file_goes_before_an_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is called like a rubric is that file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mlops-levels").write_text("- [x] A\n")
    assert not is_rubric(type(tmp_path)("mlops-levels"))


def test_ours_to_ours(tmp_path: Path) -> None:
    """A rubric of ours is written as it is, and nothing is lost."""
    content, rubric, notes = exchanged(packaged_folder("rubrics") / "mlops-levels.yaml", ".yaml")
    (tmp_path / "ours.yaml").write_bytes(content)
    assert load_rubric(tmp_path / "ours.yaml") == rubric == load_rubric("mlops-levels")
    assert notes == ()


def test_lens(tmp_path: Path) -> None:
    """A lens that we wrote is read as a rubric of as many criteria; each way tells what it leaves out."""
    content, rubric, notes = exchanged(packaged_folder("rubrics") / "mlops-questionnaire.yaml", ".json")
    assert len(json.loads(content)["pillars"]) == len(rubric.sections)
    assert notes != ()
    (tmp_path / "lens.json").write_bytes(content)
    _, back, more = exchanged(tmp_path / "lens.json", ".yaml")
    assert len(back.criteria) == len(rubric.criteria)
    assert more != ()


def test_no_form() -> None:
    """Another ending is no form of a rubric."""
    with pytest.raises(ToolkitError) as caught:
        exchanged(DEMO, ".xlsx")
    assert str(caught.value) == "a rubric is written as .yaml, or as .json for a custom lens, not as '.xlsx'"


def test_unknown_folder(tmp_path: Path) -> None:
    """A folder that holds no model we know is told."""
    with pytest.raises(ToolkitError, match=r": is no rubric of another form that we know: a custom lens of the AWS"):
        exchanged(tmp_path, ".yaml")
