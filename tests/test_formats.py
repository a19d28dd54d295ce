"""The table of formats: what is read by which ending, and what is refused before a reader sees it."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlops_widgets.assessment import Assessment
from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats import FORMATS, LARGEST_FILE, PLANS, read_answers, written, written_plan
from mlops_widgets.library import load_rubric

if TYPE_CHECKING:
    from pathlib import Path

RUBRIC = load_rubric("mlops-levels")
CHURN = Assessment.from_dict(
    {
        "id": "churn26q4",
        "subject": "Churn model",
        "date": "2026-11-20",
        "assessor": "Anna",
        "rubric": {"id": RUBRIC.id, "version": RUBRIC.version, "hash": RUBRIC.content_hash},
        "answers": {
            "data.catalog": "yes",
            "data.versioning": {"value": "partly", "note": "since May, = half of it", "evidence": ["docs/data.md"]},
            "data.central-storage": {"value": "na", "reason": "no data of our own"},
        },
    }
)


RENAME = "whatever its ending says; give it the ending it should have"


def refusal(name: str, data: bytes) -> str:
    """Why a file is refused."""
    with pytest.raises(ToolkitError) as error:
        read_answers(name, data)
    return str(error.value)


@pytest.mark.parametrize("ending", FORMATS)
def test_what_is_written_is_read(ending: str) -> None:
    """Every format gives back the answers that were written, every mark taken, the rubric found by itself."""
    reading = read_answers(f"churn.{ending}", written(CHURN, RUBRIC, ending))
    assert reading.rubric.id == RUBRIC.id
    assert reading.assessment.answers == CHURN.answers
    assert (reading.assessment.subject, reading.assessment.date) == ("Churn model", "2026-11-20")
    assert {mark.criterion for mark in reading.taken} >= set(CHURN.answers)
    assert reading.is_complete


@pytest.mark.parametrize("ending", FORMATS)
def test_a_table_entry_is_whole(ending: str) -> None:
    """Every format says how it is called, for people and for HTTP."""
    known = FORMATS[ending]
    assert known.ending == ending
    assert known.title
    assert known.media_type.count("/") == 1


ENDINGS = [ending for each in FORMATS.values() for ending in (each.ending, *each.endings)]
KNOWN = ", ".join(f".{ending}" for ending in ENDINGS)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("team.docx", b"x", f"team.docx: files that end in .docx cannot be read; one of {KNOWN} can"),
        ("team", b"x", f"team: files without an ending cannot be read; one of {KNOWN} can"),
        ("a.b/team", b"x", f"a.b/team: files without an ending cannot be read; one of {KNOWN} can"),
        ("team.yaml", b"", "team.yaml: is empty; choose the file that holds the answers"),
        ("team.yaml", b" \r\n\t", "team.yaml: is empty; choose the file that holds the answers"),
        ("team.yaml", b"\xef\xbb\xbf\n", "team.yaml: is empty; choose the file that holds the answers"),
        (
            "team.yaml",
            b"PK\x03\x04...",
            "team.yaml: is a workbook or another zip archive and no text, " + RENAME,
        ),
        ("team.yaml", b"a: 1\nb: \xff\xfe", "team.yaml:2: is not UTF-8 text; save the file as UTF-8"),
        ("team.yaml", b"a\nb\0c", "team.yaml:2: holds bytes that no text has: it is another kind of file"),
        (
            "team.yaml",
            b"x" * (LARGEST_FILE + 1),
            "team.yaml: is larger than 5 MB; no file of answers is",
        ),
        ("x\x1b[2J\u202e.doc", b"x", f"x[2J.doc: files that end in .doc cannot be read; one of {KNOWN} can"),
    ],
)
def test_what_no_reader_sees(name: str, data: bytes, sentence: str) -> None:
    """A file that is not what its ending says is refused with a sentence."""
    assert refusal(name, data) == sentence


def test_endings_in_capitals() -> None:
    """A file from a system that shouts is read like any other."""
    assert read_answers("CHURN.YAML", written(CHURN, RUBRIC, "yaml")).assessment.answers == CHURN.answers


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_other_encodings(encoding: str) -> None:
    """A file with a byte order mark, and one that Windows calls Unicode text, are read like any other."""
    data = written(CHURN, RUBRIC, "yaml").decode().encode(encoding)
    assert read_answers("churn.yaml", data).assessment.answers == CHURN.answers


def test_spreadsheets_save_in_encodings_of_their_own() -> None:
    """Separated values that are no UTF-8 are read, and that is told."""
    reading = read_answers("churn.csv", "id,value,note\ndata.catalog,yes,für alle\n".encode("latin-1"))
    assert reading.assessment.answers["data.catalog"].note == "für alle"
    assert "The file is not UTF-8 and was read as Windows-1252: look at letters such as é and ß." in reading.notes


def test_a_workbook_with_macros() -> None:
    """What runs in a workbook is not looked at; its answers are."""
    reading = read_answers("churn.xlsm", written(CHURN, RUBRIC, "xlsx"))
    assert reading.assessment.answers == CHURN.answers


def test_the_same_criterion_twice() -> None:
    """Two marks that differ are both there, and neither is taken over the other without a person."""
    text = RUBRIC.criteria["data.catalog"].text
    reading = read_answers("team.md", f"- [x] {text}\n- [ ] {text}\n".encode(), rubric=RUBRIC)
    assert "data.catalog" not in reading.assessment.answers
    assert [(mark.line, mark.state) for mark in reading.marks] == [(1, "confirm"), (2, "confirm")]


def test_a_document_without_a_name_for_its_subject() -> None:
    """The subject of a document that says none is called after its title, or else after the file."""
    text = RUBRIC.criteria["data.catalog"].text
    assert read_answers("a/fraud model.md", f"- [x] {text}\n".encode()).assessment.subject == "fraud model"
    titled = read_answers("fraud.md", f"# Fraud, autumn\n\n- [x] {text}\n".encode())
    assert titled.assessment.subject == "Fraud, autumn"


@pytest.mark.parametrize("ending", FORMATS)
def test_a_rubric_is_named_and_not_opened(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file from elsewhere cannot have this machine open a rubric of its choice."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text("password: x")
    stranger = CHURN.model_copy(update={"rubric": CHURN.rubric.model_copy(update={"id": "s.yaml", "hash": None})})
    told = refusal(f"churn.{ending}", written(stranger, RUBRIC, ending))
    assert "password" not in told
    assert "sections" not in told


def test_answers_that_a_rubric_no_longer_asks() -> None:
    """Of an older version of the rubric, an answer without its criterion is a mark that is left, with its line."""
    data = written(CHURN.model_copy(update={"answers": {}}), RUBRIC, "yaml")
    text = data.decode().replace(f'version: "{RUBRIC.version}"', 'version: "0.1"') + "\n  data.gone: yes\n"
    text = "\n".join(line for line in text.split("\n") if not line.startswith("  hash:"))
    (mark,) = read_answers("old.yaml", text.encode()).left
    assert (mark.text, mark.why) == (
        "data.gone: yes",
        f"mlops-levels {RUBRIC.version} does not ask this; it is kept, and never scored",
    )


@given(ending=st.sampled_from(ENDINGS), data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_comes_is_read_or_refused(ending: str, data: bytes) -> None:
    """Anything at all, under any ending, is read or gets a sentence."""
    with suppress(ToolkitError):
        reading = read_answers(f"file.{ending}", data, rubric=RUBRIC)
        assert len(reading.taken) + len(reading.to_confirm) + len(reading.left) == len(reading.marks)


def test_no_such_format() -> None:
    """An ending that nobody writes is told, with those there are."""
    with pytest.raises(ToolkitError) as error:
        written(CHURN, RUBRIC, "docx")
    assert str(error.value) == f"there is no format 'docx'; there are {', '.join(FORMATS)}"
    with pytest.raises(ToolkitError) as error:
        written_plan(CHURN, RUBRIC, "docx")
    assert str(error.value) == f"there is no format 'docx' of a plan; there are {', '.join(PLANS)}"


def test_not_every_fault_of_a_hostile_file_is_told() -> None:
    """After two hundred faults, how many more there are is enough."""
    data = json.dumps({f"k{number}": 1 for number in range(1000)}).encode()
    with pytest.raises(ToolkitError) as refused:
        read_answers("team.json", data)
    assert len(refused.value.problems) == 201
    assert str(refused.value.problems[-1]) == "team.json: more faults: 804"
