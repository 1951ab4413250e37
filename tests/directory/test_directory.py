"""From a place to a door, on the demo directory."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.directory import Directory
from bot.errors import DirectoryError
from bot.places import Gazetteer, Place

DATA = Path(__file__).parents[2] / "data"
NATIONAL = DATA / "directory" / "national.csv"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SERVICES = [
    "police", "ambulance", "county_centre", "township_station", "village_worker", "court_social_services", "court",
    "prefecture_institution", "civil_affairs", "marriage_registry", "relief_station", "school", "education_authority",
    "family_education", "hospital", "mental_health_line", "mediation", "legal_aid", "womens_federation", "procuratorate",
    "government_line", "operator",
]  # fmt: skip
HEAD = "id,service,place,name_zh,name_en,phone,fictional\n"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(DATA / "divisions")


@pytest.fixture(scope="module")
def directory(gazetteer: Gazetteer) -> Directory:
    return Directory.open(DATA / "directory" / "demo", NATIONAL, gazetteer, SERVICES)


def at(gazetteer: Gazetteer, code: str) -> Place:
    place = gazetteer.get(code)
    assert place is not None
    return place


def test_the_nearest_door_is_found(directory: Directory, gazetteer: Gazetteer) -> None:
    door = directory.serving("village_worker", at(gazetteer, "321182101"), NOW)
    assert (door.agency.id, door.fell_back) == ("demo-yangzhong-xinba-village", ())


def test_where_a_village_has_nobody_the_township_answers_and_it_is_said(
    directory: Directory, gazetteer: Gazetteer
) -> None:
    door = directory.serving("village_worker", at(gazetteer, "321182001"), NOW)
    assert (door.agency.service, door.fell_back) == ("township_station", ("village_worker",))


def test_where_a_district_has_no_stations_the_county_answers(directory: Directory, gazetteer: Gazetteer) -> None:
    door = directory.serving("village_worker", at(gazetteer, "350102"), NOW)
    assert (door.agency.service, door.fell_back) == ("county_centre", ("village_worker", "township_station"))


@pytest.mark.parametrize("service", SERVICES)
def test_no_route_ends_in_nothing(directory: Directory, gazetteer: Gazetteer, service: str) -> None:
    for place in (None, at(gazetteer, "110101"), at(gazetteer, "71"), at(gazetteer, "513431104")):
        assert directory.serving(service, place, NOW).agency.phone


def test_the_chain_climbs_to_the_duty_post_and_stays_there(directory: Directory, gazetteer: Gazetteer) -> None:
    place, level, climbed = at(gazetteer, "321182101"), "village_worker", []
    for _ in range(5):
        level, door = directory.above(level, place, NOW)
        climbed.append(door.agency.service)
    assert climbed == ["township_station", "county_centre", "prefecture_institution", "operator", "operator"]


def test_above_a_court_stands_the_county_centre(directory: Directory, gazetteer: Gazetteer) -> None:
    assert directory.above("court_social_services", at(gazetteer, "321182"), NOW)[0] == "county_centre"


def test_every_demo_agency_is_marked_as_fictional(directory: Directory) -> None:
    demo = [a for a in directory.agencies if a.id.startswith("demo-")]
    assert len(demo) > 30
    assert all(a.fictional and "演示" in a.name["zh"] and a.phone.startswith("0000") for a in demo)


def test_gaps_are_listed(directory: Directory) -> None:
    assert directory.gaps("350102", ("county_centre", "township_station", "mediation")) == (
        "township_station",
        "mediation",
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,village_workr,321182,名,Name,1,yes", r"agencies.csv:2: unknown service 'village_workr'; did you mean 'village_w"),
        ("x,police,999999,名,Name,1,yes", "no division has the code '999999'"),
        ("x,police,321182,名,,1,yes", "name_en is empty"),
        ("x,police,321182,名,Name,1,maybe", "fictional is yes or no"),
        ("cn-police,police,321182,名,Name,1,no", "agency 'cn-police' is there twice"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_file_and_line(
    tmp_path: Path, gazetteer: Gazetteer, row: str, message: str
) -> None:
    (tmp_path / "agencies.csv").write_text(HEAD + row + "\n", encoding="utf-8")
    with pytest.raises(DirectoryError, match=message):
        Directory.open(tmp_path, NATIONAL, gazetteer, SERVICES)


def test_a_folder_without_agencies_is_refused(tmp_path: Path, gazetteer: Gazetteer) -> None:
    with pytest.raises(DirectoryError, match="no CSV file"):
        Directory.open(tmp_path, NATIONAL, gazetteer, SERVICES)
