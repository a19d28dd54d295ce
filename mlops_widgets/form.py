"""The form: renders any rubric, takes answers, keeps them, and shows the score as it changes.

Python decides everything; the browser's messages are requests that are checked. May not know other widgets.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets
from pydantic import ValidationError

from mlops_widgets.assessment import Answer, allowed_values
from mlops_widgets.assets import script, style
from mlops_widgets.edits import EditedWidget
from mlops_widgets.errors import ToolkitError
from mlops_widgets.field_faults import problems_of
from mlops_widgets.form_rows import rows, summary
from mlops_widgets.library import words
from mlops_widgets.scoring import Score, score

if TYPE_CHECKING:
    from pathlib import Path

    from mlops_widgets.assessment import Assessment
    from mlops_widgets.rubric import Rubric
    from mlops_widgets.store import Saved, Store

__all__ = ["RubricForm"]

_log = logging.getLogger(__name__)


class RubricForm(EditedWidget, anywidget.AnyWidget):
    """A form for any rubric, for notebooks and Voila pages.

    `assessment` and `score` are read from Python and observed like any trait. With a store every answer is saved
    as it is given, and answers other people give to the same assessment arrive by themselves.

    Args:
        rubric: a rubric, or the id or path of one.
        assessment: what was answered before; a new one when left out.
        store: where answers are kept; without one they live in this object.
        who: whose answers these are.
        language: of the form's own words; rubrics have their own.

    Raises:
        ToolkitError: there is no such rubric, or the assessment does not fit it.

    >>> form = RubricForm("mlops-levels")
    >>> form.answer("data.catalog", "yes")
    >>> form.assessment.answers["data.catalog"].value
    'yes'
    """

    _esm = script("dom", "kept", "outbox", "criterion", "result", "keys", "form")
    _css = style("form")

    rows = traitlets.Dict(read_only=True).tag(sync=True)
    words = traitlets.Dict(read_only=True).tag(sync=True)
    answers = traitlets.Dict(read_only=True).tag(sync=True)
    summary = traitlets.Dict(read_only=True).tag(sync=True)

    score = traitlets.Instance(Score, read_only=True)

    def __init__(
        self,
        rubric: Rubric | str | Path,
        *,
        assessment: Assessment | None = None,
        store: Store | None = None,
        who: str = "",
        language: str = "en",
    ) -> None:
        """Lay out the rubric and score what was answered before."""
        self._table = words("form", language)
        self._saved: dict[str, Saved] = {}
        super().__init__(rubric, assessment=assessment, store=store, who=who)
        self.set_trait("rows", rows(self.rubric, self._table))
        self.set_trait("words", dict(self._table))
        if store is not None:
            self._saved = store.answers(self.assessment.id)
            self._seen = max((saved.seq for saved in self._saved.values()), default=0)
            self._reload(store)
        self._take(self.assessment)
        self._show()

    def __repr__(self) -> str:
        """Say which rubric and how far it is, the same on every machine."""
        whole = self.score.overall
        return f"<RubricForm {self.rubric.id}: {whole.answered} of {whole.applicable} answered>"

    def answer(self, criterion: str, value: str | Answer | None, **more: Any) -> None:
        """Answer one criterion from Python, as the browser would.

        Raises:
            ToolkitError: the criterion or the value is unknown, or the answer could not be saved.
        """
        given = value if isinstance(value, Answer) else _answer({"value": value, **more})
        self._check(criterion, given)
        saved = self._keep(criterion, given, base=self._base(criterion), who=self.who)
        self._accept(criterion, given, saved)
        self._show()

    # What arrives from the browser

    def _handle(self, edit: Mapping[str, Any]) -> dict[str, Any]:
        """Check and keep one edit; give its receipt."""
        criterion, base = edit.get("criterion"), edit.get("base")
        try:
            if not isinstance(criterion, str) or not (base is None or isinstance(base, int)):
                raise ToolkitError("an edit names a criterion, and the answer it was made from")  # noqa: TRY301
            answer = _answer(edit.get("answer"))
            self._check(criterion, answer)
        except ToolkitError as error:
            _log.warning("refused an answer from the browser to %.80r: %s", criterion, error)
            return {"refused": str(error), "criterion": str(criterion)[:80]}
        who = self._said_by(edit)
        about = {"criterion": criterion}
        return self._kept(lambda: self._keep_edit(criterion, answer, base=base, who=who), about)

    def _keep_edit(self, criterion: str, answer: Answer, *, base: int | None, who: str) -> dict[str, Any]:
        from mlops_widgets.records import Stale  # noqa: PLC0415 - a form without a store needs no database

        try:
            saved = self._keep(criterion, answer, base=base, who=who)
        except Stale as error:
            self._accept(criterion, self._readable(criterion, error.current), error.current)
            if error.current.answer == answer:  # two people of one mind
                return {"saved": True, "criterion": criterion}
            return {"stale": True, "criterion": criterion, "answer": answer.to_dict()}
        if saved is None or saved.seq >= (self._base(criterion) or 0):
            self._accept(criterion, answer, saved)  # else it is the receipt of an answer that others have changed since
        if saved:
            self.set_trait("status", {"state": "saved", "at": saved.at})
        return {"saved": True, "criterion": criterion}

    def _check(self, criterion: str, answer: Answer) -> None:
        if criterion not in self.rubric.criteria and criterion not in self.rubric.descriptors:
            raise ToolkitError(f"{criterion[:80]!r} is no criterion of {self.rubric.id}")
        allowed = allowed_values(self.rubric, criterion)
        if answer.value is not None and answer.value not in allowed:
            raise ToolkitError(f"{criterion}: {answer.value!r} is not one of {', '.join(allowed)}")

    # Keeping

    def _base(self, criterion: str) -> int | None:
        saved = self._saved.get(criterion)
        return saved.seq if saved else None

    def _keep(self, criterion: str, answer: Answer, *, base: int | None, who: str) -> Saved | None:
        if self._store is None:
            return None
        saved = self._store.save(self.assessment.id, criterion, answer, base=base, who=who)
        self._saw(saved.seq)
        return saved

    def _accept(self, criterion: str, answer: Answer, saved: Saved | None) -> None:
        """Make an answer part of the assessment, and score it."""
        if saved is not None:
            self._saved[criterion] = saved
        self._take(self.assessment.answered(criterion, answer))

    def _take(self, assessment: Assessment) -> None:
        self.set_trait("assessment", assessment)
        result = score(self.rubric, assessment)
        self.set_trait("score", result)
        self.set_trait(
            "summary",
            summary(
                self.rubric, result, self._table, profile=assessment.profile, unmatched=assessment.unmatched.keys()
            ),
        )

    def _show(self) -> None:
        """Hand the answers to the browser, each with the number that tells a later one from an earlier."""
        shown: dict[str, Any] = {
            name: {"answer": answer.to_dict(), "seq": 0, "who": "", "at": ""}
            for name, answer in self.assessment.answers.items()
            if name not in self._saved
        }
        for name, saved in self._saved.items():
            is_asked = name in self.rubric.criteria or name in self.rubric.descriptors
            answer = self.assessment.answers.get(name, Answer()) if is_asked else saved.answer
            shown[name] = {"answer": answer.to_dict(), "seq": saved.seq, "who": saved.who, "at": saved.at}
        self.set_trait("answers", shown)

    def _take_in(self, store: Store, seen: int) -> None:
        """Take in what others have answered since an event."""
        newer = store.since(self.assessment.id, seen)
        foreign = {name: saved for name, saved in newer.items() if saved.seq > (self._base(name) or 0)}
        with self.hold_sync():
            for name, saved in foreign.items():
                if name in self.rubric.criteria or name in self.rubric.descriptors:
                    self._accept(name, self._readable(name, saved), saved)
            if foreign:
                self._show()

    def _readable(self, criterion: str, saved: Saved) -> Answer:
        """Give an answer from elsewhere; of one that is no option here, as of another version, what was noted."""
        try:
            self._check(criterion, saved.answer)
        except ToolkitError as error:
            _log.warning("left out an answer: %s", error)
            return saved.answer.model_copy(update={"value": None})
        return saved.answer


def _answer(data: object) -> Answer:
    """Read an answer as the browser sent it, or a person wrote it.

    Raises:
        ToolkitError: it is not of the form of an answer, or something in it is too long.
    """
    if not isinstance(data, Mapping):
        raise ToolkitError("an answer is a mapping")
    try:
        return Answer.model_validate(dict(data))
    except ValidationError as error:
        raise ToolkitError(problems_of(error)) from None
