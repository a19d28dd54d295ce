"""What a table of answers cannot show, kept beside it as JSON; what people see always wins over it.

Knows neither workbooks nor separated values.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mlops_widgets.assessment import Answer, Assessment
from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.days import day_in
from mlops_widgets.formats.json import parsed
from mlops_widgets.formats.tables import cut
from mlops_widgets.library import load_rubric, rubric_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from mlops_widgets.rubric import Rubric

__all__ = ["UNDATED", "Exact", "Kept", "assembled", "presentable", "rubric_named"]

UNDATED = "1970-01-01"
"""Date of what does not say when it was answered."""

HEAD = ("subject", "date", "assessor", "targets_by")

_LONGEST_NAME = 200


_UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no workbook can hold and that tools for tables stumble over."""

_CODED = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
"""What a workbook takes for the code of a character."""


def presentable(text: str) -> str:
    r"""Give a text as a cell can hold it, so that every spreadsheet shows the same.

    >>> presentable("one\r\ntwo _x0041_")
    'one\ntwo _ x0041_'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CODED.sub(r"_ \1", _UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", lines))


class Exact:
    """What cells show otherwise than it is, by key: what is shown, and what it is."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.pairs: dict[str, list[Any]] = {}

    def text(self, key: str, value: str) -> str:
        """Give what a cell shows of a text; a reader takes no account of the space around it."""
        shown = presentable(value)
        if shown.strip() != value:
            self.pairs[key] = [shown, value]
        return shown

    def links(self, key: str, links: Iterable[str]) -> str:
        """Give what a cell shows of links, one a line."""
        shown = "\n".join(map(presentable, links))
        if [line.strip() for line in shown.split("\n") if line.strip()] != list(links):
            self.pairs[key] = [shown, list(links)]
        return shown

    def written(self, assessment: Assessment, *, rows: Collection[str], shown: Collection[str]) -> str:
        """Write what no cell shows, as plain ASCII.

        Args:
            assessment: whose it is.
            rows: criteria and descriptors that have a row of their own.
            shown: what else has a cell: sections for their targets, `profile`, `targets_by`.
        """
        given = assessment.to_dict()
        rest: dict[str, Any] = {
            "format": 1,
            "id": given["id"],
            "rubric": given["rubric"],
            "targets": {name: repr(value) for name, value in assessment.targets.items() if name not in shown},
            "answers": {name: answer for name, answer in given.get("answers", {}).items() if name not in rows},
            "unmatched": given.get("unmatched", {}),
            "plan": given.get("plan", {}),
            "exact": self.pairs,
            **{name: given[name] for name in ("profile", "targets_by") if name not in shown and name in given},
        }
        return json.dumps({key: value for key, value in rest.items() if value}, sort_keys=True)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a file of ours keeps beside what it shows."""

    ours: bool = False
    id: str | None = None
    rubric: Any = None
    targets: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    unmatched: Mapping[str, Any] = field(default_factory=dict)
    plan: Mapping[str, Any] = field(default_factory=dict)
    exact: Mapping[str, Any] = field(default_factory=dict)
    profile: tuple[str, ...] = ()
    targets_by: str | None = None

    @classmethod
    def read(cls, text: str) -> Kept | None:
        """Read what was kept, as critically as if a person had typed it; None where that cannot be read."""
        try:
            plain = parsed(text, name="")
            if plain["format"] != 1 or not isinstance(plain.get("exact", {}), dict):
                return None
            kept = cls(ours=True, **{key: value for key, value in plain.items() if key != "format"})
            shown: dict[str, Any] = {"subject": "any", "date": UNDATED}
            Assessment.from_dict(shown | {key: plain[key] for key in plain if key not in ("format", "exact")})
        except (ToolkitError, KeyError, TypeError, ValueError, AttributeError):
            return None
        return kept

    def restored(self, criterion: str, part: str, shown: str) -> Any:  # noqa: ANN401 - text, or a list of it
        """Give what an answer's cell stood for, where it still shows what was written."""
        return self.real(f"answers/{criterion}/{part}", shown)

    def real(self, key: str, shown: Any) -> Any:  # noqa: ANN401 - the same
        """Give what a cell stood for; None where it stands for itself, or was changed."""
        pair = self.exact.get(key)
        if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004 - a pair
            return None
        was, is_really = pair
        same = was.strip() == shown.strip() if isinstance(was, str) and isinstance(shown, str) else was == shown
        wanted = list if key.endswith("/evidence") or key == "profile" else str
        if same and isinstance(is_really, wanted) and all(isinstance(each, str) for each in is_really):
            return is_really
        return None


def rubric_named(kept: Kept, cells: Iterable[str], name: str) -> Rubric:
    """Find the rubric a file answers: the one it names, or the one that knows the ids in it.

    Raises:
        ToolkitError: there is none, or more than one.
    """
    texts = {cell.strip() for cell in cells}
    # A file that came from somewhere may name what ships, never a path.
    named = ({kept.rubric["id"]} if kept.ours else texts) & set(rubric_ids())
    if len(named) == 1:
        return load_rubric(named.pop())
    choices = ", ".join(rubric_ids())
    if kept.ours:
        message = f"answers the rubric {kept.rubric['id']!r}, which does not ship; give it, or one of: {choices}"
        raise ToolkitError([Problem(where=name, message=message)])
    counts = {}
    for each in rubric_ids():
        rubric = load_rubric(each)
        counts[each] = len(texts & (rubric.criteria.keys() | rubric.descriptors.keys()))
    best = max(counts.values())
    fitting = [each for each, count in counts.items() if count == best > 0]
    if len(fitting) == 1:
        return load_rubric(fitting[0])
    raise ToolkitError([Problem(where=name, message=f"does not say which rubric it answers; name one: {choices}")])


def assembled(
    head: Mapping[str, str],
    kept: Kept,
    rubric: Rubric,
    answers: Mapping[str, Answer],
    *,
    targets: Mapping[str, str],
    profile: Iterable[str],
    where: str,
    name: str,
    data: bytes,
) -> tuple[Assessment, list[str]]:
    """Put an assessment together from what a file says; what cannot be taken is told.

    Args:
        head: subject, date and so on, as they stand there.
        kept: what is kept beside it.
        rubric: what is answered.
        answers: the answers taken.
        targets: wanted levels as they stand there, by section.
        profile: options of facets.
        where: the sheet or file, for the sentences.
        name: name of the file.
        data: its bytes: the id of one that has none is made of them.
    """
    notes: list[str] = []
    said = {}
    for part in HEAD:
        shown = head.get(part, (kept.targets_by or "") if part == "targets_by" else "")
        real = kept.real(part, shown)
        said[part] = shown.strip() if real is None else str(real)
    if not said["subject"]:
        said["subject"] = re.sub(r"^.*[/\\]|\.[A-Za-z0-9]{1,5}$", "", name).strip() or "Unnamed"
        notes.append(f"{where}: names no subject; it is called {cut(said['subject'], 100)!r} after the file")
    for part in ("subject", "assessor"):
        if len(said[part]) > _LONGEST_NAME:
            notes.append(f"{where}: the {part} has {len(said[part])} characters; the first {_LONGEST_NAME} were kept")
            said[part] = said[part][:_LONGEST_NAME]
    for part in ("date", "targets_by"):
        day = day_in(said[part])
        if day is None and said[part]:
            notes.append(f"{where}: {cut(said[part], 40)!r} is no date like 2026-11-20")
        said[part] = day or ""
    if not said["date"]:
        notes.append(f"{where}: says no date; {UNDATED} stands in for it")
    levels: dict[str, float] = {}
    for part, text in {**kept.targets, **targets}.items():
        number = _number(str(kept.real(f"targets/{part}", text) or text))
        if number is None:
            notes.append(f"{where}: the target {cut(text, 40)!r} of {part} is no number")
        else:
            levels[part] = number
    plain = {
        "id": kept.id or hashlib.sha256(data).hexdigest()[:12],
        "rubric": kept.rubric or {"id": rubric.id, "version": rubric.version},
        "subject": said["subject"],
        "date": said["date"] or UNDATED,
        "assessor": said["assessor"],
        "profile": list(profile),
        "targets": levels,
        "targets_by": said["targets_by"] or kept.targets_by,
        "answers": {**kept.answers, **{key: answer.to_dict() for key, answer in answers.items()}},
        "unmatched": kept.unmatched,
        "plan": kept.plan,
    }
    return Assessment.from_dict(plain), notes


def _number(text: str) -> float | None:
    """Read a level that is wanted: a number, alone or in words such as `Level 2`."""
    try:
        number = float(text)
    except ValueError:
        found = re.findall(r"[0-9]+(?:[.,][0-9]+)?", text)
        return float(found[0].replace(",", ".")) if len(found) == 1 else None
    return None if number != number else number  # noqa: PLR0124 - what is not equal to itself is no number
