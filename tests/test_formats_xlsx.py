"""An assessment as a workbook: what is written comes back, however people changed it, and nothing is ever run."""

from __future__ import annotations

import io
import random
import re
import zlib
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula
from small_rubric import small
from test_formats_yaml import assessment, assessments
from workbooks import book_of, changed, saved, with_parts

from mlops_widgets.assessment import Answer, Assessment, Plan, PlanItem
from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.xlsx import read_xlsx, write_xlsx
from mlops_widgets.formats.xlsx_layout import DATA_SHEET, SCORE_SHEET
from mlops_widgets.library import load_rubric, rubric_ids

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from mlops_widgets.rubric import Rubric

LEVELS = load_rubric("mlops-levels")
GOLDEN = Path(__file__).parent / "golden" / "levels.xlsx.txt"
COLUMN = {name: position for position, name in enumerate("ABCDEFGHIJKL", start=1)}


def full(**fields: Any) -> Assessment:
    """An assessment that has something of everything."""
    answers = {
        "data.catalog": Answer(value="yes", note="since May", evidence=("https://example.org/a", "wiki"), confidence=4),
        "data.lineage": Answer(value="na", reason="one table"),
        "data.versioning": Answer(value="partly"),
    }
    return assessment(LEVELS, **{"answers": answers, "assessor": "The team", "targets": {"data": 2.0}, **fields})


def told(data: bytes, rubric: Rubric | None = LEVELS) -> list[str]:
    """What reading tells of marks that were not taken, and its notes."""
    reading = read_xlsx(data, rubric, name="team.xlsx")
    marks = [f"{mark.place} {mark.state}: {mark.why}" for mark in (*reading.to_confirm, *reading.left)]
    return [*marks, *reading.notes]


def refused(data: bytes) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(ToolkitError) as caught:
        read_xlsx(data, LEVELS, name="team.xlsx")
    return str(caught.value)


# Written and read back.


@pytest.mark.parametrize("name", rubric_ids())
def test_round_trip(name: str) -> None:
    """Whatever an assessment holds comes back exactly, and every mark is taken."""
    rubric = load_rubric(name)

    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(assessments(rubric))
    def comes_back(given: Assessment) -> None:
        reading = read_xlsx(write_xlsx(given, rubric), name="any.xlsx")
        assert reading.assessment == given
        assert reading.is_complete
        assert reading.notes == ()

    comes_back()


def test_plan_and_targets_come_back() -> None:
    """What no cell shows is kept: the plan, targets of deeper parts, targets that no number of a cell can be."""
    plan = Plan(owner="Ops", items={"item1": PlanItem(title="=cmd|' /C calc'!A0", criteria=("data.catalog",))})
    given = full(plan=plan, targets={"data": 0.1 + 0.2, "overall": float("inf")}, targets_by="2027-03-31")
    assert read_xlsx(write_xlsx(given, LEVELS), name="a.xlsx").assessment == given


def test_bytes_are_the_same() -> None:
    """The same assessment gives the same bytes, whatever the clock says: a diff shows what changed."""
    data = write_xlsx(full(), LEVELS)
    assert write_xlsx(full(), LEVELS) == data
    with ZipFile(io.BytesIO(data)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_golden() -> None:
    """What people see of a workbook, as text: a change of it shows."""
    book = load_workbook(io.BytesIO(write_xlsx(full(), LEVELS)))
    lines = []
    for sheet in [book["Start"], book[book.sheetnames[1]]]:
        lines.append(f"== {sheet.title}")
        for row in sheet.iter_rows():
            lines += [f"{cell.coordinate}: {cell.value!r}" for cell in row if cell.value is not None]
    assert "\n".join(lines) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_sheets_are_easy_to_use() -> None:
    """Dimensions have sheets, headers stay in view and name a table, nothing is merged, two sheets are hidden."""
    book = load_workbook(io.BytesIO(write_xlsx(full(), LEVELS)))
    assert book.sheetnames == ["Start", *(section.label for section in LEVELS.sections), SCORE_SHEET, DATA_SHEET]
    assert [sheet.title for sheet in book if sheet.sheet_state == "hidden"] == [SCORE_SHEET, DATA_SHEET]
    for sheet in book.worksheets[1:-2]:
        assert sheet.freeze_panes == "A2"
        assert [table.ref for table in sheet.tables.values()] == [f"A1:L{sheet.max_row}"]
        assert sheet.print_title_rows == "$1:$1"
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert not sheet.protection.sheet
    offered = {str(rule.formula1) for rule in book["Data"].data_validations.dataValidation}
    assert offered == {"'_score'!$A$1:$A$4", "'_score'!$A$8:$A$8", "1"}


TITLES = ["Data/Model?", "data*model:", "[x]" * 20, "'", "History", "_score", "=1+1"]


def test_titles_of_sheets() -> None:
    """Titles are short, without signs that have a meaning, and none stands twice."""
    sections = [
        {"id": f"s{number}", "title": title, "criteria": [{"id": f"s{number}.a", "text": "A.", "level": 1}]}
        for number, title in enumerate(TITLES)
    ]
    rubric = small({"sections": sections})
    given = assessment(rubric, answers={f"s{number}.a": Answer(value="yes") for number in range(len(TITLES))})
    data = write_xlsx(given, rubric)
    assert load_workbook(io.BytesIO(data)).sheetnames[1:-2] == [
        "Data Model", "data model 2", "x x x x x x x x x x x x x x x x", "Sheet", "History 2", "_score 2", "=1+1",
    ]  # fmt: skip
    assert read_xlsx(data, rubric, name="a.xlsx").assessment == given


# Nothing is run.


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(1)", "#N/A", "'x", "=", "{=1}"]
)
def test_text_of_people_is_never_computed(text: str) -> None:
    """Whatever a note, a subject or a link begins with, its cell holds text."""
    answers = {"data.catalog": Answer(value="yes", note=text, evidence=(text,), reason=text)}
    given = full(subject=text, assessor=text, answers=answers)
    data = write_xlsx(given, LEVELS)
    book = load_workbook(io.BytesIO(data))
    for place in ("B10", "B12"):
        assert book["Start"][place].data_type == "s"
    row = next(cell.row for cell in book["Data"]["A"] if cell.value == "data.catalog")
    assert {book["Data"][f"{column}{row}"].data_type for column in "GHI"} == {"s"}
    if text[0] in "=+-@\t'":
        assert book["Data"][f"H{row}"].quotePrefix
    assert read_xlsx(data, name="a.xlsx").assessment == given


def test_only_our_formulas_are_computed() -> None:
    """Every formula of a workbook is one of ours, though all that people can write begins with one."""
    evil = '=WEBSERVICE("http://example.org")'
    given = full(subject=evil, answers={name: Answer(value="yes", note=evil) for name in LEVELS.criteria})
    with ZipFile(io.BytesIO(write_xlsx(given, LEVELS))) as archive:
        for name in archive.namelist():
            if "worksheets" in name:
                assert not re.search(rb"<f>[^<]*WEBSERVICE", archive.read(name))


# Changed by people.


def answer_sheet(book: Workbook) -> Worksheet:
    """The sheet of the dimension that the tests are about."""
    return book["Data"]


def row_of(sheet: Worksheet, name: str) -> int:
    """Row of a criterion."""
    return next(cell.row for cell in sheet["A"] if cell.value == name)


def test_visible_cells_win() -> None:
    """What people change counts, also where more was kept of what stood there."""
    given = full(answers={"data.catalog": Answer(value="yes", note=" spaced ")}, targets={"data": 0.1 + 0.2})

    def change(book: Workbook) -> None:
        sheet = answer_sheet(book)
        row = row_of(sheet, "data.catalog")
        sheet[f"F{row}"], sheet[f"H{row}"], book["Start"]["B10"] = "Partly", "new", "Another model"
        target = next(cell.row for cell in book["Start"]["L"] if cell.value == "data")
        book["Start"][f"E{target}"] = 2

    read = read_xlsx(changed(write_xlsx(given, LEVELS), change), name="a.xlsx").assessment
    assert read.answers == {"data.catalog": Answer(value="partly", note="new")}
    assert (read.subject, read.targets, read.id) == ("Another model", {"data": 2.0}, given.id)


def test_rows_sorted_columns_moved_sheets_renamed() -> None:
    """Rows are known by their ids, columns by their names, sheets by what they hold."""

    def change(book: Workbook) -> None:
        sheet = answer_sheet(book)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        del sheet.tables["answers_1"]
        sheet.delete_rows(1, sheet.max_row)
        header, *body = rows
        order = [5, 7, 3, 0, 6, 8, 9]
        sheet.append(["Our list"])
        for row in [header, *sorted(body, key=lambda row: str(row[3]))]:
            sheet.append([None, *(row[place] for place in order)])
        sheet.title = "Daten"
        book.move_sheet(sheet, 3)
        book["Start"].title = "Cover"
        del book["Monitoring"]

    reading = read_xlsx(changed(write_xlsx(full(), LEVELS), change), name="a.xlsx")
    assert reading.assessment == full()
    assert {mark.how for mark in reading.marks} == {"id"}


@pytest.mark.parametrize(
    ("typed", "value"),
    [("yes", "yes"), ("JA", "yes"), ("x", "yes"), ("✅", "yes"), ("teilweise", "partly"), ("n/a", "na"), (True, "yes"),
     ("50 %", "partly"), (" No ", "no"), ("nein", "no")],
)  # fmt: skip
def test_answers_typed_by_hand(typed: object, value: str) -> None:
    """What people type for an answer is understood."""

    def change(book: Workbook) -> None:
        sheet = answer_sheet(book)
        sheet[f"F{row_of(sheet, 'data.catalog')}"] = typed

    reading = read_xlsx(changed(write_xlsx(assessment(LEVELS), LEVELS), change), name="a.xlsx")
    assert reading.assessment.answers == {"data.catalog": Answer(value=value)}


def test_numbers_typed_by_hand() -> None:
    """On a scale of 0 to 4 a number is an answer, whether a cell holds it as number or as text."""
    rubric = load_rubric("mlops-questionnaire")

    def change(book: Workbook) -> None:
        sheet = book.worksheets[1]
        sheet["F2"], sheet["F3"], sheet["F4"] = 2, "3", "Level 4"

    reading = read_xlsx(changed(write_xlsx(assessment(rubric), rubric), change), name="a.xlsx")
    assert [answer.value for answer in reading.assessment.answers.values()] == ["2", "3", "4"]


def test_what_is_not_understood_is_told() -> None:
    """A strange answer, a row of one's own, another column, a sheet of remarks: each is a mark or a sentence."""

    def change(book: Workbook) -> None:
        sheet = answer_sheet(book)
        sheet[f"F{row_of(sheet, 'data.catalog')}"] = "perhaps"
        sheet[f"J{row_of(sheet, 'data.lineage')}"] = "high"
        sheet["M1"], sheet["M2"] = "Votes", "three"
        sheet.append(["ours.own", None, None, "Our own question", None, "Yes"])
        sheet.append([None, None, None, None, None, "Yes"])
        remarks = book.create_sheet("Remarks")
        remarks["B7"] = "We met twice."

    assert told(changed(write_xlsx(full(), LEVELS), change)) == [
        "Data, row 6 confirm: 'perhaps' is no answer that is known here",
        "Data, row 13 confirm: 'ours.own' is no criterion of this rubric; say which one is meant, or leave it out",
        "Data, row 14 left: no statement stands beside it",
        "Data: “Votes” is not a column that is known here, and was not read",
        "Remarks: no columns of statements and answers were found; 1 rows were not read",
    ]


def test_a_criterion_twice() -> None:
    """Two rows of one criterion with different answers wait for a person; alike they are one answer."""

    def twice(value: str, note: str | None = None) -> bytes:
        def change(book: Workbook) -> None:
            sheet = answer_sheet(book)
            sheet.append(["data.versioning", None, None, "Again", None, value, None, note])

        return changed(write_xlsx(full(), LEVELS), change)

    assert told(twice("Partly")) == []
    assert told(twice("No")) == [
        "Data, row 5 confirm: lines 5, 13 answer data.versioning differently; keep one of them",
        "Data, row 13 confirm: lines 5, 13 answer data.versioning differently; keep one of them",
    ]
    assert told(twice("Partly", "more")) == [
        "Data, row 13 confirm: says the same as line 5, which was taken, but not in all it says; keep one of them"
    ]


def test_start_sheet_changed() -> None:
    """A date as a date, uses as ticks, a target in words: read; what cannot be is told."""

    def change(book: Workbook) -> None:
        start = book["Start"]
        start["B11"] = date(2026, 12, 1)
        start["B13"] = "soon"
        rows = {str(cell.value): cell.row for cell in start["L"] if cell.value}
        start[f"B{rows['batch']}"], start[f"B{rows['real-time']}"] = "x", "perhaps"
        start[f"E{rows['overall']}"], start[f"E{rows['training']}"] = "Level 2", "high"

    data = changed(write_xlsx(full(), LEVELS), change)
    read = read_xlsx(data, name="a.xlsx").assessment
    assert (read.date, read.profile, read.targets) == ("2026-12-01", ("batch",), {"data": 2.0, "overall": 2.0})
    assert told(data) == [
        "Start, row 17: 'perhaps' is neither yes nor empty; taken as no",
        "Start: 'soon' is no date like 2026-11-20",
        "Start: the target 'high' of training is no number",
    ]


def test_hidden_sheet_lost_or_damaged() -> None:
    """Without the hidden sheet the answers are read all the same; what was only there is told to be lost."""

    def damage(book: Workbook) -> None:
        book[DATA_SHEET]["A1"] = '{"format": 1, "id": "../../etc"}'

    def lose(book: Workbook) -> None:
        del book[DATA_SHEET]

    data = write_xlsx(full(), LEVELS)
    assert told(changed(data, damage)) == [
        "The hidden sheet _data cannot be read: what no cell shows, such as the plan, is lost."
    ]
    for change in (damage, lose):
        reading = read_xlsx(changed(data, change), name="a.xlsx")
        assert reading.assessment.answers == full().answers
        assert re.fullmatch(r"[0-9a-f]{12}", reading.assessment.id)


# Of other makings.


def test_any_table() -> None:
    """A list of statements beside a column of marks is enough."""
    texts = [criterion.text for criterion in LEVELS.criteria.values()][:3]
    rows = [["Our quarterly check"], [], ["#", "Practice", "Done", "Comment"]]
    rows += [[1, texts[0], "yes", "since May"], [2, texts[1], "no", None], [3, texts[2], None, "to be discussed"]]
    reading = read_xlsx(book_of(rows), LEVELS, name="team.xlsx")
    ids = list(LEVELS.criteria)
    assert reading.assessment.answers == {
        ids[0]: Answer(value="yes", note="since May"),
        ids[1]: Answer(value="no"),
        ids[2]: Answer(note="to be discussed"),
    }
    assert reading.notes == (
        "The workbook: names no subject; it is called 'team' after the file",
        "The workbook: says no date; 1970-01-01 stands in for it",
    )


def test_two_columns_that_look_like_marks() -> None:
    """Where both are filled in and differ, or one is empty, a person decides."""
    texts = [criterion.text for criterion in LEVELS.criteria.values()][:3]
    rows = [["Practice", "Spring", "Autumn"], [texts[0], "yes", "no"], [texts[1], "no", "no"], [texts[2], "yes", None]]
    both = "more than one column of answers is filled in, or they differ; say which one counts"
    assert told(book_of(rows)) == [
        f"Sheet1, row 2 confirm: {both}",
        f"Sheet1, row 4 confirm: {both}",
        "The workbook: names no subject; it is called 'team' after the file",
        "The workbook: says no date; 1970-01-01 stands in for it",
        "Sheet1: “Spring” and “Autumn” both look like answers; say which one counts where they differ",
    ]


def test_of_another_subject() -> None:
    """A list about something else entirely is left, row by row."""
    reading = read_xlsx(book_of([["Item", "Done"], ["Buy milk", "yes"], ["Feed the cat", "no"]]), LEVELS, name="a.xlsx")
    assert not reading.assessment.answers
    assert [(mark.place, mark.state) for mark in reading.marks] == [
        ("Sheet1, row 2", "left"),
        ("Sheet1, row 3", "left"),
    ]


def test_rubric_is_found_or_asked_for() -> None:
    """The rubric is the one whose ids stand there; where none do, a sentence asks."""
    assert read_xlsx(book_of([["id", "value"], ["data.catalog", "yes"]]), name="a.xlsx").rubric.id == "mlops-levels"
    with pytest.raises(ToolkitError) as caught:
        read_xlsx(book_of([["Item", "Done"], ["Milk", "yes"]]), name="a.xlsx")
    choices = ", ".join(rubric_ids())
    assert str(caught.value) == f"a.xlsx: does not say which rubric it answers; name one: {choices}"


def test_merged_cells() -> None:
    """A section that spans rows holds for each of them."""
    ids = list(LEVELS.criteria)[:2]
    data = book_of([["Area", "Practice", "Status"], ["Data", LEVELS.criteria[ids[0]].text, "yes"],
                    [None, LEVELS.criteria[ids[1]].text, "no"]])  # fmt: skip
    merged = changed(data, lambda book: book.active.merge_cells("A2:A3"))
    assert [a.value for a in read_xlsx(merged, LEVELS, name="a.xlsx").assessment.answers.values()] == ["yes", "no"]


def test_formulas_in_answers() -> None:
    """A formula is never computed: its last value counts, and where there is none that is told."""
    data = book_of([["id", "value"], ["data.catalog", '=IF(1,"yes","no")'], ["data.lineage", "no"]])
    assert told(data)[0] == (
        "Sheet1: B2 is computed and has no value; "
        "open the workbook in a spreadsheet program, save it, and read it again"
    )
    with ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    cached = sheet.replace(b"</f><v />", b"</f><v>yes</v>")
    cached = cached.replace(b'<c r="B2">', b'<c r="B2" t="str">')
    reading = read_xlsx(with_parts(data, {"xl/worksheets/sheet1.xml": cached}), LEVELS, name="a.xlsx")
    assert reading.assessment.answers == {"data.catalog": Answer(value="yes"), "data.lineage": Answer(value="no")}


# Bad input.

GOOD = write_xlsx(full(), LEVELS)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"id,value\na,yes\n", "is text, not a workbook; if it is a table of separated values, call it .csv"),
        (b"\x00\x01\x02" * 50, "is not a workbook (.xlsx)"),
        (b"%PDF-1.7", "is a PDF, not a workbook; send the .xlsx it was made of"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "is a workbook of the old kind (.xls); save it as .xlsx"),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "is encrypted; take the password off in the spreadsheet program and save it again",
        ),
        (GOOD[:5000], "is damaged or cut off: it cannot be unpacked; save it again, or send it once more"),
        (GOOD + bytes(10_000_000), "is larger than 10 MB; no workbook of answers is"),
        (with_parts(GOOD, {"[Content_Types].xml": None}), "is a zip file, but no workbook (.xlsx)"),
        (with_parts(GOOD, {"mimetype": b"x", "content.xml": b"x"}), "is an OpenDocument file (.ods); save it as .xlsx"),
        (with_parts(GOOD, {"word/document.xml": b"x"}), "is a document of another kind, not a workbook (.xlsx)"),
        (with_parts(GOOD, {"xl/workbook.bin": b"x"}), "is a binary workbook (.xlsb); save it as .xlsx"),
        (with_parts(GOOD, {"xl/workbook.xml": b"<oh"}), "is damaged: its sheets cannot be read"),
        (
            with_parts(GOOD, {"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "holds definitions (DOCTYPE) that no workbook needs and that can unfold without end; it was not opened",
        ),
        (
            with_parts(GOOD, {"xl/styles.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")}),
            "holds definitions (DOCTYPE) that no workbook needs and that can unfold without end; it was not opened",
        ),
        (
            with_parts(GOOD, {"xl/styles.xml": b'<?xml version="1.0" encoding="cp037"?><a/>'}),
            "is written in cp037, and workbooks are written in UTF-8; it was not opened",
        ),
        (
            with_parts(GOOD, {"xl/sharedStrings.xml": b"<sst>" + b" " * 30_000_000 + b"</sst>"}),
            "unpacks to far more than a workbook of answers has; it was not opened",
        ),
        (
            with_parts(GOOD, {"xl/styles.xml": b"<styleSheet>" + b"<a/>" * 100_000 + b"</styleSheet>"}),
            "has far more styles than a workbook of answers; copy the answers into a new one",
        ),
        (book_of([]), "has nothing in it: every sheet is empty"),
        (
            book_of([["x"]] * 10_001),
            "has more than 10,000 rows; a workbook of answers has a few hundred: is it another?",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused(data: bytes, sentence: str) -> None:
    """What is no workbook of answers, or could be a bomb, is refused with a sentence."""
    assert refused(data) == f"team.xlsx: {sentence}"


def test_size_that_lies() -> None:
    """A part that says it is small is unpacked no further than it says."""
    data = bytearray(with_parts(GOOD, {"xl/sharedStrings.xml": b"<sst>" + b" " * 900_000 + b"</sst>"}))
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/sharedStrings.xml"))
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    assert refused(bytes(data)) in (
        "team.xlsx: is damaged or cut off: it cannot be unpacked; save it again, or send it once more",
        "team.xlsx: is damaged: its sheets cannot be read",
    )


def test_row_far_away() -> None:
    """A row that says it is the billionth costs a sentence, not an hour."""
    with ZipFile(io.BytesIO(book_of([["id", "value"]]))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    far = sheet.replace(b'<row r="1"', b'<row r="999999999"')
    data = with_parts(book_of([["id", "value"]]), {"xl/worksheets/sheet1.xml": far})
    assert refused(data) == "team.xlsx: has far more rows than a workbook of answers; it was not read further"


def test_rows_far_away_in_many_sheets() -> None:
    """Many sheets that each begin in their last row cost a sentence too."""
    book = Workbook()
    for _ in range(7):
        book.create_sheet().cell(1_048_576, 1, "x")
    assert refused(saved(book)) == "team.xlsx: has far more rows than a workbook of answers; it was not read further"


def test_columns_far_to_the_right_are_told() -> None:
    """Columns that are not looked at are named, whatever the sheet says of its size."""
    for column in (257, 400):
        data = book_of([["id", "value"], ["data.catalog", "yes"], [*[None] * (column - 1), "yes"]])
        assert "Sheet1: only the first 256 columns were read; move what is further right" in told(data)


def test_macros_and_links_are_told() -> None:
    """Macros and links to other files are neither looked at nor kept, and that is told."""
    data = with_parts(GOOD, {"xl/vbaProject.bin": b"evil", "xl/externalLinks/externalLink1.xml": b"<a/>"})
    assert told(data) == [
        "The workbook has macros: they were neither looked at nor kept.",
        "The workbook has links to other files: they were not followed.",
    ]
    assert read_xlsx(data, name="a.xlsm").assessment == full()


def test_array_formula() -> None:
    """Formulas of other kinds are passed over too."""

    def change(book: Workbook) -> None:
        book["Data"]["N2"] = ArrayFormula("N2:N3", "=A1:A2")

    assert read_xlsx(changed(GOOD, change), name="a.xlsx").assessment.answers == full().answers


@pytest.mark.parametrize("seed", range(40))
def test_damage_is_a_sentence(seed: int) -> None:
    """Whatever is changed in a workbook, its bytes or the XML within, only our own error comes of it."""
    chance = random.Random(seed)  # noqa: S311 - damage of a test
    with suppress(ToolkitError):
        assert read_xlsx(damaged(GOOD, chance), LEVELS, name="team.xlsx").rubric is LEVELS


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Change a few places of a workbook: of its bytes, or of a part of it."""

    def scratched(content: bytes) -> bytes:
        made = bytearray(content)
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(made) or 1)
            kind = chance.randrange(4)
            if kind == 0 and made:
                made[place % len(made)] = chance.randrange(256)
            elif kind == 1:
                del made[place : place + chance.randint(1, 40)]
            elif kind == 2:
                made[place:place] = made[place // 2 : place // 2 + chance.randint(1, 60)]
            else:
                made[place:place] = chance.choice([b"<", b"&", b"999999999", b'"', b"-1", b"e308", b"\xff", b"ZZZ1"])
        return bytes(made)

    if chance.random() < 0.3:
        return scratched(data)
    with ZipFile(io.BytesIO(data)) as archive:
        name = chance.choice(archive.namelist())
        return with_parts(data, {name: scratched(archive.read(name))})


def test_saved_by_another_program() -> None:
    """A workbook that another program saved, without our heights and with styles of its own, is read the same."""
    assert read_xlsx(saved(load_workbook(io.BytesIO(GOOD))), name="a.xlsx").assessment == full()
    assert zlib.crc32(GOOD) == zlib.crc32(write_xlsx(full(), LEVELS))


def test_a_hidden_sheet_of_somebody_else() -> None:
    """What nobody sees is read like the rest, and that is told: it may be of last year."""
    book = Workbook()
    for title, value in (("Now", "yes"), ("Old", "no")):
        sheet = book.create_sheet(title)
        sheet.append(["Practice", "Done"])
        sheet.append(["Data catalog" if title == "Now" else "Unit tests", value])
    book["Old"].sheet_state = "hidden"
    assert (
        "Old: is hidden, and its answers were read like the others"
        in read_xlsx(saved(book), LEVELS, name="team.xlsx").notes
    )


def test_more_cells_than_answers_have() -> None:
    """A table of data is refused before anyone waits for it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for _ in range(1_001):
        sheet.append(["a"] * 250)
    message = "has more than 250,000 cells; one of answers has a few thousand: is it another?"
    assert refused(saved(book)) == f"team.xlsx: {message}"
