"""All sheets there can be: questions about one of them, about two that differ in one answer, or about one under two rule bases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from bot.decisions import Policy
from bot.decisions.proof.answers import Answers, Key
from bot.decisions.proof.difference import follow_up_differs, outcome_differs
from bot.decisions.proof.formula import Formula, Literal, Model
from bot.decisions.proof.side import Relevance, Rows, Side, as_written
from bot.decisions.risk import Risk
from bot.decisions.row import Row
from bot.workbench.proof.family import Family


class Space:
    """The space of one policy. `now` is any sheet, `then` another that can be tied to it, answer by answer."""

    def __init__(self, policy: Policy, day: date | None = None, children: int = 1) -> None:
        """The rows in force on `day`, by default when the newest of them has come into force."""
        self.policy = policy
        self.day = day or max(row.valid_from for row in policy.rows)
        self.formula = Formula()
        self._children = children
        self.in_force = self._in_force()
        self.relevance = self._relevance()
        self.now = self.side(self.answers())

    @property
    def rows(self) -> Iterable[Row]:
        """Every row that takes part."""
        return self.in_force.keys()

    @cached_property
    def then(self) -> Side:
        """The second sheet; made only when a question needs it."""
        return self.side(self.answers())

    def answers(self) -> Answers:
        """Another family's answers."""
        return Answers(self.formula, self.policy.vocabulary, self._children)

    def side(self, answers: Answers, rows: Rows | None = None, relevance: Relevance | None = None) -> Side:
        """What these rows make of some answers under this relevance, the policy's own by default."""
        policy = self.policy
        rows, relevance = self.in_force if rows is None else rows, self.relevance if relevance is None else relevance
        return Side(answers, policy.base.words, rows, policy.combiner.rank, relevance)

    def _in_force(self) -> Rows:
        return dict.fromkeys(self.policy.in_force(self.day), self.formula.true)

    def _relevance(self) -> Relevance:
        return as_written(self.policy.vocabulary.facts.values(), self.formula.true)

    # --- one sheet ---------------------------------------------------------------------------------------------

    def find(self, *wanted: Literal) -> Family | None:
        """A family with as few answers as can be for which all of this holds, or None: a proof that there is none."""
        assumed = [self.now.possible, *wanted]
        model = self.formula.model(assumed)
        return None if model is None else self.smallest(model, assumed)

    def smallest(self, model: Model, assumed: Iterable[Literal]) -> Family:
        """Takes children, answers and hints away, one after another, for as long as the rest still shows it."""
        side, bare = self.now.answers, list(assumed)
        spare = [
            *side.there[1:],
            *(one for key in reversed(side.keys) for one in (side.told[key], side.mentioned[key])),
        ]
        for literal in spare:
            if literal not in model:
                bare.append(-literal)
                continue
            fewer = self.formula.model([*bare, -literal])
            model, kept = (fewer, -literal) if fewer is not None else (model, literal)
            bare.append(kept)
        last = self.formula.model(bare)
        return self._family(model if last is None else last)

    def _family(self, model: Model) -> Family:
        beside = Family(*self.then.answers.in_model(model)) if "then" in self.__dict__ else None
        return Family(*self.now.answers.in_model(model), beside)

    # --- two sheets --------------------------------------------------------------------------------------------

    @cached_property
    def kept(self) -> Mapping[Key, Literal]:
        """For each fact: `then` has the answer of `now`; what it asks in consequence is answered, in any way."""
        return self._kept(self.now, self.then)

    def _kept(self, one: Side, two: Side) -> Mapping[Key, Literal]:
        formula, kept = self.formula, {}
        for key in one.keys:
            keep = kept[key] = formula.variable()
            for value, said in one.answered[key].items():
                formula.require(-keep, -said, two.answered[key][value])
            formula.require(-keep, one.told[key], one.assumed[key], -two.told[key])
            formula.require(-keep, -one.assumed[key], two.told[key], two.assumed[key], -two.answers.there[key[1] or 0])
            formula.require(-keep, -one.assumed[key], -two.told[key], two.relevant(key))
            formula.require(-keep, -one.mentioned[key], two.mentioned[key])
            formula.require(-keep, one.mentioned[key], -two.mentioned[key])
        return kept

    @cached_property
    def same_children(self) -> Literal:
        """The second sheet is of as many children as the first."""
        pairs = zip(self.now.answers.there, self.then.answers.there, strict=True)
        return self.formula.all_of(self.formula.same(one, other) for one, other in pairs)

    def raised(self, key: Key, low: str | None, high: str) -> list[Literal]:
        """The second sheet differs in this: the fact is answered `high` where the first has `low` (None: it is open)."""
        one, two = self.now, self.then
        before = one.answered[key][low] if low else -one.told[key]
        mentions = self.formula.same(one.mentioned[key], two.mentioned[key])
        others = [keep for other, keep in self.kept.items() if other != key]
        return [two.possible, before, two.answered[key][high], mentions, self.same_children, *others]

    def answered_more(self, one: Side, two: Side, key: Key) -> list[Literal]:
        """The second sheet answers this fact, open on the first, and whatever is asked in consequence; the rest is kept."""
        mentions = self.formula.same(one.mentioned[key], two.mentioned[key])
        others = [keep for other, keep in self._kept(one, two).items() if other != key]
        return [two.possible, -one.told[key], two.told[key], mentions, self.same_children, *others]

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
    def _times(self) -> list[int]:
        """Every time some row gives somebody, in minutes."""
        return sorted({p.act_within for row in self.rows for p in row.parts if p.act_within is not None})

    # --- two rule bases ----------------------------------------------------------------------------------------

    def differs(self, one: Side, two: Side) -> Literal:
        """They decide differently in anything a family or a service would notice; added law and advice are not compared."""
        return self.formula.any_of((outcome_differs(one, two), follow_up_differs(one, two)))

    @cached_property
    def gone(self) -> Mapping[Row, Literal]:
        """For each row: it is not there for the rule base of `spared`."""
        return {row: self.formula.variable() for row in self.rows}

    @cached_property
    def spared(self) -> Side:
        """The same sheet, decided without the rows that are `gone`."""
        rows = {row: self.formula.all_of((when, -self.gone[row])) for row, when in self.in_force.items()}
        return self.side(self.now.answers, rows)

    @cached_property
    def _missed(self) -> Literal:
        return self.differs(self.now, self.spared)

    def without(self, row: Row) -> list[Literal]:
        """The family would be decided differently if the row were not there."""
        return [self._missed, *(gone if other is row else -gone for other, gone in self.gone.items())]
