"""Failed log-ins: who tries too often waits, longer each time.

Every attempt is counted before the password is looked at, so that a hundred at once are a hundred;
the one that succeeds is taken back. A name is counted over all addresses and an address over all
names. Names that do not exist are counted alike: waiting tells nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Final

from sqlalchemy import delete, or_, select

from relmap.errors import Refused
from relmap.facts.users import folded
from relmap.models import FailedLogin, db
from relmap.models.missing_rows import make_missing

__all__ = ["TooManyAttempts", "count_attempt", "forgive_attempt", "unlock"]

# With these a guesser gets about a hundred guesses a day at one name (docs/security.md), and one
# who mistypes waits for seconds.
FREE_BY_NAME: Final = 5
FREE_BY_ADDRESS: Final = 20  # an office behind one address mistypes more often than one person
FIRST_DELAY: Final = timedelta(seconds=10)
LONGEST_DELAY: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(hours=24)
CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""Between two machines; a failure further ahead is one of before the clock was set back."""


class TooManyAttempts(Refused):
    """Too many failed log-ins in a row; ``seconds`` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        if seconds < 120:
            super().__init__(
                "Too many attempts to log in. Wait {count} second, then try again.",
                many="Too many attempts to log in. Wait {count} seconds, then try again.",
                count=seconds,
            )
        else:
            super().__init__(
                "Too many attempts to log in. Wait {minutes} minutes, then try again.",
                minutes=ceil(seconds / 60),
            )
        self.seconds = seconds


def count_attempt(name: str, address: str, *, now: datetime) -> None:
    """Count an attempt to log in as if it failed. Does not commit.

    Raises ``TooManyAttempts``, and counts nothing, while the name or the address has to wait.
    """
    _forget_old(now)
    counts = [_locked(*key, now) for key in _keys(name, address)]
    limits = (FREE_BY_NAME, FREE_BY_ADDRESS)
    wait = max(_wait(count, free, now) for count, free in zip(counts, limits, strict=True))
    if wait > timedelta():
        raise TooManyAttempts(ceil(wait.total_seconds()))
    for count in counts:
        count.failure_count = _not_forgotten(count, now) + 1
        count.last_failed_at = now
    db.session.flush()


def forgive_attempt(name: str, address: str) -> None:
    """Take back the attempt that succeeded, and the name's failures before it. Does not commit.

    The address keeps what it failed with other names, else anybody with a user of their own could
    go on guessing others'.
    """
    by_name, by_address = (_find(*key) for key in _keys(name, address))
    if by_name is not None and by_address is not None:
        left = by_address.failure_count - by_name.failure_count
        by_address.failure_count = max(0, left)
    if by_name is not None:
        db.session.delete(by_name)
    db.session.flush()


def unlock(name: str) -> bool:
    """Let a name try again at once; ``False`` where nothing was counted. Does not commit.

    Addresses are forgotten too: whoever asks an administrator may sit behind one that waits.
    """
    kept = select(FailedLogin.id).where(FailedLogin.name == _short(folded(name)))
    was_counted = db.session.scalar(kept.limit(1)) is not None
    condition = or_(FailedLogin.name == _short(folded(name)), FailedLogin.name == "")
    db.session.execute(delete(FailedLogin).where(condition))
    return was_counted


def delay_after(failure_count: int, free: int) -> timedelta:
    """How long to wait after so many failures in a row: doubling, from the last free one on."""
    if failure_count < free:
        return timedelta()
    doublings = min(failure_count - free, 16)  # far past the longest delay; more would overflow
    return min(LONGEST_DELAY, FIRST_DELAY * (1 << doublings))


def _wait(count: FailedLogin, free: int, now: datetime) -> timedelta:
    """How much of its delay a count still has to wait: nothing where there is no delay.

    Two attempts at once are counted one after the other, so the last may lie a moment ahead.
    """
    delay = delay_after(count.failure_count, free)
    if not delay or count.last_failed_at > now + CLOCKS_DIFFER:
        return timedelta()
    return count.last_failed_at + delay - now


def _keys(name: str, address: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """The rows that count this attempt, always locked in this order."""
    return (_short(folded(name)) or "-", ""), ("", _network(address))


def _short(name: str) -> str:
    return name[:300]


def _network(address: str) -> str:
    """An IPv4 address, or the /64 that one IPv6 household or server has for itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))


def _locked(name: str, address: str, now: datetime) -> FailedLogin:
    """The row of a count, made if need be, locked until the unit of work ends."""
    new = {"name": name, "address": address, "failure_count": 0, "last_failed_at": now}
    make_missing(FailedLogin, [new])
    query = select(FailedLogin).where(FailedLogin.name == name, FailedLogin.address == address)
    # Of a hundred attempts at once each must see what the one before it counted.
    return db.session.scalars(
        query.with_for_update().execution_options(populate_existing=True)
    ).one()


def _not_forgotten(count: FailedLogin, now: datetime) -> int:
    """The failures that still count: one less for each longest delay without another."""
    quiet = max(0, int((now - count.last_failed_at) / LONGEST_DELAY))
    return max(0, count.failure_count - quiet)


def _find(name: str, address: str) -> FailedLogin | None:
    query = select(FailedLogin).where(FailedLogin.name == name, FailedLogin.address == address)
    return db.session.scalar(query.with_for_update())


def _forget_old(now: datetime) -> None:
    db.session.execute(
        delete(FailedLogin).where(FailedLogin.last_failed_at <= now - FORGOTTEN_AFTER)
    )
