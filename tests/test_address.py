"""Which assessment a page was asked for, as its kernel sees it."""

from __future__ import annotations

import json
import threading

import pytest
from websockets.sync.server import ServerConnection
from websockets.sync.server import serve as listen

from mlops_widgets.address import is_kept_warm, link, requested_audience, requested_id


@pytest.mark.parametrize(
    ("path", "query", "wanted"),
    [
        ("/assess/demo", "", "demo"),
        ("/report/a1b2c3", "", "a1b2c3"),
        ("/base/assess/demo", "", "demo"),
        ("/plan/demo", "", "demo"),
        ("/voila/render/notebooks/assess.ipynb", "assessment=demo", "demo"),
        ("/", "", None),
        ("/voila/render/assess.ipynb", "", None),
        ("/assess/..%2f..%2fetc", "", None),
        ("/assess/", "assessment=../../etc/passwd", None),
        ("/", "assessment=" + "a" * 33, None),
        ("/", "assessment=DEMO", None),
    ],
)
def test_the_id_in_an_address(monkeypatch: pytest.MonkeyPatch, path: str, query: str, wanted: str | None) -> None:
    """An id comes from the path or the query, and nothing that is no id comes through."""
    monkeypatch.setenv("SCRIPT_NAME", path)
    monkeypatch.setenv("QUERY_STRING", query)
    assert requested_id() == wanted


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", "full"),
        ("audience=executive", "executive"),
        ("assessment=demo&audience=full", "full"),
        ("audience=board", "board"),
        ("audience=%22);import os", "full"),
        ("audience=" + "a" * 21, "full"),
    ],
)
def test_the_audience_in_an_address(monkeypatch: pytest.MonkeyPatch, query: str, wanted: str) -> None:
    """For whom a report is comes from the query; what is no plain word is not let through, and the report checks it."""
    monkeypatch.setenv("QUERY_STRING", query)
    assert requested_audience() == wanted


def test_a_warm_kernel_waits_for_its_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the server keeps the kernel ready, the request comes over a socket once there is one."""

    def answer(connection: ServerConnection) -> None:
        assert connection.request is not None
        assert connection.request.path == "/voila/query/kernel-1"
        connection.send(json.dumps({"SCRIPT_NAME": "/assess/demo", "QUERY_STRING": ""}))

    with listen(answer, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("VOILA_PREHEAT", "True")
        monkeypatch.setenv("VOILA_APP_PORT", str(server.socket.getsockname()[1]))
        monkeypatch.setenv("VOILA_KERNEL_ID", "kernel-1")
        monkeypatch.setenv("SCRIPT_NAME", "")
        monkeypatch.setenv("QUERY_STRING", "")
        assert is_kept_warm()
        assert requested_id() == "demo"
        assert not is_kept_warm()
        server.shutdown()


def test_links_stay_below_the_base(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app that is mounted below a path links below it."""
    monkeypatch.setenv("VOILA_SERVER_URL", "/maturity/")
    assert link("assess/demo") == "/maturity/assess/demo"
