"""The states of a ticket in words, as screens, slips and refusals say them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from counter.locale import N_
from db.states import TicketState

STATES: Final[Mapping[TicketState, str]] = {
    TicketState.DRAFT: N_("on offer"),
    TicketState.BOOKED: N_("booked"),
    TicketState.WAITING: N_("waiting"),
    TicketState.CALLED: N_("called"),
    TicketState.HELD: N_("on hold"),
    TicketState.ABSENT: N_("absent"),
    TicketState.SERVED: N_("served"),
    TicketState.LEFT: N_("gone"),
    TicketState.CANCELLED: N_("cancelled"),
    TicketState.MISSED: N_("missed"),
    TicketState.EXPIRED: N_("expired"),
}
"""English sources; translate them where they are shown."""
