"""A fictional family in plain sentences: the titles of the answer buttons, put into frames where they need one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import product

from bot.drills.words import DrillWords
from bot.facts import Vocabulary
from bot.facts.conditions import fulfilled
from bot.facts.fact import REFUSED, UNKNOWN
from bot.replies.texts import LANGUAGES

# A fact of the family or of its one child, and its value.
Told = tuple[str, str]
# The title of the button that gives this answer: (fact, value, language) → words, empty where there is none.
Titles = Callable[[str, str, str], str]
# The question about a fact: (fact, language) → words.
Questions = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells facts in either language."""

    vocabulary: Vocabulary
    words: DrillWords
    title: Titles
    question: Questions
    _common: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @classmethod
    def of(cls, vocabulary: Vocabulary, words: DrillWords, title: Titles, question: Questions) -> Teller:
        """A teller that knows which titles many questions share ("I do not know"): alone they tell nothing."""
        silent = product(LANGUAGES, vocabulary.facts, (UNKNOWN, REFUSED))
        count = Counter((language, title(fact, value, language)) for language, fact, value in silent)
        return cls(vocabulary, words, title, question, frozenset(key for key, times in count.items() if times > 1))

    def can_tell(self, fact: str, value: str) -> bool:
        """Whether an answer can be said in both languages so that it is understood without its question."""
        return all(self.sentence(fact, value, language) for language in LANGUAGES)

    def sentence(self, fact: str, value: str, language: str) -> str:
        """One fact in words; empty when it cannot be told."""
        if (fact, value) in self.words.said:
            return self.words.said[(fact, value)][language]
        title, frame = self.title(fact, value, language), self.words.frames.get(fact)
        common = value in (UNKNOWN, REFUSED) and (language, title) in self._common
        if title and frame and not common:
            return frame[language].format(title=title)
        if title and self.vocabulary.facts[fact].ask_with is None:
            return self.words.texts.say("asked", language, question=self.question(fact, language), title=title)
        return title if title and not common else self._after_a_yes(fact, value, language)

    def _after_a_yes(self, fact: str, value: str, language: str) -> str:
        """A no, a doubt or a silence, by what would be so after a yes; empty where the question takes no yes."""
        title = self.title(fact, "yes", language)
        name = {"no": "denied", UNKNOWN: "doubtful", REFUSED: "unsaid"}.get(value)
        return self.words.texts.say(name, language, title=title) if title and name else ""

    def plausible(self, told: Iterable[Told]) -> bool:
        """Whether somebody would believe it."""
        return not fulfilled(self.words.implausible, dict(told))

    def ordered(self, told: Iterable[Told]) -> tuple[Told, ...]:
        """In the order in which the facts are natural to tell."""
        order = list(self.vocabulary.facts)
        return tuple(sorted(told, key=lambda one: order.index(one[0])))

    def story(self, told: Iterable[Told], scene: int, language: str) -> str:
        """How it comes to the trainee, and what is said."""
        sentences = dict.fromkeys(self.sentence(fact, value, language) for fact, value in told)
        facts = self.words.texts.say("between", language).join(sentences)
        return f"{self.words.scenes[scene][language]}\n{self.words.texts.say('story', language, facts=facts)}"
