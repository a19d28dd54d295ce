"""Converting files, one or many: what goes where, what is refused, and that one bad file stops no other."""

from __future__ import annotations

import shutil
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children
from typing import TYPE_CHECKING

import pytest
from commands import DEMO

from mlops_widgets import conversion
from mlops_widgets.conversion import Job, check, convert, ending_of, jobs, report
from mlops_widgets.errors import ToolkitError
from mlops_widgets.library import load_rubric

if TYPE_CHECKING:
    from pathlib import Path

LIST = "# Churn\n\n## Data management\n\n- [x] Data catalog\n- [s] Feature store\n"


def faults(error: pytest.ExceptionInfo[ToolkitError]) -> list[str]:
    """Give what is told, line by line."""
    return str(error.value).splitlines()


@pytest.mark.parametrize("text", ["notes.docx", "notes", ".xls", ""])
def test_no_such_format(text: str) -> None:
    """An ending that no format has is refused before anything is read."""
    with pytest.raises(ToolkitError, match=r"^no format is written to '.*'; there are \.md"):
        ending_of(text)


def test_jobs(tmp_path: Path) -> None:
    """Files go into the folder, files of folders below it; what is hidden or no format's is passed over."""
    for name in ("a.md", "b/c.yaml", "b/d.yml", "b/.git/e.md", "b/f.png", ".hidden/g.md", "b/folder.md/h.doc"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = jobs([tmp_path / "in" / "a.md", tmp_path / "in" / "b"], tmp_path / "out", "yaml")
    assert [
        (job.source.relative_to(tmp_path).as_posix(), job.output.relative_to(tmp_path).as_posix()) for job in found
    ] == [
        ("in/a.md", "out/a.yaml"),
        ("in/b/c.yaml", "out/c.yaml"),
        ("in/b/d.yml", "out/d.yaml"),
    ]


def test_nothing_to_convert(tmp_path: Path) -> None:
    """A folder without any file of ours is told."""
    with pytest.raises(ToolkitError, match=r"^there is no file to convert; those that end in .*\.md.* can be$"):
        jobs([tmp_path], tmp_path / "out", "yaml")


def test_nothing_is_lost(tmp_path: Path) -> None:
    """No output is a source, stands for two sources or is there already, and all of it is told at once."""
    for name in ("a.md", "b.md", "b.yaml", "c.md", "c.yaml"):
        (tmp_path / name).touch()
    todo = [
        Job(source=tmp_path / "a.md", output=tmp_path / "sub" / ".." / "a.md"),
        Job(source=tmp_path / "b.md", output=tmp_path / "out.yaml"),
        Job(source=tmp_path / "b.yaml", output=tmp_path / "out.yaml"),
        Job(source=tmp_path / "c.md", output=tmp_path / "c.yaml"),
    ]
    first, second = tmp_path / "b.md", tmp_path / "b.yaml"
    with pytest.raises(ToolkitError) as caught:
        check(todo)
    assert faults(caught) == [
        f"{tmp_path / 'sub' / '..' / 'a.md'}: is one of the files that are read; write another",
        f"{tmp_path / 'out.yaml'}: would hold both {first} and {second}; convert them into two folders",
        f"{tmp_path / 'c.yaml'}: is there already; --force writes over it",
    ]
    with pytest.raises(ToolkitError) as caught:
        check(todo, force=True)
    assert len(faults(caught)) == 2


def test_a_link_is_its_file(tmp_path: Path) -> None:
    """A source is not lost by way of a link to it either."""
    (tmp_path / "a.yaml").touch()
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    with pytest.raises(ToolkitError, match=r"b\.yaml: is one of the files that are read; write another$"):
        check([Job(source=tmp_path / "a.yaml", output=tmp_path / "b.yaml")], force=True)


def test_one_bad_file_stops_no_other(tmp_path: Path) -> None:
    """What cannot be used is told in its place, and the rest is written."""
    (tmp_path / "empty.md").touch()
    (tmp_path / "list.md").write_text(LIST)
    shutil.copy(DEMO, tmp_path / "demo.yaml")
    todo = jobs([tmp_path], tmp_path / "out", "yaml")
    outcomes = list(convert(todo, ending="yaml", rubric=load_rubric("mlops-levels")))
    assert [(outcome.job.source.name, str(outcome.error or ""), outcome.answers) for outcome in outcomes] == [
        ("demo.yaml", "", 71),
        ("empty.md", f"{tmp_path / 'empty.md'}: is empty; choose the file that holds the answers", 0),
        ("list.md", "", 1),
    ]
    assert [len(outcome.waiting) for outcome in outcomes] == [0, 0, 1]
    assert (tmp_path / "out" / "demo.yaml").read_bytes() == DEMO.read_bytes()
    assert not (tmp_path / "out" / "empty.yaml").exists()


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A file where a folder is needed is told."""
    (tmp_path / "out").touch()
    (outcome,) = convert([Job(source=DEMO, output=tmp_path / "out" / "a.md")], ending="md")
    assert str(outcome.error) == f"{tmp_path / 'out'}: cannot be made: File exists"


@pytest.mark.parametrize("rubric", [None, "mlops-levels"])
def test_many_are_read_side_by_side(rubric: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In processes of their own files come to the same, in the same order."""
    for number in range(6):
        (tmp_path / f"{number}.md").write_text(LIST.replace("Churn", f"Churn {number}") if number != 3 else "")
    todo = jobs([tmp_path], tmp_path / "out", "yaml")
    known = load_rubric(rubric) if rubric else None
    alone = report(convert(todo, ending="yaml", rubric=known))
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    monkeypatch.setattr(conversion, "MANY", 2)
    assert report(convert(todo, ending="yaml", rubric=known)) == alone
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == written
    assert [bool(each["error"]) for each in alone["files"]] == [False, False, False, True, False, False]


def test_who_is_interrupted_does_not_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the caller goes, files that are not begun are not read any more, and no process is left."""
    asked: list[bool] = []

    class Pool(ProcessPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as it is
            asked.append(cancel_futures)
            super().shutdown(wait, cancel_futures=cancel_futures)

    for number in range(6):
        (tmp_path / f"{number}.md").write_text(LIST)
    monkeypatch.setattr(conversion, "MANY", 2)
    monkeypatch.setattr(conversion, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(conversion.os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    steps = convert(jobs([tmp_path], tmp_path / "out", "yaml"), ending="yaml")
    next(steps)
    steps.close()
    assert asked[0]
    assert active_children() == []
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["0.yaml"]


def test_report(tmp_path: Path) -> None:
    """The report has every mark of every file, and what could not be used."""
    (tmp_path / "list.md").write_text(LIST)
    (tmp_path / "notes.md").write_text("Nothing here.\n")
    todo = jobs([tmp_path], tmp_path / "out", "yaml")
    told = report(convert(todo, ending="yaml", rubric=load_rubric("mlops-levels")))
    first, second = told["files"]
    assert (first["source"], first["output"]) == (str(tmp_path / "list.md"), str(tmp_path / "out" / "list.yaml"))
    assert first["rubric"] == {"id": "mlops-levels", "version": "1.0"}
    assert [(mark["line"], mark["state"]) for mark in first["marks"]] == [(5, "taken"), (6, "confirm")]
    assert second["marks"] == []
    assert told["format"] == 1
