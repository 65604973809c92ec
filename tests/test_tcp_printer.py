"""A printer on the network that misbehaves is refused with what to do, within its time limit; a good one gets every byte."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import papers
import pytest

from counter.locale import language, use_language
from counter.printing import Paper, PrinterAway, PrinterBrokeOff, TcpPrinter, as_raster_job

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


def reset(line: socket.socket) -> None:
    """Hang up by RST."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def printer(port: int, *, write_seconds: float = 5.0) -> TcpPrinter:
    return TcpPrinter("127.0.0.1", port, connect_seconds=2.0, write_seconds=write_seconds, close_seconds=0.2)


def read_all(line: socket.socket) -> bytes:
    read = b""
    while piece := line.recv(65536):
        read += piece
    return read


def test_a_good_printer_gets_every_byte_of_the_job() -> None:
    got: list[bytes] = []
    with peer(lambda line: got.append(read_all(line))) as port:
        Paper(printer=printer(port)).put(papers.receipt())
    assert got == [as_raster_job(papers.receipt())]


def test_a_printer_that_chats_about_its_state_is_a_good_printer() -> None:
    got: list[bytes] = []

    def chatty(line: socket.socket) -> None:
        line.sendall(b"\x14\x00\x00\x0f" * 5)
        got.append(read_all(line))

    with peer(chatty) as port:
        printer(port).send(JOB)
    assert got == [JOB]


def test_a_printer_that_keeps_its_line_open_after_the_job_is_a_good_printer() -> None:
    over = Event()
    got: list[bytes] = []

    def lingering(line: socket.socket) -> None:
        got.append(read_all(line))
        over.wait(timeout=20)

    with peer(lingering) as port:
        printer(port).send(JOB)
        over.set()
    assert got == [JOB]


def test_a_printer_that_is_switched_off_is_away_and_nothing_was_printed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(PrinterAway) as refused:
        printer(port).send(JOB)
    assert f"127.0.0.1:{port}" in refused.value.why_text()
    assert "Nothing was printed" in refused.value.why_text()
    assert "print a copy" in refused.value.todo_text()


def test_an_address_that_is_none_is_away() -> None:
    for host in ("no-such-printer.invalid", "." * 80, "a" * 300):
        with pytest.raises(PrinterAway):
            TcpPrinter(host, connect_seconds=2.0).send(JOB)


def test_a_printer_that_hangs_up_at_once_broke_off() -> None:
    with peer(lambda line: line.close()) as port, pytest.raises(PrinterBrokeOff) as refused:
        printer(port).send(HUGE)
    assert "stopped in the middle" in refused.value.why_text()
    assert "Look at the paper" in refused.value.todo_text()


def test_a_printer_that_throws_a_short_job_away_broke_off() -> None:
    """Such a job fits the kernel's buffers, so that writing alone would look like success."""

    def rude(line: socket.socket) -> None:
        line.recv(1)
        reset(line)

    with peer(rude) as port, pytest.raises(PrinterBrokeOff):
        printer(port).send(JOB)


@pytest.mark.parametrize("at", [1, 2, 1000, 65536, 1_000_000])
def test_a_printer_that_is_reset_in_the_middle_broke_off(at: int) -> None:
    def falls_over(line: socket.socket) -> None:
        read = 0
        while read < at and (piece := line.recv(min(65536, at - read))):
            read += len(piece)
        reset(line)

    with peer(falls_over) as port, pytest.raises(PrinterBrokeOff):
        printer(port).send(HUGE)


def test_a_printer_that_takes_the_line_and_never_reads_broke_off_within_its_time() -> None:
    over = Event()
    let_go: list[bool] = []
    with peer(lambda line: let_go.append(over.wait(timeout=6))) as port:
        with pytest.raises(PrinterBrokeOff):
            printer(port, write_seconds=0.3).send(HUGE)
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
            printer(port, write_seconds=0.5).send(HUGE)
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
            tcp.send(HUGE)
        tcp.send(JOB)
        thread.join(timeout=20)
    assert got == [JOB]
