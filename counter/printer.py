"""This till's printer: from its settings, from what a person types, and back into the settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from pathlib import Path
from typing import Any, Final

from counter.config import Settings
from counter.desk import NoPaper, TillPaper
from counter.errors import BadInput
from counter.locale import N_
from counter.papers import profile_of
from counter.printing import (
    Condition,
    CupsTransport,
    DeviceTransport,
    Document,
    FileTransport,
    Found,
    OwnedTransport,
    Patience,
    SerialTransport,
    TcpTransport,
    TillPrinter,
    Transport,
    UsbTransport,
    WindowsTransport,
    get_acquainted,
)
from counter.printing.transports import PORT, USB_ADDRESS, address_text, is_device
from counter.text import safe_text

_PLACE: Final = re.compile(r"(tcp|usb|serial|cups|windows|file):(?://)?(.+)")
_HOST: Final = re.compile(r"\[(?P<six>[^\[\]]+)\](?::(?P<port6>\d{1,5}))?|(?P<host>[^:\[\]]+)(?::(?P<port>\d{1,5}))?")
"""`10.0.0.5:9100`, `printer.local`, `[fe80::1]:9100`, as self-test pages print them."""
_WITH_PORT: Final = re.compile(r"[^\s,;:/]+:\d{1,5}")
_BAUD: Final = re.compile(r"(.+)@(\d{3,6})")


class PrinterUnreadable(BadInput):
    """Text that names no printer."""

    why = N_("“{text}” names no printer.")
    todo = N_(
        "Write tcp:192.168.1.50, usb:/dev/usb/lp0, usb:04b8:0e15, serial:/dev/ttyUSB0@9600, cups:NAME, windows:NAME, "
        "file:/path, shared or none."
    )


class SharedPaper:
    """Another computer prints for this till (`counter printer run`)."""

    prints = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where a printer is, as settings."""

    settings: dict[str, Any]

    def __str__(self) -> str:
        return place_text(Settings.model_construct(**self.settings))


def paper_of(settings: Settings) -> TillPaper:
    """Where this till's paper comes out. Raises BadPrinterProfile."""
    if settings.paper == "shared":
        return SharedPaper()
    return till_printer(settings) or NoPaper()


def till_printer(settings: Settings, *, patience: Patience | None = None) -> TillPrinter | None:
    """The printer that this computer prints on, or None. Raises BadPrinterProfile."""
    patience = patience or Patience()
    transport = _transport(settings, patience)
    if transport is None:
        return None
    return TillPrinter(
        transport=OwnedTransport(transport),
        profile=profile_of(settings),
        answers=settings.paper_answers,
        done=settings.paper_done,
        drawer=settings.paper_drawer,
        patience=patience,
    )


def _transport(settings: Settings, patience: Patience) -> Transport | None:
    if settings.paper == "tcp":
        return TcpTransport(settings.paper_host, settings.paper_port, patience=patience)
    if settings.paper == "usb":
        if match := USB_ADDRESS.fullmatch(settings.paper_device):
            return UsbTransport(int(match[1], 16), int(match[2], 16), patience=patience)
        return DeviceTransport(Path(settings.paper_device), patience=patience)
    if settings.paper == "serial":
        return SerialTransport(settings.paper_device, settings.paper_baud, settings.paper_flow, patience=patience)
    if settings.paper == "cups":
        return CupsTransport(settings.paper_queue)
    if settings.paper == "windows":
        return WindowsTransport(settings.paper_queue)
    if settings.paper == "file":
        return _file(Path(settings.paper_file), patience, settings.home)
    return None


def _file(path: Path, patience: Patience, home: Path | None) -> Transport:
    """A file that keeps paper; a device that is named like one is a device."""
    try:
        device = is_device(path)
    except OSError:
        device = False
    return DeviceTransport(path, patience=patience) if device else FileTransport(path, keep_out=home)


def refuse_file(place: Place, *, home: Path) -> None:
    """Before a file is chosen for paper: it must be one that paper may go into. Raises PaperFileTaken, PaperFileLocked."""
    if place.settings["paper"] == "file":
        to = _file(Path(place.settings["paper_file"]), Patience(), home)
        if isinstance(to, FileTransport):
            to.open().close()


def place_of(text: str) -> Place:
    """`tcp:192.168.1.50:9100` and its like as settings. Raises PrinterUnreadable."""
    text = text.strip()
    if text in ("none", "shared"):
        return Place({"paper": text})
    match = _PLACE.fullmatch(text)
    if match is None or safe_text(text, limit=300) != text:
        raise PrinterUnreadable(text=safe_text(text, limit=60))
    kind, where = match[1], match[2]
    found: dict[str, Any] = {"paper": kind}
    if kind == "tcp":
        host, port = _host_and_port(where, text=text)
        found |= {"paper_host": host, "paper_port": port}
    elif kind == "serial":
        speed = _BAUD.fullmatch(where)
        found |= {"paper_device": speed[1] if speed else where, "paper_baud": int(speed[2]) if speed else 9600}
        if not 1200 <= found["paper_baud"] <= 921_600:
            raise PrinterUnreadable(text=safe_text(text, limit=60))
    else:
        found |= {{"usb": "paper_device", "file": "paper_file"}.get(kind, "paper_queue"): where}
    return Place(found)


def _host_and_port(where: str, *, text: str) -> tuple[str, int]:
    """Raises PrinterUnreadable."""
    unreadable = PrinterUnreadable(text=safe_text(text, limit=60))
    is_bare = where.count(":") > 1 and not where.startswith("[")  # an IPv6 address without a port
    match = _HOST.fullmatch(f"[{where}]" if is_bare else where)
    if match is None:
        raise unreadable
    port = int(match["port"] or match["port6"] or PORT)
    try:
        host = match["host"] or str(IPv6Address(match["six"]))
    except ValueError:
        raise unreadable from None
    if not 1 <= port <= 65535:
        raise unreadable
    return host, port


def typed_place(text: str) -> Place | None:
    """What a person typed, if it names one place: a kind with an address, or an address with its port.

    None: addresses that may be asked. Raises PrinterUnreadable.
    """
    text = text.strip()
    if _PLACE.fullmatch(text):
        return place_of(text)
    if text.startswith("[") or _WITH_PORT.fullmatch(text):
        return place_of(f"tcp:{text}")
    return None


def place_text(settings: Settings) -> str:
    """Where this till prints, in the form that `place_of` reads."""
    named = {
        "tcp": address_text(settings.paper_host, settings.paper_port),
        "usb": settings.paper_device,
        "serial": f"{settings.paper_device}@{settings.paper_baud}",
        "cups": settings.paper_queue,
        "windows": settings.paper_queue,
        "file": settings.paper_file,
    }
    return f"{settings.paper}:{named[settings.paper]}" if settings.paper in named else settings.paper


def as_settings(printer: TillPrinter) -> dict[str, Any]:
    """What was found out about a printer, as settings: how it speaks, its width, its letters, its drawer."""
    plain = printer.profile.as_plain()
    dots, columns = plain.pop("dots"), plain.pop("columns")
    plain.pop("baud")
    return {
        "paper_answers": printer.answers,
        "paper_done": printer.done,
        "paper_drawer": printer.drawer,
        "paper_dots": dots,
        "paper_columns": columns,
        "printer": plain,
    }


def try_out(printer: TillPrinter, page: Document | None = None) -> Found:
    """A first talk with a printer: how it is, one page if given, and which last word comes. Nothing is kept.

    Raises PrinterAway and its kinds, PrinterBrokeOff.
    """
    line = printer.transport.open()
    try:
        found = get_acquainted(printer, line, printer.job(page) if page is not None else None)
        line.finish()
        return found
    finally:
        line.close()


def try_drawer(printer: TillPrinter) -> None:
    """One pulse to the drawer. Raises PrinterAway and its kinds, PrinterBrokeOff."""
    line = printer.transport.open()
    try:
        line.write(printer.pulse(Condition(answered=False)).data)
        line.finish()
    finally:
        line.close()
