"""Rotation: one alert a departure: who knew, who followed, who introduces, where they went."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from relmap_plugins.rotation import PostVacated

from relmap.contracts import Alert
from relmap.testing import AccountBuilder, check_rule

BEFORE, NOW = "2026-01-01", "2026-07-01"


def office(level="staff") -> AccountBuilder:
    return AccountBuilder().post("Buyer", unit="Purchasing", level=level, function="purchasing")


def leave(made: AccountBuilder, *, followed: bool) -> AccountBuilder:
    made.tenure("Lin", "Buyer", since="2024-01-01", until="2026-03-01", nobody_yet=not followed)
    if followed:
        made.tenure("Chen", "Buyer", since="2026-03-01")
    return made


def alerts(made: AccountBuilder) -> list[Alert]:
    return list(PostVacated().check(made.view(BEFORE), made.view(NOW)))


def only(made: AccountBuilder) -> Alert:
    (found,) = alerts(made)
    return found


def tied(made: AccountBuilder) -> AccountBuilder:
    return made.tie("Wang", "Lin", level="vendor", judged="2025-06-01")


@pytest.mark.parametrize(
    ("level", "has_tie", "followed", "severity"),
    [
        ("staff", False, True, "note"),
        ("staff", False, False, "note"),
        ("staff", True, True, "warning"),
        ("staff", True, False, "urgent"),
        ("director", False, True, "warning"),
        ("director", False, False, "urgent"),
        ("director", True, True, "urgent"),
        ("director", True, False, "urgent"),
    ],
)
def test_the_severity_follows_tie_post_and_succession(level, has_tie, followed, severity):
    made = leave(office(level), followed=followed)
    if has_tie:
        tied(made)
    assert only(made).severity == severity


def test_a_lead_whom_all_ask_and_to_whom_many_report_decided():
    made = leave(office("lead"), followed=True)
    for number in range(9):
        name, title = f"Engineer {number}", f"Seat {number}"
        made.post(title, level="staff", reports_to="Buyer").tenure(name, title, since="2024-01-01")
        made.tie(name, "Lin", kind="advises", judged="2024-01-01")
    (found,) = (row for row in alerts(made) if made.ref("Lin") in row.refs)
    assert not made.view(NOW).is_deciding(made.view(NOW).post(made.ref("Buyer")))
    assert (found.severity, found.values["deciding"]) == ("warning", True)


def test_a_unit_that_closed_is_nobody_followed():
    made = AccountBuilder().unit("Plant", until="2026-03-01")
    made.post("Head", unit="Plant", level="staff", until="2026-03-01")
    made.tenure("Lin", "Head", since="2024-01-01", until="2026-03-01")
    found = only(tied(made))
    assert (found.severity, found.values["seat"]) == ("urgent", "unit_closed")


def test_warmth_from_contacts_alone_counts_as_a_tie():
    made = leave(office(), followed=True)
    for on in ("2025-11-01", "2025-12-01", "2025-12-20"):
        made.touch(on, "Wang", "Lin")
    assert only(made).severity == "warning"
    assert (
        only(leave(office(), followed=True).touch("2025-12-20", "Wang", "Lin")).severity == "note"
    )


def test_the_alert_names_person_post_and_unit_and_is_known_by_its_tenure():
    made = leave(office(), followed=True)
    found = only(made)
    assert found.refs == (made.ref("Lin"), made.ref("Buyer"), made.ref("Purchasing"))
    assert found.key == "tenure:1"
    assert {"seat": "replaced", "end_reason": "unknown", "ended_on": "2026-03-01"}.items() <= (
        found.values.items()
    )


def test_it_says_who_of_ours_knew_the_person_the_strongest_first():
    made = tied(leave(office(), followed=True)).tie(
        "Zhou", "Lin", level="trusted_advisor", judged="2025-12-01"
    )
    knew = [row for row in only(made).evidence if "had a tie" in row.text]
    assert [row.refs[0] for row in knew] == [made.ref("Zhou"), made.ref("Wang")]
    assert knew[0].values["relationship"] == "trusted_advisor"


def test_a_tie_that_was_ended_with_the_departure_still_knew():
    made = leave(office(), followed=True)
    made.tie("Wang", "Lin", level="vendor", judged="2025-06-01", until="2026-03-01")
    assert only(made).severity == "warning"


def test_it_says_who_followed_and_who_could_introduce_us():
    made = leave(office("director"), followed=True)
    made.post("Clerk", unit="Purchasing", level="staff").tenure("Wu", "Clerk", since="2024-01-01")
    made.tie("Zhou", "Wu", level="problem_solver", judged="2026-06-01")
    found = only(made)
    texts = {row.text: row.refs for row in found.evidence}
    assert texts["{0} followed in {1}"] == (made.ref("Chen"), made.ref("Buyer"))
    assert texts["{0} is warm and sits in the same unit"][0] == made.ref("Wu")
    (step,) = [row for row in found.actions if "introduce us" in row.text]
    assert (step.refs, step.owner) == ((made.ref("Wu"), made.ref("Chen")), made.ref("Zhou"))


def test_it_says_where_the_person_went():
    made = leave(office(), followed=True).tenure("Lin", "Planner", since="2026-03-01")
    texts = {row.text: row.refs for row in only(made).evidence}
    assert texts["{0} moved to {1}"] == (made.ref("Lin"), made.ref("Planner"))


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("retired", "{0} retired"),
        ("left_company", "{0} left the company"),
        ("unknown", "We do not know where {0} went"),
    ],
)
def test_without_another_post_the_reason_is_told(reason, text):
    made = office().tenure("Lin", "Buyer", since="2024-01-01", until="2026-03-01", reason=reason)
    assert text in [row.text for row in only(made).evidence]


def test_who_knew_the_person_is_asked_to_keep_the_thread():
    made = tied(leave(office(), followed=True))
    step = only(made).actions[-1]
    assert (step.refs, step.owner) == ((made.ref("Lin"), made.ref("Chen")), made.ref("Wang"))


def test_the_departed_does_not_introduce_the_successor_as_one_who_is_inside():
    made = tied(leave(office(), followed=True)).post("Clerk", unit="Purchasing")
    made.tenure("Lin", "Clerk", since="2026-03-01")
    made.tie("Zhou", "Lin", level="trusted_advisor", judged="2026-06-01")
    assert not [row for row in only(made).evidence if "is warm" in row.text]


def test_a_blank_seat_is_to_be_found_out():
    made = leave(office(), followed=False)
    assert only(made).actions[0].text == "Find out who will follow in {0}"


def test_a_successor_whom_nobody_of_us_knows_by_name_is_to_be_found_out():
    made = office().tenure("Lin", "Buyer", since="2024-01-01", until="2026-03-01")
    alert = only(made)
    assert "Somebody followed in {0}, we do not know who" in [row.text for row in alert.evidence]
    assert alert.actions[0].text == "Find out who followed in {0}"
    assert alert.severity == "note"


def test_a_confirmed_acting_holder_raises_nothing():
    made = office().tenure(
        "Lin", "Buyer", since="2025-06-01", until="2026-03-01", acting=True, reason="acting_ended"
    )
    assert alerts(made.tenure("Lin", "Buyer", since="2026-03-01")) == []


def test_the_rule_keeps_its_word():
    made = tied(leave(office("director"), followed=True))
    assert len(check_rule(PostVacated(), made.view(BEFORE), made.view(NOW)).alerts) == 1


# --- who is back


def test_the_headline_names_the_unit_and_the_day_as_exactly_as_it_is_known():
    exact = only(leave(office(), followed=True))
    assert exact.text == "{0} is no longer {1} ({2}): left on {ended_on}"
    made = office().tenure(
        "Lin", "Buyer", since="2024-01-01", until="2026-03-01", ends_after="2025-12-01"
    )
    assert only(made).text.endswith("left between {ended_after} and {ended_on}")
    assert only(made).values["ended_after"] == "2025-12-01"


def test_who_left_and_came_back_between_two_looks_has_not_left():
    made = leave(office(), followed=False).tenure("Lin", "Buyer", since="2026-05-01")
    assert alerts(made) == []


def test_who_left_twice_between_two_looks_is_told_once_by_the_later_day():
    made = leave(office(), followed=False)
    made.tenure("Lin", "Buyer", since="2026-05-01", until="2026-06-01")
    assert only(made).values["ended_on"] == "2026-06-01"


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(1, 200)), min_size=1, max_size=5))
def test_of_one_person_in_one_post_at_most_one_departure_stands(stays):
    """Away and there by turns, looked at every day that something changed."""
    made, day_of, standing = office(), date(2024, 1, 1), set()
    days = []
    for there, away in stays:
        begins, ends = day_of, day_of + timedelta(days=there)
        made.tenure("Lin", "Buyer", since=begins, until=ends)
        days += [begins, ends]
        day_of = ends + timedelta(days=away)
    before = made.view(days[0] - timedelta(days=1))
    for on in days:
        now = made.view(on)
        for alert in PostVacated().check(before, now):
            (standing.discard if alert.is_over else standing.add)(alert.key)
        assert len(standing) == (0 if on in days[::2] else 1)
        before = now


# --- the law: one alert a departure, however late it is entered

FIRST = date(2024, 1, 1)
SPAN = st.tuples(st.integers(0, 800), st.integers(1, 800), st.integers(0, 400))


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@given(st.lists(SPAN, min_size=1, max_size=5), st.lists(st.integers(1, 1999), max_size=8))
def test_every_departure_raises_exactly_one_alert_however_late_it_is_typed(spans, scans):
    """Each span: begins, lasts, and is typed in so many days after the end."""
    raised: list[str] = []
    seen = AccountBuilder().view(FIRST - timedelta(days=1))
    for scan in [*sorted(scans), 2000]:
        made = AccountBuilder()
        for number, (start, length, lag) in enumerate(spans):
            is_typed = start + length + lag <= scan
            made.post(f"Post {number}")
            if start <= scan:
                end = day(start + length) if is_typed else None
                made.tenure(f"P{number}", f"Post {number}", since=day(start), until=end)
            else:
                made._ref("tenure")  # the number is taken: it is typed in later
        now = made.view(day(scan))
        raised += [alert.key for alert in PostVacated().check(seen, now)]
        seen = now
    assert sorted(raised) == sorted(f"tenure:{number + 1}" for number in range(len(spans)))
