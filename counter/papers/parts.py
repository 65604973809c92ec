"""What all papers need: the office's head, its layout, amounts in words, and a document as a file of some form."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlmodel import Session

from counter.config import Settings
from counter.errors import NotAvailable
from counter.layouts import chosen
from counter.locale import N_, language
from counter.money import Dong
from counter.office import the_office
from counter.printing import Document, Layout, OfficeHead, PosterDocument, PrinterProfile, as_pdf, as_png, as_text, build
from counter.text import amount_in_words, amount_in_words_en


class PaperNotWritten(NotAvailable):
    """The file for a paper cannot be written."""

    why = N_("The paper cannot be written to {path}: {problem}")
    todo = N_("Choose another place, or make room there, and try again.")


FORMS: Final = ("text", "pdf", "png", "escpos")
"""What a paper can be had as."""


def office_head(session: Session) -> OfficeHead:
    """Who papers are from."""
    office = the_office(session)
    return OfficeHead(name=office.name, address=office.address, phone=office.phone)


def layout_of(session: Session, paper: str) -> Layout:
    """The office's layout for a kind of paper."""
    return chosen(session, paper=paper)


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
        return build(document, profile_of(settings)).data
    return as_text(document, columns=settings.paper_columns).encode()


def write_whole(path: Path, data: bytes, *, makes_folder: bool = False) -> None:
    """A file for people; a folder that a person named wrongly is not made for them. Raises PaperNotWritten."""
    try:
        if makes_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise PaperNotWritten(path=path, problem=error.strerror or str(error)) from error


def for_mail(document: Document, *, name: str, folder: Path, settings: Settings) -> Path:
    """The paper as PDF for mail and as PNG for Zalo, side by side; returns the PDF. Raises PaperNotWritten."""
    for form in ("png", "pdf"):
        write_whole(folder / f"{name}.{form}", as_file(document, form=form, settings=settings), makes_folder=True)
    return folder / f"{name}.pdf"


def profile_of(settings: Settings) -> PrinterProfile:
    """What is known about this till's printer. Raises BadPrinterProfile."""
    baud = settings.paper_baud if settings.paper == "serial" else 0
    width = {"columns": settings.paper_columns, "dots": settings.paper_dots, "baud": baud}
    return PrinterProfile.from_plain({**settings.printer, **width})
