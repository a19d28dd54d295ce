"""An assessment as JSON: what is written comes back, and what cannot be read has its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from test_formats_yaml import assessment, assessments

from mlops_widgets.assessment import Answer, Assessment
from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.json import load_json, read_json, write_json
from mlops_widgets.library import load_rubric, packaged_folder

if TYPE_CHECKING:
    from pathlib import Path

LEVELS = load_rubric("mlops-levels")
HEAD = '"id": "demo", "rubric": {"id": "mlops-levels", "version": "1.0"}, "subject": "S", "date": "2026-11-20"'


def refused(text: str | bytes) -> str:
    """The sentences with which a file is refused."""
    with pytest.raises(ToolkitError) as caught:
        read_json(text.encode() if isinstance(text, str) else text, name="a.json")
    return str(caught.value)


@settings(max_examples=100, deadline=None)
@given(assessments(LEVELS))
def test_round_trip(given: Assessment) -> None:
    """Whatever an assessment holds comes back exactly, is written the same again, and is JSON for every reader."""
    text = write_json(given)
    assert read_json(text.encode(), name="a.json") == given
    assert write_json(read_json(text.encode(), name="a.json")) == text

    def never(word: str) -> Any:
        raise AssertionError(word)

    json.loads(text, parse_constant=never)


def test_short_answers() -> None:
    """An answer may be its value alone."""
    read = read_json(f'{{{HEAD}, "answers": {{"a": "yes", "b": 2, "c": true}}}}'.encode(), name="a.json")
    assert [answer.value for answer in read.answers.values()] == ["yes", "2", "yes"]


def test_infinite_targets() -> None:
    """Infinity is a number no reader can hold; a text that looks like it stays text."""
    given = assessment(
        LEVELS, targets={"data": float("-inf")}, answers={"data.catalog": Answer(note='": Infinity,\n": Infinity,')}
    )
    assert '"data": -1e999\n' in write_json(given)
    assert read_json(write_json(given).encode(), name="a.json") == given


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "a.json:1: is not JSON"),
        ("{\n\n,", "a.json:3: is not JSON"),
        (b"\xff{}", "a.json: is not UTF-8 text; save the file as UTF-8"),
        ('{"id": 1, "id": 2}', "a.json: the key 'id' stands twice; keep one"),
        (f'{{{HEAD}, "answers": {{"a": {{"value": "yes", "value": "no"}}}}}}', "a.json: the key 'value' stands twice; keep one"),
        ("[\n" * 61, "a.json:61: is nested deeper than 60 levels"),
        ("[" * 1_000_000, "a.json:1: is nested deeper than 60 levels"),
        ("9" * 10_000, "a.json: holds a number with too many digits"),
        ("3", "a.json: an assessment is a mapping with a rubric and answers"),
        (b" " * 10_000_001, "a.json: is larger than 10 MB; no file of ours is"),
        (
            f'{{{HEAD}, "answers": {{"a": {{"mood": 1}}}}}}',
            "a.json: answers.a.mood: is not a known key; check its spelling or take it out",
        ),
        (
            '{"id": "demo", "rubric": {"id": "x"}, "date": "soon"}',
            "a.json: rubric.version: is missing\n"
            "a.json: subject: is missing\n"
            "a.json: date: should be a date, like '2026-11-20', not 'soon'",
        ),
    ],
    ids=range(12),
)  # fmt: skip
def test_refused(text: str | bytes, sentence: str) -> None:
    """What is no assessment is a sentence, with its line or its path."""
    assert refused(text) == sentence


def test_brackets_in_texts_do_not_nest() -> None:
    """A note full of brackets is a note."""
    given = assessment(LEVELS, answers={"data.catalog": Answer(note='[{"\\' * 100)})
    assert read_json(write_json(given).encode(), name="a.json") == given


def test_files(tmp_path: Path) -> None:
    """A file is read with or without a byte order mark; one that is not there, or too large, is told."""
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf" + write_json(assessment(LEVELS)).encode())
    assert load_json(path) == assessment(LEVELS)
    with pytest.raises(ToolkitError) as caught:
        load_json(tmp_path / "b.json")
    assert str(caught.value) == f"{tmp_path / 'b.json'}: cannot be read: No such file or directory"
    path.write_bytes(b" " * 10_000_001)
    with pytest.raises(ToolkitError) as caught:
        load_json(path)
    assert str(caught.value) == f"{path}: is larger than 10 MB; no file of ours is"


def test_schema_file_is_that_of_the_model() -> None:
    """The schema that editors read says what the model says."""
    written = (packaged_folder("rubrics") / "assessment.schema.json").read_text(encoding="utf-8")
    assert written == json.dumps(Assessment.json_schema(), indent=2) + "\n"


@settings(max_examples=25, deadline=None)
@given(assessments(LEVELS))
def test_schema_fits_what_is_written(given: Assessment) -> None:
    """What is written is valid by the schema, answers short or long."""
    validator = Draft202012Validator(Assessment.json_schema())
    plain = json.loads(write_json(given))
    assert list(validator.iter_errors(plain)) == []
    assert list(validator.iter_errors(plain | {"answers": {"a": "yes", "b": 2, "c": None}})) == []
    assert list(validator.iter_errors(plain | {"date": "soon"}))
