"""Decisions of a person: written to be filled in, read back, and refused where they fit nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mlops_widgets.assessment import Answer, Assessment
from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.decisions import read_decisions, waiting, write_decisions
from mlops_widgets.formats.reading import Candidate, Mark, Reading
from mlops_widgets.library import load_rubric

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RUBRIC = load_rubric("mlops-levels")
NAME = "notes/churn.md"
HEAD = """\
# What a person has to say. Give each place the criterion it is about and its answer; write none for the criterion of
# a place that says nothing about any. What stays empty keeps waiting. Then convert again with --decide and this file.
format: 1
files:
"""


def mark(line: int, text: str, value: str | None = None, **more: object) -> Mark:
    """Give a mark that waits for a person."""
    given = {"state": "confirm", "why": "no criterion is like it enough", **more}
    return Mark(line=line, place=f"line {line}", text=text, answer=Answer(value=value, note="as found"), **given)  # type: ignore[arg-type]


def reading(*marks: Mark) -> Reading:
    """Give a reading with these marks and one that was taken."""
    assessment = Assessment.from_dict(
        {
            "id": "test",
            "rubric": {"id": RUBRIC.id, "version": RUBRIC.version},
            "subject": "Test",
            "date": "2026-11-20",
            "answers": {"data.catalog": "yes"},
        }
    )
    taken = mark(1, "- [x] Catalogue", "yes", state="taken", criterion="data.catalog", how="id", confidence=1.0)
    return Reading(rubric=RUBRIC, assessment=assessment, marks=(taken, *marks))


FOUND = reading(
    mark(
        12, '- [x] We "know" our data\u2028', "yes", candidates=(Candidate(criterion="data.lineage", confidence=0.62),)
    ),
    mark(14, "- [?] Alerts", None, section="Monitoring"),
    mark(20, "| yes | no |", "yes"),
    mark(20, "| no | yes |", "no"),
)


@pytest.fixture
def decided(tmp_path: Path) -> Callable[[str], Reading]:
    """Apply decisions, given as the lines below the name of the file."""

    def applied(lines: str, name: str = NAME) -> Reading:
        path = tmp_path / "decided.yaml"
        path.write_text(f'{HEAD}  "{name}":\n{lines}', encoding="utf-8")
        decisions = read_decisions(path)
        decisions.check_names([NAME])
        return decisions.applied(NAME, FOUND)

    return applied


def test_written() -> None:
    """Each place that waits stands there with its text, what it may be about, and what is read already."""
    assert write_decisions({NAME: FOUND, "other.md": reading()}) == HEAD + (
        '  "notes/churn.md":\n'
        "\n"
        "    # no criterion is like it enough\n"
        "    #   62% data.lineage: For any dataset we can see where it came from and what was done to it.\n"
        "    - line: 12\n"
        '      text: "- [x] We \\"know\\" our data"\n'
        "      criterion:\n"
        '      value: "yes"\n'
        "\n"
        "    # Monitoring: no criterion is like it enough\n"
        "    - line: 14\n"
        '      text: "- [?] Alerts"\n'
        "      criterion:\n"
        "      value:\n"
        "\n"
        "    # no criterion is like it enough\n"
        "    - line: 20\n"
        '      text: "| yes | no |"\n'
        "      criterion:\n"
        '      value: "yes"\n'
        "\n"
        "    # no criterion is like it enough\n"
        "    - line: 20\n"
        '      text: "| no | yes |"\n'
        "      criterion:\n"
        '      value: "no"\n'
        '  "other.md": []\n'
    )


def test_as_written_decides_nothing(tmp_path: Path) -> None:
    """What is not filled in changes nothing, and keeps waiting."""
    path = tmp_path / "report.yaml"
    path.write_text(write_decisions({NAME: FOUND}), encoding="utf-8")
    assert read_decisions(path).applied(NAME, FOUND) == FOUND


def test_filled_in(tmp_path: Path) -> None:
    """What was filled in is an answer with what the file said beside it, and nothing of it waits any more."""
    path = tmp_path / "report.yaml"
    text = write_decisions({NAME: FOUND}).replace("      criterion:\n", "      criterion: data.lineage\n", 1)
    text = text.replace("criterion:\n      value:\n", "criterion: monitor.alerting\n      value: partly\n")
    path.write_text(text.replace("criterion:\n", "criterion: none\n"), encoding="utf-8")
    result = read_decisions(path).applied(NAME, FOUND)
    assert result.assessment.answers == {
        "data.catalog": Answer(value="yes"),
        "data.lineage": Answer(value="yes", note="as found"),
        "monitor.alerting": Answer(value="partly", note="as found"),
    }
    assert waiting(result) == ()


def test_written_by_hand(decided: Callable[[str], Reading]) -> None:
    """The line alone is enough where one mark stands on it; true is yes."""
    result = decided("    - {line: 14, criterion: monitor.alerting, value: true}\n")
    assert result.assessment.answers["monitor.alerting"].value == "yes"
    assert len(waiting(result)) == 3


def test_name_of_the_file_alone(decided: Callable[..., Reading]) -> None:
    """A file is known by its name alone too."""
    assert len(waiting(decided("    - {line: 12, criterion: none}\n", name="churn.md"))) == 3


def test_faults(decided: Callable[[str], Reading], tmp_path: Path) -> None:
    """Every decision that fits nothing is told with its line."""
    with pytest.raises(ToolkitError) as caught:
        decided(
            "    - {line: 13, criterion: data.lineage}\n"
            '    - {line: 12, text: "- [x] Something else", criterion: data.lineage}\n'
            "    - {line: 14, criterion: monitor.alerting}\n"
            "    - {line: 20, criterion: data.lineage}\n"
            "    - {line: 12, criterion: data.linage}\n"
            "    - {line: 12, criterion: data.lineage, value: maybe}\n"
        )
    file = tmp_path / "decided.yaml"
    assert str(caught.value).splitlines() == [
        f"{file}:6: files.{NAME}[0]: there is no mark on line 13; write the report anew",
        f"{file}:7: files.{NAME}[1]: line 12 does not say this any more; write the report anew",
        f"{file}:8: files.{NAME}[2]: monitor.alerting needs a value: the mark itself was not understood",
        f"{file}:9: files.{NAME}[3]: line 20 has 2 marks that this may be about; give its text as well",
        f"{file}:10: files.{NAME}[4]: 'data.linage' is no criterion of mlops-levels",
        f"{file}:11: files.{NAME}[5]: data.lineage: 'maybe' is not one of no, partly, yes, na",
    ]


def test_another_file(decided: Callable[..., Reading], tmp_path: Path) -> None:
    """Decisions about a file that is not converted are a slip."""
    with pytest.raises(ToolkitError) as caught:
        decided("    []\n", name="fraud.md")
    assert str(caught.value) == (
        f"{tmp_path / 'decided.yaml'}:5: files.fraud.md: is none of the files that are converted"
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[]", "1: is no file of decisions; write one with convert --report FILE.yaml and fill it in"),
        ("files: {}", "1: is no file of decisions; write one with convert --report FILE.yaml and fill it in"),
        ("format: 1\nfiles: {a: 1}", "2: files.a: is no list of places, each with line, criterion and value"),
        ("format: 1\nfiles:\n  a:\n  - 1", "4: files.a[0]: needs the number of a line, a criterion and a value"),
        (
            "format: 1\nfiles:\n  a:\n  - {line: b}",
            "4: files.a[0]: needs the number of a line, a criterion and a value",
        ),
        ("format: 1\nfiles:\n  a:\n  - {line: 1, who: b}", "4: files.a[0].who: is not a known key; take it out"),
        ("format: 1\nfiles:\n  a:\n  - {line: 1, value: []}", "4: files.a[0].value: is to be one word"),
    ],
)
def test_no_decisions(text: str, fault: str, tmp_path: Path) -> None:
    """Another file is refused, with the line of what is wrong."""
    path = tmp_path / "decided.yaml"
    path.write_text(text)
    with pytest.raises(ToolkitError) as caught:
        read_decisions(path)
    assert str(caught.value) == f"{path}:{fault}"
