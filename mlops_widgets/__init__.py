"""MLOps maturity assessments: rubrics as data, a form that renders any of them, scores, charts.

The front door: every public name, each imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlops_widgets.assessment import Answer, Assessment, PlanItem
    from mlops_widgets.charts import gantt, gap, heatmap, radar
    from mlops_widgets.errors import ToolkitError
    from mlops_widgets.form import RubricForm
    from mlops_widgets.formats import read_answers
    from mlops_widgets.formats.yaml import read_assessment, write_assessment
    from mlops_widgets.library import load_rubric, rubric_ids
    from mlops_widgets.planner import Planner
    from mlops_widgets.rubric import Rubric
    from mlops_widgets.scoring import score, score_many
    from mlops_widgets.store import Store

__all__ = [
    "Answer",
    "Assessment",
    "PlanItem",
    "Planner",
    "Rubric",
    "RubricForm",
    "Store",
    "ToolkitError",
    "__version__",
    "gantt",
    "gap",
    "heatmap",
    "load_rubric",
    "radar",
    "read_answers",
    "read_assessment",
    "rubric_ids",
    "score",
    "score_many",
    "write_assessment",
]

__version__ = "0.1.0"

_HOME = {
    "Answer": "assessment",
    "Assessment": "assessment",
    "PlanItem": "assessment",
    "Planner": "planner",
    "Rubric": "rubric",
    "RubricForm": "form",
    "Store": "store",
    "ToolkitError": "errors",
    "gantt": "charts",
    "gap": "charts",
    "heatmap": "charts",
    "load_rubric": "library",
    "radar": "charts",
    "read_answers": "formats",
    "read_assessment": "formats.yaml",
    "rubric_ids": "library",
    "score": "scoring",
    "score_many": "scoring",
    "write_assessment": "formats.yaml",
}
"""The module each name lives in."""


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    return value


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *__all__})
