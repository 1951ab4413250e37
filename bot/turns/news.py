"""News for a family: kept with the conversation, announced by a neutral notice, told when they open it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.facts import Sheet
from bot.messages import Channel
from bot.replies.disclosure import guarded
from bot.store import Contact, Work
from bot.turns.services import Services
from bot.turns.talk import Talk
from bot.turns.writing import Outgoing


def reachable(sheet: Sheet, contact: Contact, *, asked: bool = False) -> bool:
    """Whether a family may be written to of our own accord; who blocked us, was erased or only telephoned is left alone.

    Not where writing is not safe, nor where violence is suspected; there a question (`asked`), which says nothing of anybody,
    is put only to somebody who has said that it is safe to write.
    """
    safe = sheet.value("safe_to_write")
    if contact.erased_at or contact.blocked_at or safe == "no" or contact.channel is Channel.CALL:
        return False
    return (asked and safe == "yes") or not guarded(sheet)


def bring(
    services: Services,
    work: Work,
    turn: str,
    contact: Contact,
    item: Mapping[str, Any],
    at: datetime,
    *,
    asked: bool = False,
) -> None:
    """Adds one item (`{"response", …words}`) and announces it, to whom that is safe (`reachable`)."""
    if not reachable(services.sheet(work, contact.case), contact, asked=asked):
        return
    talk = Talk.from_json(contact.state)
    if asked and dict(item) in talk.news:
        return
    work.contacts.save(replace(contact, state=replace(talk, news=(*talk.news, dict(item))).to_json()))
    if not talk.news:
        Outgoing(services, work, turn, at).notice(contact, services.say("utter_news", contact.language))
