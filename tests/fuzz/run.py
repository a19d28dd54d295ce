"""Feed every reader of files with inputs that grow by coverage; none may raise anything but our own error.

    make fuzz                              100,000 inputs to each reader
    make fuzz ARGS="--inputs 5000 csv"     fewer, to one of them

What makes a reader fail is kept in the folder that is named, and is to become a test.
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import mkdtemp

import atheris

with atheris.instrument_imports(include=["mlops_widgets"]):
    from fuzz.readers import READERS, seeds

    from mlops_widgets.errors import ToolkitError

LONGEST = 20_000
"""Bytes of an input: enough for a document of every kind."""


def main() -> None:
    """Run all readers, each in a process of its own, and tell how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", nargs="*", help=f"some of {', '.join(READERS)}; all when left out")
    parser.add_argument("--inputs", type=int, default=100_000, help="inputs to each reader")
    asked = parser.parse_args()
    folder = Path(mkdtemp(prefix="mlops-fuzz-"))
    failed = []
    for name in asked.readers or READERS:
        place = folder / name
        place.mkdir()
        for number, seed in enumerate(seeds(name)):
            (place / f"seed-{number}").write_bytes(seed)
        limits = [f"-atheris_runs={asked.inputs}", f"-max_len={LONGEST}", "-timeout=60", "-rss_limit_mb=4096"]
        command = [sys.executable, __file__, "--child", name, *limits, f"-artifact_prefix={folder}/{name}-", str(place)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
        told = done.stdout + done.stderr
        count = re.search(r"Done (\d+) in (\d+) second", told) or re.search(r"Done (\d+) runs in (\d+) second", told)
        if done.returncode == 0 and count:
            print(f"{name:<12} {int(count[1]):>8,} inputs in {count[2]} s: none failed", flush=True)
        else:
            failed.append(name)
            print(f"{name:<12} failed; see {folder}\n{told[-3000:]}", flush=True)
    sys.exit(bool(failed))


def feed(name: str, arguments: list[str]) -> None:
    """Feed one reader until the inputs run out; does not return."""
    read = READERS[name]

    def one(data: bytes) -> None:
        try:
            read(data)
        except ToolkitError:
            return  # a sentence for people, which is what a bad file is to get

    options = {"custom_mutator": _inside_zip} if name == "xlsx" else {}
    atheris.Setup([sys.argv[0], *arguments], one, **options)
    atheris.Fuzz()


def _inside_zip(data: bytes, most: int, seed: int) -> bytes:
    """Change a part inside a workbook, so that not each stops at a broken archive; one in four as it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001 - anything may be wrong with it
        parts = {}
    if not parts or seed % 4 == 0:
        return bytes(atheris.Mutate(data, most))
    name = sorted(parts)[seed // 4 % len(parts)]
    parts[name] = bytes(atheris.Mutate(parts[name], LONGEST))
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return result.getvalue()[:most]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        feed(sys.argv[2], sys.argv[3:])
    else:
        main()
