"""When two sides are decided differently."""

from __future__ import annotations

from bot.decisions.proof.formula import Literal
from bot.decisions.proof.side import Side
from bot.decisions.risk import Risk


def risk_differs(one: Side, two: Side) -> Literal:
    """Another risk."""
    return _unlike(one, [(one.risk_at_least(risk), two.risk_at_least(risk)) for risk in Risk])


def outcome_differs(one: Side, two: Side) -> Literal:
    """Another risk, another part (for whom, risk, lead, who is told, what is done first, by when) or another never."""
    words = one.words
    services, actions = words.labels["services"], words.labels["first_actions"]
    times = sorted(
        {p.act_within for side in (one, two) for r in side.rows for p in r.parts if p.act_within is not None}
    )
    pairs = [(one.never(word), two.never(word)) for word in words.nevers]
    for whom in dict.fromkeys([*one.audiences(), *two.audiences()]):
        pairs += [(one.part_risk_at_least(whom, risk), two.part_risk_at_least(whom, risk)) for risk in Risk]
        pairs += [(one.within(whom, minutes), two.within(whom, minutes)) for minutes in times]
        pairs += [(one.led_by(whom, service), two.led_by(whom, service)) for service in services]
        pairs += [(one.hears(whom, service), two.hears(whom, service)) for service in services]
        pairs += [(one.starts_with(whom, action), two.starts_with(whom, action)) for action in actions]
    return one.formula.any_of((risk_differs(one, two), _unlike(one, pairs)))


def follow_up_differs(one: Side, two: Side) -> Literal:
    """Another follow-up plan."""
    plans = range(len(one.words.labels["follow_ups"]))
    return _unlike(one, [(one.followed_as(n), two.followed_as(n)) for n in plans])


def _unlike(one: Side, pairs: list[tuple[Literal, Literal]]) -> Literal:
    return one.formula.any_of([-one.formula.same(first, second) for first, second in pairs])
