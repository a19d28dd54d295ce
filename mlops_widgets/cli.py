"""The commands: each a few lines over the floors below.

Holds no rules of its own; what a command needs is imported when it runs, so that each starts at once.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mlops_widgets import __version__
from mlops_widgets.errors import ToolkitError
from mlops_widgets.report_parts import AUDIENCES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.rubric import Rubric
    from mlops_widgets.scoring import Score, SectionScore

__all__ = ["main"]

FILES = (".yaml", ".yml", ".json")
"""Endings by which a file is told from an id."""


class _Commands(click.Group):
    """Commands whose refusals are sentences, not tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - what a command gives
        try:
            return super().invoke(ctx)
        except ToolkitError as error:
            raise click.ClickException(str(error)) from None


_store = click.option(
    "--store",
    metavar="URL",
    help="Where assessments are kept: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE. When left out: "
    "MLOPS_WIDGETS_STORE, or a file in your data folder.",
)
_rubric = click.option(
    "--rubric", metavar="FILE", help="Rubric that was answered, where it is not one that ships with the toolkit."
)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """Assess how mature the work with machine learning models is: ask, score, show, report."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8866, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@_store
@click.option(
    "--token", envvar="MLOPS_WIDGETS_TOKEN", show_envvar=True, help="What visitors must know; they give it as ?token=."
)
@click.option("--insecure", is_flag=True, help="Let in everybody who can reach the address, without a token.")
@click.option(
    "--max-kernels", default=40, show_default=True, type=click.IntRange(min=1), help="Visitors served at a time."
)
@click.option("--warm/--no-warm", default=True, show_default=True, help="Keep kernels ready for the next visitors.")
@click.option("--open/--no-open", "open_browser", default=False, show_default=True, help="Open the start page.")
def serve(**options: Any) -> None:
    """Run the app until it is interrupted with Ctrl-C."""
    from mlops_widgets.imports import quick_imports

    with quick_imports():
        from mlops_widgets.server import serve as run

    run(**options)


@main.command()
def rubrics() -> None:
    """List the rubrics that ship with the toolkit."""
    from mlops_widgets.library import load_rubric, rubric_ids

    width = max(map(len, rubric_ids()))
    for rubric in map(load_rubric, rubric_ids()):
        minutes = f", {rubric.minutes} minutes" if rubric.minutes else ""
        click.echo(f"{rubric.id:<{width}}  {rubric.title} {rubric.version}: {len(rubric.criteria)} criteria{minutes}")


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
def validate(files: tuple[Path, ...]) -> None:
    """Check files of rubrics and assessments, and tell every fault with its line.

    Ends with 1 when there is any.
    """
    from mlops_widgets.assessment import Assessment
    from mlops_widgets.formats import read

    faults = 0
    for path in files:
        try:
            found = read(path)
        except ToolkitError as error:
            click.echo(str(error))
            faults += len(error.problems)
        else:
            what = f"an assessment of {found.subject}" if isinstance(found, Assessment) else f"the rubric {found.id}"
            click.echo(f"{path}: good, {what}")
    if faults:
        click.echo(f"{faults} fault{'s' if faults > 1 else ''}", err=True)
        sys.exit(1)


@main.command()
@click.argument("source", metavar="FILE_OR_ID")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, for other programs.")
@_rubric
@_store
def score(source: str, *, as_json: bool, rubric: str | None, store: str | None) -> None:
    """Score an assessment: its level, how sure that is, and what blocks the next one.

    FILE_OR_ID is a YAML file, or the id of an assessment in the store.
    """
    from mlops_widgets.assessment import fitted
    from mlops_widgets.library import load_rubric
    from mlops_widgets.scoring import score as scored

    known = load_rubric(rubric) if rubric else None
    assessment = _opened(source, store=store, rubric=known)
    known = known or load_rubric(assessment.rubric.id)
    result = scored(known, fitted(assessment, known))
    if as_json:
        about = assessment.model_dump(mode="json", include={"id", "subject", "date", "assessor", "profile", "targets"})
        click.echo(json.dumps({"assessment": about, **result.to_dict()}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_told(assessment, known, result)))


def _opened(source: str, *, store: str | None, rubric: Rubric | None = None) -> Assessment:
    """Read an assessment from a file, or load it from the store."""
    if source.lower().endswith(FILES):
        from mlops_widgets.formats.yaml import read_assessment

        return read_assessment(Path(source), rubric=rubric)
    from mlops_widgets.store import Store

    with closing(Store(store)) as kept:
        return kept.load(source)


def _told(assessment: Assessment, rubric: Rubric, result: Score) -> Iterator[str]:
    """Say a score for a terminal, in the words of the form."""
    from mlops_widgets.form_rows import summary
    from mlops_widgets.library import words

    said = summary(rubric, result, words("form"), profile=assessment.profile)
    level, bar, way = said["level"], said["bar"], result.overall.next
    yield f"{assessment.subject}, {assessment.date}"
    yield f"{rubric.title} {rubric.version}: {said['progress']}"
    yield ""
    yield ", ".join(filter(None, (level["label"], level["name"], level["note"])))
    yield "  " + ", ".join(filter(None, (bar["now"], bar["then"], bar["mark_text"])))
    if way:
        yield from ("", f"{said['blocks']['title']}: {said['blocks']['note']}")
        width = max(map(len, way.blocking))
        for name in (*way.smallest, *(name for name in way.blocking if name not in way.smallest)):
            state = " (open)" if result.state[name] == "open" else ""
            yield f"  {'*' if name in way.smallest else ' '} {name:<{width}}  {rubric.criteria[name].text}{state}"
    doubts = {name: mark["text"] for name, mark in said["marks"].items() if mark["kind"] in ("contradictory", "reason")}
    if doubts:
        yield from ("", "Look at these again:")
        yield from (f"  {name}: {text}" for name, text in doubts.items())
    yield ""
    parts = {"Dimension": None, **{part.label: part for part in result.dimensions}, "Overall": result.overall}
    width = max(map(len, parts))
    yield f"{'Dimension':<{width}}  {'Level':<10}  {'Score':<24}  Answered"
    for name, part in parts.items():
        if part is not None:
            cells = f"{name:<{width}}  {_level(part):<10}  {_interval(part, rubric):<24}"
            yield f"{cells}  {part.answered} of {part.applicable}"


def _level(part: SectionScore) -> str:
    if part.level is None:
        return "-"
    between = f" ({part.level_low} to {part.level_high})" if part.level_low != part.level_high else ""
    return f"{part.level}{between}"


def _interval(part: SectionScore, rubric: Rubric) -> str:
    """Say a score with what it may still become."""
    from mlops_widgets.numerals import number, percent

    if part.value is None or part.low is None or part.high is None:
        return "does not apply"
    edges = [edge for band in rubric.scoring.bands for edge in (band.at_least, band.above) if edge is not None]
    low, width = part.minimum, part.maximum - part.minimum or 1

    def shown(value: float) -> str:
        if rubric.scoring.display != "percent":
            return number(value, edges=edges)
        return percent((value - low) / width, edges=[*((edge - low) / width for edge in edges), 1.0])

    unit, of = (" %", "") if rubric.scoring.display == "percent" else ("", f" of {number(part.maximum)}")
    between = f" ({shown(part.low)} to {shown(part.high)}{unit})" if part.low != part.high else ""
    return f"{shown(part.value)}{unit}{of}{between}"


@main.command()
@click.argument("source", metavar="FILE_OR_ID")
@click.option(
    "-o", "--output", required=True, metavar="OUT", type=click.Path(path_type=Path, dir_okay=False),
    help="File to write: .html, .pdf or .ipynb.",
)  # fmt: skip
@click.option("--stamp", metavar="TEXT", help="Line to print as the time of making; 'now' for the present time.")
@click.option(
    "--audience", type=click.Choice(AUDIENCES), default="full", show_default=True,
    help="For whom: everybody who works on it, or one page for those who decide.",
)  # fmt: skip
@_rubric
@_store
def report(
    source: str, *, output: Path, stamp: str | None, audience: str, rubric: str | None, store: str | None
) -> None:
    """Write the report of an assessment as one file that opens anywhere.

    FILE_OR_ID is a YAML file, or the id of an assessment in the store.
    """
    from mlops_widgets.library import load_rubric
    from mlops_widgets.report import export

    known = load_rubric(rubric) if rubric else None
    assessment = _opened(source, store=store, rubric=known)
    if stamp == "now":
        stamp = datetime.now().astimezone().isoformat(" ", "minutes")
    with click.progressbar(length=1, label="Writing the report", file=sys.stderr) as bar:

        def step(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        export(assessment, output, rubric=known, stamp=stamp, audience=audience, progress=step)
    click.echo(f"{output}: the report of {assessment.subject}, {assessment.date}")
