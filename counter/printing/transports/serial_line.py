"""A printer on a serial line, by pyserial, which is loaded when one is used."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from counter.printing.transports.device import away
from counter.printing.transports.line import Line, Patience
from counter.printing.transports.refusals import ExtraMissing, PrinterAway, PrinterBrokeOff

Flow = Literal["xonxoff", "rtscts", "none"]
"""How the printer says “wait”: by a byte, by a wire, or not at all."""


@dataclass(frozen=True, slots=True)
class SerialTransport:
    """A port of the system (`/dev/ttyUSB0`, `COM3`) and its speed in baud."""

    port: str
    baud: int = 9600
    flow: Flow = "xonxoff"
    patience: Patience = field(default_factory=Patience)

    @property
    def name(self) -> str:
        """`/dev/ttyUSB0`."""
        return self.port

    @property
    def bytes_per_second(self) -> float:
        """A byte is ten bits on the wire."""
        return self.baud / 10

    def open(self) -> Line:
        """Raises ExtraMissing, PrinterUnknown, PrinterForbidden, PrinterTaken, PrinterAway."""
        try:
            import serial
        except ImportError as error:
            raise ExtraMissing(library="pyserial", command="pip install 'quaythu[serial]'") from error
        try:
            port = serial.Serial(
                self.port,
                self.baud,
                timeout=0,
                write_timeout=self.patience.stall,
                xonxoff=self.flow == "xonxoff",
                rtscts=self.flow == "rtscts",
                exclusive=True,
            )
        except OSError as error:  # SerialException is one
            raise away(error, printer=self.port) from error
        except ValueError as error:  # a speed or a name that there is not
            raise PrinterAway(printer=self.port) from error
        return _SerialLine(port, self)


class _SerialLine:
    """The port, written in pieces that take well below the limit each."""

    answers = True
    keeps = False

    def __init__(self, port: Any, to: SerialTransport) -> None:
        self._port = port
        self._to = to

    def write(self, data: bytes, *, seconds: float | None = None) -> None:
        """Raises PrinterBrokeOff."""
        whole = len(data) / self._to.bytes_per_second + self._to.patience.whole
        end = time.monotonic() + (whole if seconds is None else seconds)
        piece = 256
        try:
            for start in range(0, len(data), piece):
                if time.monotonic() >= end:
                    raise TimeoutError
                self._port.write(data[start : start + piece])
        except OSError as error:  # SerialTimeoutException is one
            raise PrinterBrokeOff(printer=self._to.name) from error

    def read(self, seconds: float) -> bytes:
        """Raises PrinterBrokeOff."""
        try:
            self._port.timeout = max(0.0, seconds)
            said: bytes = self._port.read(1)
            if said:
                self._port.timeout = 0
                said += self._port.read(4096)
        except (OSError, TypeError) as error:  # pyserial: TypeError when the port went away while read
            raise PrinterBrokeOff(printer=self._to.name) from error
        return said

    def finish(self) -> None:
        """Everything was handed over by `write`."""

    def close(self) -> None:
        """Let go; what the printer did not take is forgotten, so that closing never waits for it."""
        with contextlib.suppress(OSError):
            self._port.reset_output_buffer()
        with contextlib.suppress(OSError):
            self._port.close()
