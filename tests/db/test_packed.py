"""What results repeat is kept packed, and read back as it was: of today, and of an older relmap."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from relmap import jobs
from relmap.maintenance.check import check_book
from relmap.models import Forecast, Foresight, Score, db, writing
from relmap.models.packed import LEAST, PackedJSON
from relmap.results.reports.forecasts import (
    outlook_rows,
    read_forecasts,
    read_foresight,
    with_outlook,
)
from relmap.results.reports.foresight import with_newest_forecasts
from relmap.results.runs import forecasting
from tests.db.conftest import Firm

DAY = date(2026, 7, 1)
WORDS = st.text(max_size=20) | st.integers() | st.booleans() | st.none()
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
ITEMS = st.recursive(
    WORDS | NUMBERS, lambda items: st.lists(items) | st.dictionaries(st.text(max_size=9), items)
)
LINE = {"text": "{0} is reached through {1}", "refs": ["person:7", "person:8"], "points": 0.25}


@pytest.fixture
def large(context, filled) -> Firm:
    """An account of twenty people."""
    return filled(_large_firm)


def _large_firm() -> Firm:
    firm = Firm()
    for number in range(20):
        firm.post(f"Post {number}", "director" if number < 8 else "staff")
        firm.sit(f"Person {number}", f"Post {number}", date(2023, 1 + number % 12, 1))
    for number in range(0, 20, 3):
        firm.tie("Wang", f"Person {number}", "problem_solver", date(2026, 1, 1))
    return firm


@given(document=st.lists(ITEMS) | st.dictionaries(st.text(max_size=9), ITEMS), copies=st.just(60))
def test_what_is_packed_comes_back_as_it_was(document, copies):
    column = PackedJSON()
    for value in (document, [document] * copies):
        stored = json.loads(json.dumps(column.process_bind_param(value, None)))
        assert column.process_result_value(stored, None) == value
    assert column.process_result_value(document, None) == document  # as an older relmap wrote it


@pytest.mark.postgresql
def test_rows_of_an_older_relmap_are_read_as_they_stand(staffed):
    evidence = [LINE] * 50
    with writing():
        db.session.add_all([_score(staffed, DAY, evidence), _score(staffed, DAY, [], "p.old")])
        db.session.flush()
        db.session.execute(
            text("UPDATE score SET evidence = :evidence WHERE rule_key = 'p.old'"),
            {"evidence": json.dumps(evidence)},
        )
    db.session.expire_all()
    assert [row.evidence for row in db.session.scalars(select(Score))] == [evidence, evidence]
    raw = dict(db.session.execute(text("SELECT rule_key, CAST(evidence AS TEXT) FROM score")).all())
    assert len(raw["p.s"]) < LEAST < len(raw["p.old"])


def _score(firm, day, evidence, key="p.s"):
    digests = {"settings_digest": "s", "view_digest": "v", "ruleset_digest": "r"}
    rule = {"plugin": "p", "rule_key": key, "rule_version": 1, "rule_title": "A rule", "weight": 1}
    row = {"account_id": firm.id, "on": day, "revision": 1, "status": "ok", "evidence": evidence}
    return Score(**digests, **rule, **row)


@pytest.mark.postgresql
def test_of_those_that_rest_on_the_same_one_says_it(large, monkeypatch):
    found, reckon = [], forecasting.outlook_of
    monkeypatch.setattr(
        forecasting,
        "outlook_of",
        lambda *args, **more: found.append(reckon(*args, **more)) or found[0],
    )
    forecasting.forecast(large.id, DAY, today=DAY)
    told = {row.tenure.id: row.basis for row in found[0]}
    assert len(set(told.values())) < len(told)
    stored = list(db.session.scalars(select(Forecast.basis)))
    assert sum(isinstance(basis, list) for basis in stored) == len(set(told.values()))

    plain = forecasting.graph.view(large.id, DAY)
    assert with_outlook(plain).outlook == outlook_rows(found[0])
    assert with_newest_forecasts(plain)[0].outlook == outlook_rows(found[0])
    read = {row.tenure_id: row.basis for row in read_forecasts(large.id, DAY)}
    assert read == {row.tenure_id: row.basis for row in read_foresight(large.id, DAY).forecasts}
    assert read == {
        key: json.loads(json.dumps(forecasting.codec.plain(basis))) for key, basis in told.items()
    }


def test_a_forecast_whose_basis_is_gone_is_not_read_as_one_without(large):
    forecasting.forecast(large.id, DAY, today=DAY)
    with writing():
        db.session.execute(text("DELETE FROM forecast WHERE basis LIKE '[%'"))
    db.session.expire_all()
    with pytest.raises(LookupError):
        read_forecasts(large.id, DAY)


def test_a_day_in_which_nothing_changed_costs_little(large):
    jobs.forecast_accounts([large.id], DAY, today=DAY)
    db.session.rollback()
    kept = "SELECT CAST(document AS TEXT) FROM foresight"
    (packed,) = db.session.execute(text(kept)).one()
    (whole,) = db.session.scalars(select(Foresight.document))
    assert len(packed) < len(json.dumps(whole)) / 4
    bases = list(db.session.scalars(text("SELECT CAST(basis AS TEXT) FROM forecast")))
    read = [row.basis for row in read_forecasts(large.id, DAY)]
    assert sum(map(len, bases)) < len(json.dumps(read)) / 4


@pytest.mark.parametrize("text_of_it", ['"no base64"', '"YWJj"'])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_cannot_be_unpacked_is_told(staffed, text_of_it):
    with writing():
        db.session.add(_score(staffed, DAY + timedelta(days=1), []))
        db.session.flush()
        db.session.execute(text("UPDATE score SET evidence = :text"), {"text": text_of_it})
    (found,) = check_book()
    assert (found.kind, found.ref.kind) == ("damaged", "score")
