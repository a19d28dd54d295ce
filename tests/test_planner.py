"""The plan page in Python: what it shows, what it takes from a browser, what it refuses."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from mlops_widgets.assessment import Answer, Assessment, PlanItem
from mlops_widgets.errors import ToolkitError
from mlops_widgets.library import load_rubric
from mlops_widgets.plan import forecast, steps
from mlops_widgets.planner import MOST_ITEMS, Planner
from mlops_widgets.store import Store, StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from mlops_widgets.plan import Order, Step
    from mlops_widgets.rubric import Rubric

CATALOGUE = PlanItem(title="A catalogue", criteria=("data.catalog",), effort=2, start="2027-01-04", due="2027-01-15")


def assessment(**more: Any) -> Assessment:
    """Give an assessment to plan for."""
    return Assessment.from_dict(
        {
            "id": "demo",
            "rubric": {"id": "mlops-levels", "version": "1.0"},
            "subject": "Churn model",
            "date": "2026-11-20",
            **more,
        }
    )


def edit(number: int, key: str, content: object, *, base: object = None, who: object = "Anna") -> dict[str, Any]:
    """Make an edit as the browser sends it."""
    return {"id": f"e{number}", "key": key, "content": content, "base": base, "who": who}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one assessment called `demo`."""
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    store.create(assessment())
    return store


def opened(store: Store) -> Planner:
    """Open the plan of the demo."""
    return Planner("mlops-levels", assessment=store.load("demo"), store=store)


def receipt(planner: Planner, given: dict[str, Any]) -> dict[str, Any]:
    """Send one edit, and give its receipt."""
    planner.outbox = [given]
    found: dict[str, Any] = planner.receipts["edits"][given["id"]]
    return found


def test_an_item_from_python_is_planned() -> None:
    """An item added in Python is part of the plan, in order, and the outlook counts it."""
    planner = Planner("mlops-levels")
    planner.plan_item("cata", CATALOGUE)
    assert planner.assessment.plan.items == {"cata": CATALOGUE}
    assert planner.entries["item.cata"]["content"] == CATALOGUE.to_dict()
    assert planner.view["timeline"]["bars"].keys() == {"cata"}
    planner.plan_item("cata", None)
    assert planner.assessment.plan.items == {}


def test_its_repr_is_stable() -> None:
    """The text of a plan says the same on every machine."""
    assert repr(Planner("mlops-levels")) == "<Planner mlops-levels: 0 items>"


def test_neither_pandas_nor_altair_are_imported() -> None:
    """A kernel that shows a plan imports no charts, no data frames and, without a store, no database."""
    code = (
        "import sys; from mlops_widgets import Planner; Planner('mlops-levels').suggest();"
        "print([name for name in ('pandas', 'altair', 'voila', 'papermill', 'sqlalchemy') if name in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed.strip() == "[]"


def test_the_outlook_is_the_engines() -> None:
    """What the page says of the plan, and of what is ticked, is what the engine gives."""
    planner = Planner("mlops-levels")
    planner.suggest()
    first = planner.assessment.plan.ordered()[0][0]
    done = planner.assessment.plan.items[first].model_copy(update={"status": "done"})
    planner.plan_item(first, done)
    rubric, plan = planner.rubric, planner.assessment
    assert planner.view["then"].startswith(f"When this plan is done: Level {forecast(rubric, plan).level}")
    ticked = forecast(rubric, plan, done=[first]).level
    assert planner.view["done"].startswith(f"1 of {len(plan.plan.items)} done: Level {ticked}, ")


@pytest.mark.parametrize("rubric", ["mlops-levels", "mlops-questionnaire", "mlops-checklist", "ml-test-score"])
def test_a_suggestion_fills_an_empty_plan(rubric: str) -> None:
    """For every kind of rubric the suggestion reaches what it says, and a second one adds nothing."""
    found = load_rubric(rubric)
    lowest = {name: scale.options[0].id for name, scale in found.scale_of.items()}
    reference = {"id": found.id, "version": found.version}
    planner = Planner(rubric, assessment=assessment(rubric=reference, answers=lowest))
    added = planner.suggest()
    assert added
    assert list(planner.assessment.plan.items) == added
    assert planner.assessment.plan.start is not None
    assert planner.view["steps"] == []
    assert planner.suggest() == []


def test_a_suggestion_never_overwrites() -> None:
    """What is planned stays as it is; only what is missing is added, after it."""
    planner = Planner("mlops-levels")
    suggested = planner.view["steps"][0]["item"]
    own = PlanItem(title="Ours", criteria=tuple(suggested["criteria"]), owner="Ben", rank=5)
    planner.plan_item("ours", own)
    added = planner.suggest()
    assert planner.assessment.plan.items["ours"] == own
    assert not any(set(own.criteria) & set(planner.assessment.plan.items[name].criteria) for name in added)
    assert min(planner.assessment.plan.items[name].rank for name in added) > 5


def test_a_picked_step_leaves_the_list() -> None:
    """A step comes with the item it would become; once that is planned, it is offered no more."""
    planner = Planner("mlops-levels")
    step = planner.view["steps"][0]
    planner.plan_item("step", PlanItem.model_validate(step["item"]))
    assert step["id"] not in [each["id"] for each in planner.view["steps"]]


def test_steps_are_ranked_anew_when_what_they_rest_on_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """An item ticked leaves score and steps as they are; an answer, a target, an effort or the order does not."""
    ranked: list[str] = []

    def counted(rubric: Rubric, given: Assessment, *, order: Order) -> tuple[Step, ...]:
        ranked.append(order)
        return steps(rubric, given, order=order)

    monkeypatch.setattr("mlops_widgets.planner.steps", counted)
    planner = Planner("mlops-levels")
    planner.plan_item("cata", CATALOGUE)
    planner.plan_item("cata", CATALOGUE.model_copy(update={"status": "done"}))
    assert ranked == ["ratio"]
    receipt(planner, edit(1, "target.overall", {"value": 3}))
    receipt(planner, edit(2, "effort.data.catalog", {"value": 9}))
    planner.set_state({"order": "opensammy"})
    assert ranked == ["ratio", "ratio", "ratio", "opensammy"]


def test_order_of_the_steps() -> None:
    """The browser may choose between two orders; anything else is not taken."""
    planner = Planner("mlops-levels", assessment=assessment(targets={"overall": 2, "monitoring": 3}))
    planner.set_state({"order": "opensammy"})
    assert planner.view["steps"][0]["why"].startswith("Monitoring and alerting · high priority · helps Monitoring and ")
    planner.set_state({"order": "__class__"})
    assert planner.order == "opensammy"


def test_saved_as_given(store: Store) -> None:
    """With a store an item is there before its receipt is."""
    planner = opened(store)
    assert receipt(planner, edit(1, "item.cata", CATALOGUE.to_dict())) == {"saved": True, "key": "item.cata"}
    assert store.load("demo").plan.items == {"cata": CATALOGUE}
    assert store.item_history("demo")[0].who == "Anna"
    assert planner.status["state"] == "saved"
    assert receipt(planner, edit(2, "item.cata", {}, base=2)) == {"saved": True, "key": "item.cata"}
    assert store.load("demo").plan.items == {}


def test_an_edit_gets_a_receipt_once(store: Store) -> None:
    """An edit sent again, because its receipt was late, is not taken twice."""
    planner = opened(store)
    given = edit(1, "item.cata", CATALOGUE.to_dict())
    first = receipt(planner, given)
    planner.outbox = []
    assert receipt(planner, {**given, "attempt": 1}) == first
    assert store.latest("demo") == 2


@pytest.mark.parametrize(
    ("key", "content", "message"),
    [
        ("item.cata", {"title": ""}, "title: is empty; write some text"),
        ("item.cata", {"title": "  "}, "The item has no title: write what is to be done."),
        ("item.cata", {"title": "x" * 201}, "title: is 201 characters long; the most is 200"),
        ("item.cata", {"title": "A", "evil": 1}, "evil: is not a known key; check its spelling or take it out"),
        ("item.cata", {"title": "A", "effort": -1}, "effort: input should be greater than 0, not -1"),
        (
            "item.cata",
            {"title": "A", "due": "2027-02-31"},
            "due: should be a day of the calendar, not '2027-02-31'",
        ),
        ("item.cata", {"title": "A", "criteria": ["no.such"]}, "'no.such' is no criterion of mlops-levels"),
        (
            "item.cata",
            {"title": "A", "after": ["gone"]},
            "The plan has no item 'gone' to wait for: it may have been taken out.",
        ),
        (
            "item.cata",
            {"title": "A", "start": "2027-02-01", "due": "2027-01-01"},
            "It is due on 2027-01-01, before it starts on 2027-02-01: change one of the two.",
        ),
        ("item.../etc", {"title": "A"}, "'../etc' is no id of an item: one has 4 to 32 small letters and digits"),
        ("item.cata", "A", "an edit names what it changes, and what to"),
        (5, {"title": "A"}, "an edit names what it changes, and what to"),
        ("subject", {"value": "Other"}, "'subject' is nothing that can be changed here"),
        ("plan.items", {"value": {}}, "'plan.items' is nothing that can be changed here"),
        ("plan.capacity", {"value": -1}, "plan.capacity: input should be greater than 0, not -1"),
        ("plan.metrics", {"value": [{"name": "x"}] * 21}, "plan.metrics: has 21 parts; the most is 20"),
        ("target.nosuch", {"value": 2}, "'nosuch' is no section of mlops-levels"),
        ("target.data", {"value": 9}, "9 is no level of mlops-levels"),
        ("target.data", {"value": [2]}, "[2] is no level of mlops-levels"),
        ("item.cata", {"title": "A \ud83d"}, "title: "),
        ("plan.owner", {"value": "A \ud83d"}, "plan.owner: "),
        ("effort.no.such", {"value": 2}, "'no.such' is no criterion of mlops-levels"),
        ("effort.data.catalog", {"value": 1e9}, "plan.efforts.data.catalog: input should be less than or equal to 500"),
    ],
)
def test_what_no_honest_page_sends_is_refused(
    store: Store, key: str, content: object, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A forged edit changes nothing, is logged, and its receipt says why."""
    planner = opened(store)
    with caplog.at_level(logging.WARNING):
        told = receipt(planner, edit(1, key, content))
    assert message in told["refused"]
    assert store.latest("demo") == 1
    assert "refused a change of a plan from the browser" in caplog.text


def test_a_base_that_is_none(store: Store) -> None:
    """The number an item was made from is a number."""
    message = "a change of an item names the number it was made from"
    assert receipt(opened(store), edit(1, "item.cata", {"title": "A"}, base="x"))["refused"] == message


def test_items_that_wait_for_each_other(store: Store) -> None:
    """A circle is refused with the way round; one made by two people at once is told on the page."""
    planner, other = opened(store), opened(store)
    for name in ("aaaa", "bbbb"):
        planner.plan_item(name, PlanItem(title=name.upper()))
    other.refresh()
    planner.plan_item("aaaa", PlanItem(title="AAAA", after=("bbbb",)))
    sentence = "These wait for each other, so that none can begin: AAAA → BBBB → AAAA. Let one of them wait no longer."
    with pytest.raises(ToolkitError) as caught:
        planner.plan_item("bbbb", PlanItem(title="BBBB", after=("aaaa",)))
    assert str(caught.value) == sentence
    assert planner.view["notice"] == ""
    other.plan_item("bbbb", PlanItem(title="BBBB", after=("aaaa",)))
    planner.refresh()
    assert planner.view["notice"] == sentence
    with pytest.raises(ToolkitError, match="wait for each other"):
        planner.plan_item("aaaa", PlanItem(title="AAAA", after=("aaaa",)))


def test_a_plan_has_an_end() -> None:
    """More items than anybody can follow are refused."""
    planner = Planner("mlops-levels", assessment=assessment(plan={"items": {
        f"item{number}": {"title": "One more"} for number in range(MOST_ITEMS)
    }}))  # fmt: skip
    with pytest.raises(ToolkitError) as caught:
        planner.plan_item("last", PlanItem(title="One more"))
    assert str(caught.value) == "A plan has at most 200 items: join some, or take some out."
    assert planner.suggest() == []
    planner.plan_item("item7", PlanItem(title="Still changed"))


def test_a_stale_item_is_told(store: Store) -> None:
    """What somebody made of an item meanwhile stands; the receipt gives back what was meant."""
    planner = opened(store)
    theirs = CATALOGUE.model_copy(update={"owner": "Ben"})
    store.save_item("demo", "cata", theirs, base=None, who="Ben")
    told = receipt(planner, edit(1, "item.cata", CATALOGUE.to_dict()))
    assert told == {"stale": True, "key": "item.cata", "content": CATALOGUE.to_dict()}
    assert planner.assessment.plan.items["cata"] == theirs
    assert planner.entries["item.cata"]["who"] == "Ben"
    assert receipt(planner, edit(2, "item.cata", theirs.to_dict())) == {"saved": True, "key": "item.cata"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("plan.owner", "Anna"),
        ("plan.start", "2027-01-04"),
        ("plan.capacity", 1.5),
        ("plan.metrics", [{"name": "Time to deploy", "target": "1 day"}]),
        ("plan.budget", {"tools": "none"}),
        ("plan.targets_by", "2027-06-30"),
        ("target.overall", 2.0),
        ("target.data", 0.0),
        ("effort.data.catalog", 3.0),
    ],
)
def test_single_fields(store: Store, key: str, value: object) -> None:
    """A field is kept, shown, taken out again, and told as stale to who has not seen the newest."""
    planner = opened(store)
    assert receipt(planner, edit(1, key, {"value": value})) == {"saved": True, "key": key}
    assert planner.entries[key]["content"] == {"value": value}
    assert opened(store).entries[key] == planner.entries[key]
    seen = planner.entries[key]["seq"]
    other = {"plan.capacity": 3, "target.overall": 3, "target.data": 3, "effort.data.catalog": 9}.get(key)
    newer = {"value": other} if other else {}
    told = receipt(planner, edit(2, key, newer, base="not-seen"))
    assert told == {"stale": True, "key": key, "content": newer}
    assert planner.entries[key]["content"] == {"value": value}
    assert receipt(planner, edit(3, key, {}, base=seen)) == {"saved": True, "key": key}
    assert planner.entries.get(key, {"content": {}})["content"] == {}
    assert receipt(planner, edit(4, key, {}, base=seen)) == {"saved": True, "key": key}


def test_fields_without_a_store() -> None:
    """Without a store a field is changed in the object itself."""
    planner = Planner("mlops-levels")
    receipt(planner, edit(1, "target.overall", {"value": 3}))
    assert planner.assessment.targets == {"overall": 3}
    assert planner.view["targets"][0]["text"] == "The plan does not reach level 3 yet."


def test_changes_of_others_arrive(store: Store) -> None:
    """What others plan, aim for or answer shows at the next look."""
    planner = opened(store)
    store.save_item("demo", "cata", CATALOGUE, base=None, who="Ben")
    store.update("demo", targets={"overall": 2})
    store.save("demo", "data.catalog", Answer(value="yes"), base=None)
    planner.refresh()
    assert planner.entries["item.cata"]["who"] == "Ben"
    assert planner.assessment.targets == {"overall": 2}
    assert planner.score.overall.answered == 1
    store.save_item("demo", "cata", None, base=2)
    planner.refresh()
    assert planner.assessment.plan.items == {}
    assert planner.entries["item.cata"]["content"] == {}


def test_a_store_that_fails_is_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing can be saved the page says so; once it can, what waited is saved without being sent again."""
    planner = opened(store)
    working = Store.save_item

    def failing(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(Store, "save_item", failing)
    given = edit(1, "item.cata", CATALOGUE.to_dict())
    assert receipt(planner, given) == {"again": True, "key": "item.cata"}
    assert planner.status == {"state": "not_saved", "message": "the disk is full"}
    monkeypatch.setattr(Store, "save_item", working)
    planner.refresh()
    assert planner.receipts["edits"] == {"e1": {"saved": True, "key": "item.cata"}}
    assert store.load("demo").plan.items == {"cata": CATALOGUE}


def test_suggested_from_the_browser(store: Store) -> None:
    """The suggestion is saved item by item, under the name of who asked for it; asked again it adds nothing."""
    planner = opened(store)
    told = receipt(planner, edit(1, "suggest", {"order": "ratio"}))
    assert told == {"saved": True, "key": "suggest", "added": len(store.load("demo").plan.items)}
    assert told["added"] > 0
    assert {event.who for event in store.item_history("demo")} == {"Anna"}
    assert receipt(planner, edit(2, "suggest", {})) == {"saved": True, "key": "suggest", "added": 0}


def test_an_item_taken_out_may_come_back(store: Store) -> None:
    """Who waits for an item that was taken out is no obstacle to any change, and waits again when it comes back."""
    planner = opened(store)
    planner.plan_item("cata", CATALOGUE)
    waiting = PlanItem(title="Lineage", after=("cata",))
    planner.plan_item("line", waiting)
    planner.plan_item("cata", None)
    planner.plan_item("line", waiting.model_copy(update={"owner": "Ben"}))
    planner.plan_item("cata", CATALOGUE)
    assert store.load("demo").plan.items["line"].after == ("cata",)


def test_other_traits_of_the_browser_are_not_taken() -> None:
    """A message that sets what only Python may set changes nothing."""
    planner = Planner("mlops-levels")
    before = planner.view
    planner.set_state({"view": {}, "entries": {}, "key": "other", "who": "Anna"})
    assert (planner.view, planner.key, planner.who) == (before, "", "Anna")


def test_downloads_are_offered_where_there_is_an_app(store: Store) -> None:
    """A plan in a store has files to download; one in a notebook has not."""
    assert [each["address"] for each in opened(store).rows["downloads"]] == [
        "/download/demo/plan.md",
        "/download/demo/plan.csv",
        "/download/demo/plan.ics",
    ]
    assert Planner("mlops-levels").rows["downloads"] == []


def test_plan_to_the_end_of_the_calendar() -> None:
    """Where an item is due on the last day there is, what is suggested after it is due then too."""
    planner = Planner("mlops-levels")
    planner.plan_item("ages", PlanItem(title="For ages", criteria=("data.catalog",), due="9999-12-31"))
    assert planner.suggest()


def test_refusal_is_not_endless() -> None:
    """A forged edit with a thousand faults is refused in a few lines."""
    planner = Planner("mlops-levels")
    edit = {"id": "e1", "key": "plan.metrics", "content": {"value": [1] * 1000}}
    planner.set_state({"outbox": [edit]})
    refused = planner.receipts["edits"]["e1"]["refused"]
    assert refused.startswith("plan.metrics[0]: should be a mapping of keys to values, not 1\n")
    assert len(refused) == 1000
