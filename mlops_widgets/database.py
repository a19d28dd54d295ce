"""Reach a database of assessments: addresses, connections, the schema and its versions, what to say when it fails.

Together with the store the only importer of SQLAlchemy. May not know what is kept.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import sqlalchemy as sa

from mlops_widgets.errors import ToolkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

__all__ = ["ASSESSMENTS", "EVENTS", "MIGRATIONS", "Database", "StoreError"]


class StoreError(ToolkitError):
    """The store cannot do what was asked: one sentence that says why and what to do."""


_TABLES = sa.MetaData()
ASSESSMENTS = sa.Table("mlops_assessments", _TABLES, sa.Column("id", sa.Text, primary_key=True))
"""One row an assessment: what PostgreSQL locks while an event is added, and nothing else."""
EVENTS = sa.Table(
    "mlops_events",
    _TABLES,
    sa.Column("assessment", sa.Text, sa.ForeignKey("mlops_assessments.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    # NULL: `content` is all of the assessment but its answers and the items of its plan; of an item, the item's id.
    sa.Column("criterion", sa.Text),
    sa.Column("base", sa.Integer),
    sa.Column("content", sa.Text, nullable=False),  # JSON as text: jsonb would refuse a NUL character in a note
    sa.Column("kept", sa.Boolean, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # `answer`: to a criterion, or the head; `item`: of the plan
)
_VERSIONS = sa.Table(
    "mlops_schema",
    sa.MetaData(),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
)


def _first_schema(connection: sa.Connection) -> None:
    """Make the tables as they were at first; spelt out, because a migration never changes."""
    tables = sa.MetaData()
    sa.Table("mlops_assessments", tables, sa.Column("id", sa.Text, primary_key=True))
    sa.Table(
        "mlops_events",
        tables,
        sa.Column("assessment", sa.Text, sa.ForeignKey("mlops_assessments.id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("criterion", sa.Text),
        sa.Column("base", sa.Integer),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("kept", sa.Boolean, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Index("mlops_events_by_criterion", "assessment", "criterion", "seq"),
    )
    tables.create_all(connection)


def _items_of_plans(connection: sa.Connection) -> None:
    """Tell items of a plan from answers; all there is before are answers."""
    connection.execute(sa.text("ALTER TABLE mlops_events ADD COLUMN kind TEXT NOT NULL DEFAULT 'answer'"))


MIGRATIONS: tuple[Callable[[sa.Connection], None], ...] = (_first_schema, _items_of_plans)
"""Step n takes a database from schema n to n + 1, inside one transaction."""

PATIENCE = 10.0
"""Seconds a writer waits for its turn on SQLite before it says that the store is busy."""

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


class Database:
    """A database by its address, opened at first use and brought to the newest schema.

    Args:
        url: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/DATABASE`; when empty, a file in the user's data
            folder.
        time: gives the time to note beside a migration.
        migrations: the steps that make the schema.

    Raises:
        StoreError: the address is none; every connection raises it when the database is gone, full, read-only or newer
            than this toolkit.
    """

    def __init__(
        self, url: str | None, *, time: Callable[[], str], migrations: Sequence[Callable[[sa.Connection], None]]
    ) -> None:
        """Take the address; nothing opens yet."""
        self._url = _address(url)
        self._is_sqlite = self._url.get_backend_name() == "sqlite"
        self._time = time
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

    @contextmanager
    def connection(self, *, write: bool = False) -> Iterator[sa.Connection]:
        """Connect, for single statements that read or for one transaction that writes.

        Raises:
            StoreError: with what is the matter, and what to do.
        """
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

    def close(self) -> None:
        """Close the connections; the next use opens new ones."""
        if self._reader is not None:
            self._reader.dispose()


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
