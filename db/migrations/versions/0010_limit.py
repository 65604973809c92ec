"""The limit above which a difference needs a supervisor is the office's: before, each computer's settings had one."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("office", sa.Column("difference_limit", sa.BigInteger(), nullable=False, server_default="20000"))
    if op.get_context().dialect.name != "sqlite":
        op.execute("GRANT UPDATE (difference_limit) ON office TO counter_app")
