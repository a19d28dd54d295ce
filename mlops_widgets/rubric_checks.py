"""What must hold between the parts of a rubric: ids, references, weights, bands.

Reads plain data and steps over what has the wrong type, so that its faults are told together with those of
single fields; may not import the rubric.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from mlops_widgets.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["circles", "faults"]

Node = Mapping[str, Any]
Placed = tuple[str, Node]
"""Where a part stands in the file, and the part."""


def faults(data: Node) -> Iterator[Problem]:
    """Find every fault between the parts of a rubric given as plain data.

    >>> for problem in faults({"scoring": {"combine": "weighted_mean"}, "sections": [
    ...         {"id": "a", "weight": 0.5, "criteria": [{"id": "x"}]},
    ...         {"id": "b", "weight": 0.25, "criteria": [{"id": "x", "implies": ["y"]}]}]}):
    ...     print(problem)
    sections[1].criteria[0].id: 'x' is used more than once; every id in a rubric is unique
    sections[1].criteria[0].implies[0]: 'y' is no criterion of this rubric
    sections: the weights of a weighted mean must sum to 1, not 0.75
    """
    sections = list(_sections(data, ""))
    criteria = [item for place, section in sections for item in _nodes(section, "criteria", place)]
    descriptors = [item for place, section in sections for item in _nodes(section, "descriptors", place)]
    yield from _duplicates([*sections, *criteria, *descriptors])
    yield from _references(data, criteria, descriptors)
    yield from _circles(criteria, "implies")
    yield from _circles(criteria, "requires")
    yield from _turned_round(criteria)
    yield from _scales(data, sections, criteria)
    yield from _shape(sections)
    yield from _weights(data, sections)
    yield from _levels(data, criteria, descriptors)
    yield from _bands(data)
    yield from _facets(data, criteria)
    yield from _roadmaps(data)
    yield from _plan(data)


def _nodes(parent: Node, key: str, place: str = "") -> Iterator[Placed]:
    children = parent.get(key)
    if isinstance(children, (list, tuple)):
        prefix = f"{place}.{key}" if place else key
        for index, child in enumerate(children):
            if isinstance(child, Mapping):
                yield f"{prefix}[{index}]", child


def _sections(parent: Node, place: str) -> Iterator[Placed]:
    for child_place, child in _nodes(parent, "sections", place):
        yield child_place, child
        yield from _sections(child, child_place)


def _texts(node: Node, key: str) -> list[tuple[int, str]]:
    values = node.get(key)
    if not isinstance(values, (list, tuple)):
        return []
    return [(index, value) for index, value in enumerate(values) if isinstance(value, str)]


def _numbers(nodes: list[Placed], key: str) -> list[float]:
    """Give one number of each node; nothing at all where any of them is none."""
    values = [node.get(key) for _, node in nodes]
    numbers = [value for value in values if isinstance(value, (int, float))]
    return numbers if len(numbers) == len(values) else []


def _ids(nodes: list[Placed]) -> list[str]:
    return [node["id"] for _, node in nodes if isinstance(node.get("id"), str)]


def _duplicates(items: list[Placed]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, item in items:
        name = item.get("id")
        if isinstance(name, str):
            if name in seen:
                yield Problem(
                    where=f"{place}.id", message=f"{name!r} is used more than once; every id in a rubric is unique"
                )
            seen.add(name)


def _references(data: Node, criteria: list[Placed], descriptors: list[Placed]) -> Iterator[Problem]:
    known = set(_ids(criteria))
    initiatives = [each for place, roadmap in _nodes(data, "roadmaps") for each in _initiatives(roadmap, place)]
    yield from _duplicates(initiatives)
    named = [(criteria, "implies"), (criteria, "requires"), (descriptors, "opposite"), (initiatives, "criteria")]
    for nodes, key in named:
        for place, node in nodes:
            for index, name in _texts(node, key):
                if name not in known:
                    yield Problem(where=f"{place}.{key}[{index}]", message=f"{name!r} is no criterion of this rubric")


def _initiatives(roadmap: Node, place: str) -> Iterator[Placed]:
    for phase_place, phase in _nodes(roadmap, "phases", place):
        yield from _nodes(phase, "initiatives", phase_place)


def _circles(nodes: list[Placed], key: str) -> Iterator[Problem]:
    """Find what leads back to itself by one kind of reference, and name the way round."""
    graph = {
        node["id"]: [name for _, name in _texts(node, key)] for _, node in nodes if isinstance(node.get("id"), str)
    }
    places = {node["id"]: place for place, node in nodes if isinstance(node.get("id"), str)}
    for name, circle in circles(graph):
        way = " -> ".join(circle)
        yield Problem(where=f"{places[name]}.{key}", message=f"goes round in a circle: {way}; take one of them out")


def circles(graph: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, list[str]]]:
    """Find the ways round in what names others: who closes each circle, and the circle from its start to its start.

    >>> list(circles({"a": ["b"], "b": ["c", "a"], "c": []}))
    [('b', ['a', 'b', 'a'])]
    """
    done: set[str] = set()
    for start in graph:
        if start in done:
            continue
        path = {start: iter(graph[start])}
        while path:
            last = next(reversed(path))
            child = next(path[last], None)
            if child is None:
                done.add(last)
                del path[last]
            elif child in path:
                names = list(path)
                yield last, [*names[names.index(child) :], child]
            elif child in graph and child not in done:
                path[child] = iter(graph[child])


def _turned_round(criteria: list[Placed]) -> Iterator[Problem]:
    """What a criterion requires may not imply it: it would have to be there before itself."""
    implies = {
        node["id"]: [name for _, name in _texts(node, "implies")]
        for _, node in criteria
        if isinstance(node.get("id"), str)
    }
    for place, node in criteria:
        for index, name in _texts(node, "requires"):
            reached: set[str] = set()
            queue = [name]
            while queue:
                new = set(implies.get(queue.pop(), ())) - reached
                reached |= new
                queue.extend(new)
            if node.get("id") in reached:
                yield Problem(
                    where=f"{place}.requires[{index}]",
                    message=f"{name!r} implies this criterion, so it cannot come before it; "
                    "take out one of the two, or turn it round",
                )


def _scales(data: Node, sections: list[Placed], criteria: list[Placed]) -> Iterator[Problem]:
    scales = data.get("scales")
    if not isinstance(scales, Mapping) or not scales:
        return
    sizes: dict[str, int] = {}
    for name, scale in scales.items():
        if not isinstance(scale, Mapping):
            continue
        place = f"scales.{name}"
        options = list(_nodes(scale, "options", place))
        sizes[str(name)] = len(options)
        yield from _duplicates(options)
        values = _numbers(options, "value")
        if any(lower >= upper for lower, upper in pairwise(values)):
            yield Problem(where=f"{place}.options", message="the values must rise from the first option to the last")
        met, ids = scale.get("met"), _ids(options)
        if isinstance(met, str) and met not in ids:
            yield Problem(where=f"{place}.met", message=f"{met!r} is no option of this scale")
        elif isinstance(met, str) and met == ids[0]:
            yield Problem(where=f"{place}.met", message=f"{met!r} is the lowest answer; that cannot count as met")
    for place, node in [("", data), *sections, *criteria]:
        name = node.get("scale")
        if isinstance(name, str) and name not in scales:
            known = ", ".join(map(str, scales))
            yield Problem(
                where=f"{place}.scale".lstrip("."), message=f"{name!r} is not one of the scales of this rubric: {known}"
            )
    yield from _anchors(data, sizes)
    yield from _ranges(data, scales)


def _ranges(data: Node, scales: Node) -> Iterator[Problem]:
    """What is left out while open may not change the range, or a yes could lower the score."""
    scoring = data.get("scoring")
    if isinstance(scoring, Mapping) and scoring.get("unanswered") == "excluded":
        ranges = {
            (values[0], values[-1])
            for scale in scales.values()
            if isinstance(scale, Mapping) and (values := _numbers(list(_nodes(scale, "options")), "value"))
        }
        if len(ranges) > 1:
            yield Problem(
                where="scales",
                message="differ in their lowest or highest value, and with 'unanswered: excluded' a yes could then "
                "lower the score; give all the same range or use 'unanswered: lowest'",
            )


def _anchors(parent: Node, sizes: Mapping[str, int], place: str = "", inherited: object = None) -> Iterator[Problem]:
    name = parent.get("scale", inherited)
    for child_place, child in _nodes(parent, "sections", place):
        yield from _anchors(child, sizes, child_place, name)
    for child_place, criterion in _nodes(parent, "criteria", place):
        anchors = len(_texts(criterion, "anchors"))
        size = sizes.get(str(criterion.get("scale", name)))
        if criterion.get("kind") == "anchored":
            if size is not None and anchors != size:
                yield Problem(
                    where=f"{child_place}.anchors",
                    message=f"has {anchors} texts; an anchored question has one for each of its {size} answers",
                )
        elif anchors:
            yield Problem(where=f"{child_place}.anchors", message="belongs to a criterion of kind 'anchored' only")


def _shape(sections: list[Placed]) -> Iterator[Problem]:
    for place, section in sections:
        if bool(section.get("sections")) == bool(section.get("criteria")):
            has = "both" if section.get("sections") else "neither"
            yield Problem(where=place, message=f"holds either sections or criteria; this one has {has}")


def _weights(data: Node, sections: list[Placed]) -> Iterator[Problem]:
    scoring = data.get("scoring")
    scoring = scoring if isinstance(scoring, Mapping) else {}
    excluded = scoring.get("unanswered") == "excluded"
    for place, node, combine in [
        ("", data, scoring.get("combine", "mean")),
        *((place, node, node.get("combine", "mean")) for place, node in sections),
    ]:
        children = [*_nodes(node, "sections", place), *_nodes(node, "criteria", place)]
        weights = [child.get("weight", 1) for _, child in children]
        if not weights or not all(isinstance(weight, (int, float)) for weight in weights):
            continue
        where = f"{place}.sections" if node.get("sections") else f"{place}.criteria"
        where = where.lstrip(".")
        if combine == "weighted_mean":
            if abs(sum(weights) - 1) > 1e-9:  # noqa: PLR2004 - float noise of decimals that sum to 1
                yield Problem(
                    where=where, message=f"the weights of a weighted mean must sum to 1, not {sum(weights):g}"
                )
        else:
            for child_place, child in children:
                if child.get("weight", 1) not in (0, 1):
                    yield Problem(
                        where=f"{child_place}.weight",
                        message="counts only under 'combine: weighted_mean'; elsewhere it is 0 (not counted) or 1",
                    )
            if not any(weights):
                yield Problem(where=where, message="has no part that counts: every weight is 0")
        if excluded and combine in ("min", "sum"):
            yield Problem(
                where=f"{place}.combine".lstrip(".") if place else "scoring.combine",
                message=f"'{combine}' with 'unanswered: excluded' lets a yes lower the score; use 'unanswered: lowest'",
            )


def _levels(data: Node, criteria: list[Placed], descriptors: list[Placed]) -> Iterator[Problem]:
    placed = list(_nodes(data, "levels"))
    levels = [level["level"] for _, level in placed if isinstance(level.get("level"), int)]
    for number, count in Counter(levels).items():
        if count > 1:
            yield Problem(where="levels", message=f"level {number} is described {count} times")
    scoring = data.get("scoring")
    scoring = scoring if isinstance(scoring, Mapping) else {}
    named = [(f"{place}.level", node.get("level")) for place, node in [*criteria, *descriptors]]
    named += [(f"{place}.level", band.get("level")) for place, band in _nodes(scoring, "bands", "scoring")]
    for place, roadmap in _nodes(data, "roadmaps"):
        named += [(f"{place}.{key}", roadmap.get(key)) for key in ("from_level", "to_level")]
    known = ", ".join(map(str, sorted(set(levels)))) or "(this rubric has no levels)"
    for where, number in named:
        if isinstance(number, int) and number not in levels:
            yield Problem(where=where, message=f"{number} is not one of {known}")
    if scoring.get("gates"):
        yield from _gates(scoring, criteria, levels)


def _gates(scoring: Node, criteria: list[Placed], levels: list[int]) -> Iterator[Problem]:
    if scoring.get("bands"):
        yield Problem(where="scoring", message="has both bands and gates; a level comes from one of them")
    if not levels:
        yield Problem(where="levels", message="are needed where gates decide, the lowest for those who meet nothing")
        return
    for place, criterion in criteria:
        if criterion.get("level") in (None, min(levels)):
            yield Problem(
                where=f"{place}.level",
                message=f"is needed where gates decide: the level above {min(levels)} that the criterion counts for",
            )


def _bands(data: Node) -> Iterator[Problem]:
    scoring = data.get("scoring")
    if not isinstance(scoring, Mapping):
        return
    inf = float("inf")
    last_level: int = -1
    last_edge: float = -inf
    last_closed = False
    for place, band in _nodes(scoring, "bands", "scoring"):
        for one, other in (("at_least", "above"), ("below", "at_most")):
            if band.get(one) is not None and band.get(other) is not None:
                yield Problem(where=place, message=f"has both '{one}' and '{other}'; an edge is in the band or not")
        low_closed, high_closed = band.get("at_least") is not None, band.get("at_most") is not None
        low = band.get("at_least") if low_closed else band.get("above")
        high = band.get("at_most") if high_closed else band.get("below")
        low = -inf if low is None else low
        high = inf if high is None else high
        level = band.get("level")
        if not (isinstance(low, (int, float)) and isinstance(high, (int, float)) and isinstance(level, int)):
            continue
        if low > high or (low == high and not (low_closed and high_closed)):
            yield Problem(where=place, message="holds no value: its lower edge is above its upper one")
        if level <= last_level:
            yield Problem(where=f"{place}.level", message="bands are listed from the lowest level to the highest")
        if low < last_edge or (low == last_edge and low_closed and last_closed):
            yield Problem(where=place, message="overlaps the band before it; give the shared edge to one of them")
        last_level, last_edge, last_closed = level, high, high_closed


def _facets(data: Node, criteria: list[Placed]) -> Iterator[Problem]:
    facets = list(_nodes(data, "facets"))
    options = [option for place, facet in facets for option in _nodes(facet, "options", place)]
    yield from _duplicates([*facets, *options])
    known = set(_ids(options))
    for place, criterion in criteria:
        for index, name in _texts(criterion, "applies_to"):
            if name not in known:
                yield Problem(
                    where=f"{place}.applies_to[{index}]",
                    message=f"{name!r} is not one of the facet options: {', '.join(sorted(known)) or 'there are none'}",
                )


def _roadmaps(data: Node) -> Iterator[Problem]:
    for place, roadmap in _nodes(data, "roadmaps"):
        yield from _rising(place, roadmap, "from_level", "to_level", equal=False)
        yield from _rising(place, roadmap, "months_low", "months_high", equal=True)
        investment = roadmap.get("investment")
        if isinstance(investment, Mapping):
            yield from _rising(f"{place}.investment", investment, "low", "high", equal=True)
        for phase_place, phase in _nodes(roadmap, "phases", place):
            yield from _rising(phase_place, phase, "start", "end", equal=False)
        initiatives = list(_initiatives(roadmap, place))
        known = set(_ids(initiatives))
        for own, initiative in initiatives:
            for index, name in _texts(initiative, "after"):
                if name not in known:
                    yield Problem(where=f"{own}.after[{index}]", message=f"{name!r} is no initiative of this roadmap")
        yield from _circles(initiatives, "after")


def _plan(data: Node) -> Iterator[Problem]:
    """The phases of a plan follow each other, so that every day of it is in one of them."""
    plan = data.get("plan")
    if not isinstance(plan, Mapping):
        return
    end: object = 0
    for place, phase in _nodes(plan, "phases", "plan"):
        yield from _rising(place, phase, "start", "end", equal=False)
        if isinstance(phase.get("start"), int) and isinstance(end, int) and phase["start"] != end:
            yield Problem(where=f"{place}.start", message=f"must be {end}, where the phase before it ends")
        end = phase.get("end")
    for key in ("phases", "metrics", "budget"):
        yield from _duplicates(list(_nodes(plan, key, "plan")))


def _rising(place: str, node: Node, first: str, last: str, *, equal: bool) -> Iterator[Problem]:
    pair = _numbers([(place, {"value": node.get(key)}) for key in (first, last)], "value")
    if pair and (pair[0] > pair[1] or (pair[0] == pair[1] and not equal)):
        than = "may not be above" if equal else "must be below"
        yield Problem(where=f"{place}.{first}", message=f"{pair[0]:g} {than} {last}, which is {pair[1]:g}")
