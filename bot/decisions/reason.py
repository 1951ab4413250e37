"""Why the policy asks what it asks next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.decisions.circuit import Circuit
from bot.decisions.decision import Ask, Decision
from bot.decisions.reach import reach
from bot.decisions.risk import Risk
from bot.decisions.row import Row
from bot.decisions.search import Search
from bot.decisions.standing import Standing
from bot.facts import Fact, Vocabulary


class Motive(StrEnum):
    """In the order in which questions come: see `bot.decisions.interview`."""

    SCREEN = "screen"
    EXPIRED = "expired"
    DANGER = "danger"
    CONCERNS = "concerns"
    DECIDES = "decides"
    NEEDED = "needed"


@dataclass(frozen=True, slots=True)
class Reason:
    """`rows` are those the question can still decide, the gravest first; `services` those that need the answer."""

    motive: Motive
    rows: tuple[Row, ...]
    services: tuple[str, ...]


def reason(vocabulary: Vocabulary, search: Search, standing: Standing, decision: Decision) -> Reason | None:
    """Why `decision.ask` is asked; None when nothing is."""
    if decision.ask is None:
        return None
    circuit = search.circuit
    asked = _asked(circuit, decision.ask) & standing.sure.open
    live = search.live(standing.sure)
    heads = [head for head in circuit.instances if live & head and reach(circuit, head) & asked]
    rows = tuple(sorted(dict.fromkeys(circuit.instances[head].row for head in heads), key=lambda row: -row.risk))
    fact = vocabulary.facts[decision.ask.fact]
    services = tuple(dict.fromkeys(part.lead for part in decision.parts if part.lead in fact.needed_by))
    needed = decision.settled or (not rows and bool(services))
    return Reason(
        _motive(vocabulary, fact, rows, needed=needed, expired=bool(standing.expired & asked)), rows, services
    )


def _asked(circuit: Circuit, ask: Ask) -> int:
    """The variables that one message asks about, as bits: the fact's, or those of its whole group."""
    group = circuit.variables[circuit.index[(ask.fact, ask.child)]].fact.ask_with
    if group is None:
        return 1 << circuit.index[(ask.fact, ask.child)]
    variables = enumerate(circuit.variables)
    return sum(1 << n for n, v in variables if v.fact.ask_with == group and v.child in (None, ask.child or 0))


def _motive(vocabulary: Vocabulary, fact: Fact, rows: tuple[Row, ...], *, needed: bool, expired: bool) -> Motive:
    screen, *others = vocabulary.opening or ("",)
    if fact.ask_with and fact.ask_with == screen:
        return Motive.SCREEN
    if needed:
        return Motive.NEEDED
    if expired:
        return Motive.EXPIRED
    if fact.ask_with in others:
        return Motive.CONCERNS
    return Motive.DANGER if rows and rows[0].risk is Risk.EMERGENCY else Motive.DECIDES
