"""A document and a printer's profile make a job: typed operations, and the bytes they are.

The same document and profile give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from counter.printing import ops
from counter.printing.calibration_page import calibration_ops
from counter.printing.compose import compose
from counter.printing.documents import CalibrationDocument, Document
from counter.printing.layout import Line, Qr, fit
from counter.printing.ops import Op
from counter.printing.picture import Dots, draw
from counter.printing.profile import PrinterProfile
from counter.printing.qr import module_for
from counter.printing.textjob import text_ops


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
    if isinstance(document, CalibrationDocument):
        yield from calibration_ops(document.pages)
        return
    lines = compose(document)
    if printer.way != "raster":
        yield from text_ops(lines, printer)
        return
    ruler = Dots(printer.dots)
    fitted = fit(lines, ruler=ruler)
    for drawn_by_printer, stretch in groupby(fitted, key=lambda line: printer.native_qr and isinstance(line, Qr)):
        if drawn_by_printer:
            yield from _codes(stretch, dots=printer.dots)
            continue
        paper = draw(stretch, ruler=ruler)
        for band in paper.bands(rows=printer.band_rows):
            yield ops.raster(band, wide=paper.wide)


def _codes(lines: Iterable[Line], *, dots: int) -> Iterator[Op]:
    yield ops.centred()
    for line in lines:
        if isinstance(line, Qr):
            yield ops.qr(line.text, module=module_for(line.text, dots=dots))
    yield ops.at_the_left()


def _end(printer: PrinterProfile) -> Iterator[Op]:
    yield ops.feed()
    if printer.cut != "none":
        yield ops.cut(printer.cut)
