"""The lock-out: who tries too often waits, on both databases and with many at once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from relmap.facts.logins import (
    CLOCKS_DIFFER,
    FREE_BY_ADDRESS,
    FREE_BY_NAME,
    LONGEST_DELAY,
    TooManyAttempts,
    _wait,
    count_attempt,
    delay_after,
    forgive_attempt,
    unlock,
)
from relmap.models import FailedLogin, db, writing

pytestmark = pytest.mark.postgresql

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
HERE = "192.0.2.7"


@pytest.fixture(autouse=True)
def _context(app):
    with app.app_context():
        yield


def fail(name="mia", address=HERE, now=NOW, times=1):
    for _ in range(times):
        with writing():
            count_attempt(name, address, now=now)


def wait_of(name="mia", address=HERE, now=NOW):
    """Seconds to wait before this attempt, which is not counted."""
    try:
        with writing():
            count_attempt(name, address, now=now)
            raise InterruptedError
    except TooManyAttempts as refusal:
        return refusal.seconds
    except InterruptedError:
        return 0


def test_five_attempts_are_free_and_the_sixth_waits():
    fail(times=FREE_BY_NAME)
    assert wait_of() == 10
    assert wait_of(now=NOW + timedelta(seconds=10)) == 0


def test_the_delay_doubles_up_to_a_quarter_of_an_hour():
    assert [delay_after(count, 5).total_seconds() for count in range(4, 14)] == [
        0, 10, 20, 40, 80, 160, 320, 640, 900, 900,
    ]  # fmt: skip


@given(st.integers(0, 10_000), st.integers(1, 30))
def test_the_delay_never_shrinks_with_failures(count, free):
    assert timedelta() <= delay_after(count, free) <= delay_after(count + 1, free) <= LONGEST_DELAY


def test_a_name_waits_at_every_address():
    fail(times=FREE_BY_NAME)
    assert wait_of(address="198.51.100.1") == 10
    assert wait_of(name="kim") == 0


def test_the_name_counts_in_every_spelling():
    fail(name="Mia", times=3)
    fail(name=" MIA", times=2)
    assert wait_of(name="ｍｉａ") == 10


def test_names_that_do_not_exist_wait_alike():
    fail(name="no such user", times=FREE_BY_NAME)
    assert wait_of(name="no such user") == 10


def test_an_address_waits_whatever_names_it_tries():
    for number in range(FREE_BY_ADDRESS):
        fail(name=f"user {number}")
    assert wait_of(name="one more") == 10
    assert wait_of(name="one more", address="192.0.2.8") == 0


def test_one_server_has_one_count_for_all_its_ipv6_addresses():
    for number in range(FREE_BY_ADDRESS):
        fail(name=f"user {number}", address=f"2001:db8:1:2::{number:x}")
    assert wait_of(name="one more", address="2001:db8:1:2:ffff::1") == 10
    assert wait_of(name="one more", address="2001:db8:1:3::1") == 0


def test_an_ipv4_address_written_as_ipv6_is_the_same():
    for number in range(FREE_BY_ADDRESS):
        fail(name=f"user {number}", address=f"::ffff:{HERE}")
    assert wait_of(name="one more") == 10


def test_what_is_tried_while_waiting_is_not_counted():
    fail(times=FREE_BY_NAME)
    for _ in range(3):
        assert wait_of() == 10
    later = NOW + timedelta(seconds=10)
    fail(now=later)
    assert wait_of(now=later) == 20


def test_success_clears_the_name_and_what_it_cost_the_address():
    fail(times=4)
    fail(name="kim", times=1)
    fail()
    with writing():
        forgive_attempt("mia", HERE)
    counts = dict(db.session.execute(select(FailedLogin.name, FailedLogin.failure_count)).all())
    assert counts == {"kim": 1, "": 1}


def test_a_user_of_their_own_does_not_clear_the_address_for_guessing():
    for number in range(FREE_BY_ADDRESS - 1):
        fail(name=f"user {number}")
    fail(name="their own")
    with writing():
        forgive_attempt("their own", HERE)
    fail(name="one more")
    assert wait_of(name="yet one more") == 10


def test_an_administrator_unlocks_a_name():
    fail(times=FREE_BY_NAME)
    with writing():
        assert unlock("Mia")
        assert not unlock("kim")
    assert wait_of() == 0


def test_a_quiet_day_is_forgotten():
    fail(times=FREE_BY_NAME)
    fail(name="kim", now=NOW + timedelta(hours=25))
    names = set(db.session.scalars(select(FailedLogin.name)))
    assert names == {"kim", ""}
    assert wait_of(now=NOW + timedelta(hours=25)) == 0


def test_an_office_of_mistypers_is_not_shut_out_for_good():
    for hour in range(40):
        fail(name=f"user {hour}", now=NOW + timedelta(hours=hour))
    assert wait_of(name="one more", now=NOW + timedelta(hours=40)) == 0


def test_a_clock_set_back_locks_nobody_out():
    fail(times=FREE_BY_NAME)
    earlier = NOW - timedelta(days=300)
    assert wait_of(now=earlier) == 0
    fail(now=earlier)  # counted with those before: the next one waits as ever
    assert wait_of(now=earlier) == 20
    assert wait_of(now=earlier + timedelta(seconds=20)) == 0


@given(st.integers(1, 60), st.integers(-60, 60), st.booleans())
def test_nobody_waits_longer_than_the_longest_delay(failures, seconds, is_named):
    count = FailedLogin(failure_count=failures, last_failed_at=NOW)
    free = FREE_BY_NAME if is_named else FREE_BY_ADDRESS
    wait = _wait(count, free, NOW + timedelta(seconds=seconds))
    assert wait <= LONGEST_DELAY + CLOCKS_DIFFER
    assert failures >= free or wait == timedelta()


def test_colleagues_behind_one_address_do_not_wait_for_each_other():
    """Each is counted a moment after their clock was asked: what is free never waits."""
    for number in range(FREE_BY_ADDRESS):
        fail(name=f"user {number}", now=NOW - timedelta(milliseconds=number))


def test_who_guesses_for_a_day_gets_about_a_hundred_guesses():
    guesses, now = 0, NOW
    while now < NOW + timedelta(days=1):
        wait = wait_of(now=now)
        now += timedelta(seconds=wait)
        fail(now=now)
        guesses += 1
    assert FREE_BY_NAME < guesses <= 120


@pytest.mark.parametrize("name", ["", "\0", "x" * 5000, "1' OR '1'='1", "王小明"])
@pytest.mark.parametrize("address", ["", "not an address", HERE])
def test_whatever_is_typed_is_counted(name, address):
    fail(name, address, times=FREE_BY_NAME)
    assert wait_of(name, address) == 10


def test_a_hundred_at_once_are_a_hundred(app):
    passed, refused = [], []
    start = threading.Barrier(12)

    def attempt():
        with app.app_context():
            start.wait()
            try:
                with writing():
                    count_attempt("mia", HERE, now=NOW)
                passed.append(1)
            except TooManyAttempts:
                refused.append(1)

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), len(refused)) == (FREE_BY_NAME, 12 - FREE_BY_NAME)
    assert db.session.scalar(select(func.count()).select_from(FailedLogin)) == 2


def test_counts_outlive_a_restart(app, environment):
    from relmap.app import create_app

    fail(times=FREE_BY_NAME)
    db.session.remove()
    with create_app(environment).app_context():
        assert wait_of() == 10
        db.session.remove()
        db.engine.dispose()
