"""A second person may be asked whether money stays as an advance: one word more in `approval.act`."""

from alembic import op

revision = "0006"
down_revision = "0005"

OLD = "act IN ('REVERSE', 'REFUND', 'OUT_OF_ORDER', 'DIFFERENCE', 'QR_BY_HAND', 'SURPLUS')"
NEW = "act IN ('REVERSE', 'REFUND', 'KEEP', 'OUT_OF_ORDER', 'DIFFERENCE', 'QR_BY_HAND', 'SURPLUS')"


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _built_anew("approval")
    else:
        op.execute("ALTER TABLE approval DROP CONSTRAINT ck_approval_approval_act")
        op.execute(f"ALTER TABLE approval ADD CONSTRAINT ck_approval_approval_act CHECK ({NEW})")


def _built_anew(table: str) -> None:
    """SQLite changes no CHECK: the table is built anew beside the old one, with its indexes and triggers."""
    run = op.get_bind().exec_driver_sql
    made = run("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one()
    around = run("SELECT sql FROM sqlite_master WHERE type <> 'table' AND tbl_name = ? AND sql IS NOT NULL", (table,))
    again = list(around.scalars())
    assert OLD in made
    run(made.replace(OLD, NEW).replace(f"CREATE TABLE {table} ", f"CREATE TABLE {table}_new ", 1))
    run(f"INSERT INTO {table}_new SELECT * FROM {table}")
    run(f"DROP TABLE {table}")
    run(f"ALTER TABLE {table}_new RENAME TO {table}")
    for sql in again:
        run(sql)
