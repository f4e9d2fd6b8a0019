"""Ids are never given twice, on SQLite as well; what steps 1 and 2 lacked in older versions.

Steps 1 and 2 were edited after databases had been made with them. This one brings all of these to
the same schema, whatever their version of the two steps had already.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    *("account", "alert", "back_test", "change", "claim", "contact", "contact_point", "coverage"),
    *("due", "external_id", "failed_login", "forecast", "foresight", "grant", "import"),
    *("import_row", "next_step", "person", "person_name", "plugin_setting", "post"),
    *("post_outlook", "project", "project_post", "scan", "score", "tenure", "tie", "touch"),
    *("unit", "user", "what_if"),
)
"""Those of the core that have an ``id``; the tables of plug-ins are their own affair."""

NAMING_FACTS = (
    *(("score", "evidence"), ("score", "actions"), ("stored_view", "document"), ("alert", "key")),
    *(("alert", "refs"), ("alert", "evidence"), ("alert", "actions"), ("import", "changes")),
)
"""Texts that name facts as ``person:7``, also after these are gone."""


def upgrade():
    connection = op.get_bind()
    add_columns(connection)
    if connection.dialect.name == "sqlite":  # a sequence of PostgreSQL gives no number twice
        lacking = tables_without_sequence(connection)
        named = named_ids(connection, lacking)
        for table, written in lacking.items():
            copy_table(connection, table, with_sequence(table, written))
            raise_sequence(connection, table, named.get(table, 0))
    op.create_index(
        "ix_score_due",
        "score",
        ["account_id", "on", "ruleset_digest", "revision"],
        if_not_exists=True,
    )


def downgrade():
    """The keys stay as they are: the older versions work with them as well."""
    op.drop_index("ix_score_due", "score", if_exists=True)


def add_columns(connection):
    """What older versions of steps 1 and 2 did not make. Results are emptied: the sweep redoes."""
    if lacks(connection, "score", "rule_title"):
        op.execute("DELETE FROM score")
        op.add_column("score", sa.Column("rule_title", sa.String(length=300), nullable=False))
        op.add_column("score", sa.Column("weight", sa.Double(), nullable=False))
    if lacks(connection, "book_rate", "parts"):
        op.execute("DELETE FROM book_rate")
        op.add_column("book_rate", sa.Column("parts", sa.JSON(), nullable=False))
    if lacks(connection, "forecast", "mirrors_imports"):
        op.execute("DELETE FROM forecast")
        op.execute("DELETE FROM foresight")  # an account is due where it has none
        op.add_column("forecast", sa.Column("mirrors_imports", sa.Boolean(), nullable=False))
    if lacks(connection, "next_step", "through_id"):
        op.add_column("next_step", sa.Column("through_id", sa.Integer(), nullable=True))
        op.create_index("ix_next_step_through_id", "next_step", ["through_id"])
        point_at_person(connection)


def lacks(connection, table, name):
    return all(column["name"] != name for column in sa.inspect(connection).get_columns(table))


def point_at_person(connection):
    """Let next_step.through_id be a person's id; SQLite has to copy the table for that."""
    key = "fk_next_step_through_id_person"
    if connection.dialect.name != "sqlite":
        op.create_foreign_key(key, "next_step", "person", ["through_id"], ["id"])
        return
    query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'next_step'"
    written = connection.exec_driver_sql(query).scalar().rstrip().removesuffix(")")
    added = f"CONSTRAINT {key} FOREIGN KEY(through_id) REFERENCES person (id)"
    copy_table(connection, "next_step", f"{written}, {added})")


def tables_without_sequence(connection):
    """The tables that would give the id of a deleted row again, and how they were made."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    return {
        name: written
        for name, written in connection.exec_driver_sql(query).all()
        if name in TABLES and "AUTOINCREMENT" not in written
    }


def named_ids(connection, tables):
    """The highest id of each table that the audit log, a result or an alert names."""
    found = {
        kind: highest
        for kind, highest in connection.exec_driver_sql(
            'SELECT kind, max(fact_id) FROM "change" GROUP BY kind'
        ).all()
        if kind in tables
    }
    if not {"person", "post", "tenure"} & tables.keys():  # nothing names other rows by their id
        return found
    # Up to nine figures: a name that reads like a larger one must not use up the numbers.
    ref = re.compile(rf"(?<!\w)({'|'.join(tables)}):([0-9]{{1,9}})(?!\w)")
    for table, column in NAMING_FACTS:
        query = f'SELECT "{column}" FROM "{table}"'  # noqa: S608 - names of our own
        for (text,) in connection.exec_driver_sql(query, None, {"yield_per": 50}):
            for kind, number in ref.findall(text or ""):
                found[kind] = max(found.get(kind, 0), int(number))
    return found


def with_sequence(table, written):
    """The statement that makes the table with ids that are never given twice."""
    changes = (
        (r"(?<=[\s(])id INTEGER NOT NULL(?=,)", "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"),
        (r",\s*(CONSTRAINT \w+ )?PRIMARY KEY \(id\)", ""),
    )
    for old, new in changes:
        written, count = re.subn(old, new, written, count=1)
        if not count:
            raise RuntimeError(f"The table {table} is not as relmap made it: {written[:200]}")
    return written


def copy_table(connection, table, written):
    """Make a table anew as ``written``, with its rows and indexes, as SQLite's manual advises.

    https://www.sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes
    """
    copy, last = f"_new_{table}", last_id(connection, table)
    info = connection.exec_driver_sql(f'PRAGMA table_info("{table}")').all()
    columns = ", ".join(f'"{row.name}"' for row in info)
    query = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type <> 'table' AND sql <> ''"
    indexes = connection.exec_driver_sql(query, (table,)).scalars().all()
    start = rf'^CREATE TABLE ("?){table}\1(?=\s)'
    connection.exec_driver_sql(re.sub(start, f'CREATE TABLE "{copy}"', written))
    rows = f'SELECT {columns} FROM "{table}" ORDER BY id'  # noqa: S608 - names of our own
    connection.exec_driver_sql(f'INSERT INTO "{copy}" ({columns}) {rows}')
    connection.exec_driver_sql(f'DROP TABLE "{table}"')
    connection.exec_driver_sql(f'ALTER TABLE "{copy}" RENAME TO "{table}"')
    for index in indexes:
        connection.exec_driver_sql(index)
    raise_sequence(connection, table, last)


def last_id(connection, table):
    """The highest id that the table's sequence gave."""
    query = "SELECT seq FROM sqlite_sequence WHERE name = ?"
    return connection.exec_driver_sql(query, (table,)).scalar() or 0


def raise_sequence(connection, table, number):
    """The next id of a table is above this number, and above any it has."""
    number = max(number, last_id(connection, table))
    connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    keep = "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)"
    connection.exec_driver_sql(keep, (table, number))
