"""The errors users see."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from mlops_widgets.errors import Problem, ToolkitError


def test_problem_says_where_and_what() -> None:
    """A problem reads as one line: place, then sentence."""
    assert str(Problem(where="team.yaml:41: sections[2]", message="is empty")) == "team.yaml:41: sections[2]: is empty"


def test_problem_without_a_place_is_its_sentence() -> None:
    """No stray colon stands before a sentence that needs no place."""
    assert str(Problem(where="", message="there is no such rubric")) == "there is no such rubric"


def test_error_of_one_sentence() -> None:
    """One sentence is enough to raise an error."""
    error = ToolkitError("the file is gone")
    assert str(error) == "the file is gone"
    assert error.problems == (Problem(where="", message="the file is gone"),)


def test_error_tells_all_its_problems_in_order() -> None:
    """Every fault has its line, in the order given."""
    problems = [Problem(where="b", message="is missing"), Problem(where="a", message="is empty")]
    error = ToolkitError(iter(problems))
    assert str(error) == "b: is missing\na: is empty"
    assert error.problems == tuple(problems)


def test_error_in_a_notebook_is_its_sentences() -> None:
    """A notebook shows what is wrong, and none of our code."""
    shell = InteractiveShell()
    code = "from mlops_widgets import ToolkitError\nraise ToolkitError('a: is missing')"
    with capture_output() as captured:
        shell.run_cell(code)
    assert captured.stdout == "a: is missing\n"


def test_problem_is_frozen_and_has_no_other_fields() -> None:
    """A problem cannot be changed after it was found, and a misspelt keyword is a TypeError."""
    problem = Problem(where="a", message="b")
    with pytest.raises(AttributeError, match=r"^cannot assign to field 'where'$"):
        problem.where = "c"  # type: ignore[misc]
    with pytest.raises(TypeError, match="unexpected keyword argument 'place'"):
        Problem(place="a", message="b")  # type: ignore[call-arg]
