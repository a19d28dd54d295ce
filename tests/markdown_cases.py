"""Random assessments and random checklists, for the tests of Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from mlops_widgets.assessment import (
    Answer,
    Assessment,
    Budget,
    Plan,
    PlanItem,
    RubricReference,
    SuccessMetric,
    allowed_values,
)
from mlops_widgets.library import load_rubric, rubric_ids

if TYPE_CHECKING:
    from mlops_widgets.rubric import Rubric

AWKWARD = "\\\n `*_[]<>&#;10.-+=|~:/ab\t\r\u2028!()✅❌$@{}^\u00a0—–\"'%"
"""Characters that mean something in Markdown, HTML or YAML, or to those who split lines."""


def texts(longest: int, *, shortest: int = 0) -> st.SearchStrategy[str]:
    """Any text, and often one of awkward characters."""
    few = min(longest, 24)
    return st.one_of(
        st.text(min_size=shortest, max_size=few),
        st.text(alphabet=AWKWARD, min_size=shortest, max_size=few),
        st.sampled_from(
            [
                "<script>alert(1)</script>",
                "- [x] not a box",
                "a -->\n<!-- b",
                "# no heading\n\n| a |\n|---|\n| b |",
                "```\nx\n```",
            ]
        ),
    )


DAYS = st.dates().map(lambda day: f"{max(day.year, 1000)}-{day.month:02}-{min(day.day, 28):02}")
NUMBERS = st.one_of(st.integers(-3, 9).map(float), st.floats(allow_nan=False))
EFFORTS = st.floats(0.01, 500)
IDS = st.from_regex(r"[a-z0-9]{4,32}", fullmatch=True)
LINKS = st.one_of(
    texts(60, shortest=1), st.just("https://ci.example.org/runs/1?a=b_c&d=*e*#f"), st.just("javascript:alert(1)")
)


def answers(values: tuple[str, ...]) -> st.SearchStrategy[Answer]:
    """An answer with one of the values, or none, that says something."""
    return st.builds(
        Answer,
        value=st.sampled_from([None, *values]),
        note=texts(200),
        evidence=st.lists(LINKS, max_size=2).map(tuple),
        confidence=st.none() | st.integers(1, 5),
        reason=texts(100),
    ).filter(lambda answer: not answer.is_empty)


def plans(rubric: Rubric) -> st.SearchStrategy[Plan]:
    """A plan with anything in it."""
    criteria = st.sampled_from([*rubric.criteria]) | texts(60, shortest=1)
    item = st.builds(
        PlanItem,
        title=texts(100, shortest=1),
        criteria=st.lists(criteria, max_size=3).map(tuple),
        to_level=st.none() | st.integers(0, 9),
        initiative=texts(60),
        owner=texts(100),
        effort=st.none() | EFFORTS,
        start=st.none() | DAYS,
        due=st.none() | DAYS,
        status=st.sampled_from(["planned", "doing", "blocked", "done", "dropped"]),
        blocker=texts(100),
        after=st.lists(IDS, max_size=2).map(tuple),
        note=texts(100),
        rank=NUMBERS.filter(lambda number: abs(number) != float("inf")),
    )
    metric = st.builds(SuccessMetric, name=texts(60, shortest=1), current=texts(30), target=texts(30))
    return st.builds(
        Plan,
        owner=texts(60),
        start=st.none() | DAYS,
        capacity=st.none() | st.floats(0.01, 1000),
        efforts=st.dictionaries(criteria, EFFORTS, max_size=3),
        metrics=st.lists(metric, max_size=2).map(tuple),
        budget=st.builds(Budget, infrastructure=texts(30), tools=texts(30), people=texts(30)),
        items=st.dictionaries(IDS, item, max_size=3),
    )


@st.composite
def assessments(draw: st.DrawFn) -> Assessment:
    """An assessment of one of the packaged rubrics."""
    rubric = load_rubric(draw(st.sampled_from(rubric_ids())))
    names = draw(st.lists(st.sampled_from([*rubric.criteria, *rubric.descriptors]), max_size=6, unique=True))
    options = [option.id for facet in rubric.facets for option in facet.options]
    sections = ["overall", *(section.id for section in rubric.walk())]
    fields: dict[str, Any] = {
        "id": draw(IDS),
        "rubric": RubricReference(
            id=rubric.id, version=rubric.version, hash=draw(st.sampled_from([None, rubric.content_hash]))
        ),
        "subject": draw(texts(200, shortest=1)),
        "date": draw(DAYS),
        "assessor": draw(texts(200)),
        "profile": tuple(draw(st.lists(st.sampled_from(options), max_size=2))) if options else (),
        "targets": draw(st.dictionaries(st.sampled_from(sections), NUMBERS, max_size=3)),
        "targets_by": draw(st.none() | DAYS),
        "answers": {name: draw(answers(allowed_values(rubric, name))) for name in names},
        "unmatched": draw(st.dictionaries(texts(80, shortest=1), answers(("yes", "— **odd**", "4")), max_size=2)),
        "plan": draw(st.just(Plan()) | plans(rubric)),
    }
    return Assessment(**fields)


LINES = st.one_of(
    st.sampled_from(
        [
            "",
            "# Data management",
            "**Level 1**:",
            "- [x] Data catalog",
            "- [ ] Feature store",
            "  - [s] Data lineage (partly)",
            "      1. [-] ✅ deep",
            "* ✅ Experiment tracking (MLflow)",
            "❌ Unit tests",
            "| Statement | Done |",
            "|---|---|",
            "| Data catalog | ✅ |",
            "> - [x] quoted",
            "```",
            "<!--",
            "-->",
            "<div>",
            "    - [x] code",
            "- [x]",
            "- Current: Level 2 ✅",
            "[x]: https://reference.example",
            "- [ ] Level 1: a, b ✅, c",
            "Setext ❌",
            "===",
            "- - - [x] bullets",
            "\r\n- [X] carriage",
            "- ~~[x] struck~~",
            "- [x] ~~no~~ yes ❌",
            "<summary>Testing ✅</summary>",
            "1+2. [x] several",
            "(x) round",
        ]
    ),
    st.text(max_size=12),
    st.text(alphabet=AWKWARD, max_size=16),
)
"""Lines of which documents are made at random."""
