"""An assessment as a YAML file that people read, fill in, and diff in git.

Reads through the library and writes text; what the text means is the assessment's business.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from mlops_widgets.assessment import (
    NOT_APPLICABLE,
    Answer,
    Assessment,
    AssessmentError,
    fitted,
    plan_faults,
)
from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.reading import Reading, stated
from mlops_widgets.library import Lines, packaged_rubric, parse_yaml, placed, read_yaml
from mlops_widgets.scoring import OVERALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlops_widgets.rubric import Criterion, Descriptor, Rubric, Scale, Section

__all__ = ["read_answers", "read_assessment", "read_with_lines", "write_assessment"]

_MOST_GUESSED = 100
"""Strange names of which it is told what may be meant: each is held against every criterion, and more are no slips."""

_WIDTH = 100
"""Columns of a comment."""

_PLAIN = re.compile(r"[A-Za-z](?:[\w .,;()/+?=&%@~'-]|:(?=\S)|(?<=\S)#)*(?<! )", re.ASCII)
"""Text that YAML takes for itself without quotes, unless it is one of the words below."""

_NOT_PLAIN = frozenset({"true", "false", "null"})

_SPACES = "\u00a0\u202f"
"""No-break spaces: not printable to Python, harmless in a file."""


def read_assessment(path: Path | str, *, rubric: Rubric | None = None) -> Assessment:
    """Read an assessment, and hold its answers against its rubric.

    Args:
        path: the file.
        rubric: what it answers; the packaged one that it names when left out.

    Returns:
        The assessment as written; what was left empty is not among its answers.

    Raises:
        ToolkitError: every fault, each with its line and path.

    >>> from mlops_widgets.library import packaged_folder
    >>> read_assessment(packaged_folder("demo") / "churn-model.yaml").subject
    'Churn model'
    """
    path = Path(path)
    return _read(read_yaml(path), path, rubric)


def read_with_lines(path: Path, *, rubric: Rubric | None = None) -> tuple[Assessment, dict[str, int]]:
    """Read an assessment from a YAML file, and the line of each criterion in it, answered or not.

    Raises:
        ToolkitError: every fault, each with file and line.
    """
    parsed = read_yaml(path)
    assessment, lines = _read(parsed, path, rubric), Lines(parsed[1])
    return assessment, {name: lines.of(f"answers.{name}") for name in parsed[0].get("answers") or ()}


def read_answers(content: bytes, *, name: str, rubric: Rubric | None = None) -> Reading:
    """Read an assessment from what a file holds, with the line of each answer.

    The file is ours, and held to it: what it says wrong is a fault, not a guess for a person to confirm.

    Args:
        content: the file's bytes.
        name: the file's name in what is told; nothing is opened.
        rubric: what it answers; the packaged one that it names when left out.

    Raises:
        ToolkitError: every fault, each with its line.
    """
    parsed = parse_yaml(content, Path(name))
    assessment = _read(parsed, Path(name), rubric)
    lines = Lines(parsed[1])
    return stated(assessment, rubric or _named(assessment), line=lambda name: lines.of(f"answers.{name}"))


def _read(parsed: tuple[Any, Any], path: Path, rubric: Rubric | None) -> Assessment:
    data, root = parsed
    try:
        assessment = _without_empty(Assessment.from_dict(data))
        _hold_against(assessment, rubric or _named(assessment))
    except ToolkitError as error:
        raise AssessmentError(placed(error, path, root)) from None
    return assessment


def write_assessment(assessment: Assessment, rubric: Rubric) -> str:
    r"""Write an assessment as YAML, in the order of its rubric, each criterion under a comment with its text.

    What is open stands there with nothing behind it, so that a person can fill it in. Reading the text gives the same
    assessment back, and writing that gives the same text.

    >>> from mlops_widgets.library import load_rubric
    >>> churn = Assessment.from_dict({"id": "churn", "rubric": {"id": "mlops-questionnaire", "version": "1.0"},
    ...     "subject": "Churn model", "date": "2026-11-20", "answers": {"people.collaboration": "2"}})
    >>> print("\n".join(write_assessment(churn, load_rubric("mlops-questionnaire")).split("\n")[:20]))
    # MLOps capability questionnaire: 0, 1, 2, 3, 4; na where it does not apply, with a reason.
    # Leave open what you do not know. Beside its value an answer may have note, evidence, confidence.
    format: 1
    id: churn
    rubric:
      id: mlops-questionnaire
      version: "1.0"
    subject: Churn model
    date: 2026-11-20
    answers:
    <BLANKLINE>
      # === People and process ===
    <BLANKLINE>
      # How do the people who make models and those who run them work together?
      #   0: Apart from each other, with little contact
      #   1: In a meeting now and then
      #   2: As a habit, building pipelines side by side
      #   3: As joint owners of the models
      #   4: As one platform team with people from every field
      people.collaboration: 2
    """
    return "\n".join(_lines(assessment, rubric)) + "\n"


# Reading


def _without_empty(assessment: Assessment) -> Assessment:
    stated = {name: answer for name, answer in assessment.answers.items() if not answer.is_empty}
    return assessment.model_copy(update={"answers": stated})


def _named(assessment: Assessment) -> Rubric:
    try:
        return packaged_rubric(assessment.rubric.id)
    except ToolkitError as error:
        raise AssessmentError([Problem(where="rubric.id", message=str(error))]) from None


def _hold_against(assessment: Assessment, rubric: Rubric) -> None:
    """Raise every fault of the answers and of the plan.

    A name the rubric does not have is a slip of the pen; in an assessment of another version it is history.
    """
    problems: list[Problem] = []
    try:
        fitted(assessment, rubric)
    except AssessmentError as error:
        problems.extend(error.problems)
    known = [*rubric.criteria, *rubric.descriptors]
    same = (assessment.rubric.id, assessment.rubric.version) == (rubric.id, rubric.version)
    told = {problem.where for problem in problems}
    problems += [
        problem for problem in plan_faults(assessment.plan, rubric if same else None) if problem.where not in told
    ]
    strange = [name for name in assessment.answers if name not in rubric.criteria and name not in rubric.descriptors]
    for place, name in enumerate(strange if same else ()):
        near = get_close_matches(name, known, n=1) if place < _MOST_GUESSED else []
        advice = f"; did you mean {near[0]}?" if near else "; take it out, or put it under unmatched"
        message = f"is no criterion of {rubric.id} {rubric.version}{advice}"
        problems.append(Problem(where=f"answers.{name}", message=message))
    if problems:
        raise AssessmentError(problems)


# Writing


def _lines(assessment: Assessment, rubric: Rubric) -> Iterator[str]:
    yield from _comment(f"{rubric.title}: {_choices(rubric.scales[rubric.scale])}.")
    yield "# Leave open what you do not know. Beside its value an answer may have note, evidence, confidence."
    whole = _ordered(assessment, rubric)
    for key, value in whole.items():
        if key not in ("answers", "unmatched", "plan"):
            yield from _entry(key, value)
    yield "answers:"
    for section in rubric.sections:
        yield from _section(section, rubric, assessment.answers, depth=1)
    known = rubric.criteria.keys() | rubric.descriptors.keys()
    strange = {name: answer for name, answer in assessment.answers.items() if name not in known}
    if strange:
        yield from ("", "  # === Not in this rubric ===")
        yield from _answers(strange)
    if assessment.unmatched:
        yield from ("", "# Answers to what this version of the rubric no longer asks: kept, never scored.")
        yield "unmatched:"
        yield from _answers(assessment.unmatched)
    if plan := whole.get("plan"):
        yield from (
            "",
            "# What is to be done, by whom and by when. The id of an item: 4 to 32 small letters and digits.",
        )
        yield from _entry("plan", plan)


def _ordered(assessment: Assessment, rubric: Rubric) -> dict[str, Any]:
    """Give it as plain data: targets in the rubric's order, items in the plan's, so that diffs stay quiet."""
    whole = assessment.to_dict()
    if targets := whole.get("targets"):
        order = [OVERALL, *(section.id for section in rubric.walk())]
        known = [name for name in order if name in targets]
        whole["targets"] = {name: targets[name] for name in (*known, *(name for name in targets if name not in order))}
    plan = whole.get("plan", {})
    if "items" in plan:
        plan["items"] = {name: plan["items"][name] for name, _ in assessment.plan.ordered()}
    return whole


def _choices(scale: Scale) -> str:
    options = ", ".join(
        option.id if option.label.lower().replace(" ", "-") == option.id else f"{option.id} ({option.label})"
        for option in scale.options
    )
    return f"{options}; {NOT_APPLICABLE} where it does not apply, with a reason"


def _section(section: Section, rubric: Rubric, answers: Mapping[str, Answer], *, depth: int) -> Iterator[str]:
    rule = "=" * 3 if depth == 1 else "-" * 3
    yield ""
    yield from _comment(f"{rule} {section.title} {rule}", indent=2)
    items: tuple[Descriptor | Criterion, ...] = (*section.descriptors, *section.criteria)
    for item in items:
        yield ""
        yield from _asked(item, rubric)
        yield from _answer(item.id, answers.get(item.id, Answer()))
    for child in section.sections:
        yield from _section(child, rubric, answers, depth=depth + 1)


def _asked(item: Criterion | Descriptor, rubric: Rubric) -> Iterator[str]:
    """Say what is asked, in comments."""
    if item.id in rubric.descriptors:
        yield from _comment(f"Level {item.level}, tick with yes what is true: {item.text}", indent=2)
        return
    criterion = rubric.criteria[item.id]
    level = "" if criterion.level is None else f"Level {criterion.level}: "
    labels = {option.id: option.label for facet in rubric.facets for option in facet.options}
    only = " / ".join(f"{name} ({labels[name]})" for name in criterion.applies_to)
    yield from _comment(f"{level}{criterion.text}" + (f" Only for {only}." if only else ""), indent=2)
    scale = rubric.scale_of[item.id]
    for option, anchor in zip(scale.options, criterion.anchors, strict=False):
        yield from _comment(f"{option.id}: {anchor}", indent=2, hang=2)
    if scale != rubric.scales[rubric.scale] and not criterion.anchors:
        yield from _comment(_choices(scale), indent=2, hang=2)


def _answers(answers: Mapping[str, Answer]) -> Iterator[str]:
    for name, answer in answers.items():
        yield from _answer(name, answer)


def _answer(name: str, answer: Answer) -> Iterator[str]:
    plain = answer.to_dict()
    if set(plain) <= {"value"}:
        value = plain.get("value")
        yield f"  {_quoted(name)}:" + ("" if value is None else f" {_value(value)}")
        return
    yield f"  {_quoted(name)}:"
    if "value" in plain:
        yield f"    value: {_value(plain.pop('value'))}"
    for key, value in plain.items():
        yield from _entry(key, value, indent=4)


def _entry(key: str, value: Any, *, indent: int = 0) -> Iterator[str]:  # noqa: ANN401 - what JSON can hold
    """Write a key with its value, which may go on in further lines."""
    start = " " * indent + f"{_quoted(key)}:"
    if isinstance(value, dict):
        yield start
        for name, child in value.items():
            yield from _entry(name, child, indent=indent + 2)
    elif isinstance(value, list):
        yield start
        for item in value:
            yield from _item(item, indent=indent + 2)
    elif isinstance(value, str) and _is_block(value):
        yield f"{start} |-"
        yield from (" " * (indent + 2) + line if line else "" for line in value.split("\n"))
    elif isinstance(value, str):
        yield f"{start} {value if re.fullmatch(r'[0-9]{4}-[0-9]{2}-[0-9]{2}', value) else _quoted(value)}"
    else:
        yield f"{start} {_number(value)}"


def _item(item: Any, *, indent: int) -> Iterator[str]:  # noqa: ANN401 - what JSON can hold
    """Write one of a list, which is text or a mapping."""
    start = " " * indent
    if isinstance(item, dict):
        for number, (key, value) in enumerate(item.items()):
            first, *more = _entry(key, value, indent=indent + 2)
            yield first if number else f"{start}- {first.lstrip(' ')}"
            yield from more
    else:
        yield f"{start}- {_quoted(item)}"


def _value(value: str) -> str:
    """Write a chosen option: whole numbers as people write them."""
    return value if re.fullmatch(r"0|[1-9][0-9]*", value) else _quoted(value)


def _number(value: float) -> str:
    value += 0  # makes 0 of -0
    short = f"{value:g}"
    return (short if float(short) == value else repr(value)).replace("inf", ".inf")


def _is_block(text: str) -> bool:
    """Whether a text of several lines can stand as it is, indented."""
    lines = text.split("\n")
    return (
        len(lines) > 1
        and bool(lines[0] and lines[-1])
        and not lines[0].startswith(" ")
        and all(line == line.rstrip(" ") and all(map(_is_printable, line)) for line in lines)
    )


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character == "\n":
        return "\\n"
    return character if _is_printable(character) else f"\\U{ord(character):08x}"


def _is_printable(character: str) -> bool:
    """Whether a character may stand in a file as it is: neither control nor invisible."""
    return character.isprintable() or character in _SPACES


def _comment(text: str, *, indent: int = 0, hang: int = 0) -> Iterator[str]:
    """Write a comment in lines of bearable length; what would end the line early becomes a space."""
    line = " ".join(text.split())
    start = " " * indent + "# " + " " * hang
    for part in wrap("".join(c if _is_printable(c) else " " for c in line), width=_WIDTH):
        yield start + part
