"""A badge for a README: the level of an assessment as a small picture.

The same score gives the same bytes, and nothing in them points outside. May not score.
"""

from __future__ import annotations

import unicodedata
from html import escape
from typing import TYPE_CHECKING

from mlops_widgets.errors import ToolkitError
from mlops_widgets.library import words
from mlops_widgets.numerals import number
from mlops_widgets.score_text import shown

if TYPE_CHECKING:
    from mlops_widgets.scoring import Score

__all__ = ["drawn", "said"]

LONGEST = 60
"""Characters of a label; a badge is one line among others."""

SIZE = 11
"""Of the letters, in pixels."""

GROUND = "#3d4652"
"""Behind the label: white on it has a contrast of 9.6 to 1."""

STEPS = ("#5b6675", "#35707a", "#0b6e75", "#075a60")
"""Behind the result, from the lowest level to the highest: one hue says how far; white on each has 5.5 to 1 or more."""

_WIDTHS = {
    27: "'", 28: "ijl", 29: "IJ", 32: " ,.", 34: "/:;\\|", 35: "f", 36: "-", 39: "()[]t", 40: "!", 41: "r", 46: '"',
    50: "*_`", 52: "sz", 53: "?", 55: "c", 56: "L", 58: "Fk", 59: "vxy", 60: "P", 61: "TYao", 62: "e",
    63: "ESbdghnpqu", 64: "$0123456789{}", 66: "K", 68: "AV", 69: "BRXZ", 70: "C", 73: "U", 75: "HN", 77: "DG",
    78: "&", 79: "OQ", 82: "w", 84: "#+<=>^~", 86: "M", 95: "%", 97: "m", 99: "W", 100: "@",
}  # fmt: skip
"""Hundredths of the size by character, in DejaVu Sans, whose letters are as wide as Verdana's."""

_WIDTH_OF = {character: width for width, characters in _WIDTHS.items() for character in characters}

_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" viewBox="0 0 {width} 20" role="img" \
aria-label="{title}">
<title>{title}</title>
<rect width="{width}" height="20" rx="3" fill="{colour}"/>
<path d="M3 0H{middle}V20H3A3 3 0 0 1 0 17V3A3 3 0 0 1 3 0z" fill="{ground}"/>
<rect x=".5" y=".5" width="{inner}" height="19" rx="2.5" fill="none" stroke="#fff" stroke-opacity=".25"/>
<g fill="#fff" font-family="Verdana,'DejaVu Sans',sans-serif" font-size="{size}" aria-hidden="true">
<text x="7" y="14" textLength="{label_width}">{label}</text>
<text x="{start}" y="14" textLength="{result_width}">{result}</text>
</g>
</svg>
"""


def said(score: Score, *, key: str = "so_far", language: str = "en") -> str:
    """Say the result in a few words: the level, or the score where there are no levels, and what is open.

    >>> from mlops_widgets.library import load_rubric
    >>> from mlops_widgets.scoring import score
    >>> rubric = load_rubric("mlops-questionnaire")
    >>> said(score(rubric, {name: "2" for name in rubric.criteria}))
    'Level 2'
    >>> said(score(rubric, {"people.collaboration": "2"}))
    'Level 2, 1 of 15'
    """
    table, part, display = words("badge", language), score.overall, score.rubric.scoring.display
    if part.value is None:
        return table["no_answers" if part.applicable else "nothing_applies"]
    if part.level is not None:
        result = table["level"].format(level=part.level)
    elif score.rubric.levels:
        result = table["no_level"]
    else:
        value = shown(part.value, part, score.rubric)
        result = table["percent" if display == "percent" else "of_maximum"].format(
            value=value, maximum=number(part.maximum)
        )
    if score.is_final:
        return result
    return table[key].format(result=result, answered=part.answered, applicable=part.applicable)


def drawn(score: Score, *, label: str | None = None, language: str = "en") -> str:
    """Draw the badge of a score as SVG.

    Args:
        score: what it shows.
        label: words on the left; the usual ones when left out.
        language: of the words.

    Raises:
        ToolkitError: the label is empty or too long.
    """
    text = _clean(words("badge", language)["label"] if label is None else label)
    if not text or len(text) > LONGEST:
        raise ToolkitError(f"the label of a badge has 1 to {LONGEST} characters, not {len(text)}")
    result = said(score, language=language)
    label_width, result_width = _width(text), _width(result)
    middle = label_width + 13
    whole = middle + result_width + 13
    return _SVG.format(
        width=whole,
        inner=whole - 1,
        middle=middle,
        start=middle + 6,
        label_width=label_width,
        result_width=result_width,
        size=SIZE,
        ground=GROUND,
        colour=_colour(score),
        label=escape(text),
        result=escape(result),
        title=escape(f"{text}: {said(score, key='so_far_title', language=language)}"),
    )


def _colour(score: Score) -> str:
    if score.level is None:
        return STEPS[0]
    numbers = [level.level for level in score.rubric.levels]
    way = (score.level - numbers[0]) / (numbers[-1] - numbers[0] or 1)
    return STEPS[min(int(way * len(STEPS)), len(STEPS) - 1)]


def _clean(text: str) -> str:
    """Take out what XML does not allow and nobody sees."""
    line = " ".join(text.split())
    return "".join(each for each in line if each == " " or not unicodedata.category(each).startswith(("C", "Z")))


def _width(text: str) -> int:
    """Estimate how wide a text is, in pixels; the picture then makes it exactly that wide."""
    return round(sum(map(_advance, text)) * SIZE / 100)


def _advance(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    wide = unicodedata.east_asian_width(character) in "WF"
    letter = unicodedata.normalize("NFD", character)[0]  # without its accent
    return _WIDTH_OF.get(letter, 100 if wide else 64)
