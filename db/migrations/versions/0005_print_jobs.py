"""Print jobs: every paper is in the books before it is on paper; its moves are guarded below the program."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
OPEN = sa.text("state <> 'PRINTED' AND answer IS NULL")
MOVES = (
    "QUEUED>CHECKING", "BLOCKED>CHECKING", "CHECKING>BLOCKED", "CHECKING>SENDING", "SENDING>AWAIT_ACK",
    "SENDING>UNCONFIRMED", "AWAIT_ACK>PRINTED", "AWAIT_ACK>UNCONFIRMED", "UNCONFIRMED>PRINTED",
)
WRITTEN_ONCE = ("office_id", "job_id", "till_code", "kind", "subject", "copy_no", "queued_at")
MOVABLE = (
    "state", "printer", "ack_id", "error", "tries", "answer", "answered_by", "sent_at", "ended_at", "answered_at",
)
LEGAL = ", ".join(f"'{move}'" for move in MOVES)


def upgrade() -> None:
    _table()
    sqlite = op.get_context().dialect.name == "sqlite"
    _papers_until_now("lower(hex(randomblob(16)))" if sqlite else "gen_random_uuid()")
    if sqlite:
        _sqlite()
    else:
        _postgres()


def _table() -> None:
    op.create_table(
        "print_job",
        sa.Column("office_id", sa.String(16), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("till_code", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("copy_no", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("printer", sa.String(120), nullable=False),
        sa.Column("ack_id", sa.String(4), nullable=False),
        sa.Column("error", sa.String(24), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(24), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("queued_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.CheckConstraint("copy_no >= 0", name=op.f("ck_print_job_from_zero")),
        sa.CheckConstraint(
            "(state IN ('QUEUED','CHECKING','BLOCKED')) = (sent_at IS NULL)", name=op.f("ck_print_job_sent_once")
        ),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_print_job_answered_at_once")),
        sa.CheckConstraint(
            "state IN ('QUEUED', 'CHECKING', 'BLOCKED', 'SENDING', 'AWAIT_ACK', 'PRINTED', 'UNCONFIRMED')",
            name=op.f("ck_print_job_job_state"),
        ),
        sa.CheckConstraint(
            "error IN ('AWAY', 'SILENT', 'NO_PAPER', 'COVER_OPEN', 'OFFLINE', 'BROKEN', 'CANNOT_BE_MADE', 'BROKE_OFF', "
            "'NO_ACK', 'MUTE', 'STOPPED')",
            name=op.f("ck_print_job_job_trouble"),
        ),
        sa.CheckConstraint(
            "answer IN ('CAME_OUT', 'DID_NOT', 'NOT_WANTED', 'TOO_LATE')", name=op.f("ck_print_job_job_answer")
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "till_code"], ["till.office_id", "till.till_code"], name=op.f("fk_print_job_office_id_till_code")
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "answered_by"],
            ["app_user.office_id", "app_user.user_id"],
            name=op.f("fk_print_job_office_id_answered_by"),
        ),
        sa.PrimaryKeyConstraint("office_id", "job_id", name=op.f("pk_print_job")),
        sa.UniqueConstraint(
            "office_id", "kind", "subject", "copy_no", name=op.f("uq_print_job_office_id_kind_subject_copy_no")
        ),
    )
    op.create_index(
        "ix_print_job_open",
        "print_job",
        ["office_id", "till_code", "job_id"],
        unique=False,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _papers_until_now(any_id: str) -> None:
    """Receipts and copies of before get their job, which nobody waits for: it was printed by a program without a spool."""
    columns = (
        "office_id, job_id, till_code, kind, subject, copy_no, state, printer, ack_id, tries, answer, queued_at, answered_at"
    )
    op.execute(
        f"INSERT INTO print_job ({columns}) SELECT office_id, payment_id, till_code, 'RECEIPT', payment_id, 0, 'QUEUED', "
        "'', '', 0, 'NOT_WANTED', taken_at, taken_at FROM payment"
    )
    op.execute(
        f"INSERT INTO print_job ({columns}) SELECT r.office_id, {any_id}, p.till_code, 'RECEIPT', r.payment_id, r.copy_no, "
        "'QUEUED', '', '', 0, 'NOT_WANTED', r.printed_at, r.printed_at FROM reprint r "
        "JOIN payment p ON p.office_id = r.office_id AND p.payment_id = r.payment_id"
    )


def _wrong(differs: str) -> str:
    once = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in WRITTEN_ONCE)
    return (
        f"{once} OR (NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({LEGAL})) "
        f"OR (OLD.sent_at IS NOT NULL AND NEW.sent_at {differs} OLD.sent_at) "
        f"OR (OLD.answer IS NOT NULL AND NEW.answer {differs} OLD.answer)"
    )


def _sqlite() -> None:
    op.execute(
        f"CREATE TRIGGER guard_print_job_update BEFORE UPDATE ON print_job WHEN {_wrong('IS NOT')} "
        "BEGIN SELECT RAISE(ABORT, 'a print job only moves on'); END"
    )
    op.execute(
        "CREATE TRIGGER guard_print_job_delete BEFORE DELETE ON print_job "
        "BEGIN SELECT RAISE(ABORT, 'print_job is never deleted'); END"
    )


def _postgres() -> None:
    op.execute(
        "CREATE FUNCTION guard_print_job() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'print_job is never deleted' USING ERRCODE = '42501'; END IF; "
        f"IF {_wrong('IS DISTINCT FROM')} THEN "
        "RAISE EXCEPTION 'a print job only moves on' USING ERRCODE = '42501'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER guard_print_job BEFORE UPDATE OR DELETE ON print_job "
        "FOR EACH ROW EXECUTE FUNCTION guard_print_job()"
    )
    op.execute("GRANT SELECT, INSERT ON print_job TO counter_app")
    op.execute(f"GRANT UPDATE ({', '.join(MOVABLE)}) ON print_job TO counter_app")
