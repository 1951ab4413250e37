"""How fast a channel may be written to.

Telegram: about 30 messages a second in all, and one a second to one chat (Bots FAQ, "My bot is hitting limits").
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

SECOND = 1.0


class Pace:
    """Counts what goes out. Times are seconds of a clock that never jumps; shared by the courier's threads."""

    def __init__(self, a_second: int = 30, chat_rests: float = 1.0, now: Callable[[], float] = time.monotonic) -> None:
        """At most `a_second` messages in any second; a chat is left alone for `chat_rests` seconds after each."""
        self._a_second = a_second
        self._chat_rests = chat_rests
        self._now = now
        self._begun: list[float] = []
        self._ended: dict[str, float] = {}
        self._lock = Lock()

    def allowance(self) -> int:
        """How many messages may begin now."""
        with self._lock:
            self._begun = [at for at in self._begun if at > self._now() - SECOND]
            return max(0, self._a_second - len(self._begun))

    def resting(self) -> tuple[str, ...]:
        """The chats that must not be written to yet."""
        with self._lock:
            self._ended = {chat: at for chat, at in self._ended.items() if at > self._now() - self._chat_rests}
            return tuple(self._ended)

    def begin(self, messages: int) -> None:
        """So many messages are on their way."""
        with self._lock:
            self._begun += [self._now()] * messages

    def end(self, chat: str) -> None:
        """A message has arrived in a chat, or failed to."""
        with self._lock:
            self._ended[chat] = self._now()

    def free_in(self) -> float | None:
        """Seconds until something that is held back now may go, None when nothing is."""
        with self._lock:
            waits = [at + self._chat_rests for at in self._ended.values()]
            if len(self._begun) >= self._a_second:
                waits.append(self._begun[0] + SECOND)
            ahead = [at - self._now() for at in waits if at > self._now()]
            return min(ahead, default=None)
