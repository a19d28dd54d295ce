"""The start page: choose a rubric, name the subject, pick the profile; resume or duplicate an earlier assessment.

May not know other widgets: it hands over an address, and the form opens there.
"""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from mlops_widgets.address import link, new_id
from mlops_widgets.assessment import Assessment, fitted
from mlops_widgets.assets import script, style
from mlops_widgets.errors import ToolkitError
from mlops_widgets.library import load_rubric, rubric_ids, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_widgets.rubric import Rubric
    from mlops_widgets.store import Store

__all__ = ["StartPage"]

_log = logging.getLogger(__name__)

FIRST = ("mlops-levels", "mlops-questionnaire", "mlops-checklist")
"""Rubrics offered first; the others follow by name."""

MOST_LISTED = 50


class StartPage(anywidget.AnyWidget):
    """Where an assessment begins.

    Args:
        store: where assessments are kept.
        language: of the page's words.
    """

    _esm = script("dom", "kept", "subject", "start")
    _css = style("start")

    rubrics: traitlets.List[dict[str, Any]] = traitlets.List(read_only=True).tag(sync=True)
    earlier: traitlets.List[dict[str, Any]] = traitlets.List(read_only=True).tag(sync=True)
    elsewhere = traitlets.Dict(read_only=True).tag(sync=True)
    words = traitlets.Dict(read_only=True).tag(sync=True)
    reply = traitlets.Dict(read_only=True).tag(sync=True)
    wish = traitlets.Dict().tag(sync=True)

    def __init__(self, *, store: Store, language: str = "en") -> None:
        """Lay out the rubrics and what was assessed before."""
        super().__init__()
        self._store = store
        self._table = words("start", language)
        order = [*FIRST, *(name for name in rubric_ids() if name not in FIRST)]
        self._rubrics = {name: load_rubric(name) for name in order if name in rubric_ids()}
        self.set_trait("words", dict(self._table))
        self.set_trait("rubrics", [self._offer(rubric) for rubric in self._rubrics.values()])
        self.refresh()

    def __repr__(self) -> str:
        """Say how much is on offer, the same on every machine."""
        return f"<StartPage: {len(self.rubrics)} rubrics>"

    def refresh(self) -> None:
        """Look again at what was assessed before."""
        self.set_trait("elsewhere", {"import": link("import")})
        self.set_trait(
            "earlier",
            [
                {
                    "id": listed.id,
                    "subject": listed.subject,
                    "meta": self._table["meta"].format(
                        rubric=self._title(listed.rubric_id),
                        date=listed.date,
                        answered=listed.answered,
                        count=self._count(listed.rubric_id) or "?",
                    ),
                    "assess": link(f"assess/{listed.id}"),
                    "plan": link(f"plan/{listed.id}"),
                    "report": link(f"report/{listed.id}"),
                }
                for listed in self._store.recent(MOST_LISTED)
            ],
        )

    def _offer(self, rubric: Rubric) -> dict[str, Any]:
        meta = "rubric_meta" if rubric.minutes else "rubric_meta_untimed"
        return {
            "id": rubric.id,
            "title": rubric.title,
            "description": rubric.description,
            "meta": self._table[meta].format(criteria=len(rubric.criteria), minutes=rubric.minutes),
            "facets": [facet.model_dump() for facet in rubric.facets],
        }

    def _title(self, rubric: str) -> str:
        return self._rubrics[rubric].title if rubric in self._rubrics else rubric

    def _count(self, rubric: str) -> int:
        return len(self._rubrics[rubric].criteria) if rubric in self._rubrics else 0

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take from the browser only what is the browser's to say."""
        super().set_state({name: sync_data[name] for name in ("wish",) if name in sync_data})

    @traitlets.observe("wish")
    def _on_wish(self, change: Mapping[str, Any]) -> None:
        """Begin or duplicate an assessment, and hand its address to the browser."""
        wish = change["new"]
        if not wish:
            return
        number = wish.get("number")
        try:
            made = self._duplicated(wish) if "duplicate" in wish else self._begun(wish)
        except ToolkitError as error:
            _log.warning("could not begin an assessment: %s", error)
            self.set_trait("reply", {"number": number, "failed": str(error)})
            return
        self.set_trait("reply", {"number": number, "go": link(f"assess/{made.id}")})

    def _begun(self, wish: Mapping[str, Any]) -> Assessment:
        rubric = self._rubrics.get(str(wish.get("rubric")))
        if rubric is None:
            raise ToolkitError(f"there is no rubric {str(wish.get('rubric'))[:80]!r} here")
        subject = str(wish.get("subject", "")).strip()
        if not subject:
            raise ToolkitError(self._table["subject_missing"])
        profile = wish.get("profile", [])
        assessment = Assessment.from_dict(
            {
                "id": new_id(),
                "rubric": {"id": rubric.id, "version": rubric.version, "hash": rubric.content_hash},
                "subject": subject,
                "date": date.today().isoformat(),
                "assessor": str(wish.get("who", "")),
                "profile": profile if isinstance(profile, list) else [],
            }
        )
        return self._store.create(fitted(assessment, rubric), who=assessment.assessor)

    def _duplicated(self, wish: Mapping[str, Any]) -> Assessment:
        original, who = str(wish["duplicate"])[:80], str(wish.get("who", ""))[:200]
        return self._store.duplicate(original, new_id=new_id(), date=date.today().isoformat(), who=who)
