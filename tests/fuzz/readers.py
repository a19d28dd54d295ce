"""Every reader of files as a function of bytes, and good files of its kind to begin from."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from samm_model import model
from small_rubric import small
from test_formats_aws_lens import lens
from test_formats_dsomm import GENERATED

from mlops_widgets.assessment import Answer, Assessment
from mlops_widgets.formats import read_answers, written
from mlops_widgets.formats.foreign_rubric import read_foreign_rubric
from mlops_widgets.formats.rubric_exchange import exchanged
from mlops_widgets.library import load_rubric, write_rubric

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

RUBRIC = small()
ASSESSMENT = Assessment.from_dict(
    {
        "id": "fuzz",
        "rubric": {"id": RUBRIC.id, "version": RUBRIC.version},
        "subject": "Churn model",
        "date": "2026-11-20",
        "profile": ["batch"],
        "targets": {"overall": 2},
        "answers": {
            "data.a": Answer(
                value="yes", note="Since May.", evidence=("https://example.org/a",), confidence=4
            ).to_dict(),
            "data.c": Answer(value="na", reason="Nothing of the kind.").to_dict(),
            "model.a": "partly",
        },
        "plan": {"items": {"item1": {"title": "Do it", "criteria": ["model.b"], "due": "2027-01-31"}}},
    }
)
_FOLDER = Path(mkdtemp(prefix="mlops-fuzz-files-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # noqa: S108
"""In memory where there is such a place: a file is written for each input of a reader that takes paths."""

_CHECKLIST = """\
# Assessment of the churn model

## 1. Data
- [x] A. (partly)
* [~] B
- [ ] C
| Practice | Done |
|---|---|
| A | ✅ |
1. ❌ A. n/a, not needed
**Level 2**
"""


def answers(ending: str) -> Callable[[bytes], object]:
    """Read answers of a kind."""

    def read(data: bytes) -> object:
        reading = read_answers(f"input.{ending}", data, rubric=RUBRIC)
        assert len(reading.taken) + len(reading.to_confirm) + len(reading.left) == len(reading.marks)
        return reading

    return read


def _file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    path = _FOLDER / name

    def run(data: bytes) -> object:
        path.write_bytes(data)
        return read(path)

    return run


def _samm(data: bytes) -> object:
    """Read a folder from one text: `### PATH` before each file."""
    folder = _FOLDER / "samm"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    pieces = re.split(rb"^### ([\w./-]{1,60})\n", data, flags=re.MULTILINE)
    for name, content in zip(pieces[1::2], pieces[2::2], strict=True):
        path = folder / name.decode()
        if ".." not in path.parts and not name.startswith(b"/") and not path.is_dir():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            except OSError:  # a file stands where a folder is wanted, or the name is none
                continue
    return read_foreign_rubric(folder)


READERS: Mapping[str, Callable[[bytes], object]] = {
    "markdown": answers("md"),
    "csv": answers("csv"),
    "json": answers("json"),
    "yaml": answers("yaml"),
    "xlsx": answers("xlsx"),
    "rubric": _file("rubric.yaml", load_rubric),
    "lens": _file("lens.json", lambda path: exchanged(path, ".yaml")),
    "dsomm": _file("dsomm.yaml", read_foreign_rubric),
    "samm": _samm,
}
"""By the kind of file. A rubric read from another form is also written in ours."""


def seeds(name: str) -> Iterator[bytes]:
    """Give good files of a kind."""
    endings = {"markdown": "md", "csv": "csv", "json": "json", "yaml": "yaml", "xlsx": "xlsx"}
    if name in endings:
        yield written(ASSESSMENT, RUBRIC, endings[name])
    if name == "markdown":
        yield _CHECKLIST.encode()
    elif name == "csv":
        yield b"criterion;answer\nA.;yes\ndata.c;2\n"
    elif name == "rubric":
        yield write_rubric(RUBRIC).encode()
    elif name == "lens":
        yield json.dumps(lens()).encode()
    elif name == "dsomm":
        yield GENERATED.encode()
    elif name == "samm":
        files = model(functions=1, practices=1).items()
        yield "".join(f"### {path}\n{json.dumps(data)}\n" for path, data in files).encode()
