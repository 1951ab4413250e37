"""Telegram's update → `Incoming`, or None for what is no message of one person to us.

Only private chats are read: a family's story has no place in a group. What rasa 3.6.21's Telegram channel loses or
trips over (voice, captions, edits, presses whose message is gone, people who block the bot) is read here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.messages import Attachment, Channel, Content, Departed, Edited, Incoming, Location, Press, Text

# What we ask Telegram for; everything else is not even sent.
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
# What a message can be instead of words, in the order in which it is looked for: an animation is a document too.
THINGS = (
    "voice",
    "video_note",
    "video",
    "audio",
    "photo",
    "sticker",
    "animation",
    "document",
    "contact",
    "poll",
    "dice",
    "story",
    "game",
    "paid_media",
    "checklist",
    "live_photo",
)
GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
# A command and nothing else; with words after it it is a text, of which nothing is cut away. Chinese keyboards have ／.
COMMAND = re.compile(r"[/／](\w+)(?:@\w+)?")
START = re.compile(r"/start(?:@\w+)?\s+(\S+)")
# The shortest word for the one thing that must be quick.
SHORT = {"x": "hide"}


@dataclass(frozen=True, slots=True)
class Opened:
    """An update by its number. `update` is None if the library cannot read it, `incoming` if it is none for a turn."""

    number: int
    update: Update | None
    incoming: Incoming | None

    @property
    def chat(self) -> str:
        """The chat whose updates must keep their order; empty for none."""
        return self.incoming.chat if self.incoming else ""


def open_update(raw: object, now: datetime) -> Opened:
    """Opens one of Telegram's JSON objects. Raises `ValueError` for what is no update at all."""
    if isinstance(raw, dict) and isinstance(raw.get("update_id"), int):
        return _opened(raw["update_id"], raw, now)
    raise ValueError("not an update")


def read(update: Update, now: datetime) -> Incoming | None:
    """What one person sent us privately; `now` dates a press, which carries no time of its own."""
    if update.message:
        return _message(update, update.message, _content(update.message), update.message.date)
    if update.edited_message:
        edited = update.edited_message
        return _message(update, edited, _edited(edited), edited.edit_date or edited.date)
    if update.callback_query:
        return _press(update, update.callback_query, now)
    return _departed(update, update.my_chat_member) if update.my_chat_member else None


def group_of(update: Update) -> int | None:
    """The group we were added to or written to in, None if this is not about a group or we are no longer in it."""
    changed = update.my_chat_member
    if changed and changed.new_chat_member.status in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}:
        return None
    chat = changed.chat if changed else update.message.chat if update.message else None
    return chat.id if chat and chat.type in GROUPS else None


def language_of(user: User | None) -> str | None:
    """The one of our languages that the phone is set to; None when it does not tell."""
    if not user or not user.language_code:
        return None
    return "zh" if user.language_code.startswith("zh") else "en"


def _opened(number: int, raw: Mapping[str, Any], now: datetime) -> Opened:
    try:
        update = Update.de_json(dict(raw))
        return Opened(number, update, read(update, now))
    except (KeyError, TypeError, ValueError, AttributeError):
        # A form of update younger than the library; it must not stop the others.
        return Opened(number, None, None)


def _message(update: Update, message: Message, content: Content | None, at: datetime) -> Incoming | None:
    if content is None or message.chat.type != ChatType.PRIVATE:
        return None
    return _incoming(update, message.chat.id, at, content, message.from_user)


def _incoming(update: Update, chat: int, at: datetime, content: Content, user: User | None) -> Incoming:
    return Incoming(Channel.TELEGRAM, str(chat), f"update:{update.update_id}", at, content, language_of(user))


def _content(message: Message) -> Content | None:
    """None for what nobody wrote, such as a pinned message."""
    if message.text:
        return _command(message.text) or Text(message.text)
    if message.location:  # a venue has one too
        return Location(message.location.latitude, message.location.longitude)
    kind = next((thing for thing in THINGS if getattr(message, thing)), None)
    # A kind of message younger than the library still gets an answer.
    kind = kind or next(iter(message.api_kwargs), None)
    return Attachment(kind, message.caption or "") if kind else None


def _command(text: str) -> Press | None:
    if code := START.fullmatch(text.strip()):
        return Press(f"/start{json.dumps({'code': code[1]}, ensure_ascii=False)}")
    if command := COMMAND.fullmatch(text.strip()):
        word = command[1].lower()
        return Press(f"/{SHORT.get(word, word)}")
    return None


def _edited(message: Message) -> Content | None:
    """None for edits that change no words, such as a live location that moves."""
    words = message.text or message.caption
    return Edited(words) if words else None


def _press(update: Update, query: CallbackQuery, now: datetime) -> Incoming | None:
    """A press. Without its message the chat is still known: a private chat has its person's number."""
    if not query.data or (query.message and query.message.chat.type != ChatType.PRIVATE):
        return None
    chat = query.message.chat.id if query.message else query.from_user.id
    offered = query.message.date if query.message else None
    return _incoming(update, chat, now, Press(query.data, offered), query.from_user)


def _departed(update: Update, changed: ChatMemberUpdated) -> Incoming | None:
    gone = changed.new_chat_member.status in {ChatMemberStatus.BANNED, ChatMemberStatus.LEFT}
    if not gone or changed.chat.type != ChatType.PRIVATE:
        return None
    return _incoming(update, changed.chat.id, changed.date, Departed(), changed.from_user)
