"""The rubrics that ship: nothing of their sources is lost, and everything a page needs is there."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from mlops_widgets.library import load_rubric, packaged_folder, read_yaml, rubric_ids
from mlops_widgets.rubric import Rubric

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlops_widgets.rubric import Criterion, Descriptor, Section

LEVELS = {
    "data": (2, 3, 3, 3),
    "training": (2, 3, 3, 3),
    "registry": (2, 3, 3, 3),
    "deployment": (2, 3, 4, 4),
    "monitoring": (2, 3, 4, 4),
    "retraining": (1, 1, 3, 3),
    "testing": (2, 2, 4, 4),
    "governance": (1, 2, 3, 4),
    "infrastructure": (2, 3, 3, 4),
}
"""Items of level 0, 1, 2 and 3 by dimension, as the source lists them."""

SECTIONS = {
    "mlops-checklist": [3, 3, 2, 7, 9, 2, 8, 2, 2, 2, 2, 7, 4, 3],
    "mlops-levels": [sum(items[1:]) for items in LEVELS.values()],
    "mlops-questionnaire": [3, 4, 4, 4],
    "mlops-milestone": [4] * 12 + [8],
    "ml-test-score": [7, 7, 7, 7],
    "ml-test-score-2016": [7, 7, 7, 7],
}
"""Criteria of each section that has some, in the order of the source."""

ROADMAPS = {
    # from, to: months, dollars, initiatives of each phase
    (0, 1): ((3, 6), (50_000, 100_000), [4, 4, 3]),
    (1, 2): ((6, 9), (150_000, 300_000), [4, 4, 3]),
    (2, 3): ((9, 12), (300_000, 500_000), [4, 4, 4]),
    (3, 4): ((12, 18), (500_000, 1_000_000), [4, 4, 4]),
}


def leaves(rubric: Rubric) -> list[Section]:
    """Sections that hold criteria."""
    return [section for section in rubric.walk() if section.criteria]


def every_criterion() -> Iterator[Any]:
    """Every criterion of every packaged rubric, named by both."""
    for name in rubric_ids():
        for criterion in load_rubric(name).criteria.values():
            yield pytest.param(criterion, id=f"{name}: {criterion.id}")


def test_table_names_every_rubric() -> None:
    """A rubric that is added gets its counts."""
    assert sorted(SECTIONS) == rubric_ids()


@pytest.mark.parametrize("name", SECTIONS)
def test_every_item_of_the_source_has_its_criterion(name: str) -> None:
    """Sections have as many criteria as their source has items."""
    assert [len(section.criteria) for section in leaves(load_rubric(name))] == SECTIONS[name]


def test_levels_rubric_has_every_item_of_every_level() -> None:
    """85 criteria and 16 descriptors of level 0, by dimension and level."""
    rubric = load_rubric("mlops-levels")
    counted = {
        section.id: (
            len(section.descriptors),
            *(Counter(criterion.level for criterion in section.criteria)[level] for level in (1, 2, 3)),
        )
        for section in rubric.sections
    }
    assert counted == LEVELS
    assert (len(rubric.criteria), len(rubric.descriptors)) == (85, 16)
    assert {descriptor.level for descriptor in rubric.descriptors.values()} == {0}


def test_checklist_has_eleven_practices_and_an_advanced_tier() -> None:
    """42 statements in 4 sections count; 14 advanced ones are a tier of their own."""
    rubric = load_rubric("mlops-checklist")
    basic = [section for section in rubric.sections if section.weight]
    assert [len(section.sections) for section in basic] == [3, 2, 2, 4]
    assert sum(len(part.criteria) for section in basic for part in section.walk()) == 42
    assert Counter(criterion.level for criterion in rubric.criteria.values()) == {1: 42, 2: 14}
    asked = {name: criterion.applies_to for name, criterion in rubric.criteria.items() if criterion.applies_to}
    assert Counter(asked.values()) == {("real-time",): 4, ("batch",): 1}


def test_questionnaire_has_five_texts_a_question_and_the_weights_of_the_source() -> None:
    """15 anchored questions; 0.30, 0.25, 0.25 and 0.20; bands at 0.5, 1.5, 2.5 and 3.5; and a note on the sixteenth."""
    rubric = load_rubric("mlops-questionnaire")
    assert {(criterion.kind, len(criterion.anchors)) for criterion in rubric.criteria.values()} == {("anchored", 5)}
    assert [section.weight for section in rubric.sections] == [0.30, 0.25, 0.25, 0.20]
    assert [(band.at_least, band.below) for band in rubric.scoring.bands] == [
        (None, 0.5), (0.5, 1.5), (1.5, 2.5), (2.5, 3.5), (3.5, None),
    ]  # fmt: skip
    assert "16 questions" in (rubric.note or "")
    for level in rubric.levels:
        profile = level.profile
        assert profile
        assert all((profile.people, profile.creation, profile.release, profile.stack))
        assert all((profile.time_to_deploy, profile.team_size))


def test_questionnaire_has_every_roadmap() -> None:
    """Four roadmaps a level at a time and an accelerated one, with time, money, team and every initiative."""
    rubric = load_rubric("mlops-questionnaire")
    roadmaps = {(roadmap.from_level, roadmap.to_level): roadmap for roadmap in rubric.roadmaps}
    assert sorted(roadmaps) == [(0, 1), (0, 3), (1, 2), (2, 3), (3, 4)]
    for steps, (months, money, initiatives) in ROADMAPS.items():
        roadmap = roadmaps[steps]
        assert roadmap.investment
        assert (roadmap.months_low, roadmap.months_high) == months
        assert (roadmap.investment.low, roadmap.investment.high) == money
        assert [len(phase.initiatives) for phase in roadmap.phases] == initiatives
    # The fast track: four quarters of three blocks of four weeks.
    fast = roadmaps[0, 3]
    assert fast.investment
    assert (fast.months_low, fast.months_high, fast.investment.low, fast.investment.high) == (
        12,
        12,
        600_000,
        1_000_000,
    )
    assert [(phase.start, phase.end) for phase in fast.phases] == [(week, week + 3) for week in range(1, 48, 4)]
    assert [len(phase.initiatives) for phase in fast.phases] == [3, 3, 2, 2, 2, 2, 2, 2, 3, 2, 2, 3]
    assert [steps for steps, roadmap in roadmaps.items() if roadmap.investment and roadmap.investment.open_ended] == [
        (3, 4)
    ]
    for roadmap in roadmaps.values():
        assert roadmap.team
        assert roadmap.phases[0].start <= 1
        in_months = {"month": 1, "week": 4}[roadmap.phases[-1].unit]
        assert roadmap.phases[-1].end == roadmap.months_high * in_months
        for phase in roadmap.phases:
            assert phase.initiatives
            assert all(initiative.success and initiative.criteria for initiative in phase.initiatives)


def test_levels_have_a_way_up_for_every_criterion() -> None:
    """One roadmap a level; each criterion is in one initiative of its level, whose effort is that of its criteria."""
    rubric = load_rubric("mlops-levels")
    assert [(roadmap.from_level, roadmap.to_level) for roadmap in rubric.roadmaps] == [(0, 1), (1, 2), (2, 3)]
    named: list[str] = []
    for roadmap in rubric.roadmaps:
        for phase in roadmap.phases:
            for initiative in phase.initiatives:
                criteria = [rubric.criteria[name] for name in initiative.criteria]
                assert {criterion.level for criterion in criteria} == {roadmap.to_level}
                assert initiative.effort == sum(criterion.effort or 0 for criterion in criteria)
                assert initiative.tools
                assert initiative.success
                assert len(initiative.title) <= 60
                named += initiative.criteria
    assert sorted(named) == sorted(rubric.criteria)


@pytest.mark.parametrize("name", rubric_ids())
def test_initiatives_wait_for_earlier_ones(name: str) -> None:
    """What an initiative comes after is planned in the same phase or in one before it."""
    for roadmap in load_rubric(name).roadmaps:
        begun: set[str] = set()
        for phase in roadmap.phases:
            begun |= {initiative.id for initiative in phase.initiatives}
            assert all(begun.issuperset(initiative.after) for initiative in phase.initiatives)


@pytest.mark.parametrize("name", rubric_ids())
def test_plan_has_the_phases_and_measures_of_the_template(name: str) -> None:
    """Quick wins until month 3, foundation until 6, advanced until 12; four measures, three kinds of cost."""
    plan = load_rubric(name).plan
    assert plan
    assert [(phase.id, phase.start, phase.end) for phase in plan.phases] == [
        ("quick-wins", 0, 3), ("foundation", 3, 6), ("advanced", 6, 12),
    ]  # fmt: skip
    assert [metric.id for metric in plan.metrics] == [
        "deployment-frequency", "time-to-deploy", "incident-response", "model-accuracy",
    ]  # fmt: skip
    assert [line.id for line in plan.budget] == ["infrastructure", "tools", "people"]


def test_what_comes_first_is_of_the_same_level_or_below() -> None:
    """Nothing requires a criterion of a higher level: the way up would lead round it."""
    for name in rubric_ids():
        criteria = load_rubric(name).criteria
        for criterion in criteria.values():
            assert all((criteria[first].level or 0) <= (criterion.level or 0) for first in criterion.requires)


def test_milestone_asks_its_validation_questions_openly() -> None:
    """48 requirements in 12 areas of 3 groups; 8 open questions, rated and not counted."""
    rubric = load_rubric("mlops-milestone")
    groups = [section for section in rubric.sections if section.weight]
    assert [len(section.sections) for section in groups] == [5, 4, 3]
    questions = [item for section in rubric.sections if not section.weight for item in section.criteria]
    assert Counter(item.kind for item in questions) == {"open": 8}
    assert Counter(item.kind for item in rubric.criteria.values()) == {"statement": 48, "open": 8}


def test_test_score_of_2016_tells_of_its_gap() -> None:
    """Eleven points are in no band, and the rubric says so."""
    rubric = load_rubric("ml-test-score-2016")
    assert [str(band) for band in rubric.scoring.bands] == [
        "from 0 to 0", "from 1 to 2", "from 3 to 4", "from 5 to 6", "from 7 to 10", "from 12",
    ]  # fmt: skip
    assert "11" in f"{rubric.description} {rubric.note}"


@pytest.mark.parametrize("name", SECTIONS)
def test_every_item_has_a_place_in_the_source_of_its_own(name: str) -> None:
    """Within a section of the source, items are counted from 1 and stand in its order: none left out, none twice."""
    rubric = load_rubric(name)
    items: list[Criterion | Descriptor] = [*rubric.criteria.values(), *rubric.descriptors.values()]
    places: dict[tuple[str | None, str | None], list[int | None]] = {}
    for source in (item.source for item in items if item.source):
        places.setdefault((source.document, source.section), []).append(source.position)
    assert sum(map(len, places.values())) == len(items)
    for section, positions in places.items():
        assert positions == list(range(1, len(positions) + 1)), section


@pytest.mark.parametrize("criterion", list(every_criterion()))
def test_criterion_is_complete(criterion: Criterion) -> None:
    """A criterion says what is asked, what counts, what its absence means, what it costs, and where it comes from."""
    assert criterion.text.endswith("?" if criterion.kind in ("anchored", "open") else ".")
    assert criterion.help
    assert criterion.absent
    assert criterion.effort
    assert criterion.evidence_hints
    assert criterion.source
    assert criterion.source.section
    assert criterion.source.position


@pytest.mark.parametrize("name", SECTIONS)
def test_dimension_is_complete(name: str) -> None:
    """A dimension has a short name and the clauses of a headline, in small letters and without a full stop."""
    for section in load_rubric(name).sections:
        assert section.short
        assert section.description
        for clause in (section.strong, section.weak):
            assert clause
            assert not clause.endswith(".")
            assert clause[0].islower() or clause.split()[0].isupper()


@pytest.mark.parametrize("name", SECTIONS)
def test_level_is_complete(name: str) -> None:
    """A level says what it is like, and each below the top what comes next."""
    rubric = load_rubric(name)
    assert [level.level for level in rubric.levels] == list(range(len(rubric.levels)))
    for level in rubric.levels:
        assert level.characteristics
        assert level.next_step or level == rubric.levels[-1]


@pytest.mark.parametrize("name", SECTIONS)
def test_file_names_its_schema_first(name: str) -> None:
    """Editors complete and check a rubric from its first line on."""
    first = (packaged_folder("rubrics") / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=rubric.schema.json"


@pytest.mark.parametrize("name", SECTIONS)
def test_hash_stays_through_plain_data(name: str) -> None:
    """Spelling out every default, or leaving each out, is the same rubric."""
    rubric = load_rubric(name)
    assert Rubric.from_dict(rubric.model_dump(mode="json")).content_hash == rubric.content_hash
    assert Rubric.from_dict(rubric.to_dict()).content_hash == rubric.content_hash


@pytest.mark.parametrize("name", SECTIONS)
def test_hash_changes_with_a_text_a_weight_and_a_threshold(name: str) -> None:
    """Whatever changes what is asked or how it counts changes the hash."""
    data, _ = read_yaml(packaged_folder("rubrics") / f"{name}.yaml")
    before = load_rubric(name).content_hash

    def changed(**scoring: Any) -> str:
        return Rubric.from_dict(data | {"scoring": data["scoring"] | scoring}).content_hash

    first = next(iter(leaves(load_rubric(name))))
    text = json.dumps(data).replace(json.dumps(first.criteria[0].text), json.dumps("Another question?"), 1)
    assert Rubric.from_dict(json.loads(text)).content_hash != before
    if "gates" in data["scoring"]:
        assert changed(gates={"threshold": 0.9}) != before
    else:
        assert changed(bands=data["scoring"]["bands"][:-1]) != before
    assert changed() == before


def test_schema_file_is_that_of_the_model() -> None:
    """The schema that editors read says what the model says."""
    written = (packaged_folder("rubrics") / "rubric.schema.json").read_text(encoding="utf-8")
    assert written == json.dumps(Rubric.json_schema(), indent=2) + "\n"
