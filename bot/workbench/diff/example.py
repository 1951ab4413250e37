"""One concrete family for a group: the smallest sheet for which the production engine itself says the old and the new thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.decisions import Policy
from bot.decisions.outcome import Outcome
from bot.facts import Fact
from bot.facts.conditions import fulfilled
from bot.facts.fact import CHILD
from bot.workbench.diff.comparison import Comparison, Group, heading
from bot.workbench.diff.difference import Change
from bot.workbench.diff.output import said

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """What each rule base was told, by fact, and the rows that fired; the same answers for both unless the interviews differ."""

    old: Answers
    new: Answers
    old_rows: tuple[str, ...]
    new_rows: tuple[str, ...]


def example(group: Group, comparison: Comparison) -> Example:
    """A family of the group with as few answers as possible.

    First a truth is looked for in which every fact has its quietest value, then answers are left away as long as both decisions,
    made by the engine that serves families, still show every change of the group.
    """
    truth = _quietest(group, comparison)
    witnesses = tuple(Witness(policy, comparison) for policy in comparison.policies)
    asked = [witness.asked(truth) for witness in witnesses]
    either = [fact for fact in truth if fact in asked[0] or fact in asked[1]]
    for told in ([truth, truth],) if comparison.volunteered else ([either, either], asked):
        sheets = [w.known({fact: truth[fact] for fact in facts}) for w, facts in zip(witnesses, told, strict=True)]
        if _shows(group, witnesses, sheets):
            old, new = _fewest(group, witnesses, sheets)
            return Example(old, new, witnesses[0].rows(old), witnesses[1].rows(new))
    raise AssertionError(f"the engine and the diagrams disagree about {truth}")


@dataclass(frozen=True, slots=True)
class Witness:
    """The production engine of one side, for a family of one child."""

    policy: Policy
    comparison: Comparison

    def known(self, answers: Answers) -> Answers:
        """The answers that this side has words for."""
        return {fact: value for fact, value in answers.items() if fact in self.policy.vocabulary.facts}

    def asked(self, truth: Answers) -> Sequence[str]:
        """The facts whose truth this side's interview asks for; relevance looks at what was recorded before."""
        recorded: dict[str, str] = {}
        found = []
        for name, fact in self.policy.vocabulary.facts.items():
            if self._relevant(fact, recorded):
                found.append(name)
                recorded[name] = truth[name]
            else:
                recorded[name] = str(fact.otherwise)
        return found

    def _relevant(self, fact: Fact, recorded: Answers) -> bool:
        return not fact.relevant_when or fulfilled(fact.relevant_when, recorded)

    def outcome(self, answers: Answers) -> Outcome:
        """What the engine says about a sheet with these answers."""
        search = self.policy.searching(self.comparison.on, 1)
        circuit, state = search.circuit, search.circuit.start
        for fact, value in answers.items():
            child = 0 if self.policy.vocabulary.facts[fact].about == CHILD else None
            state = circuit.answered(state, circuit.index[fact, child], value)
        return search.outcome(circuit.fired(circuit.assumed(state, 0)) & circuit.rows)

    def says(self, changes: Iterable[Change], answers: Answers) -> tuple[Any, ...]:
        """The values of the changed outputs."""
        outcome = self.outcome(answers)
        closeness = self.policy.base.words.closeness
        plan = max((row.follow_up for row in outcome.rows if row.follow_up), key=closeness, default=None)
        return tuple(said(change.output, outcome, plan) for change in changes)

    def rows(self, answers: Answers) -> tuple[str, ...]:
        """The rows that fire, gravest first."""
        return tuple(row.id for row in self.outcome(answers).rows)


def _shows(group: Group, witnesses: Sequence[Witness], sheets: Sequence[Answers]) -> bool:
    """Whether the engines say of these sheets what the group says, and risk goes where the group's goes."""
    wanted = (tuple(change.old for change in group.changes), tuple(change.new for change in group.changes))
    pairs = tuple(zip(witnesses, sheets, strict=True))
    old, new = (witness.outcome(sheet).risk for witness, sheet in pairs)
    said = tuple(witness.says(group.changes, sheet) for witness, sheet in pairs)
    return said == wanted and heading(old, new) is group.direction


def _fewest(group: Group, witnesses: Sequence[Witness], sheets: Sequence[Answers]) -> tuple[Answers, Answers]:
    """The sheets without every answer that is not needed, later facts left away first."""
    for fact in reversed([*dict.fromkeys((*sheets[0], *sheets[1]))]):
        fewer = [{name: value for name, value in sheet.items() if name != fact} for sheet in sheets]
        if _shows(group, witnesses, fewer):
            sheets = fewer
    return sheets[0], sheets[1]


def _quietest(group: Group, comparison: Comparison) -> Answers:
    """A truth of the group with quiet values wherever the group allows, in the order of the vocabulary.

    Facts are chosen from the top of the diagram down, so that what is left shrinks with every choice.
    """
    space, here = comparison.space, group.families
    facts = _facts(comparison)
    found: dict[str, str] = {}
    for name, values in space.values.items():
        for value in quiet_first(facts[name], values):
            fewer = here & space.having(name, (value,))
            if fewer != space.nobody:
                here, found[name] = fewer, value
                break
    return {name: found[name] for name in facts}


def _facts(comparison: Comparison) -> Mapping[str, Fact]:
    """Every fact of the space, as the new rule base knows it where it does."""
    old, new = (policy.vocabulary.facts for policy in comparison.policies)
    return {**new, **{name: fact for name, fact in old.items() if name not in new}}


def quiet_first(fact: Fact, values: Iterable[str]) -> list[str]:
    """The values, what goes without saying first: `otherwise`, no, the safest of an order; unknown and refused last."""
    quiet = [fact.otherwise, "no", *(order[0] for order in fact.worse)]
    late = ("unknown", "refused")
    return sorted(values, key=lambda value: (value not in quiet, value in late))
