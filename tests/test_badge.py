"""The badge: what it says, that it is well-formed, safe, readable, and the same every time."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from mlops_widgets.assessment import Answer
from mlops_widgets.badge import GROUND, STEPS, drawn, said
from mlops_widgets.errors import ToolkitError
from mlops_widgets.library import load_rubric, packaged_folder, rubric_ids
from mlops_widgets.rubric import Rubric
from mlops_widgets.scoring import Score, score
from mlops_widgets.sources import opened

SVG = "{http://www.w3.org/2000/svg}"


def demo() -> Score:
    """Score the assessment that ships, which is not finished."""
    source = opened(str(packaged_folder("demo") / "churn-model.yaml"))
    return score(source.rubric, source.assessment)


def finished(rubric_id: str, place: int) -> Score:
    """Score one and the same answer everywhere, by its place on the scale."""
    rubric = load_rubric(rubric_id)
    return score(rubric, {name: rubric.scale_of[name].options[place].id for name in rubric.criteria})


def contrast(colour: str) -> float:
    """Contrast of white on a colour, as WCAG 2 has it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@pytest.mark.parametrize("rubric_id", rubric_ids())
def test_every_rubric_has_a_badge(rubric_id: str) -> None:
    """A finished assessment of any rubric is told by its level, and drawn as well-formed SVG without references."""
    result = finished(rubric_id, -1)
    assert said(result) == f"Level {result.level}"
    picture = ET.fromstring(drawn(result))  # noqa: S314 - our own text
    assert picture.tag == f"{SVG}svg"
    assert not {name for part in picture.iter() for name in part.attrib if "href" in name}


def test_unfinished() -> None:
    """While something is open the badge says how much is answered, and its title says so in full."""
    picture = ET.fromstring(drawn(demo()))  # noqa: S314 - our own text
    title = picture.find(f"{SVG}title")
    assert title is not None
    assert title.text == "MLOps maturity: Level 1, 67 of 81 answered"
    assert picture.attrib["role"] == "img"
    assert picture.attrib["aria-label"] == title.text
    assert [text.text for text in picture.iter(f"{SVG}text")] == ["MLOps maturity", "Level 1, 67 of 81"]


def test_nothing_answered() -> None:
    """Without an answer there is no level to boast of."""
    assert said(score(load_rubric("mlops-questionnaire"), {})) == "no answers yet"


def test_without_levels() -> None:
    """A rubric without levels is told by its number, in the way it shows numbers."""
    data = load_rubric("mlops-milestone").to_dict()
    del data["levels"], data["scoring"]["bands"]
    results = []
    for display in ("percent", "number"):
        rubric = Rubric.from_dict({**data, "scoring": {**data["scoring"], "display": display}})
        answers = {name: rubric.scale_of[name].options[0].id for name in rubric.criteria}
        results.append(said(score(rubric, answers)))
    assert results == ["0 %", "0 of 1"]


def test_nothing_applies() -> None:
    """Where nothing applies there is nothing to say."""
    rubric = load_rubric("mlops-checklist")
    answers = {name: Answer(value="na", reason="not ours") for name in rubric.criteria}
    assert said(score(rubric, answers)) == "does not apply"


def test_label_is_only_text() -> None:
    """Markup in a label is shown as it is, invisible characters are left out."""
    label = '<script>alert("1")</script> & \u202e\x07co'
    picture = drawn(demo(), label=label)
    assert "<script" not in picture
    texts = [text.text for text in ET.fromstring(picture).iter(f"{SVG}text")]  # noqa: S314 - our own text
    assert texts[0] == '<script>alert("1")</script> & co'


@pytest.mark.parametrize(("label", "length"), [("", 0), (" \u200b ", 0), ("x" * 61, 61)])
def test_label_has_a_length(label: str, length: int) -> None:
    """A label is neither empty nor endless."""
    with pytest.raises(ToolkitError, match=f"^the label of a badge has 1 to 60 characters, not {length}$"):
        drawn(demo(), label=label)


def test_widths() -> None:
    """Wide characters get room for themselves, marks above a letter none, accents that of their letter."""
    widths = [
        re.findall(r'textLength="(\d+)"', drawn(demo(), label=label))[0]
        for label in ("iiii", "WWWW", "成熟度評", "éééé", "eeee", "e\u0301" * 4)
    ]
    assert widths == ["12", "44", "44", "27", "27", "27"]


@pytest.mark.parametrize("colour", [GROUND, *STEPS])
def test_contrast(colour: str) -> None:
    """White letters stand out from every ground, as WCAG AA asks."""
    assert contrast(colour) >= 4.5


def test_colours_follow_the_level() -> None:
    """A higher level is darker, from one end of the scale to the other."""
    fills = [re.findall(r'fill="(#\w{6})"', drawn(finished("mlops-questionnaire", place)))[0] for place in range(5)]
    assert fills == [STEPS[0], STEPS[1], STEPS[2], STEPS[3], STEPS[3]]


def test_same_bytes() -> None:
    """The same score gives the same picture."""
    assert drawn(demo()) == drawn(demo())
