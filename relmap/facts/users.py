"""The verbs about users: who logs in, with which password, and what is granted to them.

A password is kept as a salted scrypt hash and nowhere else; the audit log knows that it changed,
not to what. Names of users are kept case-folded: Mia and mia are one.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import func, select
from werkzeug.security import check_password_hash, generate_password_hash

from relmap.config import is_timezone
from relmap.contracts import N_
from relmap.contracts.signs import shown
from relmap.contracts.words import LANGUAGES
from relmap.errors import NotFound, Refused
from relmap.facts.audit import record
from relmap.facts.closed_lists import refuse_unknown
from relmap.facts.locks import lock, lock_kind
from relmap.models import Account, Change, Grant, Person, User, db

__all__ = [
    "LEAST_LENGTH",
    "ROLES",
    "UserRow",
    "add_user",
    "administrators",
    "change_own_password",
    "change_role",
    "deactivate",
    "ensure_admin",
    "find_user",
    "folded",
    "generated_password",
    "grant",
    "list_users",
    "note_log_in",
    "reactivate",
    "revoke",
    "set_language",
    "set_password",
    "set_timezone",
    "user_with",
]

ROLES: Final = ("administrator", "manager", "member")
LEAST_LENGTH: Final = 12
LEAST_CHARACTERS: Final = 5  # different ones
HASHED_BY: Final = "scrypt:32768:8:1"  # 32 MiB a guess: dear on the hardware that guesses fast
LONGEST_TYPED: Final = 5000
"""Characters of a name or password that are looked at: to sort the accents of 100,000 takes
minutes. More are no password: where four compose to one sign they are above 1000 still."""
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_GUESSED_FIRST: Final = """
    123456789012 1234567890123 12345678901234 123456123456 123123123123 012345678910 098765432109
    abcdefghijkl abcdefghijklm abcdef123456 abcd12345678 abc123456789 a12345678910 1q2w3e4r5t6y
    1qaz2wsx3edc 1qaz1qaz1qaz qazwsxedcrfv qwertyuiop12 qwertyuiop123 qwertyuiop[] qwerty123456
    qwertyqwerty 123456qwerty asdfghjkl123 zxcvbnm12345 password1234 password12345 password123456
    passwordpassword mypassword123 p@ssw0rd1234 passw0rd1234 administrator administrator1
    adminadminadmin admin1234567 admin12345678 admin123456789 welcome12345 welcome123456
    changeme1234 changemechangeme letmein12345 iloveyou1234 iloveyouiloveyou unbelievable
    woaini1314520 5201314woaini relmaprelmap relmap123456 relationship correcthorsebatterystaple
"""
COMMON: Final = frozenset(_GUESSED_FIRST.split())


def folded(name: str) -> str:
    """The form in which the name of a user is kept and compared."""
    words = unicodedata.normalize("NFKC", name[:LONGEST_TYPED]).casefold().split()
    return " ".join("".join(sign for sign in word if sign.isprintable()) for word in words)


def find_user(name: str) -> User:
    """The user of that name; raises ``NotFound``."""
    user = _find(name)
    if user is None:
        raise NotFound("There is no user {name!r}.", name=name)
    return user


def user_with(name: str, password: str) -> User | None:
    """The active user whom this name and password open, or ``None``.

    An unknown name costs the same work as a wrong password, so that nobody learns names by the
    time an answer takes.
    """
    user = _find(name)
    fits = check_password_hash(user.password_hash if user else _nobody(), _normal(password))
    return user if user is not None and fits and user.is_active else None


def add_user(
    name: str,
    *,
    role: str,
    password: str,
    person: Person | None = None,
    must_change_password: bool = False,
) -> User:
    """Let somebody in. Does not commit.

    Raises ``Refused`` for a name that is taken, a weak password, or a person of a client.
    """
    name = folded(name)
    if not 1 <= len(name) <= 300:
        raise Refused("A user needs a name of 1 to 300 characters.")
    refuse_unknown(role, ROLES, N_("{value!r} is no role. Choose one of {known}."))
    lock_kind(User)  # two at once would both find the name free
    if _find(name) is not None:
        raise Refused(
            "There is a user {name} already. Set the password of that one instead.", name=name
        )
    if person is not None and person.side != "us":
        raise Refused(
            "{person} is on the client's side: only our own people log in.", person=person.name
        )
    check_password(password, name)
    user = User(
        name=name,
        role=role,
        password_hash=_hashed(password),
        must_change_password=must_change_password,
        session_stamp=_stamp(),
        person_id=None if person is None else person.id,
    )
    db.session.add(user)
    db.session.flush()
    record("add_user", user, after={"name": name, "role": role, "person_id": user.person_id})
    return user


def set_password(user: User, password: str, *, must_change: bool = False) -> User:
    """Give a user another password and end all their sessions. Does not commit.

    Raises ``Refused`` for a weak password and for the present one.
    """
    check_password(password, user.name)
    lock(user)
    if check_password_hash(user.password_hash, _normal(password)):
        raise Refused("This is the present password. Choose another one.", about="new")
    user.password_hash = _hashed(password)
    user.session_stamp = _stamp()
    user.must_change_password = must_change
    db.session.flush()
    record("set_password", user, after={"must_change_password": must_change})
    return user


def change_own_password(user: User, *, current: str, new: str) -> User:
    """Set the password of somebody who knows the present one, else ``Refused``. Does not commit."""
    lock(user)  # of two at once the second is told that it is another by now
    if not check_password_hash(user.password_hash, _normal(current)):
        raise Refused("The present password is not right. Type it again.", about="current")
    return set_password(user, new)


def set_language(user: User, language: str | None) -> User:
    """Show a user everything in a language; ``None``: as the browser asks. Does not commit."""
    if language is not None and language not in LANGUAGES:
        raise Refused("There is no language {language!r}.", language=language)
    lock(user)
    before = user.language
    user.language = language
    db.session.flush()
    record("set_language", user, before={"language": before}, after={"language": language})
    return user


def set_timezone(user: User, timezone: str | None) -> User:
    """Judge days and moments for a user by a zone; ``None``: by the book's. Does not commit."""
    if timezone is not None and not is_timezone(timezone):
        raise Refused(
            "There is no time zone {timezone!r}. Give one like Asia/Taipei.",
            timezone=timezone,
            about="timezone",
        )
    lock(user)
    before = user.timezone
    user.timezone = timezone
    db.session.flush()
    record("set_timezone", user, before={"timezone": before}, after={"timezone": timezone})
    return user


def deactivate(user: User) -> User:
    """Let a user in no more and end their sessions; what they wrote stays theirs. Does not commit.

    Raises ``Refused`` for one who is deactivated, and for the last administrator.
    """
    lock_kind(User)  # else the last two administrators could go at once
    lock(user)
    if not user.is_active:
        raise Refused("{user} is deactivated already.", user=user.name)
    _refuse_last_administrator(user)
    user.is_active = False
    user.session_stamp = _stamp()
    db.session.flush()
    record("deactivate_user", user, before={"is_active": True}, after={"is_active": False})
    return user


def _refuse_last_administrator(user: User) -> None:
    if user.role == "administrator" and user.is_active and _administrator_count() == 1:
        raise Refused("{user} is the last administrator. Make another one first.", user=user.name)


def reactivate(user: User) -> User:
    """Let a deactivated user in again, with the password and the grants of before.

    Raises ``Refused`` for one who is active. Does not commit.
    """
    lock(user)
    if user.is_active:
        raise Refused("{user} is active already.", user=user.name)
    user.is_active = True
    user.session_stamp = _stamp()
    db.session.flush()
    record("reactivate_user", user, before={"is_active": False}, after={"is_active": True})
    return user


def change_role(user: User, role: str) -> User:
    """Give a user another role and end their sessions; grants count again for a member.

    Raises ``Refused`` for the last administrator. Does not commit.
    """
    refuse_unknown(role, ROLES, N_("{value!r} is no role. Choose one of {known}."))
    lock_kind(User)  # as in deactivate
    lock(user)
    if user.role == role:
        raise Refused("{user} is {role} already.", user=user.name, role=role)
    _refuse_last_administrator(user)
    before, user.role = user.role, role
    user.session_stamp = _stamp()
    db.session.flush()
    record("change_role", user, before={"role": before}, after={"role": role})
    return user


def note_log_in(user: User, address: str) -> None:
    """Put a log-in that succeeded on record. Does not commit."""
    record("log_in", user, after={"address": address})


@dataclass(frozen=True, slots=True)
class UserRow:
    """One user as lists tell them; ``grants`` by the names of the accounts."""

    id: int
    name: str
    role: str
    is_active: bool
    person: str | None
    last_login_at: datetime | None
    grants: Mapping[str, str]


def list_users() -> list[UserRow]:
    """All users by name, the deactivated ones too, with their grants and last log-ins."""
    at = (
        select(Change.fact_id, func.max(Change.at).label("at"))
        .where(Change.kind == User.__tablename__, Change.verb == "log_in")
        .group_by(Change.fact_id)
        .subquery()
    )
    granted: dict[int, dict[str, str]] = {}
    named = select(Grant.user_id, Account.name, Grant.right).join(Account)
    for user_id, account, right in db.session.execute(named.order_by(Account.name)):
        granted.setdefault(user_id, {})[account] = right
    rows = db.session.execute(
        select(User, Person.name, at.c.at)
        .outerjoin(Person, Person.id == User.person_id)
        .outerjoin(at, at.c.fact_id == User.id)
        .order_by(User.name)
    )
    return [
        UserRow(
            id=user.id,
            name=user.name,
            role=user.role,
            is_active=user.is_active,
            person=person,
            last_login_at=last,
            grants=granted.get(user.id, {}) if user.role == "member" else {},
        )
        for user, person, last in rows
    ]


def grant(user: User, account: Account, right: str) -> Grant:
    """Let a member read, or read and write, an account; the newest word counts. Does not commit."""
    if right not in ("read", "write"):
        raise Refused(
            "{right!r} is no right. Grant read, or write (which includes read).", right=right
        )
    lock(user)
    if user.role != "member":
        raise Refused(
            "{user} is {role} and reaches every account without a grant.",
            user=user.name,
            role=user.role,
        )
    held = _held(user, account)
    before: Mapping[str, Any] | None = None if held is None else {"right": held.right}
    if held is None:
        held = Grant(user_id=user.id, account_id=account.id, right=right)
        db.session.add(held)
    held.right = right
    db.session.flush()
    record("grant", held, before=before, after=_said(held), account_id=account.id)
    return held


def revoke(user: User, account: Account) -> None:
    """Take back what was granted; raises ``Refused`` where nothing was. Does not commit."""
    lock(user)
    held = _held(user, account)
    if held is None:
        raise Refused(
            "Nothing at {account} is granted to {user}.", account=account.name, user=user.name
        )
    record("revoke", held, before=_said(held), account_id=account.id)
    db.session.delete(held)
    db.session.flush()


def ensure_admin() -> str | None:
    """Make the user ``admin`` where there is no user at all. Does not commit.

    Returns the generated password, which is kept nowhere and must be changed at the first log-in;
    ``None`` where somebody can log in already.
    """
    lock_kind(User)
    if db.session.scalar(select(User.id).limit(1)) is not None:
        return None
    password = generated_password()
    add_user("admin", role="administrator", password=password, must_change_password=True)
    return password


def generated_password() -> str:
    """A password nobody chose, of 99 bits, in groups that can be read aloud."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def check_password(password: str, name: str) -> None:
    """Raise ``Refused`` for a password that is guessed early: short, common, or the name."""
    normal = _normal(password)
    plain = folded(password).replace(" ", "")
    if len(normal) < LEAST_LENGTH:
        raise Refused(
            "A password has at least {least} characters; this has {given}.",
            least=LEAST_LENGTH,
            given=len(normal),
            about="new",
        )
    if len(normal) > 1000:  # folding and comparing take time that anybody could make us spend
        raise Refused("A password has at most 1000 characters.", about="new")
    if plain in COMMON or len(set(plain)) < LEAST_CHARACTERS:
        said = "This password is among the first that are tried. Choose another one."
        raise Refused(said, about="new")
    if plain.replace(folded(name).replace(" ", ""), "").strip("0123456789!.-_") == "":
        raise Refused("The password is the name. Choose another one.", about="new")


def _find(name: str) -> User | None:
    return db.session.scalar(select(User).where(User.name == folded(name)))


def _normal(password: str) -> str:
    # Keyboards compose the same sign in two ways; of what is cut off here all is too long anyway.
    return unicodedata.normalize("NFKC", password[:LONGEST_TYPED])


def _hashed(password: str) -> str:
    return generate_password_hash(_normal(password), method=HASHED_BY)


@cache
def _nobody() -> str:
    """A hash no password fits, to be checked where there is no user."""
    return _hashed(secrets.token_urlsafe(32))


def _stamp() -> str:
    return secrets.token_urlsafe(24)


def _held(user: User, account: Account) -> Grant | None:
    query = select(Grant).where(Grant.user_id == user.id, Grant.account_id == account.id)
    return db.session.scalar(query)


def _said(held: Grant) -> dict[str, Any]:
    return {"user_id": held.user_id, "account_id": held.account_id, "right": held.right}


def administrators() -> list[str]:
    """The names of those who may do everything, as they can be printed."""
    query = select(User.name).where(User.role == "administrator", User.is_active)
    names = db.session.scalars(query.order_by(User.name))
    return [shown(name) for name in names]


def _administrator_count() -> int:
    condition = (User.role == "administrator") & User.is_active
    return db.session.scalar(select(func.count()).select_from(User).where(condition)) or 0
