"""A real browser on a real app; a page that asks another host for anything, or logs an error, fails its test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright
from postgresql import PostgreSQL

from browser.app import FLAGS, App, chromium
from mlops_widgets.address import new_id
from mlops_widgets.assessment import Assessment, fitted
from mlops_widgets.library import load_rubric
from mlops_widgets.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

EXPECTED = re.compile(r"net::ERR_|Failed to load resource|WebSocket connection to")
"""What a browser logs while a server is down; the tests that take it down expect that."""

PATIENCE = 90_000
"""Milliseconds until a test gives up waiting: never met on a machine at leisure, and enough on one that is not."""

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One app for the tests that do not take it down."""
    app = App(tmp_path_factory.mktemp("app"))
    try:
        yield app.start()
    finally:
        app.stop()


@pytest.fixture
def own_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., App]]:
    """Apps of a test's own, with options, to be killed as it likes."""
    apps: list[App] = []

    def start(*options: str, store: str | None = None) -> App:
        apps.append(App(tmp_path_factory.mktemp("own"), *options, store=store))
        return apps[-1].start()

    yield start
    for app in apps:
        app.stop()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Fresh browsers: each with its own cookies and storage, watched for requests that leave the machine."""
    contexts: list[BrowserContext] = []
    strays: list[str] = []
    errors: list[str] = []

    def visit(**options: object) -> BrowserContext:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.on(
            "request",
            lambda request: (
                strays.append(request.url)
                if urlsplit(request.url).scheme not in ("data", "blob", "file")
                and not str(urlsplit(request.url).hostname).startswith("127.0.0.")
                else None
            ),
        )
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on(
            "console",
            lambda message: (
                errors.append(message.text) if message.type == "error" and not EXPECTED.search(message.text) else None
            ),
        )
        return context

    yield visit
    for context in contexts:
        context.close()
    assert strays == []
    assert errors == []


@pytest.fixture
def page(visitor: Callable[..., BrowserContext]) -> Page:
    """A page in a fresh browser, as wide as a laptop."""
    return visitor().new_page()


@pytest.fixture
def postgresql() -> Iterator[PostgreSQL]:
    """A database server of a test's own, to be stopped as it likes."""
    server = PostgreSQL()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def assessment() -> Callable[..., str]:
    """Make assessments in an app's store; gives their ids."""

    def make(app: App, rubric: str = "mlops-levels", **data: object) -> str:
        found = load_rubric(rubric)
        made = Assessment.from_dict(
            {
                "id": new_id(),
                "rubric": {"id": found.id, "version": found.version},
                "subject": "Churn model",
                "date": "2026-11-20",
                **data,
            }
        )
        store = Store(app.store)
        store.create(fitted(made, found))
        store.close()
        return made.id

    return make
