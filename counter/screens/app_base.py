"""What every screen of the counter stands on: keys in order, plain text, four looks, a calm end. No trade in here."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import Console, RenderableType
from textual import constants, events
from textual.app import ScreenError
from textual.binding import Binding
from textual.command import CommandPalette
from textual.content import Content
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.notifications import SeverityLevel

from counter.errors import Refused
from counter.locale import N_, _
from counter.screens import leaks, terminal
from counter.screens.net import ControlNet
from counter.screens.themes import THEMES
from counter.screens.widgets import LineInput, Notice, NoticeLine, Tone, plain
from counter.screens.work import LOG, WorkingApp
from counter.text import safe_text

if TYPE_CHECKING:
    from counter.config import Settings
    from counter.glance import Glance
    from counter.screens.palette import Entry, FoldedCommands

vars(constants)["DISABLE_KITTY_KEY"] = True
"""As counter.screens says, also where something imported Textual before us: the driver reads this when it starts."""
leaks.mend()
BUG = 70
"""Exit code of an app that stopped because of a fault in the program."""
SEVERITIES: dict[Tone, SeverityLevel] = {Tone.WARNING: "warning", Tone.ERROR: "error"}


def _commands() -> type[FoldedCommands]:
    """What the palette offers: loaded when it is opened."""
    from counter.screens.palette import FoldedCommands

    return FoldedCommands


class BaseApp(WorkingApp):
    """The app without its screens."""

    CSS_PATH: ClassVar[Any] = Path(__file__).with_name("counter.tcss")
    ALLOW_SELECT = False
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {_commands}
    NOTIFICATION_TIMEOUT = 8
    BINDINGS: ClassVar[list[Any]] = [Binding("f1", "help", N_("Help"), id="help", priority=True)]

    def __init__(self, *, settings: Settings | Glance | None = None, keymap: dict[str, str] | None = None) -> None:
        """`keymap` gives other keys to bindings by their id: `{"help": "f12"}`."""
        super().__init__()
        self.animation_level = "none"
        self._net = ControlNet()
        self._sound = True
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        if settings is not None:
            self.wear(settings)
        if keymap:
            self.set_keymap(keymap)
        self.leaving = False
        self.log_path: Path | None = None
        self.last_words = ""
        self.line_settings: Any = None

    def wear(self, settings: Settings | Glance) -> None:
        """The colours and the bell as the office wants them; colours that there are not stay as they are."""
        self._sound = settings.sound == "on"
        if settings.theme in self.available_themes:
            self.theme = settings.theme

    def _on_mount(self) -> None:
        if not self.is_headless:
            self.line_settings = getattr(self._driver, "attrs_before", None)
            terminal.watch(self)

    # --- saying something --------------------------------------------------------------------------------------------

    def tell(self, notice: Notice) -> None:
        """Say it in the screen's NoticeLine, or in a corner where there is none.

        Warnings and errors ring the bell; an error also forgets what was typed ahead, which was meant for something
        that did not happen.
        """
        if notice.tone in (Tone.WARNING, Tone.ERROR):
            self.bell()
        if notice.tone is Tone.ERROR:
            self.drop_queue()
        lines = self._notice_lines()
        if lines:
            lines[0].show(notice)
        else:
            self.notify(notice.text, severity=SEVERITIES.get(notice.tone, "information"))

    def _notice_lines(self) -> list[NoticeLine]:
        try:
            return list(self.screen.query(NoticeLine))
        except ScreenError:
            return []

    def info(self, text: str) -> None:
        """A fact."""
        self.tell(Notice(Tone.INFO, text))

    def done(self, text: str) -> None:
        """It went well."""
        self.tell(Notice(Tone.DONE, text))

    def busy(self, text: str) -> None:
        """Something is going on; keys may wait."""
        self.tell(Notice(Tone.BUSY, text))

    def warn(self, text: str) -> None:
        """Look here; nothing is wrong yet."""
        self.tell(Notice(Tone.WARNING, text))

    def error(self, text: str) -> None:
        """It did not go."""
        self.tell(Notice(Tone.ERROR, text))

    def refuse(self, refused: Refused) -> None:
        """Why not, and what to press next."""
        self.error(f"{refused.why_text()} {refused.todo_text()}")

    def unclaimed(self, value: object) -> None:
        """A write went well whose screen is gone."""
        self.done(_("What you did before is saved."))

    def fault(self, error: Exception) -> None:
        """A worker failed in a way nobody foresaw: log it, say it calmly, go on."""
        super().fault(error)
        self.error(_("Something went wrong in the program. Whatever was confirmed is saved; look before you repeat it."))

    def on_line_input_said(self, message: LineInput.Said) -> None:
        """A field cut a paste, or took only a part of it."""
        self.warn(message.text)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """A note in the corner. Plain text always: Textual's default parses markup and crashes on `[/]` (#6155)."""
        super().notify(safe_text(message), title=safe_text(title), severity=severity, timeout=timeout, markup=False)

    def meaningless(self, event: events.Key | events.Paste) -> None:
        """A key nobody here knows: the screen passes it on, says what it thinks of it, or the bell does."""
        pass_on = getattr(self.screen, "pass_on", None)
        if pass_on is None or not pass_on(event):
            getattr(self.screen, "meaningless", self.bell)()

    def bell(self) -> None:
        """The bell, unless the office switched it off."""
        if self._sound:
            super().bell()

    # --- keys and the palette ----------------------------------------------------------------------------------------

    def action_command_palette(self) -> None:
        """Every command by its name; marks need not be typed."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("Name of a command; marks not needed"), id="--command-palette"))

    def palette_entries(self) -> Iterator[Entry]:
        """What the palette offers on every screen."""
        from counter.screens.palette import Entry

        names = (N_("Dark"), N_("Light"), N_("High contrast"), N_("Sixteen colours"))
        for theme, name in zip(THEMES, names, strict=True):
            yield Entry(_("Colours: {name}").format(name=_(name)), "", partial(self._use_theme, theme.name))

    def _use_theme(self, name: str) -> None:
        self.theme = name

    def action_help(self) -> None:
        """Every key of this screen."""
        from counter.screens.palette import entries_of
        from counter.screens.widgets import Dialog

        entries = [entry for entry in entries_of(self.screen) if entry.key]
        keys = [Content(f"{entry.key:<7}") + plain(entry.label) for entry in entries]
        self.push_screen(Dialog[None](_("Keys of this screen"), *keys, choices=[], id="help"))

    def action_help_quit(self) -> None:
        """^C is a reflex; it leaves nothing."""
        self.info(_("Press ^Q to leave."))

    def handle_bindings_clash(self, clashed_bindings: set[Binding], node: DOMNode) -> None:
        """Two actions on one key: the settings gave a key twice."""
        LOG.warning("keys given twice: %s", sorted(binding.id or binding.action for binding in clashed_bindings))

    # --- the net and the end -----------------------------------------------------------------------------------------

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The net comes first: no control character of the data reaches the terminal."""
        return [self._net, *super().get_line_filters()]

    def note_fault(self, error: BaseException) -> None:
        """Log the fault without the values of variables and prepare the one sentence that is left on the terminal."""
        LOG.error("the screens stopped", exc_info=error)
        self._return_code = BUG
        self.last_words = _(
            "The counter stopped because of a fault in the program. Every payment that was shown as taken is saved. "
            "Start again; before you repeat the last payment, look for it in the receipts. Details: {log}"
        ).format(log=self.log_path or "-")

    def _handle_exception(self, error: Exception) -> None:
        """End calmly. Textual would print a traceback with the values of variables: customers' data on the screen.

        Under Pilot the error is raised again, as in stock Textual.
        """
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
            self.note_fault(error)
        self._return_code = BUG
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """Textual's input thread failed: what it has to say goes to the log."""
        text = io.StringIO()
        Console(file=text, width=120, color_system=None).print(*renderables)
        cause = sys.exc_info()[1]
        self.note_fault(cause if cause is not None else RuntimeError(text.getvalue()))
        self._close_messages_no_wait()
