"""A document and a printer's profile make a job: typed operations, and the bytes they are.

The same document and profile give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from counter.printing import ops
from counter.printing.documents import Document
from counter.printing.escpos import band_ops, text_ops
from counter.printing.ops import Op
from counter.printing.picture import picture
from counter.printing.profile import PrinterProfile


@dataclass(frozen=True, slots=True)
class Job:
    """What goes to the printer for one paper, in order."""

    ops: tuple[Op, ...]

    @property
    def data(self) -> bytes:
        """The bytes for the wire."""
        return b"".join(op.data for op in self.ops)

    def then(self, *more: Op) -> Job:
        """The job with more operations at its end, for example `ops.ack_request`."""
        return replace(self, ops=(*self.ops, *more))


def build(document: Document, printer: PrinterProfile) -> Job:
    """The paper as this printer can print it: feed and cut at the end, no drawer, no request for an answer."""
    return Job((ops.start(leave_kanji="FS ." if printer.leave_kanji else ""), *_body(document, printer), *_end(printer)))


def _body(document: Document, printer: PrinterProfile) -> Iterator[Op]:
    if printer.way == "ascii":
        yield from text_ops(document, columns=printer.columns)
    else:
        yield from band_ops(picture(document, dots=printer.dots), rows=printer.band_rows)


def _end(printer: PrinterProfile) -> Iterator[Op]:
    yield ops.feed()
    if printer.cut != "none":
        yield ops.cut(printer.cut)


def as_raster_job(document: Document, *, dots: int = 576) -> bytes:
    """The paper as dots: right on every printer, whatever letters it knows."""
    return build(document, PrinterProfile(dots=dots)).data


def as_text_job(document: Document, *, columns: int = 42) -> bytes:
    """The paper in plain ASCII letters: for a printer that cannot draw."""
    return build(document, PrinterProfile(mode="ascii", columns=columns)).data
