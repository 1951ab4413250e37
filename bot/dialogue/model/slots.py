"""Slots: what they may hold, and what of it rules can see.

A rule sees a slot's *feature*, not its value (rasa `shared/core/slots.py`): of a text whether it is there, of a truth
value or a category which one, of a number how far along its range. Each kind is one small function in `FEATURES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.model.mappings import Mapping as SlotMapping
from bot.dialogue.model.names import NOT_SET, OTHER_VALUE
from bot.dialogue.plain import Plain

# What a rule sees of a slot: numbers, NOT_SET when a rule demands emptiness, None when there is nothing to see.
Feature = list[float] | str | None


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot of the domain. `values` are the categories (lower case), `low` and `high` bound a float's range."""

    name: str
    kind: str = "any"
    initial: Any = None
    influences: bool = False
    mappings: tuple[SlotMapping, ...] = ()
    values: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0

    def stored(self, value: Plain) -> Plain:
        """The value as the slot keeps it: a list slot keeps one thing as a list of one."""
        return [value] if self.kind == "list" and value and not isinstance(value, list) else value

    def feature(self, value: Plain) -> Feature:
        """What rules see of `value`; None when the slot does not influence the conversation or shows nothing."""
        if not self.influences:
            return None
        if value == NOT_SET:
            return NOT_SET
        try:
            seen = FEATURES[self.kind](self, value)
        except (TypeError, ValueError, OverflowError):
            return None
        return seen if any(seen) else None


@dataclass(frozen=True, slots=True)
class SlotBook:
    """All slots of a domain, and what a new conversation starts from."""

    slots: Mapping[str, Slot]
    initial: Mapping[str, Any]

    @classmethod
    def of(cls, slots: Mapping[str, Slot]) -> SlotBook:
        """The book of these slots."""
        return cls(slots, {name: slot.initial for name, slot in slots.items()})


def _text(_: Slot, value: Plain) -> list[float]:
    return [1.0 if value is not None else 0.0]


def _list(_: Slot, value: Plain) -> list[float]:
    return [1.0 if value is not None and len(value) > 0 else 0.0]


def _bool(_: Slot, value: Plain) -> list[float]:
    return [0.0, 0.0] if value is None else [1.0, float(_truth(value))]


def _truth(value: Plain) -> bool:
    """A truth value as Rasa reads one: true, 1, "1", "True"."""
    if isinstance(value, bool | int | float):
        return value == 1
    if isinstance(value, str) and (value.isnumeric() or value.strip().lower() in {"true", "false"}):
        return float(value) == 1.0 if value.isnumeric() else value.strip().lower() == "true"
    raise ValueError(value)


def _categorical(slot: Slot, value: Plain) -> list[float]:
    if value is None:
        return [0.0]
    word = str(value).lower()
    chosen = word if word in slot.values else OTHER_VALUE
    return [1.0 if candidate == chosen else 0.0 for candidate in slot.values]


def _float(slot: Slot, value: Plain) -> list[float]:
    capped = max(slot.low, min(slot.high, float(value)))
    return [1.0, (capped - slot.low) / (slot.high - slot.low)]


FEATURES: Mapping[str, Callable[[Slot, Any], list[float]]] = {
    "text": _text,
    "bool": _bool,
    "categorical": _categorical,
    "float": _float,
    "list": _list,
}
# `any` stores whatever it is given and never influences the conversation.
KINDS = (*FEATURES, "any")
