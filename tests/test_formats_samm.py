"""SAMM's model as a rubric: its ids, its scoring to the published numbers, and every reference that leads nowhere."""

from __future__ import annotations

from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samm_model import ANSWERS, model, written

from mlops_widgets.assessment import Assessment
from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.samm import is_samm, read_samm
from mlops_widgets.library import load_rubric, packaged_folder
from mlops_widgets.scoring import score

if TYPE_CHECKING:
    from mlops_widgets.formats.interchange import RubricReading

GOLDEN = packaged_folder("tests") / "golden" / "rubrics" / "owasp-samm-2.yaml"


def read(folder: Path, **changes: Any) -> RubricReading:
    """Read the model with some files changed: by path, a file's new data or None to leave it out."""
    files = model(functions=1, practices=1)
    for name, data in changes.items():
        if data is None:
            del files[name]
        else:
            files[name] = data
    return read_samm(written(folder, files))


def notes(reading: RubricReading) -> list[str]:
    """Give the notes as sentences."""
    return [str(note) for note in reading.notes]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RubricReading:
    """Read the whole model once."""
    return read_samm(written(tmp_path_factory.mktemp("samm"), model()))


def test_model_becomes_a_rubric(whole: RubricReading) -> None:
    """Functions, practices and streams are sections in their order, with readable ids."""
    reading = whole
    rubric = reading.rubric
    assert notes(reading) == []
    assert [section.id for section in rubric.sections] == ["G", "D", "I", "V", "O"]
    assert [section.id for section in rubric.sections[0].walk()] == [
        *("G", "G-ON", "G-ON-A", "G-ON-B", "G-TW", "G-TW-A", "G-TW-B", "G-TH", "G-TH-A", "G-TH-B"),
    ]
    assert len(rubric.criteria) == 90
    assert rubric.sections[0].sections[0].description == (
        "In short.\n\nAt length.\n\nLevel 1: Reach 1.\n\nLevel 2: Reach 2.\n\nLevel 3: Reach 3."
    )
    criterion = rubric.criteria["D-TW-B-2"]
    assert (criterion.text, criterion.level, criterion.scale) == ("Is D-TW-2-B done?", 2, "answers-a")
    assert criterion.help == (
        "For a yes:\n- It is written down\n- Somebody looks at it\n\nDo 2\n\nWe do it.\n\nIt helps.\n\nWe do it well."
    )
    assert criterion.source is not None
    assert criterion.source.note == "Question qD-TW-2-B"
    assert [(level.level, level.summary) for level in rubric.levels] == [(1, "Step 1."), (2, "Step 2."), (3, "Step 3.")]


def test_scores_as_published(whole: RubricReading) -> None:
    """Three answers give the practices and functions that SAMM's own example gives, as our golden rubric does."""
    rubric = whole.rubric
    answers = {"D-ON-B-1": "2", "G-TW-A-2": "3", "I-TH-A-3": "1"}
    assessment = Assessment.from_dict(
        {
            "id": "samm",
            "rubric": {"id": rubric.id, "version": rubric.version},
            "subject": "All",
            "date": "2026-11-20",
            "answers": answers,
        }
    )
    result = score(rubric, assessment)
    values = {part.id: part.value for part in result.sections}
    assert (values["D-ON"], values["G-TW"], values["I-TH"]) == (0.25, 0.5, 0.125)
    functions = {name: Fraction(values[name] or 0).limit_denominator(1000) for name in "DGI"}
    assert functions == {"D": Fraction(1, 12), "G": Fraction(1, 6), "I": Fraction(1, 24)}


def test_shape_is_that_of_the_golden_rubric(whole: RubricReading) -> None:
    """The same ways to combine, floor by floor."""
    golden, rubric = load_rubric(GOLDEN), whole.rubric
    assert [(s.combine, len(s.sections), len(s.criteria)) for s in rubric.walk()] == [
        (s.combine, len(s.sections), len(s.criteria)) for s in golden.walk()
    ]
    assert [option.value for option in rubric.scales["answers-a"].options] == [
        option.value for option in golden.scales["coverage"].options
    ]


def test_folder_above_is_read_too(tmp_path: Path) -> None:
    """A checkout has the model one floor below."""
    written(tmp_path / "model", model(functions=1, practices=1))
    assert is_samm(tmp_path)
    assert len(read_samm(tmp_path).rubric.criteria) == 6


def test_what_is_no_model(tmp_path: Path) -> None:
    """One sentence says what a model has."""
    with pytest.raises(ToolkitError) as error:
        read_samm(tmp_path)
    assert str(error.value) == (
        f"{tmp_path}: is no SAMM model; one has the folders business_functions, security_practices, streams, "
        "maturity_levels, practice_levels, activities, answer_sets, questions"
    )


def test_model_without_questions(tmp_path: Path) -> None:
    """Nothing to ask is no rubric."""
    with pytest.raises(ToolkitError) as error:
        read_samm(written(tmp_path, {"business_functions/x.yml": {"id": "f", "name": "X"}}))
    assert str(error.value) == (
        f"{tmp_path}: holds nothing that can be asked\n"
        "business_functions/x.yml: has no practice with a question: left out"
    )


QUESTION = "questions/G-ON-1-A.yml"
ACTIVITY = "activities/G-ON-1-A.yml"


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        (QUESTION, {"activity": "nope"}, f"{QUESTION}: activity: 'nope' is no id in activities: left out"),
        (QUESTION, {"answerSet": "nope"}, f"{QUESTION}: answerSet: 'nope' is no id in answer_sets"),
        (QUESTION, {"text": None}, f"{QUESTION}: has no text or no answers: left out"),
        (QUESTION, {"id": "qG-ON-1-B"}, f"questions/G-ON-1-B.yml: has the id 'qG-ON-1-B' of {QUESTION}: left out"),
        (QUESTION, {"id": None}, f"{QUESTION}: has no id: left out"),
        (QUESTION, {"colour": "red"}, f"{QUESTION}: colour: has no counterpart: left out: 'red'"),
        (ACTIVITY, {"stream": 7}, f"{ACTIVITY}: stream: '7' is no id in streams: left out"),
        (ACTIVITY, {"level": "nope"}, f"{ACTIVITY}: level: 'nope' is no id in practice_levels"),
        (ACTIVITY, {"costs": "much"}, f"{ACTIVITY}: costs: has no counterpart: left out: 'much'"),
        (
            "maturity_levels/2.yml",
            {"number": 1},
            "maturity_levels/2.yml: number: 1 is no new level: left out",
        ),
        (
            "practice_levels/G-ON-2.yml",
            {"maturityLevel": "x"},
            "practice_levels/G-ON-2.yml: maturityLevel: 'x' is no id in maturity_levels",
        ),
    ],
)  # fmt: skip
def test_slips_are_told(tmp_path: Path, name: str, change: dict[str, Any], told: str) -> None:
    """The rest of the model is read."""
    reading = read(tmp_path, **{name: model()[name] | change})
    assert told in notes(reading)
    assert len(reading.rubric.criteria) >= 5


def test_level_that_is_missing(tmp_path: Path) -> None:
    """A question whose level is not there is asked without one, and scores all the same."""
    reading = read(tmp_path, **{"maturity_levels/3.yml": None})
    assert len(reading.rubric.criteria) == 6
    assert {item.level for item in reading.rubric.criteria.values()} == {1, 2, None}


def test_two_questions_of_one_activity(tmp_path: Path) -> None:
    """SAMM has one each; more are kept, and told, as they change the sum."""
    extra = model()[QUESTION] | {"id": "more", "text": "And more?", "order": 2}
    reading = read(tmp_path, **{"questions/more.yml": extra})
    assert list(reading.rubric.criteria)[:3] == ["G-ON-A-1-1", "G-ON-A-1-2", "G-ON-A-2"]
    assert notes(reading) == [f"{ACTIVITY}: has 2 questions, SAMM one: the sum of the stream has them all"]


def test_functions_of_the_same_letter(tmp_path: Path) -> None:
    """A letter that is taken is no code; the name is."""
    files = model(functions=2, practices=1)
    files["business_functions/Design.yml"]["name"] = "Growth"
    rubric = read_samm(written(tmp_path, files)).rubric
    assert [section.id for section in rubric.sections] == ["Governance", "Growth"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (ANSWERS[:1], "answer_sets/A.yml: has no answers that rise in value: left out"),
        ([*ANSWERS, ANSWERS[0]], "answer_sets/A.yml: has no answers that rise in value: left out"),
        ([{"text": "No", "value": "none"}], "answer_sets/A.yml.values"),
    ],
)
def test_answers_that_cannot_be_used(tmp_path: Path, values: list[Any], told: str) -> None:
    """Without answers nothing can be asked, and it is said why."""
    with pytest.raises(ToolkitError) as error:
        read(tmp_path, **{"answer_sets/A.yml": {"id": "answers", "values": values}})
    assert told.partition(".values")[0] in str(error.value)


def test_answers_are_put_in_their_order(tmp_path: Path) -> None:
    """And a weight other than 1 is told."""
    values = [answer | {"weight": 2} for answer in reversed(ANSWERS)]
    reading = read(tmp_path, **{"answer_sets/A.yml": {"id": "answers", "values": values}})
    assert [option.label for option in reading.rubric.scales["answers-a"].options] == [
        answer["text"] for answer in ANSWERS
    ]
    assert notes(reading)[0] == "answer_sets/A.yml: values[3].weight: has no counterpart: left out: 2"


def test_file_that_is_no_yaml(tmp_path: Path) -> None:
    """A broken file stops the reading, with its line."""
    folder = written(tmp_path, model(functions=1, practices=1))
    (folder / "questions" / "x.yml").write_text("a: [1\n", encoding="utf-8")
    with pytest.raises(ToolkitError) as error:
        read_samm(folder)
    assert str(error.value).startswith(f"{folder / 'questions' / 'x.yml'}:2: is not YAML: ")


def test_file_that_is_no_mapping(tmp_path: Path) -> None:
    """A list of something is told and left out."""
    folder = written(tmp_path, model(functions=1, practices=1))
    (folder / "questions" / "x.yml").write_text("- a\n", encoding="utf-8")
    assert notes(read_samm(folder)) == ["questions/x.yml: should be a mapping of keys to values, not a list: left out"]


VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just([1]) | st.just({"a": 1})
)
SMALL = model(functions=1, practices=1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(SMALL)), st.integers(0, 8), VALUES), min_size=1, max_size=6))
def test_any_change_is_read_or_refused(changes: list[tuple[str, int, Any]]) -> None:
    """Whatever stands in a file: a rubric, or our own error."""
    files = deepcopy(SMALL)
    for name, key, value in changes:
        data = files[name]
        data[sorted(data)[key % len(data)]] = value
    with TemporaryDirectory() as folder:
        try:
            read_samm(written(Path(folder), files))
        except ToolkitError:
            return
