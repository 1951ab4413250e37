"""Whoever keeps an entry is told a month before it expires, once, and again when it was assured and wears out anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.directory import Directory, Kept
from tests.story.house import House, texts

STATION = "demo-yangzhong-xinba-station"
ASKED = "请核实：扬中市新坝镇未成年人保护工作站（演示）"


def expiring(house: House, day: date | None) -> None:
    services = house.turns.services
    agencies = dict(services.directory.by_id)
    agencies[STATION] = replace(agencies[STATION], kept=Kept("新坝镇", expires=day))
    house.turns.services = replace(services, directory=Directory.of(agencies, services.directory.rota))


def test_keepers_are_told_a_month_before_once_and_again_after_it_was_assured(house: House) -> None:
    station = house.enrols("township_station", STATION)
    supervisor = house.enrols("supervisor", "demo-yangzhong-operator", "主管")
    other = house.enrols("village_worker", "demo-yangzhong-xinba-village")
    today = house.clock.now.date()
    expiring(house, today + timedelta(days=60))
    house.passes(minutes=1)
    assert ASKED not in texts(station), "there is time"
    house.passes(days=35)
    assert ASKED in texts(station)
    assert ASKED in texts(supervisor)
    assert ASKED not in texts(other)
    house.passes(days=1)
    assert ASKED not in texts(station), "once is enough"
    expiring(house, today + timedelta(days=425))
    house.passes(days=1)
    assert ASKED not in texts(station)
    house.passes(days=370)
    assert ASKED in texts(station), "it wears out anew"


def test_many_that_expire_at_once_are_each_told_of(house: House) -> None:
    station = house.enrols("township_station", STATION)
    services = house.turns.services
    end = house.clock.now.date()
    agencies = {
        name: replace(one, kept=Kept(expires=end)) for name, one in services.directory.by_id.items() if one.place
    }
    directory = Directory.of({**services.directory.by_id, **agencies}, services.directory.rota)
    house.turns.services = replace(services, directory=directory)
    for _ in range(8):
        house.passes(minutes=1)
    assert ASKED in texts(station)
    with services.store.work() as work:
        assert len(work.amendments.told(agencies)) == len(agencies)
