"""Asking a provider for its list: from a network that lets nobody in, or to find what no webhook told."""

from __future__ import annotations

import logging
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from counter import banking
from counter.cashless.feeds.lists import ListUnreadable, Page, ProviderList
from counter.clock import local_day
from counter.desk import Desk
from counter.errors import Refused
from counter.gateway.providers import Polled
from counter.gateway.refusals import ProviderAway

LOG: Final = logging.getLogger("counter")
PATIENCE: Final = 15
LARGEST: Final = 20 << 20
MOST_PAGES: Final = 100
BACK: Final = timedelta(days=2)
"""So far back each list is read: what a day's end or a lost line hid comes again, and is known already."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a provider's list brought."""

    provider: str
    read: int
    added: int


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token elsewhere."""

    def redirect_request(self, *_told: object, **_named: object) -> None:
        return None


def ask(desk: Desk, listing: ProviderList) -> Asked:
    """Read the list of the last days and store what is news. Raises ProviderAway, and what storing raises."""
    since = local_day(desk.clock.now()) - BACK
    read = added = 0
    for page in range(MOST_PAGES):
        part = _part(listing, since=since, page=page)
        news = banking.keep(desk, [(listing.name, heard) for heard in part.heard])
        read, added = read + len(news), added + sum(news)
        if not part.has_more:
            break
    return Asked(listing.name, read, added)


def _part(listing: ProviderList, *, since: date, page: int) -> Page:
    request = urllib.request.Request(listing.address(since=since, page=page), headers=listing.headers)
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=PATIENCE) as answer:
            body = answer.read(LARGEST + 1)
    except urllib.error.HTTPError as error:
        raise ProviderAway(provider=listing.name, detail=error.code) from None
    except OSError as error:
        raise ProviderAway(provider=listing.name, detail=type(error).__name__) from None
    if len(body) > LARGEST:
        raise ProviderAway(provider=listing.name, detail=f"> {LARGEST >> 20} MB")
    try:
        return listing.read(body, page=page)
    except ListUnreadable:
        raise ProviderAway(provider=listing.name, detail="JSON") from None


class Poller:
    """One thread that asks for one list again and again."""

    def __init__(self, desk: Desk, polled: Polled, *, stored: Callable[[], object]) -> None:
        self._desk = desk
        self._polled = polled
        self._stored = stored
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"poll-{polled.listing.name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the answer in hand."""
        self._stop.set()
        self._thread.join(timeout=PATIENCE + 5)

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                if ask(self._desk, self._polled.listing).added:
                    self._stored()
                failures = 0
            except Refused as refused:
                failures += 1
                if failures == 1:
                    LOG.warning("%s", refused)
            except Exception as error:
                failures += 1
                LOG.error("a provider's list cannot be taken in: %s", type(error).__name__)
            self._stop.wait(self._polled.seconds * min(2**failures, 16))
