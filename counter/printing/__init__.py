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
from counter.printing.pdf import as_pdf
from counter.printing.picture import as_png, picture
from counter.printing.plain import as_text
from counter.printing.profile import BadPrinterProfile, PrinterProfile
from counter.printing.talk import Condition, Done, Talk, Trouble, ack_seconds
from counter.printing.till_printer import Answers, Drawer, Found, TillPrinter, get_acquainted, speaks
from counter.printing.transports import (
    AddressUnreadable,
    CupsTransport,
    DeviceTransport,
    ExtraMissing,
    FileTransport,
    FoundPrinter,
    PaperFileLocked,
    Patience,
    PrinterAway,
    PrinterBrokeOff,
    PrinterForbidden,
    PrinterTaken,
    PrinterUnknown,
    SerialTransport,
    TcpTransport,
    Transport,
    UsbTransport,
    WindowsTransport,
)

__all__ = [
    "AddressUnreadable",
    "Answers",
    "BadPrinterProfile",
    "BillLine",
    "CashMove",
    "Condition",
    "CupsTransport",
    "DeviceTransport",
    "Document",
    "Done",
    "Drawer",
    "ExtraMissing",
    "FileTransport",
    "Found",
    "FoundPrinter",
    "Job",
    "NotesCounted",
    "OfficeHead",
    "OtherLine",
    "PaperFileLocked",
    "Patience",
    "PrinterAway",
    "PrinterBrokeOff",
    "PrinterForbidden",
    "PrinterProfile",
    "PrinterTaken",
    "PrinterTestDocument",
    "PrinterUnknown",
    "ReceiptDocument",
    "Reversal",
    "SerialTransport",
    "ShiftReportDocument",
    "TakenBy",
    "Talk",
    "TcpTransport",
    "TillPrinter",
    "Transport",
    "Trouble",
    "UsbTransport",
    "WindowsTransport",
    "ack_seconds",
    "as_pdf",
    "as_png",
    "as_raster_job",
    "as_text",
    "as_text_job",
    "build",
    "get_acquainted",
    "picture",
    "speaks",
]
