"""Layouts of papers are the office's, not a computer's."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    op.create_table(
        "paper_layout",
        sa.Column("office_id", sa.String(16), nullable=False),
        sa.Column("paper", sa.String(16), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.office_id"], name=op.f("fk_paper_layout_office_id")),
        sa.ForeignKeyConstraint(
            ["office_id", "changed_by"],
            ["app_user.office_id", "app_user.user_id"],
            name=op.f("fk_paper_layout_office_id_changed_by"),
        ),
        sa.PrimaryKeyConstraint("office_id", "paper", name=op.f("pk_paper_layout")),
    )
    if op.get_context().dialect.name != "sqlite":
        op.execute("GRANT SELECT, INSERT ON paper_layout TO counter_app")
        op.execute("GRANT UPDATE (content, changed_by, changed_at) ON paper_layout TO counter_app")
