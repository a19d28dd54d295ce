"""The app before it runs: whom it lets in, and what it says when it cannot."""

from __future__ import annotations

import asyncio
import inspect
import socket
from typing import TYPE_CHECKING

import pytest
import voila.handler

from mlops_widgets.errors import ToolkitError
from mlops_widgets.server import HEARTBEAT, PageHandler, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.mark.parametrize("host", ["10.0.0.1", "192.0.2.1", "::", "example.org"])
def test_others_need_a_token(host: str) -> None:
    """An address that others can reach is refused without a token."""
    with pytest.raises(ToolkitError) as error:
        serve(host=host)
    assert str(error.value) == (
        f"{host} can be reached by others: give --token, so that only those who know it come in, "
        "or --insecure, to let in everybody"
    )


def test_a_port_that_is_taken() -> None:
    """A port somebody listens on is told, with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ToolkitError) as error:
            serve(port=port)
    sentence = f"cannot listen on 127.0.0.1:{port}: Address already in use; give another port with --port"
    assert str(error.value) == sentence


def test_a_store_that_cannot_be_opened() -> None:
    """The store is tried before anything is started for it."""
    with pytest.raises(ToolkitError, match="nowhere"):
        serve(port=0, store="sqlite:////proc/nowhere/store.sqlite")


def test_a_slow_page_has_no_script(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Voila puts into a page that takes long is left out: a browser refuses it, with an error in its log."""

    async def pieces(_: PageHandler) -> AsyncIterator[str]:
        for piece in ("<p>one</p>", HEARTBEAT, HEARTBEAT, "<p>two</p>"):
            yield piece

    async def shown() -> list[str]:
        return [piece async for piece in PageHandler.__new__(PageHandler).content()]

    monkeypatch.setattr(PageHandler, "get_generator", pieces)
    assert asyncio.run(shown()) == ["<p>one</p>", "<p>two</p>"]
    assert repr(HEARTBEAT).strip("'") in inspect.getsource(voila.handler)
