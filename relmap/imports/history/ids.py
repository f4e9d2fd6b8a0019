"""The ids of a history: those that are to be believed, by the rules that hold for lists.

A name may have changed over the years, so one with a part in common is no other one here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from relmap.imports.history.draft import Additions
from relmap.imports.identity.belief import IdClaim, ask_about_ids, take_off_kind, unbelieved
from relmap.imports.identity.clusters import take_off_shared_ids
from relmap.imports.identity.handles import part_by_case
from relmap.imports.identity.roster import Known, Roster, scoped
from relmap.imports.plan import IdKey
from relmap.imports.sheets.tenure_rows import FileTenure
from relmap.languages import label_message
from relmap.names.matching import keys_of_names, name_keys, share_a_part

__all__ = ["IdsInFile"]


@dataclass(eq=False, slots=True)
class _HolderInFile:
    """The rows of one account with one name and the same ids."""

    name: str
    latin: str | None
    line: int
    account_id: int
    ids: dict[IdKey, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [self.name, self.latin] if self.latin else [self.name]


class IdsInFile:
    """The ids of each row that are to be believed."""

    def __init__(
        self, draft: Additions, roster: Roster, rows: Iterable[tuple[FileTenure, int]]
    ) -> None:
        """``rows`` stand with their accounts."""
        self._draft = draft
        self._roster = roster
        self._holders: dict[tuple[object, ...], _HolderInFile] = {}
        for row, account_id in rows:
            if row.external_ids and _key(row, account_id) not in self._holders:
                holder = _HolderInFile(row.person, row.name_latin, row.row, account_id)
                for kind, value in row.external_ids:
                    holder.ids[scoped(kind, value, account_id)] = value
                self._holders[_key(row, account_id)] = holder
        part_by_case(self._holders.values(), roster.holder, names_count=True)
        take_off_shared_ids(
            draft,
            self._holders.values(),
            are_one=lambda one, other: share_a_part([one], [other]),
        )
        self._judge()

    def of(self, row: FileTenure, account_id: int) -> Mapping[IdKey, str]:
        """What a row gives, as it was written."""
        return self._holders[_key(row, account_id)].ids if row.external_ids else {}

    def _judge(self) -> None:
        claims = [claim for holder in self._holders.values() for claim in self._claims(holder)]
        mails = [one for one in claims if one.key[0] == "mail" and one.is_unlike]
        if mails:
            self._ask_about_mailboxes(mails)
        others = [one for one in claims if one.key[0] != "mail"]
        wrong: set[IdClaim[_HolderInFile, Known]] = set()
        for some, is_most in unbelieved(others, _OtherBearers(self._roster, self._holders).has):
            wrong.update(some)
            ask_about_ids(self._draft, some[0].key, [one.person.line for one in some])
            for holder in self._holders.values() if is_most else [one.person for one in some]:
                take_off_kind(holder.ids, some[0].key)
        for claim in others:
            if claim.is_unlike and claim not in wrong:
                self._draft.note(
                    claim.person.line,
                    "The {id_kind} of row {row} stands on file by a wholly different name: it was "
                    "taken for the same person, and both names are kept.",
                    id_kind=label_message("external_id", claim.key[0]),
                )

    def _claims(self, holder: _HolderInFile) -> list[IdClaim[_HolderInFile, Known]]:
        owners = {key: owner for key in holder.ids if (owner := self._roster.holder(key))}
        kinds: defaultdict[int, set[str]] = defaultdict(set)
        for (kind, _, _), owner in owners.items():
            kinds[owner.id].add(kind)
        return [
            IdClaim(
                holder,
                key,
                owner,
                is_unlike=kinds[owner.id] == {key[0]}
                and not share_a_part(holder.names, owner.spellings),
            )
            for key, owner in owners.items()
            if owner.side == "client"
        ]

    def _ask_about_mailboxes(self, claims: list[IdClaim[_HolderInFile, Known]]) -> None:
        """A mailbox can be inherited: with a yes it stays with its owner, and the name decides."""
        self._draft.ask(
            "The mail of rows {rows} stands on file by wholly different names: a mailbox can be "
            "inherited. Nothing was applied. If they are the same people, write their names as "
            "they are on file; if not, apply it all the same: the mailboxes stay where they are.",
            rows=sorted({claim.person.line for claim in claims}),
        )
        for claim in claims:
            del claim.person.ids[claim.key]


class _OtherBearers:
    """Where else the names of a claim stand: the old one in the file, the new one on file."""

    def __init__(self, roster: Roster, holders: Mapping[tuple[object, ...], _HolderInFile]) -> None:
        self._roster = roster
        self._in_file: defaultdict[str, list[_HolderInFile]] = defaultdict(list)
        for holder in holders.values():
            for key in name_keys(holder.name):
                self._in_file[key].append(holder)

    def has(self, holder: _HolderInFile, owner: Known) -> bool:
        """Whether two people were taken for one."""
        keys = keys_of_names(owner.written_names)
        if any(other is not holder for key in keys for other in self._in_file.get(key, ())):
            return True
        named = self._roster.named(holder.name, "client", holder.account_id, loosely=False)
        return any(
            other.id != owner.id and holder.account_id in other.open_account_ids for other in named
        )


def _key(row: FileTenure, account_id: int) -> tuple[object, ...]:
    return account_id, row.person, row.external_ids
