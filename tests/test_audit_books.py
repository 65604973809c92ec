"""The audit of what stands around the payments: every posting, people and their words, files, paid bills, copies, heads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from debts import AN
from faults import failed, one, plant
from kit import KEEPER
from sqlalchemy import Connection, text

from counter import approvals, journal
from counter.audit import audit
from counter.desk import Desk
from counter.ids import new_id
from counter.money import Dong
from counter.office import set_difference_limit
from counter.people import close_user, reset_pin, user_named
from db.states import ApprovalAct


def entry_of(kind: str) -> str:
    """The till and sequence of the first row of this kind that moved money, for a WHERE of `posting`."""
    return (
        "till_code = 'Q1' AND seq = (SELECT min(j.seq) FROM journal j JOIN posting p ON p.till_code = j.till_code "
        f"AND p.seq = j.seq WHERE j.till_code = 'Q1' AND j.kind = '{kind}')"
    )


KINDS = ("shift.open", "cash.move", "shift.hand_over", "shift.accept", "payment.bills")


@pytest.mark.parametrize("kind", KINDS)
def test_a_balanced_edit_of_any_entry_is_found(busy: Desk, kind: str) -> None:
    plant(busy, f"UPDATE posting SET amount = amount * 2 WHERE {entry_of(kind)}")
    assert "booked otherwise" in failed(busy)["ledger_matches_journal"][0]
    assert "ledger_balances" not in failed(busy)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "edit", ["account = 'bank' WHERE leg = 2", "subject = 'ai' WHERE leg = 1", "shift_id = NULL WHERE leg = 1"]
)
def test_a_leg_put_elsewhere_is_found(busy: Desk, kind: str, edit: str) -> None:
    plant(busy, f"UPDATE posting SET {edit} AND {entry_of(kind)}")
    assert len(failed(busy)["ledger_matches_journal"]) == 1


def test_two_legs_slipped_into_an_entry_are_found(busy: Desk) -> None:
    """Somebody lowers what an open drawer should hold, without taking any guard away."""

    def steal(connection: Connection) -> None:
        place = one(connection, f"SELECT * FROM posting WHERE {entry_of('shift.open')}")
        for leg, account, amount in ((8, "cash.drawer", -1_000_000), (9, "cash.safe", 1_000_000)):
            connection.execute(
                text(
                    "INSERT INTO posting (office_id, till_code, seq, leg, account, amount, shift_id, subject, business_day) "
                    "VALUES (:office_id, :till_code, :seq, :leg, :account, :amount, :shift_id, '', :business_day)"
                ),
                {**place, "leg": leg, "account": account, "amount": amount},
            )

    plant(busy, steal)
    assert "booked otherwise" in failed(busy)["ledger_matches_journal"][0]


def test_an_entry_that_was_taken_away_is_missed(busy: Desk) -> None:
    plant(busy, f"DELETE FROM posting WHERE {entry_of('cash.move')}")
    assert "booked otherwise" in failed(busy)["ledger_matches_journal"][0]


def test_postings_without_a_journal_row_are_found(busy: Desk) -> None:
    plant(busy, f"UPDATE posting SET seq = 100000 WHERE {entry_of('cash.move')}")
    assert "Q1#100000: postings without a journal row" in failed(busy)["ledger_matches_journal"]


GARBAGE = {
    "UPDATE posting SET amount = 'nhiều'": "ledger_matches_journal",
    "UPDATE payment SET amount = 'nhiều'": "journal_matches_payments",
    "UPDATE payment SET kind = 'QUÀ'": "journal_matches_payments",
    "UPDATE payment SET approver_id = 'x'": "journal_matches_payments",
    "UPDATE payment SET taken_at = 'hôm qua'": "journal_matches_payments",
    "UPDATE payment SET business_day = 'hôm qua'": "journal_matches_payments",
    "UPDATE journal SET content = '{'": "journal_chain",
    "UPDATE journal SET content = '[]'": "ledger_matches_journal",
    "UPDATE chain_head SET seq = 'x'": "journal_chain",
    "UPDATE cash_count SET notes = 'x'": "drawers",
    "UPDATE shift SET state = 'X'": "journal_matches_shifts",
    "UPDATE app_user SET role = 'vua'": "users",
    "UPDATE approval SET state = 'X'": "second_words",
    "UPDATE bill SET amount = 'x'": "paid_bills",
    "UPDATE bill_import SET read = 'x'": "imports",
    "UPDATE reprint SET printed_at = 7": "copies",
    "UPDATE advance_move SET amount = 'x'": "advances",
    "UPDATE receipt_series SET next_number = 'x'": "receipt_numbers",
    "UPDATE settlement SET amount = 'x'": "one_live_settlement",
}


@pytest.mark.parametrize("fault", GARBAGE)
def test_values_that_nobody_can_read_are_a_break_and_never_a_fault_of_the_program(busy: Desk, fault: str) -> None:
    plant(busy, fault)
    found = failed(busy)
    assert found[GARBAGE[fault]]
    table = fault.split()[1]
    named_by = {"advance_move": "PA05LG", "receipt_series": "Q1/2026", "journal": "#1: ", "chain_head": "head says"}
    row = named_by.get(table, f"{table} ")
    assert any(row in fault for broken in found.values() for fault in broken), found


def test_a_till_that_vanished_is_missed_though_nothing_was_taken_there(busy: Desk) -> None:
    known = {"Q2": (0, journal.GENESIS)}
    assert all(check.ok for check in busy.see(audit, known=known) if check.name == "newest_books")
    plant(busy, *(f"DELETE FROM {table} WHERE till_code = 'Q2'" for table in ("chain_head", "receipt_series")))
    found = {check.name: check.broken for check in busy.see(audit, known=known) if not check.ok}
    assert found["newest_books"] == ("Q2: 0 entries were seen, 0 are here",)
    assert "Q2: its chain is gone" in found["journal_chain"]


SHIFTS = {
    "who moved cash": "UPDATE cash_move SET moved_by = (SELECT user_id FROM app_user WHERE login = 'huong')",
    "when cash was moved": "UPDATE cash_move SET moved_at = '2026-11-23T01:00:01.000000Z'",
    "when a shift opened": "UPDATE shift SET opened_at = '2026-11-23T01:00:01.000000Z'",
    "when it was counted": "UPDATE cash_count SET counted_at = '2026-11-23T01:00:01.000000Z'",
    "when it was handed over": "UPDATE shift SET handed_over_at = '2026-11-23T01:00:01.000000Z' WHERE state = 'ACCEPTED'",
    "when it was accepted": "UPDATE shift SET accepted_at = '2026-11-23T01:00:01.000000Z' WHERE state = 'ACCEPTED'",
}


@pytest.mark.parametrize("fault", SHIFTS)
def test_who_and_when_of_a_shift_cannot_be_changed_unseen(busy: Desk, fault: str) -> None:
    plant(busy, SHIFTS[fault])
    assert failed(busy)["journal_matches_shifts"]


def test_a_check_that_cannot_read_leaves_the_others_their_work(desk: Desk) -> None:
    plant(desk, "ALTER TABLE reprint RENAME TO gone")
    found = failed(desk)
    assert "copies" in found
    assert "journal_chain" not in found


PEOPLE = {
    "a cashier made supervisor": "UPDATE app_user SET role = 'supervisor' WHERE login = 'lan'",
    "a PIN exchanged": "UPDATE app_user SET pin_hash = 'x' WHERE login = 'huong'",
    "a closed user let in": "UPDATE app_user SET is_active = TRUE WHERE login = 'huong'",
    "a login exchanged": "UPDATE app_user SET login = 'boss' WHERE login = 'huong'",
    "who gave the PIN forgotten": "UPDATE app_user SET pin_reset_by = NULL, pin_reset_day = NULL WHERE login = 'tra'",
    "somebody slipped in": "INSERT INTO app_user (office_id, user_id, login, name, role, pin_hash, is_active) "
    "SELECT office_id, '0123456789abcdef0123456789abcdef', 'ma', 'Ma', 'supervisor', pin_hash, TRUE FROM app_user "
    "WHERE login = 'lan'",
}


@pytest.mark.parametrize("fault", PEOPLE)
def test_people_changed_by_hand_are_found(desk: Desk, fault: str) -> None:
    boss = desk.see(user_named, login="ngan").user_id
    desk.do(reset_pin, login="huong", pin_hash=KEEPER.hash("975312"), by=boss)
    desk.do(close_user, login="huong", by=boss)
    assert "users" not in failed(desk)
    plant(desk, PEOPLE[fault])
    assert "differs from the journal" in failed(desk)["users"][0]


def test_a_user_taken_away_is_missed(desk: Desk) -> None:
    plant(desk, "DELETE FROM app_user WHERE login = 'huong'")
    assert failed(desk)["users"] == ("huong: is in the journal and not among the users",)


def test_a_limit_changed_by_hand_is_found(desk: Desk) -> None:
    boss = desk.see(user_named, login="ngan").user_id
    desk.do(set_difference_limit, limit=Dong(30_000), by=boss)
    assert failed(desk) == {}
    plant(desk, "UPDATE office SET difference_limit = 900000")
    assert failed(desk) == {"office_limit": ("limit 900000, in the journal 30000",)}


WORDS = {
    "all words gone": ("DELETE FROM approval", "is in the journal and not in the list"),
    "an amount": ("UPDATE approval SET amount = amount + 1", "differs from the journal"),
    "a subject": ("UPDATE approval SET subject = 'khác'", "differs from the journal"),
    "for whom": ("UPDATE approval SET requested_by = decided_by", "differs from the journal"),
    "by whom": ("UPDATE approval SET decided_by = requested_by", "differs from the journal"),
    "used, and good again": ("UPDATE approval SET state = 'GRANTED'", "differs from the journal"),
}


@pytest.mark.parametrize("fault", WORDS)
def test_a_second_persons_word_changed_by_hand_is_found(busy: Desk, fault: str) -> None:
    plant(busy, WORDS[fault][0])
    assert WORDS[fault][1] in failed(busy)["second_words"][0]


def test_a_word_that_nobody_gave_is_found(busy: Desk) -> None:
    plant(
        busy,
        "INSERT INTO approval SELECT office_id, '0123456789abcdef0123456789abcdef', act, subject, amount, reason, "
        "till_code, requested_by, requested_at, 'GRANTED', decided_by, decided_at FROM approval LIMIT 1",
    )
    assert "differs from the journal" in failed(busy)["second_words"][0]


def test_an_act_whose_second_person_gave_no_word_is_found(busy: Desk) -> None:
    """The journal of the office hashed again without the word: the act at the till still names its second person."""

    def unsay(connection: Connection) -> None:
        row: Any = one(connection, "SELECT seq FROM journal WHERE kind = 'approval.used' ORDER BY seq")
        connection.execute(
            text("UPDATE journal SET kind = 'user.unlock' WHERE till_code = 'OFFICE' AND seq = :seq"), dict(row)
        )

    plant(busy, unsay)
    assert any("its second person gave no word" in fault for fault in failed(busy)["second_words"])


def test_a_file_that_was_brought_in_cannot_be_recounted(busy: Desk) -> None:
    plant(busy, "UPDATE bill_import SET added = added + 1, read = read + 1")
    assert "differs from the journal" in failed(busy)["imports"][0]
    plant(busy, "DELETE FROM bill_import")
    assert "is in the journal and not in the list" in failed(busy)["imports"][0]


EDITS = (
    "amount = amount + 1000",
    "state = 'WITHDRAWN'",
    f"customer_code = '{AN}'",
    "number = number + 1",
    "kind = CASE kind WHEN 'TD' THEN 'VC' ELSE 'TD' END",
    "year = year - 1",
    "month = month % 12 + 1",
    "ky = ky + 1",
    "vat = vat + 1, net = net - 1",
)


@pytest.mark.parametrize("edit", EDITS)
def test_a_bill_edited_after_it_was_paid_is_found(busy: Desk, edit: str) -> None:
    paid = "SELECT bill_id FROM settlement WHERE reversed_by IS NULL"
    plant(busy, f"UPDATE bill SET {edit} WHERE customer_code <> '{AN}' AND bill_id IN ({paid})")
    assert "is not what was paid" in failed(busy)["paid_bills"][0]


@pytest.mark.parametrize(
    "fault",
    [
        "DELETE FROM reprint",
        "UPDATE reprint SET printed_by = (SELECT user_id FROM app_user WHERE login = 'tra')",
        "UPDATE reprint SET copy_no = copy_no + 100",
    ],
)
def test_a_copy_hidden_or_laid_on_somebody_else_is_found(busy: Desk, fault: str) -> None:
    plant(busy, fault)
    assert "differs from the journal" in failed(busy)["copies"][0]


def test_books_that_are_older_than_those_seen_are_found(busy: Desk) -> None:
    heads = {link.till_code: (link.seq, link.hash) for link in busy.see(journal.heads)}
    assert busy.see(audit, known=heads)[0].ok
    newest = busy.see(audit, known={"Q1": (heads["Q1"][0] + 1, "f" * 64)})[0]
    assert newest.broken == (f"Q1: {heads['Q1'][0] + 1} entries were seen, {heads['Q1'][0]} are here",)


def test_an_older_copy_that_went_on_another_way_is_found(busy: Desk) -> None:
    """A copy of yesterday with more rows than were seen: it is as long, and yet another book."""
    newest = busy.see(audit, known={"Q1": (5, "f" * 64), "OFFICE": (0, journal.GENESIS)})[0]
    assert (newest.name, newest.broken) == ("newest_books", ("Q1#5: is not the entry that was seen",))


def _waiting_word(desk: Desk) -> UUID:
    approval_id, lan = new_id(), desk.see(user_named, login="lan").user_id
    named = {"act": ApprovalAct.REVERSE, "subject": "x", "amount": Dong(5), "reason": "nhầm", "till_code": "Q1", "by": lan}
    desk.do(approvals.ask, approval_id=approval_id, **named)  # type: ignore[arg-type]
    return approval_id


def test_a_word_taken_back_is_as_the_journal_has_it(desk: Desk) -> None:
    approval_id, lan = _waiting_word(desk), desk.see(user_named, login="lan").user_id
    assert "second_words" not in failed(desk)
    desk.do(approvals.withdraw, approval_id=approval_id, by=lan)
    assert "second_words" not in failed(desk)
    plant(desk, "UPDATE approval SET amount = 6")
    assert "differs from the journal" in failed(desk)["second_words"][0]


def test_a_word_taken_back_cannot_be_made_a_yes(desk: Desk) -> None:
    approval_id, lan = _waiting_word(desk), desk.see(user_named, login="lan").user_id
    desk.do(approvals.withdraw, approval_id=approval_id, by=lan)
    boss = "(SELECT user_id FROM app_user WHERE login = 'ngan')"
    plant(desk, f"UPDATE approval SET state = 'GRANTED', decided_by = {boss}, decided_at = requested_at")
    assert "differs from the journal" in failed(desk)["second_words"][0]


CLAIMS = {
    "a claim lowered": "UPDATE office_case SET claimed = 0",
    "more said to be taken": "UPDATE office_case SET taken = taken + 1",
    "another customer": "UPDATE office_case SET customer_code = 'PA05LG0000002'",
    "a case taken away": "DELETE FROM office_case",
    "a case made up": "INSERT INTO office_case (office_id, case_id, kind, state, bill_id, customer_code, taken, claimed, "
    "details, import_id, opened_at, resolution) SELECT office_id, '0123456789abcdef0123456789abcdef', kind, 'OPEN', "
    "(SELECT min(bill_id) FROM settlement WHERE bill_id NOT IN (SELECT bill_id FROM office_case)), customer_code, taken, 0, "
    "details, import_id, opened_at, '' FROM office_case LIMIT 1",
}


@pytest.mark.parametrize("fault", CLAIMS)
def test_money_is_not_given_back_by_a_claim_that_cmis_never_made(busy: Desk, fault: str) -> None:
    plant(busy, CLAIMS[fault])
    assert failed(busy)["cases"]
