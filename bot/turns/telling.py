"""Putting parts, times and facts into words, in one language, at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.decisions import Policy
from bot.directory import Directory
from bot.facts import Answer
from bot.places import Place
from bot.referrals import Part
from bot.referrals.deadlines import NO_INBOX
from bot.referrals.plan import OPERATOR
from bot.replies.words import Words
from bot.turns.phrasing import Phrases
from bot.turns.reading import Told


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts parts, places and reasons into words in one language, at one moment."""

    policy: Policy
    directory: Directory
    phrases: Phrases
    words: Words
    now: datetime

    @property
    def language(self) -> str:
        """`zh` or `en`."""
        return self.words.language

    def by(self, at: datetime) -> str:
        """A deadline in words."""
        return self.words.by(at, self.now)

    def who(self, part: Part) -> str:
        """The name of the agency that owns the part."""
        return str(self.directory.agency(part.owner.agency).name[self.language])

    def service(self, name: str) -> str:
        """A service in plain words, from rules/vocabulary.yml."""
        return self.policy.label("services", name, self.language)

    def post(self, role: str) -> str:
        """What somebody on staff is, in plain words: a service, or who stands above the duty desk."""
        return self.words.word("post", role) if role in self.words.table["post"] else self.service(role)

    def first_action(self, part: Part) -> str:
        """What is done first, in plain words."""
        return self.policy.label("first_actions", part.first_action, self.language)

    def for_whom(self, part: Part) -> str:
        """Whom the part is for, in plain words."""
        return self.policy.label("audiences", part.for_whom, self.language)

    def heard(self, told: Sequence[Told | Answer]) -> str | None:
        """What was understood from somebody's own words."""
        titles = [self.phrases.title(t.fact, t.value, self.language) for t in told]
        return self.words.joined([t for t in dict.fromkeys(titles) if t]) or None

    def door(self, part: Part, place: Place | None) -> dict[str, Any]:
        """One part as the family reads it: who, what first, by when, and a number."""
        if part.lead in NO_INBOX and part.lead != OPERATOR:
            phone = self.directory.serving(part.lead, place, self.now).agency.phone
            return {
                "response": "utter_door_urgent",
                "for_whom": self.for_whom(part),
                "lead": self.service(part.lead),
                "who": self.who(part),
                "phone": phone,
            }
        via = part.level == OPERATOR != part.lead
        return {
            "response": "utter_door_via" if via else "utter_door",
            "for_whom": self.for_whom(part),
            "lead": self.service(part.lead),
            "who": self.who(part),
            "first_action": self.first_action(part),
            "by": self.by(part.act_by or part.deadline),
            "phone": self._phone(part, place),
        }

    def _phone(self, part: Part, place: Place | None) -> str:
        """The number of whoever has a part; while they are closed, also the number of who can be reached at this moment."""
        agency = self.directory.agency(part.owner.agency)
        if self.directory.absent(agency, self.now) is None:
            return self.directory.number(agency, self.now)
        there = self.directory.reach(agency.service, place, self.now).door.agency
        if part.shuns(there.id, there.service):
            there = self.directory.last
        words = {"phone": agency.phone, "who": there.name[self.language], "now": self.directory.number(there, self.now)}
        return self.words.word("door", "closed").format(**words)

    def addressee(self, part: Part) -> dict[str, str]:
        """The button that leaves a letter for whoever has a part."""
        title = self.words.word("letter", "button").format(for_whom=self.for_whom(part), who=self.who(part))
        return {"title": title, "payload": f'/message{{"to":"{part.id}"}}'}

    def status_line(self, part: Part, came_by: str | None = None) -> dict[str, Any]:
        """How one part stands; `came_by` is the move that led to whoever has it now."""
        return {
            "response": "utter_status_part" if part.status.open else "utter_status_ended",
            "for_whom": self.for_whom(part),
            "who": self.who(part),
            "state": self.words.word("status", self._state(part, came_by)),
            "by": self.by(part.deadline),
        }

    def _state(self, part: Part, came_by: str | None) -> str:
        """A word of `status` in data/words.yml: nobody has taken it on *again* is said otherwise than not yet."""
        if part.awaiting and part.awaiting > self.now:
            return "awaiting_family"
        if not part.status.waiting or came_by in (None, "send"):
            return part.status.value
        return "reopened" if came_by == "reopen" else "handed_on"
