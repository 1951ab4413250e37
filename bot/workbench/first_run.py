"""A first run on the demo directory: one-time links for a mother, and for one at each post that the story and the console need."""

from __future__ import annotations

from datetime import timedelta

from bot.directory import Agency
from bot.referrals import Role
from bot.referrals.plan import OPERATOR
from bot.turns import Turns

VILLAGE = "village_worker"


def first_links(turns: Turns, address: str) -> tuple[tuple[str, str], ...]:
    """Who, and where they begin; nothing once anybody works here, or where the agencies are real.

    The mother's is the web chat; the others make an account of theirs (`/console/join`), each once.
    """
    services = turns.services
    now = services.clock()
    operator, village = _agency(turns, OPERATOR), _agency(turns, VILLAGE)
    if operator is None or village is None:
        return ()
    expires = now + timedelta(hours=services.settings.enrolment_code_lasts)
    posts = ((OPERATOR, operator), (VILLAGE, village), (Role.SUPERVISOR, operator), (Role.ADMINISTRATOR, operator))
    teller = services.teller("zh", now)
    with services.store.work() as work:
        if work.staff.anybody():
            return ()
        codes = [
            (teller.post(role), work.staff.invite(role, agency.id, agency.place[:6] or None, "", expires, now))
            for role, agency in posts
        ]
    mother = (services.book.speak("zh").word("first_run", "mother"), f"{address}/chat")
    return (mother, *((who, f"{address}/console/join?code={code}") for who, code in codes))


def _agency(turns: Turns, service: str) -> Agency | None:
    """The first invented agency of a service that has a place of its own."""
    found = (one for one in turns.services.directory.agencies if one.service == service and one.fictional and one.place)
    return next(found, None)
