"""One money told of by several: two providers, a cut file and the whole one, two formats. It is booked once; two are two."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from bank import ACCOUNT, AN, ask, book, movement, outcome_of, shift_with_account, surplus_of
from kit import Staff, put_bill
from sqlalchemy import text
from sqlmodel import Session

from counter import banking, reconcile
from counter.audit import audit
from counter.cashless.codes import code_of
from counter.cashless.statements import BadStatement, BalanceBroken, OtherAccount, read_statement
from counter.desk import Desk
from counter.ids import new_id
from counter.money import Dong
from counter.payments import qr
from counter.reconcile import Movement, Source
from counter.reconcile.arrivals import store_arrival
from counter.reconcile.proposals import bills_within, open_lines
from counter.reconcile.statements import BroughtIn, bring_statement, statements
from counter.reconcile.views import open_surplus_lines
from counter.shifts import ShiftFacts

HEADING = "Ngày giao dịch,Số tham chiếu,Số tiền ghi nợ,Số tiền ghi có,Mô tả\n"
OTHER_HEADING = "Ngày giao dịch,Số tiền ghi nợ,Số tiền ghi có,Mô tả\n"
CODE = code_of(1)


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return shift_with_account(desk, staff)


@pytest.fixture
def bill(desk: Desk, shift: ShiftFacts) -> str:
    return desk.do(put_bill, code=AN, number=1, amount=180_000)


@pytest.fixture(autouse=True)
def nothing_unexplained(desk: Desk) -> object:
    yield
    assert [check for check in desk.see(audit) if not check.ok] == []


def tell(desk: Desk, provider: str, number: int, memo: str, amount: int, *, reference: str = "FT26330999") -> None:
    told = replace(movement(memo, amount, identity=f"{provider}/{number}"), reference=reference)
    desk.do(store_arrival, provider=provider, external_id=str(number), movement=told)
    assert banking.take_in(desk).faults == []


def bring(desk: Desk, staff: Staff, folder: Path, told: str) -> BroughtIn:
    path = folder / "s.txt"
    path.write_text(told)
    statement = read_statement(path, account=ACCOUNT)
    done = desk.do(bring_statement, statement_id=new_id(), statement=statement, by=staff.supervisor.user_id)
    banking.take_in(desk)
    return done


def table(*rows: tuple[str, int, str], end: str = "\n") -> str:
    return HEADING + "\n".join(f"23/11/2026,{reference},,{amount},{memo}" for reference, amount, memo in rows) + end


def mt940(*rows: tuple[str, int, str], opening: int = 1_000_000, day: str = "261123", account: str = ACCOUNT) -> str:
    moves = "".join(f":61:{day}{day[2:]}C{amount},NTRFNONREF//{ref}\n:86:{memo}\n" for ref, amount, memo in rows)
    closing = opening + sum(amount for _ref, amount, _memo in rows)
    head = f":20:ST\n:25:97043600/{account}\n:28C:00001/001\n:60F:C{day}VND{opening},\n"
    return f"{head}{moves}:62F:C{day}VND{closing},\n-\n"


def amounts(desk: Desk) -> list[int]:
    return [amount for _memo, amount, _state, _why in desk.see(outcome_of)]


# --- several providers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(["sepay", "casso", "payos"]))[:3])
def test_one_transfer_told_by_three_providers_is_booked_once(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, order: tuple[str, ...]
) -> None:
    shown = ask(desk, staff, shift, bill)
    for number, provider in enumerate(order):
        tell(desk, provider, number, f"{provider} {shown.code}" if number else shown.code, 180_000)
    assert (amounts(desk), desk.see(surplus_of)) == ([180_000], [])


def test_two_transfers_alike_told_by_two_providers_are_two(desk: Desk, shift: ShiftFacts) -> None:
    for provider in ("sepay", "casso"):
        for number in (1, 2):
            tell(desk, provider, number, "tien dien", 50_000, reference="")
    assert amounts(desk) == [50_000, 50_000]


def test_two_providers_tell_other_references_of_two_transfers(desk: Desk, shift: ShiftFacts) -> None:
    tell(desk, "sepay", 1, "tien dien", 50_000, reference="FT26330001")
    tell(desk, "casso", 1, "tien dien", 50_000, reference="FT26330002")
    assert amounts(desk) == [50_000, 50_000]


def test_two_providers_tell_the_same_words_of_two_days(desk: Desk, shift: ShiftFacts) -> None:
    """A transfer at night may be booked on the next day by the bank; a provider tells when it was made."""
    book(desk, replace(movement("tien dien", 50_000), teller="sepay"))
    book(
        desk,
        replace(movement("tien dien", 50_000), teller="casso", booked_day=movement("", 1).booked_day + timedelta(days=1)),
    )
    assert amounts(desk) == [50_000, 50_000]


def test_one_money_that_stands_in_the_books_twice_is_found(desk: Desk, shift: ShiftFacts) -> None:
    tell(desk, "sepay", 1, "tien dien", 50_000, reference="FT26330001")
    tell(desk, "casso", 1, "nop tien", 50_000, reference="FT26330002")

    def change(session: Session, _now: object, *, reference: str) -> None:
        session.execute(text("UPDATE bank_line SET reference = :r WHERE memo = 'nop tien'").bindparams(r=reference))

    if desk.database.url.startswith("sqlite"):
        desk.do(change, reference="FT26330001")
        assert [check.name for check in desk.see(audit) if not check.ok] == ["bank_lines"]
        desk.do(change, reference="FT26330002")


# --- who is a stranger -----------------------------------------------------------------------------------------------


def meet(desk: Desk, one: Movement, other: Movement) -> int:
    """How many lines a provider's word and a statement's become."""
    book(desk, one)
    book(desk, other, source=Source.STATEMENT)
    return len(amounts(desk))


@pytest.mark.parametrize(
    ("one", "other", "lines"),
    [
        ("MBVCB.1000", "MBVCB.10005", 2),
        ("FT26330123456", "FT26330123456\\BNK", 1),
        ("123456", "MBVCB.123456.CT", 1),
        ("NONREF", "NONREF", 2),
        ("FT2633", "FT26331", 2),
    ],
)
def test_references_meet_as_whole_words(desk: Desk, shift: ShiftFacts, one: str, other: str, lines: int) -> None:
    told = replace(movement("nop tien nha an", 50_000), reference=one)
    assert meet(desk, told, replace(movement("thu ho thang muoi", 50_000), reference=other)) == lines


def test_another_payment_code_is_another_transfer_whatever_the_reference(desk: Desk, shift: ShiftFacts) -> None:
    told = replace(movement(code_of(1), 50_000), reference="FT26330123456")
    assert meet(desk, told, replace(movement(code_of(2), 50_000), reference="FT26330123456")) == 2


# --- a statement in two formats, and in parts ------------------------------------------------------------------------

ROWS = (("FT263301", 180_000, f"MBVCB.123456.{CODE} chuyen tien"), ("FT263302", 90_000, "Nguyen Thi B nop tien dien"))


def no_references(rows: tuple[tuple[str, int, str], ...]) -> str:
    return OTHER_HEADING + "".join(f"23/11/2026,,{amount},{memo}\n" for _reference, amount, memo in rows)


@pytest.mark.parametrize("is_table_first", [True, False])
def test_one_day_in_two_formats_is_booked_once(
    desk: Desk, staff: Staff, shift: ShiftFacts, tmp_path: Path, is_table_first: bool
) -> None:
    files = [no_references(ROWS), mt940(*ROWS)]
    for told in files if is_table_first else files[::-1]:
        bring(desk, staff, tmp_path, told)
    assert amounts(desk) == [180_000, 90_000]


def test_a_table_with_and_without_references_is_booked_once(
    desk: Desk, staff: Staff, shift: ShiftFacts, tmp_path: Path
) -> None:
    bring(desk, staff, tmp_path, no_references(ROWS))
    assert bring(desk, staff, tmp_path, table(*ROWS)).added == 0


@pytest.mark.parametrize("told", [table(*ROWS), mt940(*ROWS)], ids=["table", "mt940"])
def test_a_statement_again_adds_nothing_where_a_provider_told_of_its_lines_first(
    desk: Desk, staff: Staff, shift: ShiftFacts, tmp_path: Path, told: str
) -> None:
    """The line is the provider's, under its identity; the row that met it is known by its own from then on."""
    for number, (reference, amount, memo) in enumerate(ROWS):
        tell(desk, "sepay", number, memo, amount, reference=reference)
    for _turn in range(3):
        assert bring(desk, staff, tmp_path, told).added == 0
    assert amounts(desk) == [180_000, 90_000]


def test_a_row_told_again_by_hand_of_the_program_adds_nothing(desk: Desk, shift: ShiftFacts) -> None:
    """One by one as in bulk."""
    book(desk, replace(movement("tien dien", 50_000), teller="sepay"))
    row = movement("tien dien", 50_000, identity="st/2026-11-23|R|+50000|tien dien|1")
    for _turn in range(2):
        book(desk, row, source=Source.STATEMENT)
    assert amounts(desk) == [50_000]


def test_a_row_that_met_a_line_is_left_to_it_in_another_format(
    desk: Desk, staff: Staff, shift: ShiftFacts, tmp_path: Path
) -> None:
    """Two alike, of which a provider told one; a second format tells both in other words around them."""
    tell(desk, "sepay", 1, "nguyen thi b nop tien dien", 50_000, reference="")
    named = ("", 50_000, "nguyen thi b nop tien")
    bring(desk, staff, tmp_path, table(named))
    bring(desk, staff, tmp_path, no_references((("", 50_000, "nguyen thi b nop tien di"), named)))
    assert amounts(desk) == [50_000, 50_000]


def test_two_alike_in_two_formats_are_two(desk: Desk, staff: Staff, shift: ShiftFacts, tmp_path: Path) -> None:
    """The second format's first row is the line the first one named; its second row must not take that line again."""
    one = ("FT263301", 50_000, "tien dien")
    bring(desk, staff, tmp_path, table(one))
    done = bring(desk, staff, tmp_path, mt940(one, one))
    assert (done.added, amounts(desk)) == (1, [50_000, 50_000])


def test_a_line_that_a_row_names_is_left_for_that_row(desk: Desk, staff: Staff, shift: ShiftFacts, tmp_path: Path) -> None:
    """Its identity is the same in both formats; a row that stands above it and is like it is another movement."""
    named, like_it = ("", 50_000, "nguyen thi b nop tien"), ("", 50_000, "nguyen thi b nop tien dien")
    bring(desk, staff, tmp_path, table(named))
    bring(desk, staff, tmp_path, no_references((like_it, named)))
    assert amounts(desk) == [50_000, 50_000]


def test_a_file_cut_in_its_last_row_and_the_whole_one_are_one(
    desk: Desk, staff: Staff, shift: ShiftFacts, tmp_path: Path
) -> None:
    whole = table(*((f"R{n}", 10_000 * n, f"khach {n}") for n in range(1, 6)))
    cut = whole[:-3]
    for told in (cut, whole, cut):
        bring(desk, staff, tmp_path, told)
    assert amounts(desk) == [10_000, 20_000, 30_000, 40_000, 50_000]


def test_a_file_cut_after_the_whole_one_adds_nothing(desk: Desk, staff: Staff, shift: ShiftFacts, tmp_path: Path) -> None:
    whole = table(("R1", 10_000, "khach 1"))
    bring(desk, staff, tmp_path, whole)
    assert bring(desk, staff, tmp_path, whole[:-3]).added == 0


def test_a_row_that_breaks_off_before_its_last_column_is_not_taken(tmp_path: Path) -> None:
    """`10000` of `100000`: what is cut off would be another amount."""
    told = table(("R1", 10_000, "khach 1")) + "23/11/2026,R2,,10000"
    (tmp_path / "s.csv").write_text(told)
    found = read_statement(tmp_path / "s.csv", account=ACCOUNT)
    assert ([int(line.amount) for line in found.lines], [one.line for one in found.rejected]) == ([10_000], [3])


def test_an_unended_last_line_that_is_whole_is_taken(desk: Desk, staff: Staff, shift: ShiftFacts, tmp_path: Path) -> None:
    assert bring(desk, staff, tmp_path, table(("R1", 10_000, "khach 1"), end="")).added == 1
    assert bring(desk, staff, tmp_path, table(("R1", 10_000, "khach 1"))).added == 0


# --- what a format must hold -----------------------------------------------------------------------------------------


def refused(folder: Path, told: str) -> object:
    (folder / "s.txt").write_text(told)
    try:
        return read_statement(folder / "s.txt", account=ACCOUNT)
    except (BadStatement, BalanceBroken, OtherAccount) as refusal:
        return type(refusal)


def camt(*entries: str, closing: str = "1010000") -> str:
    def balance(code: str, amount: str) -> str:
        kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        return f'<Bal>{kind}<Amt Ccy="VND">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>'

    inside = balance("OPBD", "1000000") + (balance("CLBD", closing) if closing else "") + "".join(entries)
    account = f"<Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id></Acct>"
    space = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
    return f'<Document xmlns="{space}"><BkToCstmrStmt><Stmt>{account}{inside}</Stmt></BkToCstmrStmt></Document>'


def entry(status: str, amount: int = 10_000) -> str:
    money = f'<Amt Ccy="VND">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>{status}'
    return f"<Ntry>{money}<BookgDt><Dt>2026-11-23</Dt></BookgDt><AcctSvcrRef>FT1</AcctSvcrRef></Ntry>"


@pytest.mark.parametrize(
    "told", [mt940(*ROWS).partition("FT263302")[0] + "FT263302\n:86:Ngu\n", camt(entry(""), closing="")]
)
def test_a_format_with_balances_without_its_closing_one_is_cut_off(tmp_path: Path, told: str) -> None:
    assert refused(tmp_path, told) is BadStatement


@pytest.mark.parametrize("status", ["<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>", "<Sts>INFO</Sts>", "<Sts>FUTR</Sts>"])
def test_an_entry_that_the_bank_has_not_booked_is_no_money(tmp_path: Path, status: str) -> None:
    (tmp_path / "s.xml").write_text(
        camt(entry("<Sts>BOOK</Sts>"), entry(status, 70_000), entry("<Sts><Cd>BOOK</Cd></Sts>", 5))
    )
    found = read_statement(tmp_path / "s.xml", account=ACCOUNT)
    assert [int(line.amount) for line in found.lines] == [10_000, 5]
    assert [(one.line, one.field) for one in found.rejected] == [(2, "Sts")]


def test_two_days_of_one_account_in_a_file(desk: Desk, staff: Staff, shift: ShiftFacts, tmp_path: Path) -> None:
    first, second = mt940(("FT1", 10_000, "a")), mt940(("FT2", 20_000, "b"), opening=1_010_000, day="261124")
    done = bring(desk, staff, tmp_path, first + second)
    assert (done.added, done.opening, done.closing, done.balance_ok) == (2, Dong(1_000_000), Dong(1_030_000), True)


@pytest.mark.parametrize(
    ("second", "refusal"),
    [
        (mt940(("FT2", 20_000, "b"), opening=1_000_000, day="261124"), BalanceBroken),
        (mt940(("FT2", 20_000, "b"), opening=1_010_000, account="5550001111"), BadStatement),
    ],
)
def test_two_days_in_a_file_follow_each_other(tmp_path: Path, second: str, refusal: type[Exception]) -> None:
    assert refused(tmp_path, mt940(("FT1", 10_000, "a")) + second) is refusal


@pytest.mark.parametrize("account", ["91017595600", "95600", "10175956001"])
def test_an_account_of_which_ours_is_a_part_is_another(tmp_path: Path, account: str) -> None:
    assert refused(tmp_path, mt940(("FT1", 10_000, "a"), account=account)) is OtherAccount


# --- from one statement to the next ----------------------------------------------------------------------------------


def test_a_statement_says_whether_it_goes_on_where_the_last_one_ended(
    desk: Desk, staff: Staff, shift: ShiftFacts, tmp_path: Path
) -> None:
    one, two, three = ("FT263301", 10_000, "a"), ("FT263302", 20_000, "b"), ("FT263303", 30_000, "c")
    tell(desk, "sepay", 1, "b", 20_000, reference="FT263302")
    files = [
        (mt940(one), None),  # the first
        (mt940(two, opening=1_010_000), 0),  # goes on; a provider told of its line before
        (mt940(two, three, opening=1_010_000), 0),  # overlaps
        (mt940(two, three, opening=1_010_000), None),  # nothing new
        (mt940(("FT263304", 5_000, "d"), opening=9_000_000), 9_000_000 - 1_060_000),
    ]
    gaps = [bring(desk, staff, tmp_path, told).gap for told, _gap in files]
    assert gaps == [gap for _told, gap in files]
    assert sorted(line.gap or 0 for line in desk.see(statements)) == [0, 0, 0, 0, 7_940_000]


def test_a_table_without_balances_hides_no_gap(desk: Desk, staff: Staff, shift: ShiftFacts, tmp_path: Path) -> None:
    """What it alone tells of is missing between the statements that can be proven."""
    bring(desk, staff, tmp_path, mt940(("FT263301", 10_000, "a")))
    assert bring(desk, staff, tmp_path, table(("FT263309", 500_000, "x"))).gap is None
    assert bring(desk, staff, tmp_path, mt940(("FT263302", 20_000, "b"), opening=1_010_000)).gap == 0
    assert bring(desk, staff, tmp_path, mt940(("FT263303", 1, "c"), opening=1_530_000)).gap == 500_000


def test_surplus_says_whether_a_statement_has_told_of_it(
    desk: Desk, staff: Staff, shift: ShiftFacts, tmp_path: Path
) -> None:
    for number in (1, 2):
        tell(desk, "sepay", number, f"khach {number}", 50_000, reference=f"FT26330{number}")
    for line in desk.see(open_lines):
        facts = {"line_id": line.line_id, "customer_code": None, "reason": "thừa", "by": staff.supervisor.user_id}
        desk.do(reconcile.line_to_surplus, **facts)  # type: ignore[arg-type]
    bring(desk, staff, tmp_path, table(("FT263302", 50_000, "khach 2")))
    assert sorted(one.on_statement for one in desk.see(open_surplus_lines)) == [False, True]


def test_a_line_is_for_none_of_several_transfers_or_nothing_changes(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    facts = {"line_id": book(desk, movement("nop tien", 180_000)), "reason": "x", "by": staff.supervisor.user_id}
    with pytest.raises(qr.UnknownIntent):
        desk.do(reconcile.dismiss_all, intent_ids=[shown.intent_id, new_id()], **facts)  # type: ignore[arg-type]
    assert desk.see(open_lines)[0].proposals
    desk.do(reconcile.dismiss_all, intent_ids=[shown.intent_id], **facts)  # type: ignore[arg-type]
    assert desk.see(open_lines)[0].proposals == ()


@pytest.mark.parametrize(("amount", "bills"), [(99_999, 0), (100_000, 1), (299_999, 2), (300_000, 3)])
def test_the_oldest_bills_as_far_as_the_money_reaches(desk: Desk, shift: ShiftFacts, amount: int, bills: int) -> None:
    for number, month in ((1, 8), (2, 9), (3, 10)):
        desk.do(put_bill, code=AN, number=number, amount=100_000, month=month)
    found = desk.see(bills_within, customer_code=AN, amount=Dong(amount))
    assert [bill.bill_id for bill in found] == [f"PA0501-{number}" for number in (1, 2, 3)][:bills]
