"""The published limits of a custom lens, and what its risk rules say, for tests of lenses we write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

ID = re.compile(r"[A-Za-z0-9_]{3,64}")
QUESTION_ID = re.compile(r"[A-Za-z0-9_]{3,128}")
RISKS = {"HIGH_RISK", "MEDIUM_RISK", "NO_RISK"}
KEYS = {
    "lens": {"schemaVersion", "name", "description", "pillars"},
    "pillar": {"id", "name", "questions"},
    "question": {"id", "title", "description", "helpfulResource", "choices", "riskRules"},
    "choice": {"id", "title", "helpfulResource", "improvementPlan", "additionalResources"},
}


def faults(lens: dict[str, Any], size: int) -> Iterator[str]:
    """Find what the AWS Well-Architected Tool would refuse: keys, ids, counts, lengths, risk rules.

    Lens name 128 and description 2048 characters; 10 pillars; names 128; 20 questions a pillar; titles 128;
    descriptions 2048; 15 choices a question; resource and plan 2048; ids 3 to 128 letters, digits, underscores, each
    once (the interface for answers takes 64 for pillars and choices); rules name choices of their question and the
    last is the default; 500 kB in all.
    """
    yield from _keys("lens", lens)
    if lens["schemaVersion"] != "2021-11-01":
        yield "schemaVersion"
    yield from _length("name", lens["name"], 128)
    yield from _length("description", lens["description"], 2048)
    yield from _count("pillars", lens["pillars"], 10)
    yield from _ids("pillars", lens["pillars"])
    if size > 500_000:
        yield "size"
    for pillar in lens["pillars"]:
        place = pillar["id"]
        yield from _keys("pillar", pillar)
        yield from _length(f"{place}.name", pillar["name"], 128)
        yield from _count(place, pillar["questions"], 20)
    questions = [question for pillar in lens["pillars"] for question in pillar["questions"]]
    yield from _ids("questions", questions, QUESTION_ID)
    for question in questions:
        yield from _question(question)


def _question(question: dict[str, Any]) -> Iterator[str]:
    place, choices = question["id"], question["choices"]
    yield from _keys("question", question)
    yield from _length(f"{place}.title", question["title"], 128)
    yield from _length(f"{place}.description", question.get("description", "-"), 2048)
    yield from _count(place, choices, 15)
    yield from _ids(place, choices)
    for choice in choices:
        yield from _keys("choice", choice)
        yield from _length(f"{choice['id']}.title", choice["title"], 128)
        for key in ("helpfulResource", "improvementPlan"):
            yield from _length(f"{choice['id']}.{key}", choice.get(key, {"displayText": "-"})["displayText"], 2048)
    known = {choice["id"] for choice in choices}
    rules = question["riskRules"]
    if rules[-1]["condition"] != "default" or len(rules) > 3 or len({rule["risk"] for rule in rules}) < len(rules):
        yield f"{place}.riskRules"
    for rule in rules:
        if rule["risk"] not in RISKS:
            yield f"{place}: {rule['risk']}"
        if rule["condition"] != "default" and not _names(rule["condition"]) <= known:
            yield f"{place}: {rule['condition']}"


def _keys(kind: str, node: dict[str, Any]) -> Iterator[str]:
    if not node.keys() <= KEYS[kind]:
        yield f"{kind}: {sorted(node.keys() - KEYS[kind])}"


def _length(place: str, text: str, most: int) -> Iterator[str]:
    if not 1 <= len(text) <= most:
        yield f"{place}: {len(text)} characters"


def _count(place: str, parts: list[Any], most: int) -> Iterator[str]:
    if not 1 <= len(parts) <= most:
        yield f"{place}: {len(parts)} parts"


def _ids(place: str, parts: list[dict[str, Any]], form: re.Pattern[str] = ID) -> Iterator[str]:
    ids = [part["id"] for part in parts]
    if len(set(ids)) < len(ids):
        yield f"{place}: an id stands twice"
    yield from (f"{place}: {name}" for name in ids if not form.fullmatch(name))


def _names(condition: str) -> set[str]:
    return set(re.findall(r"\w+", condition))


def risk(question: dict[str, Any], ticked: Collection[str]) -> str:
    """Say what the rules of a question make of the ticked choices; the first rule that holds counts."""
    for rule in question["riskRules"]:
        if rule["condition"] == "default" or any(
            all(name in ticked for name in _names(way)) for way in rule["condition"].split("||")
        ):
            return str(rule["risk"])
    raise AssertionError("no rule holds")
