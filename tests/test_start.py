"""The start page in Python: what it offers, what it begins, what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mlops_widgets.address import new_id
from mlops_widgets.assessment import Answer
from mlops_widgets.start import StartPage
from mlops_widgets.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def page(tmp_path: Path) -> StartPage:
    """A start page over an empty store."""
    return StartPage(store=Store(f"sqlite:///{tmp_path / 'store.sqlite'}"))


def begun(page: StartPage, **wish: Any) -> str:
    """Wish for an assessment and give its id."""
    page.wish = {"number": 1, "rubric": "mlops-levels", "subject": "Churn model", **wish}
    return str(page.reply["go"]).rpartition("/")[2]


def test_every_rubric_is_offered(page: StartPage) -> None:
    """All packaged rubrics are there, the ones most people want first."""
    assert [rubric["id"] for rubric in page.rubrics] == [
        "mlops-levels",
        "mlops-questionnaire",
        "mlops-checklist",
        "ml-test-score",
        "ml-test-score-2016",
        "mlops-milestone",
    ]
    assert page.rubrics[0]["meta"] == "85 questions, about 45 minutes"


def test_begin(page: StartPage) -> None:
    """What was wished for is in the store, and the browser is told where to go."""
    name = begun(page, profile=["batch"], who="Anna")
    made = page._store.load(name)
    assert (made.subject, made.profile, made.assessor) == ("Churn model", ("batch",), "Anna")
    page.refresh()
    assert page.earlier[0]["assess"] == f"/assess/{name}"
    assert page.earlier[0]["meta"].startswith("MLOps maturity levels · ")


def test_duplicate(page: StartPage) -> None:
    """A duplicate has the answers and an id of its own."""
    name = begun(page)
    page._store.save(name, "data.catalog", Answer(value="yes"), base=None)
    page.wish = {"number": 2, "duplicate": name}
    copy = str(page.reply["go"]).rpartition("/")[2]
    assert copy != name
    assert page._store.load(copy).answers["data.catalog"].value == "yes"


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"rubric": "../etc"}, "there is no rubric '../etc' here"),
        ({"subject": "  "}, "Name what is assessed; the report carries this name."),
        ({"subject": "x" * 201}, "subject: is 201 characters long; the most is 200"),
        ({"profile": ["nosuch"]}, "profile[0]: 'nosuch' is not one of batch, real-time"),
        ({"duplicate": "../../x"}, "is no id of an assessment"),
    ],
)
def test_what_cannot_be_begun_is_told(page: StartPage, wish: dict[str, Any], message: str) -> None:
    """A wish that cannot be met gets a sentence, and nothing is stored."""
    page.wish = {"number": 1, "rubric": "mlops-levels", "subject": "Churn model", **wish}
    assert message in page.reply["failed"]
    assert page._store.recent() == []


def test_ids_are_opaque() -> None:
    """No two ids are alike, and each may stand in an address."""
    made = {new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(name.isalnum() and name == name.lower() for name in made)
