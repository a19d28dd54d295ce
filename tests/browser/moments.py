"""Moments that a test decides about, instead of being faster than a clock: what a page sends, and what it tells."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

__all__ = ["heard", "listened_to", "on_its_way"]


@contextmanager
def on_its_way(page: Page) -> Iterator[None]:
    """What the page sends meanwhile arrives afterwards, as over a slow line."""
    page.evaluate(
        """() => {
          const { send } = WebSocket.prototype;
          const waiting = [];
          WebSocket.prototype.send = function (message) {
            waiting.push(() => send.call(this, message));
          };
          window.arrive = () => {
            WebSocket.prototype.send = send;
            for (const go of waiting) go();
          };
        }"""
    )
    yield
    page.evaluate("window.arrive()")


def listened_to(page: Page) -> Page:
    """Keep what the page tells a screen reader from now on: it stands there for a moment only."""
    page.evaluate(
        """() => {
          const live = document.querySelector("[aria-live]");
          const { dataset } = document.documentElement;
          dataset.heard = "";
          const hear = () => (dataset.heard += `${live.textContent}\\n`);
          new MutationObserver(hear).observe(live, { childList: true, characterData: true, subtree: true });
        }"""
    )
    return page


def heard(page: Page, text: str) -> None:
    """Wait until a page that is listened to has told something."""
    expect(page.locator("html")).to_have_attribute("data-heard", re.compile(re.escape(text)))
