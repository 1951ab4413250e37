"""Who serves this now: hours, holidays, rota, leave, capacity, expiry, succession – and at last somebody with a telephone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.calendar import CHINA
from bot.directory import Agency, Directory, Kept
from bot.directory.duty import Rota
from bot.directory.hours import Hours
from bot.errors import DirectoryError, Where
from bot.places import Gazetteer, Place
from tests.directory.test_directory import DATA, SERVICES

TUESDAY = datetime(2026, 12, 1, 10, 0, tzinfo=CHINA)
LAST = Agency("last", "operator", "", {"zh": "值班", "en": "duty"}, "12345", fictional=False)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(DATA / "divisions")


@pytest.fixture(scope="module")
def village(gazetteer: Gazetteer) -> Place:
    place = gazetteer.get("321182101217")
    assert place is not None
    return place


def agency(name: str, service: str, place: str, **more: Any) -> Agency:
    hours = Hours.parse(more.pop("hours", ""))
    return Agency(name, service, place, {"zh": name, "en": name}, f"0000-{name}", fictional=True, hours=hours, **more)


def directory(*agencies: Agency, rota: Sequence[dict[str, str]] = ()) -> Directory:
    found = {one.id: one for one in (*agencies, LAST)}
    return Directory.of(found, Rota.of(((row, Where("duty.csv", n)) for n, row in enumerate(rota, 2)), found))


def shift(agency_id: str, person: str, begins: str, ends: str, kind: str = "duty") -> dict[str, str]:
    return {"agency": agency_id, "person": person, "phone": f"0000-{person}", "from": begins, "to": ends, "kind": kind}


@pytest.mark.parametrize(
    ("written", "moment", "open_then"),
    [
        ("", "2026-12-01 03:00", True),
        ("24h", "2026-12-01 03:00", True),
        ("workdays 08:30-12:00,14:00-17:30", "2026-12-01 08:30", True),
        ("workdays 08:30-12:00,14:00-17:30", "2026-12-01 12:00", False),  # the lunch break
        ("workdays 08:30-12:00,14:00-17:30", "2026-12-01 13:59", False),
        ("workdays 08:30-12:00,14:00-17:30", "2026-12-05 10:00", False),  # a Saturday
        ("workdays 08:30-17:30", "2026-10-01 10:00", False),  # National Day, a Thursday
        ("workdays 08:30-17:30", "2026-10-10 10:00", True),  # a Saturday that is worked for it
        ("daily 08:00-20:00", "2026-10-01 19:59", True),
        ("Mo-Fr 9:00-17:00; Sa 09:00-12:00", "2026-12-05 11:00", True),
        ("Sa,Su 00:00-24:00", "2026-12-06 23:59", True),
        ("Fr-Mo 10:00-11:00", "2026-12-06 10:30", True),
        ("workdays 08:30—12:00，14:00—17:30", "2026-12-01 15:00", True),  # as a Chinese keyboard types it
    ],
)
def test_hours_follow_the_calendar_of_the_country(written: str, moment: str, *, open_then: bool) -> None:
    assert Hours.parse(written).open(datetime.fromisoformat(moment).replace(tzinfo=CHINA)) is open_then


@pytest.mark.parametrize(
    "written",
    [
        "always",
        "workdays",
        "workdays 8-17",
        "Mo 17:00-08:00",
        "Xx 08:00-09:00",
        "daily 25:00-26:00",
        "daily 08:00-08:00",
        ";",
    ],
)
def test_hours_that_cannot_be_meant_say_how_to_write_them(written: str) -> None:
    with pytest.raises(ValueError, match=r"write|ends before|no time"):
        Hours.parse(written)


def test_whoever_is_closed_keeps_the_matter_and_another_is_reached(village: Place) -> None:
    found = directory(
        agency("village", "village_worker", "321182101", hours="workdays 08:30-17:30"),
        agency("town", "township_station", "321182101", hours="workdays 08:30-17:30"),
        agency("county", "county_centre", "321182", hours="24h"),
    )
    night = TUESDAY.replace(hour=23)
    assert found.serving("village_worker", village, night).agency.id == "village"
    reach = found.reach("village_worker", village, night)
    assert (reach.door.agency.id, reach.phone) == ("county", "0000-county")
    assert [(one.agency, one.why) for one in reach.door.passed] == [("village", "closed"), ("town", "closed")]
    assert [one.id for one in reach.behind] == ["last"]
    assert found.reach("village_worker", village, TUESDAY).door.agency.id == "village"


def test_who_is_on_duty_is_named_with_their_number_and_leave_passes_on(village: Place) -> None:
    found = directory(
        agency("village", "village_worker", "321182101"),
        agency("county", "county_centre", "321182"),
        rota=[
            shift("county", "甲", "2026-12-01 08:00", "2026-12-02 08:00"),
            shift("county", "乙", "2026-12-03 08:00", "2026-12-04 08:00"),
            shift("village", "丙", "2026-12-01 00:00", "2026-12-08 00:00", "leave"),
        ],
    )
    reach = found.reach("village_worker", village, TUESDAY)
    assert reach.duty is not None
    assert (reach.duty.person, reach.phone) == ("甲", "0000-甲")
    assert [(one.agency, one.why) for one in reach.door.passed] == [("village", "away")]
    between = found.reach("village_worker", village, TUESDAY.replace(day=2, hour=12))
    assert between.door.agency.id == "last", "the rota has nobody on duty then"
    assert [one.why for one in between.door.passed] == ["away", "away"]


def test_an_entry_that_expired_ended_or_is_full_is_passed_over(village: Place) -> None:
    kept = Kept("民政局", "公告", date(2025, 1, 1), date(2026, 1, 1))
    found = directory(
        agency("old", "village_worker", "321182101", kept=kept),
        agency("gone", "township_station", "321182101", until=date(2026, 6, 30)),
        agency("busy", "county_centre", "321182", capacity=3),
        agency("city", "prefecture_institution", "3211"),
    )
    door = found.serving("village_worker", village, TUESDAY, lambda one: one.id == "busy")
    assert door.agency.id == "city"
    assert [(one.agency, one.why) for one in door.passed] == [("old", "expired"), ("gone", "ended"), ("busy", "full")]
    assert found.serving("village_worker", village, datetime(2025, 12, 1, tzinfo=CHINA)).agency.id == "old"


def test_an_institution_that_became_another_is_answered_by_its_successor(village: Place) -> None:
    found = directory(
        agency("welfare", "county_centre", "321182", until=date(2026, 6, 30), successor="protection"),
        agency("protection", "county_centre", "321182"),
    )
    assert found.serving("county_centre", village, datetime(2026, 6, 30, 20, tzinfo=CHINA)).agency.id == "welfare"
    assert found.serving("county_centre", village, TUESDAY).agency.id == "protection"
    with pytest.raises(DirectoryError, match=r"unknown successor 'protectoin'.*protection"):
        directory(
            agency("welfare", "county_centre", "321182", until=date(2026, 6, 30), successor="protectoin"),
            agency("protection", "county_centre", "321182"),
        )


def test_a_successor_of_a_lower_level_leads_nobody_round_in_circles(village: Place) -> None:
    found = directory(
        agency("town", "township_station", "321182101"),
        agency("county", "county_centre", "321182", until=date(2026, 6, 30), successor="town"),
    )
    reach = found.reach("township_station", village, TUESDAY)
    assert reach.door.agency.id == "town"
    assert len(reach.behind) == 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [
                shift("a", "甲", "2026-12-01 08:00", "2026-12-02 08:00"),
                shift("a", "乙", "2026-12-01 20:00", "2026-12-02 20:00"),
            ],
            "duty.csv:3: 甲",
        ),
        ([shift("b", "甲", "2026-12-01", "2026-12-02")], "unknown agency 'b'"),
        ([shift("a", "甲", "2026-12-02", "2026-12-01")], "before it begins"),
        ([shift("a", "甲", "1.12.2026", "2026-12-02")], "from is a day and time like"),
        ([shift("a", "", "2026-12-01", "2026-12-02")], "person is empty"),
        ([shift("a", "甲", "2026-12-01", "2026-12-02", "holiday")], "kind is duty or leave"),
    ],
)
def test_a_rota_that_cannot_be_is_refused_with_its_line(rows: list[dict[str, str]], said: str) -> None:
    with pytest.raises(DirectoryError, match=said):
        directory(agency("a", "county_centre", "321182"), rota=rows)


def test_without_a_post_that_never_closes_there_is_no_directory() -> None:
    for closing in (
        {"hours": "daily 08:00-20:00"},
        {"until": date(2030, 1, 1)},
        {"kept": Kept(expires=date(2030, 1, 1))},
    ):
        with pytest.raises(DirectoryError, match="every chain ends there"):
            Directory.of({"only": agency("only", "operator", "", **closing)}, Rota())


def test_a_directory_on_disk_has_its_rota_beside_it(gazetteer: Gazetteer, tmp_path: Path) -> None:
    head = "id,service,place,name_zh,name_en,phone,fictional,hours,capacity\n"
    here = head + "a,county_centre,321182,甲,A,0000,yes,workdays 08:30-17:30,5\n"
    (tmp_path / "here.csv").write_text(here, encoding="utf-8")
    rota = "agency,person,phone,from,to,kind\na,王,0001,2026-12-01 08:00,2026-12-01 18:00,\n"
    (tmp_path / "duty.csv").write_text(rota, encoding="utf-8")
    national = DATA / "directory" / "national.csv"
    found = Directory.open(tmp_path, national, gazetteer, SERVICES)
    assert (found.by_id["a"].capacity, found.by_id["a"].hours.written) == (5, "workdays 08:30-17:30")
    assert found.reach("county_centre", gazetteer.get("321182"), TUESDAY).phone == "0001"
    (tmp_path / "duty.csv").write_text("agency,who\na,b\n", encoding="utf-8")
    with pytest.raises(DirectoryError, match=r"duty\.csv:1: the columns are"):
        Directory.open(tmp_path, national, gazetteer, SERVICES)
