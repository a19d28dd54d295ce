"""What the writer recorded in comments, held against what stands there now: what a person has changed wins.

Pure; the counterpart of `markdown_writing`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from mlops_widgets.assessment import NOT_APPLICABLE, Answer, Budget, Plan, PlanItem, SuccessMetric
from mlops_widgets.formats.days import day_in
from mlops_widgets.formats.markdown_entries import Known, details_of, one_line, parsed
from mlops_widgets.formats.markdown_text import comments_in, named, read_text, without_comments
from mlops_widgets.formats.markdown_writing import NOT_APPLICABLE_WORD, is_ticked, word_of
from mlops_widgets.formats.marks import OPEN, UNCLEAR, YES, Meaning, Said, said, value_for
from mlops_widgets.formats.reading import LINKS, NOTE, REASON

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mlops_widgets.formats.markdown_blocks import Block
    from mlops_widgets.rubric import Rubric, Scale

__all__ = ["answer_now", "header_of", "is_header", "kept_answers", "plan_of", "record_of"]

_BOX = re.compile(r"\[(.)\] ?")
_WORD = re.compile(r" — \*\*(.*)\*\*$", re.DOTALL)


def record_of(markdown: str) -> tuple[str, str] | None:
    """Find what is recorded in a line: a name and a value."""
    return next(((name, value) for name, value in reversed(comments_in(markdown)) if value is not None), None)


def answer_now(block: Block, name: str, recorded: str, rubric: Rubric) -> tuple[str | None, str]:
    """Say what a line that was recorded answers now.

    Returns:
        The value, and why there is none that can be told.
    """
    scale = rubric.scale_of.get(name)
    before = recorded or None
    text = without_comments(block.text)
    found = _WORD.search(text)
    word = read_text(found[1]) if found else _plain_word(text, name, rubric)
    options = [child for child in block.children if (record := record_of(child.text)) and record[0] == "option"]
    if options and scale is not None:
        ticked = [each for each in options if _tick(each.text)]
        return _chosen([(record_of(each.text) or ("", ""))[1] for each in ticked], word, before, scale)
    mark = _tick(text)
    if mark not in ("", "x", "X"):
        return None, f"the mark `[{mark}]` is not known here"
    is_now = bool(mark)
    added = _added(text[: found.start()] if found else text, name, rubric)
    stands = word_of(before, scale)
    is_behind = not word and bool(stands) and f"**{stands}**" in text
    if (beside := _beside(added, word, scale, behind=stands if is_behind else "")) is not None:
        return beside.value, beside.why
    if word == word_of(before, scale):
        if is_now == is_ticked(before, scale):
            return before, ""
        return _by_box(is_now, scale)
    return _by_word(word, scale, ticked=is_now)


def _beside(added: Said | None, word: str, scale: Scale | None, *, behind: str) -> Meaning | None:
    """Say what was written beside a statement or behind its answer, where that says more than the answer."""
    if added is not None and (not word or added.kind == UNCLEAR):
        return value_for(added, scale)
    if added is not None and ((mark := said(word)) is None or mark.kind != added.kind):
        return Meaning(None, f"its marks do not go together: {added.mark} {word}")
    return Meaning(None, f"something stands behind {behind!r}; say which answer counts") if behind else None


def _added(text: str, name: str, rubric: Rubric) -> Said | None:
    """Find what a person wrote beside a statement that says more than its box."""
    item = rubric.criteria.get(name) or rubric.descriptors.get(name)
    if item is None or read_text(_BOX.sub("", text, count=1)) == item.text:
        return None
    mark = parsed(text, Known()).said
    return None if mark is None or mark.kind == OPEN or (mark.kind == YES and _tick(text)) else mark


def _plain_word(text: str, name: str, rubric: Rubric) -> str:
    """A word that a person wrote behind a statement, without stars."""
    item = rubric.criteria.get(name) or rubric.descriptors.get(name)
    found = re.search(r"\s[—–-] ([^—*]{1,40})$", text)
    is_own = item is not None and read_text(_BOX.sub("", text, count=1)) == item.text
    return found[1] if found and not is_own and said(found[1]) else ""


def _tick(markdown: str) -> str:
    found = _BOX.match(markdown)
    return found[1].strip() if found else ""


def _by_box(ticked: bool, scale: Scale | None) -> tuple[str | None, str]:  # noqa: FBT001 - what the box says
    """A box that was ticked or emptied since says yes or no, whatever stands beside it."""
    if scale is None:
        return ("yes" if ticked else None), ""
    return scale.options[-1 if ticked else 0].id, ""


def _by_word(word: str, scale: Scale | None, *, ticked: bool) -> tuple[str | None, str]:
    if not word:
        return ("yes" if ticked else None, "") if scale is None else (_by_box(ticked, scale) if ticked else (None, ""))
    mark = said(word) or Said("word", word)
    if mark.kind == OPEN:
        return None, ""
    meaning = value_for(mark, scale)
    return meaning.value, meaning.why


def _chosen(ticked: Sequence[str], word: str, before: str | None, scale: Scale) -> tuple[str | None, str]:
    ids = [option.id for option in scale.options]
    if ticked == ([before] if before in ids else []):
        if word == (word_of(before, scale) if before not in ids else ""):
            return before, ""
        return _by_word(word, scale, ticked=False) if word else (None, "")
    if len(ticked) > 1:
        return None, f"{' and '.join(ticked)} are all ticked; keep one of them"
    if ticked:
        return ticked[0], ""
    return (NOT_APPLICABLE, "") if word == NOT_APPLICABLE_WORD else (None, "")


def header_of(found: Sequence[Block], rubric: Rubric) -> tuple[dict[str, Any], list[str]]:
    """Read what is said of the assessment as a whole, in a document of the writer.

    Returns:
        The fields, and a sentence for each target that is none.
    """
    told: list[str] = []
    fields: dict[str, Any] = {"profile": [], "targets": {}}
    labels = {option.label: option.id for facet in rubric.facets for option in facet.options}
    of_label = {option.id: option.label for facet in rubric.facets for option in facet.options}
    for block in found:
        record = record_of(block.text)
        if block.kind == "heading" and ("subject", None) in comments_in(block.text):
            fields["subject"] = read_text(without_comments(block.text))
            continue
        name, text = named(_bare(block.text)) or ("", "")
        if name == "Rubric" and record and record[0] == "rubric":
            parts = [*record[1].split(" "), "", ""]
            fields["rubric"] = {"id": parts[0], "version": parts[1], **({"hash": parts[2]} if parts[2] else {})}
        elif name == "Profile" and record:
            label = read_text(text)
            same = label == of_label.get(record[1], record[1])
            fields["profile"].append(record[1] if same else labels.get(label, label))
        elif name == "Target" and record and record[0] == "target":
            try:
                fields["targets"][record[1]] = float(text.split(" ")[0])
            except ValueError:
                told.append(f"line {block.line}: the target {text[:80]!r} of {record[1][:80]} is no number")
        elif is_header(block) and _PLAIN[name] not in fields:
            value = read_text(text)
            fields[_PLAIN[name]] = (day_in(value) or value) if name in ("Date", "Targets by") else value
    return fields, told


def is_header(block: Block) -> bool:
    """Say whether a line of a document of the writer says something of the assessment as a whole."""
    name = named(block.text)
    return name is not None and name[0] in _PLAIN and len(block.headings) <= 1


_PLAIN = {"Date": "date", "Assessed by": "assessor", "Targets by": "targets_by", "Assessment": "id"}


def _bare(markdown: str) -> str:
    return without_comments(markdown)


def kept_answers(found: Sequence[Block]) -> Iterator[tuple[str, Answer, Block]]:
    """Read answers that are kept and never scored."""
    for block in found:
        record = record_of(block.text)
        if record is None or block.kind != "item":
            continue
        word = _WORD.search(_bare(block.text))
        details = details_of(block.children)
        value = read_text(word[1]) if word else None
        yield (
            record[0],
            Answer(
                value=value,
                note="\n".join(details.notes)[:NOTE],
                evidence=tuple(details.evidence[:LINKS]),
                confidence=details.confidence,
                reason=details.reason[:REASON],
            ),
            block,
        )


# The plan


def plan_of(found: Sequence[Block], rubric: Rubric) -> tuple[Plan, list[str]]:
    """Read the plan; what cannot be used of it is told.

    Args:
        found: the parts of the document that hold it.
        rubric: whose criteria its items may meet.

    Returns:
        The plan, and a sentence for each thing left out.
    """
    plain: dict[str, Any] = {"items": {}, "metrics": [], "budget": {}, "efforts": {}}
    told: list[str] = []
    rank = 0
    for block in found:
        if block.kind == "heading":
            continue
        pair = re.match(r"([^:\s]+): ", block.text) if block.zone == "efforts" else None
        if block.kind == "item" and block.zone in _TOP:
            into = plain if block.zone == "plan" else plain["budget"]
            into |= _known([block], _TOP[block.zone], told)
        elif block.kind == "item" and block.zone == "metrics":
            parts = _known(block.children, {"Current": "current", "Target": "target"}, told)
            plain["metrics"].append({"name": read_text(block.text), **parts})
        elif block.kind == "item" and block.zone == "items":
            rank += 1
            _item(block, plain["items"], rank, rubric, told)
        elif block.kind == "item" and pair is not None:
            plain["efforts"][read_text(block.text[pair.end() :])] = _number(pair[1])
        else:
            told.append(_unread(block))
    return _fitting(plain, told), told


_TOP = {
    "plan": {"Owner": "owner", "Start": "start", "Capacity": "capacity"},
    "budget": {"Infrastructure": "infrastructure", "Tools": "tools", "People": "people"},
}


def _unread(block: Block) -> str:
    return f"line {block.line}: {one_line(block.text)[:80]!r} is nothing that a plan has here; it was left out"


def _one(name: str, text: str, known: dict[str, str]) -> dict[str, Any]:
    value = read_text(text)
    if name == "To level":
        return {known[name]: int(value) if re.fullmatch(r"[0-9]{1,3}", value) else value}
    return {known[name]: _number(value.split(" ")[0]) if name in ("Capacity", "Effort", "Rank") else value}


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _known(found: Sequence[Block], known: dict[str, str], told: list[str]) -> dict[str, Any]:
    """Read lines with a name; tell those whose name means nothing here."""
    parts: dict[str, Any] = {}
    for block in found:
        name, text = named(block.text) or ("", "")
        if name in known:
            parts |= _one(name, text, known)
        else:
            told.append(_unread(block))
    return parts


_ITEM = {
    "Status": "status",
    "To level": "to_level",
    "Effort": "effort",
    "Owner": "owner",
    "Start": "start",
    "Due": "due",
    "Blocker": "blocker",
    "Initiative": "initiative",
    "Note": "note",
    "Rank": "rank",
}


def _item(block: Block, items: dict[str, Any], position: int, rubric: Rubric, told: list[str]) -> None:
    record = record_of(block.text)
    box = _BOX.match(block.text)
    lists = {"After": "after", "Meets": "criteria"}
    listed = [(named(child.text) or ("", ""), child) for child in block.children]
    item = _known([child for (name, _), child in listed if name not in lists], _ITEM, told)
    item["title"] = read_text(_bare(block.text)[box.end() if box else 0 :])
    for (name, text), _ in listed:
        if name in lists:
            parts = re.split(r"[,;] ?", text)
            several = name == "Meets" and not rubric.criteria.keys().isdisjoint(parts)
            item.setdefault(lists[name], []).extend(parts if several else [read_text(text)])
    ticked = bool(box and box[1].strip())
    was = record[1] if record else "planned"
    if ticked != (was == "done") and item.get("status", was) == was:
        item["status"] = "done" if ticked else "planned"
    items[record[0] if record else f"item{position:04}"] = item


def _fitting(plain: dict[str, Any], told: list[str]) -> Plan:
    """Leave out what cannot be used, and say so."""
    for name, model in (("metrics", SuccessMetric),):
        plain[name] = [each for each in plain[name][:20] if _fits(model, each, each.get("name", ""), told)]
    plain["items"] = {name: item for name, item in plain["items"].items() if _mended(item, told)}
    _mended_as(Budget, plain["budget"], "the budget", told)
    top = {key: value for key, value in plain.items() if key not in ("items", "metrics", "budget", "efforts")}
    _mended_as(Plan, top, "the plan", told)
    for name, effort in list(plain["efforts"].items()):
        if not _fits(Plan, {"efforts": {name: effort}}, f"the effort of {name[:80]}", told):
            del plain["efforts"][name]
    rest = {key: plain[key] for key in ("metrics", "budget", "efforts")}
    items = {name: item for name, item in plain["items"].items() if _fits(Plan, {"items": {name: item}}, name, told)}
    return Plan.model_validate({**top, **rest, "items": items})


def _mended(item: dict[str, Any], told: list[str]) -> bool:
    return _mended_as(PlanItem, item, item.get("title", "")[:80], told)


def _mended_as(model: type[Any], plain: dict[str, Any], name: str, told: list[str]) -> bool:
    """Take single fields out until the rest can be used."""
    for _ in range(len(plain) + 1):
        try:
            model.model_validate(plain)
        except ValidationError as error:
            fields = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]} & plain.keys()
            if not fields:
                told.append(f"{one_line(name) or 'an item'} of the plan cannot be used; it was left out")
                return False
            what = ", ".join(f"{key} {str(plain.pop(key))[:80]!r}" for key in sorted(fields))
            told.append(f"{one_line(name)}: {what} cannot be used; it was left out")
        else:
            return True
    return False


def _fits(model: type[Any], plain: dict[str, Any], name: str, told: list[str]) -> bool:
    try:
        model.model_validate(plain)
    except ValidationError:
        told.append(f"{one_line(name)[:80] or 'an entry'} of the plan cannot be used; it was left out")
        return False
    return True
