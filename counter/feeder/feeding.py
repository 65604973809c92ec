"""The feeder takes papers from the spool to this computer's printer, one at a time, in a thread of its own.

Each step is committed before the next one is taken: SENDING before the first byte, so that whatever happens after it (a
broken line, a killed process, a full disk) nothing is sent twice. Money never waits for it: it only reads what the
payments left in the spool.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final

from counter import spool
from counter.config import Settings
from counter.desk import Desk
from counter.errors import NotAvailable, Refused
from counter.feeder.now import NOTHING, Now, Sign
from counter.print_jobs import comes_too_late, document_of
from counter.printing import (
    Condition,
    Done,
    Job,
    PrinterAway,
    PrinterBrokeOff,
    PrinterTaken,
    Talk,
    TillPrinter,
    Trouble,
    ack_seconds,
)
from counter.spool import JobFacts
from db.places import OneOwner
from db.states import JobKind, JobState, JobTrouble

LOG: Final = logging.getLogger("counter")
POLL: Final = 2.0
"""Seconds between two looks into the spool for what other programs put there; our own wake the feeder."""
RETRY: Final = 3.0
"""Seconds between two looks at a printer that could not print."""
LATE: Final = 60.0
"""Seconds to go on listening for a late word while the printer is in trouble, and while there is nothing else to do."""
SOON: Final = 5.0
"""Seconds to go on listening to a printer that is well: as long as the line is open, no other home's program prints."""
FRESH: Final = timedelta(seconds=10)
"""How old a payment may be for its drawer to open: later nobody stands at it."""
FORGOTTEN: Final = timedelta(minutes=10)
"""Of payments younger than this the books say that their drawer stayed shut; of older ones nobody asks."""
PULSE_SECONDS: Final = 2.0


class Feeder:
    """One printer's only owner. `tills` are those whose paper comes out here; `on_change` is called from its thread."""

    def __init__(
        self,
        desk: Desk,
        *,
        printer: TillPrinter,
        lock: OneOwner,
        settings: Callable[[], Settings],
        tills: Callable[[], Sequence[str]] | None = None,
        on_change: Callable[[Now], object] = lambda _now: None,
        it_answers: Callable[[], object] = lambda: None,
        retry: float = RETRY,
        soon: float = SOON,
    ) -> None:
        self.desk = desk
        self.printer = printer
        self.now = Now(Sign.READY)
        self._lock = lock
        self._settings = settings
        self._tills = tills or (lambda: [desk.till_code] if desk.till_code else [])
        self._on_change = on_change
        self._it_answers = it_answers
        self._retry = retry
        self._soon = soon
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._hands = threading.Lock()
        self._kept: Talk | None = None
        self._keep_until = 0.0
        self._low_paper = self._mute = False
        self._torn = self._told = self._taken = False
        self._found_in: set[str] = set()
        self._thread: threading.Thread | None = None

    # --- life -----------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin in a thread; it waits for the printer's lock when another program has it."""
        self._thread = threading.Thread(target=self._run, name="feeder", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There is something new, or somebody put paper in: look at once."""
        self._wake.set()

    def stop(self, *, seconds: float = 5.0) -> None:
        """End after the job in hand, or without it when that takes too long: the next start finds it unsure."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(seconds)
        self._lock.let_go()

    def work_off(self) -> bool:
        """Print what waits, in this thread, until nothing waits or the printer says no. False: another program prints."""
        if not self._lock.take():
            return False
        try:
            while (job := self._next()) is not None:
                if not self._attend(job):
                    break
            else:
                self._show(Sign.READY)
        finally:
            self._drop_line()
            self._lock.let_go()
        return True

    @contextmanager
    def hands_off(self) -> Iterator[None]:
        """The printer is somebody else's for a moment: for trying it out."""
        with self._hands:
            self._drop_line()
            yield

    # --- the loop -------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stop.is_set() and not self._lock.take():
            self._show(Sign.ELSEWHERE)
            self._pause(POLL)
        while not self._stop.is_set():
            try:
                with self._hands:
                    job = self._next()
                    done = job is None or self._attend(job)
                if job is None:
                    self._rest()
                elif not done:
                    self._pause(self._retry)
            except Refused as refused:  # the database is away: money says so itself, paper waits
                LOG.warning("the feeder waits: %s", refused)
                self._start_anew()
            except Exception:
                LOG.exception("the feeder stumbled")
                self._start_anew()
        self._drop_line()

    def _start_anew(self) -> None:
        """What was in hand is looked at like after a start: nobody knows how far it got."""
        self._found_in.clear()
        self._drop_line()
        self._pause(self._retry)

    def _next(self) -> JobFacts | None:
        """The next job of our tills, drawers first; a till seen for the first time is put in order before."""
        tills = list(self._tills())
        for till in tills:
            if till not in self._found_in:
                self.desk.do(spool.recover, till_codes=[till])
                self._torn = self._torn or self.desk.see(spool.left_torn, till_code=till)
                self._found_in.add(till)
        if not tills:
            return None
        if self.printer.drawer != "none":  # however long papers wait: a drawer waits for no paper
            for job in self.desk.see(spool.pulses_due, till_codes=tills, since=self.desk.clock.now() - FORGOTTEN):
                self.desk.do(spool.drawer_of, payment_id=job.subject, till_code=job.till_code)
        return self.desk.see(spool.next_job, till_codes=tills)

    def _rest(self) -> None:
        """Nothing waits: say so, hear late words, sleep until something comes."""
        self._show(Sign.READY)
        if self._kept is None:
            self._pause(POLL)
            return
        try:
            self._kept.listen(0.25)
            if self._note_words(self._kept):
                self._keep_until = min(self._keep_until, time.monotonic() + self._soon)
        except PrinterBrokeOff:
            self._drop_line()
        if time.monotonic() > self._keep_until:
            self._drop_line()

    def _pause(self, seconds: float) -> None:
        self._wake.wait(seconds)
        self._wake.clear()

    def _show(self, sign: Sign, *, trouble: JobTrouble | None = None) -> None:
        tills = list(self._tills())
        standing = self.desk.see(spool.standing, till_codes=tills) if tills else NOTHING
        same = (sign, trouble) == (self.now.sign, self.now.trouble)
        since = self.now.since if same else time.monotonic()
        now = Now(sign, standing, trouble, self._low_paper, self._mute, since)
        if now != self.now or not self._told:
            self.now, self._told = now, True
            self._on_change(now)

    # --- one job --------------------------------------------------------------------------------------------------------

    def _attend(self, job: JobFacts) -> bool:
        """Do what can be done about a job. False: the printer cannot print now, and nothing was sent."""
        if job.kind == JobKind.DRAWER:
            self._open_drawer(job)
            return True
        if job.kind == JobKind.TICKET and self.desk.see(comes_too_late, job_id=job.job_id, now=self.desk.clock.now()):
            self.desk.do(spool.lapse, job_id=job.job_id)
            return True
        if job.state is JobState.BLOCKED and job.error is self._glance():
            return self._waits(job.error)
        if not self.desk.do(spool.claim, job_id=job.job_id, printer=self.printer.name):
            return True
        self._show(Sign.PRINTING)
        talk, seen = self._ready()
        if talk is None or seen.trouble is not None:
            return self._held_up(job, JobTrouble(seen.trouble.value) if seen.trouble else JobTrouble.AWAY)
        paper = self._made(job)
        if paper is not None:
            self._print(job, paper, talk, seen)
        return True

    def _glance(self) -> JobTrouble | None:
        """What is wrong with the printer now; asked without a word in the books, which would only say the same again."""
        talk, seen = self._ready()
        if talk is None:
            return JobTrouble.AWAY
        return JobTrouble(seen.trouble.value) if seen.trouble else None

    def _held_up(self, job: JobFacts, trouble: JobTrouble) -> bool:
        self.desk.do(spool.block, job_id=job.job_id, error=trouble)
        return self._waits(trouble)

    def _waits(self, trouble: JobTrouble | None) -> bool:
        """A printer in another program's hands is in no trouble: that program is told of."""
        self._show(Sign.ELSEWHERE if self._taken else Sign.HELD_UP, trouble=trouble)
        return False

    def _ready(self) -> tuple[Talk | None, Condition]:
        """An open line and how the printer is: the line that was kept, if it still answers, else a new one."""
        self._taken = False
        if self._kept is not None:
            with suppress(PrinterBrokeOff):
                seen = self._look(self._kept)
                if seen.answered:
                    return self._kept, seen
            self._drop_line()
        try:
            talk = self._open()
            if self._torn:
                self.printer.clear_away(talk)
            seen = self._look(talk)
            self._torn = self._torn and seen.trouble is not None  # a printer that answers well has read it all
            return talk, seen
        except (PrinterAway, PrinterBrokeOff) as refused:
            LOG.info("the printer is away: %s", refused)
            self._taken = isinstance(refused, PrinterTaken)
            self._drop_line()
            return None, Condition(answered=False)

    def _open(self) -> Talk:
        line = self.printer.transport.open()
        self._kept = Talk(line, patience=self.printer.patience, stop=self._stop.is_set)
        self._keep_until = time.monotonic() + LATE
        return self._kept

    def _look(self, talk: Talk) -> Condition:
        seen = self.printer.look(talk)
        self._low_paper, self._mute = seen.low_paper, not seen.answered and seen.trouble is None
        if seen.answered and self.printer.answers == "auto":
            self._learn_that_it_answers()
        self._note_words(talk)
        return seen

    def _learn_that_it_answers(self) -> None:
        """A printer that answered once and is silent later is in trouble, not mute."""
        self.printer = replace(self.printer, answers="yes")
        try:
            self._it_answers()
        except (OSError, ValueError):
            LOG.exception("that the printer answers could not be kept")

    def _made(self, job: JobFacts) -> Job | None:
        """The bytes of the job's paper; a paper that cannot be made is put aside, and those behind it go on."""
        try:
            settings, now = self._settings(), self.desk.clock.now()
            return self.printer.job(self.desk.see(document_of, job_id=job.job_id, settings=settings, now=now))
        except NotAvailable:
            raise
        except Exception:
            LOG.exception("paper %s cannot be made", job.job_id)
            self.desk.do(spool.block, job_id=job.job_id, error=JobTrouble.CANNOT_BE_MADE)
            return None

    def _print(self, job: JobFacts, paper: Job, talk: Talk, seen: Condition) -> None:
        """Send it and find out whether it came out. From the first line on nothing leads back."""
        word = self.desk.do(spool.sending, job_id=job.job_id)
        if not word:  # somebody answered for it meanwhile
            self._drop_line()
            return
        done: Done = "none" if talk.line.keeps else self.printer.asks_for_word(seen)
        try:
            talk.send(paper, word=word, done=done)
            self.desk.do(spool.awaiting, job_id=job.job_id)
            self._hear_the_end(job, paper, talk, word=word, done=done, answered=seen.answered)
        except PrinterBrokeOff as refused:
            LOG.warning("%s %s: %s", job.kind, job.job_id, refused)
            self._unsure(job, JobTrouble.BROKE_OFF)
            self._torn = True
            self._drop_line()

    def _hear_the_end(self, job: JobFacts, paper: Job, talk: Talk, *, word: str, done: Done, answered: bool) -> None:
        """The printer's word, or what can be said without one. Raises PrinterBrokeOff."""
        if not answered:
            talk.line.finish()
            if talk.line.keeps:
                self.desk.do(spool.printed, job_id=job.job_id)
            else:
                self._unsure(job, JobTrouble.MUTE)
            self._drop_line()
            return
        seconds = ack_seconds(paper, self.printer.patience, bytes_per_second=self.printer.transport.bytes_per_second)
        if talk.wait(word=word, done=done, seconds=seconds):
            self.desk.do(spool.printed, job_id=job.job_id)
            self._note_words(talk)
            self._drop_line()
        elif not self._stop.is_set():  # when stopped the next start finds it, unsure
            seen = self._look(talk)
            silent = JobTrouble.MUTE if done == "none" else JobTrouble.NO_ACK
            self._unsure(job, JobTrouble(seen.trouble.value) if seen.trouble else silent)
            self._keep_until = time.monotonic() + (LATE if seen.trouble else self._soon)

    def _unsure(self, job: JobFacts, error: JobTrouble) -> None:
        self.desk.do(spool.unconfirmed, job_id=job.job_id, error=error)

    def _open_drawer(self, job: JobFacts) -> None:
        """One pulse, now or never: not later by a printer that is away or may only keep it for later."""
        if self.printer.drawer == "none" or not self._is_fresh(job):
            self._stays_shut(job)
            return
        if not self.desk.do(spool.claim, job_id=job.job_id, printer=self.printer.name):
            return
        talk, seen = self._ready()
        if talk is None or seen.trouble is Trouble.SILENT:
            self._stays_shut(job)
            return
        word = self.desk.do(spool.sending, job_id=job.job_id)
        ready = seen.answered and seen.trouble is None and self.printer.done == "process-id"
        done: Done = "process-id" if ready else "none"
        try:
            talk.send(self.printer.pulse(seen), word=word, done=done)
            self.desk.do(spool.awaiting, job_id=job.job_id)
            if ready and talk.wait(word=word, done=done, seconds=PULSE_SECONDS):
                self.desk.do(spool.printed, job_id=job.job_id)
                self._note_words(talk)
            else:
                talk.line.finish()
                self._unsure(job, JobTrouble.MUTE)
        except PrinterBrokeOff:
            self._unsure(job, JobTrouble.BROKE_OFF)
        self._drop_line()

    def _stays_shut(self, job: JobFacts) -> None:
        LOG.warning("the drawer of %s stays shut: it could not open at once", job.till_code)
        self.desk.do(spool.lapse, job_id=job.job_id)

    def _is_fresh(self, job: JobFacts) -> bool:
        return self.desk.clock.now() - job.queued_at < FRESH

    # --- the line -------------------------------------------------------------------------------------------------------

    def _note_words(self, talk: Talk) -> list[str]:
        """Jobs that the printer says are done, also those of before: a late word still lands."""
        words, talk.heard = talk.heard, []
        if words:
            self.desk.do(spool.heard, ack_ids=words, till_codes=list(self._tills()))
        return words

    def _drop_line(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.line.close()
