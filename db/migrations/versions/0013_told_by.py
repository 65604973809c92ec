"""A line of the bank names each of those who told of it: two providers, or two layouts of a statement, tell of one money."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("bank_line", sa.Column("told_by", sa.Text(), nullable=False, server_default="|"))
    op.execute("UPDATE bank_line SET told_by = '|st|' WHERE seen_by_statement")
    told = sa.text("SELECT office_id, line_id, provider FROM bank_arrival WHERE line_id IS NOT NULL")
    rows = [dict(row) for row in op.get_bind().execute(told).mappings()]
    if rows:
        change = sa.text(
            "UPDATE bank_line SET told_by = told_by || :provider || '|' WHERE office_id = :office_id AND line_id = :line_id"
        )
        op.get_bind().execute(change, rows)
    if op.get_context().dialect.name != "sqlite":
        op.execute("GRANT UPDATE (told_by) ON bank_line TO counter_app")
