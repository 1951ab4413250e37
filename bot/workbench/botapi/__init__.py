"""A Bot API server of our own on loopback, for tests and for `rightdoor demo --telegram`.

It checks every call against the specification (`spec.json`) and answers as Telegram does, in Telegram's words:
unknown fields, wrong types, 64 bytes of callback data, 4,096 characters, unchanged edits, 401, 403, 409, 429. It is
stricter in one way: a parameter the specification does not know is refused, where Telegram ignores it.
"""

from bot.workbench.botapi.chats import Shown
from bot.workbench.botapi.people import Group, Person, Sent
from bot.workbench.botapi.server import BotApi

__all__ = ["BotApi", "Group", "Person", "Sent", "Shown"]
