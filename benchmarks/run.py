"""Measure what people wait for, beside what they would wait for elsewhere, all within one run.

Prints a table and writes `benchmarks/results.json` with the machine and the versions. Ratios compare within this run;
absolute times drift with the machine. Run it with `make bench`.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import numpy as np
from playwright.sync_api import sync_playwright

from mlops_widgets.assessment import Assessment, fitted
from mlops_widgets.engine import score_many
from mlops_widgets.formats import read_answers, written
from mlops_widgets.formats.yaml import read_assessment
from mlops_widgets.library import load_rubric, rubric_ids
from mlops_widgets.scoring import score
from mlops_widgets.store import Store

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from browser.app import FLAGS, App, chromium, free_port  # the tests' own app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
DEMO = HERE.parent / "mlops_widgets" / "demo" / "churn-model.yaml"
ROUNDS = 7
MILLION = 1_000_000


@dataclass(frozen=True)
class Figure:
    """One thing measured: what was reached, what was wanted."""

    name: str
    value: float
    unit: str
    wanted: str
    reached: bool | None


def median_of(run: Callable[[], float], rounds: int = ROUNDS) -> float:
    """Give the median of a few measurements."""
    return statistics.median(run() for _ in range(rounds))


def timed(run: Callable[[], object]) -> float:
    """Give the seconds something takes."""
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


# Scoring


def scoring() -> Iterator[Figure]:
    """A million assessments, and one."""
    rubric = load_rubric("mlops-levels")
    generator = np.random.default_rng(0)
    matrix = generator.integers(-2, 3, (MILLION, len(rubric.criteria)), dtype=np.int8)
    score_many(rubric, matrix[:10])
    seconds = timed(lambda: score_many(rubric, matrix))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    yield Figure("score_many, 1,000,000 x mlops-levels", seconds, "s", "at most 4", seconds <= 4)
    yield Figure("peak memory with it", peak, "GB", "at most 3", peak <= 3)
    answers = {name: ("yes", "partly", "no")[index % 3] for index, name in enumerate(rubric.criteria)}
    score(rubric, answers)
    one = median_of(lambda: timed(lambda: score(rubric, answers)) * 1000, 50)
    yield Figure("score with its findings", one, "ms", "at most 2", one <= 2)
    naive = timed(lambda: [_by_hand(rubric, answers) for _ in range(200)]) / 200 * MILLION
    yield Figure("the same million by a plain Python loop (extrapolated)", naive, "s", "", None)


def _by_hand(rubric: object, answers: dict[str, str]) -> float:
    worth = {"no": 0.0, "partly": 0.5, "yes": 1.0}
    means = []
    for section in rubric.sections:  # type: ignore[attr-defined]
        values = [worth[answers[criterion.id]] for criterion in section.criteria]
        means.append(sum(values) / len(values))
    return sum(means) / len(means)


# Start-up


def start_up() -> Iterator[Figure]:
    """Importing, and what a kernel with a form holds."""

    def imported(what: str) -> float:
        return median_of(lambda: timed(lambda: subprocess.run([sys.executable, "-c", what], check=True)))

    bare = imported("pass")
    seconds = imported("import mlops_widgets") - bare
    yield Figure("import mlops_widgets", seconds, "s", "at most 0.15", seconds <= 0.15)
    command = [sys.executable, "-m", "mlops_widgets", "score", DEMO]
    seconds = median_of(lambda: timed(lambda: subprocess.run(command, check=True, capture_output=True))) - bare
    libraries = imported("import click, numpy, pydantic, ruamel.yaml") - bare
    yield Figure("mlops-widgets score FILE", seconds, "s", "", None)
    yield Figure("importing the libraries it needs, alone", libraries, "s", "", None)
    memory = _kernel_memory("from mlops_widgets import RubricForm\nform = RubricForm('mlops-levels')\nform")
    yield Figure("kernel with a form (PSS)", memory, "MB", "at most 75", memory <= 75)
    yield Figure("kernel with the same form from plain ipywidgets (PSS)", _kernel_memory(NAIVE), "MB", "", None)


def _kernel_memory(code: str) -> float:
    from jupyter_client.manager import start_new_kernel  # noqa: PLC0415 - only here

    manager, client = start_new_kernel()
    try:
        reply = client.execute_interactive(code, output_hook=lambda _: None)
        assert reply["content"]["status"] == "ok", reply["content"]
        process = manager.provisioner.process.pid
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1000
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


# Pages

HELLO = "print('hello')"

NAIVE = """
import ipywidgets as w
from mlops_widgets.library import load_rubric
from mlops_widgets.scoring import score
rubric = load_rubric("mlops-levels")
answers, level = {}, w.Label()
def changed(change, name):
    answers[name] = change["new"]
    result = score(rubric, answers)
    level.value = f"Level {result.level}, {result.value:.3f}"
def question(criterion):
    buttons = w.ToggleButtons(options=[("-", None), ("No", "no"), ("Partly", "partly"), ("Yes", "yes")])
    buttons.observe(lambda change: changed(change, criterion.id), "value")
    return w.VBox([w.HTML(criterion.text), buttons, w.Text()])
w.VBox([level, *(question(criterion) for criterion in rubric.criteria.values())])
"""


@contextmanager
def stock_voila(code: str) -> Iterator[str]:
    """Serve one cell with Voila as it comes, cold; gives the address."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.ipynb"
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, path)
        port = free_port()
        command = [sys.executable, "-m", "voila", str(path), f"--port={port}", "--no-browser"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(f"http://127.0.0.1:{port}/voila/static/voila.js")
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait()


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=2).read(1)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"nothing answers at {url}")


def first_sight(browser: Browser, url: str, selector: str, rest: float = 0) -> float:
    """Give the seconds from a fresh browser's request to the element being there to be used."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    context.route(lambda address: "127.0.0.1" not in address, lambda route: route.abort())
    page = context.new_page()
    begin = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector(selector)
    seconds = time.perf_counter() - begin
    context.close()
    time.sleep(rest)  # let a warm pool fill again, as it does between visitors
    return seconds


CLICKS = """
async ([buttons, target]) => {
  const times = [];
  for (const button of [...document.querySelectorAll(buttons)].slice(0, 30)) {
    const place = document.querySelector(target);
    const begin = performance.now();
    const drawn = new Promise((done) => {
      const observer = new MutationObserver(() => (observer.disconnect(), done(performance.now() - begin)));
      observer.observe(place, { childList: true, characterData: true, subtree: true });
      setTimeout(() => done(NaN), 3000);
    });
    button.click();
    times.push(await drawn);
    await new Promise((done) => setTimeout(done, 40));
  }
  return times.filter((each) => !Number.isNaN(each));
}
"""


def clicks(page: Page, buttons: str, target: str) -> float:
    """Give the median milliseconds from a click to the changed score in the page."""
    return statistics.median(page.evaluate(CLICKS, [buttons, target]))


def pages() -> Iterator[Figure]:
    """From a fresh browser to the first question, from a click to the score, from a tick to the forecast."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with stock_voila(HELLO) as url:
            hello = median_of(lambda: first_sight(browser, url, "text=hello"))
        with stock_voila(NAIVE) as url:
            naive = median_of(lambda: first_sight(browser, url, ".widget-toggle-button"), 3)
            page = browser.new_page()
            page.goto(url)
            page.wait_for_selector(".widget-toggle-button")
            naive_click = clicks(page, ".widget-toggle-buttons button:nth-child(4)", ".widget-label")
        ours = {}
        for name, options in (("cold", ["--no-warm"]), ("warm", [])):
            app = App(Path(tempfile.mkdtemp(dir=folder)), *options).start()
            try:
                url = f"{app.url}assess/{_begun(app)}"
                time.sleep(4 if name == "warm" else 0)  # the pool fills once, at the start
                rest = 2 if name == "warm" else 0
                ours[name] = median_of(lambda: first_sight(browser, url, ".criterion input", rest))  # noqa: B023
                if name == "warm":
                    page = browser.new_page()
                    page.goto(url)
                    page.wait_for_selector(".criterion")
                    ours["click"] = clicks(page, ".criterion .all input", ".sections [aria-current] .count")
                    ours["size"] = _size(browser, url)
                    page.goto(f"{app.url}plan/{Store(app.store).create(read_assessment(DEMO)).id}")
                    page.wait_for_selector(".item")
                    ours["tick"] = clicks(page, ".item .done input", ".said.done")
            finally:
                app.stop()
        browser.close()
    yield Figure("Voila page that prints hello, cold", hello, "s", "", None)
    yield Figure("assess page, cold", ours["cold"], "s", "", None)
    yield Figure("assess page, cold / hello", ours["cold"] / hello, "x", "at most 1.15", ours["cold"] / hello <= 1.15)
    yield Figure("assess page, warm pool", ours["warm"], "s", "", None)
    yield Figure("assess page, warm / hello", ours["warm"] / hello, "x", "at most 1.0", ours["warm"] / hello <= 1.0)
    yield Figure("the same form from plain ipywidgets", naive, "s", "", None)
    yield Figure("bytes to the first question", ours["size"] / 1000, "kB", "", None)
    yield Figure("click to score", ours["click"], "ms", "at most 30", ours["click"] <= 30)
    yield Figure("click to score, plain ipywidgets", naive_click, "ms", "", None)
    yield Figure("tick of a plan's item to forecast", ours["tick"], "ms", "at most 50", ours["tick"] <= 50)


def _begun(app: App) -> str:
    rubric = load_rubric("mlops-levels")
    assessment = Assessment.from_dict(
        {
            "id": "bench",
            "rubric": {"id": rubric.id, "version": rubric.version},
            "subject": "Bench",
            "date": "2026-01-01",
        }
    )
    return Store(app.store).create(fitted(assessment, rubric)).id


def _size(browser: Browser, url: str) -> float:
    """Give the bytes to the first question; those over the socket as they are before it compresses them."""
    page = browser.new_page()
    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    sizes: list[float] = []
    protocol.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    protocol.on("Network.webSocketFrameReceived", lambda event: sizes.append(len(event["response"]["payloadData"])))
    page.goto(url)
    page.wait_for_selector(".criterion")
    page.close()
    return sum(sizes)


# The report


def report() -> Iterator[Figure]:
    """From the command to the HTML file, beside papermill running two imports."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = folder / "bare.ipynb"
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import pandas, altair")])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, bare)
        demo = shutil.copy(DEMO, folder)
        papermill = [sys.executable, "-m", "papermill", bare, folder / "out.ipynb"]
        command = [sys.executable, "-m", "mlops_widgets", "report", demo, "-o", folder / "report.html"]
        base = median_of(lambda: timed(lambda: subprocess.run(papermill, check=True, capture_output=True)), 3)
        ours = median_of(lambda: timed(lambda: subprocess.run(command, check=True, capture_output=True)), 3)
    yield Figure("papermill, a notebook that imports pandas and altair", base, "s", "", None)
    yield Figure("report, from the command to the HTML file", ours, "s", "", None)
    yield Figure("report / papermill", ours / base, "x", "at most 1.5", ours / base <= 1.5)


# Files


def checklist(lines: int) -> bytes:
    """Write a checklist as teams keep them: the statements of a rubric with words left out, in several marks."""
    texts = [criterion.text for criterion in load_rubric("mlops-levels").criteria.values()]
    generator = np.random.default_rng(0)
    written = ["# Our model", ""]
    while len(written) < lines:
        words = texts[len(written) % len(texts)].split()
        kept = [word for word in words if generator.random() > 0.2]
        mark = ("- [x]", "- [ ]", "* [X]", "- ✅")[len(written) % 4]
        written.append(f"## Part {len(written)}" if len(written) % 20 == 2 else f"{mark} {' '.join(kept)}")
    return "\n".join(written).encode()


def files() -> Iterator[Figure]:
    """Importing one long checklist, and converting a thousand files in one call."""
    rubric, long = load_rubric("mlops-levels"), checklist(500)
    reading = read_answers("team.md", long, rubric=rubric)
    seconds = median_of(lambda: timed(lambda: read_answers("team.md", long, rubric=rubric)))
    name = f"import of a 500-line checklist, {len(reading.marks)} marks"
    yield Figure(name, seconds, "s", "at most 0.3", seconds <= 0.3)
    seconds = median_of(lambda: timed(lambda: read_answers("team.md", long)))
    yield Figure("the same without being told the rubric", seconds, "s", "at most 0.3", seconds <= 0.3)
    own = written(read_assessment(DEMO), rubric, "md")
    short = checklist(60)
    for what, content in (("written by us", own), ("of 60 lines in other words", short)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "in").mkdir()
            for number in range(1000):
                (folder / "in" / f"team-{number}.md").write_bytes(content)
            command = [sys.executable, "-m", "mlops_widgets", "convert", "in", "out", "--to", ".yaml", "--allow-unread"]
            run = [*command, *(["--rubric", rubric.id] if content is short else [])]
            seconds = timed(lambda: subprocess.run(run, cwd=folder, check=True, capture_output=True))  # noqa: B023
            assert len(list((folder / "out").iterdir())) == 1000
        rate = 1000 / seconds
        yield Figure(f"1,000 checklists {what} to YAML, one call", rate, "/s", "at least 20", rate >= 20)


def machine() -> dict[str, object]:
    """Say what this was measured on."""
    packages = ("voila", "anywidget", "ipywidgets", "altair", "pandas", "papermill", "numpy", "pydantic", "ipykernel")
    return {
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "rubrics": len(rubric_ids()),
        "versions": {name: version(name) for name in packages},
    }


def main() -> None:
    """Measure everything, or only the parts named on the command line."""
    parts = {"scoring": scoring, "start_up": start_up, "pages": pages, "report": report, "files": files}
    wanted = sys.argv[1:] or list(parts)
    about = machine()
    print(", ".join(f"{key} {value}" for key, value in about.items() if key != "versions"))
    figures = []
    for part in wanted:
        for figure in parts[part]():
            figures.append(figure)
            sign = {True: "reached", False: "NOT REACHED", None: ""}[figure.reached]
            print(f"{figure.name:58} {figure.value:10.3f} {figure.unit:3} {figure.wanted:14} {sign}", flush=True)
    if not sys.argv[1:]:
        data = {"machine": about, "figures": [asdict(figure) for figure in figures]}
        (HERE / "results.json").write_text(json.dumps(data, indent=2) + "\n")


if __name__ == "__main__":
    main()
