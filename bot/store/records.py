"""What the repositories hand out and take back: frozen, without a trace of SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

from bot.decisions import Risk
from bot.messages import Channel
from bot.replies import Reply


@dataclass(frozen=True, slots=True)
class Contact:
    """One conversation: somebody at one address of one channel. `consent` is none, given or refused."""

    id: str
    channel: Channel
    address: str = field(repr=False)
    language: str | None
    last_heard: datetime
    state: Mapping[str, Any] | None = field(default=None, repr=False)
    details: Mapping[str, str] | None = field(default=None, repr=False)
    consent: str = "none"
    consent_at: datetime | None = None
    case: str | None = None
    told_something: bool = False
    quiet_due: datetime | None = None
    blocked_at: datetime | None = None
    erased_at: datetime | None = None
    erase_asked: datetime | None = None
    erase_due: datetime | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody at an agency; `contact` is their chat once enrolled."""

    id: str
    role: str
    agency: str
    county: str | None
    contact: str | None
    language: str | None = None
    on_duty: bool = True
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Task:
    """Something a human has to do about a conversation; `other` is another case that it is about as well."""

    id: str
    kind: str
    contact: str | None
    case: str | None
    county: str | None
    risk: Risk
    created: datetime
    due: datetime
    owner: str | None = None
    rung: int = 0
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call at the hotline desk, in the hands of `operator`; `held` since when it waits, `kind` what it was once it has ended.

    `memory` is what the desk remembers of it (JSON), None once erased.
    """

    id: str
    contact: str
    operator: str
    county: str | None
    started: datetime
    case: str | None = None
    held: datetime | None = None
    ended: datetime | None = None
    kind: str | None = None
    memory: Mapping[str, Any] | None = field(default=None, repr=False)
    revision: int = 1


class Priority(IntEnum):
    """Urgent messages overtake, in their own chat too; whatever can wait (a drill) is overtaken by everything."""

    URGENT = 0
    USUAL = 1
    CAN_WAIT = 2


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much is still to be carried: `oldest` is when the first of it fell due, None when there is nothing."""

    messages: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message on its way: to whom, what, and how often it was tried (this time included).

    Without a reply it cannot be opened any more: it was erased, or somebody has changed the row.
    """

    seq: int
    contact: str
    channel: Channel
    address: str = field(repr=False)
    reply: Reply | None = field(repr=False)
    kind: str
    part: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Tracked:
    """A message of the outbox seen from outside, without a word of it: how it stands, and since when.

    `tried` is when it was last given to somebody, `due` when it is tried again (first: when it was written), `lapsed` how
    often whoever carried it vanished; it is `readable` unless it was erased.
    """

    seq: int
    contact: str
    channel: Channel
    kind: str
    part: str | None
    priority: Priority
    attempts: int
    tried: datetime | None
    due: datetime
    lapsed: int
    lease_by: str | None
    lease_until: datetime | None
    sent: datetime | None
    dead: datetime | None
    error: str | None
    readable: bool
