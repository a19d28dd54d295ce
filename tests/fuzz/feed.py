"""Feed one reader, named first, with inputs as libFuzzer's options say; run.py calls this for each reader."""

from __future__ import annotations

import io
import sys
import traceback
import zipfile

import atheris

with atheris.instrument_imports(include=["mlops_widgets"]):
    from fuzz.readers import READERS

    from mlops_widgets.errors import ToolkitError

LONGEST = 20_000
"""Bytes of a part of a workbook once it was changed."""


def feed(name: str, arguments: list[str]) -> None:
    """Feed one reader until the inputs run out; does not return."""
    read = READERS[name]

    def one(data: bytes) -> None:
        try:
            read(data)
        except ToolkitError as error:  # a sentence for people, which is what a bad file is to get
            slip = _slip(error)
            if slip is not None:
                raise slip from None

    options = {"custom_mutator": _inside_zip} if name == "xlsx" else {}
    atheris.Setup([sys.argv[0], *arguments], one, **options)
    atheris.Fuzz()


def _slip(error: BaseException) -> BaseException | None:
    """Find a mistake of our own behind a sentence: the workbook's reader takes whatever is raised for damage."""
    cause = error.__context__
    while cause is not None:
        frames = traceback.extract_tb(cause.__traceback__)
        is_ours = bool(frames) and "mlops_widgets" in frames[-1].filename and "xlsx" in frames[-1].filename
        if is_ours and isinstance(cause, (AttributeError, IndexError, KeyError, NameError, TypeError)):
            return cause
        cause = cause.__context__
    return None


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
    feed(sys.argv[1], sys.argv[2:])
