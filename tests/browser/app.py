"""A real app for the tests: its own process, its own port, its own store, ended by its process id."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

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

STARTUP_SECONDS = 180


def chromium() -> str | None:
    """Find the browser: the one named, the system's, or None for Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("MLOPS_WIDGETS_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class App:
    """One running app; `kill` ends it as a power cut would, `start` brings it back at the same address."""

    def __init__(self, folder: Path, *options: str, store: str | None = None) -> None:
        """Choose a port and a store; nothing runs yet."""
        self.folder = folder
        self.host = options[options.index("--host") + 1] if "--host" in options else "127.0.0.1"
        self.port = free_port()
        self.store = store or f"sqlite:///{folder / 'store.sqlite'}"
        self.options = options
        self.log = folder / "app.log"
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
                [*command, "--no-open", *self.options], cwd=self.folder, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + STARTUP_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the app did not start:\n{self.log.read_text()}")
        return self

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}assets/page.css", timeout=1):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()
