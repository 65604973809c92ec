"""Opening a file that a user named: one descriptor, checked after it is open, hashed as it is read.

Any regular file the user may read is fine, wherever it lies; what hangs, never ends, is no file, or changes while it is
read is refused. XLSX files pass `check_xlsx` before any library sees them. Source: the bad-input corpus, FP1–FP13, Z1–Z7.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from counter.errors import BadInput
from counter.locale import N_, _
from counter.sheet_span import SheetSpan
from counter.text import safe_text

PIECE: Final = 256 * 1024
"""Bytes read at a time."""
MAX_FILE: Final = 512 * 1024 * 1024
"""Bytes of one file where the caller names no cap: a million bills are about 150 MB of CSV."""

# --- refusals --------------------------------------------------------------------------------------------------------


class NotAFileName(BadInput):
    """Text that names no file on any system we run on."""

    why = N_("“{file}” is not the name of a file.")
    todo = N_("Type the path of a CSV or XLSX file, for example /home/quay/no-thang-3.csv.")


class NoSuchFile(BadInput):
    """Nothing is there under that name."""

    why = N_("There is no file {file}.")
    todo = N_("Check the name and the folder; is the USB stick plugged in?")


class FileNotAllowed(BadInput):
    """The system does not let this user read it."""

    why = N_("You may not read {file}.")
    todo = N_("Copy it to your own folder, or ask the administrator.")


class NotARegularFile(BadInput):
    """A folder, a device, a pipe, a socket, or a link to one."""

    why = N_("{file} is a folder or a device, not a file.")
    todo = N_("Choose a CSV or XLSX file.")


class FileIsALink(NotARegularFile):
    """A link: what is brought in is the file that somebody chose, not one that a name leads to today."""

    why = N_("{file} is a link to another file.")
    todo = N_("Choose the file itself, or copy it to this folder.")


class FileTooBig(BadInput):
    """More bytes than are ever read."""

    why = N_("{file} is larger than {limit} MB.")
    todo = N_("Split it, for example by meter book, and import the parts.")


class FileChanged(BadInput):
    """Somebody wrote to the file while it was read."""

    why = N_("{file} changed while it was being read.")
    todo = N_("Wait until it is completely copied, then try again. Nothing was imported.")


class FileUnreadable(BadInput):
    """The disk or the network share failed."""

    why = N_("{file} cannot be read: {reason}.")
    todo = N_("Copy it to this computer and try again.")


class NotASpreadsheet(BadInput):
    """No ZIP, a damaged one, or one that holds no workbook."""

    why = N_("{file} is not an XLSX file, or it is damaged.")
    todo = N_("Open it in Excel, save it as .xlsx or CSV UTF-8, and try again.")


class SpreadsheetLocked(BadInput):
    """Encrypted, or in the format before 2007, which looks the same from outside."""

    why = N_("{file} is protected by a password, or it is in the old .xls format.")
    todo = N_("Save it as .xlsx without a password, and try again.")


class SpreadsheetTooBig(BadInput):
    """What it unpacks to is more than allowed, or far more than its packed size."""

    why = N_("{file} unpacks to too much: {what}.")
    todo = N_("Save it as CSV UTF-8, or split it.")


class SpreadsheetUnsafe(BadInput):
    """It holds something that a table of bills or a statement never needs."""

    why = N_("{file} holds {what}.")
    todo = N_("Copy only the rows into a new workbook, save it as .xlsx, and try again.")


# --- opening ---------------------------------------------------------------------------------------------------------

_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
_REASONS = {
    errno.ENOENT: NoSuchFile,
    errno.ENOTDIR: NoSuchFile,
    errno.EACCES: FileNotAllowed,
    errno.EPERM: FileNotAllowed,
    errno.EISDIR: NotARegularFile,
    errno.ELOOP: FileIsALink,
    errno.ENXIO: NotARegularFile,
    errno.ENODEV: NotARegularFile,
    errno.ENAMETOOLONG: NotAFileName,
}


class OpenFile:
    """A regular file that is open for reading. `name` is safe to show; `size` is what it had when opened (bytes)."""

    def __init__(self, descriptor: int, *, name: str, size: int, cap: int) -> None:
        self._descriptor = descriptor
        self._digest = ""
        self._cap = cap
        self.name = name
        self.size = size

    @property
    def sha256(self) -> str:
        """The digest of the bytes handed out, in hex; empty until they were read to the end once."""
        return self._digest

    def pieces(self) -> Iterator[bytes]:
        """All bytes from the start, in pieces. May be read again: the second time the bytes must be the same.

        Raises FileTooBig, FileUnreadable, and at the end FileChanged.
        """
        digest = hashlib.sha256()
        position = 0
        while piece := self._read_at(position):
            position += len(piece)
            if position > self._cap:
                raise FileTooBig(file=self.name, limit=_megabytes(self._cap))
            digest.update(piece)
            yield piece
        if self._digest not in ("", digest.hexdigest()):
            raise FileChanged(file=self.name)
        self._digest = digest.hexdigest()

    def whole(self) -> bytes:
        """All bytes at once, for formats that need them so; refusals as for `pieces`."""
        return b"".join(self.pieces())

    def ends_line(self) -> bool:
        """Whether the last line of a text is ended, in any encoding; of a workbook that says nothing."""
        tail = self._read_at(max(self.size - 4, 0))
        return tail.rstrip(b"\0")[-1:] in (b"\n", b"\r", b"")

    def starts_with(self, magic: bytes) -> bool:
        """Whether the file begins with these bytes."""
        return self._read_at(0)[: len(magic)] == magic

    def _read_at(self, position: int) -> bytes:
        try:
            os.lseek(self._descriptor, position, os.SEEK_SET)
            return os.read(self._descriptor, PIECE)
        except OSError as failure:
            raise FileUnreadable(file=self.name, reason=os.strerror(failure.errno or errno.EIO)) from failure


@contextmanager
def opened(path: str | os.PathLike[str], *, cap: int = MAX_FILE) -> Iterator[OpenFile]:
    """The file at `path`, open until the block ends; `cap` in bytes.

    Never waits for a pipe or a device, never follows a link. The checks look at the open descriptor, so a swap afterwards
    changes nothing. Raises NotAFileName, NoSuchFile, FileNotAllowed, NotARegularFile, FileIsALink, FileTooBig,
    FileUnreadable.
    """
    name = os.fspath(path)
    shown = safe_text(PurePath(name).name or name, limit=80)
    _check_name(name, shown=shown)
    try:
        kind = os.lstat(name).st_mode  # opening some devices already does something
        if not stat.S_ISREG(kind):
            raise (FileIsALink if stat.S_ISLNK(kind) else NotARegularFile)(file=shown)
        # a pipe put there since then must not make us wait for its writer, a link must not lead us elsewhere
        wanted = ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_NOFOLLOW", "O_BINARY")
        descriptor = os.open(name, os.O_RDONLY | sum(getattr(os, flag, 0) for flag in wanted))
    except OSError as failure:
        raise _refusal(failure, shown=shown) from failure
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotARegularFile(file=shown)
        if status.st_size > cap:
            raise FileTooBig(file=shown, limit=_megabytes(cap))
        yield OpenFile(descriptor, name=shown, size=status.st_size, cap=cap)
    finally:
        os.close(descriptor)


def _check_name(name: str, *, shown: str) -> None:
    last = re.split(r"[/\\]", name)[-1]
    try:
        os.fsencode(name)
    except UnicodeEncodeError:  # half of a surrogate pair
        raise NotAFileName(file=shown) from None
    bad = (
        not name.strip()
        or "\0" in name
        or _ADDRESS.match(name)
        or _DEVICE.fullmatch(last)
        or (last.endswith((".", " ")) and last not in (".", ".."))
    )
    if bad:
        raise NotAFileName(file=shown)


def _refusal(failure: OSError, *, shown: str) -> BadInput:
    refusal = _REASONS.get(failure.errno or 0)
    if refusal is not None:
        return refusal(file=shown)
    return FileUnreadable(file=shown, reason=os.strerror(failure.errno or errno.EIO))


def _megabytes(size: int) -> int:
    return max(1, size // 1_000_000)


# --- spreadsheets ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class XlsxCaps:
    """What an XLSX file may hold: members, bytes unpacked in all, unpacked for each packed byte of one member."""

    members: int = 200
    total: int = 300_000_000
    ratio: int = 100


_SMALL = 1_000_000  # bytes; below it a ratio says nothing
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CENTRAL_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = 30
_USUAL_CAPS: Final = XlsxCaps()


def check_xlsx(data: bytes, *, file: str, caps: XlsxCaps = _USUAL_CAPS) -> None:
    """Nothing, where `data` is a plain workbook within `caps`; every member is unpacked once and counted, kept nowhere.

    The declared sizes are not believed. Raises NotASpreadsheet, SpreadsheetLocked, SpreadsheetTooBig, SpreadsheetUnsafe.
    """
    if data.startswith(_OLE):
        raise SpreadsheetLocked(file=file)
    if data.count(_CENTRAL_ENTRY) > caps.members:  # counted before zipfile makes an object of each
        raise SpreadsheetTooBig(file=file, what=f"> {caps.members} parts")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OSError, EOFError) as failure:
        raise NotASpreadsheet(file=file) from failure
    names = [member.orig_filename for member in members]
    if "[Content_Types].xml" not in names or len(set(map(str.lower, names))) != len(names):
        raise NotASpreadsheet(file=file)
    for member in members:
        _check_member(member, file=file, caps=caps)
    if sum(member.file_size for member in members) > caps.total:
        raise SpreadsheetTooBig(file=file, what=f"> {_megabytes(caps.total)} MB")
    for member in members:
        _check_content(data, member, file=file)


def _check_member(member: zipfile.ZipInfo, *, file: str, caps: XlsxCaps) -> None:
    """What the directory says of one member, before a byte of it is unpacked."""
    name = member.orig_filename
    if member.flag_bits & 0x1:
        raise SpreadsheetLocked(file=file)
    odd = name.startswith("/") or ".." in name.split("/") or re.search(r"[:\\\x00-\x1f]", name) or len(name) > 255
    if odd:
        raise SpreadsheetUnsafe(file=file, what=f"“{safe_text(name, limit=40)}”")
    if name.lower().endswith("vbaproject.bin"):
        raise SpreadsheetUnsafe(file=file, what=_("macros (VBA)"))
    if name.lower().startswith("xl/externallinks/"):
        raise SpreadsheetUnsafe(file=file, what=_("external links"))
    if member.file_size > _SMALL and member.file_size > caps.ratio * max(1, member.compress_size):
        raise SpreadsheetTooBig(file=file, what=f"> {caps.ratio}:1")


def _check_content(data: bytes, member: zipfile.ZipInfo, *, file: str) -> None:
    """Unpacks one member: as long as it says, with the checksum it says, and not itself an archive or a link."""
    start, crc, size, tail, span = b"", 0, 0, b"", SheetSpan()
    is_plain = member.filename.lower().endswith((".rels", "[content_types].xml"))
    for piece in _unpacked(data, member, file=file):
        start = start or piece[:8]
        size += len(piece)
        crc = zlib.crc32(piece, crc)
        span.feed(piece)
        if size > member.file_size:
            raise NotASpreadsheet(file=file)
        if is_plain:
            _check_words((tail + piece).lower(), file=file)
            tail = piece[-64:]
    if size != member.file_size or crc != member.CRC:
        raise NotASpreadsheet(file=file)
    if span.is_too_large():
        raise SpreadsheetTooBig(file=file, what=_("a cell far from the table ({cell})").format(cell=span.farthest))
    if start.startswith(_PACKED):
        raise SpreadsheetUnsafe(file=file, what=_("a packed file inside"))
    if start.startswith(_OLE):
        raise SpreadsheetUnsafe(file=file, what=_("an embedded object"))


def _check_words(text: bytes, *, file: str) -> None:
    if b"/externallink" in text:
        raise SpreadsheetUnsafe(file=file, what=_("external links"))
    if b"macroenabled" in text:
        raise SpreadsheetUnsafe(file=file, what=_("macros (VBA)"))


def _unpacked(data: bytes, member: zipfile.ZipInfo, *, file: str) -> Iterator[bytes]:
    """The content in pieces straight from the bytes: zipfile would stop at the declared size, other readers would not."""
    head = data[member.header_offset : member.header_offset + _LOCAL_HEADER]
    if len(head) < _LOCAL_HEADER or not head.startswith(b"PK\x03\x04"):
        raise NotASpreadsheet(file=file)
    begin = member.header_offset + _LOCAL_HEADER + int.from_bytes(head[26:28], "little")
    begin += int.from_bytes(head[28:30], "little")
    packed = memoryview(data)[begin : begin + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + PIECE]) for at in range(0, len(packed), PIECE))
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotASpreadsheet(file=file)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(packed), PIECE):
            rest = bytes(packed[at : at + PIECE])
            while rest and not inflate.eof:
                yield inflate.decompress(rest, PIECE)
                rest = inflate.unconsumed_tail
        yield inflate.flush()
    except zlib.error as failure:
        raise NotASpreadsheet(file=file) from failure
