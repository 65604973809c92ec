"""Bringing a file of debts in: what goes in, what changes, what is a case; on both databases."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from debts import AN, BINH, bring, debts, line, staged
from kit import Staff, put_bill
from sqlalchemy import event, text
from sqlmodel import Session, select

from counter import bills, payments, shifts
from counter.bills import (
    Forecast,
    bring_in,
    bring_in_the_rest,
    find_customers,
    open_cases,
    resolve_case,
    unpaid_bills,
    what_it_would_do,
)
from counter.bills.refusals import CaseClosed, RejectedLines, ResolutionMissing
from counter.desk import Desk
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.money import Dong
from counter.people import NotAllowed
from db.scope import office_of
from db.states import BillState, CaseKind
from db.tables import AdvanceMove, Bill, BillImport, Customer, JournalRow, MeterBook, OfficeCase, Posting


def rows_of(session: Session, *, model: Any) -> list[Any]:
    return list(session.exec(select(model).where(model.office_id == office_of(session))).all())


def counts(done: bills.BroughtIn | Forecast) -> tuple[int, ...]:
    return (done.read, done.added, done.updated, done.unchanged, done.cases, done.rejected)


def pay(desk: Desk, staff: Staff, bill_id: str, amount: int = 108_000) -> None:
    shift_id = new_id()
    desk.do(shifts.open_shift, shift_id=shift_id, till_code="Q1", cashier_id=staff.cashier.user_id, notes={100_000: 5})
    desk.do(
        payments.take_cash,
        payment_id=new_id(),
        bill_ids=[bill_id],
        tendered=Dong(amount),
        shift_id=shift_id,
        by=staff.cashier.user_id,
    )


def test_a_file_brings_customers_books_and_bills(desk: Desk, tmp_path: Path) -> None:
    done = bring(desk, debts(tmp_path, line(1001), line(1002, BINH, TEN_KHANG="Trần Thị Bình", MA_KHANGTT=AN)))
    assert counts(done) == (2, 2, 0, 0, 0, 0)
    owed = desk.see(unpaid_bills, customer_code=AN)
    assert [(b.bill_id, b.amount, b.period, b.vat_percent, b.kwh) for b in owed.bills] == [
        ("PA0501-1001", Dong(108_000), "10/2026", "8", 50)
    ]
    assert [book.book_code for book in desk.see(rows_of, model=MeterBook)] == ["LG01"]
    by_payer = desk.see(bills.bills_by_payer, payer_code=AN)
    assert sorted(b.customer_code for b in by_payer.bills) == [AN, BINH]
    assert by_payer.owed == Dong(216_000)


def test_the_same_file_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = debts(tmp_path, *(line(1000 + n) for n in range(5)))
    assert counts(bring(desk, path)) == (5, 5, 0, 0, 0, 0)
    before = desk.see(rows_of, model=Bill)
    assert counts(bring(desk, path)) == (5, 0, 0, 5, 0, 0)
    assert [b.model_dump() for b in desk.see(rows_of, model=Bill)] == [b.model_dump() for b in before]


def test_the_same_import_id_again_gives_the_first_result(desk: Desk, tmp_path: Path) -> None:
    path, import_id = debts(tmp_path, line(1001)), new_id()
    first = bring(desk, path, import_id=import_id)
    assert bring(desk, path, import_id=import_id) == first
    assert len(desk.see(rows_of, model=BillImport)) == 1
    with pytest.raises(SameIdOtherFacts):
        bring(desk, debts(tmp_path, line(1002)), import_id=import_id)


def test_one_journal_row_says_which_file_and_what_it_did(desk: Desk, tmp_path: Path) -> None:
    done = bring(desk, debts(tmp_path, line(1001)))
    notes = [row for row in desk.see(rows_of, model=JournalRow) if row.kind == "bills.import"]
    assert [row.till_code for row in notes] == ["OFFICE"]
    assert f'"sha256":"{done.sha256}"' in notes[0].content
    assert '"added":1' in notes[0].content
    assert '"file":"no.csv"' in notes[0].content
    assert desk.see(rows_of, model=Posting) == []


def test_a_customer_period_may_have_several_bills_and_units_number_for_themselves(desk: Desk, tmp_path: Path) -> None:
    several = [line(7), line(8, LOAI_HDON="VC"), line(7, MA_DVIQLY="PA0502"), line(9, KY=2)]
    bring(desk, debts(tmp_path, *several))
    owed = desk.see(unpaid_bills, customer_code=AN)
    assert [b.bill_id for b in owed.bills] == ["PA0501-7", "PA0501-8", "PA0502-7", "PA0501-9"]
    assert owed.bills[-1].period == "10/2026 (2)"


def test_totals_are_taken_as_they_are_one_dong_apart(desk: Desk, tmp_path: Path) -> None:
    bring(desk, debts(tmp_path, line(1, TONG_TIEN=108_001), line(2, TONG_TIEN=107_999)))
    assert {b.amount for b in desk.see(unpaid_bills, customer_code=AN).bills} == {Dong(108_001), Dong(107_999)}


def test_an_unpaid_bill_is_changed_and_withdrawn_and_comes_back(desk: Desk, tmp_path: Path) -> None:
    bring(desk, debts(tmp_path, line(1)))
    dearer = line(1, SO_TIEN=200_000, TIEN_GTGT=16_000, TONG_TIEN=216_000)
    assert counts(bring(desk, debts(tmp_path, dearer))) == (1, 0, 1, 0, 0, 0)
    assert desk.see(unpaid_bills, customer_code=AN).owed == Dong(216_000)
    assert counts(bring(desk, debts(tmp_path, {**dearer, "LOAI_DCHINH": "HB"}))) == (1, 0, 1, 0, 0, 0)
    assert desk.see(unpaid_bills, customer_code=AN).bills == ()
    assert counts(bring(desk, debts(tmp_path, {**dearer, "LOAI_DCHINH": "HB"}))) == (1, 0, 0, 1, 0, 0)
    bring(desk, debts(tmp_path, dearer))
    assert desk.see(unpaid_bills, customer_code=AN).owed == Dong(216_000)


def test_a_withdrawn_bill_nobody_knows_is_nothing(desk: Desk, tmp_path: Path) -> None:
    assert counts(bring(desk, debts(tmp_path, line(1, LOAI_DCHINH="HB")))) == (1, 0, 0, 1, 0, 0)
    assert desk.see(rows_of, model=Bill) == []


def test_what_the_file_does_not_say_stays_known(desk: Desk, tmp_path: Path) -> None:
    bring(desk, debts(tmp_path, line(1)))
    short = {k: v for k, v in line(1).items() if k not in ("DTHOAI", "NGAY_PHANH", "DIEN_TTHU", "MA_SOGCS", "STT")}
    assert counts(bring(desk, debts(tmp_path, {**short, "DCHI_KHANG": ""}))) == (1, 0, 0, 1, 0, 0)
    (customer,) = desk.see(rows_of, model=Customer)
    assert (customer.phone, customer.book_code, customer.position) == ("0912345678", "LG01", 3)
    assert customer.address == "Số 12, thôn Đông, xã Tân Dĩnh"


def test_a_changed_customer_is_found_by_the_new_words_and_not_by_the_old(desk: Desk, tmp_path: Path) -> None:
    bring(desk, debts(tmp_path, line(1)))
    bring(desk, debts(tmp_path, line(2, TEN_KHANG="Đặng Thị Ớt", DTHOAI="0987000111", SO_CTO="777888")))
    found = lambda text: [c.customer_code for c in desk.see(find_customers, text=text).customers]  # noqa: E731
    for new in ("dang ot", "0987000111", "000111", "777888", AN):
        assert found(new) == [AN], new
    for old in ("nguyen van an", "0912345678", "2019012345"):
        assert found(old) == [], old


def test_the_newest_period_of_a_file_says_who_the_customer_is(desk: Desk, tmp_path: Path) -> None:
    bring(desk, debts(tmp_path, line(1, TEN_KHANG="Mới"), line(2, THANG=9, TEN_KHANG="Cũ"), line(3, TEN_KHANG="Sau")))
    assert desk.see(bills.customer, customer_code=AN).name == "Mới"


def test_one_wrong_line_keeps_the_whole_file_out(desk: Desk, tmp_path: Path) -> None:
    path = debts(tmp_path, line(1), line(2, TONG_TIEN=-50_000))
    with pytest.raises(RejectedLines) as refusal:
        bring(desk, path)
    assert "-50000" in refusal.value.why_text()
    assert desk.see(rows_of, model=Bill) == []
    assert desk.see(rows_of, model=Customer) == []
    assert desk.see(rows_of, model=BillImport) == []


def test_the_right_lines_go_in_when_somebody_says_so(desk: Desk, staff: Staff, tmp_path: Path) -> None:
    path = debts(tmp_path, line(1), line(2, BINH, TONG_TIEN="x"))
    with staged(path) as place:
        assert [(one.line, one.field, one.value) for one in place.rejected_lines] == [(3, "TONG_TIEN", "x")]
        done = desk.do(bring_in_the_rest, import_id=new_id(), staged=place, by=staff.supervisor.user_id)
    assert counts(done) == (2, 1, 0, 0, 0, 1)
    assert [c.customer_code for c in desk.see(rows_of, model=Customer)] == [AN]


def test_a_bill_twice_in_a_file_counts_once_and_with_other_facts_is_rejected(desk: Desk, tmp_path: Path) -> None:
    assert counts(bring(desk, debts(tmp_path, line(1), line(1), line(2)))) == (3, 2, 0, 1, 0, 0)
    with staged(debts(tmp_path, line(1), line(1, KY=2), line(3))) as place:
        assert [(one.line, one.field, one.value) for one in place.rejected_lines] == [(3, "ID_HDON", "PA0501-1")]
        assert (place.read, place.accepted, place.rejected) == (3, 2, 1)


def test_a_dry_run_says_what_would_happen_and_changes_nothing(desk: Desk, staff: Staff, tmp_path: Path) -> None:
    bring(desk, debts(tmp_path, line(1), line(2), line(3), line(4)))
    pay(desk, staff, "PA0501-1")
    second = debts(tmp_path, line(1, LOAI_DCHINH="HB"), line(2, DIEN_TTHU=51), line(3, LOAI_DCHINH="HB"), line(4), line(5))
    with staged(second) as place:
        forecast = desk.see(what_it_would_do, staged=place)
        assert desk.see(unpaid_bills, customer_code=AN).owed == Dong(324_000)
        done = desk.do(bring_in, import_id=new_id(), staged=place, by=staff.supervisor.user_id)
    assert counts(forecast) == counts(done) == (5, 1, 2, 1, 1, 0)
    assert len(desk.see(rows_of, model=BillImport)) == 2


def test_a_bill_changed_after_it_was_paid_is_a_case_and_stays_as_paid(desk: Desk, staff: Staff, tmp_path: Path) -> None:
    bring(desk, debts(tmp_path, line(1)))
    pay(desk, staff, "PA0501-1")
    cheaper = debts(tmp_path, line(1, SO_TIEN=50_000, TIEN_GTGT=4_000, TONG_TIEN=54_000))
    assert counts(bring(desk, cheaper)) == (1, 0, 0, 0, 1, 0)
    (case,) = desk.see(open_cases)
    assert (case.kind, case.taken, case.claimed) == (CaseKind.CHANGED_AFTER_PAID, Dong(108_000), Dong(54_000))
    (bill,) = desk.see(rows_of, model=Bill)
    assert (bill.amount, bill.state) == (Dong(108_000), BillState.DUE)
    assert counts(bring(desk, cheaper)) == (1, 0, 0, 1, 0, 0)
    assert len(desk.see(rows_of, model=OfficeCase)) == 1


def test_a_bill_withdrawn_after_it_was_paid_is_a_case(desk: Desk, staff: Staff, tmp_path: Path) -> None:
    bring(desk, debts(tmp_path, line(1)))
    pay(desk, staff, "PA0501-1")
    bring(desk, debts(tmp_path, line(1, LOAI_DCHINH="HB")))
    (case,) = desk.see(open_cases)
    assert (case.kind, case.taken, case.claimed) == (CaseKind.WITHDRAWN_AFTER_PAID, Dong(108_000), Dong(0))


def test_an_open_case_says_the_latest_claim_and_closes_when_cmis_says_what_was_paid(
    desk: Desk, staff: Staff, tmp_path: Path
) -> None:
    bring(desk, debts(tmp_path, line(1)))
    pay(desk, staff, "PA0501-1")
    for net in (50_000, 60_000):
        bring(desk, debts(tmp_path, line(1, SO_TIEN=net, TIEN_GTGT=0, TONG_TIEN=net)))
    assert [(c.claimed, c.kind) for c in desk.see(open_cases)] == [(Dong(60_000), CaseKind.CHANGED_AFTER_PAID)]
    bring(desk, debts(tmp_path, line(1, LOAI_DCHINH="HB")))
    assert [c.kind for c in desk.see(open_cases)] == [CaseKind.WITHDRAWN_AFTER_PAID]
    bring(desk, debts(tmp_path, line(1)))
    assert desk.see(open_cases) == []


def test_a_decided_case_is_not_opened_again_by_the_same_claim(desk: Desk, staff: Staff, tmp_path: Path) -> None:
    bring(desk, debts(tmp_path, line(1)))
    pay(desk, staff, "PA0501-1")
    withdrawn = debts(tmp_path, line(1, LOAI_DCHINH="HB"))
    bring(desk, withdrawn)
    (case,) = desk.see(open_cases)
    named = {"case_id": case.case_id, "resolution": "Đã trả lại khách", "by": staff.supervisor.user_id}
    desk.do(resolve_case, **named)
    desk.do(resolve_case, **named)  # pressed twice
    with pytest.raises(CaseClosed):
        desk.do(resolve_case, **{**named, "resolution": "Khác"})
    assert counts(bring(desk, withdrawn)) == (1, 0, 0, 1, 0, 0)
    assert desk.see(open_cases) == []


def test_a_case_is_closed_by_a_supervisor_in_words(desk: Desk, staff: Staff, tmp_path: Path) -> None:
    bring(desk, debts(tmp_path, line(1)))
    pay(desk, staff, "PA0501-1")
    bring(desk, debts(tmp_path, line(1, LOAI_DCHINH="HB")))
    (case,) = desk.see(open_cases)
    with pytest.raises(NotAllowed):
        desk.do(resolve_case, case_id=case.case_id, resolution="Xong", by=staff.cashier.user_id)
    with pytest.raises(ResolutionMissing):
        desk.do(resolve_case, case_id=case.case_id, resolution=" ", by=staff.supervisor.user_id)


def test_an_auditor_brings_nothing_in(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        bring(desk, debts(tmp_path, line(1)), login="tra")


def test_customers_whose_advance_can_settle_a_new_bill_are_named(desk: Desk, staff: Staff, tmp_path: Path) -> None:
    bring(desk, debts(tmp_path, line(1), line(2, BINH)))
    shift_id = new_id()
    desk.do(shifts.open_shift, shift_id=shift_id, till_code="Q1", cashier_id=staff.cashier.user_id, notes={100_000: 9})
    desk.do(
        payments.take_advance,
        payment_id=new_id(),
        customer_code=AN,
        months=1,
        tendered=Dong(108_000),
        shift_id=shift_id,
        by=staff.cashier.user_id,
    )
    import_id, november = new_id(), debts(tmp_path, line(3, THANG=11), line(4, BINH, THANG=11))
    done = bring(desk, november, import_id=import_id)
    assert done.with_advance == (AN,)
    assert bring(desk, november, import_id=import_id).with_advance == (AN,)
    assert bring(desk, november).with_advance == ()
    assert len(desk.see(rows_of, model=AdvanceMove)) == 1


class Killed(Exception):
    """The process ends here."""


@pytest.mark.parametrize(
    "at", ["UPDATE customer ", "INSERT INTO customer_find", "INSERT INTO bill ", "INSERT INTO bill_import"]
)
def test_an_import_that_breaks_off_leaves_nothing(desk: Desk, tmp_path: Path, at: str) -> None:
    bring(desk, debts(tmp_path, line(1)))

    def ends(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().startswith(at):
            raise Killed

    event.listen(desk.database.engine, "before_cursor_execute", ends)
    with pytest.raises(Killed):
        bring(desk, debts(tmp_path, line(1, TEN_KHANG="Khác"), line(2, BINH, TEN_KHANG="Lê Hoa")))
    event.remove(desk.database.engine, "before_cursor_execute", ends)
    assert len(desk.see(rows_of, model=Bill)) == 1
    assert desk.see(find_customers, text="le hoa").customers == ()
    assert [c.name for c in desk.see(find_customers, text="nguyen van an").customers] == ["Nguyễn Văn An"]
    bring(desk, debts(tmp_path, line(1, TEN_KHANG="Khác"), line(2, BINH, TEN_KHANG="Lê Hoa")))
    assert [c.customer_code for c in desk.see(find_customers, text="le hoa").customers] == [BINH]


def test_a_connection_comes_back_without_the_staged_file(desk: Desk, tmp_path: Path) -> None:
    for number in range(1, 12):  # more than the pool holds
        path = debts(tmp_path, line(number))
        with staged(path) as place:
            desk.see(what_it_would_do, staged=place)
        bring(desk, path)
    assert len(desk.see(unpaid_bills, customer_code=AN).bills) == 11


def test_bills_put_in_otherwise_are_left_alone(desk: Desk, tmp_path: Path) -> None:
    desk.do(put_bill, code="PA05LG0000099", number=99, amount=54_000)
    bring(desk, debts(tmp_path, line(1)))
    assert desk.see(unpaid_bills, customer_code="PA05LG0000099").owed == Dong(54_000)


def test_a_bill_that_is_being_paid_while_it_changes_becomes_a_case(desk: Desk, staff: Staff, tmp_path: Path) -> None:
    """The import waits for who holds the bill, and looks again whether it is paid."""
    bring(desk, debts(tmp_path, line(1)))
    shift_id, done = new_id(), []
    desk.do(shifts.open_shift, shift_id=shift_id, till_code="Q1", cashier_id=staff.cashier.user_id, notes={100_000: 5})
    cheaper = debts(tmp_path, line(1, SO_TIEN=50_000, TIEN_GTGT=4_000, TONG_TIEN=54_000), name="moi.csv")
    importing = Thread(target=lambda: done.append(bring(desk, cheaper)))
    with desk.database.write() as session:
        session.info["office_id"] = desk.office_id
        payments.take_cash(
            session,
            desk.clock.now(),
            payment_id=new_id(),
            bill_ids=["PA0501-1"],
            tendered=Dong(108_000),
            shift_id=shift_id,
            by=staff.cashier.user_id,
        )
        importing.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while desk.database.dialect == "postgresql" and not session.execute(waiting).scalar():
            assert importing.is_alive()
    importing.join()
    assert [counts(one) for one in done] == [(1, 0, 0, 0, 1, 0)]
    (bill,) = desk.see(rows_of, model=Bill)
    assert bill.amount == Dong(108_000)
