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
from mlops_widgets.library import LARGEST_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

__all__ = ["Block", "blocks", "decoded", "walk"]

_DEEPEST = 60
"""Levels of lists in lists that are looked into."""

_LONGEST_HEADING = 100
"""Characters of a line with a colon that is a heading of the list below it."""

_PSEUDO = re.compile(r"(?:\*\*|__)([^*_\n]{1,100}?)[:：]?(?:\*\*|__)\s*[:：]?")
_LEVEL_ONLY = re.compile(
    r"\W*(?:level|lvl|stage|stufe|niveau|nivel|nível|livello|poziom|レベル|级别|等级)\s*\d\W*", re.IGNORECASE
)


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
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


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
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST * 3}).enable("table")
    # What these make of a line would take it out of the document: `[x]: done` is no reference here.
    return parser.disable(["reference", "html_block"])


def walk(found: Sequence[Block]) -> Iterator[Block]:
    """Give every block, parents before what is nested in them."""
    for block in found:
        yield block
        yield from walk(block.children)


def blocks(text: str) -> list[Block]:
    """Part a document into its blocks, in its order."""
    parser = _parser()
    tokens: list[Token] = []
    parser.block.parse(text, parser, {}, tokens)
    return _Builder(tokens).build()


class _Builder:
    """Goes over the tokens once."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.found: list[Block] = []
        self.open: list[Block] = []
        """Items that are not closed yet."""
        self.headings: list[tuple[int, str, str]] = []
        """Depth, text and name of those in force."""
        self.groups: list[int] = []
        self.numbers: list[str] = []
        self.count = 0

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
        self._add(Block(kind="heading", line=first + 1, end=last, text=inline.content))
        if not self.open:
            self._under(int(token.tag[1]) * 10, inline.content)

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
        first, last = token.map or (0, 1)
        content = self.tokens[index + 1].content
        if self.open and not self.open[-1].text and not self.open[-1].children:
            self.open[-1].text, self.open[-1].end, self.open[-1].line = content, last, first + 1
            return
        if self.open:
            self._add(Block(kind="line", line=first + 1, end=last, text=content))
            return
        lines = content.split("\n")
        for offset, line in enumerate(lines):
            self._add(Block(kind="line", line=first + 1 + offset, end=first + 1 + offset, text=line))
            self._pseudo(index, line, last=offset == len(lines) - 1)

    def _pseudo(self, index: int, line: str, *, last: bool) -> None:
        """Take a bold line, or one with a colon before a list, as a heading below the real ones."""
        text = without_comments(line)
        bold = _PSEUDO.fullmatch(text)
        after = self.tokens[index + 3].type if last and index + 3 < len(self.tokens) else ""
        before_list = after.endswith("_list_open") and text.endswith((":", "："))
        if bold or (before_list and len(text) <= _LONGEST_HEADING):
            depth = 1001 if _LEVEL_ONLY.fullmatch(text) else 1000
            self._under(depth, bold[1] if bold else text.rstrip(":："))

    def _fence(self, index: int, token: Token) -> None:  # noqa: ARG002
        first, last = token.map or (0, 1)
        self._add(Block(kind="code", line=first + 1, end=last, text=token.content))

    _code_block = _fence

    def _table_open(self, index: int, token: Token) -> None:  # noqa: ARG002
        self.count += 1
        self.header: tuple[str, ...] = ()

    def _tr_open(self, index: int, token: Token) -> None:
        cells: list[str] = []
        index += 1
        while self.tokens[index].type != "tr_close":
            if self.tokens[index].type == "inline":
                cells.append(self.tokens[index].content)
            index += 1
        first, _ = token.map or (0, 1)
        if not self.header:
            self.header = tuple(cells) or ("",)
            return
        text = " | ".join(cells)
        self._add(
            Block(
                kind="row",
                line=first + 1,
                end=first + 1,
                text=text,
                group=self.count,
                cells=tuple(cells),
                header=self.header,
            )
        )
