"""Makes the ``.mo`` files; setup.py runs this file by itself, so it imports nothing of relmap."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

__all__ = ["compile_all", "compiled_form"]


def compile_all(folders: Iterable[Path]) -> None:
    """Write the ``.mo`` beside each ``.po`` under these folders."""
    for folder in folders:
        for path in folder.glob("*/LC_MESSAGES/*.po"):
            path.with_suffix(".mo").write_bytes(compiled_form(path.read_bytes()))


def compiled_form(source: bytes) -> bytes:
    """The ``.mo`` of a ``.po``, which carries the checksum of what it was made from."""
    catalogue = read_po(BytesIO(source))
    catalogue.project, catalogue.version = "relmap", f"{zlib.crc32(source):08x}"
    target = BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()
