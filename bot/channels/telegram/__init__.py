"""Telegram, with python-telegram-bot over real HTTP: an adapter over one turn.

`TelegramChannel` is all of it; `reading` turns updates into messages, `writing` replies into calls.
"""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.ports import MessageLog, PollingStore, Wording
from bot.channels.telegram.sending import TelegramSender
from bot.channels.telegram.stored import RememberedMessages, StoredPolling

__all__ = [
    "MessageLog",
    "PollingStore",
    "RememberedMessages",
    "StoredPolling",
    "TelegramChannel",
    "TelegramSender",
    "Wording",
]
