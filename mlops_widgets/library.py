"""Find and read rubrics, packaged or by path: the only reader of YAML, and errors know their line.

What a rubric may hold is the rubric's own business; this module says only where in a file a fault stands.
"""

from __future__ import annotations

import json
import re
import sys
from contextlib import contextmanager
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.files import unreadable
from mlops_widgets.rubric import Rubric, RubricError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "Lines",
    "load_rubric",
    "packaged_folder",
    "packaged_rubric",
    "parse_yaml",
    "read_foreign_yaml",
    "read_yaml",
    "rubric_ids",
    "words",
    "write_rubric",
]

LARGEST_FILE = 1_000_000
"""Bytes; the largest rubric we ship is a tenth of it."""

DEEPEST = 60
"""Levels of nesting; a rubric needs about ten."""

MOST_DIGITS = 300
"""Digits of a whole number; Python refuses to write some thousands of them."""

MOST_PARTS = 100_000
"""Keys, items and values that a file may have or unfold to; the largest model we know has 15,000."""


def packaged_folder(name: str) -> Path:
    """Find a folder that ships with the package: beside the modules when installed, above them in a checkout."""
    installed = Path(__file__).parent / name
    return installed if installed.is_dir() else Path(__file__).parent.parent / name


def rubric_ids() -> list[str]:
    """Name the packaged rubrics.

    >>> "mlops-levels" in rubric_ids()
    True
    """
    return sorted(path.stem for path in packaged_folder("rubrics").glob("*.yaml"))


def load_rubric(name: str | Path) -> Rubric:
    """Read a rubric by the id of a packaged one, or by the path of a file.

    Raises:
        ToolkitError: there is no such rubric, or its file cannot be used; every fault with its line.

    >>> load_rubric("mlops-levels").title
    'MLOps maturity levels'
    """
    path = Path(name)
    if str(name) in rubric_ids() or path.suffix not in (".yaml", ".yml", ".json") or not path.is_file():
        return packaged_rubric(str(name))
    return _read(path)


def packaged_rubric(name: str) -> Rubric:
    """Read a rubric that ships with the toolkit, by its id alone.

    For names that come from a file or a browser: those may not have us open a path of their choice.

    Raises:
        ToolkitError: there is no such rubric.

    >>> packaged_rubric("mlops-levels").title
    'MLOps maturity levels'
    """
    if name in rubric_ids():
        return _packaged(name)
    known = ", ".join(rubric_ids())
    raise ToolkitError(f"there is no rubric {name[:200]!r}; give the path of a .yaml file or one of: {known}")


@lru_cache
def _packaged(name: str) -> Rubric:
    return _read(packaged_folder("rubrics") / f"{name}.yaml")


def _read(path: Path) -> Rubric:
    data, root = read_yaml(path)
    try:
        return Rubric.from_dict(data)
    except RubricError as error:
        raise RubricError(placed(error, path, root)) from None


def placed(error: ToolkitError, path: Path, root: Node) -> Iterator[Problem]:
    """Give each fault the file and line it stands on, in the order of the file."""
    lines = Lines(root)
    found = [(lines.of(problem.where), problem) for problem in error.problems]
    for line, problem in sorted(found, key=lambda pair: pair[0]):
        where = f"{path}:{line}: {problem.where}" if problem.where else f"{path}:{line}"
        yield Problem(where=where, message=problem.message)


def read_yaml(path: Path) -> tuple[Any, Node]:
    """Read a YAML file as plain data, and its nodes, which know their lines.

    Raises:
        ToolkitError: the file is missing, or what it holds cannot be read, as `parse_yaml` has it.
    """
    return parse_yaml(_content(path, largest=LARGEST_FILE), path)


def parse_yaml(content: bytes, path: Path) -> tuple[Any, Node]:
    """Read what a YAML file holds as plain data, and its nodes, which know their lines.

    Dates stay text. Aliases are refused: a few lines of them can unfold to gigabytes.

    Args:
        content: the file's bytes.
        path: its name in what is told; nothing is opened.

    Raises:
        ToolkitError: the content is too large, not UTF-8 or not YAML, with the line and what to do.
    """
    text = _text(content, path, largest=LARGEST_FILE)
    with _told_by_line(path, text):
        root = _loader(_Composer).compose(text)
        if root is None:
            raise ToolkitError([Problem(where=str(path), message="is empty")])
        return _Plain().of(root), root


def read_foreign_yaml(path: Path, *, largest: int = LARGEST_FILE) -> tuple[list[Any], list[Problem]]:
    """Read a YAML file that is not of our own writing: plain data, one item for each document in it.

    Unlike `read_yaml` it follows aliases and merge keys, until what they unfold to is more than any file needs; one
    that leads back to itself is refused. Of a key that stands twice the later is taken, and told.

    Args:
        path: the file.
        largest: bytes it may have.

    Returns:
        The documents, without empty ones, and what is to be told of them.

    Raises:
        ToolkitError: as `read_yaml`.
    """
    text = _text(_content(path, largest=largest), path, largest=largest)
    with _told_by_line(path, text):
        plain = _Plain(foreign=path)
        roots = list(_loader(_ForeignComposer).compose_all(text))
        return [plain.of(root) for root in roots if root is not None], plain.notes


def write_rubric(rubric: Rubric) -> str:
    r"""Write a rubric as YAML; reading the text gives an equal rubric.

    The first line lets editors complete and check the file when the schema lies beside it.

    >>> print("\n".join(write_rubric(load_rubric("mlops-levels")).split("\n")[:4]))
    # yaml-language-server: $schema=rubric.schema.json
    format: 1
    id: mlops-levels
    version: '1.0'
    """
    data = {"format": rubric.format, **rubric.to_dict()}
    text = _written(data, width=120)
    # Folding a quoted text loses a space here and there beside a backslash: such a rubric gets long lines.
    if _Plain().of(_loader(_Composer).compose(text)) != data:
        text = _written(data, width=sys.maxsize)
    return f"# yaml-language-server: $schema=rubric.schema.json\n{text}"


def _written(data: Mapping[str, Any], *, width: int) -> str:
    yaml = YAML(typ="rt", pure=True)
    yaml.width = width
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def _content(path: Path, *, largest: int) -> bytes:
    try:
        if path.stat().st_size > largest:
            raise ToolkitError([_too_large(path, largest)])
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from None


def _text(content: bytes, path: Path, *, largest: int) -> str:
    if len(content) > largest:
        raise ToolkitError([_too_large(path, largest)])
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ToolkitError(
            [Problem(where=f"{path}:{line}", message="is not UTF-8 text; save the file as UTF-8")]
        ) from None


def _loader(composer: type[Composer]) -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = composer
    return yaml


@contextmanager
def _told_by_line(path: Path, text: str) -> Iterator[None]:
    """Say what the parser found at fault as a sentence with its line."""
    try:
        yield
    except MarkedYAMLError as error:
        raise ToolkitError([_unreadable(error, path, text)]) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = f"holds a character that no text has (number {error.character}); take it out"
        raise ToolkitError([Problem(where=f"{path}:{line}", message=message)]) from None
    except YAMLError as error:
        raise ToolkitError([Problem(where=str(path), message=f"is not YAML: {str(error).splitlines()[0]}")]) from None


def _too_large(path: Path, largest: int) -> Problem:
    return Problem(where=str(path), message=f"is larger than {largest // 1_000_000} MB; no file of ours is")


class _RefusedError(MarkedYAMLError):
    """What YAML allows and no file of ours needs."""


class _BoundedComposer(Composer):
    """Builds nodes, and refuses what takes long to build or overflows the stack."""

    def __init__(self, loader: Any = None) -> None:  # noqa: ANN401 - as the class above has it
        super().__init__(loader)
        self._count = 0

    def bounded(self) -> Any:  # noqa: ANN401 - an event of the parser
        """Give the next event, unless there have been too many."""
        event = self.parser.peek_event()
        self._count += 1
        if self._count > MOST_PARTS:
            raise _RefusedError(problem=f"has more than {MOST_PARTS} parts", problem_mark=event.start_mark)
        if self.depth > DEEPEST:
            raise _RefusedError(problem=f"is nested deeper than {DEEPEST} levels", problem_mark=event.start_mark)
        return event


class _Composer(_BoundedComposer):
    """Builds nodes of our own files, and refuses what could unfold to gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - as the class above has it
        event = self.bounded()
        if event.anchor:
            message = f"{event.anchor!r} stands for another part of the file (& and *); write that part out instead"
            raise _RefusedError(problem=message, problem_mark=event.start_mark)
        return super().compose_node(parent, index)


class _ForeignComposer(_BoundedComposer):
    """Builds nodes of files that use aliases; unfolding them within bounds is left to `_Plain`.

    A name may be given twice. Inside the second part of that name it still stands for the first.
    """

    def __init__(self, loader: Any = None) -> None:  # noqa: ANN401 - as the class above has it
        super().__init__(loader)
        self.warn_double_anchors = False
        self._unfinished: dict[str, Node] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - as the class above has it
        event = self.bounded()
        if isinstance(event, AliasEvent):
            if event.anchor not in self._unfinished:
                return super().compose_node(parent, index)
            self.parser.get_event()
            return self._unfinished[event.anchor]
        before = self.anchors.get(event.anchor)
        if before is None:
            return super().compose_node(parent, index)
        self._unfinished[event.anchor] = before
        node = super().compose_node(parent, index)
        self._unfinished.pop(event.anchor, None)
        return node


def _unreadable(error: MarkedYAMLError, path: Path, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    if isinstance(error, _RefusedError):
        return Problem(where=f"{path}:{line}", message=str(error.problem))
    source = text.splitlines()[line - 1] if mark and line <= len(text.splitlines()) else ""
    if "\t" in source[: len(source) - len(source.lstrip())] or "'\\t'" in (error.problem or ""):
        return Problem(where=f"{path}:{line}", message="a tab stands where spaces are needed; indent with spaces")
    what = " ".join(part for part in (error.context, error.problem) if part)
    return Problem(where=f"{path}:{line}", message=f"is not YAML: {what}")


class _Plain:
    """Turns nodes into plain data; with aliases it counts what they unfold to."""

    def __init__(self, *, foreign: Path | None = None) -> None:
        self.notes: list[Problem] = []
        self._foreign = foreign
        self._count = 0
        self._above: set[int] = set()

    def of(self, node: Node) -> Any:  # noqa: ANN401 - YAML is anything
        self._count += 1
        if isinstance(node, ScalarNode):
            try:
                return _scalar(node)
            except ValueError:
                raise _RefusedError(problem=f"{node.value[:60]!r} is no number", problem_mark=node.start_mark) from None
        if self._foreign:
            if id(node) in self._above:
                raise _RefusedError(
                    problem="stands for a part of the file it is in itself", problem_mark=node.start_mark
                )
            if self._count > MOST_PARTS or len(self._above) > DEEPEST:
                raise _RefusedError(
                    problem=f"unfolds to more than {MOST_PARTS} parts or {DEEPEST} levels", problem_mark=node.start_mark
                )
        self._above.add(id(node))
        data: Any = [self.of(child) for child in node.value] if isinstance(node, SequenceNode) else self._mapping(node)
        self._above.discard(id(node))
        return data

    def _mapping(self, node: Node) -> dict[str, Any]:
        data: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                raise _RefusedError(problem="a key must be a plain word", problem_mark=key.start_mark)
            if key.value in data and self._foreign:
                where = f"{self._foreign}:{key.start_mark.line + 1}"
                self.notes.append(
                    Problem(where=where, message=f"the key {key.value!r} stands twice: the later is taken")
                )
            elif key.value in data:
                raise _RefusedError(
                    problem=f"the key {key.value!r} stands twice; keep one", problem_mark=key.start_mark
                )
            if self._foreign and key.value == "<<" and isinstance(value, MappingNode):
                merged = self.of(value)
                continue
            data[key.value] = self.of(value)
        return {**merged, **data}


def _scalar(node: ScalarNode) -> Any:  # noqa: ANN401 - a scalar is text, a number, a truth value or nothing
    tag = str(node.tag).rsplit(":", 1)[-1]
    if tag == "null":
        return None
    if tag == "bool":
        return node.value.lower() == "true"
    if tag == "int":
        digits = node.value.lower()
        if len(digits) > MOST_DIGITS:
            raise ValueError
        return int(digits, 0 if digits.lstrip("+-").startswith(("0x", "0o", "0b")) else 10)
    if tag == "float":
        return float(node.value.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return node.value


class Lines:
    """The lines of the parts of a YAML file.

    Keys may hold dots themselves, as ids of criteria do: the longest key that fits is taken.
    """

    def __init__(self, root: Node) -> None:
        """Begin at the node that holds all others."""
        self._root = root
        # Each mapping is looked through once: of ten thousand wrong keys in one every line is asked for.
        self._keys: dict[int, dict[str, tuple[Node, Node]]] = {}

    def of(self, where: str) -> int:
        """Find the line of a path such as `sections[2].criteria[0].level`, or of the nearest part that is there."""
        node, rest = self._root, where
        line: int = node.start_mark.line + 1
        while rest:
            if isinstance(node, SequenceNode) and (step := re.match(r"\[(\d+)\]\.?", rest)):
                index = int(step[1])
                if index >= len(node.value):
                    break
                node, rest = node.value[index], rest[step.end() :]
                line = node.start_mark.line + 1
            elif isinstance(node, MappingNode) and (found := self._longest(node, rest)):
                key, node = found
                line, rest = key.start_mark.line + 1, rest[len(key.value) :].removeprefix(".")
            else:
                break
        return line

    def _longest(self, node: MappingNode, rest: str) -> tuple[Node, Node] | None:
        keys = self._keys.setdefault(id(node), {})
        if not keys:
            keys.update((pair[0].value, pair) for pair in node.value if isinstance(pair[0], ScalarNode))
        ends = [len(rest), *(found.start() for found in re.finditer(r"[.\[]", rest))]
        return next((keys[rest[:end]] for end in sorted(ends, reverse=True) if rest[:end] in keys), None)


@lru_cache
def words(widget: str, language: str = "en") -> Mapping[str, str]:
    """Read the sentences one widget shows, in a language; English stands in for what is not translated.

    Raises:
        ToolkitError: there is no table for that widget.

    >>> words("form")["undo"]
    'Undo'
    """
    folder = Path(__file__).parent / "words"
    if not (folder / "en" / f"{widget}.json").is_file():
        raise ToolkitError(f"there are no words for a widget called {widget!r}")
    table: dict[str, str] = {}
    for path in (folder / "en" / f"{widget}.json", folder / language / f"{widget}.json"):
        if path.is_file():
            table.update(json.loads(path.read_text(encoding="utf-8")))
    return table
