"""How often in a row a rule failed on which account; nothing is known of the past."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    """By hand, as step 10."""
    op.execute("ALTER TABLE plugin_health ADD COLUMN account_failures JSON DEFAULT '{}' NOT NULL")


def downgrade():
    op.execute("ALTER TABLE plugin_health DROP COLUMN account_failures")
