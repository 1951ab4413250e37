"""What a service asks of whoever holds its conversations: this engine (`Assistant`), or a Rasa server behind one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bot.dialogue.assistant import Outcome
from bot.dialogue.memory.snapshot import Snapshot
from bot.dialogue.speaking.speaker import Message
from bot.dialogue.understanding.parsed import Parsed


class Engine(Protocol):
    """Understands, decides what is said, and speaks. Each turn is given its snapshot; `Assistant` says what each does."""

    @property
    def intents(self) -> frozenset[str]:
        """Every intent the project declares."""
        ...

    def parse(self, text: str) -> Parsed:
        """What `text` means."""
        ...

    def handle(
        self, snapshot: Snapshot | None, message: Parsed | str, slots: Mapping[str, Any], *, sender: str, channel: str
    ) -> Outcome:
        """One turn. Whatever goes wrong in it is `Outcome.failed`, never an exception."""
        ...

    def say(self, response: str, slots: Mapping[str, Any], *, channel: str) -> Message:
        """One response filled in, outside every conversation."""
        ...
