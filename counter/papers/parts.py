"""What all papers need: the office's head, its layout, amounts in words, and a document as a file of some form."""

from __future__ import annotations

from typing import Final

from sqlmodel import Session

from counter.config import Settings
from counter.layouts import chosen
from counter.locale import language
from counter.money import Dong
from counter.office import the_office
from counter.printing import Document, Layout, OfficeHead, PosterDocument, as_pdf, as_png, as_raster_job, as_text
from counter.text import amount_in_words, amount_in_words_en

FORMS: Final = ("text", "pdf", "png", "escpos")
"""What a paper can be had as."""


def office_head(session: Session) -> OfficeHead:
    """Who papers are from."""
    office = the_office(session)
    return OfficeHead(name=office.name, address=office.address, phone=office.phone)


def layout_of(settings: Settings, paper: str) -> Layout:
    """The office's layout for a kind of paper."""
    return chosen(settings.home, paper)


def in_words(amount: Dong, settings: Settings, layout: Layout) -> str:
    """An amount in the words of the paper's language."""
    if (layout.lang or language()) == "en":
        return amount_in_words_en(amount)
    return amount_in_words(amount, zero_tens=settings.linh_or_le)


def as_file(document: Document, *, form: str, settings: Settings) -> bytes:
    """The paper as one of FORMS; a poster as PDF is a sheet of A4."""
    if form == "pdf":
        if isinstance(document, PosterDocument):
            from counter.printing.forms import poster_pdf

            return poster_pdf(document)
        return as_pdf(document)
    if form == "png":
        return as_png(document, dots=settings.paper_dots)
    if form == "escpos":
        return as_raster_job(document, dots=settings.paper_dots)
    return as_text(document, columns=settings.paper_columns).encode()
