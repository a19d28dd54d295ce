"""An assessment as separated values: what is written comes back, what tools and people write is read."""

from __future__ import annotations

import csv
import io
import random
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from test_formats_yaml import assessment, assessments

from mlops_widgets.assessment import Answer
from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.csv import COLUMNS, read_csv, write_csv
from mlops_widgets.library import load_rubric, rubric_ids

if TYPE_CHECKING:
    from mlops_widgets.assessment import Assessment

LEVELS = load_rubric("mlops-levels")
SMALL = load_rubric("mlops-questionnaire")
GOLDEN = Path(__file__).parent / "golden" / "questionnaire.csv"
UNNAMED = (
    "The file: names no subject; it is called 'team' after the file",
    "The file: says no date; 1970-01-01 stands in for it",
)
ANSWERS = {
    "people.collaboration": Answer(value="2", note='=1+1; "quoted",\nline', evidence=("https://example.org",)),
    "people.handover": Answer(value="na", reason="one team"),
}


@pytest.mark.parametrize("name", rubric_ids())
def test_round_trip(name: str) -> None:
    """Whatever an assessment holds comes back exactly, and every mark is taken."""
    rubric = load_rubric(name)

    @settings(max_examples=20, deadline=None)
    @given(assessments(rubric))
    def comes_back(given: Assessment) -> None:
        reading = read_csv(write_csv(given, rubric).encode(), name="any.csv")
        assert reading.assessment == given
        assert reading.is_complete
        assert reading.notes == ()

    comes_back()


def test_golden() -> None:
    """What is written, as a file: a change of it shows."""
    assert write_csv(golden(), SMALL).encode() == GOLDEN.read_bytes()


def golden() -> Assessment:
    """The assessment of the golden file."""
    answers = dict(zip(list(SMALL.criteria)[:2], ANSWERS.values(), strict=True))
    return assessment(SMALL, answers=answers, targets={"overall": 3.0}, assessor="@ops")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＠A", "'=1", "''", "plain", "a=b", "'"]
)
def test_nothing_is_computed(text: str) -> None:
    """No value begins with what a spreadsheet computes, and all of it comes back."""
    answers = {"data.catalog": Answer(value="yes", note=text, evidence=(text,), reason=text)}
    given = assessment(LEVELS, subject=text, assessor=text, answers=answers)
    written = write_csv(given, LEVELS)
    for row in csv.reader(io.StringIO(written, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "＝", "＠", "\t", "\r", "\n")) for cell in row)
    assert read_csv(written.encode(), name="a.csv").assessment == given


def test_one_row_a_criterion() -> None:
    """A tool finds every criterion and descriptor once, in order, with what it belongs to."""
    rows = list(csv.DictReader(io.StringIO(write_csv(golden(), SMALL), newline="")))
    assert [row["id"] for row in rows] == list(SMALL.criteria)
    assert tuple(rows[0]) == COLUMNS
    assert {row["assessor"] for row in rows} == {"'@ops"}


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("utf-16", ()),
        ("utf-16-le", ()),
        ("utf-16-be", ()),
        ("cp1252", ("The file is not UTF-8 and was read as Windows-1252: look at letters such as é and ß.",)),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_files_of_any_making(encoding: str, told: tuple[str, ...], separator: str, line_end: str) -> None:
    """Whatever separates the values, ends the lines and encodes the letters."""
    lines = [
        ["Id", "Antwort", "Bemerkung"],
        ["data.catalog", "ja", '"schön, ""neu"";\tso|"'],
        ["data.lineage", "nein", ""],
    ]
    data = line_end.join(separator.join(line) for line in lines).encode(encoding)
    reading = read_csv(data, LEVELS, name="team.csv")
    assert reading.assessment.answers == {
        "data.catalog": Answer(value="yes", note='schön, "neu";\tso|'),
        "data.lineage": Answer(value="no"),
    }
    assert reading.notes == (*told, *UNNAMED)


@pytest.mark.parametrize(
    "text", ["id,value\ndata.catalog,yes\n", "data.catalog,yes\n", "sep=;\nvalue;id\nyes;data.catalog"]
)
def test_id_and_value_are_enough(text: str) -> None:
    """Two columns make answers, with or without names."""
    assert read_csv(text.encode(), LEVELS, name="a.csv").assessment.answers == {"data.catalog": Answer(value="yes")}


def test_a_label_that_was_changed() -> None:
    """The value counts; a label beside it that says something else is told, for somebody may have answered there."""
    rows = ["id,value,label,assessment_id", "data.catalog,no,Yes,a", "data.lineage,,Yes,a", "data.versioning,no,,a"]
    text = "\n".join(rows)
    reading = read_csv(text.encode(), LEVELS, name="a.csv")
    assert reading.assessment.answers == {"data.catalog": Answer(value="no"), "data.versioning": Answer(value="no")}
    assert reading.notes[-2:] == (
        "line 2: the label says 'Yes' and the value 'no'; the value counts",
        "line 3: the label says 'Yes' and the value ''; the value counts",
    )


def test_letters_of_windows() -> None:
    """Quotation marks and dashes of a file that Excel saved are what they were."""
    data = "id;value;note\r\ndata.catalog;yes;“new” – 5 €\r\n".encode("cp1252")
    answers = read_csv(data, LEVELS, name="a.csv").assessment.answers
    assert answers == {"data.catalog": Answer(value="yes", note="“new” – 5 €")}


def test_rubric_is_found_by_its_ids() -> None:
    """The rubric that knows the ids is the one that is answered."""
    assert read_csv(b"id,value\ndata.catalog,yes\n", name="a.csv").rubric.id == "mlops-levels"


def test_what_is_not_understood_is_told() -> None:
    """Strange ids, strange answers, columns nobody knows: each is a mark or a sentence."""
    text = "id,value,votes\ndata.catalog,perhaps,3\nours.own,yes,\n\n,yes,\n"
    text += 'data.lineage,,\ndata.versioning,no,"1\n2"\n,"x",\n'
    reading = read_csv(text.encode(), LEVELS, name="team.csv")
    assert [(mark.place, mark.state, mark.why) for mark in reading.marks] == [
        ("line 2", "confirm", "'perhaps' is no answer that is known here"),
        ("line 3", "confirm", "'ours.own' is no criterion of this rubric; say which one is meant, or leave it out"),
        ("line 5", "left", "no statement stands beside it"),
        ("line 7", "taken", ""),
        ("line 9", "left", "no statement stands beside it"),
    ]
    assert reading.notes == (*UNNAMED, "The file: “votes” is not a column that is known here, and was not read")


def test_more_is_lost() -> None:
    """Without what no column shows the answers are read, and the loss is told."""
    lines = write_csv(golden(), SMALL).replace("more", "less").encode()
    reading = read_csv(lines, name="a.csv")
    assert reading.assessment.answers == golden().answers
    assert reading.notes[0] == (
        "The column “more” is missing or cannot be read: what no column shows, such as the plan, is lost."
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "a.csv: is empty"),
        (b"\n\n", "a.csv: is empty"),
        (b"PK\x03\x04", "a.csv: is a workbook or a zip file; call it .xlsx if it is a workbook"),
        (b"\x89PNG\r\n\x00\xff\xfe", "a.csv: is not text; save it as CSV in UTF-8"),
        (b"a,b\n" * 10_001, "a.csv: has more than 10,000 rows; a file of answers has a few hundred: is it another?"),
        (
            b'a,b\n"' + b"x" * 200_000,
            "a.csv:2: cannot be split into values from here on: a quotation mark is missing or a value is too long",
        ),
        (
            b'id,value\n"data.catalog,yes\ndata.lineage,no\n',
            "a.csv:2: a quotation mark opens a value here, and none closes it before the end of the file",
        ),
        (b"a" * 10_000_001, "a.csv: is larger than 10 MB; no file of ours is"),
    ],
    ids=range(8),
)  # fmt: skip
def test_refused(data: bytes, sentence: str) -> None:
    """What is no table of answers is a sentence."""
    with pytest.raises(ToolkitError) as caught:
        read_csv(data, LEVELS, name="a.csv")
    assert str(caught.value) == sentence


def test_day_of_the_targets_comes_back() -> None:
    """No column shows the day by which the targets are to be met, and it is kept all the same."""
    given_ = assessment(LEVELS, targets={"overall": 1}, targets_by="2027-01-01")
    assert read_csv(write_csv(given_, LEVELS).encode(), name="a.csv").assessment == given_


@pytest.mark.parametrize("seed", range(40))
def test_damage_is_a_sentence(seed: int) -> None:
    """Whatever is changed in a file, only our own error comes of it."""
    chance = random.Random(seed)  # noqa: S311 - damage of a test
    data = bytearray(write_csv(golden(), SMALL).encode())
    for _ in range(chance.randint(1, 10)):
        place = chance.randrange(len(data))
        data[place : place + chance.randint(0, 30)] = chance.choice(
            [b'"', b"\0", b"\xff", b"'=", b"\r", b"{", b"9" * 50]
        )
    with suppress(ToolkitError):
        assert read_csv(bytes(data), SMALL, name="a.csv").rubric is SMALL


def test_more_cells_than_answers_have() -> None:
    """A table of data is refused before anyone waits for it."""
    with pytest.raises(ToolkitError) as refusal:
        read_csv(b"a,\n" + (b"a," * 999 + b"\n") * 251, LEVELS, name="team.csv")
    message = "has more than 250,000 cells; a file of answers has a few thousand: is it another?"
    assert str(refusal.value) == f"team.csv: {message}"
