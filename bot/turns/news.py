"""News for a family: kept with the conversation, announced by a neutral notice, told when they open it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.replies.disclosure import guarded
from bot.store import Contact, Work
from bot.turns.services import Services
from bot.turns.talk import Talk
from bot.turns.writing import Outgoing


def bring(services: Services, work: Work, turn: str, contact: Contact, item: Mapping[str, Any], at: datetime) -> None:
    """Adds one item (`{"response", …words}`) and announces it.

    Nobody is written to where violence is suspected or writing is not safe; who blocked us or was erased is left alone.
    """
    sheet = services.sheet(work, contact.case)
    if contact.erased_at or contact.blocked_at or guarded(sheet) or sheet.value("safe_to_write") == "no":
        return
    talk = Talk.from_json(contact.state)
    work.contacts.save(replace(contact, state=replace(talk, news=(*talk.news, dict(item))).to_json()))
    if not talk.news:
        Outgoing(services, work, turn, at).notice(contact, services.say("utter_news", contact.language))
