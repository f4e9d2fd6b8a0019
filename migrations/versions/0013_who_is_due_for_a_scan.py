"""An index that answers who is due for a scan with one look an account, not one a rule."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = ["account_id", "on", "ruleset_digest", "revision", "rule_key"]


def upgrade():
    op.create_index("ix_scan_due", "scan", COLUMNS)


def downgrade():
    op.drop_index("ix_scan_due", "scan")
