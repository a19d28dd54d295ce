"""The store on SQLite and on a real PostgreSQL, and what is particular to each."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

pytest.register_assert_rewrite("store_contract")

from postgresql import MISSING, PostgreSQL  # noqa: E402
from store_contract import NO, YES, StoreContract, assessment  # noqa: E402

from mlops_widgets import database  # noqa: E402
from mlops_widgets.store import Store, StoreError  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS = (
    "the address of a store is sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE; "
    "in a password write %40 for @, %3A for : and %2F for /"
)


@contextmanager
def every_connection(pragma: str) -> Iterator[None]:
    """Have SQLite behave as on a full or write-protected disk, on every connection opened meanwhile."""

    def apply(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA {pragma}")

    sa.event.listen(sa.Pool, "connect", apply)
    try:
        yield
    finally:
        sa.event.remove(sa.Pool, "connect", apply)


class TestSQLite(StoreContract):
    """The contract on SQLite, and its file."""

    @pytest.fixture
    def store_url(self, tmp_path: Path) -> str:
        """Give a file that is not there yet, in a folder that is not either, with a name that needs care."""
        return f"sqlite:///{tmp_path}/the data/a%3Fb#c/store.sqlite"

    def test_settings(self, store: Store) -> None:
        """A commit is on the disk before it is acknowledged, and readers do not wait for writers."""
        store.recent()
        with store._database.connection() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000

    def test_folder_and_file_are_private(self, store: Store) -> None:
        """Answers name people: nobody else on the machine may read them."""
        store.recent()
        file = Path(store.label)
        assert file.parent.stat().st_mode & 0o777 == 0o700
        assert file.stat().st_mode & 0o777 == 0o600

    def test_nothing_happens_before_first_use(self, store: Store) -> None:
        """Making a store touches no file."""
        assert not Path(store.label).parent.exists()

    def test_default_is_the_data_folder(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """Without an address the store is a file in the user's data folder."""
        monkeypatch.delenv("MLOPS_WIDGETS_STORE", raising=False)
        monkeypatch.setattr("platformdirs.user_data_dir", lambda name, **_: str(tmp_path / name))
        assert Store().label == str(tmp_path / "mlops-widgets" / "assessments.sqlite")

    def test_environment_names_the_store(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """Without an address that of the environment counts; with one it does not."""
        monkeypatch.setenv("MLOPS_WIDGETS_STORE", f"sqlite:///{tmp_path}/team.sqlite")
        assert repr(Store()) == f"<Store {tmp_path}/team.sqlite>"
        assert Store(f"sqlite:///{tmp_path}/mine.sqlite").label == f"{tmp_path}/mine.sqlite"

    def test_relative_file_stays_the_same(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """A relative file is that of the folder the store was made in, whatever becomes of the working folder."""
        monkeypatch.chdir(tmp_path)
        store = Store("sqlite:///here.sqlite")
        monkeypatch.chdir("/")
        assert store.label == f"{tmp_path}/here.sqlite"

    @pytest.mark.parametrize(
        "url",
        ["sqlite://", "sqlite:///:memory:", "sqlite:///a.db?mode=ro", "mysql://h/db", "store.db", "http://[", "x"],
    )
    def test_address_that_is_none(self, url: str) -> None:
        """An address of another database, in memory, or none at all is told at once."""
        with pytest.raises(StoreError) as caught:
            Store(url)
        assert str(caught.value) == ADDRESS

    def test_full_disk(self, store: Store) -> None:
        """A full disk is told in a sentence, what was saved stays, and saving goes on once there is space."""
        store.create(assessment())
        store.close()
        large = YES.model_copy(update={"note": "x" * 4000, "evidence": ("y" * 500,) * 20})
        with every_connection("max_page_count = 1"), pytest.raises(StoreError) as caught:
            store.save("churn26q4", "data.catalog", large, base=None)
        assert str(caught.value) == f"the store {store.label} is on a full disk: free some space, then try again"
        store.close()
        assert store.load("churn26q4").answers == {}
        assert store.save("churn26q4", "data.catalog", large, base=None).seq == 2

    def test_write_protected(self, store: Store) -> None:
        """A database that may only be read is told in a sentence, and can be read."""
        store.create(assessment())
        store.close()
        with every_connection("query_only = ON"):
            with pytest.raises(StoreError) as caught:
                store.save("churn26q4", "data.catalog", YES, base=None)
            assert store.load("churn26q4") == assessment()
        assert str(caught.value) == (
            f"the store {store.label} can be read but not written: check its permissions, then try again"
        )

    def test_busy(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """Another program that keeps the file locked is told in a sentence; readers go on meanwhile."""
        monkeypatch.setattr(database, "PATIENCE", 0.01)
        store.create(assessment())
        with closing(sqlite3.connect(store.label, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError) as caught:
                store.save("churn26q4", "data.catalog", YES, base=None)
            assert store.load("churn26q4") == assessment()
        assert str(caught.value) == f"the store {store.label} is busy with another writer: try again in a moment"
        assert store.save("churn26q4", "data.catalog", YES, base=None).seq == 2

    def test_file_that_vanished(self, store: Store) -> None:
        """A deleted file is told, not written to nor begun anew; put back, it is used again."""
        store.create(assessment())
        store.close()
        file = Path(store.label)
        store.load("churn26q4")
        shutil.copy(file, file.with_suffix(".backup"))
        file.unlink()
        for _ in range(2):
            with pytest.raises(StoreError) as caught:
                store.save("churn26q4", "data.catalog", NO, base=None)
            assert str(caught.value) == (
                f"the store {file} cannot be opened: check that the file and its folder are there, then try again"
            )
        assert not file.exists()
        for leftover in file.parent.glob("store.sqlite-*"):
            leftover.unlink()
        file.with_suffix(".backup").rename(file)
        assert store.save("churn26q4", "data.catalog", YES, base=None).seq == 2

    def test_file_that_is_no_database(self, store: Store) -> None:
        """A file of something else is told and left as it is."""
        file = Path(store.label)
        file.parent.mkdir(parents=True)
        file.write_text("a letter to my aunt, long enough to be taken for a database " * 20)
        with pytest.raises(StoreError) as caught:
            store.recent()
        assert str(caught.value) == (
            f"the store {file} is damaged or no database: restore it from a copy or choose another file"
        )
        assert file.read_text().startswith("a letter")

    def test_folder_that_cannot_be(self, tmp_path: Path) -> None:
        """A path through a file is told when the store is first used."""
        (tmp_path / "file").touch()
        store = Store(f"sqlite:///{tmp_path}/file/store.sqlite")
        with pytest.raises(StoreError) as caught:
            store.recent()
        assert str(caught.value) == (
            f"the store {tmp_path}/file/store.sqlite cannot be opened: "
            "check that the file and its folder are there, then try again"
        )


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    """Run one server for all tests."""
    server = PostgreSQL()
    try:
        server.start()
        yield server
    finally:
        server.remove()


class TestPostgreSQL(StoreContract):
    """The contract on PostgreSQL, and its server."""

    @pytest.fixture
    def store_url(self, server: PostgreSQL) -> str:
        """Give an empty database."""
        return server.database()

    @staticmethod
    def _name(store: Store) -> str:
        return store.label.rpartition("/")[2]

    @pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
    def test_schemes(self, server: PostgreSQL, store_url: str, scheme: str) -> None:
        """All the ways people write the address of a PostgreSQL are understood."""
        with closing(Store(server.url(store_url.rpartition("/")[2], scheme=scheme))) as store:
            assert store.recent() == []

    def test_server_restarted(self, server: PostgreSQL, store: Store) -> None:
        """A server gone is told in a sentence; the same store goes on when it is back, and nothing saved is lost."""
        store.create(assessment())
        store.save("churn26q4", "data.catalog", YES, base=None)
        server.stop()
        try:
            for call in (
                lambda: store.save("churn26q4", "data.catalog", NO, base=2),
                lambda: store.latest("churn26q4"),
            ):
                with pytest.raises(StoreError) as caught:
                    call()
                assert str(caught.value) == (
                    f"the store {store.label} cannot be reached: "
                    "check its address and that the database is running, then try again"
                )
        finally:
            server.start()
        assert store.save("churn26q4", "data.catalog", NO, base=2).seq == 3

    def test_restart_between_two_calls(self, server: PostgreSQL, store: Store) -> None:
        """A restart nobody was waiting on goes unnoticed."""
        store.create(assessment())
        server.stop()
        server.start()
        assert store.save("churn26q4", "data.catalog", YES, base=None).seq == 2

    def test_database_emptied(self, server: PostgreSQL, store: Store) -> None:
        """Tables taken away under a store are told once; then it makes its schema again, without being rebuilt."""
        store.create(assessment())
        server.execute("DROP TABLE mlops_events, mlops_assessments, mlops_schema", self._name(store))
        with pytest.raises(StoreError):
            store.load("churn26q4")
        assert store.recent() == []
        assert store.create(assessment()) == store.load("churn26q4")

    def test_full_disk(self, server: PostgreSQL, store: Store) -> None:
        """A full disk is told in a sentence and what was saved stays."""
        store.create(assessment())
        server.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END$$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON mlops_events EXECUTE FUNCTION full_disk()",
            self._name(store),
        )
        with pytest.raises(StoreError) as caught:
            store.save("churn26q4", "data.catalog", YES, base=None)
        assert str(caught.value) == f"the store {store.label} is on a full disk: free some space, then try again"
        assert store.load("churn26q4") == assessment()

    def test_write_protected(self, server: PostgreSQL, store: Store) -> None:
        """A standby or a database that may only be read is told in a sentence, and can be read."""
        store.create(assessment())
        store.close()
        server.execute(f"ALTER DATABASE {self._name(store)} SET default_transaction_read_only = on")
        with pytest.raises(StoreError) as caught:
            store.create(assessment("other26q4"))
        assert str(caught.value) == (
            f"the store {store.label} can be read but not written: check its permissions, then try again"
        )
        assert store.load("churn26q4") == assessment()

    def test_wrong_password(self, server: PostgreSQL, store_url: str) -> None:
        """A refused password is told without showing it."""
        url = server.url(store_url.rpartition("/")[2], password="hunter2")
        with closing(Store(url)) as store, pytest.raises(StoreError) as caught:
            store.recent()
        assert str(caught.value) == (
            f"the store {store.label} cannot be reached: "
            "check its address and that the database is running, then try again"
        )
        assert "hunter2" not in f"{store!r} {caught.value!r} {caught.value.__cause__!r}"

    def test_psycopg_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without the driver the sentence says what to install."""
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(StoreError) as caught:
            Store("postgresql://localhost/db").recent()
        assert str(caught.value) == "PostgreSQL needs one more package: pip install 'mlops-widgets[postgresql]'"

    def test_server_not_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where PostgreSQL is missing these tests fail with one line: they never pass for want of it."""
        monkeypatch.setattr("os.get_exec_path", list)
        monkeypatch.setattr("pathlib.Path.glob", lambda *_: [])
        with pytest.raises(pytest.fail.Exception) as caught:
            PostgreSQL()
        assert caught.value.msg == MISSING
        assert not caught.value.pytrace


def test_import_draws_in_no_pandas() -> None:
    """Importing the store starts a page: neither pandas nor altair nor a database driver comes with it."""
    program = "import sys, mlops_widgets.store; print({'pandas', 'altair', 'psycopg', 'numpy'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout == "set()\n"
