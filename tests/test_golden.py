"""Answers whose score is known beforehand, as data: a new case is a new entry in tests/golden, not a line of Python."""

from __future__ import annotations

from fnmatch import fnmatchcase
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mlops_widgets.assessment import Answer, Assessment
from mlops_widgets.library import load_rubric, read_yaml
from mlops_widgets.scoring import Score, SectionScore, score

FOLDER = Path(__file__).parent / "golden"


def cases() -> list[Any]:
    """Every case of every file, named by both."""
    files = [(path, read_yaml(path)[0]) for path in sorted(FOLDER.glob("*.yaml"))]
    return [
        pytest.param(data["rubric"], case, id=f"{path.stem}: {case['name']}")
        for path, data in files
        for case in data["cases"]
    ]


def assessment_of(rubric: str, case: dict[str, Any]) -> tuple[Any, Assessment]:
    """The rubric, packaged or beside the cases, and the answers; a name may stand for many with a star."""
    loaded = load_rubric(FOLDER / rubric if rubric.endswith(".yaml") else rubric)
    known = [*loaded.criteria, *loaded.descriptors]
    answers: dict[str, Any] = {}
    for pattern, answer in case["answers"].items():
        named = [name for name in known if name == pattern or ("*" in pattern and name in loaded.criteria)]
        fitting = [name for name in named if fnmatchcase(name, pattern)]
        assert fitting, f"no criterion of {loaded.id} is called {pattern}"
        answers |= dict.fromkeys(fitting, answer)
    return loaded, Assessment.from_dict(
        {
            "id": "golden",
            "rubric": {"id": loaded.id, "version": loaded.version},
            "subject": case["name"],
            "date": "2026-11-20",
            "profile": case.get("profile", []),
            "answers": answers,
        }
    )


def number(written: str | float | None) -> float | None:
    """A number, or a fraction such as 1/12, to the twelve digits that scores have."""
    if written is None:
        return None
    over, _, under = str(written).partition("/")
    return round(float(Fraction(over) / Fraction(under or "1")), 12)


def part(section: SectionScore, wanted: dict[str, Any]) -> dict[str, Any]:
    """What a section says about the things that the case names."""
    return {name: getattr(section, name) for name in wanted}


def findings(result: Score, kind: str) -> dict[str, list[str]]:
    """Findings of a kind: criteria by section."""
    found: dict[str, list[str]] = {}
    for finding in result.findings:
        if finding.kind == kind:
            found.setdefault(finding.section, []).extend(finding.criteria)
    return found


@pytest.mark.parametrize(("rubric", "case"), cases())
def test_score_is_the_one_known_beforehand(rubric: str, case: dict[str, Any]) -> None:
    """The answers of the case give its values exactly, and its levels, ways and findings."""
    loaded, assessment = assessment_of(rubric, case)
    result = score(loaded, assessment)
    expected = dict(case["expected"])
    sections = {"overall": expected.pop("overall", {}), **expected.pop("sections", {})}
    for name, wanted in sections.items():
        values = {key: number(value) for key, value in wanted.items()}
        assert (name, part(result[name], values)) == (name, values)
    for name, levels in expected.pop("completion", {}).items():
        steps = {str(step.level): f"{step.met:g} of {step.of}" for step in result[name].completion}
        assert (name, steps) == (name, levels)
    if "next" in expected:
        way, wanted = result.overall.next, expected.pop("next")
        assert (way is None) == (wanted is None)
        if way and wanted:
            plain = {"level": way.level, "blocking": list(way.blocking), "smallest": list(way.smallest)}
            assert {key: plain[key] for key in wanted} == wanted
    for kind, wanted in expected.pop("findings", {}).items():
        assert (kind, findings(result, kind)) == (kind, wanted)
    for name, state in expected.pop("state", {}).items():
        assert (name, result.state[name]) == (name, state)
    for name, note in expected.pop("notes", {}).items():
        assert assessment.answers.get(name, Answer()).note == note
    assert not expected, "a key that this test does not read"
