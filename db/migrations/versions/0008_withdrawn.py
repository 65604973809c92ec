"""Who asked for a second person's word may take the request back: one word more in `approval.state`."""

from alembic import op

revision = "0008"
down_revision = "0007"

CHANGES = {
    "ck_approval_approval_state": (
        "state IN ('WAITING', 'GRANTED', 'DENIED', 'USED')",
        "state IN ('WAITING', 'GRANTED', 'DENIED', 'USED', 'WITHDRAWN')",
    ),
    "ck_approval_decided_by_somebody": (
        "(state = 'WAITING') = (decided_by IS NULL)",
        "(state IN ('WAITING', 'WITHDRAWN')) = (decided_by IS NULL)",
    ),
}


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _built_anew("approval")
        return
    for name, (_old, new) in CHANGES.items():
        op.execute(f"ALTER TABLE approval DROP CONSTRAINT {name}")
        op.execute(f"ALTER TABLE approval ADD CONSTRAINT {name} CHECK ({new})")


def _built_anew(table: str) -> None:
    """SQLite changes no CHECK: the table is built anew beside the old one, with its indexes and triggers."""
    run = op.get_bind().exec_driver_sql
    made = run("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one()
    around = run("SELECT sql FROM sqlite_master WHERE type <> 'table' AND tbl_name = ? AND sql IS NOT NULL", (table,))
    again = list(around.scalars())
    for old, new in CHANGES.values():
        assert old in made
        made = made.replace(old, new)
    name = f'"{table}"' if f'CREATE TABLE "{table}"' in made else table
    run(made.replace(f"CREATE TABLE {name} ", f"CREATE TABLE {table}_new ", 1))
    run(f"INSERT INTO {table}_new SELECT * FROM {table}")
    run(f"DROP TABLE {table}")
    run(f"ALTER TABLE {table}_new RENAME TO {table}")
    for sql in again:
        run(sql)
