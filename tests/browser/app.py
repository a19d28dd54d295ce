"""A real app for the tests: its own process, its own port, its own store, ended by its process id."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from ports import free_port, wait_until_it_answers

if TYPE_CHECKING:
    from pathlib import Path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Find the browser: the one named, the system's, or None for Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("MLOPS_WIDGETS_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


class App:
    """One running app; `kill` ends it as a power cut would, `start` brings it back at the same address."""

    def __init__(self, folder: Path, *options: str, store: str | None = None) -> None:
        """Choose a port and a store; nothing runs yet."""
        self.folder = folder
        self.host = options[options.index("--host") + 1] if "--host" in options else "127.0.0.1"
        self.port = free_port(self.host)
        self.store = store or f"sqlite:///{folder / 'store.sqlite'}"
        self.options = options
        self.log = folder / "app.log"
        # A killed app leaves the sockets of its kernels; pytest's folder will not do, for their paths must be short.
        self.sockets = tempfile.TemporaryDirectory(prefix="app-", ignore_cleanup_errors=True)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is, with a slash at the end."""
        return f"http://{self.host}:{self.port}/"

    def start(self) -> App:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "mlops_widgets", "serve", "--port", str(self.port), "--store", self.store]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--no-open", *self.options],
                cwd=self.folder,
                env={**os.environ, "TMPDIR": self.sockets.name},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_until_it_answers(f"{self.url}assets/page.css", self.process, self.log)
        return self

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it as Ctrl-C does, and leave nothing behind."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.kill()
        self.sockets.cleanup()
