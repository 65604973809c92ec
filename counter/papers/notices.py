"""Who must be told of a time, as a table for letters, calls and the sender of short messages. Names are masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from counter.clock import day_text
from counter.locale import N_, _, translate
from counter.queue import Notice, NoticeKind
from counter.sheet_out import Form, table_bytes
from counter.text import mask_name

WHAT: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.GIVEN: N_("time given"),
    NoticeKind.CHANGED: N_("time changed"),
    NoticeKind.CANCELLED: N_("booking cancelled"),
}


def notices_file(notices: Iterable[Notice], *, form: Form) -> bytes:
    """The table; one line a customer, in the order it was given."""
    headings = (
        _("Customer code"), _("Name"), _("Phone"), _("Meter book"), _("What"), _("Number"), _("Day"), _("Time"),
        _("Day before this"), _("Time before this"), _("Tell by"),
    )  # fmt: skip
    rows = (
        (
            one.customer_code,
            mask_name(one.customer_name),
            one.phone,
            one.book_code,
            translate(WHAT[one.kind]),
            one.number,
            day_text(one.day),
            one.slot,
            day_text(one.was_day) if one.was_day else "",
            one.was_slot,
            day_text(one.tell_by),
        )
        for one in notices
    )
    return table_bytes(headings, rows, form=form, sheet=_("Notices"))
