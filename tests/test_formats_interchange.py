"""What is told of a rubric that comes from elsewhere, and how its texts and ids are made fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_rubric import small

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.interchange import MOST_NOTES, Ids, Notes, RubricReading, cut, read_json, shown

if TYPE_CHECKING:
    from pathlib import Path


def told(notes: Notes) -> list[str]:
    """Give the notes as sentences."""
    return [str(note) for note in notes.notes]


def test_reading_says_what_it_read() -> None:
    """The first line counts, the others are the notes."""
    reading = RubricReading(rubric=small(), notes=(Problem(where="a", message="is left out"),))
    assert list(reading.told()) == ["Small: 2 dimensions, 2 sections, 5 criteria; 1 notes", "  a: is left out"]


def test_text_is_kept_and_changes_are_told() -> None:
    """A number counts as text; other kinds and characters no text has are told."""
    notes = Notes()
    node = {"a": " One ", "b": 1.5, "c": True, "d": {"x": 1}, "e": "x\x00y\r\nz", "f": None}
    assert [notes.text(node, key, "here") for key in (*node, "g")] == ["One", "1.5", "", "", "xy\nz", "", ""]
    assert told(notes) == [
        "here.c: should be text, not true: left out",
        "here.d: should be text, not a mapping: left out",
        "here.e: holds characters that no text has: they are taken out",
    ]


def test_lists_are_taken_item_by_item() -> None:
    """What is no part of a list is told with its place."""
    notes = Notes()
    assert list(notes.parts({"a": [{"x": 1}, 2]}, "a", "")) == [("a[0]", {"x": 1})]
    assert list(notes.parts({"a": "text"}, "a", "b")) == []
    assert notes.texts({"a": ["x", None, 2, [3]]}, "a", "") == ["x", "2"]
    assert notes.texts({"a": "x"}, "a", "") == ["x"]
    assert notes.mapping({"a": [1]}, "a", "") == {}
    assert told(notes) == [
        "a[1]: should be a mapping of keys to values, not 2: left out",
        "b.a: should be a list, not 'text': left out",
        "a[3]: should be text, not a list: left out",
        "a: should be a mapping of keys to values, not a list: left out",
    ]


def test_long_texts_are_cut_and_told() -> None:
    """The note says how long it was and where all of it stands."""
    notes = Notes()
    assert notes.line("one  two\nthree", "a", most=9, kept="its help") == "one two…"
    assert notes.paragraphs(["one", "", "two"], "b", most=100) == "one\n\ntwo"
    assert notes.paragraphs(["aaaa", "bbbb"], "c", most=8) == "aaaa\n\nb…"
    assert told(notes) == [
        "a: is 13 characters long: cut to 9; all of it stands in its help",
        "c: is 10 characters long: cut to 8",
    ]
    assert cut("abcdefgh", 4) == "abc…"


def test_what_nobody_asked_for_is_left_out_and_told() -> None:
    """Unless it is empty."""
    notes = Notes()
    notes.rest({"a": 1, "b": 2, "c": "", "d": [], "e": [1]}, "x.yml", known={"a"})
    notes.left_out("z")
    assert told(notes) == [
        "x.yml: b: has no counterpart: left out: 2",
        "x.yml: e: has no counterpart: left out",
        "z: has no counterpart: left out",
    ]


def test_places_are_printable() -> None:
    """A key of the file becomes part of a place, whatever is in it."""
    notes = Notes()
    notes.tell("a\ud800\nb", "is odd")
    assert told(notes) == ["a? b: is odd"]


def test_notes_end() -> None:
    """A file in which everything is wrong is something else."""
    notes = Notes()
    for _ in range(MOST_NOTES):
        notes.tell("a", "is wrong")
    with pytest.raises(ToolkitError) as error:
        notes.tell("a", "is wrong")
    problems = error.value.problems
    assert len(problems) == 21
    assert str(problems[-1]) == "and so on: more than 10000 parts are not as they should be"


def test_ids_are_made_fit() -> None:
    """Each once, short and plain; a changed one is told."""
    notes = Notes()
    ids = Ids(notes)
    assert [ids.fitted(name, "a") for name in ("data.x", "data.x", "Größe & mehr", "§", "x" * 90)] == [
        "data.x",
        "data.x-2",
        "Groe-mehr",
        "item",
        "x" * 80,
    ]
    assert ids.fitted("x" * 80, "b") == "x" * 78 + "-2"
    assert told(notes)[:2] == [
        "a: 'data.x' cannot be an id here or is taken: changed to 'data.x-2'",
        "a: 'Größe & mehr' cannot be an id here or is taken: changed to 'Groe-mehr'",
    ]
    assert len(told(notes)) == 5


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        (True, "true"),
        ([1], "a list"),
        ({}, "a mapping"),
        ("x", "'x'"),
        ("y" * 80, f"'{'y' * 59}..."),
    ],
)
def test_values_in_messages(value: object, text: str) -> None:
    """A value is shown as it stands in the file, short."""
    assert shown(value) == text


def test_json_of_others(tmp_path: Path) -> None:
    """Two slips of other tools are read, and told."""
    path = tmp_path / "a.json"
    path.write_text('\ufeff{"a": 1, "a": NaN}', encoding="utf-8")
    data, notes = read_json(path)
    assert data == {"a": None}
    assert [str(note) for note in notes] == [
        f"{path}: holds NaN, which is no JSON: read as nothing",
        f"{path}: the key 'a' stands twice: the later is taken",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ":1: is not JSON: Expecting value"),
        (b"{\n'a': 1}", ":2: is not JSON: Expecting property name enclosed in double quotes"),
        (b'{"a": "\xff"}', ": is not UTF-8 text; save the file as UTF-8"),
        (b"[" * 100_000, ": is nested too deeply"),
        (b"9" * 5000, ": is not JSON: a number has too many digits"),
        (b" " * 5_000_001, ": is larger than 5 MB"),
    ],
)
def test_json_that_cannot_be_read(tmp_path: Path, content: bytes, message: str) -> None:
    """One sentence each, with the line where there is one."""
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(ToolkitError) as error:
        read_json(path)
    assert str(error.value) == f"{path}{message}"


def test_json_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is said to be missing."""
    with pytest.raises(ToolkitError) as error:
        read_json(tmp_path / "a.json")
    assert str(error.value) == f"{tmp_path / 'a.json'}: cannot be read: No such file or directory"


def test_nothing_to_ask() -> None:
    """A model without anything to ask is no rubric; its notes say why."""
    notes = Notes()
    notes.tell("a", "is left out")
    with pytest.raises(ToolkitError) as error:
        notes.reading({"sections": []}, "file")
    assert str(error.value) == "file: holds nothing that can be asked\na: is left out"


def test_too_much_to_ask() -> None:
    """A rubric is bounded."""
    with pytest.raises(ToolkitError) as error:
        Notes().reading({"sections": [{"criteria": [{}] * 5001}]}, "file")
    assert str(error.value) == "file: has 5001 things to ask; the most a rubric takes is 5000"
