"""Whom of those on file a row of a history means that is written in the other script.

As in a list: who reads so and sat in the unit is the same person, which is told; anywhere else, or
where several read so, it is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from relmap.imports.history.draft import Additions
from relmap.imports.identity.other_script import tell_read_alike
from relmap.imports.identity.roster import Known, Roster
from relmap.imports.sheets.tenure_rows import FileTenure
from relmap.names.folding import is_east_asian
from relmap.names.matching import keys_of_names, name_keys
from relmap.names.readings import readings

__all__ = ["OtherScript"]


class OtherScript:
    """Finds people by how their names read; what was found is told by :meth:`finish`."""

    def __init__(
        self,
        draft: Additions,
        roster: Roster,
        names: Iterable[str],
        units_of: Callable[[int], set[int]],
    ) -> None:
        """``names`` are all those of the file; ``units_of`` says where somebody on file sat."""
        self._draft = draft
        self._on_file = [one for one in roster.people.values() if one.side == "client"]
        self._in_file = keys_of_names(names)
        self._units_of = units_of
        self._by_reading: dict[bool, dict[str, list[Known]]] = {}
        self._taken: list[tuple[str, str]] = []
        self._asked: dict[int, None] = {}

    def find(
        self, row: FileTenure, account_id: int, unit_id: int, is_other: Callable[[Known], bool]
    ) -> Known | None:
        """The one who reads as the row does; a question where it may be so.

        ``is_other`` says of whom ids tell that it is somebody else.
        """
        names = [row.person, *([row.name_latin] if row.name_latin else [])]
        wanted = {reading for name in names for reading in readings(name)}
        known = self._readings(is_east_asian=not is_east_asian(row.person))
        alike = {one.id: one for reading in wanted for one in known.get(reading, ())}
        found = [
            one for one in alike.values() if account_id in one.account_ids and not is_other(one)
        ]
        here = [one for one in found if unit_id in self._units_of(one.id)]
        if len(here) == 1 and self._is_free(here[0]):
            self._taken.append((row.person, here[0].name))
            return here[0]
        if found:
            self._asked[row.row] = None
        return None

    def _is_free(self, person: Known) -> bool:
        """Whether no row names them as they are on file."""
        return all(self._in_file.isdisjoint(name_keys(name)) for name in person.written_names)

    def _readings(self, *, is_east_asian: bool) -> dict[str, list[Known]]:
        if is_east_asian not in self._by_reading:
            found: defaultdict[str, list[Known]] = defaultdict(list)
            for person in self._on_file:
                if _is_eastern(person) == is_east_asian:
                    for name in person.spellings:
                        for reading in readings(name):
                            found[reading].append(person)
            self._by_reading[is_east_asian] = found
        return self._by_reading[is_east_asian]

    def finish(self) -> None:
        """Tell who was taken for whom, and ask about the others."""
        tell_read_alike(self._draft, self._taken)
        if self._asked:
            self._draft.ask(
                "The names of rows {rows} read as those of people on file in the other script "
                "(pinyin), who sat elsewhere or are several. Nothing was applied. If they are the "
                "same, write their names as they are on file, or give their ids; if not, apply it "
                "all the same.",
                rows=list(self._asked),
            )


def _is_eastern(person: Known) -> bool:
    return is_east_asian(person.name)
