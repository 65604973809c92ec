"""A USB printer without a driver of the system, by pyusb, which is loaded when one is used."""

from __future__ import annotations

import contextlib
import errno
import re
import time
from dataclasses import dataclass, field
from typing import Any, Final

from counter.printing.transports.line import Line, Patience
from counter.printing.transports.refusals import (
    ExtraMissing,
    PrinterAway,
    PrinterBrokeOff,
    PrinterForbidden,
    PrinterTaken,
    PrinterUnknown,
)

PRINTER_CLASS: Final = 7
ADDRESS: Final = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")
_PIECE: Final = 4096


@dataclass(frozen=True, slots=True)
class UsbTransport:
    """A device by its vendor and product, as `lsusb` writes them: `04b8:0e15`."""

    vendor: int
    product: int
    patience: Patience = field(default_factory=Patience)
    bytes_per_second: float = 0.0

    @property
    def name(self) -> str:
        """`04b8:0e15`."""
        return f"{self.vendor:04x}:{self.product:04x}"

    def open(self) -> Line:
        """Raises ExtraMissing, PrinterUnknown, PrinterForbidden, PrinterTaken, PrinterAway."""
        try:
            import usb.core
            import usb.util
        except ImportError as error:
            raise ExtraMissing(library="pyusb", command="pip install 'quaythu[usb]'") from error
        try:
            device = usb.core.find(idVendor=self.vendor, idProduct=self.product)
            if device is None:
                raise PrinterUnknown(printer=self.name)
            return self._claim(device, usb.util)
        except usb.core.NoBackendError as error:
            raise ExtraMissing(library="libusb", command="apt install libusb-1.0-0") from error
        except usb.core.USBError as error:
            kinds = {errno.EACCES: PrinterForbidden, errno.EBUSY: PrinterTaken, errno.ENODEV: PrinterUnknown}
            raise kinds.get(error.errno, PrinterAway)(printer=self.name) from error

    def _claim(self, device: Any, util: Any) -> _UsbLine:
        """The printer's interface, taken from the system's driver where that holds it, and its two ends."""
        for interface in device.get_active_configuration():
            if interface.bInterfaceClass != PRINTER_CLASS:
                continue
            number = interface.bInterfaceNumber
            with contextlib.suppress(NotImplementedError):
                if device.is_kernel_driver_active(number):
                    device.detach_kernel_driver(number)
            util.claim_interface(device, number)
            ends = {util.endpoint_direction(end.bEndpointAddress): end for end in interface}
            if util.ENDPOINT_OUT in ends:
                return _UsbLine(device, util, number, ends[util.ENDPOINT_OUT], ends.get(util.ENDPOINT_IN), self)
        raise PrinterUnknown(printer=self.name)


class _UsbLine:
    """Bulk transfers with a time limit each."""

    keeps = False

    def __init__(self, device: Any, util: Any, number: int, out: Any, back: Any, to: UsbTransport) -> None:
        self._device, self._util, self._number = device, util, number
        self._out, self._back, self._to = out, back, to
        self.answers = back is not None

    def write(self, data: bytes, *, seconds: float | None = None) -> None:
        """Raises PrinterBrokeOff."""
        end = time.monotonic() + (self._to.patience.whole if seconds is None else seconds)
        view = memoryview(data)
        try:
            while view:
                left = min(end - time.monotonic(), self._to.patience.stall)
                if left <= 0:
                    raise TimeoutError
                view = view[self._out.write(bytes(view[:_PIECE]), timeout=max(1, int(left * 1000))) :]
        except OSError as error:  # USBError is one
            raise PrinterBrokeOff(printer=self._to.name) from error

    def read(self, seconds: float) -> bytes:
        """Raises PrinterBrokeOff."""
        if self._back is None:
            return b""
        try:
            return bytes(self._back.read(self._back.wMaxPacketSize, timeout=max(1, int(seconds * 1000))))
        except OSError as error:
            if error.errno in (errno.ETIMEDOUT, errno.EAGAIN):
                return b""
            raise PrinterBrokeOff(printer=self._to.name) from error

    def finish(self) -> None:
        """Everything was handed over by `write`."""

    def close(self) -> None:
        """Let go, and give the device back to the system's driver."""
        with contextlib.suppress(OSError, NotImplementedError):
            self._util.release_interface(self._device, self._number)
            self._util.dispose_resources(self._device)
            self._device.attach_kernel_driver(self._number)
