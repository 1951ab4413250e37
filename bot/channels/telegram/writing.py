"""`Reply` → the messages Telegram is asked to send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from bot.errors import DeliveryError
from bot.replies import Button, Reply

# Telegram's own limits (Bot API: sendMessage, InlineKeyboardButton). Text is counted in UTF-16 code units.
TEXT_LIMIT = 4096
PAYLOAD_BYTES = 64
# Columns of a title that still fits half of a small screen; a Chinese character takes two.
HALF_A_ROW = 16

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup


@dataclass(frozen=True, slots=True)
class Message:
    """One call of sendMessage."""

    text: str
    markup: Markup | None = None


def messages(reply: Reply, location_key: str = "") -> tuple[Message, ...]:
    """The messages that make up a reply, at least one: long text is split, the buttons stand under the last piece.

    `location_key` is the title of the key that shares a location, empty for none. Telegram shows either buttons or that
    key under one message, so with both the key comes in a short message of its own.

    Raises `DeliveryError` (permanent) for a payload above 64 bytes.
    """
    *pieces, last = split(reply.text)
    inline = _inline(reply.buttons) if reply.buttons else None
    key = _location_keyboard(location_key) if location_key else None
    lines = [*map(Message, pieces), Message(last, inline or key)]
    return (*lines, Message(location_key, key)) if inline and key else tuple(lines)


def split(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """Pieces of at most `limit` UTF-16 units, cut between paragraphs, else lines, sentences, words, or anywhere."""
    pieces: list[str] = []
    rest = text.strip()
    while len(head := _head(rest, limit)) < len(rest):
        cut = _cut(head)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest]


def _head(text: str, limit: int) -> str:
    """As much of the beginning as fits; a character outside the basic plane is never cut in half."""
    return text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", "ignore")


def _cut(head: str) -> int:
    """Where to cut; a seam in the first half would leave a piece too small to be worth it."""
    for seam in ("\n\n", "\n", "。", " "):
        if (at := head.rfind(seam)) > len(head) // 2:
            return at + len(seam)
    return len(head)


def _inline(buttons: Sequence[Button]) -> InlineKeyboardMarkup:
    """Two a row when every title is short, else one."""
    a_row = 2 if all(_columns(button.title) <= HALF_A_ROW for button in buttons) else 1
    keys = [_key(button) for button in buttons]
    return InlineKeyboardMarkup([keys[i : i + a_row] for i in range(0, len(keys), a_row)])


def _key(button: Button) -> InlineKeyboardButton:
    if len(button.payload.encode()) > PAYLOAD_BYTES:
        intent = button.payload.partition("{")[0]
        raise DeliveryError(f"a button of {intent} carries more than {PAYLOAD_BYTES} bytes", permanent=True)
    return InlineKeyboardButton(button.title, callback_data=button.payload)


def _location_keyboard(title: str) -> ReplyKeyboardMarkup:
    key = KeyboardButton(title, request_location=True)
    return ReplyKeyboardMarkup([[key]], resize_keyboard=True, one_time_keyboard=True)


def _columns(title: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in title)
