"""What providers send is proven as their documents say, and read strictly: their own samples, and whatever was changed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit import MONDAY
from providers import (
    CHECKSUM,
    SECRET,
    casso_body,
    casso_headers,
    casso_row,
    payos_body,
    sepay_body,
    sepay_headers,
    sepay_row,
)

from counter.cashless.feeds import Casso, Heard, NoMoney, PayOs, SePay, SePayKey, Told, Unproven, Unreadable
from counter.cashless.feeds.lists import CassoList, ListUnreadable, SePayList

PAYOS_SAMPLE = {
    "code": "00",
    "desc": "success",
    "success": True,
    "data": {
        "orderCode": 123,
        "amount": 3000,
        "description": "VQRIO123",
        "accountNumber": "12345678",
        "reference": "TF230204212323",
        "transactionDateTime": "2023-02-04 18:25:00",
        "currency": "VND",
        "paymentLinkId": "124c33293c43417ab7879e14c8d9eb18",
        "code": "00",
        "desc": "Thành công",
        "counterAccountBankId": "",
        "counterAccountBankName": "",
        "counterAccountName": "",
        "counterAccountNumber": "",
        "virtualAccountName": "",
        "virtualAccountNumber": "",
    },
    "signature": "412e915d2871504ed31be63c8f62a149a4410d34c4c42affc9006ef9917eaa03",
}
CASSO_SAMPLE = {
    "error": 0,
    "data": {
        "id": 0,
        "reference": "MA_GIAO_DICH_THU_NGHIEM",
        "description": "giao dich thu nghiem",
        "amount": 599000,
        "runningBalance": 25000000,
        "transactionDateTime": "2024-10-03 15:06:37",
        "accountNumber": "88888888",
        "bankName": "VPBank",
        "bankAbbreviation": "VPB",
        "virtualAccountNumber": "",
        "virtualAccountName": "",
        "counterAccountName": "NGUYEN VAN A",
        "counterAccountNumber": "8888888888",
        "counterAccountBankId": "970415",
        "counterAccountBankName": "VietinBank",
    },
}
CASSO_KEY = "mgExMrjj4i7a1p8Cs6LmFbpCd8lbw4sSX4LZXPag7TKazeIogtR90tvWYTkwQbvs"
CASSO_SIGNED = (
    "t=1727948258788,v1=ed0a4bd2e826d5cb69988cdb141e6c1a080e21f3b57eb72cd78192220042b9e7"
    "dde0868fc667faea8e224900fa7904e7c88dfa098032fb2d6b6996856e8b7ff3"
)
NOW = MONDAY.timestamp()


def payos(body: bytes) -> Heard:
    return PayOs(CHECKSUM).hear(headers={}, body=body, now=MONDAY)


def sepay(body: bytes, *, at: float = NOW, secret: str = SECRET) -> Heard:
    headers = {name.lower(): text for name, text in sepay_headers(body, at=at, secret=secret).items()}
    return SePay(SECRET).hear(headers=headers, body=body, now=MONDAY)


def casso(body: bytes, *, secret: str = SECRET) -> Heard:
    headers = {name.lower(): text for name, text in casso_headers(body, at=NOW, secret=secret).items()}
    return Casso(SECRET).hear(headers=headers, body=body, now=MONDAY)


# --- the documents' own samples -----------------------------------------------------------------------------------------


def test_w1_the_sample_of_payos_is_proven_and_read() -> None:
    told = payos(json.dumps(PAYOS_SAMPLE).encode())
    assert isinstance(told, Told)
    assert (told.external_id, told.account, told.amount, told.memo) == ("TF230204212323", "12345678", 3000, "VQRIO123")
    assert told.occurred_at.isoformat() == "2023-02-04T18:25:00+07:00"


def test_the_sample_of_casso_is_proven_and_read() -> None:
    headers = {"x-casso-signature": CASSO_SIGNED}
    told = Casso(CASSO_KEY).hear(headers=headers, body=json.dumps(CASSO_SAMPLE).encode(), now=MONDAY)
    assert isinstance(told, Told)
    assert (told.external_id, told.account, told.amount, told.counterparty) == ("0", "88888888", 599000, "NGUYEN VAN A")


# --- what was changed on the way ----------------------------------------------------------------------------------------


def test_w2_one_digit_changed_proves_nothing() -> None:
    body = json.dumps(PAYOS_SAMPLE).encode().replace(b"3000", b"3001")
    with pytest.raises(Unproven):
        payos(body)


@given(place=st.integers(0, 10_000), byte=st.integers(1, 255))
def test_any_changed_byte_of_a_signed_body_proves_nothing(place: int, byte: int) -> None:
    body = sepay_body(7, "TD1234567890", 180_000)
    headers = {name.lower(): text for name, text in sepay_headers(body, at=NOW).items()}
    at = place % len(body)
    changed = body[:at] + bytes([body[at] ^ byte]) + body[at + 1 :]
    with pytest.raises(Unproven):
        SePay(SECRET).hear(headers=headers, body=changed, now=MONDAY)


def test_w4_a_missing_signature_proves_nothing() -> None:
    body = sepay_body(7, "x", 1)
    for provider in (SePay(SECRET), SePayKey(SECRET), Casso(SECRET), PayOs(CHECKSUM)):
        with pytest.raises(Unproven):
            provider.hear(headers={}, body=body, now=MONDAY)


@pytest.mark.parametrize("late", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
def test_a_message_of_sepay_older_or_newer_than_five_minutes_proves_nothing(late: timedelta) -> None:
    body = sepay_body(7, "x", 1)
    assert isinstance(sepay(body, at=NOW - 299), Told)
    with pytest.raises(Unproven):
        sepay(body, at=NOW - late.total_seconds())


def test_another_secret_proves_nothing() -> None:
    for act in (
        lambda: sepay(sepay_body(1, "x", 1), secret="another secret"),
        lambda: casso(casso_body(1, "x", 1), secret="another secret"),
        lambda: payos(payos_body("1", "x", 1, checksum="another secret")),
    ):
        with pytest.raises(Unproven):
            act()


def test_a_key_in_the_header_is_the_whole_key() -> None:
    body = sepay_body(7, "x", 1)
    assert isinstance(SePayKey("abc").hear(headers={"authorization": "Apikey abc"}, body=body, now=MONDAY), Told)
    for wrong in ("Apikey ab", "Apikey abcd", "abc", "apikey abc", ""):
        with pytest.raises(Unproven):
            SePayKey("abc").hear(headers={"authorization": wrong}, body=body, now=MONDAY)


# --- W6 to W19 ----------------------------------------------------------------------------------------------------------


def test_w6_the_order_of_the_fields_does_not_matter() -> None:
    data = dict(reversed(PAYOS_SAMPLE["data"].items()))  # type: ignore[attr-defined]
    assert payos(json.dumps(PAYOS_SAMPLE | {"data": data}).encode()) == payos(json.dumps(PAYOS_SAMPLE).encode())


def test_w7_a_signed_field_more_is_a_case_and_an_unsigned_one_proves_nothing() -> None:
    assert isinstance(payos(payos_body("1", "x", 1, counterAccountBankName="y")), Told)
    assert isinstance(payos(payos_body("1", "x", 1, somethingNew="y")), Unreadable)
    held = json.loads(payos_body("1", "x", 1))
    held["data"]["more"] = "y"
    with pytest.raises(Unproven):
        payos(json.dumps(held).encode())


def test_w8_nothing_and_an_empty_text_are_one_to_payos() -> None:
    body = payos_body("1", "x", 1)
    assert b"null" in body
    assert isinstance(payos(body), Told) and isinstance(payos(body.replace(b"null", b'""')), Told)


@pytest.mark.parametrize("memo", ["A&orderCode=999&amount=1", "A& reference = 9", "A&b=c"])
def test_w9_a_field_inside_a_text_is_a_case(memo: str) -> None:
    assert isinstance(payos(payos_body("1", memo, 5_000)), Unreadable)


def test_w9_an_ampersand_alone_is_text() -> None:
    told = payos(payos_body("1", "A & 9B = tien dien", 5_000))
    assert isinstance(told, Told) and told.memo == "A & 9B = tien dien"


def test_one_signature_pays_once_however_its_fields_are_cut() -> None:
    """The memo of a transfer is its payer's: a reference in it must not become the payment's under the same signature."""
    held = json.loads(
        payos_body("FT1", "x&reference=FAKE-9&transactionDateTime=2026-11-23 09:00:00&virtualAccountName=", 5_000)
    )
    data, sink = held["data"], "&orderCode=123&paymentLinkId=124c33293c43417ab7879e14c8d9eb18&reference=FT1"
    moved = {
        key: value
        for key, value in data.items()
        if key not in ("orderCode", "paymentLinkId", "transactionDateTime", "virtualAccountNumber")
    }
    moved |= {"description": "x", "reference": "FAKE-9", "transactionDateTime": "2026-11-23 09:00:00"}
    moved["virtualAccountName"] = f"{sink}&transactionDateTime=2026-11-23 08:00:05&virtualAccountNumber="
    assert isinstance(payos(json.dumps(held | {"data": moved}).encode()), Unreadable)


def test_payos_says_that_it_succeeded() -> None:
    """`success` is not signed: only true itself is one."""
    held = json.loads(payos_body("1", "x", 1))
    for said in (False, "true", 1, None):
        assert isinstance(payos(json.dumps(held | {"success": said}).encode()), NoMoney)


@pytest.mark.parametrize("amount", ["3000", 3000.5, 1e3, True, None, [1], -1, 0, 10**14])
def test_w17_an_amount_that_is_no_whole_number_is_kept_and_credits_nothing(amount: object) -> None:
    heard = [sepay(sepay_body(7, "x", amount))]
    if not isinstance(amount, float | bool | list):  # what Python and JavaScript write alike
        heard.append(payos(payos_body("1", "x", amount)))
    assert all(isinstance(one, Unreadable) for one in heard)


def test_w19_another_currency_is_kept_and_credits_nothing() -> None:
    assert payos(payos_body("1", "x", 1, currency="USD")).why == "currency"  # type: ignore[union-attr]


def test_a_failed_payment_is_no_money() -> None:
    assert isinstance(payos(payos_body("1", "x", 1, code="01")), NoMoney)
    assert isinstance(casso(casso_body(1, "x", 0)), NoMoney)


def test_money_that_leaves_is_told_as_leaving() -> None:
    for told in (sepay(sepay_body(7, "x", 5, transferType="out")), casso(casso_body(7, "x", -5))):
        assert isinstance(told, Told) and (told.is_out, told.amount) == (True, 5)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"id":1,"id":2}',
        b'{"id":NaN}',
        b"[" * 100_000,
        b'{"id":' + b"9" * 5_000 + b"}",
        b'{"id":"\\ud800"}',
    ],
    ids=["empty", "list", "cut", "no UTF-8", "twice", "NaN", "deep", "long number", "surrogate"],
)
def test_a_proven_message_that_cannot_be_read_is_kept(body: bytes) -> None:
    assert isinstance(sepay(body), Unreadable)


def test_a_name_that_stands_twice_is_not_read_as_either() -> None:
    body = sepay_body(7, "x", 1_000).replace(b'"transferAmount": 1000', b'"transferAmount": 1, "transferAmount": 1000')
    assert isinstance(sepay(body), Unreadable)


@given(st.binary(max_size=300))
def test_whatever_comes_without_proof_is_turned_away(body: bytes) -> None:
    for provider in (SePay(SECRET), Casso(SECRET), PayOs(CHECKSUM)):
        headers = {"x-sepay-timestamp": "1", "x-sepay-signature": "sha256=0", "x-casso-signature": "t=1,v1=" + "0" * 128}
        with pytest.raises(Unproven):
            provider.hear(headers=headers, body=body, now=MONDAY)


def test_secrets_are_in_no_text_of_their_holders() -> None:
    for holder in (SePay(SECRET), SePayKey(SECRET), PayOs(SECRET), Casso(SECRET), SePayList(SECRET), CassoList(SECRET)):
        assert SECRET not in repr(holder) + str(holder)


# --- lists --------------------------------------------------------------------------------------------------------------


def test_a_list_of_sepay_tells_what_its_webhook_tells() -> None:
    webhook, (row,) = (
        sepay(sepay_body(7, "TD x", 180_000)),
        SePayList("t").read(json.dumps({"transactions": [sepay_row(7, "TD x", 180_000)]}).encode(), page=0).heard,
    )
    assert row == webhook


def test_a_row_that_cannot_be_read_hides_no_other() -> None:
    rows = [{"id": "x"}, 5, sepay_row(1, "a", 1) | {"amount_in": "1,5"}, sepay_row(2, "b", 2)]
    found = SePayList("t").read(json.dumps({"transactions": rows}).encode(), page=0).heard
    assert [type(one) for one in found] == [Unreadable, Unreadable, Unreadable, Told]
    (out,) = CassoList("t").read(json.dumps({"data": {"records": [casso_row(1, "a", -5)]}}).encode(), page=0).heard
    assert isinstance(out, Told) and out.is_out


@pytest.mark.parametrize("body", [b"", b"[]", b'{"transactions":5}', b'{"data":5}', b"<html>"])
def test_an_answer_that_is_no_list_is_said(body: bytes) -> None:
    for listing in (SePayList("t"), CassoList("t")):
        with pytest.raises(ListUnreadable):
            listing.read(body, page=0)
