"""What a drawing needs to speak: the rule base, plain words for it, and one language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.decisions import Risk
from bot.decisions.row import PartRule
from bot.decisions.rulebase import RuleBase
from bot.workbench.sayings import Sayings
from bot.workbench.texts import BookTexts


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws in one language."""

    base: RuleBase
    sayings: Sayings
    texts: BookTexts
    language: str

    def say(self, name: str, **fields: object) -> str:
        """A fixed sentence of `data/book.yml`."""
        return self.texts.say(name, self.language, **fields)

    def label(self, kind: str, word: str) -> str:
        """A word of `rules/vocabulary.yml`."""
        return self.base.words.labels[kind][word][self.language]

    def never(self, word: str) -> str:
        """What a row forbids, said as a service or as one of the further nevers."""
        return self.label("nevers" if word in self.base.words.labels["nevers"] else "services", word)

    def listed(self, words: list[str]) -> str:
        """Several things one after another."""
        return self.texts.joined(self.language, words)

    def risk(self, risk: Risk) -> str:
        """The word for a risk."""
        return self.say(f"risk.{risk.word}")

    def part(self, part: PartRule) -> str:
        """Who does what is first, and when: `the child: police (110), at once`."""
        return self.say(
            "draw.part",
            whom=self.label("audiences", part.for_whom),
            lead=self.label("services", part.lead),
            time=self.texts.time(self.language, part.act_within),
        )

    def told(self, part: PartRule) -> list[str]:
        """The services told beside the lead, in the order of the vocabulary."""
        return [self.label("services", word) for word in self.order(part.also)]

    def order(self, services: Collection[str]) -> list[str]:
        """The services in the order of the vocabulary."""
        return [word for word in self.base.words.labels["services"] if word in services]

    def table_title(self, name: str) -> str:
        """What a table is called; its file name while nobody has named it."""
        return self.texts.known(self.language, f"themes.{name}", name.replace("_", " "))
