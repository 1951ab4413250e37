"""Updates nobody thought of, drawn from the specification: every kind, any optional field, any depth."""

from __future__ import annotations

from random import Random
from typing import Any

from bot.workbench.botapi.derive import ARRAY
from bot.workbench.botapi.spec import Fields, bot_api

DEEPEST = 4
WORDS = ("", "/start", "/start 7K2M", "/x", "/bot 孩子", "🙏" * 40, "离婚，孩子谁都不要", "a" * 4096, "\u202e'{")
# Where the specification says in prose what a word may be.
ONE_OF = {"Chat.type": ("private", "group", "supergroup", "channel")}


def invent(kind: str, chance: Random) -> dict[str, Any]:
    """The body of an update of a kind, e.g. `poll_answer`; valid, and as strange as validity allows."""
    (name,) = bot_api().types["Update"][kind].kinds
    return _fields(name, bot_api().types[name], chance, depth=0)


def _fields(name: str, fields: Fields, chance: Random, depth: int) -> dict[str, Any]:
    """Every required field; an optional one the more rarely the deeper it lies."""
    return {
        key: chance.choice(ONE_OF[f"{name}.{key}"]) if f"{name}.{key}" in ONE_OF else _value(field.kinds, chance, depth)
        for key, field in fields.items()
        if field.required or (depth < DEEPEST and chance.random() < 0.4 / (depth + 1))
    }


def _value(kinds: tuple[str, ...], chance: Random, depth: int) -> object:
    # Down below the first of a union is taken: it is the plain one, so every tree ends.
    kind = chance.choice(kinds) if depth < DEEPEST else kinds[0]
    if kind.startswith(ARRAY):
        several = range(chance.randint(0, 2) if depth < DEEPEST else 0)
        return [_value((kind.removeprefix(ARRAY),), chance, depth + 1) for _ in several]
    if kind in bot_api().unions:
        return _value(bot_api().unions[kind], chance, depth + 1)
    if kind in bot_api().types:
        return _fields(kind, bot_api().types[kind], chance, depth + 1)
    return kind.strip("'") if kind.startswith("'") else _simple(kind, chance)


def _simple(kind: str, chance: Random) -> object:
    match kind:
        case "Boolean":
            return chance.random() < 0.5  # noqa: PLR2004 – heads or tails
        case "Integer":
            return chance.randint(1, 2**31 - 1)
        case "Float":
            return chance.uniform(-90, 90)
    return chance.choice(WORDS)
