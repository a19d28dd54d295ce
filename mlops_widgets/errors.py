"""The errors users see: each fault says where it is, what is wrong and what to do.

May not import anything of this package.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Problem", "ToolkitError"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One fault in something a person wrote.

    >>> print(Problem(where="rubrics/team.yaml:41: sections[2].level", message="5 is not one of 0, 1"))
    rubrics/team.yaml:41: sections[2].level: 5 is not one of 0, 1
    """

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class ToolkitError(Exception):
    """A fault, or several, that the person who caused them can mend.

    Faults are collected and told together, never one a run.

    >>> print(ToolkitError([Problem(where="a", message="is missing"), Problem(where="b", message="is empty")]))
    a: is missing
    b: is empty
    """

    def __init__(self, problems: Iterable[Problem] | str) -> None:
        """Take the faults, or one sentence that needs no place."""
        if isinstance(problems, str):
            problems = [Problem(where="", message=problems)]
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def _render_traceback_(self) -> list[str]:
        """Show in a notebook the sentences alone: where our code was when it found them helps nobody."""
        return str(self).splitlines()
