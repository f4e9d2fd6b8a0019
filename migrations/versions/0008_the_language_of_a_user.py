"""The language in which a user reads pages; empty where the browser says it."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    """By hand: Alembic would copy SQLite's table, and lose that its ids are never given twice."""
    op.execute(
        'ALTER TABLE "user" ADD COLUMN language VARCHAR(40) '
        "CONSTRAINT ck_user_language CHECK (language IN ('en', 'zh_Hant', 'zh_Hans'))"
    )


def downgrade():
    op.execute('ALTER TABLE "user" DROP COLUMN language')
