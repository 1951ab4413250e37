"""The interview as bands: what opens a topic, the questions it opens, and the rows these feed.

A band has one opener: an answer of the danger screen or of the concerns; the last band has none and holds what is asked of
everybody. A fact is at home in the band of the first opener that leads to it and named again wherever else it is opened or
needed. Every row stands in one band: that of most of its facts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.decisions.row import Row
from bot.facts import Fact, Vocabulary

EVERYBODY = ""


class Place(StrEnum):
    """How a fact comes to stand in a band."""

    OPENER = "opener"
    HOME = "home"
    ALSO = "also"  # opened here as well, at home elsewhere
    ELSEWHERE = "elsewhere"  # a row here needs it, another topic opens it


@dataclass(frozen=True, slots=True)
class Line:
    """A fact in a band."""

    fact: Fact
    place: Place


@dataclass(frozen=True, slots=True)
class Band:
    """One topic. `group` is the opener's group (`danger_screen`), empty for what everybody is asked."""

    opener: str
    group: str
    lines: tuple[Line, ...]
    rows: tuple[Row, ...]


def bands(vocabulary: Vocabulary, rows: Sequence[Row]) -> tuple[Band, ...]:
    """Every topic in the order of the interview; one without questions or rows is left out."""
    openers = [fact for group in vocabulary.opening for fact in vocabulary.groups[group]]
    roots = opened_by(vocabulary, openers)
    order = [*openers, EVERYBODY]
    homes = {fact: min(roots[fact], key=order.index) for fact in vocabulary.facts}
    places = {row.id: _place(vocabulary, row, roots, order) for row in rows}
    found = (_band(vocabulary, opener, roots, homes, [r for r in rows if places[r.id] == opener]) for opener in order)
    return tuple(band for band in found if band.rows or any(line.place is not Place.OPENER for line in band.lines))


def opened_by(vocabulary: Vocabulary, openers: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """The openers from which each fact can become relevant, through other facts if need be."""
    roots: dict[str, frozenset[str]] = {}
    for name, fact in vocabulary.facts.items():
        gates = {gate for one in fact.relevant_when for gate in one}
        if name in openers:
            roots[name] = frozenset({name})
        else:
            through = frozenset(root for gate in gates for root in roots[gate])
            roots[name] = (through - {EVERYBODY}) or frozenset({EVERYBODY})
    return roots


def facts_of(row: Row) -> Mapping[str, bool]:
    """The facts a row asks for, in no order; True where every one of its alternatives does."""
    return {fact: all(fact in one for one in row.when) for alternative in row.when for fact in alternative}


def _place(vocabulary: Vocabulary, row: Row, roots: Mapping[str, frozenset[str]], order: Sequence[str]) -> str:
    """The opener that leads to most of a row's facts; of several the first."""
    votes = Counter(root for fact in facts_of(row) for root in roots[fact] if _leads(vocabulary, root, row, fact))
    led = [opener for opener in order if opener != EVERYBODY and votes[opener]]
    return max(led, key=lambda opener: (votes[opener], -order.index(opener))) if led else EVERYBODY


def _leads(vocabulary: Vocabulary, opener: str, row: Row, name: str) -> bool:
    """Whether the opener's *yes* leads a row on by this fact: it opens the question, or closes it on a value the row wants."""
    fact = vocabulary.facts[name]
    opens = [one[opener] for one in fact.relevant_when if opener in one]
    if not opens or any("yes" in values for values in opens):
        return True
    return any(fact.otherwise in one.get(name, ()) for one in row.when)


def _band(
    vocabulary: Vocabulary,
    opener: str,
    roots: Mapping[str, frozenset[str]],
    homes: Mapping[str, str],
    rows: Sequence[Row],
) -> Band:
    needed = {fact for row in rows for fact in facts_of(row)}
    lines = _lines(vocabulary, opener, roots, homes, needed)
    group = vocabulary.facts[opener].ask_with if opener else None
    return Band(opener, group or "", tuple(sorted(lines, key=lambda line: line.place is Place.ELSEWHERE)), tuple(rows))


def _lines(
    vocabulary: Vocabulary,
    opener: str,
    roots: Mapping[str, frozenset[str]],
    homes: Mapping[str, str],
    needed: set[str],
) -> Iterator[Line]:
    for name, fact in vocabulary.facts.items():
        if name == opener:
            yield Line(fact, Place.OPENER)
        elif opener in roots[name]:
            yield Line(fact, Place.HOME if homes[name] == opener else Place.ALSO)
        elif name in needed:
            yield Line(fact, Place.ELSEWHERE)
