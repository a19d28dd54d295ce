"""The commands: each a few lines over the floors below.

Holds no rules of its own; what a command needs is imported when it runs, so that each starts at once.
"""

from __future__ import annotations

import sys
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any

import click

from mlops_widgets import __version__
from mlops_widgets.cli_convert import convert
from mlops_widgets.cli_gate import badge, check
from mlops_widgets.cli_options import A_PATH, Commands, json_text, opened, rubric_option, store_option
from mlops_widgets.cli_plan import plan
from mlops_widgets.errors import ToolkitError
from mlops_widgets.report_parts import AUDIENCES

__all__ = ["main"]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """Assess how mature the work with machine learning models is: ask, score, show, report."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8866, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@store_option
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
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=A_PATH)
def validate(files: tuple[Path, ...]) -> None:
    """Check files of rubrics and assessments, and tell every fault with its line.

    Ends with 1 when there is any.
    """
    from mlops_widgets.assessment import Assessment
    from mlops_widgets.sources import looked_at

    faults = 0
    for path in files:
        try:
            found, warnings = looked_at(path)
            for warning in warnings:
                click.echo(f"{path}: {warning}", err=True)
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
@rubric_option
@store_option
def score(source: str, *, as_json: bool, rubric: str | None, store: str | None) -> None:
    """Score an assessment: its level, how sure that is, and what blocks the next one.

    FILE_OR_ID is a file, or the id of an assessment in the store.
    """
    from mlops_widgets.score_text import lines
    from mlops_widgets.scoring import score as scored

    found = opened(source, store=store, rubric=rubric)
    result = scored(found.rubric, found.assessment)
    if as_json:
        about = found.given.model_dump(mode="json", include={"id", "subject", "date", "assessor", "profile", "targets"})
        about["targets"] = {name: level for name, level in about["targets"].items() if isfinite(level)}
        printed = {"format": 1, "assessment": about, **result.to_dict()}
        click.echo(json_text(printed))
    else:
        click.echo("\n".join(lines(found.given, found.rubric, result)))


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
@rubric_option
@store_option
def report(
    source: str, *, output: Path, stamp: str | None, audience: str, rubric: str | None, store: str | None
) -> None:
    """Write the report of an assessment as one file that opens anywhere.

    FILE_OR_ID is a file, or the id of an assessment in the store.
    """
    from mlops_widgets.report import export

    found = opened(source, store=store, rubric=rubric)
    if stamp == "now":
        stamp = datetime.now().astimezone().isoformat(" ", "minutes")
    with click.progressbar(length=1, label="Writing the report", file=sys.stderr) as bar:

        def step(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        export(
            found.given, output, rubric=found.rubric if rubric else None, stamp=stamp, audience=audience, progress=step
        )
    click.echo(f"{output}: the report of {found.given.subject}, {found.given.date}")


main.add_command(check)
main.add_command(convert)
main.add_command(badge)
main.add_command(plan)
