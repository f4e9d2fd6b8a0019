"""The tables of the core."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Tables that point at each other. Where a foreign key needs its target, they come last, go first.
LATE = [
    ("account", "owner_id", "person"),
    ("import", "created_by", "user"),
    ("import_row", "resolved_by", "user"),
    ("user", "person_id", "person"),
]


def upgrade():
    op.create_table(
        "failed_login",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("failure_count", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_login")),
        sa.UniqueConstraint("name", "address", name=op.f("uq_failed_login_name_address")),
    )
    op.create_table(
        "import",
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
        sa.CheckConstraint(
            "kind IN ('snapshot', 'ties', 'touches', 'tenures')", name=op.f("ck_import_kind")
        ),
        sa.CheckConstraint(
            "status IN ('held', 'applied', 'undone')", name=op.f("ck_import_status")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user.id"], name=op.f("fk_import_created_by_user"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    op.create_table(
        "plugin_health",
        sa.Column("rule_key", sa.String(length=300), nullable=False),
        sa.Column("plugin", sa.String(length=300), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("failures_in_row", sa.Integer(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(), nullable=True),
        sa.Column("last_status", sa.String(length=300), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("last_failed_at", sa.DateTime(), nullable=True),
        sa.Column("last_ran_at", sa.DateTime(), nullable=True),
        sa.Column("last_milliseconds", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("rule_key", name=op.f("pk_plugin_health")),
    )
    with op.batch_alter_table("plugin_health", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plugin_health_plugin"), ["plugin"], unique=False)

    op.create_table(
        "plugin_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plugin", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plugin_setting")),
        sa.UniqueConstraint("plugin", "key", name=op.f("uq_plugin_setting_plugin_key")),
    )
    op.create_table(
        "plugin_switch",
        sa.Column("plugin", sa.String(length=300), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("plugin", name=op.f("pk_plugin_switch")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("session_stamp", sa.String(length=40), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator', 'manager', 'member')", name=op.f("ck_user_role")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_user_person_id_person"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("name", name=op.f("uq_user_name")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("latin_name", sa.String(length=300), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=True),
        sa.Column("industry", sa.String(length=300), nullable=True),
        sa.Column("region", sa.String(length=300), nullable=True),
        sa.Column("country", sa.String(length=40), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("rotation_months", sa.Integer(), nullable=True),
        sa.Column("review_month", sa.Integer(), nullable=True),
        sa.Column("handover_months", sa.Integer(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("review_month BETWEEN 1 AND 12", name=op.f("ck_account_review_month")),
        sa.CheckConstraint("rotation_months > 0", name=op.f("ck_account_rotation_months")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_account_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_account_owner_id_person"), use_alter=True
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_account_recorded_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_import_id"), ["import_id"], unique=False)

    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_change_import_id_import")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_change_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_change_account_id_effective_on", ["account_id", "effective_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_change_import_id"), ["import_id"], unique=False)
        batch_op.create_index("ix_change_kind_fact_id", ["kind", "fact_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("latin_name", sa.String(length=300), nullable=True),
        sa.Column("nickname", sa.String(length=300), nullable=True),
        sa.Column("address_as", sa.String(length=300), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=True),
        sa.Column("affiliation", sa.String(length=300), nullable=True),
        sa.Column("birthday", sa.String(length=40), nullable=True),
        sa.Column("preferences", sa.String(), nullable=True),
        sa.Column("erased_at", sa.DateTime(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("side IN ('client', 'us')", name=op.f("ck_person_side")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_person_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_person_recorded_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_import_id"), ["import_id"], unique=False)

    op.create_table(
        "touch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("direction", sa.String(length=40), nullable=False),
        sa.Column("said", sa.String(), nullable=True),
        sa.Column("next_step", sa.String(), nullable=True),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_touch_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_touch_recorded_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touch")),
    )
    with op.batch_alter_table("touch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_touch_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_touch_on"), ["on"], unique=False)

    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("plugin", sa.String(length=300), nullable=False),
        sa.Column("rule_key", sa.String(length=300), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("refs", sa.JSON(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("actions", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_before", sa.String(length=40), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("acknowledged_until", sa.Date(), nullable=True),
        sa.Column("acknowledged_by", sa.Integer(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(), nullable=True),
        sa.Column("closed_reason", sa.String(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "severity IN ('note', 'warning', 'urgent')", name=op.f("ck_alert_severity")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'acknowledged', 'closed', 'withdrawn')",
            name=op.f("ck_alert_status"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_alert_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["user.id"], name=op.f("fk_alert_acknowledged_by_user")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["user.id"], name=op.f("fk_alert_closed_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint(
            "account_id", "rule_key", "key", name=op.f("uq_alert_account_id_rule_key_key")
        ),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_alert_status_account_id", ["status", "account_id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on > starts_on", name=op.f("ck_contact_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_contact_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_contact_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_contact_recorded_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_contact_open_person_account",
            ["person_id", "account_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )

    op.create_table(
        "contact_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_contact_point_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_point_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_contact_point_recorded_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_point")),
    )
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_point_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_point_person_id"), ["person_id"], unique=False)

    op.create_table(
        "due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_due_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due")),
        sa.UniqueConstraint("account_id", "on", name=op.f("uq_due_account_id_on")),
    )
    with op.batch_alter_table("due", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_due_account_id"), ["account_id"], unique=False)

    op.create_table(
        "external_id",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("written", sa.String(length=300), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('mail', 'staff_number', 'handle')", name=op.f("ck_external_id_kind")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_external_id_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_external_id_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_external_id_recorded_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_id")),
        sa.UniqueConstraint(
            "kind", "value", "scope_id", name=op.f("uq_external_id_kind_value_scope_id")
        ),
    )
    with op.batch_alter_table("external_id", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_external_id_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_external_id_person_id"), ["person_id"], unique=False)

    op.create_table(
        "grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("right", sa.String(length=40), nullable=False),
        sa.CheckConstraint("\"right\" IN ('read', 'write')", name=op.f("ck_grant_right")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_grant_account_id_account")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_grant_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
        sa.UniqueConstraint("user_id", "account_id", name=op.f("uq_grant_user_id_account_id")),
    )
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grant_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grant_user_id"), ["user_id"], unique=False)

    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("candidate_ids", sa.JSON(), nullable=False),
        sa.Column("waits", sa.JSON(), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(), nullable=True),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'resolved', 'lapsed')", name=op.f("ck_import_row_status")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_import_row_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_import_row_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_import_row_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by"],
            ["user.id"],
            name=op.f("fk_import_row_resolved_by_user"),
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("import_id", "row", name=op.f("uq_import_row_import_id_row")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_row_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_row_import_id"), ["import_id"], unique=False)

    op.create_table(
        "person_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_person_name_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_name_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_person_name_recorded_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_name")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_person_name_person_id_name")),
    )
    with op.batch_alter_table("person_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_name_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_name_person_id"), ["person_id"], unique=False)

    op.create_table(
        "score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("plugin", sa.String(length=300), nullable=False),
        sa.Column("rule_key", sa.String(length=300), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("rule_title", sa.String(length=300), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("settings_digest", sa.String(length=300), nullable=False),
        sa.Column("view_digest", sa.String(length=300), nullable=False),
        sa.Column("ruleset_digest", sa.String(length=300), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("out_of", sa.Double(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("actions", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("milliseconds", sa.Double(), nullable=True),
        sa.Column("computed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('ok', 'n/a', 'failed', 'timed_out')", name=op.f("ck_score_status")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_score_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint(
            "account_id", "on", "rule_key", name=op.f("uq_score_account_id_on_rule_key")
        ),
    )
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_account_id"), ["account_id"], unique=False)

    op.create_table(
        "stored_view",
        sa.Column("digest", sa.String(length=300), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_stored_view_account_id_account")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_stored_view")),
    )
    with op.batch_alter_table("stored_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_view_account_id"), ["account_id"], unique=False)

    op.create_table(
        "tie",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("a_id", sa.Integer(), nullable=False),
        sa.Column("b_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("sign", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=40), nullable=True),
        sa.Column("observer_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("a_id <> b_id", name=op.f("ck_tie_two_people")),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on > starts_on",
            name=op.f("ck_tie_ends_after_start"),
        ),
        sa.CheckConstraint("sign IN (-1, 0, 1)", name=op.f("ck_tie_sign")),
        sa.ForeignKeyConstraint(["a_id"], ["person.id"], name=op.f("fk_tie_a_id_person")),
        sa.ForeignKeyConstraint(["b_id"], ["person.id"], name=op.f("fk_tie_b_id_person")),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_tie_import_id_import")),
        sa.ForeignKeyConstraint(
            ["observer_id"], ["person.id"], name=op.f("fk_tie_observer_id_person")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_tie_recorded_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie")),
    )
    with op.batch_alter_table("tie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tie_a_id"), ["a_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tie_b_id"), ["b_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tie_import_id"), ["import_id"], unique=False)
        batch_op.create_index(
            "uq_tie_open_a_b_kind",
            ["a_id", "b_id", "kind"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )

    op.create_table(
        "touch_person",
        sa.Column("touch_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_touch_person_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["touch_id"], ["touch.id"], name=op.f("fk_touch_person_touch_id_touch")
        ),
        sa.PrimaryKeyConstraint("touch_id", "person_id", name=op.f("pk_touch_person")),
    )
    with op.batch_alter_table("touch_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_touch_person_person_id"), ["person_id"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("external_id", sa.String(length=300), nullable=True),
        sa.Column("is_root", sa.Boolean(), nullable=False),
        sa.Column("starts_after", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_after", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on > starts_on", name=op.f("ck_unit_ends_after_start")
        ),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_unit_not_its_own_parent")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_unit_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_unit_import_id_import")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_unit_recorded_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "coverage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_coverage_import_id_import")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_coverage_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage")),
        sa.UniqueConstraint(
            "unit_id", "on", "import_id", name=op.f("uq_coverage_unit_id_on_import_id")
        ),
    )
    with op.batch_alter_table("coverage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coverage_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coverage_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("function", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("function_is_given", sa.Boolean(), nullable=False),
        sa.Column("level_is_given", sa.Boolean(), nullable=False),
        sa.Column("decision_weight", sa.Double(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("reports_to_id", sa.Integer(), nullable=True),
        sa.Column("vacant_since", sa.Date(), nullable=True),
        sa.Column("starts_after", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_after", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("term_months", sa.Integer(), nullable=True),
        sa.Column("review_month", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("decision_weight BETWEEN 0 AND 1", name=op.f("ck_post_decision_weight")),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on > starts_on", name=op.f("ck_post_ends_after_start")
        ),
        sa.CheckConstraint("reports_to_id <> id", name=op.f("ck_post_not_its_own_superior")),
        sa.CheckConstraint("review_month BETWEEN 1 AND 12", name=op.f("ck_post_review_month")),
        sa.CheckConstraint("seats >= 1", name=op.f("ck_post_seats")),
        sa.CheckConstraint("term_months > 0", name=op.f("ck_post_term_months")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_post_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_post_recorded_by_user")
        ),
        sa.ForeignKeyConstraint(
            ["reports_to_id"], ["post.id"], name=op.f("fk_post_reports_to_id_post")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_post_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_reports_to_id"), ["reports_to_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("rule_key", sa.String(length=300), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ruleset_digest", sa.String(length=300), nullable=False),
        sa.Column("view_digest", sa.String(length=300), nullable=False),
        sa.Column("scanned_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_scan_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["view_digest"], ["stored_view.digest"], name=op.f("fk_scan_view_digest_stored_view")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
    )
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scan_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "ix_scan_account_rule", ["account_id", "rule_key", "id"], unique=False
        )

    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=False),
        sa.Column("shelf_life_days", sa.Integer(), nullable=False),
        sa.Column("observer_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (post_id IS NULL)", name=op.f("ck_claim_about_one")
        ),
        sa.CheckConstraint("shelf_life_days > 0", name=op.f("ck_claim_shelf_life")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_claim_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["observer_id"], ["person.id"], name=op.f("fk_claim_observer_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_claim_person_id_person")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_claim_post_id_post")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_claim_recorded_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_post_id"), ["post_id"], unique=False)

    op.create_table(
        "tenure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_after", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_after", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("precision", sa.String(length=40), nullable=False),
        sa.Column("term_ends_on", sa.Date(), nullable=True),
        sa.Column("acting", sa.Boolean(), nullable=False),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column("end_recorded_at", sa.DateTime(), nullable=True),
        sa.Column("end_import_id", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(length=40), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=True),
        sa.Column("start_note", sa.String(length=300), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "precision IN ('day', 'month', 'year')", name=op.f("ck_tenure_precision")
        ),
        sa.CheckConstraint(
            "ends_after IS NULL OR ends_after < ends_on", name=op.f("ck_tenure_end_interval")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on > starts_on", name=op.f("ck_tenure_ends_after_start")
        ),
        sa.CheckConstraint(
            "starts_after IS NULL OR starts_after < starts_on",
            name=op.f("ck_tenure_start_interval"),
        ),
        sa.ForeignKeyConstraint(
            ["end_import_id"], ["import.id"], name=op.f("fk_tenure_end_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_tenure_import_id_import")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_tenure_person_id_person")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_tenure_post_id_post")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_tenure_recorded_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenure")),
    )
    with op.batch_alter_table("tenure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_tenure_end_import_id"), ["end_import_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_tenure_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tenure_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tenure_post_id"), ["post_id"], unique=False)
        batch_op.create_index(
            "uq_tenure_open_person_post",
            ["person_id", "post_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )

    if op.get_context().dialect.supports_alter:
        for table, column, target in LATE:
            op.create_foreign_key(f"fk_{table}_{column}_{target}", table, target, [column], ["id"])


def downgrade():
    if op.get_context().dialect.supports_alter:
        for table, column, target in LATE:
            op.drop_constraint(f"fk_{table}_{column}_{target}", table, type_="foreignkey")
    with op.batch_alter_table("tenure", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_tenure_open_person_post",
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_tenure_post_id"))
        batch_op.drop_index(batch_op.f("ix_tenure_person_id"))
        batch_op.drop_index(batch_op.f("ix_tenure_import_id"))
        batch_op.drop_index(batch_op.f("ix_tenure_end_import_id"))

    op.drop_table("tenure")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_post_id"))
        batch_op.drop_index(batch_op.f("ix_claim_person_id"))
        batch_op.drop_index(batch_op.f("ix_claim_import_id"))

    op.drop_table("claim")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_account_rule")
        batch_op.drop_index(batch_op.f("ix_scan_account_id"))

    op.drop_table("scan")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_unit_id"))
        batch_op.drop_index(batch_op.f("ix_post_reports_to_id"))
        batch_op.drop_index(batch_op.f("ix_post_import_id"))

    op.drop_table("post")
    with op.batch_alter_table("coverage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coverage_unit_id"))
        batch_op.drop_index(batch_op.f("ix_coverage_import_id"))

    op.drop_table("coverage")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))
        batch_op.drop_index(batch_op.f("ix_unit_import_id"))
        batch_op.drop_index(batch_op.f("ix_unit_account_id"))

    op.drop_table("unit")
    with op.batch_alter_table("touch_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_touch_person_person_id"))

    op.drop_table("touch_person")
    with op.batch_alter_table("tie", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_tie_open_a_b_kind",
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_tie_import_id"))
        batch_op.drop_index(batch_op.f("ix_tie_b_id"))
        batch_op.drop_index(batch_op.f("ix_tie_a_id"))

    op.drop_table("tie")
    with op.batch_alter_table("stored_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_view_account_id"))

    op.drop_table("stored_view")
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_account_id"))

    op.drop_table("score")
    with op.batch_alter_table("person_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_name_person_id"))
        batch_op.drop_index(batch_op.f("ix_person_name_import_id"))

    op.drop_table("person_name")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_row_import_id"))
        batch_op.drop_index(batch_op.f("ix_import_row_account_id"))

    op.drop_table("import_row")
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grant_user_id"))
        batch_op.drop_index(batch_op.f("ix_grant_account_id"))

    op.drop_table("grant")
    with op.batch_alter_table("external_id", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_external_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_external_id_import_id"))

    op.drop_table("external_id")
    with op.batch_alter_table("due", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_due_account_id"))

    op.drop_table("due")
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_point_person_id"))
        batch_op.drop_index(batch_op.f("ix_contact_point_import_id"))

    op.drop_table("contact_point")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_contact_open_person_account",
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_contact_person_id"))
        batch_op.drop_index(batch_op.f("ix_contact_import_id"))
        batch_op.drop_index(batch_op.f("ix_contact_account_id"))

    op.drop_table("contact")
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index("ix_alert_status_account_id")
        batch_op.drop_index(batch_op.f("ix_alert_account_id"))

    op.drop_table("alert")
    with op.batch_alter_table("touch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_touch_on"))
        batch_op.drop_index(batch_op.f("ix_touch_import_id"))

    op.drop_table("touch")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_import_id"))

    op.drop_table("person")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index("ix_change_kind_fact_id")
        batch_op.drop_index(batch_op.f("ix_change_import_id"))
        batch_op.drop_index("ix_change_account_id_effective_on")

    op.drop_table("change")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_import_id"))

    op.drop_table("account")
    op.drop_table("user")
    op.drop_table("plugin_switch")
    op.drop_table("plugin_setting")
    with op.batch_alter_table("plugin_health", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plugin_health_plugin"))

    op.drop_table("plugin_health")
    op.drop_table("import")
    op.drop_table("failed_login")
