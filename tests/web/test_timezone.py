"""Whose today a page goes by: the user's, else the book's, and never the machine's."""

import re
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from relmap import imports
from relmap.cli import main
from relmap.errors import ImportHeld
from relmap.facts.structure import open_account
from relmap.facts.users import add_user, find_user
from relmap.models import Change, Person, Tenure, db, writing

from .forms import send

EARLY, LATE = "Pacific/Kiritimati", "Pacific/Pago_Pago"  # never on the same day


def day_in(zone: str):
    return datetime.now(ZoneInfo(zone)).date()


@pytest.fixture
def late_machine(monkeypatch):
    """The machine's clock is where the day begins last."""
    monkeypatch.setenv("TZ", LATE)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def book_in(app_with, late_machine):
    """``book_in(zone)`` is the application of a book with that zone, with Acme and its manager."""

    def make(zone: str | None):
        app = app_with(**({"RELMAP_TIMEZONE": zone} if zone else {}))
        with app.app_context(), writing():
            add_user("mia", role="manager", password="seven boats in a row")
            open_account("Acme", day=day_in(LATE) - timedelta(days=9))
        return app

    return make


def log_in(app):
    browser = app.test_client()
    send(browser, "/login", "/login", name="mia", password="seven boats in a row")
    return browser


def declare(browser, zone: str):
    """Declare a policy from the day on that it is in a zone."""
    path, day = "/accounts/1/policy", day_in(zone).isoformat()
    return send(browser, path, path, rotation_months="36", on=day)


def test_a_policy_is_declared_on_the_day_of_the_book(book_in):
    app = book_in(EARLY)
    assert declare(log_in(app), EARLY).status_code == 303
    words = ["account", "set", "Acme", "--review-month", "3", "--on", day_in(EARLY).isoformat()]
    assert CliRunner().invoke(main, words, obj=app).exit_code == 0


def test_where_no_zone_is_set_the_one_that_was_judged_by_is_named(book_in):
    app = book_in(None)
    answer = declare(log_in(app), EARLY)
    assert answer.status_code == 422
    assert "(UTC-11:00)." in answer.text
    words = ["account", "set", "Acme", "--review-month", "3", "--on", day_in(EARLY).isoformat()]
    assert "(UTC-11:00)." in CliRunner().invoke(main, words, obj=app).stderr


def test_a_user_keeps_the_zone_they_chose(book_in):
    app = book_in(LATE)
    browser = log_in(app)
    assert LATE in browser.get("/timezone").text
    assert send(browser, "/timezone", "/timezone", timezone=EARLY).status_code == 303
    assert "Time zone: Kiritimati" in browser.get("/accounts").text
    assert declare(browser, EARLY).status_code == 303
    with app.app_context():
        change = db.session.scalars(select(Change).where(Change.verb == "set_timezone")).one()
        assert (change.before, change.after) == ({"timezone": None}, {"timezone": EARLY})


def test_what_happened_is_told_by_the_clock_of_who_reads(book_in):
    browser = log_in(book_in("Asia/Taipei"))
    by_zone = {"Asia/Taipei": told_on(browser)}
    send(browser, "/timezone", "/timezone", timezone="Asia/Kathmandu")
    by_zone["Asia/Kathmandu"] = told_on(browser)
    for zone, told in by_zone.items():
        late = datetime.now(ZoneInfo(zone)).replace(tzinfo=None) - told
        assert timedelta(0) <= late < timedelta(minutes=5)


def told_on(browser) -> datetime:
    """The moment that the page says it is."""
    found = re.search(r"It is ([^<]*?, \d\d:\d\d) for you", browser.get("/timezone").text)
    return datetime.strptime(found[1], "%d %b %Y, %H:%M")  # noqa: DTZ007  # told without a zone


def test_the_page_offers_the_zone_of_every_place_and_takes_no_other(book_in):
    browser = log_in(book_in(None))
    assert '"America/Argentina/Buenos_Aires">Buenos Aires<' in browser.get("/timezone").text
    answer = send(browser, "/timezone", "/timezone", timezone="Mars/Phobos")
    assert answer.status_code == 422


def test_an_administrator_sets_the_zone_of_somebody(book_in):
    app = book_in(None)

    def run(*words):
        return CliRunner().invoke(main, ["user", "timezone", "mia", *words], obj=app)

    assert run("Asia/Taipei").output == "Days are judged for mia by Asia/Taipei.\n"
    assert "There is no time zone 'Taipei'" in run("Taipei").stderr
    run("none")
    with app.app_context():
        assert find_user("mia").timezone is None


# --- on which day of the book a moment falls that a list gives

MIDNIGHTS = [  # in summer and in winter, on the days that are an hour shorter or longer
    ("Asia/Shanghai", "2026-06-30T15:59:59Z", "2026-06-30"),
    ("Asia/Shanghai", "2026-06-30T16:00:00Z", "2026-07-01"),
    ("Asia/Shanghai", "2026-07-01T00:30:00+09:00", "2026-06-30"),
    ("Europe/Berlin", "2026-03-28T22:59:00Z", "2026-03-28"),
    ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29"),
    ("Europe/Berlin", "2026-03-29T21:59:00Z", "2026-03-29"),
    ("Europe/Berlin", "2026-03-29 22:00:00 UTC", "2026-03-30"),
    ("Europe/Berlin", "2026-10-25T22:59:00+0000", "2026-10-25"),
    ("Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26"),
    ("America/New_York", "2026-06-30T23:30:00-05:00", "2026-07-01"),
]
HEAD = "unit,post,person,starts_on"


def starts(app) -> dict[str, str]:
    """The day on which each person on record began."""
    with app.app_context():
        rows = db.session.execute(
            select(Person.name, Tenure.starts_on).join(Tenure, Tenure.person_id == Person.id)
        )
        return {name: str(day) for name, day in rows}


@pytest.mark.parametrize("zone", sorted({zone for zone, _, _ in MIDNIGHTS}))
def test_a_moment_in_a_list_falls_on_the_day_of_the_book(book_in, tmp_path, zone):
    app = book_in(zone)
    told = {f"Holder {n}": (at, day) for n, (of, at, day) in enumerate(MIDNIGHTS) if of == zone}
    rows = (f"Sales,Clerk {name},{name},{at}" for name, (at, _) in told.items())
    (tmp_path / "list.csv").write_text("\n".join([HEAD, *rows]))
    words = ["import", "snapshot", str(tmp_path / "list.csv"), "--account", "Acme"]
    done = CliRunner().invoke(main, [*words, "--on", "2026-11-01"], obj=app)
    assert done.exit_code == 0, done.output
    assert starts(app) == {name: day for name, (_, day) in told.items()}


def test_who_applies_a_list_elsewhere_moves_no_day_of_it(book_in):
    app = book_in("Asia/Shanghai")
    units = "".join(f"\nUnit {n},Head {n},Holder {n}," for n in range(4))
    late = f"{HEAD}\nUnit 0,Head 0,Holder 0,\nUnit 0,Clerk,Mira Holt,2026-06-30T16:00:00Z"
    options = {"account": "Acme", "cap": 10**6, "file_name": "list.csv"}
    with app.app_context():
        imports.import_snapshot(f"{HEAD}{units}".encode(), day=date(2026, 1, 5), **options)
        with pytest.raises(ImportHeld) as held:
            imports.import_snapshot(late.encode(), day=date(2026, 7, 5), complete=True, **options)
    browser, page = log_in(app), f"/imports/{held.value.import_id}"
    send(browser, "/timezone", "/timezone", timezone=LATE)
    assert send(browser, page, f"{page}/apply").status_code == 303
    assert starts(app)["Mira Holt"] == "2026-07-01"
