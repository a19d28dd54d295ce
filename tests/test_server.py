"""The app before it runs: whom it lets in, and what it says when it cannot."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import AsyncMock, Mock

import jinja2
import pytest
from tornado.iostream import StreamClosedError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from mlops_widgets import server
from mlops_widgets.errors import ToolkitError
from mlops_widgets.kernels import IDLE_SECONDS
from mlops_widgets.library import words
from mlops_widgets.records import Unknown
from mlops_widgets.server import PAGE_SECONDS, KernelSocket, PageHandler, _config, serve

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


@pytest.mark.parametrize("host", ["no host", "a" * 70])
def test_an_address_that_is_none(host: str) -> None:
    """What names no address is told, with what to do."""
    with pytest.raises(ToolkitError) as error:
        serve(host=host, insecure=True)
    assert str(error.value) == f"{host} is no address of this machine; give another with --host"


def test_a_store_that_cannot_be_opened() -> None:
    """The store is tried before anything is started for it."""
    with pytest.raises(ToolkitError, match="nowhere"):
        serve(port=0, store="sqlite:////proc/nowhere/store.sqlite")


class NoKernels:
    """Kernels of which none is ready."""

    async def drop_dead(self, _: str) -> None:
        """Find none."""

    end_dead = AsyncMock()


class EndlessPage(PageHandler):  # type: ignore[misc]
    """A page whose kernel died while it was made: Voila then waits for ever."""

    notebook_path = "start.ipynb"
    kernels = NoKernels()  # type: ignore[assignment]

    def __init__(self) -> None:
        """Answer nobody."""
        self.written = ""

    def set_header(self, *_: object) -> None:
        """Have no headers."""

    def shell(self, **_: object) -> str:
        """Begin."""
        return "<main>"

    def end(self, **_: object) -> str:
        """End."""
        return "</main>"

    def write(self, text: str) -> None:
        """Keep what is sent."""
        self.written += text

    async def flush(self) -> None:
        """Send nothing."""

    async def get_generator(self) -> AsyncIterator[str]:
        """Make the first half."""
        yield "<p>half</p>"
        await asyncio.Event().wait()


class BrokenPage(EndlessPage):
    """A page whose kernel cannot be had."""

    async def get_generator(self) -> AsyncIterator[str]:
        """Make the first half."""
        yield "<p>half</p>"
        raise RuntimeError("no kernel")


@pytest.mark.parametrize("page", [EndlessPage(), BrokenPage()])
def test_a_page_that_is_never_made(
    page: EndlessPage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A visitor is not left waiting for ever: the page says that it failed, and the log has the cause."""
    monkeypatch.setattr(server, "PAGE_SECONDS", 0)
    page.kernels.end_dead.reset_mock()
    run(page.send_page("Start", None))
    failed = f'<p class="page-message" role="alert" data-failed>{words("pages")["failed"]}</p>'
    assert page.written == f"<main><p>half</p>{failed}</main>"
    assert caplog.messages == ["a page could not be made, or not within 0 seconds"]
    assert caplog.records[0].exc_info
    page.kernels.end_dead.assert_awaited_once_with()


KERNEL = "01234567-89ab-cdef-0123-456789abcdef"


class NotedKernels(NoKernels):
    """Kernels of which it is remembered what becomes of them."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self.told: list[tuple[object, ...]] = []

    def serve(self, kernel_id: str) -> None:
        """A page will connect."""
        self.told.append(("serve", kernel_id))

    def end(self, kernel_id: str, *, after: float) -> None:
        """It is not needed any more."""
        self.told.append(("end", kernel_id, after))


class MadePage(EndlessPage):
    """A page that is made."""

    async def get_generator(self) -> AsyncIterator[str]:
        """Name its kernel."""
        yield f'<div data-kernel-id="{KERNEL}">'


@pytest.mark.parametrize(
    ("notebook", "told"), [("start.ipynb", ("serve", KERNEL)), ("report.ipynb", ("end", KERNEL, 0))]
)
def test_what_becomes_of_the_kernel_of_a_page(notebook: str, told: tuple[object, ...]) -> None:
    """A page's kernel waits for it; a report's ends as soon as the report is sent."""
    page, kernels = MadePage(), NotedKernels()
    page.notebook_path, page.kernels = notebook, kernels  # type: ignore[assignment]
    run(page.send_page("Page", None))
    assert kernels.told == [told]


def test_the_kernel_of_a_page_nobody_waits_for() -> None:
    """Who leaves while a page is being made leaves a place for others."""
    page, kernels = MadePage(), NotedKernels()
    page.kernels = kernels  # type: ignore[assignment]
    page.on_connection_close()
    run(page.send_page("Page", None))
    assert kernels.told == [("end", KERNEL, 0)]


def made(*outputs: dict[str, object]) -> str:
    """Give what our template makes of the outputs of a cell."""
    folder = Path(server.__file__).parent / "templates" / "voila" / "mlops"
    (template,) = folder.iterdir()
    return jinja2.Template(template.read_text(encoding="utf-8")).render(
        nb=None, kernel_start=lambda _: KERNEL, cell_generator=lambda *_: [{"outputs": outputs}]
    )


class HalfPage(EndlessPage):
    """A page whose kernel was killed in the middle."""

    async def get_generator(self) -> AsyncIterator[str]:
        """Make the first half; Voila gives each cell that is missing as an output like this."""
        missing = {"output_type": "stream", "name": "stderr", "text": "An exception occurred at the server."}
        yield made({"output_type": "display_data", "data": {"text/html": "<p>half</p>"}}, missing, missing)


def test_a_page_whose_kernel_ends_in_the_middle(caplog: pytest.LogCaptureFixture) -> None:
    """A report never ends early without a word: its reader is told that the rest is missing, and the log why."""
    page, kernels = HalfPage(), NotedKernels()
    page.kernels = kernels  # type: ignore[assignment]
    run(page.send_page("Page", None))
    told = '<p role="alert" data-failed="ended">The rest of the page could not be made. Reload to try again.</p>'
    assert page.written.count("<p>half</p>") == page.written.count(told) == 1
    assert page.written.index("<p>half</p>") < page.written.index(told)
    assert caplog.messages == ["a page could not be made to its end: its kernel has ended, killed or out of memory"]


class LeftPage(MadePage):
    """A page whose visitor leaves at once."""

    async def flush(self) -> None:
        """Find nobody there."""
        raise StreamClosedError


def test_a_visitor_who_leaves_at_once() -> None:
    """For a visitor who has left already no page is made, and the log has nothing to say."""
    page, kernels = LeftPage(), NotedKernels()
    page.kernels = kernels  # type: ignore[assignment]
    run(page.send_page("Page", None))
    assert kernels.told == []
    assert page.written == "<main>"


class Line(KernelSocket):  # type: ignore[misc]
    """A line between nobody and no kernel."""

    def __init__(self) -> None:
        """Note what becomes of it."""
        self.kernel_id = KERNEL
        self.noted: list[object] = []
        self.kernels = Mock()

    @property
    def settings(self) -> dict[str, object]:
        """Have an app with kernels."""
        return {"maturity": Mock(kernels=self.kernels)}

    def set_nodelay(self, *_: object) -> None:
        """Have no socket."""

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Note why."""
        self.noted.append((code, reason))


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    """Give a line on which what Voila is asked to do is noted."""

    async def opened(self: Line, _: str) -> None:
        self.noted.append("opened")

    monkeypatch.setattr(VoilaKernelWebsocketHandler, "open", opened)
    monkeypatch.setattr(VoilaKernelWebsocketHandler, "on_close", lambda self: self.noted.append("closed"))
    monkeypatch.setattr(VoilaKernelWebsocketHandler, "on_message", lambda self, message: self.noted.append(message))
    return Line()


def test_a_page_that_leaves_before_its_line_is_open(line: Line) -> None:
    """Voila counts pages in when their line opens, and out when it closes: never out before in, nor in for good."""
    line.on_close()
    assert line.noted == []
    run(line.open(KERNEL))
    assert line.noted == ["opened", "closed"]
    line.kernels.end.assert_called_once_with(KERNEL, after=IDLE_SECONDS, if_alone=True)


def test_a_page_that_leaves(line: Line) -> None:
    """When its line closes a page is counted out, and its kernel given a while."""
    run(line.open(KERNEL))
    assert line.noted == ["opened"]
    line.on_close()
    assert line.noted == ["opened", "closed"]
    line.kernels.end.assert_called_once_with(KERNEL, after=IDLE_SECONDS, if_alone=True)


MESSAGE: dict[str, object] = {
    "channel": "shell",
    "header": {"msg_type": "comm_msg"},
    "parent_header": {},
    "metadata": {},
    "content": {},
    "buffers": [],
}


def test_what_a_page_says(line: Line) -> None:
    """What pages send to their widgets is passed on."""
    line.on_message(json.dumps(MESSAGE))
    assert line.noted == [json.dumps(MESSAGE)]


@pytest.mark.parametrize(
    "message",
    [
        (3).to_bytes(8, "little"),
        "",
        "{half",
        "[" * 100_000,
        "null",
        "[]",
        *(
            json.dumps(MESSAGE | change)
            for change in (
                {"channel": "control"},
                {"header": None},
                {"header": {"msg_type": "shutdown_request"}},
                {"content": None},
                {"buffers": [1]},
            )
        ),
    ],
)
def test_what_no_page_says(line: Line, message: str | bytes) -> None:
    """Who sends anything else is cut off: it fills neither the memory of the server nor its log."""
    line.on_message(message)
    assert line.noted == [(1003, None)]


class SlowStore:
    """A store that has nothing, and knows in which thread it was asked."""

    def __init__(self) -> None:
        """Wait to be asked."""
        self.thread: threading.Thread | None = None

    def load(self, wanted: str) -> None:
        """Find nothing."""
        self.thread = threading.current_thread()
        raise Unknown(wanted)


class Asked(PageHandler):  # type: ignore[misc]
    """A page that only looks for its assessment."""

    store = SlowStore()  # type: ignore[assignment]

    def __init__(self) -> None:
        """Answer nobody."""
        self.told: list[tuple[object, ...]] = []

    def tell(self, *told: object, **_: object) -> None:
        """Keep what the visitor is told."""
        self.told.append(told)


def test_a_store_is_asked_beside_the_loop() -> None:
    """While a database takes its time for one visitor, the others are served."""
    page = Asked()

    async def story() -> None:
        assert await page._found("nosuch") is None
        assert page.store.thread not in (None, threading.current_thread())

    run(story())
    assert page.told == [(404, "unknown")]


def test_no_script_in_a_page_that_takes_long() -> None:
    """Voila's sign of life for slow pages is a script, which our headers forbid: a page is done or given up before."""
    assert _config(warm=False).VoilaConfiguration.http_keep_alive_timeout > PAGE_SECONDS
