"""Whom somebody means at the command line: a person or a unit of one account's view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from relmap.contracts import N_, AccountView, PersonRow, Ref, UnitRow
from relmap.errors import NotFound, Refused
from relmap.facts.people import find_ours
from relmap.insight.waves import holders_below
from relmap.languages import _, clauses, commas
from relmap.names.folding import caseless
from relmap.names.honorifics import bare_name
from relmap.names.search import asked_as, did_you_mean, spellings

__all__ = ["find_colleague", "find_person", "find_post", "find_unit", "people_of_unit"]


def find_person(view: AccountView, text: str) -> Ref:
    """The person of a view, of either side, by name, by id elsewhere or by relmap's own id.

    Names and ids elsewhere come first, width and case aside; ``person:7`` is always relmap's own
    id, ``7`` alone only where nobody bears it. Pinyin and names without their accents come last.
    Raises ``NotFound`` with those nearly so called, and ``Refused`` with the candidates where
    several bear a name.
    """
    wanted = caseless(text)
    for answers in (_own_id_spelled, _called, _own_id, partial(_written_as, wanted)):
        found = [row for row in view.people if wanted in answers(row)]
        if len(found) == 1:
            return found[0].ref
        if found:
            raise Refused(
                "{count} people of {account} are called {text!r}: {people}. Give the id.",
                count=len(found),
                account=view.account.name,
                text=text,
                people=_candidates(view, found),
            )
    near = did_you_mean(text, ((row.name, row.latin_name) for row in view.people))
    raise NotFound(
        "Nobody called {text!r} is on record at {account} on {as_of}.{near} Give a name, an "
        "id elsewhere or person:ID; `relmap view {account!r} --on {as_of!s}` shows who sits "
        "where.",
        text=text,
        account=view.account.name,
        as_of=view.as_of,
        near=near,
    )


def find_colleague(view: AccountView, text: str) -> Ref:
    """One of us, as :func:`find_person` finds them, or by name where the view knows nobody so.

    Raises ``Refused`` where that is one of them.
    """
    try:
        found = find_person(view, text)
    except NotFound:
        return Ref("person", find_ours(text).id)
    if view.person(found).side != "us":
        raise Refused("{name} is one of them. Name one of us.", name=view.person(found).name)
    return found


def _own_id_spelled(row: PersonRow) -> set[str]:
    return {str(row.ref)}


def _own_id(row: PersonRow) -> set[str]:
    return {str(row.ref.id)}


def _called(row: PersonRow) -> set[str]:
    names = {row.name, row.latin_name or "", row.nickname or ""}
    for text in row.external_ids:
        names |= {text, text.partition(":")[2]}
    return {caseless(name) for name in names}


def _written_as(wanted: str, row: PersonRow) -> set[str]:
    """What was asked for, where the person may be written so: 孙启明 as Sun Qiming."""
    asked = {form.replace(" ", "") for form in asked_as(bare_name(wanted))}
    return {wanted} if asked & spellings([row.name, row.latin_name]) else set()


def _candidates(view: AccountView, people: Sequence[PersonRow]) -> str:
    return commas(f"{row.ref} ({clauses([row.name, *_seats(view, row)])})" for row in people)


def _seats(view: AccountView, row: PersonRow) -> Iterator[str]:
    if row.side == "us":
        yield _("one of us")
    for post in view.posts_of(row.ref):
        yield f"{post.title}, {view.unit(post.unit).name}"


def people_of_unit(view: AccountView, text: str) -> tuple[Ref, ...]:
    """Who sits in a unit or in a part of it: a wave takes them all. Raises as ``find_unit``."""
    unit = find_unit(view, text)
    people = holders_below(view, unit)
    if not people:
        raise Refused(
            "Nobody sits in {name} on {as_of}.", name=view.unit(unit).name, as_of=view.as_of
        )
    return people


def find_unit(view: AccountView, text: str) -> Ref:
    """The standing unit of a name or ``unit:ID``; raises ``NotFound`` or, for two, ``Refused``."""
    return _find_standing(
        view,
        text,
        {row.ref: (row.name, _below(view, row)) for row in view.open_units},
        several=N_("{count} units are called {text!r}: {named}. Give the id."),
        missing=N_(
            "{account} has no unit {text!r} on {as_of}.{near} `relmap view {account!r} --on "
            "{as_of!s}` shows them."
        ),
    )


def find_post(view: AccountView, text: str) -> Ref:
    """The standing post of a title or ``post:ID``; raises ``NotFound`` or, for two, ``Refused``."""
    return _find_standing(
        view,
        text,
        {row.ref: (row.title, view.unit(row.unit).name) for row in view.open_posts},
        several=N_("{count} posts are called {text!r}: {named}. Give the id."),
        missing=N_(
            "{account} has no post {text!r} on {as_of}.{near} `relmap view {account!r} --on "
            "{as_of!s}` shows them."
        ),
    )


def _find_standing(
    view: AccountView,
    text: str,
    standing: Mapping[Ref, tuple[str, str]],
    *,
    several: str,
    missing: str,
) -> Ref:
    """Which of those that stand, each with its name and where it is, a text means."""
    wanted = caseless(text)
    found = [ref for ref, (name, _) in standing.items() if wanted in (caseless(name), str(ref))]
    if len(found) == 1:
        return found[0]
    if found:
        named = commas(f"{ref} ({standing[ref][1]})" for ref in found)
        raise Refused(several, count=len(found), text=text, named=named)
    near = did_you_mean(text, ((name, None) for name, _ in standing.values()))
    raise NotFound(missing, account=view.account.name, text=text, as_of=view.as_of, near=near)


def _below(view: AccountView, row: UnitRow) -> str:
    return row.name if row.parent is None else _("in {unit}", unit=view.unit(row.parent).name)
