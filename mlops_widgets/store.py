"""Keep assessments and their plans in SQLite or PostgreSQL: all that is said is appended, nothing is overwritten.

May not score.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from mlops_widgets.assessment import Answer, Assessment, PlanItem
from mlops_widgets.database import ASSESSMENTS, EVENTS, MIGRATIONS, Database, StoreError
from mlops_widgets.event_rows import (
    Kind,
    answer_in,
    assessment_in,
    check,
    check_id,
    check_item_id,
    head_of,
    is_of,
    item_in,
    json_of,
    origin_of,
    saved_in,
    saved_item_in,
)
from mlops_widgets.records import Event, ItemEvent, Listed, Saved, SavedItem, Stale, StaleItem, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = [
    "Event",
    "ItemEvent",
    "Listed",
    "Saved",
    "SavedItem",
    "Stale",
    "StaleItem",
    "Store",
    "StoreError",
    "Unknown",
]


class _Overtaken(Exception):  # noqa: N818
    """What was sent was made from something that does not stand any more."""

    def __init__(self, row: sa.Row[Any]) -> None:
        self.row = row


_E = EVENTS.c


_LAST = 2**31 - 1
"""No event has a higher number: there PostgreSQL's integers end."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """Assessments and the whole history of their answers; safe to share between threads.

    Args:
        url: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/DATABASE`; when left out, that of the environment
            variable MLOPS_WIDGETS_STORE, or a SQLite file in the user's data folder. Nothing opens before first use.
        now: the clock.
        migrations: the steps that make the schema.

    Every method raises `StoreError` when the database is gone, full, read-only or newer than this toolkit, and recovers
    by itself once that is mended. Those that take an id raise `Unknown` when there is no such assessment.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = Store(f"sqlite:///{folder.name}/assessments.sqlite")
    >>> assessment = store.create(Assessment.from_dict({"id": "churn26q4", "subject": "Churn model",
    ...     "date": "2026-11-20", "rubric": {"id": "mlops-levels", "version": "1.0"}}))
    >>> first = store.save("churn26q4", "data.catalog", Answer(value="no"), base=None, who="Ana")
    >>> second = store.save("churn26q4", "data.catalog", Answer(value="yes"), base=first.seq, who="Ben")
    >>> [(event.who, event.answer.value) for event in store.history("churn26q4")]
    [('Ana', 'no'), ('Ben', 'yes')]
    >>> store.at("churn26q4", first.seq).answers["data.catalog"].value
    'no'
    >>> store.close(); folder.cleanup()
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        now: Callable[[], datetime] = _utc_now,
        migrations: Sequence[Callable[[sa.Connection], None]] = MIGRATIONS,
    ) -> None:
        """Take the address; raises StoreError when it is none."""
        self._now = now
        self._database = Database(url or os.environ.get("MLOPS_WIDGETS_STORE"), time=self._time, migrations=migrations)

    @property
    def label(self) -> str:
        """Where the store is, without user, password and options."""
        return self._database.label

    def __repr__(self) -> str:
        return f"<Store {self.label}>"

    def create(self, assessment: Assessment, *, who: str = "") -> Assessment:
        """Keep a new assessment with the answers and the plan it has.

        Returns:
            The assessment as it is kept: without empty answers.

        Raises:
            StoreError: the id is taken.
            AssessmentError: something in it could not be read back.
        """
        answers = {name: answer for name, answer in assessment.answers.items() if not answer.is_empty}
        check(who=who)
        for criterion in answers:
            check(criterion=criterion)
        contents = [
            ("answer", None, head_of(assessment)),
            *(("answer", name, json_of(answer.to_dict())) for name, answer in answers.items()),
            *(("item", name, json_of(item.to_dict())) for name, item in assessment.plan.items.items()),
        ]
        shared = {"assessment": assessment.id, "base": None, "kept": True, "who": who, "at": self._time()}
        rows = [
            {**shared, "seq": seq, "kind": kind, "criterion": name, "content": content}
            for seq, (kind, name, content) in enumerate(contents, start=1)
        ]
        try:
            with self._database.connection(write=True) as connection:
                connection.execute(ASSESSMENTS.insert(), {"id": assessment.id})
                connection.execute(EVENTS.insert(), rows)
        except sa.exc.IntegrityError:
            raise StoreError(f"there is already an assessment {assessment.id!r}: choose another id") from None
        return assessment.model_copy(update={"answers": answers})

    def load(self, assessment_id: str) -> Assessment:
        """Give an assessment as it stands."""
        return assessment_in(self._current(assessment_id))

    def at(self, assessment_id: str, seq: int) -> Assessment:
        """Give an assessment as it stood after an event; `create` is number 1 and one more per answer and item."""
        latest = self.latest(assessment_id)
        if not 1 <= seq <= latest:
            raise Unknown(f"assessment {assessment_id!r} has no event {seq}: give a number from 1 to {latest}")
        return assessment_in(self._current(assessment_id, _E.seq <= seq))

    def answers(self, assessment_id: str) -> dict[str, Saved]:
        """Give the answers that stand by criterion; one that was taken back stands as an empty answer."""
        return {row.criterion: saved_in(row) for row in self._current(assessment_id) if is_of(row, "answer")}

    def items(self, assessment_id: str) -> dict[str, SavedItem]:
        """Give the items of the plan that stand by their id; one that was taken out stands as None."""
        return {row.criterion: saved_item_in(row) for row in self._current(assessment_id) if is_of(row, "item")}

    def since(self, assessment_id: str, seq: int) -> dict[str, Saved]:
        """Give the answers that stand and are newer than an event.

        Nothing is ever missed: within an assessment, numbers are given in the order of the commits. A change of the
        plan, or of what stands beside answers and items, moves `latest` but is not among these.
        """
        return {row.criterion: saved_in(row) for row in self._newer(assessment_id, seq) if is_of(row, "answer")}

    def items_since(self, assessment_id: str, seq: int) -> dict[str, SavedItem]:
        """Give the items of the plan that stand and are newer than an event, as `since` gives answers."""
        return {row.criterion: saved_item_in(row) for row in self._newer(assessment_id, seq) if is_of(row, "item")}

    def latest(self, assessment_id: str) -> int:
        """Give the number of the newest event: one look into an index, cheap enough to ask every second."""
        check_id(assessment_id)
        with self._database.connection() as connection:
            seq: int | None = connection.scalar(sa.select(sa.func.max(_E.seq)).where(_E.assessment == assessment_id))
        if seq is None:
            raise _unknown(assessment_id)
        return seq

    def save(self, assessment_id: str, criterion: str, answer: Answer, *, base: int | None, who: str = "") -> Saved:
        """Keep an answer; an empty one takes back what stood.

        Sending the same answer again with the same base, because the receipt was lost, is harmless.

        Args:
            base: number of the answer the writer saw there; None when there was none.

        Raises:
            Stale: somebody else changed the answer meanwhile. What was sent is recorded but does not stand.
            AssessmentError: a text no database can keep.
        """
        check(criterion=criterion, who=who)
        try:
            return saved_in(self._save(assessment_id, "answer", criterion, answer.to_dict(), base=base, who=who))
        except _Overtaken as overtaken:
            raise Stale(saved_in(overtaken.row)) from None

    def save_item(
        self, assessment_id: str, item_id: str, item: PlanItem | None, *, base: int | None, who: str = ""
    ) -> SavedItem:
        """Keep an item of the plan, in the way and by the rules of `save`; None takes it out.

        Raises:
            StaleItem: somebody else changed the item meanwhile. What was sent is recorded but does not stand.
            AssessmentError: the id is none.
        """
        check_item_id(item_id)
        check(who=who)
        try:
            content = item.to_dict() if item else {}
            return saved_item_in(self._save(assessment_id, "item", item_id, content, base=base, who=who))
        except _Overtaken as overtaken:
            raise StaleItem(saved_item_in(overtaken.row)) from None

    def _save(
        self, assessment_id: str, kind: Kind, name: str, content: Mapping[str, Any], *, base: int | None, who: str
    ) -> sa.Row[Any]:
        """Append what was said; raises _Overtaken with what stands when it was made from something older."""
        if base is not None and not 0 < base <= _LAST:
            base = 0  # the number of no event, as was the one given
        sent = {"kind": kind, "criterion": name, "content": json_of(content), "base": base, "who": who}
        same_place = (_E.assessment == assessment_id, _E.kind == kind, _E.criterion == name)
        with self._locked(assessment_id) as connection:
            current = connection.execute(_standing(*same_place)).one_or_none()
            # A base where nothing stands is from a database since restored: there is nothing it could undo.
            if current is None or current.seq == base:
                return self._append(connection, assessment_id, **sent, kept=True)
            same = sa.select(EVENTS).where(*same_place, _E.base == base, _E.who == who)
            before = next((row for row in connection.execute(same) if json.loads(row.content) == content), None)
            if before is None:
                self._append(connection, assessment_id, **sent, kept=False)
        if before is not None and before.kept:
            return before
        raise _Overtaken(current)

    def update(
        self,
        assessment_id: str,
        *,
        subject: str | None = None,
        profile: Sequence[str] | None = None,
        targets: Mapping[str, float] | None = None,
        targets_by: str | None = None,
        date: str | None = None,
        assessor: str | None = None,
        plan_head: Mapping[str, Any] | None = None,
        who: str = "",
    ) -> Assessment:
        """Change what an assessment says beside its answers and the items of its plan; None leaves a field as it is.

        Args:
            assessment_id: which one.
            subject: what is assessed.
            profile: facet options that hold.
            targets: wanted level by section.
            targets_by: day by which they are to be met; empty when there is none.
            date: day of the assessment.
            assessor: who made it.
            plan_head: fields of the plan to change, by name; those not named stay.
            who: who changes it.

        Raises:
            AssessmentError: with every fault of the new values.
        """
        given = {"subject": subject, "profile": profile, "targets": targets, "date": date, "assessor": assessor}
        changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if targets_by is not None:
            changes["targets_by"] = targets_by or None

        def changed(head: Assessment) -> Assessment:
            plain = head.to_dict()
            return Assessment.from_dict(plain | changes | {"plan": plain.get("plan", {}) | dict(plan_head or {})})

        return self.revise(assessment_id, changed, who=who)

    def revise(self, assessment_id: str, revised: Callable[[Assessment], Assessment], *, who: str = "") -> Assessment:
        """Change what an assessment says beside answers and items, and let nobody write in between.

        Args:
            assessment_id: which one.
            revised: gives the assessment as it is to be; what it raises is passed on, and nothing is kept then.
            who: who changes it.

        Raises:
            AssessmentError: what it gives could not be read back.
        """
        check(who=who)
        with self._locked(assessment_id) as connection:
            row = connection.execute(_standing(_E.assessment == assessment_id, _E.criterion.is_(None))).one()
            content = head_of(revised(Assessment.from_dict(json.loads(row.content))))
            if content != row.content:
                edit = {"kind": "answer", "criterion": None, "content": content, "base": row.seq, "who": who}
                self._append(connection, assessment_id, **edit, kept=True)
        return self.load(assessment_id)

    def history(self, assessment_id: str, criterion: str | None = None) -> list[Event]:
        """List what was answered, to one criterion or all, oldest first."""
        if criterion is not None:
            check(criterion=criterion)
        return [
            Event(
                **origin_of(row),
                criterion=row.criterion,
                answer=answer_in(row),
                before=answer_in(stood) if stood else None,
            )
            for row, stood in self._events(assessment_id, "answer", criterion)
        ]

    def item_history(self, assessment_id: str, item_id: str | None = None) -> list[ItemEvent]:
        """List the changes of the plan, of one item or all, oldest first."""
        if item_id is not None:
            check_item_id(item_id)
        return [
            ItemEvent(
                **origin_of(row), item_id=row.criterion, item=item_in(row), before=item_in(stood) if stood else None
            )
            for row, stood in self._events(assessment_id, "item", item_id)
        ]

    def _events(
        self, assessment_id: str, kind: Kind, name: str | None
    ) -> Iterator[tuple[sa.Row[Any], sa.Row[Any] | None]]:
        """List events of a kind, each with the one that stood in its place when it arrived."""
        check_id(assessment_id)
        query = sa.select(EVENTS).where(_E.assessment == assessment_id).order_by(_E.seq)
        # The head comes along, so that no rows means no assessment.
        wanted = _E.kind == kind if name is None else sa.and_(_E.kind == kind, _E.criterion == name)
        with self._database.connection() as connection:
            rows = connection.execute(query.where(sa.or_(wanted, _E.criterion.is_(None)))).all()
        if not rows:
            raise _unknown(assessment_id)
        stood: dict[str, sa.Row[Any]] = {}
        for row in rows:
            if row.criterion is not None:
                yield row, stood.get(row.criterion)
                if row.kept:
                    stood[row.criterion] = row

    def recent(self, limit: int = 50) -> list[Listed]:
        """List the assessments, the one changed last first."""
        newest = sa.select(_E.assessment, sa.func.max(_E.seq).label("seq")).group_by(_E.assessment).subquery()
        changes = (
            sa.select(_E.assessment, _E.at)
            .join(newest, sa.and_(_E.assessment == newest.c.assessment, _E.seq == newest.c.seq))
            .order_by(_E.at.desc(), _E.assessment)
            .limit(limit)
        )
        with self._database.connection() as connection:
            changed_at = {row.assessment: row.at for row in connection.execute(changes)}
            rows = connection.execute(_standing(_E.assessment.in_(changed_at))).all()
        heads = {row.assessment: Assessment.model_validate_json(row.content) for row in rows if row.criterion is None}
        answered = Counter(row.assessment for row in rows if is_of(row, "answer") and answer_in(row).value)
        return [
            Listed(
                **{name: getattr(heads[one], name) for name in ("id", "subject", "date", "assessor")},
                rubric_id=heads[one].rubric.id,
                rubric_version=heads[one].rubric.version,
                changed_at=changed,
                answered=answered[one],
            )
            for one, changed in changed_at.items()
        ]

    def duplicate(self, assessment_id: str, *, new_id: str, date: str, who: str = "") -> Assessment:
        """Start a new assessment from where another stands, such as next quarter's from this one's.

        Raises:
            StoreError: the new id is taken.
            AssessmentError: the new id or date has not the form it needs.
        """
        copy = Assessment.from_dict(self.load(assessment_id).to_dict() | {"id": new_id, "date": date})
        return self.create(copy, who=who)

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._database.close()

    def _time(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _current(self, assessment_id: str, *where: sa.ColumnElement[bool]) -> Sequence[sa.Row[Any]]:
        """Read what stands in one statement, so that it is of one moment without a transaction."""
        check_id(assessment_id)
        with self._database.connection() as connection:
            rows = connection.execute(_standing(_E.assessment == assessment_id, *where)).all()
        if not rows:
            self.latest(assessment_id)  # tells a quiet assessment from an unknown one
        return rows

    def _newer(self, assessment_id: str, seq: int) -> Sequence[sa.Row[Any]]:
        return self._current(assessment_id, _E.seq > min(max(seq, 0), _LAST))

    @contextmanager
    def _locked(self, assessment_id: str) -> Iterator[sa.Connection]:
        """Be the only writer of an assessment, so that numbers are given in the order of the commits."""
        check_id(assessment_id)
        # SQLite leaves FOR UPDATE out: there BEGIN IMMEDIATE has locked the whole database.
        lock = sa.select(ASSESSMENTS.c.id).where(ASSESSMENTS.c.id == assessment_id).with_for_update()
        with self._database.connection(write=True) as connection:
            if connection.scalar(lock) is None:
                raise _unknown(assessment_id)
            yield connection

    def _append(self, connection: sa.Connection, assessment_id: str, **values: str | int | bool | None) -> sa.Row[Any]:
        newest = sa.select(sa.func.max(_E.seq)).where(_E.assessment == assessment_id)
        seq = connection.execute(newest).scalar_one() + 1
        row = {**values, "assessment": assessment_id, "seq": seq, "at": self._time()}
        connection.execute(EVENTS.insert(), row)
        return connection.execute(sa.select(EVENTS).where(_E.assessment == assessment_id, _E.seq == seq)).one()


def _standing(*where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Select the newest kept event of each criterion and each item, and of the head, among some."""
    newest = (
        sa.select(_E.assessment, sa.func.max(_E.seq).label("seq"))
        .where(_E.kept, *where)
        .group_by(_E.assessment, _E.kind, _E.criterion)
        .subquery()
    )
    same = sa.and_(_E.assessment == newest.c.assessment, _E.seq == newest.c.seq)
    return sa.select(EVENTS).join(newest, same).order_by(_E.seq)


def _unknown(assessment_id: str) -> Unknown:
    return Unknown(f"there is no assessment {assessment_id!r}: check its address, or look for it in the list")
