"""Which account gave a way to reach somebody: the only one of its list, or where they were then."""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = "fk_contact_point_account_id_account"
INDEX = "ix_contact_point_account_id"
LAST_ID = "SELECT seq FROM sqlite_sequence WHERE name = 'contact_point'"
POINTS = """
    SELECT point.id, point.person_id, import.account_ids, import."on"
    FROM contact_point AS point JOIN import ON import.id = point.import_id
"""
SPANS = """
    SELECT tenure.person_id, unit.account_id, tenure.starts_on, tenure.ends_on FROM tenure
    JOIN post ON post.id = tenure.post_id JOIN unit ON unit.id = post.unit_id
    UNION ALL SELECT person_id, account_id, starts_on, ends_on FROM contact
"""


def upgrade():
    """A list of several accounts may leave open which of them gave it."""
    with _copied() as table:
        table.add_column(sa.Column("account_id", sa.Integer()))
        table.create_foreign_key(KEY, "account", ["account_id"], ["id"])
        table.create_index(INDEX, ["account_id"])
    points = sa.text(POINTS).columns(account_ids=sa.JSON(), on=sa.Date())
    spans = sa.text(SPANS).columns(starts_on=sa.Date(), ends_on=sa.Date())
    connection = op.get_bind()
    stays = {}
    for person_id, *stay in connection.execute(spans):
        stays.setdefault(person_id, []).append(stay)
    given = [
        {"point": point_id, "account": accounts.pop()}
        for point_id, person_id, account_ids, on in connection.execute(points)
        if len(accounts := _givers(account_ids, stays.get(person_id, ()), on)) == 1
    ]
    if given:
        statement = "UPDATE contact_point SET account_id = :account WHERE id = :point"
        connection.execute(sa.text(statement), given)


def _givers(account_ids, stays, on):
    """Of a list's accounts the only one, or those where the person was on its day."""
    if len(account_ids) == 1 or on is None:
        return set(account_ids)
    there = {
        account_id
        for account_id, starts_on, ends_on in stays
        if starts_on <= on and (ends_on is None or ends_on > on)
    }
    return there.intersection(account_ids)


def downgrade():
    with _copied() as table:
        table.drop_index(INDEX)
        table.drop_constraint(KEY, type_="foreignkey")
        table.drop_column("account_id")


@contextmanager
def _copied():
    """On SQLite a key needs a copy of the table, whose ids are never given twice either."""
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    last = connection.exec_driver_sql(LAST_ID).scalar() if is_sqlite else None
    with op.batch_alter_table(
        "contact_point", table_kwargs={"sqlite_autoincrement": True}
    ) as table:
        yield table
    if last:
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'contact_point'")
        keep = "INSERT INTO sqlite_sequence (name, seq) VALUES ('contact_point', ?)"
        connection.exec_driver_sql(keep, (last,))
