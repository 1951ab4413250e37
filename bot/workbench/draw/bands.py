"""The interview as bands: what opens a topic, the questions it opens, and the rows these feed.

A band has one opener: an answer of the danger screen or of the concerns; the last band has none and holds what is asked of
everybody. A fact is at home in the band of the opener that its author wrote first and named again wherever else it is
opened or needed. Every row stands in one band: that of most of its facts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.decisions.row import Row
from bot.facts import Fact, Vocabulary
from bot.facts.conditions import Conditions

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
    homes = _homes(vocabulary, openers)
    places = {row.id: _place(vocabulary, row, roots, homes) for row in rows}
    found = (_band(vocabulary, opener, roots, homes, [r for r in rows if places[r.id] == opener]) for opener in order)
    return tuple(band for band in found if band.rows or any(line.place is not Place.OPENER for line in band.lines))


def opened_by(vocabulary: Vocabulary, openers: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """The openers from which each fact can become relevant, through other facts if need be."""
    roots: dict[str, frozenset[str]] = {}
    for name, fact in vocabulary.facts.items():
        if name in openers:
            roots[name] = frozenset({name})
        else:
            through = frozenset(root for gate in _gates(fact, openers) for root in roots[gate])
            roots[name] = (through - {EVERYBODY}) or frozenset({EVERYBODY})
    return roots


def _gates(fact: Fact, openers: Sequence[str]) -> frozenset[str]:
    """The facts that open a question. What is asked when *none* of several topics was named belongs to none of them."""
    closed = [one for one in fact.relevant_when if sum(_denied(one, gate) for gate in one if gate in openers) > 1]
    return frozenset(
        gate
        for one in fact.relevant_when
        for gate in one
        if not (one in closed and gate in openers and _denied(one, gate))
    )


def _homes(vocabulary: Vocabulary, openers: Sequence[str]) -> Mapping[str, str]:
    """The band of each fact: that of the first fact that opens it, as its author wrote them."""
    homes: dict[str, str] = {}
    for name, fact in vocabulary.facts.items():
        gates = _gates(fact, openers)
        through = [homes[gate] for one in fact.relevant_when for gate in one if gate in gates]
        homes[name] = name if name in openers else next((home for home in through if home != EVERYBODY), EVERYBODY)
    return homes


def _denied(one: Conditions, opener: str) -> bool:
    return "yes" not in one[opener]


def facts_of(row: Row) -> Mapping[str, bool]:
    """The facts a row asks for, in no order; True where every one of its alternatives does."""
    return {fact: all(fact in one for one in row.when) for alternative in row.when for fact in alternative}


def _place(vocabulary: Vocabulary, row: Row, roots: Mapping[str, frozenset[str]], homes: Mapping[str, str]) -> str:
    """The opener that leads to most of a row's facts, a fact's home counting double; of several the first fact's."""
    names = [name for name in vocabulary.facts if name in facts_of(row)]
    led = [(root, name) for name in names for root in (homes[name], *sorted(roots[name]))]
    votes = Counter(root for root, name in led if root != EVERYBODY and _leads(vocabulary, root, row, name))
    return max(votes, key=lambda root: votes[root]) if votes else EVERYBODY


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
