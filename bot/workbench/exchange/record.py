"""What leaves the house: one case, read once, with or without what is personal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.directory import Agency
from bot.errors import InputError
from bot.referrals import Case, Event, Part
from bot.referrals.visits import Visit
from bot.store import Work
from bot.turns.services import Services


@dataclass(frozen=True, slots=True)
class Personal:
    """What is given out only when it is asked for: how to reach the family, and what is known, in words."""

    details: Mapping[str, str]
    known: str


@dataclass(frozen=True, slots=True)
class Record:
    """A case as it stood at `now`, with its history, its visits and the names of agencies."""

    case: Case
    events: Mapping[str, tuple[Event, ...]]
    visits: Mapping[str, tuple[Visit, ...]]
    agencies: Mapping[str, Agency]
    labels: Mapping[str, Mapping[str, Mapping[str, str]]]
    now: datetime
    personal: Personal | None

    def agency(self, owner: str) -> str:
        """An agency's name, from its id or from `agency/staff`."""
        return str(self.agencies[owner.split("/", maxsplit=1)[0]].name["zh"])


def record_of(services: Services, work: Work, case_id: str, now: datetime, *, personal: bool) -> Record:
    """Reads a case, by its own id or that of a part. Raises `InputError` when there is none."""
    case = work.cases.get(case_id) or work.cases.of_part(case_id)
    if case is None:
        raise InputError(f"no case {case_id!r:.60}; `rightdoor referrals list` shows them")
    timeline = work.cases.timeline(case.id)
    events = {part.id: tuple(e for e in timeline if e.part == part.id) for part in case.parts}
    known = {owner.split("/")[0] for part in case.parts for owner in _owners(part, events[part.id])}
    return Record(
        case=case,
        events=events,
        visits={part.id: work.visits.of(case.id, part.id) for part in case.parts},
        agencies={agency: services.directory.agency(agency) for agency in known},
        labels=services.policy.base.words.labels,
        now=now,
        personal=_personal(services, work, case) if personal else None,
    )


def _owners(part: Part, events: tuple[Event, ...]) -> set[str]:
    named = {str(event.detail[end]) for event in events for end in ("from", "to") if end in event.detail}
    return named | {str(part.owner)}


def _personal(services: Services, work: Work, case: Case) -> Personal:
    contact = work.contacts.get(case.contact)
    words = services.book.speak("zh")
    known = services.phrases.known(services.sheet(work, case.id), services.policy.vocabulary, words)
    return Personal(dict(contact.details or {}) if contact else {}, known)
