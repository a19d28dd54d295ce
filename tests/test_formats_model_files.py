"""The files of a model: bounded, by name, none from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats import model_files as module
from mlops_widgets.formats.model_files import model_files, model_folders

if TYPE_CHECKING:
    from pathlib import Path


def test_files_and_folders(tmp_path: Path) -> None:
    """By name; what is no YAML, hidden or not there is left alone."""
    for name in ("b.yml", "a.YAML", "c.txt"):
        (tmp_path / name).write_text("a: 1")
    for name in ("two", "one", ".git"):
        (tmp_path / name).mkdir()
    assert [path.name for path in model_files(tmp_path, tmp_path)] == ["a.YAML", "b.yml"]
    assert [path.name for path in model_folders(tmp_path, tmp_path)] == ["one", "two"]
    assert model_files(tmp_path, tmp_path / "none") == []


def test_links_out_of_the_model_are_refused(tmp_path: Path) -> None:
    """A link may stay inside."""
    base = tmp_path / "model"
    base.mkdir()
    (tmp_path / "secret.yml").write_text("a: 1")
    (base / "a.yml").write_text("a: 1")
    (base / "b.yml").symlink_to(base / "a.yml")
    assert len(model_files(base, base)) == 2
    (base / "c.yml").symlink_to(tmp_path / "secret.yml")
    with pytest.raises(ToolkitError) as error:
        model_files(base, base)
    assert str(error.value) == f"{base / 'c.yml'}: is a link that leads out of the model"


def test_link_to_itself_is_refused(tmp_path: Path) -> None:
    """A link that never ends is no file."""
    (tmp_path / "a.yml").symlink_to(tmp_path / "a.yml")
    with pytest.raises(ToolkitError) as error:
        model_files(tmp_path, tmp_path)
    assert str(error.value) == f"{tmp_path}: cannot be read"


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of that many files is something else."""
    monkeypatch.setattr(module, "MOST_FILES", 2)
    for name in "abc":
        (tmp_path / f"{name}.yml").write_text("a: 1")
    with pytest.raises(ToolkitError) as error:
        model_files(tmp_path, tmp_path)
    assert str(error.value) == f"{tmp_path}: holds more than 2 files"
