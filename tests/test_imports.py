"""Imports that skip what takes long and is not used."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from types import ModuleType

import pytest

from mlops_widgets.imports import quick_imports


def test_imports_are_quick_and_leave_nothing_behind() -> None:
    """A package that takes long and is not used cannot be imported for a while, and can be again whatever happens."""
    stand_in = ModuleType("stand_in")
    slow, kept = "rfc3987_syntax", sys.modules.pop("rfc3987_syntax", None)
    try:
        for fault in (None, ImportError("nbformat")):
            with suppress(ImportError), quick_imports():
                with quick_imports(), pytest.raises(ImportError, match=slow):
                    import_module(slow)
                assert slow in sys.modules
                if fault:
                    raise fault
            assert slow not in sys.modules
        sys.modules[slow] = stand_in
        with quick_imports():
            assert sys.modules[slow] is stand_in
        assert sys.modules.pop(slow) is stand_in
    finally:
        if kept is not None:
            sys.modules[slow] = kept
