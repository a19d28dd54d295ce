"""What the tests need beside Python: a Chromium and a PostgreSQL, got where they are missing.

Run before the tests: it gets them, or stops with one line that says what to install.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "The tests need a Chromium: install it, or give the path of one in MLOPS_WIDGETS_CHROMIUM "
    "(Debian: `apt install chromium`; elsewhere: `.venv/bin/playwright install --with-deps chromium`)"
)
NO_DATABASE = (
    "The tests need PostgreSQL's programs: install them, or put initdb and pg_ctl in PATH "
    "(Debian and Ubuntu: `apt install postgresql`; macOS: `brew install postgresql`)"
)


def chromium() -> str | None:
    """Find a Chromium that starts: the one named, one in PATH, or Playwright's own."""
    return next((path for path in _candidates() if _starts(path)), None)


def _candidates() -> Iterator[str]:
    named = os.environ.get("MLOPS_WIDGETS_CHROMIUM")
    if named:
        yield named
        return
    yield from filter(None, map(shutil.which, NAMES))
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def postgresql() -> Path | None:
    """Find the folder of PostgreSQL's programs: in PATH, or where Debian puts them, the newest first."""
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    folders = (*map(Path, os.get_exec_path()), *newest_first)
    return next((path for path in folders if (path / "initdb").exists() and (path / "pg_ctl").exists()), None)


def main() -> None:
    """Get what is missing, or stop with one line."""
    if chromium() is None:
        _get_chromium()
        if chromium() is None:
            sys.exit(NO_BROWSER)
    if postgresql() is None:
        if _may_install():
            _run("apt-get", "update", "-qq")
            _run("apt-get", "install", "-qq", "--no-install-recommends", "postgresql")
        if postgresql() is None:
            sys.exit(NO_DATABASE)


def _get_chromium() -> None:
    # Ubuntu's package of that name only points to a snap, which does not run in a container.
    if _may_install() and platform.freedesktop_os_release().get("ID") == "debian":
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-qq", "--no-install-recommends", "chromium")
    else:
        with_libraries = ["--with-deps"] if _may_install() else []
        _run(sys.executable, "-m", "playwright", "install", *with_libraries, "chromium")


def _may_install() -> bool:
    """Whether this is root on a Debian or one of its kin."""
    return hasattr(os, "getuid") and os.getuid() == 0 and shutil.which("apt-get") is not None


def _starts(program: str) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _run(*command: str) -> None:
    """Run a command that says why when it fails, and is quiet otherwise; whether it helped is looked at afterwards."""
    print("Getting what the tests need:", *command, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, check=False
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)


if __name__ == "__main__":
    main()
