"""A Markdown document as headings, items, lines and tables with their line numbers; says nothing of what they mean.

The structure is markdown-it's; no text of the document is dropped, not even what it would make HTML or a reference of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from markdown_it import MarkdownIt

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.formats.markdown_text import comments_in, read_text, without_comments
from mlops_widgets.formats.marks import SIGN, said
from mlops_widgets.library import LARGEST_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

__all__ = ["LEVEL_ONLY", "Block", "blocks", "decoded", "walk"]

MOST_LINES = 20_000
"""Lines of one document: to part more of them into blocks takes long, and what we write has a tenth of them, unless
twenty notes of a thousand lines stand in it."""

MOST_CELLS = 100_000
"""Signs that part the cells of tables: each cell takes as long as a line."""

_MOST_NESTED = 180
"""Parts within parts that are looked into: sixty lists in lists."""

_LONGEST_HEADING = 100
"""Characters of a line with a colon that is a heading of the list below it."""

_PSEUDO = re.compile(r"(?:\*\*|__)([^*_\n]{1,100}?)[:：]?(?:\*\*|__)\s*[:：]?")
LEVEL_ONLY = re.compile(
    r"\W*(?:level|lvl|stage|stufe|niveau|nivel|nível|livello|poziom|レベル|级别|等级)\s*\d\W*", re.IGNORECASE
)
"""A line that names a level and nothing else."""

_SUMMARY = re.compile(r"\s*(?:<details[^<>]{0,60}>)?\s*<summary>(.{1,200}?)</summary>\s*", re.IGNORECASE)
"""The line that stays when the rest is folded away: a heading to what is below it."""

_LISTED = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+\S")
_APART = re.compile(rf"\s*(?:{SIGN.pattern}|\[.?\](?:\s|$)|\([ xX]\)\s|</?[A-Za-z]|\[\^)|.*(?<!\\)\|")
"""A line that says something of its own: it begins with a mark, a tag or the sign of a footnote, or it has cells."""

_WITHIN = re.compile(r"^[ \t>]{0,99}(?:(?:[-*+]|\d{1,9}[.)])[ \t]{1,9}){2,}", re.MULTILINE)
"""Signs of lists, of which each opens one within that before it."""

_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*){0,60}\|?\s*")
_SIGN_LAST = re.compile(rf"{SIGN.pattern}[.\s]*$")
_FOLDED = 900
"""Depth of a heading to what can be folded away."""

_MOST_AGAIN = 4
"""How often lines within lines are read anew."""


@dataclass(kw_only=True)
class Block:
    """A part of a document.

    Attributes:
        kind: `heading`, `item` of a list, `line` of a paragraph, `row` of a table or `code`.
        line: its first line, from 1.
        end: its last line, without what is nested in it.
        text: as it is written, without the sign of its list or heading.
        headings: those it stands under, the outermost first, without markup.
        zone: the name in a comment of the nearest heading that has one.
        group: the list or table it is part of.
        number: what its item is numbered with.
        children: what is nested in it.
        cells: of a row: its cells.
        header: of a row: the cells of the first row of its table.
        header_line: of a row: where that one stands.
    """

    kind: Literal["heading", "item", "line", "row", "code"]
    line: int
    end: int
    text: str
    headings: tuple[str, ...] = ()
    zone: str = ""
    group: int = 0
    number: str = ""
    children: list[Block] = field(default_factory=list)
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    header_line: int = 0


def decoded(data: bytes | str, *, name: str = "") -> str:
    r"""Turn a file into text with plain line ends.

    UTF-8 and UTF-16 are known by what they begin with, or by being valid.

    Raises:
        ToolkitError: it is empty, too large, or no text at all.

    >>> decoded("A\r\nB".encode("utf-16"))
    'A\nB'
    """
    if len(data) > LARGEST_FILE:
        raise _unusable(name, f"is larger than {LARGEST_FILE // 1_000_000} MB; no checklist is")
    text = data if isinstance(data, str) else _text(data)
    if text is None and not (isinstance(data, bytes) and b"\0" in data):
        raise _unusable(name, "is not UTF-8 text; save the file as UTF-8")
    if text is None or "\0" in text:
        raise _unusable(name, "is no text: it holds bytes that no Markdown file has; save it as Markdown and try again")
    if not text.strip("\ufeff \t\r\n"):
        raise _unusable(name, "is empty")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for what, count, most in (
        ("lines", text.rstrip("\n").count("\n") + 1, MOST_LINES),
        ("cells of tables", text.count("|"), MOST_CELLS),
        ("lists within lists on one line", sum(map(_lists_opened, _WITHIN.findall(text))), MOST_LINES),
    ):
        if count > most:
            raise _unusable(name, f"has {count:,} {what}; the most is {most:,}. Split it into several files")
    return text


def _lists_opened(signs: str) -> int:
    return min(len(signs.split()), _MOST_NESTED)


def _unusable(name: str, message: str) -> ToolkitError:
    return ToolkitError([Problem(where=name, message=message)])


def _text(data: bytes) -> str | None:
    encoding = "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in data[1:200:2] and b"\0" not in data[:200:2]:
        encoding = "utf-16-le"
    elif b"\0" in data[:200:2] and b"\0" not in data[1:200:2]:
        encoding = "utf-16-be"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _MOST_NESTED}).enable("table")
    # What these make of a line would take it out of the document: `[x]: done` is no reference here.
    return parser.disable(["reference", "html_block"])


def walk(found: Sequence[Block]) -> Iterator[Block]:
    """Give every block, parents before what is nested in them."""
    for block in found:
        yield block
        yield from walk(block.children)


def blocks(text: str) -> list[Block]:
    """Part a document into its blocks, in its order."""
    return _Builder(_tokens(text), text.split("\n")).build()


def _tokens(text: str) -> list[Token]:
    parser = _parser()
    tokens: list[Token] = []
    parser.block.parse(text, parser, {}, tokens)
    return tokens


class _Builder:
    """Goes over the tokens once, and again over lines that only Markdown takes for more of the line above them."""

    def __init__(self, tokens: list[Token], source: list[str]) -> None:
        self.tokens = tokens
        self.source = source
        self.found: list[Block] = []
        self.open: list[Block] = []
        """Items that are not closed yet."""
        self.headings: list[tuple[int, str, str]] = []
        """Depth, text and name of those in force."""
        self.groups: list[int] = []
        self.numbers: list[str] = []
        self.count = 0
        self.again = 0

    def build(self) -> list[Block]:
        for index, token in enumerate(self.tokens):
            getattr(self, f"_{token.type}", self._nothing)(index, token)
        return self.found

    def _nothing(self, index: int, token: Token) -> None:
        pass

    def _add(self, block: Block) -> Block:
        block.headings = tuple(text for _, text, _ in self.headings if text)
        block.zone = next((name for _, _, name in reversed(self.headings) if name), "")
        (self.open[-1].children if self.open else self.found).append(block)
        return block

    def _under(self, depth: int, markdown: str) -> None:
        self.headings = [heading for heading in self.headings if heading[0] < depth]
        name = next((name for name, value in comments_in(markdown) if value is None), "")
        self.headings.append((depth, " ".join(read_text(without_comments(markdown)).replace("**", "").split()), name))

    def _heading_open(self, index: int, token: Token) -> None:
        inline = self.tokens[index + 1]
        first, last = token.map or (0, 1)
        *above, text = inline.content.split("\n")
        # Of several lines that are underlined the last one is the heading.
        self._lines(index, above, first)
        self._add(Block(kind="heading", line=first + len(above) + 1, end=last, text=text))
        if not self.open:
            self._under(int(token.tag[1]) * 10, text)

    def _list_open(self) -> None:
        self.count += 1
        self.groups.append(self.count)

    def _bullet_list_open(self, index: int, token: Token) -> None:  # noqa: ARG002 - called for every token alike
        self._list_open()

    _ordered_list_open = _bullet_list_open

    def _bullet_list_close(self, index: int, token: Token) -> None:  # noqa: ARG002
        self.groups.pop()

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, index: int, token: Token) -> None:  # noqa: ARG002
        first, _ = token.map or (0, 1)
        block = Block(kind="item", line=first + 1, end=first + 1, text="", group=self.groups[-1], number=token.info)
        self._add(block)
        self.open.append(block)

    def _list_item_close(self, index: int, token: Token) -> None:  # noqa: ARG002
        self.open.pop()

    def _paragraph_open(self, index: int, token: Token) -> None:
        first, _ = token.map or (0, 1)
        lines = self.tokens[index + 1].content.split("\n")
        if self.open and not self.open[-1].text and not self.open[-1].children:
            item = self.open[-1]
            count = self._own(lines, first)
            item.text, item.line, item.end = "\n".join(lines[:count]), first + 1, first + count
            self._read_again(lines, first, count)
        elif self.open:
            count = self._own(lines, first)
            self._add(Block(kind="line", line=first + 1, end=first + count, text="\n".join(lines[:count])))
            self._read_again(lines, first, count)
        else:
            self._lines(index, lines, first)

    def _lines(self, index: int, lines: list[str], first: int) -> None:
        """Take each line of a paragraph for itself, as far as there is no list or table in it."""
        for offset, line in enumerate(lines):
            if offset and self.again < _MOST_AGAIN and (_LISTED.match(line) or _is_table(lines, offset)):
                self._read_again(lines, first, offset)
                return
            self._add(Block(kind="line", line=first + 1 + offset, end=first + 1 + offset, text=line))
            self._pseudo(index, line, last=offset == len(lines) - 1)

    def _own(self, lines: list[str], first: int) -> int:
        """Count the lines of an item that are its own, and not merely more of it to Markdown."""
        return next((n for n in range(1, len(lines)) if self._is_apart(lines, n, first)), len(lines))

    def _is_apart(self, lines: list[str], position: int, first: int) -> bool:
        if lines[position - 1].endswith("\\"):
            return False
        line = lines[position]
        if _LISTED.match(line) or _APART.match(line):
            return True
        if _SIGN_LAST.search(line):
            # A statement may be wrapped before its sign; one that has a mark already has no other.
            return any(_APART.match(each) or SIGN.search(each) or _ends_with_word(each) for each in lines[:position])
        return self.source[first + position].startswith(("**", "__"))

    def _read_again(self, lines: list[str], first: int, position: int) -> None:
        """Read the lines from a position on as the blocks they are; those at the margin are no part of an item."""
        if position >= len(lines):
            return
        kept = self.tokens, self.open
        if not self.source[first + position][:1].isspace():
            self.open = []
        if self.again >= _MOST_AGAIN:
            for offset in range(position, len(lines)):
                number = first + offset + 1
                self._add(Block(kind="line", line=number, end=number, text=lines[offset].strip()))
        else:
            indent = len(lines[position]) - len(lines[position].lstrip())
            parts = [line[min(indent, len(line) - len(line.lstrip())) :] for line in lines[position:]]
            self.tokens = _tokens("\n".join(parts))
            for token in self.tokens:
                token.map = token.map and [each + first + position for each in token.map]
            self.again += 1
            self.build()
            self.again -= 1
        self.tokens, self.open = kept

    def _pseudo(self, index: int, line: str, *, last: bool) -> None:
        """Take a bold line, or one with a colon before a list, as a heading below the real ones."""
        text = without_comments(line)
        if (summary := _SUMMARY.fullmatch(text)) is not None:
            self._under(_FOLDED, re.sub(r"<[^<>]{1,60}>", "", summary[1]))
            return
        if text.lower() == "</details>":
            self.headings = [heading for heading in self.headings if heading[0] < _FOLDED]
        bold = _PSEUDO.fullmatch(text)
        after = self.tokens[index + 3].type if last and index + 3 < len(self.tokens) else ""
        before_list = after.endswith("_list_open") and text.endswith((":", "："))
        if bold or (before_list and len(text) <= _LONGEST_HEADING):
            depth = 1001 if LEVEL_ONLY.fullmatch(text) else 1000
            self._under(depth, bold[1] if bold else text.rstrip(":："))

    def _fence(self, index: int, token: Token) -> None:  # noqa: ARG002
        first, last = token.map or (0, 1)
        self._add(Block(kind="code", line=first + 1, end=last, text=token.content))

    _code_block = _fence

    def _table_open(self, index: int, token: Token) -> None:  # noqa: ARG002
        self.count += 1
        self.header: tuple[str, ...] = ()
        self.header_line = 0

    def _tr_open(self, index: int, token: Token) -> None:
        cells: list[str] = []
        index += 1
        while self.tokens[index].type != "tr_close":
            if self.tokens[index].type == "inline":
                cells.append(self.tokens[index].content)
            index += 1
        number = (token.map or (0, 1))[0] + 1
        if not self.header:
            self.header, self.header_line = tuple(cells) or ("",), number
            return
        if "|" not in self.source[number - 1]:
            # Markdown takes any line below a table for its last row.
            line = cells[0] if cells else ""
            self._add(Block(kind="line", line=number, end=number, text=line))
            self._pseudo(index, line, last=self.tokens[index + 1].type == "tbody_close")
            return
        self._add(
            Block(
                kind="row",
                line=number,
                end=number,
                text=" | ".join(cells),
                group=self.count,
                cells=tuple(cells),
                header=self.header,
                header_line=self.header_line,
            )
        )


def _ends_with_word(line: str) -> bool:
    """Say whether a line ends with a word that is a mark, or with one before a remark."""
    _, sign, last = line.partition(" - ") if " - " in line else re.sub("[—：]", ":", line).rpartition(":")
    return bool(sign) and said(last.partition("(")[0]) is not None


def _is_table(lines: Sequence[str], position: int) -> bool:
    """Say whether a table begins at a line."""
    return (
        position + 1 < len(lines)
        and "|" in lines[position]
        and "-" in lines[position + 1]
        and _RULE.fullmatch(lines[position + 1]) is not None
    )
