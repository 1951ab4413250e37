"""What is missing: for every county the services a rule can route to that nobody there provides; and entries that do not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.decisions import Policy
from bot.directory import Directory
from bot.directory.agency import SOON
from bot.directory.directory import CHAIN
from bot.places import Gazetteer, Level, Place
from bot.workbench.check.doors import NO_DOOR


@dataclass(frozen=True, slots=True)
class Gap:
    """A service nobody provides in a county, and who answers for it there."""

    county: Place
    service: str
    instead: str
    phone: str


def needed(policy: Policy) -> tuple[str, ...]:
    """The services that a row routes to or tells, and those of the village chain."""
    named = {service for row in policy.rows for part in row.parts for service in (part.lead, *part.also)}
    return tuple(sorted((named | set(CHAIN)) - NO_DOOR))


def gaps(directory: Directory, gazetteer: Gazetteer, services: Iterable[str], at: datetime) -> Iterator[Gap]:
    """Every gap of every county. A service below the county counts as provided when any township or village has it.

    Cost: a look-up for each county and service, about 80,000 for the country.
    """
    below = _below(directory, at)
    wanted = tuple(services)
    for county in counties(gazetteer):
        for service in wanted:
            if (county.code, service) in below:
                continue
            door = directory.serving(service, county, at)
            if door.fell_back:
                yield Gap(county, service, door.agency.id, door.agency.phone)


def counties(gazetteer: Gazetteer) -> Iterator[Place]:
    """Every county that is served."""
    return (place for place in gazetteer.places.values() if place.level is Level.COUNTY)


def readiness(directory: Directory, gazetteer: Gazetteer, services: Iterable[str], at: datetime) -> Mapping[str, float]:
    """For every county the share of its services that somebody provides: 0 to 1."""
    wanted = tuple(services)
    missing: dict[str, int] = {}
    for gap in gaps(directory, gazetteer, wanted, at):
        missing[gap.county.code] = missing.get(gap.county.code, 0) + 1
    return {county.code: 1 - missing.get(county.code, 0) / len(wanted) for county in counties(gazetteer)}


def stale(directory: Directory, at: datetime) -> Iterator[tuple[str, str]]:
    """Entries that do not hold, or soon will not: id and what is the matter (`expired`, `expires`, `ended`, `never_assured`)."""
    for agency in directory.agencies:
        if agency.ended(at) and not agency.successor:
            yield agency.id, "ended"
        elif agency.expired(at):
            yield agency.id, "expired"
        elif agency.expired(at + SOON):
            yield agency.id, "expires"
        elif agency.place and agency.kept.assured is None and not agency.fictional:
            yield agency.id, "never_assured"


def _below(directory: Directory, at: datetime) -> frozenset[tuple[str, str]]:
    """(county, service) for whatever a township or a village provides."""
    return frozenset(
        (agency.place[:6], agency.service)
        for agency in directory.agencies
        if len(agency.place) > Level.COUNTY and not agency.expired(at) and not agency.ended(at)
    )
