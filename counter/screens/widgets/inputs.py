"""Fields to type in: composed Vietnamese, nothing lost in silence, no pattern that can be made to hang.

Textual's own `type="number"` and `type="integer"` backtrack for minutes on a scanned code (unfiled), a paste that does
not fit is dropped whole, and `MaskedInput` crashes (Textual #5493): none of them is used.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip
from textual.validation import ValidationResult, Validator
from textual.widgets import Input

from counter.locale import _
from counter.money import Dong, UnreadableAmount, read_dong
from counter.text import safe_text

ERASE: Final = "\x7f\x08"
"""What an input method sends inside a burst to take back the letter before."""
DEFAULT_LENGTH: Final = 200
AMOUNT_LENGTH: Final = 24


def composed(text: str) -> str:
    """`text` in NFC without control, format, private and unassigned characters; blanks of any kind are spaces.

    Unlike `safe_text` it keeps spaces at the ends: the person is still typing.
    """
    return "".join(
        " " if character in "\t\r\n\v\f" or kind[0] == "Z" else character
        for character in unicodedata.normalize("NFC", text)
        if (kind := unicodedata.category(character))[0] != "C" or character in "\t\r\n\v\f"
    )


class LineInput(Input):
    """One line of text. `.text` is what the trade gets: safe, no blanks at the ends."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("ctrl+h", "delete_left", show=False),
        # Enter typed before the program had the terminal, and what some scanners end a code with.
        Binding("ctrl+j", "submit", show=False),
    ]

    @dataclass
    class Said(Message):
        """The field did something the person should know about, for example cut a paste."""

        text: str

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        restrict: str | None = None,
        max_length: int = DEFAULT_LENGTH,
        password: bool = False,
        validators: list[Validator] | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            composed(value)[:max_length],
            placeholder=placeholder,
            restrict=restrict,
            max_length=max_length,
            password=password,
            validators=validators,
            valid_empty=True,
            validate_on=["changed", "submitted"],
            id=id,
            classes=classes,
        )
        self.cursor_blink = False

    @property
    def text(self) -> str:
        """What was typed, safe."""
        return safe_text(self.value)

    def validate_value(self, value: str) -> str:
        """Whatever sets the field, it holds composed text that fits."""
        return composed(value)[: self.max_length or DEFAULT_LENGTH]

    def replace(self, text: str, start: int, end: int) -> None:
        """The one door for typing, deleting and pasting. A character that does not fit rings the bell."""
        self._put(text, start, end)

    def _put(self, text: str, start: int, end: int) -> bool:
        """Put the text in place of `start:end`, cut where the field is full. False where something was left out."""
        value = self.value
        start, end = sorted((max(0, start), min(len(value), end)))
        before, after = self._typed(value[:start], text), value[end:]
        most = self.max_length or DEFAULT_LENGTH
        kept = before[: max(most - len(after), 0)]
        shown = unicodedata.normalize("NFC", kept + after)
        fits = len(kept) == len(before)
        allowed = not self.restrict or re.fullmatch(self.restrict, shown) is not None
        if not allowed or (not fits and len(kept) <= start):
            self.restricted()
            return False
        self.value = shown
        self.cursor_position = min(len(kept), len(shown))
        return fits

    def _typed(self, before: str, text: str) -> str:
        """The field's left part after the burst: letters added, erasers taking back what is before them."""
        parts = re.split(f"([{ERASE}])", text)
        for part in parts:
            before = before[:-1] if part and part in ERASE else unicodedata.normalize("NFC", before + composed(part))
        return before

    def admitted(self, line: str) -> str:
        """What of a pasted line is meant for this field."""
        return line

    def paste(self, text: str) -> None:
        """Paste: the first line that says something, as much as fits; what was left out is said aloud."""
        most = self.max_length or DEFAULT_LENGTH
        lines = [line for line in text[: 64 * most].splitlines() if line.strip()]
        if not lines:
            return
        was = self.value
        whole = self._put(self.admitted(lines[0][: 4 * most]), *self.selection) and len(lines[0]) <= 4 * most
        if self.value == was and not whole:
            self.post_message(self.Said(_("The pasted text does not fit here.")))
        elif len(lines) > 1 or len(text) > 64 * most:
            self.post_message(self.Said(_("Only the first line of the pasted text was taken.")))
        elif not whole:
            self.post_message(self.Said(_("The pasted text was too long and was cut.")))

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.paste(event.text)

    def action_paste(self) -> None:
        self.paste(self.app.clipboard)


class _IsAmount(Validator):
    def validate(self, value: str) -> ValidationResult:
        try:
            read_dong(value)
        except UnreadableAmount as refused:
            return self.failure(refused.why_text())
        return self.success()


class MoneyInput(LineInput):
    """An amount in whole đồng, as typed, with what it means at the right: `150k        = 150.000 ₫`.

    Letters are shown, not swallowed: a bill's code scanned into this field must not turn into the amount that its
    digits happen to spell.
    """

    DEFAULT_CSS = """
    MoneyInput {
        &>.money-input--meaning { color: $foreground; }
        &>.money-input--unreadable { color: $error; text-style: bold; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"money-input--meaning", "money-input--unreadable"}

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None, classes: str | None = None):
        super().__init__(
            value, placeholder=placeholder, max_length=AMOUNT_LENGTH, validators=[_IsAmount()], id=id, classes=classes
        )

    @property
    def amount(self) -> Dong | None:
        """The amount, None for an empty field. Raises UnreadableAmount."""
        return read_dong(self.text) if self.text else None

    def amount_or(self, due: Dong) -> Dong:
        """The amount; `due` where nothing stands here. A zero that was typed is a zero. Raises UnreadableAmount."""
        amount = self.amount
        return due if amount is None else amount

    def admitted(self, line: str) -> str:
        """Blanks and the sign of the currency around a pasted amount mean nothing."""
        return composed(line).strip().removesuffix("₫").removesuffix("đ").strip()

    def meaning(self) -> tuple[str, str]:
        """What stands at the right: the component class and the words."""
        try:
            amount = self.amount
        except UnreadableAmount:
            return "money-input--unreadable", _("× not an amount")
        return "money-input--meaning", "" if amount is None else f"= {amount}"

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        kind, words = self.meaning()
        width = self.scrollable_content_region.width
        left = width - cell_len(words)
        if y or not words or left < cell_len(self.value) + 2:
            return strip
        style = self.get_component_rich_style(kind)
        return Strip.join([strip.crop(0, left), Strip([Segment(words, style)])]).extend_cell_length(width + 1)

    def watch_value(self) -> None:
        self.refresh()
