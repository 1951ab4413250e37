"""Facts and conditions in plain sentences: the question as the family is asked it, and the titles of the answer buttons.

The words are those of `data/domain`; a fact that has none there yet is shown by its own name, so that a rule base can be
drawn and read before its wording is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import RuleFileError
from bot.facts import Fact, Vocabulary
from bot.facts.conditions import Alternatives, Conditions
from bot.facts.document import Item, read
from bot.facts.fact import REFUSED, UNKNOWN
from bot.replies.texts import LANGUAGES
from bot.turns.phrasing import answer_of
from bot.workbench.texts import BookTexts

_FEW, _MANY = 2, 4


@dataclass(frozen=True, slots=True)
class Said:
    """A condition in words. `but`: every answer counts except these."""

    fact: str
    question: str
    answers: tuple[str, ...]
    but: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question in one language: its text, and the answers its buttons give, `(fact or group, value) → title`."""

    text: str
    buttons: Mapping[tuple[str, str], str]

    @property
    def asking(self) -> str:
        """The line that asks: what stands before and after it is there for whoever answers."""
        lines = [line.strip() for line in self.text.splitlines()]
        return next((line for line in lines if line.endswith(("?", "？"))), lines[0])


@dataclass(frozen=True, slots=True)
class Sayings:
    """Questions, reasons and titles of every fact, by name and language."""

    vocabulary: Vocabulary
    texts: BookTexts
    questions: Mapping[tuple[str, str], Question]
    titles: Mapping[tuple[str, str, str], str]

    @classmethod
    def load(cls, domain: Path, vocabulary: Vocabulary, texts: BookTexts) -> Sayings:
        """Reads the responses of `data/domain/`. Raises `RuleFileError` for a file that cannot be read."""
        questions: dict[tuple[str, str], Question] = {}
        for path in sorted(domain.glob("*.yml")):
            for key, question in responses(path):
                questions.setdefault(key, question)
        titles: dict[tuple[str, str, str], str] = {}
        for (_, language), question in questions.items():
            for (said, value), title in question.buttons.items():
                titles.setdefault((said, value, language), title)
        return cls(vocabulary, texts, questions, titles)

    def question(self, fact: str, language: str) -> str:
        """What is asked to learn this fact, in one line: the question of its whole group when it is asked in one."""
        found = self._asked(fact, language)
        return found.asking if found else _plain(fact)

    def reason(self, fact: str, language: str) -> str:
        """What is said to somebody who asks why; empty while nobody has written it."""
        found = self.questions.get((f"utter_why_{fact}", language))
        return found.text if found else ""

    def name(self, fact: str, language: str) -> str:
        """What a fact is, in a few words: what `yes` says when it is asked in a group, else its question."""
        if self.vocabulary.facts[fact].ask_with:
            return self.titles.get((fact, "yes", language)) or _plain(fact)
        return self.question(fact, language)

    def about(self, fact: str, language: str) -> str:
        """What a condition is about: the name of the group its fact is asked in, where its answers name it; else the question."""
        group, question = self.vocabulary.facts[fact].ask_with, self.question(fact, language)
        if not group or (fact, "yes", language) not in self.titles:
            return _plain(fact) if group else question
        return self.texts.known(language, f"groups.{group}", question)

    def answer(self, fact: str, value: str, language: str) -> str:
        """One answer as the button says it; *unknown* and *refused* always in the same words."""
        if value in (UNKNOWN, REFUSED):
            return self.texts.say(f"answers.{value}", language)
        if title := self.titles.get((fact, value, language)):
            return title
        yes = self.titles.get((fact, "yes", language))
        return self.texts.say("answers.not", language, title=yes) if value == "no" and yes else _plain(value)

    def said(self, fact: str, wanted: frozenset[str], language: str) -> Said:
        """One condition in words."""
        values = self.vocabulary.facts[fact].values
        rest = [value for value in values if value not in wanted]
        but = 0 < len(rest) <= _FEW and len(wanted) >= _MANY
        shown = rest if but else [value for value in values if value in wanted]
        return Said(fact, self.about(fact, language), tuple(self.answer(fact, v, language) for v in shown), but)

    def alternatives(self, when: Alternatives, language: str) -> tuple[tuple[Said, ...], ...]:
        """Sets of conditions of which one suffices, each condition in words, in the order in which things are asked."""
        return tuple(self._set(one, language) for one in when)

    def sentence(self, said: Said, language: str) -> str:
        """A condition as one sentence."""
        answers = self.texts.joined(language, said.answers, "between.or")
        return self.texts.say(
            "answers.but" if said.but else "answers.are", language, question=said.question, answers=answers
        )

    def answers(self, said: Said, language: str) -> str:
        """The answers of a condition alone, for beside its question."""
        answers = self.texts.joined(language, said.answers, "between.or")
        return self.texts.say("answers.any_but", language, answers=answers) if said.but else answers

    def _set(self, one: Conditions, language: str) -> tuple[Said, ...]:
        order = list(self.vocabulary.facts)
        return tuple(self.said(fact, one[fact], language) for fact in sorted(one, key=order.index))

    def _asked(self, name: str, language: str) -> Question | None:
        fact: Fact = self.vocabulary.facts[name]
        members = self.vocabulary.groups[fact.ask_with] if fact.ask_with else (name,)
        found = [self.questions.get((self.vocabulary.facts[m].question, language)) for m in members]
        return max((q for q in found if q), key=lambda question: len(question.buttons), default=None)


def responses(path: Path) -> Iterator[tuple[tuple[str, str], Question]]:
    """Every response of one file of `data/domain`, by name and language; what is said under more conditions comes later.

    Raises `RuleFileError` when the file cannot be read.
    """
    table = read(path, Path(*path.parts[-3:])).table
    for name, item in table["responses"].table.items() if "responses" in table else ():
        for variation in sorted(item.items, key=_particular):
            if "text" in variation.table:
                yield (name, language_of(variation)), _question(variation)


def _question(variation: Item) -> Question:
    buttons: dict[tuple[str, str], str] = {}
    for button in variation.table["buttons"].items if "buttons" in variation.table else ():
        for said, value in _answer(button.table["payload"]).items():
            buttons.setdefault((said, value), button.table["title"].word)
    return Question(variation.table["text"].word.strip(), buttons)


def _answer(payload: Item) -> Mapping[str, str]:
    try:
        return answer_of(payload.word)
    except json.JSONDecodeError as error:
        raise RuleFileError(f"the payload {payload.word!r} is not /answer{{…}}", payload.where) from error


def language_of(variation: Item) -> str:
    """The language of a variation: zh, unless its condition says another."""
    return _conditions(variation).pop("language", LANGUAGES[0])


def _particular(variation: Item) -> bool:
    """Whether a variation is said only under conditions beside its language."""
    return bool(_conditions(variation).keys() - {"language"})


def _conditions(variation: Item) -> dict[str, str]:
    """What a variation asks of slots, by slot."""
    conditions = variation.table["condition"].items if "condition" in variation.table else ()
    return {c.table["name"].word: c.table["value"].word for c in conditions if "name" in c.table}


def _plain(word: str) -> str:
    return word.replace("_", " ")
