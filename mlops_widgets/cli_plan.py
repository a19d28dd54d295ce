"""The command that leads from a score to a plan."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlops_widgets.cli_options import opened, rubric_option, store_option
from mlops_widgets.errors import ToolkitError

if TYPE_CHECKING:
    from mlops_widgets.assessment import Assessment
    from mlops_widgets.plan import Order
    from mlops_widgets.sources import Source

__all__ = ["plan"]


@click.command()
@click.argument("source", metavar="FILE_OR_ID")
@click.option("--target", type=click.IntRange(min=0), metavar="LEVEL", help="Level that the whole is to reach.")
@click.option(
    "--order", type=click.Choice(["ratio", "opensammy"]), default="ratio", show_default=True,
    help="What ranks steps: their value for the effort, or the priority that Open SAMMY publishes.",
)  # fmt: skip
@click.option(
    "--suggest", is_flag=True,
    help="Add what closes the gaps to the plan, and write it into the YAML file or the store.",
)  # fmt: skip
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="First day of what is suggested; today when left out.",
)
@click.option(
    "-o", "--output", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False),
    help="Write the plan as a file too; its ending says the format.",
)  # fmt: skip
@rubric_option
@store_option
def plan(
    source: str,
    *,
    target: int | None,
    order: Order,
    suggest: bool,
    start: datetime | None,
    output: Path | None,
    rubric: str | None,
    store: str | None,
) -> None:
    """Say what closes the gaps to the targets, and where the plan leads.

    FILE_OR_ID is a file, or the id of an assessment in the store. Nothing is changed without --suggest; with it, what
    is planned already stays as it is, and a --target is kept too.
    """
    from mlops_widgets.files import check_folder
    from mlops_widgets.formats import PLANS
    from mlops_widgets.plan_text import lines

    if output and output.suffix.lower()[1:] not in PLANS:
        raise ToolkitError(f"a plan is written as .md, .csv or .ics, not as {output.name[-60:]!r}")
    if output:
        check_folder(output)
    found = opened(source, store=store, rubric=rubric)
    assessment = found.assessment
    if target is not None:
        numbers = [level.level for level in found.rubric.levels]
        if target not in numbers:
            raise click.UsageError(f"{found.rubric.id} has no level {target}; it has {', '.join(map(str, numbers))}")
        assessment = assessment.model_copy(update={"targets": {**assessment.targets, "overall": float(target)}})
    if suggest:
        day = start.date() if start else date.today()
        assessment = _suggested(found, assessment, order=order, start=day.isoformat(), store=store, source=source)
    if output:
        from mlops_widgets.files import write
        from mlops_widgets.formats import written_plan

        write(output, written_plan(assessment, found.rubric, output.suffix.lower()[1:]))
    click.echo("\n".join(lines(assessment, found.rubric, order=order)))


def _suggested(
    found: Source, assessment: Assessment, *, order: Order, start: str, store: str | None, source: str
) -> Assessment:
    """Make a plan, and keep it where the assessment came from."""
    from secrets import token_hex

    from mlops_widgets.plan import proposed
    from mlops_widgets.sources import keep_plan

    made = proposed(found.rubric, assessment, start=start, new_id=lambda: token_hex(6), order=order)
    keep_plan(found, targets=assessment.targets, plan=made, store=store)
    click.echo(f"{source}: {len(made.items) - len(assessment.plan.items)} items added to the plan", err=True)
    return assessment.model_copy(update={"plan": made})
