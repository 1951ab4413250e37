"""All sheets there can be: questions about one of them, or about two that differ in one answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from bot.decisions import Policy
from bot.decisions.risk import Risk
from bot.decisions.row import Row
from bot.workbench.proof.family import Family
from bot.workbench.proof.formula import Formula, Literal, Model
from bot.workbench.proof.side import Key, Side


class Space:
    """The space of one policy. `now` is any sheet, `then` another that can be tied to it, answer by answer."""

    def __init__(self, policy: Policy, day: date | None = None, children: int = 1) -> None:
        """The rows in force on `day`, by default when the newest of them has come into force."""
        self.policy = policy
        self.day = day or max(row.valid_from for row in policy.rows)
        self.rows = policy.in_force(self.day)
        self.formula = Formula()
        self._children = children
        self.now = self._side()

    @cached_property
    def then(self) -> Side:
        """The second sheet; made only when a question needs it."""
        return self._side()

    def _side(self) -> Side:
        policy = self.policy
        return Side(self.formula, policy.base, self.rows, policy.combiner.rank, self._children)

    # --- one sheet ---------------------------------------------------------------------------------------------

    def find(self, *wanted: Literal, without: Iterable[Literal] = ()) -> Family | None:
        """A family with as few answers as can be for which all of this holds, or None: a proof that there is none."""
        assumed = [*self.now.all_rows(), *wanted, *without]
        model = self.formula.model(assumed)
        return None if model is None else self._least(model, assumed)

    def _least(self, model: Model, assumed: list[Literal]) -> Family:
        """Takes answers away, one after another, for as long as the rest still shows it."""
        side, bare = self.now, list(assumed)
        for key in reversed(side.keys):
            for literal in (side.told[key], side.mentioned[key]):
                if literal in model:
                    fewer = self.formula.model([*bare, -literal])
                    model, bare = (fewer, [*bare, -literal]) if fewer is not None else (model, [*bare, literal])
        return self._family(model)

    def _family(self, model: Model) -> Family:
        side = self.now
        answers = {key: value for key in side.keys for value, said in side.answered[key].items() if said in model}
        return Family(
            answers, frozenset(key for key in side.keys if side.mentioned[key] in model and key not in answers)
        )

    # --- two sheets --------------------------------------------------------------------------------------------

    @cached_property
    def kept(self) -> Mapping[Key, Literal]:
        """For each fact: the second sheet has the first one's answer; what it asks in consequence is answered, in any way."""
        one, two, formula = self.now, self.then, self.formula
        kept = {}
        for key in one.keys:
            keep = kept[key] = formula.variable()
            for value, said in one.answered[key].items():
                formula.require(-keep, -said, two.answered[key][value])
            formula.require(-keep, one.told[key], one.assumed[key], -two.told[key])
            formula.require(-keep, -one.assumed[key], two.told[key], two.assumed[key])
            formula.require(-keep, -one.assumed[key], -two.told[key], two.relevant(key))
            formula.require(-keep, -one.mentioned[key], two.mentioned[key])
            formula.require(-keep, one.mentioned[key], -two.mentioned[key])
        return kept

    def raised(self, key: Key, low: str | None, high: str) -> list[Literal]:
        """The second sheet differs in this: the fact is answered `high` where the first has `low` (None: it is open)."""
        one, two = self.now, self.then
        before = one.answered[key][low] if low else -one.told[key]
        mentions = self.formula.same(one.mentioned[key], two.mentioned[key])
        return [before, two.answered[key][high], mentions, *(keep for other, keep in self.kept.items() if other != key)]

    @cached_property
    def lowered(self) -> Mapping[str, Literal]:
        """What can be lower on the second sheet: `risk` of the case; `time`: a part has longer, or the soonest of all is later."""
        one, two, formula = self.now, self.then, self.formula
        risk = [formula.all_of((one.risk_at_least(risk), -two.risk_at_least(risk))) for risk in Risk]
        slower = []
        for minutes in self._times:
            soon = [
                (one.within(whom, minutes), two.within(whom, minutes), two.served(whom)) for whom in one.audiences()
            ]
            slower += [formula.all_of((first, -second, served)) for first, second, served in soon]
            slower.append(formula.all_of([formula.any_of([f for f, _, _ in soon]), *(-s for _, s, _ in soon)]))
        return {"risk": formula.any_of(risk), "time": formula.any_of(slower)}

    @property
    def _times(self) -> frozenset[int]:
        """Every time some row gives somebody, in minutes."""
        return frozenset(p.act_within for row in self.rows for p in row.parts if p.act_within is not None)

    @cached_property
    def differs(self) -> Literal:
        """The two sheets are decided differently in anything a family or a service would notice."""
        one, two, formula = self.now, self.then, self.formula
        services, actions = (self.policy.base.words.labels[kind] for kind in ("services", "first_actions"))
        pairs = [(one.risk_at_least(risk), two.risk_at_least(risk)) for risk in Risk]
        pairs += [(one.never(word), two.never(word)) for word in self.policy.base.words.nevers]
        pairs += [
            (one.followed_as(n), two.followed_as(n)) for n in range(len(self.policy.base.words.labels["follow_ups"]))
        ]
        for whom in one.audiences():
            pairs += [(one.within(whom, minutes), two.within(whom, minutes)) for minutes in self._times]
            pairs += [(one.led_by(whom, service), two.led_by(whom, service)) for service in services]
            pairs += [(one.hears(whom, service), two.hears(whom, service)) for service in services]
            pairs += [(one.starts_with(whom, action), two.starts_with(whom, action)) for action in actions]
        return formula.any_of([-formula.same(first, second) for first, second in pairs])

    def find_raised(self, key: Key, low: str | None, high: str, what: Literal) -> Family | None:
        """A family in which raising one answer leads to `what`, as few answers as can be, or None."""
        return self.find(*self.then.all_rows(), *self.raised(key, low, high), what)

    def find_without(self, row: Row) -> Family | None:
        """A family that would be decided differently if the row were not there, or None: the row is without effect."""
        others = [literal for row_id, literal in self.then.active.items() if row_id != row.id]
        return self.find(*others, -self.then.active[row.id], *self.kept.values(), self.differs)
