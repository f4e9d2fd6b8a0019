"""`relmap check` lists what was written around the services, and nothing of an orderly book."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, text

from relmap.contracts import Ref
from relmap.facts import people, structure, tenures, ties, touches
from relmap.languages import tell
from relmap.maintenance import sample
from relmap.maintenance.check import check_book
from relmap.maintenance.erase import erase_person
from relmap.models import Change, Import, Post, Tenure, db, writing

DAY = date(2026, 1, 5)


@pytest.fixture
def context(app):
    with app.app_context():
        yield


def write_book():
    """Two accounts, two posts, three of them, one of us, and facts that are in order."""
    with writing():
        one = structure.open_account("Acme", day=DAY)
        two = structure.open_account("Bolt", day=DAY)
        unit = structure.open_unit(one, "Buying", day=DAY)
        head = structure.open_post(unit, "Head", day=DAY)
        buyer = structure.open_post(unit, "Buyer", day=DAY)
        ann, bob, cy = (people.add_person(name) for name in ("Ann", "Bob", "Cy"))
        us = people.add_person("Us", side="us")
        tenure = tenures.start_tenure(ann, head, DAY)
        contact = people.add_contact(bob, one, day=DAY)
        tie = ties.add_tie(us, ann, observed_on=DAY, level="vendor")
        touch = touches.add_touch(DAY, "visit", [us, ann])
        named = {
            "one": one,
            "two": two,
            "unit": unit,
            "head": head,
            "buyer": buyer,
            "ann": ann,
            "bob": bob,
            "cy": cy,
            "us": us,
            "tenure": tenure,
            "contact": contact,
            "tie": tie,
            "touch": touch,
        }
        ids = {name: row.id for name, row in named.items()}
        ids["root"] = structure.root_unit(one).id
        ids["root_two"] = structure.root_unit(two).id
        ids["post_two"] = structure.open_post(structure.root_unit(two), "Far", day=DAY).id
        return ids


@pytest.fixture
def book(context, filled):
    return filled(write_book)


TENURE = (
    "INSERT INTO tenure (post_id, person_id, starts_on, ends_on, precision, acting, basis, "
    "recorded_at) VALUES (:{post}, :{person}, '{start}', {end}, 'day', false, 'entered', "
    "'2026-01-05')"
)
TIE = (
    "INSERT INTO tie (a_id, b_id, kind, sign, level, observed_on, recorded_at) "
    "VALUES (:{a}, :{b}, '{kind}', 1, {level}, '2026-01-05', '2026-01-05')"
)
LINES = [
    (
        "too_many_holders",
        "post:head",
        TENURE.format(post="head", person="bob", start="2026-02-01", end="'2026-03-01'"),
    ),
    (
        "held_twice",
        None,
        TENURE.format(post="head", person="ann", start="2026-02-01", end="'2026-03-01'"),
    ),
    ("reporting_circle", None, "UPDATE post SET reports_to_id = :buyer WHERE id = :head"),
    ("unit_circle", None, "UPDATE unit SET parent_id = :unit WHERE id = :root"),
    (
        "tenure_outside_post",
        None,
        TENURE.format(post="buyer", person="cy", start="2020-02-01", end="NULL"),
    ),
    (
        "tenure_outside_post",
        "tenure:tenure",
        "UPDATE post SET ends_on = '2026-06-01' WHERE id = :head",
    ),
    (
        "post_outside_unit",
        "post:head",
        (
            "UPDATE unit SET ends_on = '2026-06-01' WHERE id = :unit;"
            "UPDATE post SET ends_on = '2026-06-01' WHERE id = :buyer"
        ),
    ),
    ("post_outside_unit", "post:head", "UPDATE post SET starts_on = '2020-01-01' WHERE id = :head"),
    ("unit_outside_parent", "unit:unit", "UPDATE unit SET ends_on = '2026-06-01' WHERE id = :root"),
    ("unit_elsewhere", "unit:unit", "UPDATE unit SET parent_id = :root_two WHERE id = :unit"),
    ("unit_adrift", "unit:unit", "UPDATE unit SET parent_id = NULL WHERE id = :unit"),
    ("root_missing", "account:one", "UPDATE unit SET is_root = false WHERE id = :root"),
    ("root_twice", "account:one", "UPDATE unit SET is_root = true WHERE id = :unit"),
    ("root_below", "unit:unit", "UPDATE unit SET is_root = true WHERE id = :unit"),
    (
        "superior_elsewhere",
        "post:head",
        "UPDATE post SET reports_to_id = :post_two WHERE id = :head",
    ),
    (
        "vacant_but_held",
        "post:head",
        "UPDATE post SET vacant_since = '2026-02-01' WHERE id = :head",
    ),
    (
        "contact_beside_tenure",
        "contact:contact",
        TENURE.format(post="buyer", person="bob", start="2026-02-01", end="NULL"),
    ),
    (
        "reason_without_end",
        "tenure:tenure",
        "UPDATE tenure SET end_reason = 'unknown' WHERE id = :tenure",
    ),
    (
        "level_within_a_side",
        None,
        TIE.format(a="ann", b="bob", kind="friend", level="'vendor'"),
    ),
    ("theirs_first", None, TIE.format(a="bob", b="us", kind="knows", level="'vendor'")),
    ("tie_twice", None, TIE.format(a="ann", b="us", kind="knows", level="'vendor'")),
    (
        "tie_twice",
        None,
        ";".join(
            TIE.format(a=a, b=b, kind="friend", level="NULL")
            for a, b in (("ann", "bob"), ("bob", "ann"))
        ),
    ),
    ("touch_of_one_side", "touch:touch", "DELETE FROM touch_person WHERE person_id = :us"),
    ("touch_of_one_side", "touch:touch", "DELETE FROM touch_person"),
    ("nameless", "person:cy", "UPDATE person SET name = '' WHERE id = :cy"),
    ("erased_but_named", "person:cy", "UPDATE person SET erased_at = '2026-01-05' WHERE id = :cy"),
    (
        "erased_but_named",
        "person:cy",
        (
            "UPDATE person SET erased_at = '2026-01-05', name = '' WHERE id = :cy;"
            "INSERT INTO person_name (person_id, name, recorded_at) "
            "VALUES (:cy, 'Cy', '2026-01-05')"
        ),
    ),
    (
        "id_scope",
        None,
        (
            "INSERT INTO external_id (person_id, kind, value, written, scope_id, recorded_at) "
            "VALUES (:cy, 'staff_number', '1', '1', 4711, '2026-01-05')"
        ),
    ),
    (
        "id_scope",
        None,
        (
            "INSERT INTO external_id (person_id, kind, value, written, scope_id, recorded_at) "
            "VALUES (:cy, 'mail', 'a@b', 'a@b', :one, '2026-01-05')"
        ),
    ),
    ("unknown_word", "post:head", "UPDATE post SET level = 'boss' WHERE id = :head"),
    ("unknown_word", "post:head", "UPDATE post SET function = 'magic' WHERE id = :head"),
    ("unknown_word", "account:one", "UPDATE account SET tier = 'Z' WHERE id = :one"),
    ("unknown_word", "tie:tie", "UPDATE tie SET kind = 'hums_with' WHERE id = :tie"),
    ("unknown_word", "tie:tie", "UPDATE tie SET level = 'best' WHERE id = :tie"),
    ("unknown_word", "touch:touch", "UPDATE touch SET kind = 'fax' WHERE id = :touch"),
    ("unknown_word", "touch:touch", "UPDATE touch SET direction = 'up' WHERE id = :touch"),
    (
        "unknown_word",
        "tenure:tenure",
        "UPDATE tenure SET end_reason = 'bored', ends_on = '2026-02-01' WHERE id = :tenure",
    ),
    ("unknown_word", "tenure:tenure", "UPDATE tenure SET basis = 'guess' WHERE id = :tenure"),
]


def write_around_the_services(lines, ids):
    with writing():
        for line in lines.split(";"):
            names = {name: ids[name] for name in ids if f":{name}" in line}
            db.session.execute(text(line), names)


@pytest.mark.postgresql
def test_a_book_written_by_the_services_is_in_order(book):
    assert check_book() == []


def test_the_sample_book_is_in_order(context):
    with writing():
        sample.make_sample_book(date(2026, 11, 21))
    assert check_book() == []


@pytest.mark.postgresql
def test_an_empty_book_is_in_order(context):
    assert check_book() == []


@pytest.mark.parametrize(("kind", "ref", "line"), LINES)
def test_what_was_written_around_the_services_is_listed(book, kind, ref, line):
    if kind == "reporting_circle":
        write_around_the_services("UPDATE post SET reports_to_id = :head WHERE id = :buyer", book)
    write_around_the_services(line, book)
    found = [row for row in check_book() if row.kind == kind]
    assert len(found) == 1, check_book()
    if ref is not None:
        table, _, name = ref.partition(":")
        assert found[0].ref == Ref(table, book[name])
    assert str(found[0].message).endswith(".")


@pytest.mark.parametrize(("recorded", "is_told"), [("2026-01-20", True), ("2026-02-03", False)])
def test_a_seat_that_an_older_relmap_opened_for_who_is_announced_is_listed(book, recorded, is_told):
    """Somebody who was put on file after having come is a colleague, not a successor ahead."""
    with writing():
        made = Import(kind="tenures", file_name="x.csv", status="applied", table={})
        db.session.add(made)
        db.session.flush()
        post = db.session.get_one(Post, book["head"])
        at = datetime.fromisoformat(recorded).replace(tzinfo=UTC)
        announced = Tenure(person_id=book["cy"], starts_on=date(2026, 2, 1), recorded_at=at)
        announced.post_id, announced.import_id, post.seats = post.id, made.id, 2
        db.session.add(announced)
        seats = {"before": {"seats": 1}, "after": {"seats": 2}}
        about = {"kind": "post", "fact_id": post.id, "verb": "change_post"}
        db.session.add(Change(import_id=made.id, **about, **seats))
    found = [row for row in check_book() if row.kind == "second_seat"]
    assert [row.ref for row in found] == ([Ref("post", book["head"])] if is_told else [])


@pytest.mark.postgresql
def test_several_holders_are_in_order_where_there_are_seats(book):
    write_around_the_services("UPDATE post SET seats = 2 WHERE id = :head", book)
    line = TENURE.format(post="head", person="cy", start="2026-02-01", end="NULL")
    write_around_the_services(line, book)
    assert check_book() == []


def test_a_successor_on_the_day_of_the_end_is_no_second_holder(book):
    write_around_the_services("UPDATE tenure SET ends_on = '2026-02-01' WHERE id = :tenure", book)
    line = TENURE.format(post="head", person="cy", start="2026-02-01", end="NULL")
    write_around_the_services(line, book)
    assert check_book() == []


def test_two_who_ask_each_other_are_in_order(book):
    for a, b in (("ann", "bob"), ("bob", "ann")):
        line = TIE.format(a=a, b=b, kind="advises", level="NULL")
        write_around_the_services(line, book)
    assert check_book() == []


@pytest.mark.postgresql
def test_a_unit_that_moved_below_a_younger_one_is_in_order(book):
    with writing():
        account = structure.find_account("Acme")
        young = structure.open_unit(account, "Young", day=date(2026, 5, 1))
        unit = structure.open_unit(account, "Old", day=DAY)
        structure.move_unit(unit, young, day=date(2026, 6, 1))
    assert check_book() == []


@pytest.mark.postgresql
def test_an_erased_person_is_in_order(book):
    with writing():
        erase_person(book["ann"])
    assert check_book() == []


def test_the_number_of_queries_does_not_grow_with_the_book(book):
    counts = []
    for _ in range(2):
        counts.append(queries_of_a_check())
        with writing():
            for number in range(20):
                account = structure.open_account(f"More {len(counts)} {number}", day=DAY)
                post = structure.open_post(structure.root_unit(account), "Head", day=DAY)
                tenures.start_tenure(people.add_person(f"P {number}"), post, DAY)
    reading = 2 * len(db.metadata.tables)  # each table once, and once for its constraints
    assert counts[0] == counts[1] <= 20 + reading


def queries_of_a_check():
    seen = []

    def count(*_):
        seen.append(1)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        check_book()
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(seen)


# --- what cannot be read


DAMAGED = [
    "UPDATE person SET name = CAST(X'ff41' AS TEXT) WHERE id = :ann",
    "UPDATE person SET name = X'ff41' WHERE id = :ann",
    "UPDATE tenure SET starts_on = '2026-13-45' WHERE id = :tenure",
    "UPDATE tenure SET starts_on = 7 WHERE id = :tenure",
    "UPDATE post SET seats = 'many' WHERE id = :head",
    "UPDATE person SET side = 'theirs' WHERE id = :ann",
    "UPDATE change SET after = '{' WHERE id = (SELECT max(id) FROM change)",
    "UPDATE change SET at = 'once' WHERE id = (SELECT max(id) FROM change)",
]


@pytest.mark.parametrize("statement", DAMAGED)
def test_a_row_that_cannot_be_read_is_told_and_nothing_crashes(book, statement):
    write_without_constraints(statement, book)
    found = check_book()
    assert {row.kind for row in found} == {"damaged"}
    table = statement.split()[1]
    assert {row.ref.kind for row in found} == {table}
    assert all(row.ref.id for row in found)
    for row in found:
        assert tell(row.message)


def test_a_table_that_is_gone_is_told(book):
    write_without_constraints("DROP TABLE alert", book)
    (found,) = check_book()
    assert (found.kind, found.ref) == ("damaged", Ref("alert", 0))
    assert "no such table: alert" in tell(found.message)


def write_without_constraints(statement, book):
    """As a program would that knows nothing of the table's own rules."""
    db.session.rollback()
    with db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA ignore_check_constraints = ON")
        driver.execute(statement, {name: book[name] for name in book})
        driver.execute("PRAGMA ignore_check_constraints = OFF")
    db.engine.dispose()
