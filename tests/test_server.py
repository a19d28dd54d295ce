"""The app before it runs: whom it lets in, and what it says when it cannot."""

from __future__ import annotations

import socket

import pytest

from mlops_widgets.errors import ToolkitError
from mlops_widgets.server import serve


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
