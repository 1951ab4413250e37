"""What goes out to one person, before a channel gives it its own form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Button:
    """An answer somebody can tap; `payload` is what a `Press` brings back."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message: text, buttons below it, and whether the channel should offer to share a location.

    `hides` marks the answer to `/x`: the channel deletes what it can of the conversation. `menu` names the menu that the chat has
    from now on (`staff`). `fields` is what a program reads instead of the text, in their order.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    ask_location: bool = False
    hides: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    menu: str = ""

    def to_json(self) -> dict[str, Any]:
        """`{"text": …, "buttons": [{"title": …, "payload": …}]}`, the stable form of `rightdoor chat --json`."""
        return {"text": self.text, "buttons": [{"title": b.title, "payload": b.payload} for b in self.buttons]}

    def to_record(self) -> dict[str, Any]:
        """The whole reply, as the outbox keeps it (encrypted)."""
        record = self.to_json() | {"ask_location": self.ask_location, "hides": self.hides}
        record |= {"menu": self.menu} if self.menu else {}
        return record | {"fields": dict(self.fields)} if self.fields else record

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Reply:
        """The reverse of `to_record`."""
        return cls(
            text=record["text"],
            buttons=tuple(Button(b["title"], b["payload"]) for b in record["buttons"]),
            ask_location=record["ask_location"],
            hides=record["hides"],
            fields=tuple(record.get("fields", {}).items()),
            menu=record.get("menu", ""),
        )
