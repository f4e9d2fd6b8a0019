"""The schema goes up, down and up again, and is the one the models describe."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from relmap.facts.people import add_contact, add_person
from relmap.facts.structure import open_account
from relmap.models import Change, ContactPoint, Import, db, writing
from relmap.models.schema import CORE, Chain, downgrade, upgrade

pytestmark = pytest.mark.postgresql

VISITS = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("guests_visit", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("guests_visit")
"""


@pytest.fixture
def engine(db_url):
    engine = create_engine(db_url)
    yield engine
    engine.dispose()


@pytest.fixture
def guests(tmp_path):
    """The chain of a plug-in with one table."""
    (tmp_path / "0001_visits.py").write_text(VISITS)
    return Chain(tmp_path, plugin="guests")


def schema_of(engine):
    """All that the database says of its tables, in an order of its own."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"], c["default"])
                for c in inspector.get_columns(table)
            ],
            "primary key": inspector.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": in_order(inspector.get_foreign_keys(table)),
            "unique": in_order(inspector.get_unique_constraints(table)),
            "checks": in_order(inspector.get_check_constraints(table)),
            "indexes": in_order(inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
    }


def in_order(rows):
    texts = (json.loads(json.dumps(dict(row), default=str)) for row in rows)
    return sorted(texts, key=lambda row: str(row["name"] or row))


def test_up_down_up_leaves_the_same_schema(app, engine):
    before = schema_of(engine)
    with app.app_context():
        downgrade()
        assert set(schema_of(engine)) == {"alembic_version"}
        upgrade()
    assert schema_of(engine) == before


def test_the_migrated_schema_is_the_one_of_the_models(app, engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_the_migrations_make_the_same_constraints_as_the_models(app, engine, fresh_url):
    migrated = schema_of(engine)
    with app.app_context():
        downgrade()
    db.metadata.create_all(engine)
    created = schema_of(engine)
    assert created.keys() == migrated.keys()
    for table in created:
        assert created[table] == migrated[table]


def test_upgrading_twice_is_upgrading_once(app, engine):
    before = schema_of(engine)
    with app.app_context():
        upgrade()
    assert schema_of(engine) == before


def test_what_was_imported_before_projects_could_be_is_kept(app, engine):
    """SQLite copies the table of imports: its rows, what points there, and the ids once given."""
    with app.app_context():
        with writing():
            kept, gone = (an_import(name) for name in ("kept.csv", "gone.csv"))
            db.session.add_all([kept, gone])
            db.session.flush()
            note = Change(verb="x", kind="import", fact_id=kept.id, import_id=kept.id)
            db.session.add(note)
            db.session.flush()
            db.session.delete(gone)
            last, kept_id = gone.id, kept.id
        db.session.remove()
        downgrade(revision="0001")
        upgrade()
        assert db.session.scalars(db.select(Change.import_id)).all() == [kept_id]
        with writing():
            newer = an_import("newer.csv", kind="projects")
            db.session.add(newer)
            db.session.flush()
            assert newer.id > last
        names = db.session.scalars(db.select(Import.file_name).order_by(Import.id)).all()
        assert names == ["kept.csv", "newer.csv"]
        db.session.remove()
        downgrade(revision="0001")
        upgrade()
        newer = db.session.scalars(db.select(Import).where(Import.id > last)).one()
        assert (newer.kind, newer.status) == ("touches", "undone")  # what it made is gone
        db.session.remove()


def test_whose_a_number_was_is_read_from_its_list(app, engine):
    """Of a list of several accounts, of the one where the person was; of both it is left open."""
    day = date(2026, 1, 5)
    with app.app_context():
        with writing():
            north, south = (open_account(name, day=day) for name in ("Nordwerk", "Suedwerk"))
            lists = [an_import("north.csv"), an_import("both.csv")]
            for kept, accounts in zip(lists, ([north.id], [north.id, south.id]), strict=True):
                kept.on, kept.account_ids = day, accounts
            db.session.add_all(lists)
            bo, di = add_person("Bo Wu"), add_person("Di Ye")
            add_contact(bo, south, day=day)
            add_contact(di, south, day=day)
            add_contact(di, north, day=day)
            db.session.flush()
            for person, kept in ((bo, lists[0]), (bo, lists[1]), (di, lists[1]), (di, None)):
                point = ContactPoint(person=person, kind="phone", value="1")
                point.import_id = kept and kept.id
                db.session.add(point)
                db.session.flush()
            db.session.delete(point)
            expected, last = [north.id, south.id, None], point.id
        db.session.remove()
        downgrade(revision="0011")
        upgrade()
        points = db.session.scalars(db.select(ContactPoint).order_by(ContactPoint.id)).all()
        assert [point.account_id for point in points] == expected
        with writing():
            newer = ContactPoint(person_id=points[0].person_id, kind="phone", value="2")
            db.session.add(newer)
            db.session.flush()
            assert newer.id > last
        db.session.remove()


def an_import(name, kind="ties"):
    return Import(kind=kind, file_name=name, status="applied", table={"header": [], "records": []})


def test_every_constraint_has_a_readable_name(engine):
    nameless = [
        (table, constraint)
        for table, parts in schema_of(engine).items()
        for kind in ("foreign keys", "unique", "checks", "indexes")
        for constraint in parts[kind]
        if not constraint["name"]
    ]
    assert nameless == []


def test_a_plug_in_has_a_chain_of_its_own(app, engine, guests):
    before = schema_of(engine)
    with app.app_context():
        upgrade(guests)
        upgrade()
        added = schema_of(engine).keys() - before.keys()
        assert added == {"guests_visit", "alembic_version_guests"}
        downgrade(guests)
    left = schema_of(engine)
    del left["alembic_version_guests"]
    assert left == before


def test_the_core_lets_the_tables_of_plug_ins_be(guests):
    assert guests.owns("guests_visit", {"guests"})
    assert not CORE.owns("guests_visit", {"guests"})
    assert CORE.owns("guests_visit", set())
    assert not guests.owns("person", {"guests"})


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_migration_that_would_leave_rows_pointing_nowhere_is_undone(app, engine, guests):
    visit = (
        'sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")))\n    op.execute("{}")'
    )
    orphan = visit.format("INSERT INTO guests_visit (id, person_id) VALUES (1, 999)")
    broken = VISITS.replace("primary_key=True))", f"primary_key=True), {orphan}")
    (guests.folder / "0001_visits.py").write_text(broken)
    with app.app_context(), pytest.raises(RuntimeError, match="point nowhere"):
        upgrade(guests)
    assert "guests_visit" not in inspect(engine).get_table_names()


def test_two_starts_at_once_migrate_one_after_the_other(app, engine, environment):
    before = schema_of(engine)
    with app.app_context():
        downgrade()
    start = (
        "import relmap.app, relmap.models.schema\nwith relmap.app.create_app().app_context():\n    "
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", start + "relmap.models.schema.upgrade()"],
            env=os.environ | environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    assert [process.communicate()[1] for process in starts] == ["", "", ""]
    assert schema_of(engine) == before
