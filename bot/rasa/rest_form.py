"""What the bot says, as Rasa's REST channel sends it (rasa `core/channels/channel.py`, `CollectingOutputChannel`).

One message of the bot becomes one or more of the channel: words with their buttons, then custom data, image, attachment,
elements; words without buttons are cut at empty lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Message = dict[str, Any]


def rest_messages(sender: str, replies: Iterable[Mapping[str, Any]]) -> list[Message]:
    """The messages to send: `{"recipient_id", "text", "buttons", "image", "attachment", "custom"}`, what there is."""
    return [{"recipient_id": sender, **part} for reply in replies for part in _parts(reply)]


def _parts(reply: Mapping[str, Any]) -> Iterator[Message]:
    text, buttons = reply.get("text"), reply.get("quick_replies") or reply.get("buttons")
    if buttons:
        yield {"text": text, "buttons": buttons} if text is not None else {"buttons": buttons}
    elif text:
        yield from ({"text": part} for part in text.strip().split("\n\n"))
    for name in ("custom", "image", "attachment"):
        if reply.get(name):
            yield {name: reply[name]}
    for element in reply.get("elements") or ():
        title = f"{element.get('title', '')} : {element.get('subtitle', '')}"
        yield {"text": title, "buttons": element.get("buttons", [])}
