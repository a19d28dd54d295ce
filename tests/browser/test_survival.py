"""What happens when things break: the server killed, the network gone, the store full, the page left alone."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from browser.test_form import choose, opened, question, saved
from mlops_widgets.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page, Route, WebSocketRoute
    from postgresql import PostgreSQL

    from browser.app import App


KEPT = """
Object.entries(localStorage).filter(([key]) => key.startsWith("mlops-widgets:")).map(([, value]) => value)
"""
"""What the browser keeps of answers that are not saved."""


def test_killed_and_started_again(page: Page, own_app: Callable[..., App], assessment: Callable[..., str]) -> None:
    """Killed in the middle of an answer and started again, the page comes back by itself with all that was typed."""
    app = own_app()
    name = assessment(app)
    opened(page, app, name)
    choose(page, "data.central-storage", "yes")
    saved(page)
    question(page, "data.catalog").get_by_role("button", name="Details").click()
    app.kill()
    choose(page, "data.catalog", "partly")
    note = question(page, "data.catalog").get_by_role("textbox", name="Note", exact=True)
    note.press_sequentially("half a sen")
    expect(page.locator("#page-notice")).to_contain_text("The server cannot be reached.")
    expect(page.locator(".status")).to_contain_text("Not saved.")
    page.get_by_role("button", name="Undo").click(trial=True)  # nothing covers it
    app.start()
    expect(page.locator("#page-notice")).to_be_hidden()
    expect(question(page, "data.catalog").locator('input[value="partly"]')).to_be_checked()
    saved(page)
    answers = Store(app.store).load(name).answers
    assert answers["data.central-storage"].value == "yes"
    assert (answers["data.catalog"].value, answers["data.catalog"].note) == ("partly", "half a sen")


def test_network_gone_for_a_while(
    visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str]
) -> None:
    """Answers given while the browser is offline are sent when it is back."""
    name = assessment(app)
    context = visitor()
    page = opened(context.new_page(), app, name)
    choose(page, "data.central-storage", "yes")
    saved(page)
    context.set_offline(True)
    choose(page, "data.versioning", "yes")
    context.set_offline(False)
    saved(page)
    expect(page.locator(".sections [aria-current] .count")).to_have_text("2 / 9")
    assert set(Store(app.store).load(name).answers) == {"data.central-storage", "data.versioning"}


def test_store_that_cannot_be_written(page: Page, own_app: Callable[..., App], assessment: Callable[..., str]) -> None:
    """While the store is locked away the form says so and keeps the answer; afterwards it is saved by itself."""
    app = own_app("--no-warm")
    name = assessment(app)
    opened(page, app, name)
    path = app.store.removeprefix("sqlite:///")
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    choose(page, "data.catalog", "yes")
    expect(page.locator(".status")).to_contain_text("Not saved.")
    expect(question(page, "data.catalog").locator('input[value="yes"]')).to_be_checked()
    assert [json.loads(text)["answer"] for text in page.evaluate(KEPT)] == [{"value": "yes"}]
    lock.execute("ROLLBACK")
    lock.close()
    saved(page)
    assert Store(app.store).load(name).answers["data.catalog"].value == "yes"
    assert page.evaluate(KEPT) == []


def test_a_kernel_ends_when_its_page_closes(
    visitor: Callable[..., BrowserContext], own_app: Callable[..., App], assessment: Callable[..., str]
) -> None:
    """With room for one visitor a second is told so; when the first leaves, the second gets in."""
    app = own_app("--max-kernels", "1")
    name = assessment(app)
    first = opened(visitor().new_page(), app, name)
    second = visitor().new_page()
    answer = second.goto(f"{app.url}assess/{name}")
    assert answer is not None
    assert answer.status == 503
    expect(second.get_by_role("heading", name="All places are taken")).to_be_visible()
    expect(second.get_by_text("This server takes 1 visitors at a time.")).to_be_visible()
    first.close(run_before_unload=False)
    for _ in range(50):
        answer = second.goto(f"{app.url}assess/{name}")
        if answer is not None and answer.status == 200:
            break
    opened(second, app, name)


def test_reloading_ten_times_leaves_one_kernel(
    page: Page, own_app: Callable[..., App], assessment: Callable[..., str]
) -> None:
    """A reload gives its kernel back, so that with room for two visitors ten reloads in a row all work."""
    app = own_app("--max-kernels", "2")
    name = assessment(app)
    for _ in range(10):
        opened(page, app, name)


def test_database_that_goes_away(
    page: Page, own_app: Callable[..., App], assessment: Callable[..., str], postgresql: PostgreSQL
) -> None:
    """On PostgreSQL too: while the server is down the form keeps the answer, and saves it when it is back."""
    app = own_app("--no-warm", store=postgresql.database())
    name = assessment(app)
    opened(page, app, name)
    choose(page, "data.central-storage", "yes")
    saved(page)
    postgresql.stop()
    choose(page, "data.catalog", "partly")
    expect(page.locator(".status")).to_contain_text("Not saved.")
    postgresql.start()
    expect(page.locator(".status")).to_contain_text("Saved ")
    with closing(Store(app.store)) as store:
        answers = store.load(name).answers
    assert {key: answer.value for key, answer in answers.items()} == {
        "data.central-storage": "yes",
        "data.catalog": "partly",
    }


def test_typed_and_left_at_once(
    page: Page, visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str]
) -> None:
    """What was typed a moment before the report is opened is not lost: others see it, and it stands in the report."""
    name = assessment(app)
    opened(page, app, name)
    question(page, "data.catalog").get_by_role("button", name="Details").click()
    note = question(page, "data.catalog").get_by_role("textbox", name="Note", exact=True)
    note.press_sequentially("in the wiki")
    page.get_by_role("link", name="Report").click()
    page.wait_for_url("**/report/*")
    other = opened(visitor().new_page(), app, name)
    question(other, "data.catalog").get_by_role("button", name="note").click()
    note = question(other, "data.catalog").get_by_role("textbox", name="Note", exact=True)
    expect(note).to_have_value("in the wiki")
    page.reload()
    expect(page.locator("main")).to_contain_text("in the wiki")


def test_half_a_character_stops_nothing(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Text that was cut in the middle of an emoji is sent as well as can be, and what comes after it as it is."""
    name = assessment(app)
    opened(page, app, name)
    question(page, "data.catalog").get_by_role("button", name="Details").click()
    box = question(page, "data.catalog").get_by_role("textbox", name="Note", exact=True)
    box.evaluate("(box) => { box.value = 'cut \\ud83d'; box.dispatchEvent(new Event('input', { bubbles: true })) }")
    choose(page, "data.versioning", "yes")
    saved(page)
    answers = Store(app.store).load(name).answers
    assert answers["data.catalog"].note == "cut \ufffd"
    assert answers["data.versioning"].value == "yes"


def test_a_kernel_that_dies(page: Page, own_app: Callable[..., App], assessment: Callable[..., str]) -> None:
    """A kernel that is killed, as a machine short of memory does, costs a reload and nothing else."""
    app = own_app()
    name = assessment(app)
    opened(page, app, name)
    choose(page, "data.central-storage", "yes")
    saved(page)
    assert app.process is not None
    kernel = page.locator("[data-kernel-id]").get_attribute("data-kernel-id")
    children = Path(f"/proc/{app.process.pid}/task/{app.process.pid}/children").read_text().split()
    (its,) = (child for child in children if f"kernel-{kernel}" in Path(f"/proc/{child}/cmdline").read_text())
    os.kill(int(its), signal.SIGKILL)
    choose(page, "data.catalog", "partly")
    expect(page.locator(".status")).to_contain_text("Saved ")
    expect(page.locator(".sections [aria-current] .count")).to_have_text("2 / 9")
    answers = Store(app.store).load(name).answers
    assert set(answers) == {"data.central-storage", "data.catalog"}


def test_what_waits_for_the_line_does_not_grow(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """While the line is down an answer waits once, however often it was tried; when it is back the answer is saved."""
    name = assessment(app)
    page.clock.install()
    sent: list[str] = []
    lines: list[WebSocketRoute] = []

    def watched(line: WebSocketRoute) -> None:
        lines.append(line)
        server = line.connect_to_server()
        line.on_message(lambda message: (sent.append(str(message)), server.send(message)))

    page.route_web_socket("**/channels*", watched)
    opened(page, app, name)
    page.route("**/alive/*", lambda route: route.abort())
    lines[-1].close()
    expect(page.locator("#page-notice")).to_be_visible()
    sent.clear()
    choose(page, "data.catalog", "yes")
    page.clock.run_for(20_000)
    page.unroute("**/alive/*")
    page.clock.run_for(5_000)
    saved(page)
    edits = [json.loads(message)["content"]["data"]["state"]["outbox"] for message in sent if "data.catalog" in message]
    assert edits[0][0]["attempt"] >= 4  # the latest; those before it are not sent any more
    assert Store(app.store).load(name).answers["data.catalog"].value == "yes"


def test_a_change_before_the_whole_state(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """What somebody else changes while the page asks for its first state does not come in that state's place."""
    name = assessment(app)

    def early(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            asked = json.loads(message)["content"]
            if asked["data"].get("method") == "request_state":
                change = {"method": "update", "state": {"status": {}}}
                told = {"header": {"msg_type": "comm_msg"}, "content": {"comm_id": asked["comm_id"], "data": change}}
                line.send(json.dumps(told))
            server.send(message)

        line.on_message(pass_on)

    page.route_web_socket("**/channels*", early)
    opened(page, app, name)
    choose(page, "data.catalog", "yes")
    saved(page)


def test_what_cannot_be_read_holds_up_nothing(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Of what an earlier page left in the browser, all that can be read is sent."""
    name = assessment(app)
    page.goto(f"{app.url}nowhere")
    edit = {"id": "b", "criterion": "data.catalog", "answer": {"value": "yes"}, "base": None, "who": "Anna"}
    page.evaluate(
        "([prefix, edit]) => { localStorage.setItem(prefix + 'a', '{half'); localStorage.setItem(prefix + 'b', edit) }",
        [f"mlops-widgets:{name}:", json.dumps(edit)],
    )
    opened(page, app, name)
    saved(page)
    assert Store(app.store).load(name).answers["data.catalog"].value == "yes"


def test_a_next_page_that_takes_its_time(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """On the way to a page that is slow to answer, the page that is left does not come back for its kernel ended."""
    name = assessment(app)
    opened(page, app, name)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/report/*", hold)
    with page.expect_response(lambda answer: "/alive/" in answer.url and answer.status == 404):
        page.get_by_role("link", name="Report").click(no_wait_after=True)
    held[0].continue_()
    page.wait_for_url(f"**/report/{name}")
