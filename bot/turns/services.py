"""What a turn works with, put together once by `bot/app.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.decisions import Policy
from bot.dialogue import Engine
from bot.directory import Directory
from bot.drills import Course
from bot.facts import Sheet
from bot.places import Gazetteer
from bot.referrals.deadlines import Deadlines
from bot.referrals.kinship import Kinship
from bot.referrals.reasons import Reasons
from bot.replies import Button, Reply
from bot.replies.call_book import CallBook
from bot.replies.words import WordBook
from bot.settings import Settings
from bot.store import Store, Work
from bot.turns.phrasing import Phrases
from bot.turns.reading import Reader
from bot.turns.telling import Teller


@dataclass(frozen=True, slots=True)
class Services:
    """Policy, places, agencies, dialogue and store; all shared, none changed by a turn but the store."""

    settings: Settings
    store: Store
    policy: Policy
    gazetteer: Gazetteer
    directory: Directory
    assistant: Engine
    reader: Reader
    phrases: Phrases
    book: WordBook
    deadlines: Deadlines
    reasons: Reasons
    kinship: Kinship
    calls: CallBook
    course: Course
    clock: Callable[[], datetime]

    def teller(self, language: str | None, now: datetime) -> Teller:
        """Puts things into words in one language."""
        return Teller(self.policy, self.directory, self.phrases, self.book.speak(language), now)

    def sheet(self, work: Work, case: str | None) -> Sheet:
        """What is known in a case, in words the present rules know; an empty sheet where there is no case yet."""
        return work.sheets.sheet(case).known_to(self.policy.vocabulary) if case else Sheet()

    def say(self, response: str, language: str | None, words: Mapping[str, Any] | None = None) -> Reply:
        """One response of data/domain, filled in."""
        slots = {"language": language or "zh"} | dict(words or {})
        return reply_of(self.assistant.say(response, slots, channel="rest"))


def reply_of(message: Mapping[str, Any]) -> Reply:
    """The dialogue's message as a `Reply`."""
    custom = message.get("custom") or {}
    return Reply(
        text=message.get("text") or "",
        buttons=tuple(Button(b["title"], b["payload"]) for b in message.get("buttons") or ()),
        ask_location=bool(custom.get("ask_location")),
        hides=bool(custom.get("hides")),
        menu=str(custom.get("menu") or ""),
    )
