"""Paper: what has to be printed, and how far it got."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from db.columns import UUID, Row, belongs_to, datetime, instant, long_text, office_key, uuid_, word
from db.states import JobAnswer, JobState, JobTrouble

OPEN = text("state <> 'PRINTED' AND answer IS NULL")


class PaperLayout(Row, table=True):
    """How a kind of paper looks in this office, as JSON: title, lines, language, the logo's dots. No row: the usual way."""

    __tablename__ = "paper_layout"
    __table_args__ = (belongs_to("office"), belongs_to("app_user", "changed_by", key=("user_id",)))
    office_id: str = office_key()
    paper: str = Field(primary_key=True, max_length=16)
    content: str = long_text()
    changed_by: UUID = uuid_()
    changed_at: datetime = instant()


class PrintJob(Row, table=True):
    """One paper of one thing: `subject` is a payment, a shift, or the job itself. `copy_no` 0 is the first, n a copy.

    `sent_at` is filled before the first byte leaves and never emptied: from then on nothing sends the job again.
    """

    __tablename__ = "print_job"
    __table_args__ = (
        belongs_to("till", "till_code"),
        belongs_to("app_user", "answered_by", key=("user_id",)),
        UniqueConstraint("office_id", "kind", "subject", "copy_no"),
        CheckConstraint("copy_no >= 0", name="from_zero"),
        CheckConstraint("(state IN ('QUEUED','CHECKING','BLOCKED')) = (sent_at IS NULL)", name="sent_once"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at_once"),
        # What is still open, in order; a printed or answered job leaves the index.
        Index("ix_print_job_open", "office_id", "till_code", "job_id", sqlite_where=OPEN, postgresql_where=OPEN),
    )
    office_id: str = office_key()
    job_id: UUID = uuid_(primary_key=True)
    till_code: str = Field(max_length=16)
    kind: str = Field(max_length=24)
    subject: UUID = uuid_()
    copy_no: int = Field(default=0)
    state: JobState = word(JobState)
    printer: str = Field(default="", max_length=120)
    ack_id: str = Field(default="", max_length=4)
    error: JobTrouble | None = word(JobTrouble, default=None, nullable=True)
    tries: int = Field(default=0)
    answer: JobAnswer | None = word(JobAnswer, default=None, nullable=True)
    answered_by: UUID | None = uuid_(default=None, nullable=True)
    queued_at: datetime = instant()
    sent_at: datetime | None = instant(default=None, nullable=True)
    ended_at: datetime | None = instant(default=None, nullable=True)
    answered_at: datetime | None = instant(default=None, nullable=True)
