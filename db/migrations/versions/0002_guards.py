"""Guards below the program: what happened cannot be edited or deleted, and PostgreSQL's app role may not even try."""

from alembic import op

revision = "0002"
down_revision = "0001"

APPEND_ONLY = (
    "journal",
    "posting",
    "payment",
    "payment_line",
    "advance_move",
    "cash_count",
    "cash_move",
    "reprint",
    "bill_import",
)
# Columns that move by the trade's own rules; every other column of these tables is written once.
MOVES = {
    "office": ("name", "address", "phone"),
    "receipt_series": ("next_number",),
    "chain_head": ("seq", "hash"),
    "app_user": ("name", "role", "pin_hash", "is_active", "pin_reset_by", "pin_reset_day"),
    "pin_guard": ("wrong_in_row", "wrong_day", "wrong_that_day", "locked_until"),
    "approval": ("state", "decided_by", "decided_at"),
    "account": ("book_number", "name"),
    "meter_book": ("name",),
    "customer": ("payer_code", "name", "address", "phone", "meter_number", "book_code", "position"),
    "bill": (
        "customer_code", "kind", "year", "month", "ky", "net", "vat", "vat_percent", "amount", "kwh", "meter_number",
        "book_code", "issued_day", "due_day", "state", "import_id",
    ),
    "office_case": ("state", "resolved_by", "resolved_at", "resolution", "claimed", "details", "import_id"),
    "shift": (
        "state", "counted", "expected", "difference_reason", "handed_over_at", "receiver_id", "accepted_at",
    ),
    "settlement": ("reversed_by",),
    "customer_find": ("tok",),
    "till": (),
    "customer_number": (),
}


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgres()


def _sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER guard_{table}_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        "CREATE TRIGGER guard_settlement_update BEFORE UPDATE ON settlement WHEN OLD.reversed_by IS NOT NULL "
        "OR NEW.bill_id <> OLD.bill_id OR NEW.payment_id <> OLD.payment_id OR NEW.amount <> OLD.amount "
        "BEGIN SELECT RAISE(ABORT, 'a settlement ends once'); END"
    )
    for table in ("settlement", "bill", "customer", "shift", "approval", "office_case", "chain_head", "receipt_series"):
        op.execute(
            f"CREATE TRIGGER guard_{table}_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END"
        )


def _postgres() -> None:
    op.execute(
        "CREATE FUNCTION guard_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER guard_{table} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION guard_append_only()"
        )
    op.execute(
        "CREATE FUNCTION guard_settlement() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' OR OLD.reversed_by IS NOT NULL OR NEW.bill_id <> OLD.bill_id "
        "OR NEW.payment_id <> OLD.payment_id OR NEW.amount <> OLD.amount THEN "
        "RAISE EXCEPTION 'a settlement ends once' USING ERRCODE = '42501'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER guard_settlement BEFORE UPDATE OR DELETE ON settlement "
        "FOR EACH ROW EXECUTE FUNCTION guard_settlement()"
    )
    op.execute(
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'counter_app') THEN "
        "CREATE ROLE counter_app NOLOGIN; END IF; END $$"
    )
    op.execute("DO $$ BEGIN EXECUTE format('GRANT counter_app TO %I', current_user); END $$")
    op.execute("DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO counter_app', current_schema()); END $$")
    op.execute("GRANT SELECT ON alembic_version TO counter_app")
    for table in (*APPEND_ONLY, *MOVES):
        op.execute(f"GRANT SELECT, INSERT ON {table} TO counter_app")
    op.execute("GRANT DELETE ON customer_number TO counter_app")  # an index: a changed phone leaves it
    for table, columns in MOVES.items():
        if columns:
            op.execute(f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO counter_app")
