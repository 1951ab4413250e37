"""`rightdoor referrals move`: what a person may do with a part, recorded in the terminal."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.errors import InputError, MoveNotAllowedError, NotYoursError, StaleVersionError
from bot.referrals.lifecycle import MOVES as DRAWN
from bot.store import Store
from bot.turns import Turns
from bot.turns.orders import MOVES, Order
from bot.turns.services import Services
from bot.workbench.moves import make, merge
from tests.conftest import KEY
from tests.referrals.world import ALONE, World, for_child


@pytest.fixture
def world(loaded: Services, tmp_path: Path) -> Iterator[World]:
    store = Store.open(f"sqlite:///{tmp_path / 'rightdoor.db'}", master_key=KEY)
    world = World(loaded)
    world.services = replace(loaded, store=store, clock=lambda: world.now)
    yield world.staffed("director", "centre", "operator", "supervisor")
    store.close()


def record(world: World, part: str, move: str, post: str, **words: Any) -> dict[str, Any]:
    out = io.StringIO()
    order = partial(Order, part, **words)
    make(Turns(world.services), move, world.people[post].id if post in world.people else post, Console(file=out), order)
    document: dict[str, Any] = json.loads(out.getvalue())
    return document


def test_a_part_is_taken_through_its_life_in_the_terminal(world: World) -> None:
    part = for_child(world.family()).id
    assert record(world, part, "accept", "director")["status"] == "accepted"
    assert record(world, part, "contact", "director")["status"] == "in_contact"
    assert record(world, part, "finish", "director", reason="done")["status"] == "following_up"
    assert record(world, part, "visit", "director", reason="well", words="外婆身体好")["status"] == "following_up"
    assert record(world, part, "hand_on", "director", reason="moved", to="county_centre")["owner"].startswith(
        "demo-yang"
    )
    assert record(world, part, "overrule", "supervisor", reason="not_asked", to="high")["risk"] == "high"
    assert record(world, part, "accept", "centre")["status"] == "accepted"
    assert record(world, part, "close", "centre", reason="moved_away")["status"] == "closed"
    assert record(world, part, "reopen", "operator", reason="again")["status"] == "sent"


def test_in_the_place_of_the_police_it_is_taken_on_only_with_who_called(world: World) -> None:
    part = for_child(world.family(ALONE)).id
    for reason in ("", "nobody"):
        with pytest.raises(InputError, match="say who called with --reason: staff, family, other"):
            record(world, part, "accept", "operator", reason=reason)
    assert record(world, part, "accept", "operator", reason="family")["status"] == "accepted"


def test_two_cases_are_recorded_as_one_family(world: World) -> None:
    one, two, out = world.family(), world.family(), io.StringIO()
    with pytest.raises(NotYoursError):
        merge(Turns(world.services), two.id, one.id, world.people["director"].id, "", Console(file=out))
    merge(Turns(world.services), two.id, one.id, world.people["operator"].id, "外婆和妈妈都写了", Console(file=out))
    assert [json.loads(line)["status"] for line in out.getvalue().splitlines()] == ["closed"] * len(two.parts)
    with pytest.raises(MoveNotAllowedError, match="one family already"):
        merge(Turns(world.services), one.id, two.id, world.people["operator"].id, "", Console(file=out))
    with pytest.raises(InputError, match="no case 'nowhere'"):
        merge(Turns(world.services), one.id, "nowhere", world.people["operator"].id, "", Console(file=out))


def test_a_slip_of_the_pen_is_refused_with_what_was_meant(world: World) -> None:
    part = for_child(world.family()).id
    with pytest.raises(InputError, match="did you mean 'accept'"):
        record(world, part, "acept", "director")
    with pytest.raises(InputError, match="no staff member"):
        record(world, part, "accept", "nobody")
    with pytest.raises(InputError, match="unknown service 'hospitla'; did you mean 'hospital'"):
        record(world, part, "overrule", "director", reason="not_asked", to="hospitla")
    with pytest.raises(NotYoursError):
        record(world, part, "accept", "centre")
    with pytest.raises(StaleVersionError):
        record(world, part, "accept", "director", seen=0)


def test_every_move_that_people_make_can_be_recorded() -> None:
    by_people = {move for move, rule in DRAWN.items() if rule.roles & {"owner", "operator", "supervisor"}}
    assert by_people - MOVES.keys() == {"escalate", "merge"}, "the one is the clock’s, the other a command of its own"
