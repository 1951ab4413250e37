"""A one-time code becomes an account: a name to sign in with, a password, and for whoever stands above a second factor."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.console.entrance.oidc import Identity
from bot.console.entrance.signin import hashed, right_code
from bot.console.scopes import SECOND_FACTOR
from bot.errors import InputError
from bot.messages import Channel
from bot.store import Work
from bot.turns.services import Services

NAME_AT_MOST = 60


def invited(services: Services, code: str, language: str) -> dict[str, str | bool] | None:
    """Whom a code was made for: `{"post", "agency", "second"}`; None when it is wrong, used or expired."""
    now = services.clock()
    with services.store.read() as work:
        person = work.staff.invited(code, now)
    if person is None:
        return None
    agency = services.directory.by_id.get(person.agency)
    return {
        "post": services.teller(language, now).post(person.role),
        "agency": str(agency.name[language]) if agency else person.agency,
        "second": person.role in SECOND_FACTOR,
    }


def join(services: Services, form: Mapping[str, str]) -> None:
    """Makes the account. Raises `InputError` with a word of `problems` in data/console.yml; then nothing is used up."""
    now = services.clock()
    login, code = form.get("login", "").strip(), form.get("invited", "")
    password = hashed(form.get("password", ""), form.get("repeated", ""))
    with services.store.work() as work:
        person = work.staff.invited(code, now)
        if person is None:
            raise InputError("gone")
        if not 2 <= len(login) <= NAME_AT_MOST or work.accounts.taken(login):  # noqa: PLR2004 – a name is not one letter
            raise InputError("name")
        secret = form.get("secret", "")
        given = form.get("code", "")
        if (person.role in SECOND_FACTOR or given) and not right_code(secret, given, now):
            raise InputError("code")
        _joined(work, code, Credentials(login, password, secret if given else None), form.get("lang"), now)


def join_own(services: Services, work: Work, code: str, identity: Identity, language: str) -> None:
    """Makes an account that is opened with an agency's own. Raises `InputError` as `join` does."""
    now = services.clock()
    person = work.staff.invited(code, now)
    if person is None:
        raise InputError("gone")
    if work.accounts.taken(identity.login):
        raise InputError("own_taken")
    if person.role in SECOND_FACTOR and not identity.strong:
        raise InputError("own_weak")
    _joined(work, code, Credentials(identity.login, "", None), language, now)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an account is opened with; no password (empty) for an agency's own."""

    login: str
    password: str = field(repr=False)
    totp: str | None = field(repr=False)


def _joined(work: Work, code: str, credentials: Credentials, language: str | None, now: datetime) -> None:
    contact = work.contacts.new(Channel.CONSOLE, secrets.token_hex(8), now, language)
    joined = work.staff.enrol(code, contact.id, now)
    if joined is None:
        raise InputError("gone")
    work.accounts.open(joined.id, credentials.login, credentials.password, credentials.totp, now)
    work.audit.add(joined.id, "join", joined.id, joined.county, now)
