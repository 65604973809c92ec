"""Going from field to field where several stand under each other."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from counter.screens.widgets.inputs import LineInput


def step_field(screen: Screen[Any], step: int) -> None:
    """The field so many below the one in use (above: negative), what stands in it marked; at the ends it rings."""
    fields = [field for field in screen.query(LineInput) if field.focusable]
    here = screen.focused
    place = fields.index(here) + step if isinstance(here, LineInput) and here in fields else 0
    if 0 <= place < len(fields):
        fields[place].focus()
    else:
        screen.app.bell()
