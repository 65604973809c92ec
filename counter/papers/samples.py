"""Papers to look at while their layout is changed: made-up facts under the office's own head."""

from __future__ import annotations

from sqlmodel import Session

from counter.locale import speaking
from counter.locale import translate as _
from counter.papers.parts import office_head
from counter.printing import Document, Layout, as_text
from counter.printing.samples import sample
from counter.printing.talk import DOTS_PER_MM
from counter.printing.template import size_of


def sample_paper(session: Session, *, paper: str, layout: Layout) -> Document | bytes:
    """A sample of a paper with a layout; of the forms a PDF."""
    return sample(paper, layout=layout, office=office_head(session))


def logo_size(layout: Layout) -> str:
    """`logo 320 × 160 dots, 40 × 20 mm`."""
    dots, rows = size_of(layout.logo)
    facts = {"dots": dots, "rows": rows, "wide": round(dots / DOTS_PER_MM), "high": round(rows / DOTS_PER_MM)}
    return _("logo {dots} × {rows} dots, {wide} × {high} mm").format(**facts)


def sample_text(session: Session, *, paper: str, layout: Layout, columns: int) -> str:
    """The sample as it stands on paper; of the forms, which are sheets, what the layout changes."""
    shown = sample_paper(session, paper=paper, layout=layout)
    logo = f"[ {logo_size(layout)} ]".center(columns).rstrip() + "\n" if layout.logo else ""
    if not isinstance(shown, bytes):
        return logo + as_text(shown, columns=columns)
    with speaking(layout.lang):
        title = layout.title or _("CASH VOUCHER")
        form = _("Form no. {form}").format(form="01-TT")
        return logo + "\n".join([office_head(session).name, "", form, *layout.header, "", title, ""])
