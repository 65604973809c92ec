"""What a printer says is told apart, whatever comes and however it is cut; “done” counts only with the job's own word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import papers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from printers import QUICK, Habits, ScriptedPrinter, a_printer

from counter.printing import Condition, Talk, Trouble, get_acquainted, speaks
from counter.printing.jobs import Job
from counter.printing.ops import cut, feed, raster
from counter.printing.replies import Heard, Replies
from counter.printing.talk import ack_seconds, length_mm
from counter.printing.transports import Patience

WORDS = st.text(alphabet="ABCDEFGHJKLMNPQRSTUVWXYZ23456789", min_size=4, max_size=4)
ANSWER = st.one_of(
    WORDS.map(lambda word: (Heard.ACK, b"7\x22" + word.encode() + b"\x00")),
    st.sampled_from([0x12, 0x16, 0x1A, 0x32, 0x7E]).map(lambda byte: (Heard.STATUS, bytes((byte,)))),
    st.sampled_from([0x00, 0x03, 0x0C, 0x0F]).map(lambda byte: (Heard.MARK, bytes((byte,)))),
    st.sampled_from([b"\x10\x00\x00\x0f", b"\x14\x00\x0c\x0f", b"\x38\x60\x6f\x0f"]).map(lambda four: (Heard.PUSHED, four)),
)


def cut_up(data: bytes, places: list[int]) -> list[bytes]:
    marks = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[start:end] for start, end in pairwise(marks)]


@given(st.lists(ANSWER, max_size=8), st.lists(st.integers(0, 100), max_size=6))
def test_answers_are_told_apart_however_they_are_cut(said: list[tuple[Heard, bytes]], places: list[int]) -> None:
    replies = Replies()
    heard = [reply for piece in cut_up(b"".join(data for _, data in said), places) for reply in replies.feed(piece)]
    assert [reply.kind for reply in heard] == [kind for kind, _ in said]
    assert [reply.word for reply in heard if reply.word] == [data[2:6].decode() for kind, data in said if kind is Heard.ACK]


@given(st.binary(max_size=60), st.lists(st.integers(0, 100), max_size=6))
def test_any_bytes_at_all_end_no_talk_and_are_cut_the_same(noise: bytes, places: list[int]) -> None:
    whole, pieces = Replies(), Replies()
    first = list(whole.feed(noise))
    second = [reply for piece in cut_up(noise, places) for reply in pieces.feed(piece)]
    assert first == second
    assert sum(len(reply.data) for reply in first) <= len(noise)


@given(st.binary(max_size=30).filter(lambda noise: b"7\x22" not in noise and not noise.endswith(b"7")), WORDS)
def test_noise_before_a_word_does_not_hide_it(noise: bytes, word: str) -> None:
    assert word in [reply.word for reply in Replies().feed(noise + b"7\x22" + word.encode() + b"\x00")]


def test_the_flow_bytes_of_a_serial_line_are_no_answers() -> None:
    assert list(Replies().feed(b"\x13\x11\x13")) == []


# --- conditions ------------------------------------------------------------------------------------------------------


@pytest.fixture
def machine() -> Iterator[ScriptedPrinter]:
    with a_printer() as found:
        yield found


def seen(machine: ScriptedPrinter) -> Condition:
    printer = machine.printer(answers="yes")
    line = printer.transport.open()
    try:
        return printer.look(Talk(line, patience=QUICK))
    finally:
        line.close()


@pytest.mark.parametrize(
    ("habits", "trouble"),
    [
        (Habits(), None),
        (Habits(near_end=True), None),
        (Habits(paper_rows=0), Trouble.NO_PAPER),
        (Habits(cover_open=True), Trouble.COVER_OPEN),
        (Habits(cover_open=True, paper_rows=0), Trouble.COVER_OPEN),
        (Habits(offline=True), Trouble.OFFLINE),
        (Habits(answers=False), Trouble.SILENT),
        (Habits(garbage=b"\xff\xff"), Trouble.SILENT),
    ],
)
def test_a_condition_is_what_the_printer_says(machine: ScriptedPrinter, habits: Habits, trouble: Trouble | None) -> None:
    machine.habits = habits
    found = seen(machine)
    assert found.trouble is trouble
    assert found.answered is (trouble is not Trouble.SILENT)
    assert found.low_paper is bool(habits.near_end or habits.paper_rows == 0)


# --- the first talk --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("habits", "answers", "done"),
    [
        (Habits(), "yes", "process-id"),
        (Habits(acks=False), "yes", "mark"),
        (Habits(acks=False, marks=False), "yes", "none"),
        (Habits(answers=False, acks=False, marks=False), "no", "none"),
    ],
)
def test_how_a_printer_speaks_is_found_out_with_one_page(
    machine: ScriptedPrinter, habits: Habits, answers: str, done: str
) -> None:
    machine.habits = habits
    printer = machine.printer()
    line = printer.transport.open()
    found = get_acquainted(printer, line, printer.job(papers.printer_test()))
    line.finish()
    line.close()
    assert (found.answers, found.done) == (answers, done)
    assert speaks(printer, found).done == done
    assert len(machine.papers) == 1


def test_a_printer_that_cannot_print_now_gets_no_page(machine: ScriptedPrinter) -> None:
    machine.habits = Habits(paper_rows=0)
    printer = machine.printer()
    line = printer.transport.open()
    found = get_acquainted(printer, line, printer.job(papers.printer_test()))
    line.close()
    assert found.condition.trouble is Trouble.NO_PAPER and machine.papers == []


# --- waiting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        (b"7\x22AAAA\x00", True),
        (b"7\x22BBBB\x00", False),
        (b"7\x22AAA", False),
        (b"\x00", False),
        (b"\xffjunk7\x22AAAA\x00", True),
    ],
)
def test_only_the_jobs_own_word_is_believed(said: bytes, believed: bool) -> None:
    assert talk_that_hears(said).wait(word="AAAA", done="process-id", seconds=0.1) is believed


@pytest.mark.parametrize(
    ("said", "believed"), [(b"\x00", True), (b"\x0c", False), (b"\xff\x00", False), (b"\x12\x00", False)]
)
def test_a_mark_counts_only_alone_and_with_paper(said: bytes, believed: bool) -> None:
    assert talk_that_hears(said).wait(word="AAAA", done="mark", seconds=0.1) is believed


def test_words_of_other_jobs_are_kept_for_whoever_asks() -> None:
    talk = talk_that_hears(b"7\x22BBBB\x007\x22AAAA\x00")
    assert talk.wait(word="AAAA", done="process-id", seconds=0.1)
    assert talk.heard == ["BBBB", "AAAA"]


def test_a_wait_ends_when_the_program_does() -> None:
    talk = talk_that_hears(b"", stop=lambda: True)
    assert not talk.wait(word="AAAA", done="process-id", seconds=3600)


def test_the_wait_grows_with_the_paper_and_with_a_slow_wire() -> None:
    job = Job((raster(bytes(72 * 400), wide=72), feed(3), cut("part")))
    assert length_mm(job) == 50 + 12
    assert ack_seconds(job, Patience()) == pytest.approx(5 + 62 / 50)
    assert ack_seconds(job, Patience(), bytes_per_second=960) == pytest.approx(5 + 62 / 50 + len(job.data) / 960)


class Said:
    """A line on which something was said already."""

    answers, keeps = True, False

    def __init__(self, said: bytes) -> None:
        self.said = said

    def read(self, seconds: float) -> bytes:
        said, self.said = self.said, b""
        return said

    def write(self, data: bytes, *, seconds: float | None = None) -> None:
        pass

    def finish(self) -> None:
        pass

    def close(self) -> None:
        pass


def talk_that_hears(said: bytes, stop: Callable[[], bool] = lambda: False) -> Talk:
    return Talk(Said(said), patience=QUICK, stop=stop)
