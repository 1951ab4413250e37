"""Outgoing messages of one turn: rows of the outbox, committed with everything else and delivered afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.replies import Reply
from bot.store import Contact, Priority, StaffMember, Work
from bot.turns.postal import answering, postal
from bot.turns.services import Services


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Writes the messages of one turn, in order."""

    services: Services
    work: Work
    turn: str
    at: datetime

    def replies(self, contact: Contact, replies: Iterable[Reply], *, urgent: bool = False) -> int:
        """The answers to the message itself; returns the number of the last one (0 when there is none)."""
        last = 0
        for reply in replies:
            last = self._add(contact, reply, "reply", None, urgent=urgent)
        return last

    def _priority(self, reply: Reply, *, urgent: bool) -> Priority:
        """A drill is overtaken by whatever is real."""
        if self.services.course.words.marks(reply.text):
            return Priority.CAN_WAIT
        return Priority.URGENT if urgent else Priority.USUAL

    def notice(self, contact: Contact, reply: Reply) -> int:
        """Something a family did not ask for just now."""
        return self._add(contact, reply, "notice", None, urgent=False)

    def to_staff(
        self,
        person: StaffMember,
        response: str,
        words: Mapping[str, Any],
        *,
        part: str | None = None,
        urgent: bool = False,
        first: str = "",
        in_place: bool = False,
    ) -> None:
        """A response of data/domain to a caseworker or operator, below another (`first`); nothing to who has not enrolled yet.

        With `in_place` it replaces what waits to be carried to them about the same part, and waits no longer for it.
        An agency's postbox is told of a referral, in safe words, and of nothing else.
        """
        contact = self.work.contacts.get(person.contact) if person.contact else None
        if contact is None or (contact.channel.is_postbox and "record" not in words):
            return
        if contact.channel.is_postbox:
            link = answering(self.services, words["part"], words["stamp"], person.id)
            reply = postal(self.services, response, contact.language, words["record"], self.at, link=link)
        else:
            reply = self.services.say(response, contact.language, words)
        if first:
            reply = replace(reply, text=f"{self.services.say(first, contact.language).text}\n{reply.text}")
        priority = self._priority(reply, urgent=urgent)
        if not (in_place and part and self.work.outbox.rewrite(part, contact, reply, priority)):
            self._add(contact, reply, "card", part, urgent=urgent)

    def _add(self, contact: Contact, reply: Reply, kind: str, part: str | None, *, urgent: bool) -> int:
        priority = self._priority(reply, urgent=urgent)
        return self.work.outbox.add(contact, self.turn, reply, kind=kind, due=self.at, priority=priority, part=part)
