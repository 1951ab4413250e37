"""Reports: what is counted, and that small numbers and families are not shown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.decisions import Risk
from bot.store import MoveFigure, PartFigure, Store
from bot.turns.services import Services
from bot.workbench.draw.ink import INK
from bot.workbench.figures import FEWEST, as_csv, count
from bot.workbench.figures.command import Made, report
from bot.workbench.figures.mapping import STEPS
from tests.calls.switch import Phone
from tests.conftest import KEY
from tests.referrals.world import World, for_child

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(loaded: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Six families: all accepted by the village after an hour, two closed, five declined first by the court, five overruled.

    Five calls were pranks and one a wrong number; one more goes on.
    """
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('report') / 'rightdoor.db'}", master_key=KEY)
    world = World(loaded)
    world.services = replace(loaded, store=store, clock=lambda: world.now)
    world.staffed("director", "court", "operator", "supervisor", "centre")
    cases = [world.family() for _ in range(6)]
    world.passes(hours=1)
    for number, case in enumerate(cases):
        child, couple = for_child(case), next(part for part in case.parts if part.for_whom == "couple")
        with world.moving() as moving:
            moving.accept(child.id, world.people["director"])
            if number < 2:
                moving.close(child.id, world.people["director"], "with_kin")
            if number < 5:
                moving.decline(couple.id, world.people["court"], "no_capacity")
                moving.overrule(couple.id, world.people["supervisor"], "not_asked", risk=Risk.HIGH)
    for number in range(7):
        phone = Phone(world).rings()
        if number < 6:
            phone.press("end", kind="prank" if number else "wrong_number")
    yield report(world.services, date(2026, 11, 1), date(2026, 12, 1), "zh")
    store.close()


def figures(text: str) -> dict[tuple[str, str, str], str]:
    return {(row["by"], row["key"], row["measure"]): row["value"] for row in csv.DictReader(io.StringIO(text))}


def test_times_are_medians_and_counts_are_counts_by_service_and_place(made: Made) -> None:
    told = figures(made.csv)
    assert told["service", "village_worker", "opened"] == "5", "rounded to fives"
    assert told["service", "village_worker", "accepted_after"] == "1.0"
    assert told["county", "321182", "opened"] == "10"
    assert told["service", "court_social_services", "declined"] == "5"


def test_small_numbers_and_times_of_few_are_not_shown(made: Made) -> None:
    told = figures(made.csv)
    assert told["service", "village_worker", "open"] == "<5", "four of six"
    assert told["service", "village_worker", "closed_after"] == "", "two were closed"
    assert told["outcome", "with_kin", "times"] == "<5"


def test_reasons_and_overruled_rows_are_counted(made: Made) -> None:
    told = figures(made.csv)
    assert told["decline", "no_capacity", "times"] == "5"
    assert told["row", "R01", "times"] == "5"


def test_calls_are_counted_by_what_they_were(made: Made) -> None:
    told = figures(made.csv)
    assert {key[1]: value for key, value in told.items() if key[0] == "call"} == {"prank": "5", "wrong_number": "<5"}


def test_tables_and_picture_say_it_in_the_reader_s_words(made: Made) -> None:
    console = Console(record=True, width=200, file=io.StringIO())
    for table in made.tables:
        console.print(table)
    text = console.export_text()
    for words in ("村（居）儿童主任", "江苏省", "现在忙不过来", "R01", "恶作剧"):
        assert words in text
    root = ET.fromstring(made.svg)  # noqa: S314 – our own picture
    assert root.get("role") == "img"
    assert "转出 5" in made.svg


@given(
    numbers=st.lists(st.integers(0, 12), min_size=1, max_size=5),
    moves=st.lists(st.sampled_from(["accept", "escalate", "decline", "close"]), max_size=20),
)
def test_no_number_between_nothing_and_five_is_ever_shown(numbers: list[int], moves: list[str]) -> None:
    parts = [
        PartFigure(f"{service}-{n}", f"service{service}", "321182", "sent", NOW, NOW + timedelta(hours=n - 2))
        for service, number in enumerate(numbers)
        for n in range(number)
    ]
    made = [MoveFigure(part.id, move, NOW, "no_capacity") for part, move in zip(parts, moves, strict=False)]
    told = figures(as_csv(count(parts, made, [], NOW)))
    for (_, _, measure), value in told.items():
        if not measure.endswith("_after"):
            assert value == f"<{FEWEST}" or int(value) % FEWEST == 0


def test_the_map_has_every_county_of_the_province_and_says_the_numbers(made: Made, loaded: Services) -> None:
    drawn = ET.fromstring(made.map)  # noqa: S314 – our own
    spaces = {"svg": "http://www.w3.org/2000/svg"}
    shapes = drawn.findall(".//svg:polygon", spaces)
    assert len(shapes) >= len({one.code for one in loaded.gazetteer.outlines({"32"})})
    assert [shape.get("stroke") for shape in shapes].count(INK) >= 1, "the county that has any stands out"
    assert "扬中市 10" in "".join(drawn.itertext())


def test_a_small_number_is_on_no_map(loaded: Services, store: Store) -> None:
    world = World(loaded)
    world.services = replace(loaded, store=store, clock=lambda: world.now)
    world.staffed("director", "court")
    world.family()
    drawn = report(world.services, date(2026, 11, 1), date(2026, 12, 1), "en").map
    assert "&lt;5" in drawn
    assert not any(shade in drawn.split("<rect")[0] for shade in STEPS[1:])


def test_without_a_county_there_is_no_map(loaded: Services, store: Store) -> None:
    empty = replace(loaded, store=store)
    assert report(empty, date(2026, 11, 1), date(2026, 12, 1), "zh").map == ""
