"""A small rubric as plain data, for tests that change one thing and see what is said."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from mlops_widgets.rubric import Rubric

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN: dict[str, Any] = {
    "id": "small",
    "version": "1.0",
    "title": "Small",
    "description": "For tests.",
    "source": {"document": "None."},
    "scale": "answer",
    "scales": {
        "answer": {
            "options": [
                {"id": "no", "label": "No", "value": 0},
                {"id": "partly", "label": "Partly", "value": 0.5},
                {"id": "yes", "label": "Yes", "value": 1},
            ]
        }
    },
    "levels": [{"level": number, "name": f"Level {number}", "summary": "A step."} for number in range(4)],
    "facets": [
        {
            "id": "use-case",
            "question": "How are predictions used?",
            "options": [{"id": "real-time", "label": "Live"}, {"id": "batch", "label": "In batches"}],
        }
    ],
    "scoring": {"gates": {"threshold": 0.8}},
    "sections": [
        {
            "id": "data",
            "title": "Data",
            "criteria": [
                {"id": "data.a", "text": "A.", "level": 1},
                {"id": "data.b", "text": "B.", "level": 1, "applies_to": ["real-time"]},
                {"id": "data.c", "text": "C.", "level": 2, "implies": ["data.a"]},
            ],
            "descriptors": [{"id": "data.none", "text": "No data.", "level": 0, "opposite": ["data.a"]}],
        },
        {
            "id": "model",
            "title": "Model",
            "criteria": [
                {"id": "model.a", "text": "A.", "level": 1},
                {"id": "model.b", "text": "B.", "level": 3},
            ],
        },
    ],
}

MISSING = object()
"""Instead of a value: take the key out."""


def plain(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """The rubric as plain data, with values changed by path: `{"sections.0.title": "New"}`."""
    data = deepcopy(_PLAIN)
    for path, value in (changes or {}).items():
        *above, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        node: Any = data
        for step in above:
            node = node[step]
        if value is MISSING:
            del node[last]
        else:
            node[last] = value
    return data


def small(changes: dict[str, Any] | None = None) -> Rubric:
    """The rubric, with values changed by path."""
    return Rubric.from_dict(plain(changes))


def tree(combine: str, sections: Iterable[dict[str, Any]], **scoring: Any) -> Rubric:
    """A rubric of the given sections, without gates; a section may list its criteria by id alone."""

    def full(section: dict[str, Any]) -> dict[str, Any]:
        node = {"title": section["id"], **section}
        if "sections" in node:
            node["sections"] = [full(child) for child in node["sections"]]
        if "criteria" in node:
            node["criteria"] = [
                {"text": "Asked.", **({"id": item} if isinstance(item, str) else item)} for item in node["criteria"]
            ]
        return node

    return small(
        {"facets": [], "scoring": {"combine": combine, **scoring}, "sections": [full(item) for item in sections]}
    )
