"""Which form a rubric has is told by what is in the file or folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from samm_model import model, written

from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.aws_lens import write_lens
from mlops_widgets.formats.foreign_rubric import read_foreign_rubric
from mlops_widgets.library import load_rubric, write_rubric

if TYPE_CHECKING:
    from pathlib import Path

DSOMM = "Building:\n  Baking:\n    Recipe: {uuid: aaaa, risk: r, measure: m, level: 1}\n"


def test_lens(tmp_path: Path) -> None:
    """A JSON file with pillars."""
    path = tmp_path / "lens.JSON"
    path.write_text(write_lens(load_rubric("mlops-levels"))[0], encoding="utf-8")
    assert read_foreign_rubric(path).rubric.id == "mlops-levels"


def test_samm(tmp_path: Path) -> None:
    """A folder with business functions."""
    assert read_foreign_rubric(written(tmp_path, model(functions=1, practices=1))).rubric.id == "owasp-samm"


def test_dsomm(tmp_path: Path) -> None:
    """A YAML file with activities, or the folder that has it."""
    (tmp_path / "model.yaml").write_text(DSOMM, encoding="utf-8")
    assert read_foreign_rubric(tmp_path).rubric == read_foreign_rubric(tmp_path / "model.yaml").rubric


def test_notes_of_the_file_come_along(tmp_path: Path) -> None:
    """What reading the JSON told stands with the rest."""
    path = tmp_path / "lens.json"
    lens = json.loads(write_lens(load_rubric("ml-test-score"))[0])
    path.write_text(json.dumps(lens | {"more": float("nan")}), encoding="utf-8")
    assert str(read_foreign_rubric(path).notes[0]) == f"{path}: holds NaN, which is no JSON: read as nothing"


def test_what_was_read_can_be_kept(tmp_path: Path) -> None:
    """As a rubric of ours."""
    (tmp_path / "model.yaml").write_text(DSOMM, encoding="utf-8")
    rubric = read_foreign_rubric(tmp_path).rubric
    path = tmp_path / "ours.yaml"
    path.write_text(write_rubric(rubric), encoding="utf-8")
    assert load_rubric(path).content_hash == rubric.content_hash


@pytest.mark.parametrize("name", ["", "notes.md", "missing.yml"])
def test_none_of_them(tmp_path: Path, name: str) -> None:
    """A sentence says which forms there are."""
    (tmp_path / "notes.md").write_text("# Notes\n", encoding="utf-8")
    path = tmp_path / name
    with pytest.raises(ToolkitError) as error:
        read_foreign_rubric(path)
    assert str(error.value) == (
        f"{path}: is no rubric of another form that we know: a custom lens of the AWS Well-Architected Tool (.json), "
        "OWASP SAMM's model (a folder) or DSOMM's (model.yaml or its folder)"
    )


def test_yaml_of_ours(tmp_path: Path) -> None:
    """A rubric of our own is none of another form; what DSOMM's has is said."""
    path = tmp_path / "rubric.yaml"
    path.write_text(write_rubric(load_rubric("ml-test-score")), encoding="utf-8")
    with pytest.raises(ToolkitError) as error:
        read_foreign_rubric(path)
    assert str(error.value).splitlines()[0] == (
        f"{path}: is no DSOMM model; one has dimensions, these have sub-dimensions, and these activities"
    )
