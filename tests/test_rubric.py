"""The rubric tree: what its fields may hold, what it gives back, and what its hash stands for."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError
from small_rubric import MISSING, plain, small

from mlops_widgets.rubric import Band, Rubric, RubricError


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("title", MISSING, "title: is missing"),
        ("titel", "x", "titel: is not a known key; check its spelling or take it out"),
        ("title", "", "title: is empty; write some text"),
        ("title", 7, "title: should be text, not 7; put it in quotes"),
        ("title", True, "title: should be text, not true; put it in quotes"),
        ("title", None, "title: should be text, not nothing"),
        ("title", ["x"], "title: should be text, not ['x']"),
        ("title", "x" * 501, "title: is 501 characters long; the most is 500"),
        ("id", "a b", "id: should be letters, digits, '.', '_' and '-', at most 80 of them, not 'a b'"),
        ("id", "../x", "id: should be letters, digits, '.', '_' and '-', at most 80 of them, not '../x'"),
        ("version", "one", "version: should be numbers and dots, like '1.0' or '1.0.2', not 'one'"),
        ("version", 1.0, "version: should be text, not 1.0; put it in quotes"),
        ("language", "English", "language: should be a language code, like 'en' or 'pt-BR', not 'English'"),
        ("format", 2, "format: 2 is not one of 1"),
        ("minutes", 0, "minutes: input should be greater than or equal to 1, not 0"),
        ("minutes", "10", "minutes: should be a whole number, not '10'"),
        ("sections", {}, "sections: should be a list, not {}"),
        ("sections", [], "sections: has 0 parts; the fewest is 1"),
        ("scales", {}, "scales: has 0 parts; the fewest is 1"),
        ("scales.answer.options", [{"id": "yes", "label": "Yes", "value": 1}],
         "scales.answer.options: has 1 parts; the fewest is 2"),
        ("scales.answer.options", [{"id": f"o{n}", "label": "O", "value": n} for n in range(12)],
         "scales.answer.options: has 12 parts; the most is 11"),
        ("sections.0", "data", "sections[0]: should be a mapping of keys to values, not 'data'"),
        ("scales", [], "scales: should be a mapping of keys to values, not []"),
        ("scoring.combine", "average",
         "scoring.combine: 'average' is not one of 'mean', 'pooled_mean', 'weighted_mean', 'sum', 'min'"),
        ("scoring.gates.threshold", 80, "scoring.gates.threshold: input should be less than or equal to 1, not 80"),
        ("scoring.gates.threshold", "80 %", "scoring.gates.threshold: should be a number, not '80 %'"),
        ("scoring.gates.threshold", True, "scoring.gates.threshold: should be a number, not true"),
        ("sections.0.criteria.0.effort", float("nan"),
         "sections[0].criteria[0].effort: input should be a finite number, not nan"),
        ("sections.0.criteria.0.level", "1", "sections[0].criteria[0].level: should be a whole number, not '1'"),
        ("sections.0.criteria.0.level", 1.5, "sections[0].criteria[0].level: should be a whole number, not 1.5"),
        ("sections.0.criteria.0.level", 12, "sections[0].criteria[0].level: 12 is not one of 0, 1, 2, 3"),
        ("sections.0.criteria.0.text", "x" * 99, None),
    ],
)  # fmt: skip
def test_fault_of_a_field_is_said_in_a_sentence(path: str, value: object, message: str | None) -> None:
    """A field of the wrong type or form is named by its path, with what it should be."""
    data = plain({path: value})
    if message is None:
        assert Rubric.from_dict(data)
        return
    with pytest.raises(RubricError) as error:
        Rubric.from_dict(data)
    assert str(error.value) == message


def test_long_wrong_value_is_cut() -> None:
    """A message repeats no more than the beginning of a long value."""
    with pytest.raises(RubricError) as error:
        small({"scoring": "x" * 5000})
    assert str(error.value) == f"scoring: should be a mapping of keys to values, not '{'x' * 59}..."


def test_all_faults_are_told_at_once() -> None:
    """Faults of single fields and faults between parts come in one error."""
    with pytest.raises(RubricError) as error:
        small({"title": "", "sections.1.criteria.0.level": 5, "sections.1.criteria.0.implies": ["nowhere"]})
    assert str(error.value).splitlines() == [
        "title: is empty; write some text",
        "sections[1].criteria[0].implies[0]: 'nowhere' is no criterion of this rubric",
        "sections[1].criteria[0].level: 5 is not one of 0, 1, 2, 3",
    ]


@pytest.mark.parametrize("data", [None, [], "rubric", 5])
def test_rubric_that_is_no_mapping(data: Any) -> None:  # noqa: ANN401 - anything a reader may give
    """What is no mapping at all gets a sentence of its own."""
    with pytest.raises(RubricError) as error:
        Rubric.from_dict(data)
    assert str(error.value) == "a rubric is a mapping with an id, a title and sections"


def test_rubric_is_frozen() -> None:
    """A rubric cannot be changed after it was checked."""
    with pytest.raises(ValidationError, match="Instance is frozen"):
        small().title = "Other"


def test_to_dict_gives_back_the_same_rubric() -> None:
    """Plain data makes the same rubric again."""
    rubric = small()
    assert Rubric.from_dict(rubric.to_dict()) == rubric
    assert Rubric.from_dict(json.loads(json.dumps(rubric.to_dict()))).content_hash == rubric.content_hash


def test_to_dict_leaves_out_defaults() -> None:
    """What is at its default is not spelt out."""
    assert small().to_dict()["sections"][1] == {
        "id": "model",
        "title": "Model",
        "criteria": [
            {"id": "model.a", "text": "A.", "level": 1},
            {"id": "model.b", "text": "B.", "level": 3},
        ],
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("sections.0.criteria.0.text", "Another text."),
        ("sections.0.weight", 0),
        ("scoring.gates.threshold", 0.75),
        ("scales.answer.options.1.value", 0.4),
        ("sections.0.criteria.2.implies", []),
        ("version", "1.1"),
        ("scoring.unanswered", "excluded"),
    ],
)
def test_hash_changes_with_meaning(path: str, value: object) -> None:
    """Whatever changes what is asked or how it is scored changes the hash."""
    assert small({path: value}).content_hash != small().content_hash


def test_hash_stays_with_key_order_and_spelt_out_defaults() -> None:
    """The same meaning written otherwise has the same hash."""
    data = plain(
        {
            "format": 1,
            "language": "en",
            "roadmaps": [],
            "scoring.combine": "mean",
            "scoring.gates.threshold": 0.80,
            "sections.0.weight": 1.0,
            "sections.0.combine": "mean",
            "sections.0.criteria.0.kind": "statement",
            "sections.0.criteria.0.help": None,
            "sections.0.criteria.0.applies_to": [],
            "scales.answer.options.2.value": 1.0,
        }
    )

    def backwards(node: Any) -> Any:  # noqa: ANN401 - plain data
        if isinstance(node, dict):
            return {key: backwards(node[key]) for key in reversed(node)}
        return [backwards(item) for item in node] if isinstance(node, list) else node

    assert Rubric.from_dict(backwards(data)).content_hash == small().content_hash


def test_hash_changes_with_the_order_of_items() -> None:
    """The order of sections and criteria is part of the meaning: it is the order they are asked in."""
    data = plain()
    data["sections"].reverse()
    assert Rubric.from_dict(data).content_hash != small().content_hash


def test_from_dict_leaves_its_argument_alone() -> None:
    """The data given is not changed."""
    data = plain()
    before = deepcopy(data)
    Rubric.from_dict(data)
    assert data == before


def test_walk_gives_parents_before_children() -> None:
    """Sections come in the order they are read."""
    inner = {"id": "inner", "title": "Inner", "criteria": [{"id": "x", "text": "X.", "level": 1}]}
    rubric = small({"sections.1": {"id": "outer", "title": "Outer", "short": "Out", "sections": [inner]}})
    assert [section.id for section in rubric.walk()] == ["data", "outer", "inner"]
    assert [section.label for section in rubric.walk()] == ["Data", "Out", "Inner"]
    assert rubric.dimension_of["x"].id == "outer"
    assert rubric.dimension_of["data.none"].id == "data"
    assert list(rubric.criteria) == ["data.a", "data.b", "data.c", "x"]
    assert list(rubric.descriptors) == ["data.none"]


def test_level_is_found_by_its_number() -> None:
    """A level has a number, or there is none."""
    level = small().level(2)
    assert level
    assert level.name == "Level 2"
    assert small().level(7) is None


def test_scale_is_that_of_the_nearest() -> None:
    """A criterion has its own scale, else its section's, else the rubric's."""
    two = {"options": [{"id": "0", "label": "0", "value": 0}, {"id": "1", "label": "1", "value": 1}]}
    rubric = small(
        {
            "scales.section": two,
            "scales.own": {**two, "met": "1"},
            "sections.1.scale": "section",
            "sections.1.criteria.1.scale": "own",
        }
    )
    names = {id(scale): name for name, scale in rubric.scales.items()}
    assert [names[id(rubric.scale_of[name])] for name in ("data.a", "model.a", "model.b")] == [
        "answer", "section", "own",
    ]  # fmt: skip


@pytest.mark.parametrize(("met", "index"), [(None, 2), ("partly", 1), ("yes", 2)])
def test_met_is_the_highest_answer_unless_said(met: str | None, index: int) -> None:
    """A scale may name the lowest answer that counts as met."""
    assert small({"scales.answer.met": met}).scales["answer"].met_index == index


@pytest.mark.parametrize(
    ("edges", "text"),
    [
        ({"below": 0.5}, "below 0.5"),
        ({"at_least": 0.5, "below": 1.5}, "from 0.5 below 1.5"),
        ({"above": 3, "at_most": 5}, "above 3 to 5"),
        ({"at_least": 0, "at_most": 0}, "from 0 to 0"),
        ({}, ""),
    ],
)
def test_band_says_its_edges(edges: dict[str, float], text: str) -> None:
    """A band reads as the range it is."""
    assert str(Band(level=1, **edges)) == text


def test_json_schema_accepts_and_refuses_what_the_rubric_does() -> None:
    """Editors check by the same fields: a good rubric passes, an unknown key and text for a number do not."""
    schema = Rubric.json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert list(validator.iter_errors(plain())) == []
    for path, value in (("titel", "x"), ("sections.0.weight", "1"), ("scoring.combine", "average")):
        assert len(list(validator.iter_errors(plain({path: value})))) == 1
