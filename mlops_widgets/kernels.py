"""Kernels and their visitors: room for so many, some kept ready, and each ended when its page is left.

May not know what a page shows.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tornado.ioloop import IOLoop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ["Kernels"]

WARM = {"start.ipynb": 1, "assess.ipynb": 2, "report.ipynb": 1, "plan.ipynb": 1, "import.ipynb": 1}
"""Kernels kept ready for the next visitor of each page."""

WARM_UP_PAUSE = 1.5
"""Seconds between the pages whose kernels are made ready."""

IDLE_SECONDS = 120
"""A page that lost its connection without a word gets this long to come back."""

_LOOKS = 25
"""How often a visitor looks for room before being told that there is none."""

_LOOK_SECONDS = 0.1


class Kernels:
    """The kernels of the app.

    Args:
        manager: Voila's, which starts and ends them.
        most: visitors served at a time.
    """

    def __init__(self, manager: Any, *, most: int) -> None:  # noqa: ANN401 - a class that Voila makes while it runs
        """Start nothing yet."""
        self._manager = manager
        self.most = most
        self._arriving = 0
        self._serving: set[str] = set()
        self._leaving: set[str] = set()

    def __contains__(self, kernel_id: str) -> bool:
        """Whether a kernel is one of ours."""
        return kernel_id in self._manager

    def warm_up(self) -> None:
        """Make kernels ready for visitors, one page after the other: the first visitor wants the start page soon."""
        self._manager.kernel_pools_config = {notebook: {"pool_size": size} for notebook, size in WARM.items()}
        for turn, notebook in enumerate(WARM):
            IOLoop.current().call_later(turn * WARM_UP_PAUSE, self._manager.fill_if_needed, 0, notebook)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[bool]:
        """Hold a place for a visitor while the page is made; gives whether there is one.

        A page that reloads gets a moment to give its old place back.
        """
        has_room = False
        for _ in range(_LOOKS):
            has_room = self._arriving + len(self.visited()) < self.most
            if has_room:
                break
            await asyncio.sleep(_LOOK_SECONDS)
        self._arriving += has_room
        try:
            yield has_room
        finally:
            self._arriving -= has_room

    def visited(self) -> set[str]:
        """Kernels that serve somebody: neither kept ready, nor still making their page, nor about to end."""
        self._serving.intersection_update(self._manager.list_kernel_ids())
        return self._serving - self._leaving

    def serve(self, kernel_id: str) -> None:
        """Count a kernel as a visitor's from now on; it ends when no page connects to it."""
        self._serving.add(kernel_id)
        self.end(kernel_id, after=IDLE_SECONDS, if_alone=True)

    async def drop_dead(self, notebook: str) -> None:
        """Take kernels that died while they waited for a visitor out of the pool of a page."""
        pool = self._pools.get(notebook, [])
        for task in [task for task in pool if task.done()]:
            if not _failed(task):
                kernel_id = task.result()["kernel_id"]
                if await self.is_alive(kernel_id):
                    continue
                self.end(kernel_id, after=0)  # what the manager holds for it would stay for good
            if task in pool:  # others look too, while we wait for an answer
                pool.remove(task)
        if notebook in self._pools:
            self._manager.fill_if_needed(0, notebook)  # Voila fills a pool only after it gave something out

    async def end_dead(self) -> None:
        """End kernels that died before their page could name them: nobody else would."""
        tasks = [task for pool in self._pools.values() for task in pool if task.done() and not _failed(task)]
        ready = {task.result()["kernel_id"] for task in tasks}
        for kernel_id in set(self._manager.list_kernel_ids()) - ready - self._leaving:
            if not await self.is_alive(kernel_id):
                self.end(kernel_id, after=0)

    async def is_alive(self, kernel_id: str) -> bool:
        """Whether a kernel's process runs."""
        return kernel_id in self._manager and await self._manager.get_kernel(kernel_id).is_alive()

    def end(self, kernel_id: str, *, after: float, if_alone: bool = False) -> None:
        """End a kernel in a while; with `if_alone` only when no page is connected to it by then."""

        async def end_now() -> None:
            self._leaving.discard(kernel_id)
            if kernel_id not in self._manager:
                return
            if if_alone and self._manager.kernel_model(kernel_id)["connections"]:
                return
            # Voila looks for the kernel among those kept ready, and stops at one that could not be started.
            for pool in self._pools.values():
                pool[:] = [task for task in pool if not _failed(task)]
            await self._manager.shutdown_kernel(kernel_id, now=True)

        if not if_alone:
            self._leaving.add(kernel_id)
        IOLoop.current().call_later(after, end_now)

    @property
    def _pools(self) -> dict[str, list[asyncio.Task[dict[str, Any]]]]:
        """Kernels that are ready or getting ready, by page; none where nothing is kept warm."""
        pools: dict[str, list[asyncio.Task[dict[str, Any]]]] = getattr(self._manager, "_pools", {})
        return pools


def _failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
