"""Each way to a printer: refused with why and what to do, within its time; a good printer gets every byte."""

from __future__ import annotations

import errno
import os
import pty
import resource
import select
import socket
import stat
import sys
import tty
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import usb.backend
import usb.core
from hypothesis import given
from hypothesis import strategies as st
from printers import reset

from counter.locale import language, use_language
from counter.printer import PrinterUnreadable, place_of, typed_place
from counter.printing import (
    AddressUnreadable,
    CupsTransport,
    DeviceTransport,
    ExtraMissing,
    FileTransport,
    PaperFileLocked,
    PaperFileTaken,
    Patience,
    PrinterAway,
    PrinterBrokeOff,
    PrinterForbidden,
    PrinterTaken,
    PrinterUnknown,
    SerialTransport,
    TcpTransport,
    Transport,
    UsbTransport,
    WindowsTransport,
)
from counter.printing.transports import addresses, local_printers, on_the_network

JOB = b"\x1b@" + b"dots" * 25_000
HUGE = bytes(32 * 1024 * 1024)
"""More than the kernel takes in for a peer that does not read."""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language()
    use_language("en")
    yield
    use_language(before)


@contextmanager
def peer(script: Callable[[socket.socket], None]) -> Iterator[int]:
    """A printer on loopback that follows the script for one job; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _address = server.accept()
            with line:
                script(line)

        thread = Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            thread.join(timeout=20)
    assert not thread.is_alive()


def printer(port: int, *, stall: float = 5.0, whole: float = 5.0) -> TcpTransport:
    return TcpTransport("127.0.0.1", port, patience=Patience(connect=2.0, stall=stall, whole=whole, hang_up=0.2))


def send(transport: Transport, job: bytes) -> None:
    """A whole job without a word back."""
    line = transport.open()
    try:
        line.write(job)
        line.finish()
    finally:
        line.close()


def read_all(line: socket.socket) -> bytes:
    read = b""
    while piece := line.recv(65536):
        read += piece
    return read


def test_a_printer_that_chats_about_its_state_is_a_good_printer() -> None:
    got: list[bytes] = []

    def chatty(line: socket.socket) -> None:
        line.sendall(b"\x14\x00\x00\x0f" * 5)
        got.append(read_all(line))

    with peer(chatty) as port:
        send(printer(port), JOB)
    assert got == [JOB]


def test_a_printer_that_keeps_its_line_open_after_the_job_is_a_good_printer() -> None:
    over = Event()
    got: list[bytes] = []

    def lingering(line: socket.socket) -> None:
        got.append(read_all(line))
        over.wait(timeout=20)

    with peer(lingering) as port:
        send(printer(port), JOB)
        over.set()
    assert got == [JOB]


def test_a_printer_that_is_switched_off_is_away_and_nothing_was_printed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(PrinterAway) as refused:
        send(printer(port), JOB)
    assert f"127.0.0.1:{port}" in refused.value.why_text()
    assert "Nothing was printed" in refused.value.why_text()
    assert "comes out by itself" in refused.value.todo_text()


def test_an_address_that_is_none_is_away() -> None:
    for host in ("no-such-printer.invalid", "." * 80, "a" * 300):
        with pytest.raises(PrinterAway):
            TcpTransport(host, patience=Patience(connect=2.0)).open()


def test_a_printer_that_hangs_up_at_once_broke_off() -> None:
    with peer(lambda line: line.close()) as port, pytest.raises(PrinterBrokeOff) as refused:
        send(printer(port), HUGE)
    assert "stopped in the middle" in refused.value.why_text()
    assert "Look at the paper" in refused.value.todo_text()


def test_a_printer_that_throws_a_short_job_away_broke_off() -> None:
    """Such a job fits the kernel's buffers, so that writing alone would look like success."""

    def rude(line: socket.socket) -> None:
        line.recv(1)
        reset(line)

    with peer(rude) as port, pytest.raises(PrinterBrokeOff):
        send(printer(port), JOB)


@pytest.mark.parametrize("at", [1, 2, 1000, 65536, 1_000_000])
def test_a_printer_that_is_reset_in_the_middle_broke_off(at: int) -> None:
    def falls_over(line: socket.socket) -> None:
        read = 0
        while read < at and (piece := line.recv(min(65536, at - read))):
            read += len(piece)
        reset(line)

    with peer(falls_over) as port, pytest.raises(PrinterBrokeOff):
        send(printer(port), HUGE)


def test_a_printer_that_takes_the_line_and_never_reads_broke_off_within_its_time() -> None:
    over = Event()
    let_go: list[bool] = []
    with peer(lambda line: let_go.append(over.wait(timeout=6))) as port:
        with pytest.raises(PrinterBrokeOff):
            send(printer(port, stall=0.3), HUGE)
        over.set()
    assert let_go == [True], "the printer lost patience before we did"


def test_a_printer_that_reads_a_drop_at_a_time_does_not_outlast_the_limit_for_the_whole_job() -> None:
    over = Event()
    drops: list[int] = []

    def drips(line: socket.socket) -> None:
        while not over.wait(timeout=0.02) and len(drops) < 300:
            try:
                drops.append(len(line.recv(512)))
            except OSError:
                return

    with peer(drips) as port:
        with pytest.raises(PrinterBrokeOff):
            send(printer(port, whole=0.5, stall=30.0), HUGE)
        over.set()
    assert len(drops) < 300, "the printer lost patience before we did"


def test_after_a_refusal_the_next_job_gets_a_new_line() -> None:
    got: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def serve() -> None:
            first, _address = server.accept()
            first.recv(1)
            reset(first)
            second, _address = server.accept()
            with second:
                got.append(read_all(second))

        thread = Thread(target=serve)
        thread.start()
        tcp = printer(port)
        with pytest.raises(PrinterBrokeOff):
            send(tcp, HUGE)
        send(tcp, JOB)
        thread.join(timeout=20)
    assert got == [JOB]


def test_what_the_printer_says_while_it_is_written_to_is_heard_afterwards() -> None:
    def chatty(line: socket.socket) -> None:
        line.sendall(b"\x16")
        read_all(line)

    with peer(chatty) as port:
        line = printer(port).open()
        line.write(JOB)
        assert line.read(2.0) == b"\x16"
        assert line.read(0.0) == b""
        line.finish()
        line.close()


def test_a_printer_that_hangs_up_while_it_is_listened_to_broke_off() -> None:
    with peer(lambda line: line.close()) as port:
        line = printer(port).open()
        with pytest.raises(PrinterBrokeOff):
            line.read(5.0)
        line.close()


# --- devices ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def terminal() -> Iterator[tuple[int, Path]]:
    """The printer's end of a device, and the path of ours."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    yield master, Path(os.ttyname(slave))
    os.close(slave)
    os.close(master)


def drain(master: int, wanted: int, got: bytearray) -> None:
    while len(got) < wanted and select.select([master], [], [], 5)[0]:
        got += os.read(master, 65536)


def test_a_device_gets_every_byte_and_is_heard(terminal: tuple[int, Path]) -> None:
    master, path = terminal
    got = bytearray()
    reader = Thread(target=drain, args=(master, len(JOB), got))
    reader.start()
    line = DeviceTransport(path).open()
    line.write(JOB)
    reader.join(10)
    os.write(master, b"\x12")
    assert line.answers and line.read(2.0) == b"\x12" and line.read(0.05) == b""
    line.finish()
    line.close()
    assert bytes(got) == JOB


def test_a_device_that_takes_nothing_more_broke_off_within_its_time(terminal: tuple[int, Path]) -> None:
    line = DeviceTransport(terminal[1], patience=Patience(stall=0.2)).open()
    with pytest.raises(PrinterBrokeOff):
        line.write(HUGE)
    line.close()


def test_a_device_that_may_only_be_written_says_that_it_never_answers(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    os.mkfifo(path)
    end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    line = DeviceTransport(path).open()
    line.write(b"job")
    assert os.read(end, 10) == b"job"
    line.close()
    os.close(end)


def test_a_common_file_is_no_device_and_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("keep me")
    with pytest.raises(PrinterUnknown):
        DeviceTransport(path).open()
    assert path.read_text() == "keep me"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOENT, PrinterUnknown),
        (errno.EACCES, PrinterForbidden),
        (errno.EBUSY, PrinterTaken),
        (errno.EIO, PrinterAway),
    ],
)
def test_why_a_device_cannot_be_opened_is_said(
    monkeypatch: pytest.MonkeyPatch, number: int, kind: type[PrinterAway]
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(kind) as refused:
        DeviceTransport(Path("/dev/null")).open()
    assert type(refused.value) is kind
    assert "/dev/null" in refused.value.why_text() and refused.value.todo_text()


def test_a_device_that_is_not_there_is_unknown() -> None:
    with pytest.raises(PrinterUnknown):
        DeviceTransport(Path("/dev/usb/lp9999")).open()


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_file_gets_one_job_after_the_other_and_keeps_them(tmp_path: Path) -> None:
    to = FileTransport(tmp_path / "paper.bin")
    for job in (b"\x1b@one", b"\x1b@two"):
        send(to, job)
    assert (tmp_path / "paper.bin").read_bytes() == b"\x1b@one\x1b@two"
    assert to.open().keeps and not to.open().answers


def test_a_job_that_was_not_finished_is_not_in_the_file(tmp_path: Path) -> None:
    line = FileTransport(tmp_path / "paper.bin").open()
    line.write(b"half")
    line.close()
    line.finish()
    assert (tmp_path / "paper.bin").read_bytes() == b""


def test_a_file_that_cannot_be_written_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PaperFileLocked) as refused:
        FileTransport(tmp_path / "away" / "paper.bin").open()
    assert "paper.bin" in refused.value.why_text()
    assert "Settings" in refused.value.todo_text()


@pytest.mark.parametrize("held", [b"0123456789abcdef", b"SQLite format 3\x00", "Thư gửi bà".encode(), b"\x00"])
def test_paper_never_goes_into_a_file_that_is_no_paper(tmp_path: Path, held: bytes) -> None:
    """Also not where the file came there after the printer was chosen, or is only linked to."""
    file, link = tmp_path / "pepper", tmp_path / "paper.bin"
    file.write_bytes(held)
    link.symlink_to(file)
    for path in (file, link):
        with pytest.raises(PaperFileTaken) as refused:
            FileTransport(path).open()
        assert path.name in refused.value.why_text()
    line = FileTransport(tmp_path / "new.bin").open()
    line.write(b"\x1b@job")
    (tmp_path / "new.bin").write_bytes(held)
    with pytest.raises(PaperFileTaken):
        line.finish()
    assert (file.read_bytes(), (tmp_path / "new.bin").read_bytes()) == (held, held)


def test_paper_never_goes_among_the_programs_own_files_there_or_not_yet(tmp_path: Path) -> None:
    home, away = tmp_path / "home", tmp_path / "away"
    (home / "exports").mkdir(parents=True)
    away.symlink_to(home)
    for path in (home / "counter.db-wal", home / "exports" / "x", away / "new", home / ".." / "home" / "new"):
        with pytest.raises(PaperFileTaken):
            FileTransport(path, keep_out=away).open()
    assert [found.name for found in home.iterdir()] == ["exports"]


def test_a_file_that_is_no_common_file_takes_no_paper_by_that_name() -> None:
    with pytest.raises(PaperFileTaken):
        FileTransport(Path("/dev/full")).open()


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    to = FileTransport(tmp_path / "paper.bin")
    send(to, b"\x1b@one")
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    line = to.open()
    line.write(b"\x1b@" + bytes(10_000))
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, was[1]))
    try:
        with pytest.raises(PrinterBrokeOff):
            line.finish()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
    assert to.path.read_bytes() == b"\x1b@one"


# --- serial lines ----------------------------------------------------------------------------------------------------


def test_a_serial_printer_gets_every_byte_and_is_heard(terminal: tuple[int, Path]) -> None:
    master, path = terminal
    job, got = JOB[:5_000], bytearray()
    reader = Thread(target=drain, args=(master, len(job), got))
    reader.start()
    line = SerialTransport(str(path), 115_200, "none").open()
    line.write(job)
    reader.join(10)
    os.write(master, b"7\x22ABCD\x00")
    assert line.read(2.0) + line.read(0.2) == b"7\x22ABCD\x00"
    assert line.read(0.05) == b""
    line.close()
    assert bytes(got) == job


def test_a_serial_printer_that_takes_nothing_broke_off_within_its_time(terminal: tuple[int, Path]) -> None:
    line = SerialTransport(str(terminal[1]), 115_200, "none", patience=Patience(stall=0.2, whole=0.5)).open()
    with pytest.raises(PrinterBrokeOff):
        line.write(JOB)
    line.close()


def test_a_serial_line_has_one_owner(terminal: tuple[int, Path]) -> None:
    first = SerialTransport(str(terminal[1])).open()
    with pytest.raises(PrinterTaken):
        SerialTransport(str(terminal[1])).open()
    first.close()


def test_a_serial_port_that_is_not_there_is_unknown() -> None:
    with pytest.raises(PrinterUnknown):
        SerialTransport("/dev/ttyUSB987").open()
    assert SerialTransport("/dev/ttyUSB987", 9600).bytes_per_second == 960


@pytest.mark.parametrize(
    ("module", "transport"),
    [("serial", SerialTransport("/dev/ttyUSB0")), ("usb.core", UsbTransport(1, 2)), ("win32print", WindowsTransport("POS"))],
)
def test_a_library_that_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, module: str, transport: Transport
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ExtraMissing) as refused:
        transport.open()
    assert "pip install" in refused.value.todo_text()


# --- the system's printers -------------------------------------------------------------------------------------------


def program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`lp` and `lpstat` of a system with one queue, POS80; what is printed lands in files."""
    program(tmp_path, "lpstat", 'case "$1$2" in -e) echo POS80;; -aPOS80) exit 0;; *) exit 1;; esac\n')
    program(tmp_path, "lp", f'echo "$@" > "{tmp_path}/said"; cat > "{tmp_path}/job"\n')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def test_a_queue_of_cups_gets_the_raw_bytes_of_the_whole_job(cups: Path) -> None:
    send(CupsTransport("POS80"), JOB)
    assert (cups / "job").read_bytes() == JOB
    assert (cups / "said").read_text() == "-d POS80 -o raw -s\n"
    assert [one.address for one in local_printers() if one.kind == "cups"] == ["POS80"]


@pytest.mark.parametrize("queue", ["POS58", "-o", "", "a b", "../x", "POS80;id"])
def test_a_queue_that_is_none_is_unknown(cups: Path, queue: str) -> None:
    if queue != "POS58":  # whatever the system says to an option or a path
        program(cups, "lpstat", "exit 0\n")
    with pytest.raises(PrinterUnknown):
        CupsTransport(queue).open()


def test_a_spooler_that_refuses_the_job_broke_off(cups: Path) -> None:
    program(cups, "lp", "cat > /dev/null; exit 1\n")
    with pytest.raises(PrinterBrokeOff):
        send(CupsTransport("POS80"), JOB)


def test_without_cups_its_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ExtraMissing):
        CupsTransport("POS80").open()


class WindowsError(Exception):
    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.winerror = number


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """The calls of pywin32 that we use, with one printer, POS; `takes` bytes of a job at most."""
    jobs: list[Any] = []
    found = types.SimpleNamespace(jobs=jobs, takes=10**9)

    def open_printer(name: str) -> str:
        if name != "POS":
            raise WindowsError(1801)
        return name

    found.OpenPrinter, found.ClosePrinter = open_printer, lambda _handle: None
    found.StartDocPrinter = lambda _handle, level, facts: jobs.append((level, facts))
    found.StartPagePrinter = found.EndPagePrinter = found.EndDocPrinter = lambda _handle: None

    def write(_handle: str, job: bytes) -> int:
        jobs.append(job[: found.takes])
        return min(len(job), found.takes)

    found.WritePrinter = write
    monkeypatch.setitem(sys.modules, "win32print", found)  # type: ignore[arg-type]
    return found


def test_a_printer_of_windows_gets_the_raw_bytes(windows: types.SimpleNamespace) -> None:
    send(WindowsTransport("POS"), JOB)
    assert windows.jobs == [(1, ("Quay", None, "RAW")), JOB]


def test_a_printer_that_windows_does_not_know_is_unknown(windows: types.SimpleNamespace) -> None:
    with pytest.raises(PrinterUnknown):
        WindowsTransport("XPS").open()


def test_a_spooler_that_takes_half_a_job_broke_off(windows: types.SimpleNamespace) -> None:
    windows.takes = 10
    with pytest.raises(PrinterBrokeOff):
        send(WindowsTransport("POS"), JOB)


# --- USB by pyusb ----------------------------------------------------------------------------------------------------


class Bus(usb.backend.IBackend):  # type: ignore[misc]
    """A bus with one receipt printer, below pyusb: descriptors, claims and bulk transfers."""

    def __init__(self, *, interface_class: int = 7) -> None:
        self.got = bytearray()
        self.says = b""
        self.claimed: list[int] = []
        self.busy = False
        self.drop = 1_000_000
        self.interface_class = interface_class

    def enumerate_devices(self) -> Iterator[int]:
        yield 1

    def get_device_descriptor(self, _dev: int) -> Any:
        return types.SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=0x04B8, idProduct=0x0E15, bcdDevice=1, iManufacturer=0, iProduct=0,
            iSerialNumber=0, bNumConfigurations=1, address=1, bus=1, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, _dev: int, _config: int) -> Any:
        return types.SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1, iConfiguration=0,
            bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, _dev: int, interface: int, alternate: int, _config: int) -> Any:
        if interface or alternate:
            raise IndexError
        return types.SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=2,
            bInterfaceClass=self.interface_class, bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0,
            extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, _dev: int, end: int, _interface: int, _alternate: int, _config: int) -> Any:
        return types.SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(0x01, 0x82)[end], bmAttributes=2, wMaxPacketSize=64,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, _dev: int) -> int:
        return 1

    def close_device(self, _handle: int) -> None:
        pass

    def get_configuration(self, _handle: int) -> int:
        return 1

    def is_kernel_driver_active(self, _handle: int, _interface: int) -> bool:
        return False

    def attach_kernel_driver(self, _handle: int, _interface: int) -> None:
        pass

    def claim_interface(self, _handle: int, interface: int) -> None:
        if self.busy:
            raise usb.core.USBError("busy", errno=errno.EBUSY)
        self.claimed.append(interface)

    def release_interface(self, _handle: int, interface: int) -> None:
        self.claimed.remove(interface)

    def bulk_write(self, _handle: int, _end: int, _interface: int, data: Any, _timeout: int) -> int:
        if len(self.got) > 50_000:
            raise usb.core.USBTimeoutError("timed out", errno=errno.ETIMEDOUT)
        self.got += bytes(data[: self.drop])
        return min(len(data), self.drop)

    def bulk_read(self, _handle: int, _end: int, _interface: int, buffer: Any, _timeout: int) -> int:
        if not self.says:
            raise usb.core.USBTimeoutError("timed out", errno=errno.ETIMEDOUT)
        said, self.says = self.says, b""
        buffer[: len(said)] = type(buffer)("B", said)
        return len(said)


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Bus:
    found, real = Bus(), usb.core.find
    monkeypatch.setattr(usb.core, "find", lambda **wanted: real(backend=found, **wanted))
    return found


def test_a_usb_printer_gets_every_byte_is_heard_and_given_back(bus: Bus) -> None:
    line = UsbTransport(0x04B8, 0x0E15).open()
    assert bus.claimed == [0] and line.answers
    line.write(JOB[:20_000])
    bus.says = b"\x12"
    assert line.read(0.1) == b"\x12" and line.read(0.1) == b""
    line.finish()
    line.close()
    assert bytes(bus.got) == JOB[:20_000] and bus.claimed == []


def test_a_usb_printer_that_takes_nothing_more_broke_off(bus: Bus) -> None:
    line = UsbTransport(0x04B8, 0x0E15).open()
    with pytest.raises(PrinterBrokeOff):
        line.write(JOB)
    line.close()


def test_a_usb_printer_that_takes_a_drop_at_a_time_does_not_outlast_the_limit_for_the_whole_job(bus: Bus) -> None:
    bus.drop = 1
    line = UsbTransport(0x04B8, 0x0E15, patience=Patience(whole=0.05)).open()
    with pytest.raises(PrinterBrokeOff):
        line.write(JOB[:49_000])
    line.close()


def test_a_usb_printer_that_another_program_holds_is_taken(bus: Bus) -> None:
    bus.busy = True
    with pytest.raises(PrinterTaken):
        UsbTransport(0x04B8, 0x0E15).open()


def test_a_usb_device_that_is_no_printer_or_not_there_is_unknown(bus: Bus) -> None:
    with pytest.raises(PrinterUnknown):
        UsbTransport(0x1234, 0x5678).open()
    bus.interface_class = 3
    with pytest.raises(PrinterUnknown):
        UsbTransport(0x04B8, 0x0E15).open()


# --- finding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("192.168.1.50", ["192.168.1.50"]),
        (" 192.168.1.5, 192.168.1.6;192.168.1.5 ", ["192.168.1.5", "192.168.1.6"]),
        ("10.0.0.8-10", ["10.0.0.8", "10.0.0.9", "10.0.0.10"]),
        ("10.0.0.0/30", ["10.0.0.1", "10.0.0.2"]),
        ("printer-2.office.local", ["printer-2.office.local"]),
        ("fe80::1", ["fe80::1"]),
    ],
)
def test_addresses_are_read_as_people_type_them(text: str, found: list[str]) -> None:
    assert addresses(text) == found


@pytest.mark.parametrize(
    "text",
    ["", "  ", "300.1.1.1", "10.0.0.0/8", "10.0.0.1-400", "1.2.3", "-o", "a b\x1bc", "x" * 300, "10.0.0.0/99", "http://x",
     " ".join(f"10.0.{n}.1" for n in range(300)), "10.0.0.9-3"],
)  # fmt: skip
def test_what_is_no_address_or_too_many_is_refused(text: str) -> None:
    with pytest.raises(AddressUnreadable):
        addresses(text)


@given(st.text(max_size=40))
def test_any_text_is_addresses_or_refused(text: str) -> None:
    try:
        assert 1 <= len(addresses(text)) <= 256
    except AddressUnreadable as refused:
        assert refused.why_text().isprintable()


def test_only_the_addresses_that_were_typed_are_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = on_the_network(["127.0.0.1", "127.0.0.2"], port=port)
    assert [one.address for one in found] == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("tcp:[::1]", "::1", 9100),
        ("tcp:[fe80::1]:9101", "fe80::1", 9101),
        ("tcp:fe80::1", "fe80::1", 9100),
        ("tcp:::1", "::1", 9100),
        ("tcp:10.0.0.5:9101", "10.0.0.5", 9101),
        ("tcp://printer.local", "printer.local", 9100),
        ("10.0.0.5:9100", "10.0.0.5", 9100),
        ("[::1]:9100", "::1", 9100),
    ],
)
def test_a_printer_on_the_network_is_written_in_every_usual_way(text: str, host: str, port: int) -> None:
    place = typed_place(text)
    assert place is not None
    assert (place.settings["paper_host"], place.settings["paper_port"]) == (host, port)
    assert place_of(str(place)) == place, "what is shown can be typed again"


@pytest.mark.parametrize(
    "text", ["tcp:[::1", "tcp:[x]", "tcp:1:2:3", "tcp:[::1]:99999", "tcp:h:0", "tcp::9100", "10.0.0.5:99999"]
)
def test_half_an_address_is_refused(text: str) -> None:
    with pytest.raises(PrinterUnreadable):
        typed_place(text)


@pytest.mark.parametrize("text", ["10.0.0.5", "10.0.0.5-9", "::1", "10.0.0.0/28", "printer.local"])
def test_addresses_without_a_port_are_asked_first(text: str) -> None:
    assert typed_place(text) is None
