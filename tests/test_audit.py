"""The audit: each fault planted by somebody who can write the file is found, by the check that is there for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from faults import failed, long_day, one, plant
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from counter.audit import audit
from counter.desk import Desk
from counter.journal import canonical, row_hash
from db.engine import Database

CHECKS = (
    "newest_books",
    "database_file",
    "journal_chain",
    "journal_matches_payments",
    "journal_matches_shifts",
    "receipt_numbers",
    "ledger_balances",
    "ledger_matches_journal",
    "ledger_matches_payments",
    "one_live_settlement",
    "payment_lines",
    "reversals",
    "advances",
    "drawers",
    "two_people",
    "second_words",
    "users",
    "office_limit",
    "paid_bills",
    "imports",
    "copies",
    "given_back",
    "cases",
    "queue_numbers",
    "queue_tickets",
    "queue_room",
    "queue_slots",
    "queue_journal",
    "print_jobs",
    "arrivals",
    "bank_lines",
    "surplus",
    "transfers",
)
UNSEEN = {"arrivals", "bank_lines", "surplus", "transfers", "newest_books"}
"""What a day without transfers, whose heads nobody kept, leaves nothing for."""
A_PAYMENT = "(SELECT payment_id FROM payment WHERE till_code = 'Q1' AND kind = 'BILLS' AND number = 1)"

NOT_REVERSED = (
    "(SELECT payment_id FROM payment AS p WHERE kind = 'BILLS' "
    "AND NOT EXISTS (SELECT 1 FROM payment AS r WHERE r.reverses = p.payment_id) ORDER BY number LIMIT 1)"
)


def test_every_check_has_a_name_and_holds_after_a_long_day(busy: Desk) -> None:
    checks = busy.see(audit)
    assert tuple(check.name for check in checks) == CHECKS
    assert all(check.ok and (check.seen > 0 or check.name in UNSEEN) for check in checks)


PAYMENT_FAULTS = {
    "amount": "amount + 1000, tendered = tendered + 1000",
    "tendered": "tendered + 1000, change = change + 1000",
    "change": "change + 1000, tendered = tendered + 1000",
    "method": "'QR'",
    "kind": "'ADVANCE'",
    "reason": "'không có gì'",
    "number": "4711",
    "year": "year - 1",
    "business_day": "'2026-11-01'",
    "actor_id": "(SELECT user_id FROM app_user WHERE login = 'huong')",
    "approver_id": "(SELECT user_id FROM app_user WHERE login = 'huong')",
    "shift_id": "NULL",
    "taken_at": "'2026-01-01T00:00:00.000000Z'",
    "journal_seq": "journal_seq + 100000",
    "till_code": "'Q2'",
}


@pytest.mark.parametrize("column", PAYMENT_FAULTS)
def test_a_payment_edited_afterwards_differs_from_the_journal(busy: Desk, column: str) -> None:
    plant(busy, f"UPDATE payment SET {column} = {PAYMENT_FAULTS[column]} WHERE payment_id = {A_PAYMENT}")
    broken = failed(busy)["journal_matches_payments"]
    assert any("differs from the journal" in fault for fault in broken)
    if column not in ("number", "year", "till_code", "journal_seq"):
        assert broken == ("PA0501-Q1-26-000001: differs from the journal",)


@pytest.mark.parametrize(
    "edit",
    [
        "amount = amount + 1",
        "customer_code = (SELECT max(customer_code) FROM customer WHERE customer_code <> payment_line.customer_code)",
        "bill_id = 'PA0501-0'",
    ],
)
def test_a_line_edited_afterwards_differs_from_the_journal(busy: Desk, edit: str) -> None:
    plant(busy, f"UPDATE payment_line SET {edit} WHERE line = 1 AND payment_id = {A_PAYMENT}")
    assert failed(busy)["journal_matches_payments"] == ("PA0501-Q1-26-000001: differs from the journal",)


def test_the_months_of_an_advance_are_hashed(busy: Desk) -> None:
    plant(busy, "UPDATE advance_move SET months = months + 1 WHERE months > 0")
    assert "differs from the journal" in failed(busy)["journal_matches_payments"][0]


def test_a_reversal_pointed_elsewhere_is_found(busy: Desk) -> None:
    plant(busy, f"UPDATE payment SET reverses = {NOT_REVERSED} WHERE reverses = (SELECT max(reverses) FROM payment)")
    found = failed(busy)
    assert {"journal_matches_payments", "reversals", "one_live_settlement"} <= set(found)


def test_a_deleted_payment_is_missed(busy: Desk) -> None:
    plant(
        busy,
        f"DELETE FROM settlement WHERE payment_id = {A_PAYMENT}",
        f"DELETE FROM payment_line WHERE payment_id = {A_PAYMENT}",
        "DELETE FROM payment WHERE till_code = 'Q1' AND number = 1",
    )
    found = failed(busy)
    assert any("its payment is gone" in fault for fault in found["journal_matches_payments"])
    assert found["receipt_numbers"][0].startswith("Q1/2026")


def test_a_doubled_number_and_a_gap_are_found(busy: Desk) -> None:
    plant(
        busy,
        "UPDATE payment SET number = (SELECT max(number) FROM payment WHERE till_code = 'Q1') + 1 "
        "WHERE till_code = 'Q1' AND number = 2",
    )
    assert failed(busy)["receipt_numbers"][0].startswith("Q1/2026")


def test_a_series_that_was_set_back_is_found(busy: Desk) -> None:
    plant(busy, "UPDATE receipt_series SET next_number = next_number - 1 WHERE till_code = 'Q1'")
    assert failed(busy) == {"receipt_numbers": failed(busy)["receipt_numbers"]}


JOURNAL_FAULTS = {
    "kind": "'payment.advance'",
    "at": "'2026-01-01T00:00:00.000000Z'",
    "business_day": "'2026-01-01'",
    "actor_id": "(SELECT user_id FROM app_user WHERE login = 'huong')",
    "content": "replace(content, '\"v\":2', '\"v\":3')",
    "prev_hash": "hash",
    "hash": "prev_hash",
}


@pytest.mark.parametrize("column", JOURNAL_FAULTS)
def test_a_journal_row_edited_afterwards_is_named(busy: Desk, column: str) -> None:
    plant(busy, f"UPDATE journal SET \"{column}\" = {JOURNAL_FAULTS[column]} WHERE till_code = 'Q1' AND seq = 3")
    assert failed(busy)["journal_chain"][0].startswith("Q1#3")


def test_a_deleted_journal_row_is_missed(busy: Desk) -> None:
    plant(
        busy,
        "DELETE FROM posting WHERE till_code = 'Q1' AND seq = 3",
        "DELETE FROM journal WHERE till_code = 'Q1' AND seq = 3",
    )
    assert failed(busy)["journal_chain"][0] == "Q1#4: follows 2"


def test_a_cut_tail_is_missed_by_the_head(busy: Desk) -> None:
    last = "(SELECT max(seq) FROM journal WHERE till_code = 'Q1')"
    plant(
        busy,
        f"DELETE FROM posting WHERE till_code = 'Q1' AND seq = {last}",
        f"DELETE FROM journal WHERE till_code = 'Q1' AND seq = {last}",
    )
    assert failed(busy)["journal_chain"][0].startswith("Q1: head says")


def test_a_cut_tail_with_the_head_set_back_is_missed_by_the_payments(busy: Desk) -> None:
    def cut(connection: Connection) -> None:
        last = one(connection, "SELECT max(journal_seq) AS seq FROM payment WHERE till_code = 'Q1'")["seq"]
        for table in ("posting", "journal"):
            connection.execute(text(f"DELETE FROM {table} WHERE till_code = 'Q1' AND seq >= :seq"), {"seq": last})
        end = one(connection, "SELECT seq, hash FROM journal WHERE till_code = 'Q1' ORDER BY seq DESC")
        connection.execute(text("UPDATE chain_head SET seq = :seq, hash = :hash WHERE till_code = 'Q1'"), dict(end))

    plant(busy, cut)
    found = failed(busy)
    assert "journal_chain" not in found
    assert any("differs from the journal" in fault for fault in found["journal_matches_payments"])


def test_two_swapped_rows_are_found(busy: Desk) -> None:
    plant(
        busy,
        "UPDATE journal SET seq = 100003 WHERE till_code = 'Q1' AND seq = 3",
        "UPDATE journal SET seq = 3 WHERE till_code = 'Q1' AND seq = 4",
        "UPDATE journal SET seq = 4 WHERE till_code = 'Q1' AND seq = 100003",
    )
    assert failed(busy)["journal_chain"][0].startswith("Q1#3")


def rewrite(connection: Connection, *, seq: int, change: Callable[[dict[str, Any]], None]) -> None:
    """Edit the content of one row and hash it and every row after it again, up to the head: the perfect forgery."""
    rows = connection.execute(
        text("SELECT seq, content, prev_hash FROM journal WHERE till_code = 'Q1' AND seq >= :seq ORDER BY seq"), {"seq": seq}
    ).all()
    before = rows[0].prev_hash
    for row in rows:
        content = json.loads(row.content)
        if row.seq == seq:
            change(content)
        said = canonical(content)
        made = {"seq": row.seq, "content": said, "prev": before, "hash": row_hash(before, said)}
        connection.execute(
            text(
                "UPDATE journal SET content = :content, prev_hash = :prev, hash = :hash "
                "WHERE till_code = 'Q1' AND seq = :seq"
            ),
            made,
        )
        before = made["hash"]
    connection.execute(text("UPDATE chain_head SET hash = :hash WHERE till_code = 'Q1'"), {"hash": before})


@pytest.mark.parametrize(
    "fact",
    [
        "payment",
        "number",
        "method",
        "shift",
        "amount",
        "tendered",
        "change",
        "reverses",
        "reason",
        "approver",
        "months",
        "lines",
    ],
)
def test_a_journal_hashed_again_with_other_facts_no_longer_fits_the_payments(busy: Desk, fact: str) -> None:
    def forge(connection: Connection) -> None:
        row = one(connection, "SELECT journal_seq FROM payment WHERE till_code = 'Q1' AND number = 1")

        def change(content: dict[str, Any]) -> None:
            was = content["facts"][fact]
            content["facts"][fact] = was + 1 if isinstance(was, int) else was[1:] if was else "khác"

        rewrite(connection, seq=row["journal_seq"], change=change)

    plant(busy, forge)
    found = failed(busy)
    assert "journal_chain" not in found
    assert found["journal_matches_payments"] == ("PA0501-Q1-26-000001: differs from the journal",)


def test_a_posting_that_was_changed_is_found(busy: Desk) -> None:
    plant(
        busy,
        "UPDATE posting SET amount = amount + 1000 WHERE leg = 1 AND till_code = 'Q1' "
        "AND seq = (SELECT journal_seq FROM payment WHERE till_code = 'Q1' AND number = 1)",
    )
    found = failed(busy)
    assert found["ledger_balances"][0].endswith("off by 1000")
    assert found["ledger_matches_payments"][0].startswith("PA0501-Q1-26-000001")


@pytest.mark.parametrize(
    ("leg", "edit"),
    [
        (2, "account = 'surplus'"),
        (2, "subject = 'PA05LG9999999'"),
        (1, "shift_id = NULL"),
        (1, "business_day = '2026-01-01'"),
        (1, "account = 'cash.safe'"),
    ],
)
def test_money_booked_elsewhere_is_found(busy: Desk, leg: int, edit: str) -> None:
    plant(
        busy,
        f"UPDATE posting SET {edit} WHERE leg = {leg} AND till_code = 'Q1' "
        "AND seq = (SELECT journal_seq FROM payment WHERE till_code = 'Q1' AND number = 1)",
    )
    assert failed(busy)["ledger_matches_payments"][0].startswith("PA0501-Q1-26-000001")


def test_an_entry_added_by_hand_is_found(busy: Desk) -> None:
    plant(
        busy,
        "INSERT INTO posting (office_id, till_code, seq, leg, account, amount, subject, business_day) "
        "SELECT office_id, till_code, seq, leg + 7, account, 500 * (3 - 2 * leg), subject, business_day FROM posting "
        "WHERE till_code = 'Q1' AND seq = (SELECT journal_seq FROM payment WHERE till_code = 'Q1' AND number = 1)",
    )
    assert "PA0501-Q1-26-000001" in failed(busy)["ledger_matches_payments"][0]


def test_a_bill_settled_twice_is_found(busy: Desk) -> None:
    plant(
        busy,
        "DROP INDEX uq_settlement_live",
        "INSERT INTO settlement (office_id, bill_id, payment_id, amount) "
        "SELECT s.office_id, s.bill_id, p.payment_id, s.amount "
        "FROM settlement s, payment p WHERE s.reversed_by IS NULL AND p.payment_id <> s.payment_id "
        "AND p.till_code = 'Q1' AND p.number = (SELECT max(number) FROM payment WHERE till_code = 'Q1') LIMIT 1",
    )
    assert any("settled 2 times" in fault for fault in failed(busy)["one_live_settlement"])


def test_a_settlement_of_another_size_is_found(busy: Desk) -> None:
    plant(busy, f"UPDATE settlement SET amount = amount - 1 WHERE payment_id = {A_PAYMENT}")
    assert "does not fit its payment" in failed(busy)["one_live_settlement"][0]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("reversed_by = NULL WHERE reversed_by IS NOT NULL", "settle"),
        ("reversed_by = payment_id WHERE reversed_by IS NULL", "does not fit its payment"),
    ],
)
def test_a_settlement_revived_or_ended_by_hand_is_found(busy: Desk, edit: str, said: str) -> None:
    plant(busy, "DROP INDEX uq_settlement_live", f"UPDATE settlement SET {edit}")
    assert said in failed(busy)["one_live_settlement"][0]


def test_a_paid_bill_without_settlement_is_found(busy: Desk) -> None:
    plant(busy, f"DELETE FROM settlement WHERE payment_id = {A_PAYMENT}")
    assert any("paid but not settled" in fault for fault in failed(busy)["payment_lines"])


def test_lines_that_do_not_add_up_are_found(busy: Desk) -> None:
    plant(busy, f"UPDATE payment_line SET amount = amount - 1 WHERE payment_id = {A_PAYMENT}")
    assert failed(busy)["payment_lines"][0] == "PA0501-Q1-26-000001: lines do not add up"


def test_a_reversal_of_another_size_is_found(busy: Desk) -> None:
    plant(busy, "UPDATE payment SET amount = amount + 1 WHERE kind = 'REVERSAL'")
    assert "is not the opposite" in failed(busy)["reversals"][0]


def test_an_advance_changed_or_forgotten_is_found(busy: Desk) -> None:
    plant(busy, "UPDATE advance_move SET amount = amount + 1000 WHERE amount > 0")
    assert ": advance " in failed(busy)["advances"][0]


@pytest.mark.parametrize("limit", [0, 900_000])
def test_a_count_held_to_another_limit_than_the_offices_is_found(busy: Desk, limit: int) -> None:
    """Even where the journal was hashed again."""

    def forge(connection: Connection) -> None:
        row = one(
            connection,
            "SELECT seq FROM journal WHERE kind = 'shift.hand_over' AND content LIKE '%\"approver\"_null%' "
            "AND content NOT LIKE '%\"difference\"_0,%'",
        )
        rewrite(connection, seq=row["seq"], change=lambda content: content["facts"].update(limit=limit))

    plant(busy, forge)
    found = failed(busy)
    assert f"its limit {limit} was never the office's" in found["office_limit"][0]
    assert ("journal_matches_shifts" in found) is (limit == 0)  # a difference above it, and nobody said yes


SHIFT_FAULTS = {
    "float": "UPDATE shift SET float_amount = float_amount + 1000",
    "counted": "UPDATE shift SET counted = counted + 1000 WHERE counted IS NOT NULL",
    "expected": "UPDATE shift SET expected = expected + 1000 WHERE expected IS NOT NULL",
    "reason": "UPDATE shift SET difference_reason = 'khác' WHERE state = 'ACCEPTED'",
    "day": "UPDATE shift SET business_day = '2026-01-01'",
    "cashier": "UPDATE shift SET cashier_id = (SELECT user_id FROM app_user WHERE login = 'huong')",
    "move amount": "UPDATE cash_move SET amount = amount + 1000",
    "move kind": "UPDATE cash_move SET kind = CASE kind WHEN 'SAFE_DROP' THEN 'CHANGE_FROM_SAFE' ELSE 'SAFE_DROP' END",
    "move reason": "UPDATE cash_move SET reason = 'khác'",
    "move deleted": "DELETE FROM cash_move",
    "notes": """UPDATE cash_count SET notes = '{"1000": 1}', total = 1000""",
    "count deleted": "DELETE FROM cash_count WHERE purpose = 'BLIND'",
}


@pytest.mark.parametrize("fault", SHIFT_FAULTS)
def test_what_a_shift_said_cannot_be_changed_unseen(busy: Desk, fault: str) -> None:
    plant(busy, SHIFT_FAULTS[fault])
    assert failed(busy)["journal_matches_shifts"][0].startswith("Q1#")


def test_notes_that_are_not_their_total_are_found(busy: Desk) -> None:
    plant(busy, "UPDATE cash_count SET total = total + 1000")
    assert "notes do not add up" in failed(busy)["drawers"][0]


def test_cash_left_in_a_drawer_that_was_handed_over_is_found(busy: Desk) -> None:
    plant(
        busy,
        "UPDATE posting SET amount = amount - 1000 WHERE account = 'cash.drawer' AND amount > 1000 "
        "AND shift_id IN (SELECT shift_id FROM shift WHERE state = 'ACCEPTED')",
    )
    assert "left in a drawer" in failed(busy)["drawers"][0]


def test_an_approver_taken_away_is_found(busy: Desk) -> None:
    plant(busy, "UPDATE payment SET approver_id = actor_id WHERE kind = 'REVERSAL'")
    assert "no second person" in failed(busy)["two_people"][0]


A_CASE = "(SELECT case_id FROM office_case WHERE state = 'RESOLVED' ORDER BY case_id LIMIT 1)"
CASE_FAULTS = {
    "other words": f"UPDATE office_case SET resolution = 'không có gì' WHERE case_id = {A_CASE}",
    "another amount": f"UPDATE office_case SET claimed = claimed + 1 WHERE case_id = {A_CASE}",
    "another person": f"UPDATE office_case SET resolved_by = (SELECT user_id FROM app_user WHERE login = 'huong') "
    f"WHERE case_id = {A_CASE}",
    "open again": f"UPDATE office_case SET state = 'OPEN', resolved_by = NULL WHERE case_id = {A_CASE}",
    "ended unsaid": "INSERT INTO office_case SELECT office_id, '"
    + "f" * 32
    + "', kind, state, bill_id, customer_code, taken, claimed, "
    f"details, import_id, opened_at, resolved_by, resolved_at, resolution FROM office_case WHERE case_id = {A_CASE}",
}


@pytest.mark.parametrize("fault", CASE_FAULTS)
def test_a_case_that_ended_otherwise_than_the_journal_says_is_found(busy: Desk, fault: str) -> None:
    plant(busy, CASE_FAULTS[fault])
    assert set(failed(busy)) == {"cases"}


def test_money_given_back_twice_is_found(busy: Desk) -> None:
    refund = "SELECT payment_id FROM payment WHERE kind = 'REFUND'"
    plant(busy, f"UPDATE payment_line SET amount = amount * 2 WHERE bill_id IS NOT NULL AND payment_id IN ({refund})")
    assert "given_back" in failed(busy)


A_CALL = "(SELECT move_id FROM ticket_move WHERE kind = 'CALLED' ORDER BY move_id LIMIT 1)"
TWO_OF_A_DAY = (
    "(SELECT ticket_id FROM ticket WHERE kind = 'WALK_IN' AND letter = 'A' AND day = (SELECT min(day) FROM ticket) "
    "ORDER BY number {order} LIMIT 1)"
)
QUEUE_FAULTS = {
    "a number given twice": (
        "UPDATE ticket_move SET number = (SELECT number FROM ticket WHERE ticket_id = "
        f"{TWO_OF_A_DAY.format(order='ASC')}) WHERE ticket_id = {TWO_OF_A_DAY.format(order='DESC')}",
        "queue_numbers",
        "given to two tickets",
    ),
    "a number that nobody has": ("UPDATE queue_number SET next_number = next_number + 1", "queue_numbers", "next"),
    "a state nobody gave": (
        "UPDATE ticket SET state = 'SERVED' WHERE state IN ('BOOKED', 'WAITING', 'MISSED', 'LEFT')",
        "queue_tickets",
        "is not what its last move says",
    ),
    "a call taken away": (f"DELETE FROM ticket_move WHERE move_id = {A_CALL}", "queue_tickets", "does not follow"),
    "a second call": (
        f"UPDATE ticket_move SET kind = 'CALLED', state = 'CALLED' WHERE step = 1 + (SELECT step FROM ticket_move AS m "
        f"WHERE m.move_id = {A_CALL}) AND ticket_id = (SELECT ticket_id FROM ticket_move AS m WHERE m.move_id = {A_CALL})",
        "queue_tickets",
        "CALLED does not follow CALLED",
    ),
    "a ticket taken away": (
        f"DELETE FROM ticket WHERE ticket_id = {TWO_OF_A_DAY.format(order='ASC')}",
        "queue_tickets",
        "its ticket is gone",
    ),
    "a call into a full room": (
        "UPDATE room_move SET room_cap = inside - 1 WHERE kind = 'CALLED' AND inside > 1",
        "queue_room",
        "after CALLED",
    ),
    "a change of the room taken away": ("DELETE FROM room_move WHERE seq = 2", "queue_room", "room 3"),
    "a count nobody made": ("UPDATE queue_day SET inside = inside + 1", "queue_room", "the day says"),
    "somebody inside whom nobody let in": (
        "UPDATE ticket SET is_inside = NOT is_inside WHERE day = (SELECT max(day) FROM room_move)",
        "queue_room",
        "inside or not?",
    ),
    "a place given to nobody": ("UPDATE queue_slot SET booked = booked + 1", "queue_slots", "places given"),
    "a walk-in's place taken away": (
        "UPDATE queue_slot SET walked = walked - 1 WHERE walked > 0",
        "queue_slots",
        "places given",
    ),
    "a checklist answered otherwise": (
        """UPDATE checklist_signed SET content = replace(content, 'true', 'false')""",
        "queue_journal",
        "queue.checklist differs",
    ),
    "a cap nobody set": (
        "UPDATE room_move SET room_cap = room_cap + 1 WHERE kind = 'CAP'",
        "queue_journal",
        "queue.cap differs",
    ),
}


@pytest.mark.parametrize("fault", QUEUE_FAULTS)
def test_each_fault_of_the_queue_is_found(busy: Desk, fault: str) -> None:
    sql, check, words = QUEUE_FAULTS[fault]
    plant(busy, sql)
    assert any(words in broken for broken in failed(busy)[check]), failed(busy)


def test_a_checklist_the_journal_does_not_know_is_found(busy: Desk) -> None:
    plant(busy, "UPDATE checklist_signed SET till_code = 'Q2'")
    assert "the journal does not know it" in " ".join(failed(busy)["queue_journal"])


def test_a_page_that_rotted_is_found(busy: Desk, tmp_path: Path) -> None:
    root = root_page(busy.database, "ix_payment_day")
    busy.database.close()
    with (tmp_path / "counter.db").open("r+b") as file:  # a cell pointer of the index points nowhere
        file.seek((root - 1) * 4096 + 8)
        file.write(b"\xff\xff")
    assert "database_file" in failed(busy)


PAPER_FAULTS = {
    "DELETE FROM print_job WHERE kind = 'RECEIPT' AND copy_no = 0": "no print job",
    "DELETE FROM print_job WHERE copy_no = 1": "is alone",
    "DELETE FROM reprint WHERE copy_no = 2": "cannot be",
    "UPDATE reprint SET copy_no = copy_no + 100": "is alone",
    "UPDATE print_job SET state = 'QUEUED', answer = NULL, answered_at = NULL WHERE state = 'PRINTED'": "cannot be QUEUED",
    "UPDATE print_job SET sent_at = NULL WHERE state = 'PRINTED'": "cannot be PRINTED",
    "UPDATE print_job SET answered_by = NULL WHERE answer = 'CAME_OUT'": "cannot be PRINTED",
    "UPDATE print_job SET answer = 'CAME_OUT' WHERE answer = 'DID_NOT'": "cannot be",
    "UPDATE print_job SET answer = NULL, answered_by = NULL, answered_at = NULL WHERE answer = 'DID_NOT'": "cannot be",
    "UPDATE print_job SET till_code = 'Q2' WHERE copy_no = 0": "cannot be",
    "INSERT INTO print_job (office_id, job_id, till_code, kind, subject, copy_no, state, printer, ack_id, tries, queued_at) "
    "SELECT office_id, lower(hex(randomblob(16))), till_code, 'DRAWER', lower(hex(randomblob(16))), 0, 'QUEUED', '', '', 0, "
    "queued_at FROM print_job LIMIT 1": "DRAWER 0 cannot be QUEUED",
}


@pytest.mark.parametrize("fault", PAPER_FAULTS)
def test_a_paper_that_stands_where_no_move_leads_is_found(busy: Desk, fault: str) -> None:
    plant(busy, fault)
    assert any(PAPER_FAULTS[fault] in said for said in failed(busy)["print_jobs"])


def test_the_audit_holds_and_finds_on_either_kind(desk: Desk) -> None:
    checks = long_day(desk).see(audit)
    assert [check.name for check in checks if not check.ok] == []
    plant(desk, f"UPDATE payment SET amount = amount + 1, tendered = tendered + 1 WHERE payment_id = {A_PAYMENT}")
    assert failed(desk)["journal_matches_payments"] == ("PA0501-Q1-26-000001: differs from the journal",)


def root_page(database: Database, name: str) -> int:
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT rootpage FROM sqlite_master WHERE name = '{name}'").scalar_one()
    return int(found)


def test_the_tables_of_the_trade_are_all_known() -> None:
    """A new table must ask itself how the audit sees an edit of it."""
    unseen = {
        "office",
        "till",
        "account",
        "pin_guard",
        "customer",
        "meter_book",
        "till_lease",
        "paper_layout",
        "queue_office",
        "queue_day",
        "queue_slot",
        "queue_number",
        "ticket",
        "ticket_move",
        "room_move",
        "checklist_signed",
        "bank_arrival",
        "bank_statement",
        "match_dismissed",
    }
    seen = {
        "journal",
        "chain_head",
        "payment",
        "payment_line",
        "posting",
        "settlement",
        "receipt_series",
        "advance_move",
        "shift",
        "cash_count",
        "cash_move",
        "app_user",
        "approval",
        "bill",
        "bill_import",
        "office_case",
        "queue_day",
        "queue_slot",
        "queue_number",
        "ticket",
        "ticket_move",
        "room_move",
        "checklist_signed",
        "print_job",
        "bank_account",
        "bank_line",
        "cashless_payment",
        "qr_intent",
        "qr_intent_bill",
        "surplus",
        "reprint",
    }
    assert set(SQLModel.metadata.tables) == seen | unseen
