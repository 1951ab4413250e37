"""How a slot is filled from what somebody writes (rasa `shared/core/slot_mappings.py`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KINDS = ("from_entity", "from_text", "from_intent", "from_trigger_intent", "custom")


@dataclass(frozen=True, slots=True)
class Condition:
    """When a mapping holds: in this loop (None: outside every loop), while this slot is asked for (None: any)."""

    active_loop: str | None
    requested_slot: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping of a slot.

    `intents` and `not_intents` restrict it to, or keep it from, messages of these intents; `value` is what the two
    intent kinds set; `action` runs for `custom`. `plain` is the mapping as written, by which Rasa tells equal
    mappings apart.
    """

    kind: str
    entity: str | None = None
    role: str | None = None
    group: str | None = None
    intents: tuple[str, ...] = ()
    not_intents: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    value: Any = None
    action: str | None = None
    plain: str = field(default="", repr=False)
