"""Filling slots into texts, as Rasa does it (rasa `core/nlg/interpolator.py`).

`{county}` becomes the slot's value. When a slot is not known at all the text stays as it was written, braces and all:
it shows what is missing and invents nothing. Doubled braces stand for braces, beside placeholders too, and what a slot
holds is never looked into (Rasa leaves a text unfilled when a value happens to contain `0[`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bot.dialogue.plain import Plain

BRACES = re.compile(r"{{|}}|{([^\n{}]+?)}")


def filled(content: Plain, words: Mapping[str, Plain]) -> Plain:
    """`content` with every text in it filled; what it is made of stays unchanged."""
    if isinstance(content, str):
        return _filled_text(content, words) if "{" in content or "}" in content else content
    if isinstance(content, Mapping):
        return {key: filled(value, words) for key, value in content.items()}
    if isinstance(content, list):
        return [filled(item, words) for item in content]
    return content


def _filled_text(text: str, words: Mapping[str, Any]) -> str:
    try:
        return _template(text).format(words)
    except (KeyError, ValueError, IndexError, AttributeError, TypeError):
        return text


@lru_cache(maxsize=4096)
def _template(text: str) -> str:
    """The text with `{name}` written as `{0[name]}`, so that a name may hold dots, spaces or dashes."""
    return BRACES.sub(lambda found: f"{{0[{found[1]}]}}" if found[1] else found[0], text)
