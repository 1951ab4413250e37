"""What runs for every message: each component takes what is understood so far and returns what is understood after it."""

from __future__ import annotations

from typing import Protocol

from bot.dialogue.understanding.parsed import Parsed


class Component(Protocol):
    """One part of the pipeline. Tokenizers and featurizers are none: whoever needs them reads through them."""

    def __call__(self, message: Parsed) -> Parsed:
        """The message, understood a little further."""
        ...
