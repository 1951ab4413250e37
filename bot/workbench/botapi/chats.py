"""Chats and the messages in them, as Telegram would keep them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.workbench.botapi.refusals import RefusedError, bad, forbidden

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as somebody sees it now. `buttons` are the titles under it, row by row."""

    id: int
    from_bot: bool
    text: str
    buttons: tuple[tuple[str, ...], ...] = ()
    edited: bool = False

    @property
    def titles(self) -> tuple[str, ...]:
        """Every button's title, without the rows."""
        return tuple(title for row in self.buttons for title in row)


@dataclass(slots=True)
class Chat:
    """A private chat or a group. `refusal` is why the bot may not write here, None when it may.

    `keyboard` is the custom keyboard below the input field, row by row; empty when there is none.
    """

    about: dict[str, Any]
    refusal: RefusedError | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: tuple[tuple[str, ...], ...] = ()

    @property
    def id(self) -> int:
        """Telegram's number for the chat; groups are below zero."""
        return self.about["id"]  # type: ignore[no-any-return]  # plain JSON

    @property
    def is_private(self) -> bool:
        """Whether it is one person's chat with the bot."""
        return bool(self.about["type"] == "private")

    def must_be_open(self) -> None:
        """Raises what the server answers when the bot may not write here."""
        if self.refusal:
            raise self.refusal

    def shown(self) -> tuple[Shown, ...]:
        """Everything still to be seen, oldest first."""
        return tuple(_shown(message) for _, message in sorted(self.messages.items()))

    def newest_with(self, title: str, on: int | None = None) -> tuple[Message, str]:
        """The newest message (or message `on`) under which a button with that title stands, and the button's data.

        Raises `LookupError`, naming the buttons there are.
        """
        titles: list[str] = []
        for number, message in sorted(self.messages.items(), reverse=True):
            for button in _buttons(message) if on in (None, number) else ():
                if button["text"] == title:
                    return message, button["callback_data"]
                titles.append(button["text"])
        raise LookupError(f"no button {title!r}; there are {titles}")


class Chats:
    """All the chats the bot has ever been in."""

    def __init__(self) -> None:
        self._chats: dict[int, Chat] = {}

    def add(self, chat: Chat) -> None:
        """Begins a chat."""
        self._chats[chat.id] = chat

    def get(self, chat_id: int | str) -> Chat:
        """The chat a call means. Raises 400 as Telegram does for one the bot has never met."""
        try:
            return self._chats[int(chat_id)]
        except (KeyError, ValueError):
            raise bad("chat not found") from None


BLOCKED = forbidden("bot was blocked by the user")
LEFT = forbidden("bot is not a member of the supergroup chat")


def _buttons(message: Message) -> list[dict[str, Any]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row if "callback_data" in button]


def _shown(message: Message) -> Shown:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return Shown(
        id=message["message_id"],
        from_bot=message["from"]["is_bot"],
        text=message.get("text") or message.get("caption") or "",
        buttons=tuple(tuple(button["text"] for button in row) for row in rows),
        edited="edit_date" in message,
    )
