"""Files to take along: an assessment or its plan in each of the formats, under a name that says what it is.

Writes nothing itself; the formats do, beside the server's loop, so that nobody else waits.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from tornado import web

from mlops_widgets.assessment import fitted
from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats import FORMATS, PLANS, written, written_plan
from mlops_widgets.library import load_rubric, words
from mlops_widgets.shell import Shell
from mlops_widgets.store import Store, StoreError, Unknown

if TYPE_CHECKING:
    from mlops_widgets.assessment import Assessment

__all__ = ["DownloadHandler", "disposition", "offers"]

_WRITERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="download")
"""Two files are written at a time, whoever asks; the next one waits."""

LONGEST_NAME = 80
"""Characters of a subject in the name of a file."""


class _File(NamedTuple):
    content: bytes
    name: str


class DownloadHandler(Shell):
    """An assessment or its plan, as a file."""

    @web.authenticated
    async def get(self, wanted: str, plan: str | None, ending: str) -> None:
        """Answer `/download/ID.ENDING` or `/download/ID/plan.ENDING`."""
        formats = PLANS if plan else FORMATS
        if ending not in formats:
            return self.tell(404, "not_found")
        turn = asyncio.get_running_loop().run_in_executor(_WRITERS, _made, self.store, wanted, ending, bool(plan))
        try:
            made = await turn
        except Unknown:
            return self.tell(404, "unknown", id=wanted[:40])
        except StoreError as error:
            return self.tell(503, "broken", message=str(error))
        except ToolkitError as error:
            return self.tell(409, "misfit", message=str(error))
        self.set_header("Content-Type", formats[ending].media_type)
        self.set_header("Content-Disposition", disposition(made.name))
        self.finish(made.content)
        return None


def offers(assessment: Assessment) -> list[dict[str, str]]:
    """List what can be taken along, for a menu: the path and what it is; the plan once there is one.

    >>> from mlops_widgets.formats.yaml import read_assessment
    >>> from mlops_widgets.library import packaged_folder
    >>> offers(read_assessment(packaged_folder("demo") / "churn-model.yaml"))[-1]
    {'path': 'download/demo/plan.ics', 'text': 'Plan, calendar'}
    """
    files = [{"path": f"download/{assessment.id}.{each.ending}", "text": each.title} for each in FORMATS.values()]
    if assessment.plan.items:
        text = words("pages")["plan_file"]
        files += [
            {"path": f"download/{assessment.id}/plan.{each.ending}", "text": text.format(format=each.title)}
            for each in PLANS.values()
        ]
    return files


def disposition(name: str) -> str:
    r"""Say that an answer is a file to keep, and its name: in ASCII for old programs, and as it is for the others.

    >>> disposition("Müller-2026-11-20.md")
    'attachment; filename="Muller-2026-11-20.md"; filename*=UTF-8\'\'M%C3%BCller-2026-11-20.md'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-.") or "assessment"  # nothing is left of 日本語
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _made(store: Store, wanted: str, ending: str, is_plan: bool) -> _File:  # noqa: FBT001 - handed on to a thread
    """Load an assessment and write it; what may take a while."""
    found = store.load(wanted)
    rubric = load_rubric(found.rubric.id)
    assessment = fitted(found, rubric)
    content = written_plan(assessment, rubric, ending) if is_plan else written(assessment, rubric, ending)
    kind = "-plan" if is_plan else ""
    return _File(content, f"{_spoken(assessment.subject)}{kind}-{assessment.date}.{ending}")


def _spoken(subject: str) -> str:
    """Give a subject as part of a file's name: letters and digits of any language, and nothing a system takes amiss."""
    kept = "".join(character if character.isalnum() else " " for character in unicodedata.normalize("NFC", subject))
    return "-".join(kept.split())[:LONGEST_NAME].strip("-") or "assessment"
