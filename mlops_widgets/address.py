"""What a page was asked for: the id in the address of the visitor whom this kernel serves; and new ids for addresses.

May not know what an id stands for; runs in the kernel, so it imports next to nothing.
"""

from __future__ import annotations

import json
import os
import re
from secrets import choice
from urllib.parse import parse_qs

__all__ = ["is_kept_warm", "link", "new_id", "requested_audience", "requested_id"]

_ID = re.compile(r"[a-z0-9]{4,32}")


def requested_id() -> str | None:
    """Give the id of the assessment asked for; None where a notebook runs without an address.

    Reads `/assess/ID`, `/plan/ID`, `/report/ID`, `/import/ID` and `?assessment=ID`. In a kernel kept warm for the next
    visitor this waits until one comes.

    >>> requested_id() is None
    True
    """
    _wait_for_visitor()
    path, query = os.environ.get("SCRIPT_NAME", ""), os.environ.get("QUERY_STRING", "")
    wanted = path.rpartition("/")[2] if re.search(r"/(assess|plan|report|import)/[^/]+$", path) else ""
    wanted = parse_qs(query).get("assessment", [wanted])[0]
    return wanted if _ID.fullmatch(wanted) else None


def new_id() -> str:
    """Make an opaque id for an assessment: 60 bits that nobody can guess, and no letter like another.

    >>> len(new_id())
    12
    """
    return "".join(choice("abcdefghijkmnpqrstuvwxyz23456789") for _ in range(12))


def requested_audience() -> str:
    """Give for whom the report is asked, as `?audience=executive` says it; `full` where nothing does.

    >>> requested_audience()
    'full'
    """
    _wait_for_visitor()
    wanted = parse_qs(os.environ.get("QUERY_STRING", "")).get("audience", ["full"])[0]
    return wanted if re.fullmatch(r"[a-z]{1,20}", wanted) else "full"


def is_kept_warm() -> bool:
    """Whether this kernel is kept ready for a visitor who has not come: what takes long may be done now.

    >>> is_kept_warm()
    False
    """
    return os.environ.get("VOILA_PREHEAT") == "True"


def link(path: str) -> str:
    """Give the address of another page of the app, wherever the app is mounted.

    >>> link("assess/demo")
    '/assess/demo'
    """
    return os.environ.get("VOILA_SERVER_URL", "/").rstrip("/") + "/" + path


def _wait_for_visitor() -> None:
    """In a warm kernel, take the visitor's request from the server; the protocol is Voila's.

    Voila's own helper does the same and takes 1.4 s to import.
    """
    if not is_kept_warm():
        return
    from websockets.sync.client import connect  # noqa: PLC0415 - only warm kernels need it

    host, port = os.environ.get("VOILA_APP_IP", "127.0.0.1"), os.environ["VOILA_APP_PORT"]
    address = f"ws://{host}:{port}{link('voila/query/')}{os.environ['VOILA_KERNEL_ID']}"
    with connect(address, proxy=None) as socket:
        request = json.loads(socket.recv())
    os.environ.update({name: str(value) for name, value in request.items()})
    os.environ["VOILA_PREHEAT"] = "False"
