"""The shapes a message can have when it reaches a turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.messages.hiding import without_card_numbers


class Channel(StrEnum):
    """Where somebody writes. Push channels are written to by delivery, pull channels come and read."""

    TELEGRAM = "telegram"
    WEB = "web"
    REST = "rest"
    TERMINAL = "terminal"
    EMAIL = "email"
    WEBHOOK = "webhook"
    CONSOLE = "console"
    CALL = "call"

    @property
    def pushes(self) -> bool:
        """Whether delivery must carry messages there itself."""
        return self is Channel.TELEGRAM or self.is_postbox

    @property
    def is_postbox(self) -> bool:
        """Whether an agency stands there and not a person: nothing personal is written to it, nobody answers from it."""
        return self in (Channel.EMAIL, Channel.WEBHOOK)


def received(text: str) -> str:
    """Words as they may be read and kept: no half characters, no number of an identity card."""
    return without_card_numbers(readable(text))


def readable(text: str) -> str:
    """The text, with half characters (lone surrogates), which no wire and no database carries, as question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Text:
    """Words somebody typed."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", received(self.text))


@dataclass(frozen=True, slots=True)
class Press:
    """A button (or a `/command`): `payload` is `/intent` or `/intent{json}`, 64 bytes at most on Telegram.

    `offered` is when the message that carried the button was sent, where the channel tells.
    """

    payload: str
    offered: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "payload", readable(self.payload))


@dataclass(frozen=True, slots=True)
class Location:
    """A pin, WGS 84 degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something we cannot read: `voice`, `video`, `photo`, `sticker`, `document`, `contact`, … The thing itself is not kept."""

    kind: str
    caption: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "caption", received(self.caption))


@dataclass(frozen=True, slots=True)
class Edited:
    """An earlier message rewritten; read as new words, since the earlier ones were already answered."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", received(self.text))


@dataclass(frozen=True, slots=True)
class Departed:
    """The person blocked the bot or closed the chat: whatever they are still owed needs a human."""


Content = Text | Press | Location | Attachment | Edited | Departed


def typed(text: str) -> Press | Text:
    """What was typed: `/status` is a button by another way, anything else is words."""
    return Press(text.strip()) if text.startswith("/") else Text(text)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of one person. `chat` is the channel's id of the conversation, `id` that of this message; `at` is aware, UTC."""

    channel: Channel
    chat: str
    id: str
    at: datetime
    content: Content
    language: str | None = None
