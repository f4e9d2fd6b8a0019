"""Every route of the application, walked by everybody who must not pass.

A route that is not declared here fails the walk: whoever adds one says who may go where.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import blake2b
from types import SimpleNamespace

import pytest
from flask import Flask, request
from sqlalchemy import create_engine, select
from werkzeug.routing import Rule

from relmap.app import create_app
from relmap.facts.next_steps import add_next_step
from relmap.facts.people import add_person
from relmap.facts.structure import open_account, open_post, root_unit
from relmap.facts.tenures import start_tenure
from relmap.facts.ties import add_tie
from relmap.facts.touches import add_touch
from relmap.facts.users import grant
from relmap.models import Alert, Due, Import, ImportRow, User, db, utc_now, writing
from relmap.web.security.login import OPEN_TO_ALL

from .conftest import visitor

DAY = date(2026, 1, 5)
USERS = {
    "admin": ("administrator", None),
    "boss": ("manager", None),
    "writer": ("member", "write"),
    "reader": ("member", "read"),
    "stranger": ("member", None),
}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}

# Who gets in where. Of routes of an account a stranger sees nothing and a reader changes nothing.
FOR_EVERYBODY = {
    "accounts.index",
    "alerts.count",
    "alerts.index",
    "auth.logout",
    "home",
    "imports.index",
    "password.save",
    "password.show",
    "rotation.back_test",
    "rotation.index",
    "rotation.learning",
    "timezone.save",
    "timezone.show",
}
OF_AN_ACCOUNT = {
    "account.ask_for_score",
    "account.grid",
    "account.history",
    "account.overview",
    "account.people",
    "account.score",
    "alerts.close_it",
    "alerts.show",
    "alerts.take_in_hand",
    "cultivate.data",
    "cultivate.show",
    "imports.apply_held",
    "imports.resolve",
    "imports.show",
    "imports.undo",
    "maps.data",
    "maps.show",
    "next_step.done",
    "next_step.drop",
    "next_step.reopen",
    "next_step.show",
    "outlook.ask",
    "outlook.of_account",
    "outlook.short",
    "person.show",
    "policy.save",
    "policy.show",
    "post.declare",
    "post.declare_term",
    "post.end",
    "post.show",
    "post.stay",
    "rotation.ask_of_account",
    "taking_over.show",
    "taking_over.take_over",
    "timeline.of_account",
    "what_if.ask",
    "what_if.scores",
    "what_if.show",
}
OF_ADMINISTRATORS = {
    "hub.forget",
    "hub.index",
    "hub.resume",
    "hub.save_settings",
    "hub.switch",
    "users.index",
    "users.save_role",
    "users.switch",
}
OF_WHO_WRITES_EVERY_ACCOUNT = {"rotation.ask_of_book"}
DECLARED = {
    *OPEN_TO_ALL,
    *FOR_EVERYBODY,
    *OF_AN_ACCOUNT,
    *OF_ADMINISTRATORS,
    *OF_WHO_WRITES_EVERY_ACCOUNT,
}


@pytest.fixture(scope="module")
def make_world(fresh_url, tmp_path_factory) -> Iterator[Callable[[], SimpleNamespace]]:
    """An application with a user of each kind and one of everything that a route can name."""
    made = []

    def make(ending: str = "") -> SimpleNamespace:
        instance = str(tmp_path_factory.mktemp("instance"))
        app = create_app({"RELMAP_DATABASE_URL": fresh_url(), "RELMAP_INSTANCE": instance})
        app.testing = True
        made.append(app)
        with app.app_context(), writing():
            return SimpleNamespace(app=app, values=_facts(ending))

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def world(make_world) -> SimpleNamespace:
    return make_world()


def _facts(ending: str) -> dict[str, object]:
    """One of everything, with this at the end of every text; what arguments of routes stand for."""
    account = open_account(f"Nordwerk{ending}", day=DAY, industry=ending, region=ending)
    open_account("Suedwerk", day=DAY)
    for name, (role, right) in USERS.items():
        user = User(name=name, role=role, password_hash="none", session_stamp=f"of {name}")
        db.session.add(user)
        db.session.flush()
        if right:
            grant(user, account, right)
    lin, ours = add_person(f"Lin{ending}", nickname=ending), add_person(f"Wang{ending}", side="us")
    post = open_post(root_unit(account), f"Purchasing Director{ending}", day=DAY)
    tenure = start_tenure(lin, post, DAY)
    add_tie(ours, lin, observed_on=DAY, level="vendor", note=ending)
    add_touch(DAY, "visit", [ours, lin], said=ending, next_step=ending)
    step = add_next_step(account, lin, owner=ours, day=DAY, due_on=DAY, what=f"ask{ending}")
    alert, import_ = _alert(account.id, ending), _import(account.id, ending)
    db.session.add_all([alert, import_])
    db.session.flush()
    row = _row(import_, lin.id, ending)
    db.session.add(row)
    db.session.flush()
    return {
        "account_id": account.id,
        "alert_id": alert.id,
        "import_id": import_.id,
        "name": "rotation",
        "person_id": lin.id,
        "post_id": post.id,
        "row": row.row,
        "step_id": step.id,
        "tenure_id": tenure.id,
        "row_id": row.id,
        "user_id": 4,  # of the reader
        "filename": "css/app.css",
    }


def _alert(account_id: int, ending: str) -> Alert:
    return Alert(
        account_id=account_id,
        plugin="rotation",
        rule_key="rotation.post_vacated",
        rule_version=1,
        key="tenure:1",
        text=f"Somebody left{ending}",
        severity="note",
        raised_on=DAY,
    )


def _import(account_id: int, ending: str) -> Import:
    header = ["unit", "post", "person"]
    return Import(
        kind="snapshot",
        file_name=f"list.csv{ending}",
        on=DAY,
        status="applied",
        applied_at=utc_now(),
        table={"header": header, "records": [[2, ["", f"Buyer{ending}", "Lin"]]]},
        account_ids=[account_id],
    )


def _row(import_: Import, person_id: int, ending: str) -> ImportRow:
    return ImportRow(
        import_id=import_.id,
        account_id=import_.account_ids[0],
        row=2,
        status="waiting",
        reason=f"Two people bear this name.{ending}",
        candidate_ids=[person_id],
        waits={},
    )


# --- the walk


def steps(app: Flask, endpoints: set[str]) -> Iterator[tuple[Rule, str]]:
    """Each rule of these endpoints with each of its methods."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in endpoints:
            assert rule.methods
            for method in sorted(rule.methods):
                yield rule, method


def path_of(world: SimpleNamespace, rule: Rule) -> str:
    values = {name: world.values[name] for name in rule.arguments}
    built = rule.build(values)
    assert built, f"{rule} needs values that the walk does not know"
    return built[1]


def digest(world: SimpleNamespace) -> str:
    """Of all rows of all tables except the counts of failed log-ins."""
    rows = []
    with world.app.app_context():
        for table in db.metadata.sorted_tables:
            if table.name != "failed_login":
                found = db.session.execute(select(table).order_by(*table.primary_key))
                rows.append((table.name, [tuple(row) for row in found]))
    return blake2b(repr(rows).encode()).hexdigest()


def walk(world, who, endpoints, methods, expected, **headers) -> list[str]:
    """What is wrong where this user goes there: another status, a change, no policy."""
    found = []
    client = visitor(world.app, who)
    for rule, method in steps(world.app, endpoints):
        if method not in methods:
            continue
        before = digest(world)
        answer = client.open(path_of(world, rule), method=method, headers=headers, buffered=True)
        here = f"{who or 'anonymous'}: {method} {rule}"
        if answer.status_code not in expected(method):
            found.append(f"{here} gives {answer.status_code}")
        if digest(world) != before:
            found.append(f"{here} changed the database")
        if "script-src 'nonce-" not in answer.headers.get("Content-Security-Policy", ""):
            found.append(f"{here} has no policy")
    return found


SAFE = {"GET", "HEAD"}
ALL = {*SAFE, "OPTIONS", *UNSAFE}
BEHIND_THE_GATE = DECLARED - {*OPEN_TO_ALL}


def test_every_route_is_declared(world):
    there = {rule.endpoint for rule in world.app.url_map.iter_rules()}
    assert there - DECLARED == set(), "say in this file who may go there"
    assert DECLARED - there == set(), "these are gone"


def test_anonymous_gets_the_log_in(world):
    data = {rule.endpoint for rule in world.app.url_map.iter_rules() if ".json" in rule.rule}
    assert walk(world, None, BEHIND_THE_GATE - data, ALL, lambda method: {303}) == []
    assert walk(world, None, data, ALL, lambda method: {401}) == []
    client = visitor(world.app, None)
    for rule, method in steps(world.app, BEHIND_THE_GATE - data):
        answer = client.open(path_of(world, rule), method=method)
        assert answer.location.startswith("/login")


@pytest.mark.parametrize(
    "headers", [{"Accept": "application/json"}, {"HX-Request": "true"}, {"Sec-Fetch-Dest": "empty"}]
)
def test_anonymous_gets_401_where_no_page_is_expected(world, headers):
    assert walk(world, None, BEHIND_THE_GATE, ALL, lambda method: {401}, **headers) == []


def test_a_stranger_to_the_account_sees_what_is_not_there(world):
    assert walk(world, "stranger", OF_AN_ACCOUNT, SAFE | UNSAFE, lambda method: {404}) == []


def test_a_stranger_sees_the_same_whether_it_is_there_or_not(world):
    nowhere = SimpleNamespace(app=world.app, values={**world.values})
    for name in (
        "account_id",
        "alert_id",
        "import_id",
        "person_id",
        "post_id",
        "step_id",
        "tenure_id",
    ):
        nowhere.values[name] = 2**31 - 1
    client = visitor(world.app, "stranger")
    for rule, method in steps(world.app, OF_AN_ACCOUNT):
        if method in SAFE | UNSAFE:
            there, gone = (
                client.open(path_of(place, rule), method=method) for place in (world, nowhere)
            )
            assert _without_nonces(there) == _without_nonces(gone), rule


def _without_nonces(answer) -> str:
    nonce = answer.headers["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
    return f"{answer.status} {answer.text.replace(nonce, '')}"


def test_a_number_no_database_holds_is_not_there(world):
    client = visitor(world.app, "admin")
    values = dict.fromkeys(world.values, 10**30)
    values |= {"name": "nothing", "filename": "nothing"}
    for rule, method in steps(world.app, OF_AN_ACCOUNT):
        if method in SAFE and rule.arguments:
            path = path_of(SimpleNamespace(values=values), rule)
            assert client.open(path, method=method).status_code == 404, rule


def test_who_may_only_read_reads(world):
    for who in ("reader", "writer", "boss", "admin"):
        assert walk(world, who, OF_AN_ACCOUNT, SAFE, lambda method: {200}) == []


def test_who_may_only_read_changes_nothing(world):
    assert walk(world, "reader", OF_AN_ACCOUNT, UNSAFE, lambda method: {403}) == []


@pytest.mark.parametrize("who", ["stranger", "reader", "writer", "boss"])
def test_only_administrators_administer(world, who):
    assert walk(world, who, OF_ADMINISTRATORS, SAFE | UNSAFE, lambda method: {403}) == []
    assert walk(world, "admin", OF_ADMINISTRATORS, SAFE, lambda method: {200}) == []


@pytest.mark.parametrize("who", ["stranger", "reader", "writer"])
def test_who_is_granted_some_accounts_acts_for_these_only(world, who):
    places = OF_WHO_WRITES_EVERY_ACCOUNT
    assert walk(world, who, places, SAFE | UNSAFE, lambda method: {403}) == []


def test_everybody_goes_where_everybody_goes(world):
    places = FOR_EVERYBODY - {"auth.logout"}
    for who in ("stranger", "reader", "admin"):
        assert walk(world, who, places, SAFE, lambda method: {200, 302}) == []


def test_no_form_is_taken_without_its_token(world):
    for who, places in ((None, OPEN_TO_ALL), ("writer", DECLARED), ("admin", DECLARED)):
        client = visitor(world.app, who)
        del client.environ_base["HTTP_X_CSRFTOKEN"]
        for rule, method in steps(world.app, set(places)):
            if method in UNSAFE:
                before = digest(world)
                answer = client.open(path_of(world, rule), method=method)
                assert (answer.status_code, digest(world)) == (400, before), (rule, method)


@pytest.mark.parametrize("who", ["writer", "boss", "admin"])
def test_who_may_write_is_not_turned_away(make_world, who):
    """Else the refusals above could all have another reason than the right."""
    world = make_world()  # what is written here is not for the others
    client = visitor(world.app, who)
    undo_last = sorted(  # with an import its rows that wait go, and there is nothing to resolve
        steps(world.app, OF_AN_ACCOUNT), key=lambda step: step[0].endpoint == "imports.undo"
    )
    if who != "writer":
        undo_last += steps(world.app, OF_WHO_WRITES_EVERY_ACCOUNT)
    for rule, method in undo_last:
        if method in UNSAFE:
            answer = client.open(path_of(world, rule), method=method)
            assert answer.status_code in {200, 302, 303, 409, 422}, (rule, method)


@pytest.fixture
def long_writer(monkeypatch):
    """``with long_writer(world)``: somebody else writes all the while, as a long import does."""
    monkeypatch.setattr("relmap.models.session.PAGE_SECONDS", 0.05)

    @contextmanager
    def write(world: SimpleNamespace) -> Iterator[None]:
        with world.app.app_context():
            url, tables = db.engine.url, ", ".join(f'"{name}"' for name in db.metadata.tables)
        engine = create_engine(url)
        with engine.connect() as other:
            if engine.dialect.name == "sqlite":
                other.exec_driver_sql("BEGIN IMMEDIATE")
            else:  # no row of any table is free
                other.exec_driver_sql(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
            yield
            other.rollback()
        engine.dispose()

    return write


@pytest.mark.postgresql
def test_who_reads_waits_for_nobody_who_writes(world, long_writer):
    with long_writer(world):
        places = set(DECLARED) - {"auth.logout"}
        assert walk(world, "admin", places, SAFE, lambda method: {200, 302}) == []


@pytest.mark.postgresql
def test_who_writes_waits_briefly_and_is_told_to_try_again(world, long_writer):
    """A form is refused for what is in it, or because somebody else writes; none is a fault."""
    client = visitor(world.app, "admin")
    waited = []
    with long_writer(world):
        for rule, method in steps(world.app, set(DECLARED) - {"auth.logout"}):
            if method in UNSAFE:
                answer = client.open(path_of(world, rule), method=method)
                assert answer.status_code in {200, 302, 303, 400, 409, 422, 503}, (rule, method)
                if answer.status_code == 503:
                    waited.append(rule.endpoint)
                    assert answer.headers["Retry-After"] == "30"
                    assert "Something long is being written" in answer.text
    assert len(waited) > 5


PAYLOAD = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"


def test_what_is_stored_comes_back_as_text_on_every_page(make_world):
    world = make_world(PAYLOAD)
    client = visitor(world.app, "admin")
    shown = 0
    for rule, method in steps(world.app, BEHIND_THE_GATE):
        if method == "GET":
            answer = client.open(path_of(world, rule))
            if answer.mimetype == "text/html":  # JSON is text in any case
                shown += "&lt;script&gt;alert(1)" in answer.text
                assert "<script>alert" not in answer.text, rule
                assert "<img src=x" not in answer.text, rule
                assert ">49" not in answer.text, rule
    assert shown >= 8


# --- the walk finds what it is for


@pytest.fixture(scope="module")
def careless(make_world):
    """The application with routes whose author thought of nothing."""
    world = make_world()
    for endpoint, method in {"careless.read": "GET", "careless.write": "POST"}.items():
        path = f"/{endpoint}/<int:account_id>"
        world.app.add_url_rule(path, endpoint, _careless, methods=[method])
    return world


def _careless(account_id: int) -> tuple[str, int]:
    if request.method == "POST":
        with writing():
            db.session.add(Due(account_id=account_id, on=DAY))
    return "", 404 if request.method == "POST" else 200


def test_the_walk_finds_a_route_that_nobody_declared(careless):
    with pytest.raises(AssertionError, match="careless"):
        test_every_route_is_declared(careless)


def test_the_walk_finds_a_route_that_lets_strangers_in(careless):
    found = walk(careless, "stranger", {"careless.read"}, SAFE, lambda method: {404})
    route = "/careless.read/<int:account_id>"
    assert found == [f"stranger: {method} {route} gives 200" for method in ("GET", "HEAD")]


def test_the_walk_finds_a_refusal_that_came_too_late(careless):
    found = walk(careless, "stranger", {"careless.write"}, UNSAFE, lambda method: {404})
    assert found == [
        "stranger: POST /careless.write/<int:account_id> changed the database",
    ]
