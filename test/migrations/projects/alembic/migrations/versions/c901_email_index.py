"""email_index"""

from alembic import op
import sqlalchemy as sa

revision = "c901"
down_revision = "a7c4"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY accounts_email ON accounts (email)")


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY accounts_email")
