"""Accounts of the console: a name to sign in with, a password's hash, a second factor, and sessions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from bot.store.tables import accounts, sessions
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Account:
    """`staff` may sign in with the login whose blind index is `login`; `totp` is the second factor's secret, None without one.

    `failed` counts wrong tries in a row, `locked` until when none is looked at; `stepped` is the time step of the last code used.
    """

    staff: str
    login: str
    password: str = field(repr=False)
    totp: str | None = field(default=None, repr=False)
    failed: int = 0
    locked: datetime | None = None
    stepped: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody is signed in, since `created`, and was last seen at `seen`."""

    staff: str
    created: datetime
    seen: datetime


class Accounts:
    """The accounts of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def taken(self, login: str) -> bool:
        """Whether somebody signs in with this name already."""
        return self.by_login(login) is not None

    def open(self, staff: str, login: str, password: str, totp: str | None, at: datetime) -> Account:
        """An account for somebody on staff; an earlier one of theirs ends, with its sessions."""
        self.close(staff)
        account = Account(staff, self._index(login), password, totp)
        self._tx.db.execute(insert(accounts), self._row(account) | {"staff": staff, "created": at})
        return account

    def close(self, staff: str) -> None:
        """Somebody's account ends, with its sessions."""
        self._tx.db.execute(delete(accounts).where(accounts.c.staff == staff))
        self.leave_everywhere(staff)

    def by_login(self, login: str) -> Account | None:
        """The account of a name, whatever its case."""
        query = select(accounts).where(accounts.c.login_index == self._index(login))
        row = self._tx.db.execute(query.with_for_update() if self._tx.locks else query).one_or_none()
        return self._read(row) if row else None

    def save(self, account: Account) -> Account:
        """Writes an account back."""
        self._tx.db.execute(update(accounts).where(accounts.c.staff == account.staff).values(self._row(account)))
        return account

    # --- sessions ---------------------------------------------------------------------------------------------

    def begin(self, token: str, staff: str, at: datetime) -> Session:
        """A session; only a blind index of its token is kept."""
        row = {"token_index": self._tx.ring.blind("session", token), "staff": staff, "created": at, "seen": at}
        self._tx.db.execute(insert(sessions), row)
        return Session(staff, at, at)

    def session(self, token: str) -> Session | None:
        """The session of a token."""
        index = self._tx.ring.blind("session", token)
        row = self._tx.db.execute(select(sessions).where(sessions.c.token_index == index)).one_or_none()
        return Session(row.staff, row.created, row.seen) if row else None

    def seen(self, token: str, at: datetime) -> None:
        """Somebody is still there."""
        index = self._tx.ring.blind("session", token)
        self._tx.db.execute(update(sessions).where(sessions.c.token_index == index).values(seen=at))

    def leave(self, token: str) -> None:
        """One session ends."""
        index = self._tx.ring.blind("session", token)
        self._tx.db.execute(delete(sessions).where(sessions.c.token_index == index))

    def leave_everywhere(self, staff: str) -> None:
        """Every session of somebody ends."""
        self._tx.db.execute(delete(sessions).where(sessions.c.staff == staff))

    def sweep(self, idle_since: datetime, created_before: datetime) -> None:
        """Sessions that have expired are forgotten."""
        over = or_(sessions.c.seen < idle_since, sessions.c.created < created_before)
        self._tx.db.execute(delete(sessions).where(over))

    def _index(self, login: str) -> str:
        return self._tx.ring.blind("login", login.strip().casefold())

    def _row(self, account: Account) -> dict[str, Any]:
        seal = self._tx.ring.of(account.staff)
        body = seal.close({"password": account.password, "totp": account.totp}, f"accounts/{account.staff}")
        return {
            "login_index": account.login,
            "body": body,
            "failed": account.failed,
            "locked": account.locked,
            "stepped": account.stepped,
        }

    def _read(self, row: Row[Any]) -> Account:
        body = self._tx.ring.of(row.staff).open(row.body, f"accounts/{row.staff}")
        known = Account(row.staff, row.login_index, body["password"], body["totp"])
        return replace(known, failed=row.failed, locked=row.locked, stepped=row.stepped)
