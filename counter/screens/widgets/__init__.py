"""What the screens are built from. Nothing here knows the trade; nothing here parses markup.

Tables and dialogs are loaded when they are first named: the sign-in, which everybody waits for, has neither.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from counter.screens.widgets.fields import step_field
from counter.screens.widgets.inputs import LineInput, MoneyInput, composed
from counter.screens.widgets.keybar import KeyBar, KeyHint, key_name
from counter.screens.widgets.notice import Notice, NoticeLine, Tone
from counter.screens.widgets.papersign import PaperSign
from counter.screens.widgets.text import Cut, Money, SafeStatic, Words, as_set, figures, fitted, money, paragraph, plain

if TYPE_CHECKING:
    from counter.screens.widgets.dialog import BACK_KEY, Aside, Ask, Choice, Confirm, Dialog, Menu
    from counter.screens.widgets.table import AMOUNT, Cell, Column, RowList, TickList

_LATER = {
    **dict.fromkeys(("BACK_KEY", "Aside", "Ask", "Choice", "Confirm", "Dialog", "Menu"), "dialog"),
    **dict.fromkeys(("AMOUNT", "Cell", "Column", "RowList", "TickList"), "table"),
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)


__all__ = [
    "AMOUNT",
    "BACK_KEY",
    "Aside",
    "Ask",
    "Cell",
    "Choice",
    "Column",
    "Confirm",
    "Cut",
    "Dialog",
    "KeyBar",
    "KeyHint",
    "LineInput",
    "Menu",
    "Money",
    "MoneyInput",
    "Notice",
    "NoticeLine",
    "PaperSign",
    "RowList",
    "SafeStatic",
    "TickList",
    "Tone",
    "Words",
    "as_set",
    "composed",
    "figures",
    "fitted",
    "key_name",
    "money",
    "paragraph",
    "plain",
    "step_field",
]
