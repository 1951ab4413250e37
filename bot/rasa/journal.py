"""Conversations in SQLite: where each stands, and everything that ever happened in it.

`conversations` holds one snapshot a sender; `turns` is append-only, one row a turn with its events and replies, for audit,
replay and redelivery. A turn is in both or in neither, and is on disk before anybody is told (WAL, synchronous=FULL).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from bot.errors import StoreUnavailableError

TABLES = """
CREATE TABLE IF NOT EXISTS conversations (
    sender TEXT PRIMARY KEY, version INTEGER NOT NULL, snapshot TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS turns (
    id INTEGER PRIMARY KEY, sender TEXT NOT NULL, version INTEGER NOT NULL, message_id TEXT,
    replies TEXT NOT NULL, events TEXT NOT NULL, UNIQUE (sender, version)
);
CREATE UNIQUE INDEX IF NOT EXISTS turns_of_messages ON turns (sender, message_id) WHERE message_id IS NOT NULL;
CREATE TRIGGER IF NOT EXISTS turns_stay BEFORE UPDATE ON turns BEGIN SELECT RAISE(ABORT, 'turns stay'); END;
"""
ADD_TURN = "INSERT INTO turns (sender, version, message_id, replies, events) VALUES (?, ?, ?, ?, ?)"
SET_SNAPSHOT = """
INSERT INTO conversations (sender, version, snapshot) VALUES (?, ?, ?)
ON CONFLICT (sender) DO UPDATE SET version = excluded.version, snapshot = excluded.snapshot
"""
# How long one process waits for another that is writing.
MILLISECONDS = 5000


class StaleError(Exception):
    """Somebody else has taken a turn of this conversation meanwhile; nothing was written."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a conversation stands: the number of its last turn, and its snapshot (None: there is none yet)."""

    version: int = 0
    snapshot: dict[str, Any] | None = None


@dataclass(slots=True)
class Entry:
    """A turn to be written. `done` once it is on disk or refused with `error`."""

    sender: str
    version: int
    snapshot: dict[str, Any]
    events: Sequence[dict[str, Any]]
    replies: Sequence[dict[str, Any]]
    message_id: str | None = None
    done: bool = False
    error: Exception | None = None
    rows: tuple[tuple[Any, ...], tuple[Any, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = (
            (self.sender, self.version, self.message_id, _text(self.replies), _text(self.events)),
            (self.sender, self.version, _text(self.snapshot)),
        )


class Journal:
    """One database. Turns that end at the same time are written together: whoever comes first writes for all."""

    def __init__(self, path: Path | str) -> None:
        """Opens or makes it. Raises `StoreUnavailableError`."""
        self._reading, self._writing, self._queueing = Lock(), Lock(), Lock()
        self._waiting: list[Entry] = []
        try:
            self._writer, self._reader = _connected(path), _connected(path)
            self._writer.executescript(TABLES)
        except sqlite3.Error as error:
            raise StoreUnavailableError(f"{path}: {error}") from error

    def close(self) -> None:
        """Lets go of the database."""
        with self._writing, self._reading:
            self._writer.close()
            self._reader.close()

    def standing(self, sender: str) -> Standing:
        """Where the conversation stands."""
        rows = self._read("SELECT version, snapshot FROM conversations WHERE sender = ?", sender)
        return Standing(rows[0][0], json.loads(rows[0][1])) if rows else Standing()

    def replies(self, sender: str, message_id: str) -> list[dict[str, Any]] | None:
        """What was answered to a message, None when it was never seen."""
        rows = self._read("SELECT replies FROM turns WHERE sender = ? AND message_id = ?", sender, message_id)
        return json.loads(rows[0][0]) if rows else None

    def events(self, sender: str) -> list[dict[str, Any]]:
        """Everything that ever happened in a conversation, oldest first."""
        rows = self._read("SELECT events FROM turns WHERE sender = ? ORDER BY version", sender)
        return [event for (events,) in rows for event in json.loads(events)]

    def write(self, entry: Entry) -> None:
        """Returns when the turn is on disk. Raises `StaleError`, or `StoreUnavailableError`: then it did not happen."""
        with self._queueing:
            self._waiting.append(entry)
        with self._writing:
            if not entry.done:
                self._write_all()
        if entry.error:
            raise entry.error

    def _write_all(self) -> None:
        with self._queueing:
            batch, self._waiting = self._waiting, []
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            for entry in batch:
                self._add(entry)
            self._writer.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 – whatever it is, nobody may be told that the turn was kept
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            for entry in batch:
                entry.error = StoreUnavailableError(f"the turn was not kept: {error}")
        finally:
            for entry in batch:
                entry.done = True

    def _add(self, entry: Entry) -> None:
        turn, snapshot = entry.rows
        try:
            self._writer.execute(ADD_TURN, turn)
        except sqlite3.IntegrityError:
            entry.error = StaleError()
            return
        self._writer.execute(SET_SNAPSHOT, snapshot)

    def _read(self, query: str, *values: str) -> list[Any]:
        try:
            with self._reading:
                return self._reader.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreUnavailableError(f"the conversation cannot be read: {error}") from error


def _connected(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for setting in (f"busy_timeout={MILLISECONDS}", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def _text(value: object) -> str:
    """JSON; half a character, which some client or action may have sent, becomes a question mark."""
    try:
        return to_json(value, inf_nan_mode="constants").decode()
    except (PydanticSerializationError, UnicodeError):
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
