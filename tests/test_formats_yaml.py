"""An assessment as a YAML file: what people write is read, what is wrong has a line, what is written comes back."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_widgets.assessment import (
    Answer,
    Assessment,
    AssessmentError,
    Budget,
    Plan,
    PlanItem,
    RubricReference,
    SuccessMetric,
    allowed_values,
)
from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats import read
from mlops_widgets.formats.yaml import read_assessment, write_assessment
from mlops_widgets.library import load_rubric, packaged_folder, rubric_ids
from mlops_widgets.rubric import Rubric

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DEMO = packaged_folder("demo") / "churn-model.yaml"


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Give a way to write a file."""

    def write(text: str) -> Path:
        path = tmp_path / "churn.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def assessment(rubric: Rubric, **fields: Any) -> Assessment:
    """Make an assessment of a rubric, with what a test is about."""
    reference = RubricReference(id=rubric.id, version=rubric.version)
    plain = {"id": "churn26q4", "rubric": reference, "subject": "Churn model", "date": "2026-11-20"}
    return Assessment(**(plain | fields))


def fault(path: Path, problems: str) -> str:
    """Write expected faults as a list of LINE: SENTENCE, without the path before each."""
    return "\n".join(f"{path}:{line}" for line in problems.splitlines())


HEAD = """\
id: churn26q4
rubric: {id: mlops-levels, version: "1.0"}
subject: Churn model
date: 2026-11-20
"""


def test_short_and_long(written: Callable[[str], Path]) -> None:
    """A bare value is an answer; a mapping says more; what is empty is open."""
    path = written(
        f"{HEAD}answers:\n  data.catalog: yes\n  data.lineage:\n    value: na\n    reason: one table\n  train.automl:\n"
    )
    assert read_assessment(str(path)).answers == {
        "data.catalog": Answer(value="yes"),
        "data.lineage": Answer(value="na", reason="one table"),
    }


def test_numbers(written: Callable[[str], Path]) -> None:
    """On a scale of 0 to 4 people write numbers without quotes, and so do we."""
    rubric = load_rubric("mlops-questionnaire")
    text = write_assessment(assessment(rubric, answers={"people.collaboration": Answer(value="3")}), rubric)
    assert "\n  people.collaboration: 3\n" in text
    assert read_assessment(written(text)).answers == {"people.collaboration": Answer(value="3")}


def test_every_fault(written: Callable[[str], Path]) -> None:
    """All faults of the fields come at once, each on its line."""
    path = written(
        "id: Demo!\nrubric: {id: mlops-levels}\ndate: soon\nanswers:\n  data.catalog: {mood: good}\ncolour: red\n"
    )
    with pytest.raises(AssessmentError) as caught:
        read_assessment(path)
    assert str(caught.value) == fault(
        path,
        "1: id: should be 4 to 32 small letters and digits, not 'Demo!'\n"
        "1: subject: is missing\n"
        "2: rubric.version: is missing\n"
        "3: date: should be a date, like '2026-11-20', not 'soon'\n"
        "5: answers.data.catalog.mood: is not a known key; check its spelling or take it out\n"
        "6: colour: is not a known key; check its spelling or take it out",
    )


def test_answers_that_do_not_fit(written: Callable[[str], Path]) -> None:
    """An answer off the scale, a slip of the pen and a wrong profile are told with their lines."""
    path = written(
        f"{HEAD}profile:\n  - night\ntargets: {{date: 2}}\nanswers:\n"
        "  data.catalog: maybe\n  data.catalogue: yes\n  qqq: yes\n"
    )
    with pytest.raises(AssessmentError) as caught:
        read_assessment(path)
    assert str(caught.value) == fault(
        path,
        "6: profile[0]: 'night' is not one of batch, real-time\n"
        "7: targets.date: is no section of this rubric\n"
        "9: answers.data.catalog.value: 'maybe' is not one of no, partly, yes, na\n"
        "10: answers.data.catalogue: is no criterion of mlops-levels 1.0; did you mean data.catalog?\n"
        "11: answers.qqq: is no criterion of mlops-levels 1.0; take it out, or put it under unmatched",
    )


def test_answers_to_something_else(written: Callable[[str], Path]) -> None:
    """Of very many strange names each has its line; the first hundred are held against what may be meant."""
    names = [f"data.catalo{number}" for number in range(2000)]
    path = written(f"{HEAD}answers:\n" + "".join(f"  {name}: yes\n" for name in names))
    with pytest.raises(AssessmentError) as caught:
        read_assessment(path)
    faults = [str(problem) for problem in caught.value.problems]
    assert len(faults) == len(names)
    first = HEAD.count("\n") + 2
    told = (
        f"{path}:{first + 99}: answers.data.catalo99: is no criterion of mlops-levels 1.0; did you mean data.catalog?"
    )
    assert faults[99] == told
    assert faults[1999].startswith(f"{path}:{first + 1999}: ")
    assert not any("did you mean" in each for each in faults[100:])


def test_unknown_rubric(written: Callable[[str], Path]) -> None:
    """A rubric that does not ship is told on its line; given one, the file is held against that."""
    path = written(HEAD.replace("mlops-levels", "ours"))
    with pytest.raises(AssessmentError) as caught:
        read_assessment(path)
    assert str(caught.value) == fault(
        path,
        f"2: rubric.id: there is no rubric 'ours'; give the path of a .yaml file or one of: {', '.join(rubric_ids())}",
    )
    ours = Rubric.from_dict(load_rubric("mlops-levels").to_dict() | {"id": "ours"})
    assert read_assessment(path, rubric=ours).rubric.id == "ours"


def test_earlier_version(written: Callable[[str], Path]) -> None:
    """What another version of the rubric asked is history, not a fault."""
    path = written(HEAD.replace("1.0", "0.9") + "answers:\n  data.gone: yes\n")
    assert read_assessment(path).answers == {"data.gone": Answer(value="yes")}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a list\n", "1: an assessment is a mapping with a rubric and answers"),
        (f"{HEAD}answers: [1]\n", "5: answers: should be a mapping of keys to values, not [1]"),
        (f"{HEAD}answers:\n\tdata.catalog: yes\n", "6: a tab stands where spaces are needed; indent with spaces"),
        (f"{HEAD}id: again\n", "5: the key 'id' stands twice; keep one"),
    ],
)
def test_other_shapes(text: str, problem: str, written: Callable[[str], Path]) -> None:
    """What is no assessment at all is a sentence with a line, too."""
    path = written(text)
    with pytest.raises(ToolkitError) as caught:
        read_assessment(path)
    assert str(caught.value) == fault(path, problem)


def test_demo_is_as_written() -> None:
    """The demo is what the writer writes, so that a change of form shows."""
    demo = read_assessment(DEMO)
    assert write_assessment(demo, load_rubric("mlops-levels")) == DEMO.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", rubric_ids())
def test_blank(name: str, written: Callable[[str], Path]) -> None:
    """A blank file shows every criterion and descriptor once, under its text, in the order of the rubric."""
    rubric = load_rubric(name)
    text = write_assessment(assessment(rubric), rubric)
    asked = re.findall(r"^  ([\w.-]+):$", text.partition("\nanswers:\n")[2], flags=re.MULTILINE)
    order = [
        item.id
        for section in rubric.walk()
        for items in (section.descriptors, section.criteria)
        for item in items
    ]  # fmt: skip
    assert asked == order
    spoken = " ".join(text.replace("#", " ").split())
    for item in (*rubric.criteria.values(), *rubric.descriptors.values()):
        assert " ".join(item.text.split()) in spoken
    assert max(map(len, text.splitlines())) < 120
    assert read_assessment(written(text)) == assessment(rubric)


def test_notes_of_several_lines(written: Callable[[str], Path]) -> None:
    """A note of several lines stands in the file as it was written."""
    note = 'It took:\n\n  - "March": 40 minutes\n# not a comment\n- July: 15'
    rubric = load_rubric("mlops-levels")
    given = assessment(rubric, answers={"data.catalog": Answer(value="yes", note=note)})
    text = write_assessment(given, rubric)
    block = '    note: |-\n      It took:\n\n        - "March": 40 minutes\n      # not a comment\n      - July: 15\n'
    assert block in text
    assert read_assessment(written(text)) == given


def test_strange_answers_stay(written: Callable[[str], Path]) -> None:
    """Answers the rubric does not know are written where they were, apart from the others."""
    rubric = load_rubric("mlops-levels")
    answers, unmatched = {"gone": Answer(value="yes")}, {"older": Answer(note="was once asked")}
    given = assessment(rubric, answers=answers, unmatched=unmatched)
    given = given.model_copy(update={"rubric": RubricReference(id="mlops-levels", version="0.9")})
    text = write_assessment(given, rubric)
    assert text.endswith(
        "\n\n  # === Not in this rubric ===\n  gone: yes\n"
        "\n# Answers to what this version of the rubric no longer asks: kept, never scored.\n"
        "unmatched:\n  older:\n    note: was once asked\n"
    )
    assert read_assessment(written(text)) == given


def test_plan_stands_after_the_answers(written: Callable[[str], Path]) -> None:
    """A plan is written below the answers, its items by their ids, and comes back."""
    rubric = load_rubric("mlops-levels")
    items = {"item2": PlanItem(title="Watch: drift", criteria=("monitor.data-drift",), owner="platform team", effort=3,
                               start="2026-12-01", due="2026-12-21", status="blocked", blocker="no access yet",
                               after=("item1",), rank=2),
             "item1": PlanItem(title="Log inputs", status="done", rank=1)}  # fmt: skip
    metrics = (SuccessMetric(name="Time to deploy", current="2 days", target="2 hours"), SuccessMetric(name="Accuracy"))
    plan = Plan(start="2026-12-01", capacity=1.5, efforts={"monitor.data-drift": 2.5}, metrics=metrics, items=items)
    given = assessment(rubric, plan=plan, targets_by="2027-06-30")
    text = write_assessment(given, rubric)
    assert "\ntargets_by: 2027-06-30\n" in text.partition("answers:\n")[0]
    assert text.endswith("""
# What is to be done, by whom and by when. The id of an item: 4 to 32 small letters and digits.
plan:
  start: 2026-12-01
  capacity: 1.5
  efforts:
    monitor.data-drift: 2.5
  metrics:
    - name: Time to deploy
      current: "2 days"
      target: "2 hours"
    - name: Accuracy
  items:
    item1:
      title: Log inputs
      status: done
      rank: 1
    item2:
      title: "Watch: drift"
      criteria:
        - monitor.data-drift
      owner: platform team
      effort: 3
      start: 2026-12-01
      due: 2026-12-21
      status: blocked
      blocker: no access yet
      after:
        - item1
      rank: 2
""")
    assert read_assessment(written(text)) == given


def test_faults_of_a_plan(written: Callable[[str], Path]) -> None:
    """What cannot be right in a plan is told with its line, all of it at once."""
    path = written(
        f"{HEAD}plan:\n  efforts:\n    data.catalogue: 2\n  items:\n    item1:\n      title: One\n"
        "      criteria: [data.catalog, data.gone]\n      start: 2026-12-24\n      due: 2026-12-01\n"
        "      after: [item2]\n    item2:\n      title: Two\n      after:\n        - item1\n        - item3\n"
    )
    with pytest.raises(AssessmentError) as caught:
        read_assessment(path)
    assert str(caught.value) == fault(
        path,
        "7: plan.efforts.data.catalogue: 'data.catalogue' is no criterion of mlops-levels 1.0\n"
        "11: plan.items.item1.criteria[1]: 'data.gone' is no criterion of mlops-levels 1.0\n"
        "13: plan.items.item1.due: is 2026-12-01, before the start on 2026-12-24\n"
        "17: plan.items.item2.after: goes round in a circle: item1 -> item2 -> item1; take one of them out\n"
        "19: plan.items.item2.after[1]: 'item3' is no item of this plan",
    )


def test_fields_of_a_plan(written: Callable[[str], Path]) -> None:
    """A slip within an item is told on its line."""
    path = written(
        f"{HEAD}targets_by: 2026-02-31\nplan:\n  items:\n    item1:\n      titel: One\n      effort: much\n"
        "      status: soon\n"
    )
    with pytest.raises(AssessmentError) as caught:
        read_assessment(path)
    assert str(caught.value) == fault(
        path,
        "5: targets_by: should be a day of the calendar, not '2026-02-31'\n"
        "8: plan.items.item1.title: is missing\n"
        "9: plan.items.item1.titel: is not a known key; check its spelling or take it out\n"
        "10: plan.items.item1.effort: should be a number, not 'much'\n"
        "11: plan.items.item1.status: 'soon' is not one of 'planned', 'doing', 'blocked', 'done', 'dropped'",
    )


def test_plan_of_an_earlier_version(written: Callable[[str], Path]) -> None:
    """In an assessment of another version, criteria that are no more are history and stay in the plan."""
    plan = "plan:\n  items:\n    item1: {title: One, criteria: [data.gone]}\n"
    assert read_assessment(written(HEAD.replace("1.0", "0.9") + plan)).plan.items["item1"].criteria == ("data.gone",)


def test_read_by_what_it_holds(written: Callable[[str], Path]) -> None:
    """A file is read as what it is: an assessment or a rubric."""
    assert isinstance(read(DEMO), Assessment)
    assert isinstance(read(packaged_folder("rubrics") / "mlops-levels.yaml"), Rubric)
    with pytest.raises(ToolkitError, match=r"churn\.yaml:1: id: is missing"):
        read(written("title: neither\n"))


tricky = st.sampled_from(
    ["yes", "true", "null", "~", "1.0", "0x1F", "1e3", "2026-11-20", "- a", "a: b", "a #b", "#", "'", '"', "\\", "{}",
     "&a", "<<", "=", "é", "日本", "\u2028", "\ufeff", "\x85", "\t", " ", " a", "a ", "a\n", "\na", "a\n\nb", "a\n b",
     "a\n \nb", "a\r\nb", "\x00", "👩\u200d🔬", "...", "---", "%TAG", "https://example.org/a?b=c#d"]
)  # fmt: skip
characters = st.characters(exclude_categories=["Cs"])


def texts(most: int, *, least: int = 0) -> st.SearchStrategy[str]:
    """Give texts of any character, more often than not those that YAML has a meaning for."""
    return st.one_of(tricky, st.text(characters, min_size=least, max_size=most), st.text("a:#-\n \"'", min_size=least))


dates = st.dates().map(str) | st.none()
efforts = st.floats(min_value=0, max_value=500, exclude_min=True)


@st.composite
def plans(draw: st.DrawFn, rubric: Rubric) -> Plan:
    """Make any plan that has no fault: items wait only for those before them."""
    criteria = st.sampled_from(list(rubric.criteria))
    items: dict[str, PlanItem] = {}
    for name in draw(st.lists(st.text(string.ascii_lowercase + string.digits, min_size=4, max_size=6), unique=True,
                              max_size=3)):  # fmt: skip
        start, due = draw(dates), draw(dates)
        items[name] = PlanItem(
            title=draw(texts(40, least=1)),
            criteria=draw(st.lists(criteria, max_size=2)),
            to_level=draw(st.none() | st.integers(0, 9)),
            initiative=draw(texts(20)),
            owner=draw(texts(20)),
            effort=draw(st.none() | efforts),
            start=min(start, due) if start and due else start,
            due=max(start, due) if start and due else due,
            status=draw(st.sampled_from(["planned", "doing", "blocked", "done", "dropped"])),
            blocker=draw(texts(20)),
            after=draw(st.lists(st.sampled_from(list(items)), unique=True) if items else st.just([])),
            note=draw(texts(40)),
            rank=draw(st.floats(allow_nan=False, allow_infinity=False)),
        )
    metrics = st.builds(SuccessMetric, name=texts(20, least=1), current=texts(20), target=texts(20))
    return Plan(
        owner=draw(texts(20)),
        start=draw(dates),
        capacity=draw(st.none() | efforts),
        efforts=draw(st.dictionaries(criteria, efforts, max_size=2)),
        metrics=draw(st.lists(metrics, max_size=2)),
        budget=draw(st.builds(Budget, infrastructure=texts(20), tools=texts(20), people=texts(20))),
        items=items,
    )


@st.composite
def assessments(draw: st.DrawFn, rubric: Rubric) -> Assessment:
    """Make any assessment the store could hold."""

    def answers(names: st.SearchStrategy[str], values: Callable[[str], st.SearchStrategy[str]]) -> dict[str, Answer]:
        given = {}
        for name in draw(st.lists(names, unique=True, max_size=4)):
            answer = Answer(
                value=draw(st.none() | values(name)),
                note=draw(texts(60)),
                evidence=draw(st.lists(texts(30, least=1), max_size=2)),
                confidence=draw(st.none() | st.integers(1, 5)),
                reason=draw(texts(20)),
            )
            if not answer.is_empty:
                given[name] = answer
        return given

    known = st.sampled_from([*rubric.criteria, *rubric.descriptors])
    options = [option.id for facet in rubric.facets for option in facet.options]
    sections = st.sampled_from(["overall", *(section.id for section in rubric.walk())])
    return assessment(
        rubric,
        id=draw(st.text(string.ascii_lowercase + string.digits, min_size=4, max_size=8)),
        subject=draw(texts(30, least=1)),
        assessor=draw(texts(30)),
        profile=draw(st.lists(st.sampled_from(options), unique=True) if options else st.just([])),
        targets=draw(st.dictionaries(sections, st.floats(allow_nan=False), max_size=3)),
        answers=answers(known, lambda name: st.sampled_from(allowed_values(rubric, name))),
        unmatched=answers(texts(20, least=1), lambda _: texts(20)),
        targets_by=draw(dates),
        plan=draw(plans(rubric)),
    )


@pytest.mark.parametrize("name", rubric_ids())
def test_round_trip(name: str, tmp_path: Path) -> None:
    """Whatever an assessment holds comes back exactly, and is written the same again."""
    rubric, path = load_rubric(name), tmp_path / "any.yaml"

    @settings(max_examples=40, deadline=None)
    @given(assessments(rubric))
    def comes_back(given: Assessment) -> None:
        text = write_assessment(given, rubric)
        path.write_bytes(text.encode())
        assert read_assessment(path) == given
        assert write_assessment(read_assessment(path), rubric) == text

    comes_back()


def test_targets_and_items_in_their_order() -> None:
    """Targets stand in the rubric's order, the overall one first, and items in the plan's, wherever they came from."""
    rubric = load_rubric("mlops-levels")
    plain = {
        "id": "churn",
        "rubric": {"id": "mlops-levels", "version": "1.0"},
        "subject": "Churn model",
        "date": "2026-11-20",
        "targets": {rubric.sections[1].id: 2, rubric.sections[0].id: 1, "overall": 1},
        "plan": {"items": {"second": {"title": "Then", "rank": 2}, "first": {"title": "Now", "rank": 1}}},
    }
    assessment = Assessment.from_dict(plain)
    lines = write_assessment(assessment, rubric).split("\n")
    at = lines.index("targets:")
    names = ["overall", rubric.sections[0].id, rubric.sections[1].id]
    assert [line.strip().partition(":")[0] for line in lines[at + 1 : at + 4]] == names
    assert [line.strip() for line in lines if line.strip() in ("first:", "second:")] == ["first:", "second:"]
