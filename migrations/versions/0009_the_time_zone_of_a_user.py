"""The time zone by which days are judged for a user; empty where the book's counts."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    """By hand: Alembic would copy SQLite's table, and lose that its ids are never given twice."""
    op.execute('ALTER TABLE "user" ADD COLUMN timezone VARCHAR(40)')


def downgrade():
    op.execute('ALTER TABLE "user" DROP COLUMN timezone')
