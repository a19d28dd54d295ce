"""What the plan page draws: where the plan leads, its items and their time line, what to pick next.

May not know widgets or the clock: plain data in, plain data out.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

from mlops_widgets.form_rows import place, standing
from mlops_widgets.numerals import percent
from mlops_widgets.plan import late, phase_of
from mlops_widgets.report_reading import bottom, shortened
from mlops_widgets.rubric_checks import circles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mlops_widgets.assessment import Assessment, Plan, PlanItem
    from mlops_widgets.plan import Order, Step
    from mlops_widgets.plan_reading import PlanWords
    from mlops_widgets.rubric import Rubric
    from mlops_widgets.scoring import Score, SectionScore

__all__ = ["item_rows", "layout", "outlook", "step_rows", "timeline", "waiting_in_a_circle"]

STATUSES = ("planned", "doing", "blocked", "done")
"""What an item can be chosen to be; `dropped` has a button of its own."""

LONGEST_TITLE = 200

MOST_MONTHS = 6
"""Months with a name on the time line; of a longer one some are left out."""

SHORT = 60
"""Letters of a title within a sentence about another item; it stands in full on its own."""


def layout(rubric: Rubric, words: Mapping[str, str]) -> dict[str, Any]:
    """Lay out once what the page offers: levels to aim for, criteria to link, states of an item."""
    return {
        "title": rubric.title,
        "levels": [
            {"value": level.level, "label": words["level"].format(level=level.level)}
            for level in sorted(rubric.levels, key=lambda level: level.level)
        ],
        "sections": [
            {
                "title": section.title,
                "criteria": [
                    {"id": criterion.id, "text": criterion.text}
                    for part in section.walk()
                    for criterion in part.criteria
                ],
            }
            for section in rubric.sections
        ],
        "statuses": [{"id": name, "label": words[f"status_{name}"]} for name in STATUSES],
    }


def outlook(
    rubric: Rubric, assessment: Assessment, scores: tuple[Score, Score, Score], words: Mapping[str, str]
) -> dict[str, Any]:
    """Say where the subject stands, where what is done leads, and where the whole plan leads.

    Args:
        rubric: what was asked.
        assessment: with its targets.
        scores: now; with what is done; with everything that is planned.
        words: the sentences of the form and of the plan page.
    """
    _, ticked, then = (_said(rubric, each.overall, words) for each in scores)
    items = assessment.plan.items.values()
    live, done = [item for item in items if item.status != "dropped"], [item for item in items if item.status == "done"]
    then = words["then_done" if live and len(live) == len(done) else "then"].format(then=_then(rubric, scores, words))
    return {
        "level": standing(rubric, scores[0].overall, words)["level"],
        "then": then if live else "",
        "done": _done(len(done), len(live), ticked, words) if live else "",
        "next": _next(assessment.plan, words),
        "bar": [place(rubric, each.overall)[0] for each in scores],
        "marks": _marks(rubric, scores[0].overall),
        "announce": words["announce_plan"].format(then=then, now=ticked) if live else words["then_empty"],
        "aim": _aim(assessment, scores[0].overall, words),
        "late": _late(assessment, words),
        "targets": [
            _target(rubric, assessment, [each[name] for each in scores], words)
            for name in ("overall", *(part.id for part in scores[0].dimensions))
            if _has_levels(scores[0][name])
        ],
    }


def _then(rubric: Rubric, scores: tuple[Score, Score, Score], words: Mapping[str, str]) -> str:
    """Say where the plan leads: a higher level is news enough, of the same one how far it is to the next."""
    now, _, then = (each.overall for each in scores)
    if then.completion and then.next and now.level is not None and then.level is not None and then.level > now.level:
        return words["level"].format(level=then.level)
    return _said(rubric, then, words)


def _done(done: int, count: int, ticked: str, words: Mapping[str, str]) -> str:
    """Say how much is done, and what that makes."""
    if done == count:
        return words["done_all"]
    return words["done_some" if done else "done_of"].format(done=done, count=count, now=ticked)


def _next(plan: Plan, words: Mapping[str, str]) -> dict[str, str] | None:
    """Say what is to be done first of what is left, by whom and by when; None where nothing is."""
    left = [(name, item) for name, item in plan.ordered() if item.status not in ("done", "dropped")]
    if not left:
        return None
    name, item = min(left, key=lambda pair: pair[1].due or pair[1].start or "9999")
    about = (
        shortened(item.owner, SHORT) or words["owner_none"],
        _when(item, words),
        words["status_blocked"].lower() if item.status == "blocked" else "",
    )
    return {"id": name, "title": item.title, "about": words["fact_between"].join(filter(None, about))}


def _when(item: PlanItem, words: Mapping[str, str]) -> str:
    """Say by when an item is done, or else from when somebody works on it."""
    if item.due:
        return words["dates_due"].format(due=_said_day(item.due, words))
    return words["dates_start"].format(start=_said_day(item.start, words)) if item.start else ""


def _aim(assessment: Assessment, whole: SectionScore, words: Mapping[str, str]) -> str:
    """Say what is aimed for while nobody has set a target."""
    return "" if assessment.targets or not whole.next else words["aim"].format(level=whole.next.level)


def _late(assessment: Assessment, words: Mapping[str, str]) -> str:
    """Say how many items are due after the day of the targets; nothing where none is."""
    count = len(late(assessment))
    if not count or not assessment.targets_by:
        return ""
    return words["late" if count > 1 else "late_one"].format(count=count, day=_said_day(assessment.targets_by, words))


def _said(rubric: Rubric, part: SectionScore, words: Mapping[str, str]) -> str:
    """Say a level, and how much of the next one is there: one above the highest there is not."""
    said = standing(rubric, part, words)
    level, bar = said["level"]["label"], said["bar"]
    if not part.completion or part.level is None:
        return words["standing"].format(level=level, now=bar["now"])
    if part.next is None:
        return words["standing"].format(level=level, now=words["top"])
    share = percent(bar["value"], edges=(bar["mark"] or 1, 1))
    return words["standing_way"].format(level=level, share=share, next=part.next.level)


def _has_levels(part: SectionScore) -> bool:
    return bool(part.completion) or part.level is not None or part.level_high is not None


def _marks(rubric: Rubric, part: SectionScore) -> list[dict[str, Any]]:
    """Give the places on the bar where levels begin, 0 to 1."""
    if part.completion:
        numbers = sorted(level.level for level in rubric.levels)
        steps = (numbers[-1] - numbers[0]) or 1
        return [{"at": (each - numbers[0]) / steps, "level": each} for each in numbers]
    width = (part.maximum - part.minimum) or 1
    edges = [(bottom(band), band.level) for band in rubric.scoring.bands]
    return [{"at": (low - part.minimum) / width, "level": level} for low, level in edges if isfinite(low)]


def _target(
    rubric: Rubric, assessment: Assessment, parts: Sequence[SectionScore], words: Mapping[str, str]
) -> dict[str, Any]:
    now, _, then = parts
    wanted = assessment.targets.get(now.id)
    reached = wanted is not None and then.level is not None and then.level >= wanted
    return {
        "id": now.id,
        "title": words["whole"] if now.id == "overall" else now.title,
        "label": words["whole"] if now.id == "overall" else now.label,
        "now": _level(now),
        "then": _level(then),
        "value": place(rubric, now)[0],
        "high": place(rubric, then)[0],
        "state": "none" if wanted is None else "reached" if reached else "short",
        "text": ""
        if wanted is None
        else words["target_reached" if reached else "target_short"].format(level=f"{wanted:g}"),
    }


def _level(part: SectionScore) -> str:
    return "–" if part.level is None else str(part.level)


def item_rows(
    rubric: Rubric, assessment: Assessment, words: Mapping[str, str], *, today: str
) -> dict[str, dict[str, Any]]:
    """Say of each item what its own fields do not: the phase, what it waits for, what does not fit."""
    plan, too_late = assessment.plan, set(late(assessment))
    phases = {
        initiative.id: phase.title
        for roadmap in rubric.roadmaps
        for phase in roadmap.phases
        for initiative in phase.initiatives
    }
    return {
        name: {
            "phase": phase.title if (phase := phase_of(rubric, plan, item)) else phases.get(item.initiative, ""),
            "after": _after(plan, item, words),
            "problem": _problem(plan, item, words, today=today) or (words["too_late"] if name in too_late else ""),
        }
        for name, item in plan.items.items()
    }


def _after(plan: Plan, item: PlanItem, words: Mapping[str, str]) -> str:
    """Say what an item still waits for: nothing that is done, or never will be."""
    titles = [_quoted(other, words) for other in plan.before(item) if other.status != "done"]
    if not titles or item.status == "done":
        return ""
    return words["after_these"].format(titles=", ".join(titles))


def _problem(plan: Plan, item: PlanItem, words: Mapping[str, str], *, today: str) -> str:
    """Say what of an item does not fit the day, or the items it waits for."""
    if item.status in ("done", "dropped"):
        return ""
    if item.due and item.due < today:
        return words["overdue"]
    for name in item.after:
        other = plan.items.get(name)
        if other is None or other.status == "done":
            continue
        if other.status == "dropped":
            return words["after_dropped"].format(title=_quoted(other, words))
        if item.start and other.due and item.start <= other.due:
            return words["too_early"].format(title=_quoted(other, words))
    return ""


def _quoted(item: PlanItem, words: Mapping[str, str]) -> str:
    return words["after_title"].format(title=shortened(item.title.rstrip("."), SHORT))


def timeline(plan: Plan, *, today: str, words: Mapping[str, str]) -> dict[str, Any]:
    """Lay the items out over time, from 0 to 1: whole months from the first start to the last day.

    Args:
        plan: its items; one without any date has no bar.
        today: ISO 8601.
        words: the sentences of the plan page.
    """
    spans = {name: span for name, item in plan.items.items() if item.status != "dropped" and (span := _span(item))}
    if not spans:
        return {"months": [], "bars": {}, "today": None}
    first, last = min(start for start, _ in spans.values()), max(end for _, end in spans.values())
    begin, end = first.replace(day=1), _month_after(last)
    days = (end - begin).days

    def at(day: date) -> float:
        return round((day - begin).days / days, 4)

    months, month = [], begin
    while month < end:
        months.append(month)
        month = _month_after(month)
    step = next((each for each in (1, 2, 3, 4, 6) if len(months) <= each * MOST_MONTHS), 12)
    # Counted from January, so that the year always has its place.
    named = [month for month in months if (month.month - 1) % step == 0] or months[:1]
    named = named[:: -(-len(named) // MOST_MONTHS)]  # of many years, some
    has_january = any(month.month == 1 for month in named)
    this_day = date.fromisoformat(today)
    return {
        "months": [
            {"at": at(month), "text": _month(month, words, is_first=not has_january and month is named[0])}
            for month in named
        ],
        "bars": {
            name: {"from": at(start), "to": at(until + timedelta(days=1))} for name, (start, until) in spans.items()
        },
        "today": at(this_day) if begin <= this_day < end else None,
    }


def _span(item: PlanItem) -> tuple[date, date] | None:
    """Give the days of an item; one with one date only has that day."""
    days = [_day(text) for text in (item.start, item.due) if text]
    known = [day for day in days if day]
    return (min(known), max(known)) if known else None


def _day(text: str) -> date | None:
    """Read a day; none of another age."""
    day = date.fromisoformat(text)
    # A time line of a thousand years shows nothing, and the months after the last year there is cannot be counted.
    return day if 1970 <= day.year <= 2200 else None  # noqa: PLR2004


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _said_day(text: str, words: Mapping[str, str]) -> str:
    """Write a day as people do."""
    day = date.fromisoformat(text)
    return f"{day.day} {words['month_names'].split()[day.month - 1]} {day.year}"


def _month(day: date, words: Mapping[str, str], *, is_first: bool) -> str:
    name = words["month_names"].split()[day.month - 1]
    if day.month == 1:
        return str(day.year)
    return f"{name} {day.year}" if is_first else name


def step_rows(
    rubric: Rubric, plan: Plan, ranked: Iterable[Step], *, order: Order, said: PlanWords
) -> list[dict[str, Any]]:
    """Say why each step is worth taking, and give the item it would become; those already planned are left out."""
    taking = {
        (each, item.to_level): name
        for name, item in plan.items.items()
        if item.status != "dropped"
        for each in item.criteria
    }
    rows, ranked = [], list(ranked)
    # Where there is one gap, every step helps with it.
    helps = len({gap for step in ranked for gap in step.closes}) > 1
    for step in ranked:
        to_level = _to_level(rubric, step)
        if any(
            name == step.criterion and (to_level is None or level is None or level >= to_level)
            for name, level in taking
        ):
            continue
        section = rubric.dimension_of[step.criterion].title
        parts = [section, said.say(f"priority_{step.priority}") if order == "opensammy" else ""]
        why = said.step(step, helps=helps, effort=False)
        parts.append(why[:1].lower() + why[1:])
        text = said.aim(step)
        item = {
            "title": text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…",
            "criteria": [step.criterion],
            "effort": step.effort,
            "to_level": to_level,
            "after": list(dict.fromkeys(item for (name, _), item in taking.items() if name in step.requires)),
        }
        rows.append(
            {
                "id": step.criterion,
                "text": text,
                "effort": step.effort,
                "why": said.say("fact_between").join(filter(None, parts)),
                "item": {name: value for name, value in item.items() if value not in (None, [])},
            }
        )
    return rows


def _to_level(rubric: Rubric, step: Step) -> int | None:
    """Give the level whose text a question is raised to; None where it has not one text for each."""
    if len(rubric.criteria[step.criterion].anchors) != len(rubric.levels):
        return None
    ids = [option.id for option in rubric.scale_of[step.criterion].options]
    return sorted(level.level for level in rubric.levels)[ids.index(step.option)]


def waiting_in_a_circle(items: Mapping[str, PlanItem]) -> list[str]:
    """Find items that wait for each other, the first one again at the end; none where the plan can be done.

    >>> from mlops_widgets.assessment import PlanItem
    >>> first, second = PlanItem(title="A", after=("bbbb",)), PlanItem(title="B", after=("aaaa",))
    >>> waiting_in_a_circle({"aaaa": first, "bbbb": second})
    ['aaaa', 'bbbb', 'aaaa']
    """
    return next((list(found) for _, found in circles({name: item.after for name, item in items.items()})), [])
