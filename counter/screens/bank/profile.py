"""Making a statement's profile from a sample: what each column is, with what would then be read in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from counter.cashless.statements import Line
from counter.cashless.statements.making import (
    SHAPES,
    Draft,
    Sample,
    as_profile_text,
    guess,
    guess_below,
    sample_of,
    save_profile,
    try_profile,
)
from counter.cashless.statements.profiles import FIELDS
from counter.cashless.statements.tables import Read
from counter.clock import day_text
from counter.errors import Refused
from counter.locale import N_, _, translate
from counter.money import group_digits, total
from counter.screens.widgets import AMOUNT, Ask, Column, KeyBar, LineInput, NoticeLine, RowList, SafeStatic
from counter.sheets import SEPARATORS

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

FIELD_WORDS: Final = {
    "day": N_("Day"),
    "reference": N_("Reference number"),
    "debit": N_("Out (debit)"),
    "credit": N_("In (credit)"),
    "amount": N_("Amount with a sign"),
    "balance": N_("Balance"),
    "memo": N_("Content"),
    "counterparty": N_("Other party"),
}
SEPARATOR_WORDS: Final = {
    ".": N_("dot: 1.234.567"),
    ",": N_("comma: 1,234,567"),
    " ": N_("blank: 1 234 567"),
    "": N_("none: 1234567"),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """A line of the profile: its key, its words, what is chosen."""

    key: str
    words: str
    chosen: str


class ProfileScreen(Screen[str | None]):
    """↑ ↓ choose a line, ← → change it; the preview follows. Answers the name under which it was kept."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f2", "save", N_("Keep"), id="profile.save", priority=True),
        Binding("left", "change(-1)", N_("Other value"), key_display="← →", priority=True),
        Binding("right", "change(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.sample: Sample | None = None
        self.draft: Draft | None = None

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    @property
    def settings(self) -> RowList[Setting]:
        return self.query_one("#profile-settings", RowList)

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("A profile from {file}").format(file=self.path), id="top")
        yield RowList(
            Column(N_("What"), width=24),
            Column(N_("Column of the file"), flex=1),
            cells=lambda one: (one.words, one.chosen),
            empty=N_("The file is read…"),
            id="profile-settings",
        )
        yield SafeStatic(id="profile-facts")
        yield RowList(
            Column(N_("Day"), width=10),
            Column(N_("In (credit)"), width=AMOUNT, align="right"),
            Column(N_("Out (debit)"), width=AMOUNT, align="right"),
            Column(N_("Content"), flex=1),
            cells=_preview_cells,
            empty=N_("No row can be read like this."),
            id="profile-preview",
        )
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.counter.look(self._look_at_file, self._begin, group="sample")

    def _look_at_file(self) -> Sample | Refused:
        try:
            return sample_of(self.path)
        except Refused as refused:
            return refused

    def _begin(self, found: Sample | Refused) -> None:
        if isinstance(found, Refused):
            self.dismiss(None)
            self.counter.refuse(found)
            return
        self.sample, self.draft = found, guess(found)
        self._show()

    # --- changing -----------------------------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        self.settings.move(step)

    def action_change(self, step: int) -> None:
        """The next value of the line under the cursor; columns that serve another line are passed over."""
        setting, draft, sample = self.settings.current, self.draft, self.sample
        if setting is None or draft is None or sample is None:
            return
        if setting.key == "heading":
            self.draft = guess_below(sample, (draft.heading + step) % len(sample.rows))
        elif setting.key == "thousands":
            self.draft = replace(draft, thousands=_next(SEPARATORS, draft.thousands, step))
        elif setting.key == "days":
            self.draft = replace(draft, day_shape=_next(SHAPES, draft.day_shape, step))
        else:
            taken = {place for field, place in draft.columns.items() if field != setting.key}
            places = (None, *(place for place in range(len(sample.rows[draft.heading])) if place not in taken))
            self.draft = draft.with_column(setting.key, _next(places, draft.columns.get(setting.key), step))
        self._show()

    def _show(self) -> None:
        assert self.draft is not None and self.sample is not None
        cursor = self.settings.cursor
        self.settings.show(self._settings(self.draft, self.sample), cursor=cursor)
        text = as_profile_text(self.draft, self.sample, title=self.sample.file)
        self.counter.look(lambda: self._try(text), self._preview, group="preview")

    def _settings(self, draft: Draft, sample: Sample) -> list[Setting]:
        heading = sample.rows[draft.heading] if sample.rows else ()
        shown = [Setting("heading", _("Row of the headings"), f"{draft.heading + 1}: {' · '.join(filter(None, heading))}")]
        for field in FIELDS:
            place = draft.columns.get(field)
            name = heading[place] if place is not None and place < len(heading) else ""
            shown.append(Setting(field, translate(FIELD_WORDS[field]), f"{place + 1}: {name}" if place is not None else "–"))
        shown.append(Setting("thousands", _("Thousands"), translate(SEPARATOR_WORDS[draft.thousands])))
        shown.append(Setting("days", _("Days"), draft.day_shape))
        return shown

    # --- seeing -------------------------------------------------------------------------------------------------------

    def _try(self, text: str) -> Read | Refused:
        try:
            return try_profile(self.path, text=text)
        except Refused as refused:
            return refused

    def _preview(self, found: Read | Refused) -> None:
        facts, preview = self.query_one("#profile-facts", SafeStatic), self.query_one("#profile-preview", RowList)
        if isinstance(found, Refused):
            facts.show(f"✗ {found.why_text()}")
            preview.show([])
            return
        preview.show(found.lines[:100])
        facts.show(preview_words(found))

    # --- keeping ------------------------------------------------------------------------------------------------------

    def action_save(self) -> None:
        ask = Ask(_("Name of the profile"), _("Small letters, digits and dashes"), field=LineInput(max_length=39))
        self.app.push_screen(ask, lambda name: self._save(name) if name else None)

    def _save(self, name: str) -> None:
        if self.draft is None or self.sample is None:
            return
        text, home = as_profile_text(self.draft, self.sample, title=self.sample.file), self.counter.home.path
        self.counter.money(lambda: save_profile(home, name=name, text=text), lambda kept: self.dismiss(kept.name))

    def action_back(self) -> None:
        self.dismiss(None)


def preview_words(found: Read) -> str:
    """What would be read, and whether the balances agree with it."""
    came = total(line.amount for line in found.lines if not line.is_out)
    went = total(line.amount for line in found.lines if line.is_out)
    words = _("{read} rows read, {wrong} not; in {came}, out {went}.").format(
        read=group_digits(len(found.lines)), wrong=group_digits(len(found.rejected)), came=came, went=went
    )
    if found.opening is None or found.closing is None:
        return words
    agrees = found.opening + came - went == found.closing
    return words + " " + (_("✓ The balances agree.") if agrees else _("✗ The balances do not agree."))


def _next(values: Sequence[Any], now: Any, step: int) -> Any:
    return values[(values.index(now) + step) % len(values)] if now in values else values[0]


def _preview_cells(line: Line) -> Sequence[Any]:
    return (day_text(line.booked_day), "" if line.is_out else line.amount, line.amount if line.is_out else "", line.memo)
