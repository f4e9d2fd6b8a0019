"""The posts that a list of projects names: found by title, and by unit where that is needed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from relmap.errors import Refused
from relmap.imports.sheets.cells import split_acting
from relmap.imports.sheets.project_rows import FileProject
from relmap.models import Post, Unit, db
from relmap.names.matching import title_key, unit_key

__all__ = ["Deciders"]

Found = tuple[int, str]
"""A post's id, and the key of its unit's name."""


class Deciders:
    """The posts of some accounts that stand on a day, by title."""

    def __init__(self, account_ids: set[int], on: date) -> None:
        self._titled: defaultdict[tuple[int, str], list[Found]] = defaultdict(list)
        query = (
            select(Post.id, Post.title, Unit.name, Unit.account_id)
            .join(Unit, Unit.id == Post.unit_id)
            .where(Unit.account_id.in_(account_ids), Post.standing(on))
            .order_by(Post.id)
        )
        for post_id, title, unit, account_id in db.session.execute(query):
            self._titled[account_id, title_key(title)].append((post_id, unit_key(unit)))

    def posts(self, row: FileProject, account_id: int) -> list[int]:
        """The ids of the posts of a row; ``Refused`` where one is not on file, or could be two."""
        return [self._post(row, account_id, text) for text in row.posts]

    def _post(self, row: FileProject, account_id: int, text: str) -> int:
        seen: Sequence[Found] = ()
        for unit, title in _readings(row.unit, text):
            found = self._titled.get((account_id, title_key(title)), [])
            if unit is not None:
                found = [one for one in found if one[1] == unit_key(unit)]
            if len(found) == 1:
                return found[0][0]
            seen = seen or found
        place: dict[str, Any] = {
            "row": row.row,
            "column": "post",
            "account": row.account,
            "post": text,
        }
        if seen:
            raise Refused(
                "Row {row}: {account} has {number} posts called {post}. Give the unit as well, in "
                "its column or as unit / title.",
                number=len(seen),
                **place,
            )
        if row.unit:
            raise Refused(
                "Row {row}: {account} has no post called {post} in {unit} today. Correct the "
                "title, or import a list of who sits where first.",
                unit=row.unit,
                **place,
            )
        raise Refused(
            "Row {row}: {account} has no post called {post} today. Correct the title, or import a "
            "list of who sits where first.",
            **place,
        )


def _readings(unit: str | None, text: str) -> Iterator[tuple[str | None, str]]:
    """What a cell may mean: a title, a title with an acting mark, or a unit and a title."""
    yield unit, text
    yield unit, split_acting(text)[0]
    for match in re.finditer("[/:：>]", text):
        before, after = text[: match.start()].strip(), text[match.end() :].strip()
        if before and after:
            yield before, after
