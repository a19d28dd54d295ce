"""The import page: reads a file of answers, shows what became of every mark, and makes or fills an assessment of it.

Python reads and decides; the browser's messages are requests that are checked. May not know other widgets.
"""

from __future__ import annotations

import logging
import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from mlops_widgets.address import link, new_id
from mlops_widgets.assessment import Assessment, fitted
from mlops_widgets.assets import script, style
from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats import FORMATS, LARGEST_FILE, read_answers
from mlops_widgets.formats.kept import UNDATED
from mlops_widgets.importer_rows import changes, clashes, criteria, outcome, rows
from mlops_widgets.library import load_rubric, rubric_ids, words

if TYPE_CHECKING:
    from mlops_widgets.formats.reading import Reading
    from mlops_widgets.store import Saved, Store

__all__ = ["Importer"]

_log = logging.getLogger(__name__)

LONGEST_NAME = 120
"""Characters of a file's name."""

MOST_MARKS = 3000
"""Marks that a page can show for review; the largest rubric has a thirtieth."""

MOST_FAULTS = 20
"""Faults of a file that are told at a time."""

_KEY = re.compile(r"[a-z0-9]{12}")


class Importer(anywidget.AnyWidget):
    """Where answers come in from a file, and a person says what the file left open.

    Args:
        store: where assessments are kept.
        into: id of the assessment that the answers go into; a new one is made when left out.
        language: of the page's words.

    Raises:
        ToolkitError: the store has no such assessment, or its rubric is not here.
    """

    _esm = script("dom", "kept", "subject", "importer_review", "importer")
    _css = style("importer")

    words = traitlets.Dict(read_only=True).tag(sync=True)
    rubrics: traitlets.List[dict[str, Any]] = traitlets.List(read_only=True).tag(sync=True)
    into = traitlets.Dict(read_only=True).tag(sync=True)
    limits = traitlets.Dict(read_only=True).tag(sync=True)
    reading = traitlets.Dict(read_only=True).tag(sync=True)
    outcome = traitlets.Dict(read_only=True).tag(sync=True)
    result = traitlets.Dict(read_only=True).tag(sync=True)
    file = traitlets.Dict().tag(sync=True, echo_update=False)
    decisions = traitlets.Dict().tag(sync=True, echo_update=False)
    wish = traitlets.Dict().tag(sync=True, echo_update=False)

    def __init__(self, *, store: Store, into: str | None = None, language: str = "en") -> None:
        """Wait for a file."""
        super().__init__()
        self._store = store
        self._table = words("importer", language)
        self._into = into
        self._name = ""
        self._read: Reading | None = None
        self._decided: Reading | None = None
        self._standing: Assessment | None = None
        self._saved: dict[str, Saved] = {}
        self.set_trait("words", dict(self._table))
        self.set_trait("rubrics", [{"id": name, "title": load_rubric(name).title} for name in rubric_ids()])
        endings = [f".{ending}" for each in FORMATS.values() for ending in (each.ending, *each.endings)]
        self.set_trait("limits", {"bytes": LARGEST_FILE, "endings": endings})
        if into is not None:
            standing = self._look(into)
            self.set_trait("into", {"id": into, "subject": standing.subject, "rubric": standing.rubric.id})

    def __repr__(self) -> str:
        """Say what has been read, the same on every machine."""
        return f"<Importer: {len(self._read.marks) if self._read else 'no'} marks>"

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take from the browser only what is the browser's to say."""
        super().set_state({name: sync_data[name] for name in ("file", "decisions", "wish") if name in sync_data})

    def _is_answered(self, question: Mapping[str, Any], reply: str) -> bool:
        """Whether a question was answered before and is only asked again; the answer is sent once more."""
        if not question.get("attempt") or getattr(self, reply).get("number") != question.get("number"):
            return False
        self.send_state(reply)
        return True

    # A file

    @traitlets.observe("file")
    def _on_file(self, change: Mapping[str, Any]) -> None:
        """Read what the browser sent, and lay it out for review."""
        sent = change["new"]
        if not sent:
            return
        if self._is_answered(sent, "reading"):
            return
        number = sent.get("number")
        try:
            name, reading = self._reading(sent)
            if self._into is not None:
                self._look(self._into)
        except ToolkitError as error:
            self.set_trait("reading", {"number": number, "failed": _sentences(error)})
            return
        except Exception:  # noqa: BLE001 - a reader met what nobody thought of: the visitor may not be left waiting for it
            _log.exception("could not read a file")
            self.set_trait("reading", {"number": number, "failed": [self._table["unforeseen"]]})
            return
        finally:
            self.file = {}  # megabytes that nobody needs any more
        self._name, self._read, self._decided = name, reading, reading
        about = reading.assessment
        more = [self._table["answers_only"]] if self._into is not None and (about.targets or about.plan.items) else []
        # Who reads here has a calendar, unlike the readers of tables.
        day = about.date if about.date != UNDATED else date.today().isoformat()
        notes = [note for note in reading.notes if UNDATED not in note]
        with self.hold_sync():
            self.set_trait(
                "reading",
                {
                    "number": number,
                    "rubric": {"id": reading.rubric.id, "title": reading.rubric.title},
                    "notes": [*notes, *more],
                    "marks": rows(reading, self._table),
                    "criteria": criteria(reading.rubric, self._table),
                    "facets": [facet.model_dump() for facet in reading.rubric.facets],
                    "about": {
                        "subject": about.subject,
                        "date": day,
                        "assessor": about.assessor,
                        "profile": list(about.profile),
                    },
                },
            )
            self._show_outcome(number=0)

    def _reading(self, sent: Mapping[str, Any]) -> tuple[str, Reading]:
        """Read a file as the browser sent it.

        Raises:
            ToolkitError: it is too large, of no known format or another rubric's, or nothing in it is a mark.
        """
        name, data, rubric = sent.get("name"), sent.get("data"), sent.get("rubric")
        if not isinstance(name, str) or not isinstance(data, str):
            raise ToolkitError(self._table["no_file"])
        if len(data) > LARGEST_FILE * 4 // 3 + 4:
            raise ToolkitError(self._table["too_large"].format(megabytes=LARGEST_FILE // 1_000_000))
        try:
            content = b64decode(data, validate=True)
        except ValueError:  # letters that are not of ASCII included
            raise ToolkitError(self._table["no_file"]) from None
        wanted = self.into.get("rubric") or rubric or None
        if wanted is not None and wanted not in rubric_ids():
            raise ToolkitError(f"there is no rubric {str(wanted)[:80]!r} here")
        reading = read_answers(name[-LONGEST_NAME:], content, rubric=load_rubric(wanted) if wanted else None)
        if len(reading.marks) > MOST_MARKS:
            raise ToolkitError(self._table["too_many"].format(count=len(reading.marks), most=MOST_MARKS))
        if not reading.marks:
            raise ToolkitError(self._table["nothing"].format(rubric=reading.rubric.title))
        return name[-LONGEST_NAME:], reading

    def _look(self, into: str) -> Assessment:
        """Look at what stands in the assessment that the answers go into."""
        saved = self._store.answers(into)
        found = self._store.load(into)
        self._saved, self._standing = saved, fitted(found, load_rubric(found.rubric.id))
        return self._standing

    # Decisions

    @traitlets.observe("decisions")
    def _on_decisions(self, change: Mapping[str, Any]) -> None:
        """Take a person's decisions: all of them each time, so that none is undone by halves."""
        sent = change["new"]
        if not sent or self._read is None:
            return
        if self._is_answered(sent, "outcome"):
            return
        number = sent.get("number")
        try:
            self._decided = self._read.decided(_decisions(sent.get("marks")))
        except ToolkitError as error:
            self.set_trait("outcome", {**self.outcome, "number": number, "failed": _sentences(error)})
            return
        self._show_outcome(number=number)

    def _show_outcome(self, *, number: object) -> None:
        if self._decided is not None:
            said = outcome(self._decided, self._table, name=self._name, standing=self._standing)
            self.set_trait("outcome", {"number": number, **said})

    # Keeping

    @traitlets.observe("wish")
    def _on_wish(self, change: Mapping[str, Any]) -> None:
        """Make the assessment, or fill the one that is there."""
        wish = change["new"]
        if not wish:
            return
        if self._is_answered(wish, "result"):
            return
        number = wish.get("number")
        try:
            if self._decided is None:
                raise ToolkitError(self._table["no_file"])  # noqa: TRY301 - told like every other refusal
            contradictions = list(clashes(self._decided, self._table))
            if contradictions:
                raise ToolkitError("\n".join(contradictions))  # noqa: TRY301 - as above
            if self._into is not None and self._standing is not None:
                result = self._filled(self._decided, wish, into=self._into, standing=self._standing)
            else:
                result = self._made(self._decided, wish)
        except ToolkitError as error:
            _log.warning("could not import: %s", error)
            self.set_trait("result", {"number": number, "failed": _sentences(error)})
            return
        self.set_trait("result", {"number": number, **result})

    def _made(self, decided: Reading, wish: Mapping[str, Any]) -> dict[str, Any]:
        """Make an assessment of what was read and decided."""
        from mlops_widgets.store import StoreError  # noqa: PLC0415 - a page that is only looked at needs no database

        subject = str(wish.get("subject", "")).strip()
        if not subject:
            raise ToolkitError(self._table["subject_missing"])
        rubric = decided.rubric
        key = wish.get("key")
        assessment = Assessment.from_dict(
            {
                **decided.assessment.to_dict(),
                "id": key if isinstance(key, str) and _KEY.fullmatch(key) else new_id(),
                "subject": subject,
                "date": str(wish.get("date") or date.today().isoformat()),
                "assessor": str(wish.get("who", "")).strip(),
                **({"profile": wish["profile"]} if isinstance(wish.get("profile"), list) else {}),
            }
        )
        assessment = fitted(assessment, rubric)
        try:
            made = self._store.create(assessment, who=assessment.assessor)
        except StoreError:
            # The receipt of an earlier wish was lost with its connection, and the assessment is there already.
            made = self._store.load(assessment.id)
            if made.answers.keys() != {name for name, each in assessment.answers.items() if not each.is_empty}:
                made = self._store.create(assessment.model_copy(update={"id": new_id()}), who=assessment.assessor)
        return {"go": link(f"assess/{made.id}"), "said": self._table["made"].format(subject=made.subject)}

    def _filled(self, decided: Reading, wish: Mapping[str, Any], *, into: str, standing: Assessment) -> dict[str, Any]:
        """Save the changes that were ticked, each on top of the answer that was shown beside it."""
        from mlops_widgets.store import Stale  # noqa: PLC0415 - as above

        found = {change.criterion: change for change in changes(decided, standing)}
        ticked = wish.get("criteria")
        wanted = [name for name in ticked if name in found] if isinstance(ticked, list) else []
        who = str(wish.get("who", "")).strip()[:200]
        stale = []
        for name in wanted:
            saved = self._saved.get(name)
            try:
                self._store.save(into, name, found[name].after, base=saved.seq if saved else None, who=who)
            except Stale as error:
                whose = error.current.who or self._table["somebody"]
                text = decided.rubric.criteria[name].text if name in decided.rubric.criteria else name
                stale.append(self._table["stale"].format(who=whose, criterion=text))
        count = len(wanted) - len(stale)
        self._look(into)
        self._show_outcome(number=self.outcome.get("number"))
        return {"go": link(f"assess/{into}"), "said": self._table["filled"].format(count=count), "stale": stale}


def _decisions(sent: object) -> dict[int, tuple[str, str | None] | None]:
    """Read decisions as the browser sent them.

    Raises:
        ToolkitError: they are not of the form of decisions.
    """
    decisions: dict[int, tuple[str, str | None] | None] = {}
    for position, decision in list(sent.items())[:MOST_MARKS] if isinstance(sent, Mapping) else []:
        if not isinstance(position, str) or not re.fullmatch(r"[0-9]{1,6}", position):
            raise ToolkitError("a decision is about the number of a mark")
        if decision is None:
            decisions[int(position)] = None
            continue
        criterion = decision.get("criterion") if isinstance(decision, Mapping) else None
        value = decision.get("value") if isinstance(decision, Mapping) else None
        if not isinstance(criterion, str) or not (value is None or isinstance(value, str)):
            raise ToolkitError("a decision names a criterion and an answer")
        decisions[int(position)] = (criterion, value)
    return decisions


def _sentences(error: ToolkitError) -> list[str]:
    """Give the faults one by one; a file may have hundreds."""
    faults = [str(problem) for problem in error.problems]
    more = len(faults) - MOST_FAULTS
    return faults[:MOST_FAULTS] + ([f"… {more} more"] if more > 0 else [])
