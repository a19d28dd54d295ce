"""A port for a server of the tests, and a wait until it answers."""

from __future__ import annotations

import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["free_port", "wait_until_it_answers"]

PORTS = range(20_000, 32_000)
"""Below those that systems give to clients: while a server is down, nobody gets its port by chance, not even a client
of its own, which would be connected to itself."""

STARTUP_SECONDS = 180
PAUSE_SECONDS = 0.1


def free_port(host: str = "127.0.0.1") -> int:
    """Find a port nobody listens on."""
    while True:
        port = secrets.choice(PORTS)
        try:
            with socket.create_server((host, port)):
                return port
        except OSError:
            continue


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for a server; where it ends, or never answers, the test fails with what it wrote."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while not _answers(url):
        assert time.monotonic() < deadline, f"{url} does not answer:\n{log.read_text()}"
        try:
            process.wait(PAUSE_SECONDS)  # should it end, that is known at once; meanwhile it has the processor
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(f"the server for {url} has ended:\n{log.read_text()}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=STARTUP_SECONDS):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False
