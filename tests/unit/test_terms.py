"""When a term is due: forecast, radar, ring and timeline give the one answer."""

from dataclasses import replace
from datetime import date

import pytest

from relmap.insight.outlook import forecast
from relmap.insight.seating import clock, due
from relmap.insight.terms import TermEnd
from relmap.results.reports.forecasts import outlook_rows
from relmap.results.runs.radar import post_outlooks
from relmap.testing import AccountBuilder
from relmap.web.timeline.occupancy import occupancies

TODAY = date(2026, 11, 21)


def book(**policy) -> AccountBuilder:
    policy = {"rotation_months": 36, "review_month": 3, "handover_months": 1} | policy
    made = AccountBuilder("Mingchuan", **policy)
    return made.post("Director", level="director", since="2015-01-01")


def began(day: str) -> dict[str, str]:
    return {"since": day, "starts_after": str(date.fromisoformat(day).replace(day=1))}


def by_policy() -> AccountBuilder:
    return book().tenure("Lin", "Director", **began("2024-02-10"))


def confirmed() -> AccountBuilder:
    made = book().tenure("Lin", "Director", **began("2023-05-10"), until="2024-05-10", acting=True)
    return made.tenure("Lin", "Director", **began("2024-05-10"))


def acting() -> AccountBuilder:
    return book().tenure("Lin", "Director", **began("2024-02-10"), acting=True)


def declared() -> AccountBuilder:
    return book().tenure("Lin", "Director", **began("2024-02-10"), term_ends_on="2027-01-31")


def passed() -> AccountBuilder:
    return book().tenure("Lin", "Director", **began("2024-02-10"), term_ends_on="2026-11-01")


def long_passed() -> AccountBuilder:
    return book(rotation_months=None).tenure(
        "Lin", "Director", **began("2024-02-10"), term_ends_on="2026-01-31"
    )


def since_ever() -> AccountBuilder:
    return book().tenure("Lin", "Director", since="2024-02-10")


def leaving() -> AccountBuilder:
    return book().tenure(
        "Lin", "Director", **began("2024-02-10"), until="2027-01-15", announced_on="2026-10-01"
    )


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (by_policy, TermEnd("policy", date(2027, 4, 15))),
        (confirmed, TermEnd("policy", date(2027, 4, 15))),  # from the day he began, acting
        (acting, None),
        (declared, TermEnd("term", date(2027, 1, 31))),
        (passed, TermEnd("term", date(2026, 11, 1), is_past=True)),
        (long_passed, None),  # prolonged: the term says nothing any more
        (since_ever, None),
        (leaving, TermEnd("announced", date(2027, 1, 15))),
    ],
)
def test_all_places_say_the_same_day(made, expected):
    view = made().view(TODAY)
    found = forecast(view)
    seen = replace(view, outlook=outlook_rows(found))
    (tenure,) = seen.open_tenures
    (row,) = post_outlooks(seen, found)
    (post,) = seen.posts
    drawn = occupancies(seen, post)[-1]
    assert (due(view, tenure), due(seen, tenure), drawn.due) == (expected,) * 3
    assert (row["due_on"], row["due_kind"]) == (
        (expected.on, expected.kind) if expected else (None, None)
    )
    whole = (expected.on - tenure.starts_on).days if expected else None
    assert clock(seen, tenure).term_days == whole
    assert row["share"] == clock(seen, tenure).share


def test_the_radar_keeps_to_what_the_forecast_knew_of_declarations():
    """Who left to the day before the policy was declared did not keep to it."""
    made = book(rotation_months=12, review_month=None, handover_months=None)
    for year in range(2005, 2025):
        made.tenure(f"Wu {year}", "Director", **began(f"{year}-02-10"), until=f"{year + 1}-02-10")
    made.tenure("Lin", "Director", **began("2025-09-10"))
    view = made.view(TODAY)
    known = forecast(view, declared_on={view.account.ref: TODAY})
    seen = replace(view, outlook=outlook_rows(known))
    (row,), (tenure,) = post_outlooks(seen, known), seen.open_tenures
    assert due(view, tenure) is None  # long past, by the view alone
    assert due(seen, tenure) == TermEnd("policy", date(2026, 9, 10), is_past=True)
    assert row["due_on"] == date(2026, 9, 10)
