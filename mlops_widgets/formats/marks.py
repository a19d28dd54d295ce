"""What people write for yes, partly, no and not applicable: boxes, signs, words of ten languages, scores.

Pure: knows no file format; a mark that it does not understand is told as such, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from mlops_widgets.assessment import NOT_APPLICABLE

if TYPE_CHECKING:
    from mlops_widgets.rubric import Scale

__all__ = ["Meaning", "Said", "box", "ending", "said", "sign", "value_for", "with_signs"]

YES, PARTLY, NO, NA, OPEN, UNCLEAR = "yes", "partly", "no", "na", "open", "unclear"


@dataclass(frozen=True, slots=True)
class Said:
    """What a mark says, before it is held against a scale.

    Attributes:
        kind: `yes`, `partly`, `no`, `na`, `open`, `unclear`, `number` or `word`.
        mark: the mark as it was written.
        number: for a number: its value, and of how much: `3/5` is 3 of 5, `60 %` is 60 of 100, `2` is 2 of nothing.
        of: the number it is out of.
        level: whether it is called a level.
        why: for one that is unclear: what it may mean.
    """

    kind: str
    mark: str
    number: Fraction | None = None
    of: Fraction | None = None
    level: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a mark means on a scale: the value, or why there is none."""

    value: str | None
    why: str = ""


_SIGNS = {
    YES: "✅ ✔ ✓ ☑ 🗸 🟢 👍 🟩 💚 🆗 ◯ ○ 〇",
    PARTLY: "⚠ 🟡 🟠 🟨 🟧 🚧 ⏳ ⌛ 🔄 △ ◐ ◑ 🌓",
    NO: "❌ ✗ ✘ ✖ 🔴 🟥 👎 ⛔ 🚫 ×",
    NA: "➖ ⏭ ⊘",
    OPEN: "☐ ⬜ 🔲 ◻ ▢ ❔ ❓",
}
_UNCLEAR_SIGNS = {
    "☒": "a crossed box is a yes to some and a no to others",
    "❎": "a crossed box is a yes to some and a no to others",
    "⚪": "a white circle is a no to some and not applicable to others",
    "🤷": "a shrug is no answer",
}
_MEANS = {symbol: kind for kind, symbols in _SIGNS.items() for symbol in symbols.split()}

_SURE_SIGNS = "".join(symbol for symbol in (*_MEANS, *_UNCLEAR_SIGNS) if symbol not in "◯○〇△×◐◑")
"""Signs that are marks wherever they stand; the others only as a whole cell of a table."""

SIGN = re.compile(rf"[{re.escape(_SURE_SIGNS)}]\uFE0F?")
"""A sign that is a mark wherever it stands."""

_CALLED = {
    "✅": "white_check_mark heavy_check_mark check_mark check ballot_box_with_check tick thumbsup +1 "
    "large_green_circle green_circle",
    "⚠": "warning construction large_yellow_circle yellow_circle large_orange_circle orange_circle hourglass",
    "❌": "x cross_mark negative_squared_cross_mark cross error thumbsdown -1 red_circle no_entry no_entry_sign",
}
_SIGN_OF = {name: symbol for symbol, names in _CALLED.items() for name in names.split()}
_NAME = re.compile(r"!\[[(:]([a-z_]{1,30})[:)]\]\([^()\s]{0,300}\)|(?<!\w):([a-z_+1-]{1,30}):")
"""A sign by its name: `:white_check_mark:` as on git hosts, or a picture called `(tick)` as wikis export it."""

_BOXES = {
    YES: "x X * ✓ ✔ ✅ ☑ y Y v V √",
    PARTLY: "~ / ◐ ⚠ p P",
    NO: "❌ ✗ ✘ n N",
}
_IN_BOX = {letter: kind for kind, letters in _BOXES.items() for letter in letters.split() if len(letter) == 1}
_UNCLEAR_IN_BOX = {
    "-": "`[-]` is partly to some and not applicable to others",
    "?": "`[?]` is a question",
}

_WORDS = {
    YES: (
        "yes, yep, done, complete, completed, implemented, achieved, met, in place, true, fulfilled, pass, passed, "
        "ok, ja, erledigt, umgesetzt, erfüllt, vorhanden, wahr, oui, fait, terminé, en place, vrai, sí, si, hecho, "
        "cumplido, verdadero, sì, fatto, completato, vero, gedaan, voldaan, aanwezig, waar, sim, feito, concluído, "
        "verdadeiro, tak, zrobione, gotowe, spełnione, prawda, "
        "はい, 済, 済み, 完了, 実施済み, あり, 是, 已完成, 完成, 有"
    ),
    PARTLY: (
        "partly, partial, partially, in part, partially done, in progress, ongoing, wip, started, some, somewhat, "
        "mostly, "
        "teilweise, teils, in arbeit, begonnen, partiellement, partiel, en partie, en cours, en parte, parcialmente, "
        "parcial, en curso, en progreso, in parte, parzialmente, parziale, in corso, gedeeltelijk, deels, bezig, "
        "em parte, em andamento, em curso, częściowo, w toku, w trakcie, "
        "一部, 部分的, 部分的に, 進行中, 部分, 部分完成, 进行中"
    ),
    NO: (
        "no, nope, not done, not yet, not started, missing, none, false, absent, incomplete, not implemented, "
        "not in place, fail, failed, todo, to do, nein, noch nicht, fehlt, offen, nicht umgesetzt, nicht erfüllt, "
        "falsch, non, pas encore, manquant, non fait, faux, aún no, falta, pendiente, falso, non ancora, manca, "
        "assente, nee, nog niet, ontbreekt, onwaar, não, nao, ainda não, ausente, nie, jeszcze nie, brak, fałsz, "
        "いいえ, 未, 未実施, 未対応, なし, 否, 没有, 未完成, 无"
    ),
    NA: (
        "n/a, na, n.a., not applicable, does not apply, doesn't apply, not relevant, irrelevant, entfällt, "
        "nicht anwendbar, nicht zutreffend, trifft nicht zu, nicht relevant, n. a., k.a., sans objet, s.o., "
        "non applicable, non pertinent, no relevante, "
        "no aplica, no aplicable, no procede, n.v.t., nvt, niet van toepassing, non applicabile, não aplicável, "
        "não se aplica, nie dotyczy, n.d., 該当なし, 対象外, 不适用, 不適用"
    ),
    UNCLEAR: "maybe, perhaps, vielleicht, peut-être, quizás, tal vez, forse, misschien, talvez, może, たぶん, 也许",
    OPEN: "open, unknown, tbd, unanswered, unbekannt, inconnu, desconocido, onbekend, nieznane, 未回答, 未定, 未知, ?",
}


def folded(text: str) -> str:
    """Bring a word to one spelling for looking it up.

    >>> folded("  N/A. ")
    'n/a'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(" .:;,!*_`\"'")


_BY_WORD = {folded(word): kind for kind, words in _WORDS.items() for word in words.split(", ")}
LONGEST_WORD = max(map(len, _BY_WORD))

_LEVEL = r"(?:level|lvl|stage|stufe|niveau|nivel|nível|livello|poziom|レベル|级别|等级)"
_SCORE = re.compile(
    rf"(?P<level>{_LEVEL}\s*)?(?P<number>\d{{1,3}}(?:[.,]\d{{1,3}})?)"
    r"(?:\s*(?:/|of|out of|von|sur|de|van|z)\s*(?P<of>\d{1,3})|\s*(?P<percent>[%％]))?(?:\s*(?:points?|pts?|stars?))?",
    re.IGNORECASE,
)

_NOT_NEEDED = re.compile(
    r"\b(?:not (?:needed|required|necessary)|no need|unnecessary|nicht nötig|pas nécessaire)\b", re.IGNORECASE
)
_DENIED = re.compile(
    r"\b(?:not applicable|n/a|does(?: not|n't) apply|not relevant|nicht (?:anwendbar|relevant)|entfällt|"
    r"sans objet|no aplica|"
    r"non applicabile|niet van toepassing|n\.?v\.?t|não (?:se aplica|aplicável)|nie dotyczy)(?!\w)|該当なし|不适用",
    re.IGNORECASE,
)
_IN_PART = re.compile(
    r"\b(?:partly|partial(?:ly)?|in part|teilweise|partiellement|en partie|parcialmente|en parte|in parte|parzialmente|"
    r"gedeeltelijk|deels|em parte|częściowo)\b|一部|部分",
    re.IGNORECASE,
)


def box(letter: str) -> Said:
    """Say what stands in a box: nothing is open, for a list may not be filled in yet.

    >>> box("X").kind, box(" ").kind, box("s").kind
    ('yes', 'open', 'unclear')
    """
    mark = f"[{letter}]"
    inner = letter.strip(" \t_\n").removesuffix("\ufe0f")
    if not inner:
        return Said(OPEN, "[ ]")
    if inner in _IN_BOX:
        return Said(_IN_BOX[inner], mark)
    why = _UNCLEAR_IN_BOX.get(inner, f"the mark `{mark}` is not known here")
    return Said(UNCLEAR, mark, why=why)


def sign(symbol: str) -> Said:
    """Say what a sign means.

    >>> sign("❌").kind
    'no'
    """
    inner = symbol.removesuffix("\ufe0f")
    if inner in _UNCLEAR_SIGNS:
        return Said(UNCLEAR, symbol, why=_UNCLEAR_SIGNS[inner])
    return Said(_MEANS[inner], symbol)


@lru_cache(maxsize=5_000)
def said(text: str) -> Said | None:
    """Say what a text means that is a mark as a whole: a sign, a box, a word or a score; None when it is none.

    >>> said("Teilweise").kind, said("3/5").number, said("see wiki")
    ('partly', Fraction(3, 1), None)
    """
    bare = text.strip().strip("*_` ").strip()
    if not bare or len(bare) > LONGEST_WORD + 4:
        return None
    if (found := re.fullmatch(r"\[(.?|\s.\s|.\ufe0f)\]", bare)) is not None:
        return box(found[1])
    return _sign_or_word(bare) or _number(bare)


def _sign_or_word(bare: str) -> Said | None:
    symbol = bare.removesuffix("\ufe0f")
    if symbol in _MEANS or symbol in _UNCLEAR_SIGNS:
        return sign(bare)
    if bare in ("x", "X"):
        return Said(YES, bare)
    kind = _BY_WORD.get(folded(bare))
    return (
        None
        if kind is None
        else Said(kind, bare, why=f"{bare!r} is no answer that is known here" if kind == UNCLEAR else "")
    )


def _number(bare: str) -> Said | None:
    if (stars := re.fullmatch(r"([★⭐]\ufe0f?){0,10}(☆{0,10})", bare)) is not None:
        full, empty = len(re.findall("[★⭐]", bare)), len(stars[2])
        return Said("number", bare, number=Fraction(full), of=Fraction(full + empty) if empty else None)
    if (score := _SCORE.fullmatch(bare)) is not None:
        number = Fraction(score["number"].replace(",", "."))
        of = Fraction(100) if score["percent"] else Fraction(score["of"]) if score["of"] else None
        return Said("number", bare, number=number, of=of, level=bool(score["level"]))
    return None


def with_signs(text: str) -> str:
    """Put signs where their names stand.

    >>> with_signs("Alerting :white_check_mark: :tada:")
    'Alerting ✅ :tada:'
    """
    return _NAME.sub(lambda found: _SIGN_OF.get(found[1] or found[2], found[0]), text)


def remark(text: str) -> str | None:
    """Say whether a remark in brackets makes it `partly` or `na`, or asks whether it is: `not needed`.

    >>> remark("partly reported"), remark("not applicable, no training"), remark("not needed for RAG"), remark("Git")
    ('partly', 'na', 'not needed', None)
    """
    if _DENIED.search(text):
        return NA
    if _NOT_NEEDED.search(text):
        return "not needed"
    if _IN_PART.search(text):
        return PARTLY
    whole = said(text)
    return whole.kind if whole is not None and whole.kind in (NA, PARTLY, NO, YES) else None


def ending(text: str) -> tuple[Said, int] | None:
    """Find words at the end of a text that say by themselves that it does not apply, or is there in part.

    >>> mark, start = ending("Sharing across teams n/a")
    >>> mark.kind, start
    ('na', 21)
    """
    for kind, pattern in ((NA, _DENIED), (PARTLY, _IN_PART)):
        *_, last = [None, *pattern.finditer(text[-_LONGEST_END:])]
        if last is not None and not text[-_LONGEST_END:][last.end() :].strip(" .!"):
            return Said(kind, last[0]), max(len(text) - _LONGEST_END, 0) + last.start()
    return None


_LONGEST_END = 60
"""Characters at the end of a text that are looked at for such words."""


def value_for(mark: Said, scale: Scale | None) -> Meaning:
    """Hold a mark against a scale; without a scale (a sentence that is true or not) only a yes is an answer.

    A mark that fits no option exactly has no value: 60 % is neither partly nor yes.
    """
    if mark.kind in (UNCLEAR, OPEN):
        return Meaning(None, mark.why)
    if scale is None:
        value = "yes" if mark.kind == YES else None
        is_plain = mark.kind in (YES, NO, NA)
        return Meaning(value, "" if is_plain else f"{mark.mark} is no answer to a sentence that is true or not")
    if mark.kind == NA:
        return Meaning(NOT_APPLICABLE)
    if mark.kind == "number":
        return _for_number(mark, scale)
    return _for_word(mark, scale)


def _for_word(mark: Said, scale: Scale) -> Meaning:
    ids = [option.id for option in scale.options]
    labels = [folded(option.label) for option in scale.options]
    word = folded(mark.mark)
    for known in (word, mark.kind):
        if known in ids:
            return Meaning(known)
        if known in labels:
            return Meaning(ids[labels.index(known)])
    choices = ", ".join(option.label for option in scale.options)
    if mark.kind == NO:
        return Meaning(ids[0])
    between = ids[1 : scale.met_index]
    if mark.kind == PARTLY and len(between) == 1:
        return Meaning(between[0])
    # A tick says that it is met, and not how far beyond; of numbers it says none.
    if mark.kind == YES and not ids[-1].isdigit():
        lowest = scale.options[scale.met_index]
        further = scale.met_index < len(ids) - 1
        return Meaning(lowest.id, f"{mark.mark} is read as {lowest.label!r}, the least that counts" if further else "")
    return Meaning(None, f"{mark.mark} does not say which of these: {choices}")


def _for_number(mark: Said, scale: Scale) -> Meaning:
    assert mark.number is not None  # noqa: S101 - as every number has one
    ids = [option.id for option in scale.options]
    values = [Fraction(option.value).limit_denominator(10_000) for option in scale.options]
    if mark.of is None:
        if mark.number.denominator == 1 and str(mark.number) in ids:
            return Meaning(str(mark.number))
    elif mark.of > 0:
        share = mark.number / mark.of
        shares = [(value - values[0]) / (values[-1] - values[0]) for value in values if values[-1] != values[0]]
        if share in shares:
            return Meaning(ids[shares.index(share)])
    choices = ", ".join(option.label for option in scale.options)
    return Meaning(None, f"{mark.mark} is none of these: {choices}")
