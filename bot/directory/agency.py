"""An agency, and the door that was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agency:
    """Somebody who serves a place. `place` is the code of the division served, empty for everywhere; `name` is `{"zh", "en"}`.

    An agency whose people are not on Telegram may be written to by `email` or at a `webhook`, not both.
    """

    id: str
    service: str
    place: str
    name: Mapping[str, str]
    phone: str
    fictional: bool
    email: str = ""
    webhook: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """Who serves a need at a place. `fell_back` names the services that have nobody there, nearest first."""

    agency: Agency
    fell_back: tuple[str, ...] = ()
