"""One sheet as literals, and what the rules make of it.

A fact is answered, or it is open; while it is open and certainly irrelevant (every condition of its relevance is contradicted, and
no cue mentioned it) it counts as its `otherwise`. Rows hold on what counts. Two children stand for any number: rows are about one
child and the family, and what they add up to is a maximum, a minimum or a union, so a third adds nothing that two cannot show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.decisions.outcome import Audience, audience
from bot.decisions.risk import Risk
from bot.decisions.row import PartRule, Row
from bot.decisions.rulebase import RuleBase
from bot.decisions.words import OPERATOR
from bot.facts import Fact
from bot.facts.conditions import Conditions
from bot.facts.fact import CHILD
from bot.workbench.proof.formula import Formula, Literal

Key = tuple[str, int | None]


class Side:
    """A sheet for so many children. Everything is a literal of `formula`, made when it is first asked for."""

    def __init__(
        self, formula: Formula, base: RuleBase, rows: Sequence[Row], rank: Mapping[str, int], children: int
    ) -> None:
        self.formula = formula
        self.base = base
        self.rows = rows
        self.children = range(children)
        self.keys: list[Key] = [(f.name, c) for f in base.vocabulary.facts.values() for c in self._subjects(f)]
        self.answered: dict[Key, dict[str, Literal]] = {key: self._answers(key) for key in self.keys}
        self.told = {key: formula.any_of(self.answered[key].values()) for key in self.keys}
        self.mentioned = {
            key: formula.variable() if self.fact(key).can_be_mentioned else formula.false for key in self.keys
        }
        self.assumed: dict[Key, Literal] = {}
        for key in self.keys:
            self.assumed[key] = self._assumed(key)
        self.active = {row.id: formula.variable() for row in rows}
        self._order = sorted(rows, key=lambda row: (-row.risk, rank[row.id]))
        self._exclude()

    # --- facts -------------------------------------------------------------------------------------------------

    def fact(self, key: Key) -> Fact:
        """The fact a key is about."""
        return self.base.vocabulary.facts[key[0]]

    def key(self, fact: str, child: int) -> Key:
        """The family's fact, or this child's."""
        return (fact, child if self.base.vocabulary.facts[fact].about == CHILD else None)

    def counts(self, key: Key, values: Iterable[str]) -> Literal:
        """The fact counts as one of these values, answered or assumed."""
        wanted = set(values)
        said = [literal for value, literal in self.answered[key].items() if value in wanted]
        return self.formula.any_of([*said, *([self.assumed[key]] if self.fact(key).otherwise in wanted else [])])

    def holds(self, conditions: Conditions, child: int) -> Literal:
        """Every condition is met."""
        return self.formula.all_of(self.counts(self.key(name, child), values) for name, values in conditions.items())

    def one_holds(self, sets: Iterable[Conditions], children: Iterable[int] | None = None) -> Literal:
        """One of the sets of conditions is met, by the family and one of these children (any by default)."""
        some = self.children if children is None else children
        return self.formula.any_of([self.holds(one, child) for one in sets for child in some])

    def relevant(self, key: Key) -> Literal:
        """The fact can be asked: nothing certain speaks against it."""
        fact = self.fact(key)
        if not fact.relevant_when:
            return self.formula.true
        possible = (self._possible(one, key[1] or 0) for one in fact.relevant_when)
        return self.formula.any_of([self.mentioned[key], *possible])

    def complete(self) -> Literal:
        """Everything that can be asked has been answered."""
        return self.formula.all_of(self.formula.any_of((self.told[k], self.assumed[k])) for k in self.keys)

    def _subjects(self, fact: Fact) -> Iterable[int | None]:
        return self.children if fact.about == CHILD else (None,)

    def _answers(self, key: Key) -> dict[str, Literal]:
        answers = {value: self.formula.variable() for value in self.fact(key).values}
        self.formula.one_at_most(list(answers.values()))
        return answers

    def _assumed(self, key: Key) -> Literal:
        return self.formula.all_of((-self.told[key], -self.relevant(key)))

    def _possible(self, conditions: Conditions, child: int) -> Literal:
        """No condition is contradicted: each is met or still open."""
        met = []
        for name, values in conditions.items():
            key = self.key(name, child)
            open_ = self.formula.all_of((-self.told[key], -self.assumed[key]))
            met.append(self.formula.any_of((open_, self.counts(key, values))))
        return self.formula.all_of(met)

    def _exclude(self) -> None:
        """Families that cannot be are left out."""
        for conditions in self.base.vocabulary.never_together:
            for child in self.children:
                self.formula.require(-self.holds(conditions, child))

    # --- rows --------------------------------------------------------------------------------------------------

    def fires(self, row: Row, child: int) -> Literal:
        """The row holds for this child."""
        return self.formula.all_of((self.active[row.id], self.one_holds(row.when, (child,))))

    def row_holds(self, row: Row) -> Literal:
        """The row holds for some child."""
        return self.formula.any_of([self.fires(row, child) for child in self.children])

    def all_rows(self) -> list[Literal]:
        """Every row is in force; assume this unless a question is about a rule base without one."""
        return list(self.active.values())

    # --- what they add up to -----------------------------------------------------------------------------------

    def risk_at_least(self, risk: Risk) -> Literal:
        """The family's risk."""
        if risk is Risk.NONE:
            return self.formula.true
        return self.formula.any_of([self.row_holds(row) for row in self.rows if row.risk >= risk])

    def never(self, word: str) -> Literal:
        """Some row forbids it."""
        return self.formula.any_of([self.row_holds(row) for row in self.rows if word in row.never])

    def audiences(self) -> list[Audience]:
        """Everybody a part can be for."""
        found = [audience(part, c) for row in self.rows for part in row.parts for c in self.children]
        return list(dict.fromkeys(found))

    def entries(self, whom: Audience) -> Sequence[tuple[Row, PartRule, Literal]]:
        """The rows that name this audience, in the order in which they lead, each with when it does."""
        named = []
        for row in self._order:
            for part in row.parts:
                children = [child for child in self.children if audience(part, child) == whom]
                if children:
                    named.append((row, part, self.formula.any_of([self.fires(row, child) for child in children])))
        return named

    def served(self, whom: Audience) -> Literal:
        """There is a part for this audience."""
        return self.formula.any_of([when for _, _, when in self.entries(whom)])

    def within(self, whom: Audience, minutes: int) -> Literal:
        """Somebody acts for this audience in so many minutes at the latest."""
        soon = (
            when for _, part, when in self.entries(whom) if part.act_within is not None and part.act_within <= minutes
        )
        return self.formula.any_of(list(soon))

    def chosen(self, whom: Audience) -> list[tuple[Row, PartRule, Literal]]:
        """Which row gives the part its lead and first action: the first that fires and whose lead is not forbidden."""
        before: list[Literal] = []
        found = []
        for row, part, when in self.entries(whom):
            able = self.formula.all_of((when, -self.never(part.lead)))
            found.append((row, part, self.formula.all_of([able, *(-other for other in before)])))
            before.append(able)
        return found

    def led_by(self, whom: Audience, service: str) -> Literal:
        """The part's lead; the operator's when every lead is forbidden."""
        leads = [when for _, part, when in self.chosen(whom) if part.lead == service]
        if service == OPERATOR:
            named = [when for _, _, when in self.entries(whom)]
            leads.append(self.formula.all_of([self.formula.any_of(named), *(-w for _, _, w in self.chosen(whom))]))
        return self.formula.any_of(leads)

    def hears(self, whom: Audience, service: str) -> Literal:
        """The service leads this audience's part or is told of it."""
        named = [when for _, part, when in self.entries(whom) if service in (part.lead, *part.also)]
        return self.formula.any_of(
            (self.led_by(whom, service), self.formula.all_of((self.formula.any_of(named), -self.never(service))))
        )

    def starts_with(self, whom: Audience, action: str) -> Literal:
        """The part's first action."""
        return self.formula.any_of([when for _, part, when in self.chosen(whom) if part.first_action == action])

    def followed_as(self, closeness: int) -> Literal:
        """The follow-up is at least so close (the place of a plan among `follow_ups`)."""
        rank = self.base.words.closeness
        return self.formula.any_of(
            [self.row_holds(row) for row in self.rows if row.follow_up and rank(row.follow_up) >= closeness]
        )
