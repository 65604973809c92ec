"""Paper: documents (plain facts) -> compose and layout (lines) -> text, PDF, picture, ESC/POS -> a printer.

Importing this is cheap: what draws (Pillow, reportlab, qrcode) is loaded by the first paper.
"""

from counter.printing.documents import (
    BillLine,
    CashMove,
    Document,
    NotesCounted,
    OfficeHead,
    OtherLine,
    PrinterTestDocument,
    ReceiptDocument,
    Reversal,
    ShiftReportDocument,
    TakenBy,
)
from counter.printing.escpos import as_raster_job, as_text_job
from counter.printing.paper import Paper
from counter.printing.pdf import as_pdf
from counter.printing.picture import as_png, picture
from counter.printing.plain import as_text
from counter.printing.transports import (
    FilePrinter,
    NoPrinter,
    PaperFileLocked,
    Printer,
    PrinterAway,
    PrinterBrokeOff,
    TcpPrinter,
    Tray,
)

__all__ = [
    "BillLine",
    "CashMove",
    "Document",
    "FilePrinter",
    "NoPrinter",
    "NotesCounted",
    "OfficeHead",
    "OtherLine",
    "Paper",
    "PaperFileLocked",
    "Printer",
    "PrinterAway",
    "PrinterBrokeOff",
    "PrinterTestDocument",
    "ReceiptDocument",
    "Reversal",
    "ShiftReportDocument",
    "TakenBy",
    "TcpPrinter",
    "Tray",
    "as_pdf",
    "as_png",
    "as_raster_job",
    "as_text",
    "as_text_job",
    "picture",
]
