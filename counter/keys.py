"""Keys and pastes are handled strictly in the order they were pressed, across widgets, screens and modals.

Textual 8.2.8 applies a printable key inside the focused field but lets every bound key bubble to the app first, so a
burst (an input method, a barcode scanner, fast hands, a stalled screen) is reordered (Textual #6605). `SerialKeys`
hands out key N+1 only when key N, the messages it caused and the screen it opened have settled. It leans on private
hooks of Textual (`on_event`, `_on_key`, `_parent`, `_registry`, `_mounted_event`, `_callbacks`): Textual is pinned
exactly, and tests/test_keys.py shows what breaks without it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import Any, Final, Self

from textual import events
from textual._context import prevent_message_types_stack
from textual._dispatch_key import dispatch_key
from textual._time import get_time
from textual.app import App, ScreenError
from textual.command import CommandPalette
from textual.dom import NoScreen
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

PATIENCE: Final = 5.0
"""Seconds one key may take to settle before the next is handed out anyway: a stuck handler must not eat the keyboard."""
MAX_TURNS: Final = 8
"""Rounds of flushing for one key; handlers that keep posting to each other for ever do not stop the typing."""


class Hold:
    """Keys are kept back from the moment this is made until `release`, or until its `with` block ends."""

    def __init__(self, keys: SerialKeys) -> None:
        self._keys: SerialKeys | None = keys
        keys._holds += 1
        keys._released.clear()

    def release(self) -> None:
        """Let the keys go, in order. A second call does nothing."""
        keys, self._keys = self._keys, None
        if keys is not None:
            keys._holds -= 1
            if not keys._holds:
                keys._released.set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class SerialKeys(App[int]):
    """An App whose keys never overtake each other. Mix in before `App`."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._keys_waiting: deque[events.Key | events.Paste] = deque()
        self._drain_task: asyncio.Task[None] | None = None
        self._draining = False
        self._holds = 0
        self._released = asyncio.Event()
        self._dropped_at = 0.0

    # --- what screens use --------------------------------------------------------------------------------------------

    def hold_keys(self) -> Hold:
        """Keep later keys back while something is written or looked up: `async with self.app.hold_keys(): ...`.

        They are replayed in order when it ends and its result is on the screen. Never ask a question inside: its
        answer would be held back, too.
        """
        return Hold(self)

    def drop_queue(self) -> None:
        """Forget what was typed ahead until now: after a refusal it would land in the wrong place."""
        self._dropped_at = get_time()
        self._keys_waiting.clear()

    def put_back(self, event: events.Key | events.Paste) -> None:
        """Hand this one out again, before those that wait, to what is in front then: it was meant for that."""
        again = events.Key(event.key, event.character) if isinstance(event, events.Key) else events.Paste(event.text)
        self._keys_waiting.appendleft(again)

    def meaningless(self, event: events.Key | events.Paste) -> None:
        """A key that no field took and no binding knows. Overridden: what is typed is never swallowed in silence."""

    @property
    def keys_idle(self) -> bool:
        """Every key that reached the app is done with."""
        return not self._draining and not self._keys_waiting

    # --- events ------------------------------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes queue up; a click on a screen that is about to change is not taken; the rest goes on."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if event.time > self._dropped_at:
                self._keys_waiting.append(event)
                if not self._draining:
                    self._draining = True
                    self._drain_task = asyncio.create_task(self._drain(), name="serial keys")
            return
        if isinstance(event, events.MouseDown | events.MouseUp) and not event.is_forwarded and not self._clicks_welcome:
            self._mouse_down_widget = None
            if isinstance(event, events.MouseDown):
                return
        await super().on_event(event)

    async def _on_key(self, event: events.Key) -> None:
        """A key that came back up unused: a binding's, or nobody's."""
        event.prevent_default()
        if not (await self._check_bindings(event.key) or await dispatch_key(self, event)):
            self.meaningless(event)

    @property
    def _clicks_welcome(self) -> bool:
        return not self._holds and self.keys_idle

    def _on_unmount(self) -> None:
        self._keys_waiting.clear()
        if self._drain_task is not None:
            self._drain_task.cancel()

    async def _drain(self) -> None:
        """Hand the waiting keys out one by one. An exception ends the app as it would in stock Textual."""
        prevent_message_types_stack.set([set()])  # a handler's `prevent` block must not leak into our dispatch
        try:
            while self._keys_waiting and not self._exit:
                await self._wait_for_holds()
                if self._keys_waiting:
                    await self._dispatch_key(self._keys_waiting.popleft())
                await self._wait_for_holds()
        except Exception as error:
            self._keys_waiting.clear()
            self._handle_exception(error)
        finally:
            self._draining = False

    async def _wait_for_holds(self) -> None:
        while self._holds:
            await self._released.wait()
            await self._settle(self._key_target(), turns=MAX_TURNS)

    async def _dispatch_key(self, event: events.Key | events.Paste) -> None:
        target = self._key_target()
        consumed = isinstance(event, events.Paste) or (
            isinstance(target, Widget) and target.check_consume_key(event.key, event.character)
        )
        if not consumed and await self._palette_searched():
            target = self._key_target()
        await super().on_event(event)
        await self._settle(target, turns=1 if consumed else MAX_TURNS)

    def _key_target(self) -> MessagePump:
        screen = self._current_screen()
        return self if screen is None else (self.focused or screen)

    def _current_screen(self) -> Screen[Any] | None:
        try:
            return self.screen
        except (ScreenError, NoScreen):
            return None

    # --- settling ----------------------------------------------------------------------------------------------------

    async def _settle(self, target: MessagePump, *, turns: int) -> None:
        """Wait until what a key set off is over.

        One turn empties the queues from the target up to the app: enough for a character typed into a field. Bound
        keys need at least two (the key bubbles up and acts; what the action posted bubbles up), then as many as it
        takes until no queue holds anything and the current screen is mounted.
        """
        deadline = asyncio.get_running_loop().time() + PATIENCE
        for turn in range(turns):
            for pump in self._chain(target):
                await self._flushed(pump, deadline)
            if turns == 1:
                return
            await self._screen_settled(deadline)
            busy = [node for node in (*self._registry, self) if _has_work(node)]
            if turn and not busy:
                return
            for waiting in [self._flushed(node, deadline) for node in busy]:
                await waiting
            target = self._key_target()

    def _chain(self, target: MessagePump) -> list[MessagePump]:
        """The target and its ancestors; the current screen and the app last even if the target is gone."""
        chain: list[MessagePump] = []
        node: MessagePump | None = target
        while node is not None and node is not self:
            chain.append(node)
            node = node._parent
        screen = self._current_screen()
        if screen is not None and screen not in chain:
            chain.append(screen)
        return [*chain, self]

    async def _screen_settled(self, deadline: float) -> None:
        """The current screen is mounted, has handled its first messages and ran what waits for its next refresh."""
        screen = self._current_screen()
        if screen is None:
            return
        if not screen._mounted_event.is_set():
            rest = deadline - asyncio.get_running_loop().time()
            await asyncio.wait([mounted := asyncio.ensure_future(screen._mounted_event.wait())], timeout=max(rest, 0))
            mounted.cancel()
            await self._flushed(screen, deadline)
        if screen._callbacks and screen.is_running:
            await self._until(screen.call_after_refresh, deadline)

    async def _palette_searched(self) -> bool:
        """Enter in the palette means the entry that matches what was typed, so its search must be over; was there one?"""
        screen = self._current_screen()
        searched = False
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while isinstance(screen, CommandPalette) and asyncio.get_running_loop().time() < deadline:
            searches = [worker._task for worker in self.workers if worker.node is screen and not worker.is_finished]
            tasks = [task for task in searches if task is not None]
            if not tasks:
                break
            searched = True
            await asyncio.wait(tasks, timeout=PATIENCE)
            await self._settle(screen, turns=MAX_TURNS)
        return searched

    def _flushed(self, pump: MessagePump, deadline: float) -> asyncio.Future[None]:
        """Resolves when everything now in the pump's queue was handled, when it is closed, or at the deadline."""
        return self._until(pump.call_later, deadline) if pump.is_running else _nothing()

    def _until(self, schedule: Any, deadline: float) -> asyncio.Future[None]:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def resolve() -> None:
            if not done.done():
                done.set_result(None)

        alarm = loop.call_at(deadline, resolve)
        done.add_done_callback(lambda _: alarm.cancel())
        if not schedule(resolve):
            resolve()
        return done


def _nothing() -> asyncio.Future[None]:
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done


def _has_work(node: MessagePump) -> bool:
    return node.is_running and not node._closing and bool(node._message_queue.qsize() or node._next_callbacks)
