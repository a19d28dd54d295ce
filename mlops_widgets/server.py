"""The app: a Voila application with our pages, our addresses, and kernels that end when their page does.

Holds no rules of assessments; it opens notebooks and says what stands in the way when it cannot.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import os
import re
import shutil
import socket
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

import click
from jupyter_core.utils import run_sync
from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web
from tornado.iostream import StreamClosedError
from traitlets.config import Config
from voila.app import Voila
from voila.request_info_handler import RequestInfoSocketHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from mlops_widgets.assessment import fitted
from mlops_widgets.downloads import DownloadHandler, offers
from mlops_widgets.errors import ToolkitError
from mlops_widgets.kernels import IDLE_SECONDS, Kernels
from mlops_widgets.library import load_rubric, packaged_folder, words
from mlops_widgets.shell import ASSETS, Shell, asset
from mlops_widgets.store import Store, StoreError, Unknown

if TYPE_CHECKING:
    from mlops_widgets.assessment import Assessment

__all__ = ["MaturityApp", "serve"]

_log = logging.getLogger("mlops_widgets")
_HERE = Path(__file__).parent
GOODBYE_SECONDS = 1.5
"""How long a kernel lives after its page has said goodbye: time to save what was typed last."""

PAGE_SECONDS = 120
"""How long a page may be in the making; one whose kernel died on the way would be for ever."""

_ENDED = 'data-failed="ended"'
"""What our template says in place of the rest of a page."""

_NOT_ACCEPTABLE = 1003
"""The code with which a line is closed on which something came that no page sends."""

_KERNEL_ID = r"(\w+-\w+-\w+-\w+-\w+)"


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8866,
    store: str | None = None,
    token: str | None = None,
    insecure: bool = False,
    max_kernels: int = 40,
    open_browser: bool = False,
    warm: bool = True,
) -> None:
    """Run the app until it is interrupted.

    Args:
        host: address to listen on; another than this machine's own needs a token or `insecure`.
        port: port to listen on.
        store: where assessments are kept; the user's data folder when left out.
        token: what visitors must know; they give it once as `?token=`.
        insecure: listen for everybody without a token.
        max_kernels: visitors served at a time.
        open_browser: open the start page.
        warm: keep kernels ready for the next visitors.

    Raises:
        ToolkitError: the address needs a token, the port is taken, or the store cannot be opened.
    """
    if not _is_local(host) and not token and not insecure:
        raise ToolkitError(
            f"{host} can be reached by others: give --token, so that only those who know it come in, "
            "or --insecure, to let in everybody"
        )
    _check_port(host, port)
    if store is not None:
        os.environ["MLOPS_WIDGETS_STORE"] = store
    # Where a warm kernel asks for its visitor.
    here = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - named, not bound
    os.environ["VOILA_APP_IP"] = f"[{here}]" if ":" in here else here
    Store().recent(1)
    app = MaturityApp(
        ip=host,
        port=port,
        port_retries=0,
        open_browser=open_browser,
        token=token or "",
        root_dir=str(packaged_folder("notebooks")),
        max_kernels=max_kernels,
        config=_config(warm=warm),
    )
    app.initialize([])
    app.start()


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_port(host: str, port: int) -> None:
    """Say that a port is taken, or an address not ours, before anything is started for it."""
    try:
        socket.getaddrinfo(host, port)
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            pass
    except (socket.gaierror, UnicodeError):
        raise ToolkitError(f"{host} is no address of this machine; give another with --host") from None
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise ToolkitError(f"cannot listen on {host}:{port}: {reason}; give another port with --port") from None


def _config(*, warm: bool) -> Config:
    config = Config()
    config.VoilaConfiguration.update(
        template="base",
        strip_sources=True,
        show_tracebacks=False,
        preheat_kernel=warm,
        default_pool_size=0,
        allow_template_override="NO",
        allow_theme_override="NO",
        # Until then Voila sends no sign of life: it would be a script inside the page, which our headers forbid.
        http_keep_alive_timeout=2 * PAGE_SECONDS,
    )
    config.VoilaKernelManager.fill_delay = 0
    config.IdentityProvider.cookie_options = {"samesite": "Lax"}  # not every browser takes it for granted
    config.VoilaExecutor.on_cell_error = _log_failure
    # A kernel that died has lost what its page knew: the page finds it gone, reloads and comes back from the store.
    config.KernelManager.autorestart = False
    if os.name == "posix":  # many kernels starting at once collide on TCP ports
        config.KernelManager.transport = "ipc"
    config.Application.log_level = logging.ERROR
    return config


def _log_failure(*, execute_reply: dict[str, Any], **_: object) -> None:
    """Tell whoever runs the server why a page could not be made; the visitor is told only that."""
    traceback = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(execute_reply["content"]["traceback"]))
    _log.error("a page could not be made:\n%s", traceback)


class MaturityApp(Voila):
    """Voila with plain addresses, its own pages, and none of its doors that we do not need."""

    name = "mlops-widgets"

    def __init__(self, *, max_kernels: int = 40, **kwargs: Any) -> None:
        """Take what Voila takes, and how many visitors are served at a time."""
        super().__init__(**kwargs)
        self.max_kernels = max_kernels
        self.store = Store()

    def setup_template_dirs(self) -> None:
        """Look for templates in ours before Voila's."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(_HERE / "templates" / "voila" / "mlops"))

    def init_settings(self) -> dict[str, Any]:
        """Compress what is sent, over sockets too, and tell the app's own handlers where they are."""
        settings = {
            **super().init_settings(),
            "compress_response": True,
            "websocket_compression_options": {},
            "maturity": self,
            # Else any web site could reach an app without a token, by a name of its own that leads to this machine.
            "allow_remote_access": not _is_local(self.ip),
        }
        self.kernels = Kernels(self.kernel_manager, most=self.max_kernels)
        if self.voila_configuration.preheat_kernel:
            self.kernels.warm_up()
        return settings

    def stop(self) -> None:
        """End every kernel at once: all that was answered is in the store."""
        shutil.rmtree(self.connection_dir, ignore_errors=True)
        run_sync(self.kernel_manager.shutdown_all)(now=True)

    def init_handlers(self) -> list[Any]:
        """Serve our pages and what they need: the kernels' sockets, and the door at which warm ones wait."""
        base = self.server_url.rstrip("/")
        page = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        return [
            (rf"{base}/voila/query/{_KERNEL_ID}", VisitorSocket),
            (rf"{base}/api/kernels/{_KERNEL_ID}/channels", KernelSocket),
            (rf"{base}/assets/(page\.\w+)", AssetHandler),
            (rf"{base}/alive/{_KERNEL_ID}", AliveHandler),
            (rf"{base}/login", LoginHandler),
            (rf"{base}/()", PageHandler, {**page, "notebook_path": "start.ipynb"}),
            (rf"{base}/assess/([^/]+)/?", PageHandler, {**page, "notebook_path": "assess.ipynb"}),
            (rf"{base}/plan/([^/]+)/?", PageHandler, {**page, "notebook_path": "plan.ipynb"}),
            (rf"{base}/report/([^/]+)/?", PageHandler, {**page, "notebook_path": "report.ipynb"}),
            (rf"{base}/import(?:/([^/]+))?/?", PageHandler, {**page, "notebook_path": "import.ipynb"}),
            (rf"{base}/download/([^/]+?)(/plan)?\.(\w+)", DownloadHandler),
            (r".*", NotFoundHandler),
        ]

    def listen(self) -> None:
        """Say where the app is, then listen."""
        token = "?token=..." if self.token else ""
        anywhere = self.ip in ("0.0.0.0", "::", "")  # noqa: S104 - named, not bound
        address = self._url(socket.gethostname()) if anywhere else self.connection_url
        click.echo(f"The MLOps maturity toolkit is at {address}{token}")
        super().listen()

    def launch_browser(self) -> None:
        """Open the start page, where there is a browser to open it in."""
        query = f"?token={self.token}" if self.token else ""
        threading.Thread(target=webbrowser.open, args=(self.connection_url + query,), daemon=True).start()


class _Shell(Shell):
    """What every page has, and the kernels behind it."""

    @property
    def kernels(self) -> Kernels:
        """The kernels of the app this handler belongs to."""
        kernels: Kernels = self.settings["maturity"].kernels
        return kernels


class PageHandler(_Shell, TornadoVoilaHandler):
    """A page: its header at once, then what its notebook shows."""

    _has_left = False

    def on_connection_close(self) -> None:
        """Remember that nobody waits for the page any more."""
        self._has_left = True

    @web.authenticated
    async def get(self, wanted: str | None = None) -> None:
        """Answer `/`, `/assess/ID`, `/plan/ID`, `/report/ID`, `/import` or `/import/ID`."""
        if self.get_query_argument("token", None) is not None:
            # It is in a cookie now, and need not stay in the address.
            query = urlencode(_without_token(self.request.query))
            return self.redirect(f"{self.request.path}?{query}" if query else self.request.path)
        if self._is_part_of_another_site:
            return self.tell(403, "not_found")
        kind = "executive" if self._is_brief else Path(self.notebook_path).stem
        assessment, title = None, words("pages").get(f"{kind}_new_title", "")
        if wanted:
            assessment = await self._found(wanted)
            if assessment is None:
                return None
            title = words("pages")[f"{kind}_title"].format(subject=assessment.subject)
        async with self.kernels.place() as has_room:
            if not has_room:
                self.set_header("Retry-After", "120")
                return self.tell(503, "full", count=self.kernels.most)
            await self.send_page(title, assessment)
        return None

    async def _found(self, wanted: str) -> Assessment | None:
        """Find the assessment asked for; None where the visitor has been told that it cannot be shown."""
        try:
            # Beside the loop: a database that does not answer keeps nobody else waiting.
            return await asyncio.to_thread(_fitting, self.store, wanted)
        except Unknown:
            self.tell(404, "unknown", id=wanted[:40])
        except StoreError as error:
            self.tell(503, "broken", message=str(error))
        except ToolkitError as error:
            self.tell(409, "misfit", message=str(error))
        return None

    async def send_page(self, title: str, assessment: Assessment | None) -> None:
        """Send the header at once, then what the notebook shows."""
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        live = self.notebook_path != "report.ipynb"
        self.write(self.shell(title=title, live=live, **self._header(assessment)))
        try:
            await self.flush()
        except StreamClosedError:
            return  # the visitor has left already
        await self.kernels.drop_dead(self.notebook_path)
        sent = []
        try:
            async with asyncio.timeout(PAGE_SECONDS):
                async for html in self.get_generator():
                    if _ENDED in html:
                        _log.error("a page could not be made to its end: its kernel has ended, killed or out of memory")
                    sent.append(html)
                    self.write(html)
        except Exception:  # noqa: BLE001 - the top has been sent: whatever failed has to be told below it
            _log.exception("a page could not be made, or not within %s seconds", PAGE_SECONDS)
            self.write(f'<p class="page-message" role="alert" data-failed>{words("pages")["failed"]}</p>')
            await self.kernels.end_dead()
        finally:
            # A report needs its kernel no longer, nor does a visitor who left; another page has a while to connect.
            for kernel in re.findall(rf'data-kernel-id="{_KERNEL_ID}"', "".join(sent)):
                if live and not self._has_left:
                    self.kernels.serve(kernel)
                else:
                    self.kernels.end(kernel, after=0)
        self.write(self.end(live=live))

    def _header(self, assessment: Assessment | None) -> dict[str, Any]:
        if assessment is None:
            return {}
        table = words("pages")
        pages = {kind: f"{kind}/{assessment.id}" for kind in ("assess", "plan", "report")}
        current = "executive" if self._is_brief else Path(self.notebook_path).stem
        if self.notebook_path == "report.ipynb":
            pages["executive"] = f"report/{assessment.id}?audience=executive"
        return {
            "subject": assessment.subject,
            "rubric": _rubric_title(assessment),
            "links": [{"path": path, "text": table[kind]} for kind, path in pages.items() if kind != current],
            "files": offers(assessment),
            "bring": f"import/{assessment.id}",
        }

    @property
    def _is_part_of_another_site(self) -> bool:
        """Whether another site asks for this page as a picture, frame or script: each would take a visitor's place."""
        headers = self.request.headers
        is_foreign = headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
        return is_foreign and headers.get("Sec-Fetch-Dest") != "document"

    @property
    def _is_brief(self) -> bool:
        """Whether the report is asked for on one page, for those who decide."""
        return self.notebook_path == "report.ipynb" and self.get_query_argument("audience", "") == "executive"


class KernelSocket(VoilaKernelWebsocketHandler):
    """The line between a page and its kernel."""

    _is_open = False
    _has_left = False

    async def open(self, kernel_id: str) -> None:
        """Open it, and send every message at once."""
        self._is_open = True
        # Nagle's algorithm held a score back for 40 ms, until the browser had acknowledged the status before it.
        self.set_nodelay(True)
        try:
            await super().open(kernel_id)
        finally:
            if self._has_left:
                self.on_close()

    def on_message(self, message: str | bytes) -> None:
        """Pass on what pages send; whoever sends anything else is none, and is cut off."""
        if _is_from_a_page(message):
            super().on_message(message)
        else:
            self.close(_NOT_ACCEPTABLE)

    def on_close(self) -> None:
        """End the kernel when its page does not come back."""
        if not self._is_open:
            # Its page was counted in nowhere yet; once the line opens nobody says again that the page has left.
            self._has_left = True
            return
        super().on_close()
        self.settings["maturity"].kernels.end(self.kernel_id, after=IDLE_SECONDS, if_alone=True)


class VisitorSocket(RequestInfoSocketHandler):
    """The line on which a kernel kept ready waits to be told of its visitor."""

    def prepare(self) -> None:
        """Let in our kernels only: Voila asks nobody for the token here, for a kernel has none."""
        if self.path_args[0] not in self.settings["maturity"].kernels:
            raise web.HTTPError(404)

    def on_close(self) -> None:
        """Forget the line and its visitor."""
        super().on_close()
        self._cache.pop(self.path_args[0], None)


class LoginHandler(_Shell):
    """Where a visitor without the token is asked for it."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Ask; the answer goes to the page that was wanted, as its `?token=`."""
        wanted = self.get_query_argument("next", self.base_url)
        if not re.fullmatch(r"/([^/\\\s][^\\\s]*)?", wanted):
            wanted = self.base_url
        self.set_status(401)
        table = words("pages")
        title = table["login_title" if "token=" not in self.get_query_argument("next", "") else "login_again"]
        path, _, query = wanted.partition("?")
        self.finish(self.shell(title=title, login={"path": path, "query": _without_token(query)}) + self.end())


class AssetHandler(_Shell):
    """The few files that pages link to."""

    @allow_unauthenticated
    async def get(self, name: str) -> None:
        """Answer with one of them, to be kept for good: its address changes with its content."""
        if name not in ASSETS:
            return self.tell(404, "not_found")
        self.set_header("Content-Type", f"{ASSETS[name]}; charset=UTF-8")
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.finish(asset(name))
        return None


class AliveHandler(VoilaShutdownKernelHandler, _Shell):
    """Whether a page's kernel is still there; and its end, when the page closes."""

    def check_xsrf_cookie(self) -> None:
        """Accept a closing page's beacon, which can carry no token, from our own pages only."""
        origin = self.request.headers.get("Origin", "")
        if self.request.method == "POST" and origin.partition("://")[2] != self.request.host:
            raise web.HTTPError(403)

    @web.authenticated
    async def get(self, kernel_id: str) -> None:
        """Answer 200 while the kernel lives, 404 after."""
        self.set_status(200 if await self.kernels.is_alive(kernel_id) else 404)
        self.finish("{}")

    @web.authenticated
    async def post(self, kernel_id: str) -> None:
        """End the kernel of a page that was closed."""
        # In a moment: what was typed last is on its way to the kernel.
        self.kernels.end(kernel_id, after=GOODBYE_SECONDS)
        self.set_status(204)
        self.finish()


class NotFoundHandler(_Shell):
    """Every other address."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Say so, and lead back."""
        self.tell(404, "not_found")


def _fitting(store: Store, wanted: str) -> Assessment:
    """Load an assessment, and look whether its rubric is here and fits."""
    assessment = store.load(wanted)
    fitted(assessment, load_rubric(assessment.rubric.id))
    return assessment


def _is_from_a_page(message: str | bytes) -> bool:
    """Whether a message on a kernel's line is one that our pages send: text, and to a widget.

    Of messages in bytes the server would believe how many parts they have, and make room for them.
    """
    if isinstance(message, bytes):
        return False
    try:
        told = json.loads(message)
    except (ValueError, RecursionError):
        return False
    if not isinstance(told, dict) or told.get("channel") != "shell" or told.get("buffers"):
        return False
    parts = [told.get(part) for part in ("header", "parent_header", "metadata", "content")]
    return all(isinstance(part, dict) for part in parts) and told["header"].get("msg_type") == "comm_msg"


def _without_token(query: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "token"]


def _rubric_title(assessment: Assessment) -> str:
    try:
        return load_rubric(assessment.rubric.id).title
    except ToolkitError:
        return assessment.rubric.id
