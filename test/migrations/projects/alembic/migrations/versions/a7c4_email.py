"""email"""

from alembic import op
import sqlalchemy as sa

revision = "a7c4"
down_revision = "b2a1"


def upgrade():
    op.add_column("accounts", sa.Column("email", sa.Text))


def downgrade():
    op.drop_column("accounts", "email")
