"""What every answer of the app has; how pages look is tested in a real browser."""

from __future__ import annotations

import re

import pytest

from mlops_widgets.shell import ASSETS, Shell, _version, asset


@pytest.mark.parametrize("name", ASSETS)
def test_assets_are_there(name: str) -> None:
    """The files that pages link to are text of the kind they say."""
    assert ASSETS[name].startswith("text/")
    assert asset(name).decode().strip()


@pytest.mark.parametrize(
    ("status", "what"), [(403, "not_found"), (404, "not_found"), (405, "not_found"), (500, "failed"), (503, "failed")]
)
def test_whose_fault_it_is(monkeypatch: pytest.MonkeyPatch, status: int, what: str) -> None:
    """A wrong address and a fault of the server are told apart, and neither with a traceback."""
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(Shell, "tell", lambda _, *said: told.append(said))
    Shell.__new__(Shell).write_error(status, exc_info=(ValueError, ValueError("secret"), None))
    assert told == [(status, what)]


def test_an_address_changes_with_its_content() -> None:
    """What is kept for good is asked for under a version that its content gives."""
    assert re.fullmatch(r"[0-9a-f]{12}", _version())
