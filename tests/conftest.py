"""What holds for every test: no store but the tests' own, not even for the notebooks that are run."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Generator


# A property holds or not, however busy the machine is; and a run that fails does so because of what was changed.
# `make test ARGS=--hypothesis-profile=default` looks at other examples each time.
settings.register_profile("same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("same")


def pytest_configure(config: pytest.Config) -> None:
    """Keep away from the data and the settings of whoever runs the tests."""
    folder = tempfile.TemporaryDirectory(prefix="mlops-widgets-")
    config.add_cleanup(folder.cleanup)
    os.environ["MLOPS_WIDGETS_STORE"] = f"sqlite:///{folder.name}/assessments.sqlite"
    os.environ.pop("MLOPS_WIDGETS_TOKEN", None)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file() -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Look for examples in the docstrings of the package only: looking here would import each test a second time."""
    collectors = yield
    return [collector for collector in collectors if not isinstance(collector, DoctestModule)]


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take back what a test does to the address of the store, so that the next one does not meet it."""
    monkeypatch.setenv("MLOPS_WIDGETS_STORE", os.environ["MLOPS_WIDGETS_STORE"])
