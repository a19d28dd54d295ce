"""The commands that repositories run on themselves: a gate for CI and a badge for the README."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mlops_widgets.cli_options import json_text, opened, rubric_option, store_option
from mlops_widgets.errors import ToolkitError

__all__ = ["badge", "check"]


def _levels_asked(_ctx: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, int]:
    """Read SECTION=LEVEL."""
    asked = {}
    for each in given:
        section, _, level = each.rpartition("=")
        if not section or not level.isascii() or not level.isdigit():
            raise click.BadParameter(f"{each!r} is not of the form SECTION=LEVEL, like data=1")
        asked[section] = int(level)
    return asked


@click.command()
@click.argument("source", metavar="FILE_OR_ID")
@click.option("--min-level", type=click.IntRange(min=0), metavar="LEVEL", help="The whole reaches this level.")
@click.option(
    "--min-score", type=click.FloatRange(0, 1), metavar="SHARE",
    help="The whole's score is this share of the way from the lowest to the highest it can be, 0 to 1.",
)  # fmt: skip
@click.option(
    "--min-dimension", multiple=True, metavar="SECTION=LEVEL", callback=_levels_asked,
    help="A dimension, by its id, reaches this level; may be given more than once.",
)  # fmt: skip
@click.option("--max-open", type=click.IntRange(min=0), metavar="N", help="No more criteria than this are open.")
@click.option("--require-final", is_flag=True, help="Nothing is open: the same as --max-open 0.")
@click.option(
    "--no-regression-from", "old", metavar="OLD",
    help="Neither the whole nor a dimension is below this earlier assessment: a file, or an id in the store.",
)  # fmt: skip
@click.option(
    "--format", "shape", type=click.Choice(["text", "github", "json"]), default="text", show_default=True,
    help="How to tell it: for people, as annotations of a GitHub workflow, or for other programs.",
)  # fmt: skip
@rubric_option
@store_option
def check(
    source: str,
    *,
    min_level: int | None,
    min_score: float | None,
    min_dimension: dict[str, int],
    max_open: int | None,
    require_final: bool,
    old: str | None,
    shape: str,
    rubric: str | None,
    store: str | None,
) -> None:
    """Hold an assessment against conditions, as a gate for CI.

    Ends with 0 when all hold and with 1 when one does not; all of those are told. A wrong call, such as a level the
    rubric does not have, ends with 2. What is open never helps: it counts as the lowest answer.

    FILE_OR_ID is a file, or the id of an assessment in the store.
    """
    from mlops_widgets import gate
    from mlops_widgets.scoring import score

    conditions = gate.Conditions(
        min_level=min_level,
        min_score=min_score,
        min_dimension=min_dimension,
        max_open=0 if require_final else max_open,
        regression=old is not None,
    )
    if not conditions.count:
        raise click.UsageError("say what to ask for: --min-level, --min-score or another condition")
    try:
        found = opened(source, store=store, rubric=rubric)
        before = opened(old, store=store, rubric=rubric).given if old else None
        result = gate.verdict(score(found.rubric, found.assessment), conditions, before=before)
    except gate.ConditionError as error:
        raise click.UsageError(str(error)) from None
    except ToolkitError as error:
        if shape == "github":
            click.echo("\n".join(gate.workflow_faults(error)))
        raise
    if shape == "json":
        click.echo(json_text({"source": source, **result.to_dict()}))
    elif shape == "github":
        file = found.path.as_posix() if found.path else None
        click.echo("\n".join(gate.workflow_commands(result, file=file, lines=found.lines)))
    else:
        click.echo("\n".join((f"{source}: {result.reason}", *result.told())))
    sys.exit(0 if result.passed else 1)


@click.command()
@click.argument("source", metavar="FILE_OR_ID")
@click.option(
    "-o", "--output", required=True, metavar="OUT", type=click.Path(path_type=Path, dir_okay=False),
    help="File to write: .svg.",
)  # fmt: skip
@click.option("--label", metavar="TEXT", help="Words on the left; 'MLOps maturity' when left out.")
@rubric_option
@store_option
def badge(source: str, *, output: Path, label: str | None, rubric: str | None, store: str | None) -> None:
    """Write a badge for a README: the level, and how much is answered.

    FILE_OR_ID is a file, or the id of an assessment in the store.
    """
    from mlops_widgets.badge import drawn, said
    from mlops_widgets.files import write
    from mlops_widgets.scoring import score

    if output.suffix.lower() != ".svg":
        raise ToolkitError(f"a badge is written as .svg, not as {output.name[-60:]!r}")
    found = opened(source, store=store, rubric=rubric)
    result = score(found.rubric, found.assessment)
    write(output, drawn(result, label=label).encode())
    click.echo(f"{output}: {said(result)}")
