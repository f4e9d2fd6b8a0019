"""Frozen dataclasses to JSON and back, exactly.

Dates are written ``2026-07-01``, refs ``person:7``. Reading follows the declared types of the
fields, compiled once a class, so that what comes back equals what went out.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache, lru_cache
from types import NoneType
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from relmap.contracts.message import Message
from relmap.contracts.refs import Ref

__all__ = ["canonical", "dumps", "loads", "parse", "plain", "read"]

T = TypeVar("T")

SAME: Final = frozenset({NoneType, str, int, float, bool})  # what is JSON as it stands


def plain(value: Any) -> Any:
    """The value in JSON's own types; a dataclass becomes an object of its fields."""
    return _writer(value.__class__)(value)


@cache
def _writer(kind: type[Any]) -> Callable[[Any], Any]:
    """A function that turns a ``kind`` into plain JSON."""
    if kind in SAME or issubclass(kind, str | int | float):
        return _same
    if issubclass(kind, Ref):
        return _written
    if issubclass(kind, Message):
        return kind.to_json
    if issubclass(kind, date):
        return kind.isoformat
    if issubclass(kind, tuple | list):
        return lambda value: [
            item if item.__class__ in SAME else _writer(item.__class__)(item) for item in value
        ]
    if issubclass(kind, Mapping):
        return lambda value: {str(key): plain(item) for key, item in value.items()}
    if is_dataclass(kind):
        return _dataclass_writer(tuple(item.name for item in fields(kind)))
    raise TypeError(f"{kind.__name__} has no JSON form.")


@lru_cache(maxsize=20_000)  # a view names the same few hundred thousands of times
def _written(ref: Ref) -> str:
    return str(ref)


def _dataclass_writer(names: Sequence[str]) -> Callable[[Any], Any]:
    def write(value: Any) -> Any:
        document = {}
        for name in names:
            item = getattr(value, name)
            kind = item.__class__
            document[name] = item if kind in SAME else _writer(kind)(item)
        return document

    return write


def canonical(value: Any) -> bytes:
    """The one byte string of a plain value: sorted keys, no spaces, UTF-8, finite numbers only."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def dumps(value: Any) -> str:
    """JSON of a dataclass (or of a sequence of them), keys in the order of the fields."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False)


def parse(text: str) -> Any:
    """JSON to plain values."""
    return json.loads(text)


def loads(kind: type[T], text: str) -> T:
    """Read one ``kind`` back; raises ``ValueError`` where the document is not one."""
    return read(kind, json.loads(text))


def read(kind: type[T], document: Any) -> T:
    """Plain values to one ``kind``; raises ``ValueError`` where they are not one."""
    declared: Any = kind
    try:
        result: T = _reader(declared)(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"This is no {kind.__name__}: {error!r}") from error
    return result


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """A function that turns plain JSON into ``kind``."""
    if kind is date:
        return date.fromisoformat
    if kind is Ref:
        return Ref.parse
    if kind is float:
        return float
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional_reader(arguments)
    if origin is tuple:
        return _tuple_reader(arguments)
    if origin is Literal or kind in (str, int, bool, Any) or origin is not None:
        return _same
    raise TypeError(f"No JSON reader for {kind!r}.")


def _same(value: Any) -> Any:
    return value


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = {item.name: _reader(hints[item.name]) for item in fields(kind)}
    as_it_stands = [name for name, reader in readers.items() if reader is _same]
    others = [(name, reader) for name, reader in readers.items() if reader is not _same]

    def read(value: Any) -> Any:
        found = {name: value[name] for name in as_it_stands if name in value}
        for name, reader in others:
            if name in value:
                found[name] = reader(value[name])
        return kind(**found)

    return read


def _optional_reader(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    kinds = [kind for kind in arguments if kind is not type(None)]
    if len(kinds) > 1:  # a union of plain JSON types, such as a result's values
        return _same
    reader = _reader(kinds[0])
    if reader is _same:
        return _same
    return lambda value: None if value is None else reader(value)


def _tuple_reader(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        reader = _reader(arguments[0])
        return lambda value: tuple([reader(item) for item in value])
    readers = [_reader(kind) for kind in arguments]
    return lambda value: tuple([reader(item) for reader, item in zip(readers, value, strict=True)])


def unprinted(document: Mapping[str, Any]) -> dict[str, Any]:
    """The stored form of a printed document; any other comes back as it is."""
    if "on" not in document:
        return dict(document)
    rest = {key: _bare(value) for key, value in document.items() if key not in ("on", "extra")}
    account = dict(document["account"])
    ref = f"{account.pop('kind')}:{account.pop('id')}"
    attached = [[name, canonical(value).decode()] for name, value in document["extra"].items()]
    rest["account"] = {"ref": ref} | {key: _bare(value) for key, value in account.items()}
    return rest | {"as_of": document["on"], "attached": attached}


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if isinstance(value, Mapping):
        if value.keys() == {"kind", "id", "name"}:
            return f"{value['kind']}:{value['id']}"
        return {key: _bare(item) for key, item in value.items()}
    return value
