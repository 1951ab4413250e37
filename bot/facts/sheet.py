"""The fact sheet: what is known about the family and about each child, where it came from, and what it replaced."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.errors import SheetError, did_you_mean
from bot.facts.fact import CHILD, FAMILY, Fact
from bot.facts.vocabulary import Vocabulary

MOST_CHILDREN = 20  # more is a mistake or an attack


class Source(StrEnum):
    """How we know."""

    ASKED = "asked"
    READ = "read"
    TOLD = "told"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Answer:
    """One value of one fact; `child` is None for the family, else the child's index; `at` is aware, UTC."""

    fact: str
    child: int | None
    value: str
    source: Source
    at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """Immutable. `history` is every answer in order, replaced ones included; `mentions` are facts that words made relevant.

    `children` is how many are known of; a family of which no child is known yet has none.
    """

    history: tuple[Answer, ...] = ()
    mentions: frozenset[tuple[str, int | None]] = frozenset()
    children: int = 0
    current: Mapping[tuple[str, int | None], Answer] = field(default_factory=dict)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers that count now, in the order in which the facts were first told."""
        return tuple(self.current.values())

    def value(self, fact: str, child: int | None = None) -> str | None:
        """The value that counts now, or None while the fact is open."""
        answer = self.current.get((fact, child))
        return answer.value if answer else None

    def with_answer(self, answer: Answer) -> Sheet:
        """The sheet with one more answer, which replaces an earlier one to the same fact."""
        return self.with_answers((answer,))

    def with_answers(self, answers: Iterable[Answer]) -> Sheet:
        """The sheet with more answers, each of which replaces an earlier one to the same fact."""
        more = tuple(answers)
        spoken_of = [answer.child + 1 for answer in more if answer.child is not None]
        return replace(
            self,
            history=(*self.history, *more),
            children=max(self.children, *spoken_of) if spoken_of else self.children,
            current={**self.current, **{(answer.fact, answer.child): answer for answer in more}},
        )

    def with_mention(self, fact: str, child: int | None) -> Sheet:
        """The sheet with a fact that was touched upon: it will be asked, and decides nothing yet."""
        return replace(self, mentions=self.mentions | {(fact, child)}, children=self._with_child(child))

    def known_to(self, vocabulary: Vocabulary) -> Sheet:
        """The sheet without what this vocabulary has no word for: answers to questions of an older or a newer rule base."""
        facts = vocabulary.facts
        kept = tuple(a for a in self.history if a.fact in facts and a.value in facts[a.fact].values)
        mentions = frozenset(mention for mention in self.mentions if mention[0] in facts)
        if len(kept) == len(self.history) and len(mentions) == len(self.mentions):
            return self
        return Sheet(mentions=mentions, children=self.children).with_answers(kept)

    def without_last(self) -> Sheet:
        """Back: what the last message answered is taken back (all of it has one time), and what it replaced counts again."""
        kept = tuple(answer for answer in self.history if answer.at != self.history[-1].at)
        return Sheet(mentions=self.mentions, children=self.children).with_answers(kept)

    @property
    def read(self) -> tuple[Answer, ...]:
        """The answers that count now and were only read in somebody's words."""
        return tuple(answer for answer in self.answers if answer.source is Source.READ)

    def doubted(self) -> Sheet:
        """What was only read was read wrong: it decides nothing any longer, what it replaced counts again, and it is asked."""
        mentions = self.mentions | {(answer.fact, answer.child) for answer in self.read}
        kept = (answer for answer in self.history if answer.source is not Source.READ)
        return Sheet(mentions=mentions, children=self.children).with_answers(kept)

    def _with_child(self, child: int | None) -> int:
        return self.children if child is None else max(self.children, child + 1)

    def plain(self) -> dict[str, Any]:
        """`{"family": {fact: value}, "children": [{fact: value}]}`, the current values only."""
        family: dict[str, str] = {}
        children: list[dict[str, str]] = [{} for _ in range(self.children)]
        for answer in self.answers:
            (family if answer.child is None else children[answer.child])[answer.fact] = answer.value
        return {"family": family, "children": children}

    @classmethod
    def from_plain(cls, plain: object, vocabulary: Vocabulary, at: datetime, source: Source = Source.TOLD) -> Sheet:
        """The reverse of `plain`; every answer is dated `at`. Raises `SheetError` for whatever the vocabulary does not know."""
        family, children = _parts(plain)
        answers = _answers(family, None, vocabulary, at, source)
        for index, child in enumerate(children):
            answers += _answers(child, index, vocabulary, at, source)
        return cls(children=len(children)).with_answers(answers)


def _parts(plain: object) -> tuple[object, list[object]]:
    if not isinstance(plain, dict):
        raise SheetError('a sheet is an object: {"family": {fact: value}, "children": [{fact: value}]}')
    for key in plain:
        if key not in ("family", "children"):
            raise SheetError(f"unknown key {key!r:.60}{did_you_mean(str(key), ('family', 'children'))}")
    children = plain.get("children", [])
    if not isinstance(children, list) or len(children) > MOST_CHILDREN:
        raise SheetError(f'"children" is a list of at most {MOST_CHILDREN} objects')
    return plain.get("family", {}), children


def _answers(given: object, child: int | None, vocabulary: Vocabulary, at: datetime, source: Source) -> list[Answer]:
    if not isinstance(given, dict):
        raise SheetError(f"facts are an object {{fact: value}}, not {given!r:.40}")
    about = FAMILY if child is None else CHILD
    return [
        Answer(_known(str(name), value, about, vocabulary), child, value, source, at) for name, value in given.items()
    ]


def _known(name: str, value: object, about: str, vocabulary: Vocabulary) -> str:
    fact = vocabulary.facts.get(name)
    if fact is None:
        raise SheetError(f"unknown fact {name!r:.60}{did_you_mean(name, vocabulary.facts)}")
    if fact.about != about:
        raise SheetError(
            f"{name!r} is a fact about {_whom(fact)}, not about {'a child' if about == CHILD else 'the family'}"
        )
    if not isinstance(value, str):
        raise SheetError(f"the value of {name} is a word, not {json.dumps(value, ensure_ascii=False)[:40]}")
    if value not in fact.values:
        raise SheetError(f"unknown value {value!r:.40} of {name}{did_you_mean(value, fact.values)}")
    return name


def _whom(fact: Fact) -> str:
    return "a child" if fact.about == CHILD else "the family"
