"""What the import page shows: a reading as rows and sentences, ready to draw.

May not know widgets: plain data in, plain data out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mlops_widgets.assessment import NOT_APPLICABLE, Answer
from mlops_widgets.numerals import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.formats.reading import Mark, Reading
    from mlops_widgets.rubric import Criterion, Descriptor, Rubric

__all__ = ["Change", "changes", "clashes", "criteria", "outcome", "rest", "rows"]


class Change(NamedTuple):
    """What a file would change about one criterion of an assessment."""

    criterion: str
    before: Answer
    after: Answer

    @property
    def is_new(self) -> bool:
        """Whether nothing stood there."""
        return self.before.is_empty


# What a file holds, once it is read


def criteria(rubric: Rubric, words: Mapping[str, str]) -> list[dict[str, Any]]:
    """List what a mark may be about, each under a name of its own, with the answers it can have."""
    listed = []
    taken: set[str] = set()
    for section in rubric.walk():
        items: list[Criterion | Descriptor] = [*section.criteria, *section.descriptors]
        for item in items:
            name = item.text if item.text not in taken else f"{item.text} ({item.id})"
            taken.add(name)
            options = _options(rubric, item.id, words)
            listed.append({"id": item.id, "name": name, "section": section.title, "options": options})
    return listed


def rows(reading: Reading, words: Mapping[str, str]) -> list[dict[str, Any]]:
    """Lay the marks of a file out: what waits for a person first, and what contradicts each other together."""
    groups = _groups(reading)
    listed = [_row(reading, position, groups.get(position, ""), words) for position in range(len(reading.marks))]
    first = {row["group"]: row["position"] for row in reversed(listed)}
    urgency = {"confirm": 1, "left": 2, "taken": 3}

    def place(row: Mapping[str, Any]) -> tuple[int, int, int]:
        if row["group"]:
            return 0, first[row["group"]], row["position"]
        return urgency[row["state"]], row["position"], 0

    return sorted(listed, key=place)


def _groups(reading: Reading) -> dict[int, str]:
    """Find the marks that say different things about one criterion; the criterion by the mark's position."""
    about: dict[str, list[int]] = {}
    for position, mark in enumerate(reading.marks):
        criterion = mark.criterion or (
            mark.candidates[0].criterion if mark.candidates and mark.state == "confirm" else None
        )
        if criterion:
            about.setdefault(criterion, []).append(position)
    return {
        position: criterion
        for criterion, positions in about.items()
        if len({reading.marks[each].answer.value for each in positions}) > 1
        and any(reading.marks[each].state == "confirm" for each in positions)
        for position in positions
    }


def _row(reading: Reading, position: int, group: str, words: Mapping[str, str]) -> dict[str, Any]:
    mark = reading.marks[position]
    best = mark.criterion or (mark.candidates[0].criterion if mark.candidates else None)
    said = _label(reading.rubric, best, mark.answer.value, words)
    how = words[f"how_{mark.how}"] if mark.how else ""
    return {
        "position": position,
        "place": mark.place,
        "section": mark.section,
        "text": mark.text,
        "said": words["said"].format(said=said) if said else words["said_nothing"],
        "value": mark.answer.value,
        "more": _more(mark.answer, words),
        "state": mark.state,
        "criterion": mark.criterion,
        "how": how,
        "share": mark.confidence if mark.criterion else mark.candidates[0].confidence if mark.candidates else 0,
        "sure": _sure(mark.confidence) if mark.criterion else "",
        "candidates": [
            {"id": candidate.criterion, "share": candidate.confidence, "sure": _sure(candidate.confidence)}
            for candidate in mark.candidates
        ],
        "why": mark.why,
        "group": group,
    }


def _sure(share: float) -> str:
    return f"{percent(share)} %"


def _options(rubric: Rubric, criterion: str, words: Mapping[str, str]) -> list[dict[str, str]]:
    if criterion in rubric.descriptors:
        return [{"value": "yes", "label": words["holds"]}]
    scale = rubric.scale_of[criterion]
    anchors = rubric.criteria[criterion].anchors or ("",) * len(scale.options)
    options = [
        {"value": option.id, "label": f"{option.label}: {text}" if text else option.label}
        for option, text in zip(scale.options, anchors, strict=True)
    ]
    return [*options, {"value": NOT_APPLICABLE, "label": words["na"]}]


def _label(rubric: Rubric, criterion: str | None, value: str | None, words: Mapping[str, str]) -> str:
    """Say a value as the scale of its criterion does, or as it is written where that has no such value."""
    if value is None:
        return ""
    scale = rubric.scale_of.get(criterion or "") or rubric.scales[rubric.scale]
    for option in scale.options:
        if option.id == value:
            return option.label
    return words["na"] if value == NOT_APPLICABLE else value


def _more(answer: Answer, words: Mapping[str, str]) -> list[str]:
    """Say what an answer holds beside its value."""
    said = {"note": answer.note, "reason": answer.reason, "evidence": ", ".join(answer.evidence)}
    return [words[f"more_{name}"].format(text=text) for name, text in said.items() if text]


# What becomes of it


def outcome(
    reading: Reading, words: Mapping[str, str], *, name: str, standing: Assessment | None = None
) -> dict[str, Any]:
    """Say what a reading comes to with what a person decided.

    Args:
        reading: with the decisions in it.
        words: of the import page.
        name: of the file.
        standing: the assessment that the answers go into; None for a new one.
    """
    rubric = reading.rubric
    mentioned = {mark.criterion for mark in reading.marks if mark.criterion} | reading.assessment.answers.keys()
    missing = [item.text for item in rubric.criteria.values() if item.id not in mentioned]
    out = sum(1 for mark in reading.left if mark.how == "hand")
    counts = {"confirm": len(reading.to_confirm), "left": len(reading.left) - out, "taken": len(reading.taken)}
    summary = words["summary"].format(count=len(reading.marks), missing=len(missing), **counts)
    if out:
        summary = words["summary_out"].format(summary=summary, out=out)
    return {
        "summary": summary,
        "counts": counts,
        "clashes": list(clashes(reading, words)),
        "missing": missing,
        "rest": rest(reading, words, name=name),
        "restCount": len(list(_rest(reading, words))),
        "answers": sum(1 for answer in reading.assessment.answers.values() if answer.value),
        "changes": [] if standing is None else [_shown(rubric, each, words) for each in changes(reading, standing)],
    }


def clashes(reading: Reading, words: Mapping[str, str]) -> Iterator[str]:
    """Say which marks were taken for one criterion and answer it differently."""
    taken: dict[str, list[Mark]] = {}
    for mark in reading.taken:
        taken.setdefault(str(mark.criterion), []).append(mark)
    for criterion, all_marks in taken.items():
        marks = [mark for mark in all_marks if mark.answer.value is not None]
        if len({mark.answer.value for mark in marks}) > 1:
            said = words["and"].join(
                f"{mark.place}: {_label(reading.rubric, criterion, mark.answer.value, words)}" for mark in marks
            )
            yield words["clash"].format(criterion=_text(reading.rubric, criterion), said=said)


def rest(reading: Reading, words: Mapping[str, str], *, name: str) -> str:
    """Write down every mark that is no answer of the assessment, as it stands in the file; empty when all are."""
    lines = list(_rest(reading, words))
    return "\n".join([words["rest_head"].format(name=name), "", *lines, ""]) if lines else ""


def _rest(reading: Reading, words: Mapping[str, str]) -> Iterator[str]:
    for mark in reading.marks:
        if mark.state != "taken":
            why = mark.why
        elif mark.criterion and not _holds(reading.assessment.answers.get(mark.criterion, Answer()), mark.answer):
            why = words["rest_other"].format(criterion=_text(reading.rubric, mark.criterion))
        else:
            continue
        yield f"{mark.place}: {' '.join(mark.text.split())}" + (f"  ({why})" if why else "")


def _holds(kept: Answer, answer: Answer) -> bool:
    """Whether everything an answer says is in the one that was kept, of several about one criterion."""
    return (
        answer.value in (None, kept.value)
        and answer.note in kept.note
        and answer.reason in kept.reason
        and set(answer.evidence) <= set(kept.evidence)
    )


def changes(reading: Reading, standing: Assessment) -> Sequence[Change]:
    """List what the answers of a file change about those that stand; what the file does not say stays as it is."""
    found = []
    answers = reading.assessment.answers
    in_order = [*reading.rubric.criteria, *reading.rubric.descriptors]
    for criterion, answer in ((name, answers[name]) for name in in_order if name in answers):
        before = standing.answers.get(criterion, Answer())
        said = {name: getattr(answer, name) for name in answer.to_dict()}
        if answer.value is not None and answer.value != NOT_APPLICABLE:
            said["reason"] = ""
        after = before.model_copy(update=said)
        if after != before:
            found.append(Change(criterion, before, after))
    return found


def _shown(rubric: Rubric, change: Change, words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "criterion": change.criterion,
        "name": _text(rubric, change.criterion),
        "before": _said(rubric, change.criterion, change.before, words),
        "after": _said(rubric, change.criterion, change.after, words),
        "isNew": change.is_new,
    }


def _said(rubric: Rubric, criterion: str, answer: Answer, words: Mapping[str, str]) -> list[str]:
    """Say an answer in a few lines, its value first."""
    return [_label(rubric, criterion, answer.value, words) or words["open"], *_more(answer, words)]


def _text(rubric: Rubric, criterion: str) -> str:
    item = rubric.criteria.get(criterion) or rubric.descriptors.get(criterion)
    return item.text if item else criterion
