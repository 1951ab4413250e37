"""What rules make of a family's answers, as literals.

A fact is answered, or it is open; while it is open and certainly irrelevant (every condition of its relevance is contradicted, and
no cue mentioned it) it counts as its `otherwise`. Rows hold on what counts. Two children stand for any number: rows are about one
child and the family, and what they add up to is a maximum, a minimum or a union, so a third adds nothing that two cannot show.
When no row gives anybody a part, the default decision does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.decisions.outcome import Audience, audience
from bot.decisions.proof.answers import Answers, Key
from bot.decisions.proof.formula import Literal
from bot.decisions.risk import Risk
from bot.decisions.row import PartRule, Row
from bot.decisions.words import OPERATOR, Words
from bot.facts import Fact
from bot.facts.conditions import Conditions

# Rows that take part, each with the literal that says when it is in force.
Rows = Mapping[Row, Literal]
# For each fact with a relevance: its sets of conditions, each with the literal that says when it is in force.
Relevance = Mapping[str, Sequence[tuple[Conditions, Literal]]]
Entry = tuple[Row, PartRule, Literal]


class Side:
    """One rule base over one family's answers. Every literal is of the answers' formula, made when it is first asked for."""

    def __init__(
        self, answers: Answers, words: Words, rows: Rows, rank: Mapping[str, int], relevance: Relevance
    ) -> None:
        self.answers, self.formula, self.words, self.rows = answers, answers.formula, words, rows
        self.children, self.keys = answers.children, answers.keys
        self.answered, self.told, self.mentioned = answers.answered, answers.told, answers.mentioned
        self.fact, self.key = answers.fact, answers.key
        self._relevance = relevance
        self._order = sorted(rows, key=lambda row: (-row.risk, rank[row.id]))
        self._fires: dict[tuple[Row, int], Literal] = {}
        self._entries: dict[Audience, list[Entry]] = {}
        self._chosen: dict[Audience, list[Entry]] = {}
        self._never: dict[str, Literal] = {}
        self.assumed: dict[Key, Literal] = {}
        for key in self.keys:
            self.assumed[key] = self.formula.all_of((-self.told[key], -self.relevant(key)))
        self.possible = self._can_be()

    # --- facts -------------------------------------------------------------------------------------------------

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
        return self.formula.any_of(
            [self.formula.all_of((self.answers.there[child], self.holds(one, child))) for one in sets for child in some]
        )

    def relevant(self, key: Key) -> Literal:
        """The fact can be asked: nothing certain speaks against it."""
        if not self.fact(key).relevant_when:
            return self.formula.true
        child = key[1] or 0
        possible = [self.formula.all_of((when, self._possible(one, child))) for one, when in self._relevance[key[0]]]
        return self.formula.any_of([self.mentioned[key], *possible])

    def complete(self) -> Literal:
        """Everything that can be asked has been answered."""
        there = self.answers.there
        return self.formula.all_of(
            self.formula.any_of((self.told[k], self.assumed[k], -there[k[1] or 0])) for k in self.keys
        )

    def _possible(self, conditions: Conditions, child: int) -> Literal:
        """No condition is contradicted: each is met or still open."""
        met = []
        for name, values in conditions.items():
            key = self.key(name, child)
            open_ = self.formula.all_of((-self.told[key], -self.assumed[key]))
            met.append(self.formula.any_of((open_, self.counts(key, values))))
        return self.formula.all_of(met)

    def _can_be(self) -> Literal:
        """It is not a family that `never_together` leaves out."""
        return -self.one_holds(self.answers.vocabulary.never_together)

    # --- rows --------------------------------------------------------------------------------------------------

    def fires(self, row: Row, child: int) -> Literal:
        """The row is in force and holds for this child."""
        if (row, child) not in self._fires:
            self._fires[(row, child)] = self.formula.all_of((self.rows[row], self.one_holds(row.when, (child,))))
        return self._fires[(row, child)]

    def row_holds(self, row: Row) -> Literal:
        """The row holds for some child."""
        return self.formula.any_of([self.fires(row, child) for child in self.children])

    # --- what they add up to -----------------------------------------------------------------------------------

    def risk_at_least(self, risk: Risk) -> Literal:
        """The family's risk."""
        if risk is Risk.NONE:
            return self.formula.true
        return self.formula.any_of([self.row_holds(row) for row in self.rows if row.risk >= risk])

    def never(self, word: str) -> Literal:
        """Some row forbids it."""
        if word not in self._never:
            self._never[word] = self.formula.any_of([self.row_holds(row) for row in self.rows if word in row.never])
        return self._never[word]

    def default(self, whom: Audience) -> Literal:
        """No row gives anybody a part, and the default decision's is for this audience."""
        if whom != (self.words.default_for, None):
            return self.formula.false
        return -self.formula.any_of([self.row_holds(row) for row in self.rows if row.parts])

    def audiences(self) -> list[Audience]:
        """Everybody a part can be for."""
        found = [audience(part, c) for row in self.rows for part in row.parts for c in self.children]
        return list(dict.fromkeys([*found, (self.words.default_for, None)]))

    def entries(self, whom: Audience) -> Sequence[Entry]:
        """The rows that name this audience, in the order in which they lead, each with when it does."""
        if whom not in self._entries:
            named: list[Entry] = []
            for row in self._order:
                for part in row.parts:
                    children = [child for child in self.children if audience(part, child) == whom]
                    if children:
                        when = self.formula.any_of([self.fires(row, child) for child in children])
                        named.append((row, part, when))
            self._entries[whom] = named
        return self._entries[whom]

    def named(self, whom: Audience) -> Literal:
        """Some row names this audience."""
        return self.formula.any_of([when for _, _, when in self.entries(whom)])

    def served(self, whom: Audience) -> Literal:
        """There is a part for this audience."""
        return self.formula.any_of((self.named(whom), self.default(whom)))

    def part_risk_at_least(self, whom: Audience, risk: Risk) -> Literal:
        """The risk of this audience's part."""
        return self.formula.any_of([when for row, _, when in self.entries(whom) if row.risk >= risk])

    def within(self, whom: Audience, minutes: int) -> Literal:
        """Somebody acts for this audience in so many minutes at the latest."""
        soon = (
            when for _, part, when in self.entries(whom) if part.act_within is not None and part.act_within <= minutes
        )
        return self.formula.any_of(list(soon))

    def chosen(self, whom: Audience) -> Sequence[Entry]:
        """Which row gives the part its lead and first action: the first that fires and whose lead is not forbidden."""
        if whom not in self._chosen:
            able = [
                (row, part, self.formula.all_of((when, -self.never(part.lead))))
                for row, part, when in self.entries(whom)
            ]
            self._chosen[whom] = self._first(able)
        return self._chosen[whom]

    def _first(self, entries: Iterable[Entry]) -> list[Entry]:
        """Each entry with when it is the first that holds."""
        found, earlier = [], self.formula.false
        for row, part, when in entries:
            found.append((row, part, self.formula.all_of((when, -earlier))))
            earlier = self.formula.any_of((earlier, when))
        return found

    def led_by(self, whom: Audience, service: str) -> Literal:
        """The part's lead; the operator's when every lead is forbidden."""
        leads = [when for _, part, when in self.chosen(whom) if part.lead == service]
        if service == OPERATOR:
            leads += [self._all_forbidden(whom), self.default(whom)]
        return self.formula.any_of(leads)

    def _all_forbidden(self, whom: Audience) -> Literal:
        return self.formula.all_of((self.named(whom), *(-when for _, _, when in self.chosen(whom))))

    def hears(self, whom: Audience, service: str) -> Literal:
        """The service leads this audience's part or is told of it."""
        named = [when for _, part, when in self.entries(whom) if service in (part.lead, *part.also)]
        return self.formula.any_of(
            (self.led_by(whom, service), self.formula.all_of((self.formula.any_of(named), -self.never(service))))
        )

    def starts_with(self, whom: Audience, action: str) -> Literal:
        """The part's first action: of the row that leads, or of the gravest when every lead is forbidden."""
        actions = [when for _, part, when in self.chosen(whom) if part.first_action == action]
        gravest = [when for _, part, when in self._first(self.entries(whom)) if part.first_action == action]
        actions.append(self.formula.all_of((self._all_forbidden(whom), self.formula.any_of(gravest))))
        if action == self.words.default_action:
            actions.append(self.default(whom))
        return self.formula.any_of(actions)

    def followed_as(self, closeness: int) -> Literal:
        """The follow-up is at least so close (the place of a plan among `follow_ups`)."""
        rank = self.words.closeness
        return self.formula.any_of(
            [self.row_holds(row) for row in self.rows if row.follow_up and rank(row.follow_up) >= closeness]
        )


def as_written(facts: Iterable[Fact], literal: Literal) -> Relevance:
    """Every relevance as the vocabulary has it; `literal` is one that always holds."""
    return {fact.name: [(one, literal) for one in fact.relevant_when] for fact in facts}
