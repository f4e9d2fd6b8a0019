"""Deciding posts as they were foreseen, for the rotation radar; back-tests asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "back_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("every_months", sa.Integer(), nullable=False),
        sa.Column("horizon", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("refused", sa.String(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("computed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_back_test_account_id_account")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_back_test_asked_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_back_test")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("back_test", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_back_test_account_id"), ["account_id"], unique=False)

    op.create_table(
        "post_outlook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("tenure_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("holder_count", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("is_band", sa.Boolean(), nullable=False),
        sa.Column("change90", sa.Double(), nullable=True),
        sa.Column("change180", sa.Double(), nullable=True),
        sa.Column("change365", sa.Double(), nullable=True),
        sa.Column("coverage", sa.Double(), nullable=True),
        sa.Column("ready90", sa.Double(), nullable=True),
        sa.Column("ready180", sa.Double(), nullable=True),
        sa.Column("ready365", sa.Double(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_kind", sa.String(length=40), nullable=True),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("bands", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("successors", sa.JSON(), nullable=False),
        sa.Column("outside", sa.Double(), nullable=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "due_kind IN ('announced', 'term', 'policy')", name=op.f("ck_post_outlook_due_kind")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_post_outlook_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_outlook")),
        sa.UniqueConstraint(
            "account_id", "on", "post_id", name=op.f("uq_post_outlook_account_id_on_post_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("post_outlook", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_post_outlook_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index("ix_post_outlook_post_id", ["post_id"], unique=False)


def downgrade():
    with op.batch_alter_table("post_outlook", schema=None) as batch_op:
        batch_op.drop_index("ix_post_outlook_post_id")
        batch_op.drop_index(batch_op.f("ix_post_outlook_account_id"))

    op.drop_table("post_outlook")
    with op.batch_alter_table("back_test", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_back_test_account_id"))

    op.drop_table("back_test")
