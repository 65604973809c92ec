"""Old encodings: every Vietnamese letter comes back, nothing is chosen silently, big files pass in pieces."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter.legacy import (
    MAX_LINE,
    TCVN3_TABLE,
    VNI_TABLE,
    Encoding,
    EncodingUnclear,
    Guess,
    LineTooLong,
    NotText,
    Sniffer,
    UnknownEncoding,
    decode,
    decode_lines,
    encoding_called,
    settled,
)
from counter.text import VIETNAMESE, VIETNAMESE_LOWER

ROWS = """mã,họ tên,địa chỉ
PE01,Nguyễn Thị Hồng Nhung,"thôn Đông, xã Hòa Bình"
PE02,Trần Văn Được,"phường Gia Cẩm, thành phố Việt Trì"
PE03,Lê Quỳnh Hương,"khu phố Ngọc Hà, thị trấn Phố Lu"
PE04,Đỗ Mạnh Cường,"ấp Mỹ Thuận, xã Tân Hưng"
"""
TONES_1258 = "\u0300\u0309\u0303\u0301\u0323"


def sniff(data: bytes, *, file: str = "") -> Guess:
    """What the sniffer makes of a file that comes in one piece."""
    sniffer = Sniffer(file=file)
    sniffer.feed(data)
    return sniffer.guess()


def in_cp1258(text: str) -> bytes:
    """As Windows writes it: the letter with its hat or horn, then the tone."""
    out = b""
    for c in text:
        parts = unicodedata.normalize("NFD", c)
        tone = "".join(p for p in parts if p in TONES_1258)
        out += (unicodedata.normalize("NFC", "".join(p for p in parts if p not in TONES_1258)) + tone).encode("cp1258")
    return out


def in_tcvn3(text: str) -> bytes:
    """As the ABC keyboards wrote it: capitals with a tone only as the small letter."""
    known = {c: b for b, c in enumerate(TCVN3_TABLE) if b < 0x80 or b > 0xA0}
    return bytes(known[c] if c in known else known[c.lower()] for c in text)


def in_vni(text: str) -> bytes:
    """Capital marks after capitals, small ones after small letters."""
    known: dict[str, str] = {}
    for written, letter in VNI_TABLE.items():
        if len(written) == 1 or written[0].isupper() == written[1].isupper():
            known[letter] = written
    return "".join(known.get(c, c) for c in text).encode("cp1252")


ENCODERS = {
    Encoding.UTF8: lambda t: t.encode(),
    Encoding.UTF16: lambda t: t.encode("utf-16"),
    Encoding.CP1258: in_cp1258,
    Encoding.TCVN3: in_tcvn3,
    Encoding.VNI: in_vni,
}


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


# --- the tables ---


@pytest.mark.parametrize("encoding", [e for e in Encoding if e is not Encoding.TCVN3])
def test_all_134_letters_come_back(encoding: Encoding) -> None:
    assert len(set(VIETNAMESE)) == 134
    for letter in VIETNAMESE:
        assert decode(ENCODERS[encoding](letter), encoding) == letter
    assert decode(ENCODERS[encoding](VIETNAMESE), encoding) == VIETNAMESE


def test_tcvn3_has_every_small_letter_and_seven_capitals() -> None:
    assert decode(in_tcvn3(VIETNAMESE_LOWER), Encoding.TCVN3) == VIETNAMESE_LOWER
    assert decode(in_tcvn3("ĂÂÊÔƠƯĐ"), Encoding.TCVN3) == "ĂÂÊÔƠƯĐ"
    assert len([c for c in VIETNAMESE if c in TCVN3_TABLE]) == 67 + 7


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        ("B¶o Th¾ng", Encoding.TCVN3, "Bảo Thắng"),
        ("B¸t X¸t", Encoding.TCVN3, "Bát Xát"),
        ("M\xadêng Kh\xad¬ng", Encoding.TCVN3, "Mường Khương"),
        ("B¸o c¸o tµi chÝnh", Encoding.TCVN3, "Báo cáo tài chính"),
        ("Xin chaøo caùc baïn", Encoding.VNI, "Xin chào các bạn"),
        ("Nguyeãn Vaên Ñöôïc", Encoding.VNI, "Nguyễn Văn Được"),
        ("COÄNG HOØA XAÕ HOÄI", Encoding.VNI, "CỘNG HÒA XÃ HỘI"),
    ],
)
def test_text_from_real_programs_is_read(data: str, encoding: Encoding, text: str) -> None:
    assert decode(data.encode("cp1252"), encoding) == text


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("NGUYễN VĂN Hà", "NGUYỄN VĂN HÀ"),
        ("PE01,TRầN THị Lý,12", "PE01,TRẦN THỊ LÝ,12"),
        ("PE01,Lý Hà,12", "PE01,Lý Hà,12"),
        ("TRầN THị Lý,xã Hà", "TRẦN THỊ LÝ,xã Hà"),
        ("ánh", "ánh"),
        ("CTY Hà Nam", "CTY Hà Nam"),
    ],
)
def test_tcvn3_capitals_are_raised_only_where_the_field_is_in_capitals(stored: str, read: str) -> None:
    assert decode(in_tcvn3(stored), Encoding.TCVN3) == read


def test_bytes_without_a_meaning_are_marked_not_dropped() -> None:
    assert decode(b"a\xafb", Encoding.TCVN3) == "a\ufffdb"
    assert decode("où ù".encode("cp1252"), Encoding.VNI) == "ó \ufffd"
    assert decode(b"a\x8ab", Encoding.CP1258) == "a\ufffdb"
    assert decode(b"Nguy\xe1\xbb,1", Encoding.UTF8) == "Nguy\ufffd,1"


# --- pieces ---


@settings(max_examples=40, deadline=None)
@given(
    st.text(alphabet=VIETNAMESE_LOWER + "abc ,\n", max_size=80),
    st.sampled_from(list(Encoding)),
    st.integers(min_value=1, max_value=7),
)
def test_a_file_in_pieces_reads_as_the_whole_file(text: str, encoding: Encoding, size: int) -> None:
    data = ENCODERS[encoding](text)
    lines = list(decode_lines(pieces(data, size), encoding))
    assert "".join(lines) == decode(data, encoding) == text
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in lines[:-1])


@pytest.mark.parametrize("encoding", list(Encoding))
def test_a_table_in_any_encoding_is_the_same_table(encoding: Encoding) -> None:
    wanted = list(csv.reader(ROWS.splitlines(keepends=True)))
    assert list(csv.reader(decode_lines(pieces(ENCODERS[encoding](ROWS), 11), encoding))) == wanted


def test_only_a_line_feed_ends_a_line() -> None:
    data = "a\x0bb\x85c\u2028d\r\ne".encode()
    assert list(decode_lines([data], Encoding.UTF8)) == ["a\x0bb\x85c\u2028d\r\n", "e"]


def test_a_byte_order_mark_is_no_part_of_the_first_field() -> None:
    assert decode(b"\xef\xbb\xbfm\xc3\xa3", Encoding.UTF8) == "mã"
    assert decode("mã".encode("utf-16"), Encoding.UTF16) == "mã"
    assert decode(b"\xfe\xff" + "mã".encode("utf-16-be"), Encoding.UTF16) == "mã"


def test_utf16_without_its_mark_is_read_as_windows_writes_it_where_a_person_says_so() -> None:
    assert decode("mã".encode("utf-16-le"), Encoding.UTF16) == "mã"


def test_a_line_that_never_ends_is_refused() -> None:
    with pytest.raises(LineTooLong) as refused:
        list(decode_lines((b"\n" if i == 0 else b"x" * MAX_LINE for i in range(3)), Encoding.UTF8))
    assert refused.value.facts["line"] == 2


# --- finding out ---


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"", Encoding.UTF8),
        (b"PE01,150000\n", Encoding.UTF8),
        (ROWS.encode(), Encoding.UTF8),
        (ROWS.encode("utf-8-sig"), Encoding.UTF8),
        (unicodedata.normalize("NFD", ROWS).encode(), Encoding.UTF8),
        (ROWS.encode("utf-16"), Encoding.UTF16),
        (b"\xfe\xff" + ROWS.encode("utf-16-be"), Encoding.UTF16),
    ],
)
def test_what_the_bytes_prove_is_sure(data: bytes, encoding: Encoding) -> None:
    guess = sniff(data)
    assert guess.sure
    assert settled(guess, file="no.csv") is encoding


@pytest.mark.parametrize("encoding", [Encoding.CP1258, Encoding.TCVN3, Encoding.VNI])
@pytest.mark.parametrize("size", [1_000_000, 64])
def test_a_legacy_encoding_is_named_likeliest_but_never_chosen(encoding: Encoding, size: int) -> None:
    sniffer = Sniffer(file="no.csv")
    for piece in pieces(ENCODERS[encoding](ROWS), size):
        sniffer.feed(piece)
    guess = sniffer.guess()
    assert (guess.encoding, guess.sure) == (encoding, False)
    with pytest.raises(EncodingUnclear) as refused:
        settled(guess, file="no.csv")
    assert "no.csv" in refused.value.why_text()
    assert str(encoding) in refused.value.why_text()
    assert f"--encoding {encoding}" in refused.value.todo_text()


@pytest.mark.parametrize("encoding", [Encoding.CP1258, Encoding.TCVN3, Encoding.VNI])
def test_every_single_name_is_recognised_as_likeliest(encoding: Encoding) -> None:
    for name in ("Nguyễn Thị Hồng Nhung", "Trần Văn Được", "Đỗ Mạnh Cường", "Lê Quỳnh Hương"):
        assert sniff(ENCODERS[encoding](name)).encoding is encoding, name


def test_utf8_with_one_letter_cut_in_half_is_unclear_and_utf8_likeliest() -> None:
    guess = sniff(ROWS.encode() + b"PE05,Nguy\xe1\xbb\n" + ROWS.encode())
    assert (guess.encoding, guess.sure) == (Encoding.UTF8, False)
    assert not sniff("Nguyễ".encode()[:-1]).sure


def test_vietnamese_far_behind_plain_letters_is_still_found() -> None:
    sniffer = Sniffer()
    for _ in range(40):
        sniffer.feed(b"PE01,150000\n" * 2_000)
    sniffer.feed(in_tcvn3("PE02,Nguyễn Văn Được\n"))
    assert sniffer.guess().encoding is Encoding.TCVN3


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04\0\0", b"a\0b", "mã".encode("utf-16-le"), "a".encode("utf-32"), b"\xef\xbb\xbfa\0"]
)
def test_bytes_that_no_text_has_are_refused(data: bytes) -> None:
    with pytest.raises(NotText) as refused:
        sniff(data, file="x.bin")
    assert "x.bin" in str(refused.value)


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_guessed_or_refused_and_decoded_without_an_error(data: bytes) -> None:
    for encoding in Encoding:
        decode(data, encoding)
    try:
        sniff(data)
    except NotText:
        return


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("utf8", Encoding.UTF8),
        ("UTF-8", Encoding.UTF8),
        ("ABC", Encoding.TCVN3),
        ("tcvn3", Encoding.TCVN3),
        ("VNI-Win", Encoding.VNI),
        ("vni", Encoding.VNI),
        ("Windows-1258", Encoding.CP1258),
        ("utf-16", Encoding.UTF16),
    ],
)
def test_an_encoding_goes_by_the_names_people_use(name: str, encoding: Encoding) -> None:
    assert encoding_called(name) is encoding


@pytest.mark.parametrize("name", ["", "latin-1", "viqr", "\x1b[2J"])
def test_other_names_are_refused_with_the_list(name: str) -> None:
    with pytest.raises(UnknownEncoding) as refused:
        encoding_called(name)
    assert "tcvn3" in refused.value.todo_text()
    assert "\x1b" not in str(refused.value)


def test_a_line_of_a_million_letters_costs_one_look_at_it() -> None:
    """It was sought for a foreign letter from each of its places on: minutes for a megabyte."""
    sniffer = Sniffer(file="names.csv")
    for piece in ("A" * 1_000_000 + "\n", "Nguyễn Văn A\n"):
        sniffer.feed(piece.encode())
    sniffer.feed(("B" * 1_000_000 + "\nTrần Thị B\n").encode())
    assert sniffer.guess().encoding is Encoding.UTF8
