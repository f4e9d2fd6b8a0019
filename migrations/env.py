"""Runs one chain of migrations, the core's or a plug-in's; Alembic loads this file.

Migrations have a connection of their own. On SQLite foreign keys are off on it, since batch mode
copies a table and drops the old one, which would else delete what points there; they are checked
before the end. The lock is taken first, so that two starts at once migrate one after the other.
"""

from alembic import context
from sqlalchemy import NullPool, create_engine, event, inspect, text

from relmap.models import UtcDateTime, db
from relmap.models.schema import CORE

chain = context.config.attributes.get("chain", CORE)
LOCK = 0x72656C6D6170  # any number nobody else takes: "relmap"


def migration_engine():
    engine = create_engine(db.engine.url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def prepare_sqlite(connection, _):
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.execute("PRAGMA busy_timeout = 30000")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = OFF")


def render_item(kind, item, autogen_context):
    """A migration names no type of ours: it must still run when the models have moved on."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


def include_object(item, name, kind, reflected, compare_to):
    return kind != "table" or chain.owns(name, plugins)


with migration_engine().begin() as connection:
    on_sqlite = connection.dialect.name == "sqlite"
    if not on_sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    tables = inspect(connection).get_table_names()
    prefix = "alembic_version_"
    plugins = {table.removeprefix(prefix) for table in tables if table.startswith(prefix)}
    plugins |= {chain.plugin} - {None}
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        version_table=chain.version_table,
        include_object=include_object,
        render_item=render_item,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if on_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"The migration would leave rows that point nowhere: {broken[:5]}")
