"""The driver's errors as ours, where they arise."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import ConflictError, StoreUnavailableError

# PostgreSQL: unique_violation, deadlock_detected, serialization_failure. Whoever meets one looks again.
_LOST_RACES = frozenset({"23505", "40P01", "40001"})
_UNIQUE = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})


@contextmanager
def clear_errors() -> Iterator[None]:
    """Raises `ConflictError` for a lost race between two writers, `StoreUnavailableError` for all else it refuses.

    The message keeps the driver's first line only; values never stand there.
    """
    try:
        yield
    except DBAPIError as error:
        if _lost_race(error.orig):
            raise ConflictError("two writers met at the same row; the later one looks again") from error
        raise StoreUnavailableError(f"the database is not available: {_first_line(error)}") from error
    except PoolTimeoutError as error:
        raise StoreUnavailableError("the database is not available: every connection is in use") from error


def _lost_race(error: BaseException | None) -> bool:
    return getattr(error, "sqlstate", None) in _LOST_RACES or getattr(error, "sqlite_errorcode", None) in _UNIQUE


def _first_line(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines() if error.orig else []
    return lines[0] if lines else type(error).__name__
