"""Units that break the rules of the services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from relmap.contracts import Message, Ref
from relmap.maintenance.check.structure import Fact, Structure, circles, lies_within, span_of
from relmap.maintenance.check.violation import Violation

__all__ = ["check_roots", "check_units"]


def check_roots(book: Structure) -> Iterator[Violation]:
    """Accounts without a root unit, or with two."""
    roots: defaultdict[int, list[Fact]] = defaultdict(list)
    for unit in book.units.values():
        if unit.is_root:
            roots[unit.account_id].append(unit)
    for account, name in book.accounts.items():
        ref = Ref("account", account)
        if not roots[account]:
            yield Violation(
                "root_missing", ref, Message("{name} has no root unit.", {"name": name})
            )
        if len(roots[account]) > 1:
            text = Message(
                "{name} has {count} root units; one stands for it.",
                {"name": name, "count": len(roots[account])},
            )
            yield Violation("root_twice", ref, text)


def check_units(book: Structure) -> Iterator[Violation]:
    """Units that are adrift, in circles, in another account or longer than the one above."""
    for unit in book.units.values():
        ref, parent = Ref("unit", unit.id), book.units.get(unit.parent_id)
        if unit.is_root and parent is not None:
            yield Violation(
                "root_below",
                ref,
                Message(
                    "{unit} is a root and part of {parent}.",
                    {"unit": unit.name, "parent": parent.name},
                ),
            )
        if parent is None:
            if not unit.is_root:
                yield Violation(
                    "unit_adrift",
                    ref,
                    Message("{unit} is part of no other unit.", {"unit": unit.name}),
                )
            continue
        if parent.account_id != unit.account_id:
            text = Message(
                "{unit} is part of {parent}, a unit of another account.",
                {"unit": unit.name, "parent": parent.name},
            )
            yield Violation("unit_elsewhere", ref, text)
        if not lies_within(unit, parent, may_be_older=("unit", unit.id) in book.moved):
            text = Message(
                "{unit} ({span}) outlasts {parent} ({parent_span}).",
                {
                    "unit": unit.name,
                    "span": span_of(unit),
                    "parent": parent.name,
                    "parent_span": span_of(parent),
                },
            )
            yield Violation("unit_outside_parent", ref, text)
    above = {unit.id: unit.parent_id for unit in book.units.values()}
    for circle in circles(above):
        names = " → ".join(book.units[unit].name for unit in circle)
        yield Violation(
            "unit_circle",
            Ref("unit", circle[0]),
            Message("{names} contain each other.", {"names": names}),
        )
