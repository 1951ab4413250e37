"""What an agency's postbox is told, whatever people would be: number, risk, service, county and time. Nothing of the family."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.places import Place
from bot.referrals import Part
from bot.referrals.plan import OPERATOR
from bot.replies import Reply
from bot.turns.services import Services

SEAL = 32  # hex digits
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


def answering(services: Services, part_id: str, stamped: str, staff: str) -> str:
    """The link by which a postbox answers for one version of a part (`slips`); empty where the service has no public address."""
    public = services.settings.public.rstrip("/")
    told = f"{part_id}-{stamped}-{staff}"
    return f"{public}/slip/{told}-{sealed(services, told)}" if public else ""


def sealed(services: Services, told: str) -> str:
    """What makes a link ours: 128 bits of a keyed hash."""
    return services.store.master.secret("slip", told)[:SEAL]


def postal(
    services: Services, response: str, language: str | None, record: Mapping[str, str], at: datetime, *, link: str = ""
) -> Reply:
    """The message to a postbox in place of `response`; its `fields` are what a program reads. `link` answers it."""
    kind = KINDS.get(response, "news")
    words = worded(services, language, record, at)
    told = services.say(f"utter_postbox_{kind}", language, words)
    fields = {"id": secrets.token_hex(16), "event": kind, **record}
    if link and kind == "referral":
        told = replace(told, text=f"{told.text}\n{services.say('utter_postbox_link', language, {'link': link}).text}")
        fields["answer"] = link
    return replace(told, fields=tuple(fields.items()))


def worded(services: Services, language: str | None, record: Mapping[str, str], at: datetime) -> dict[str, str]:
    """A record for people: what a postbox may read, and the duty desk's telephone."""
    teller = services.teller(language, at)
    county = services.gazetteer.get(record["county"]) if record["county"] else None
    return {
        "part": record["referral"],
        "risk": teller.words.word("risk", record["risk"]),
        "county": county.full_name if county else "—",
        "lead": teller.service(record["service"]),
        "by": teller.by(datetime.fromisoformat(record["deadline"])),
        "phone": services.directory.serving(OPERATOR, county, at).agency.phone,
    }
