"""The report of an assessment: shown in a notebook or a page, and exported as a file that opens anywhere.

The only importer of papermill and nbconvert. What a report says is the content's business.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from mlops_widgets.assessment import Assessment
from mlops_widgets.assets import style
from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.files import check_folder, write
from mlops_widgets.imports import quick_imports
from mlops_widgets.library import load_rubric, packaged_folder, rubric_ids, words
from mlops_widgets.report_content import ReportContent, content
from mlops_widgets.report_executive import brief
from mlops_widgets.report_parts import AUDIENCES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbformat import NotebookNode

    from mlops_widgets.charts import Chart
    from mlops_widgets.rubric import Rubric

__all__ = ["Fragment", "Report", "ReportContent", "content", "export"]

KINDS = (".html", ".ipynb", ".pdf")
"""Files a report can be exported to, by their ending."""

MOST_BARS = 12
"""Items of a plan that are drawn, those first that are not done: so many are read at a glance."""

_TEMPLATES = Path(__file__).parent / "templates" / "report"
_PATIENCE = 120
"""Seconds a browser may take to print."""

_BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a report, as HTML that needs nothing from elsewhere."""

    html: str
    text: str
    problems: tuple[str, ...] = ()
    """Why there is no report, for whoever runs the notebook from outside."""

    def _repr_html_(self) -> str | tuple[str, dict[str, Any]]:
        return (self.html, {"problems": list(self.problems)}) if self.problems else self.html

    def __repr__(self) -> str:
        """Say what it shows, the same on every machine."""
        return self.text


class Report:
    """The report of one assessment: a page that is read in three minutes, the plan, the answers, the method.

    For those who decide it is one page in plain words, and the other parts are empty.

    Args:
        assessment: what was answered.
        rubric: what was asked; the packaged one of that id when left out.
        language: of the words around the answers.
        stamp: when it was made, as it is to be shown; nothing when left out.
        audience: `full` for everybody who works on it, `executive` for those who decide.

    Raises:
        ToolkitError: there is no such rubric or audience, or the answers are not the rubric's answers.
    """

    def __init__(
        self,
        assessment: Assessment,
        rubric: Rubric | None = None,
        *,
        language: str = "en",
        stamp: str = "",
        audience: str = "full",
    ) -> None:
        """Work out what the report says; nothing is drawn yet."""
        _check_audience(audience, language)
        rubric = rubric or load_rubric(assessment.rubric.id)
        self.assessment = assessment
        self.content = content(assessment, rubric, language=language)
        self.brief = brief(assessment, rubric, language=language) if audience == "executive" else None
        self._rubric = rubric
        self._words = words("report", language)
        self._stamp = stamp

    @classmethod
    def open(
        cls,
        wanted: str | Path | None,
        *,
        rubric: str | Path = "",
        store: str = "",
        language: str = "en",
        stamp: str = "",
        audience: str = "full",
    ) -> Report | Unopened:
        """Open an assessment by its id or the path of its file; what is the matter, if anything, is shown as a page.

        Args:
            wanted: id of an assessment in the store, or path of a .json or .yaml file.
            rubric: file of its rubric, where that is none of the packaged ones.
            store: address of the store; the usual one when empty.
            language: of the words around the answers.
            stamp: when it was made, as it is to be shown.
            audience: `full` or `executive`.
        """
        try:
            asked = load_rubric(rubric) if rubric else None
            found = _assessment(wanted, asked, store, language)
            return cls(found, asked, language=language, stamp=stamp, audience=audience)
        except ToolkitError as error:
            return Unopened(error, language=language)

    @staticmethod
    def prepare() -> None:
        """Do what takes long and is the same for every report, for a kernel that is kept warm for a visitor."""
        with quick_imports():
            from mlops_widgets.charts import radar  # noqa: PLC0415 - altair is slow: only when drawn
        from mlops_widgets.scoring import score  # noqa: PLC0415

        for name in rubric_ids():
            radar(score(load_rubric(name), {})).html()
        _environment()

    def __repr__(self) -> str:
        """Say what it is about, the same on every machine."""
        return f"<Report {self.assessment.id}: {self.content.headline}>"

    def summary(self) -> Fragment:
        """Give the first page, and the style for all parts."""
        if self.brief:
            html = _render("executive.html", brief=self.brief, words=self._words, style=_style(), stamp=self._stamp)
            return Fragment(html, f"{self.brief.title}. {self.brief.standing.name}. {self.brief.headline}")
        figures = [Markup(chart.html()) for chart in self._charts]  # noqa: S704 - the chart escapes its texts
        html = _render("summary.html", content=self.content, words=self._words, charts=figures, style=_style())
        return Fragment(html, f"{self.content.title}. {self.content.standing.name}. {self.content.headline}")

    def plan(self) -> Fragment:
        """Give the targets, who does what by when, and what comes of it; nothing where there is neither."""
        if self.brief or not self.content.plan:
            return Fragment("", "")
        chart = None
        if self.content.plan.phases:
            with quick_imports():
                from mlops_widgets.charts import gantt  # noqa: PLC0415 - altair is slow: only when drawn

            drawn = gantt(self.assessment, self._rubric, most=MOST_BARS)
            chart = Markup(drawn.html())  # noqa: S704 - the chart escapes its texts
        html = _render("plan.html", plan=self.content.plan, words=self._words, chart=chart)
        return Fragment(html, self._words["plan_title"])

    def details(self) -> Fragment:
        """Give every answer with its notes, evidence and reasons."""
        if self.brief:
            return Fragment("", "")
        html = _render("details.html", content=self.content, words=self._words)
        return Fragment(html, self._words["details_title"])

    def method(self) -> Fragment:
        """Give the rule, the thresholds, what the report rests on, and what is unanswered."""
        if self.brief:
            return Fragment("", "")
        tables = [
            {"title": chart.title, "note": chart.note, "columns": list(chart.table.columns), "rows": chart.cells}
            for chart in self._charts
        ]
        html = _render("method.html", content=self.content, words=self._words, charts=tables, stamp=self._stamp)
        return Fragment(html, self._words["method_title"])

    @cached_property
    def _charts(self) -> Sequence[Chart]:
        if not self.content.score.overall.answered:
            return ()
        with quick_imports():
            from mlops_widgets.charts import heatmap, radar  # noqa: PLC0415 - altair is slow: only when drawn

        score = self.content.score
        return radar(score, targets=self.assessment.targets or None), heatmap(score, answers=self.assessment)


class Unopened:
    """What stands in place of a report that cannot be shown: one sentence a fault, and never a traceback."""

    def __init__(self, error: ToolkitError, *, language: str = "en") -> None:
        """Take the faults."""
        self.problems = tuple(str(problem) for problem in error.problems)
        self._words = words("report", language)

    def __repr__(self) -> str:
        """Say what is the matter."""
        return "\n".join(self.problems)

    def summary(self) -> Fragment:
        """Give the faults as a page."""
        html = _render("problem.html", words=self._words, problems=self.problems, style=_style())
        return Fragment(html, repr(self), self.problems)

    def details(self) -> Fragment:
        """Give nothing."""
        return Fragment("", "")

    plan = method = details


def export(
    source: Assessment | str | Path,
    output: str | Path,
    *,
    rubric: Rubric | str | Path | None = None,
    store: str | None = None,
    language: str = "en",
    stamp: str | None = None,
    audience: str = "full",
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Write the report of an assessment to a file: the notebook with its results, one HTML file, or a PDF.

    The same assessment gives the same bytes, but for the stamp.

    Args:
        source: an assessment, its id in the store, or the path of its .json or .yaml file.
        output: path of the file to write; its ending says which kind.
        rubric: what was asked, or its file, where it is none of the packaged ones.
        store: address of the store; the usual one when left out.
        language: of the words around the answers.
        stamp: when it was made, as it is to be shown; nothing when left out.
        audience: `full` for everybody who works on it, `executive` for one page for those who decide.
        progress: called with the steps done and the steps in all.

    Returns:
        The path written.

    Raises:
        ToolkitError: there is no such assessment or rubric, it cannot be reported or written, or no browser prints.
    """
    output = Path(output)
    kind = output.suffix.lower()
    if kind not in KINDS:
        raise ToolkitError(f"a report is written as .html, .ipynb or .pdf, not as {output.name[-60:]!r}")
    check_folder(output)
    _check_audience(audience, language)
    browser = _browser() if kind == ".pdf" else ""
    asked = load_rubric(rubric) if isinstance(rubric, str | Path) else rubric
    assessment = source if isinstance(source, Assessment) else _assessment(source, asked, store or "", language)
    notebook = _read_notebook()
    steps = _Steps(progress, len(notebook.cells) + (2 if kind == ".pdf" else 1))
    with TemporaryDirectory(prefix="mlops-report-") as folder:
        told = {"language": language, "stamp": stamp or "", "audience": audience}
        done = _run(notebook, assessment, asked, Path(folder), told=told, steps=steps)
        if kind == ".ipynb":
            result = _notebook_text(done).encode()
        else:
            result = _page(done, assessment, language, audience).encode()
            if kind == ".pdf":
                steps.next()
                result = _printed(result, browser, Path(folder), assessment.date)
    write(output, result)
    steps.next()
    return output


@dataclass
class _Steps:
    """How much is done."""

    progress: Callable[[int, int], None] | None
    total: int
    done: int = 0

    def next(self, **_: object) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total)


# Reading.


def _check_audience(audience: str, language: str) -> None:
    if audience not in AUDIENCES:
        known = ", ".join(AUDIENCES)
        raise ToolkitError(words("report", language)["audience_unknown"].format(audience=audience[:40], known=known))


def _assessment(wanted: str | Path | None, rubric: Rubric | None, store: str, language: str) -> Assessment:
    """Find an assessment by the path of its file or its id in the store."""
    if not wanted:
        raise ToolkitError(words("report", language)["problem_missing"])
    path = Path(wanted)
    if path.suffix.lower() in (".yaml", ".yml"):
        from mlops_widgets.formats.yaml import read_assessment  # noqa: PLC0415 - only for such a file

        return read_assessment(path, rubric=rubric)
    if path.suffix.lower() == ".json":
        from mlops_widgets.formats.json import load_json  # noqa: PLC0415 - only for such a file

        return load_json(path)
    from mlops_widgets.store import Store  # noqa: PLC0415 - SQLAlchemy is not needed for a file

    keep = Store(store or None)
    try:
        return keep.load(str(wanted))
    finally:
        keep.close()


def _read_notebook() -> NotebookNode:
    with quick_imports():
        import nbformat  # noqa: PLC0415 - slow to import

    notebook: NotebookNode = nbformat.read(packaged_folder("notebooks") / "report.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    return notebook


# Running and converting.


def _run(
    notebook: NotebookNode,
    assessment: Assessment,
    rubric: Rubric | None,
    folder: Path,
    *,
    told: Mapping[str, str],
    steps: _Steps,
) -> NotebookNode:
    """Run the notebook on a copy of the assessment; what it says of its own run is taken out again."""
    import papermill  # noqa: PLC0415 - takes a second to import
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415
    from traitlets.config import Config  # noqa: PLC0415

    # Names that hold nothing a person chose, in the folder the kernel starts in: they stay in the notebook.
    name = f"{assessment.id}.json"
    _dump(folder / name, assessment.to_dict())
    parameters = {"assessment": name, "rubric": "", "store": "", **told}
    if rubric is not None:
        parameters["rubric"] = f"{rubric.id}.json"
        _dump(folder / parameters["rubric"], rubric.to_dict())
    # Many kernels that start at once take each other's TCP ports; and files nobody else can listen to.
    sockets = {"transport": "ipc", "ip": str(folder / "kernel")}
    try:
        done: NotebookNode = papermill.execute_notebook(
            notebook,
            None,
            parameters=parameters,
            progress_bar=False,
            request_save_on_cell_execute=False,
            resources={"metadata": {"path": str(folder)}},
            extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
            config=Config({"KernelManager": {} if os.name == "nt" else sockets}),
            on_cell_executed=steps.next,
        )
    except PapermillExecutionError as error:
        raise ToolkitError(f"the report could not be made: {error.ename}: {error.evalue}") from error
    for cell in done.cells:
        cell.metadata = {"tags": cell.metadata.tags} if cell.metadata.get("tags") else {}
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell.id = "injected-parameters"
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.output_type != "stream"]
            for output in cell.outputs:
                problems = output.get("metadata", {}).get("text/html", {}).get("problems")
                if problems:
                    raise ToolkitError(Problem(where="", message=problem) for problem in problems)
    done.metadata = {"kernelspec": done.metadata.kernelspec, "language_info": {"name": "python"}}
    return done


def _dump(path: Path, data: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _notebook_text(notebook: NotebookNode) -> str:
    import nbformat  # noqa: PLC0415

    text: str = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return text + "\n"


def _page(notebook: NotebookNode, assessment: Assessment, language: str, audience: str) -> str:
    """Put what the notebook shows into one HTML page."""
    from nbconvert import TemplateExporter  # noqa: PLC0415 - slow to import

    page = {
        "language": language,
        "title": words("report", language)["executive_title" if audience == "executive" else "title"].format(
            subject=assessment.subject
        ),
        "style": _style(),
        "inline_style": f"<style>{_style()}</style>\n",
    }
    # The exporter for HTML would parse the page once more and write it in another way.
    exporter = TemplateExporter(  # type: ignore[no-untyped-call]
        template_file=str(_TEMPLATES / "page.html.j2"), default_preprocessors=[]
    )
    html, _ = exporter.from_notebook_node(notebook, resources={"report": page})
    return str(html)


def _printed(html: bytes, browser: str, folder: Path, date: str) -> bytes:
    """Print a page to PDF."""
    source, target = folder / "report.html", folder / "report.pdf"
    source.write_bytes(html)
    # A browser refuses its sandbox to root; there is nothing in the page to keep in one.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [
        browser, "--headless", "--disable-gpu", *as_root, f"--user-data-dir={folder / 'browser'}", "--no-first-run",
        "--disable-background-networking", "--no-pdf-header-footer", "--generate-pdf-document-outline",
        f"--print-to-pdf={target}", source.as_uri(),
    ]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE)  # noqa: S603 - a browser, our page
        pdf = target.read_bytes()
    except (OSError, subprocess.SubprocessError) as error:
        reason = type(error).__name__
        raise ToolkitError(f"{browser} could not print the report ({reason}): write .html and print that") from error
    when = f"D:{date.replace('-', '')}000000+00'00'".encode()
    return re.sub(rb"(/(?:Creation|Mod)Date \()D:\d{14}\+00'00'", rb"\g<1>" + when, pdf)


def _browser() -> str:
    """Find a browser that prints: one on the path, or that of Playwright."""
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), "")
    if not found and find_spec("playwright"):
        ask = "from playwright.sync_api import sync_playwright as p\nwith p() as q: print(q.chromium.executable_path)"
        told = subprocess.run([sys.executable, "-c", ask], check=False, capture_output=True, text=True)  # noqa: S603
        found = shutil.which(told.stdout.strip()) or ""
    if not found:
        raise ToolkitError("a PDF needs Chromium or Chrome: install one, or write .html and print that")
    return found


# Drawing.


def _style() -> Markup:
    return Markup(style("report").strip())  # noqa: S704 - our own file


@lru_cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(**values)
