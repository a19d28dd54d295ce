"""Binder, as far as a machine without Docker can go: packages install, the build runs, the server shows the demo."""

from __future__ import annotations

import os
import shutil
import subprocess
import urllib.request
import venv
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import pytest
from ports import free_port, wait_until_it_answers

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
URLPATH = "voila/render/notebooks/assess.ipynb?assessment=demo"


class Image(NamedTuple):
    """What Binder would have built."""

    folder: Path
    environment: dict[str, str]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """Do what Binder does: a copy of the repository, an empty environment, the pinned packages, then postBuild."""
    home = tmp_path_factory.mktemp("binder")
    folder = home / "repository"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*", "__pycache__", "dist"))
    venv.create(home / "venv", with_pip=True)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(home / "venv" / "bin"), os.environ["PATH"]]),
        "MLOPS_WIDGETS_STORE": f"sqlite:///{home / 'store.sqlite'}",
        "JUPYTER_CONFIG_DIR": str(home / "jupyter" / "config"),
        "JUPYTER_DATA_DIR": str(home / "jupyter" / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "jupyter" / "runtime"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    environment.pop("PYTHONPATH", None)
    pip = ["python", "-m", "pip", "-qq", "install", "--requirement", "binder/requirements.txt"]
    for command in (pip, ["bash", "binder/postBuild"]):
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return Image(folder, environment)


def test_build(image: Image) -> None:
    """After the build the package is installed, nothing it needs is missing, and the store has the demo."""
    checked, scored = (
        subprocess.run(command, cwd=image.folder, env=image.environment, capture_output=True, text=True, check=False)
        for command in (["python", "-m", "pip", "check"], ["mlops-widgets", "score", "demo"])
    )
    assert checked.stdout == "No broken requirements found.\n"
    assert scored.stdout.startswith("Churn model, 2026-11-13\nMLOps maturity levels 1.0: 67 of 81 answered\n")


def test_page(image: Image) -> None:
    """The server's extension shows the form on the demo, at the address the badge leads to."""
    with server(image) as address, urllib.request.urlopen(f"{address}/{URLPATH}", timeout=60) as page:
        html = page.read().decode()
    assert page.status == 200
    assert "RubricForm mlops-levels: 67 of 81 answered" in html
    assert "Traceback" not in html


@contextmanager
def server(image: Image) -> Iterator[str]:
    """Start Jupyter as Binder does, in the folder of the repository."""
    port = free_port()
    log = image.folder.parent / "server.log"
    command = [
        "jupyter", "server", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--port-retries=0",
        "--IdentityProvider.token=",
    ]  # fmt: skip
    with log.open("w") as output, subprocess.Popen(
        command, cwd=image.folder, env=image.environment, stdout=output, stderr=output
    ) as process:  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_it_answers(f"{address}/api", process, log)
            yield address
        finally:
            process.terminate()


def test_python() -> None:
    """Binder's own default Python is older than the oldest we support."""
    assert (ROOT / "binder" / "runtime.txt").read_text() == "python-3.11\n"


def test_pins_are_those_we_test() -> None:
    """Binder gets the versions the tests run with."""
    lock = (ROOT / "requirements.lock").read_text().splitlines()
    assert set((ROOT / "binder" / "requirements.txt").read_text().splitlines()) <= set(lock)


def test_build_stops_at_the_first_fault() -> None:
    """A build that fails halfway would be kept, and shown to visitors."""
    lines = (ROOT / "binder" / "postBuild").read_text().splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert os.access(ROOT / "binder" / "postBuild", os.X_OK)


def test_badge() -> None:
    """The badge in the README opens the form on the demo."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"/HEAD?urlpath={quote(URLPATH, safe='')}" in readme
