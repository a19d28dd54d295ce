"""DSOMM's model as a rubric, from the generated file and from its source files: what it says, and what is told."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.dsomm import is_dsomm, read_dsomm
from mlops_widgets.rubric import Rubric

if TYPE_CHECKING:
    from mlops_widgets.formats.interchange import RubricReading

GENERATED = """\
---
meta: {version: 9.9.9, released: "2026-01-01", publisher: us}
---
Building:
  Baking:
    Recipe:
      uuid: aaaa
      description: |
        A recipe says what to do.
      risk: Without one, each cake is another.
      measure: Write one down.
      assessment: Show it.
      level: 1
      difficultyOfImplementation: {knowledge: 1, time: 2, resources: 3}
      usefulness: 4
      implementation:
        - {uuid: t1, name: Pen, tags: [tool], url: "https://example.org/pen", description: Writes}
      references:
        samm2: [I-SB-A-1]
        iso27001-2022: [8.31, none]
      meta: {implementationGuide: Begin with the flour.}
      isImplemented: false
      evidence: ""
      comments: ""
      tags: [none]
    "Oven, at the right heat!":
      uuid: bbbb
      risk: Cakes burn.
      measure: Measure the heat.
      level: 3
      dependsOn: [aaaa]
      tags: [hot]
Serving:
  Plates:
    Clean plates:
      uuid: cccc
      risk: Nobody eats from a dirty one.
      measure: Wash them.
      level: 2
      dependsOn: [Recipe, bbbb]
"""
HEAD = ": the model has no rule for reaching a level: here each activity of it, and of those below, is needed"


def read(folder: Path, text: str = GENERATED) -> RubricReading:
    """Read the text as a generated file."""
    path = folder / "model.yaml"
    path.write_text(text, encoding="utf-8")
    return read_dsomm(path)


def notes(reading: RubricReading) -> list[str]:
    """Give the notes as sentences, without the one that is always there."""
    told = [str(note) for note in reading.notes]
    assert HEAD.removeprefix(": ") in told
    return [note for note in told if note != HEAD.removeprefix(": ")]


def changed(old: str, new: str) -> str:
    """Give the file with one thing changed."""
    assert old in GENERATED
    return GENERATED.replace(old, new, 1)


def test_model_becomes_a_rubric(tmp_path: Path) -> None:
    """Dimensions and sub-dimensions are sections, activities criteria with level, gap, help and prerequisites."""
    reading = read(tmp_path)
    rubric = reading.rubric
    assert [(section.id, section.title) for section in rubric.walk()] == [
        ("building", "Building"),
        ("baking", "Baking"),
        ("serving", "Serving"),
        ("plates", "Plates"),
    ]
    assert {name: (item.text, item.level, item.requires) for name, item in rubric.criteria.items()} == {
        "recipe": ("Recipe", 1, ()),
        "oven-at-the-right-heat": ("Oven, at the right heat!", 3, ("recipe",)),
        "clean-plates": ("Clean plates", 2, ("recipe", "oven-at-the-right-heat")),
    }
    recipe = rubric.criteria["recipe"]
    assert recipe.absent == "Without one, each cake is another."
    assert recipe.help == (
        "Write one down.\n\nShow it.\n\nDifficulty, of 5: knowledge 1, time 2, resources 3.\n\nUsefulness, of 5: 4.\n\n"
        "Begin with the flour.\n\nTools:\n- Pen - https://example.org/pen - Writes\n\n"
        "See also:\n- samm2: I-SB-A-1\n- iso27001-2022: 8.31, none\n\nA recipe says what to do."
    )
    assert recipe.source is not None
    assert (recipe.source.section, recipe.source.note) == ("Building / Baking", "uuid aaaa")
    assert [level.level for level in rubric.levels] == [0, 1, 2, 3]
    assert rubric.source.document == "DevSecOps Maturity Model 9.9.9"
    assert rubric.scoring.gates is not None
    assert rubric.scoring.gates.threshold == 1


def test_what_has_no_counterpart_is_told(tmp_path: Path) -> None:
    """Tags that say something, answers of teams, keys of their own."""
    assert notes(read(tmp_path)) == ["Building / Baking / Oven, at the right heat!.tags: has no counterpart: left out"]
    text = changed("isImplemented: false", "isImplemented: true\n      colour: red")
    assert notes(read(tmp_path, text))[:2] == [
        "Building / Baking / Recipe.colour: has no counterpart: left out: 'red'",
        "Building / Baking / Recipe.isImplemented: is an answer and no part of a rubric: left out",
    ]


RECIPE = "Building / Baking / Recipe"
OVEN = "Building / Baking / Oven, at the right heat!"
PEN = '{uuid: t1, name: Pen, tags: [tool], url: "https://example.org/pen", description: Writes}'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("dependsOn: [aaaa]", "dependsOn: [zzzz]", f"{OVEN}.dependsOn: 'zzzz' is no activity: left out"),
        (
            "dependsOn: [aaaa]",
            "dependsOn: [bbbb]",
            f"{OVEN}.dependsOn: 'oven-at-the-right-heat' depends on this in turn, and that is a circle: left out",
        ),
        (
            "usefulness: 4",
            "usefulness: 4\n      dependsOn: [cccc]",
            f"{OVEN}.dependsOn: 'recipe' depends on this in turn, and that is a circle: left out",
        ),
        (
            "uuid: bbbb",
            "uuid: aaaa",
            (
                f"{OVEN}: 'aaaa' is the name of two activities; who depends on it "
                "means the first"
            ),
        ),
        ("level: 3", "level: 12", f"{OVEN}.level: 12 is no level from 1 to 9: left out"),
        (
            "risk: Cakes burn.",
            "risk: [Cakes]",
            f"{OVEN}.risk: should be text, not a list: left out",
        ),
        (
            "  Plates:\n",
            "  Cups: 3\n  Plates:\n",
            "Serving / Cups: should be a sub-dimension with activities, not 3: left out",
        ),
        ("  Plates:\n", "  Cups: {}\n  Plates:\n", "Serving / Cups: has no activity: left out"),
        (
            "    Clean plates:\n",
            "    Cups: 3\n    Clean plates:\n",
            "Serving / Plates / Cups: should be an activity, not 3: left out",
        ),
        ("Serving:\n", "Tables: 3\nServing:\n", "Tables: should be a dimension with sub-dimensions, not 3: left out"),
        (
            "{knowledge: 1, time: 2, resources: 3}",
            "hard",
            (
                f"{RECIPE}.difficultyOfImplementation: should be a mapping of keys to values, not 'hard': "
                "left out"
            ),
        ),
        (
            PEN,
            "{$ref: nowhere}",
            f"{RECIPE}.implementation[0]: 'nowhere' is not among the implementations: left out",
        ),
        ("risk: Cakes burn.", f"risk: {'Cakes burn. ' * 60}", (
            f"{OVEN}.risk: is 719 characters long: cut to 500; all of it stands in "
            "its help"
        )),
    ],
)  # fmt: skip
def test_slips_are_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    """The rest of the model is read."""
    assert told in notes(read(tmp_path, changed(old, new)))


def test_long_names_stand_whole_in_the_help(tmp_path: Path) -> None:
    """A name too long for a sentence, and a risk too long for one."""
    name = "Recipe " * 100
    item = read(tmp_path, changed("    Recipe:\n", f"    ? {name}\n    :\n").replace("[Recipe, bbbb]", "[bbbb]"))
    criterion = next(iter(item.rubric.criteria.values()))
    assert criterion.text.endswith("…")
    assert criterion.help is not None
    assert criterion.help.startswith(name.strip())


def sources(folder: Path) -> Path:
    """Write the model as its source files, with the anchors and references they use."""
    base = folder / "src" / "assets" / "YAML" / "default"
    for name, text in {
        "implementations.yaml": "implementations:\n  pen: {uuid: t1, name: Pen, url: 'https://example.org/pen'}\n",
        "Building/_meta.yaml": "_meta:\n  label: Building\n  icon: b.png\n  description: How we build.\n",
        "Building/Baking.yaml": (
            "Building:\n  Baking:\n    Recipe: &first\n      uuid: aaaa\n      risk: &risk Each is another.\n"
            "      measure: Write.\n      level: 1\n      implementation:\n"
            "        - $ref: src/assets/YAML/default/implementations.yaml#/implementations/pen\n"
            "    Recipe on paper: &first\n      <<: *first\n      uuid: dddd\n      level: 2\n      level: 3\n"
        ),
        "Building/Selling.yaml": "Building:\n  Selling:\n    Shop: {uuid: ssss, risk: r, measure: m, level: 1}\n",
    }.items():
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_source_files_are_read_as_one_model(tmp_path: Path) -> None:
    """Files of a dimension are joined, merge keys and references followed, keys that stand twice told."""
    folder = sources(tmp_path)
    reading = read_dsomm(folder)
    base = folder / "src" / "assets" / "YAML" / "default"
    assert notes(reading) == [
        f"{base / 'Building' / 'Baking.yaml'}:14: the key 'level' stands twice: the later is taken",
        "Building/_meta.icon: has no counterpart: left out: 'b.png'",
    ]
    building = reading.rubric.sections[0]
    assert building.description == "How we build."
    assert [section.title for section in building.sections] == ["Baking", "Selling"]
    assert {name: item.level for name, item in reading.rubric.criteria.items()} == {
        "recipe": 1,
        "recipe-on-paper": 3,
        "shop": 1,
    }
    paper = reading.rubric.criteria["recipe-on-paper"]
    assert (paper.absent, paper.help) == (
        "Each is another.",
        "Write.\n\nTools:\n- Pen - https://example.org/pen",
    )
    assert read_dsomm(base).rubric == reading.rubric


def test_sub_dimension_in_two_files(tmp_path: Path) -> None:
    """The first counts, and it is told."""
    folder = sources(tmp_path)
    more = folder / "src" / "assets" / "YAML" / "default" / "Building" / "Selling2.yaml"
    more.write_text("Building:\n  Selling: {}\n", encoding="utf-8")
    assert "Building / Selling: stands twice: the first is taken" in notes(read_dsomm(folder))


def test_generated_file_comes_first(tmp_path: Path) -> None:
    """A checkout has both; the generated file is whole."""
    folder = sources(tmp_path)
    (folder / "generated").mkdir()
    (folder / "generated" / "model.yaml").write_text(GENERATED, encoding="utf-8")
    assert list(read_dsomm(folder).rubric.criteria) == ["recipe", "oven-at-the-right-heat", "clean-plates"]


def test_what_is_no_model(tmp_path: Path) -> None:
    """An empty folder, and what is no folder."""
    assert not is_dsomm(tmp_path)
    assert not is_dsomm(tmp_path / "x.yaml")
    with pytest.raises(ToolkitError) as error:
        read_dsomm(tmp_path)
    assert str(error.value) == (
        f"{tmp_path}: holds no model: neither generated/model.yaml nor a folder for each dimension"
    )


def test_folder_that_only_has_yaml(tmp_path: Path) -> None:
    """Folders of other YAML are no model; a broken file beside one does not hide it, and is told when it is read."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "src" / "b.yaml").write_text("a: [1\n", encoding="utf-8")
    assert not is_dsomm(tmp_path)
    (tmp_path / "src" / "c.yaml").write_text(json.dumps(DATA), encoding="utf-8")
    assert is_dsomm(tmp_path)
    with pytest.raises(ToolkitError) as error:
        read_dsomm(tmp_path)
    assert str(error.value).startswith(f"{tmp_path / 'src' / 'b.yaml'}:2: is not YAML: ")


def test_file_without_activities(tmp_path: Path) -> None:
    """Nothing to ask is no rubric; what stood there is told."""
    with pytest.raises(ToolkitError) as error:
        read(tmp_path, "- a\n")
    path = tmp_path / "model.yaml"
    assert str(error.value).splitlines() == [
        f"{path}: is no DSOMM model; one has dimensions, these have sub-dimensions, and these activities",
        f"{path}: should be a mapping of keys to values, not a list: left out",
    ]


def test_activities_without_a_level(tmp_path: Path) -> None:
    """Nothing can be asked without knowing for which level."""
    path = tmp_path / "model.yaml"
    with pytest.raises(ToolkitError) as error:
        read(tmp_path, "A:\n  B:\n    C: {uuid: x, risk: r}\n")
    assert str(error.value).splitlines() == [
        f"{path}: holds nothing that can be asked",
        "A / B / C.level: nothing is no level from 1 to 9: left out",
        "A / B: has no activity: left out",
        HEAD.removeprefix(": "),
    ]


DATA: dict[str, Any] = {
    "Building": {
        "Baking": {
            "Recipe": {
                "uuid": "aaaa",
                "risk": "r",
                "measure": "m",
                "level": 1,
                "difficultyOfImplementation": {"knowledge": 1},
                "implementation": [{"name": "Pen"}],
                "references": {"samm2": ["x"]},
                "dependsOn": ["bbbb"],
                "meta": {"implementationGuide": "g"},
                "tags": ["t"],
            },
            "Oven": {"uuid": "bbbb", "risk": "r", "measure": "m", "level": 2, "dependsOn": ["Recipe"]},
        }
    }
}


def places(node: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a document."""
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for step, child in steps for place in places(child, (*path, step)))]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2)
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(places(DATA)[1:]), ANYTHING), min_size=1, max_size=3))
def test_any_change_is_read_or_refused(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    """Whatever stands in a place of the model: a rubric, or our own error."""
    data = deepcopy(DATA)
    for path, value in changes:
        node: Any = data
        try:
            for step in path[:-1]:
                node = node[step]
            node[path[-1]] = value
        except (TypeError, KeyError, IndexError):
            continue
    with TemporaryDirectory() as folder:
        file = Path(folder) / "model.yaml"
        file.write_text(json.dumps(data), encoding="utf-8")
        try:
            rubric = read_dsomm(file).rubric
        except ToolkitError:
            return
    assert Rubric.from_dict(rubric.to_dict()).content_hash == rubric.content_hash
