r"""Whether an assessment is good enough to go on: conditions in, a verdict with its reasons out.

Reads scores, never computes one by another way than the engine. May not read files or know commands.

What is open never helps: where a rubric leaves it out of the value, a gate counts it as the lowest answer all the same.

>>> from mlops_widgets.library import load_rubric
>>> from mlops_widgets.scoring import score
>>> rubric = load_rubric("mlops-questionnaire")
>>> result = score(rubric, {name: "2" for name in rubric.criteria})
>>> verdict(result, Conditions(min_level=2, min_score=0.5)).reason
'level 2, 2 of 4, 15 of 15 answered: 2 conditions hold'
>>> verdict(result, Conditions(min_level=3)).reason
'overall is level 2, at least 3 is asked'
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from mlops_widgets.assessment import fitted
from mlops_widgets.engine import DIGITS
from mlops_widgets.errors import ToolkitError
from mlops_widgets.score_text import interval, levels, shown
from mlops_widgets.scoring import score as scored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.rubric import Rubric
    from mlops_widgets.scoring import Score, SectionScore

__all__ = ["ConditionError", "Conditions", "Failure", "Verdict", "verdict", "workflow_commands", "workflow_faults"]

Kind = Literal["min_level", "min_score", "min_dimension", "max_open", "regression"]

_PLACE = re.compile(r"(.+?):([0-9]+)(?:: (.*))?", re.DOTALL)
"""File, line and path of a fault."""

MOST_ANNOTATIONS = 10
"""GitHub shows no more of one kind a step."""


class ConditionError(ToolkitError):
    """A condition that this rubric cannot answer: whoever wrote it has to look again."""


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What is asked of an assessment; None asks nothing.

    Attributes:
        min_level: the whole reaches this level.
        min_score: the whole's score is this share of the way from its lowest to its highest value, 0 to 1.
        min_dimension: sections, by their id, that reach a level.
        max_open: no more criteria than this are open.
        regression: nothing falls below an earlier score.
    """

    min_level: int | None = None
    min_score: float | None = None
    min_dimension: Mapping[str, int] = field(default_factory=dict)
    max_open: int | None = None
    regression: bool = False

    @property
    def count(self) -> int:
        """How many conditions there are."""
        asked = (self.min_level, self.min_score, self.max_open)
        return sum(each is not None for each in asked) + len(self.min_dimension) + self.regression


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A condition that does not hold.

    Attributes:
        kind: which one.
        section: id of the section it is about; `overall` for the whole.
        message: what is and what is asked, in a sentence.
        criteria: ids of what to look at, the one to act on first.
    """

    kind: Kind
    section: str
    message: str
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of holding a score against conditions.

    Attributes:
        score: the score that was held against them.
        count: how many conditions there were.
        failures: those that do not hold, all of them.
        notes: what else is to be told, in sentences.
    """

    score: Score
    count: int
    failures: tuple[Failure, ...]
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every condition holds."""
        return not self.failures

    @property
    def reason(self) -> str:
        """Say in one line why it passed or did not."""
        if self.failures:
            more = f", and {len(self.failures) - 1} more" if len(self.failures) > 1 else ""
            return f"{self.failures[0].message}{more}"
        overall = self.score.overall
        level = "" if overall.level is None else f"level {levels(overall)}, "
        holds = "the condition holds" if self.count == 1 else f"{self.count} conditions hold"
        answered = f"{overall.answered} of {overall.applicable} answered"
        return f"{level}{interval(overall, self.score.rubric)}, {answered}: {holds}"

    def told(self) -> Iterator[str]:
        """Say in lines what the reason leaves out: each failure with the criteria concerned, and the notes."""
        texts = self.score.rubric.criteria
        for failure in self.failures:
            if len(self.failures) > 1:
                yield f"  {failure.message}"
            width = max(map(len, failure.criteria), default=0)
            yield from (f"    {name:<{width}}  {texts[name].text}{self._state(name)}" for name in failure.criteria)
        yield from (f"  {note}" for note in self.notes)

    def _state(self, name: str) -> str:
        return " (open)" if self.score.state[name] == "open" else ""

    def to_dict(self) -> dict[str, Any]:
        """Give the verdict as plain data for other programs."""
        return {
            "format": 1,
            "passed": self.passed,
            "reason": self.reason,
            "failures": [
                {
                    "kind": failure.kind,
                    "section": failure.section,
                    "message": failure.message,
                    "criteria": list(failure.criteria),
                }
                for failure in self.failures
            ],
            "notes": list(self.notes),
        }


def verdict(score: Score, conditions: Conditions, *, before: Assessment | None = None) -> Verdict:
    """Hold a score against conditions.

    Args:
        score: what there is now.
        conditions: what is asked of it.
        before: the earlier assessment that nothing may fall below; needed for `regression`. One of another version is
            scored by the rubric of today.

    Raises:
        ConditionError: a condition asks what this rubric does not have: a level, a section, the answers to another
            rubric.
    """
    failures = [
        *_overall(score, conditions),
        *(failure for name, level in conditions.min_dimension.items() for failure in _dimension(score, name, level)),
    ]
    still_open = tuple(name for name, state in score.state.items() if state == "open")
    if conditions.max_open is not None and len(still_open) > conditions.max_open:
        allowed = "none may be" if not conditions.max_open else f"at most {conditions.max_open} may be"
        message = f"{_counted(len(still_open), 'criterion is', 'criteria are')} open, {allowed}"
        failures.append(Failure(kind="max_open", section="overall", message=message, criteria=still_open))
    notes: list[str] = []
    if conditions.regression and before is not None:
        notes.extend(_of_another_version(score.rubric, before))
        earlier = scored(score.rubric, fitted(before, score.rubric))
        fallen = list(_fallen(score, earlier))
        failures.extend(fallen)
        told = {name for failure in fallen for name in failure.criteria}
        lost = [name for name in _lost(score, earlier) if name not in told]
        if lost:
            notes.append(f"Met before, and not any more, though nothing fell: {', '.join(lost)}.")
    return Verdict(score=score, count=conditions.count, failures=tuple(failures), notes=tuple(notes))


def _overall(score: Score, conditions: Conditions) -> Iterator[Failure]:
    part, level, share = score.overall, conditions.min_level, conditions.min_score
    if level is not None:
        _check_level(score, level)
        yield from _below(score, part, level, "min_level", "overall")
    if share is not None:
        if not 0 <= share <= 1:
            raise ConditionError(f"a score is asked for as a share from 0 to 1, not as {share:g}")
        # As gates of a rubric are: the exact value against the exact edge, rounded only by what floats may lose.
        edge = round(part.minimum + share * (part.maximum - part.minimum), DIGITS)
        if part.low is None or part.low < edge:
            asked = shown(edge, part, score.rubric) + (" %" if score.rubric.scoring.display == "percent" else "")
            what = "has no answers yet" if part.applicable else "does not apply"
            if part.value is not None:
                what = f"is {interval(part, score.rubric)}"
            only = _only_for_open(part) if part.value is not None and part.value >= edge else ""
            message = f"overall {what}, at least {asked} is asked{only}"
            yield Failure(kind="min_score", section="overall", message=message)


def _dimension(score: Score, name: str, level: int) -> Iterator[Failure]:
    _check_level(score, level)
    known = [part.id for part in score.dimensions]
    if name not in known:
        raise ConditionError(f"{name[:80]!r} is no dimension of {score.rubric.id}; it has {', '.join(known)}")
    part = score[name]
    if part.level is None and part.value is not None:
        raise ConditionError(
            f"a dimension of {score.rubric.id} has no level of its own, so none can be asked of {name}"
        )
    yield from _below(score, part, level, "min_dimension", name)


def _check_level(score: Score, level: int) -> None:
    numbers = [each.level for each in score.rubric.levels]
    if level not in numbers:
        has = f"its levels are {', '.join(map(str, numbers))}" if numbers else "it has no levels; ask for --min-score"
        raise ConditionError(f"{score.rubric.id} has no level {level}: {has}")


def _below(score: Score, part: SectionScore, level: int, kind: Kind, name: str) -> Iterator[Failure]:
    """Say that a part is below a level, also where only open criteria keep it up."""
    low = part.level if part.level is None or part.level_low is None else min(part.level, part.level_low)
    if low is not None and low >= level:
        return
    if part.value is None:
        what = "has no answers yet" if part.applicable else "does not apply"
    elif part.level is None:
        what = f"is {interval(part, score.rubric)}, which is no level"
    else:
        what = f"is level {levels(part)}"
    only = _only_for_open(part) if part.level is not None and part.level >= level else ""
    message = f"{name} {what}, at least {level} is asked{only}"
    yield Failure(kind=kind, section=name, message=message, criteria=_first_to_act_on(part))


def _only_for_open(part: SectionScore) -> str:
    return f", and what is open ({part.applicable - part.answered}) counts as the lowest answer here"


def _first_to_act_on(part: SectionScore) -> tuple[str, ...]:
    return (part.next.smallest or part.next.blocking) if part.next else ()


def _of_another_version(rubric: Rubric, before: Assessment) -> Iterator[str]:
    given = before.rubric
    if given.id != rubric.id:
        raise ConditionError(
            f"the earlier assessment answers {given.id}, this one {rubric.id}: scores of two rubrics cannot be compared"
        )
    if given.version != rubric.version or given.hash not in (None, rubric.content_hash):
        unmatched = len(fitted(before, rubric).unmatched)
        gone = f"; {_counted(unmatched, 'answer has', 'answers have')} no counterpart in it" if unmatched else ""
        yield (
            f"The earlier assessment answers version {given.version} of the rubric; "
            f"its answers are scored by version {rubric.version} here{gone}."
        )


def _fallen(score: Score, before: Score) -> Iterator[Failure]:
    """Say which parts fell: a level, or the exact score; what is open counts as the lowest answer in both."""
    lost = _lost(score, before)
    dimension_of = score.rubric.dimension_of
    for part in (score.overall, *score.dimensions):
        old = before[part.id]
        if old.low is None:
            continue
        whole = part.id == score.overall.id
        # A score that lies in no band has no level and did not fall for that: its value decides.
        if part.low is None:
            what = "does not apply any more"
        elif old.level_low is not None and part.level_low is not None and part.level_low < old.level_low:
            what = f"fell from level {old.level_low} to {part.level_low}"
        elif part.low < old.low:
            what = f"fell from {_least(old, before)} to {_least(part, score)}"
        else:
            continue
        names = tuple(name for name in lost if whole or dimension_of[name].id == part.id)
        yield Failure(kind="regression", section=part.id, message=f"{part.id} {what}", criteria=names)


def _least(part: SectionScore, score: Score) -> str:
    """Say a score as it is without what is open, with enough digits to see a small fall."""
    if score.rubric.scoring.display != "percent" or part.low is None:
        return f"{part.low:.4g}"
    return f"{(part.low - part.minimum) / (part.maximum - part.minimum or 1) * 100:.4g} %"


def _lost(score: Score, before: Score) -> tuple[str, ...]:
    """List what was met and is not any more, deleted answers included; what does not apply now was not lost."""
    return tuple(
        name
        for name, state in before.state.items()
        if state == "met" and score.state.get(name, "open") in ("short", "open")
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


# GitHub


def workflow_commands(result: Verdict, *, file: str | None, lines: Mapping[str, int]) -> Iterator[str]:
    r"""Give the verdict as workflow commands, which GitHub shows beside the lines of a change.

    Args:
        result: the verdict.
        file: path of the file within the repository; None where there is none.
        lines: number of the line on which each criterion is answered, where that is known.

    >>> command("error", "50 % of level 2:\nno", file="a,b.yaml", line=3)
    '::error file=a%2Cb.yaml,line=3::50 %25 of level 2:%0Ano'
    """
    texts = result.score.rubric.criteria
    named: list[str] = []
    for failure in result.failures:
        line = next((lines[name] for name in failure.criteria if name in lines), None)
        yield command("error", failure.message, file=file, line=line, title="MLOps maturity")
        named.extend(name for name in failure.criteria if name in lines and name not in named)
    for name in named[:MOST_ANNOTATIONS]:
        state = {"open": "is open", "short": "is not fully met"}.get(result.score.state[name], "was met before")
        yield command("warning", f"{texts[name].text} This {state}.", file=file, line=lines[name], title=name)
    if result.passed:
        yield command("notice", result.reason, file=file, title="MLOps maturity")
    for note in result.notes:
        yield command("warning", note, file=file, title="MLOps maturity")


def workflow_faults(error: ToolkitError) -> Iterator[str]:
    """Give the faults of a file that cannot be used, each at its line where it has one."""
    for problem in error.problems:
        place = _PLACE.fullmatch(problem.where)
        file, line, rest = place.groups() if place else (None, None, problem.where)
        message = f"{rest}: {problem.message}" if rest else problem.message
        yield command("error", message, file=file, line=line, title="MLOps maturity")


def command(kind: Literal["error", "warning", "notice"], message: str, **properties: object) -> str:
    """Write a workflow command; what would end it or a property early is escaped as GitHub has it."""
    given = ",".join(
        f"{name}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in properties.items()
        if value is not None
    )
    return f"::{kind} {given}::{_escaped(message)}" if given else f"::{kind}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
