"""Reading within bounds and writing whole files."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_widgets.errors import ToolkitError
from mlops_widgets.files import read, write


def test_written_and_read(tmp_path: Path) -> None:
    """What is written is there, what was there is replaced, and nothing lies beside it."""
    path = tmp_path / "team.yaml"
    write(path, b"one")
    write(path, b"two")
    assert read(path, most=100) == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_no_more_than_can_be_used(tmp_path: Path) -> None:
    """An endless file is not read to its end."""
    path = tmp_path / "long"
    write(path, b"x" * 100)
    assert read(path, most=10) == b"x" * 10


def test_not_there(tmp_path: Path) -> None:
    """A file that cannot be read is told."""
    with pytest.raises(ToolkitError, match=r"gone: cannot be read: No such file or directory$"):
        read(tmp_path / "gone", most=10)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (".", ".: is a folder; name a file in it"),
        ("-", "-: standard input is not read; save it in a file whose ending says the format"),
    ],
)
def test_not_a_file(name: str, sentence: str) -> None:
    """What a person took for a file is told, with what to do."""
    with pytest.raises(ToolkitError) as error:
        read(Path(name), most=10)
    assert str(error.value) == sentence


def test_no_folder(tmp_path: Path) -> None:
    """A folder is not made on the way."""
    with pytest.raises(ToolkitError, match=r"gone: there is no such folder; make it first$"):
        write(tmp_path / "gone" / "a", b"")


def test_cannot_be_written(tmp_path: Path) -> None:
    """What is in the way stays as it is."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(ToolkitError, match=r"folder: cannot be written: Is a directory$"):
        write(tmp_path / "folder", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
