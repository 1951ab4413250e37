"""The owner's safeguards, each proved for every family there can be, or a family for which it fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.decisions.risk import BY_WORD, Risk
from bot.decisions.safeguards import Claim, Safeguard
from bot.workbench.check.careful import SAID, raised, steps
from bot.workbench.check.finding import Finding
from bot.workbench.proof import Space
from bot.workbench.proof.formula import Literal


def broken_safeguards(space: Space, *, card_comes_first: bool = True) -> Iterator[Finding]:
    """Safeguards that fail, and such as no family can be like. `space` is of two children.

    `card_comes_first` tells whether the dialogue sends the emergency card before anything else of a reply.
    """
    for one in space.policy.base.safeguards:
        yield from _moved(space, one) if one.moving else _held(space, one, card_comes_first=card_comes_first)


def _moved(space: Space, one: Safeguard) -> Iterator[Finding]:
    fact = space.policy.vocabulary.facts[one.moving or ""]
    for low, high in steps(fact):
        for what in one.never_lowers:
            family = raised(space, fact, low, high, space.lowered[what])
            if family is not None:
                said = f"{one.id}: moving {fact.name} from {low or 'open'} to {high} {SAID[what]} of this family"
                yield Finding.shown("safeguard", one.where, said, family, space.policy)


def _held(space: Space, one: Safeguard, *, card_comes_first: bool) -> Iterator[Finding]:
    formula, side = space.formula, space.now
    like = formula.all_of([side.one_holds(one.whenever), side.complete() if one.at_the_end else formula.true])
    if space.find(like) is None:
        yield Finding("vacuous", one.where, f"{one.id}: no family can be like that, so it says nothing")
        return
    for claim in one.always:
        met = _met(space, claim, card_comes_first=card_comes_first)
        yield from _failing(space, one, claim, formula.all_of((like, -met)), "always")
    for claim in one.never:
        met = _met(space, claim, card_comes_first=card_comes_first)
        yield from _failing(space, one, claim, formula.all_of((like, met)), "never")


def _failing(space: Space, one: Safeguard, claim: Claim, fails: Literal, word: str) -> Iterator[Finding]:
    family = space.find(fails)
    if family is not None:
        whom = f" for the {claim.for_whom}" if claim.for_whom else ""
        said = f"{one.id}: it is not {word} so that {claim.kind} {', '.join(claim.words)}{whom}"
        yield Finding.shown("safeguard", one.where, said, family, space.policy)


def _met(space: Space, claim: Claim, *, card_comes_first: bool) -> Literal:
    """When a claim is true of a decision. For an audience: of its every part (each child's, where there are two)."""
    side, formula = space.now, space.formula
    whole: Mapping[str, Literal] = {
        "risk": side.risk_at_least(BY_WORD[claim.words[0]]) if claim.kind == "risk" else formula.false,
        "row": formula.any_of([side.row_holds(row) for row in space.rows if row.id in claim.words]),
        "forbidden": formula.all_of([side.never(word) for word in claim.words]),
        "card": side.risk_at_least(Risk.EMERGENCY) if card_comes_first else formula.false,
    }
    if claim.kind in whole:
        return whole[claim.kind]
    parts = [whom for whom in side.audiences() if claim.for_whom in (None, whom[0])]
    return formula.any_of([formula.all_of((side.served(whom), _of_part(space, claim, whom))) for whom in parts])


def _of_part(space: Space, claim: Claim, whom: tuple[str, int | None]) -> Literal:
    side, formula = space.now, space.formula
    match claim.kind:
        case "within":
            return side.within(whom, claim.minutes or 0)
        case "lead":
            return formula.any_of([side.led_by(whom, service) for service in claim.words])
        case "told":
            return formula.all_of([side.hears(whom, service) for service in claim.words])
        case "service":
            return formula.any_of([side.hears(whom, service) for service in claim.words])
        case _:
            return formula.any_of([side.starts_with(whom, action) for action in claim.words])
