"""Doors: every lead of every row resolves, for every county, to an agency with a telephone, or to a listed gap that has one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.decisions import Policy
from bot.directory import Directory
from bot.errors import Where
from bot.places import Gazetteer, Level
from bot.workbench.check.finding import Finding

# Nothing behind these needs an address: an answer is enough.
NO_DOOR = frozenset({"information"})


def closed_doors(policy: Policy, directory: Directory, gazetteer: Gazetteer, file: Path) -> Iterator[Finding]:
    """Leads that lead nowhere, one county for each service. Looks at every county, about 3,000."""
    leads = {part.lead for row in policy.rows for part in row.parts} - NO_DOOR
    counties = [place for place in gazetteer.places.values() if place.level is Level.COUNTY]
    at = datetime.now(UTC)
    for service in sorted(leads):
        for county in counties:
            if not directory.serving(service, county, at).agency.phone:
                said = f"{service} leads to {county.full_name} and no telephone is there"
                yield Finding("door", Where(file), said)
                break
