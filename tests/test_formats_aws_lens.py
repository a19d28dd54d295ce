"""Custom lenses of others as rubrics: what they ask is kept, what has no counterpart is told."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.aws_lens import read_lens
from mlops_widgets.rubric import Rubric

LENS: dict[str, Any] = {
    "schemaVersion": "2021-11-01",
    "name": "House of models",
    "description": "What our models need.",
    "pillars": [
        {
            "id": "keeping",
            "name": "Keeping",
            "questions": [
                {
                    "id": "keep1",
                    "title": "How are models kept?",
                    "description": "Think of the newest one.",
                    "helpfulResource": {"displayText": "A page on keeping.", "url": "https://example.org/keep"},
                    "choices": [
                        {
                            "id": "keep1_registry",
                            "title": "In a registry",
                            "helpfulResource": {"displayText": "A registry has versions."},
                            "improvementPlan": {"displayText": "Set one up.", "url": "https://example.org/registry"},
                        },
                        {"id": "keep1_backup", "title": "With a copy elsewhere"},
                        {"id": "keep1_no", "title": "None of these"},
                    ],
                    "riskRules": [
                        {"condition": "keep1_registry && keep1_backup", "risk": "NO_RISK"},
                        {"condition": "keep1_registry && !(keep1_no)", "risk": "MEDIUM_RISK"},
                        {"condition": "default", "risk": "HIGH_RISK"},
                    ],
                }
            ],
        }
    ],
}


def lens(**changes: Any) -> dict[str, Any]:
    """Copy the lens with some of its keys replaced."""
    return deepcopy(LENS) | changes


def one(**question: Any) -> dict[str, Any]:
    """Give a lens of one pillar whose only question has some keys replaced."""
    changed = lens()
    changed["pillars"][0]["questions"][0] |= question
    return changed


def notes(data: object) -> list[str]:
    """Read a lens and give its notes."""
    return [str(note) for note in read_lens(data).notes]


def test_lens_becomes_a_rubric() -> None:
    """Pillars are dimensions, questions sections, choices statements; what explains them is their help."""
    rubric = read_lens(LENS).rubric
    assert (rubric.id, rubric.version, rubric.title) == ("house-of-models", "1.0", "House of models")
    assert rubric.description == "What our models need."
    section = rubric.sections[0].sections[0]
    assert (rubric.sections[0].id, rubric.sections[0].title) == ("keeping", "Keeping")
    assert (section.id, section.title) == ("keep1", "How are models kept?")
    assert section.description == "Think of the newest one.\n\nA page on keeping.\nhttps://example.org/keep"
    assert {name: item.text for name, item in rubric.criteria.items()} == {
        "keep1_registry": "In a registry",
        "keep1_backup": "With a copy elsewhere",
    }
    help_ = rubric.criteria["keep1_registry"].help
    assert help_ == "A registry has versions.\n\nSet one up.\nhttps://example.org/registry"
    assert [option.id for option in rubric.scales["answer"].options] == ["no", "yes"]


def test_what_has_no_counterpart_is_told() -> None:
    """The choice for none of them, and the rules with their conditions."""
    assert notes(LENS) == [
        "pillars[0].questions[0].choices[2]: 'None of these' is said here by answering no to each: left out",
        (
            "pillars[0].questions[0].riskRules: has no counterpart: left out: NO_RISK if keep1_registry && "
            "keep1_backup; MEDIUM_RISK if keep1_registry && !(keep1_no); HIGH_RISK otherwise"
        ),
    ]


def test_keys_of_their_own_are_told() -> None:
    """On each floor of the lens."""
    changed = lens(_version="2")
    changed["pillars"][0]["icon"] = "box"
    changed["pillars"][0]["questions"][0]["url"] = "https://example.org"
    changed["pillars"][0]["questions"][0]["choices"][0]["helpfulResource"]["Url"] = "https://example.org"
    assert [note for note in notes(changed) if note.endswith("'") and "left out: '" in note] == [
        "_version: has no counterpart: left out: '2'",
        "pillars[0].icon: has no counterpart: left out: 'box'",
        "pillars[0].questions[0].url: has no counterpart: left out: 'https://example.org'",
        "pillars[0].questions[0].choices[0].helpfulResource.Url: has no counterpart: left out: 'https://example.org'",
    ]


def test_more_resources_are_kept() -> None:
    """Additional resources are help too."""
    choice = {
        "id": "a_choice",
        "title": "A choice",
        "additionalResources": [
            {"type": "HELPFUL_RESOURCE", "content": [{"displayText": "More", "url": "https://example.org/more"}]}
        ],
    }
    assert read_lens(one(choices=[choice])).rubric.criteria["a_choice"].help == "More\nhttps://example.org/more"


def test_ids_used_twice_get_their_question() -> None:
    """Choices are told apart within a question only; here they need an id of their own."""
    changed = lens()
    twin = deepcopy(changed["pillars"][0]["questions"][0]) | {"id": "keep2", "riskRules": []}
    changed["pillars"][0]["questions"].append(twin)
    reading = read_lens(changed)
    assert list(reading.rubric.criteria) == [
        "keep1.keep1_registry",
        "keep1.keep1_backup",
        "keep2.keep1_registry",
        "keep2.keep1_backup",
    ]
    assert (
        "pillars[0].questions[0].choices[0].id: 'keep1_registry' is the id of several choices: changed to "
        "'keep1.keep1_registry'"
    ) in [str(note) for note in reading.notes]


def test_long_titles_are_cut_and_kept() -> None:
    """What a title is too long for stands whole in the help."""
    text = "word " * 120
    reading = read_lens(one(choices=[{"id": "long", "title": text}], riskRules=[]))
    criterion = reading.rubric.criteria["long"]
    assert criterion.text.endswith("word…")
    assert criterion.help == text.strip()
    assert [str(note) for note in reading.notes] == [
        "pillars[0].questions[0].choices[0].title: is 599 characters long: cut to 500; all of it stands in its help"
    ]


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (lens(schemaVersion="2030"), "schemaVersion: '2030' is not 2021-11-01: read as if it were"),
        (lens(name=None, description=None), None),
        (lens(pillars=[*LENS["pillars"], 3]), "pillars[1]: should be a mapping of keys to values, not 3: left out"),
        (
            lens(pillars=[*LENS["pillars"], {"id": "empty"}]),
            "pillars[1]: has no question with a choice: left out",
        ),
        (
            one(riskRules=[{"condition": "keep1_registry || other", "risk": "NO_RISK"}]),
            "pillars[0].questions[0].riskRules[0].condition: 'other' is no choice of this question",
        ),
        (one(riskRules="x"), "pillars[0].questions[0].riskRules: should be a list, not 'x': left out"),
        (one(id=1.5), None),
        (one(title=["x"]), "pillars[0].questions[0].title: should be text, not a list: left out"),
    ],
)
def test_slips_do_not_stop_the_reading(data: dict[str, Any], note: str | None) -> None:
    """What can be read is; what cannot is told."""
    reading = read_lens(data)
    assert len(reading.rubric.criteria) == 2
    if note:
        assert note in [str(told) for told in reading.notes]


@pytest.mark.parametrize("data", [None, [], "pillars", {"name": "x"}])
def test_what_is_no_lens(data: object) -> None:
    """One sentence says what a lens has."""
    with pytest.raises(ToolkitError) as error:
        read_lens(data, where="x.json")
    assert str(error.value) == "x.json: is no custom lens; one has a name, a description and pillars"


def test_lens_that_asks_nothing() -> None:
    """What stood there instead is told with it."""
    with pytest.raises(ToolkitError) as error:
        read_lens(one(choices=[{"id": "x_no", "title": "None of these"}], riskRules=[]))
    assert str(error.value).splitlines() == [
        "lens: holds nothing that can be asked",
        "pillars[0].questions[0].choices[0]: 'None of these' is said here by answering no to each: left out",
        "pillars[0].questions[0]: has no choice to tick: left out",
        "pillars[0]: has no question with a choice: left out",
    ]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def places(node: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a document."""
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for step, child in steps for place in places(child, (*path, step)))]


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(places(LENS)[1:]), ANYTHING), min_size=1, max_size=3))
def test_any_change_is_read_or_refused(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    """Whatever stands in a place of the lens: a rubric, or our own error."""
    data = deepcopy(LENS)
    for path, value in changes:
        node: Any = data
        try:
            for step in path[:-1]:
                node = node[step]
            node[path[-1]] = value
        except (TypeError, KeyError, IndexError):
            continue
    try:
        rubric = read_lens(data).rubric
    except ToolkitError:
        return
    assert Rubric.from_dict(rubric.to_dict()).content_hash == rubric.content_hash
