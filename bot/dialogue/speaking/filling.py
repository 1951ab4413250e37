"""Filling slots into texts, as Rasa does it (rasa `core/nlg/interpolator.py`).

`{county}` becomes the slot's value. When a slot is not known at all the text stays as it was written, braces and all:
it shows what is missing and invents nothing. Doubled braces stand for braces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bot.dialogue.plain import Plain

PLACEHOLDER = re.compile(r"{([^\n{}]+?)}")


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
        said = _template(text).format(words)
        return text.format({}) if "0[" in said else said
    except (KeyError, ValueError, IndexError, AttributeError, TypeError):
        return text


@lru_cache(maxsize=4096)
def _template(text: str) -> str:
    """The text with `{name}` written as `{0[name]}`, so that a name may hold dots, spaces or dashes."""
    return PLACEHOLDER.sub(r"{0[\1]}", text)
