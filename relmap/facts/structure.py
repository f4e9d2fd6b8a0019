"""Accounts, units and posts: open, change, close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, or_, select

from relmap.contracts import N_
from relmap.contracts.words import FUNCTIONS, LEVELS
from relmap.errors import NotFound, Refused
from relmap.facts.audit import add, refuse_changed_later, revise
from relmap.facts.closed_lists import refuse_unknown
from relmap.facts.locks import lock, lock_accounts, lock_kind, raise_revision
from relmap.models import Account, Person, Post, Tenure, Unit, db
from relmap.names.accounts import nearly_one
from relmap.names.folding import caseless
from relmap.names.matching import account_key
from relmap.names.search import asked_as, did_you_mean, search_text, spellings
from relmap.names.titles import guess_function, guess_level

__all__ = [
    "account_of",
    "accounts_alike",
    "change_account",
    "change_post",
    "close_post",
    "close_unit",
    "find_account",
    "mark_vacant",
    "move_unit",
    "open_account",
    "open_post",
    "open_unit",
    "rename_unit",
    "report_to",
    "root_unit",
]

TIERS: Final = ("A", "B", "C")
SPANS: Final = {
    "rotation_months": (
        N_("A rotation comes after 1 to {high} months, not {number}."),
        1,
        600,
    ),
    "term_months": (N_("A term has 1 to {high} months, not {number}."), 1, 600),
    "handover_months": (N_("A handover takes 0 to {high} months, not {number}."), 0, 60),
    "review_month": (
        N_("A month of review is a number from 1 to {high}, not {number}."),
        1,
        12,
    ),
}
"""What is said of a number of months, the least and the most."""
LONGEST_NAME: Final = 300  # what the column holds; PostgreSQL refuses more, SQLite does not
NO_ACCOUNT_NAME: Final = N_("The name of an account is missing.")
NO_UNIT_NAME: Final = N_("The name of a unit is missing.")
NO_POST_TITLE: Final = N_("The name of a post is missing.")


def find_account(name_or_id: str | int) -> Account:
    """The account of this name, its Latin name or pinyin (case and width aside), or of this id.

    Raises ``NotFound`` with those nearly so called, and ``Refused`` where a spelling is several's.
    """
    text = str(name_or_id).strip()
    account = db.session.scalar(select(Account).where(Account.name == text))
    if account is None and (found := _so_called(text)):
        account = db.session.get(Account, _only(found, text).id)
    if account is None and text.isdecimal():
        account = db.session.get(Account, int(text))
    return account or _spelled(text)


def _spelled(text: str) -> Account:
    """The account that is written so in Latin letters or in the other script."""
    query = select(Account.id, Account.name, Account.latin_name).order_by(Account.name)
    rows, asked = db.session.execute(query).all(), asked_as(text) - {""}
    wanted = {form.replace(" ", "") for form in asked}
    found = [row for row in rows if wanted & spellings([row.name, row.latin_name])]
    if not found:
        near = did_you_mean(text, ((row.name, row.latin_name) for row in rows))
        raise NotFound(
            "There is no account {text!r}.{near} `relmap account list` shows them all.",
            text=text,
            near=near,
        )
    return db.session.get_one(Account, _only(found, text).id)


def _only(found: Sequence[Any], text: str) -> Any:
    if len(found) > 1:
        named = ", ".join(f"{row.name} (id {row.id})" for row in found)
        raise Refused(
            "{count} accounts may be called {text!r}: {named}. Give the id.",
            count=len(found),
            text=text,
            named=named,
        )
    return found[0]


def account_of(post: Post) -> Account:
    """The account a post belongs to."""
    return post.unit.account


def open_account(name: str, *, day: date, **fields: Any) -> Account:
    """Begin to plan for a client organisation; its root unit bears its name.

    ``fields`` are columns of :class:`~relmap.models.Account` (tier, industry, region, owner_id,
    the rotation policy in months). Does not commit.
    """
    name = _name(name, NO_ACCOUNT_NAME)
    lock_kind(Account)  # two at once would both find the name free
    _refuse_taken(name)
    _check_account_fields(fields)
    account = Account(name=name, **fields)
    account.search_text = search_text([name, account.latin_name])
    add("open_account", account)
    lock_accounts([account.id])
    root = Unit(account_id=account.id, name=name, is_root=True, starts_on=day)
    add("open_unit", root, account_id=account.id)
    raise_revision([account.id])
    return account


def _so_called(name: str) -> list[Row[int, str]]:
    """The accounts so called, by the one key; not in SQL, which folds the case of ASCII only."""
    rows = db.session.execute(select(Account.id, Account.name).order_by(Account.id))
    return [row for row in rows if account_key(row.name) == account_key(name)]


def _refuse_taken(name: str, *, but: int = 0) -> None:
    for row in _so_called(name):
        if row.id != but:
            raise Refused("There is an account {name} already.", name=row.name)


def accounts_alike(name: str) -> list[str]:
    """The accounts on file that this name may be a spelling of."""
    rows = db.session.execute(select(Account.name, Account.latin_name).order_by(Account.name))
    return nearly_one(name, {row.name: row.latin_name for row in rows})


def _check_account_fields(fields: Mapping[str, Any]) -> None:
    tier = fields.get("tier")
    if tier is not None and tier not in TIERS:
        raise Refused("{tier!r} is no tier: A, B or C.", tier=tier, about="tier")
    _check_months(fields)
    if (owner_id := fields.get("owner_id")) is not None:
        owner = db.session.get(Person, owner_id)
        if owner is not None and owner.side != "us":
            said = "{name} is one of them. One of us owns an account."
            raise Refused(said, name=owner.name, about="owner_id")


def _check_months(fields: Mapping[str, Any]) -> None:
    for key, (text, low, high) in SPANS.items():
        number = fields.get(key)
        if number is not None and not low <= number <= high:
            raise Refused(text, high=high, number=number, about=key)


def _name(text: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(missing)
    if len(text) > LONGEST_NAME:
        raise Refused(
            "A name has at most {most} characters; this has {count}: {beginning}...",
            most=LONGEST_NAME,
            count=len(text),
            beginning=text[:40],
        )
    return text


def change_account(
    account: Account, values: Mapping[str, Any], *, day: date | None = None
) -> Account:
    """Change what is on file of an account (name, tier, owner, policy).

    With a ``day`` it holds from then on and earlier days keep what was; without, it was on file
    wrongly and no day keeps it.
    """
    _check_account_fields(values)
    lock(account)  # a change of a later day, made meanwhile, must be seen
    refuse_changed_later(account, values, day)
    if "name" in values:
        values = {**values, "name": _name(values["name"], NO_ACCOUNT_NAME)}
        lock_kind(Account)
        _refuse_taken(values["name"], but=account.id)
        name, root = {"name": values["name"]}, root_unit(account)
        revise("rename_unit", root, name, account_id=account.id, effective_on=day)
    if revise("change_account", account, values, account_id=account.id, effective_on=day):
        account.search_text = search_text([account.name, account.latin_name])
        raise_revision([account.id])
    return account


def root_unit(account: Account) -> Unit:
    """The unit that stands for the whole account."""
    root = db.session.scalar(
        select(Unit).where(Unit.account_id == account.id, Unit.is_root).limit(1)
    )
    if root is None:
        raise NotFound(
            "{account} has no root unit; `relmap check` says more.", account=account.name
        )
    return root


def open_unit(
    account: Account,
    name: str,
    *,
    day: date,
    parent: Unit | None = None,
    after: date | None = None,
    external_id: str | None = None,
) -> Unit:
    """A unit stands from ``day`` on; it was not there on ``after`` (``None``: unknown)."""
    lock(account)
    parent = parent or root_unit(account)
    _refuse_other_account(parent, account)
    name = _name(name, NO_UNIT_NAME)
    beside = select(Unit.name).where(Unit.parent_id == parent.id, Unit.ends_on.is_(None))
    if caseless(name) in map(caseless, db.session.scalars(beside)):
        raise Refused("{parent} has a unit {name} already.", parent=parent.name, name=name)
    unit = Unit(
        account_id=account.id,
        parent_id=parent.id,
        name=name,
        starts_after=after,
        starts_on=day,
        external_id=external_id,
    )
    add("open_unit", unit, account_id=account.id)
    raise_revision([account.id])
    return unit


def _refuse_other_account(unit: Unit, account: Account) -> None:
    if unit.account_id != account.id:
        raise Refused("{unit} is not a unit of {account}.", unit=unit.name, account=account.name)


def rename_unit(unit: Unit, name: str, *, day: date) -> Unit:
    """The unit is called otherwise from ``day`` on; earlier days keep the old name."""
    lock(unit)
    values = {"name": _name(name, NO_UNIT_NAME)}
    if revise("rename_unit", unit, values, account_id=unit.account_id, effective_on=day):
        raise_revision([unit.account_id])
    return unit


def move_unit(unit: Unit, parent: Unit, *, day: date) -> Unit:
    """The unit belongs to another parent from ``day`` on; a circle is refused."""
    lock(unit, parent)  # two moves at once could close a circle that neither sees
    _refuse_other_account(parent, unit.account)
    above: Unit | None = parent
    while above is not None:
        if above.id == unit.id:
            raise Refused(
                "{parent} is part of {unit}: neither can contain the other.",
                parent=parent.name,
                unit=unit.name,
            )
        above = above.parent
    values = {"parent_id": parent.id}
    if revise("move_unit", unit, values, account_id=unit.account_id, effective_on=day):
        raise_revision([unit.account_id])
    return unit


def close_unit(unit: Unit, day: date, *, after: date | None = None) -> Unit:
    """The unit is no more from ``day`` on; its posts and its units must have ended before."""
    lock(unit)
    if unit.ends_on is not None:
        raise Refused(
            "{unit} was closed on {ends_on} already.", unit=unit.name, ends_on=unit.ends_on
        )
    if unit.is_root:
        raise Refused("{unit} stands for the account itself and is not closed.", unit=unit.name)
    open_part = db.session.scalar(
        select(Unit.name).where(Unit.parent_id == unit.id, _stands_after(Unit, day)).limit(1)
    ) or db.session.scalar(
        select(Post.title).where(Post.unit_id == unit.id, _stands_after(Post, day)).limit(1)
    )
    if open_part:
        raise Refused(
            "{unit} still has {open_part}. Close or move that first.",
            unit=unit.name,
            open_part=open_part,
        )
    _refuse_not_after(day, unit.starts_on, unit.name)
    values = {"ends_on": day, "ends_after": after}
    revise("close_unit", unit, values, account_id=unit.account_id)
    raise_revision([unit.account_id])
    return unit


def _stands_after(kind: type[Unit | Post], day: date) -> ColumnElement[bool]:
    return or_(kind.ends_on.is_(None), kind.ends_on > day)


def _refuse_not_after(day: date, start: date, what: str) -> None:
    if day <= start:
        raise Refused("The day must come after {start}, when {what} began.", start=start, what=what)


def open_post(
    unit: Unit,
    title: str,
    *,
    day: date,
    after: date | None = None,
    vacant: bool = False,
    **fields: Any,
) -> Post:
    """A seat stands in a unit from ``day`` on; level and function are guessed unless given.

    ``fields`` are columns of :class:`~relmap.models.Post`. ``vacant`` says that nobody sits there;
    otherwise the holder is unknown until a tenure begins.
    """
    lock(unit)
    title = _name(title, NO_POST_TITLE)
    _check_post_fields(fields)
    given = {key: fields.get(key) is not None for key in ("level", "function")}
    level = fields.pop("level", None) or guess_level(title)
    function = fields.pop("function", None) or guess_function(title)
    post = Post(
        unit_id=unit.id,
        title=title,
        level=level,
        function=function,
        level_is_given=given["level"],
        function_is_given=given["function"],
        starts_on=day,
        starts_after=after,
        vacant_since=day if vacant else None,
        **fields,
    )
    add("open_post", post, account_id=unit.account_id)
    raise_revision([unit.account_id])
    return post


def _check_post_fields(fields: Mapping[str, Any]) -> None:
    if (level := fields.get("level")) is not None:
        refuse_unknown(level, LEVELS, N_("{value!r} is no level: {known}."))
    if (function := fields.get("function")) is not None:
        refuse_unknown(function, FUNCTIONS, N_("{value!r} is no function: {known}."))
    if fields.get("seats") is not None and fields["seats"] < 1:
        raise Refused("A post has one seat at least.")
    weight = fields.get("decision_weight")
    if weight is not None and not 0 <= weight <= 1:
        said = "A decision weight lies between 0 and 1; {weight} does not."
        raise Refused(said, weight=weight, about="decision_weight")
    _check_months(fields)


def change_post(post: Post, values: Mapping[str, Any], *, day: date | None = None) -> Post:
    """Change a post's title, level, function, weight, seats, term or month of review.

    With a ``day`` the world changed then and earlier days keep the old; without, it was on file
    wrongly and no day keeps it.
    """
    _check_post_fields(values)
    values = dict(values)
    values.update({f"{key}_is_given": True for key in ("level", "function") if key in values})
    lock(post)
    account_id = post.unit.account_id
    refuse_changed_later(post, values, day)
    if revise("change_post", post, values, account_id=account_id, effective_on=day):
        raise_revision([account_id])
    return post


def report_to(post: Post, superior: Post | None, *, day: date | None = None) -> Post:
    """The post reports to another one (from ``day`` on); a circle is refused."""
    lock(post)  # two lines at once could close a circle that neither sees
    account_id = post.unit.account_id
    above = superior
    while above is not None:
        if above.id == post.id:
            raise Refused(
                "{superior} reports to {post} already.",
                superior=superior and superior.title,
                post=post.title,
            )
        above = above.reports_to
    values = {"reports_to_id": None if superior is None else superior.id}
    if revise("report_to", post, values, account_id=account_id, effective_on=day):
        raise_revision([account_id])
    return post


def mark_vacant(post: Post, day: date | None, *, on: date | None = None) -> Post:
    """Nobody sits in the post since ``day``; ``None``: somebody does, unknown to us.

    ``on`` is the day from which that holds, where it is not ``day``.
    """
    lock(post)
    if day is not None and _has_holder(post, day):
        raise Refused("{post} has a holder. End that tenure first.", post=post.title)
    account_id = post.unit.account_id
    values = {"vacant_since": day}
    if revise("mark_vacant", post, values, account_id=account_id, effective_on=on or day):
        raise_revision([account_id])
    return post


def _has_holder(post: Post, day: date) -> bool:
    query = select(Tenure.id).where(Tenure.post_id == post.id, Tenure.holding(day))
    return db.session.scalar(query.limit(1)) is not None


def close_post(post: Post, day: date, *, after: date | None = None) -> Post:
    """The seat itself is no more from ``day`` on; its tenures must have ended before."""
    lock(post)
    if post.ends_on is not None:
        raise Refused(
            "{post} was closed on {ends_on} already.", post=post.title, ends_on=post.ends_on
        )
    if _has_holder(post, day):
        raise Refused("Somebody still holds {post}. End that tenure first.", post=post.title)
    ahead = select(Tenure.starts_on).where(Tenure.post_id == post.id, Tenure.starts_on > day)
    if (starts_on := db.session.scalar(ahead.limit(1))) is not None:
        raise Refused(
            "Somebody is announced for {post} from {day}. Take that back first.",
            post=post.title,
            day=starts_on,
        )
    _refuse_not_after(day, post.starts_on, post.title)
    account_id = post.unit.account_id
    revise("close_post", post, {"ends_on": day, "ends_after": after}, account_id=account_id)
    raise_revision([account_id])
    return post
