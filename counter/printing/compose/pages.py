"""Pages about the printer itself."""

from __future__ import annotations

from collections.abc import Iterator

from counter.locale import translate as _
from counter.money import Dong
from counter.printing.calibration import questions
from counter.printing.compose.parts import head, instant, section, titled
from counter.printing.documents import USUAL, CalibrationDocument, PrinterTestDocument
from counter.printing.layout import Align, Banner, Gap, Line, Pair, Qr, Style, Words
from counter.text import VIETNAMESE


def printer_test(test: PrinterTestDocument) -> Iterator[Line]:
    """Everything that goes wrong on a printer: letters, widths, the right edge, white on black, QR."""
    yield from head(test.office, USUAL)
    yield from titled(_("Printer test"), layout=USUAL)
    yield Pair(_("Till"), test.till_code)
    yield Pair(_("Printer"), test.printer)
    yield Pair(_("Issued at"), instant(test.printed_at))
    yield from section(_("Every letter"))
    half = len(VIETNAMESE) // 2
    for letters in (VIETNAMESE[:half], VIETNAMESE[half:]):
        yield Words(" ".join(letters[start : start + 6] for start in range(0, len(letters), 6)))
    yield Words("0123456789 ₫ % + - . , : / ( )")
    yield from section(_("Figures end at the right edge"))
    for amount in (Dong(1), Dong(12_345), Dong(1_234_567), Dong(1_000_000_000)):
        yield Pair(_("Amount"), str(amount))
    yield Pair(_("TOTAL"), str(Dong(1_001_246_913)), Style.TOTAL)
    yield Gap(1)
    yield Banner(_("White on black"))
    yield Gap(1)
    yield Qr("QUAY 0123456789")
    yield Words(_("If everything above is clear, the printer is ready."), Align.CENTRE, Style.SMALL)


def calibration_questions(page: CalibrationDocument) -> Iterator[Line]:
    """What the calibration page asks; the page itself is made of operations and not of lines."""
    yield from titled(_("Calibration page"), layout=USUAL)
    for question in questions(page.pages):
        yield Words(question.ask)
        yield Gap(1)
