"""Plain data: whatever JSON and YAML can hold."""

from __future__ import annotations

from typing import Any, TypeAlias

# A value an author, an action or a channel gave. Whoever uses it says what it must be.
Plain: TypeAlias = Any


def copied(value: Plain) -> Plain:
    """The value for somebody else to keep: changing it changes nothing here."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value
