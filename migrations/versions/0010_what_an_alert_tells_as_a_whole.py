"""The keys of the alerts that are parts of one; none where each was told by itself."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    """By hand: Alembic would copy SQLite's table, and lose that its ids are never given twice."""
    op.execute("ALTER TABLE alert ADD COLUMN parts JSON DEFAULT '[]' NOT NULL")


def downgrade():
    op.execute("ALTER TABLE alert DROP COLUMN parts")
