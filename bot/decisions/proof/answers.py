"""Whatever a family may have said, as literals: one for every answer, one for every hint in words, one for every further child."""

from __future__ import annotations

from collections.abc import Iterable

from bot.decisions.proof.formula import Formula, Literal, Model
from bot.facts import Fact, Vocabulary
from bot.facts.fact import CHILD

# A fact, and which child it is about (None: the family).
Key = tuple[str, int | None]


class Answers:
    """The answers of a family with at most so many children. What rules make of them is a `Side`.

    The first child is there even while nothing is known of it; nothing is said about a child that is not there.
    """

    def __init__(self, formula: Formula, vocabulary: Vocabulary, children: int) -> None:
        self.formula = formula
        self.vocabulary = vocabulary
        self.children = range(children)
        self.there = [formula.true, *(formula.variable() for _ in range(1, children))]
        self.keys: list[Key] = [(f.name, c) for f in vocabulary.facts.values() for c in self._subjects(f)]
        self.answered: dict[Key, dict[str, Literal]] = {key: self._answers(key) for key in self.keys}
        self.told = {key: formula.any_of(self.answered[key].values()) for key in self.keys}
        self.mentioned = {
            key: formula.variable() if self.fact(key).can_be_mentioned else formula.false for key in self.keys
        }
        self._nothing_of_nobody()

    def fact(self, key: Key) -> Fact:
        """The fact a key is about."""
        return self.vocabulary.facts[key[0]]

    def key(self, fact: str, child: int) -> Key:
        """The family's fact, or this child's."""
        return (fact, child if self.vocabulary.facts[fact].about == CHILD else None)

    def alone(self) -> list[Literal]:
        """There is no second child."""
        return [-there for there in self.there[1:]]

    def in_model(self, model: Model) -> tuple[dict[Key, str], frozenset[Key], int]:
        """What was answered, what was mentioned, and how many children there are if more than one (else 0)."""
        answers = {key: value for key in self.keys for value, said in self.answered[key].items() if said in model}
        mentions = frozenset(key for key in self.keys if self.mentioned[key] in model)
        there = sum(literal in model for literal in self.there)
        return answers, mentions, there if there > 1 else 0

    def _subjects(self, fact: Fact) -> Iterable[int | None]:
        return self.children if fact.about == CHILD else (None,)

    def _answers(self, key: Key) -> dict[str, Literal]:
        answers = {value: self.formula.variable() for value in self.fact(key).values}
        self.formula.one_at_most(list(answers.values()))
        return answers

    def _nothing_of_nobody(self) -> None:
        for key in self.keys:
            there = self.there[key[1] or 0]
            self.formula.require(there, -self.told[key])
            self.formula.require(there, -self.mentioned[key])
