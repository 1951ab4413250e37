"""A question as it is read aloud: the words, the reason, and the answers with what each key gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.decisions import Ask
from bot.facts.fact import REFUSED, UNKNOWN
from bot.turns.learning import Standing
from bot.turns.phrasing import answer_of
from bot.turns.projecting import fact_slots, place_slots
from bot.turns.services import Services

# Questions that are none of policy's: what they are answered with is typed.
TYPED = frozenset({"place", "contact"})


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: its words, and what pressing it brings (`/answer{…}`)."""

    title: str
    payload: str

    @property
    def silent(self) -> str:
        """`unknown` or `refused` where that is what it says, else nothing."""
        values = set(answer_of(self.payload).values())
        return next((value for value in (UNKNOWN, REFUSED) if values == {value}), "")


@dataclass(frozen=True, slots=True)
class Question:
    """What is on the table; `typed` says that the answer may be typed."""

    ask: Ask
    text: str
    why: str
    options: tuple[Option, ...]
    typed: bool


def question(services: Services, standing: Standing, ask: Ask, language: str) -> Question:
    """The question as it is asked on the telephone."""
    slots = _slots(services, standing, ask, language)
    fact = services.policy.vocabulary.facts.get(ask.fact)
    said = services.assistant.say(fact.question if fact else f"utter_ask_{ask.fact}", slots, channel="rest")
    buttons = said["buttons"] or (slots["place_options"] if ask.fact == "place" else ())
    return Question(
        ask=ask,
        text=_aloud(services, standing, ask, language) or str(said["text"]).split("\n")[0],
        why=str(services.assistant.say(f"utter_why_{ask.fact}", slots, channel="rest")["text"] or ""),
        options=tuple(Option(button["title"], button["payload"]) for button in buttons),
        typed=ask.fact in TYPED,
    )


def _aloud(services: Services, standing: Standing, ask: Ask, language: str) -> str:
    """What is read instead of the written question; a place that was not found is asked about in its own words."""
    if ask.fact == "place" and standing.talk.place_problem:
        return ""
    return services.calls.aloud.get(ask.fact, {}).get(language, "")


def _slots(services: Services, standing: Standing, ask: Ask, language: str) -> Mapping[str, Any]:
    facts = fact_slots(standing.sheet, tuple(services.policy.vocabulary.facts), ask)
    if ask.child is not None:
        values = {name: standing.sheet.value(name) or standing.sheet.value(name, ask.child) for name in facts}
        facts = values | {ask.fact: None}
    minor = standing.sheet.value("caller") == "child"
    return facts | place_slots(services, standing.talk) | {"language": language, "minor_writes": minor}
