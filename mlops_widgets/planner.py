"""The plan page: targets, what is to be done about them by whom and when, and what the score would be then.

Python decides everything; the browser's messages are requests that are checked. May not know other widgets.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets
from pydantic import ValidationError

from mlops_widgets.address import link
from mlops_widgets.assessment import Assessment, PlanItem, fitted
from mlops_widgets.assets import script, style
from mlops_widgets.edits import EditedWidget
from mlops_widgets.errors import ToolkitError
from mlops_widgets.field_faults import problems_of
from mlops_widgets.library import words
from mlops_widgets.plan import forecast, proposed, steps
from mlops_widgets.plan_reading import PlanWords
from mlops_widgets.planner_rows import item_rows, layout, outlook, step_rows, timeline, waiting_in_a_circle
from mlops_widgets.scoring import Score, score

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mlops_widgets.plan import Order, Step
    from mlops_widgets.rubric import Rubric
    from mlops_widgets.store import SavedItem, Store

__all__ = ["Planner"]

_log = logging.getLogger(__name__)

MOST_ITEMS = 200
"""Items of one plan: more than anybody can follow, and still bounded."""

_FIELDS = ("owner", "start", "capacity", "metrics", "budget")
"""Fields of the plan that the page changes one by one; its efforts, like targets, change one criterion at a time."""

_DOWNLOADS = ("md", "csv", "ics")
_ORDERS = ("ratio", "opensammy")
LONGEST_REFUSAL = 1000
"""Characters of what is told about one edit: a forged one may have a hundred thousand faults."""

_ITEM_ID = re.compile(r"[a-z0-9]{4,32}")


_PARTS = ("dom", "kept", "outbox", "plan_fields", "plan_item", "plan_outlook", "plan_steps", "plan_alerts", "planner")


class Planner(EditedWidget, anywidget.AnyWidget):
    """A plan for an assessment of any rubric, for notebooks and Voila pages.

    `assessment` and `score` are read from Python and observed like any trait. With a store every change is saved as
    it is made, and changes other people make to the same plan arrive by themselves.

    Args:
        rubric: a rubric, or the id or path of one.
        assessment: what was answered and planned before; a new one when left out.
        store: where the plan is kept; without one it lives in this object.
        who: whose changes these are.
        language: of the page's own words; rubrics have their own.

    Raises:
        ToolkitError: there is no such rubric, or the assessment does not fit it.

    >>> planner = Planner("mlops-levels")
    >>> planner.plan_item("cata", PlanItem(title="A catalogue", criteria=("data.catalog",)))
    >>> planner.assessment.plan.items["cata"].title
    'A catalogue'
    """

    _esm = script(*_PARTS)
    _css = style("planner")

    rows = traitlets.Dict(read_only=True).tag(sync=True)
    words = traitlets.Dict(read_only=True).tag(sync=True)
    entries = traitlets.Dict(read_only=True).tag(sync=True)
    view = traitlets.Dict(read_only=True).tag(sync=True)
    order = traitlets.Enum(_ORDERS, default_value="ratio").tag(sync=True)

    score = traitlets.Instance(Score, read_only=True)

    FROM_BROWSER: ClassVar[tuple[str, ...]] = ("outbox", "who", "order")

    def __init__(
        self,
        rubric: Rubric | str | Path,
        *,
        assessment: Assessment | None = None,
        store: Store | None = None,
        who: str = "",
        language: str = "en",
    ) -> None:
        """Lay out the page and score where the plan leads."""
        self._table = {**words("form", language), **words("planner", language)}
        self._saved: dict[str, SavedItem] = {}
        self._found: tuple[object, tuple[Score, tuple[Step, ...]]] | None = None
        super().__init__(rubric, assessment=assessment, store=store, who=who)
        self._said = PlanWords(self.rubric, {**self._table, **words("plan", language)})
        self.set_trait("rows", {**layout(self.rubric, self._table), "downloads": self._downloads()})
        self.set_trait("words", dict(self._table))
        if store is not None:
            self._saved = store.items(self.assessment.id)
            self._seen = max((saved.seq for saved in self._saved.values()), default=0)
            self._reload(store)
        self._show()

    def __repr__(self) -> str:
        """Say which rubric and how long the plan is, the same on every machine."""
        return f"<Planner {self.rubric.id}: {len(self.assessment.plan.items)} items>"

    def plan_item(self, item_id: str, item: PlanItem | None) -> None:
        """Add, change or, with None, take out an item from Python, as the browser would.

        Raises:
            ToolkitError: the item does not fit the rubric or the plan, or could not be saved.
        """
        self._check_item(item_id, item)
        self._keep_item(item_id, item, base=self._base(item_id), who=self.who)
        self._show()

    def suggest(self) -> list[str]:
        """Add what the plan lacks to close the gaps, and give the ids of the new items; what is there stays.

        Raises:
            ToolkitError: it could not be saved.
        """
        added = self._suggest(who=self.who)
        self._show()
        return added

    def _downloads(self) -> list[dict[str, str]]:
        if self._store is None:
            return []
        place = f"download/{self._assessment_id}/plan"
        return [
            {"address": link(f"{place}.{ending}"), "text": self._table[f"download_{ending}"]} for ending in _DOWNLOADS
        ]

    # What arrives from the browser

    @traitlets.observe("order")
    def _on_order(self, _: object) -> None:
        self._recalculate()

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take from the browser only what is the browser's to say."""
        if sync_data.get("order", "ratio") not in _ORDERS:
            sync_data = {name: value for name, value in sync_data.items() if name != "order"}
        super().set_state(sync_data)

    def _handle(self, edit: Mapping[str, Any]) -> dict[str, Any]:
        """Check and keep one edit; give its receipt."""
        key, content = edit.get("key"), edit.get("content")
        about = {"key": str(key)[:100]}
        try:
            if not isinstance(key, str) or not isinstance(content, Mapping):
                raise ToolkitError("an edit names what it changes, and what to")  # noqa: TRY301
            keep = self._kept_by(key, content, base=edit.get("base"), who=self._said_by(edit))
        except ToolkitError as error:
            _log.warning("refused a change of a plan from the browser to %.80r: %.1000s", key, error)
            return {"refused": str(error)[:LONGEST_REFUSAL], **about}
        return self._kept(lambda: {**keep(), **about}, about)

    def _kept_by(self, key: str, content: Mapping[str, Any], *, base: object, who: str) -> Callable[[], dict[str, Any]]:
        """Check an edit, and give what keeps it."""
        kind, _, name = key.partition(".")
        if kind == "item":
            item = _item(content) if content else None
            if base is not None and not isinstance(base, int):
                raise ToolkitError("a change of an item names the number it was made from")
            self._check_item(name, item)
            return lambda: self._receive_item(name, item, base=base, who=who)
        if kind == "suggest":
            order = content.get("order")
            return lambda: {"saved": True, "added": len(self._suggest(who=who, order=order))}
        if kind in ("target", "effort") or (kind == "plan" and name in (*_FIELDS, "targets_by")):
            changed = self._changed(kind, name, content.get("value"))
            changed(self.assessment)  # what is wrong with it is told before anything is kept
            return lambda: self._receive_field(key, changed, base=base, who=who)
        raise ToolkitError(f"{key[:80]!r} is nothing that can be changed here")

    def _check_item(self, item_id: str, item: PlanItem | None) -> None:
        if not _ITEM_ID.fullmatch(item_id):
            raise ToolkitError(f"{item_id[:60]!r} is no id of an item: one has 4 to 32 small letters and digits")
        items = self.assessment.plan.items
        if item is None:
            return
        if not item.title.strip():
            raise ToolkitError(self._table["no_title"])
        standing = items.get(item_id, item.model_copy(update={"criteria": ()}))
        unknown = [name for name in item.criteria if name not in self.rubric.criteria and name not in standing.criteria]
        if unknown:
            raise ToolkitError(f"{unknown[0]!r} is no criterion of {self.rubric.id}")
        # What was taken out may come back: who waited for it still does then.
        missing = [name for name in item.after if name not in items and name not in self._saved]
        if missing:
            raise ToolkitError(self._table["no_such_item"].format(name=missing[0]))
        if item.start and item.due and item.due < item.start:
            raise ToolkitError(self._table["due_before_start"].format(start=item.start, due=item.due))
        if item_id not in items and len(items) >= MOST_ITEMS:
            raise ToolkitError(self._table["too_many"].format(most=MOST_ITEMS))
        waiting = waiting_in_a_circle({**items, item_id: item})
        if item_id in waiting:
            titles = [item.title if name == item_id else items[name].title for name in waiting]
            raise ToolkitError(self._table["in_a_circle"].format(titles=" → ".join(titles)))

    def _receive_item(self, item_id: str, item: PlanItem | None, *, base: int | None, who: str) -> dict[str, Any]:
        from mlops_widgets.records import StaleItem  # noqa: PLC0415 - without a store nobody needs a database

        try:
            self._keep_item(item_id, item, base=base, who=who)
        except StaleItem as error:
            self._accept(item_id, error.current.item, error.current)
            if error.current.item == item:  # two people of one mind
                return {"saved": True}
            return {"stale": True, "content": item.to_dict() if item else {}}
        return {"saved": True}

    def _receive_field(
        self, key: str, changed: Callable[[Assessment], Assessment], *, base: object, who: str
    ) -> dict[str, Any]:
        """Change one field, unless it is not what the writer saw any more."""
        stale = False

        def revised(head: Assessment) -> Assessment:
            nonlocal stale
            wanted = changed(head)
            now, then = (_fields(each).get(key, {}) for each in (head, wanted))
            stale = now != then and _tag(now) != (base or "")
            return head if stale else wanted

        if self._store is None:
            self._take(revised(self.assessment))
        else:
            self._take_head(self._store.revise(self._assessment_id, revised, who=who))
            self.set_trait("status", {"state": "saved", "at": datetime.now(UTC).isoformat(timespec="milliseconds")})
        if stale:
            return {"stale": True, "content": _fields(changed(self.assessment)).get(key, {})}
        return {"saved": True}

    def _changed(self, kind: str, name: str, value: object) -> Callable[[Assessment], Assessment]:
        """Give what changes one field of an assessment; an empty value takes out what was there."""
        if kind == "target" and name != "overall" and name not in {section.id for section in self.rubric.walk()}:
            raise ToolkitError(f"{name[:80]!r} is no section of {self.rubric.id}")
        if kind == "target" and value is not None and value not in [level.level for level in self.rubric.levels]:
            raise ToolkitError(f"{value!r} is no level of {self.rubric.id}"[:200])
        if kind == "effort" and name not in self.rubric.criteria:
            raise ToolkitError(f"{name[:80]!r} is no criterion of {self.rubric.id}")

        def changed(head: Assessment) -> Assessment:
            plain = head.to_dict()
            plan = plain.setdefault("plan", {})
            within, field = {
                "target": (plain.setdefault("targets", {}), name),
                "effort": (plan.setdefault("efforts", {}), name),
                "plan": (plain if name == "targets_by" else plan, name),
            }[kind]
            within.pop(field, None)
            if value not in (None, "", [], {}):
                within[field] = value
            return Assessment.from_dict(plain)

        return changed

    # Suggestions

    def _suggest(self, *, who: str, order: object = None) -> list[str]:
        """Add what a plan would have and this one lacks."""
        if self._store is not None:
            self._take_in(self._store, self._seen)  # two people may ask for a suggestion at the same moment
        plan = self.assessment.plan
        suggestion = proposed(
            self.rubric,
            self.assessment,
            start=plan.start or date.today().isoformat(),
            new_id=lambda: token_hex(6),
            order=_order(order or self.order),
        )
        added = [name for name, _ in suggestion.ordered() if name not in plan.items][: MOST_ITEMS - len(plan.items)]
        for name in added:
            item = suggestion.items[name]
            known = tuple(each for each in item.after if each in self.assessment.plan.items)
            self._keep_item(name, item.model_copy(update={"after": known}), base=None, who=who)
        if added:
            metrics = [each.model_dump() for each in suggestion.metrics]
            self._keep_head({"start": suggestion.start, "metrics": metrics}, who=who)
        return added

    def _keep_head(self, fields: Mapping[str, Any], *, who: str) -> None:
        """Fill in fields of the plan that say nothing yet."""

        def filled(head: Assessment) -> Assessment:
            plain = head.to_dict()
            plain["plan"] = {**fields, **plain.get("plan", {})}
            return Assessment.from_dict(plain)

        if self._store is None:
            self._take(filled(self.assessment))
        else:
            self._take_head(self._store.revise(self._assessment_id, filled, who=who))

    # Keeping

    def _base(self, item_id: str) -> int | None:
        saved = self._saved.get(item_id)
        return saved.seq if saved else None

    def _keep_item(self, item_id: str, item: PlanItem | None, *, base: int | None, who: str) -> None:
        saved = None
        if self._store is not None:
            saved = self._store.save_item(self._assessment_id, item_id, item, base=base, who=who)
            self._saw(saved.seq)
            self.set_trait("status", {"state": "saved", "at": saved.at})
        if saved is None or saved.seq >= (self._base(item_id) or 0):
            self._accept(item_id, item, saved)  # else it is the receipt of an item that others have changed since

    def _accept(self, item_id: str, item: PlanItem | None, saved: SavedItem | None) -> None:
        """Make an item part of the plan."""
        if saved is not None:
            self._saved[item_id] = saved
        self._take(self.assessment.planned(item_id, item))

    def _take_head(self, stored: Assessment) -> None:
        """Take over what stands beside answers and items, and the answers; items have numbers and come one by one."""
        plan = stored.plan.model_copy(update={"items": self.assessment.plan.items})
        self._take(fitted(stored.model_copy(update={"plan": plan}), self.rubric))

    def _take(self, assessment: Assessment) -> None:
        self.set_trait("assessment", assessment)

    def _take_in(self, store: Store, seen: int) -> None:
        """Take in what others have changed since an event: items, and whatever the plan rests on."""
        for name, saved in store.items_since(self._assessment_id, seen).items():
            if saved.seq > (self._base(name) or 0):
                self._accept(name, saved.item, saved)
        self._take_head(store.load(self._assessment_id))
        with self.hold_sync():
            self._show()

    # What it shows

    def _show(self) -> None:
        """Hand the plan to the browser, each part with what tells a later one from an earlier, and recalculate."""
        shown: dict[str, Any] = {
            key: {"content": content, "seq": _tag(content), "who": "", "at": ""}
            for key, content in _fields(self.assessment).items()
        }
        shown |= {
            f"item.{name}": {"content": item.to_dict(), "seq": 0, "who": "", "at": ""}
            for name, item in self.assessment.plan.items.items()
            if name not in self._saved
        }
        for name, saved in self._saved.items():
            content = saved.item.to_dict() if saved.item else {}
            shown[f"item.{name}"] = {"content": content, "seq": saved.seq, "who": saved.who, "at": saved.at}
        self.set_trait("entries", shown)
        self._recalculate()

    def _recalculate(self) -> None:
        rubric, assessment, table, order = self.rubric, self.assessment, self._table, _order(self.order)
        plan = assessment.plan
        done = [name for name, item in plan.items.items() if item.status == "done"]
        result, ranked = self._start()
        self.set_trait("score", result)
        today = date.today().isoformat()
        scores = (result, forecast(rubric, assessment, done=done), forecast(rubric, assessment))
        waiting = [plan.items[name].title for name in waiting_in_a_circle(plan.items)]
        self.set_trait(
            "view",
            {
                **outlook(rubric, assessment, scores, table),
                "items": item_rows(rubric, assessment, table, today=today),
                "timeline": timeline(plan, today=today, words=table),
                "steps": step_rows(rubric, plan, ranked, order=order, said=self._said),
                "notice": table["in_a_circle"].format(titles=" → ".join(waiting)) if waiting else "",
            },
        )

    def _start(self) -> tuple[Score, tuple[Step, ...]]:
        """Score and rank what the plan starts from; items leave it as it is, so that a tick need not wait for it."""
        now, order = self.assessment, _order(self.order)
        rests_on = (now.answers, now.profile, now.targets, now.plan.efforts, order)
        if self._found is None or self._found[0] != rests_on:
            self._found = rests_on, (score(self.rubric, now), steps(self.rubric, now, order=order))
        return self._found[1]


def _fields(assessment: Assessment) -> dict[str, dict[str, Any]]:
    """Give what the page changes beside the items, by key: what is there as its value, what is not as nothing."""
    plain = assessment.to_dict()
    plan = plain.get("plan", {})
    values = {f"plan.{name}": plan.get(name) for name in _FIELDS} | {"plan.targets_by": plain.get("targets_by")}
    values |= {f"target.{name}": value for name, value in plain.get("targets", {}).items()}
    values |= {f"effort.{name}": value for name, value in plan.get("efforts", {}).items()}
    return {key: {"value": value} if value is not None else {} for key, value in values.items()}


def _order(wanted: object) -> Order:
    return "opensammy" if wanted == "opensammy" else "ratio"


def _tag(content: Mapping[str, Any]) -> str:
    """Make a mark of what a field says: who sends it back has seen that."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16] if content else ""


def _item(data: Mapping[str, Any]) -> PlanItem:
    """Read an item as the browser sent it.

    Raises:
        ToolkitError: it is not of the form of an item, or something in it is too long.
    """
    try:
        return PlanItem.model_validate(dict(data))
    except ValidationError as error:
        raise ToolkitError(problems_of(error)) from None
