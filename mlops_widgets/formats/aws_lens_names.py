"""What a custom lens may be called and how long it may be, and how our ids travel in it.

An id of a lens has letters, digits and underscores only. Ours have dots and hyphens too, and they come back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["SCHEMA_VERSION", "NamedLens", "decoded", "encoded", "lens_of", "mark"]

SCHEMA_VERSION = "2021-11-01"

LONGEST_NAME = 128
"""Characters of a name or a title."""

LONGEST_TEXT = 2048
"""Characters of a description, a helpful resource or an improvement plan."""

LONGEST_ID = 64
"""Characters of the id of a pillar or choice: the form has room for 128, but answers cannot name more."""

LONGEST_QUESTION_ID = 128

MOST_PILLARS = 10
MOST_QUESTIONS = 20
"""Questions of a pillar."""

MOST_CHOICES = 15
"""Choices of a question."""

LARGEST_LENS = 500_000
"""Bytes of the whole lens."""

_MARK = re.compile(
    r"\n*^Rubric: (?P<id>[A-Za-z0-9][A-Za-z0-9._-]{0,79}) (?P<version>\d+\.\d+(?:\.\d+)?)\s*\Z", re.MULTILINE
)
_SPLIT = re.compile(r"(?P<name>.+?)(?P<level>_level_(?P<number>\d))?(?P<part>_part_\d+)?")
_KINDS = ("anchored", "open")


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedLens:
    """Whose lens it is.

    Attributes:
        rubric: id of the rubric it was written from; empty for a lens that somebody else made.
        version: that of the rubric.
        description: without the line that says so.
    """

    rubric: str = ""
    version: str = ""
    description: str = ""

    def section(self, question: str, title: str) -> tuple[str, str, str]:
        """Say what a question of our own writing stands for: id and title of a section or criterion, and its kind.

        >>> NamedLens().section("data__raw_level_1_part_2", "Raw data, level 1: Start, part 2")
        ('data__raw', 'Raw data', '')
        >>> NamedLens().section("people__tools_anchored", "Which tools?")
        ('people__tools', 'Which tools?', 'anchored')
        """
        for kind in _KINDS:
            if question.endswith(f"_{kind}"):
                return question.removesuffix(f"_{kind}"), title, kind
        found = _SPLIT.fullmatch(question)
        if found is None:
            return question, title, ""
        if found["part"]:
            title = title.rpartition(", part ")[0] or title
        if found["level"]:
            title = title.rpartition(f", level {found['number']}")[0] or title
        return found["name"], title, ""


def mark(rubric: str, version: str) -> str:
    """Give the last line of a description, which says whose lens it is."""
    return f"Rubric: {rubric} {version}"


def lens_of(description: str) -> NamedLens:
    r"""Read whose lens it is.

    >>> lens_of("Nine dimensions.\n\nRubric: mlops-levels 1.0").rubric
    'mlops-levels'
    """
    found = _MARK.search(description)
    if found is None:
        return NamedLens(description=description)
    return NamedLens(rubric=found["id"], version=found["version"], description=description[: found.start()].strip())


def encoded(name: str) -> str:
    """Write an id of ours as one of a lens.

    >>> encoded("data.feature-store"), encoded("G"), encoded("rollback-no")
    ('data__feature_store', 'id_G', 'rollback_no_')
    """
    text = name.replace("_", "_u_").replace(".", "__").replace("-", "_")
    if len(text) < len("abc"):
        text = f"id_{text}"
    # What ends in _no is the choice that none of the others holds.
    return f"{text}_" if text.endswith("_no") else text


def decoded(name: str) -> str:
    """Read an id of ours back; those that `encoded` cannot tell apart are told when a lens is written.

    >>> decoded("data__feature_store"), decoded("id_G"), decoded("rollback_no_")
    ('data.feature-store', 'G', 'rollback-no')
    """
    text = name.removesuffix("_") if name.endswith("_no_") else name
    if text.startswith("id_") and len(text) < len("id_abc"):
        text = text.removeprefix("id_")
    return text.replace("_u_", "\0").replace("__", ".").replace("_", "-").replace("\0", "_")
