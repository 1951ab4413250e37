"""Walks through a project: what is said, turn by turn.

`says.json` of a project lists `scripts`, each a conversation worth keeping, `messages` from which walks are drawn, and
`values` of entities. What is said is a text, a message already understood (`{"text", "intent", "entities", …}` as Rasa's
`/model/parse` gives it, for roles and rankings, which no payload can carry), or `{"wait": minutes}`.

A message may also bring `slots`, set from outside as it arrives.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.dialogue.model.domain import Domain

Item = str | dict[str, Any]
Walk = list[Item]
LENGTH = 12
VALUES = ["甲", "乙", "1", 2, True, ["甲", "乙"]]
# Out of every hundred messages of a long run, so many are made up, wait, or come from Rasa's own intents.
MADE_UP, WAITS, OWN = 30, 2, 4


def read_says(project: Path) -> dict[str, Any]:
    """The scripts and messages of a project folder."""
    says: dict[str, Any] = json.loads((project / "says.json").read_text(encoding="utf-8"))
    return says


def walks(project: Path, count: int, length: int = LENGTH) -> list[Walk]:
    """Every script, then `count` walks over the project's messages; the same ones every time."""
    says = read_says(project)
    lot = random.Random(f"{project.name} {length}")
    return says["scripts"] + [[lot.choice(says["messages"]) for _ in range(length)] for _ in range(count)]


def wild_walks(project: Path, domain: Domain, count: int, seed: str, length: int = LENGTH) -> list[Walk]:
    """Every script, then walks over messages and made-up payloads, interrupted, taken back, and after long silence."""
    says = read_says(project)
    lot = random.Random(f"{project.name} {seed}")
    drawn = _Drawn(says["messages"], says.get("values", {}), domain, lot)
    return says["scripts"] + [list(drawn.walk(length)) for _ in range(count)]


class _Drawn:
    """Messages drawn by lot."""

    def __init__(self, messages: list[Item], values: dict[str, list[Any]], domain: Domain, lot: random.Random) -> None:
        self._messages, self._values, self._lot = messages, values, lot
        self._intents = sorted(domain.intents)
        self._entities = sorted(domain.entities)

    def walk(self, length: int) -> Iterator[Item]:
        for _ in range(length):
            chance = self._lot.randrange(100)
            if chance < WAITS:
                yield {"wait": self._lot.choice([5, 59, 61, 600])}
            yield self._message(chance)

    def _message(self, chance: int) -> Item:
        if chance < WAITS + OWN:
            return self._lot.choice(["/restart", "/back", "/back", "/session_start"])
        return self._made_up() if chance < WAITS + OWN + MADE_UP else self._lot.choice(self._messages)

    def _made_up(self) -> str:
        """Any intent, with a confidence and entities at times."""
        confidence = self._lot.choice(["", "", "", "@0.7", "@0.25", "@1"])
        named = self._lot.sample(self._entities, min(len(self._entities), self._lot.choice([0, 0, 1, 1, 2])))
        entities = {name: self._lot.choice(self._values.get(name, VALUES)) for name in named}
        told = json.dumps(entities, ensure_ascii=False) if entities else ""
        return f"/{self._lot.choice(self._intents)}{confidence}{told}"
