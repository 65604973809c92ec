"""How bytes reach a printer: TCP, a USB device, a serial line, the system's spooler, a file. Each step has a time limit."""

from counter.printing.transports.device import DeviceTransport, FileTransport, is_device
from counter.printing.transports.find import FoundPrinter, addresses, local_printers, on_the_network
from counter.printing.transports.line import Line, Patience, Transport, WholeLine
from counter.printing.transports.owned import OwnedTransport
from counter.printing.transports.refusals import (
    AddressUnreadable,
    ExtraMissing,
    PaperFileLocked,
    PaperFileTaken,
    PrinterAway,
    PrinterBrokeOff,
    PrinterForbidden,
    PrinterTaken,
    PrinterUnknown,
)
from counter.printing.transports.serial_line import SerialTransport
from counter.printing.transports.system import CupsTransport, WindowsTransport
from counter.printing.transports.tcp import PORT, TcpTransport, address_text
from counter.printing.transports.usb import ADDRESS as USB_ADDRESS
from counter.printing.transports.usb import UsbTransport

__all__ = [
    "PORT",
    "USB_ADDRESS",
    "AddressUnreadable",
    "CupsTransport",
    "DeviceTransport",
    "ExtraMissing",
    "FileTransport",
    "FoundPrinter",
    "Line",
    "OwnedTransport",
    "PaperFileLocked",
    "PaperFileTaken",
    "Patience",
    "PrinterAway",
    "PrinterBrokeOff",
    "PrinterForbidden",
    "PrinterTaken",
    "PrinterUnknown",
    "SerialTransport",
    "TcpTransport",
    "Transport",
    "UsbTransport",
    "WholeLine",
    "WindowsTransport",
    "address_text",
    "addresses",
    "is_device",
    "local_printers",
    "on_the_network",
]
