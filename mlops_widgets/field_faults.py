"""A fault of one field of a document, in a sentence: what pydantic found, as people would say it.

May not know which document it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlops_widgets.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import ValidationError

__all__ = ["ID", "problem_of", "problems_of"]

ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"
"""What the id of a part of a rubric looks like."""

_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not a known key; check its spelling or take it out",
    "string_too_short": "is empty; write some text",
}

_FORMS = {
    ID: "letters, digits, '.', '_' and '-', at most 80 of them",
    r"^\d+\.\d+(\.\d+)?$": "numbers and dots, like '1.0' or '1.0.2'",
    r"^[a-z]{2}(-[A-Z]{2})?$": "a language code, like 'en' or 'pt-BR'",
    r"^[A-Z]{3}$": "three capital letters, like 'USD'",
}

_LONGEST_SHOWN = 60
"""Characters of a wrong value that a message repeats."""

_KINDS = {
    "model_type": "a mapping of keys to values",
    "dict_type": "a mapping of keys to values",
    "tuple_type": "a list",
    "int_type": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
}


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path.removesuffix(".[key]")


def _shown(given: object) -> str:
    """Write a value as it stands in the file, cut to what fits in a message."""
    if given is None or isinstance(given, bool):
        return {None: "nothing", True: "true", False: "false"}[given]
    text = repr(given)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def problems_of(error: ValidationError, *, forms: Mapping[str, str] = _FORMS) -> Iterator[Problem]:
    """Say each fault of single fields in a sentence; `forms` tells in words what a pattern asks for."""
    for fault in error.errors(include_url=False):
        # A list whose items are at fault also counts as too short: that is no fault of its own.
        if fault["type"] != "too_short" or len(fault["input"]) < fault["ctx"]["min_length"]:
            yield problem_of(fault, forms=forms)


def problem_of(fault: Mapping[str, Any], *, forms: Mapping[str, str] = _FORMS) -> Problem:
    """Say a fault of one field in a sentence."""
    return Problem(where=_path(fault["loc"]), message=_sentence(fault, forms))


def _sentence(fault: Mapping[str, Any], forms: Mapping[str, str]) -> str:
    kind, context, given = fault["type"], fault.get("ctx", {}), fault.get("input")
    message = f"{fault['msg'][0].lower()}{fault['msg'][1:]}, not {_shown(given)}"
    if kind in _MESSAGES:
        message = _MESSAGES[kind]
    elif kind in _KINDS:
        message = f"should be {_KINDS[kind]}, not {_shown(given)}"
    elif kind == "string_type":
        quote = "; put it in quotes" if isinstance(given, (bool, int, float)) else ""
        message = f"should be text, not {_shown(given)}{quote}"
    elif kind == "value_error":
        message = f"{context['error']}, not {_shown(given)}"
    elif kind == "literal_error":
        message = f"{_shown(given)} is not one of {context['expected'].replace(' or ', ', ')}"
    elif kind == "string_pattern_mismatch":
        message = f"should be {forms.get(context['pattern'], context['pattern'])}, not {_shown(given)}"
    elif kind == "string_too_long":
        message = f"is {len(str(given))} characters long; the most is {context['max_length']}"
    elif kind == "too_short":
        message = f"has {len(given or ())} parts; the fewest is {context['min_length']}"
    elif kind == "too_long":
        message = f"has {len(given or ())} parts; the most is {context['max_length']}"
    return message
