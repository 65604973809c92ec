"""The house: office, tills, people, bills, shifts, payments, journal, ledger, search."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    op.create_table('office',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('name', sa.String(200), nullable=False),
    sa.Column('address', sa.String(300), nullable=False),
    sa.Column('phone', sa.String(40), nullable=False),
    sa.PrimaryKeyConstraint('office_id', name=op.f('pk_office'))
    )
    op.create_table('account',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('account', sa.String(24), nullable=False),
    sa.Column('book_number', sa.String(16), nullable=False),
    sa.Column('name', sa.String(120), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.office_id'], name=op.f('fk_account_office_id')),
    sa.PrimaryKeyConstraint('office_id', 'account', name=op.f('pk_account'))
    )
    op.create_table('app_user',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('login', sa.String(40), nullable=False),
    sa.Column('name', sa.String(120), nullable=False),
    sa.Column('role', sa.String(24), nullable=False),
    sa.Column('pin_hash', sa.String(200), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('pin_reset_by', sa.Uuid(), nullable=True),
    sa.Column('pin_reset_day', sa.Date(), nullable=True),
    sa.CheckConstraint('pin_reset_by IS NULL OR pin_reset_by <> user_id', name=op.f('ck_app_user_not_reset_by_self')),
    sa.ForeignKeyConstraint(['office_id'], ['office.office_id'], name=op.f('fk_app_user_office_id')),
    sa.CheckConstraint("role IN ('cashier', 'supervisor', 'collector', 'auditor')", name=op.f('ck_app_user_role')),
    sa.PrimaryKeyConstraint('office_id', 'user_id', name=op.f('pk_app_user')),
    sa.UniqueConstraint('office_id', 'login', name=op.f('uq_app_user_office_id_login'))
    )
    op.create_table('bill_import',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('file_name', sa.String(300), nullable=False),
    sa.Column('sha256', sa.String(64), nullable=False),
    sa.Column('profile', sa.String(40), nullable=False),
    sa.Column('state', sa.String(24), nullable=False),
    sa.Column('read', sa.Integer(), nullable=False),
    sa.Column('added', sa.Integer(), nullable=False),
    sa.Column('updated', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('done_at', INSTANT, nullable=False),
    sa.Column('done_by', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.office_id'], name=op.f('fk_bill_import_office_id')),
    sa.CheckConstraint("state IN ('DONE')", name=op.f('ck_bill_import_import_state')),
    sa.PrimaryKeyConstraint('office_id', 'import_id', name=op.f('pk_bill_import'))
    )
    op.create_index('ix_bill_import_sha256', 'bill_import', ['office_id', 'sha256'], unique=False)
    op.create_table('customer',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('customer_code', sa.String(20), nullable=False),
    sa.Column('payer_code', sa.String(20), nullable=False),
    sa.Column('name', sa.String(200), nullable=False),
    sa.Column('address', sa.String(300), nullable=False),
    sa.Column('phone', sa.String(40), nullable=False),
    sa.Column('meter_number', sa.String(40), nullable=False),
    sa.Column('book_code', sa.String(50), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('search_no', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.office_id'], name=op.f('fk_customer_office_id')),
    sa.PrimaryKeyConstraint('office_id', 'customer_code', name=op.f('pk_customer')),
    sa.UniqueConstraint('office_id', 'search_no', name=op.f('uq_customer_office_id_search_no'))
    )
    op.create_index('ix_customer_payer', 'customer', ['office_id', 'payer_code'], unique=False)
    op.create_table('meter_book',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('book_code', sa.String(50), nullable=False),
    sa.Column('name', sa.String(100), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.office_id'], name=op.f('fk_meter_book_office_id')),
    sa.PrimaryKeyConstraint('office_id', 'book_code', name=op.f('pk_meter_book'))
    )
    op.create_table('till',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('till_code', sa.String(16), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.office_id'], name=op.f('fk_till_office_id')),
    sa.PrimaryKeyConstraint('office_id', 'till_code', name=op.f('pk_till'))
    )
    op.create_table('advance_move',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('customer_code', sa.String(20), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount <> 0', name=op.f('ck_advance_move_something')),
    sa.ForeignKeyConstraint(['office_id', 'customer_code'], ['customer.office_id', 'customer.customer_code'], name=op.f('fk_advance_move_office_id_customer_code')),
    sa.PrimaryKeyConstraint('office_id', 'customer_code', 'payment_id', name=op.f('pk_advance_move'))
    )
    op.create_table('approval',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('approval_id', sa.Uuid(), nullable=False),
    sa.Column('act', sa.String(24), nullable=False),
    sa.Column('subject', sa.String(120), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(300), nullable=False),
    sa.Column('till_code', sa.String(16), nullable=False),
    sa.Column('requested_by', sa.Uuid(), nullable=False),
    sa.Column('requested_at', INSTANT, nullable=False),
    sa.Column('state', sa.String(24), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', INSTANT, nullable=True),
    sa.CheckConstraint("(state = 'WAITING') = (decided_by IS NULL)", name=op.f('ck_approval_decided_by_somebody')),
    sa.CheckConstraint('decided_by IS NULL OR decided_by <> requested_by', name=op.f('ck_approval_two_people')),
    sa.ForeignKeyConstraint(['office_id', 'requested_by'], ['app_user.office_id', 'app_user.user_id'], name=op.f('fk_approval_office_id_requested_by')),
    sa.ForeignKeyConstraint(['office_id', 'till_code'], ['till.office_id', 'till.till_code'], name=op.f('fk_approval_office_id_till_code')),
    sa.CheckConstraint("act IN ('REVERSE', 'REFUND', 'OUT_OF_ORDER', 'DIFFERENCE')", name=op.f('ck_approval_approval_act')),
    sa.CheckConstraint("state IN ('WAITING', 'GRANTED', 'DENIED', 'USED')", name=op.f('ck_approval_approval_state')),
    sa.PrimaryKeyConstraint('office_id', 'approval_id', name=op.f('pk_approval'))
    )
    op.create_index('ix_approval_waiting', 'approval', ['office_id', 'state', 'requested_at'], unique=False)
    op.create_table('bill',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('bill_id', sa.String(32), nullable=False),
    sa.Column('unit', sa.String(8), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('customer_code', sa.String(20), nullable=False),
    sa.Column('kind', sa.String(24), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('ky', sa.Integer(), nullable=False),
    sa.Column('net', sa.BigInteger(), nullable=False),
    sa.Column('vat', sa.BigInteger(), nullable=False),
    sa.Column('vat_percent', sa.String(8), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('kwh', sa.Integer(), nullable=False),
    sa.Column('meter_number', sa.String(40), nullable=False),
    sa.Column('book_code', sa.String(50), nullable=False),
    sa.Column('issued_day', sa.Date(), nullable=True),
    sa.Column('due_day', sa.Date(), nullable=True),
    sa.Column('state', sa.String(24), nullable=False),
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_bill_amount_not_negative')),
    sa.CheckConstraint('month BETWEEN 1 AND 12 AND year BETWEEN 2000 AND 2999 AND ky BETWEEN 1 AND 9', name=op.f('ck_bill_period')),
    sa.ForeignKeyConstraint(['office_id', 'customer_code'], ['customer.office_id', 'customer.customer_code'], name=op.f('fk_bill_office_id_customer_code')),
    sa.CheckConstraint("kind IN ('TD', 'VC', 'TC')", name=op.f('ck_bill_bill_kind')),
    sa.CheckConstraint("state IN ('DUE', 'WITHDRAWN')", name=op.f('ck_bill_bill_state')),
    sa.PrimaryKeyConstraint('office_id', 'bill_id', name=op.f('pk_bill'))
    )
    op.create_index('ix_bill_customer', 'bill', ['office_id', 'customer_code', 'year', 'month', 'ky'], unique=False)
    op.create_table('chain_head',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('till_code', sa.String(16), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(64), nullable=False),
    sa.ForeignKeyConstraint(['office_id', 'till_code'], ['till.office_id', 'till.till_code'], name=op.f('fk_chain_head_office_id_till_code')),
    sa.PrimaryKeyConstraint('office_id', 'till_code', name=op.f('pk_chain_head'))
    )
    op.create_table('journal',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('till_code', sa.String(16), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('at', INSTANT, nullable=False),
    sa.Column('business_day', sa.Date(), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('prev_hash', sa.String(64), nullable=False),
    sa.Column('hash', sa.String(64), nullable=False),
    sa.CheckConstraint('seq >= 1', name=op.f('ck_journal_from_one')),
    sa.ForeignKeyConstraint(['office_id', 'till_code'], ['till.office_id', 'till.till_code'], name=op.f('fk_journal_office_id_till_code')),
    sa.PrimaryKeyConstraint('office_id', 'till_code', 'seq', name=op.f('pk_journal'))
    )
    op.create_table('pin_guard',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('till_code', sa.String(16), nullable=False),
    sa.Column('wrong_in_row', sa.Integer(), nullable=False),
    sa.Column('wrong_day', sa.Date(), nullable=True),
    sa.Column('wrong_that_day', sa.Integer(), nullable=False),
    sa.Column('locked_until', INSTANT, nullable=True),
    sa.ForeignKeyConstraint(['office_id', 'till_code'], ['till.office_id', 'till.till_code'], name=op.f('fk_pin_guard_office_id_till_code')),
    sa.ForeignKeyConstraint(['office_id', 'user_id'], ['app_user.office_id', 'app_user.user_id'], name=op.f('fk_pin_guard_office_id_user_id')),
    sa.PrimaryKeyConstraint('office_id', 'user_id', 'till_code', name=op.f('pk_pin_guard'))
    )
    op.create_table('receipt_series',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('till_code', sa.String(16), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('next_number', sa.Integer(), nullable=False),
    sa.CheckConstraint('next_number >= 1', name=op.f('ck_receipt_series_from_one')),
    sa.ForeignKeyConstraint(['office_id', 'till_code'], ['till.office_id', 'till.till_code'], name=op.f('fk_receipt_series_office_id_till_code')),
    sa.PrimaryKeyConstraint('office_id', 'till_code', 'year', name=op.f('pk_receipt_series'))
    )
    op.create_table('shift',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('shift_id', sa.Uuid(), nullable=False),
    sa.Column('till_code', sa.String(16), nullable=False),
    sa.Column('cashier_id', sa.Uuid(), nullable=False),
    sa.Column('business_day', sa.Date(), nullable=False),
    sa.Column('state', sa.String(24), nullable=False),
    sa.Column('opened_at', INSTANT, nullable=False),
    sa.Column('float_amount', sa.BigInteger(), nullable=False),
    sa.Column('counted', sa.BigInteger(), nullable=True),
    sa.Column('expected', sa.BigInteger(), nullable=True),
    sa.Column('difference_reason', sa.String(300), nullable=False),
    sa.Column('handed_over_at', INSTANT, nullable=True),
    sa.Column('receiver_id', sa.Uuid(), nullable=True),
    sa.Column('accepted_at', INSTANT, nullable=True),
    sa.CheckConstraint('receiver_id IS NULL OR receiver_id <> cashier_id', name=op.f('ck_shift_received_by_another')),
    sa.ForeignKeyConstraint(['office_id', 'cashier_id'], ['app_user.office_id', 'app_user.user_id'], name=op.f('fk_shift_office_id_cashier_id')),
    sa.ForeignKeyConstraint(['office_id', 'till_code'], ['till.office_id', 'till.till_code'], name=op.f('fk_shift_office_id_till_code')),
    sa.CheckConstraint("state IN ('OPEN', 'COUNTED', 'HANDED_OVER', 'ACCEPTED')", name=op.f('ck_shift_shift_state')),
    sa.PrimaryKeyConstraint('office_id', 'shift_id', name=op.f('pk_shift'))
    )
    op.create_index('ix_shift_day', 'shift', ['office_id', 'business_day'], unique=False)
    op.create_index('uq_shift_live_cashier', 'shift', ['office_id', 'cashier_id'], unique=True, sqlite_where=sa.text("state IN ('OPEN','COUNTED')"), postgresql_where=sa.text("state IN ('OPEN','COUNTED')"))
    op.create_index('uq_shift_live_till', 'shift', ['office_id', 'till_code'], unique=True, sqlite_where=sa.text("state IN ('OPEN','COUNTED')"), postgresql_where=sa.text("state IN ('OPEN','COUNTED')"))
    op.create_table('cash_count',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('count_id', sa.Uuid(), nullable=False),
    sa.Column('shift_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.String(24), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('counted_by', sa.Uuid(), nullable=False),
    sa.Column('counted_at', INSTANT, nullable=False),
    sa.CheckConstraint('total >= 0', name=op.f('ck_cash_count_not_negative')),
    sa.ForeignKeyConstraint(['office_id', 'shift_id'], ['shift.office_id', 'shift.shift_id'], name=op.f('fk_cash_count_office_id_shift_id')),
    sa.CheckConstraint("purpose IN ('FLOAT', 'BLIND')", name=op.f('ck_cash_count_count_purpose')),
    sa.PrimaryKeyConstraint('office_id', 'count_id', name=op.f('pk_cash_count'))
    )
    op.create_index('ix_cash_count_shift', 'cash_count', ['office_id', 'shift_id'], unique=False)
    op.create_table('cash_move',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('move_id', sa.Uuid(), nullable=False),
    sa.Column('shift_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(24), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(300), nullable=False),
    sa.Column('moved_by', sa.Uuid(), nullable=False),
    sa.Column('moved_at', INSTANT, nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_cash_move_something')),
    sa.ForeignKeyConstraint(['office_id', 'shift_id'], ['shift.office_id', 'shift.shift_id'], name=op.f('fk_cash_move_office_id_shift_id')),
    sa.CheckConstraint("kind IN ('SAFE_DROP', 'CHANGE_FROM_SAFE')", name=op.f('ck_cash_move_cash_move_kind')),
    sa.PrimaryKeyConstraint('office_id', 'move_id', name=op.f('pk_cash_move'))
    )
    op.create_index('ix_cash_move_shift', 'cash_move', ['office_id', 'shift_id'], unique=False)
    op.create_table('office_case',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(24), nullable=False),
    sa.Column('state', sa.String(24), nullable=False),
    sa.Column('bill_id', sa.String(32), nullable=False),
    sa.Column('customer_code', sa.String(20), nullable=False),
    sa.Column('taken', sa.BigInteger(), nullable=False),
    sa.Column('claimed', sa.BigInteger(), nullable=False),
    sa.Column('details', sa.Text(), nullable=False),
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('opened_at', INSTANT, nullable=False),
    sa.Column('resolved_by', sa.Uuid(), nullable=True),
    sa.Column('resolved_at', INSTANT, nullable=True),
    sa.Column('resolution', sa.String(300), nullable=False),
    sa.CheckConstraint("(state = 'RESOLVED') = (resolved_by IS NOT NULL)", name=op.f('ck_office_case_resolved_by_somebody')),
    sa.ForeignKeyConstraint(['office_id', 'bill_id'], ['bill.office_id', 'bill.bill_id'], name=op.f('fk_office_case_office_id_bill_id')),
    sa.CheckConstraint("kind IN ('WITHDRAWN_AFTER_PAID', 'CHANGED_AFTER_PAID')", name=op.f('ck_office_case_case_kind')),
    sa.CheckConstraint("state IN ('OPEN', 'RESOLVED')", name=op.f('ck_office_case_case_state')),
    sa.PrimaryKeyConstraint('office_id', 'case_id', name=op.f('pk_office_case'))
    )
    op.create_index('uq_office_case_open', 'office_case', ['office_id', 'bill_id', 'kind'], unique=True, sqlite_where=sa.text("state = 'OPEN'"), postgresql_where=sa.text("state = 'OPEN'"))
    op.create_table('payment',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('till_code', sa.String(16), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(24), nullable=False),
    sa.Column('method', sa.String(24), nullable=False),
    sa.Column('shift_id', sa.Uuid(), nullable=True),
    sa.Column('business_day', sa.Date(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('tendered', sa.BigInteger(), nullable=False),
    sa.Column('change', sa.BigInteger(), nullable=False),
    sa.Column('reverses', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(300), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=False),
    sa.Column('approver_id', sa.Uuid(), nullable=True),
    sa.Column('taken_at', INSTANT, nullable=False),
    sa.Column('journal_seq', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'REVERSAL') = (reverses IS NOT NULL)", name=op.f('ck_payment_reversal_points')),
    sa.CheckConstraint("kind IN ('REVERSAL','REFUND') OR amount > 0", name=op.f('ck_payment_in_positive')),
    sa.CheckConstraint("kind NOT IN ('REVERSAL','REFUND') OR (amount < 0 AND approver_id IS NOT NULL)", name=op.f('ck_payment_back_approved')),
    sa.CheckConstraint("method <> 'CASH' OR kind IN ('REVERSAL','REFUND') OR tendered = amount + change", name=op.f('ck_payment_change_given')),
    sa.CheckConstraint('approver_id IS NULL OR approver_id <> actor_id', name=op.f('ck_payment_two_people')),
    sa.CheckConstraint('change >= 0', name=op.f('ck_payment_change_not_negative')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_payment_number_from_one')),
    sa.ForeignKeyConstraint(['office_id', 'reverses'], ['payment.office_id', 'payment.payment_id'], name=op.f('fk_payment_office_id_reverses')),
    sa.ForeignKeyConstraint(['office_id', 'shift_id'], ['shift.office_id', 'shift.shift_id'], name=op.f('fk_payment_office_id_shift_id')),
    sa.ForeignKeyConstraint(['office_id', 'till_code'], ['till.office_id', 'till.till_code'], name=op.f('fk_payment_office_id_till_code')),
    sa.CheckConstraint("kind IN ('BILLS', 'ADVANCE', 'ADVANCE_USE', 'REVERSAL', 'REFUND')", name=op.f('ck_payment_payment_kind')),
    sa.CheckConstraint("method IN ('CASH', 'QR', 'ADVANCE')", name=op.f('ck_payment_method')),
    sa.PrimaryKeyConstraint('office_id', 'payment_id', name=op.f('pk_payment')),
    sa.UniqueConstraint('office_id', 'reverses', name=op.f('uq_payment_office_id_reverses')),
    sa.UniqueConstraint('office_id', 'till_code', 'journal_seq', name=op.f('uq_payment_office_id_till_code_journal_seq')),
    sa.UniqueConstraint('office_id', 'till_code', 'year', 'number', name=op.f('uq_payment_office_id_till_code_year_number'))
    )
    op.create_index('ix_payment_day', 'payment', ['office_id', 'business_day'], unique=False)
    op.create_index('ix_payment_shift', 'payment', ['office_id', 'shift_id'], unique=False)
    op.create_table('posting',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('till_code', sa.String(16), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('leg', sa.Integer(), nullable=False),
    sa.Column('account', sa.String(24), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('shift_id', sa.Uuid(), nullable=True),
    sa.Column('subject', sa.String(60), nullable=False),
    sa.Column('business_day', sa.Date(), nullable=False),
    sa.CheckConstraint('amount <> 0', name=op.f('ck_posting_something')),
    sa.ForeignKeyConstraint(['office_id', 'account'], ['account.office_id', 'account.account'], name=op.f('fk_posting_office_id_account')),
    sa.ForeignKeyConstraint(['office_id', 'till_code', 'seq'], ['journal.office_id', 'journal.till_code', 'journal.seq'], name=op.f('fk_posting_office_id_till_code_seq')),
    sa.PrimaryKeyConstraint('office_id', 'till_code', 'seq', 'leg', name=op.f('pk_posting'))
    )
    op.create_index('ix_posting_account', 'posting', ['office_id', 'account', 'till_code'], unique=False)
    op.create_index('ix_posting_shift', 'posting', ['office_id', 'shift_id', 'account', 'amount'], unique=False)
    op.create_table('payment_line',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('customer_code', sa.String(20), nullable=False),
    sa.Column('bill_id', sa.String(32), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount <> 0', name=op.f('ck_payment_line_something')),
    sa.ForeignKeyConstraint(['office_id', 'customer_code'], ['customer.office_id', 'customer.customer_code'], name=op.f('fk_payment_line_office_id_customer_code')),
    sa.ForeignKeyConstraint(['office_id', 'payment_id'], ['payment.office_id', 'payment.payment_id'], name=op.f('fk_payment_line_office_id_payment_id')),
    sa.PrimaryKeyConstraint('office_id', 'payment_id', 'line', name=op.f('pk_payment_line'))
    )
    op.create_index('ix_payment_line_bill', 'payment_line', ['office_id', 'bill_id'], unique=False)
    op.create_table('reprint',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('copy_no', sa.Integer(), nullable=False),
    sa.Column('printed_by', sa.Uuid(), nullable=False),
    sa.Column('printed_at', INSTANT, nullable=False),
    sa.CheckConstraint('copy_no >= 1', name=op.f('ck_reprint_from_one')),
    sa.ForeignKeyConstraint(['office_id', 'payment_id'], ['payment.office_id', 'payment.payment_id'], name=op.f('fk_reprint_office_id_payment_id')),
    sa.PrimaryKeyConstraint('office_id', 'payment_id', 'copy_no', name=op.f('pk_reprint'))
    )
    op.create_table('settlement',
    sa.Column('office_id', sa.String(16), nullable=False),
    sa.Column('bill_id', sa.String(32), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('reversed_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['office_id', 'bill_id'], ['bill.office_id', 'bill.bill_id'], name=op.f('fk_settlement_office_id_bill_id')),
    sa.ForeignKeyConstraint(['office_id', 'payment_id'], ['payment.office_id', 'payment.payment_id'], name=op.f('fk_settlement_office_id_payment_id')),
    sa.ForeignKeyConstraint(['office_id', 'reversed_by'], ['payment.office_id', 'payment.payment_id'], name=op.f('fk_settlement_office_id_reversed_by')),
    sa.PrimaryKeyConstraint('office_id', 'bill_id', 'payment_id', name=op.f('pk_settlement'))
    )
    op.create_index('uq_settlement_live', 'settlement', ['office_id', 'bill_id'], unique=True, sqlite_where=sa.text('reversed_by IS NULL'), postgresql_where=sa.text('reversed_by IS NULL'))

    if op.get_context().dialect.name == "sqlite":
        # Contentless: the folded words of each customer, found by word and by the first 1-6 letters of a word.
        op.execute(
            "CREATE VIRTUAL TABLE customer_find USING fts5"
            "(k, content='', tokenize='ascii', detail=none, prefix='1 2 3 4 5 6')"
        )
        # Codes, phones and meters from either end (the first letter of k says which), found by their beginning.
        op.execute(
            "CREATE TABLE customer_number (office_id varchar(16) NOT NULL, k varchar(48) NOT NULL,"
            " customer_code varchar(20) NOT NULL, PRIMARY KEY (office_id, k, customer_code)) WITHOUT ROWID"
        )
    else:
        op.execute(
            "CREATE TABLE customer_find (office_id varchar(16) NOT NULL, customer_code varchar(20) NOT NULL,"
            " tok text[] NOT NULL, PRIMARY KEY (office_id, customer_code),"
            " FOREIGN KEY (office_id, customer_code) REFERENCES customer (office_id, customer_code))"
        )
        op.execute(
            "CREATE TABLE customer_number (office_id varchar(16) NOT NULL, k varchar(48) COLLATE \"C\" NOT NULL,"
            " customer_code varchar(20) NOT NULL, PRIMARY KEY (office_id, k, customer_code))"
        )
        op.execute("CREATE INDEX ix_customer_find_tok ON customer_find USING gin (array_to_tsvector(tok))")
