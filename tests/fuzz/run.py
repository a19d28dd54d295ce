"""Feed every reader of files with inputs that grow by coverage; none may raise anything but our own error.

    make fuzz                              100,000 inputs to each reader
    make fuzz ARGS="--inputs 5000 csv"     fewer, to one of them

What makes a reader fail is kept in the folder that is named, and is to become a test.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp

from fuzz.readers import READERS, seeds

FEED = Path(__file__).with_name("feed.py")


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
        limits = [f"-atheris_runs={asked.inputs}", "-max_len=20000", "-timeout=60", "-rss_limit_mb=4096"]
        command = [sys.executable, str(FEED), name, *limits, f"-artifact_prefix={folder}/{name}-", str(place)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
        told = done.stdout + done.stderr
        count = re.search(r"Done (\d+)(?: runs)? in (\d+) second", told)
        if done.returncode == 0 and count:
            print(f"{name:<12} {int(count[1]):>8,} inputs in {count[2]} s: none failed", flush=True)
        else:
            failed.append(name)
            print(f"{name:<12} failed; see {folder}\n{told[-3000:]}", flush=True)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
