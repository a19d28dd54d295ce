"""Keep assessments in SQLite or PostgreSQL: everything said is appended, nothing is overwritten.

The only importer of SQLAlchemy. May not score.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import threading
from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError

from mlops_widgets.assessment import Answer, Assessment, AssessmentError, AssessmentId
from mlops_widgets.errors import Problem, ToolkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

__all__ = ["Event", "Listed", "Saved", "Stale", "Store", "StoreError", "Unknown"]


class StoreError(ToolkitError):
    """The store cannot do what was asked: one sentence that says why and what to do."""


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


_TABLES = sa.MetaData()
_ASSESSMENTS = sa.Table("mlops_assessments", _TABLES, sa.Column("id", sa.Text, primary_key=True))
"""One row an assessment: what PostgreSQL locks while an event is added, and nothing else."""
_EVENTS = sa.Table(
    "mlops_events",
    _TABLES,
    sa.Column("assessment", sa.Text, sa.ForeignKey("mlops_assessments.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("criterion", sa.Text),  # NULL: `content` is all of the assessment but its answers
    sa.Column("base", sa.Integer),
    sa.Column("content", sa.Text, nullable=False),  # JSON as text: jsonb would refuse a NUL character in a note
    sa.Column("kept", sa.Boolean, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Index("mlops_events_by_criterion", "assessment", "criterion", "seq"),
)
_VERSIONS = sa.Table(
    "mlops_schema",
    sa.MetaData(),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
)
_E = _EVENTS.c


def _first_schema(connection: sa.Connection) -> None:
    # Once the tables above change, spell out here what they were: a migration never changes.
    _TABLES.create_all(connection)


MIGRATIONS: tuple[Callable[[sa.Connection], None], ...] = (_first_schema,)
"""Step n takes a database from schema n to n + 1, inside one transaction."""

PATIENCE = 10.0
"""Seconds a writer waits for its turn on SQLite before it says that the store is busy."""

_ID: TypeAdapter[str] = TypeAdapter(AssessmentId)
_MOST = {"criterion": 80, "who": 200}
"""Characters in a name; those of other texts are the assessment's to limit."""
_MIGRATION_LOCK = 7_305_809_115
"""Any number will do, as long as every process of this toolkit takes the same."""
_ADDRESS = (
    "the address of a store is sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE; "
    "in a password write %40 for @, %3A for : and %2F for /"
)
_CAUSES = (
    (("SQLITE_FULL", "53100"), "is on a full disk: free some space, then try again"),
    (("SQLITE_READONLY", "25006", "42501"), "can be read but not written: check its permissions, then try again"),
    (("SQLITE_BUSY",), "is busy with another writer: try again in a moment"),
    (("SQLITE_NOTADB", "SQLITE_CORRUPT"), "is damaged or no database: restore it from a copy or choose another file"),
    (("SQLITE_CANTOPEN",), "cannot be opened: check that the file and its folder are there, then try again"),
    (("",), "cannot be reached: check its address and that the database is running, then try again"),
)
"""What to say, by the beginning of SQLite's error name or PostgreSQL's SQLSTATE."""
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
        self._url = _address(url or os.environ.get("MLOPS_WIDGETS_STORE"))
        self._is_sqlite = self._url.get_backend_name() == "sqlite"
        self._now = now
        self._migrations = migrations
        self._opening = threading.Lock()
        # SQLite has one writer at a time and lets the others sleep longer and longer: queueing here is fairer.
        self._turn: AbstractContextManager[object] = threading.Lock() if self._is_sqlite else nullcontext()
        self._reader: sa.Engine | None = None
        self._writer: sa.Engine | None = None
        self._ready = False

    @property
    def label(self) -> str:
        """Where the store is, without user, password and options."""
        if self._is_sqlite:
            return str(self._url.database)
        port = f":{self._url.port}" if self._url.port else ""
        return f"postgresql://{self._url.host or ''}{port}/{self._url.database or ''}"

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
            with self._connection(write=True) as connection:
                connection.execute(_ASSESSMENTS.insert(), {"id": assessment.id})
                connection.execute(_EVENTS.insert(), rows)
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
        with self._connection() as connection:
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
            same = sa.select(_EVENTS).where(*of_criterion, _E.base == base, _E.who == who)
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
        query = sa.select(_EVENTS).where(_E.assessment == assessment_id).order_by(_E.seq)
        if criterion is not None:
            _check(criterion=criterion)
            # The head comes along, so that no rows means no assessment.
            query = query.where(sa.or_(_E.criterion == criterion, _E.criterion.is_(None)))
        with self._connection() as connection:
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
        with self._connection() as connection:
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
        if self._reader is not None:
            self._reader.dispose()

    def _time(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _current(self, assessment_id: str, *where: sa.ColumnElement[bool]) -> Sequence[sa.Row[Any]]:
        """Read what stands in one statement, so that it is of one moment without a transaction."""
        _check_id(assessment_id)
        with self._connection() as connection:
            rows = connection.execute(_standing(_E.assessment == assessment_id, *where)).all()
        if not rows:
            self.latest(assessment_id)  # tells a quiet assessment from an unknown one
        return rows

    @contextmanager
    def _locked(self, assessment_id: str) -> Iterator[sa.Connection]:
        """Be the only writer of an assessment, so that numbers are given in the order of the commits."""
        _check_id(assessment_id)
        # SQLite leaves FOR UPDATE out: there BEGIN IMMEDIATE has locked the whole database.
        lock = sa.select(_ASSESSMENTS.c.id).where(_ASSESSMENTS.c.id == assessment_id).with_for_update()
        with self._connection(write=True) as connection:
            if connection.scalar(lock) is None:
                raise _unknown(assessment_id)
            yield connection

    def _append(
        self, connection: sa.Connection, assessment_id: str, **values: str | int | bool | None
    ) -> tuple[int, str]:
        newest = sa.select(sa.func.max(_E.seq)).where(_E.assessment == assessment_id)
        seq, at = connection.execute(newest).scalar_one() + 1, self._time()
        connection.execute(_EVENTS.insert(), {**values, "assessment": assessment_id, "seq": seq, "at": at})
        return seq, at

    @contextmanager
    def _connection(self, *, write: bool = False) -> Iterator[sa.Connection]:
        try:
            reader, writer = self._engines()
            with self._turn if write else nullcontext(), (writer if write else reader).begin() as connection:
                yield connection
        except sa.exc.IntegrityError:
            raise
        except (sa.exc.DBAPIError, sa.exc.TimeoutError, OSError) as error:
            # Whatever comes back may be another database: look at its schema again.
            self._ready = False
            raise StoreError(f"the store {self.label} {_cause(error)}") from error

    def _engines(self) -> tuple[sa.Engine, sa.Engine]:
        with self._opening if not self._ready else nullcontext():
            if self._reader is None or self._writer is None:
                open_engines = _sqlite_engines if self._is_sqlite else _postgresql_engines
                self._reader, self._writer = open_engines(self._url)
            if not self._ready:
                self._migrate(self._reader, self._writer)
                self._ready = True
        return self._reader, self._writer

    def _migrate(self, reader: sa.Engine, writer: sa.Engine) -> None:
        with reader.connect() as connection:
            if self._schema(connection) == len(self._migrations):
                return
        with writer.begin() as connection:
            if not self._is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            _VERSIONS.create(connection, checkfirst=True)
            version = self._schema(connection)
            for number, step in enumerate(self._migrations[version:], start=version + 1):
                step(connection)
                connection.execute(_VERSIONS.insert(), {"version": number, "at": self._time()})

    def _schema(self, connection: sa.Connection) -> int:
        if not sa.inspect(connection).has_table(_VERSIONS.name):
            return 0
        version: int = connection.scalar(sa.select(sa.func.max(_VERSIONS.c.version))) or 0
        if version > len(self._migrations):
            raise StoreError(
                f"the store {self.label} was made by a newer version of this toolkit (its schema is {version}, "
                f"this one knows {len(self._migrations)}): update mlops-widgets"
            )
        return version


def _address(url: str | None) -> sa.URL:
    """Take an address apart; what is wrong with one is told without repeating it, for it may hold a password."""
    if not url:
        folder = Path(platformdirs.user_data_dir("mlops-widgets", appauthor=False))
        return sa.URL.create("sqlite", database=str(folder / "assessments.sqlite"))
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise StoreError(_ADDRESS) from None
    if address.drivername in ("sqlite", "sqlite+pysqlite"):
        # In memory every thread would see a database of its own.
        if not address.database or ":memory:" in address.database or address.query:
            raise StoreError(_ADDRESS)
        return sa.URL.create("sqlite", database=str(Path(address.database).expanduser().absolute()))
    if address.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        # An @ left over means that part of the password would be taken for the host, and shown as such.
        if "@" in f"{address.host}{address.database}":
            raise StoreError(_ADDRESS)
        return address.set(drivername="postgresql+psycopg")
    raise StoreError(_ADDRESS)


def _sqlite_engines(url: sa.URL) -> tuple[sa.Engine, sa.Engine]:
    path = Path(str(url.database))
    # Made here and once only: a file that vanishes later is an error, not a reason to begin an empty one.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
    reader = sa.create_engine(url, creator=lambda: _sqlite_connection(path), hide_parameters=True)
    writer = reader.execution_options()

    @sa.event.listens_for(reader, "connect")
    def remember(_: object, record: sa.pool.ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(path)

    @sa.event.listens_for(reader, "checkout")
    def still_there(_: object, record: sa.pool.ConnectionPoolEntry, __: object) -> None:
        # A deleted file goes on taking answers from those who have it open, and loses them when they leave.
        if record.info["file"] != _identity(path):
            raise sa.exc.DisconnectionError

    @sa.event.listens_for(writer, "begin")
    def begin(connection: sa.Connection) -> None:
        # Reads are single statements and need no transaction; a write must lock before its first look.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return reader, writer


def _sqlite_connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw", uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    try:
        # WAL: readers never wait for a writer. FULL: a commit is on the disk before it is acknowledged, so that a
        # power cut loses nothing either (kill -9 alone would not need it).
        for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {setting}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _postgresql_engines(url: sa.URL) -> tuple[sa.Engine, sa.Engine]:
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": 5}
    try:
        # The ping before use finds out that the server was restarted: the store recovers without being rebuilt.
        writer = sa.create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=patience)
    except ImportError as error:
        raise StoreError("PostgreSQL needs one more package: pip install 'mlops-widgets[postgresql]'") from error
    return writer.execution_options(isolation_level="AUTOCOMMIT"), writer


def _cause(error: Exception) -> str:
    if isinstance(error, OSError):  # while the folder or the file was made
        code = "SQLITE_FULL" if error.errno == errno.ENOSPC else "SQLITE_CANTOPEN"
    else:
        original = getattr(error, "orig", None)
        code = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None) or ""
    return next(cause for starts, cause in _CAUSES if code.startswith(starts))


def _standing(*where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Select the newest kept event of each criterion, and of the head, among some."""
    newest = (
        sa.select(_E.assessment, sa.func.max(_E.seq).label("seq"))
        .where(_E.kept, *where)
        .group_by(_E.assessment, _E.criterion)
        .subquery()
    )
    same = sa.and_(_E.assessment == newest.c.assessment, _E.seq == newest.c.seq)
    return sa.select(_EVENTS).join(newest, same).order_by(_E.seq)


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
