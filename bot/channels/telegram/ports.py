"""What the channel must remember between two starts, and the few words it says itself; `bot/app.py` provides both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.errors import InputError
from bot.replies import Reply


class PollingStore(Protocol):
    """How far updates were taken, and whose turn it is to take them. Each call commits by itself."""

    def acquire(self, worker: str, lease: timedelta) -> bool:
        """Takes or renews the right to poll for so long; False while somebody else has it. A lease of 0 returns it."""

    def offset(self) -> int:
        """The first update id not yet taken; 0 before the first."""

    def advance(self, offset: int) -> None:
        """Remembers it."""


class MessageLog(Protocol):
    """The numbers of the messages in a chat, both sides', for `/x`. Nothing older than 48 hours is of use.

    Each call commits by itself.
    """

    def note(self, chat: str, message: int, at: datetime) -> None:
        """A message now stands in the chat."""

    def since(self, chat: str, at: datetime) -> Sequence[int]:
        """The messages noted since then."""

    def forget(self, chat: str) -> None:
        """They are gone."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words only Telegram needs, each `{"zh", "en"}` (`telegram:` in data/words.yml).

    `send_location` is the key that shares a location; `write_privately` is said once in a group before leaving it;
    `commands` is the menu, `staff_commands` that of a caseworker's chat; `description` is read before the first message, `about` on
    the bot's profile.
    """

    send_location: Mapping[str, str]
    write_privately: Mapping[str, str]
    description: Mapping[str, str]
    about: Mapping[str, str]
    commands: Mapping[str, Mapping[str, str]]
    staff_commands: Mapping[str, Mapping[str, str]]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Wording:
        """Reads the section. Raises `InputError` when a word is missing."""
        try:
            return cls(**record)
        except TypeError as error:
            raise InputError(f"telegram: in data/words.yml is not complete: {error}") from error

    def location_key(self, reply: Reply) -> str:
        """The key's title in the language of the reply, which its first letter tells."""
        first = next((letter for letter in reply.text if letter.isalpha()), "中")
        return self.send_location["en" if first.isascii() else "zh"]
