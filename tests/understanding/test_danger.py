"""Danger in people's own words: read, or asked about, whatever way it is put; and no card for those who speak of something else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.facts import Reading
from bot.workbench.listening.measuring import CARD
from tests.facts.vocabulary import LEXICON

HERE = Path(__file__).parent
SET = YAML(typ="safe", pure=True).load((HERE / "danger.yml").read_text(encoding="utf-8"))
CORPORA = HERE.parents[2] / "shared" / "corpora"
GRAVE = {"screen_danger", "screen_alone", "screen_death", "missing", "sexual_harm", "kill_threat", "concern_violence"}


def told(*, held: bool) -> Iterator[tuple[str, set[str]]]:
    """One half of the set: a text, and the facts of which one must be read."""
    for kind in SET.values():
        for number, text in enumerate(kind["texts"]):
            if bool(number % 2) == held:
                yield text, set(kind["facts"])


def missed(*, held: bool) -> list[str]:
    return [text for text, facts in told(held=held) if facts.isdisjoint(r.fact for r in LEXICON.read(text))]


def alarms(reading: Reading) -> bool:
    return reading.certain and reading.value == "yes" and reading.fact in CARD


def test_no_danger_that_cues_were_written_with_is_missed() -> None:
    assert missed(held=False) == []


def test_of_the_half_held_back_at_most_one_in_ten_is_missed() -> None:
    """Seen on 2026-11-27: 6 of 89. Whoever looks at which ones writes others in their place."""
    assert len(missed(held=True)) <= len(list(told(held=True))) // 10


@pytest.mark.parametrize("text", YAML(typ="safe", pure=True).load((HERE / "harmless.yml").read_text(encoding="utf-8")))
def test_what_only_looks_like_a_danger_is_not_taken_for_one(text: str) -> None:
    assert [reading for reading in LEXICON.read(text) if reading.certain and reading.fact in GRAVE] == []


@pytest.mark.parametrize("name", ["negatives", "consult"])
def test_who_speaks_of_something_else_gets_no_emergency_card(name: str) -> None:
    file = CORPORA / f"{name}.jsonl"
    if not file.is_file():
        pytest.skip("the corpora lie beside the project only where it is developed")
    texts = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
    found = [text for text in texts if any(alarms(reading) for reading in LEXICON.read(text))]
    assert len(found) <= 0.01 * len(texts), found
