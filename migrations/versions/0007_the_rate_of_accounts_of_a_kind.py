"""The book's rate apart for real and for invented accounts, in numbers that can be subtracted."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_table("book_rate")  # fitted again when a forecast asks for it
    op.create_table(
        "book_rate",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("person_days", sa.Integer(), nullable=False),
        sa.Column("tenures", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("on", "is_sample", name=op.f("pk_book_rate")),
    )


def downgrade():
    op.drop_table("book_rate")
    op.create_table(
        "book_rate",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("rate", sa.Double(), nullable=False),
        sa.Column("tenures", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_book_rate")),
    )
