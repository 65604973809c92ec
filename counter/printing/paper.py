"""Paper: what the desk holds. It turns a document into a job for its printer and sends it, one job at a time."""

from __future__ import annotations

from threading import Lock
from typing import Literal

from counter.printing.documents import Document
from counter.printing.jobs import as_raster_job, as_text_job
from counter.printing.transports import NoPrinter, Printer

Mode = Literal["raster", "text", "none"]
"""raster: dots, right on every printer. text: plain ASCII letters, for one that cannot draw. none: no paper at all."""


class Paper:
    """A printer with the width of its paper: `columns` counts in text mode, `dots` in raster mode."""

    def __init__(self, *, printer: Printer | None = None, columns: int = 42, dots: int = 576, mode: Mode = "raster") -> None:
        self.printer: Printer = printer or NoPrinter()
        self.columns = columns
        self.dots = dots
        self.mode: Mode = mode
        self._one_at_a_time = Lock()

    @property
    def prints(self) -> bool:
        """Whether anything comes out."""
        return self.mode != "none" and not isinstance(self.printer, NoPrinter)

    def put(self, document: Document) -> None:
        """Print the document; blocks until it is handed over, so call it from a worker. Raises what the printer refuses."""
        if not self.prints:
            return
        job = self.job(document)
        with self._one_at_a_time:
            self.printer.send(job)

    def job(self, document: Document) -> bytes:
        """The bytes that `put` would send."""
        if self.mode == "text":
            return as_text_job(document, columns=self.columns)
        return as_raster_job(document, dots=self.dots)
