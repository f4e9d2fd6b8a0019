"""JSON that says the same thing many times, as results do: kept packed."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from typing import Any, Final

from sqlalchemy import JSON, Dialect, TypeDecorator

__all__ = ["LEAST", "PackedJSON"]

LEAST: Final = 1_000
"""Characters from which packing is worth it."""


class PackedJSON(TypeDecorator[Any]):
    """A list or an object as JSON, a long one as a string of JSON that holds it compressed.

    A string is no value of these columns, so that one tells what is packed from what is not: what
    an older relmap wrote is read as it stands. Raises ``ValueError`` where a string holds nothing.
    """

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return value if len(text) < LEAST else b64encode(zlib.compress(text.encode())).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(zlib.decompress(b64decode(value, validate=True)))
        except zlib.error as error:
            raise ValueError(f"This is nothing that was packed: {error}") from error
