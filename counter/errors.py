"""A refusal says why and what to do next; anything else that is raised is a bug."""

from __future__ import annotations

from typing import ClassVar

from counter.locale import N_, translate


class Refused(Exception):
    """A rule of the trade said no. Nothing was changed.

    `why` and `todo` are English source sentences with `{named}` places, filled from the keyword arguments.
    """

    why: ClassVar[str] = N_("This is not possible.")
    todo: ClassVar[str] = N_("Press F1 for help.")

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    @property
    def name(self) -> str:
        """The stable name that scripts see."""
        return type(self).__name__

    def why_text(self) -> str:
        """Why, in the user's language."""
        return translate(self.why).format(**self.facts)

    def todo_text(self) -> str:
        """What to do next, in the user's language."""
        return translate(self.todo).format(**self.facts)

    def __str__(self) -> str:
        return self.why_text()


class BadInput(Refused):
    """A file or a value that cannot be read. Nothing was changed."""


class NotAvailable(Refused):
    """A database or device that cannot be used now. Nothing was changed."""


class SameIdOtherFacts(Refused):
    """An id that was used before comes again with other facts."""

    why = N_("This number was already used for something else.")
    todo = N_("Start again from an empty form; nothing was taken twice.")
