"""The form in a real browser: by mouse, by keyboard, by two people at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser.moments import heard, listened_to, on_its_way
from mlops_widgets.assessment import Answer
from mlops_widgets.library import load_rubric
from mlops_widgets.scoring import score
from mlops_widgets.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Locator, Page

    from browser.app import App


def opened(page: Page, app: App, name: str) -> Page:
    """Open an assessment and wait until it can be answered."""
    page.goto(f"{app.url}assess/{name}")
    expect(page.locator(".section:visible .criterion").first).to_be_visible()
    return page


def question(page: Page, criterion: str) -> Locator:
    """Find a criterion on the page."""
    return page.locator(f'[data-id="{criterion}"]')


def choose(page: Page, criterion: str, value: str) -> None:
    """Answer by mouse, as a person does: click on the label."""
    question(page, criterion).locator(f'.options label:has(input[value="{value}"])').click()


def saved(page: Page) -> None:
    """Wait until the form says that everything is saved."""
    expect(page.locator(".status")).to_contain_text("Saved ")


def tool(page: Page, name: str) -> Locator:
    """Find a button of the form's own bar."""
    return page.locator(".tools button", has_text=name)


def test_a_whole_rubric_by_mouse(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Every question answered by clicking gives the score the engine gives, and a reload shows the same."""
    rubric = load_rubric("mlops-levels")
    name = assessment(app)
    opened(page, app, name)
    values = ["yes", "partly", "no", "yes", "yes"]
    given = {criterion: values[index % len(values)] for index, criterion in enumerate(rubric.criteria)}
    for section in rubric.sections:
        page.locator(".sections li button", has_text=section.title).click()
        for criterion in section.criteria:
            choose(page, criterion.id, given[criterion.id])
    expect(tool(page, "Unanswered")).to_have_text("Unanswered 0")
    saved(page)
    result = score(rubric, given)
    assert result.overall.next is not None
    expect(page.locator(".result .level strong")).to_have_text(f"Level {result.level}")
    expect(tool(page, "Blocking")).to_have_text(f"Blocking {len(result.overall.next.blocking)}")
    kept = Store(app.store).load(name)
    assert {criterion: answer.value for criterion, answer in kept.answers.items()} == given
    page.reload()
    expect(page.locator(".result .level strong")).to_have_text(f"Level {result.level}")
    expect(tool(page, "Unanswered")).to_have_text("Unanswered 0")


def test_a_whole_rubric_by_keyboard_alone(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Tab, n, space and arrows answer every question, without a mouse."""
    rubric = load_rubric("mlops-questionnaire")
    name = assessment(app, "mlops-questionnaire")
    opened(page, app, name)
    for _ in rubric.criteria:
        page.keyboard.press("n")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        focused = page.evaluate("document.activeElement.closest('[data-id]').dataset.id")
        expect(question(page, focused).locator('input[value="2"]')).to_be_checked()
        saved(page)
    expect(tool(page, "Unanswered")).to_have_text("Unanswered 0")
    expect(page.get_by_role("button", name="Everything is answered")).to_be_disabled()
    expect(page.locator(".result .level strong")).to_have_text("Level 2")
    saved(page)
    answers = Store(app.store).load(name).answers
    assert [answers[criterion].value for criterion in rubric.criteria] == ["2"] * len(rubric.criteria)


def test_an_answer_keeps_focus_scroll_and_a_half_typed_note(
    page: Page, app: App, assessment: Callable[..., str]
) -> None:
    """A score that arrives while a note is being typed changes nothing under the fingers."""
    opened(page, app, assessment(app))
    question(page, "data.catalog").get_by_role("button", name="Details").click()
    note = question(page, "data.catalog").get_by_role("textbox", name="Note", exact=True)
    note.press_sequentially("first half, ")
    page.evaluate("window.kept = document.activeElement")
    choose(page, "data.central-storage", "yes")
    expect(page.locator(".result")).to_contain_text("4 % of level 1")
    note.focus()
    note.press_sequentially("second half")
    expect(note).to_have_value("first half, second half")
    assert page.evaluate("window.kept === document.activeElement")
    saved(page)


def test_choosing_moves_no_answer(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """A tick and bold letters have their room from the start: an answer never slides away under the pointer."""
    opened(page, app, assessment(app))
    answers = question(page, "data.catalog").locator(".options label").all()
    before = [answer.bounding_box() for answer in answers]
    choose(page, "data.catalog", "partly")
    expect(question(page, "data.catalog").locator('input[value="partly"]')).to_be_checked()
    assert [answer.bounding_box() for answer in answers] == before


@pytest.mark.parametrize("rubric", ["mlops-milestone", "ml-test-score"])
@pytest.mark.parametrize("width", [1280, 1000, 360])
def test_long_answers_have_room(
    visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str], rubric: str, width: int
) -> None:
    """Answers of many letters leave their question its width, and none of them is cut off."""
    page = opened(visitor(viewport={"width": width, "height": 800}).new_page(), app, assessment(app, rubric))
    found = page.locator(".section:visible .question").first.evaluate(
        """question => {
          const answers = question.querySelector(".options");
          const end = node => node.getBoundingClientRect().right;
          return {
            question: question.querySelector("legend").clientWidth === question.clientWidth,
            answers: answers.scrollWidth <= answers.clientWidth && end(answers.lastElementChild) <= end(answers),
          };
        }"""
    )
    assert found == {"question": True, "answers": True}


def test_what_is_heard(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """A tick is not read aloud, a question says what is the matter with it, and the level is a heading."""
    opened(page, app, assessment(app))
    choose(page, "data.catalog", "yes")
    expect(question(page, "data.catalog").locator('input[value="yes"]')).to_have_accessible_name("Yes")
    choose(page, "data.versioning", "na")
    about = question(page, "data.versioning").get_by_role("group")
    expect(about).to_have_accessible_description("Counts as open until a reason is given.")
    expect(page.get_by_role("heading", level=2, name="Level 0")).to_be_visible()


def test_letters_stay_off(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Who has switched single letters off, because a voice types them, has to do so once."""
    name = assessment(app)
    opened(page, app, name)
    page.keyboard.press("?")
    page.get_by_label("Single-letter keys are on").click()
    page.keyboard.press("Escape")
    opened(page, app, name)
    page.keyboard.press("n")
    expect(page.locator("[data-id] input:focus")).to_have_count(0)
    tool(page, "Keys").click()
    expect(page.get_by_label("Single-letter keys are on")).not_to_be_checked()
    page.get_by_label("Single-letter keys are on").click()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("[data-id] input:focus")).to_have_count(1)


def test_a_browser_that_keeps_nothing(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Where the browser forbids its storage, which throws as soon as it is named, answers are taken all the same."""
    forbidden = "{ get() { throw new DOMException('no', 'SecurityError') } }"
    page.add_init_script(
        "".join(f"Object.defineProperty(window, '{name}', {forbidden});" for name in ("localStorage", "sessionStorage"))
    )
    name = assessment(app)
    opened(page, app, name)
    choose(page, "data.catalog", "yes")
    saved(page)
    assert Store(app.store).load(name).answers["data.catalog"].value == "yes"
    page.goto(app.url)
    page.get_by_label("What is assessed?").fill("Churn model")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/assess/*")


def test_not_applicable_asks_for_a_reason(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Without a reason the question stays open; with one it leaves the count."""
    name = assessment(app)
    opened(page, app, name)
    choose(page, "data.catalog", "na")
    expect(question(page, "data.catalog")).to_contain_text("Counts as open until a reason is given.")
    question(page, "data.catalog").get_by_label("Why does this not apply?").fill("one table only")
    expect(page.locator(".sections [aria-current] .count")).to_have_text("0 / 8")
    saved(page)
    assert Store(app.store).load(name).answers["data.catalog"].reason == "one table only"


def test_search_and_filters(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """The search finds by text over all sections; a filter shows only what it names; Escape brings all back."""
    opened(page, app, assessment(app))
    page.keyboard.press("/")
    page.keyboard.type("rollback")
    expect(question(page, "deploy.automated-rollback")).to_be_visible()
    expect(question(page, "data.catalog")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(question(page, "data.catalog")).to_be_visible()
    tool(page, "Blocking").click()
    expect(question(page, "train.pipeline")).to_be_visible()
    expect(question(page, "data.feature-store")).to_be_hidden()
    page.get_by_label("Search criteria").fill("nothing has this text")
    expect(page.get_by_text("Nothing here matches.")).to_be_visible()
    page.get_by_role("button", name="Show everything").click()
    expect(question(page, "data.catalog")).to_be_visible()


def test_implied_and_contradictory_answers_say_so(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Automatic rollback counts for rollback by hand, and contradicts an explicit no; a link leads to the other."""
    opened(page, app, assessment(app))
    page.locator(".sections li button", has_text="Model deployment").click()
    choose(page, "deploy.automated-rollback", "yes")
    by_hand = question(page, "deploy.manual-rollback")
    expect(by_hand).to_contain_text("Counted as met, because")
    choose(page, "deploy.manual-rollback", "no")
    expect(by_hand).to_contain_text("Contradicts")
    expect(tool(page, "Contradictory")).to_have_text("Contradictory 2")
    by_hand.get_by_role("button", name="Contradicts").click()
    expect(question(page, "deploy.automated-rollback").locator("input:focus")).to_have_count(1)


def test_undo_takes_back_the_last_answer(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Undo restores what was there before, and the store remembers both."""
    name = assessment(app)
    opened(page, app, name)
    choose(page, "data.catalog", "yes")
    saved(page)
    choose(page, "data.catalog", "no")
    expect(page.locator(".result")).to_contain_text("0 % of level 1")
    tool(page, "Undo").click()
    expect(question(page, "data.catalog").locator('input[value="yes"]')).to_be_checked()
    expect(page.locator(".result")).to_contain_text("4 % of level 1")
    tool(page, "Undo").click()
    expect(question(page, "data.catalog").locator("input:checked")).to_have_count(0)
    expect(page.locator(".result")).to_contain_text("0 % of level 1")
    saved(page)
    values = [event.answer.value for event in Store(app.store).history(name, "data.catalog")]
    assert values == ["yes", "no", "yes", None]


def test_undo_by_its_key(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """Ctrl and Z take back the last step, not the last text wherever it was written; within a text they are its own."""
    name = assessment(app)
    opened(page, app, name)
    question(page, "data.catalog").get_by_role("button", name="Details").click()
    note = question(page, "data.catalog").get_by_role("textbox", name="Note", exact=True)
    note.press_sequentially("in the wiki")
    choose(page, "data.versioning", "yes")
    radio = question(page, "data.versioning").locator('input[value="yes"]')
    radio.focus()
    page.keyboard.press("Control+z")
    expect(radio).not_to_be_checked()
    expect(radio).to_be_focused()
    expect(note).to_have_value("in the wiki")
    saved(page)
    assert set(Store(app.store).load(name).answers) == {"data.catalog"}
    note.focus()
    page.keyboard.press("Control+z")
    expect(note).not_to_have_value("in the wiki")
    expect(note).to_be_focused()


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_lies_over_what_has_the_focus(
    visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str], width: int
) -> None:
    """Going back by Shift and Tab, each control stops below the bar that stays in view."""
    page = visitor(viewport={"width": width, "height": 740}).new_page()
    opened(page, app, assessment(app))
    question(page, "data.validation-in-ci").locator("input").first.focus()
    hidden = """() => {
      const { left, top, width, height } = document.activeElement.getBoundingClientRect();
      const over = document.elementFromPoint(left + width / 2, top + height / 2);
      return over?.closest(".top, .strip") !== document.activeElement.closest(".top, .strip");
    }"""
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        assert not page.evaluate(hidden), page.evaluate("document.activeElement.outerHTML")


def test_two_people_see_each_other(
    visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str]
) -> None:
    """Answers of two people to different questions are both kept, and each sees the other's."""
    name = assessment(app)
    one, two = opened(visitor().new_page(), app, name), opened(visitor().new_page(), app, name)
    choose(one, "data.catalog", "yes")
    choose(two, "data.versioning", "partly")
    expect(question(two, "data.catalog").locator('input[value="yes"]')).to_be_checked()
    expect(question(one, "data.versioning").locator('input[value="partly"]')).to_be_checked()
    answers = Store(app.store).load(name).answers
    values = {criterion: answer.value for criterion, answer in answers.items()}
    assert values == {"data.catalog": "yes", "data.versioning": "partly"}


def test_a_stale_tab_cannot_undo_a_newer_answer(
    visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str]
) -> None:
    """Where two answer the same question at once the first stands, and the second is asked which one counts."""
    name = assessment(app)
    page = opened(visitor().new_page(), app, name)
    store = Store(app.store)
    with on_its_way(page):
        choose(page, "data.catalog", "no")
        store.save(name, "data.catalog", Answer(value="yes"), base=None, who="Anna")
    told = question(page, "data.catalog")
    expect(told).to_contain_text("Anna answered “Yes” in the meantime; you chose “No”.")
    expect(told.locator('input[value="yes"]')).to_be_checked()
    assert store.load(name).answers["data.catalog"].value == "yes"
    told.get_by_role("button", name="Use mine").click()
    expect(told.locator('input[value="no"]')).to_be_checked()
    saved(page)
    assert store.load(name).answers["data.catalog"].value == "no"
    assert [event.answer.value for event in store.history(name, "data.catalog")] == ["yes", "no", "no"]


def test_two_people_type_one_note(
    visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str]
) -> None:
    """Who types into a box that somebody else has filled meanwhile is asked, and nothing is replaced in silence."""
    name = assessment(app)
    one, two = opened(visitor().new_page(), app, name), opened(visitor().new_page(), app, name)
    boxes = []
    for page in (one, two):
        question(page, "data.catalog").get_by_role("button", name="Details").click()
        boxes.append(question(page, "data.catalog").get_by_role("textbox", name="Note", exact=True))
    boxes[1].focus()
    boxes[0].press_sequentially("we agreed on the wiki")
    saved(one)
    boxes[1].press_sequentially("mine")
    expect(question(two, "data.catalog")).to_contain_text("Their note: we agreed on the wiki")
    expect(question(two, "data.catalog")).to_contain_text("Your note: mine")
    expect(two.locator(".tools .act")).to_have_text("1 to settle")
    assert Store(app.store).load(name).answers["data.catalog"].note == "we agreed on the wiki"


def test_undo_leaves_what_others_made_of_it(
    visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str]
) -> None:
    """Undo takes back one's own answer, never one that somebody else has given since."""
    name = assessment(app)
    one, two = opened(visitor().new_page(), app, name), opened(visitor().new_page(), app, name)
    choose(one, "data.catalog", "no")
    expect(question(two, "data.catalog").locator('input[value="no"]')).to_be_checked()
    choose(two, "data.catalog", "yes")
    expect(question(one, "data.catalog").locator('input[value="yes"]')).to_be_checked()
    listened_to(one)
    tool(one, "Undo").click()
    heard(one, "Not undone")
    assert Store(app.store).load(name).answers["data.catalog"].value == "yes"


HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'


def test_script_in_every_text_is_shown_as_text(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """What looks like HTML in a subject, name, note, link or reason is text on the form, and nothing runs."""
    name = assessment(
        app,
        subject=HOSTILE,
        answers={
            "data.catalog": {"value": "yes", "note": HOSTILE, "evidence": [HOSTILE]},
            "data.versioning": {"value": "na", "reason": HOSTILE},
        },
    )
    store = Store(app.store)
    store.save(name, "data.central-storage", Answer(value="no"), base=None, who=HOSTILE)
    opened(page, app, name)
    question(page, "data.catalog").get_by_role("button", name="note").click()
    expect(question(page, "data.catalog").get_by_role("textbox", name="Note", exact=True)).to_have_value(HOSTILE)
    expect(page.locator(".page-header")).to_contain_text("onerror")
    expect(question(page, "data.central-storage").locator(".more")).to_contain_text(
        "Details and note · <img src=x onerror"
    )
    page.goto(app.url)
    expect(page.locator(".list")).to_contain_text("onerror")
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"answer": {"value": "maybe"}}, "data.catalog: 'maybe' is not one of no, partly, yes, na"),
        ({"answer": {"value": "yes", "confidence": 99}}, "confidence: "),
        ({"answer": {"value": "yes", "extra": 1}}, "extra: is not a known key"),
        ({"answer": "yes"}, "an answer is a mapping"),
    ],
)
def test_a_forged_answer_is_refused_and_told(
    page: Page, app: App, assessment: Callable[..., str], edit: dict[str, object], message: str
) -> None:
    """A message no honest form would send changes nothing, and the form shows why."""
    name = assessment(app)
    forged = {"id": "forged", "criterion": "data.catalog", "base": None, "who": "", **edit}
    page.add_init_script(
        """
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (text) {
          const message = JSON.parse(text);
          const outbox = message.content?.data?.state?.outbox;
          if (outbox?.length) message.content.data.state.outbox = [{ ...outbox[0], ...FORGED, id: outbox[0].id }];
          return send.call(this, JSON.stringify(message));
        };
        """.replace("FORGED", json.dumps(forged))
    )
    opened(page, app, name)
    choose(page, "data.catalog", "yes")
    expect(question(page, "data.catalog")).to_contain_text(f"Not accepted: {message}")
    assert Store(app.store).load(name).answers == {}
