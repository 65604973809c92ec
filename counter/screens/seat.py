"""The till's seat: the home and the desk, opened in a thread while the sign-in is already shown and typed into."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from counter import loading
from counter.glance import Glance, remember

if TYPE_CHECKING:
    from counter.desk import Desk
    from counter.home import Home


class Seat:
    """Where the cashier will sit. `glance` is what is known of it; `home` and `desk` wait until it is taken."""

    def __init__(self, glance: Glance, come: Callable[[], tuple[Home, Desk]]) -> None:
        self.glance = glance
        self._come = come
        self._there: Future[Desk] = Future()
        self._home: Home | None = None

    @classmethod
    def at(cls, home: Home, desk: Desk) -> Seat:
        """A seat at a desk that stands already."""
        seat = cls(Glance(), lambda: (home, desk))
        seat.take()
        seat._there.result()  # what went wrong is said to whoever brought the desk
        return seat

    def take(self) -> None:
        """Open the home and the desk and see what is true of them; once. Blocks: call it in a thread."""
        try:
            home, desk = self._come()
            self.glance = _seen(home, desk)
            _get_ready()
            loading.done()
        except Exception as error:
            self._there.set_exception(error)
        else:
            self._home = home
            self._there.set_result(desk)
            remember(home.path, self.glance)

    @property
    def is_taken(self) -> bool:
        """Whether home and desk are there."""
        return self._there.done() and self.failure is None

    @property
    def failure(self) -> BaseException | None:
        """Why the desk could not be opened."""
        return self._there.exception() if self._there.done() else None

    @property
    def desk(self) -> Desk:
        """The desk. Blocks until it stands; raises what opening it raised."""
        return self._there.result()

    @property
    def home(self) -> Home:
        """The home. Blocks like `desk`."""
        self._there.result()
        assert self._home is not None
        return self._home

    @home.setter
    def home(self, home: Home) -> None:
        self._home = home


def _seen(home: Home, desk: Desk) -> Glance:
    """The glance as it should have been."""
    from counter import office

    facts, told = desk.see(office.the_office), home.settings
    return Glance(
        lang=told.lang,
        theme=told.theme,
        sound=told.sound,
        till=desk.till_code,
        office_line=f"{facts.code} · {facts.name}",
        tills=tuple(desk.see(office.tills)),
    )


def _get_ready() -> None:
    """Load the screens that come after the PIN: their modules must not be what the cashier waits for then."""
    from counter.screens import supervisor, till

    del supervisor, till
