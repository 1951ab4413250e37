"""Nothing is kept longer than its purpose: who only asked, who was helped long ago, and old words are forgotten by themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.store import Work
from bot.turns.services import Services


def forget_old(services: Services, now: datetime) -> int:
    """Forgets what is past its time (`keep` in config.yml), a hundred at once, until there is no more; how much it was.

    Counts, services, counties and times stay for the reports. Safe to run in several processes.
    """
    keep = services.settings.keep
    steps: tuple[Callable[[Work], int], ...] = (
        lambda work: _forgotten(work, work.retention.silent(now - timedelta(days=keep.asked)), now),
        lambda work: _forgotten(work, work.retention.ended(now - timedelta(days=keep.helped)), now),
        lambda work: work.retention.wordless(now - timedelta(days=keep.words)),
    )
    return sum(_until_none(services, step) for step in steps)


def _until_none(services: Services, step: Callable[[Work], int]) -> int:
    total = 0
    while True:
        with services.store.work() as work:
            done = step(work)
        if not done:
            return total
        total += done


def _forgotten(work: Work, families: tuple[str, ...], now: datetime) -> int:
    for contact in families:
        for case in work.cases.of_contact(contact):
            work.cases.erase(case.id)
        work.contacts.erase(contact, now)
        work.contacts.forget(contact)
        work.audit.add("retention", "erase", contact, None, now)
    return len(families)
