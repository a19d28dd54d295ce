"""The app before it runs: whom it lets in, and what it says when it cannot."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from unittest.mock import AsyncMock, Mock

import pytest

from mlops_widgets.errors import ToolkitError
from mlops_widgets.server import MaturityApp, PageHandler, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine


def run(doing: Coroutine[object, object, None]) -> None:
    """Do it in a thread of its own: where the tests of pages came before, this one has a loop already."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, doing).result()


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


def test_a_page_that_takes_long() -> None:
    """Voila's sign of life, a script that no page of ours may run, is left out of a page whose kernel is slow."""

    async def slowly() -> AsyncIterator[str]:
        yield "<script>window.voila_heartbeat()</script>\n"
        yield "the form"

    page = Mock(notebook_path="assess.ipynb", flush=AsyncMock(), get_generator=slowly)
    page.maturity.drop_dead = AsyncMock()
    page.shell.return_value, page.end.return_value, page._header.return_value = "top ", " end", {}
    run(PageHandler.send_page(page, "Churn model", None))
    assert [call.args[0] for call in page.write.call_args_list] == ["top ", "the form", " end"]


def test_kernels_that_died_while_they_waited() -> None:
    """Of the kernels kept ready those that have died, or never came to be, are given to nobody."""

    async def dropped() -> None:
        alive, dead, failed, starting = pool = [asyncio.get_running_loop().create_future() for _ in range(4)]
        alive.set_result({"kernel_id": "alive"})
        dead.set_result({"kernel_id": "dead"})
        failed.set_exception(RuntimeError("the kernel did not start"))
        app = Mock(is_alive=AsyncMock(side_effect=lambda kernel: kernel == "alive"))
        app.pool.return_value = pool
        await MaturityApp.drop_dead(app, "assess.ipynb")
        assert pool == [alive, starting]

    run(dropped())
