"""Responses: what the bot can say, in variations (rasa `core/nlg/`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.plain import Plain


@dataclass(frozen=True, slots=True)
class Variation:
    """One way to say a response: in which channel (None: any) and under which slot values (None: always).

    `content` is the message as written: text, buttons, image, custom …
    """

    content: Mapping[str, Any]
    channel: str | None = None
    condition: tuple[tuple[str, Any], ...] | None = None

    def fits(self, slots: Mapping[str, Any]) -> bool:
        """Whether every slot of the condition has its value; words are compared without regard to case."""
        return all(_same(slots.get(name), value) for name, value in self.condition or ())


def _same(found: Plain, wanted: Plain) -> bool:
    if isinstance(found, str) and isinstance(wanted, str):
        return found.casefold() == wanted.casefold()
    return bool(found == wanted)
