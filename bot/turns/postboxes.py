"""Postboxes: an agency that the directory gives an e-mail address or a webhook can be referred to like one with people.

Its postbox is enrolled as a member of staff whose chat is the agency itself; where it leads, the directory says when a
message goes out. People at the agency come before it. What is delivered there is accepted by a human: whoever reads it
calls the duty desk, which records it (`rightdoor referrals accept`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.directory import Agency
from bot.messages import Channel
from bot.store import Work
from bot.turns.services import Services

_AT_ONCE = timedelta(minutes=1)


def open_postboxes(services: Services, carried: Collection[Channel]) -> None:
    """Every agency's postbox stands as the directory says, for the channels that are `carried`; to be called at the start.

    One that had refused is tried again.
    """
    now = services.clock()
    wanted: set[tuple[str, Channel]] = set()
    for agency in services.directory.agencies:
        channel = Channel.EMAIL if agency.email else Channel.WEBHOOK
        if (agency.email or agency.webhook) and channel in carried:
            wanted.add((agency.id, channel))
            with services.store.work() as work:
                _open(work, agency, channel, now)
    with services.store.work() as work:
        for person, channel in work.staff.postboxes():
            work.staff.on_duty(person.id, there=(person.agency, channel) in wanted)


def _open(work: Work, agency: Agency, channel: Channel, now: datetime) -> None:
    contact = work.contacts.by_address(channel, agency.id)
    contact = contact or work.contacts.new(channel, agency.id, now, None)
    if work.staff.by_contact(contact.id) is None:
        code = work.staff.invite(agency.service, agency.id, agency.place[:6] or None, "", now + _AT_ONCE, now)
        work.staff.enrol(code, contact.id, now)
    if contact.blocked_at:
        work.contacts.save(replace(contact, blocked_at=None))
