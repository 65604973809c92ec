"""Finding a customer by what people type and scanners send; on both databases."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from debts import AN, BINH, bring, debts, line
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import TextClause, text

from counter.bills import Found, bills_by_payer, customer, find, find_customers, read_scan, unpaid_bills
from counter.bills.finding_index import numbers_of
from counter.bills.refusals import UnknownCustomer
from counter.bills.rules import find_words, meter_key, phone_digits
from counter.bills.scan import parts_of
from counter.desk import Desk
from counter.money import Dong
from db.migrate import HEAD, as_owner, upgrade

CHI = "PA05LG0000345"


@pytest.fixture
def full(desk: Desk, tmp_path: Path) -> Desk:
    """Three customers."""
    bring(
        desk,
        debts(
            tmp_path,
            line(1),
            line(2, BINH, TEN_KHANG="Trần Thị Đặng Bình", DTHOAI="+84 987 654 321", DCHI_KHANG="Số 7, đường Lê Lợi"),
            line(3, CHI, TEN_KHANG="NGUYỄN VĂN ÁNH", DTHOAI="", SO_CTO="HT-55 01", DCHI_KHANG="Thôn Đông, xã Tân Dĩnh"),
            line(4, CHI, THANG=9),
        ),
    )
    return desk


def test_a_payers_code_finds_the_contracts_it_pays_for_itself_first(desk: Desk, tmp_path: Path) -> None:
    others = [line(n, f"PA05LG00004{n:02d}", MA_KHANGTT=BINH) for n in range(11, 14)]
    bring(desk, debts(tmp_path, line(2, BINH), *others, line(5, AN, MA_KHANGTT="PA05LG0099999")))
    found = desk.see(find_customers, text=BINH)
    assert [one.customer_code for one in found.customers] == [BINH, "PA05LG0000411", "PA05LG0000412", "PA05LG0000413"]
    assert desk.see(find_customers, text=BINH, limit=2).more
    assert codes(desk.see(find_customers, text="pa05lg0099999")) == [AN]  # a payer that is no customer here


def codes(found: Found) -> list[str]:
    return sorted(one.customer_code for one in found.customers)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (AN, [AN]),
        (AN.lower(), [AN]),
        (f" {AN} ", [AN]),
        ("PA05LG", [AN, BINH, CHI]),
        ("pa05lg00000", [AN, BINH]),
        ("00345", [CHI]),
        ("345", [CHI]),
        ("Nguyễn Văn", [AN, CHI]),
        ("nguyen van", [AN, CHI]),
        ("NGUYEN VAN A", [AN, CHI]),
        ("van an nguyen", [AN]),
        ("nguyen van anh", [CHI]),
        ("đặng", [BINH]),
        ("dang", [BINH]),
        ("Nguye\u0302\u0303n", [AN, CHI]),
        ("an d", [AN]),
        ("0987", [BINH]),
        ("0987 654 321", [BINH]),
        ("0987.654.321", [BINH]),
        ("+84987654321", [BINH]),
        ("654321", [BINH]),
        ("5678", [AN]),
        ("2019012345", [AN, BINH]),
        ("HT5501", [CHI]),
        ("ht-55", [CHI]),
        ("le loi", [BINH]),
        ("7 lê lợi", [BINH]),
        ("12 thôn đông", [AN]),
        ("an 12", [AN]),
        ("an 5678", [AN]),
        ("nobody", []),
        ("an nobody", []),
        ("9999999", []),
    ],
)
def test_a_customer_is_found_by(full: Desk, text: str, expected: list[str]) -> None:
    assert codes(full.see(find_customers, text=text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "%",
            "_",
            "\\",
            "'",
            '"',
            "*",
            "^",
            ":",
            "(",
            "-",
            "'; DROP TABLE bill;--",
            "' OR 1=1--",
            "a\x00",
            "\ud800",
        ),
        *('"nguyen" OR "tran"', "nguyen NOT van", "NEAR(a b)", "k:nguyen", "nguyen* OR", "' | 'x", "a:* | b", "!a", "<->"),
    ],
)
def test_signs_of_a_query_language_are_only_text(full: Desk, text: str) -> None:
    found = full.see(find_customers, text=text)
    assert len(found.customers) < 3
    assert codes(full.see(find_customers, text="nguyen van")) == [AN, CHI]
    assert full.see(unpaid_bills, customer_code=AN).owed == Dong(108_000)


def test_a_line_says_what_is_owed(full: Desk) -> None:
    (found,) = full.see(find_customers, text=CHI).customers
    assert (found.bills, found.owed, found.advance) == (2, Dong(216_000), Dong(0))
    assert found == full.see(customer, customer_code=CHI)
    owed = full.see(unpaid_bills, customer_code=CHI)
    assert [bill.period for bill in owed.bills] == ["09/2026", "10/2026"]


def test_nobody_by_that_code_is_refused(full: Desk) -> None:
    for view, named in ((customer, "customer_code"), (unpaid_bills, "customer_code"), (bills_by_payer, "payer_code")):
        with pytest.raises(UnknownCustomer):
            full.see(view, **{named: "PA05XX0000000"})  # type: ignore[arg-type]


def test_more_than_asked_for_is_said(full: Desk) -> None:
    some = full.see(find_customers, text="PA05", limit=2)
    assert (len(some.customers), some.more) == (2, True)
    every = full.see(find_customers, text="PA05", limit=3)
    assert (len(every.customers), every.more) == (3, False)


def test_an_answer_is_what_a_plain_reading_of_all_rows_gives(desk: Desk, tmp_path: Path) -> None:
    """Rare and common words, short and long beginnings, more candidates than are read one by one."""
    chance = random.Random(3)
    names = ["Nguyễn", "Văn", "Thị", "Lan", "An", "Anh", "Hương", "Hùng"]
    places = ["Thôn", "xã", "Đông", "Lan", "đường", "An Hòa", "12", "125"]
    people = {}
    for n in range(700):
        name, address = " ".join(chance.choices(names, k=3)), " ".join(chance.choices(places, k=4))
        people[f"PA05LG{n:07d}"] = (name, address)
    bring(
        desk,
        debts(
            tmp_path,
            *(
                line(n + 1, code, TEN_KHANG=name, DCHI_KHANG=address, DTHOAI="", SO_CTO="")
                for n, (code, (name, address)) in enumerate(people.items())
            ),
        ),
    )
    for _ in range(60):
        words = find_words(" ".join(chance.choices(names + places, k=chance.randint(1, 4))), "").split()
        words[-1] = words[-1][: chance.randint(1, 6)]
        if all(word.isdigit() for word in words):
            continue
        expected = {
            code
            for code, (name, address) in people.items()
            if set(words[:-1]) <= set(own := find_words(name, address).split()) and any(o.startswith(words[-1]) for o in own)
        }
        found = desk.see(find_customers, text=" ".join(words), limit=200)
        assert len(found.customers) == min(200, len(expected)), words
        assert set(codes(found)) <= expected, words
        assert found.more == (len(expected) > 200), words


def people(folder: Path, *facts: tuple[str, str]) -> Path:
    """A file of customers by name and address, in this order."""
    rows = [
        line(n + 1, f"PA05LG{n:07d}", TEN_KHANG=name, DCHI_KHANG=address, DTHOAI="", SO_CTO="")
        for n, (name, address) in enumerate(facts)
    ]
    return debts(folder, *rows)


def names(found: Found) -> list[str]:
    return [one.name for one in found.customers]


def test_names_come_before_addresses_and_whole_names_first(desk: Desk, tmp_path: Path) -> None:
    bring(
        desk,
        people(
            tmp_path,
            ("Trần Thị Bích", "Xã Thanh Hải"),
            ("Lê Thanh Hải An", "Thôn Đông"),
            ("Nguyễn Thanh", "Phố Hải Thượng"),
            ("Thanh Hải", "Thôn Đoài"),
            ("Phạm Hải Thanh", "Thôn Đoài"),
        ),
    )
    found = names(desk.see(find_customers, text="thanh hai"))
    assert found[0] == "Thanh Hải"
    assert set(found[1:3]) == {"Lê Thanh Hải An", "Phạm Hải Thanh"}
    assert set(found[3:]) == {"Trần Thị Bích", "Nguyễn Thanh"}


@pytest.mark.parametrize(("text", "name"), [("dinh dinh quan", "Đinh Đình Quân"), ("dinh van van", "Đinh Văn Vân")])
def test_a_word_said_twice_is_there_twice(desk: Desk, tmp_path: Path, text: str, name: str) -> None:
    many = [(f"Đinh Văn Quân {n}", "Thôn Vân Đình") for n in range(60)]
    bring(desk, people(tmp_path, *many, ("Đinh Đình Quân", "Thôn Đông"), ("Đinh Văn Vân", "Thôn Đông")))
    assert names(desk.see(find_customers, text=text, limit=20))[0] == name


def test_the_end_of_a_name_is_found_among_any_number_of_addresses(desk: Desk, tmp_path: Path) -> None:
    many = [("Trần Thị Bích", f"Số {n}, xã Thanh Hải") for n in range(400)]
    bring(desk, people(tmp_path, *many, ("Lê Thanh Hải", "Thôn Đông"), ("Lê Hải", "Thôn Đông"), ("Lê Hải An", "x")))
    assert names(desk.see(find_customers, text="thanh hai", limit=5))[0] == "Lê Thanh Hải"
    assert names(desk.see(find_customers, text="le hai", limit=5))[0] == "Lê Hải"
    assert set(names(desk.see(find_customers, text="hai", limit=2))) == {"Lê Thanh Hải", "Lê Hải"}


def test_a_name_that_changed_is_found_by_its_new_end_only(desk: Desk, tmp_path: Path) -> None:
    bring(desk, people(tmp_path, ("Lê Thanh Hải", "Thôn Đông")))
    bring(desk, people(tmp_path, ("Lê Thanh Hà", "Thôn Đông")))
    assert names(desk.see(find_customers, text="thanh ha")) == ["Lê Thanh Hà"]
    assert names(desk.see(find_customers, text="thanh hai")) == []


def test_an_older_database_learns_the_ends_of_its_names(desk: Desk, tmp_path: Path) -> None:
    rows = [("Đinh Đình Quân", ""), ("CÔNG TY [/] ABC (Nhà\u0301nh 2)", ""), ("Đ" * 30 + " " + "a" * 80, ""), ("?!", "")]
    bring(desk, people(tmp_path, *rows))

    def on_owner(*statements: str) -> list[str]:
        with desk.database.engine.connect().execution_options(counter_write=True) as connection, connection.begin():
            as_owner(connection)
            for statement in statements:
                connection.exec_driver_sql(statement)
            return sorted(connection.exec_driver_sql("SELECT k FROM customer_number").scalars())

    keys = on_owner()
    assert sum(key.startswith("N") for key in keys) == 3
    before = "UPDATE alembic_version SET version_num = '0008'"
    assert len(on_owner("DELETE FROM customer_number WHERE substr(k, 1, 1) = 'N'", before)) == len(keys) - 3
    upgrade(desk.database, "0009")
    assert on_owner(f"UPDATE alembic_version SET version_num = '{HEAD}'") == keys


def test_a_whole_meter_or_phone_comes_before_the_end_of_a_code(desk: Desk, tmp_path: Path) -> None:
    rows = [line(n, f"PA05LG{n}012345", TEN_KHANG=f"Người {n}", DTHOAI="", SO_CTO="") for n in range(1, 4)]
    meter = line(8, "PA05LG9999999", TEN_KHANG="Công tơ", DTHOAI="", SO_CTO="12345")
    phone = line(9, "PA05LG9999998", TEN_KHANG="Điện thoại", DTHOAI="012345", SO_CTO="")
    bring(desk, debts(tmp_path, *rows, meter, phone))
    assert names(desk.see(find_customers, text="12345"))[0] == "Công tơ"
    assert names(desk.see(find_customers, text="012345"))[0] == "Điện thoại"


# --- scanners --------------------------------------------------------------------------------------------------------


def emv(**fields: str) -> str:
    more = "".join(f"{tag[1:]}{len(value):02d}{value}" for tag, value in fields.items())
    return f"00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA530370462{len(more):02d}{more}6304ABCD"


@pytest.mark.parametrize(
    "text",
    [
        AN,
        AN.lower(),
        f"{AN}\r",
        f"{AN}|10/2026|108000",
        f"10/2026;{AN};108000",
        f"{AN}001",
        f"https://cskh.npc.com.vn/tra-cuu?ma_kh={AN}&ky=10",
        f"http://vi.du/hd/{AN}",
        emv(t06=AN),
        emv(t01=AN, t08="TIEN DIEN"),
        emv(t08=f"TT TIEN DIEN {AN} KY 10"),
        "PA0501-1",
        "PA0501-1|108000",
        emv(t01="PA0501-1"),
    ],
)
def test_a_scanned_bill_names_its_customer(full: Desk, text: str) -> None:
    assert full.see(read_scan, text=text).customer_code == AN
    assert codes(full.see(find_customers, text=text)) == [AN]


def test_a_scanned_bill_may_name_the_bill(full: Desk) -> None:
    assert full.see(read_scan, text="PA0501-1|108000").bill_id == "PA0501-1"
    assert full.see(read_scan, text=AN).bill_id == ""


@pytest.mark.parametrize(
    "text",
    [
        *("", "PA05XX0000000", "PA0501-99", "http://[", "http://x?" + "a=b&" * 100, "000201", emv(t08="x"), "0002016299AB"),
        *("|" * 900, "PA0501-" + "9" * 19, "\x1d\x1d", "https://evil/?code='; DROP TABLE bill;--"),
    ],
)
def test_a_scan_that_names_nobody_here_finds_nobody(full: Desk, text: str) -> None:
    assert full.see(read_scan, text=text).customer_code == ""


@given(st.text(max_size=200) | st.from_regex(r"000201[0-9A-Z]{0,60}") | st.from_regex(r"https?://[!-~]{0,60}"))
def test_reading_the_parts_of_a_scan_never_fails(text: str) -> None:
    assert all(part.isascii() and len(part) <= 27 for part in parts_of(text))


# --- the keys --------------------------------------------------------------------------------------------------------


def test_numbers_are_known_from_both_ends_and_names_from_the_last_word() -> None:
    assert numbers_of(customer_code=AN, name="Đinh Đình  Quân", phone="0912 345 678", meter_number="ab-12") == {
        "B" + AN[::-1],
        "P0912345678",
        "Q8765432190",
        "MAB12",
        "Nquan dinh dinh",
    }


@pytest.mark.parametrize(
    ("phone", "digits"),
    [("0912345678", "0912345678"), ("+84 912 345 678", "0912345678"), ("0912.345.678 / 0204", "0912345678"), ("", "")],
)
def test_a_phone_is_its_first_number(phone: str, digits: str) -> None:
    assert phone_digits(phone) == digits


@given(st.text(max_size=60), st.text(max_size=60))
def test_words_are_the_same_from_what_is_stored(name: str, address: str) -> None:
    """What is taken out of the index is made from the stored text: it must be what was put in."""
    words = find_words(name, address)
    assert find_words(words, "") == words
    assert meter_key(meter_key(name)) == meter_key(name)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("statement", [find._OF_CODE, find._OF_PAYER, find._BY_CODE, find._BY_NUMBER, find._BY_WORDS_SQLITE])
def test_no_key_typed_reads_every_customer_of_the_office(desk: Desk, statement: TextClause) -> None:
    told = dict.fromkeys(statement.compile().params, "PA1") | {"most": 21}
    plan = desk.see(lambda session: session.execute(text(f"EXPLAIN QUERY PLAN {statement}"), told).all())
    steps = [step[3] for step in plan if step[3].startswith(("SCAN", "SEARCH"))]
    assert steps
    assert [step for step in steps if step.endswith("(office_id=?)") or step in ("SCAN c", "SCAN customer_number")] == []
