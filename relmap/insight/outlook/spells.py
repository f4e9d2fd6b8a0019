"""The spells of a view: tenures as the outlook reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from relmap.contracts import AccountView, PostRow, Ref, TenureRow
from relmap.insight.cache import once_a_view
from relmap.insight.outlook.histories import Spell
from relmap.insight.outlook.stays import Span, last_day, sittings
from relmap.insight.terms import Term

__all__ = ["spells_of"]


def spells_of(
    view: AccountView, *, declared_on: Mapping[Ref, date] | None = None
) -> tuple[Spell, ...]:
    """The tenures of a view as spells, by their start.

    ``declared_on`` gives the day from which a term was known, by the tenure, post or account that
    carries it. Without it a term counts from the start of the tenure, and a length or a policy at
    all times: right for today, too much for a back-test where terms were declared later.

    A start or an end known only to an interval counts on its last day, ``starts_on`` and
    ``ends_on``: the day of the list that showed it. With the middle instead, a forecast of a past
    day would know of ends that no list had shown by then, and the calendar of half-yearly lists
    would be no cleaner. Somebody who sits on in the same post under another tenure, an acting
    holder who is confirmed above all, is one spell, named by the newest tenure.
    """
    return _spells(view, declared_on) if declared_on else _own_spells(view)


@once_a_view
def _own_spells(view: AccountView) -> tuple[Spell, ...]:
    """As the view alone tells them: forecast, radar and waves all ask for them."""
    return _spells(view, {})


def _spells(view: AccountView, declared_on: Mapping[Ref, date]) -> tuple[Spell, ...]:
    pieces: defaultdict[tuple[Ref, Ref], list[TenureRow]] = defaultdict(list)
    for row in view.tenures:
        pieces[row.person, row.post].append(row)
    chains = (chain for rows in pieces.values() for chain in _chains(rows))
    found = [_spell(view, chain, declared_on) for chain in chains]
    return tuple(sorted(found, key=lambda spell: (spell.starts_on, str(spell.tenure))))


def _chains(rows: Sequence[TenureRow]) -> Iterator[list[TenureRow]]:
    return sittings(sorted(rows, key=lambda row: (row.starts_on, row.ref)), _span)


def _span(row: TenureRow) -> Span:
    return row.starts_on, row.ends_on


def _spell(view: AccountView, chain: Sequence[TenureRow], declared_on: Mapping[Ref, date]) -> Spell:
    first, last = chain[0], chain[-1]
    post = view.post(last.post)
    end = last_day(_span(row) for row in chain)
    announced = end is not None and end > view.as_of
    return Spell(
        tenure=last.ref,
        person=last.person,
        post=last.post,
        unit=post.unit,
        title=post.title,
        starts_on=first.starts_on,
        ends_on=end,
        start_known=first.starts_after is not None,
        level=post.level,
        ends_after=_last_seen(chain, end),
        announced_on=view.as_of if announced else None,
        acting=first.acting,
        confirmed_on=_confirmed_on(chain),
        terms=tuple(_terms(view, chain, post, declared_on)),
    )


def _last_seen(chain: Sequence[TenureRow], end: date | None) -> date | None:
    """The list before the one that showed the end; ``None`` where it is known to the day."""
    after = next((row.ends_after for row in chain if row.ends_on == end), None)
    return after if end and after and (end - after).days > 1 else None


def _confirmed_on(chain: Sequence[TenureRow]) -> date | None:
    confirmed = (row.starts_on for row in chain if not row.acting)
    return next(confirmed, None) if chain[0].acting else None


def _terms(
    view: AccountView,
    chain: Sequence[TenureRow],
    post: PostRow,
    declared_on: Mapping[Ref, date],
) -> Iterator[Term]:
    """The declared last days, the post's length, the account's policy: in this order."""
    for number, row in enumerate(chain):
        if row.term_ends_on is not None:
            declared = declared_on.get(row.ref, row.starts_on if number else None)
            yield Term(ends_on=row.term_ends_on, declared_on=declared)
    if post.term_months:
        yield Term(
            months=post.term_months,
            review_month=post.review_month,
            declared_on=declared_on.get(post.ref),
        )
    account = view.account
    if account.rotation_months:
        yield Term(
            kind="policy",
            months=account.rotation_months,
            review_month=post.review_month or account.review_month,
            handover_months=account.handover_months or 0,
            declared_on=declared_on.get(account.ref),
        )
