"""Paper: documents (plain facts) -> compose and layout (lines) -> text, PDF, picture, ESC/POS -> a printer.

Importing this is cheap: what draws (Pillow, reportlab, qrcode) is loaded by the first paper.
"""

from counter.printing.documents import (
    BillLine,
    CalibrationDocument,
    CashMove,
    DayReportDocument,
    DayShift,
    DayTill,
    Document,
    Layout,
    NotesCounted,
    OfficeHead,
    OtherLine,
    PosterDocument,
    PosterSlot,
    PrinterTestDocument,
    ReceiptDocument,
    Reversal,
    ShiftReportDocument,
    TakenBy,
    TicketDocument,
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
    "CalibrationDocument",
    "CashMove",
    "DayReportDocument",
    "DayShift",
    "DayTill",
    "Document",
    "FilePrinter",
    "Job",
    "Layout",
    "NoPrinter",
    "NotesCounted",
    "OfficeHead",
    "OtherLine",
    "Paper",
    "PaperFileLocked",
    "PosterDocument",
    "PosterSlot",
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
    "TicketDocument",
    "Tray",
    "as_pdf",
    "as_png",
    "as_raster_job",
    "as_text",
    "as_text_job",
    "build",
    "picture",
]
