"""What the interview of one rule base records of a family's truth."""

from __future__ import annotations

from functools import lru_cache

from oxidd.bcdd import BCDDFunction

from bot.facts import Vocabulary
from bot.facts.conditions import Alternatives, Conditions
from bot.workbench.diff.space import Space


class Interview:
    """A fact that is relevant is asked and answered with the truth; one that is not counts as its `otherwise`.

    Relevance looks at what was recorded, not at the truth, exactly as a conversation does in which the family says nothing
    beside its answers. With `volunteered` every fact is answered, asked or not: an answer always counts.
    """

    def __init__(self, space: Space, vocabulary: Vocabulary, *, volunteered: bool = False) -> None:
        self.space = space
        self.vocabulary = vocabulary
        self.volunteered = volunteered
        self.relevant = lru_cache(None)(self._relevant)
        self.recorded = lru_cache(None)(self._recorded)

    def holds(self, when: Alternatives) -> BCDDFunction:
        """The families whose record fulfils one of these sets of conditions."""
        return self.space.either(self._all(conditions) for conditions in when)

    def impossible(self) -> BCDDFunction:
        """The families whose record says what can never be together."""
        return self.holds(self.vocabulary.never_together)

    def _all(self, conditions: Conditions) -> BCDDFunction:
        found = self.space.everybody
        for name, wanted in sorted(conditions.items(), key=lambda item: self._place(item[0]), reverse=True):
            found = found & self.recorded(name, wanted)
        return found

    def _place(self, name: str) -> int:
        return list(self.space.values).index(name)

    def _recorded(self, name: str, wanted: frozenset[str]) -> BCDDFunction:
        """The families of which one of these values is recorded."""
        true, asked = self.space.having(name, wanted), self.relevant(name)
        assumed = self.vocabulary.facts[name].otherwise in wanted
        return true & asked | (~asked if assumed else self.space.nobody)

    def _relevant(self, name: str) -> BCDDFunction:
        """The families whom this fact is asked of."""
        fact = self.vocabulary.facts[name]
        if self.volunteered or not fact.relevant_when:
            return self.space.everybody
        return self.holds(fact.relevant_when)
