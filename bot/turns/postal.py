"""What an agency's postbox is told, whatever people would be: number, risk, service, county and time. Nothing of the family."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.places import Place
from bot.referrals import Part
from bot.referrals.plan import OPERATOR
from bot.replies import Reply
from bot.turns.services import Services

# What people are told → what a postbox is told instead; anything else is only news.
KINDS = {"utter_staff_referral": "referral", "utter_staff_call": "referral", "utter_staff_told": "told"}


def record_of(part: Part, county: Place | None) -> dict[str, str]:
    """A part in stable words: `{"referral", "risk", "service", "county", "deadline"}`."""
    return {
        "referral": part.id,
        "risk": part.risk.name.lower(),
        "service": part.lead,
        "county": county.code if county else "",
        "deadline": part.deadline.isoformat(),
    }


def postal(services: Services, response: str, language: str | None, record: Mapping[str, str], at: datetime) -> Reply:
    """The message to a postbox in place of `response`; its `fields` are what a program reads."""
    kind = KINDS.get(response, "news")
    teller = services.teller(language, at)
    county = services.gazetteer.get(record["county"]) if record["county"] else None
    words: dict[str, Any] = {
        "part": record["referral"],
        "risk": teller.words.word("risk", record["risk"]),
        "county": county.full_name if county else "—",
        "lead": teller.service(record["service"]),
        "by": teller.by(datetime.fromisoformat(record["deadline"])),
        "phone": services.directory.serving(OPERATOR, county, at).agency.phone,
    }
    told = services.say(f"utter_postbox_{kind}", language, words)
    return replace(told, fields=tuple({"id": secrets.token_hex(16), "event": kind, **record}.items()))
