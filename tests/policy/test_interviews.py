"""The interview is short: played with buttons only, over the founders' situations and over random families, all truthful."""

from __future__ import annotations

import random
import re
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from bot.decisions import Policy, Risk
from bot.workbench.bench import percentile
from bot.workbench.interviews import Interview, Player, random_truth, situations, table

FAMILIES = 1000


@pytest.fixture(scope="module")
def player(policy: Policy) -> Player:
    return Player.newest(policy)


@pytest.fixture(scope="module")
def played(policy: Policy, rules: Path, player: Player) -> Sequence[Interview]:
    interviews = [player.play(name, truth) for name, truth in situations(rules, policy)]
    Console(width=200).print(table(interviews))  # shown with `pytest -s`, and when a test here fails
    return interviews


def test_all_sixty_situations_are_played(played: Sequence[Interview]) -> None:
    assert [f"R{number:02}" for number in range(1, 61)] == sorted(one.name for one in played)


def test_seven_and_a_half_questions_are_enough_at_the_mean_and_ten_at_most(played: Sequence[Interview]) -> None:
    counts = [len(one.asked) for one in played]
    assert statistics.mean(counts) <= 7.5
    assert max(counts) <= 10


def test_an_emergency_is_known_after_four_questions_at_the_mean_and_seven_at_most(played: Sequence[Interview]) -> None:
    known = [one.known or len(one.asked) for one in played if one.decision.risk is Risk.EMERGENCY]
    assert statistics.mean(known) <= 4
    assert max(known) <= 7


def test_every_situation_is_found_with_its_risk_and_its_row(
    played: Sequence[Interview], truth: Sequence[Mapping[str, str]]
) -> None:
    risks = {line["id"]: line["risk_level"] for line in truth}
    missed = [
        one.name
        for one in played
        if one.decision.risk < Risk[risks[one.name].upper()]
        or not any(re.fullmatch(rf"{one.name}[a-z]?", row) for row in one.decision.rows)
    ]
    assert missed == []


def test_nineteen_of_twenty_random_families_need_at_most_ten_questions(policy: Policy, player: Player) -> None:
    rng = random.Random(2026)  # noqa: S311 – families, not secrets
    counts = [len(player.play(str(n), random_truth(policy, rng)).asked) for n in range(FAMILIES)]
    assert percentile(counts, 0.95) <= 10


def test_the_interview_finds_the_risk_of_the_full_truth(policy: Policy, player: Player) -> None:
    rng = random.Random(84)  # noqa: S311 – families, not secrets
    for number in range(FAMILIES):
        truth = random_truth(policy, rng)
        assert player.told(truth).risk == player.play(str(number), truth).decision.risk, truth
