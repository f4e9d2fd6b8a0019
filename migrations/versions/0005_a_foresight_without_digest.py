"""A foresight is due by its account's revision: nobody asked for the digest of its view."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("foresight", schema=None) as batch_op:
        batch_op.drop_column("view_digest")


def downgrade():
    column = sa.Column("view_digest", sa.String(length=300), nullable=False, server_default="")
    with op.batch_alter_table("foresight", schema=None) as batch_op:
        batch_op.add_column(column)
