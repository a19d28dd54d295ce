"""Keep assessments in SQLite or PostgreSQL: everything said is appended, nothing is overwritten.

May not score.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError

from mlops_widgets.assessment import Answer, Assessment, AssessmentError, AssessmentId
from mlops_widgets.database import ASSESSMENTS, EVENTS, MIGRATIONS, Database, StoreError
from mlops_widgets.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["Event", "Listed", "Saved", "Stale", "Store", "StoreError", "Unknown"]


class Unknown(StoreError):  # noqa: N818 - reads as what it is: `except Unknown`
    """There is no such assessment, or it has no such event."""


class Stale(StoreError):  # noqa: N818
    """Somebody changed the answer after the writer last saw it; what was sent is in the history."""

    def __init__(self, current: Saved) -> None:
        """Take the answer that stands."""
        self.current = current
        super().__init__(
            f"{current.who or 'somebody'} changed this answer at {current.at}, after you last saw it: "
            "theirs stands, yours is in the history; save again to change it"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """An answer that stands; an empty one was taken back."""

    answer: Answer
    seq: int
    """Its place in the history of the assessment: what the next writer gives as `base`."""
    who: str
    at: str
    """ISO 8601, UTC, with milliseconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One thing somebody answered."""

    seq: int
    assessment: str
    criterion: str
    answer: Answer
    before: Answer | None
    """What stood when it arrived; None for the first answer to a criterion."""
    who: str
    at: str
    kept: bool
    """False when it arrived too late to stand: recorded, never current."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """An assessment as a line of a list."""

    id: str
    subject: str
    rubric_id: str
    rubric_version: str
    date: str
    assessor: str
    changed_at: str
    answered: int
    """How many criteria have a value."""


_E = EVENTS.c


_ID: TypeAdapter[str] = TypeAdapter(AssessmentId)
_MOST = {"criterion": 80, "who": 200}
"""Characters in a name; those of other texts are the assessment's to limit."""
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
        """Keep a new assessment with the answers it has.

        Returns:
            The assessment as it is kept: without empty answers.

        Raises:
            StoreError: the id is taken.
            AssessmentError: something in it could not be read back.
        """
        answers = {name: answer for name, answer in assessment.answers.items() if not answer.is_empty}
        _check(who=who)
        for criterion in answers:
            _check(criterion=criterion)
        contents = {None: _head(assessment)} | {name: _json(answer.to_dict()) for name, answer in answers.items()}
        shared = {"assessment": assessment.id, "base": None, "kept": True, "who": who, "at": self._time()}
        rows = [
            {**shared, "seq": seq, "criterion": criterion, "content": content}
            for seq, (criterion, content) in enumerate(contents.items(), start=1)
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
        return _assessment(self._current(assessment_id))

    def at(self, assessment_id: str, seq: int) -> Assessment:
        """Give an assessment as it stood after an event; `create` is number 1 and one more per answer it had."""
        latest = self.latest(assessment_id)
        if not 1 <= seq <= latest:
            raise Unknown(f"assessment {assessment_id!r} has no event {seq}: give a number from 1 to {latest}")
        return _assessment(self._current(assessment_id, _E.seq <= seq))

    def answers(self, assessment_id: str) -> dict[str, Saved]:
        """Give the answers that stand by criterion; one that was taken back stands as an empty answer."""
        return {row.criterion: _saved(row) for row in self._current(assessment_id) if row.criterion is not None}

    def since(self, assessment_id: str, seq: int) -> dict[str, Saved]:
        """Give the answers that stand and are newer than an event.

        Nothing is ever missed: within an assessment, numbers are given in the order of the commits. An edit of the
        subject, profile, targets, date or assessor moves `latest` but is not among these; `load` has it.
        """
        rows = self._current(assessment_id, _E.seq > min(max(seq, 0), _LAST))
        return {row.criterion: _saved(row) for row in rows if row.criterion is not None}

    def latest(self, assessment_id: str) -> int:
        """Give the number of the newest event: one look into an index, cheap enough to ask every second."""
        _check_id(assessment_id)
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
        _check(criterion=criterion, who=who)
        if base is not None and not 0 < base <= _LAST:
            base = 0  # the number of no event, as was the one given
        sent = {"criterion": criterion, "content": _json(answer.to_dict()), "base": base, "who": who}
        of_criterion = (_E.assessment == assessment_id, _E.criterion == criterion)
        with self._locked(assessment_id) as connection:
            current = connection.execute(_standing(*of_criterion)).one_or_none()
            # A base where nothing stands is from a database since restored: there is nothing it could undo.
            if current is None or current.seq == base:
                seq, at = self._append(connection, assessment_id, **sent, kept=True)
                return Saved(answer=answer, seq=seq, who=who, at=at)
            same = sa.select(EVENTS).where(*of_criterion, _E.base == base, _E.who == who)
            before = next((row for row in connection.execute(same) if _answer(row) == answer), None)
            if before is None:
                self._append(connection, assessment_id, **sent, kept=False)
        if before is not None and before.kept:
            return _saved(before)
        raise Stale(_saved(current))

    def update(
        self,
        assessment_id: str,
        *,
        subject: str | None = None,
        profile: Sequence[str] | None = None,
        targets: Mapping[str, float] | None = None,
        date: str | None = None,
        assessor: str | None = None,
        who: str = "",
    ) -> Assessment:
        """Change what an assessment says beside its answers; None leaves a field as it is.

        Raises:
            AssessmentError: with every fault of the new values.
        """
        _check(who=who)
        given = {"subject": subject, "profile": profile, "targets": targets, "date": date, "assessor": assessor}
        changes = {name: value for name, value in given.items() if value is not None}
        with self._locked(assessment_id) as connection:
            row = connection.execute(_standing(_E.assessment == assessment_id, _E.criterion.is_(None))).one()
            content = _head(Assessment.from_dict(json.loads(row.content) | changes))
            if content != row.content:
                edit = {"criterion": None, "content": content, "base": row.seq, "who": who}
                self._append(connection, assessment_id, **edit, kept=True)
        return self.load(assessment_id)

    def history(self, assessment_id: str, criterion: str | None = None) -> list[Event]:
        """List what was answered, to one criterion or all, oldest first."""
        _check_id(assessment_id)
        query = sa.select(EVENTS).where(_E.assessment == assessment_id).order_by(_E.seq)
        if criterion is not None:
            _check(criterion=criterion)
            # The head comes along, so that no rows means no assessment.
            query = query.where(sa.or_(_E.criterion == criterion, _E.criterion.is_(None)))
        with self._database.connection() as connection:
            rows = connection.execute(query).all()
        if not rows:
            raise _unknown(assessment_id)
        events = []
        stood: dict[str, Answer] = {}
        for row in rows:
            if row.criterion is not None:
                shared = {name: getattr(row, name) for name in ("seq", "assessment", "criterion", "who", "at", "kept")}
                answer = _answer(row)
                events.append(Event(**shared, answer=answer, before=stood.get(row.criterion)))
                if row.kept:
                    stood[row.criterion] = answer
        return events

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
        answered = Counter(row.assessment for row in rows if row.criterion is not None and _answer(row).value)
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
        _check_id(assessment_id)
        with self._database.connection() as connection:
            rows = connection.execute(_standing(_E.assessment == assessment_id, *where)).all()
        if not rows:
            self.latest(assessment_id)  # tells a quiet assessment from an unknown one
        return rows

    @contextmanager
    def _locked(self, assessment_id: str) -> Iterator[sa.Connection]:
        """Be the only writer of an assessment, so that numbers are given in the order of the commits."""
        _check_id(assessment_id)
        # SQLite leaves FOR UPDATE out: there BEGIN IMMEDIATE has locked the whole database.
        lock = sa.select(ASSESSMENTS.c.id).where(ASSESSMENTS.c.id == assessment_id).with_for_update()
        with self._database.connection(write=True) as connection:
            if connection.scalar(lock) is None:
                raise _unknown(assessment_id)
            yield connection

    def _append(
        self, connection: sa.Connection, assessment_id: str, **values: str | int | bool | None
    ) -> tuple[int, str]:
        newest = sa.select(sa.func.max(_E.seq)).where(_E.assessment == assessment_id)
        seq, at = connection.execute(newest).scalar_one() + 1, self._time()
        connection.execute(EVENTS.insert(), {**values, "assessment": assessment_id, "seq": seq, "at": at})
        return seq, at


def _standing(*where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Select the newest kept event of each criterion, and of the head, among some."""
    newest = (
        sa.select(_E.assessment, sa.func.max(_E.seq).label("seq"))
        .where(_E.kept, *where)
        .group_by(_E.assessment, _E.criterion)
        .subquery()
    )
    same = sa.and_(_E.assessment == newest.c.assessment, _E.seq == newest.c.seq)
    return sa.select(EVENTS).join(newest, same).order_by(_E.seq)


def _check_id(assessment_id: str) -> None:
    try:
        _ID.validate_python(assessment_id)
    except ValidationError:
        raise Unknown(
            f"{str(assessment_id)[:60]!r} is no id of an assessment: one has 4 to 32 small letters and digits"
        ) from None


def _unknown(assessment_id: str) -> Unknown:
    return Unknown(f"there is no assessment {assessment_id!r}: check its address, or look for it in the list")


def _check(**texts: str) -> None:
    """Refuse before any SQL what one of the databases would refuse: both keep the same."""
    problems = []
    for where, text in texts.items():
        most = _MOST[where]
        if len(text) > most:
            problems.append(Problem(where=where, message=f"is {len(text)} characters long; the most is {most}"))
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
            problems.append(Problem(where=where, message="holds a character no database can keep; take it out"))
    if not texts.get("criterion", "-"):
        problems.append(Problem(where="criterion", message="is empty; write some text"))
    if problems:
        raise AssessmentError(problems)


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _head(assessment: Assessment) -> str:
    """Everything but the answers, in a form that is known to come back."""
    plain = assessment.model_copy(update={"answers": {}}).to_dict()
    Assessment.from_dict(plain)
    return _json(plain)


def _assessment(rows: Sequence[sa.Row[Any]]) -> Assessment:
    contents = {row.criterion: json.loads(row.content) for row in rows}
    head = contents.pop(None)
    return Assessment.model_validate({**head, "answers": {name: answer for name, answer in contents.items() if answer}})


def _answer(row: sa.Row[Any]) -> Answer:
    return Answer.model_validate_json(row.content)


def _saved(row: sa.Row[Any]) -> Saved:
    return Saved(answer=_answer(row), seq=row.seq, who=row.who, at=row.at)
