"""Projects, next steps and what was foreseen; imports may be of projects."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATUSES = "status IN ('held', 'applied', 'undone')"
KINDS = "kind IN ('snapshot', 'ties', 'touches', 'tenures', 'projects')"
OLD_KINDS = "kind IN ('snapshot', 'ties', 'touches', 'tenures')"


def upgrade():
    allow_kinds(KINDS)
    op.create_table(
        "book_rate",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("rate", sa.Double(), nullable=False),
        sa.Column("tenures", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_book_rate")),
    )
    op.create_table(
        "forecast",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("tenure_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("held_since", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("p90", sa.Double(), nullable=True),
        sa.Column("p180", sa.Double(), nullable=True),
        sa.Column("p365", sa.Double(), nullable=True),
        sa.Column("bands", sa.JSON(), nullable=True),
        sa.Column("mirrors_imports", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.CheckConstraint("p180 BETWEEN 0 AND 1", name=op.f("ck_forecast_p180")),
        sa.CheckConstraint("p365 BETWEEN 0 AND 1", name=op.f("ck_forecast_p365")),
        sa.CheckConstraint("p90 BETWEEN 0 AND 1", name=op.f("ck_forecast_p90")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_forecast_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast")),
        sa.UniqueConstraint(
            "account_id", "on", "tenure_id", name=op.f("uq_forecast_account_id_on_tenure_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("forecast", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forecast_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_forecast_tenure_id"), ["tenure_id"], unique=False)

    op.create_table(
        "foresight",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("view_digest", sa.String(length=300), nullable=False),
        sa.Column("basis_digest", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("milliseconds", sa.Double(), nullable=True),
        sa.Column("computed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_foresight_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foresight")),
        sa.UniqueConstraint("account_id", "on", name=op.f("uq_foresight_account_id_on")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("foresight", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_foresight_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "ix_foresight_due", ["account_id", "on", "basis_digest", "revision"], unique=False
        )

    op.create_table(
        "next_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("through_id", sa.Integer(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("what", sa.String(), nullable=True),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("dropped_because", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("origin IN ('plan', 'hand')", name=op.f("ck_next_step_origin")),
        sa.CheckConstraint(
            "done_on IS NULL OR dropped_on IS NULL", name=op.f("ck_next_step_one_end")
        ),
        sa.CheckConstraint(
            "dropped_because IS NULL OR dropped_on IS NOT NULL",
            name=op.f("ck_next_step_dropped_with_a_day"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_next_step_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_next_step_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_next_step_owner_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_next_step_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_next_step_recorded_by_user")
        ),
        sa.ForeignKeyConstraint(
            ["through_id"], ["person.id"], name=op.f("fk_next_step_through_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_step")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("next_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_next_step_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_next_step_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_next_step_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_next_step_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_next_step_through_id"), ["through_id"], unique=False)

    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("part_number", sa.String(length=300), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Numeric(precision=15, scale=2, asdecimal=False), nullable=True),
        sa.Column("currency", sa.String(length=40), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("decides_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(ended_on IS NOT NULL AND stage IN ('won', 'lost'))"
            " OR (ended_on IS NULL AND stage NOT IN ('won', 'lost'))",
            name=op.f("ck_project_ended_if_decided"),
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR starts_on IS NULL OR ended_on > starts_on",
            name=op.f("ck_project_ended_after_start"),
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_project_value")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_project_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_project_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_project_recorded_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_import_id"), ["import_id"], unique=False)

    op.create_table(
        "project_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_project_post_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_project_post_post_id_post")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_post_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_project_post_recorded_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_post")),
        sa.UniqueConstraint(
            "project_id", "post_id", name=op.f("uq_project_post_project_id_post_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("project_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_post_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_post_post_id"), ["post_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_project_post_project_id"), ["project_id"], unique=False
        )


def downgrade():
    with op.batch_alter_table("project_post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_post_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_post_post_id"))
        batch_op.drop_index(batch_op.f("ix_project_post_import_id"))

    op.drop_table("project_post")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_import_id"))
        batch_op.drop_index(batch_op.f("ix_project_account_id"))

    op.drop_table("project")
    with op.batch_alter_table("next_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_next_step_through_id"))
        batch_op.drop_index(batch_op.f("ix_next_step_person_id"))
        batch_op.drop_index(batch_op.f("ix_next_step_owner_id"))
        batch_op.drop_index(batch_op.f("ix_next_step_import_id"))
        batch_op.drop_index(batch_op.f("ix_next_step_account_id"))

    op.drop_table("next_step")
    with op.batch_alter_table("foresight", schema=None) as batch_op:
        batch_op.drop_index("ix_foresight_due")
        batch_op.drop_index(batch_op.f("ix_foresight_account_id"))

    op.drop_table("foresight")
    with op.batch_alter_table("forecast", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_forecast_tenure_id"))
        batch_op.drop_index(batch_op.f("ix_forecast_account_id"))

    op.drop_table("forecast")
    op.drop_table("book_rate")
    # What a list of projects made is gone with the tables: the import that did it counts as undone.
    op.execute(
        """UPDATE "import" SET kind = 'touches', status = 'undone' WHERE kind = 'projects'"""
    )
    allow_kinds(OLD_KINDS)


def allow_kinds(condition):
    """Let imports be of these kinds. SQLite has to copy the table for that, the other one not."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_import_kind"), "import", type_="check")
        op.create_check_constraint(op.f("ck_import_kind"), "import", sa.text(condition))
        return
    given = last_import(connection)
    with op.batch_alter_table("import", recreate="always", copy_from=imports(condition)):
        pass
    if given is not None:  # the ids of deleted imports are not given again
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'import'")
        keep = "INSERT INTO sqlite_sequence (name, seq) VALUES ('import', ?)"
        connection.exec_driver_sql(keep, (given,))


def last_import(connection):
    """The highest id that an import ever had; a database may have no sequences yet."""
    sequences = "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_sequence'"
    if connection.exec_driver_sql(sequences).scalar():
        of_imports = "SELECT seq FROM sqlite_sequence WHERE name = 'import'"
        if (given := connection.exec_driver_sql(of_imports).scalar()) is not None:
            return given
    named = """SELECT max(number) FROM (
        SELECT id AS number FROM "import"
        UNION ALL SELECT fact_id FROM "change" WHERE kind = 'import')"""
    return connection.exec_driver_sql(named).scalar()


def imports(kinds):
    """The table as the first step made it, but for the kinds: what is reflected varies."""
    return sa.Table(
        "import",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("account_name", sa.String(length=300), nullable=True),
        sa.Column("column_map", sa.JSON(), nullable=False),
        sa.Column("table", sa.JSON(), nullable=False),
        sa.Column("account_ids", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("held_because", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("applied_at", sa.DateTime(), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(kinds, name=op.f("ck_import_kind")),
        sa.CheckConstraint(STATUSES, name=op.f("ck_import_status")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user.id"], name=op.f("fk_import_created_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
        sqlite_autoincrement=True,
    )
