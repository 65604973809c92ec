"""What the screens are built from. Nothing here knows the trade; nothing here parses markup."""

from counter.screens.widgets.dialog import BACK_KEY, Ask, Choice, Confirm, Dialog
from counter.screens.widgets.inputs import LineInput, MoneyInput, composed
from counter.screens.widgets.keybar import KeyBar, KeyHint, key_name
from counter.screens.widgets.notice import Notice, NoticeLine, Tone
from counter.screens.widgets.table import Cell, Column, RowList, TickList
from counter.screens.widgets.text import Money, SafeStatic, Words, as_set, figures, money, paragraph, plain

__all__ = [
    "BACK_KEY",
    "Ask",
    "Cell",
    "Choice",
    "Column",
    "Confirm",
    "Dialog",
    "KeyBar",
    "KeyHint",
    "LineInput",
    "Money",
    "MoneyInput",
    "Notice",
    "NoticeLine",
    "RowList",
    "SafeStatic",
    "TickList",
    "Tone",
    "Words",
    "as_set",
    "composed",
    "figures",
    "key_name",
    "money",
    "paragraph",
    "plain",
]
