"""What more than one command takes: its options, and how what they name is opened."""

from __future__ import annotations

import json
import sys
from errno import EPIPE
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mlops_widgets.errors import ToolkitError

if TYPE_CHECKING:
    from mlops_widgets.sources import Source

__all__ = ["A_PATH", "Commands", "json_text", "opened", "rubric_option", "store_option"]

A_PATH = click.Path(path_type=Path, readable=False)
"""A file or folder; whoever reads it says why it cannot be read, and goes on with the others."""


class Commands(click.Group):
    """Commands whose refusals are sentences, not tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - what a command gives
        """Run a command, and end with 1 and a sentence where it cannot be done."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")  # a file on Windows has few characters
        try:
            return super().invoke(ctx)
        except ToolkitError as error:
            raise click.ClickException(str(error)) from None
        except OSError as error:
            if error.errno == EPIPE:
                raise  # whoever read has enough, which is no fault
            place = error.filename or "what is printed"
            what = "used" if error.filename else "written"
            raise click.ClickException(f"{place}: cannot be {what}: {error.strerror}") from None


def json_text(data: object) -> str:
    """Write data as JSON, as people read it where the output has all characters."""
    every = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(data, ensure_ascii=not every, indent=2, allow_nan=False)


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
