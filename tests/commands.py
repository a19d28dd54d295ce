"""Running commands as a shell would, for the tests of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from mlops_widgets.cli import main
from mlops_widgets.library import packaged_folder

if TYPE_CHECKING:
    from click.testing import Result

__all__ = ["DEMO", "run"]

DEMO = packaged_folder("demo") / "churn-model.yaml"


def run(*arguments: object) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="mlops-widgets")
