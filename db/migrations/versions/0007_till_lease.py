"""Which program has a till open: one row a till, signed again and again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    op.create_table(
        "till_lease",
        sa.Column("office_id", sa.String(16), nullable=False),
        sa.Column("till_code", sa.String(16), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("machine", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.Column("seen_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id", "till_code"], ["till.office_id", "till.till_code"], name=op.f("fk_till_lease_office_id_till_code")
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "user_id"], ["app_user.office_id", "app_user.user_id"], name=op.f("fk_till_lease_office_id_user_id")
        ),
        sa.PrimaryKeyConstraint("office_id", "till_code", name=op.f("pk_till_lease")),
    )
    if op.get_context().dialect.name != "sqlite":
        op.execute("GRANT SELECT, INSERT ON till_lease TO counter_app")
        op.execute("GRANT UPDATE (holder_id, place, machine, user_id, taken_at, seen_at) ON till_lease TO counter_app")
