"""The report as people get it: a page of the app, a file on a stick."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser.test_form import choose, opened, saved
from browser.test_pages import faults, fits, violations
from mlops_widgets.assessment import Assessment
from mlops_widgets.formats.yaml import read_assessment
from mlops_widgets.library import load_rubric, packaged_folder, rubric_ids
from mlops_widgets.report import Report
from mlops_widgets.store import Store, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from browser.app import App

HOSTILE = '"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'


@pytest.fixture
def demo(app: App) -> str:
    """The demo assessment in the app's store; gives its id."""
    store = Store(app.store)
    try:
        store.load("demo")
    except StoreError:
        store.create(read_assessment(packaged_folder("demo") / "churn-model.yaml"))
    return "demo"


def test_from_answers_to_report(page: Page, app: App, assessment: Callable[..., str]) -> None:
    """What was just answered stands in the report, one click away, and the way back leads to the form."""
    opened(page, app, assessment(app, "mlops-questionnaire", subject="Fraud model"))
    for criterion in load_rubric("mlops-questionnaire").sections[0].criteria:
        choose(page, criterion.id, "3")
    saved(page)
    page.get_by_role("link", name="Report").click()
    page.wait_for_url("**/report/*")
    expect(page).to_have_title("Fraud model: report")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("3 of 15")
    page.get_by_role("link", name="Assess", exact=True).click()
    page.wait_for_url("**/assess/*")


def test_a_long_plan_on_a_phone(visitor: Callable[..., BrowserContext]) -> None:
    """Who does what by when is read on a phone without moving the page sideways, and a closed phase opens."""
    page = visitor(viewport={"width": 360, "height": 740}).new_page()
    items = {
        f"item{place:02}": {
            "title": f"Item {place}",
            "owner": "Ana",
            "due": "2027-01-15" if place < 4 else "2027-09-17",
        }
        for place in range(24)
    }
    demo = read_assessment(packaged_folder("demo") / "churn-model.yaml").to_dict()
    report = Report(Assessment.from_dict({**demo, "plan": {"start": "2027-01-04", "items": items}}))
    page.set_content(
        f"<!doctype html><html lang='en'><title>Report</title><main>{report.summary().html}{report.plan().html}"
    )
    first, last = (page.get_by_role("row", name=f"Item {place} ") for place in (0, 23))
    expect(first.get_by_text("2027-01-15")).to_be_visible()
    for text in ("Ana", "2027-01-15"):
        box = first.get_by_text(text).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 360
    expect(last).to_be_hidden()
    page.get_by_text("Advanced (months 6 to 12)", exact=True).last.click()
    expect(last).to_be_visible()
    assert fits(page)
    assert violations(page) == []


def test_the_first_page(page: Page, app: App, demo: str) -> None:
    """Level, strengths, gaps, radar and what is next are there; level, headline and the next step without scrolling."""
    page.goto(f"{app.url}report/{demo}")
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.get_by_text("Level 1", exact=True).first).to_be_in_viewport()
    expect(page.get_by_text("Show the live model on dashboards").first).to_be_in_viewport()
    page.get_by_role("link", name="Next: reach level 2").click()
    expect(page.get_by_role("heading", name="Next: reach level 2")).to_be_in_viewport()
    for heading in ("Strengths", "The five gaps that matter most"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator("main svg[role=img]")).not_to_have_count(0)
    expect(page.locator("main figure table")).not_to_have_count(0)


def test_the_plan_in_the_report(page: Page, app: App, demo: str) -> None:
    """The plan stands below the first page, one link away: targets, picture, table, what comes of it."""
    page.goto(f"{app.url}report/{demo}")
    page.get_by_role("link", name="The plan").click()
    plan = page.get_by_role("region", name="The plan", exact=True)
    expect(plan.get_by_role("heading", name="How far the targets are")).to_be_in_viewport()
    expect(plan.get_by_role("img", name="Plan of Churn model")).to_be_visible()
    items = plan.get_by_role("table").last
    expect(items.get_by_role("row", name=re.compile("^Check data"))).to_contain_text("blocked")
    expect(plan).to_contain_text("When every item is done, the whole is at level 2, Automated delivery")


def test_one_page_for_those_who_decide(page: Page, app: App, demo: str) -> None:
    """The summary page is one link from the report, says what is asked, and leads back; it has no answers in it."""
    page.goto(f"{app.url}report/{demo}")
    page.get_by_role("link", name="On one page").click()
    page.wait_for_url("**/report/demo?audience=executive")
    expect(page).to_have_title("Churn model: on one page")
    expect(page.get_by_role("heading", name="What is asked of you")).to_be_visible()
    expect(page.locator("main .ladder li.now")).to_contain_text("we are here")
    expect(page.locator("#report-answers")).to_have_count(0)
    page.get_by_role("link", name="Report", exact=True).click()
    page.wait_for_url("**/report/demo")
    expect(page.locator("#report-answers")).to_be_visible()


def test_an_unknown_audience_is_told(page: Page, app: App, demo: str) -> None:
    """An address that asks for a report nobody has made gets a sentence."""
    page.goto(f"{app.url}report/{demo}?audience=board")
    expect(page.get_by_role("heading", level=1)).to_have_text("The report cannot be shown")
    expect(page.locator("main")).to_contain_text("There is no report for “board”: say one of full, executive.")


@pytest.mark.parametrize("audience", ["full", "executive"])
def test_everybody_can_read_it(page: Page, app: App, demo: str, audience: str) -> None:
    """axe-core finds nothing on the report page, wide and narrow, light and dark, and nothing scrolls sideways."""
    page.goto(f"{app.url}report/{demo}?audience={audience}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert faults(page) == []


def exported(app: App, name: str, folder: Path) -> Path:
    """Export a report as the command line does."""
    output = folder / "report.html"
    command = [sys.executable, "-m", "mlops_widgets", "report", name, "-o", str(output), "--store", app.store]
    subprocess.run(command, check=True, cwd=folder, capture_output=True)
    return output


@pytest.mark.parametrize("rubric", rubric_ids())
def test_the_file_opens_anywhere(
    visitor: Callable[..., BrowserContext], app: App, assessment: Callable[..., str], rubric: str, tmp_path: Path
) -> None:
    """An exported report opens from disk without a network; axe-core finds nothing, and no text in it runs."""
    criteria = load_rubric(rubric).criteria
    scales = load_rubric(rubric).scale_of
    answers: dict[str, object] = {
        name: {"value": scales[name].options[index % len(scales[name].options)].id, "note": HOSTILE}
        for index, name in enumerate(criteria)
        if index % 7
    }
    plan = {
        "owner": HOSTILE,
        "metrics": [{"name": HOSTILE, "current": HOSTILE}],
        "items": {"item1": {"title": HOSTILE, "owner": HOSTILE, "blocker": HOSTILE, "due": "2027-01-29"}},
    }
    name = assessment(app, rubric, subject=HOSTILE, assessor=HOSTILE, answers=answers, plan=plan)
    context = visitor()
    context.set_offline(True)
    page = context.new_page()
    page.goto(exported(app, name, tmp_path).as_uri())
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("body")).to_contain_text("onerror")
    assert page.evaluate("window.hacked") is None
    assert violations(page) == []
    assert fits(page)
