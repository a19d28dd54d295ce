"""The words of a statement or a name as matching compares them: one spelling, no empty ones, levels and numbers apart.

Pure.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["BRACKETS", "level_in", "number_in", "plain", "sorted_words", "unnumbered", "words_of"]

_LONGEST = 1000
"""Characters of a statement that are looked at."""

_ABBREVIATIONS = {
    "iac": "infrastructure code",
    "infra": "infrastructure",
    "pr": "pull request",
    "prs": "pull requests",
    "prod": "production",
    "docs": "documentation",
    "org": "organisation",
    "nas": "neural architecture search",
    "vcs": "version control",
    "auto": "automated",
    "repo": "repository",
    "db": "database",
    "kpis": "kpi",
    "ci": "cicd",
    "cd": "cicd",
    "rollback": "roll back",
    "dev": "development",
}
"""What is written short in lists, with one spelling for each."""

_WORD = re.compile(r"[^\W_]+")
_SPELT = re.compile(r"\bci ?/ ?cd\b|\ba ?/ ?b\b|\bauto-scal|\bpre-commit")
"""What is one word, however it is spelt."""

_EMPTY = frozenset(
    _WORD.findall(
        "a an and any are as at be been by can do does each every for from has have if in into is it its more no not "
        "of on one or our so such that the their them then there these they this to up used uses using was we were "
        "what when where which who will with ml should must"
    )
)
"""Words that say nothing about what a statement is about."""

BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LEVEL = re.compile(
    r"\b(?:level|lvl|stage|stufe|niveau|nivel|nível|livello|poziom)\s*[:#]?\s*(\d)\b|(?:レベル|级别|等级)\s*(\d)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*(\d{1,3}(?:\.\d{1,3})*)[.):]?\s+")


def plain(text: str) -> str:
    """Bring a text to small letters without accents, for comparing.

    >>> plain("Überwachung  der MODELLE")
    'uberwachung  der modelle'
    """
    folded = unicodedata.normalize("NFKD", text[:_LONGEST].casefold())
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    return _SPELT.sub(lambda found: re.sub(r"[^a-z]", "", found[0]), letters)


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """List the words that carry the meaning, abbreviations written out."""
    found = (_ABBREVIATIONS.get(word, word) for word in _WORD.findall(plain(text)))
    return tuple(dict.fromkeys(part for word in found for part in word.split() if part not in _EMPTY))


def level_in(text: str) -> int | None:
    """Find the level a heading names.

    >>> level_in("**Level 2**:"), level_in("Data")
    (2, None)
    """
    found = _LEVEL.search(text)
    return int(found[1] or found[2]) if found else None


def number_in(text: str) -> tuple[str, str]:
    """Part a leading number from a text.

    >>> number_in("1.2. Model documentation")
    ('1.2', 'Model documentation')
    """
    found = _NUMBER.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def unnumbered(name: str) -> str:
    """Give a name without its number and its level.

    >>> unnumbered("1.2. Level 2 Monitoring")
    '  Monitoring'
    """
    return _LEVEL.sub(" ", number_in(name)[1])


def sorted_words(text: str) -> str:
    """Give the words of a text in the order of the alphabet, so that their own order does not count."""
    return " ".join(sorted(_WORD.findall(plain(text))))
