"""A refusal says why and what to do next; anything else that is raised is a bug."""

from __future__ import annotations

from typing import ClassVar

from counter.locale import N_, translate
from counter.words import said


class Refused(Exception):
    """A rule of the trade said no. Nothing was changed.

    `why` and `todo` are English source sentences with `{named}` places, filled from the keyword arguments; a state, role,
    kind or method among them is said in the user's language.
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
        return self._filled(self.why)

    def todo_text(self) -> str:
        """What to do next, in the user's language."""
        return self._filled(self.todo)

    def _filled(self, sentence: str) -> str:
        return translate(sentence).format(**{name: said(fact) for name, fact in self.facts.items()})

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
