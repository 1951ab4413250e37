"""YAML on one line, as the cases beside the tables are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def table_text(words: Mapping[str, str]) -> str:
    """`{divorce: pending, refuses_child: both}`."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in words.items()) + "}"


def list_text(words: Iterable[str]) -> str:
    """`[R01, R01b]`."""
    return f"[{', '.join(words)}]"
