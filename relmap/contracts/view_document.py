"""A view as programs are handed it: refs with their names, the day under ``on``.

``AccountView.from_json`` reads this form as well as the stored one; names are then passed over,
since they are in the rows themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relmap.contracts import codec
from relmap.contracts.refs import Ref
from relmap.contracts.view import AccountView

__all__ = ["view_document"]


def view_document(view: AccountView) -> dict[str, Any]:
    """The document that ``relmap view --json`` prints; docs/schemas/view.json has its shape."""
    name = _namer(view)

    def named(value: Any) -> Any:
        if isinstance(value, Ref):
            return {"kind": value.kind, "id": value.id, "name": name(value)}
        if isinstance(value, tuple | list):
            return [named(item) for item in value]
        if hasattr(value, "__dataclass_fields__"):
            return {key: named(getattr(value, key)) for key in value.__dataclass_fields__}
        return codec.plain(value)

    account = named(view.account)
    document: dict[str, Any] = {
        "account": account.pop("ref") | account,
        "on": view.as_of.isoformat(),
        "revision": view.revision,
    }
    for key in ("units", "posts", "people", "contacts", "tenures", "announced"):
        document[key] = named(getattr(view, key))
    for key in (
        "ties",
        "touches",
        "touch_counts",
        "claims",
        "projects",
        "next_steps",
        "outlook",
        "measures",
    ):
        document[key] = named(getattr(view, key))
    return document | {"extra": view.extra}


def _namer(view: AccountView) -> Callable[[Ref], str]:
    """What a ref is called: a tenure by its person and post, what bears no name by its kind."""
    names = {view.account.ref: view.account.name}
    names |= {row.ref: row.name for row in view.units}
    names |= {row.ref: row.title for row in view.posts}
    names |= {row.ref: row.name for row in view.people}
    names |= {row.ref: row.name for row in view.projects}
    for row in (*view.tenures, *view.announced):
        names[row.ref] = f"{names.get(row.person, '?')}, {names.get(row.post, '?')}"
    for tie in view.ties:
        names[tie.ref] = f"{names.get(tie.a, '?')} - {names.get(tie.b, '?')}"
    return lambda ref: names.get(ref, ref.kind)
