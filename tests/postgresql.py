"""A real PostgreSQL for the tests: made in a temporary folder, with a password, and thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

import psycopg
import pytest
from ports import free_port

PASSWORD = "s3cret/of:the@tests"
WAIT = "--timeout=180"
MISSING = "PostgreSQL is not installed: run `apt install postgresql`, or put initdb and pg_ctl in PATH"


class PostgreSQL:
    """A server that can be stopped and started again, as real ones are."""

    def __init__(self) -> None:
        """Find the programs, or fail with the sentence that says what to install."""
        self._programs = _programs()
        # The server refuses to run as root; the user its package made is there to run it.
        self._user = "postgres" if os.getuid() == 0 else None
        # Not pytest's folder: that user may not enter it, and a socket's path must be short.
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        if self._user:
            owner = pwd.getpwnam(self._user)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self._port = 0
        self._runs = False
        secret = self._folder / "password"
        secret.write_text(PASSWORD)
        self._run(
            "initdb", "--username=tester", f"--pwfile={secret}", "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C", "--no-sync",
        )  # fmt: skip

    def start(self) -> None:
        """Start on a free port of the loopback; later on the same one, so that addresses hold."""
        for attempt in range(3):
            port = self._port or free_port()
            options = f"-c listen_addresses=127.0.0.1 -p {port} -k {self._folder} -c fsync=off -c max_connections=60"
            try:
                self._run("pg_ctl", "start", "--wait", WAIT, f"--log={self._folder / 'log'}", f"--options={options}")
            except AssertionError:
                # Somebody may have taken the port since it was found free.
                if self._port or attempt == 2:
                    raise
            else:
                self._port, self._runs = port, True
                return

    def stop(self) -> None:
        """Stop as a crash would: connections are cut."""
        self._run("pg_ctl", "stop", "--wait", WAIT, "--mode=immediate")
        self._runs = False

    def remove(self) -> None:
        """Take everything away, also after a test that failed while the server was stopped."""
        if self._runs:
            self.stop()
        shutil.rmtree(self._folder)

    def database(self) -> str:
        """Make an empty database and give its address."""
        name = f"t{uuid.uuid4().hex}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, database: str, *, password: str = "s3cret%2Fof%3Athe%40tests", scheme: str = "postgresql") -> str:
        """Give the address of a database."""
        return f"{scheme}://tester:{password}@127.0.0.1:{self._port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run a statement as the administrator would."""
        with psycopg.connect(
            host="127.0.0.1", port=self._port, user="tester", password=PASSWORD, dbname=database, autocommit=True
        ) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        # Output goes to a file: through a pipe, the server started by pg_ctl would keep it open for ever.
        with (self._folder / "output").open("w+") as output:
            done = subprocess.run(
                [self._programs / program, f"--pgdata={self._folder / 'data'}", *arguments],
                stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd=self._folder, check=False,
                user=self._user, group=self._user, extra_groups=[] if self._user else None,
            )  # fmt: skip
            output.seek(0)
            assert done.returncode == 0, f"{program} failed: {output.read()}"


def _programs() -> Path:
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    for folder in (*map(Path, os.get_exec_path()), *newest_first):
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    pytest.fail(MISSING, pytrace=False)
