"""Choosing among the variations of a response (rasa `core/nlg/generator.py`, `response.py`).

Channel and condition beat channel alone, which beats condition alone, which beats the rest. Among equals Rasa draws
lots; here the choice follows from a seed, so that a conversation can be replayed, and is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from bot.dialogue.model.responses import Variation
from bot.dialogue.speaking.filling import filled

Message = dict[str, Any]
# The parts of a message that hold placeholders; `elements` are sent as they are written.
FILLED = frozenset({"text", "image", "custom", "buttons", "attachment", "quick_replies"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says the responses of one project."""

    responses: Mapping[str, tuple[Variation, ...]]

    def say(self, response: str, words: Mapping[str, Any], *, channel: str, seed: str) -> Message | None:
        """The message, None when nothing fits. `words` are slots and what an action adds to them."""
        every = self.responses.get(response, ())
        candidates = suitable(every, words, channel)
        if not candidates:
            return None
        chosen = (
            candidates[crc32(f"{seed} {response}".encode()) % len(candidates)] if len(candidates) > 1 else candidates[0]
        )
        message = {key: filled(part, words) if key in FILLED else part for key, part in chosen.content.items()}
        if len(candidates) > 1:
            message["variation"] = next(number for number, variation in enumerate(every) if variation is chosen)
        return message


def suitable(variations: Sequence[Variation], slots: Mapping[str, Any], channel: str) -> list[Variation]:
    """The most specific variations that fit. An empty list of conditions never fits, as in Rasa."""
    conditional = [v for v in variations if v.condition and v.fits(slots)]
    plain = [v for v in variations if v.condition is None]
    for group, place in ((conditional, channel), (plain, channel), (conditional, None)):
        if found := [v for v in group if v.channel == place]:
            return found
    return [v for v in plain if v.channel is None]


def reply(message: Mapping[str, Any]) -> Message:
    """A message as channels receive it: text, buttons, image and custom always, other parts when they are there."""
    said: Message = {
        "text": message.get("text"),
        "buttons": list(message.get("buttons") or ()),
        "image": message.get("image"),
        "custom": message.get("custom"),
    }
    return said | {key: message[key] for key in ("attachment", "elements", "quick_replies") if message.get(key)}
