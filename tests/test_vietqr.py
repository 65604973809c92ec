"""VietQR texts, payment codes and bank numbers: published vectors, right and wrong, and what no change gets past."""

from __future__ import annotations

import json
import re
import string
import subprocess
import sys

import pytest
import zxingcpp
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from counter.cashless.banks import shipped
from counter.cashless.codes import SPACE, check_digits, code_of, codes_in, memo_for
from counter.cashless.emv import Broken, crc_text, fields_of
from counter.cashless.reading import WHY, Found, QrKind, read
from counter.cashless.vietqr import GUID, NotForVietQr, Service, Transfer, make
from counter.locale import translate
from counter.money import Dong
from counter.printing.qr import QUIET, qr_matrix

GOOD = {
    "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN63044F52": (
        "970403",
        "9704031101234567",
        None,
        "",
        "",
    ),
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819"
    "thanh toan don hang63042E2E": ("970403", "0011012345678", 180_000, "thanh toan don hang", "NPS6869"),
    "00020101021238600010A00000072701300006970403011697040311012345670208QRIBFTTC530370454061800005802VN62340107NPS68690819"
    "thanh toan don hang6304A203": ("970403", "9704031101234567", 180_000, "thanh toan don hang", "NPS6869"),
    "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F": (
        "970403",
        "0011012345678",
        None,
        "",
        "",
    ),
    "00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F": (
        "970416",
        "257678859",
        None,
        "",
        "",
    ),
    "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA53037045405100005802VN62150811Chuyen tien"
    "630453E6": ("970416", "257678859", 10_000, "Chuyen tien", ""),
    "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA5303704540410005802VN62150811Chuyen tien"
    "6304BBB8": ("970416", "257678859", 1_000, "Chuyen tien", ""),
    "00020101021138540010A00000072701240006970422011003523509170208QRIBFTTA53037045802VN630479db": (
        "970422",
        "0352350917",
        None,
        "",
        "",
    ),
    "00020101021138540010A00000072701240006970423011000999999990208QRIBFTTA53037045802VN6304CBB4": (
        "970423",
        "0099999999",
        None,
        "",
        "",
    ),
    "00020101021238570010A00000072701270006970422011300234579234420208QRIBFTTA53037045405401235802VN62160812chuyen khoan"
    "6304722F": ("970422", "0023457923442", 40_123, "chuyen khoan", ""),
    "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN62170813ung ho lu lut"
    "6304C15C": ("970415", "0011001932418", 120_000, "ung ho lu lut", ""),
    "00020101021238540010A00000072701240006970436011010175956000208QRIBFTTA530370454061800005802VN62230819"
    "thanh toan don hang630470FA": ("970436", "1017595600", 180_000, "thanh toan don hang", ""),
}
VNPAY = (
    "00020101021126280010A0000007750110010531314453037045408210900005802VN5910CELLPHONES62600312CPSHN ONLINE"
    "0517021908061613127850705ONLHN0810CellphoneS63047685"
)
MALFORMED = "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA53037045802VN6304F4E5"


def transfer_of(text: str) -> Transfer:
    said = read(text)
    return Transfer(
        said.bin, said.account, said.amount, said.purpose, said.bill_number, said.customer, Service(said.service)
    )


def with_crc(body: str) -> str:
    return body + "6304" + crc_text(body + "6304")


# --- the published vectors -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", GOOD)
def test_a_published_code_is_read(text: str) -> None:
    said = read(text)
    assert (said.kind, said.crc_ok, said.why) == (QrKind.VIETQR, True, "")
    assert (said.bin, said.account, said.amount, said.purpose, said.bill_number) == GOOD[text]


@pytest.mark.parametrize("text", [text for text in GOOD if not text.endswith("db")])
def test_a_published_code_is_written_letter_for_letter(text: str) -> None:
    assert make(transfer_of(text)) == text


def test_the_check_sum_of_the_standard() -> None:
    assert (crc_text("00"), crc_text("01")) == ("2EC9", "3EE8")


def test_the_check_sum_always_has_four_digits_in_capitals() -> None:
    seen = {make(Transfer("970436", f"{n:06d}"))[-4:] for n in range(40_000)}
    assert all(len(crc) == 4 and set(crc) <= set("0123456789ABCDEF") for crc in seen)
    assert any(crc.startswith("00") for crc in seen)


def test_another_schemes_code_is_named_and_never_taken_for_vietqr() -> None:
    said = read(VNPAY)
    assert (said.kind, said.found, said.amount, said.account) == (QrKind.VNPAY, Found.VNPAY, 21_090_000, "")


def test_momo_pays_by_vietqr_and_is_named() -> None:
    body = make(Transfer("970454", "99MM00123456789"))[:-8]
    said = read(with_crc(body + "62200516MOMOW2W123456789"))
    assert (said.kind, said.found) == (QrKind.VIETQR, Found.MOMO)


@pytest.mark.parametrize(
    ("text", "kind", "found", "customer"),
    [
        ("2|99|0912345678|NGUYEN VAN A||0|0|50000", QrKind.OTHER, Found.MOMO, ""),
        ("PA05010012345|10/2026|159800", QrKind.OTHER, Found.EVN_BILL, "PA05010012345"),
        ("https://cskh.example/tra-cuu?ma=pa05010012345", QrKind.OTHER, Found.EVN_BILL, "PA05010012345"),
        ("hello", QrKind.INVALID, Found.NOT_EMV, ""),
        ("", QrKind.INVALID, Found.NOT_EMV, ""),
        ("000201" + "x" * 600, QrKind.INVALID, Found.NOT_EMV, ""),
    ],
)
def test_what_is_no_payment_code_is_told_apart(text: str, kind: QrKind, found: Found, customer: str) -> None:
    said = read(text)
    assert (said.kind, said.found, said.customer) == (kind, found, customer)


def body(**changed: str) -> str:
    parts = {
        "00": "01",
        "01": "11",
        "38": f"0010{GUID}01200006970436010612345602" + "08QRIBFTTA",
        "53": "704",
        "58": "VN",
    }
    parts.update({tag.removeprefix("t"): value for tag, value in changed.items()})
    return "".join(f"{tag}{len(value):02d}{value}" for tag, value in sorted(parts.items()) if value)


WRONG = {
    "a length that does not add up": (MALFORMED, "no_tag"),
    "no scheme": (with_crc(body(t38="01200006970436010612345602" + "08QRIBFTTA")), "no_account"),
    "another currency": (with_crc(body(t53="840")), "currency"),
    "another country": (with_crc(body(t58="US")), "country"),
    "an amount of zero": (with_crc(body(t54="0")), "amount"),
    "an amount with a fraction": (with_crc(body(t54="1.5")), "amount"),
    "an amount in words": (with_crc(body(t54="1e5")), "amount"),
    "a bank of five digits": (with_crc(body(t38=f"0010{GUID}01190005970430106123456")), "bank"),
    "an account that is too long": (with_crc(body(t38=f"0010{GUID}013400069704360120{'1' * 20}")), "account"),
    "an unknown service": (with_crc(body(t38=f"0010{GUID}0120000697043601061234560208QRPUSHXX")), "service"),
    "an unknown method": (with_crc(body(t01="13")), "method"),
    "another version": (with_crc(body(t00="02")), "version"),
    "a field twice": (with_crc(body() + "5802VN"), "twice"),
    "an empty field": (with_crc(body() + "5900"), "empty"),
    "no check sum": (body(), "no_crc"),
    "a check sum cut short": (with_crc(body())[:-1], "too_short"),
    "a wrong check sum": (body() + "63040000", "crc"),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_invalid_code_says_why(case: str) -> None:
    text, key = WRONG[case]
    said = read(text)
    assert said.kind is QrKind.INVALID
    template = re.escape(translate(WHY[key])).replace(r"\{at\}", "[0-9]+").replace(r"\{tag\}", "[0-9]{2}")
    assert re.fullmatch(template, said.why)


@pytest.mark.parametrize("amount", ["180000", "180000.", "180000.00"])
def test_an_amount_with_nothing_behind_the_dot_is_whole(amount: str) -> None:
    assert read(with_crc(body(t54=amount))).amount == 180_000


def test_a_length_in_bytes_is_read_where_the_text_is_not_ascii() -> None:
    name = "Điện lực Lạng Giang"
    raw = body() + f"59{len(name.encode()):02d}{name}"
    said = read(with_crc(raw))
    assert (said.kind, said.name) == (QrKind.VIETQR, name)


@given(st.text(max_size=600))
@example("0002\udc80")
@example("000201010211" + "62" + "99")
def test_any_text_at_all_is_read_without_an_error(text: str) -> None:
    assert (read(text).kind is QrKind.INVALID) == bool(read(text).why)


# --- writing ---------------------------------------------------------------------------------------------------------

PRINTABLE = st.text(st.sampled_from(string.ascii_letters + string.digits + " -./:"), max_size=25).map(
    lambda s: " ".join(s.split())
)
TRANSFERS = st.builds(
    Transfer,
    bin=st.from_regex(r"[0-9]{6}", fullmatch=True),
    account=st.from_regex(r"[0-9A-Za-z]{1,19}", fullmatch=True),
    amount=st.none() | st.integers(1, 10**13 - 1).map(Dong),
    purpose=PRINTABLE,
    bill_number=PRINTABLE,
    customer=PRINTABLE,
    service=st.sampled_from(Service),
)


@given(TRANSFERS)
def test_what_is_written_is_read_back(transfer: Transfer) -> None:
    assert transfer_of(make(transfer)) == transfer


@given(TRANSFERS, st.integers(0), st.sampled_from([chr(n) for n in range(32, 127)]))
def test_any_one_changed_character_is_noticed(transfer: Transfer, place: int, sign: str) -> None:
    text = make(transfer)
    at = place % len(text)
    changed = text[:at] + sign + text[at + 1 :]
    said = read(changed)
    if changed.upper() == text.upper() and at >= len(text) - 4:
        assert said.kind is QrKind.VIETQR  # a check sum in small letters is the same check sum
    elif changed != text:
        assert said.kind is QrKind.INVALID or (at == 0 and said.found is not Found.VIETQR)


@pytest.mark.parametrize(
    ("part", "transfer"),
    [
        ("bank number", Transfer("97043", "123")),
        ("account", Transfer("970436", "1" * 20)),
        ("account", Transfer("970436", "12 3")),
        ("amount", Transfer("970436", "123", Dong(0))),
        ("amount", Transfer("970436", "123", Dong(10**13))),
        ("purpose", Transfer("970436", "123", purpose="x" * 26)),
        ("purpose", Transfer("970436", "123", purpose="điện 電")),
        ("purpose", Transfer("970436", "123", purpose="a\x1bb")),
        ("bill number", Transfer("970436", "123", bill_number="1" * 26)),
        ("customer", Transfer("970436", "123", customer="1" * 26)),
    ],
)
def test_what_vietqr_cannot_hold_is_refused_and_named(part: str, transfer: Transfer) -> None:
    with pytest.raises(NotForVietQr) as refused:
        make(transfer)
    assert refused.value.facts["part"] == translate(part)


def test_vietnamese_words_are_written_without_marks() -> None:
    assert read(make(Transfer("970436", "123", purpose="Tiền điện Đặng"))).purpose == "Tien dien Dang"


def test_a_code_with_an_amount_or_a_bill_is_for_one_use() -> None:
    assert [
        read(make(transfer)).once
        for transfer in (
            Transfer("970436", "1"),
            Transfer("970436", "1", Dong(1)),
            Transfer("970436", "1", bill_number="A"),
        )
    ] == [False, True, True]


def test_the_picture_is_read_back_by_another_library() -> None:
    text = make(Transfer("970436", "1017595600", Dong(1_234_567), code_of(42) + "PA05010012345", "HD1", "PA05010012345"))
    rows = qr_matrix(text)
    size = len(rows) + 2 * QUIET
    picture = Image.new("L", (size, size), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + QUIET, y + QUIET), 0)
    read_back = zxingcpp.read_barcodes(picture.resize((size * 4, size * 4), Image.Resampling.NEAREST))
    assert [one.text for one in read_back] == [text]


# --- fields ----------------------------------------------------------------------------------------------------------


def test_a_broken_field_names_its_place() -> None:
    with pytest.raises(Broken) as broken:
        fields_of("0002010102")
    assert (broken.value.at, broken.value.why) == (6, "too_short")


# --- payment codes ---------------------------------------------------------------------------------------------------


@given(st.integers(0, SPACE - 1), st.integers(2, 11), st.sampled_from(string.digits))
def test_a_changed_digit_breaks_a_code(number: int, place: int, digit: str) -> None:
    code = code_of(number)
    changed = code[:place] + digit + code[place + 1 :]
    assert codes_in(changed) == ([code] if changed == code else [])


@given(st.integers(0, SPACE - 1), st.integers(2, 10))
def test_two_swapped_digits_break_a_code(number: int, place: int) -> None:
    code = code_of(number)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert codes_in(swapped) == ([code] if swapped == code else [])


CODE = code_of(12_345_678)


@pytest.mark.parametrize(
    "memo",
    [
        CODE,
        CODE.lower() + "pa05010012345",
        f"123456.231126.091500.{CODE}PA05010012345",
        f"MBVCB.1234567890.4.{CODE}.CT tu 0011001932418 NGUYEN VAN AN toi 123",
        f"CT nhanh 247 den:  {CODE[:5]} {CODE[5:]}",
        f"FT26330123456789_{CODE}",
        "T-D" + "-".join(CODE[2:]),
        "ＴＤ" + CODE[2:],
        f"tiền điện {CODE} đã trả",
        f"TDTD{CODE[2:]}",
    ],
)
def test_a_code_is_found_in_what_banks_make_of_it(memo: str) -> None:
    assert codes_in(memo) == [CODE]


def test_two_codes_in_one_memo_are_both_told() -> None:
    other = code_of(87_654_321)
    assert codes_in(f"{CODE} {other} {CODE}") == [CODE, other]


@pytest.mark.parametrize("memo", ["", "Chuyen tien", CODE[:11], "TD1234567800", "FT26330123456789", "TĐ" + "1" * 9])
def test_no_code_is_found_where_there_is_none(memo: str) -> None:
    assert codes_in(memo) == []


@given(st.text(max_size=120))
def test_every_found_code_has_right_check_digits(memo: str) -> None:
    assert all(check_digits(int(code[2:10])) == int(code[10:]) for code in codes_in(memo))


@pytest.mark.parametrize(("longest", "memo"), [(25, CODE + "PA05010012345"), (24, CODE), (19, CODE)])
def test_the_customer_stands_behind_the_code_where_both_fit(longest: int, memo: str) -> None:
    assert memo_for(CODE, customer_code="PA05010012345", longest=longest) == memo


def test_check_digits_are_two_to_ninety_eight() -> None:
    assert {check_digits(n) for n in range(1_000)} <= set(range(2, 99))


# --- banks -----------------------------------------------------------------------------------------------------------


def test_a_bank_is_known_by_its_number() -> None:
    assert (shipped().name("970436"), shipped().name("999999")) == ("Vietcombank", "999999")


# --- commands --------------------------------------------------------------------------------------------------------


def counter(*words: str) -> tuple[int, dict[str, object]]:
    command = [sys.executable, "-m", "counter", *words, "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, json.loads(ended.stdout)


def test_the_commands_need_no_home_and_no_database() -> None:
    text = next(text for text in GOOD if text.endswith("70FA"))
    words = ["--bin", "970436", "--account", "1017595600", "--amount", "180.000", "--purpose", "thanh toán đơn hàng"]
    assert counter("--home", "/proc/no/home", "vietqr", "make", *words) == (0, {"payload": text})
    code, said = counter("vietqr", "read", text)
    assert (code, said["kind"], said["bin"], said["amount"], said["crc_ok"]) == (0, "vietqr", "970436", 180_000, True)


def test_the_command_refuses_what_vietqr_cannot_hold() -> None:
    code, said = counter("vietqr", "make", "--bin", "97", "--account", "1")
    assert (code, said["refused"]) == (2, "NotForVietQr")
