"""Scores to draw, and what a chart drew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from mlops_widgets.library import load_rubric
from mlops_widgets.rubric import Rubric
from mlops_widgets.scoring import Score, score

if TYPE_CHECKING:
    from mlops_widgets.charts import Chart

NAMES = ("Data", "Training", "Registry", "Deployment", "Monitoring", "Retraining", "Testing", "Governance", "Cost")
SCALE = [
    {"id": "no", "label": "No", "value": 0},
    {"id": "partly", "label": "Partly", "value": 0.5},
    {"id": "yes", "label": "Yes", "value": 1},
]


def flat(count: int, **changes: Any) -> Rubric:
    """Make a rubric of so many dimensions with four statements each."""
    sections = [
        {
            "id": f"s{index}",
            "title": NAMES[index],
            "criteria": [{"id": f"s{index}.c{number}", "text": f"Statement {number}"} for number in range(4)],
        }
        for index in range(count)
    ]
    plain = {
        "id": "flat", "version": "1.0", "title": "Flat", "description": "Made for tests.",
        "source": {"document": "none"}, "scale": "answer", "scales": {"answer": {"options": SCALE}},
        "scoring": {"combine": "mean"}, "sections": sections,
    }  # fmt: skip
    return Rubric.from_dict(plain | changes)


def answered(*yes: int, **changes: Any) -> Score:
    """Score a flat rubric with so many yes in each dimension, the rest no; -1 is not applicable, -2 open."""
    answers = {
        f"s{index}.c{place}": "na" if number == -1 else "yes" if place < number else "no"
        for index, number in enumerate(yes)
        for place in range(4)
        if number != -2
    }
    return score(flat(len(yes), **changes), answers)


def levels_score(options: dict[int, str]) -> Score:
    """Score the levels rubric with one answer for each level."""
    rubric = load_rubric("mlops-levels")
    levels = {name: criterion.level or 0 for name, criterion in rubric.criteria.items()}
    return score(rubric, {name: options[level] for name, level in levels.items() if level in options})


def rows(chart: Chart, mark: str, field: str) -> list[dict[str, Any]]:
    """Give the data of the first layer with this mark whose rows have this field."""
    spec = chart.chart.to_dict()
    for layer in spec["layer"]:
        data = spec["datasets"][layer.get("data", spec.get("data"))["name"]]
        if layer["mark"]["type"] == mark and data and field in data[0]:
            return data
    return []


def texts(chart: Chart) -> list[str]:
    """List every text drawn."""
    root = ET.fromstring(chart.svg())  # noqa: S314 - our own
    return ["\n".join(element.itertext()) for element in root.iter() if element.tag.endswith("}text")]
