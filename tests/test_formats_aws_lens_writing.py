"""A rubric as a custom lens: within the published limits, with rules that say what our gates say, and back again."""

from __future__ import annotations

import json
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

import pytest
from lens_limits import faults, risk
from small_rubric import plain, small

from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.aws_lens import read_lens, write_lens
from mlops_widgets.formats.aws_lens_names import encoded
from mlops_widgets.formats.interchange import shown
from mlops_widgets.library import load_rubric, packaged_folder, rubric_ids
from mlops_widgets.rubric import Rubric

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMM = packaged_folder("tests") / "golden" / "rubrics" / "owasp-samm-2.yaml"
RUBRICS = [*rubric_ids(), SAMM]


def written(rubric: Rubric) -> dict[str, Any]:
    """Write a rubric and give the lens as data."""
    data = json.loads(write_lens(rubric)[0])
    assert isinstance(data, dict)
    return data


def notes(rubric: Rubric) -> list[str]:
    """Write a rubric and give what is told."""
    return [str(note) for note in write_lens(rubric)[1]]


def of_sections(*sections: dict[str, Any]) -> Rubric:
    """Make a rubric without gates of some sections."""
    return Rubric.from_dict(plain() | {"scoring": {}, "sections": list(sections)})


def statements(count: int, **more: Any) -> list[dict[str, Any]]:
    """Make criteria with ids of their own."""
    return [{"id": f"item-{index}", "text": f"Text {index}.", **more} for index in range(count)]


@pytest.mark.parametrize("name", RUBRICS, ids=str)
def test_lens_keeps_the_limits(name: str) -> None:
    """Every rubric we ship makes a lens that the tool takes."""
    text, _ = write_lens(load_rubric(name))
    assert list(faults(json.loads(text), len(text.encode()))) == []


@pytest.mark.parametrize("name", RUBRICS, ids=str)
def test_rubric_comes_back(name: str) -> None:
    """Ids, texts and answers of all criteria, in order; title, description and version; the sections that ask."""
    rubric = load_rubric(name)
    back = read_lens(written(rubric)).rubric
    assert [(item.id, item.text, item.kind, item.anchors) for item in back.criteria.values()] == [
        (item.id, item.text, item.kind, item.anchors) for item in rubric.criteria.values()
    ]
    assert (back.id, back.version, back.title, back.description) == (
        rubric.id,
        rubric.version,
        rubric.title,
        rubric.description,
    )

    def asking(of: Rubric) -> list[tuple[str, str, tuple[str, ...]]]:
        return [(s.id, s.title, tuple(item.id for item in s.criteria)) for s in of.walk() if s.criteria]

    assert asking(back) == asking(rubric)
    assert [(s.id, s.title) for s in back.sections] == [(s.id, s.title) for s in rubric.sections]


@pytest.mark.parametrize("name", RUBRICS, ids=str)
def test_lens_of_a_lens_is_the_same(name: str) -> None:
    """What was read from a lens is written with the same pillars, questions and choices, levels aside."""
    rubric = load_rubric(name)
    back = read_lens(written(rubric)).rubric

    def choices(of: Rubric) -> list[str]:
        return [
            choice["id"]
            for pillar in written(of)["pillars"]
            for question in pillar["questions"]
            for choice in question["choices"]
            if not choice["id"].endswith("_no")
        ]

    assert choices(back) == choices(rubric)


def test_everything_left_out_is_told() -> None:
    """Each part of the small rubric that a lens cannot say, with its place."""
    assert notes(small()) == [
        "source: has no counterpart: left out",
        "facets: has no counterpart: left out",
        "levels[0]: has no counterpart: left out: 0 Level 0; a lens has risks",
        "levels[1]: has no counterpart: left out: 1 Level 1; a lens has risks",
        "levels[2]: has no counterpart: left out: 2 Level 2; a lens has risks",
        "levels[3]: has no counterpart: left out: 3 Level 3; a lens has risks",
        "scoring.gates: is kept for each question alone, as its rule of no risk",
        "scoring.combine: mean: has no counterpart; a lens counts its risks",
        "scales.answer: a choice is ticked or not: Partly cannot be answered",
        "sections[0].descriptors: has no counterpart: left out",
        "sections[0].criteria[1].applies_to: has no counterpart: left out",
        "sections[0].criteria[2].implies: has no counterpart: left out",
    ]


def subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    """Every way to tick some of the choices."""
    return chain.from_iterable(combinations(names, count) for count in range(len(names) + 1))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("level", [1, 2])
def test_no_risk_is_what_the_gates_ask_for(count: int, level: int) -> None:
    """At 80 %, four of five are enough; a first level with nothing of it is a high risk, a further one a medium."""
    first = {"id": "first", "title": "First", "criteria": [{"id": "first.a", "text": "A.", "level": 1}]}
    section = {"id": "data", "title": "Data", "criteria": statements(count, level=level)}
    lens = written(Rubric.from_dict(plain() | {"sections": [first, section]}))
    question = lens["pillars"][1]["questions"][0]
    names = [choice["id"] for choice in question["choices"][:-1]]
    for ticked in subsets(names):
        some = "MEDIUM_RISK" if level == 2 or ticked else "HIGH_RISK"
        assert risk(question, ticked) == ("NO_RISK" if len(ticked) >= 0.8 * count else some)


def test_too_many_ways_ask_for_all() -> None:
    """A condition stays readable; that it asks for more is told."""
    section = {"id": "data", "title": "Data", "criteria": statements(12, level=1)}
    rubric = Rubric.from_dict(plain() | {"sections": [section]})
    rules = written(rubric)["pillars"][0]["questions"][0]["riskRules"]
    assert rules[0]["condition"].count("&&") == 11
    message = "sections[0].criteria: no risk asks for all 12 choices; 10 would do, in too many ways to write down"
    assert message in notes(rubric)


def test_long_sections_are_split() -> None:
    """A question has 15 choices with the one for none of them; the parts come back as one section."""
    rubric = of_sections({"id": "data", "title": "Data", "criteria": statements(30)})
    lens = written(rubric)
    assert [(q["id"], q["title"], len(q["choices"])) for q in lens["pillars"][0]["questions"]] == [
        ("data_part_1", "Data, part 1", 15),
        ("data_part_2", "Data, part 2", 15),
        ("data_part_3", "Data, part 3", 3),
    ]
    assert "sections[0].criteria: are more than 14 of one level: this is part 3" in notes(rubric)
    assert len(read_lens(lens).rubric.sections[0].criteria) == 30


def test_levels_stand_together_where_there_are_too_many() -> None:
    """A pillar has 20 questions; rather than refuse, the levels of a section share one."""
    sections = [
        {
            "id": f"part-{part}",
            "title": f"Part {part}",
            "criteria": [{"id": f"c{part}-{level}", "text": "Text.", "level": level} for level in (1, 2, 3)],
        }
        for part in range(7)
    ]
    rubric = of_sections({"id": "data", "title": "Data", "sections": sections})
    assert [question["id"] for question in written(rubric)["pillars"][0]["questions"]] == [
        f"part_{part}" for part in range(7)
    ]
    assert "sections[0]: would make more than 20 questions: the levels of a section stand in one" in notes(rubric)


def test_long_texts_come_back_whole() -> None:
    """What a title is too short for stands first in the helpful resource."""
    text = "A model is tried beside the old one " * 8
    criterion = {"id": "long", "text": text.strip() + ".", "help": "Why."}
    rubric = of_sections({"id": "data", "title": "D" * 200, "criteria": [criterion]})
    lens = written(rubric)
    assert list(faults(lens, 0)) == []
    back = read_lens(lens).rubric.criteria["long"]
    assert (back.text, back.help) == (criterion["text"], "Why.")
    assert "sections[0].title: is 200 characters long: cut to 128" in notes(rubric)


def test_ids_that_do_not_come_back_are_told() -> None:
    """Letters between signs that a lens has another use for; what is too like another gets a number."""
    criteria = [{"id": "a-u-b", "text": "A."}, {"id": "a_b", "text": "B."}, {"id": "id-a", "text": "C."}]
    rubric = of_sections({"id": "data", "title": "Data", "criteria": criteria})
    assert [note for note in notes(rubric) if ".id: " in note] == [
        "sections[0].criteria[0].id: 'a-u-b' becomes 'a_u_b', and reading that gives another id",
        "sections[0].criteria[1].id: 'a_b' becomes 'a_u_b_2', and reading that gives another id",
        "sections[0].criteria[2].id: 'id-a' becomes 'id_a', and reading that gives another id",
    ]
    assert list(faults(written(rubric), 0)) == []


def test_long_ids_are_cut() -> None:
    """An id that is too long is cut, and told; two that begin alike stay apart."""
    stem = "a." * 38
    criteria = [{"id": f"{stem}x", "text": "A."}, {"id": f"{stem}y", "text": "B."}]
    rubric = of_sections({"id": f"{stem}z", "title": "Data", "criteria": criteria})
    lens = written(rubric)
    assert list(faults(lens, 0)) == []
    cut = encoded(stem)[:59]
    choices = lens["pillars"][0]["questions"][0]["choices"]
    assert [choice["id"] for choice in choices[:2]] == [f"{cut}_2", f"{cut}_3"]
    told = f"sections[0].criteria[0].id: {shown(f'{stem}x')} becomes '{cut}_2', and reading that gives another id"
    assert told in notes(rubric)


def test_sections_in_between_are_told() -> None:
    """A lens has two floors; a third one is left out, and its sections stand in the pillar."""
    rubric = load_rubric(SAMM)
    assert notes(rubric)[3] == (
        "sections[0].sections[0]: has no counterpart: left out: Strategy and metrics; its sections stand in the "
        "pillar itself"
    )


@pytest.mark.parametrize(
    ("rubric", "message"),
    [
        (
            of_sections(
                *({"id": f"s{i}", "title": "S", "criteria": [{"id": f"c{i}", "text": "A."}]} for i in range(11))
            ),
            "sections: are 11; a lens has 10 pillars at most",
        ),
        (
            of_sections(
                {
                    "id": "data",
                    "title": "Data",
                    "sections": [
                        {"id": f"s{i}", "title": "S", "criteria": [{"id": f"c{i}", "text": "A."}]} for i in range(21)
                    ],
                }
            ),
            "sections[0]: makes 21 questions; a pillar has 20 at most",
        ),
        (
            of_sections(
                *(
                    {"id": f"s{i}", "title": "S", "criteria": [
                        {"id": f"c{i}.{j}", "text": "A." * 200, "help": "H" * 4000} for j in range(200)
                    ]}
                    for i in range(2)
                )
            ),
            None,
        ),
    ],
)  # fmt: skip
def test_rubric_that_no_lens_can_hold(rubric: Rubric, message: str | None) -> None:
    """Refused in a sentence rather than cut."""
    with pytest.raises(ToolkitError) as error:
        write_lens(rubric)
    text = str(error.value)
    if message:
        assert text == message
    else:
        assert text.startswith("small: has ")
        assert text.endswith(" bytes as a lens; the most is 500000")
