"""The queue: rules, days, slots, numbers, tickets and their moves, the room, the checklist; and their guards."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")

APPEND_ONLY = ("ticket_move", "room_move", "checklist_signed")
NEVER_DELETED = ("ticket", "queue_number", "queue_day", "queue_slot")
# Columns that move by the trade's own rules; every other column of these tables is written once.
MOVES = {
    "queue_office": ("content",),
    "queue_day": ("room_cap", "inside", "room_moves", "figures", "figured_on", "ended_at"),
    "queue_slot": ("tills", "bookable", "walk_ins", "is_kept", "booked", "walked"),
    "queue_number": ("next_number",),
    "ticket": (
        "day", "letter", "number", "state", "service_code", "class_code", "customer_code", "period", "channel", "slot",
        "held_until", "arrived_at", "rank_at", "told_minutes", "called_at", "first_called_at", "ended_at", "calls",
        "till_code", "wanted_till", "is_inside", "moves",
    ),
}


def upgrade() -> None:
    _tables()
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
    for table in NEVER_DELETED:
        op.execute(
            f"CREATE TRIGGER guard_{table}_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END"
        )


def _postgres() -> None:
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER guard_{table} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION guard_append_only()"
        )
    for table in (*APPEND_ONLY, *MOVES):
        op.execute(f"GRANT SELECT, INSERT ON {table} TO counter_app")
    for table, columns in MOVES.items():
        op.execute(f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO counter_app")


def _tables() -> None:
    op.create_table('queue_day',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('room_cap', sa.Integer(), nullable=False),
    sa.Column('inside', sa.Integer(), nullable=False),
    sa.Column('room_moves', sa.Integer(), nullable=False),
    sa.Column('figures', sa.Text(), nullable=False),
    sa.Column('figured_on', sa.Date(), nullable=True),
    sa.Column('ended_at', INSTANT, nullable=True),
    sa.CheckConstraint('inside >= 0 AND room_cap >= 1 AND room_moves >= 0', name=op.f('ck_queue_day_people')),
    sa.ForeignKeyConstraint(['office_id'], ['office.office_id'], name=op.f('fk_queue_day_office_id')),
    sa.PrimaryKeyConstraint('office_id', 'day', name=op.f('pk_queue_day'))
    )
    op.create_table('queue_office',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.office_id'], name=op.f('fk_queue_office_office_id')),
    sa.PrimaryKeyConstraint('office_id', name=op.f('pk_queue_office'))
    )
    op.create_table('checklist_signed',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('till_code', sa.String(16), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('signed_by', sa.Uuid(), nullable=False),
    sa.Column('signed_at', INSTANT, nullable=False),
    sa.ForeignKeyConstraint(['office_id', 'signed_by'], ['app_user.office_id', 'app_user.user_id'], name=op.f('fk_checklist_signed_office_id_signed_by')),
    sa.ForeignKeyConstraint(['office_id', 'till_code'], ['till.office_id', 'till.till_code'], name=op.f('fk_checklist_signed_office_id_till_code')),
    sa.PrimaryKeyConstraint('office_id', 'till_code', 'day', name=op.f('pk_checklist_signed'))
    )
    op.create_table('queue_number',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('letter', sa.String(1), nullable=False),
    sa.Column('next_number', sa.Integer(), nullable=False),
    sa.CheckConstraint('next_number >= 1', name=op.f('ck_queue_number_from_one')),
    sa.ForeignKeyConstraint(['office_id', 'day'], ['queue_day.office_id', 'queue_day.day'], name=op.f('fk_queue_number_office_id_day')),
    sa.PrimaryKeyConstraint('office_id', 'day', 'letter', name=op.f('pk_queue_number'))
    )
    op.create_table('queue_slot',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('minute', sa.Integer(), nullable=False),
    sa.Column('tills', sa.Integer(), nullable=False),
    sa.Column('bookable', sa.Integer(), nullable=False),
    sa.Column('walk_ins', sa.Integer(), nullable=False),
    sa.Column('is_kept', sa.Boolean(), nullable=False),
    sa.Column('booked', sa.Integer(), nullable=False),
    sa.Column('walked', sa.Integer(), nullable=False),
    sa.CheckConstraint('minute BETWEEN 0 AND 1439', name=op.f('ck_queue_slot_in_the_day')),
    sa.CheckConstraint('tills >= 0 AND bookable >= 0 AND walk_ins >= 0 AND booked >= 0 AND walked >= 0', name=op.f('ck_queue_slot_counts')),
    sa.ForeignKeyConstraint(['office_id', 'day'], ['queue_day.office_id', 'queue_day.day'], name=op.f('fk_queue_slot_office_id_day')),
    sa.PrimaryKeyConstraint('office_id', 'day', 'minute', name=op.f('pk_queue_slot'))
    )
    op.create_table('ticket',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('ticket_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('letter', sa.String(1), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(24), nullable=False),
    sa.Column('state', sa.String(24), nullable=False),
    sa.Column('service_code', sa.String(16), nullable=False),
    sa.Column('class_code', sa.String(16), nullable=False),
    sa.Column('customer_code', sa.String(20), nullable=True),
    sa.Column('period', sa.String(7), nullable=True),
    sa.Column('channel', sa.String(24), nullable=True),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.Column('held_until', INSTANT, nullable=True),
    sa.Column('made_at', INSTANT, nullable=False),
    sa.Column('arrived_at', INSTANT, nullable=True),
    sa.Column('rank_at', INSTANT, nullable=True),
    sa.Column('told_minutes', sa.Integer(), nullable=True),
    sa.Column('called_at', INSTANT, nullable=True),
    sa.Column('first_called_at', INSTANT, nullable=True),
    sa.Column('ended_at', INSTANT, nullable=True),
    sa.Column('calls', sa.Integer(), nullable=False),
    sa.Column('till_code', sa.String(16), nullable=True),
    sa.Column('wanted_till', sa.String(16), nullable=True),
    sa.Column('is_inside', sa.Boolean(), nullable=False),
    sa.Column('moves', sa.Integer(), nullable=False),
    sa.CheckConstraint("state <> 'CALLED' OR (till_code IS NOT NULL AND calls >= 1)", name=op.f('ck_ticket_called_somewhere')),
    sa.CheckConstraint("state <> 'WAITING' OR rank_at IS NOT NULL", name=op.f('ck_ticket_waits_in_line')),
    sa.CheckConstraint('number IS NULL OR number >= 1', name=op.f('ck_ticket_from_one')),
    sa.ForeignKeyConstraint(['office_id', 'customer_code'], ['customer.office_id', 'customer.customer_code'], name=op.f('fk_ticket_office_id_customer_code')),
    sa.ForeignKeyConstraint(['office_id', 'day'], ['queue_day.office_id', 'queue_day.day'], name=op.f('fk_ticket_office_id_day')),
    sa.ForeignKeyConstraint(['office_id', 'till_code'], ['till.office_id', 'till.till_code'], name=op.f('fk_ticket_office_id_till_code')),
    sa.CheckConstraint("channel IN ('COUNTER', 'PHONE', 'CALL_CENTRE', 'SPREAD')", name=op.f('ck_ticket_booking_channel')),
    sa.CheckConstraint("state IN ('DRAFT', 'BOOKED', 'WAITING', 'CALLED', 'HELD', 'ABSENT', 'SERVED', 'LEFT', 'CANCELLED', 'MISSED', 'EXPIRED')", name=op.f('ck_ticket_ticket_state')),
    sa.CheckConstraint("kind IN ('APPOINTMENT', 'WALK_IN')", name=op.f('ck_ticket_ticket_kind')),
    sa.PrimaryKeyConstraint('office_id', 'ticket_id', name=op.f('pk_ticket')),
    sa.UniqueConstraint('office_id', 'day', 'letter', 'number', name=op.f('uq_ticket_office_id_day_letter_number'))
    )
    op.create_index('ix_ticket_customer', 'ticket', ['office_id', 'customer_code'], unique=False)
    op.create_index('ix_ticket_line', 'ticket', ['office_id', 'day', 'state', 'rank_at', 'number'], unique=False)
    op.create_index('uq_ticket_booking', 'ticket', ['office_id', 'customer_code', 'period'], unique=True, sqlite_where=sa.text("kind = 'APPOINTMENT' AND state IN ('DRAFT','BOOKED','WAITING','CALLED','HELD','SERVED')"), postgresql_where=sa.text("kind = 'APPOINTMENT' AND state IN ('DRAFT','BOOKED','WAITING','CALLED','HELD','SERVED')"))
    op.create_index('uq_ticket_called', 'ticket', ['office_id', 'till_code'], unique=True, sqlite_where=sa.text("state = 'CALLED'"), postgresql_where=sa.text("state = 'CALLED'"))
    op.create_table('room_move',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('move_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(24), nullable=False),
    sa.Column('change', sa.Integer(), nullable=False),
    sa.Column('inside', sa.Integer(), nullable=False),
    sa.Column('room_cap', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Uuid(), nullable=True),
    sa.Column('at', INSTANT, nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("kind NOT IN ('CALLED','LET_IN') OR inside <= room_cap", name=op.f('ck_room_move_never_above_cap')),
    sa.CheckConstraint('seq >= 1 AND inside >= 0', name=op.f('ck_room_move_from_one')),
    sa.ForeignKeyConstraint(['office_id', 'day'], ['queue_day.office_id', 'queue_day.day'], name=op.f('fk_room_move_office_id_day')),
    sa.ForeignKeyConstraint(['office_id', 'ticket_id'], ['ticket.office_id', 'ticket.ticket_id'], name=op.f('fk_room_move_office_id_ticket_id')),
    sa.CheckConstraint("kind IN ('CALLED', 'LET_IN', 'OUT', 'GUARD', 'CAP', 'DAY_END')", name=op.f('ck_room_move_room_move_kind')),
    sa.PrimaryKeyConstraint('office_id', 'day', 'seq', name=op.f('pk_room_move')),
    sa.UniqueConstraint('office_id', 'move_id', name=op.f('uq_room_move_office_id_move_id'))
    )
    op.create_table('ticket_move',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('move_id', sa.Uuid(), nullable=False),
    sa.Column('ticket_id', sa.Uuid(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(24), nullable=False),
    sa.Column('state', sa.String(24), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('letter', sa.String(1), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.Column('service_code', sa.String(16), nullable=False),
    sa.Column('till_code', sa.String(16), nullable=True),
    sa.Column('at', INSTANT, nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('step >= 1', name=op.f('ck_ticket_move_from_one')),
    sa.ForeignKeyConstraint(['office_id', 'ticket_id'], ['ticket.office_id', 'ticket.ticket_id'], name=op.f('fk_ticket_move_office_id_ticket_id')),
    sa.CheckConstraint("state IN ('DRAFT', 'BOOKED', 'WAITING', 'CALLED', 'HELD', 'ABSENT', 'SERVED', 'LEFT', 'CANCELLED', 'MISSED', 'EXPIRED')", name=op.f('ck_ticket_move_ticket_state')),
    sa.CheckConstraint("kind IN ('DRAFTED', 'BOOKED', 'CHANGED', 'CANCELLED', 'ISSUED', 'ARRIVED', 'LET_IN', 'CALLED', 'RECALLED', 'SERVED', 'ABSENT', 'RETURNED', 'TRANSFERRED', 'HELD', 'RESUMED', 'LEFT', 'MISSED', 'EXPIRED')", name=op.f('ck_ticket_move_ticket_move_kind')),
    sa.PrimaryKeyConstraint('office_id', 'move_id', name=op.f('pk_ticket_move')),
    sa.UniqueConstraint('office_id', 'ticket_id', 'step', name=op.f('uq_ticket_move_office_id_ticket_id_step'))
    )
