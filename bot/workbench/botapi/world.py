"""Everything behind the token: the bot, its chats, its updates, and what it has said about itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.workbench.botapi.chats import Chat, Chats, Message
from bot.workbench.botapi.updates import Updates
from bot.workbench.botapi.webhook import Webhook

BOT = {
    "id": 7_000_000_001,
    "is_bot": True,
    "first_name": "Rightdoor",
    "username": "rightdoor_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
BOT_USER = {key: BOT[key] for key in ("id", "is_bot", "first_name", "username")}


@dataclass(slots=True)
class World:
    """The server's memory; it outlives the bot. `lock` guards all of it but `updates`, which guards itself."""

    clock: Callable[[], float]
    chats: Chats = field(default_factory=Chats)
    updates: Updates = field(default_factory=Updates)
    webhook: Webhook | None = None
    presses: dict[str, float] = field(default_factory=dict)
    profile: dict[tuple[str, str], Any] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _message_ids: count[int] = field(default_factory=lambda: count(101))
    _ids: count[int] = field(default_factory=lambda: count(900_001))

    def now(self) -> int:
        """The time on messages, in Unix seconds."""
        return int(self.clock())

    def new_id(self) -> int:
        """A number not used before, for people, presses and groups."""
        return next(self._ids)

    def put(self, chat: Chat, sender: dict[str, Any], content: dict[str, Any]) -> Message:
        """Adds a message to a chat and gives it back as Telegram shows it to the bot."""
        message_id = next(self._message_ids)
        head = {"message_id": message_id, "from": sender, "chat": chat.about, "date": self.now()}
        chat.messages[message_id] = head | content
        return chat.messages[message_id]

    def stop_webhook(self) -> None:
        """Back to getUpdates."""
        if self.webhook:
            self.webhook.stop()
        self.webhook = None
