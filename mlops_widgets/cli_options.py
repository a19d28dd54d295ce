"""What more than one command takes: its options, and how what they name is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mlops_widgets.errors import ToolkitError

if TYPE_CHECKING:
    from mlops_widgets.sources import Source

__all__ = ["Commands", "opened", "rubric_option", "store_option"]


class Commands(click.Group):
    """Commands whose refusals are sentences, not tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - what a command gives
        """Run a command, and end with 1 and a sentence where it cannot be done."""
        try:
            return super().invoke(ctx)
        except ToolkitError as error:
            raise click.ClickException(str(error)) from None


store_option = click.option(
    "--store",
    metavar="URL",
    help="Where assessments are kept: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE. When left out: "
    "MLOPS_WIDGETS_STORE, or a file in your data folder.",
)
rubric_option = click.option(
    "--rubric", metavar="FILE", help="Rubric that was answered, where it is not one that ships with the toolkit."
)


def opened(source: str, *, store: str | None, rubric: str | None) -> Source:
    """Open an assessment, and tell on the error output what of its file is no answer yet."""
    from mlops_widgets.sources import opened as found

    known = found(source, store=store, rubric=rubric)
    for warning in known.warnings:
        click.echo(warning, err=True)
    return known
