"""The owner's safeguards, each proved for every family there can be, or a family for which it fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.decisions.outcome import Audience
from bot.decisions.proof.formula import Literal
from bot.decisions.risk import BY_WORD, Risk
from bot.decisions.safeguards import Claim, Safeguard
from bot.facts.fact import CHILD
from bot.workbench.check.careful import SAID, raised, steps
from bot.workbench.check.claim import Property
from bot.workbench.check.finding import Finding
from bot.workbench.proof import Space


def safeguards(space: Space, *, card_comes_first: bool = True) -> Iterator[Property]:
    """Every claim of every safeguard. `space` is of two children.

    `card_comes_first` tells whether the dialogue sends the emergency card before anything else of a reply.
    """
    for one in space.policy.base.safeguards:
        yield from (
            _moved(space, one) if one.moving else _Held(space, one, card_comes_first=card_comes_first).properties()
        )


def vacuous_safeguards(space: Space) -> Iterator[Finding]:
    """Safeguards about families that no family can be like."""
    for one in space.policy.base.safeguards:
        if not one.moving and space.find(like(space, one, space.now.children)) is None:
            said = f"{one.id}: no family can be like that, so it says nothing"
            yield Finding("vacuous", one.where, said, subject=(one.id,))


def like(space: Space, one: Safeguard, children: Iterable[int]) -> Literal:
    """The family, and one of these children, is as the safeguard says."""
    side = space.now
    end = side.complete() if one.at_the_end else space.formula.true
    return space.formula.all_of([side.one_holds(one.whenever, children), end])


def _moved(space: Space, one: Safeguard) -> Iterator[Property]:
    fact = space.policy.vocabulary.facts[one.moving or ""]
    for low, high in steps(fact):
        for what in one.never_lowers:
            said = f"{one.id}: moving {fact.name} from {low or 'open'} to {high} {SAID[what]} of this family"
            broken = raised(space, fact, low, high, space.lowered[what])
            yield Property("safeguard", (one.id, low or "", high, what), one.where, broken, said)


class _Held:
    """One safeguard of the form: whenever … then always … and never this."""

    def __init__(self, space: Space, one: Safeguard, *, card_comes_first: bool) -> None:
        self._space, self._one, self._card = space, one, card_comes_first
        self._formula, self._side = space.formula, space.now

    def properties(self) -> Iterator[Property]:
        """Its claims."""
        anybody = like(self._space, self._one, self._side.children)
        for claim in self._one.always:
            yield self._property(claim, "always", self._lacking(claim))
        for claim in self._one.never:
            yield self._property(claim, "never", self._formula.all_of((anybody, self._met(claim, self._parts(claim)))))

    def _property(self, claim: Claim, word: str, fails: Literal) -> Property:
        whom = f" for the {claim.for_whom}" if claim.for_whom else ""
        said = f"{self._one.id}: it is not {word} so that {claim.kind} {', '.join(claim.words)}{whom}"
        subject = (self._one.id, word, claim.kind, *claim.words, claim.for_whom or "")
        return Property("safeguard", subject, self._one.where, (fails,), said)

    def _lacking(self, claim: Claim) -> Literal:
        """What must always be is not; a claim for the child is about each child that the safeguard speaks of."""
        children = self._side.children
        groups = [(c,) for c in children] if claim.for_whom == CHILD else [tuple(children)]
        return self._formula.any_of(
            self._formula.all_of((like(self._space, self._one, some), -self._met(claim, self._parts(claim, some))))
            for some in groups
        )

    def _parts(self, claim: Claim, children: Iterable[int] | None = None) -> list[Audience]:
        """The audiences a claim is about."""
        some = (None, *(self._side.children if children is None else children))
        return [whom for whom in self._side.audiences() if claim.for_whom in (None, whom[0]) and whom[1] in some]

    def _met(self, claim: Claim, parts: Iterable[Audience]) -> Literal:
        """When a claim is true of a decision, or of one of these parts of it."""
        side, formula = self._side, self._formula
        whole: Mapping[str, Literal] = {
            "risk": side.risk_at_least(BY_WORD[claim.words[0]]) if claim.kind == "risk" else formula.false,
            "row": formula.any_of([side.row_holds(row) for row in side.rows if row.id in claim.words]),
            "forbidden": formula.all_of([side.never(word) for word in claim.words]),
            "card": side.risk_at_least(Risk.EMERGENCY) if self._card else formula.false,
        }
        if claim.kind in whole:
            return whole[claim.kind]
        return formula.any_of([formula.all_of((side.served(whom), self._of_part(claim, whom))) for whom in parts])

    def _of_part(self, claim: Claim, whom: Audience) -> Literal:
        side, formula = self._side, self._formula
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
