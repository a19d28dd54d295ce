"""The DevSecOps Maturity Model's YAML, generated or as its source files, as a rubric.

Only reads. Dimensions and sub-dimensions are sections, activities criteria. The model shows how much of each level is
in place and has no rule beyond that; here a level is reached when each of its activities is, and each level below.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.interchange import Ids, Notes, shown
from mlops_widgets.formats.model_files import model_files, model_folders
from mlops_widgets.library import read_foreign_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from mlops_widgets.formats.interchange import RubricReading

__all__ = ["is_dsomm", "read_dsomm"]

LARGEST_MODEL = 3_000_000
"""Bytes of a generated model; the one published has 350,000."""

_GENERATED = ("generated/model.yaml", "model.yaml", "generated/generated.yaml", "generated.yaml")
_SOURCES = ("src/assets/YAML/default", "assets/YAML/default", "default", ".")
_LEVELS = range(1, 10)

_ACTIVITY = {
    "uuid",
    "description",
    "risk",
    "measure",
    "assessment",
    "level",
    "difficultyOfImplementation",
    "usefulness",
    "implementation",
    "references",
    "dependsOn",
    "meta",
    "comment",
    "comments",
    "isImplemented",
    "evidence",
    "teamsImplemented",
    "teamsEvidence",
}
_EFFORTS = ("knowledge", "time", "resources")
_ANSWERS = ("isImplemented", "evidence", "teamsImplemented", "teamsEvidence")
_LOOKS_LIKE_ONE = frozenset({"uuid", "risk", "measure", "level", "difficultyOfImplementation"})

Node = Mapping[str, Any]


def is_dsomm(folder: Path) -> bool:
    """Say whether a folder holds the model: generated, or as source files of which one has activities."""
    if not folder.is_dir():
        return False
    if _generated(folder) is not None:
        return True
    files = _source_files(folder) if _sources(folder) else []
    return any(_has_activity(document) for file in files for document in _readable(file))


def read_dsomm(path: Path) -> RubricReading:
    """Make a rubric of the model.

    Args:
        path: the generated file, the folder with the source files, or the checkout that has either.

    Raises:
        ToolkitError: it is no such model, cannot be read, or has nothing in it to ask.
    """
    notes = Notes()
    dimensions: dict[str, dict[str, Any]] = {}
    described: dict[str, str] = {}
    version = ""
    tools: Node = {}
    generated = _generated(path) if path.is_dir() else path
    files = [generated] if generated else _source_files(path)
    for file in files:
        documents, more = read_foreign_yaml(file, largest=LARGEST_MODEL)
        for note in more:
            notes.tell(note.where, note.message)
        for document in documents:
            if not isinstance(document, dict):
                notes.tell(str(file), f"should be a mapping of keys to values, not {shown(document)}: left out")
            elif isinstance(document.get("meta"), dict) and len(document) == 1:
                version = notes.text(document["meta"], "version", "meta")
                notes.rest(document["meta"], "meta", known={"version", "released", "publisher"})
            elif isinstance(document.get("_meta"), dict) and len(document) == 1:
                label = notes.text(document["_meta"], "label", "_meta") or file.parent.name
                described[label] = notes.text(document["_meta"], "description", "_meta")
                notes.rest(document["_meta"], f"{file.parent.name}/_meta", known={"label", "description"})
            elif isinstance(document.get("implementations"), dict) and len(document) == 1:
                tools = document["implementations"]
            else:
                _merge(document, dimensions, notes)
    if not _has_activity(dimensions):
        message = "is no DSOMM model; one has dimensions, these have sub-dimensions, and these activities"
        raise ToolkitError([Problem(where=str(path), message=message), *notes.notes])
    return _DsommReader(notes, dimensions, described, tools).reading(str(path), version)


def _generated(folder: Path) -> Path | None:
    return next((folder / name for name in _GENERATED if (folder / name).is_file()), None)


def _sources(folder: Path) -> Path | None:
    for name in _SOURCES:
        base = folder / name
        if base.is_dir() and any(model_files(folder, below) for below in model_folders(folder, base)):
            return base
    return None


def _source_files(folder: Path) -> list[Path]:
    base = _sources(folder) if folder.is_dir() else None
    if base is None:
        message = "holds no model: neither generated/model.yaml nor a folder for each dimension"
        raise ToolkitError([Problem(where=str(folder), message=message)])
    inner = [file for below in model_folders(folder, base) for file in model_files(folder, below)]
    return [*model_files(folder, base), *inner]


def _readable(file: Path) -> list[Any]:
    """Read what can be read: a broken file does not hide the model in the others."""
    try:
        return read_foreign_yaml(file, largest=LARGEST_MODEL)[0]
    except ToolkitError:
        return []


def _has_activity(document: object) -> bool:
    if not isinstance(document, Mapping):
        return False
    for dimension in document.values():
        for part in dimension.values() if isinstance(dimension, Mapping) else ():
            for activity in part.values() if isinstance(part, Mapping) else ():
                if isinstance(activity, Mapping) and len(_LOOKS_LIKE_ONE & activity.keys()) > 1:
                    return True
    return False


def _merge(document: Node, dimensions: dict[str, dict[str, Any]], notes: Notes) -> None:
    """Add a document's sub-dimensions to those of other files of the same dimension."""
    for name, parts in document.items():
        if not isinstance(parts, dict):
            notes.tell(name, f"should be a dimension with sub-dimensions, not {shown(parts)}: left out")
            continue
        known = dimensions.setdefault(name, {})
        for part, activities in parts.items():
            if part in known:
                notes.tell(f"{name} / {part}", "stands twice: the first is taken")
            else:
                known[part] = activities


class _DsommReader:
    def __init__(self, notes: Notes, dimensions: Mapping[str, Node], described: Mapping[str, str], tools: Node) -> None:
        self._notes = notes
        self._ids = Ids(notes)
        self._dimensions = dimensions
        self._described = described
        self._tools = tools
        self._levels: set[int] = set()
        self._by_name: dict[str, str] = {}
        self._wanted: dict[str, tuple[str, list[str]]] = {}

    def reading(self, where: str, version: str) -> RubricReading:
        notes = self._notes
        sections = [section for name, parts in self._dimensions.items() if (section := self._dimension(name, parts))]
        criteria = {
            criterion["id"]: criterion
            for dimension in sections
            for section in dimension["sections"]
            for criterion in section["criteria"]
        }
        for criterion, requires in self._requires().items():
            criteria[criterion]["requires"] = requires
        levels = [{"level": 0, "name": "Start", "summary": "Not every activity of level 1 is in place yet."}]
        levels += [
            {"level": level, "name": f"Level {level}", "summary": f"Every activity up to level {level} is in place."}
            for level in range(1, max(self._levels, default=0) + 1)
        ]
        notes.tell(
            "", "the model has no rule for reaching a level: here each activity of it, and of those below, is needed"
        )
        data = {
            "id": "dsomm",
            "version": "1.0",
            "title": "DevSecOps Maturity Model",
            "description": (
                "The activities of OWASP's DevSecOps Maturity Model. The score is the share that is in place; a level "
                "is reached when each of its activities is, and each level below."
            ),
            "source": {
                "document": notes.line(f"DevSecOps Maturity Model {version}".strip(), "meta.version"),
                "url": "https://dsomm.owasp.org",
            },
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
            "levels": levels,
            "scoring": {"combine": "pooled_mean", "gates": {"threshold": 1}, "display": "percent"},
            "sections": sections,
        }
        return notes.reading(data, where)

    def _dimension(self, name: str, parts: Node) -> dict[str, Any] | None:
        notes = self._notes
        dimension: dict[str, Any] = {
            "id": self._ids.slug(name),
            "title": notes.line(name, name) or "Dimension",
            "combine": "pooled_mean",
        }
        if text := notes.paragraphs([self._described.get(name, "")], f"{name}/_meta.description"):
            dimension["description"] = text
        sections = []
        for part, activities in parts.items():
            place = f"{name} / {part}"
            if not isinstance(activities, Mapping):
                notes.tell(place, f"should be a sub-dimension with activities, not {shown(activities)}: left out")
                continue
            section = {"id": self._ids.slug(part), "title": notes.line(part, place) or "Sub-dimension"}
            criteria = [
                criterion
                for activity, data in activities.items()
                if (criterion := self._activity(activity, data, f"{place} / {activity}", place))
            ]
            if criteria:
                sections.append({**section, "criteria": criteria})
            else:
                notes.tell(place, "has no activity: left out")
        return {**dimension, "sections": sections} if sections else None

    def _activity(self, name: str, data: object, place: str, above: str) -> dict[str, Any] | None:
        notes = self._notes
        if not isinstance(data, Mapping):
            notes.tell(place, f"should be an activity, not {shown(data)}: left out")
            return None
        level = data.get("level")
        if isinstance(level, bool) or not isinstance(level, int) or level not in _LEVELS:
            notes.tell(f"{place}.level", f"{shown(level)} is no level from 1 to 9: left out")
            return None
        self._levels.add(level)
        notes.rest({key: value for key, value in data.items() if value != ["none"]}, place, known=_ACTIVITY)
        for key in _ANSWERS:
            if data.get(key):
                notes.tell(f"{place}.{key}", "is an answer and no part of a rubric: left out")
        own = self._ids.slug(name)
        text = notes.line(name, place, kept="its help") or "Activity"
        risk = notes.text(data, "risk", place)
        absent = notes.line(risk, f"{place}.risk", kept="its help")
        source = {"section": notes.line(above, place)}
        if uuid := notes.line(notes.text(data, "uuid", place), f"{place}.uuid", most=100):
            source["note"] = f"uuid {uuid}"
        criterion: dict[str, Any] = {"id": own, "text": text, "level": level, "source": source}
        if absent:
            criterion["absent"] = absent
        whole = [name if text.endswith("…") else "", risk if absent.endswith("…") else ""]
        if help_ := notes.paragraphs([*whole, *self._help(data, place)], f"{place}.help"):
            criterion["help"] = help_
        self._known_as(own, (uuid, name), place)
        self._wanted[own] = (place, notes.texts(data, "dependsOn", place))
        return criterion

    def _known_as(self, own: str, names: tuple[str, ...], place: str) -> None:
        """Remember by which names others depend on an activity."""
        for name in names:
            if name and self._by_name.setdefault(name, own) != own:
                message = f"{shown(name)} is the name of two activities; who depends on it means the first"
                self._notes.tell(place, message)

    def _help(self, data: Node, place: str) -> list[str]:
        """Give all that explains an activity as paragraphs, what to do first."""
        notes = self._notes
        texts = [notes.text(data, key, place) for key in ("measure", "assessment")]
        effort = notes.mapping(data, "difficultyOfImplementation", place)
        notes.rest(effort, f"{place}.difficultyOfImplementation", known=_EFFORTS)
        told = [f"{key} {text}" for key in _EFFORTS if (text := notes.text(effort, key, place))]
        if told:
            texts.append(f"Difficulty, of 5: {', '.join(told)}.")
        if useful := notes.text(data, "usefulness", place):
            texts.append(f"Usefulness, of 5: {useful}.")
        meta = notes.mapping(data, "meta", place)
        notes.rest(meta, f"{place}.meta", known={"implementationGuide"})
        texts += [notes.text(meta, "implementationGuide", f"{place}.meta")]
        texts += [notes.text(data, key, place) for key in ("comment", "comments")]
        texts += [self._implementations(data, place), self._references(data, place)]
        return [*texts, notes.text(data, "description", place)]

    def _implementations(self, data: Node, place: str) -> str:
        if not isinstance(data.get("implementation"), list):
            return self._notes.text(data, "implementation", place)
        lines = []
        for at, tool in self._notes.parts(data, "implementation", place):
            part: object = tool
            if "$ref" in tool:
                part = self._tools.get(str(tool["$ref"]).rpartition("/")[2])
            if not isinstance(part, Mapping):
                self._notes.tell(at, f"{shown(tool.get('$ref'))} is not among the implementations: left out")
                continue
            words = [self._notes.text(part, key, at) for key in ("name", "url", "description")]
            lines.append(f"- {' - '.join(' '.join(word.split()) for word in words if word)}")
            self._notes.rest(part, at, known={"uuid", "name", "url", "description", "tags", "$ref"})
        return "\n".join(["Tools:", *lines]) if lines else ""

    def _references(self, data: Node, place: str) -> str:
        references = self._notes.mapping(data, "references", place)
        lines = [f"- {name}: {', '.join(self._notes.texts(references, name, place))}" for name in references]
        return "\n".join(["See also:", *lines]) if lines else ""

    def _requires(self) -> dict[str, list[str]]:
        """Give what each criterion requires; what is unknown, itself or closes a circle is left out and told."""
        graph: dict[str, list[str]] = {}
        for own, (place, names) in self._wanted.items():
            found: list[str] = []
            for name in names:
                target = self._by_name.get(name)
                if target is None:
                    self._notes.tell(f"{place}.dependsOn", f"{shown(name)} is no activity: left out")
                elif target not in found:
                    found.append(target)
            graph[own] = found
        for own, target in _closing(graph):
            message = f"{shown(target)} depends on this in turn, and that is a circle: left out"
            self._notes.tell(f"{self._wanted[own][0]}.dependsOn", message)
            graph[own].remove(target)
        return {own: targets for own, targets in graph.items() if targets}


def _closing(graph: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Find the edges that close a circle, walking from the first criterion on.

    >>> _closing({"a": ["b"], "b": ["c"], "c": ["a", "b"]})
    [('c', 'a'), ('c', 'b')]
    """
    closing: list[tuple[str, str]] = []
    done: set[str] = set()
    for start in graph:
        path, stack = {start}, [(start, iter(graph[start]))]
        while stack and start not in done:
            name, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                stack.pop()
                path.discard(name)
                done.add(name)
            elif target in path:
                closing.append((name, target))
            elif target not in done:
                path.add(target)
                stack.append((target, iter(graph[target])))
    return closing
