"""`rightdoor enrol`: a one-time code that turns somebody's chat into a caseworker's inbox."""

from __future__ import annotations

import json
from datetime import timedelta

from rich.console import Console

from bot.errors import InputError, did_you_mean
from bot.referrals import Role
from bot.turns import Turns

# Posts that an agency of any service may have.
ANYWHERE = (Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)


def invite(turns: Turns, role: str, agency: str, name: str, out: Console, *, as_json: bool) -> None:
    """Prints the code; it is good once and for a limited time. Raises `InputError` for an unknown role or agency."""
    known = turns.services.directory.by_id
    if agency not in known:
        raise InputError(f"unknown agency {agency!r}{did_you_mean(agency, known)}")
    served = known[agency].service
    if role not in (served, *ANYWHERE):
        anywhere = ", ".join(repr(each.value) for each in ANYWHERE)
        raise InputError(f"{agency} is a {served}, so the role is {served!r}, or {anywhere}, not {role!r}")
    now = turns.services.clock()
    expires = now + timedelta(hours=turns.services.settings.enrolment_code_lasts)
    with turns.services.store.work() as work:
        code = work.staff.invite(role, agency, known[agency].place[:6] or None, name, expires, now)
    if as_json:
        out.file.write(
            json.dumps({"code": code, "role": role, "agency": agency, "expires": expires.isoformat()}) + "\n"
        )
    else:
        out.print(f"[bold]{code}[/bold]  {known[agency].name['zh']} · {role}")
        out.print(f"/start {code}", style="green")
        settings = turns.services.settings
        where = settings.public.rstrip("/") or f"http://{settings.host}:{settings.port}"
        out.print(f"{where}/console/join?code={code}", style="green")
