"""Every form: nobody's save undoes a colleague's, and what was typed is not lost."""

import html
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import current_app
from sqlalchemy import select, text

from relmap import imports
from relmap.errors import ImportHeld
from relmap.facts import next_steps, people, structure, tenures
from relmap.facts.audit import acting_as
from relmap.facts.users import add_user, change_role, find_user, set_timezone
from relmap.hub.registry import registry_of, set_setting
from relmap.languages import day as day_text
from relmap.models import (
    Account,
    Alert,
    NextStep,
    Person,
    PluginHealth,
    PluginSetting,
    Post,
    Tenure,
    User,
    db,
    utc_now,
    writing,
)
from relmap.results.reports import alerts
from relmap.web.forms import Form

from .forms import form_of, send

TODAY = date.today()
BEGAN = TODAY - timedelta(days=500)
SOON, LATER = TODAY + timedelta(days=60), TODAY + timedelta(days=400)


@pytest.fixture
def book(app):
    """Mingchuan with a director, a next step and an alert; li and wang may do all to it."""
    with app.app_context(), writing():
        account = structure.open_account("Mingchuan", day=BEGAN, rotation_months=36)
        post = structure.open_post(structure.root_unit(account), "Director", day=BEGAN)
        person = people.add_person("林志明")
        tenure = tenures.start_tenure(person, post, BEGAN)
        step = next_steps.add_next_step(account, person, due_on=SOON, day=BEGAN)
        alert = Alert(account_id=account.id, plugin="rotation", rule_key="r", rule_version=1)
        alert.key, alert.text, alert.severity, alert.raised_on = "k", "Lin left", "note", TODAY
        db.session.add(alert)
        mei = add_user("mei", role="member", password="seven boats in a row")
        for name in ("wang", "li"):
            user = add_user(name, role="administrator", password="seven boats in a row")
        db.session.flush()
        return SimpleNamespace(
            account=account.id, post=post.id, tenure=tenure.id, step=step.id, alert=alert.id,
            ours=people.add_person("Wang Lei", side="us").id, li=user.id,
            mei=mei.id,
        )  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A form as one colleague fills it in, and what the other writes meanwhile."""

    path: str
    act: str
    filled: dict[str, str]
    meanwhile: Callable[[SimpleNamespace], object]
    mine: str  # told in the answer, as typed
    theirs: str
    before: Callable[[SimpleNamespace], object] = field(default=lambda _: None)


def change_policy(book, **values) -> None:
    values = values or {"rotation_months": 24}
    structure.change_account(db.session.get_one(Account, book.account), values, day=TODAY)


def change_post(book) -> None:
    structure.change_post(db.session.get_one(Post, book.post), {"term_months": 24}, day=TODAY)


def declare_term(book) -> None:
    tenures.set_term(db.session.get_one(Tenure, book.tenure), SOON, day=TODAY)


def leave(book) -> None:
    tenures.end_tenure(db.session.get_one(Tenure, book.tenure), SOON, reason="retired")


def stay(book) -> None:
    tenures.correct_end(db.session.get_one(Tenure, book.tenure), None)


def drop(book) -> None:
    step = db.session.get_one(NextStep, book.step)
    next_steps.drop_next_step(step, TODAY, because="he retires")


def meet(book) -> None:
    next_steps.do_next_step(db.session.get_one(NextStep, book.step), TODAY)


def reopen(book) -> None:
    next_steps.reopen_next_step(db.session.get_one(NextStep, book.step))


def close(book) -> None:
    alerts.close(book.alert, reason="a slip of the list")


def set_zone(book) -> None:
    set_timezone(find_user("wang"), "Etc/UTC")


def promote(book) -> None:
    change_role(db.session.get_one(User, book.mei), "administrator")


def set_people(book) -> None:
    set_setting(registry_of(current_app), "breadth", {"people": "30"})


POST, STEP, ALERT = "/posts/{post}", "/next-steps/{step}", "/alerts/{alert}"
HOLDER = POST + "/tenures/{tenure}"
POLICY = "/accounts/{account}/policy"
DAY = TODAY.isoformat()
CASES = {
    "PolicyForm": Case(POLICY, POLICY, {"handover_months": "2"}, change_policy, 'value="2"', "24"),
    "PostForm": Case(POST, POST + "/declared", {"weight": "0.8"}, change_post, 'value="0.8"', "24"),
    "TermForm": Case(
        POST,
        HOLDER + "/term",
        {"ends_on": LATER.isoformat()},
        declare_term,
        'value="{later}"',
        "{soon}",
    ),
    "LeaveForm": Case(
        POST, HOLDER + "/end", {"left_on": DAY, "reason": "promoted"}, leave, "{today}", "retired"
    ),
    "StayForm": Case(POST, HOLDER + "/stay", {}, stay, "Left on", "nothing", before=leave),
    "DoneForm": Case(STEP, STEP + "/done", {"on": DAY}, drop, "{today}", "he retires"),
    "DropForm": Case(
        STEP, STEP + "/drop", {"because": "she is ill"}, meet, "she is ill", "{today}"
    ),
    "ReopenForm": Case(STEP, STEP + "/reopen", {}, reopen, "Met on", "nothing", before=meet),
    "InHandForm": Case(
        ALERT, ALERT + "/acknowledge", {"until": SOON.isoformat()}, close, "{soon}", "a slip of"
    ),
    "CloseForm": Case(
        ALERT,
        ALERT + "/close",
        {"reason": "other", "words": "we know"},
        close,
        "we know",
        "a slip of",
    ),
    "TimezoneForm": Case(
        "/timezone",
        "/timezone",
        {"timezone": "Asia/Taipei"},
        set_zone,
        "selected>Taipei",
        "Etc/UTC",
    ),
    "RoleForm": Case(
        "/users",
        "/users/{mei}/role",
        {"role": "manager"},
        promote,
        'value="manager" selected',
        'rm-break">administrator<',
    ),
    "SettingsForm": Case(
        "/plug-ins", "/plug-ins/breadth/settings", {"people": "20"}, set_people, 'value="20"', "30"
    ),
}
WITHOUT_A_ROW = {"OfferForm", "PasswordForm"}  # a plan has a mark of its own


# --- what changes something without a version


HEAD = "account,unit,post,person,external_id"
LISTED = "\n".join([HEAD, *(f"Nord,Lab,Post {n},Person {n},p{n}" for n in range(9))])
LEFT = f"{HEAD}\nNord,Lab,Post 0,Person 0,p0"
IN_DOUBT = f"{HEAD}\nNord,Lab,Post 9,Person 0,q0"


def imported(day: str, text: str, **options: bool) -> int:
    told = imports.import_snapshot(
        text.encode(), file_name=f"{day}.csv", day=date.fromisoformat(day), cap=10**6, **options
    )
    assert told.import_id
    return told.import_id


def held_list(book) -> str:
    imported("2026-01-01", LISTED, yes=True)
    with pytest.raises(ImportHeld) as held:
        imported("2026-02-01", LEFT, complete=True)
    return f"/imports/{held.value.import_id}"


def applied_list(book) -> str:
    return f"/imports/{imported('2026-01-01', LISTED, yes=True)}"


def doubtful_list(book) -> str:
    imported("2026-01-01", LISTED, yes=True)
    return f"/imports/{imported('2026-02-01', IN_DOUBT, yes=True)}"


def suspended_rule(book) -> str:
    with writing():
        row = PluginHealth(plugin="breadth", rule_key="breadth.people_known", rule_version=1)
        row.suspended_at = utc_now()
        db.session.add(row)
    return "/plug-ins"


def gone_plugin(book) -> str:
    with writing():
        db.session.add(PluginSetting(plugin="gone", key="people", value=3))
    return "/plug-ins"


def active_user(book) -> str:
    return "/users"


@dataclass(frozen=True)
class Decided:
    """What is decided once: who decides it a second time is told what became of it."""

    ready: Callable[[SimpleNamespace], str]
    act: str
    told: str
    filled: dict[str, str] = field(default_factory=dict)


DECIDED = {
    "hub.forget": Decided(gone_plugin, "/plug-ins/gone/forget", "Nothing is stored of gone."),
    "hub.resume": Decided(
        suspended_rule, "/plug-ins/breadth/resume", "No rule of breadth is suspended."
    ),
    "imports.apply_held": Decided(held_list, "/apply", "Only one that is held can be applied."),
    "imports.resolve": Decided(doubtful_list, "/rows/2", "no longer waits", {"same": "different"}),
    "imports.undo": Decided(applied_list, "/undo", "Only an applied one can be undone."),
    "users.switch": Decided(active_user, "/users/{mei}/switch", "mei is deactivated already"),
}
NO_VERSION = {
    "account.ask_for_score": "asks for what is worked out; asked twice it is one",
    "outlook.ask": "the same",
    "rotation.ask_of_account": "the same",
    "rotation.ask_of_book": "the same",
    "what_if.ask": "the same",
    "hub.switch": "says itself which of the two shall hold: there is no other version",
    "taking_over.take_over": "has a mark of the plan: tests/web/test_taking_over.py",
    "auth.log_in": "of nobody else",
    "auth.logout": "of nobody else",
    "language.choose": "of nobody else, and of one word: the newest holds",
    "password.save": "asks for the present one: tests/db/test_two_at_once.py",
}


def test_every_address_that_changes_something_compares_versions_or_is_decided_once(app, book):
    adapter, compared = app.url_map.bind("localhost"), set()
    for name in CASES:
        compared.add(adapter.match(case_of(name, book).act, method="POST")[0])
    there = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}

    assert there - compared == DECIDED.keys() | NO_VERSION.keys()


def ready(app, book, visit, name: str):
    """Wang's browser, and the address and the fields of a form about what is to be decided."""
    case = DECIDED[name]
    with app.app_context():
        page = case.ready(book)
    act = case.act.format(**vars(book))
    act = act if act.startswith(page) else page + act
    client = visit("wang")
    sent = form_of(client.get(page).text, act, **case.filled)
    del sent["csrf_token"]  # each browser has its own
    return client, act, sent


@pytest.mark.parametrize("name", DECIDED)
def test_who_decides_what_a_colleague_decided_is_told_so(app, book, visit, name):
    client, act, sent = ready(app, book, visit, name)
    assert visit("li").post(act, data=sent).status_code == 303
    before = rows(app)
    answer = client.post(act, data=sent)

    assert (answer.status_code, rows(app) == before) == (422, True)
    assert DECIDED[name].told in html.unescape(answer.text)


@pytest.mark.postgresql
@pytest.mark.parametrize("name", DECIDED)
def test_what_two_decide_at_once_is_decided_by_one_of_them(app, book, visit, name):
    client, act, sent = ready(app, book, visit, name)
    both, clients = threading.Barrier(2), (client, visit("li"))

    def decide(client) -> tuple[int, str]:
        both.wait()
        answer = client.post(act, data=sent)
        return answer.status_code, html.unescape(answer.text)

    with ThreadPoolExecutor(2) as threads:
        (first, _), (second, told) = sorted(threads.map(decide, clients))
    assert (first, second) == (303, 422)
    assert DECIDED[name].told in told


def end_one() -> None:
    """A colleague writes what the held list would have told too."""
    person = db.session.scalars(select(Person).where(Person.name == "Person 8")).one()
    query = select(Tenure).where(Tenure.person_id == person.id)
    tenures.end_tenure(db.session.scalars(query).one(), date(2026, 1, 20))


@pytest.mark.postgresql
def test_a_held_list_changes_what_was_shown_or_nothing(app, book, visit):
    client, act, sent = ready(app, book, visit, "imports.apply_held")
    work(app, book.li, end_one)
    before = rows(app)
    answer = client.post(act, data=sent)
    assert (answer.status_code, rows(app) == before) == (409, True)
    assert "Somebody wrote while you had this list open" in answer.text
    assert client.post(act, data={}).status_code == 409

    again = form_of(answer.text, act)
    assert again["mark"] != sent["mark"]
    del again["csrf_token"]
    assert client.post(act, data=again).status_code == 303


@pytest.mark.postgresql
def test_a_held_list_that_is_applied_while_a_colleague_writes_is_shown_again(app, book, visit):
    client, act, sent = ready(app, book, visit, "imports.apply_held")
    answers = []
    other = threading.Thread(target=lambda: answers.append(client.post(act, data=sent)))

    def first() -> None:
        end_one()
        other.start()
        wait_for_a_lock(other)

    work(app, book.li, first)
    other.join()
    assert [answer.status_code for answer in answers] == [409]


def case_of(name: str, book) -> Case:
    """A case with its addresses and words filled in."""
    case = CASES[name]
    words = vars(book) | {"today": day_text(TODAY), "soon": day_text(SOON), "later": LATER}
    told = {key: getattr(case, key).format(**words) for key in ("path", "act", "mine", "theirs")}
    return replace(case, **told)


def work(app, who: int | None, write: Callable[[], object]) -> None:
    """One unit of work of a colleague's."""
    with app.app_context(), acting_as(who), writing():
        write()


def rows(app) -> dict[str, list]:
    """Everything that is stored, but who visits."""
    with app.app_context():
        return {
            table.name: sorted(map(repr, db.session.execute(select(table))))
            for table in db.metadata.sorted_tables
            if table.name not in ("user", "login_attempt")
        }


def test_every_form_about_a_row_is_among_the_cases(app):
    def below(kind: type) -> set[type]:
        return {kind}.union(*map(below, kind.__subclasses__()))

    kinds = {kind for kind in below(Form) if kind.__module__.startswith("relmap.")}
    sent = {kind.__name__ for kind in kinds if not kind.__subclasses__()}
    assert sent - WITHOUT_A_ROW == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_stale_form_changes_nothing_and_shows_both(app, book, visit, name):
    case, client = case_of(name, book), visit("wang")
    work(app, None, lambda: case.before(book))
    sent = form_of(client.get(case.path).text, case.act, **case.filled)
    work(app, book.li, lambda: case.meanwhile(book))
    before = rows(app)
    answer = client.post(case.act, data=sent)

    assert answer.status_code == 409
    assert rows(app) == before
    told = answer.text.split("<main")[1]
    assert case.mine in told
    assert case.theirs in told
    assert "Somebody saved this while you had it open." in told
    assert re.search(rf"\bli, <time[^>]*>{day_text(TODAY)}, ", told)


@pytest.mark.parametrize("name", CASES)
def test_the_same_form_is_stored_where_nobody_else_wrote(app, book, visit, name):
    case, client = case_of(name, book), visit("wang")
    work(app, None, lambda: case.before(book))
    before = rows(app)

    assert send(client, case.path, case.act, **case.filled).status_code == 303
    assert rows(app) != before


@pytest.mark.postgresql
@pytest.mark.parametrize("name", CASES)
def test_of_two_at_once_the_second_is_told_what_the_first_wrote(app, book, visit, name):
    case, client = case_of(name, book), visit("wang")
    work(app, None, lambda: case.before(book))
    sent = form_of(client.get(case.path).text, case.act, **case.filled)
    answers = []
    second = threading.Thread(target=lambda: answers.append(client.post(case.act, data=sent)))

    def first() -> None:
        case.meanwhile(book)
        second.start()
        wait_for_a_lock(second)

    work(app, book.li, first)
    second.join()
    assert [answer.status_code for answer in answers] == [409]
    assert case.theirs in answers[0].text


def wait_for_a_lock(other: threading.Thread) -> None:
    """Until somebody waits for what this unit of work holds; SQLite cannot say, nor needs to."""
    if db.engine.dialect.name == "sqlite":
        return
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as beside:
        while not beside.scalar(waiting):
            assert other.is_alive(), "It did not wait, and its answer came first."


# --- both versions, field by field


def sent_stale(app, book, visit, **filled):
    """The answer to a policy form that was filled in while li declared 24 months and March."""
    client, path = visit("wang"), f"/accounts/{book.account}/policy"
    sent = form_of(client.get(path).text, path, **filled)
    values = {"rotation_months": 24, "review_month": 3}
    work(app, book.li, lambda: change_policy(book, **values))
    return client, path, client.post(path, data=sent)


def policy(app, book) -> tuple:
    with app.app_context():
        row = db.session.get_one(Account, book.account)
        return row.rotation_months, row.review_month, row.handover_months, row.owner_id


def test_who_alone_changed_a_field_holds_and_both_is_asked(app, book, visit):
    told = {"rotation_months": "30", "handover_months": "2", "owner": str(book.ours)}
    client, path, answer = sent_stale(app, book, visit, **told)
    shown = form_of(answer.text, path)

    assert shown.getlist("versions-of") == [
        "rotation_months", "review_month", "handover_months", "owner"
    ]  # fmt: skip
    assert "take-rotation_months" not in shown
    assert (shown["take-review_month"], shown["take-handover_months"]) == ("theirs", "mine")
    assert (shown["rotation_months"], shown["handover_months"]) == ("30", "2")

    undecided = client.post(path, data=shown)
    assert undecided.status_code == 422
    assert "Say which of the two holds." in undecided.text
    assert policy(app, book) == (24, 3, None, None)
    again = form_of(undecided.text, path, **{"take-rotation_months": "mine"})
    assert again["take-review_month"] == "theirs"
    assert client.post(path, data=again).status_code == 303
    assert policy(app, book) == (30, 3, 2, book.ours)


def test_theirs_is_left_as_it_is_on_file(app, book, visit):
    client, path, answer = sent_stale(app, book, visit, rotation_months="30")
    chosen = form_of(answer.text, path, **{"take-rotation_months": "theirs"})
    before = rows(app)["change"]

    assert client.post(path, data=chosen).status_code == 303
    assert policy(app, book) == (24, 3, None, None)
    assert rows(app)["change"] == before


def test_what_is_stale_once_more_is_shown_once_more(app, book, visit):
    client, path, answer = sent_stale(app, book, visit, rotation_months="30")
    chosen = form_of(answer.text, path, **{"take-rotation_months": "mine"})
    work(app, book.li, lambda: change_policy(book, rotation_months=48))
    again = client.post(path, data=chosen)

    assert again.status_code == 409
    assert policy(app, book) == (48, 3, None, None)
    assert "take-rotation_months" not in form_of(again.text, path)


def test_who_changed_another_part_of_the_row_is_in_nobodys_way(app, book, visit):
    client, path = visit("wang"), f"/accounts/{book.account}/policy"
    sent = form_of(client.get(path).text, path, handover_months="2")
    work(app, book.li, lambda: change_policy(book, tier="B"))

    assert client.post(path, data=sent).status_code == 303


def test_a_row_that_was_taken_away_meanwhile_is_not_found(app, book, visit):
    client, path = visit("wang"), f"/posts/{book.post}"
    act = f"{path}/tenures/{book.tenure}/term"
    sent = form_of(client.get(path).text, act, ends_on=SOON.isoformat())
    work(app, book.li, lambda: tenures.withdraw_tenure(db.session.get_one(Tenure, book.tenure)))

    assert client.post(act, data=sent).status_code == 404
