"""Phrases of thirteen kinds, made from the divisions: understood right, or rightly asked back, and hardly ever wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.turns.reading import PlaceHeard
from bot.turns.services import Services
from bot.turns.talk import Talk

PHRASES = Path(__file__).with_name("phrases.tsv")


@dataclass(frozen=True)
class Phrase:
    """What somebody answers to the question where the child is, and the codes of the places it may mean (none: none of ours)."""

    kind: str
    said: str
    places: frozenset[str]


def phrases() -> list[Phrase]:
    rows = [line.split("\t") for line in PHRASES.read_text(encoding="utf-8").splitlines()[1:]]
    return [Phrase(kind, said, frozenset(places.split("|")) - {""}) for kind, said, places in rows]


def verdict(phrase: Phrase, heard: PlaceHeard) -> str:
    """`right`, `asked` (back, with the place among the choices, or nothing taken for one), `lost`, or `wrong`."""
    offered = {place.code for place in heard.options}
    if heard.place is not None:
        exact = {heard.place.code} if heard.problem is None else {heard.place.code} | offered
        if phrase.places & exact:
            return "right"
        above = any(code.startswith(heard.place.code) for code in phrase.places)
        return "lost" if above and heard.problem else "wrong"
    if not phrase.places:
        return "asked"
    below = any(code.startswith(option) for code in phrase.places for option in offered)
    return "asked" if below or heard.problem == "many" else "lost"


@pytest.fixture(scope="module")
def heard(loaded: Services) -> list[tuple[Phrase, PlaceHeard]]:
    talk = Talk(asked={"fact": "place", "child": None})
    return [
        (phrase, loaded.reader.place(loaded.reader.lexicon.spelling.plain(phrase.said).text, talk))
        for phrase in phrases()
    ]


def test_phrases_are_understood_or_asked_back(heard: list[tuple[Phrase, PlaceHeard]]) -> None:
    found = Counter(verdict(phrase, place) for phrase, place in heard)
    by_kind: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrase, place in heard:
        by_kind[phrase.kind][verdict(phrase, place)] += 1
    missed = [
        (p.kind, p.said, verdict(p, h), h.place and h.place.full_name)
        for p, h in heard
        if verdict(p, h) in ("lost", "wrong")
    ]
    assert len(by_kind) >= 12
    assert found.total() >= 300
    assert (found["right"] + found["asked"]) / found.total() >= 0.97, (dict(by_kind), missed)
    assert found["wrong"] / found.total() <= 0.005, missed
