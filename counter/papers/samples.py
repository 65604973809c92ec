"""Papers to look at while their layout is changed: made-up facts under the office's own head."""

from __future__ import annotations

from sqlmodel import Session

from counter.locale import speaking
from counter.locale import translate as _
from counter.papers.parts import office_head
from counter.printing import Document, Layout, as_text
from counter.printing.samples import sample


def sample_paper(session: Session, *, paper: str, layout: Layout) -> Document | bytes:
    """A sample of a paper with a layout; of the forms a PDF."""
    return sample(paper, layout=layout, office=office_head(session))


def sample_text(session: Session, *, paper: str, layout: Layout, columns: int) -> str:
    """The sample as it stands on paper; of the forms, which are sheets, what the layout changes."""
    shown = sample_paper(session, paper=paper, layout=layout)
    if not isinstance(shown, bytes):
        return as_text(shown, columns=columns)
    with speaking(layout.lang):
        title = layout.title or _("CASH VOUCHER")
        form = _("Form no. {form}").format(form="01-TT")
        return "\n".join([office_head(session).name, "", form, *layout.header, "", title, ""])
