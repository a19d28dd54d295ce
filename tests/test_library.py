"""Reading rubrics: packaged ones, files, and every way in which a file can be wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rubric import plain, small

from mlops_widgets import library
from mlops_widgets.errors import ToolkitError
from mlops_widgets.library import (
    load_rubric,
    packaged_folder,
    read_foreign_yaml,
    read_yaml,
    rubric_ids,
    words,
    write_rubric,
)
from mlops_widgets.rubric import Rubric

if TYPE_CHECKING:
    from pathlib import Path

ANCHOR = "team.yaml:{line}: {name!r} stands for another part of the file (& and *); write that part out instead"

GOOD = """\
id: team
version: "1.0"
title: Team
description: A team's own rubric.
source: {document: Ours}
scale: answer
scales:
  answer:
    options:
      - {id: no, label: No, value: 0}
      - {id: yes, label: Yes, value: 1}
levels:
  - {level: 0, name: Start, summary: A start.}
  - {level: 1, name: Going, summary: On the way.}
scoring: {gates: {threshold: 0.8}}
sections:
  - id: data
    title: Data
    criteria:
      - id: data.a
        text: A.
        level: 1
"""


def fault(tmp_path: Path, content: str | bytes, name: str = "team.yaml") -> str:
    """What is said about a file with the given content, the folder left out."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ToolkitError) as error:
        load_rubric(path)
    return str(error.value).replace(f"{tmp_path}/", "")


def test_rubric_is_read_from_a_file(tmp_path: Path) -> None:
    """A file by its path becomes a rubric; yes and no are words, not truth values."""
    path = tmp_path / "team.yaml"
    path.write_text(GOOD)
    rubric = load_rubric(path)
    assert rubric.title == "Team"
    assert [option.id for option in rubric.scales["answer"].options] == ["no", "yes"]
    assert load_rubric(str(path)) == rubric


def test_rubric_is_read_from_json(tmp_path: Path) -> None:
    """JSON is read by the same reader."""
    path = tmp_path / "small.json"
    path.write_text(json.dumps(plain(), indent=2))
    assert load_rubric(path) == small()


def test_comments_and_order_do_not_change_the_hash(tmp_path: Path) -> None:
    """Two files that mean the same have one hash."""
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(GOOD)
    head, tail = GOOD.split("scale: answer\n")
    other.write_text("# Ours.\nscale: answer  # the only one\n" + head + tail)
    assert load_rubric(one).content_hash == load_rubric(other).content_hash


def test_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """Editors on Windows put a mark before UTF-8 text."""
    path = tmp_path / "team.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert load_rubric(path).id == "team"


def test_packaged_rubric_is_read_once() -> None:
    """A packaged rubric is found by its id and kept."""
    assert load_rubric("mlops-levels") is load_rubric("mlops-levels")


def test_packaged_rubrics_are_those_in_the_folder() -> None:
    """Every rubric file is packaged under the id it states."""
    assert rubric_ids() == sorted(path.stem for path in packaged_folder("rubrics").glob("*.yaml"))
    assert [load_rubric(name).id for name in rubric_ids()] == rubric_ids()


@pytest.mark.parametrize("name", ["mlops", "no/such/file.yaml", "../pyproject.toml", "", "."])
def test_rubric_that_is_not_there(name: str) -> None:
    """An unknown name is told with the names there are."""
    with pytest.raises(ToolkitError) as error:
        load_rubric(name)
    assert str(error.value) == (
        f"there is no rubric {name!r}; give the path of a .yaml file or one of: {', '.join(rubric_ids())}"
    )


def test_folder_is_no_rubric(tmp_path: Path) -> None:
    """A folder whose name ends like a file is none, and reading it as YAML says so."""
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    with pytest.raises(ToolkitError, match=r"^there is no rubric '.*folder\.yaml'; give the path of a \.yaml file or "):
        load_rubric(folder)
    with pytest.raises(ToolkitError) as error:
        read_yaml(folder)
    assert str(error.value) == f"{folder}: is a folder; name a file in it"


def test_every_fault_of_a_file_has_its_line(tmp_path: Path) -> None:
    """All faults come in one error, in the order of the file, each with line and path."""
    content = (
        GOOD.replace("level: 1\n", "level: 5\n        wieght: 2\n")
        .replace("title: Data\n", "title: 7\n")
        .replace("  - id: data\n", "  - id: data\n    scale: x\n")
        .replace("value: 1}", "value: high}")
        .replace('version: "1.0"\n', "")
    )
    assert fault(tmp_path, content).splitlines() == [
        "team.yaml:1: version: is missing",
        "team.yaml:10: scales.answer.options[1].value: should be a number, not 'high'",
        "team.yaml:17: sections[0].scale: 'x' is not one of the scales of this rubric: answer",
        "team.yaml:18: sections[0].title: should be text, not 7; put it in quotes",
        "team.yaml:22: sections[0].criteria[0].level: 5 is not one of 0, 1",
        "team.yaml:23: sections[0].criteria[0].wieght: is not a known key; check its spelling or take it out",
    ]


def test_fault_deep_in_a_file_has_its_line(tmp_path: Path) -> None:
    """The line is that of the key at fault, far below the top."""
    more = "".join(
        f"  - id: s{number}\n    title: S\n    criteria:\n"
        f"      - id: c{number}\n        text: C.\n        level: {5 if number == 3 else 1}\n"
        for number in range(1, 5)
    )
    assert fault(tmp_path, GOOD + more) == "team.yaml:40: sections[3].criteria[0].level: 5 is not one of 0, 1"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("", "team.yaml: is empty", id="empty"),
        pytest.param("# only a comment\n", "team.yaml: is empty", id="only a comment"),
        pytest.param("- a\n- b\n", "team.yaml:1: a rubric is a mapping with an id, a title and sections", id="list"),
        pytest.param("just text\n", "team.yaml:1: a rubric is a mapping with an id, a title and sections", id="text"),
        pytest.param("id: team\nscoring:\n\tcombine: mean\n",
                     "team.yaml:3: a tab stands where spaces are needed; indent with spaces", id="tab"),
        pytest.param("id: team\ntitle: One\nid: other\n", "team.yaml:3: the key 'id' stands twice; keep one",
                     id="key twice"),
        pytest.param("id: team\ntitle: [one, two\n",
                     ("team.yaml:3: is not YAML: while parsing a flow sequence expected ',' or ']', "
                     "but got '<stream end>'"),
                     id="bracket left open"),
        pytest.param("id: team\n? [a, b]\n: c\n", "team.yaml:2: a key must be a plain word", id="list as a key"),
        pytest.param("id: one\n---\nid: two\n",
                     "team.yaml:2: is not YAML: expected a single document in the stream but found another document",
                     id="two documents"),
        pytest.param(b"id: team\ntitle: caf\xe9\n", "team.yaml:2: is not UTF-8 text; save the file as UTF-8",
                     id="Latin-1"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", "team.yaml:1: is not UTF-8 text; save the file as UTF-8",
                     id="picture"),
        pytest.param(b"id: team\ntitle: a\x00b\n",
                     "team.yaml:2: holds a character that no text has (number 0); take it out", id="zero byte"),
        pytest.param("id: &a team\ntitle: *a\n",
                     ANCHOR.format(line=1, name="a"), id="alias"),
        pytest.param("a: &a [*a]\n",
                     ANCHOR.format(line=1, name="a"),
                     id="alias of itself"),
        pytest.param("id: team\ntitle: *a\n", ANCHOR.format(line=2, name="a"),
                     id="alias of nothing"),
        pytest.param("minutes: !!int ten\n", "team.yaml:1: 'ten' is no number", id="number that is none"),
        pytest.param("a: " + "[" * 70 + "]" * 70, "team.yaml:1: is nested deeper than 60 levels", id="70 deep"),
        pytest.param("a: [" + "&a 1, " * 99 + "]",
                     ANCHOR.format(line=1, name="a"),
                     id="anchor used again"),
        pytest.param("a: " + "[" * 50_000, "team.yaml:1: is nested deeper than 60 levels", id="50,000 deep"),
        pytest.param("a: " + "{b: " * 50_000, "team.yaml:1: is nested deeper than 60 levels", id="50,000 maps deep"),
        pytest.param(b"#" * 10_000_000, "team.yaml: is larger than 1 MB; no file of ours is", id="10 MB"),
    ],
)  # fmt: skip
def test_file_that_cannot_be_read(tmp_path: Path, content: str | bytes, expected: str) -> None:
    """Whatever is in the file, one sentence says where and what, and nothing else is raised."""
    assert fault(tmp_path, content) == expected


def test_alias_bomb_is_refused_at_its_first_alias(tmp_path: Path) -> None:
    """Nine lines that would unfold to a billion words are refused, not unfolded."""
    lines = ["a0: &a0 [lol, lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert fault(tmp_path, "\n".join(lines)) == (ANCHOR.format(line=1, name="a0"))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("true", True), ("False", False), ("null", None), ("~", None),
        ("12", 12), ("-3", -3), ("012", 12), ("0x1F", 31), ("-0x1F", -31), ("0o17", 15), ("1_000", 1000),
        ("0.30", 0.3), ("1e3", 1000.0), ("-.INF", float("-inf")), ("2026-11-20", "2026-11-20"), ("12:30", "12:30"),
        ("'12'", "12"), ('"true"', "true"), ("!!str 12", "12"),
    ],
)  # fmt: skip
def test_scalar_is_read_as_yaml_1_2(tmp_path: Path, written: str, value: Any) -> None:  # noqa: ANN401 - any scalar
    """Words stay words, dates stay text, numbers are numbers."""
    path = tmp_path / "value.yaml"
    path.write_text(f"a: {written}\n")
    data, _ = read_yaml(path)
    assert data == {"a": value}
    assert type(data["a"]) is type(value)


def test_missing_file_is_told(tmp_path: Path) -> None:
    """A file that is not there is no traceback."""
    with pytest.raises(ToolkitError) as error:
        read_yaml(tmp_path / "gone.yaml")
    assert str(error.value) == f"{tmp_path}/gone.yaml: cannot be read: No such file or directory"


def test_words_of_a_widget_that_does_not_exist() -> None:
    """A widget without a table of words is told by name."""
    with pytest.raises(ToolkitError) as error:
        words("toaster")
    assert str(error.value) == "there are no words for a widget called 'toaster'"


def test_words_stand_in_english_where_a_language_lacks_them() -> None:
    """A language without a table shows English."""
    assert words("form", "xx") == words("form")


GOLDEN = sorted((packaged_folder("tests") / "golden" / "rubrics").glob("*.yaml"))


@pytest.mark.parametrize("name", [*rubric_ids(), *GOLDEN], ids=str)
def test_written_rubric_is_equal(tmp_path: Path, name: str) -> None:
    """Reading what was written gives the same meaning, and writing that the same text."""
    rubric, path = load_rubric(name), tmp_path / "written.yaml"
    text = write_rubric(rubric)
    path.write_text(text, encoding="utf-8")
    again = load_rubric(path)
    assert again.content_hash == rubric.content_hash
    assert write_rubric(again) == text
    assert text.startswith("# yaml-language-server: $schema=rubric.schema.json\nformat: 1\nid: ")


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t -:#'\"&*!|>%@`"), min_size=1)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_any_text_is_written_so_that_it_comes_back(
    tmp_path_factory: pytest.TempPathFactory, title: str, text: str
) -> None:
    """Whatever signs YAML has a use for."""
    data = plain() | {"title": title, "description": text, "sections": plain()["sections"][:1]}
    data["sections"][0]["criteria"][0]["text"] = text[:500]
    rubric = Rubric.from_dict(data | {"title": title[:500]})
    path = tmp_path_factory.mktemp("written") / "any.yaml"
    path.write_text(write_rubric(rubric), encoding="utf-8", newline="")
    assert load_rubric(path).content_hash == rubric.content_hash


def test_text_that_folding_would_change(tmp_path: Path) -> None:
    """Quoted, with a backslash where the line would be folded."""
    text = (
        "b\u2028b \u2028b\U000690beab\u2028ba \\\\\\\U000690be \u2028\u2028\u2028b\\\nb\u2028b"
        "\u2028\naa\u2028a\\\\bb\u2028  ab"
        "\U000690bea\n\nb\u2028 \U000690be\u2028a\\\n\u2028b\u2028\n\\ \nab \\ab"
        "\\\\ba\\\U000690be\u2028\\bb \u2028a\n\\"
    )
    folded = library._written({"description": text}, width=120)
    (tmp_path / "folded.yaml").write_text(folded, encoding="utf-8", newline="")
    assert read_yaml(tmp_path / "folded.yaml")[0] != {"description": text}
    rubric = Rubric.from_dict(plain() | {"description": text})
    path = tmp_path / "any.yaml"
    path.write_text(write_rubric(rubric), encoding="utf-8", newline="")
    assert load_rubric(path).description == text


def foreign(folder: Path, text: str) -> tuple[list[Any], list[str]]:
    """Read a text as YAML of others, with what is told."""
    path = folder / "foreign.yaml"
    path.write_text(text, encoding="utf-8")
    documents, notes = read_foreign_yaml(path)
    return documents, [str(note).removeprefix(f"{path}:") for note in notes]


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("a: &x [1]\nb: *x\n", [{"a": [1], "b": [1]}]),
        ("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n", [{"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 3}}]),
        ("a: &x {b: 1}\nd: &x\n  <<: *x\n  c: 3\n", [{"a": {"b": 1}, "d": {"b": 1, "c": 3}}]),
        ("---\na: 1\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("", []),
        ("<<: 3\n", [{"<<": 3}]),
    ],
)
def test_yaml_of_others(tmp_path: Path, text: str, documents: list[Any]) -> None:
    """Aliases, merge keys, names given twice and several documents."""
    assert foreign(tmp_path, text) == (documents, [])


def test_key_of_others_that_stands_twice(tmp_path: Path) -> None:
    """The later is taken, and told with its line."""
    assert foreign(tmp_path, "a: 1\na: 2\n") == ([{"a": 2}], ["2: the key 'a' stands twice: the later is taken"])


BOMB = "a: &a [x, x]\n" + "".join(
    f"{key}: &{key} [{', '.join([f'*{before}'] * 9)}]\n" for before, key in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &x [*x]\n", "1: stands for a part of the file it is in itself"),
        ("a: &x\n  <<: *x\n", "1: stands for a part of the file it is in itself"),
        ("a: *x\n", "1: is not YAML: found undefined alias 'x'"),
        (BOMB, "1: unfolds to more than 100000 parts or 60 levels"),
        ("[" * 100, "1: is nested deeper than 60 levels"),
        ("? [1]\n: 2\n", "1: a key must be a plain word"),
        ("a: " + "9" * 400, "1: '" + "9" * 60 + "' is no number"),
        ("a: 0x" + "f" * 5000, "1: '0x" + "f" * 58 + "' is no number"),
    ],
)
def test_yaml_of_others_that_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """What would unfold to gigabytes, lead back to itself or overflow: a sentence with its line."""
    with pytest.raises(ToolkitError) as error:
        foreign(tmp_path, text)
    assert str(error.value).removeprefix(f"{tmp_path / 'foreign.yaml'}:") == message


def test_parts_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of very many parts takes minutes to read and is none of a model."""
    monkeypatch.setattr(library, "MOST_PARTS", 100)
    with pytest.raises(ToolkitError) as error:
        foreign(tmp_path, "- a\n" * 100)
    assert str(error.value) == f"{tmp_path / 'foreign.yaml'}:100: has more than 100 parts"


def test_parts_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of ours is held to the same."""
    monkeypatch.setattr(library, "MOST_PARTS", 100)
    path = tmp_path / "team.yaml"
    path.write_text("- a\n" * 100, encoding="utf-8")
    with pytest.raises(ToolkitError) as error:
        read_yaml(path)
    assert str(error.value) == f"{path}:100: has more than 100 parts"


def test_size_of_others(tmp_path: Path) -> None:
    """The caller says how large a file may be."""
    path = tmp_path / "foreign.yaml"
    path.write_text("a: " + "x" * 2_000_000, encoding="utf-8")
    assert len(read_foreign_yaml(path, largest=3_000_000)[0]) == 1
    with pytest.raises(ToolkitError) as error:
        read_foreign_yaml(path, largest=2_000_000)
    assert str(error.value) == f"{path}: is larger than 2 MB; no file of ours is"
