"""The pages around the form: start, wrong addresses, who may come in, and that all of it can be used by everybody."""

from __future__ import annotations

import contextlib
import re
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from browser.test_form import choose, opened, question, saved
from mlops_widgets.assessment import Assessment
from mlops_widgets.store import Store

if TYPE_CHECKING:
    import http.client
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

    from browser.app import App

LOOKS = [(360, 740, "dark"), (360, 740, "light"), (1280, 900, "dark"), (1280, 900, "light")]
"""Sizes and colours a page is looked at in; the last is what a visitor of the tests has."""


def violations(page: Page) -> list[str]:
    """List what axe-core finds on a page, best practices included."""
    found = Axe().run(page)
    return [f"{rule['id']}: {node['target']}" for rule in found.response["violations"] for node in rule["nodes"]]


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def faults(page: Page) -> list[str]:
    """List what would keep people from using a page as it stands: narrow and wide, dark and light."""
    found = []
    for width, height, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} {scheme} {fault}" for fault in violations(page)]
        if not fits(page):
            found.append(f"{width} {scheme} has to be scrolled sideways")
    return found


def test_begin_by_keyboard(page: Page, app: App) -> None:
    """Choose a rubric, name the subject, pick the profile and begin, by keyboard alone; the name is remembered."""
    page.goto(app.url)
    page.locator('input[value="mlops-levels"]').focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator('input[value="mlops-questionnaire"]')).to_be_checked()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.type("Churn model")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Anna")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assess/*")
    expect(page).to_have_title("Churn model: assessment")
    choose(page, "data.catalog", "yes")
    saved(page)
    name = page.url.rpartition("/")[2]
    store = Store(app.store)
    assert store.load(name).profile == ("real-time",)
    assert store.history(name, "data.catalog")[0].who == "Anna"


def test_begin_without_a_subject(page: Page, app: App) -> None:
    """Nothing is begun without a name for it; the field says so and has the focus."""
    page.goto(app.url)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Name what is assessed; the report carries this name.")).to_be_visible()
    expect(page.get_by_label("What is assessed?")).to_be_focused()


def test_a_reload_keeps_what_is_filled_in(page: Page, app: App) -> None:
    """A server that was lost costs nothing on the start page; what has begun is not offered again."""
    page.goto(app.url)
    page.get_by_role("radio", name="MLOps practice checklist").check(force=True)
    page.get_by_label("What is assessed?").fill("Fraud model")
    page.get_by_label("In batches").check()
    page.get_by_label("Your name").fill("Anna")
    page.reload()
    expect(page.get_by_role("radio", name="MLOps practice checklist")).to_be_checked()
    expect(page.get_by_label("What is assessed?")).to_have_value("Fraud model")
    expect(page.get_by_label("In batches")).to_be_checked()
    expect(page.get_by_label("Your name")).to_have_value("Anna")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/assess/*")
    page.goto(app.url)
    expect(page.get_by_label("What is assessed?")).to_have_value("")
    expect(page.get_by_label("Your name")).to_have_value("Anna")


def test_a_page_that_takes_a_while_says_so(page: Page, app: App) -> None:
    """The top of a page is sent at once; until the rest comes there is a word below it, and then no longer."""
    word = "getComputedStyle(document.querySelector('main'), '::after').content"
    page.goto(app.url)
    expect(page.get_by_role("button", name="Begin")).to_be_visible()
    assert page.evaluate(word) == "none"
    top = re.split(r"(?<=</h1>)", page.content())[0]
    page.route("**/half", lambda route: route.fulfill(body=top, content_type="text/html"))
    page.goto(app.url + "half")
    assert page.evaluate(word) == '"One moment …"'


def test_resume_and_duplicate(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """An earlier assessment opens again; a duplicate has its answers and an address of its own."""
    name = assessment(app, subject="Fraud model", answers={"data.catalog": "yes"})
    page.goto(app.url)
    page.locator(f"a.title[href$='{name}']").click()
    page.wait_for_url(f"**/assess/{name}")
    page.get_by_role("link", name="MLOps maturity").click()
    listed = page.locator(".list li", has=page.locator(f"a.title[href$='{name}']"))
    listed.get_by_role("button", name="Duplicate Fraud model with its answers").click()
    page.wait_for_url("**/assess/*")
    assert not page.url.endswith(name)
    expect(question(page, "data.catalog").locator('input[value="yes"]')).to_be_checked()


@pytest.mark.parametrize(
    "path", ["assess/nosuchthing", "assess/..%2f..%2fetc%2fpasswd", "report/UPPER", "plan/UPPER", "assess/%00"]
)
def test_wrong_ids_lead_back(page: Page, app: App, path: str) -> None:
    """A wrong id gives a page that says so, with the way back, and no traceback."""
    answer = page.goto(app.url + path)
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="There is no such assessment")).to_be_visible()
    assert "Traceback" not in page.content()
    page.get_by_role("link", name="To the start page").click()
    expect(page.get_by_role("button", name="Begin")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "nowhere",
        "voila/tree",
        "voila/files/start.ipynb",
        "voila/render/start.ipynb",
        "api/contents",
        "voila/static/voila.js",
    ],
)
def test_other_doors_are_closed(app: App, path: str) -> None:
    """What Voila serves and we do not need is not there: no listing, no files, no notebooks by name."""
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(app.url + path)
    assert error.value.code == 404
    assert "There is no such page" in error.value.read().decode()


def test_token(
    visitor: Callable[..., BrowserContext], own_app: Callable[..., App], assessment: Callable[..., str]
) -> None:
    """With a token nobody comes in without it; who gave it once stays in."""
    app = own_app("--token", "kestrel-seven", "--no-warm")
    name = assessment(app)
    stranger = visitor().new_page()
    stranger.goto(f"{app.url}assess/{name}")
    expect(stranger.locator(".criterion")).to_have_count(0)
    assert "Churn model" not in stranger.content()
    expect(stranger.get_by_role("heading", name="This server asks for a token")).to_be_visible()
    assert violations(stranger) == []
    stranger.get_by_label("Token").fill("wrong")
    stranger.keyboard.press("Enter")
    expect(stranger.get_by_role("heading", name="That was not the token.")).to_be_visible()
    stranger.get_by_label("Token").fill("kestrel-seven")
    stranger.keyboard.press("Enter")
    expect(stranger.locator(".criterion").first).to_be_visible()
    assert stranger.url == f"{app.url}assess/{name}"
    guest = visitor().new_page()
    guest.goto(f"{app.url}assess/{name}?token=kestrel-seven")
    opened(guest, app, name)


def test_nobody_waits_in_place_of_a_kernel(app: App) -> None:
    """The door at which warm kernels wait for their visitors opens for kernels of this app alone."""
    door = app.url.replace("http", "ws") + "voila/query/01234567-89ab-cdef-0123-456789abcdef"
    with pytest.raises(InvalidStatus) as error, connect(door, proxy=None):
        pass
    assert error.value.response.status_code == 404


@pytest.mark.parametrize("path", ["", "nowhere", "login", "download/nosuchthing.md", "download/a.exe", "assess/nosuch"])
def test_nothing_of_a_visitor_is_kept(app: App, path: str) -> None:
    """No browser or proxy keeps an answer, guesses its type or shows it inside another site, whatever it says."""
    with contextlib.closing(answer_of(app.url + path)) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert all("samesite=lax" in cookie.lower() for cookie in answer.headers.get_all("Set-Cookie", []))
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", ["image", "iframe", "script", "empty"])
def test_another_site_takes_no_places(app: App, kind: str) -> None:
    """A page of another site that has ours for a picture starts no kernels; a link from there is followed."""
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": kind}
    with contextlib.closing(answer_of(app.url, **foreign)) as answer:
        assert answer.status == 403
    with contextlib.closing(answer_of(app.url, **{**foreign, "Sec-Fetch-Dest": "document"})) as answer:
        assert answer.status == 200


def answer_of(address: str, **headers: str) -> http.client.HTTPResponse | urllib.error.HTTPError:
    """Ask for a page; what is refused is an answer too."""
    try:
        return urllib.request.urlopen(urllib.request.Request(address, headers=headers))
    except urllib.error.HTTPError as error:
        return error


def test_a_token_leads_to_the_page_that_was_wanted(
    visitor: Callable[..., BrowserContext], own_app: Callable[..., App], assessment: Callable[..., str]
) -> None:
    """Who is sent the link to the page for those who decide gets that one, with the token in it or asked for it."""
    app = own_app("--token", "kestrel-seven", "--no-warm")
    wanted = f"{app.url}report/{assessment(app)}?audience=executive"
    guest = visitor().new_page()
    guest.goto(f"{wanted}&token=kestrel-seven", wait_until="commit")
    assert guest.url == wanted
    expect(guest).to_have_title("Churn model: on one page")
    asked = visitor().new_page()
    asked.goto(wanted)
    asked.get_by_label("Token").fill("kestrel-seven")
    asked.keyboard.press("Enter")
    asked.wait_for_url(wanted, wait_until="commit")
    expect(asked).to_have_title("Churn model: on one page")


def test_all_that_is_sent_is_compressed(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Pages and what goes over their sockets take a fraction of their bytes: people come by telephone too."""
    opened(page, app, assessment(app))
    kernel = page.locator("[data-kernel-id]").get_attribute("data-kernel-id")
    with connect(f"{app.url.replace('http', 'ws')}api/kernels/{kernel}/channels", proxy=None) as socket:
        assert socket.response is not None
        assert socket.response.headers["Sec-WebSocket-Extensions"] == "permessage-deflate"
    request = urllib.request.Request(f"{app.url}assets/page.js", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"


def test_headers_keep_other_hosts_out(app: App) -> None:
    """The browser itself is told to load nothing from elsewhere."""
    with urllib.request.urlopen(app.url) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in policy
    assert re.search(r"\b(https?|wss?):", policy) is None


def test_everybody_can_use_the_pages(page: Page, app: App) -> None:
    """axe-core finds nothing on the start page or that of a wrong address, and nothing scrolls sideways."""
    page.goto(app.url)
    expect(page.get_by_role("button", name="Begin")).to_be_visible()
    assert faults(page) == []
    page.goto(app.url + "nowhere")
    assert faults(page) == []


def test_everybody_can_answer(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """axe-core finds nothing on a form with all kinds of answers and a question folded out."""
    opened(page, app, assessment(app))
    choose(page, "data.central-storage", "yes")
    choose(page, "data.catalog", "na")
    choose(page, "data.versioning", "partly")
    saved(page)
    question(page, "data.versioning").get_by_role("button", name="Details").click()
    assert faults(page) == []


@pytest.mark.parametrize("rubric", ["mlops-questionnaire", "mlops-milestone", "mlops-checklist"])
def test_everybody_can_answer_every_kind(page: Page, app: App, assessment: Callable[..., str], rubric: str) -> None:
    """axe-core finds nothing on the last section of the forms with other kinds of questions."""
    opened(page, app, assessment(app, rubric))
    page.locator(".sections li button").last.click()
    page.locator(".section:visible .options label").first.click()
    saved(page)
    assert faults(page) == []


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80"])
def test_a_name_that_leads_here_is_not_enough(app: App, host: str) -> None:
    """A web site that gives this machine's address for its own name does not reach the app."""
    request = urllib.request.Request(app.url, headers={"Host": host})
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request)
    error.value.close()
    assert error.value.code == 403


def test_another_loopback_address(own_app: Callable[..., App], page: Page, assessment: Callable[..., str]) -> None:
    """Kernels find the app wherever it listens."""
    app = own_app("--host", "127.0.0.2")
    page.goto(f"{app.url}assess/{assessment(app)}")
    expect(page.locator(".criterion").first).to_be_visible()


def test_reports_hold_no_places(own_app: Callable[..., App], page: Page, assessment: Callable[..., str]) -> None:
    """A report gives its kernel back as soon as it is made: more people read it than there are places."""
    app = own_app("--max-kernels", "1", "--no-warm")
    name = assessment(app, "mlops-questionnaire")
    for _ in range(2):
        page.goto(f"{app.url}report/{name}")
        expect(page.get_by_role("heading", level=1)).not_to_have_text("All places are taken")
        expect(page.get_by_role("heading", name="How this was worked out")).to_be_visible()
        expect(page.locator("[data-failed]")).to_have_count(0)


def test_an_assessment_without_its_rubric(app: App, page: Page) -> None:
    """Where the rubric is not here the page says which, instead of half a page."""
    store = Store(app.store)
    data = {"id": "orphan", "rubric": {"id": "gone", "version": "1.0"}, "subject": "X", "date": "2026-11-20"}
    store.create(Assessment.from_dict(data))
    answer = page.goto(f"{app.url}assess/orphan")
    assert answer is not None
    assert answer.status == 409
    expect(page.get_by_text("there is no rubric 'gone'")).to_be_visible()
