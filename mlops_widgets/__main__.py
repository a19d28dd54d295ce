"""Run the commands as `python -m mlops_widgets`."""

from mlops_widgets.cli import main

main()
