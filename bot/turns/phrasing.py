"""Saying facts in plain words: the titles of the answer buttons in data/domain are the words for the values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.dialogue import Engine
from bot.facts import Sheet, Vocabulary
from bot.replies.texts import LANGUAGES
from bot.replies.words import WordBook, Words

SILENT = frozenset({"unknown", "refused"})
# Said to us about writing to them, not about the family.
ASIDE = frozenset({"safe_to_write"})


@dataclass(frozen=True, slots=True)
class Phrases:
    """Plain words for every value of every fact, in both languages, and the small words beside them."""

    titles: Mapping[tuple[str, str, str], str]
    book: WordBook

    @classmethod
    def collect(cls, assistant: Engine, vocabulary: Vocabulary, book: WordBook) -> Phrases:
        """Reads the buttons of every question once, when the service starts."""
        titles: dict[tuple[str, str, str], str] = {}
        for language in LANGUAGES:
            for name, fact in vocabulary.facts.items():
                for button in assistant.say(fact.question, {"language": language}, channel="rest")["buttons"]:
                    for said, value in answer_of(button["payload"]).items():
                        titles.setdefault((said, value, language), button["title"])
                titles.setdefault((name, "yes", language), titles.get((name, "yes", language), ""))
        return cls(titles, book)

    def title(self, fact: str, value: str, language: str) -> str:
        """The plain words for one answer; empty where the question has no button for it."""
        return self.titles.get((fact, value, language), "")

    def known(self, sheet: Sheet, vocabulary: Vocabulary, words: Words) -> str:
        """What is known, in one line: every telling answer, the family's first, then each child's."""
        said = [
            self.title(answer.fact, answer.value, words.language)
            for answer in sheet.answers
            if answer.fact not in ASIDE
            and answer.value not in SILENT
            and answer.value != vocabulary.facts[answer.fact].otherwise
        ]
        return words.joined([title for title in dict.fromkeys(said) if title])


def answer_of(payload: str) -> dict[str, str]:
    """The facts an answer button gives: `/answer{"divorce": "pending"}` → `{"divorce": "pending"}`, else nothing."""
    if not payload.startswith("/answer{"):
        return {}
    found: dict[str, str] = json.loads(payload.removeprefix("/answer"))
    return found
