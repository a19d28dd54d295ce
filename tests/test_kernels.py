"""Room for visitors, and kernels that end; how pages come and go is tested in a real browser."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

from mlops_widgets.kernels import WARM, Kernels

if TYPE_CHECKING:
    from collections.abc import Coroutine

    import pytest


class Manager:
    """What the kernels need of Voila's manager."""

    def __init__(self, *kernels: str) -> None:
        """Begin with some kernels that run."""
        self.running = list(kernels)
        self.connected: set[str] = set()
        self.dead = {"dead"}
        self.filled: list[tuple[int, str]] = []
        self._pools: dict[str, list[asyncio.Task[Any]]] = {}

    def __contains__(self, kernel_id: object) -> bool:
        return kernel_id in self.running

    def list_kernel_ids(self) -> list[str]:
        """Name those that run."""
        return list(self.running)

    def kernel_model(self, kernel_id: str) -> dict[str, int]:
        """Say how many pages are connected."""
        return {"connections": int(kernel_id in self.connected)}

    def fill_if_needed(self, delay: int, notebook: str) -> None:
        """Make kernels ready."""
        self.filled.append((delay, notebook))

    def get_kernel(self, kernel_id: str) -> Mock:
        """Give a kernel that is alive unless it is called dead."""

        async def is_alive() -> bool:
            await asyncio.sleep(0)
            return kernel_id not in self.dead

        return Mock(is_alive=is_alive)

    async def shutdown_kernel(self, kernel_id: str, *, now: bool) -> None:
        """End one, as Voila does: it asks every kernel kept ready for its name."""
        assert now
        for task in [task for pool in self._pools.values() for task in pool if task.done()]:
            assert task.result()["kernel_id"] != kernel_id
        self.running.remove(kernel_id)


def run(story: Coroutine[Any, Any, None]) -> None:
    """Run a story in a thread of its own: where the tests of pages came before, this one has a loop already."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, story).result()


async def passed() -> None:
    """Let everything happen that is to happen at once."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_a_kernel_ends_when_nobody_is_connected() -> None:
    """With `if_alone` a kernel lives while its page is connected, and one that is gone already is left alone."""

    async def story() -> None:
        manager = Manager("a", "b")
        manager.connected.add("a")
        kernels = Kernels(manager, most=2)
        for name in ("a", "b", "gone"):
            kernels.end(name, after=0, if_alone=True)
        await passed()
        assert manager.running == ["a"]
        kernels.end("a", after=0)
        assert kernels.visited() == set()
        await passed()
        assert manager.running == []

    run(story())


def test_every_page_is_warmed_up() -> None:
    """Each page of the app has a pool of its own; the start page's comes first."""

    async def story() -> None:
        manager = Manager()
        kernels = Kernels(manager, most=2)
        kernels.warm_up()
        await passed()
        assert manager.filled == [(0, "start.ipynb")]
        assert manager.kernel_pools_config == {name: {"pool_size": size} for name, size in WARM.items()}  # type: ignore[attr-defined]

    run(story())


def test_a_visitor_takes_one_place() -> None:
    """While pages are being made the kernels they start, and those made ready meanwhile, take no places more."""

    async def story() -> None:
        manager = Manager()
        kernels = Kernels(manager, most=2)
        async with kernels.place() as first:
            manager.running += ["first", "made ready meanwhile"]
            async with kernels.place() as second:
                assert (first, second) == (True, True)
                kernels.serve("first")
        assert kernels.visited() == {"first"}

    run(story())


def test_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once all places are taken there is none, until a kernel has ended or is about to."""
    monkeypatch.setattr("mlops_widgets.kernels._LOOK_SECONDS", 0)

    async def story() -> None:
        manager = Manager("a", "b")
        kernels = Kernels(manager, most=2)
        kernels.serve("a")
        kernels.serve("b")
        async with kernels.place() as has_room:
            assert not has_room
        kernels.end("a", after=3600)
        async with kernels.place() as has_room:
            assert has_room
        manager.running = ["a"]
        assert kernels.visited() == set()

    run(story())


def test_a_kernel_that_could_not_be_started_holds_up_no_other() -> None:
    """Voila asks every kernel kept ready for its name when one ends: one that failed is taken out before."""

    async def failing() -> dict[str, str]:
        raise OSError("no memory")

    async def waiting() -> dict[str, str]:
        await asyncio.Event().wait()
        return {}

    async def story() -> None:
        manager = Manager("a")
        failed, cancelled, coming = (asyncio.create_task(each()) for each in (failing, waiting, waiting))
        await passed()
        cancelled.cancel()
        manager._pools = {"plan.ipynb": [failed, cancelled, coming]}
        await passed()
        Kernels(manager, most=2).end("a", after=0)
        await passed()
        assert manager.running == []
        assert manager._pools == {"plan.ipynb": [coming]}

    run(story())


def test_kernels_that_died_while_they_waited() -> None:
    """Of the kernels kept ready those that have died, or never came to be, are given to nobody and ended."""

    async def ready(name: str) -> dict[str, str]:
        return {"kernel_id": name}

    async def failing() -> dict[str, str]:
        raise OSError("no memory")

    async def story() -> None:
        manager = Manager("alive", "dead", "starting")
        pool = [asyncio.create_task(each) for each in (ready("alive"), ready("dead"), ready("gone"), failing())]
        await passed()
        alive, starting = pool[0], asyncio.create_task(ready("starting"))
        pool.append(starting)
        manager._pools = {"plan.ipynb": pool}
        kernels = Kernels(manager, most=2)
        await asyncio.gather(*(kernels.drop_dead("plan.ipynb") for _ in range(2)))  # two visitors at once
        assert pool == [alive, starting]
        assert set(manager.filled) == {(0, "plan.ipynb")}
        await passed()
        assert manager.running == ["alive", "starting"]

    run(story())


def test_a_pool_that_lost_a_kernel_that_could_not_be_started() -> None:
    """Voila fills a pool only after it gave something out: one that is empty would stay so."""

    async def story() -> None:
        manager = Manager()
        kernels = Kernels(manager, most=2)
        await kernels.drop_dead("plan.ipynb")
        assert manager.filled == []  # nothing is kept ready
        manager._pools = {"plan.ipynb": []}
        await kernels.drop_dead("plan.ipynb")
        assert manager.filled == [(0, "plan.ipynb")]

    run(story())


def test_kernels_that_died_before_their_page_named_them() -> None:
    """They are ended; those that live, those that wait for a visitor and those that end already are left alone."""

    async def ready() -> dict[str, str]:
        return {"kernel_id": "ready"}

    async def story() -> None:
        manager = Manager("alive", "dead", "ready", "ending")
        manager.dead |= {"ready", "ending"}
        manager._pools = {"plan.ipynb": [asyncio.create_task(ready())]}
        kernels = Kernels(manager, most=2)
        kernels.end("ending", after=3600)
        await passed()
        await kernels.end_dead()
        await passed()
        assert manager.running == ["alive", "ready", "ending"]

    run(story())
