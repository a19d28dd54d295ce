"""The plan page in a real browser: by mouse, by keyboard, by two people at once, with the server gone."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from browser.moments import heard, listened_to, on_its_way
from browser.test_pages import faults, violations
from mlops_widgets.assessment import PlanItem
from mlops_widgets.library import load_rubric
from mlops_widgets.plan import forecast
from mlops_widgets.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Locator, Page

    from browser.app import App

HOSTILE = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">'
PLAN = {
    "start": "2027-01-04",
    "items": {
        "cata": {
            "title": "Fill the catalogue",
            "criteria": ["data.catalog"],
            "owner": "Ana",
            "effort": 2,
            "start": "2027-01-04",
            "due": "2027-01-15",
            "rank": 1,
        },
        "line": {"title": "Trace the data", "criteria": ["data.lineage"], "after": ["cata"], "rank": 2},
        "alert": {"title": "Alert people", "criteria": ["monitor.alerting"], "status": "blocked", "rank": 3},
    },
}


def opened(page: Page, app: App, name: str) -> Page:
    """Open a plan and wait until it can be changed."""
    page.goto(f"{app.url}plan/{name}")
    expect(page.get_by_role("button", name="Add an item")).to_be_visible()
    return page


def item(page: Page, name: str) -> Locator:
    """Find an item on the page."""
    return page.locator(f'[data-id="{name}"]')


def saved(page: Page) -> None:
    """Wait until the page says that everything is saved."""
    expect(page.locator(".top .status")).to_contain_text("Saved ")


def titles(page: Page) -> list[str]:
    """List the titles of the items as they stand on the page."""
    return page.locator(".items .title").all_text_contents()


def kept(app: App, name: str) -> dict[str, PlanItem]:
    """Give the items in the store, in the order of the plan."""
    with closing(Store(app.store)) as store:
        return dict(store.load(name).plan.ordered())


def test_suggest_and_add_by_mouse(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """A plan is suggested, and an item added with everything an item can have, by clicking; the store has all of it."""
    name = assessment(app, targets={"overall": 1})
    opened(page, app, name)
    page.get_by_role("button", name="Suggest a plan").click()
    expect(page.locator(".top")).to_contain_text(" items added.")
    count = page.locator(".items .item").count()
    assert count == len(kept(app, name)) > 2
    page.get_by_role("button", name="Add an item").click()
    expect(page.get_by_label("Title")).to_be_focused()
    page.get_by_label("Title").fill("Meet the platform team")
    page.get_by_label("Owner", exact=True).fill("Ben")
    page.get_by_label("Effort, person-weeks").fill("1,5")
    page.get_by_label("Start", exact=True).fill("2027-02-01")
    page.get_by_label("Due").fill("2027-02-12")
    page.get_by_label("Status").select_option("Blocked")
    page.get_by_label("What stands in its way").fill("no date yet")
    page.get_by_label("Criteria met once it is done").select_option("data.feature-store")
    page.get_by_label("After").select_option(index=1)
    page.get_by_role("button", name="Close").click()
    saved(page)
    *_, (new, made) = kept(app, name).items()
    first = next(iter(kept(app, name)))
    assert made.model_copy(update={"rank": 0}) == PlanItem(
        title="Meet the platform team",
        owner="Ben",
        effort=1.5,
        start="2027-02-01",
        due="2027-02-12",
        status="blocked",
        blocker="no date yet",
        criteria=("data.feature-store",),
        after=(first,),
    )
    expect(item(page, new)).to_contain_text("Blocked · Ben · 1.5 wk · 1 Feb – 12 Feb 2027 · ")
    expect(item(page, new)).to_contain_text("no date yet")
    expect(item(page, new).locator(".span")).to_be_visible()


def test_move_tick_drop_by_mouse(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Items are moved, ticked, unticked by Undo, dropped and put back, by clicking; a reload shows the same."""
    name = assessment(app, plan=PLAN, targets={"overall": 1})
    opened(page, app, name)
    item(page, "alert").get_by_role("button", name="Move up").click()
    saved(page)
    assert list(kept(app, name)) == ["cata", "alert", "line"]
    assert titles(page) == ["Fill the catalogue", "Alert people", "Trace the data"]
    item(page, "cata").get_by_role("checkbox").check()
    expect(page.locator(".said.done")).to_contain_text("1 of 3 done: Level ")
    saved(page)
    page.get_by_role("button", name="Undo").click()
    expect(item(page, "cata").get_by_role("checkbox")).not_to_be_checked()
    expect(page.locator(".said.done")).to_have_text("0 of 3 done")
    item(page, "cata").get_by_role("checkbox").check()
    expect(page.locator(".said.done")).to_contain_text("1 of 3 done: Level ")
    item(page, "line").locator(".title").click()
    item(page, "line").get_by_role("button", name="Drop").click()
    expect(item(page, "line")).to_have_count(0)
    page.get_by_text("Dropped, 1").click()
    page.get_by_role("button", name="Put back: Trace the data").click()
    expect(item(page, "line").locator(".title")).to_be_focused()
    saved(page)
    page.reload()
    expect(page.locator(".items .item")).to_have_count(3)
    expect(item(page, "cata").get_by_role("checkbox")).to_be_checked()
    with closing(Store(app.store)) as store:
        plan = store.load(name)
    assert {each.status for each in plan.plan.items.values()} == {"done", "planned", "blocked"}
    level = forecast(load_rubric("mlops-levels"), plan).level
    expect(page.locator(".said.then")).to_contain_text(f"When this plan is done: Level {level}")


def test_what_is_next(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """What is due first of what is left stands beside the level, with who and when, and leads to its item."""
    name = assessment(app, plan=PLAN)
    opened(page, app, name)
    expect(page.locator(".said.next")).to_have_text("NextFill the catalogueAna · by 15 Jan 2027")
    page.locator(".said.next button").click()
    expect(item(page, "cata").locator(".title")).to_be_focused()
    item(page, "cata").get_by_role("checkbox").check()
    expect(page.locator(".said.next")).to_have_text("NextTrace the datanobody yet")
    for each in ("line", "alert"):
        item(page, each).get_by_role("checkbox").check()
    expect(page.locator(".said.next")).to_be_hidden()
    expect(page.locator(".said.done")).to_contain_text("All that was planned is done.")


def test_what_rests_on_a_dropped_item(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """An item that was to come after one that is dropped says so, until it waits for it no more."""
    name = assessment(app, plan=PLAN)
    opened(page, app, name)
    expect(item(page, "line")).to_contain_text("after “Fill the catalogue”")
    item(page, "cata").locator(".title").click()
    item(page, "cata").get_by_role("button", name="Drop").click()
    expect(item(page, "line")).to_contain_text("was to come after “Fill the catalogue”, which is dropped")
    item(page, "line").locator(".title").click()
    expect(item(page, "line").locator(".chosen").last).to_contain_text("Fill the catalogue (dropped)")
    item(page, "line").get_by_role("button", name="Do not wait for: Fill the catalogue").click()
    expect(item(page, "line").locator(".facts")).not_to_contain_text("Fill the catalogue")
    saved(page)
    assert kept(app, name)["line"].after == ()


def test_a_suggestion_waits_for_its_targets(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """A target still on its way when a plan is asked for counts in it."""
    name = assessment(app)
    opened(page, app, name)
    page.evaluate("""
        const select = document.querySelector('[aria-label="Target of The whole"]');
        for (const level of ["0", "1", "2"]) {
          select.value = level;
          select.dispatchEvent(new Event("change"));
        }
        document.querySelector(".top button").click();
    """)
    expect(page.locator(".top")).to_contain_text(" items added.")
    expect(page.locator(".said.then")).to_have_text("When this plan is done: Level 2")


def test_undo_by_its_key(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Ctrl and Z undo the last step wherever no text is written, and the focus is never lost."""
    name = assessment(app, plan=PLAN)
    opened(page, app, name)
    item(page, "cata").get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    expect(item(page, "cata").get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("Control+z")
    expect(item(page, "cata").get_by_role("checkbox")).not_to_be_checked()
    expect(item(page, "cata").get_by_role("checkbox")).to_be_focused()
    page.get_by_role("button", name="Add an item").click()
    page.keyboard.press("Escape")
    expect(page.locator(".items .item")).to_have_count(4)
    page.keyboard.press("Control+z")
    expect(page.locator(".items .item")).to_have_count(3)
    expect(page.get_by_role("button", name="Add an item")).to_be_focused()


def test_forced_colours_show_the_days(
    visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str]
) -> None:
    """Where the system chooses the colours, today and the months are still drawn, in the system's colours."""
    page = visitor(forced_colors="active").new_page()
    name = assessment(app, plan={"items": {"aaaa": {"title": "A", "start": "2020-01-01", "due": "2199-12-31"}}})
    opened(page, app, name)
    track = "getComputedStyle(document.querySelector('.items .track'))"
    assert page.evaluate(f"{track}.forcedColorAdjust") == "none"
    assert page.evaluate(f"{track}.backgroundSize").startswith("3px 100%, 1px 100%")


def test_a_plan_by_keyboard_alone(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Tab, Enter, Space, Escape and Alt with arrows do everything, and the focus is never lost."""
    name = assessment(app, plan=PLAN)
    listened_to(opened(page, app, name))
    item(page, "cata").locator(".title").focus()
    page.keyboard.press("Alt+ArrowDown")
    heard(page, "Fill the catalogue is now number 2 of 3.")
    expect(item(page, "cata").locator(".title")).to_be_focused()
    assert titles(page) == ["Trace the data", "Fill the catalogue", "Alert people"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(item(page, "cata").get_by_label("Title")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" of data")
    page.keyboard.press("Escape")
    expect(item(page, "cata").locator(".title")).to_be_focused()
    saved(page)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(item(page, "cata").get_by_role("checkbox")).to_be_checked()
    expect(page.locator(".said.done")).to_contain_text("1 of 3 done: Level ")
    expect(item(page, "cata").get_by_role("checkbox")).to_be_focused()
    item(page, "alert").locator(".title").focus()
    page.keyboard.press("Enter")
    item(page, "alert").get_by_role("button", name="Drop").focus()
    page.keyboard.press("Enter")
    expect(item(page, "cata").locator(".title")).to_be_focused()
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    heard(page, "Undone: Alert people")
    expect(item(page, "alert")).to_be_visible()
    saved(page)
    standing = kept(app, name)
    assert [each.title for each in standing.values()] == [
        "Trace the data",
        "Fill the catalogue of data",
        "Alert people",
    ]
    assert (standing["cata"].status, standing["alert"].status) == ("done", "blocked")


def test_items_without_an_order(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Where no item has a place yet, the first move gives one to each, and one step back undoes it."""
    items = {name: {"title": name} for name in ("aaaa", "bbbb", "cccc")}
    name = assessment(app, plan={"items": items})
    opened(page, app, name)
    item(page, "cccc").get_by_role("button", name="Move up").click()
    saved(page)
    assert list(kept(app, name)) == titles(page) == ["aaaa", "cccc", "bbbb"]
    page.get_by_role("button", name="Undo").click()
    saved(page)
    assert list(kept(app, name)) == titles(page) == ["aaaa", "bbbb", "cccc"]


def test_arrows_pass_before_they_choose(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Arrows on a closed list look at what there is; Enter or going on takes what is shown, Escape takes nothing."""
    name = assessment(app, plan=PLAN)
    opened(page, app, name)
    item(page, "alert").locator(".title").click()
    criteria = item(page, "alert").get_by_label("Criteria met once it is done")
    after = item(page, "alert").get_by_label("After")
    criteria.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    third = criteria.input_value()
    expect(item(page, "alert").get_by_role("button", name="Unlink: ")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(item(page, "alert").get_by_role("button", name="Unlink: ")).to_have_count(2)
    expect(criteria).to_be_focused()
    expect(criteria).to_have_value("")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(after).to_have_value("line")
    page.keyboard.press("Tab")
    expect(item(page, "alert").get_by_role("button", name="Do not wait for: Trace the data")).to_be_visible()
    expect(item(page, "alert").get_by_label("Note")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(item(page, "alert").locator(".title")).to_be_focused()
    saved(page)
    made = kept(app, name)["alert"]
    assert (made.criteria, made.after) == (("monitor.alerting", third), ("line",))


@pytest.mark.parametrize("days", [{}, {"start": "2027-01-04", "due": "2027-01-15"}])
def test_arrows_stand_at_the_end(page: Page, app: App, assessment: Callable[..., str], days: dict[str, str]) -> None:
    """What moves an item stands at the end of its line, with a time line before it and without."""
    opened(page, app, assessment(app, plan={"items": {"aaaa": {"title": "A", **days}}}))
    right = "(selector) => document.querySelector(selector).getBoundingClientRect().right"
    assert abs(page.evaluate(right, ".items .item") - page.evaluate(right, ".item .move")) < 8


def test_what_moves_stays_in_sight(
    visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str]
) -> None:
    """An item that is moved by keyboard beyond the edge of the screen is followed."""
    page = visitor(viewport={"width": 360, "height": 740}).new_page()
    items = {f"item{number}": {"title": f"Item {number}", "rank": number} for number in range(1, 9)}
    opened(page, app, assessment(app, plan={"items": items}))
    item(page, "item8").locator(".title").focus()
    for _ in range(7):
        page.keyboard.press("Alt+ArrowUp")
        expect(item(page, "item8").locator(".title")).to_be_in_viewport(ratio=1)
    expect(item(page, "item8").locator(".title")).to_be_focused()
    assert titles(page)[0] == "Item 8"


def test_a_target_of_level_zero(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Zero is a level: a target of it is kept, and shown again."""
    name = assessment(app)
    opened(page, app, name)
    page.get_by_label("Target of Monitoring and alerting").select_option("0")
    saved(page)
    with closing(Store(app.store)) as store:
        assert store.load(name).targets == {"monitoring": 0}
    page.reload()
    expect(page.get_by_label("Target of Monitoring and alerting")).to_have_value("0")
    page.get_by_label("Target of Monitoring and alerting").select_option("–")
    saved(page)
    with closing(Store(app.store)) as store:
        assert store.load(name).targets == {}


def test_metrics_by_keyboard(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """A metric is named where it is taken out, and a reload gives the focus back to where one typed."""
    name = assessment(app, plan={"metrics": [{"name": "Time to deploy"}]})
    opened(page, app, name)
    page.locator(".money summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add a metric").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Failed deploys")
    expect(page.get_by_role("button", name="Remove the metric Failed deploys")).to_be_visible()
    saved(page)
    page.reload()
    expect(page.get_by_label("Metric", exact=True).nth(1)).to_be_focused()
    page.keyboard.type(" a month")
    page.get_by_role("button", name="Remove the metric Time to deploy").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Add a metric")).to_be_focused()
    saved(page)
    with closing(Store(app.store)) as store:
        assert [metric.name for metric in store.load(name).plan.metrics] == ["Failed deploys a month"]


def test_steps_to_pick_from(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """A step is added with its criterion and effort, leaves the list, and the next one has the focus."""
    name = assessment(app, targets={"overall": 2})
    opened(page, app, name)
    steps = page.locator(".steps li")
    first, second = steps.nth(0).get_attribute("data-step"), steps.nth(1).get_attribute("data-step")
    steps.nth(0).get_by_role("textbox").fill("7")
    expect(page.locator(f'[data-step="{first}"] input')).to_be_focused()
    page.locator(f'[data-step="{first}"] input').fill("0,2")
    saved(page)
    page.locator(f'[data-step="{first}"] button').focus()
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-step="{first}"]')).to_have_count(0)
    expect(page.locator(f'[data-step="{second}"] button')).to_have_count(1)
    expect(page.locator(".steps li button:focus")).to_have_count(1)
    saved(page)
    ((_, made),) = kept(app, name).items()
    assert (made.criteria, made.effort) == ((first,), 0.2)
    page.get_by_label("Order").select_option("by Open SAMMY priority")
    expect(steps.nth(0)).to_contain_text(" priority")


def test_targets_and_single_fields(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Targets, their day, owner, start, capacity, metrics and budget are kept, and shown again after a reload."""
    name = assessment(app)
    opened(page, app, name)
    page.get_by_label("Target of The whole").select_option("2")
    page.get_by_label("Target of Monitoring and alerting").select_option("3")
    page.get_by_label("Reached by").fill("2027-06-30")
    page.get_by_label("Owner of the plan").fill("Ana")
    page.get_by_label("Start of the plan").fill("2027-01-04")
    page.get_by_label("Capacity, people at a time").fill("1.5")
    page.get_by_text("Success metrics and budget").click()
    page.get_by_role("button", name="Add a metric").click()
    expect(page.get_by_label("Metric", exact=True)).to_be_focused()
    page.keyboard.type("Time to deploy")
    page.get_by_label("Now", exact=True).fill("2 weeks")
    page.get_by_label("Tools").fill("none")
    page.get_by_label("Tools").blur()
    saved(page)
    with closing(Store(app.store)) as store:
        found = store.load(name)
    assert found.targets == {"overall": 2, "monitoring": 3}
    assert found.targets_by == "2027-06-30"
    assert (found.plan.owner, found.plan.start, found.plan.capacity) == ("Ana", "2027-01-04", 1.5)
    assert [(metric.name, metric.current) for metric in found.plan.metrics] == [("Time to deploy", "2 weeks")]
    assert found.plan.budget.tools == "none"
    page.reload()
    expect(page.get_by_label("Target of The whole")).to_have_value("2")
    expect(page.get_by_label("Capacity, people at a time")).to_have_value("1.5")
    page.get_by_text("Success metrics and budget").click()
    expect(page.get_by_label("Metric", exact=True)).to_have_value("Time to deploy")
    page.get_by_label("Target of The whole").select_option("–")
    saved(page)
    with closing(Store(app.store)) as store:
        assert store.load(name).targets == {"monitoring": 3}


def test_two_people_see_each_other(
    visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str]
) -> None:
    """What one plans the other sees, without losing what is being typed."""
    name = assessment(app, plan=PLAN)
    one, two = opened(visitor().new_page(), app, name), opened(visitor().new_page(), app, name)
    item(two, "line").locator(".title").click()
    note = item(two, "line").get_by_label("Note")
    note.press_sequentially("half a ")
    item(one, "cata").get_by_role("checkbox").check()
    expect(item(two, "cata").get_by_role("checkbox")).to_be_checked()
    item(one, "cata").get_by_role("button", name="Move down").click()
    expect(two.locator(".items .title").first).to_have_text("Trace the data")
    note.press_sequentially("sentence")
    expect(note).to_have_value("half a sentence")
    two.keyboard.press("Escape")
    saved(two)
    expect(one.locator(".items .title").first).to_have_text("Trace the data")
    assert kept(app, name)["line"].note == "half a sentence"
    one.get_by_label("Target of The whole").select_option("3")
    expect(two.get_by_label("Target of The whole")).to_have_value("3")


def test_two_change_one_item(visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str]) -> None:
    """Changes of different fields both stand; where two change the same field, the second is asked which counts."""
    name = assessment(app, plan=PLAN)
    page = opened(visitor().new_page(), app, name)
    with closing(Store(app.store)) as store:
        base = store.items(name)["cata"]
        assert base.item is not None
        theirs = base.item.model_copy(update={"owner": "Ben"})
        with on_its_way(page):
            item(page, "cata").get_by_role("checkbox").check()
            store.save_item(name, "cata", theirs, base=base.seq, who="Ben")
        expect(item(page, "cata")).to_contain_text("Done · Ben")
        saved(page)
        assert kept(app, name)["cata"] == theirs.model_copy(update={"status": "done"})
    item(page, "cata").locator(".title").click()
    box = item(page, "cata").get_by_label("Owner", exact=True)
    box.focus()
    with closing(Store(app.store)) as store:
        newest = store.items(name)["cata"]
        store.save_item(name, "cata", theirs.model_copy(update={"owner": "Cleo"}), base=newest.seq, who="Ben")
    box.fill("Ana")
    alert = page.locator(".alerts .alert")
    expect(alert).to_contain_text("Ben changed “Fill the catalogue” in the meantime.")
    expect(alert).to_contain_text("Owner: theirs “Cleo”, yours “Ana”")
    expect(page.locator(".top .act")).to_have_text("1 to settle")
    assert kept(app, name)["cata"].owner == "Cleo"
    assert violations(page) == []
    expect(box).to_have_value("Cleo")
    item(page, "cata").get_by_label("Note").fill("meanwhile")
    saved(page)
    expect(alert).to_have_count(1)
    alert.get_by_role("button", name="Use mine").click()
    expect(alert).to_have_count(0)
    saved(page)
    standing = kept(app, name)["cata"]
    assert (standing.owner, standing.note, standing.status) == ("Ana", "meanwhile", "planned")


def test_a_target_changed_by_two(
    visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str]
) -> None:
    """A field outside the items that somebody else has changed in the same moment is asked about as well."""
    name = assessment(app)
    page = opened(visitor().new_page(), app, name)
    with on_its_way(page), closing(Store(app.store)) as store:
        page.get_by_label("Target of The whole").select_option("1")
        store.update(name, targets={"overall": 3})
    alert = page.locator(".alerts .alert")
    expect(alert).to_contain_text("Target of The whole: theirs “3”, yours “1”")
    alert.get_by_role("button", name="Keep theirs").click()
    expect(page.get_by_label("Target of The whole")).to_have_value("3")
    with closing(Store(app.store)) as store:
        assert store.load(name).targets == {"overall": 3}


def test_killed_and_started_again(page: Page, own_app: Callable[..., App], assessment: Callable[..., str]) -> None:
    """Killed in the middle and started again, the page comes back by itself with all that was typed."""
    app = own_app("--no-warm")
    name = assessment(app, plan=PLAN)
    opened(page, app, name)
    item(page, "line").locator(".title").click()
    app.kill()
    item(page, "line").get_by_label("Owner", exact=True).press_sequentially("Cleo")
    item(page, "cata").get_by_role("checkbox").check()
    page.get_by_label("Target of The whole").select_option("2")
    page.get_by_role("button", name="Add an item").click()
    page.locator(".item.open").get_by_label("Title").fill("While the server was down")
    expect(page.locator("#page-notice")).to_contain_text("The server cannot be reached.")
    expect(page.locator(".top .status")).to_contain_text("Not saved.")
    app.start()
    expect(page.locator("#page-notice")).to_be_hidden()
    expect(page.locator(".items .item")).to_have_count(4)
    saved(page)
    standing = kept(app, name)
    assert (standing["line"].owner, standing["cata"].status) == ("Cleo", "done")
    assert [each.title for each in standing.values()][-1] == "While the server was down"
    with closing(Store(app.store)) as store:
        assert store.load(name).targets == {"overall": 2}
    left = "Object.keys(localStorage).filter((name) => name.startsWith('mlops-widgets-plan:'))"
    assert page.evaluate(left) == []
    # The page was loaded anew, and one goes on writing where one was.
    title = page.locator(".item.open").get_by_label("Title")
    expect(title).to_be_focused()
    page.keyboard.type(", and after it")
    expect(title).to_have_value("While the server was down, and after it")


def test_typed_and_left_at_once(
    page: Page, visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str]
) -> None:
    """What was typed a moment before another page is opened is kept, for everybody."""
    name = assessment(app, plan=PLAN)
    opened(page, app, name)
    item(page, "line").locator(".title").click()
    item(page, "line").get_by_label("Note").press_sequentially("ask Ana")
    page.get_by_role("link", name="Assess").click()
    page.wait_for_url("**/assess/*")
    other = opened(visitor().new_page(), app, name)
    item(other, "line").locator(".title").click()
    expect(item(other, "line").get_by_label("Note")).to_have_value("ask Ana")
    page.get_by_role("link", name="Plan").click()
    expect(item(page, "line")).to_be_visible()


LONG = "Averylongwordthatdoesnotbreakanywhere" * 5


@pytest.mark.parametrize(
    ("rubric", "data"),
    [
        ("mlops-levels", {}),
        ("mlops-levels", {"plan": PLAN, "targets": {"overall": 2}, "targets_by": "2027-01-10"}),
        (
            "mlops-questionnaire",
            {"plan": {"items": {"word": {"title": LONG[:200], "owner": LONG, "blocker": LONG, "status": "blocked"}}}},
        ),
        ("ml-test-score", {}),
    ],
    ids=["empty", "full", "long", "another"],
)
def test_everybody_can_use_the_plan(
    page: Page, app: App, assessment: Callable[..., str], rubric: str, data: dict[str, object]
) -> None:
    """axe-core finds nothing, empty or full, with an item open, wide and narrow, light and dark; nothing is cut off."""
    opened(page, app, assessment(app, rubric, **data))
    for title in page.locator(".items .title").all()[:1]:
        title.click()
    page.get_by_text("Success metrics and budget").click()
    page.get_by_role("button", name="Add a metric").click()
    assert faults(page) == []


def test_one_view_on_a_laptop(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Where the plan leads, targets and a plan of eight items are seen without scrolling."""
    items = {f"item{number}": {"title": f"Item {number}", "start": "2027-01-04", "rank": number} for number in range(8)}
    opened(page, app, assessment(app, plan={"items": items}))
    for place in (".said.then", ".aims", ".item:last-child"):
        box = page.locator(place).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 900


def test_script_in_every_text_is_shown_as_text(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """What looks like HTML in any text of a plan is text on the page, and nothing runs."""
    hostile: dict[str, Any] = {
        "title": HOSTILE,
        "owner": HOSTILE,
        "blocker": HOSTILE,
        "note": HOSTILE,
        "status": "blocked",
    }
    plan = {
        "owner": HOSTILE,
        "metrics": [{"name": HOSTILE}],
        "budget": {"tools": HOSTILE},
        "items": {
            "evil": hostile,
            "next": {"title": "Next", "after": ["evil"]},
            "gone": {**hostile, "status": "dropped"},
        },
    }
    name = assessment(app, plan=plan)
    opened(page, app, name)
    expect(item(page, "evil").locator(".title")).to_have_text(HOSTILE)
    expect(item(page, "evil")).to_contain_text(f"Blocked · {HOSTILE} · ")
    expect(item(page, "next")).to_contain_text(f"after “{HOSTILE[:40]}")
    item(page, "evil").locator(".title").click()
    expect(item(page, "evil").get_by_label("Owner", exact=True)).to_have_value(HOSTILE)
    item(page, "next").locator(".title").click()
    expect(item(page, "next").locator(".chosen").last).to_contain_text(HOSTILE)
    page.get_by_text("Dropped, 1").click()
    with closing(Store(app.store)) as store:
        base = store.items(name)["next"]
        with on_its_way(page):
            item(page, "next").get_by_label("Title").fill("Mine")
            store.save_item(name, "next", PlanItem(title=HOSTILE, owner=HOSTILE), base=base.seq, who=HOSTILE)
        expect(page.locator(".alerts .alert")).to_contain_text(f"{HOSTILE} changed “Mine” in the meantime.")
    assert page.evaluate("window.hacked") is None


def test_a_forged_edit_is_refused_and_told(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """A message no honest page would send changes nothing, and the page shows why."""
    name = assessment(app, plan=PLAN)
    forged = {"content": {"title": "A", "criteria": ["no.such"]}}
    page.add_init_script(
        """
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (text) {
          const message = JSON.parse(text);
          const outbox = message.content?.data?.state?.outbox;
          if (outbox?.length) message.content.data.state.outbox = [{ ...outbox[0], ...FORGED }];
          return send.call(this, JSON.stringify(message));
        };
        """.replace("FORGED", json.dumps(forged))
    )
    opened(page, app, name)
    item(page, "cata").get_by_role("checkbox").click()  # not `check`, which would want it to stay so
    expect(item(page, "cata")).to_contain_text("Not accepted: 'no.such' is no criterion of mlops-levels")
    expect(item(page, "cata").get_by_role("checkbox")).not_to_be_checked()
    assert kept(app, name)["cata"].status == "planned"


def test_what_cannot_be_is_told_beside_the_item(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """A due day before the start and items that wait for each other are refused in a sentence; numbers are checked."""
    name = assessment(app, plan=PLAN)
    opened(page, app, name)
    item(page, "cata").locator(".title").click()
    item(page, "cata").get_by_label("Due").fill("2027-01-01")
    item(page, "cata").get_by_label("Due").blur()
    expect(item(page, "cata")).to_contain_text("It is due on 2027-01-01, before it starts on 2027-01-04")
    item(page, "cata").get_by_label("Due").fill("2027-02-01")
    item(page, "cata").get_by_label("Due").blur()
    saved(page)
    expect(item(page, "cata").locator(".alert")).to_have_count(0)
    item(page, "cata").get_by_label("After").select_option("line")
    expect(item(page, "cata")).to_contain_text("These wait for each other, so that none can begin")
    item(page, "cata").get_by_label("Effort, person-weeks").fill("many")
    expect(item(page, "cata").get_by_label("Effort, person-weeks")).to_have_attribute("aria-invalid", "true")
    standing = kept(app, name)["cata"]
    assert (standing.due, standing.after, standing.effort) == ("2027-02-01", (), 2)
