"""An agency, and the door that was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agency:
    """Somebody who serves a place. `place` is the code of the division served, empty for everywhere; `name` is `{"zh", "en"}`."""

    id: str
    service: str
    place: str
    name: Mapping[str, str]
    phone: str
    fictional: bool


@dataclass(frozen=True, slots=True)
class Door:
    """Who serves a need at a place. `fell_back` names the services that have nobody there, nearest first."""

    agency: Agency
    fell_back: tuple[str, ...] = ()
