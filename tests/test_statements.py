"""Bank statements: what each format says, what does not add up, what is no statement, and each movement once."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from kit import Staff, open_shift, put_bill

from counter import banking
from counter.audit import audit
from counter.cashless.statements import (
    BadStatement,
    BalanceBroken,
    ForeignCurrency,
    OtherAccount,
    Statement,
    StatementProfileWrong,
    UnknownStatementProfile,
    XmlUnsafe,
    load_statement_profile,
    prove,
    read_statement,
    statement_profiles,
)
from counter.desk import Desk
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.ledger import Book, balance
from counter.money import Dong
from counter.payments import qr
from counter.people import NotAllowed
from counter.reconcile import Movement, Source, book_movement
from counter.reconcile.proposals import open_lines
from counter.reconcile.statements import BroughtIn, Stopped, bring_statement, statements, would_bring

ACCOUNT = "1017595600"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
CASHUP = """SAO KÊ TÀI KHOẢN / STATEMENT OF ACCOUNT
Số tài khoản/Account number: 1017595600,,,,,
Loại tiền/Currency: VND,,,,,
"Số dư đầu kỳ/ Opening balance : 1,000,000",,,,,
STT,Ngày,Nợ,Có,Số dư,Mô tả
1,23/11/2026,,"180,000","1,180,000",MBVCB.1.tien dien
2,23/11/2026,"50,000",,"1,130,000",phi
Tổng,,"50,000","180,000",,
"""
MT940 = """:20:STARTUMSE
:25:97043600/1017595600
:28C:00001/001
:60F:C261122VND1000000,
:61:2611231123C180000,NTRFNONREF//FT26330
:86:tien dien
:61:2611231123RC5000,NTRFNONREF//FT26331
:86:tra lai
:62F:C261123VND1175000,
-
"""


def camt(*entries: str, opening: str = "1000000", closing: str = "1180000", head: str = "", ccy: str = "VND") -> str:
    def bal(code: str, amount: str) -> str:
        kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        return f'<Bal>{kind}<Amt Ccy="{ccy}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>'

    account = f"<Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id></Acct>"
    inside = account + bal("OPBD", opening) + bal("CLBD", closing) + "".join(entries)
    start = f'<?xml version="1.0"?>{head}<Document xmlns="{NAMESPACE}">'
    return f"{start}<BkToCstmrStmt><Stmt>{inside}</Stmt></BkToCstmrStmt></Document>"


def entry(amount: str, *, kind: str = "CRDT", ref: str = "FT1", more: str = "", ccy: str = "VND") -> str:
    details = "<NtryDtls><TxDtls><RmtInf><Ustrd>tien dien</Ustrd></RmtInf></TxDtls></NtryDtls>"
    day = "<BookgDt><Dt>2026-11-23</Dt></BookgDt>"
    money = f'<Amt Ccy="{ccy}">{amount}</Amt><CdtDbtInd>{kind}</CdtDbtInd>'
    return f"<Ntry>{money}{more}{day}<AcctSvcrRef>{ref}</AcctSvcrRef>{details}</Ntry>"


def written(tmp_path: Path, text: str | bytes, name: str = "statement.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(tmp_path: Path, text: str | bytes, *, profile: str = "generic", name: str = "statement.csv") -> Statement:
    return read_statement(written(tmp_path, text, name), account=ACCOUNT, profile=profile)


def moved(statement: Statement) -> list[tuple[str, int, str, str]]:
    return [(one.booked_day.isoformat(), int(one.signed), one.memo, one.reference) for one in statement.lines]


# --- what each format says -------------------------------------------------------------------------------------------


def test_a_table_with_preamble_and_footer(tmp_path: Path) -> None:
    found = read(tmp_path, CASHUP, profile="vietcombank")
    assert moved(found) == [("2026-11-23", 180_000, "MBVCB.1.tien dien", ""), ("2026-11-23", -50_000, "phi", "")]
    assert (found.opening, prove(found), found.rejected) == (1_000_000, True, ())


def test_codes_stay_text_in_a_spreadsheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Mô tả"])
    sheet.append([date(2026, 11, 23), "5243.65930", None, 180_000, "0011001932418"])
    book.save(tmp_path / "s.xlsx")
    found = read_statement(tmp_path / "s.xlsx", account=ACCOUNT, profile="vietcombank")
    assert moved(found) == [("2026-11-23", 180_000, "0011001932418", "5243.65930")]


def test_newest_first_is_read_as_well(tmp_path: Path) -> None:
    rows = '24/11/2026,b,,"20,000","120,000",R2\n23/11/2026,a,,"100,000","100,000",R1\n'
    found = read(
        tmp_path, "Ngày/Date,Ghi chú/Remark,Nợ/Dr,Có/Cr,Số dư/Balance,Số tham chiếu/Ref. no\n" + rows, profile="agribank"
    )
    assert prove(found) is True
    assert (would_bring(found).opening, would_bring(found).closing) == (0, 120_000)


def test_blank_days_are_filled_down_where_the_profile_says_so(tmp_path: Path) -> None:
    text = 'NGÀY HIỆU LỰC,GHI NỢ,GHI CÓ,SỐ DƯ,MÔ TẢ\n23/11/2026,0,"1,000","1,000",a\n,0,"2,000","3,000",b\n'
    assert [one.booked_day.day for one in read(tmp_path, text, profile="bidv").lines] == [23, 23]


def test_mt940_counts_a_taken_back_credit_as_money_out(tmp_path: Path) -> None:
    found = read(tmp_path, MT940)
    assert moved(found) == [("2026-11-23", 180_000, "tien dien", "FT26330"), ("2026-11-23", -5_000, "tra lai", "FT26331")]
    assert (found.opening, found.closing, prove(found)) == (1_000_000, 1_175_000, True)


def test_camt(tmp_path: Path) -> None:
    taken_back = entry("5000", kind="DBIT", ref="FT2", more="<RvslInd>true</RvslInd>")
    found = read(tmp_path, camt(entry("180000.00"), taken_back, closing="1175000"))
    assert moved(found) == [("2026-11-23", 180_000, "tien dien", "FT1"), ("2026-11-23", -5_000, "RVSL tien dien", "FT2")]
    assert prove(found) is True


@pytest.mark.parametrize("name", ["generic", "vietcombank", "vietinbank", "bidv", "agribank"])
def test_every_shipped_profile_can_be_used(name: str) -> None:
    assert name in statement_profiles()
    assert load_statement_profile(name).required[0] == "day"


# --- what is no good -------------------------------------------------------------------------------------------------


def test_a_row_that_does_not_follow_is_named(tmp_path: Path) -> None:
    text = "Ngày,Nợ,Có,Số dư,Mô tả\n23/11/2026,,180000,1180000,a\n23/11/2026,,180000,1370000,a\n"
    with pytest.raises(BalanceBroken) as broken:
        prove(read(tmp_path, text))
    assert (broken.value.facts["place"], broken.value.facts["expected"]) == ("3", 1_360_000)


@pytest.mark.parametrize("text", [camt(entry("170000")), MT940.replace("C180000", "C180001")])
def test_a_statement_that_does_not_add_up_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BalanceBroken):
        prove(read(tmp_path, text))


def test_a_row_that_cannot_be_read_is_kept_as_rejected(tmp_path: Path) -> None:
    text = "Ngày,Nợ,Có,Mô tả\n23/11/2026,,180000,a\n31/02/2026,,1,b\n23/11/2026,,1.5,c\n23/11/2026,,,d\n23/11/2026,1,1,e\n"
    found = read(tmp_path, text)
    assert [one.line for one in found.rejected] == [3, 4, 5, 6]
    assert (prove(found), len(found.lines)) == (None, 1)


def test_which_sign_means_what_is_never_guessed(tmp_path: Path) -> None:
    found = read(tmp_path, 'Ngày,Nợ,Có,Mô tả\n23/11/2026,,"180,000",a\n23/11/2026,,180.000,b\n')
    assert (found.lines, len(found.rejected)) == ((), 2)


def test_a_statement_of_another_account_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OtherAccount):
        read_statement(written(tmp_path, MT940), account="222222")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (camt(head='<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">'), XmlUnsafe),
        (camt(head='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), XmlUnsafe),
        ("<a>" * 60 + "</a>" * 60, XmlUnsafe),
        ('<?xml version="1.0" encoding="UTF-7"?><a/>', XmlUnsafe),
        ("<Document xmlns='urn:other'/>", XmlUnsafe),
        (camt(entry("180000", more="<a>" * 30 + "</a>" * 30)), XmlUnsafe),
        (
            camt(entry("180000")).replace("</Stmt>", "</Stmt><Stmt><Acct><Id><IBAN>2</IBAN></Id></Acct></Stmt>"),
            BadStatement,
        ),
        (CASHUP.replace("VND", "USD"), ForeignCurrency),
        (CASHUP + "23/11/2026,x\n" * 1_001, BadStatement),
        (camt(entry("180000"))[:-40], BadStatement),
        (camt(entry("1e3")), BadStatement),
        (camt(entry("NaN")), BadStatement),
        (camt(entry("-1")), BadStatement),
        (camt(entry("1.005")), BadStatement),
        (camt(entry("9" * 30)), BadStatement),
        (camt(entry("1", ccy="USD")), ForeignCurrency),
        (MT940.replace("VND", "USD"), ForeignCurrency),
        (MT940.replace(":61:2611231123C180000,", ":61:zzz"), BadStatement),
    ],
)
def test_what_is_no_plain_statement_in_dong_is_refused(tmp_path: Path, text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read(tmp_path, text)


def test_a_profile_of_the_offices_own_lies_over_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "statements").mkdir()
    columns = '[columns]\nday = ["D"]\namount = ["A"]\nmemo = ["M"]\n'
    own = 'title = "x"\ndelimiters = [";"]\nthousands = "."\ndays = ["yyyymmdd"]\n' + columns
    (tmp_path / "statements" / "generic.toml").write_text(own)
    path = written(tmp_path, "D;A;M\n20261123;-1.000;x\n")
    found = read_statement(path, account=ACCOUNT, home=tmp_path)
    assert moved(found) == [("2026-11-23", -1_000, "x", "")]
    (tmp_path / "statements" / "generic.toml").write_text(own.replace('";"', '"x"'))
    with pytest.raises(StatementProfileWrong):
        read_statement(path, account=ACCOUNT, home=tmp_path)
    with pytest.raises(UnknownStatementProfile):
        load_statement_profile("../generic")


MOVES = st.lists(st.tuples(st.integers(-(10**9), 10**9).filter(bool), st.sampled_from("abc")), min_size=1, max_size=8)


def table(moves: list[tuple[int, str]], *, opening: int = 0) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Ngày", "Nợ", "Có", "Số dư", "Mô tả"])
    now = opening
    for amount, memo in moves:
        now += amount
        writer.writerow(["23/11/2026", -amount if amount < 0 else "", amount if amount > 0 else "", now, memo])
    return out.getvalue()


@given(MOVES, st.integers(0, 10**9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_what_is_written_is_read_and_adds_up(tmp_path: Path, moves: list[tuple[int, str]], opening: int) -> None:
    found = read(tmp_path, table(moves, opening=opening))
    assert [(int(one.signed), one.memo) for one in found.lines] == moves
    assert prove(found) is True
    assert len(set(found.keys())) == len(moves)


@given(MOVES.filter(lambda moves: len(moves) > 2), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_a_missing_row_is_noticed(tmp_path: Path, moves: list[tuple[int, str]], data: st.DataObject) -> None:
    gone = data.draw(st.integers(1, len(moves) - 2))
    assume(sum(amount for amount, _ in moves) != 0)
    rows = table(moves).splitlines(keepends=True)
    with pytest.raises(BalanceBroken):
        prove(read(tmp_path, "".join(rows[: gone + 1] + rows[gone + 2 :])))


# --- in the books ------------------------------------------------------------------------------------------------------


@pytest.fixture
def account(desk: Desk, staff: Staff) -> str:
    desk.do(qr.add_account, account=ACCOUNT, bin="970436", holder="DIEN LUC", by=staff.supervisor.user_id)
    return ACCOUNT


def bring(desk: Desk, staff: Staff, found: Statement, statement_id: object = None) -> BroughtIn:
    return desk.do(
        bring_statement,
        statement_id=statement_id or new_id(),  # type: ignore[arg-type]
        statement=found,
        by=staff.supervisor.user_id,
    )


def test_a_statement_twice_and_an_overlapping_one_add_nothing_twice(
    desk: Desk, staff: Staff, account: str, tmp_path: Path
) -> None:
    moves = [(100, "a"), (100, "a"), (-30, "b")]
    first = bring(desk, staff, read(tmp_path, table(moves)))
    assert (first.read, first.added, first.already) == (3, 3, 0)
    again = bring(desk, staff, read(tmp_path, table(moves)))
    assert (again.added, again.already) == (0, 3)
    more = bring(desk, staff, read(tmp_path, table([*moves, (100, "a")])))
    assert (more.added, more.already) == (1, 3)
    assert desk.see(balance, book=Book.BANK) == 270
    assert [check.name for check in desk.see(audit) if not check.ok] == []


def test_the_same_id_gives_the_first_answer(desk: Desk, staff: Staff, account: str, tmp_path: Path) -> None:
    one, found = new_id(), read(tmp_path, table([(100, "a")]))
    assert bring(desk, staff, found, one) == bring(desk, staff, found, one)
    with pytest.raises(SameIdOtherFacts):
        bring(desk, staff, read(tmp_path, table([(101, "a")])), one)


def test_a_statement_that_does_not_add_up_changes_nothing(desk: Desk, staff: Staff, account: str, tmp_path: Path) -> None:
    rows = table([(100, "a"), (200, "b"), (300, "c")]).splitlines(keepends=True)
    with pytest.raises(BalanceBroken):
        bring(desk, staff, read(tmp_path, "".join([*rows[:2], *rows[3:]])))
    assert (desk.see(open_lines), desk.see(statements)) == ([], [])


def test_only_a_supervisor_brings_in_the_banks_word(desk: Desk, staff: Staff, account: str, tmp_path: Path) -> None:
    told = read(tmp_path, MT940)
    with pytest.raises(NotAllowed):
        desk.do(bring_statement, statement_id=new_id(), statement=told, by=staff.cashier.user_id)


def test_a_stopped_import_changes_nothing(desk: Desk, staff: Staff, account: str, tmp_path: Path) -> None:
    found = read(tmp_path, table([(1, f"m{n}") for n in range(250)]))
    with pytest.raises(Stopped):
        desk.do(bring_statement, statement_id=new_id(), statement=found, by=staff.supervisor.user_id, stopped=lambda: True)
    assert desk.see(open_lines) == []


def test_a_statements_line_settles_its_transfer_and_meets_what_a_feed_told(
    desk: Desk, staff: Staff, account: str, tmp_path: Path
) -> None:
    shift = open_shift(desk, staff.cashier)
    bill = desk.do(put_bill, code="PA05010000001", number=1, amount=180_000)
    facts = {"intent_id": new_id(), "bill_ids": [bill], "shift_id": shift.shift_id, "by": staff.cashier.user_id}
    shown = desk.do(qr.open_intent, **facts, minutes=15)  # type: ignore[arg-type]
    told = Movement(ACCOUNT, "sepay/1", Dong(50), date(2026, 11, 23), "ung ho quy phong dich")
    desk.do(book_movement, movement=told, source=Source.FEED)
    text = table([(180_000, shown.memo), (50, "MBVCB.1.ung ho quy phong dich.CT tu 1")])
    done = bring(desk, staff, read(tmp_path, text))
    assert (done.added, done.already) == (1, 1)
    assert [one.due for one in banking.take_in(desk).receipts] == [180_000]


def test_rejected_rows_stay_visible(desk: Desk, staff: Staff, account: str, tmp_path: Path) -> None:
    bring(desk, staff, read(tmp_path, "Ngày,Nợ,Có,Mô tả\n23/11/2026,,180000,a\n23/11/2026,,x,b\n"))
    (kept,) = desk.see(statements)
    assert [(one.line, one.value) for one in kept.rejected] == [(3, "x")]
    assert json.dumps(kept.file) == '"statement.csv"'
