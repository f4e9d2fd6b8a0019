"""Back-tests that somebody asked for: worked off by the sweep, once, whatever comes of it."""

from datetime import date, timedelta

import pytest

from relmap import jobs
from relmap.facts import people, structure, tenures
from relmap.models import BackTest, db, writing
from relmap.results.runs.back_tests import ask_back_test, asked_back_tests, newest_back_tests
from relmap.results.runs.past_forecasts import histories, rotation_back_test

DAY = date(2026, 7, 1)


def write_history() -> int:
    """The id of an account where each of six posts changed hands every other year."""
    with writing():
        account = structure.open_account("Nordwerk", day=date(2016, 1, 1))
        root = structure.root_unit(account)
        for number in range(6):
            post = structure.open_post(root, f"Director {number}", day=date(2016, 1, 1))
            for year in range(2016, 2026, 2):
                person = people.add_person(f"Person {number} of {year}")
                tenure = tenures.start_tenure(person, post, date(year, 4, 1))
                if year < 2024:
                    tenures.end_tenure(tenure, date(year + 2, 4, 1), reason="moved_inside")
        return account.id


@pytest.fixture
def rotating(context, filled) -> int:
    return filled(write_history)


def ask(account_id: int | None) -> int:
    with writing():
        ask_back_test(account_id, DAY)
    (number,) = asked_back_tests()
    return number


def test_a_policy_declared_later_is_not_known_at_the_days_before(rotating):
    asked = {"start": date(2019, 1, 1), "end": date(2025, 1, 1), "every_months": 12}
    before = rotation_back_test(histories(DAY), rotating, **asked, horizon=365, today=DAY)
    with writing():
        account = structure.find_account(rotating)
        structure.change_account(account, {"rotation_months": 24}, day=date(2024, 6, 1))
    after = rotation_back_test(histories(DAY), rotating, **asked, horizon=365, today=DAY)

    sources = {(row.on.year, row.source) for row in after.predictions}
    assert {source for year, source in sources if year < 2025} == {"model"}
    assert (2025, "policy") in sources
    earlier = [
        [row for row in found.predictions if row.on.year < 2025] for found in (before, after)
    ]
    assert earlier[0] == earlier[1]


@pytest.mark.postgresql
@pytest.mark.parametrize("of_book", [True, False])
def test_the_sweep_works_off_what_was_asked_once(rotating, here, of_book):
    account_id = None if of_book else rotating
    number = ask(account_id)
    assert jobs.sweep(DAY, runner=here).tested == [number]
    assert jobs.sweep(DAY, runner=here).tested == []
    done, waiting = newest_back_tests(account_id)
    assert (done.id, waiting) == (number, None)
    assert done.report["pairs"] == 6 * len(done.report["days"]) > 0
    assert 0 < done.report["brier"] < 1
    assert done.report["accounts"] == 1


@pytest.mark.parametrize("of_book", [True, False])
def test_page_and_command_give_one_result_with_the_rate_of_the_book(rotating, here, of_book):
    quiet_account()
    account_id = None if of_book else rotating
    asked = db.session.get_one(BackTest, ask(account_id))
    wanted = {
        "start": asked.first_on,
        "end": asked.last_on,
        "every_months": asked.every_months,
        "horizon": asked.horizon,
    }
    jobs.sweep(DAY, runner=here)
    stored = newest_back_tests(account_id)[0].report
    printed = rotation_back_test(
        histories(DAY, account_id), account_id, **wanted, today=DAY
    ).to_json()
    assert stored.pop("accounts") == (2 if of_book else 1)
    assert stored == {key: printed[key] for key in printed if key != "predictions"}


@pytest.mark.parametrize("of_book", [True, False])
def test_invented_accounts_have_no_part_in_a_test_of_real_ones(rotating, of_book):
    invented = quiet_account(is_sample=True)
    account_id = None if of_book else rotating
    assert set(histories(DAY, account_id)) == {rotating}
    assert set(histories(DAY, invented)) == {invented}


def test_a_book_of_invented_accounts_alone_is_tested_on_them(context):
    invented = quiet_account(is_sample=True)
    assert set(histories(DAY)) == {invented}


def quiet_account(*, is_sample: bool = False) -> int:
    """Another account, where nobody ever left."""
    with writing():
        account = structure.open_account("Stillwasser", day=date(2016, 1, 1))
        account.is_sample = is_sample
        root = structure.root_unit(account)
        for number in range(40):
            post = structure.open_post(root, f"Desk {number}", day=date(2016, 1, 1))
            tenures.start_tenure(people.add_person(f"Sitter {number}"), post, date(2016, 1, 1))
        return account.id


def test_a_report_names_nobody(rotating, here):
    ask(rotating)
    jobs.sweep(DAY, runner=here)
    assert "Person" not in str(newest_back_tests(rotating)[0].report)


def test_it_looks_no_further_than_what_has_come(rotating):
    asked = db.session.get_one(BackTest, ask(rotating))
    assert asked.last_on + timedelta(days=asked.horizon) <= DAY
    assert asked.first_on < asked.last_on


def test_one_that_waits_is_not_asked_for_again(rotating):
    assert ask(rotating) == ask(rotating)


def test_too_little_history_is_a_reason_and_no_failure(staffed, here):
    ask(staffed.id)
    done = jobs.sweep(DAY, runner=here)
    stored = newest_back_tests(staffed.id)[0]
    assert done.broken == []
    assert (stored.report is None) != (stored.refused is None)
