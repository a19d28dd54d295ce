"""What every answer of the app has; how pages look is tested in a real browser."""

from __future__ import annotations

import re

import pytest

from mlops_widgets.shell import ASSETS, _version, asset


@pytest.mark.parametrize("name", ASSETS)
def test_assets_are_there(name: str) -> None:
    """The files that pages link to are text of the kind they say."""
    assert ASSETS[name].startswith("text/")
    assert asset(name).decode().strip()


def test_an_address_changes_with_its_content() -> None:
    """What is kept for good is asked for under a version that its content gives."""
    assert re.fullmatch(r"[0-9a-f]{12}", _version())
