"""The outbox as it is meant, in as few lines as it can be said: no database, no threads, one list of messages.

The real thing is held against it step by step (`test_outbox_model.py`). Times are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LEASE, A_SECOND, CHAT_RESTS, HANDS, TRIES, ASTRAY = 10.0, 20, 1.0, 4, 4, 5.0
BEYOND = 2 * LEASE
NEVER = (float("-inf"), float("-inf"), False)


@dataclass
class Message:
    """One message; `due` counts since `tried`."""

    seq: int
    chat: str
    priority: int
    due: float
    tried: float | None = None
    attempts: int = 0
    lapsed: int = 0
    holder: str | None = None
    until: float = 0.0
    sent: bool = False
    dead: bool = False
    arrivals: int = 0

    @property
    def undone(self) -> bool:
        return not (self.sent or self.dead)

    def paused(self, now: float) -> bool:
        return self.tried is not None and self.tried <= now + ASTRAY and now < self.due

    def held(self, now: float) -> bool:
        return self.holder is not None and now < self.until <= now + BEYOND

    @property
    def place(self) -> tuple[int, int]:
        """Urgent ones first, then as they were written."""
        return self.priority, self.seq


@dataclass
class Reference:
    """What should be so."""

    messages: dict[int, Message] = field(default_factory=dict)
    rests: dict[str, tuple[float, float, bool]] = field(default_factory=dict)
    strides: list[float] = field(default_factory=list)

    def resting(self, name: str, now: float) -> bool:
        since, until, _ = self.rests.get(name, NEVER)
        return since <= now + ASTRAY and now < until

    def claim(self, courier: str, hands: int, now: float) -> list[int]:
        """The numbers of what this courier takes now."""
        self.strides = [at for at in self.strides if now - 0.2 < at <= now + ASTRAY]
        free = 0 if self.resting("channel", now) else max(0, A_SECOND // 5 - len(self.strides))
        ready = sorted((m for m in self.messages.values() if self._ready(m, now)), key=lambda m: m.place)
        taken = ready[: min(hands, free)]
        for message in taken:
            message.lapsed += message.holder is not None
            message.holder, message.until, message.tried = courier, now + LEASE, now
            message.attempts += 1
        self.strides += [now] * len(taken)
        return [message.seq for message in taken]

    def _ready(self, message: Message, now: float) -> bool:
        others = [m for m in self.messages.values() if m.chat == message.chat and m is not message and m.undone]
        first = any(m.held(now) or ((m.attempts or not m.paused(now)) and m.place < message.place) for m in others)
        free = message.undone and not message.paused(now) and not message.held(now)
        return free and not first and not self.resting(message.chat, now)

    def renew(self, courier: str, carrying: list[int], now: float) -> None:
        for message in self.messages.values():
            if message.seq in carrying and message.holder == courier and message.undone:
                message.until = now + LEASE

    def rest(self, chat: str, now: float, span: float, *, asked: bool = False) -> None:
        self.rests[chat] = now, now + span, asked
        others = [name for name, (_, __, was_asked) in self.rests.items() if was_asked and name != chat]
        if asked and any(self.resting(name, now) for name in others):
            self.rests["channel"] = now, now + span, True

    def done(self, seq: int) -> bool:
        """Whether this is news."""
        message = self.messages[seq]
        news = message.undone
        message.sent, message.holder = message.sent or news, None if news else message.holder
        return news

    def fails(self, seq: int, courier: str, due: float | None) -> bool:
        """It is tried again at `due`, or given up; whether the courier had a say in it."""
        message = self.messages[seq]
        if message.holder != courier or not message.undone:
            return False
        message.holder, message.dead, message.due = None, due is None, due or message.due
        return True
