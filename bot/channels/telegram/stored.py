"""The channel's two memories: how far it has read, in the database; which messages stand in a chat, while it lives."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.messages import Channel
from bot.store import Store

# More than anybody writes in 48 hours; `/x` deletes the newest.
REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class StoredPolling:
    """A `PollingStore` on the database; `clock` is that of the lease, aware UTC."""

    store: Store
    clock: Callable[[], datetime]

    def acquire(self, worker: str, lease: timedelta) -> bool:
        """Takes or renews the right to poll; False while somebody else has it."""
        with self.store.work() as work:
            return work.channels.acquire(Channel.TELEGRAM, worker, self.clock(), lease)

    def offset(self) -> int:
        """The first update id not yet taken; 0 before the first."""
        with self.store.work() as work:
            return work.channels.offset(Channel.TELEGRAM)

    def advance(self, offset: int) -> None:
        """Remembers it."""
        with self.store.work() as work:
            work.channels.advance(Channel.TELEGRAM, offset)


@dataclass(frozen=True, slots=True)
class RememberedMessages:
    """A `MessageLog` in memory: after a restart `/x` deletes only what has come since."""

    chats: dict[str, deque[tuple[int, datetime]]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=REMEMBERED))
    )

    def note(self, chat: str, message: int, at: datetime) -> None:
        """A message now stands in the chat."""
        self.chats[chat].append((message, at))

    def since(self, chat: str, at: datetime) -> Sequence[int]:
        """The messages noted since then, each once."""
        return sorted({message for message, noted in tuple(self.chats[chat]) if noted >= at})

    def forget(self, chat: str) -> None:
        """They are gone."""
        self.chats.pop(chat, None)
