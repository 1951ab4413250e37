"""Signing in: a password kept as an Argon2 hash, a second factor (TOTP, RFC 6238), and patience that ends with wrong tries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from bot.console.entrance.oidc import Identity
from bot.console.scopes import SECOND_FACTOR
from bot.errors import InputError
from bot.store import StaffMember, Work
from bot.store.accounts import Account

HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
TRIES, LOCKED_FOR = 5, timedelta(minutes=15)
SHORTEST, LONGEST = 10, 200  # letters of a password
STEP = 30  # seconds; one step early or late is accepted
ISSUER = "Rightdoor"


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try came to: who it is, or why not (`wrong`, `locked`, `code`: the second factor is missing or wrong)."""

    person: StaffMember | None
    problem: str = ""


def sign_in(work: Work, login: str, password: str, code: str, at: datetime) -> Tried:
    """One try. Five wrong ones in a row lock the account for a quarter of an hour; all of them are in the audit log."""
    account = work.accounts.by_login(login)
    if account is None or not account.password:  # nobody, or somebody who comes in with an agency's account only
        _fits(nobody(), password)
        return Tried(None, "wrong")
    if account.locked and at < account.locked:
        _fits(nobody(), password)
        return Tried(None, "locked")
    if not _fits(account.password, password):
        return _failed(work, account, "wrong", at)
    step = _step(account, code, at) if account.totp else account.stepped
    if step is None:
        return _failed(work, account, "code", at) if code else Tried(None, "code")
    work.accounts.save(replace(account, failed=0, locked=None, stepped=step))
    person = work.staff.get(account.staff)
    work.audit.add(account.staff, "sign_in", account.staff, person.county if person else None, at)
    return Tried(person)


def signed_in(work: Work, identity: Identity, at: datetime) -> StaffMember:
    """Whoever an agency's own accounts vouch for. Raises `InputError` with a word of data/console.yml.

    A post that needs a second factor needs the provider to have seen one.
    """
    account = work.accounts.by_login(identity.login)
    person = work.staff.get(account.staff) if account else None
    if person is None:
        raise InputError("own_nobody")
    if person.role in SECOND_FACTOR and not identity.strong:
        raise InputError("own_weak")
    work.audit.add(person.id, "sign_in", person.id, person.county, at)
    return person


@cache
def nobody() -> str:
    """What is checked where there is no such name, so that the time taken tells nothing. Made when it is first needed."""
    return HASHER.hash("nobody signs in with this")


def fresh_secret() -> str:
    """A second factor that nobody has yet."""
    return pyotp.random_base32()


def uri(secret: str, login: str) -> str:
    """What an authenticator's camera reads."""
    return pyotp.TOTP(secret, name=login or "desk", issuer=ISSUER).provisioning_uri()


def right_code(secret: str, code: str, at: datetime) -> bool:
    """Whether an authenticator that holds `secret` shows this code now. A secret that is none shows nothing."""
    try:
        return pyotp.TOTP(secret).verify(code.replace(" ", ""), for_time=at, valid_window=1)
    except ValueError:  # a form somebody has put together: too short, or not base 32
        return False


def hashed(password: str, again: str) -> str:
    """The hash of a password. Raises `InputError`, with a word of data/console.yml, for a short one or two that differ."""
    if password != again:
        raise InputError("differ")
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError("short")
    return HASHER.hash(password)


def _step(account: Account, code: str, at: datetime) -> int | None:
    """The time step of a code that is right and has not been used; a code counts once."""
    digits = code.replace(" ", "")
    now = int(at.timestamp()) // STEP
    secret = pyotp.TOTP(account.totp or "")
    right = (step for step in (now - 1, now, now + 1) if pyotp.utils.strings_equal(secret.at(step * STEP), digits))
    return next((step for step in right if step > account.stepped), None)


def _failed(work: Work, account: Account, problem: str, at: datetime) -> Tried:
    failed = account.failed + 1
    locked = at + LOCKED_FOR if failed >= TRIES else None
    work.accounts.save(replace(account, failed=0 if locked else failed, locked=locked))
    work.audit.add(account.staff, "sign_in_failed", account.staff, None, at)
    return Tried(None, "locked" if locked else problem)


def _fits(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password[:LONGEST])
    except VerificationError:
        return False
