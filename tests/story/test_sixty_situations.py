"""Every one of the founders' sixty situations through whole turns: in any order of telling, and with a correction midway."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import count

import pytest

from bot.messages import Press
from bot.settings import project_folder
from bot.turns import TurnResult
from bot.workbench.cases import Case, cases
from bot.workbench.demo import Player
from tests.story.house import START, House

Fact = tuple[str, str]


@pytest.fixture(scope="module")
def told() -> dict[str, Case]:
    """The situations, told in full by the cases beside the tables."""
    from bot.decisions import Policy  # noqa: PLC0415 – read once, when the first of these tests runs

    rules = project_folder() / "rules"
    return {case.situation: case for case in cases(rules, Policy.load(rules), START) if case.situation}


def facts(case: Case) -> list[Fact]:
    """What the family has to tell, each fact with its value; the interview is about one child."""
    assert case.sheet.children <= 1, "told with several children, it cannot be told in any order"
    return [(answer.fact, answer.value) for answer in case.sheet.answers]


def tells(person: Player, told: Sequence[Fact]) -> TurnResult:
    """A whole turn for every fact."""
    results = [person.says(Press(f'/answer{{"{fact}":"{value}"}}')) for fact, value in told]
    return results[-1]


def wrong(case: Case, result: TurnResult) -> tuple[str, ...]:
    """What was decided otherwise than the case expects."""
    decision = result.state["decision"]
    said = [("risk", case.risk, decision["risk"]), ("rows", sorted(case.rows or ()), sorted(decision["rows"]))]
    return tuple(f"{what}: expected {expected}, decided {found}" for what, expected, found in said if expected != found)


def test_every_one_of_the_sixty_is_told_in_full(told: dict[str, Case]) -> None:
    assert sorted(told) == sorted(f"R{number:02}" for number in range(1, 61))


@pytest.mark.parametrize("orders", [2, pytest.param(20, marks=pytest.mark.nightly)])
def test_a_situation_is_decided_the_same_in_whatever_order_it_is_told(
    house: House, told: dict[str, Case], orders: int
) -> None:
    numbers, failed = count(), {}
    for name, case in told.items():
        for seed in range(orders):
            order = random.Random(f"{name}/{seed}").sample(facts(case), len(facts(case)))  # noqa: S311 – an order, no secret
            if differences := wrong(case, tells(house.person(f"p{next(numbers)}"), order)):
                failed[f"{name} as {order}"] = differences
    assert failed == {}


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.nightly)])
def test_a_correction_midway_replaces_what_was_said_and_nothing_else(
    house: House, told: dict[str, Case], every: int
) -> None:
    """Each fact in turn (`every` so many) is told wrongly first, and corrected when half of the rest has been told."""
    numbers, failed = count(), {}
    vocabulary = house.turns.services.policy.vocabulary
    for name, case in told.items():
        said = facts(case)
        for place in range(0, len(said), every):
            fact, value = said[place]
            slip = next(v for v in vocabulary.facts[fact].values if v != value)
            others = [one for one in said if one[0] != fact]
            half = len(others) // 2
            telling = [(fact, slip), *others[:half], (fact, value), *others[half:]]
            if differences := wrong(case, tells(house.person(f"c{next(numbers)}"), telling)):
                failed[f"{name} with {fact} first {slip}"] = differences
    assert failed == {}
