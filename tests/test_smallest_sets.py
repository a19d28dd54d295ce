"""The smallest set of criteria that leads to a level."""

from __future__ import annotations

from typing import Any

import numpy as np
from small_rubric import small, tree

from mlops_widgets.engine import codes_of, engine
from mlops_widgets.library import load_rubric
from mlops_widgets.rubric import Rubric
from mlops_widgets.smallest_sets import SmallestSets, goals


def chosen(rubric: Rubric, answers: dict[str, str], level: int, *, head: int = 0) -> tuple[int | None, list[str]]:
    """The level that can be reached, and the ids of the set that leads to it."""
    compiled = engine(rubric)
    codes = compiled.effective(codes_of(rubric, answers)[np.newaxis])[0]
    cost = [criterion.effort or 1.0 for criterion in rubric.criteria.values()]
    sets = SmallestSets(compiled, codes, level=level, cost=cost)
    reachable = sets.reachable(head)
    return reachable, [] if reachable is None else [compiled.ids[column] for column in sets.to(head, reachable)]


def test_every_level_on_the_way_counts() -> None:
    """Under gates a target two levels up takes the criteria of both."""
    assert chosen(small(), {"data.a": "yes"}, 2) == (2, ["data.b", "data.c", "model.a"])


def test_what_is_brought_along_is_not_chosen() -> None:
    """A criterion that another one implies need not be met on its own."""
    assert chosen(small(), {}, 2, head=1) == (2, ["data.b", "data.c"])
    assert chosen(small(), {"data.a": "no"}, 2, head=1) == (2, ["data.a", "data.b", "data.c"])


def test_the_cheaper_of_two_is_taken() -> None:
    """Where either of two would do, the one of less effort is in the set; under bands as under gates."""
    gates = {"scoring.gates.threshold": 0.5, "sections.0.criteria.0.effort": 5, "sections.0.criteria.1.effort": 2}
    assert chosen(small(gates), {}, 1, head=1) == (1, ["data.b"])
    bands = [{"level": 0, "below": 0.5}, {"level": 1, "at_least": 0.5}]
    parts: list[dict[str, Any]] = [{"id": "a", "criteria": [{"id": "x", "effort": 5}, {"id": "y", "effort": 2}]}]
    assert chosen(tree("mean", parts, bands=bands), {}, 1) == (1, ["y"])


def test_what_is_required_belongs_to_the_set() -> None:
    """A criterion brings what has to be met before it, unless that is met or does not apply."""
    rubric = small({"sections.1.criteria.1.requires": ["data.a"]})
    assert chosen(rubric, {}, 3, head=2) == (3, ["data.a", "model.a", "model.b"])
    assert chosen(rubric, {"data.a": "yes"}, 3, head=2) == (3, ["model.a", "model.b"])
    assert chosen(rubric, {"data.a": "na"}, 3, head=2) == (3, ["model.a", "model.b"])


def test_level_out_of_reach() -> None:
    """The set leads as far up as criteria go; a level that asks for nothing is passed on the way to one that does."""
    assert chosen(small(), {}, 3, head=1) == (2, ["data.b", "data.c"])
    assert chosen(small(), {"model.a": "yes"}, 2, head=2) == (3, ["model.b"])
    assert chosen(small(), {"model.a": "yes", "model.b": "yes"}, 3, head=2) == (None, [])


def test_questions_go_up_to_the_text_of_the_level() -> None:
    """A question with a text for each level is raised to the one wanted, not to the highest."""
    rubric = load_rubric("mlops-questionnaire")
    assert set(goals(engine(rubric), 2).tolist()) == {2}
    assert set(goals(engine(load_rubric("mlops-levels")), 2).tolist()) == {2}
    level, names = chosen(rubric, dict.fromkeys(rubric.criteria, "1"), 2)
    assert (level, len(names)) == (2, 7)


def test_texts_that_do_not_lead_to_their_level() -> None:
    """Where bands ask for more than the texts of their level are worth, questions are raised to the highest."""
    data = load_rubric("mlops-questionnaire").to_dict()
    data["scoring"]["bands"] = [{"level": 0, "below": 3}, {"level": 1, "at_least": 3}]
    rubric = Rubric.from_dict(data)
    level, names = chosen(rubric, dict.fromkeys(rubric.criteria, "1"), 1)
    assert (level, len(names)) == (1, 9)
