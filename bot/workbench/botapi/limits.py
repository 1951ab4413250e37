"""Telegram's limits on messages, kept by the server when a test wants it to: 30 a second in all, one a second to a chat."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from bot.workbench.botapi.refusals import too_many

SECOND = 1.0


@dataclass(slots=True)
class Limits:
    """Counts messages in sliding seconds. The real server allows short bursts; this one does not."""

    in_all: int = 30
    a_chat: int = 1
    refused: int = 0
    _recent: deque[float] = field(default_factory=deque)
    _of_chat: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def admit(self, chat: str, at: float) -> None:
        """Raises 429 for a message too many; counts it otherwise."""
        of_chat = self._of_chat[chat]
        for times in (self._recent, of_chat):
            while times and times[0] <= at - SECOND:
                times.popleft()
        if len(self._recent) >= self.in_all or len(of_chat) >= self.a_chat:
            self.refused += 1
            raise too_many(1)
        self._recent.append(at)
        of_chat.append(at)
