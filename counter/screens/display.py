"""The customer's side of a till, in a second terminal: the code to scan, the amount in large figures, “received”.

It only looks. While the database is away it shows no code: what cannot be checked must not be paid.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message

from counter.customer_words import countdown, facts, headline
from counter.locale import N_, _
from counter.payments import qr
from counter.payments.qr import CustomerSide, Showing
from counter.screens.app_base import BaseApp
from counter.screens.widgets import SafeStatic, as_set
from counter.screens.widgets.digits import drawn, scale_for
from counter.screens.widgets.qr import QrView

if TYPE_CHECKING:
    from counter.desk import Desk
    from counter.home import Home

LOG: Final = logging.getLogger("counter")
LOOK: Final = 0.5
"""Seconds between two looks."""
AGAIN: Final = 3.0
"""Seconds until a database that is away is tried again."""


class DisplayApp(BaseApp):
    """One till's customer. `sit` opens the desk and may raise."""

    TITLE = "Quầy"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #side { padding: 0 2; height: 1fr; }
    #side-code { width: 46; display: none; }
    #side-facts { width: 1fr; height: 100%; padding: 0 0 0 2; }
    #side-office { dock: top; width: 100%; text-style: bold; background: $panel; padding: 0 1; }
    #side-headline { text-style: bold; height: auto; padding: 1 0 0 0; color: $text-accent; }
    #side-amount { height: auto; padding: 1 0; text-style: bold; }
    .-received #side-headline, .-received #side-amount { color: $text-success; }
    """
    BINDINGS: ClassVar[list[Any]] = [
        Binding("q,escape,f9,f10,ctrl+q", "quit", N_("Quit"), id="display.quit", show=False, priority=True)
    ]

    class Heard(Message):
        """From the thread: what the customer shall see, or None while nobody knows."""

        def __init__(self, side: CustomerSide | None) -> None:
            super().__init__()
            self.side = side

    def __init__(self, sit: Callable[[], Desk], *, till_code: str, settings: Any = None) -> None:
        super().__init__(settings=settings)
        self._sit = sit
        self._till_code = till_code
        self._stop = threading.Event()
        self.side: CustomerSide | None = None

    def compose(self) -> ComposeResult:
        yield SafeStatic(id="side-office")
        with Horizontal(id="side"):
            yield QrView(id="side-code")
            with Vertical(id="side-facts"):
                yield SafeStatic(id="side-headline")
                yield SafeStatic(id="side-amount")
                yield SafeStatic(id="side-lines")

    def on_mount(self) -> None:
        self._draw()
        threading.Thread(target=self._watch, name="display", daemon=True).start()

    def on_unmount(self) -> None:
        self._stop.set()

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def _watch(self) -> None:
        """Look twice a second; whatever happens, begin again."""
        desk: Desk | None = None
        while not self._stop.is_set():
            try:
                desk = desk or self._sit()
                side = desk.see(qr.customer_side, till_code=self._till_code, now=desk.clock.now())
                self.post_message(self.Heard(side))
                self._stop.wait(LOOK)
            except Exception as error:
                LOG.warning("the customer's screen sees nothing: %s", type(error).__name__)
                self.post_message(self.Heard(None))
                self._stop.wait(AGAIN)
        if desk is not None:
            desk.database.close()

    def on_display_app_heard(self, message: Heard) -> None:
        """Draw it; a bell when the money is there."""
        before, self.side = self.side, message.side
        if before != self.side:
            is_new = before is not None and before.showing is not Showing.RECEIVED
            if self.side is not None and self.side.showing is Showing.RECEIVED and is_new:
                self.bell()
            self._draw()

    def _draw(self) -> None:
        if not self.query(QrView):
            return  # not there yet, or not any more
        side = self.side
        showing = side.showing if side is not None else Showing.IDLE
        self.screen.set_class(showing is Showing.RECEIVED, "-received")
        code = self.query_one(QrView)
        code.display = bool(side and side.payload)
        code.show(side.payload if side else "", instead=_("This window is too small for the code."))
        self.query_one("#side-office", SafeStatic).show(f"{side.office} · {side.till_code}" if side else "")
        self.query_one("#side-headline", SafeStatic).show(headline(side) if side else _("One moment, please"))
        self.query_one("#side-amount", SafeStatic).show(self._amount(side) if side else "")
        lines = [*facts(side), countdown(side)] if side else []
        self.query_one("#side-lines", SafeStatic).show(*lines)

    def _amount(self, side: CustomerSide) -> Any:
        """As large as there is room; in plain letters where there is none."""
        if side.showing is Showing.IDLE:
            return ""
        figure = str(side.amount).removesuffix("₫").strip()
        width = self.size.width - (46 if side.payload else 0) - 8
        scale = scale_for(figure, width=width, height=max(4, self.size.height // 3))
        return as_set(*drawn(figure, scale=scale)) if scale else str(side.amount)


def open_display(home: Home, *, till_code: str) -> int:
    """The customer's screen in this terminal until somebody ends it; the exit code."""
    from counter.home import sit_down
    from counter.people import PinKeeper
    from counter.screens import terminal

    nobodys = PinKeeper(pepper=secrets.token_bytes(32))  # who only looks needs no secret of the office
    app = DisplayApp(lambda: sit_down(home, pins=nobodys), till_code=till_code, settings=home.settings)
    return terminal.start(app, log=home.path / "display.log")
