"""Files that a user names and workbooks that lie: rows FP1–FP13 and Z1–Z7 of the bad-input corpus."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter.errors import Refused
from counter.files import (
    PIECE,
    FileChanged,
    FileIsALink,
    FileNotAllowed,
    FileTooBig,
    NoSuchFile,
    NotAFileName,
    NotARegularFile,
    NotASpreadsheet,
    SpreadsheetLocked,
    SpreadsheetTooBig,
    SpreadsheetUnsafe,
    XlsxCaps,
    check_xlsx,
    opened,
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "nợ tháng 3.csv"
    path.write_bytes(b"PE01,150000\n" * 100_000)
    return path


def refusal_of(path: str | Path) -> Refused:
    with pytest.raises(Refused) as refused, opened(path):
        pytest.fail("it was opened")
    assert "\x1b" not in refused.value.why_text() + refused.value.todo_text()
    return refused.value


# --- opening ---


def test_a_file_is_read_in_pieces_and_hashed_as_it_is_read(table: Path) -> None:
    with opened(table) as file:
        assert file.sha256 == ""
        data = b"".join(file.pieces())
        assert data == table.read_bytes()
        assert file.sha256 == hashlib.sha256(data).hexdigest()
        assert (file.name, file.size) == ("nợ tháng 3.csv", len(data))
        assert file.whole() == data
        assert file.starts_with(b"PE01")
        assert all(len(piece) <= PIECE for piece in file.pieces())


def test_a_file_named_by_a_relative_path_or_below_a_linked_folder_is_read(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "folder").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path / "inner")
    for name in (f"../{table.name}", f"../folder/{table.name}", f"./../inner/../{table.name}"):
        with opened(name) as file:
            assert file.whole().startswith(b"PE01")


@pytest.mark.parametrize(
    "name",
    [
        *("file:///etc/hostname", "http://x/y.csv", "a\x00.csv", "CON", "nul.csv", "folder/com1.txt", "LPT9"),
        *("x.csv.", "x.csv ", "", "  ", "x" * 4_096, "a/" * 2_048 + "b", "\x1b[2J\x00", "a\ud800.csv"),
    ],
)
def test_what_names_no_file_is_refused_before_the_disk_is_asked(name: str) -> None:
    assert isinstance(refusal_of(name), NotAFileName)


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/null", "/dev/tty", "/", ".", "..", "/etc"])
def test_folders_and_devices_are_refused(name: str) -> None:
    assert isinstance(refusal_of(name), NotARegularFile)


def test_a_device_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a tape or a modem already does something."""
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened"))
    assert isinstance(refusal_of("/dev/zero"), NotARegularFile)


def test_a_link_is_refused_wherever_it_leads(table: Path, tmp_path: Path) -> None:
    for target in ("/etc", "/dev/zero", str(table), str(tmp_path / "nowhere")):
        link = tmp_path / f"link-{Path(target).name}.csv"
        link.symlink_to(target)
        assert isinstance(refusal_of(link), FileIsALink)


def test_a_link_that_takes_the_files_place_after_the_first_look_is_refused_too(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")
    really = os.open

    def swap_then_open(path: str, flags: int) -> int:
        table.unlink()
        (tmp_path / "link").rename(table)
        return really(path, flags)

    monkeypatch.setattr(os, "open", swap_then_open)
    assert isinstance(refusal_of(table), FileIsALink)


def test_a_pipe_is_refused_and_nobody_waits_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert isinstance(refusal_of(tmp_path / "pipe.csv"), NotARegularFile)


def test_a_pipe_that_takes_the_files_place_after_the_first_look_is_refused_too(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race itself: the name is swapped between the look and the open; only the open descriptor tells the truth."""
    os.mkfifo(tmp_path / "pipe")
    really = os.open

    def swap_then_open(path: str, flags: int) -> int:
        table.unlink()
        (tmp_path / "pipe").rename(table)
        return really(path, flags)

    monkeypatch.setattr(os, "open", swap_then_open)
    assert isinstance(refusal_of(table), NotARegularFile)


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path has to be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s.csv")
        assert isinstance(refusal_of("s.csv"), NotARegularFile)


def test_a_missing_file_a_loop_of_links_and_a_file_used_as_a_folder_are_refused(table: Path, tmp_path: Path) -> None:
    assert isinstance(refusal_of(tmp_path / "none.csv"), NoSuchFile)
    assert isinstance(refusal_of(table / "x.csv"), NoSuchFile)
    assert isinstance(refusal_of(tmp_path / ("x" * 300)), NotAFileName)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "loop" in str(refusal_of(tmp_path / "loop"))


def test_a_file_of_somebody_else_is_refused(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: str, flags: int) -> int:  # the tests may run as a user to whom nothing is denied
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "open", denied)
    assert isinstance(refusal_of(table), FileNotAllowed)


def test_a_file_over_the_cap_is_refused_before_it_is_read(table: Path) -> None:
    with pytest.raises(FileTooBig), opened(table, cap=1_000):
        pytest.fail("it was opened")


def test_a_file_that_grows_over_the_cap_while_it_is_read_is_refused(table: Path) -> None:
    with opened(table, cap=table.stat().st_size) as file:
        with table.open("ab") as more:
            more.write(b"x")
        with pytest.raises(FileTooBig):
            list(file.pieces())


def test_the_bytes_hashed_are_the_bytes_parsed_after_the_name_was_swapped(table: Path, tmp_path: Path) -> None:
    before = table.read_bytes()
    other = tmp_path / "other"
    other.write_bytes(b"PE01,1\n")
    with opened(table) as file:
        first = file.whole()
        other.replace(table)
        assert file.whole() == first == before
        assert file.sha256 == hashlib.sha256(before).hexdigest()


def test_a_file_that_is_written_to_between_two_readings_is_refused(table: Path) -> None:
    with opened(table) as file:
        list(file.pieces())
        with table.open("r+b") as writer:
            writer.write(b"PE99")
        with pytest.raises(FileChanged):
            list(file.pieces())


def test_a_reading_that_was_broken_off_does_not_count(table: Path) -> None:
    with opened(table) as file:
        next(file.pieces())
        assert file.sha256 == ""


def test_no_descriptor_is_left_open(table: Path, tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with opened(table) as file:
            list(file.pieces())
        with pytest.raises(FileTooBig), opened(table, cap=1):
            pytest.fail("it was opened")
        refusal_of(tmp_path)
    assert len(os.listdir("/proc/self/fd")) == before


# --- workbooks ---

TYPES = "[Content_Types].xml"


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for i in range(300):
        sheet.append([f"PE{i:06}", "Nguyễn Văn An", 150_000 + i])
    sheet["A1"].hyperlink = "https://example.com/"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(members: dict[str, bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in ({TYPES: b"<Types/>"} | members).items():
            archive.writestr(name, data)
    return out.getvalue()


def test_an_ordinary_workbook_passes_even_with_a_web_link_in_a_cell() -> None:
    check_xlsx(workbook(), file="no.xlsx")
    check_xlsx(packed({"xl/workbook.xml": b"<x/>"}, how=zipfile.ZIP_STORED), file="no.xlsx")


def test_a_workbook_that_unpacks_to_far_more_than_its_size_is_refused() -> None:
    data = packed({"xl/worksheets/sheet1.xml": b"0" * 5_000_000})
    with pytest.raises(SpreadsheetTooBig, match="100:1"):
        check_xlsx(data, file="no.xlsx")
    with pytest.raises(SpreadsheetTooBig, match="4 MB"):
        check_xlsx(data, file="no.xlsx", caps=XlsxCaps(ratio=10_000, total=4_000_000))


def test_a_workbook_of_too_many_parts_is_refused() -> None:
    with pytest.raises(SpreadsheetTooBig, match="200"):
        check_xlsx(packed({f"xl/{i}.xml": b"" for i in range(200)}), file="no.xlsx")
    check_xlsx(packed({f"xl/{i}.xml": b"" for i in range(199)}), file="no.xlsx")


def lying(data: bytes, *, size: int, crc: int) -> bytes:
    """The same archive, whose directory declares another size and checksum for its last member."""
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 16] + struct.pack("<I", crc) + data[at + 20 : at + 24] + struct.pack("<I", size) + data[at + 28 :]


def test_a_directory_that_lies_about_a_size_is_not_believed() -> None:
    content = os.urandom(1_000) * 500
    honest = packed({"xl/worksheets/sheet1.xml": content})
    check_xlsx(honest, file="no.xlsx", caps=XlsxCaps(ratio=10_000))
    for size in (0, 1_000, len(content) + 1, 10_000_000):
        forged = lying(honest, size=size, crc=zlib.crc32(content[:size]))  # the checksum of what zipfile would hand out
        with pytest.raises(NotASpreadsheet):
            check_xlsx(forged, file="no.xlsx", caps=XlsxCaps(ratio=10_000_000))
    with pytest.raises(NotASpreadsheet):
        check_xlsx(lying(honest, size=len(content), crc=1), file="no.xlsx", caps=XlsxCaps(ratio=10_000))


def test_unpacking_stops_where_the_declared_size_ends() -> None:
    rels = b" " * PIECE + b"/externalLink"
    forged = lying(packed({"xl/_rels/workbook.xml.rels": rels}), size=10, crc=0)
    with pytest.raises(NotASpreadsheet):  # the link behind the end is never reached
        check_xlsx(forged, file="no.xlsx")


@pytest.mark.parametrize(
    "name",
    ["../../evil.py", "/etc/cron.d/x", "..\\..\\evil.py", "C:\\x", "C:x", "xl/../../x", "x" * 300, "xl/\x1b[2J.xml"],
)
def test_a_member_whose_name_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(SpreadsheetUnsafe) as refused:
        check_xlsx(packed({name: b"x"}), file="no.xlsx")
    assert "\x1b" not in str(refused.value)


def test_a_workbook_with_a_packed_file_inside_is_refused() -> None:
    inner = packed({"a": b"b"})
    for name in ("xl/embeddings/a.zip", "xl/worksheets/sheet1.xml"):
        with pytest.raises(SpreadsheetUnsafe):
            check_xlsx(packed({name: inner}), file="no.xlsx")
    with pytest.raises(SpreadsheetUnsafe):
        check_xlsx(packed({"xl/embeddings/o.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}), file="no.xlsx")


def test_an_encrypted_workbook_is_refused_in_both_its_shapes() -> None:
    data = bytearray(packed({"xl/workbook.xml": b"<x/>"}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(SpreadsheetLocked):
        check_xlsx(bytes(data), file="no.xlsx")
    with pytest.raises(SpreadsheetLocked):
        check_xlsx(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), file="no.xlsx")


@pytest.mark.parametrize(
    "members",
    [
        {"xl/vbaProject.bin": b"x"},
        {"xl/VBAPROJECT.BIN": b"x"},
        {TYPES: b"<Types><Override ContentType='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/></Types>"},
        {"xl/externalLinks/externalLink1.xml": b"<x/>"},
        {"xl/_rels/workbook.xml.rels": b"<Relationship Type='http://x/relationships/externalLink' Target='a'/>"},
        {"xl/_rels/workbook.xml.rels": b" " * (PIECE - 5) + b"/externalLinkPath"},
    ],
)
def test_macros_and_links_to_other_workbooks_are_refused(members: dict[str, bytes]) -> None:
    with pytest.raises(SpreadsheetUnsafe):
        check_xlsx(packed(members), file="no.xlsx")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PE01,150000\n", workbook()[:-30], workbook()[:2_000]])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(NotASpreadsheet):
        check_xlsx(data, file="no.xlsx")


def test_a_zip_without_a_workbook_in_it_or_with_a_name_twice_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(NotASpreadsheet):
        check_xlsx(out.getvalue(), file="no.xlsx")
    with pytest.raises(NotASpreadsheet):
        check_xlsx(packed({"xl/A.xml": b"", "xl/a.xml": b""}), file="no.xlsx")


def test_another_way_of_packing_is_refused() -> None:
    with pytest.raises(NotASpreadsheet):
        check_xlsx(packed({"xl/workbook.xml": b"x" * 100}, how=zipfile.ZIP_LZMA), file="no.xlsx")
    mislabelled = bytearray(packed({"xl/workbook.xml": b"x" * 100}))
    mislabelled[mislabelled.rindex(b"PK\x01\x02") + 10] = zipfile.ZIP_LZMA
    with pytest.raises(NotASpreadsheet):
        check_xlsx(bytes(mislabelled), file="no.xlsx")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_workbook_passes_or_is_refused_and_never_breaks_anything(data: st.DataObject) -> None:
    book = bytearray(packed({"xl/workbook.xml": b"<workbook/>" * 20, "xl/_rels/workbook.xml.rels": b"<r/>"}))
    for _ in range(data.draw(st.integers(1, 4))):
        book[data.draw(st.integers(0, len(book) - 1))] = data.draw(st.integers(0, 255))
    try:
        check_xlsx(bytes(book), file="no.xlsx")
    except Refused as refused:
        assert "no.xlsx" in refused.why_text()


def test_a_workbook_with_a_cell_far_from_its_table_is_refused() -> None:
    cells = b'<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>'
    far = b"<worksheet><sheetData><row>" + cells + b"</row></sheetData></worksheet>"
    with pytest.raises(SpreadsheetTooBig, match="XFD1048576"):
        check_xlsx(packed({"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": far}), file="far.xlsx")
