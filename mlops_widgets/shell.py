"""What every answer of the app has: the top and end of a page, its words, and headers that keep other hosts out.

May not know which pages there are.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from jupyter_server.base.handlers import JupyterHandler

from mlops_widgets.assets import script, style
from mlops_widgets.library import words

if TYPE_CHECKING:
    from mlops_widgets.store import Store

__all__ = ["ASSETS", "Shell", "asset"]

ASSETS = {"page.css": "text/css", "page.js": "text/javascript"}
"""The few files that pages link to, with their types."""

_PAGES = Path(__file__).parent / "templates" / "pages"


class Shell(JupyterHandler):
    """What every page has: the header, the words, headers that keep other hosts out."""

    def set_default_headers(self) -> None:
        """Let nobody keep an answer, no browser guess a type, and no other host know where a visitor was."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")

    @property
    def content_security_policy(self) -> str:
        """Everything from here; scripts also from the text a widget brings."""
        return (
            "default-src 'self'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
        )

    @property
    def store(self) -> Store:
        """Where assessments are kept."""
        store: Store = self.settings["maturity"].store
        return store

    def shell(self, **values: Any) -> str:
        """Render the top of a page."""
        return _template("shell.html").render(**self._values(), **values)

    def end(self, **values: Any) -> str:
        """Render the end of a page."""
        return _template("end.html").render(**self._values(), **values)

    def _values(self) -> dict[str, Any]:
        table = words("pages")
        base = self.base_url
        return {
            "base": base,
            "words": table,
            "language": "en",
            "version": _version(),
            "config": {"base": base, "words": {"unreachable": table["unreachable"]}},
        }

    def tell(self, status: int, what: str, **values: Any) -> None:
        """Answer with a page that says what is the matter and leads back."""
        table = words("pages")
        self.set_status(status)
        title = table[f"{what}_title"]
        message = {"title": title, "text": table[what].format(**values)}
        self.finish(self.shell(title=title, message=message) + self.end())

    def write_error(self, status_code: int, **_: Any) -> None:
        """Never show a traceback; say whose fault it is."""
        self.tell(status_code, "not_found" if status_code < HTTPStatus.INTERNAL_SERVER_ERROR else "failed")


@lru_cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_PAGES),
        autoescape=True,
    )
    return environment.get_template(name)


@lru_cache
def asset(name: str) -> bytes:
    """Give one of the files that pages link to."""
    stem, _, kind = name.partition(".")
    return (style(stem) if kind == "css" else script(stem)).encode()


@lru_cache
def _version() -> str:
    return hashlib.sha256(b"".join(asset(name) for name in sorted(ASSETS))).hexdigest()[:12]
