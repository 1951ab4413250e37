"""For every county and every service a rule names: a contact that can be reached, or a listed gap that says who answers instead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from bot.decisions import Policy
from bot.directory import Agency, Directory
from bot.directory.duty import Rota
from bot.places import Gazetteer, Level
from bot.workbench.directory.book import NATIONAL
from bot.workbench.directory.coverage import as_map
from bot.workbench.directory.gaps import counties, gaps, needed, readiness
from tests.facts.vocabulary import PROJECT

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
POLICY = Policy.load(PROJECT / "rules")
SERVICES = needed(POLICY)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(PROJECT / "data" / "divisions")


@pytest.fixture(scope="module")
def national(gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory) -> Directory:
    folder = tmp_path_factory.mktemp("empty")
    (folder / "none.csv").write_text("id,service,place,name_zh,name_en,phone,fictional\n", encoding="utf-8")
    return Directory.open(folder, PROJECT / NATIONAL, gazetteer, POLICY.base.words.labels["services"])


def with_more(directory: Directory, agencies: Iterable[Agency]) -> Directory:
    return Directory.of({**directory.by_id, **{one.id: one for one in agencies}}, Rota())


def everywhere(codes: Iterable[str]) -> list[Agency]:
    return [
        Agency(f"{code}-{service}", service, code, {"zh": service, "en": service}, f"0000-{code}", fictional=True)
        for code in codes
        for service in SERVICES
    ]


def the_rest(directory: Directory, gazetteer: Gazetteer) -> int:
    """How many gaps; every county and service that is none ends at somebody of that very service with a telephone."""
    found = {(gap.county.code, gap.service) for gap in gaps(directory, gazetteer, SERVICES, NOW)}
    assert all(gap.phone for gap in gaps(directory, gazetteer, SERVICES, NOW))
    below = {(one.place[:6], one.service) for one in directory.agencies if len(one.place) > Level.COUNTY}
    for county in counties(gazetteer):
        for service in SERVICES:
            door = directory.serving(service, county, NOW)
            assert door.agency.phone
            listed = (county.code, service) in found
            assert listed or door.agency.service == service or (county.code, service) in below
    return len(found)


def test_an_empty_a_partial_and_a_full_directory_leave_nobody_without_a_telephone(
    national: Directory, gazetteer: Gazetteer
) -> None:
    all_counties = [county.code for county in counties(gazetteer)]
    assert len(all_counties) > 2_800
    here = {one.service for one in national.agencies}
    empty = the_rest(national, gazetteer)
    assert empty == len(all_counties) * len([service for service in SERVICES if service not in here])
    half = the_rest(with_more(national, everywhere(all_counties[::2])), gazetteer)
    assert 0 < half < empty
    assert the_rest(with_more(national, everywhere(all_counties)), gazetteer) == 0


def test_the_map_shows_every_county_with_an_outline(national: Directory, gazetteer: Gazetteer) -> None:
    ready = readiness(with_more(national, everywhere(["321182"])), gazetteer, SERVICES, NOW)
    assert ready["321182"] == 1
    assert 0 < ready["513431"] < 1
    picture = as_map({code: share for code, share in ready.items() if code.startswith("3211")}, gazetteer, "镇江", "zh")
    assert picture.startswith("<svg")
    assert picture.count("<polygon") >= 6
