"""Finding printers: what is plugged in, what the system knows, and the network addresses that a person typed, no others."""

from __future__ import annotations

import ipaddress
import re
import shutil
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from counter.printing.transports.refusals import AddressUnreadable, PrinterAway
from counter.printing.transports.system import said
from counter.printing.transports.tcp import PORT
from counter.text import safe_text

Kind = Literal["tcp", "usb", "serial", "cups", "windows", "file"]
MOST: Final = 256
_SECONDS: Final = 0.7
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_RANGE: Final = re.compile(r"(\d+\.\d+\.\d+\.)(\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class FoundPrinter:
    """A printer that may be used: the kind of connection and its address."""

    kind: Kind
    address: str


def local_printers() -> list[FoundPrinter]:
    """What is plugged into this computer and what its system prints to. Blocks up to a few seconds: call it in a worker."""
    found = [FoundPrinter("usb", path) for path in _devices("usb/lp*", "lp[0-9]*")]
    ports = _devices("ttyUSB*", "ttyACM*", "tty.usb*")
    found += [FoundPrinter("serial", port) for port in ports or _ports_of_windows()]
    return [*found, *_queues(), *_printers_of_windows()]


def _devices(*patterns: str) -> list[str]:
    return sorted(str(path) for pattern in patterns for path in Path("/dev").glob(pattern))


def _queues() -> Iterator[FoundPrinter]:
    if shutil.which("lpstat"):
        try:
            _code, text = said(["lpstat", "-e"], printer="lpstat")
        except PrinterAway:
            return
        yield from (FoundPrinter("cups", safe_text(line, limit=127)) for line in text.split() if line)


def _ports_of_windows() -> list[str]:
    if sys.platform != "win32":
        return []
    try:
        from serial.tools import list_ports
    except ImportError:
        return []
    return sorted(port.device for port in list_ports.comports())


def _printers_of_windows() -> Iterator[FoundPrinter]:
    if sys.platform != "win32":
        return
    try:
        import win32print
    except ImportError:
        return
    local_and_connected = 2 | 4
    for entry in win32print.EnumPrinters(local_and_connected, None, 4):
        yield FoundPrinter("windows", safe_text(entry["pPrinterName"], limit=120))


def addresses(text: str) -> list[str]:
    """`192.168.1.50, 192.168.1.60-70 192.168.2.0/28 printer.local` as single addresses. Raises AddressUnreadable."""
    found: list[str] = []
    for word in re.split(r"[\s,;]+", text.strip()):
        if word:
            found += _addresses(word)
    if not found or len(found) > MOST:
        raise AddressUnreadable(text=safe_text(text, limit=60), most=MOST)
    return list(dict.fromkeys(found))


def _addresses(word: str) -> list[str]:
    unreadable = AddressUnreadable(text=safe_text(word, limit=60), most=MOST)
    try:
        if "/" in word:
            network = ipaddress.ip_network(word, strict=False)
            if network.num_addresses > MOST:
                raise unreadable
            return [str(one) for one in network.hosts()]
        if match := _RANGE.fullmatch(word):
            first, last = int(match[2]), int(match[3])
            return [str(ipaddress.ip_address(f"{match[1]}{end}")) for end in range(first, min(last, first + MOST) + 1)]
        if re.fullmatch(r"[\d.]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*", word):
            return [str(ipaddress.ip_address(word))]
    except ValueError:
        raise unreadable from None
    if not _HOST.fullmatch(word):
        raise unreadable
    return [word]


def on_the_network(hosts: list[str], *, port: int = PORT) -> list[FoundPrinter]:
    """Which of these addresses take a connection on the printers' port; each is asked once, for less than a second."""
    with ThreadPoolExecutor(max_workers=32) as pool:
        there = list(pool.map(lambda host: _listens(host, port), hosts))
    return [FoundPrinter("tcp", host) for host, is_there in zip(hosts, there, strict=True) if is_there]


def _listens(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=_SECONDS):
            return True
    except (OSError, UnicodeError):
        return False
