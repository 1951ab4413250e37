"""The people a test plays: they write, press, send, edit, block, and see what Telegram would show them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from bot.workbench.botapi.chats import BLOCKED, LEFT, Chat, Shown
from bot.workbench.botapi.entities import TEXT_LIMIT, command_entities
from bot.workbench.botapi.world import BOT_USER, World

FILE = {"file_id": "AwACAgUAAxkBAAIB", "file_unique_id": "AgADtwQAAg"}
THINGS: dict[str, dict[str, Any]] = {
    "voice": FILE | {"duration": 7, "mime_type": "audio/ogg", "file_size": 12_000},
    "sticker": FILE
    | {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "🙏"},
    "document": FILE | {"file_name": "a.pdf", "mime_type": "application/pdf"},
    "video_note": FILE | {"length": 240, "duration": 5},
    "contact": {"phone_number": "+8613800000000", "first_name": "演示"},
}
LOOK_EVERY = 0.02
# The update of something the bot never hears of.
NOT_TOLD = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody did: the update it became and, where there is one, the message."""

    update_id: int
    message_id: int = 0


class Group:
    """A group the bot has been added to."""

    def __init__(self, world: World, title: str, adder: dict[str, Any]) -> None:
        self._world = world
        about = {"id": -1_000_000_000_000 - world.new_id(), "type": "supergroup", "title": title}
        self.chat = Chat(about)
        with world.lock:
            world.chats.add(self.chat)
        world.updates.add("my_chat_member", _membership(self.chat, adder, world, "left", "member"))

    def sees(self) -> tuple[Shown, ...]:
        """What stands in the group."""
        with self._world.lock:
            return self.chat.shown()

    @property
    def bot_is_here(self) -> bool:
        """Whether the bot has stayed."""
        return self.chat.refusal is None


class Person:
    """Somebody with a phone. The chat with the bot begins with the first thing they do."""

    def __init__(self, world: World, name: str, language: str) -> None:
        self._world = world
        self.user = {"id": world.new_id(), "is_bot": False, "first_name": name, "language_code": language}
        self.chat = Chat({"id": self.user["id"], "type": "private", "first_name": name})

    @property
    def chat_id(self) -> str:
        """The chat with the bot, as `Incoming.chat` has it."""
        return str(self.chat.id)

    def starts(self, code: str = "") -> Sent:
        """Opens the bot, perhaps from a link with a code."""
        return self.writes(f"/start {code}".strip())

    def writes(self, text: str) -> Sent:
        """Types a message; a long one is sent in several, as phones do. Gives the last."""
        *earlier, last = [text[at : at + TEXT_LIMIT] for at in range(0, len(text), TEXT_LIMIT)]
        for piece in earlier:
            self._sends(_words(piece))
        return self._sends(_words(last))

    def writes_in_group(self, group: Group, text: str) -> Sent:
        """Types a message where others read along."""
        return self._sends(_words(text), group.chat)

    def sends_location(self, latitude: float, longitude: float) -> Sent:
        """Shares a pin; a custom keyboard that asked for it closes."""
        return self._sends({"location": {"latitude": latitude, "longitude": longitude}})

    def sends_voice(self) -> Sent:
        """Speaks."""
        return self.sends("voice")

    def sends_sticker(self) -> Sent:
        """Sends a sticker."""
        return self.sends("sticker")

    def sends(self, thing: str, caption: str = "") -> Sent:
        """Sends one of `THINGS` or a `photo`, with or without a caption."""
        photo = [FILE | {"width": 90, "height": 90}]
        return self._sends({thing: THINGS.get(thing, photo)} | ({"caption": caption} if caption else {}))

    def edits(self, sent: Sent, text: str) -> Sent:
        """Rewrites an earlier message of their own, or its caption."""
        with self._world.lock:
            message = self.chat.messages[sent.message_id]
            message["text" if "text" in message else "caption"] = text
            message["edit_date"] = self._world.now()
            return Sent(self._world.updates.add("edited_message", dict(message)), sent.message_id)

    def presses(self, title: str, *, on: int | None = None, inaccessible: bool = False) -> Sent:
        """Presses the newest button with that title, however old. Raises `LookupError` when there is none.

        `on` names the message under which it stands; `inaccessible` if Telegram no longer shows the bot that message.
        """
        with self._world.lock:
            message, data = self.chat.newest_with(title, on)
            seen = {key: message[key] for key in ("chat", "message_id")} | {"date": 0} if inaccessible else message
            press = str(self._world.new_id())
            self._world.presses[press] = self._world.clock()
            query = {"id": press, "from": self.user, "message": dict(seen), "chat_instance": self.chat_id, "data": data}
            return Sent(self._world.updates.add("callback_query", query), message["message_id"])

    def blocks(self) -> Sent:
        """Blocks the bot."""
        return self._membership("member", "kicked")

    def unblocks(self) -> Sent:
        """Lets the bot write again."""
        return self._membership("kicked", "member")

    def sees(self) -> tuple[Shown, ...]:
        """The chat as it stands on the phone now, edits and deletions applied, oldest first."""
        with self._world.lock:
            return self.chat.shown()

    @property
    def keyboard(self) -> tuple[tuple[str, ...], ...]:
        """The custom keyboard below the input field."""
        return self.chat.keyboard

    def gets(self, words: str, within: float = 10.0) -> Shown:
        """Waits up to `within` seconds for a message of the bot's that contains `words`; the newest such.

        Raises `AssertionError` with the whole chat when none comes.
        """
        until = time.monotonic() + within
        while True:
            found = [m for m in self.sees() if m.from_bot and words in m.text]
            if found:
                return found[-1]
            if time.monotonic() > until:
                raise AssertionError(f"{self.user['first_name']} never got {words!r}:\n{self._chat_as_text()}")
            time.sleep(LOOK_EVERY)

    def _chat_as_text(self) -> str:
        return "\n".join(f"{'bot' if m.from_bot else 'me '}: {m.text} {list(m.titles) or ''}" for m in self.sees())

    def _sends(self, content: dict[str, Any], chat: Chat | None = None) -> Sent:
        chat = chat or self.chat
        with self._world.lock:
            if chat.refusal is BLOCKED:
                raise RuntimeError(f"{self.user['first_name']} has blocked the bot; unblock it first")
            self._world.chats.add(chat)
            message = self._world.put(chat, self.user, content)
            chat.keyboard = () if "location" in content else chat.keyboard
            if chat.refusal is LEFT:
                return Sent(NOT_TOLD, message["message_id"])
            return Sent(self._world.updates.add("message", dict(message)), message["message_id"])

    def _membership(self, before: str, after: str) -> Sent:
        with self._world.lock:
            self._world.chats.add(self.chat)
            self.chat.refusal = BLOCKED if after == "kicked" else None
            change = _membership(self.chat, self.user, self._world, before, after)
            return Sent(self._world.updates.add("my_chat_member", change))


def _words(text: str) -> dict[str, Any]:
    entities = command_entities(text)
    return {"text": text} | ({"entities": entities} if entities else {})


def _membership(chat: Chat, by: dict[str, Any], world: World, before: str, after: str) -> dict[str, Any]:
    old, new = (
        {"user": BOT_USER, "status": status} | ({"until_date": 0} if status == "kicked" else {})
        for status in (before, after)
    )
    return {"chat": chat.about, "from": by, "date": world.now(), "old_chat_member": old, "new_chat_member": new}
