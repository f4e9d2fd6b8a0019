"""What is held until somebody says yes: a file that looks like half a file."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from relmap.contracts import Message
from relmap.contracts.words import NOBODY_FOLLOWED
from relmap.imports.plan import asked_at_once
from relmap.imports.snapshot.outcomes import Outcomes
from relmap.imports.snapshot_draft import AccountDraft, Draft, FileUnit

__all__ = ["reason_to_hold"]

FEW: Final = 2
"""A list that names no more people of a unit may be a part of one."""


def reason_to_hold(draft: Draft, outcomes: Outcomes) -> Message | None:
    """Why the import should wait for a yes, or ``None``.

    More than 30 %, and at least 3, of the open tenures compared would end with nobody following
    and the person nowhere in the file; or more than two thirds, and at least 2, of a unit's people
    would leave by a list that names one or two people of it; or more than half of an account's
    units are missing from a complete file. What the passes before asked comes first.
    """
    if draft.asked:
        return asked_at_once(draft.asked)
    gone, open_count = _gone_without_trace(draft), _open_count(draft)
    if gone >= 3 and gone * 10 > open_count * 3:
        return Message(
            "{gone} of {holders} holders would leave with nobody following. Nothing was applied; "
            "if the list is whole, apply it all the same.",
            {"gone": gone, "holders": open_count},
        )
    in_doubt = _in_doubt(draft)
    for account in draft.accounts:
        gone_from, sitting_in = _leaving(draft, account, in_doubt), _sitting(draft, account)
        for unit in account.units:
            leaving, sitting = len(gone_from[unit.unit_id]), len(sitting_in[unit.unit_id])
            if leaving >= 2 and leaving * 3 > sitting * 2 and _named_count(unit) <= FEW:
                return Message(
                    "{leaving} of {holders} people of {unit} would leave by a list that names "
                    "{named} of it. Nothing was applied; if the list is whole, apply it all the "
                    "same.",
                    {
                        "leaving": leaving,
                        "holders": sitting,
                        "unit": unit.label or account.name,
                        "named": _named_count(unit),
                    },
                )
        missing, units = _missing_units(draft, account)
        if missing * 2 > units:
            return Message(
                "{missing} of {units} units of {account} are missing from a file that is said to "
                "be complete. Nothing was applied; if they are closed, apply it all the same.",
                {"missing": missing, "units": units, "account": account.name},
            )
    return None


def _in_doubt(draft: Draft) -> set[int]:
    return {candidate for doubt in draft.doubts for candidate in doubt.candidates}


def _gone_without_trace(draft: Draft) -> int:
    in_doubt = _in_doubt(draft)
    explained = {number for account in draft.accounts for number in account.given_ends}
    return sum(
        change.kind == "left_post"
        and change.seat in NOBODY_FOLLOWED
        and change.person_id not in draft.settled
        and change.person_id not in in_doubt
        and change.tenure_id not in explained
        for change in draft.changes
    )


def _leaving(draft: Draft, account: AccountDraft, in_doubt: set[int]) -> defaultdict[int, set[int]]:
    """Who would leave each unit and stands nowhere in the file; none whose end the file gives.

    Whoever is followed counts too: one row can seem to replace many.
    """
    gone: defaultdict[int, set[int]] = defaultdict(set)
    for leave in account.leaves:
        person_id = leave.tenure.person_id
        is_told = person_id in draft.settled or leave.tenure.id in account.given_ends
        if not is_told and person_id not in in_doubt:
            gone[leave.tenure.unit_id].add(person_id)
    return gone


def _sitting(draft: Draft, account: AccountDraft) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for tenure in account.seating.tenures:
        if tenure.is_open(draft.day):
            found[tenure.unit_id].add(tenure.person_id)
    return found


def _named_count(unit: FileUnit) -> int:
    return len({entry.person for entry in unit.entries if entry.person})


def _open_count(draft: Draft) -> int:
    return sum(
        tenure.is_open(draft.day)
        for account in draft.accounts
        for tenure in account.seating.tenures
        if tenure.unit_id in account.compared
    )


def _missing_units(draft: Draft, account: AccountDraft) -> tuple[int, int]:
    """How many units a complete file leaves out, and how many there were."""
    counted = [
        unit.id
        for unit in (account.seating.root, *account.seating.units)
        if unit.starts_on <= draft.day
        and (not unit.is_root or account.seating.posts_in.get(unit.id))
    ]
    return len(account.absent), len(counted)
