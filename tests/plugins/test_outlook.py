"""Outlook: how ready we are for the changes to come, and what we are warned of."""

from datetime import date

import pytest
from relmap_plugins.outlook import (
    CoverageAtRisk,
    DecidingPosts,
    HandoverWithoutMeeting,
    Settings,
    UnknownSuccessor,
    WaveBegins,
)

from relmap.contracts import AccountView, Alert, Bands, NotApplicable, Score
from relmap.insight import coverage
from relmap.testing import AccountBuilder, check_rule

DAY = "2026-07-01"


def office() -> AccountBuilder:
    """A director whom we know well, and a deputy below whom nobody has met."""
    made = AccountBuilder().owner("Wang").post("Director", level="director")
    made.post("Deputy director", level="lead", reports_to="Director")
    made.tenure("Lin", "Director", since="2022-01-01")
    made.tenure("Zhao", "Deputy director", since="2024-01-01")
    return made.tie("Sato", "Lin", level="trusted_advisor", judged="2026-06-01")


def foreseen(made: AccountBuilder, day: str = DAY, **chances: float) -> AccountView:
    """The view of a day with the chance of each holder to leave within a year, by name."""
    for name, chance in chances.items():
        made.outlook(name, p90=chance / 4, p180=chance / 2, p365=chance)
    return made.view(day)


def alerts(rule, view: AccountView, before: AccountView | None = None) -> list[Alert]:
    return list(rule.check(before or view, view))


# --- the score


def test_readiness_is_what_we_shall_know_of_who_decides():
    view = foreseen(made := office(), Lin=0.5, Zhao=0.1)
    found = DecidingPosts().score(view)
    assert isinstance(found, Score)
    known = coverage(view, made.ref("Lin"))
    assert found.points == pytest.approx(25 * 0.5 * known)
    (row,) = found.evidence
    assert row.refs[0] == made.ref("Director")
    assert row.values == {
        "change": 50,
        "known": round(50 * known),
        "today": round(100 * known),
    }


def test_the_likelier_the_change_the_less_ready_we_are():
    points = [
        DecidingPosts().score(foreseen(office(), Lin=chance)).points for chance in (0.0, 0.3, 0.9)
    ]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == 3


def test_to_meet_the_deputy_is_proposed_through_who_could_go():
    made = office()
    found = DecidingPosts().score(foreseen(made, Lin=0.9))
    (step,) = found.actions
    assert (step.refs[0], step.owner) == (made.ref("Zhao"), made.ref("Wang"))
    assert 0 < (step.gain or 0) < 25


def test_without_a_forecast_or_a_decider_nothing_is_judged():
    assert isinstance(DecidingPosts().score(office().view(DAY)), NotApplicable)
    assert isinstance(DecidingPosts().score(AccountBuilder().view(DAY)), NotApplicable)


# --- a decider whose coverage rests on people likely to go


def test_a_decider_likely_to_go_is_told_where_no_likely_successor_is_known():
    made = office()
    (alert,) = alerts(CoverageAtRisk(), foreseen(made, Lin=0.9))
    assert alert.refs[:2] == (made.ref("Lin"), made.ref("Director"))
    assert alert.severity == "warning"
    assert alert.actions[0].owner == made.ref("Sato")
    assert alert.evidence[0].values["tenures"] == 30


def test_a_decider_likely_to_stay_is_not_told():
    assert alerts(CoverageAtRisk(), foreseen(office(), Lin=0.5)) == []


def test_a_decider_whose_deputy_we_know_may_go():
    made = office().tie("Sato", "Zhao", level="trusted_advisor", judged="2026-06-01")
    assert alerts(CoverageAtRisk(), foreseen(made, Lin=0.9)) == []


def test_a_go_between_likely_to_go_is_told_for_the_decider_behind():
    made = office().post("Head of quality", level="manager")
    made.tenure("Mori", "Head of quality", since="2024-01-01")
    made.post("Engineer", level="staff").tenure("Chen", "Engineer", since="2020-01-01")
    made.tie("Sato", "Chen", level="trusted_advisor", judged="2026-06-01")
    made.tie("Chen", "Mori", kind="friend", judged="2026-06-01")
    (alert,) = alerts(CoverageAtRisk(), foreseen(made, Chen=0.9))
    assert alert.refs[:2] == (made.ref("Chen"), made.ref("Head of quality"))
    made.tie("Sato", "Mori", level="trusted_advisor", judged="2026-06-01")
    assert alerts(CoverageAtRisk(), foreseen(made, Chen=0.9)) == []


def told(**forecast) -> tuple[str, dict]:
    """What the alert about a director likely to go says of the chance."""
    made = office().outlook("Lin", p365=0.9, **forecast)
    (alert,) = alerts(CoverageAtRisk(Settings(horizon=90, likely=0.05)), made.view(DAY))
    return alert.evidence[0].text, dict(alert.evidence[0].values)


def test_a_chance_is_told_of_the_horizon_that_is_asked_for():
    text, values = told(p90=0.4)
    assert "about {percent} %" in text
    assert (values["days"], values["percent"]) == (90, 40)


def test_a_short_history_is_told_as_the_band_of_that_horizon():
    text, values = told(p90=0.4, bands=Bands((0.1, 0.5), (0.2, 0.7), (0.5, 0.95)), tenures=8)
    assert "{low} to {high} %" in text
    assert (values["low"], values["high"], values["tenures"]) == (10, 50, 8)
    assert "percent" not in values


def test_a_figure_that_mirrors_the_lists_is_told_of_half_a_year():
    _, values = told(p90=0.4, p180=0.6, mirrors_imports=True)
    assert (values["days"], values["percent"]) == (180, 60)


# --- a successor nobody of ours knows


def test_a_deputy_whom_nobody_knows_is_told_before_the_director_changes():
    made = office()
    (alert,) = alerts(UnknownSuccessor(), foreseen(made, Lin=0.9))
    assert alert.refs[:2] == (made.ref("Zhao"), made.ref("Director"))
    assert alert.actions[0].owner == made.ref("Wang")
    assert alerts(UnknownSuccessor(), foreseen(made, Lin=0.3)) == []


def test_a_deputy_whom_we_know_is_no_news():
    made = office().tie("Sato", "Zhao", level="trusted_advisor", judged="2026-06-01")
    assert alerts(UnknownSuccessor(), foreseen(made, Lin=0.9)) == []


def test_a_vacant_seat_has_likely_successors_too():
    made = office().post("Head of quality", level="manager", vacant_since="2026-06-01")
    made.post("Deputy head of quality", level="lead", reports_to="Head of quality")
    made.tenure("Mori", "Deputy head of quality", since="2024-01-01")
    found = alerts(UnknownSuccessor(), foreseen(made))
    assert [row.refs[0] for row in found] == [made.ref("Mori")]


# --- an announced handover with no meeting in the calendar


def leaving(until: str = "2026-09-01") -> AccountBuilder:
    made = AccountBuilder().owner("Wang").post("Director", level="director")
    made.tenure("Lin", "Director", since="2022-01-01", until=until, announced_on="2026-06-01")
    return made


@pytest.mark.parametrize(
    ("until", "severity"), [("2026-09-01", "warning"), ("2026-07-20", "urgent")]
)
def test_an_announced_handover_without_a_meeting_is_told(until, severity):
    made = leaving(until)
    (alert,) = alerts(HandoverWithoutMeeting(), made.view(DAY))
    assert (alert.severity, alert.values["day"]) == (severity, until)
    assert alert.actions[0].owner == made.ref("Wang")


def test_a_step_or_a_promise_before_the_handover_is_a_meeting():
    step = leaving().next_step("Lin", due_on="2026-08-01", owner="Wang")
    promise = leaving().touch(
        "2026-06-20", "Wang", "Lin", next_step="come by", next_step_on="2026-08-01"
    )
    for made in (step, promise):
        assert alerts(HandoverWithoutMeeting(), made.view(DAY)) == []


def test_a_step_after_the_handover_comes_too_late():
    made = leaving().next_step("Lin", due_on="2026-09-02", owner="Wang")
    assert len(alerts(HandoverWithoutMeeting(), made.view(DAY))) == 1


def test_who_does_not_decide_hands_over_quietly():
    made = AccountBuilder().post("Clerk", level="staff")
    made.tenure("Lin", "Clerk", since="2022-01-01", until="2026-09-01", announced_on="2026-06-01")
    assert alerts(HandoverWithoutMeeting(), made.view(DAY)) == []


# --- a wave beginning


def department(left: int, stayed: int) -> AccountBuilder:
    made = AccountBuilder().post("Head", level="manager", unit="Quality")
    made.tenure("Head", "Head", since="2020-01-01")
    made.post("Engineer", level="staff", unit="Quality", seats=20)
    for number in range(left):
        until = date(2026, 6, 10 + number).isoformat()
        made.tenure(f"Gone {number}", "Engineer", since="2020-01-01", until=until)
    for number in range(stayed):
        made.tenure(f"There {number}", "Engineer", since="2020-01-01")
    return made


@pytest.mark.parametrize(
    ("left", "stayed", "is_wave"), [(3, 2, True), (2, 0, False), (3, 8, False), (4, 8, True)]
)
def test_a_wave_is_three_people_and_a_third_of_the_unit(left, stayed, is_wave):
    made = department(left, stayed)
    found = alerts(WaveBegins(), made.view(DAY), made.view("2026-06-01"))
    assert bool(found) == is_wave


def test_a_wave_is_told_once_and_sends_us_to_who_decides_there():
    made = department(3, 2)
    (alert,) = alerts(WaveBegins(), made.view(DAY), made.view("2026-06-01"))
    assert alert.severity == "urgent"
    assert [row.refs[0] for row in alert.actions] == [made.ref("Head")]
    assert [row.values["day"] for row in alert.evidence] == [
        "2026-06-10",
        "2026-06-11",
        "2026-06-12",
    ]
    assert alerts(WaveBegins(), made.view("2026-07-02"), made.view(DAY)) == []


def test_who_moves_inside_the_unit_has_not_left_it():
    made = department(3, 2).tenure("Gone 0", "Head", since="2026-06-10")
    assert alerts(WaveBegins(), made.view(DAY), made.view("2026-06-01")) == []


def test_announced_ends_make_a_wave_before_anybody_is_gone():
    made = AccountBuilder().post("Engineer", unit="Quality", level="staff", seats=5)
    for number in range(3):
        made.tenure(
            f"Going {number}",
            "Engineer",
            since="2020-01-01",
            until="2026-08-01",
            announced_on="2026-06-20",
        )
    (alert,) = alerts(WaveBegins(), made.view(DAY), made.view("2026-06-19"))
    assert alert.severity == "warning"


# --- all of them


@pytest.mark.parametrize(
    "rule", [CoverageAtRisk(), UnknownSuccessor(), HandoverWithoutMeeting(), WaveBegins()]
)
def test_each_alert_rule_keeps_its_word(rule):
    made = office().tenure(
        "Kim", "Director", since="2025-01-01", until="2026-08-01", announced_on="2026-06-01"
    )
    view = foreseen(made, Lin=0.9)
    assert check_rule(rule, made.view("2026-06-01"), view).status == "ok"


def test_the_score_keeps_its_word():
    assert check_rule(DecidingPosts(), foreseen(office(), Lin=0.4)).status == "ok"


# --- a start that is announced


def handed_over():
    made = AccountBuilder().owner("Wang").post("Director", level="director")
    made.tenure(
        "Lin", "Director", since="2022-01-01", until="2026-08-01", announced_on="2026-06-01"
    )
    return made.tenure("Bo", "Director", since="2026-08-01", start_announced_on="2026-06-01")


def test_the_handover_names_who_follows_and_from_when():
    view = handed_over().view("2026-07-01")
    (alert,) = HandoverWithoutMeeting().check(view, view)
    said = alert.evidence[-1]
    assert alert.text == "{0} hands over {1} ({2}) on {day}, and no meeting is planned before"
    assert (said.text, said.values["day"]) == ("{0} is announced as {1} from {day}", "2026-08-01")


ALL = (CoverageAtRisk(), UnknownSuccessor(), HandoverWithoutMeeting(), WaveBegins())


def told_by_all(view: AccountView, before: AccountView | None = None) -> list[Alert]:
    return [alert for rule in ALL for alert in alerts(rule, view, before) if not alert.is_over]


def test_one_handover_is_one_alert_with_all_that_hangs_on_it():
    """Told four times before: who goes, whom we lose with them, who follows and is a stranger."""
    made = handed_over().tie("Sato", "Lin", level="trusted_advisor", judged="2026-06-01")
    made.post("Head of quality", level="manager")
    made.tenure("Mori", "Head of quality", since="2024-01-01")
    made.tie("Lin", "Mori", kind="friend", judged="2026-06-01")
    (alert,) = told_by_all(foreseen(made, Lin=1.0))
    assert alert.severity == "urgent"
    texts = {row.text: row.refs for row in alert.evidence}
    bo, director = made.ref("Bo"), made.ref("Director")
    assert texts["None of us truly knows {0}, who follows in {1}"] == (bo, director)
    through = texts["Every warm path to {1} runs through {0}"]
    assert through == (made.ref("Lin"), made.ref("Head of quality"))
    assert [row.refs[0] for row in alert.actions] == [made.ref("Lin"), bo]


def test_who_is_announced_and_unknown_follows_for_sure():
    made = handed_over().next_step("Lin", due_on="2026-07-20", owner="Wang")
    (alert,) = told_by_all(made.view(DAY))  # the handover is in hand, the stranger is not
    assert alert.text == "{0} follows in {1} ({2}) on {day}, and none of us truly knows {0}"
    assert alert.severity == "urgent"


def closed_by(rule, made: AccountBuilder, day: str) -> list[tuple[str, str]]:
    """What was told on the day of these tests and is over on another: keys with reasons."""
    told = {alert.key for alert in alerts(rule, made.view(DAY)) if not alert.is_over}
    found = alerts(rule, made.view(day), made.view(DAY))
    return [(row.key, row.text) for row in found if row.is_over and row.key in told]


def test_when_the_day_has_come_nothing_is_told_as_still_to_come():
    made = handed_over()
    ((_, text),) = closed_by(HandoverWithoutMeeting(), made, "2026-08-01")
    assert text == "{0} left {1} on {day}"
    made = made.next_step("Lin", due_on="2026-07-20", owner="Wang")
    ((_, text),) = closed_by(UnknownSuccessor(), made, "2026-08-01")
    assert text == "{0} followed in {1}"
    gone = leave_likely()
    ((_, text),) = closed_by(CoverageAtRisk(), gone, "2026-09-01")
    assert text == "{0} is no longer {1}"


def leave_likely() -> AccountBuilder:
    """A director likely to go, as it turns out."""
    made = AccountBuilder().owner("Wang").post("Director", level="director")
    made.tenure("Lin", "Director", since="2022-01-01", until="2026-08-15")
    made.tie("Sato", "Lin", level="trusted_advisor", judged="2026-06-01")
    return made.outlook("Lin", p90=0.5, p180=0.8, p365=0.9)


def test_a_day_that_is_announced_takes_the_warnings_over():
    known = foreseen(office(), Lin=0.9)
    assert {alert.severity for alert in told_by_all(known)} == {"warning"}
    made = AccountBuilder().owner("Wang").post("Director", level="director")
    made.post("Deputy director", level="lead", reports_to="Director")
    made.tenure(
        "Lin", "Director", since="2022-01-01", until="2026-09-01", announced_on="2026-07-02"
    )
    made.tenure("Zhao", "Deputy director", since="2024-01-01")
    made.tie("Sato", "Lin", level="trusted_advisor", judged="2026-06-01")
    now = foreseen(made, "2026-07-02", Lin=1.0)
    over = {alert.key for rule in ALL for alert in alerts(rule, now, known) if alert.is_over}
    assert {alert.key for alert in told_by_all(known)} <= over
    assert len(told_by_all(now, known)) == 1


def test_a_meeting_that_is_planned_closes_the_alert():
    without, planned = handed_over(), handed_over()
    planned.next_step("Lin", due_on="2026-07-20", owner="Wang")
    found = alerts(HandoverWithoutMeeting(), planned.view("2026-07-02"), without.view(DAY))
    ((alert, is_over),) = [(row, row.is_over) for row in found]
    assert (alert.text, is_over) == ("A meeting is planned before {0} hands over {1}", True)


def test_an_announcement_taken_back_closes_the_alert():
    stays = AccountBuilder().owner("Wang").post("Director", level="director")
    stays.tenure("Lin", "Director", since="2022-01-01")
    found = alerts(HandoverWithoutMeeting(), stays.view("2026-07-02"), leaving().view(DAY))
    ((alert, is_over),) = [(row, row.is_over) for row in found]
    assert is_over
    assert alert.text == "{0} does not hand over {1}: that was taken back"


def test_nobody_against_us_is_asked_who_follows():
    made = office()
    (alert, *_) = alerts(CoverageAtRisk(), foreseen(made, Lin=0.9))
    assert alert.actions[0].text.startswith("Ask {0}")
    made.claim("Lin", "stance", "enemy", on="2026-06-01", observer="Sato")
    texts = {
        action.text
        for alert in alerts(CoverageAtRisk(), foreseen(made, Lin=0.9))
        for action in alert.actions
    }
    assert texts == {"Find out who would follow in {0}"}


def test_whoever_may_follow_again_is_told_and_not_closed_at_once():
    """The newcomer is as likely to go, and the same deputy may follow: one key, one alert."""
    made = office().tenure("Lin", "Director", since="2022-01-01", until="2026-07-10")
    made.tenure("Bo", "Director", since="2026-07-10")
    made.outlook("Bo", p90=0.5, p180=0.8, p365=0.9)
    found = alerts(UnknownSuccessor(), made.view("2026-07-20"), foreseen(office(), Lin=0.9))
    assert len({row.key for row in found}) == len(found)
    assert not [row for row in found if row.refs[0] == made.ref("Zhao") and row.is_over]


def test_who_hands_over_and_is_against_us_is_not_asked_who_follows():
    made = handed_over().claim("Lin", "stance", "enemy", on="2026-06-15", observer="Wang")
    (alert,) = HandoverWithoutMeeting().check(made.view(DAY), made.view(DAY))
    assert alert.actions[0].text == "Find out who will follow in {0}"
    assert not [row for row in alert.actions if "ask" in row.text]
