"""The queue of updates: increasing ids, kept until confirmed, long polling, one poller at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

from bot.workbench.botapi.refusals import conflict
from bot.workbench.botapi.spec import bot_api

Update = dict[str, Any]
# Only sent to those who ask for them by name (setWebhook, allowed_updates).
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KINDS = tuple(name for name in bot_api().types["Update"] if name != "update_id")
FIRST_ID = 730_000_001


class Updates:
    """What happened and has not been confirmed yet. Safe to use from several threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._ever: list[Update] = []
        self._pending: list[Update] = []
        self._again: list[Update] = []
        self._poller: object = None
        self._open = True
        self.allowed = frozenset(KINDS) - ON_REQUEST

    def add(self, kind: str, body: dict[str, Any]) -> int:
        """Queues an update of a kind and gives its id. One the bot did not ask for gets an id and is dropped."""
        with self._changed:
            update_id = FIRST_ID + len(self._ever)
            update = {"update_id": update_id, kind: body}
            bot_api().check(update, ("Update",), "update")
            self._ever.append(update)
            if kind in self.allowed:
                self._pending.append(update)
                self._changed.notify_all()
            return update_id

    def again(self, update_id: int) -> None:
        """Delivers an update once more, even when it was confirmed: what happens when a confirmation is lost."""
        with self._changed:
            self._again.append(self._ever[update_id - FIRST_ID])
            self._changed.notify_all()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remembers which kinds the bot wants; None keeps the last choice, an empty list is the default choice."""
        if kinds is not None:
            self.allowed = frozenset(kinds) & frozenset(KINDS) if kinds else frozenset(KINDS) - ON_REQUEST

    def poll(self, offset: int, limit: int, timeout: float) -> list[Update]:
        """The next `limit` updates, waiting `timeout` seconds for the first; those before `offset` are confirmed.

        A negative `offset` keeps only that many. Whoever was waiting already is refused with 409, as Telegram does.
        """
        with self._changed:
            me = self._poller = object()
            self._changed.notify_all()
            self._confirm(offset)
            self._changed.wait_for(lambda: self._poller is not me or not self._open or self._waiting(), timeout)
            if self._poller is not me:
                raise conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
            return self._next(limit)

    def first(self, patience: float) -> Update | None:
        """The oldest update not yet confirmed, for a webhook; None when there is none within `patience` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: not self._open or self._waiting(), patience)
            return self._again[0] if self._again else self._pending[0] if self._pending else None

    def done(self, update: Update) -> None:
        """A webhook has taken this update."""
        with self._changed:
            (self._again if update in self._again else self._pending).remove(update)
            self._changed.notify_all()

    def drop(self) -> None:
        """Forgets everything not yet confirmed."""
        with self._changed:
            self._pending.clear()

    def count(self) -> int:
        """How many are not confirmed yet."""
        return len(self._pending)

    def wait_until_confirmed(self, update_id: int, within: float) -> bool:
        """Whether the bot confirmed an update within so many seconds."""
        until = time.monotonic() + within
        with self._changed:
            while any(update["update_id"] <= update_id for update in self._pending):
                if not self._changed.wait(until - time.monotonic()):
                    return False
        return True

    def close(self) -> None:
        """Lets everybody who waits go home."""
        with self._changed:
            self._open = False
            self._changed.notify_all()

    def open(self) -> None:
        """The reverse of `close`."""
        self._open = True

    def _waiting(self) -> bool:
        return bool(self._pending or self._again)

    def _confirm(self, offset: int) -> None:
        kept = self._pending[offset:] if offset < 0 else [u for u in self._pending if u["update_id"] >= offset]
        self._pending = kept
        self._changed.notify_all()

    def _next(self, limit: int) -> list[Update]:
        found = [*self._again, *self._pending][:limit]
        self._again = self._again[limit:]
        return found
