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
from counter.printing.jobs import Job, as_raster_job, as_text_job, build
from counter.printing.paper import Paper
from counter.printing.pdf import as_pdf
from counter.printing.picture import as_png, picture
from counter.printing.plain import as_text
from counter.printing.profile import BadPrinterProfile, PrinterProfile
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
    "BadPrinterProfile",
    "BillLine",
    "CashMove",
    "Document",
    "FilePrinter",
    "Job",
    "NoPrinter",
    "NotesCounted",
    "OfficeHead",
    "OtherLine",
    "Paper",
    "PaperFileLocked",
    "Printer",
    "PrinterAway",
    "PrinterBrokeOff",
    "PrinterProfile",
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
    "build",
    "picture",
]
