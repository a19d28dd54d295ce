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


def test_a_page_that_fails_half_way_says_so(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Where no kernel can be had for a page whose top has been sent, a sentence follows, and the log has the cause."""
    sent: list[str] = []

    class Maturity:
        async def drop_dead(self, notebook: str) -> None:
            assert notebook == "assess.ipynb"

    async def broken(_: PageHandler) -> AsyncIterator[str]:
        raise RuntimeError("no kernel")
        yield ""

    async def flushed(_: PageHandler) -> None:
        pass

    for name, instead in {
        "maturity": Maturity(),
        "notebook_path": "assess.ipynb",
        "get_generator": broken,
        "flush": flushed,
        "set_header": lambda *_: None,
        "shell": lambda _, **__: "top",
        "end": lambda _, **__: "end",
        "write": lambda _, html: sent.append(html),
    }.items():
        monkeypatch.setattr(PageHandler, name, instead, raising=False)
    asyncio.run(PageHandler.__new__(PageHandler).send_page("Title", None))
    told = (
        "Something went wrong here that nobody foresaw. Nothing that was saved is lost. "
        "Try again; whoever runs this server finds the cause in the log."
    )
    assert sent == ["top", f'<p role="alert" data-failed>{told}</p>', "end"]
    assert "no kernel" in caplog.text
