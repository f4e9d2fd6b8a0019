"""Forecasts are made where due, stored, read back, and handed to rules in the view."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import func, select

from relmap import graph, jobs
from relmap.cli import main
from relmap.contracts import AccountView, codec
from relmap.errors import NotFound
from relmap.facts import projects, structure
from relmap.insight.outlook import spells_of
from relmap.maintenance.erase import erase_person
from relmap.models import (
    Account,
    BookRate,
    Forecast,
    Foresight,
    Person,
    PostOutlook,
    Score,
    Tenure,
    db,
    utc_now,
    writing,
)
from relmap.results.reports import outlooks
from relmap.results.reports.forecasts import read_forecasts, read_foresight, with_outlook
from relmap.results.runs import forecasting, thinning
from relmap.results.runs.book_rates import rate_elsewhere

DAY, NEXT = date(2026, 7, 1), date(2026, 7, 2)
SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "forecast.json"


@pytest.fixture
def busy(staffed):
    """Director Lin and buyer Wu with a past: other directors came and went, on to one project."""
    staffed.post("Deputy", "manager")
    with writing():
        account = db.session.get_one(Account, staffed.id)
        post = staffed.tenure("Lin").post
        projects.open_project(account, "Socket", stage="sample", posts=[post])
    staffed.sit("Chen", "Deputy", date(2025, 2, 1))
    return staffed


def radar():
    db.session.rollback()
    columns = (PostOutlook.on, PostOutlook.post_id, PostOutlook.holder_count)
    return sorted(map(tuple, db.session.execute(select(*columns))))


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def p365(firm, day=DAY):
    rows = read_foresight(firm.id, day).forecasts
    return {db.session.get_one(Person, row.person_id).name: row.p365 for row in rows}


@pytest.mark.postgresql
def test_a_forecast_is_made_once_for_a_day_and_a_revision(busy):
    assert [row.id for row in forecasting.due_accounts(DAY)] == [busy.id]
    assert forecasting.forecast(busy.id, DAY, today=DAY)
    assert not forecasting.forecast(busy.id, DAY, today=DAY)
    assert forecasting.due_accounts(DAY) == []
    assert [row.id for row in forecasting.due_accounts(NEXT)] == [busy.id]
    busy.leave("Wu", DAY)
    assert [row.id for row in forecasting.due_accounts(DAY)] == [busy.id]
    assert forecasting.forecast(busy.id, DAY, today=DAY)
    assert set(p365(busy)) == {"Lin", "Chen"}
    assert (count(Foresight), count(Forecast)) == (1, 2)


@pytest.mark.postgresql
def test_a_forecast_that_somebody_stored_meanwhile_stays(busy, meanwhile, monkeypatch):
    stored, build = [], graph.view

    def overtaken(account_id, day, *, measures):
        monkeypatch.setattr(graph, "view", build)
        view = build(account_id, day, measures=measures)
        assert meanwhile(lambda: forecasting.forecast(busy.id, DAY, today=DAY))
        stored.extend(meanwhile(lambda: list(db.session.scalars(select(Foresight.computed_at)))))
        return view

    monkeypatch.setattr(graph, "view", overtaken)
    assert not forecasting.forecast(busy.id, DAY, today=DAY)
    assert list(db.session.scalars(select(Foresight.computed_at))) == stored
    assert len(stored) == 1


def test_each_holder_has_chances_that_grow_with_the_horizon(busy):
    forecasting.forecast(busy.id, DAY, today=DAY)
    seen = read_foresight(busy.id, DAY)
    assert {row.source for row in seen.forecasts} == {"model"}
    assert all(0 < row.p90 < row.p180 < row.p365 < 1 for row in seen.forecasts)
    assert all(
        low <= row.p365 <= high for row in seen.forecasts for low, high in [row.bands["p365"]]
    )
    assert all(row.basis for row in seen.forecasts)


@pytest.mark.postgresql
def test_what_is_known_comes_before_what_was_learnt(busy):
    leaving = date.today() + timedelta(days=30)
    busy.leave("Lin", leaving)
    with writing():
        busy.tenure("Wu").term_ends_on = date.today() + timedelta(days=100)
    today = date.today() + timedelta(days=1)
    forecasting.forecast(busy.id, today, today=today)
    found = {row["person"]: row for row in outlooks.as_json([busy.id], today)}
    assert (found["Lin"]["source"], found["Lin"]["p90"]) == ("announced", 1.0)
    assert found["Wu"]["source"] == "term"
    assert found["Chen"]["source"] == "model"


def test_the_document_of_a_forecast_has_the_promised_shape(busy):
    document = json.loads(json.dumps(jobs.forecast_accounts([busy.id], DAY, today=DAY)))
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)
    (lin,) = [row for row in document if row["person"] == "Lin"]
    assert (lin["account"], lin["unit"], lin["post"]) == ("Jingfeng", "Purchasing", "Director")
    assert (lin["held_since"], lin["seen_since"]) == ("2025-01-01", "2025-01-01")
    chances = [row["chance"] for row in lin["successors"]]
    assert sum(chances) + lin["outside"] == pytest.approx(1)
    assert all("{" not in row["reason"] for row in lin["successors"])


def test_the_stored_document_tells_waves_and_how_likely_they_are(busy):
    forecasting.forecast(busy.id, DAY, today=DAY)
    (wave,) = read_foresight(busy.id, DAY).document["waves"]
    assert wave["people"] == [f"person:{busy.person(name).id}" for name in ("Lin", "Chen")]
    assert sum(wave["chances"]) == pytest.approx(1)
    assert (wave["horizon"], wave["tenures"]) == (180, 3)
    assert wave["value"] <= wave["value_after"]


def test_the_stored_document_names_nobody(busy):
    forecasting.forecast(busy.id, DAY, today=DAY)
    document = read_foresight(busy.id, DAY).document
    text = json.dumps(document, ensure_ascii=False)
    assert not [name for name in ("Lin", "Wu", "Chen", "Wang", "Socket") if name in text]
    assert [row["project"] for row in document["projects"]] == ["project:1"]
    assert document["projects"][0]["people"] == [f"person:{busy.person('Wang', side='us').id}"]
    assert document["plan"]["visits"] == len(document["plan"]["steps"])


def test_the_view_of_rules_holds_the_forecast_of_its_day_and_no_other(busy):
    forecasting.forecast(busy.id, DAY, today=DAY)
    plain = graph.view(busy.id, DAY)
    seen = with_outlook(plain)
    assert plain.outlook == ()
    assert {row.tenure for row in seen.outlook} == {row.ref for row in seen.open_tenures}
    stored = read_foresight(busy.id, DAY).forecasts
    for row, found in zip(seen.outlook, stored, strict=True):
        assert codec.plain(row.bands) == found.bands is not None
        assert codec.plain(row.basis) == found.basis != []
        assert (row.held_since, row.mirrors_imports) == (found.held_since, found.mirrors_imports)
    assert seen.digest != plain.digest
    assert AccountView.from_json(seen.to_json()) == seen
    assert with_outlook(graph.view(busy.id, NEXT)).outlook == ()
    assert forecasting.foreseen_view(busy.id, NEXT, today=NEXT).outlook != ()


def test_scores_rest_on_the_view_with_the_forecast(busy, here):
    done = jobs.sweep(DAY, runner=here)
    assert done.forecast == done.scored == [busy.id]
    digests = set(db.session.scalars(select(Score.view_digest)))
    assert digests == {with_outlook(graph.view(busy.id, DAY)).digest}
    again = jobs.sweep(DAY, runner=here)
    assert (again.forecast, again.scored) == ([], [])


@pytest.mark.postgresql
def test_another_arithmetic_makes_forecasts_and_scores_due(busy, here, monkeypatch):
    jobs.sweep(DAY, runner=here)
    monkeypatch.setattr(forecasting, "VERSION", forecasting.VERSION + 1)
    done = jobs.sweep(DAY, runner=here)
    assert done.forecast == done.scored == done.scanned == [busy.id]


def test_a_forecast_that_breaks_leaves_scores_and_other_accounts_whole(
    busy, make_firm, here, monkeypatch
):
    other = make_firm("Other")
    whole = forecasting.document_of

    def broken(view):
        if view.account.ref.id == busy.id:
            raise ZeroDivisionError
        return whole(view)

    monkeypatch.setattr(forecasting, "document_of", broken)
    done = jobs.sweep(DAY, runner=here)
    assert (done.broken, done.forecast) == ([busy.id], [other.id])
    assert done.scored == [busy.id, other.id]


@pytest.mark.postgresql
def test_the_rate_of_the_book_is_fitted_once_a_day_and_leaves_the_account_out(busy, make_firm):
    other = make_firm("Other")
    assert rate_elsewhere(busy.id, DAY) is None
    other.post("Chief", "director")
    other.sit("Ono", "Chief", date(2025, 7, 1))
    other.leave("Ono", date(2026, 1, 1))
    assert rate_elsewhere(busy.id, DAY) is None  # of the same day
    rate = rate_elsewhere(busy.id, NEXT)
    assert (rate.ends, rate.tenures) == (1, 1)
    assert rate.person_years == pytest.approx(184 / 365)
    assert rate_elsewhere(other.id, NEXT).ends == 0
    assert count(BookRate) == 2


@pytest.mark.postgresql
def test_invented_accounts_lend_their_rate_to_invented_ones_only(busy, make_firm):
    invented, another = make_firm("Invented"), make_firm("Another")
    with writing():
        for firm in (invented, another):
            db.session.get_one(Account, firm.id).is_sample = True
    invented.post("Chief", "director")
    invented.sit("Ono", "Chief", date(2025, 7, 1))
    invented.leave("Ono", date(2026, 1, 1))
    assert rate_elsewhere(busy.id, DAY) is None
    assert rate_elsewhere(another.id, DAY).ends == 1
    assert rate_elsewhere(invented.id, DAY) is None


def test_an_account_that_came_after_the_fit_has_no_part_in_it(busy, make_firm):
    first = make_firm("Other")
    assert rate_elsewhere(first.id, DAY).tenures == 3
    assert rate_elsewhere(make_firm("Newer").id, DAY).tenures == 3


def test_who_sits_in_a_post_twice_over_leaves_it_once(busy, make_firm):
    """Two lists may tell of one seat: an ended tenure within an open one is no leaving."""
    other = make_firm("Other")
    other.post("Chief", "director")
    other.sit("Ono", "Chief", date(2025, 1, 1))
    tenure = other.tenure("Ono")
    with writing():
        within = Tenure(
            post_id=tenure.post_id,
            person_id=tenure.person_id,
            starts_on=date(2025, 6, 1),
            ends_on=date(2026, 1, 1),
            basis=tenure.basis,
            precision=tenure.precision,
        )
        db.session.add(within)
    lent = rate_elsewhere(busy.id, DAY)
    (spell,) = spells_of(graph.view(other.id, DAY))
    assert spell.ends_on is None
    assert (lent.ends, lent.tenures) == (0, 1)
    assert lent.person_years == pytest.approx((DAY - spell.starts_on).days / 365)


def test_a_write_in_one_account_changes_no_other_forecast_of_the_day(busy, make_firm, here):
    other = make_firm("Other")
    other.post("Chief", "director")
    other.sit("Ono", "Chief", date(2025, 7, 1))
    jobs.sweep(DAY, runner=here)
    before = p365(busy)
    other.leave("Ono", DAY)
    done = jobs.sweep(DAY, runner=here)
    assert (done.forecast, done.scored) == ([other.id], [other.id])
    assert p365(busy) == before


def test_nobody_in_post_is_an_empty_forecast_and_not_due_again(make_firm):
    empty = make_firm("Empty")
    assert forecasting.forecast(empty.id, DAY, today=DAY)
    assert forecasting.due_accounts(DAY) == []
    assert read_foresight(empty.id, DAY).forecasts == ()
    assert outlooks.as_json([empty.id], DAY) == []


def test_an_unknown_account_is_not_found(context):
    with pytest.raises(NotFound):
        forecasting.forecast(4711, DAY, today=DAY)
    assert read_foresight(4711, DAY) is None


@pytest.mark.postgresql
def test_the_newest_foresight_at_or_before_a_day_is_read(busy):
    forecasting.forecast(busy.id, DAY, today=DAY)
    assert read_foresight(busy.id, NEXT).on == DAY
    assert read_foresight(busy.id, DAY - timedelta(days=1)) is None


@pytest.mark.postgresql
def test_the_radar_keeps_the_rows_of_the_newest_day(busy):
    forecasting.forecast(busy.id, NEXT, today=NEXT)
    forecasting.forecast(busy.id, DAY, today=NEXT)
    assert set(db.session.scalars(select(PostOutlook.on))) == {NEXT}


@pytest.mark.postgresql
@pytest.mark.parametrize("days", [1, 30])
def test_a_forecast_of_a_day_ahead_never_takes_the_radar_over(busy, days):
    ahead = DAY + timedelta(days=days)
    forecasting.forecast(busy.id, ahead, today=DAY)
    assert count(PostOutlook) == 0
    forecasting.forecast(busy.id, DAY, today=DAY)
    before = radar()
    assert {on for on, *_ in before} == {DAY}
    forecasting.forecast(busy.id, ahead, today=DAY)
    assert radar() == before
    busy.leave("Lin", DAY)
    forecasting.forecast(busy.id, ahead, today=DAY)
    assert radar() == before
    forecasting.forecast(busy.id, DAY, today=DAY)
    assert {(on, holders) for on, _, holders in radar()} == {(DAY, 0), (DAY, 1)}


def test_the_command_for_tomorrow_leaves_the_radar_to_today(busy, runner):
    today = utc_now().date()
    for day in (today, today + timedelta(days=1)):
        assert runner.invoke(main, ["forecast", "--on", str(day)]).exit_code == 0
    assert {on for on, *_ in radar()} == {today}
    busy.leave("Lin", today)
    assert runner.invoke(main, ["forecast"]).exit_code == 0
    assert {(on, holders) for on, _, holders in radar()} == {(today, 0), (today, 1)}


def test_a_past_day_is_forecast_from_what_was_true_by_then(busy):
    busy.leave("Lin", DAY)
    with writing():
        ended = db.session.scalars(select(Tenure).where(Tenure.ends_on == DAY)).one()
        ended.end_recorded_at += timedelta(days=1)
    past = DAY - timedelta(days=60)
    forecasting.forecast(busy.id, past, today=past)
    assert set(p365(busy, past)) == {"Lin", "Wu", "Chen"}
    assert {row.source for row in read_foresight(busy.id, past).forecasts} == {"model"}


@pytest.mark.postgresql
def test_who_is_erased_has_no_name_in_a_forecast(busy):
    forecasting.forecast(busy.id, DAY, today=DAY)
    with writing():
        erase_person(busy.person("Lin").id)
    names = {row["person"] for row in outlooks.as_json([busy.id], DAY)}
    assert names == {"a former contact", "Wu", "Chen"}


@pytest.mark.postgresql
def test_old_forecasts_are_thinned_to_month_ends(busy):
    days = [date(2026, 3, 30), date(2026, 3, 31), DAY]
    for day in days:
        forecasting.forecast(busy.id, day, today=day)
    with writing():
        for row in db.session.scalars(select(Foresight).where(Foresight.on < DAY)):
            row.computed_at -= timedelta(days=4000)
        thinning.thin(DAY)
    assert set(db.session.scalars(select(Foresight.on))) == set(days[1:])
    assert set(db.session.scalars(select(Forecast.on))) == set(days[1:])
    assert set(db.session.scalars(select(BookRate.on))) == {DAY}


@pytest.mark.postgresql
def test_a_policy_declared_today_says_nothing_of_who_left_before(make_firm):
    firm = make_firm("Rotating")
    firm.post("Buyer", "manager")
    for number in range(4):
        since = date(2014 + 3 * number, 4, 1)
        firm.sit(f"Buyer {number}", "Buyer", since)
        if number < 3:
            firm.leave(f"Buyer {number}", date(2017 + 3 * number, 4, 1))
    with writing():
        account = db.session.get_one(Account, firm.id)
        structure.change_account(account, {"rotation_months": 36, "review_month": 4}, day=DAY)
    forecasting.forecast(firm.id, DAY, today=DAY)
    (row,) = read_forecasts(firm.id, DAY)
    assert row.source == "policy"
    assert row.basis[0]["tenures"] == 0
