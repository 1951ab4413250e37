"""The next question. Danger first, then what it is about, then whatever settles most; never one that cannot matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.decisions.decision import Ask, PartDecision
from bot.decisions.outcome import Outcome
from bot.decisions.risk import Risk
from bot.decisions.search import Search
from bot.decisions.standing import Standing
from bot.facts import Vocabulary


@dataclass(frozen=True, slots=True)
class Interview:
    """Chooses questions over one circuit."""

    vocabulary: Vocabulary
    search: Search

    def question(self, standing: Standing, *, settled: bool) -> Ask | None:
        """The policy's next question, or None when nothing is left that is worth one.

        1. the danger screen; 2. dangers whose answer has expired; 3. whatever could still be an emergency by what is known;
        4. the concerns; 5. what else can change the outcome, by worth.
        """
        screen, *others = self.vocabulary.opening or ((),)
        number = self._opening((screen,), standing) if screen else None
        if number is None and settled:
            return None
        if number is None:
            number = self._expired(standing)
        if number is None:
            number = self._urgent(standing)
        if number is None:
            number, standing = self._concern(others, standing)
        if number is None:
            number = self._mattering(standing, self._numbers(self._askable(standing)))
        return None if number is None else self._ask(self._spoken(number, standing))

    def optional(self, standing: Standing) -> Ask | None:
        """A question that can still change the outcome, though nothing graver hangs on it; None where none can."""
        number = self._opening(self.vocabulary.opening[1:], standing)
        if number is None:
            number = self._mattering(standing, self._numbers(self._relevant(standing, self.search.live(standing.sure))))
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

    def _concern(self, groups: Sequence[str], standing: Standing) -> tuple[int | None, Standing]:
        """What it is about, and whether there is more.

        In an emergency more is not asked: what follows is asked as if there were no more, but nothing is decided by that.
        """
        number = self._opening(groups, standing)
        variables, circuit = self.search.circuit.variables, self.search.circuit
        if number is None or self._known(standing).risk < Risk.EMERGENCY:
            return number, standing
        group = self.vocabulary.groups[str(variables[number].fact.ask_with)]
        if variables[number].fact.name == group[0]:
            return number, standing
        sure = standing.sure
        for other, variable in enumerate(variables):
            if variable.fact.name in group and sure.open >> other & 1:
                sure = circuit.answered(sure, other, "no")
        return None, standing._replace(sure=circuit.assumed(sure, standing.mentioned))

    def _known(self, standing: Standing) -> Outcome:
        """What is decided so far."""
        return self.search.outcome(self.search.circuit.fired(standing.now) & self.search.circuit.rows)

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
        circuit, oracle = self.search.circuit, self.search.oracle
        live = self.search.live(standing.sure)
        grave = [h for h, one in circuit.instances.items() if live & h and one.row.risk is Risk.EMERGENCY]
        if not grave:
            return None
        askable = self._askable(standing)
        ready = sum(head for head in grave if not self._asks_of(head, standing) & ~askable)
        for number in self._worthy(standing, self._numbers(askable)):
            heads = [head for head in grave if head & ready & circuit.variables[number].occurs]
            if any(oracle.can_fire(standing, head) for head in heads) and self.search.matters(standing, number):
                return number
        return None

    def _asks_of(self, head: int, standing: Standing) -> int:
        """The open variables of one clause, as bits."""
        variables = self.search.circuit.variables
        return sum(1 << n for n, variable in enumerate(variables) if variable.occurs & head) & standing.sure.open

    def _askable(self, standing: Standing) -> int:
        """The open variables that are certainly relevant and on which something worth a question depends, as bits.

        Worth it is what is at least as grave as what is known, or forbids something new; and whether there is more of a kind,
        only if more could be graver. In an emergency nobody is asked about school fees: whoever comes will see what is less.
        """
        circuit, known = self.search.circuit, self._known(standing)
        live = self.search.live(standing.sure)
        news = {head: set(one.row.never) - set(known.nevers) for head, one in circuit.instances.items() if live & head}
        risks = {head: circuit.instances[head].row.risk for head in news}
        first = self._relevant(standing, sum(head for head in news if news[head] or risks[head] >= known.risk))
        more = self._relevant(standing, sum(head for head in news if news[head] or risks[head] > known.risk))
        return first & (more | ~self._started(standing))

    def _relevant(self, standing: Standing, rows: int) -> int:
        """The open variables that are certainly relevant and on which these live rows depend, as bits."""
        variables, fired = self.search.circuit.variables, self.search.circuit.fired(standing.sure)
        return sum(
            1 << n
            for n in self._numbers(self.search.wanted(standing, rows))
            if not variables[n].gates or variables[n].gates & fired or standing.mentioned >> n & 1
        )

    def _started(self, standing: Standing) -> int:
        """The variables of whose group something was answered already, as bits."""
        variables = self.search.circuit.variables
        told = {v.fact.ask_with for n, v in enumerate(variables) if not standing.sure.open >> n & 1}
        return sum(1 << n for n, v in enumerate(variables) if v.fact.ask_with and v.fact.ask_with in told)

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

    def needed(self, standing: Standing, parts: Sequence[PartDecision]) -> Ask | None:
        """The first fact nobody was asked yet that one of the leading services needs."""
        leads, asked = {part.lead for part in parts}, set(standing.assumed)
        for number, variable in enumerate(self.search.circuit.variables):
            opened = standing.now.open >> number & 1 or (variable.fact.name, variable.child) in asked
            if opened and leads & set(variable.fact.needed_by):
                return self._ask(number)
        return None
