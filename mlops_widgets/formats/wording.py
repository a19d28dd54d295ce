"""What answers are called in tables of ours, and every way to write them that a formula understands too.

Knows no file format.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlops_widgets.assessment import NOT_APPLICABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_widgets.rubric import Criterion, Descriptor, Scale, Section

__all__ = ["answer_keys", "answers_shown", "asked", "yes_keys"]


def asked(section: Section) -> tuple[Criterion | Descriptor, ...]:
    """List what a section asks itself, not in the sections below it: what describes it first."""
    return (*section.descriptors, *section.criteria)


def yes_keys(words: Mapping[str, str]) -> tuple[str, ...]:
    """List what counts as a yes where a thing is true or not, in small letters."""
    return tuple(dict.fromkeys((words["yes"].lower(), "yes", "x", "true", "1")))


def answers_shown(scale: Scale, words: Mapping[str, str]) -> dict[str, str]:
    """Give what each answer of a scale is called in its list, by its value.

    >>> from mlops_widgets.library import load_rubric, words
    >>> answers_shown(load_rubric("mlops-levels").scales["answer"], words("workbook"))
    {'no': 'No', 'partly': 'Partly', 'yes': 'Yes', 'na': 'Not applicable'}
    """
    wanted = {option.id: _one_line(option.label) for option in scale.options}
    wanted = {NOT_APPLICABLE: words["not_applicable"], **wanted}
    shown: dict[str, str] = {}
    for value, label in wanted.items():
        known = {other.casefold() for other in shown.values()}
        shown[value] = f"{label} ({value})" if label.casefold() in known else label
    return {**{option.id: shown[option.id] for option in scale.options}, NOT_APPLICABLE: shown[NOT_APPLICABLE]}


def answer_keys(scale: Scale, words: Mapping[str, str]) -> dict[str, str]:
    """Give the value of every way to write an answer of a scale, in small letters.

    What is chosen from the list comes first, then the ids, then numbers as a spreadsheet writes them.

    >>> from mlops_widgets.library import load_rubric, words
    >>> answer_keys(load_rubric("ml-test-score").scales["automation"], words("workbook"))["by hand, written down"]
    'manual'
    """
    keys: dict[str, str] = {}
    shown = answers_shown(scale, words)
    ids = [option.id for option in scale.options]
    for value, label in shown.items():
        keys.setdefault(label.lower(), value)
    for value in ids:
        keys.setdefault(value.lower(), value)
    for word in (NOT_APPLICABLE, "n/a"):
        keys.setdefault(word, NOT_APPLICABLE)
    for value, label in shown.items():
        if re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", label):
            keys.setdefault(f"{float(label):.15g}", value)
    return keys


def _one_line(text: str) -> str:
    """Write a label so that it can stand in a list: on one line, without spaces at its ends."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
