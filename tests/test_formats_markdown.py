"""A Markdown checklist: what is written comes back exactly, what people write is read, and no mark is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_cases import LINES, assessments

from mlops_widgets.assessment import Answer, Assessment, Plan, PlanItem
from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.markdown import guess_markdown, read_markdown, write_markdown
from mlops_widgets.formats.yaml import read_assessment
from mlops_widgets.library import load_rubric, packaged_folder

if TYPE_CHECKING:
    from mlops_widgets.formats.reading import Reading
    from mlops_widgets.rubric import Rubric

GOLDEN = Path(__file__).parent / "golden" / "markdown"
LEVELS = load_rubric("mlops-levels")
QUESTIONNAIRE = load_rubric("mlops-questionnaire")
SLOW = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def read(text: str | bytes, rubric: Rubric = LEVELS) -> Reading:
    """Read a document, with a date that stays."""
    return read_markdown(text, rubric, day="2026-11-20")


def marks(text: str, rubric: Rubric = LEVELS) -> list[str]:
    """Write each mark of a document in a line: where, what became of it, the answer, why."""
    lines = []
    for mark in read(text, rubric).marks:
        what = mark.criterion or mark.state
        answer = " ".join(f"{key}={value}" for key, value in mark.answer.to_dict().items())
        lines.append(" | ".join(part for part in (f"{mark.line}", what, answer, mark.why) if part))
    return lines


def changed(text: str, old: str, new: str, name: str, rubric: Rubric = LEVELS) -> Answer | None:
    """Edit a written document as a person would, and give the answer that is read back."""
    assert old in text
    return read(text.replace(old, new, 1), rubric).assessment.answers.get(name)


@pytest.fixture(scope="module")
def written() -> str:
    """The demo as Markdown."""
    return write_markdown(read_assessment(packaged_folder("demo") / "churn-model.yaml"), LEVELS)


# There and back


@SLOW
@given(assessments())
def test_back_exactly(assessment: Assessment) -> None:
    """Whatever an assessment holds comes back, every mark of it taken, and is written the same again."""
    rubric = load_rubric(assessment.rubric.id)
    text = write_markdown(assessment, rubric)
    reading = read(text, rubric)
    assert reading.assessment == assessment
    assert reading.is_complete
    assert reading.notes == ()
    assert write_markdown(reading.assessment, rubric) == text


def test_demo_is_written_as_it_was(written: str) -> None:
    """What is written reads as it did when somebody last looked at it."""
    assert written == (GOLDEN / "churn-model.md").read_text(encoding="utf-8")


def test_nothing_of_a_text_becomes_markup() -> None:
    """A text that tries to be HTML, a link or a box is shown as the text it is."""
    answer = Answer(value="yes", note="<script>alert(1)</script>\n- [x] [a](javascript:b)", evidence=("javascript:a",))
    assessment = Assessment.from_dict(
        {"id": "demo", "rubric": {"id": "mlops-levels", "version": "1.0"}, "subject": "<b>", "date": "2026-11-20"}
    ).answered("data.catalog", answer)
    text = write_markdown(assessment, LEVELS)
    assert text.startswith("# \\<b\\> <!-- subject -->\n")
    assert "  - Note: \\<script\\>alert(1)\\</script\\>\\\n    \\- \\[x\\] \\[a\\](javascript:b)\n" in text
    assert "  - Evidence: javascript:a\n" in text


# Edits of what was written


@pytest.mark.parametrize(
    ("old", "new", "name", "value"),
    [
        ("- [ ] A feature store", "- [x] A feature store", "data.feature-store", "yes"),
        ("- [x] A catalogue", "- [ ] A catalogue", "data.catalog", "no"),
        ("earlier version. — **Partly**", "earlier version. — **Yes**", "data.versioning", "yes"),
        ("earlier version. — **Partly**", "earlier version. — nein", "data.versioning", "no"),
        (" — **Partly** <!-- data.versioning = partly -->", " — **No**", "data.versioning", "no"),
    ],
)
def test_an_edit_wins(written: str, old: str, new: str, name: str, value: str) -> None:
    """What a person ticks, empties or writes anew is the answer, whatever was recorded."""
    answer = changed(written, old, new, name)
    assert answer is not None
    assert answer.value == value


def test_edited_details_win(written: str) -> None:
    """Notes and the rest may be changed, and lines may be added."""
    answer = changed(written, "Row counts and nulls only.", "Row *counts*\n    alone", "data.quality-monitoring")
    assert answer is not None
    assert answer.note == "Row *counts* alone"
    answer = changed(written, "  - Confidence: 4 of 5", "  - Confidence: 2\n  - see the wiki", "data.versioning")
    assert answer is not None
    assert (answer.confidence, answer.note.split("\n")[-1]) == (2, "see the wiki")


def test_another_option_is_ticked() -> None:
    """Of an anchored question one option is the answer; two ask a person."""
    assessment = Assessment.from_dict(
        {
            "id": "demo",
            "rubric": {"id": "mlops-questionnaire", "version": QUESTIONNAIRE.version},
            "subject": "Churn",
            "date": "2026-11-20",
            "answers": {"people.collaboration": "2"},
        }
    )
    text = write_markdown(assessment, QUESTIONNAIRE).replace("- [ ] 3:", "- [x] 3:", 1)
    confirm = read(text, QUESTIONNAIRE).to_confirm
    assert [mark.why for mark in confirm] == ["2 and 3 are all ticked; keep one of them"]
    answers = read(text.replace("- [x] 2:", "- [ ] 2:"), QUESTIONNAIRE).assessment.answers
    assert answers == {"people.collaboration": Answer(value="3")}


CATALOGUE = "A catalogue shows which data there is and what its fields mean."


@pytest.mark.parametrize(
    ("new", "value", "why"),
    [
        (f"{CATALOGUE} (partly)", "partly", ""),
        (f"{CATALOGUE} partly", "partly", ""),
        (f"{CATALOGUE[:-1]}: n/a, no data", None, "more than a plain answer: n/a, no data"),
        (f"{CATALOGUE} ❌", None, "its marks do not go together: [x] ❌"),
        (f"~~{CATALOGUE}~~", None, "part of it is struck out; say whether it still counts"),
        ("We have a catalogue", "yes", ""),
    ],
)
def test_words_written_beside_a_statement(new: str, value: str | None, why: str) -> None:
    """What a person writes beside a statement of ours counts, or is asked about; it never says nothing."""
    assessment = Assessment.from_dict(
        {
            "id": "demo",
            "rubric": {"id": "mlops-levels", "version": "1.0"},
            "subject": "Churn",
            "date": "2026-11-20",
            "answers": {"data.catalog": "yes"},
        }
    )
    text = write_markdown(assessment, LEVELS)
    assert text.count(CATALOGUE) == 1
    [mark] = [mark for mark in read(text.replace(CATALOGUE, new)).marks if "data.catalog" in mark.text]
    assert (mark.answer.value, mark.why) == (value, why)
    assert mark.state == ("confirm" if why else "taken")


@pytest.mark.parametrize(
    ("given", "old", "new", "value", "why"),
    [
        (None, CATALOGUE, f"{CATALOGUE} ❌", "no", ""),
        (None, CATALOGUE, f"{CATALOGUE} (no)", "no", ""),
        ("partly", "**Partly**", "**Partly** no", None, "something stands behind 'Partly'; say which answer counts"),
        ("partly", "**Partly**", "**Partly**: no", "no", ""),
        ("no", f"{CATALOGUE} —", f"{CATALOGUE} (partly) —", None, "its marks do not go together: partly No"),
        ("partly", f"{CATALOGUE} —", f"{CATALOGUE} ❌ —", None, "its marks do not go together: ❌ Partly"),
    ],
)
def test_words_written_beside_an_answer(given: str | None, old: str, new: str, value: str | None, why: str) -> None:
    """Beside an open box they are the answer; beside a bold answer, or behind it, a person says which counts."""
    assessment = Assessment.from_dict(
        {
            "id": "demo",
            "rubric": {"id": "mlops-levels", "version": "1.0"},
            "subject": "Churn",
            "date": "2026-11-20",
            "answers": {"data.catalog": given, "data.versioning": "yes"},
        }
    )
    lines = write_markdown(assessment, LEVELS).split("\n")
    [place] = [place for place, line in enumerate(lines) if CATALOGUE in line]
    assert old in lines[place]
    lines[place] = lines[place].replace(old, new)
    [mark] = [mark for mark in read("\n".join(lines)).marks if mark.line == place + 1]
    assert (mark.answer.value, mark.why) == (value, why)


def test_what_a_plan_has_no_place_for() -> None:
    """A line of the plan that means nothing here is told; criteria may stand in one line, a misspelt one among them."""
    assessment = Assessment.from_dict(
        {
            "id": "demo",
            "rubric": {"id": "mlops-levels", "version": "1.0"},
            "subject": "Churn",
            "date": "2026-11-20",
            "targets": {"overall": 2},
        }
    ).planned("abcd", PlanItem(title="Deploy from a pipeline", criteria=("data.catalog",)))
    edited = write_markdown(assessment, LEVELS).replace(
        "Meets: data.catalog", "Meets: data.catalog, data.linage\n  - Waits for: legal"
    )
    reading = read(edited.replace("**Target:** 2 <", "**Target:** two <"))
    assert reading.assessment.plan.items["abcd"].criteria == ("data.catalog", "data.linage")
    lines = edited.split("\n")
    target, waits = (next(n for n, line in enumerate(lines, 1) if what in line) for what in ("**Target:**", "Waits"))
    assert reading.notes == (
        f"line {target}: the target 'two' of overall is no number",
        f"line {waits}: 'Waits for: legal' is nothing that a plan has here; it was left out",
    )


def test_the_plan_is_edited() -> None:
    """A ticked item is done; what cannot be used is told and left out."""
    assessment = Assessment.from_dict(
        {"id": "demo", "rubric": {"id": "mlops-levels", "version": "1.0"}, "subject": "Churn", "date": "2026-11-20"}
    ).planned("abcd", PlanItem(title="Deploy from a pipeline", effort=4))
    text = write_markdown(assessment, LEVELS)
    edited = text.replace("- [ ] Deploy", "- [x] Deploy").replace("Effort: 4", "Effort: lots")
    reading = read(edited)
    assert reading.assessment.plan == Plan(items={"abcd": PlanItem(title="Deploy from a pipeline", status="done")})
    assert reading.notes == ("Deploy from a pipeline: effort 'lots' cannot be used; it was left out",)


# What people write


@pytest.mark.parametrize("name", ["checklist-style", "levels-style", "blank-style", "german-table", "wiki-crlf"])
def test_documents_of_people(name: str) -> None:
    """Documents in the styles of the sources are read as they were when somebody last looked at it."""
    rubric = load_rubric("mlops-checklist" if name.startswith("check") else "mlops-levels")
    reading = read((GOLDEN / f"{name}.md").read_bytes(), rubric)
    assessment = reading.assessment.to_dict()
    found = {
        "subject": assessment["subject"],
        "date": assessment["date"],
        "assessor": assessment.get("assessor", ""),
        "answers": assessment.get("answers", {}),
        "notes": list(reading.notes),
        "marks": [[mark.place, mark.text, mark.state, mark.criterion, mark.why] for mark in reading.marks],
    }
    assert found == json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def test_marks_of_every_kind() -> None:
    """Boxes and signs of every kind, under any sign of a list."""
    text = (
        "\ufeff## 1. Data Management\r\n- [x] Centralized storage\r\n* [X] Data versioning\r\n+ [ ] Data catalog\r\n"
        "- ✅ Feature store (Feast)\r\n- ⚠️ Data quality monitoring\r\n- [~] Data lineage\r\n"
        "- [-] Real-time feature serving\r\n- [s] Cross-org feature sharing\r\n"
    )
    assert marks(text) == [
        "2 | data.central-storage | value=yes",
        "3 | data.versioning | value=yes",
        "4 | data.catalog | value=no",
        "5 | data.feature-store | value=yes note=Feast",
        "6 | data.quality-monitoring | value=partly",
        "7 | data.lineage | value=partly",
        "8 | confirm | note=[-] | `[-]` is partly to some and not applicable to others",
        "9 | confirm | note=[s] | the mark `[s]` is not known here",
    ]


def test_words_and_scores() -> None:
    """A word or a score behind a statement is its answer, if it fits the scale exactly."""
    text = """\
## Model training
1. Automated training pipeline: yes
2. Experiment tracking - partly
3. Hyperparameter tuning: n/a
4. Distributed training (n/a, one machine)
5. Advanced hyperparameter tuning
6. Training triggered by data changes: 60 %
7. Transfer learning: 2/4
8. Training by hand: 部分的
- `train.automl`: ja
"""
    assert marks(text)[:7] == [
        "2 | train.pipeline | value=yes",
        "3 | train.experiment-tracking | value=partly",
        "4 | train.tuning | value=na | does not apply, but no reason is given; without one it counts as open",
        "5 | train.distributed | value=na reason=n/a, one machine",
        "7 | confirm | note=60 % | 60 % is none of these: No, Partly, Yes",
        "8 | train.transfer-learning | value=partly",
        marks(text)[6],
    ]
    assert marks(text)[7] == "10 | train.automl | value=yes"


def test_tables() -> None:
    """A column of marks answers; other columns are kept."""
    text = """\
## Data management

| ID | Statement | Status | Comment | Link |
|---|---|---|---|---|
| data.catalog | The list of data | ja | in the wiki | https://x.example |
| | Feature store | teilweise | | |
| | Data lineage | maybe | | |
| | Data versioning | | | |
"""
    assert marks(text) == [
        "5 | data.catalog | value=yes note=in the wiki evidence=['https://x.example']",
        "6 | data.feature-store | value=partly",
        "7 | confirm | note=maybe | 'maybe' is no answer that is known here",
    ]


def test_a_table_as_wikis_export_it() -> None:
    """The names of the columns may stand in the first row below an empty one, and signs may be pictures."""
    text = """\
## Data management

|     |     |     |
| --- | --- | --- |
| **Capability** | **Status** | **Target** |
| Data catalog | ![(tick)](/images/check.png) | yes |
| Feature store | :x: | yes |
| Data lineage | needs a look | yes |
"""
    assert marks(text) == [
        "6 | data.catalog | value=yes note=Target: yes",
        "7 | data.feature-store | value=no note=Target: yes",
        "8 | confirm | note=needs a look\nTarget: yes | 'needs a look' is no answer that is known here",
    ]


PROSE = "waits for team B |\n| Data lineage | no | nobody asked for it"


@pytest.mark.parametrize(
    ("header", "catalog", "store", "states"),
    [
        ("Practice | Check", "Data catalog | ✅", "Feature store | ❌", ["yes", "no"]),
        ("Check | Practice", "✅ | Data catalog", "❌ | Feature store", ["yes", "no"]),
        (" | ", "Data catalog | done", "Feature store | no", ["yes", "no"]),
        ("No. | Practice | Status", "1 | Data catalog | yes", "2 | Feature store | no", ["yes", "no"]),
        ("Practice | Status | Result", "Data catalog | yes | ok", f"Feature store | no | {PROSE}", ["yes", "no", "no"]),
        ("Practice | Level 1 | Level 2", "Data catalog | x | ", "Feature store | | x", ["confirm", "confirm"]),
    ],
)
def test_names_of_columns(header: str, catalog: str, store: str, states: list[str]) -> None:
    """A name says what a column holds, unless what it holds says otherwise."""
    line = "|".join("---" for _ in header.split("|"))
    text = f"## Data management\n\n| {header} |\n|{line}|\n| {catalog} |\n| {store} |\n"
    found = read(text).marks
    assert [mark.answer.value or mark.state for mark in found] == states
    if states[0] == "yes":
        assert [mark.criterion for mark in found][:2] == ["data.catalog", "data.feature-store"]


STRUCK = "part of it is struck out; say whether it still counts"


@pytest.mark.parametrize(
    ("line", "value", "why"),
    [
        ("- [x] ~~Data catalog~~", None, STRUCK),
        ("- ~~[x] Data catalog~~", None, STRUCK),
        ("- ~~Data catalog: yes~~ no", None, STRUCK),
        ("- Data catalog: ~~no~~ yes", "yes", ""),
        ("- Data catalog: ~~no~~", None, "its mark is struck out, and no other stands there"),
        ("- [x] <del>Data catalog</del>", None, STRUCK),
        ("- \\[x\\] Data catalog", "yes", ""),
        ("(x) Data catalog", "yes", ""),
        ("Data catalog ........ yes", "yes", ""),
        ("- Data catalog? No.", "no", ""),
        ("- Data catalog :white_check_mark:", "yes", ""),
        ("- Data catalog **no**", "no", ""),
        ("- Data catalog: yes, but only for tables", None, "more than a plain answer: yes, but only for tables"),
        ("- [x] Data catalog: partly, for tables", None, "more than a plain answer: partly, for tables"),
        ("- Data catalog 2/4", None, "2/4 may be its answer, or part of the statement"),
        ("- Data catalog ★★☆☆", "partly", ""),
        ("- Data catalog: maybe", None, "'maybe' is no answer that is known here"),
        ("- ✅ Data catalog ✅ schema registry ❌", None, "its marks do not go together: ✅ ❌"),
        ("- [x] Data catalog ✅ but schema registry ❌ later", None, "its signs do not go together: ❌"),
        ("1+2. [x] Data catalog", None, "answers several items at once: 1+2."),
        ("- [x] 24/7 data catalog", "yes", ""),
        ("- [x] Data catalog of level:error: lines", "yes", ""),
    ],
)
def test_lines_as_people_write_them(line: str, value: str | None, why: str) -> None:
    """An answer that is plain is taken; one that is not is asked about, with the criterion it is likely about."""
    [mark] = read(f"## Data management\n\n{line}\n").marks
    assert (mark.answer.value, mark.why, mark.state) == (value, why, "confirm" if why else "taken")
    assert (mark.criterion or mark.candidates[0].criterion) == "data.catalog"


def test_a_tick_on_what_is_denied() -> None:
    """A tick on `not possible` is not a yes to what is asked."""
    [mark] = read("## Deployment\n\n- [x] A/B testing not possible\n").marks
    assert mark.state == "confirm"


def test_a_summary_is_a_heading() -> None:
    """What is folded away stands under the line that stays, up to its end."""
    text = "<details>\n<summary><b>Monitoring</b></summary>\n\n- [x] Alerting\n\n</details>\n\n- [x] Containers\n"
    assert [mark.section for mark in read(text).marks] == ["Monitoring", ""]


@pytest.mark.parametrize(
    ("line", "day", "notes"),
    [
        ("Datum: 04.03.2026", "2026-03-04", ()),
        ("Date: March 4, 2026", "2026-03-04", ()),
        ("Date: 03/04/2026", "2026-11-20", ("line 1: '03/04/2026' is no date like 2026-11-20",)),
        ("Date: 2026-02-30", "2026-11-20", ("line 1: '2026-02-30' is no date like 2026-11-20",)),
    ],
)
def test_the_day_as_people_write_it(line: str, day: str, notes: tuple[str, ...]) -> None:
    """A day that can be read in one way is taken, another is told."""
    reading = read(f"{line}\n\n- [x] Data catalog\n")
    assert (reading.assessment.date, reading.notes) == (day, notes)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- [x] a\n" * 20_001, "has 20,001 lines; the most is 20,000. Split it into several files"),
        ("|a" * 100_001, "has 100,001 cells of tables; the most is 100,000. Split it into several files"),
        (
            f"{'- ' * 21}[x] a\n" * 1000,
            "has 21,000 lists within lists on one line; the most is 20,000. Split it into several files",
        ),
    ],
)
def test_more_than_can_be_read_in_time(text: str, told: str) -> None:
    """What would keep the reader busy for long is refused with a sentence."""
    with pytest.raises(ToolkitError) as refused:
        read(text)
    assert str(refused.value) == told


def test_a_column_for_each_answer() -> None:
    """A cross in the column of an answer is that answer."""
    text = (
        "## Data management\n\n| Statement | Yes | Partly | No |\n|---|---|---|---|\n"
        "| Data catalog | x | | |\n| Feature store | | ✓ | |\n| Data lineage | x | | x |\n"
    )
    assert marks(text) == [
        "5 | data.catalog | value=yes",
        "6 | data.feature-store | value=partly",
        "7 | confirm | note=Yes and No | Yes and No are both crossed; keep one of them",
    ]


def test_two_columns_that_look_like_answers() -> None:
    """Which column answers is for a person to say; no row is lost."""
    text = (
        "## Data management\n\n| Statement | Q1 | Q2 |\n|---|---|---|\n"
        "| Data catalog | yes | yes |\n| Feature store | no | yes |\n"
    )
    why = "the columns 'Q1' and 'Q2' both look like answers; keep one of them"
    assert marks(text) == [f"5 | confirm | note=yes yes | {why}", f"6 | confirm | note=no yes | {why}"]
    told = "line 5: the columns 'Q1' and 'Q2' of the table both look like answers; keep one of them"
    assert read(text).notes == (told,)


def test_nested_and_wrapped() -> None:
    """What is nested in a statement is its note, unless it has a mark itself."""
    text = "- Data management\n  - [x] Data\n    catalog\n    - since May\n    - [x] Data versioning\n"
    assert marks(text) == [
        "2 | data.catalog | value=yes note=since May",
        "5 | data.versioning | value=yes",
    ]


def test_parts_without_an_empty_line_between() -> None:
    """A table below an item is a table, a level below it is told, and a remark may follow a word."""
    text = """\
# Assessment

## Data management
- [x] Data catalog
| Practice | Done |
|---|---|
| Data lineage | ✅ |
**Level 2**

### Model Training
1) Experiment tracking: yes
2) Automated training pipeline — partly (Airflow)
3. Hyperparameter tuning - n/a (one model)
"""
    assert marks(text) == [
        "4 | data.catalog | value=yes",
        "7 | data.lineage | value=yes",
        "11 | train.experiment-tracking | value=yes",
        "12 | train.pipeline | value=partly note=Airflow",
        "13 | train.tuning | value=na reason=one model",
    ]
    assert [note[:44] for note in read(text).notes] == ["line 8: says Level 2 for Data management; by"]


def test_the_same_criterion_twice() -> None:
    """Different answers are both for a person; the same answer is taken once, with what the second adds."""
    text = (
        "## Data management\n- [x] Data catalog\n- Data catalog: no\n- ✅ Feature store\n\n✅ Feature store (Feast)\n"
    )
    why = "lines 2, 3 answer data.catalog differently; keep one of them"
    assert marks(text) == [
        f"2 | confirm | value=yes | {why}",
        f"3 | confirm | value=no | {why}",
        "4 | data.feature-store | value=yes",
        "6 | data.feature-store | value=yes note=Feast | says the same as line 4, which was taken",
    ]
    assert read(text).assessment.answers == {"data.feature-store": Answer(value="yes", note="Feast")}


def test_hidden_marks_are_told() -> None:
    """Comments and code are not read, and every mark in them is told."""
    text = "<!--\n- [x] Data catalog\n-->\n- [x] Feature store\n\n```\n- [x] Data lineage\n```\n"
    assert marks(text) == [
        "2 | left | stands in a comment, so nothing was read from it",
        "4 | data.feature-store | value=yes",
        "7 | left | stands in a block of code, so nothing was read from it",
    ]


def test_a_checklist_pasted_as_code() -> None:
    """Where all of it stands in a block of code, that is what is read."""
    assert marks("Ours:\n\n```markdown\n## Data\n- [x] Data catalog\n```\n") == ["5 | data.catalog | value=yes"]


def test_the_words_of_another_scale() -> None:
    """Answers may be given in a rubric's own words; a tick is the least that counts, and says so."""
    text = "## Data\n- [x] Each feature is shown to help the model.\n- No feature costs more than it brings: none\n"
    assert marks(text, load_rubric("ml-test-score")) == [
        "2 | data.benefit | value=manual | [x] is read as 'By hand, written down', the least that counts",
        "3 | data.cost | value=none",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str) -> None:
    """Files of editors that do not write plain UTF-8 are read too."""
    reading = read_markdown("## Data\n- [x] Data catalog ✓\n".encode(encoding), LEVELS)
    assert reading.assessment.answers == {"data.catalog": Answer(value="yes")}


# Which rubric


def test_rubric_is_guessed() -> None:
    """A document names its rubric, or resembles one."""
    text = (GOLDEN / "checklist-style.md").read_text(encoding="utf-8")
    assert guess_markdown(text)[0].rubric == "mlops-checklist"
    assert read_markdown(text).rubric.id == "mlops-checklist"
    assert guess_markdown((GOLDEN / "churn-model.md").read_text(encoding="utf-8")) == [("mlops-levels", 1.0)]


def test_another_subject_entirely() -> None:
    """A list of something else is left as it is, and said to be that."""
    reading = read("- [x] buy milk\n- [x] call mum\n- [ ] water plants\n")
    assert {mark.state for mark in reading.marks} == {"left"}
    assert reading.notes == (
        "1 empty box is read as no, because others are ticked",
        "hardly anything here resembles the rubric mlops-levels; 3 marks are left to you",
    )
    text = (GOLDEN / "levels-style.md").read_text(encoding="utf-8")
    assert read(text, load_rubric("ml-test-score")).notes[-1].endswith("; did you mean mlops-levels?")


# What cannot be read


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "list.md: is empty"),
        ("\ufeff \n", "list.md: is empty"),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "list.md: is no text: it holds bytes that no Markdown file has; save it as Markdown and try again",
        ),
        (b"- [x] caf\xe9", "list.md: is not UTF-8 text; save the file as UTF-8"),
        ("a" * 1_000_001, "list.md: is larger than 1 MB; no checklist is"),
        ("- [x] a\n" * 5_001, "list.md: holds 5,001 marks; the most is 5,000. Split it into several files"),
        (
            "- **Rubric:** x <!-- rubric = other%201.0 -->\n",
            "list.md: answers the rubric 'other', not 'mlops-levels'; read it with that one",
        ),
    ],
)
def test_what_cannot_be_read(data: str | bytes, message: str) -> None:
    """A file that is no checklist gets a sentence."""
    with pytest.raises(ToolkitError) as error:
        read_markdown(data, LEVELS, name="list.md")
    assert str(error.value) == message


def test_no_rubric_to_be_told() -> None:
    """Without a rubric, a document that resembles none asks for one."""
    with pytest.raises(ToolkitError, match=r"^resembles no rubric; say which one it answers: ml-test-score, "):
        read_markdown("- [x] buy milk\n")


@pytest.mark.parametrize("text", ["> " * 50_000 + "- [x] a", "- " * 50_000 + "[x] a", "- [x] " + "a" * 900_000])
def test_depth_and_length(text: str) -> None:
    """What is nested or long beyond reason ends in the list."""
    assert [(mark.line, mark.state) for mark in read(text).marks] == [(1, "left")]


@SLOW
@given(st.lists(LINES, max_size=25))
def test_no_mark_is_lost(lines: list[str]) -> None:
    """Whatever a document is made of: each line with a mark is an answer or in the list, and nothing breaks."""
    text = "\n".join(lines)
    try:
        reading = read(text)
    except ToolkitError:
        return
    told = {mark.line for mark in reading.marks}
    joined = "\n".join(mark.text for mark in reading.marks)
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if re.match(r"\s*(?:[-*+]|\d[.)]) \[[ xX~s-]\] \S", line) or "✅" in line or "❌" in line:
            # A wrapped line is told with the line on which its statement begins.
            assert number in told or " ".join(line.split()) in joined
    for mark in reading.marks:
        assert mark.why or (
            mark.state == "taken" and mark.criterion in reading.rubric.criteria | reading.rubric.descriptors
        )
