"""Files in and out of the app, in a real browser: choose, review, create; download; what happens when things break."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser.test_pages import faults
from mlops_widgets.assessment import Answer, Assessment, fitted
from mlops_widgets.formats import FORMATS, PLANS, written
from mlops_widgets.library import load_rubric
from mlops_widgets.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Locator, Page

    from browser.app import App

RUBRIC = load_rubric("mlops-levels")
TEXT = {name: criterion.text for name, criterion in RUBRIC.criteria.items()}
HOSTILE = "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script>"

CHECKLIST = f"""# MLOps maturity of the fraud model

## Data management
- [x] {TEXT["data.catalog"]}
- [ ] {TEXT["data.versioning"]}
- [~] {TEXT["data.central-storage"]}

## Team
- [x] {HOSTILE}
- [x] The coffee machine is cleaned on Fridays
"""
"""Three marks that are understood, and two that are about nothing."""

CHURN = {
    "subject": "Churn model",
    "assessor": "<script>alert(1)</script>",
    "answers": {
        "data.catalog": {"value": "yes", "note": "=HYPERLINK(1)\nand a second line", "evidence": ["docs/data.md"]},
        "data.versioning": "partly",
        "data.central-storage": {"value": "na", "reason": "no data of our own"},
        "monitor.basic-metrics": {"note": "to be asked"},
    },
}


def opened(page: Page, app: App, path: str = "import") -> Page:
    """Open the import page and wait for it."""
    page.goto(app.url + path)
    expect(page.get_by_role("heading", level=2, name="Read answers from a file")).to_be_visible()
    return page


def choose(page: Page, name: str, content: bytes | str) -> None:
    """Choose a file."""
    data = content.encode() if isinstance(content, str) else content
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "", "buffer": data})


def row(page: Page, text: str) -> Locator:
    """The row of the mark that holds a text."""
    return page.locator(".review tbody tr").filter(has_text=text)


def created(page: Page, app: App) -> Assessment:
    """Wait for the form of what was created, and give what the store has."""
    page.wait_for_url("**/assess/*")
    store = Store(app.store)
    made = store.load(page.url.rpartition("/")[2])
    store.close()
    return made


def summary(page: Page) -> Locator:
    """The sentence that says what became of the marks."""
    return page.locator(".summary")


def test_a_checklist_by_mouse(page: Page, app: App) -> None:
    """What is understood is taken, the rest is decided, and what is left out can be taken along."""
    page.goto(app.url)
    page.get_by_role("link", name="Import a file").click()
    expect(page).to_have_title("Answers from a file")
    choose(page, "fraud.md", CHECKLIST)
    expect(summary(page)).to_contain_text("3 of 5 marks taken, 0 to confirm, 2 not understood; 82 criteria")
    expect(row(page, "coffee").locator(".where")).to_contain_text("line 10")
    coffee = row(page, "coffee")
    coffee.get_by_label("Criterion, for line 10").select_option("search")
    coffee.get_by_label("Search all criteria, for line 10").fill(TEXT["data.lineage"])
    coffee.get_by_label("Search all criteria, for line 10").press("Enter")
    expect(coffee.get_by_label("Answer, for line 10")).to_have_value("yes")
    coffee.get_by_label("Answer, for line 10").select_option("partly")
    expect(coffee.locator(".chip")).to_have_text("Taken")
    row(page, "onerror").get_by_role("button", name="Leave line 9 out").click()
    expect(summary(page)).to_contain_text("4 of 5 marks taken, 0 to confirm, 0 not understood; 81 criteria")
    expect(summary(page)).to_contain_text("1 left out by you")
    page.get_by_label("What is assessed?").fill("Fraud model")
    page.get_by_role("button", name="Create the assessment").click()
    expect(page.get_by_role("heading", name="Fraud model is kept as an assessment.")).to_be_focused()
    expect(page.get_by_label("What does not become an answer: 1")).to_have_value(
        f"Marks of fraud.md that did not become answers\n\nline 9: [x] {HOSTILE}  (left out by hand)\n"
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the list").click()
    assert HOSTILE in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_role("link", name="Open the assessment").click()
    made = created(page, app)
    assert (made.subject, made.rubric.id) == ("Fraud model", "mlops-levels")
    assert {name: answer.value for name, answer in made.answers.items()} == {
        "data.catalog": "yes",
        "data.versioning": "no",
        "data.central-storage": "partly",
        "data.lineage": "partly",
    }
    assert page.evaluate("window.hacked") is None


def test_by_keyboard_alone(page: Page, app: App) -> None:
    """From pasting a checklist to the assessment without a mouse."""
    opened(page, app)
    page.locator(".paste summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(CHECKLIST)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(summary(page)).to_contain_text("3 of 5 marks taken")
    page.get_by_role("button", name="All", exact=True).focus()
    for _ in range(4):  # the filters, then the first row's criterion
        page.keyboard.press("Tab")
    expect(page.get_by_label("Criterion, for line 9")).to_be_focused()
    page.keyboard.press("Tab")  # its answer is closed until there is a criterion
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Leave line 9 out")).to_be_focused()
    page.keyboard.press("Space")
    expect(row(page, "onerror").locator(".chip")).to_have_text("Left out")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Criterion, for line 10")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(summary(page)).to_contain_text("2 left out by you")
    page.get_by_label("What is assessed?").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Fraud model")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Fraud model is kept as an assessment.")).to_be_focused()
    page.get_by_role("link", name="Open the assessment").focus()
    page.keyboard.press("Enter")
    assert len(created(page, app).answers) == 3


def test_a_search_is_left_by_escape(page: Page, app: App) -> None:
    """Escape leaves the search of all criteria for the list it came from, and takes its complaint along."""
    opened(page, app)
    choose(page, "fraud.md", CHECKLIST)
    coffee = row(page, "coffee")
    coffee.get_by_label("Criterion, for line 10").focus()
    page.keyboard.press("End")
    expect(coffee.get_by_label("Search all criteria, for line 10")).to_be_focused()
    page.keyboard.type("tea")
    page.keyboard.press("Enter")
    expect(coffee.get_by_role("alert")).to_have_text(
        "That is no criterion of the list. Choose one, or leave the mark out."
    )
    page.keyboard.press("Escape")
    expect(coffee.get_by_label("Criterion, for line 10")).to_be_focused()
    expect(coffee.get_by_label("Search all criteria, for line 10")).to_be_hidden()
    expect(coffee.get_by_role("alert")).to_be_hidden()


def test_the_list_is_copied(visitor: Callable[..., BrowserContext], app: App) -> None:
    """What is copied is said, and the focus stays; where a page may not copy, the text is there to be copied."""
    context = visitor(permissions=["clipboard-read", "clipboard-write"])
    page = opened(context.new_page(), app)
    choose(page, "fraud.md", CHECKLIST)
    button = page.get_by_role("button", name="Copy the list")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    expect(button).to_be_focused()
    assert "coffee" in page.evaluate("navigator.clipboard.readText()")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }")
    page.keyboard.press("Enter")
    expect(page.get_by_label("What does not become an answer: 2")).to_be_focused()
    assert "coffee" in page.evaluate("String(getSelection())")


def test_one_of_two_that_contradict_each_other(page: Page, app: App) -> None:
    """Who takes one mark leaves the other out by the same key, and may still think better of it."""
    opened(page, app)
    choose(
        page, "fraud.md", f"- [x] {TEXT['data.catalog']}\n- [ ] {TEXT['data.catalog']}\n- [x] {TEXT['data.lineage']}\n"
    )
    expect(summary(page)).to_contain_text("1 of 3 marks taken, 2 to confirm")
    page.get_by_role("button", name="Take line 2 as shown").focus()
    page.keyboard.press("Space")
    expect(summary(page)).to_contain_text("2 of 3 marks taken, 0 to confirm")
    expect(summary(page)).to_contain_text("1 left out by you")
    chips = page.locator(".review .together .chip")
    expect(chips).to_have_text(["Left out", "Taken"])
    page.get_by_role("button", name="Take line 1 as shown").focus()
    page.keyboard.press("Space")
    expect(chips).to_have_text(["Taken", "Left out"])
    expect(page.get_by_role("button", name="Take line 1 as shown")).to_be_focused()
    page.get_by_role("button", name="Create the assessment").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2)).to_be_focused()
    page.get_by_role("link", name="Open the assessment").focus()
    page.keyboard.press("Enter")
    assert {key: answer.value for key, answer in created(page, app).answers.items()} == {
        "data.catalog": "yes",
        "data.lineage": "yes",
    }


def test_the_file_is_chosen_by_keyboard(page: Page, app: App) -> None:
    """The file chooser opens from the keyboard."""
    # Listened for before the page is there: a browser that is told in the last moment may open its own.
    page.on(
        "filechooser",
        lambda chooser: chooser.set_files({"name": "fraud.md", "mimeType": "", "buffer": CHECKLIST.encode()}),
    )
    opened(page, app)
    page.locator("input[type=file]").focus()
    page.keyboard.press("Enter")
    expect(summary(page)).to_contain_text("3 of 5 marks taken")


def test_dropped(page: Page, app: App) -> None:
    """A file that is dropped on the page is read."""
    opened(page, app)
    page.evaluate(
        """(text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "fraud.md"));
          document.querySelector(".zone").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
        }""",
        CHECKLIST,
    )
    expect(summary(page)).to_contain_text("3 of 5 marks taken")


@pytest.mark.parametrize("ending", FORMATS)
def test_there_and_back(page: Page, app: App, assessment: Callable[..., str], ending: str) -> None:
    """What is downloaded from the form's menu and imported again is the same assessment."""
    name = assessment(app, **CHURN)
    page.goto(f"{app.url}assess/{name}")
    page.locator(".page-files summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=FORMATS[ending].title, exact=True).click()
    assert download.value.suggested_filename == f"Churn-model-2026-11-20.{ending}"
    opened(page, app)
    choose(page, download.value.suggested_filename, Path(download.value.path()).read_bytes())
    expect(summary(page)).to_contain_text("0 to confirm, 0 not understood")
    expect(page.get_by_label("Your name")).to_have_value(str(CHURN["assessor"]))
    page.get_by_role("button", name="Create the assessment").click()
    made = created(page, app)
    store = Store(app.store)
    assert made.model_copy(update={"id": name}) == store.load(name)
    store.close()


def test_into_an_assessment(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """What would change stands beside what is there; what is new is ticked, what would be replaced is not."""
    name = assessment(app, answers={"data.catalog": {"value": "no", "note": "in the wiki"}, "data.lineage": "yes"})
    page.goto(f"{app.url}assess/{name}")
    page.locator(".page-files summary").click()
    page.get_by_role("link", name="Read a file into this assessment").click()
    expect(page).to_have_title("Churn model: answers from a file")
    data = Assessment.from_dict(
        {"id": "other", "date": "2026-11-25", "rubric": {"id": "mlops-levels", "version": "1"}, **CHURN}
    )
    choose(page, "churn.yaml", written(fitted(data, RUBRIC), RUBRIC, "yaml"))
    table = page.locator(".changes tbody")
    expect(table.locator("tr")).to_have_count(4)
    replaced = table.locator("tr").filter(has_text=TEXT["data.catalog"])
    expect(replaced.get_by_role("checkbox")).not_to_be_checked()
    expect(replaced.locator(".before")).to_contain_text("No")
    expect(replaced.locator(".after")).to_contain_text("=HYPERLINK(1)")
    button = page.get_by_role("button", name="Save what is ticked")
    expect(button).to_have_text("Save what is ticked (3)")
    replaced.get_by_role("checkbox").check()
    expect(button).to_have_text("Save what is ticked (4)")
    store = Store(app.store)
    seq = store.answers(name)["data.catalog"].seq
    store.save(name, "data.catalog", Answer(value="partly"), base=seq, who="Cleo")
    page.get_by_label("Your name").fill("Ben")
    button.click()
    alert = page.get_by_role("alert").filter(has_text="Cleo changed")
    expect(alert).to_contain_text("Answers saved: 3.")
    expect(replaced.locator(".before")).to_contain_text("Partly")
    assert store.load(name).answers["data.catalog"] == Answer(value="partly")
    button.click()
    page.wait_for_url("**/assess/*")
    after = store.load(name).answers
    assert (after["data.catalog"].value, after["data.lineage"].value) == ("yes", "yes")
    assert store.history(name, "data.catalog")[-1].who == "Ben"
    store.close()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.md", b"", "empty.md: is empty; choose the file that holds the answers"),
        ("photo.md", b"\x89PNG\r\n\x1a\n\0\0", "photo.md: is a picture and no text, whatever its ending says"),
        ("team.docx", b"PK\x03\x04", "team.docx: files that end in .docx cannot be read; one of"),
        ("team.xlsx", b"hello", "team.xlsx: is no workbook, whatever its ending says"),
        ("large.md", b"x" * 5_000_001, "The file is larger than 5 MB. No file of answers is; choose another."),
        ("broken.yaml", b"id: churn\n\tsubject: x", "broken.yaml:2: a tab stands where spaces are needed"),
        (
            "notes.md",
            b"# Notes\n\nNothing to tick here.\n",
            "notes.md: resembles no rubric; say which one it answers: ",
        ),
        ("<img src=x onerror='window.hacked=1'>.md", b"", "is empty; choose the file that holds the answers"),
    ],
)
def test_bad_files(page: Page, app: App, name: str, content: bytes, sentence: str) -> None:
    """A file that cannot be read gets a sentence, and the next one is read as if nothing had happened."""
    opened(page, app)
    choose(page, name, content)
    expect(page.locator(".mlops-importer > [role=alert]")).to_contain_text(sentence)
    expect(summary(page)).to_have_count(0)
    choose(page, "fraud.md", CHECKLIST)
    expect(summary(page)).to_contain_text("3 of 5 marks taken")
    expect(page.locator(".mlops-importer > [role=alert]")).to_be_hidden()
    assert page.evaluate("window.hacked") is None


def test_another_subject(page: Page, app: App) -> None:
    """A checklist about something else is told as such, and every line of it is there to look at."""
    opened(page, app)
    page.get_by_label("Rubric it answers").select_option("mlops-levels")
    choose(page, "shopping.md", "# Shopping\n\n- [x] Six eggs\n- [ ] Two pounds of flour\n- [x] Oranges\n")
    expect(page.locator(".mlops-importer > [role=alert]")).to_contain_text("Nothing in this file was understood")
    expect(page.locator(".review tbody tr")).to_have_count(3)
    expect(page.get_by_text("What does not become an answer: 3")).to_be_visible()


def test_killed_in_the_middle(page: Page, own_app: Callable[..., App]) -> None:
    """Killed between the decisions and started again, the page comes back with file, decisions and what was typed."""
    app = own_app("--no-warm")
    opened(page, app)
    choose(page, "fraud.md", CHECKLIST)
    row(page, "coffee").get_by_role("button", name="Leave line 10 out").click()
    expect(summary(page)).to_contain_text("1 left out by you")
    page.get_by_label("What is assessed?").fill("Fraud mo")
    app.kill()
    row(page, "onerror").get_by_role("button", name="Leave line 9 out").click()
    expect(page.locator("#page-notice")).to_be_visible()
    page.get_by_label("What is assessed?").fill("Fraud model")
    app.start()
    expect(summary(page)).to_contain_text("2 left out by you")
    expect(page.get_by_label("What is assessed?")).to_have_value("Fraud model")
    page.get_by_role("button", name="Create the assessment").click()
    page.get_by_role("link", name="Open the assessment").click()
    assert len(created(page, app).answers) == 3


def test_a_reload_keeps_everything(page: Page, app: App) -> None:
    """A reload costs nothing: neither the decisions, nor the text that was pasted and not yet read."""
    opened(page, app)
    page.locator(".paste summary").click()
    page.get_by_label("Text of a checklist").fill("- [x] half a sen")
    page.reload()
    expect(page.get_by_label("Text of a checklist")).to_have_value("- [x] half a sen")
    choose(page, "fraud.md", CHECKLIST)
    row(page, "coffee").get_by_role("button", name="Leave line 10 out").click()
    page.reload()
    expect(summary(page)).to_contain_text("1 left out by you")
    expect(row(page, "coffee").locator(".chip")).to_have_text("Left out")


def test_filters(page: Page, app: App) -> None:
    """The filters show what waits, what was not understood, and what was taken."""
    opened(page, app)
    choose(page, "fraud.md", CHECKLIST)
    expect(page.get_by_role("button", name="Not understood (2)")).to_be_visible()
    visible = page.locator(".review tbody tr:visible")
    expect(visible).to_have_count(2)
    page.get_by_role("button", name="Taken (3)").click()
    expect(visible).to_have_count(3)
    page.get_by_role("button", name="Not understood (2)").click()
    expect(visible).to_have_count(2)
    page.get_by_role("button", name="All", exact=True).click()
    expect(visible).to_have_count(5)


def test_downloads_are_guarded(page: Page, own_app: Callable[..., App], assessment: Callable[..., str]) -> None:
    """A download asks for the token like a page; a wrong id or ending gives a page that says so."""
    app = own_app("--token", "kestrel-seven", "--no-warm")
    name = assessment(app)
    answer = page.goto(f"{app.url}download/{name}.yaml")
    assert answer is not None
    assert answer.status == 401
    expect(page.get_by_role("heading", name="This server asks for a token")).to_be_visible()
    page.goto(f"{app.url}?token=kestrel-seven")
    for path in (f"download/{name}.exe", f"download/{name}.yaml.bak", f"download/{name}/plan.yaml", "download/x.yaml"):
        answer = page.goto(app.url + path)
        assert answer is not None
        assert answer.status == 404, path
    answer = page.request.get(f"{app.url}download/{name}.yaml")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")


def test_a_plan_to_take_along(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """An assessment with a plan offers it in every format; the menu closes by Escape and gives the focus back."""
    name = assessment(app, plan={"items": {"item1": {"title": "=1+1", "owner": HOSTILE, "due": "2026-12-18"}}})
    page.goto(f"{app.url}assess/{name}")
    menu = page.locator(".page-files summary")
    menu.press("Enter")
    for known in PLANS.values():
        with page.expect_download() as download:
            if not page.locator(".page-files[open]").count():
                menu.press("Enter")
            page.get_by_role("link", name=f"Plan, {known.title}", exact=True).press("Enter")
        assert download.value.suggested_filename == f"Churn-model-plan-2026-11-20.{known.ending}"
        assert Path(download.value.path()).stat().st_size
    menu.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".page-files")).not_to_have_attribute("open", "")
    expect(menu).to_be_focused()


def test_the_list_stays_until_it_is_let_go(page: Page, app: App) -> None:
    """Who left the page without the list of what was left out finds it there the next time."""
    opened(page, app)
    choose(page, "fraud.md", CHECKLIST)
    page.get_by_role("button", name="Create the assessment").click()
    page.get_by_role("link", name="Open the assessment").click()
    created(page, app)
    opened(page, app)
    page.get_by_text("From the file read last, 2 marks did not become answers.").click()
    expect(page.get_by_label("What does not become an answer: 2")).to_be_visible()
    page.get_by_role("button", name="Forget the list").click()
    opened(page, app)
    expect(page.get_by_text("From the file read last")).to_have_count(0)


def test_everybody_can_use_it(page: Page, app: App) -> None:
    """axe-core finds nothing on the import page, empty and with a file to review."""
    opened(page, app)
    assert faults(page) == []
    choose(page, "fraud.md", CHECKLIST)
    row(page, "coffee").get_by_label("Criterion, for line 10").select_option("search")
    page.locator(".taken summary").click()
    assert faults(page) == []


def test_everybody_can_use_what_is_there(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """axe-core finds nothing where a file is read into an assessment, with the menu of files open."""
    opened(page, app, f"import/{assessment(app, answers={'data.catalog': 'no'})}")
    choose(page, "fraud.md", CHECKLIST)
    expect(page.locator(".changes tr").first).to_be_visible()
    page.locator(".page-files summary").click()
    assert faults(page) == []
