"""The command that turns files of one format into files of another."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import click

from mlops_widgets.cli_options import A_PATH, rubric_option

if TYPE_CHECKING:
    from pathlib import Path

    from mlops_widgets.conversion import Outcome

__all__ = ["convert"]


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="IN... OUT", type=A_PATH)
@click.option(
    "--to", "ending", metavar="ENDING", help="Write files of this format into the folder OUT: .yaml, .md and so on."
)
@rubric_option
@click.option(
    "--report", "report_file", metavar="FILE", type=A_PATH,
    help="What became of every mark: all of it as .json, or as .yaml what waits for a person, to be filled in.",
)  # fmt: skip
@click.option(
    "--decide", "decided", metavar="FILE", type=A_PATH, help="What a person decided: the .yaml report, filled in."
)
@click.option("--allow-unread", is_flag=True, help="End with 0 even when something waits for a person.")
@click.option("--force", is_flag=True, help="Write over files that are there already; never over one that is read.")
def convert(
    paths: tuple[Path, ...],
    *,
    ending: str | None,
    rubric: str | None,
    report_file: Path | None,
    decided: Path | None,
    allow_unread: bool,
    force: bool,
) -> None:
    """Turn an assessment into another format, or many of them: the endings say which.

    One file IN becomes the file OUT; with --to, files and folders become files in the folder OUT. Every mark in a file
    ends as an answer or in a list: what is not understood is told with its line, and then the command ends with 1.

    A rubric becomes a rubric: a custom lens of the AWS Well-Architected Tool (.json), the folder of OWASP SAMM's or
    DSOMM's model, or one of ours, into ours (.yaml) or a lens (.json). What has no counterpart there is told.
    """
    from mlops_widgets import conversion
    from mlops_widgets.formats.decisions import read_decisions
    from mlops_widgets.formats.rubric_exchange import RUBRICS, is_rubric
    from mlops_widgets.library import load_rubric

    *sources, out = paths
    several = (
        len(sources) > 1 or out.is_dir() or (sources and sources[0].is_dir() and out.suffix.lower() not in RUBRICS)
    )
    if not sources or (ending is None and several):
        raise click.UsageError("give one file and the file to write, or --to and a folder for many")
    if ending is None and is_rubric(sources[0]):
        _exchange(sources[0], out, report_file=report_file, force=force)
        return
    known = load_rubric(rubric) if rubric else None
    decisions = read_decisions(decided) if decided else None
    target = conversion.ending_of(ending or out.name)
    todo = conversion.jobs(sources, out, target) if ending else [conversion.Job(source=sources[0], output=out)]
    conversion.check(todo, force=force)
    if report_file:
        conversion.check_report(report_file, todo, decided=decided, force=force)
    if decisions:
        decisions.check_names([str(job.source) for job in todo])
    steps = conversion.convert(todo, ending=target, rubric=known, decisions=decisions)
    if ending:
        with closing(steps), click.progressbar(steps, length=len(todo), label="Converting", file=sys.stderr) as bar:
            outcomes = list(bar)
    else:
        outcomes = list(steps)
    _tell(outcomes, out)
    if report_file:
        _report(report_file, outcomes)
    unread = any(outcome.waiting for outcome in outcomes) and not allow_unread
    sys.exit(1 if unread or any(outcome.error for outcome in outcomes) else 0)


def _exchange(source: Path, out: Path, *, report_file: Path | None, force: bool) -> None:
    """Turn a rubric into another form, and tell what does not come along."""
    from mlops_widgets import conversion
    from mlops_widgets.files import write
    from mlops_widgets.formats.rubric_exchange import exchanged

    todo = [conversion.Job(source=source, output=out)]
    conversion.check(todo, force=force)
    if report_file:
        conversion.check_report(report_file, todo, force=force)
    content, rubric, notes = exchanged(source, out.suffix.lower())
    write(out, content)
    for note in notes:
        click.echo(str(note), err=True)
    if report_file:
        told = [{"where": note.where, "message": note.message} for note in notes]
        data = {"format": 1, "source": str(source), "output": str(out), "notes": told}
        write(report_file, _json(data))
    without = f", {len(notes)} without a counterpart or changed" if notes else ""
    click.echo(f"{out}: the rubric {rubric.id}, {len(rubric.criteria)} criteria{without}")


def _tell(outcomes: list[Outcome], out: Path) -> None:
    """Say what was written, and on the error output what waits for a person and what cannot be used."""
    done = [outcome for outcome in outcomes if outcome.reading]
    for outcome in outcomes:
        if outcome.error:
            click.echo(f"Error: {outcome.error}", err=True)
        elif outcome.reading and (outcome.waiting or outcome.reading.notes):
            click.echo("\n".join((f"{outcome.job.source}:", *outcome.reading.told())), err=True)
    answers = sum(outcome.answers for outcome in outcomes)
    if len(outcomes) > 1:
        click.echo(f"{out}: {len(done)} file{'' if len(done) == 1 else 's'} with {answers} answers")
    elif done:
        click.echo(f"{out}: {answers} answer{'' if answers == 1 else 's'}")


def _report(path: Path, outcomes: list[Outcome]) -> None:
    from mlops_widgets import conversion
    from mlops_widgets.files import write
    from mlops_widgets.formats.decisions import write_decisions

    if path.suffix.lower() == ".json":
        write(path, _json(conversion.report(outcomes)))
    else:
        write(path, write_decisions({str(each.job.source): each.reading for each in outcomes if each.reading}).encode())


def _json(data: object) -> bytes:
    """Give data as JSON; a name of a file that is no text has its bytes escaped."""
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode(errors="backslashreplace")
