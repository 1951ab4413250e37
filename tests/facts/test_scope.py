"""Minimal pairs: what asserts a fact decides it, and what denies, supposes, remembers, asks, quotes or tells of others does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.facts import Reading, Scope
from tests.facts.vocabulary import LEXICON

PAIRS = YAML(typ="safe", pure=True).load(
    (Path(__file__).parents[1] / "understanding" / "pairs.yml").read_text(encoding="utf-8")
)


def pairs() -> Iterator[tuple[str, str, str, str]]:
    for group in PAIRS:
        for kind in ("told", "nothing", *Scope):
            for text in group.get(str(kind), ()):
                yield group["fact"], str(group["value"]), str(kind), text


def found(fact: str, text: str) -> list[Reading]:
    return [reading for reading in LEXICON.read(text) if reading.fact == fact]


@pytest.mark.parametrize(("fact", "value", "kind", "text"), list(pairs()), ids=str)
def test_a_minimal_pair_is_read_as_it_is_meant(fact: str, value: str, kind: str, text: str) -> None:
    readings = found(fact, text)
    certain = {reading.value for reading in readings if reading.certain}
    if kind == "told":
        assert certain == {value}
    elif kind == "nothing":
        assert readings == []
    else:
        assert not certain
        assert Scope(kind) in {modifier.scope for reading in readings for modifier in reading.scope}, (
            "it is asked, and known why"
        )


def test_there_are_enough_pairs() -> None:
    assert len(list(pairs())) >= 200
