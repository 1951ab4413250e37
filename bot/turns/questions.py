"""The questions about facts as they are asked, for whoever tells what was answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.dialogue import Engine
from bot.facts import Vocabulary


@dataclass(frozen=True, slots=True)
class Questions:
    """`questions("child_age", "zh")` → 孩子多大了？ Each is looked up once; what to tap is left out."""

    assistant: Engine
    vocabulary: Vocabulary
    _asked: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    def __call__(self, fact: str, language: str) -> str:
        """The first line of the question about a fact."""
        if (fact, language) not in self._asked:
            said = self.assistant.say(self.vocabulary.facts[fact].question, {"language": language}, channel="rest")
            self._asked[(fact, language)] = str(said["text"]).split("\n")[0]
        return self._asked[(fact, language)]
