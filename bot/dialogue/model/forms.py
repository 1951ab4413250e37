"""A form as it is declared (rasa `shared/core/domain.py`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """A form: the slots it asks for, in order, and the intents that fill nothing while it is active."""

    name: str
    required_slots: tuple[str, ...]
    ignored_intents: tuple[str, ...] = ()
