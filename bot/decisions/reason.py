"""Why the policy asks what it asks next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.decisions.decision import Decision
from bot.decisions.reach import numbers, reach
from bot.decisions.risk import Risk
from bot.decisions.row import Row
from bot.decisions.search import OUTCOME, Search
from bot.decisions.standing import Standing
from bot.facts import Vocabulary


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
    number = circuit.index[(decision.ask.fact, decision.ask.child)]
    live = search.live(standing.sure, OUTCOME)
    heads = [head for head in circuit.instances if live & head and number in numbers(reach(circuit, head))]
    rows = dict.fromkeys(circuit.instances[head].row for head in heads)
    ordered = tuple(sorted(rows, key=lambda row: -row.risk))
    needed = vocabulary.facts[decision.ask.fact].needed_by
    services = tuple(part.lead for part in decision.parts if part.lead in needed)
    return Reason(
        _motive(vocabulary, decision, ordered, expired=bool(standing.expired >> number & 1)), ordered, services
    )


def _motive(vocabulary: Vocabulary, decision: Decision, rows: tuple[Row, ...], *, expired: bool) -> Motive:
    group = vocabulary.facts[decision.ask.fact].ask_with if decision.ask else None
    screen, *others = vocabulary.opening or ("",)
    if group and group == screen:
        return Motive.SCREEN
    if decision.settled:
        return Motive.NEEDED
    if expired:
        return Motive.EXPIRED
    if group in others:
        return Motive.CONCERNS
    return Motive.DANGER if rows and rows[0].risk is Risk.EMERGENCY else Motive.DECIDES
