"""When workers that hear from a broker last asked what is due, for the pages to tell."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "last_sweep",
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("at", name="pk_last_sweep"),
    )


def downgrade():
    op.drop_table("last_sweep")
