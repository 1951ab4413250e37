"""The next question. Danger first, then what it is about, then whatever settles most; never one that cannot matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.decisions.decision import Ask, PartDecision
from bot.decisions.risk import Risk
from bot.decisions.search import Search
from bot.decisions.standing import Standing
from bot.facts import Vocabulary


@dataclass(frozen=True, slots=True)
class Interview:
    """Chooses questions over one circuit."""

    vocabulary: Vocabulary
    search: Search

    def question(self, standing: Standing, *, settled: bool, parts: Sequence[PartDecision]) -> Ask | None:
        """The next question, or None when nothing is left to ask.

        1. the danger screen; 2. dangers whose answer has expired; 3. whatever could still be an emergency by what is known;
        4. the concerns; 5. what else can change the outcome, by worth; 6. once settled, what the receiving services need.
        """
        screen, *others = self.vocabulary.opening or ((),)
        number = self._opening((screen,), standing) if screen else None
        if number is None and settled:
            return self._needed(standing, parts)
        if number is None:
            number = self._expired(standing)
        if number is None:
            number = self._urgent(standing)
        if number is None:
            number = self._opening(others, standing)
        if number is None:
            number = self._mattering(standing, self._numbers(self._askable(standing)))
        return None if number is None else self._ask(self._spoken(number, standing))

    def _ask(self, number: int) -> Ask:
        variable = self.search.circuit.variables[number]
        return Ask(variable.fact.name, variable.child)

    def _spoken(self, number: int, standing: Standing) -> int:
        """The member that speaks for a question's group: the first while it is fresh, then the last open one."""
        variable = self.search.circuit.variables[number]
        if not variable.fact.ask_with:
            return number
        spoken = self._speaker(variable.fact.ask_with, variable.child or 0, standing.sure.open)
        return number if spoken is None else spoken

    def _speaker(self, group: str, child: int, opened: int) -> int | None:
        """While a group is fresh its first member asks about them all; later its last open one asks whether there is more."""
        members = [
            number
            for number, variable in enumerate(self.search.circuit.variables)
            if variable.fact.ask_with == group and variable.child in (None, child)
        ]
        still = [number for number in members if opened >> number & 1]
        return None if not still else still[0] if still == members else still[-1]

    def _opening(self, groups: Iterable[str], standing: Standing) -> int | None:
        """The question of the first group with an open member; an expired answer is open again."""
        spoken = (self._speaker(group, 0, standing.sure.open) for group in groups)
        return next((number for number in spoken if number is not None), None)

    def _expired(self, standing: Standing) -> int | None:
        """The first fact whose answer has expired and whose new answer can matter, or lets go of a row that it still holds."""
        kept = self.search.kept(standing.now, standing.sure, standing.expired)
        for number, variable in enumerate(self.search.circuit.variables):
            if standing.expired >> number & 1 and (
                variable.occurs & kept or (standing.sure.open >> number & 1 and self.search.matters(standing, number))
            ):
                return number
        return None

    def _urgent(self, standing: Standing) -> int | None:
        """A question that alone, or with others that can be asked already, could still make it an emergency."""
        askable, circuit, oracle = self._askable(standing), self.search.circuit, self.search.oracle
        live = self.search.live(standing.sure)
        grave = sum(
            head
            for head, one in circuit.instances.items()
            if live & head and one.row.risk is Risk.EMERGENCY and not self._asks_of(head, standing) & ~askable
        )
        for number in self._worthy(standing, self._numbers(askable)):
            theirs = circuit.variables[number].occurs & grave
            heads = [head for head in circuit.instances if head & theirs]
            if any(oracle.can_fire(standing, head) for head in heads) and self.search.matters(standing, number):
                return number
        return None

    def _asks_of(self, head: int, standing: Standing) -> int:
        """The open variables of one clause, as bits."""
        variables = self.search.circuit.variables
        return sum(1 << n for n, variable in enumerate(variables) if variable.occurs & head) & standing.sure.open

    def _askable(self, standing: Standing) -> int:
        """The open variables that are certainly relevant and on which the outcome still depends, as bits."""
        variables, fired = self.search.circuit.variables, self.search.circuit.fired(standing.sure)
        wanted = self.search.wanted(standing)
        return sum(
            1 << n
            for n in self._numbers(wanted)
            if not variables[n].gates or variables[n].gates & fired or standing.mentioned >> n & 1
        )

    def _numbers(self, variables: int) -> list[int]:
        """The policy questions among these variables."""
        return [
            n
            for n, variable in enumerate(self.search.circuit.variables)
            if variables >> n & 1 and variable.fact.ask_with not in self.vocabulary.opening
        ]

    def _mattering(self, standing: Standing, candidates: Iterable[int]) -> int | None:
        """The worthiest of these questions that can change the outcome."""
        return next((n for n in self._worthy(standing, candidates) if self.search.matters(standing, n)), None)

    def _worthy(self, standing: Standing, candidates: Iterable[int]) -> list[int]:
        """These questions, the worthiest first."""
        live = self.search.live(standing.sure)
        occurs = {n: self.search.circuit.variables[n].occurs & live for n in candidates}
        return sorted(occurs, key=lambda n: self._worth(occurs[n]))

    def _worth(self, rows: int) -> tuple[int, int]:
        """Smaller is asked earlier: the gravest row it can decide, then how many; facts of equal worth stand in their own order."""
        decided = [one.row.risk for head, one in self.search.circuit.instances.items() if rows & head]
        return (-max(decided, default=Risk.NONE), -len(decided))

    def _needed(self, standing: Standing, parts: Sequence[PartDecision]) -> Ask | None:
        """The first fact nobody was asked yet that one of the leading services needs."""
        leads, asked = {part.lead for part in parts}, set(standing.assumed)
        for number, variable in enumerate(self.search.circuit.variables):
            opened = standing.now.open >> number & 1 or (variable.fact.name, variable.child) in asked
            if opened and leads & set(variable.fact.needed_by):
                return self._ask(number)
        return None
