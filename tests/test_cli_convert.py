"""Converting on the command line: one file, many, what waits for a person, and rubrics."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from commands import DEMO, run
from jsonschema import Draft202012Validator

from mlops_widgets.formats import FORMATS
from mlops_widgets.formats.yaml import read_assessment
from mlops_widgets.library import load_rubric

if TYPE_CHECKING:
    from pathlib import Path

LIST = """\
# Churn

## Data management

- [x] Data catalog
- [s] Feature store
- [x] The coffee is good
"""
LEVELS = ("--rubric", "mlops-levels")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a checklist that is not all understood, and be in it."""
    (tmp_path / "churn.md").write_text(LIST)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_and_back(folder: Path) -> None:
    """An assessment comes back from Markdown as it was, byte for byte."""
    assert run("convert", DEMO, "demo.md").output == "demo.md: 71 answers\n"
    assert run("convert", "demo.md", "back.yaml").exit_code == 0
    assert (folder / "back.yaml").read_bytes() == DEMO.read_bytes()


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_there_and_back(ending: str, folder: Path) -> None:
    """Whatever the format, the assessment comes back with all it says, its plan too."""
    assert run("convert", DEMO, f"demo.{ending}").output == f"demo.{ending}: 71 answers\n"
    assert run("convert", f"demo.{ending}", "back.yaml").exit_code == 0
    assert read_assessment(folder / "back.yaml") == read_assessment(DEMO)
    assert run("score", f"demo.{ending}").output == run("score", DEMO).output


def test_what_waits_for_a_person(folder: Path) -> None:
    """What is not understood is told with its line, the rest is written all the same, and the end is 1."""
    result = run("convert", "churn.md", "churn.yaml", *LEVELS)
    assert result.stdout == "churn.yaml: 1 answer\n"
    lines = result.stderr.splitlines()
    assert lines[0] == "churn.md:"
    assert "  line 6: [s] Feature store" in lines
    assert [line for line in lines if line.startswith("  line 7")] != []
    assert result.exit_code == 1
    assert read_assessment(folder / "churn.yaml").answers["data.catalog"].value == "yes"
    assert run("convert", "churn.md", "churn.yaml", *LEVELS, "--force", "--allow-unread").exit_code == 0


def test_decided(folder: Path) -> None:
    """The report is filled in and handed back; then nothing waits."""
    run("convert", "churn.md", "churn.yaml", *LEVELS, "--report", "report.yaml")
    report = (folder / "report.yaml").read_text(encoding="utf-8")
    head, feature_store, coffee = report.split("    - line: ")
    feature_store = feature_store.replace(
        "criterion:\n      value:", "criterion: data.feature-store\n      value: partly"
    )
    coffee = coffee.replace("criterion:", "criterion: none")
    (folder / "report.yaml").write_text(f"{head}    - line: {feature_store}    - line: {coffee}")
    result = run("convert", "churn.md", "churn.yaml", *LEVELS, "--decide", "report.yaml", "--force")
    assert result.stdout == "churn.yaml: 2 answers\n"
    assert result.exit_code == 0
    assert read_assessment(folder / "churn.yaml").answers["data.feature-store"].value == "partly"


def test_decisions_about_another_file(folder: Path) -> None:
    """Decisions are about files of the call, and are looked at before anything is written."""
    (folder / "report.yaml").write_text("format: 1\nfiles:\n  fraud.md: []\n")
    result = run("convert", "churn.md", "churn.yaml", "--decide", "report.yaml")
    assert result.stderr == "Error: report.yaml:3: files.fraud.md: is none of the files that are converted\n"
    assert result.exit_code == 1
    assert not (folder / "churn.yaml").exists()


def test_report_as_json(folder: Path) -> None:
    """Other programs get every mark."""
    run("convert", "churn.md", "churn.yaml", *LEVELS, "--report", "report.json")
    (file,) = json.loads((folder / "report.json").read_text(encoding="utf-8"))["files"]
    assert [(mark["line"], mark["state"]) for mark in file["marks"]][:2] == [(5, "taken"), (6, "confirm")]


def test_report_of_a_file_whose_name_is_no_text(folder: Path) -> None:
    """A name of bytes that are no text comes back from the report as it is."""
    name = os.fsdecode(b"churn\xff.md")
    shutil.copy("churn.md", name)
    assert run("convert", name, "churn.yaml", *LEVELS, "--report", "report.json", "--allow-unread").exit_code == 0
    (file,) = json.loads((folder / "report.json").read_text(encoding="utf-8"))["files"]
    assert file["source"] == name


@pytest.mark.usefixtures("folder")
def test_report_that_cannot_be_written() -> None:
    """What was converted is told before the report is tried."""
    result = run("convert", DEMO, "demo.md", "--report", "gone/report.json")
    assert result.stdout == "demo.md: 71 answers\n"
    assert result.stderr == "Error: gone: there is no such folder; make it first\n"
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        ("report.txt", "a report is written as .json or .yaml, not as 'report.txt'"),
        ("churn.yaml", "churn.yaml: is read or written already; give the report another name"),
        ("decide.yaml", "decide.yaml: is read or written already; give the report another name"),
        ("other.json", "other.json: is there already; --force writes over it"),
    ],
)
def test_no_file_is_lost_to_a_report(report: str, sentence: str, folder: Path) -> None:
    """A report is refused before anything is written where it has no form or would replace a file."""
    (folder / "decide.yaml").write_text("format: 1\nfiles: {}\n")
    (folder / "other.json").write_text("{}")
    result = run("convert", "churn.md", "churn.yaml", *LEVELS, "--decide", "decide.yaml", "--report", report)
    assert result.stderr == f"Error: {sentence}\n"
    assert not (folder / "churn.yaml").exists()
    assert run("convert", "mlops-levels", "lens.json", "--report", "other.json").stderr == (
        "Error: other.json: is there already; --force writes over it\n"
    )


def test_many(folder: Path) -> None:
    """A folder becomes a folder; what cannot be used is told, and the end is 1."""
    (folder / "in" / "more").mkdir(parents=True)
    shutil.copy(DEMO, folder / "in" / "a.yaml")
    run("convert", DEMO, "in/more/b.md")
    (folder / "in" / "c.md").touch()
    result = run("convert", "in", "out", "--to", ".md")
    assert result.stdout == "out: 2 files with 142 answers\n"
    assert "Converting" in result.stderr
    assert result.stderr.splitlines()[-1] == "Error: in/c.md: is empty; choose the file that holds the answers"
    assert result.exit_code == 1
    out = folder / "out"
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*.md")) == ["a.md", "more/b.md"]


@pytest.mark.parametrize("source", ["churn.md", "./churn.md"])
def test_never_over_what_is_read(folder: Path, source: str) -> None:
    """A file that is read is never written over, forced or not."""
    result = run("convert", source, "churn.md", *LEVELS, "--force")
    assert result.stderr == "Error: churn.md: is one of the files that are read; write another\n"
    assert (folder / "churn.md").read_text(encoding="utf-8") == LIST


def test_not_over_what_is_there(folder: Path) -> None:
    """Another file that is there is written over only when that is said."""
    (folder / "churn.yaml").write_text("mine")
    result = run("convert", "churn.md", "churn.yaml", *LEVELS)
    assert result.stderr == "Error: churn.yaml: is there already; --force writes over it\n"
    assert (folder / "churn.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "sentence", "code"),
    [
        (["a.md"], "give one file and the file to write, or --to and a folder for many", 2),
        (["a.md", "b.md", "c.yaml"], "give one file and the file to write, or --to and a folder for many", 2),
        (["churn.md", "."], "give one file and the file to write, or --to and a folder for many", 2),
        ([".", "a.md"], "give one file and the file to write, or --to and a folder for many", 2),
        (["-", "a.md"], "-: standard input is not read; save it in a file whose ending says the format", 1),
        (["gone.md", "a.yaml"], "gone.md: cannot be read: No such file or directory", 1),
        (["notes.docx", "a.yaml"], "notes.docx: cannot be read: No such file or directory", 1),
    ],
)
@pytest.mark.usefixtures("folder")
def test_refusals(arguments: list[str], sentence: str, code: int) -> None:
    """What cannot be done is a sentence."""
    result = run("convert", *arguments)
    assert result.stderr.splitlines()[-1] == f"Error: {sentence}"
    assert result.exit_code == code


# Other formats where a file is taken


def test_score_of_a_checklist(folder: Path) -> None:
    """A checklist is scored as it is; what of it is not understood is told beside."""
    result = run("score", "churn.md", *LEVELS)
    assert result.stdout.startswith("Churn, ")
    assert "  line 6: [s] Feature store" in result.stderr.splitlines()
    run("convert", DEMO, "demo.md")
    assert run("score", "demo.md").output == run("score", DEMO).output
    assert (folder / "demo.md").exists()


def test_annotations_of_a_checklist(folder: Path) -> None:
    """GitHub is pointed to the line of the checklist."""
    run("convert", DEMO, "demo.md")
    lines = (folder / "demo.md").read_text(encoding="utf-8").splitlines()
    text = load_rubric("mlops-levels").criteria["govern.documentation"].text.rstrip(".")
    line = next(number for number, line in enumerate(lines, 1) if text in line)
    result = run("check", "demo.md", "--min-dimension", "governance=1", "--format", "github")
    assert f"::warning file=demo.md,line={line},title=govern.documentation::" in result.stdout


@pytest.mark.usefixtures("folder")
def test_validate_a_checklist() -> None:
    """A checklist is no fault, and what of it is not understood is told."""
    run("convert", DEMO, "demo.md")
    result = run("validate", "demo.md")
    assert result.output == "demo.md: good, an assessment of Churn model\n"
    (part,) = [line for line in run("validate", "churn.md").output.splitlines() if "to confirm" in line]
    assert part.startswith("churn.md: 3 marks:")


# Rubrics


@pytest.mark.usefixtures("folder")
def test_rubric_to_lens_and_back() -> None:
    """A rubric becomes a custom lens, and that a rubric; what does not come along is told."""
    result = run("convert", "mlops-questionnaire", "lens.json", "--report", "report.json")
    assert result.stdout.startswith("lens.json: the rubric mlops-questionnaire, 15 criteria")
    assert result.stderr != ""
    assert result.exit_code == 0
    back = run("convert", "lens.json", "back.yaml")
    assert back.stdout.startswith("back.yaml: the rubric mlops-questionnaire, 15 criteria")
    assert run("validate", "back.yaml").output == "back.yaml: good, the rubric mlops-questionnaire\n"
    assert run("convert", "back.yaml", "again.json").exit_code == 0


def test_report_of_a_rubric(folder: Path) -> None:
    """What has no counterpart is a list for other programs too."""
    result = run("convert", "mlops-levels", "lens.json", "--report", "report.json")
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert [f"{note['where']}: {note['message']}" for note in report["notes"]] == result.stderr.splitlines()


def test_lens_is_one(folder: Path) -> None:
    """What is written is a lens by the fields that every lens has."""
    run("convert", "mlops-levels", "lens.json")
    schema = {"type": "object", "required": ["schemaVersion", "name", "description", "pillars"]}
    Draft202012Validator(schema).validate(json.loads((folder / "lens.json").read_text(encoding="utf-8")))


@pytest.mark.usefixtures("folder")
def test_rubric_refusals() -> None:
    """A rubric is written in the forms there are, and never over a file that is there."""
    assert run("convert", "mlops-levels", "lens.md").stderr == (
        "Error: a rubric is written as .yaml, or as .json for a custom lens, not as '.md'\n"
    )
    run("convert", "mlops-levels", "lens.json")
    assert run("convert", "mlops-levels", "lens.json").stderr == (
        "Error: lens.json: is there already; --force writes over it\n"
    )
