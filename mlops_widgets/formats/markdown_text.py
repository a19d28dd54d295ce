"""Any text as Markdown that shows it as it is, and back: nothing in it becomes markup, a link or HTML.

Pure; knows nothing of assessments.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote, unquote

__all__ = ["comment", "comments_in", "escaped", "link", "linked", "named", "read_text", "without_comments"]

_MARKUP = re.compile(r"[\\`*_\[\]<>&#|~$@^{}]|(?<=:)/(?=/)|(?<=[wW]{3})\.|(?<=<)!")
_AT_START = re.compile(r"^(?:[-+=:]|\d+(?=[.)]))")
_READ = re.compile(r"\\(\n|[!-/:-@\[-`{-~])|&#(\d{1,7});|(&(?:#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});)|[ \t]*\n[ \t]*")
_COMMENT = re.compile(r"<!-- {0,9}([^\s=<]{1,1000})(?: {0,9}(=) {0,9}([^\s<]{0,1000}?))? {0,9}-->")
_ANY_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"https?://[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")
_LONGEST = 60_000
"""Characters of a line in which comments are looked for; the longest note with all of it escaped is shorter."""

_HIGHEST = 0x10FFFF


def escaped(text: str, *, indent: int | None = None) -> str:
    r"""Write a text so that Markdown shows it as it is.

    Args:
        text: any text.
        indent: columns its further lines are set in by; without it, it stays on one line.

    >>> print(escaped("*Yes*, <b>see</b> https://a.b\n- or not", indent=2))
    \*Yes\*, \<b\>see\</b\> https:\//a.b\
      \- or not
    """
    inner = text.strip("\n")
    if not inner:
        return "".join(map(_entity, text))
    start = len(text) - len(text.lstrip("\n"))
    lines = [_line(line) for line in inner.split("\n")]
    between = "&#10;" if indent is None else "\\\n" + " " * indent
    return "&#10;" * start + between.join(lines) + "&#10;" * (len(text) - start - len(inner))


def _line(line: str) -> str:
    inner = line.strip()
    if not inner:
        return "".join(map(_entity, line))
    start = line.index(inner)
    shown = _MARKUP.sub(lambda found: f"\\{found[0]}", inner)
    shown = _AT_START.sub(lambda found: found[0] if found[0].isdigit() else f"\\{found[0]}", shown)
    shown = re.sub(r"^(\d+)([.)])", r"\1\\\2", shown)
    ends = "".join(map(_entity, line[:start])), "".join(map(_entity, line[start + len(inner) :]))
    return ends[0] + "".join(c if c.isprintable() else _entity(c) for c in shown) + ends[1]


def _entity(character: str) -> str:
    return f"&#{ord(character)};"


def read_text(markdown: str) -> str:
    r"""Read what `escaped` wrote, or a person: escapes and entities are undone, other markup stays as it is.

    >>> read_text("\\*Yes\\*, \\<b\\>&#10;now\\\nand\n  then")
    '*Yes*, <b>\nnow\nand then'
    """
    return _READ.sub(_meant, markdown)


def _meant(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    if found[2]:
        number = int(found[2])
        return chr(number) if number <= _HIGHEST and not 0xD800 <= number <= 0xDFFF else found[0]  # noqa: PLR2004 - surrogates
    return unescape(found[3]) if found[3] else " "


def link(address: str) -> str:
    r"""Write an address: a link when it is one of the web, otherwise as the text it is.

    >>> print(link("https://ci.example/runs/1"), link("javascript:alert(1)"), link("docs/a_b.md"))
    <https://ci.example/runs/1> javascript:alert(1) docs/a\_b.md
    """
    return f"<{address}>" if _LINK.fullmatch(address) else escaped(address)


def linked(markdown: str) -> str:
    """Read an address: what `link` wrote, or a link as people write it.

    >>> linked("<https://ci.example>"), linked("[the run](https://ci.example)"), linked("docs/ci.md")
    ('https://ci.example', 'https://ci.example', 'docs/ci.md')
    """
    if (found := re.fullmatch(r"\s*<(https?://[^\s<>]+)>\s*", markdown)) is not None:
        return found[1]
    if (found := re.fullmatch(r"\s*\[[^\]\n]*\]\((https?://[^\s()]+)\)\s*", markdown)) is not None:
        return found[1]
    return read_text(markdown)


def comment(name: str, value: str | None = None) -> str:
    """Write a name, and what is recorded of it, so that no page shows it.

    >>> comment("data.catalog", "yes"), comment("a b-->")
    ('<!-- data.catalog = yes -->', '<!-- a%20b--%3E -->')
    """
    return (
        f"<!-- {quote(name, safe='')} -->"
        if value is None
        else f"<!-- {quote(name, safe='')} = {quote(value, safe='')} -->"
    )


def comments_in(markdown: str) -> list[tuple[str, str | None]]:
    """Find the names in comments, each with what is recorded of it.

    >>> comments_in("It works. <!-- data.catalog = yes -->")
    [('data.catalog', 'yes')]
    """
    if "-->" not in markdown or len(markdown) > _LONGEST:
        return []
    return [(unquote(name), unquote(value) if equals else None) for name, equals, value in _COMMENT.findall(markdown)]


def without_comments(markdown: str) -> str:
    """Take the comments out.

    >>> without_comments("It works. <!-- data.catalog -->")
    'It works.'
    """
    return _ANY_COMMENT.sub("", markdown).strip() if len(markdown) <= _LONGEST else markdown


def named(markdown: str) -> tuple[str, str] | None:
    """Read `**Name:** what is said of it`, with or without stars; None where a text has no such form.

    >>> named("**Assessed by**: Platform team"), named("Note: 5 of 6"), named("It works.")
    (('Assessed by', 'Platform team'), ('Note', '5 of 6'), None)
    """
    found = re.match(
        r"(?:\*\*|__)([^*:\n]{1,40}?)\s*(?:[:：](?:\*\*|__)|(?:\*\*|__)\s*[:：])[ ]?", markdown
    ) or re.match(r"([^\W\d_][^*:\n`\[\]()<>|]{0,39}?)[:：](?:[ ]|$)", markdown)
    return (found[1].strip(), markdown[found.end() :]) if found else None
