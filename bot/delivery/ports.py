"""What delivery needs from others: channels to push to, and what the service makes of an outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.replies import Reply
from bot.store import Parcel, Work


class Sender(Protocol):
    """A channel that messages are pushed to."""

    def send(self, chat: str, reply: Reply) -> str:
        """Hands one message over, on a worker thread; returns the channel's id of it. Raises `DeliveryError`."""


class OnSent(Protocol):
    """What follows when a channel took a message."""

    def __call__(self, work: Work, parcel: Parcel, at: datetime) -> None:
        """Runs in the transaction that records it."""


class OnDead(Protocol):
    """What follows when a message will never arrive: somebody has to be told."""

    def __call__(self, work: Work, parcel: Parcel, at: datetime, *, blocked: bool) -> None:
        """Runs in the transaction that records it; `blocked` when the person blocked us or the chat is gone."""
