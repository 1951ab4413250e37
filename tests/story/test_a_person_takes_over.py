"""However a family answers, the questions end: after twelve a person takes over, with a case and the risk known so far."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import pytest

from bot.messages import Press, Text
from bot.turns import TurnResult
from tests.story.house import House

AT_MOST = 12  # the default of `questions_at_most`
TAKEN_OVER = "后面由值班人员接着跟您说"
PATIENCE = 60


@dataclass(frozen=True)
class Interview:
    """What was asked in order; one list of several taps stands once for each time it is opened."""

    asked: Sequence[str]
    last: TurnResult

    @property
    def taken_over(self) -> bool:
        return any(TAKEN_OVER in reply.text for reply in self.last.replies)


def interview(house: House, seed: int) -> Interview:
    """A family that taps anything at all, until it is asked nothing more."""
    rng, family, asked = random.Random(seed), house.person(f"f{seed}"), list[str]()  # noqa: S311 – a family, no secret
    result = family.says(Text("你好"))
    while (ask := result.state["asked"]) and len(asked) < PATIENCE:
        asked.append(ask["fact"])
        if ask["fact"] == "place":
            result = family.says(Text("江苏扬中新坝镇"))
            continue
        buttons = [button for reply in result.replies for button in reply.buttons]
        result = family.says(Press(rng.choice([b.payload for b in buttons if b.payload.startswith("/answer")])))
    return Interview(tuple(fact for fact, _ in groupby(asked)), result)


@pytest.mark.parametrize("families", [20, pytest.param(500, marks=pytest.mark.nightly)])
def test_after_twelve_questions_at_most_everybody_has_a_case_and_who_is_left_has_a_person(
    house: House, families: int
) -> None:
    played = [interview(house, seed) for seed in range(families)]
    assert max(len(one.asked) for one in played) == AT_MOST
    assert all(one.last.state["referrals"] for one in played)
    assert {one.taken_over for one in played} == {True, False}
    assert len(house.tasks()) >= sum(one.taken_over for one in played)


def test_who_refuses_to_speak_of_danger_is_not_asked_on(house: House) -> None:
    family = house.person("妈妈")
    family.says(Text("你好"))
    result = family.says(Press('/answer{"danger_screen":"refused"}'))
    assert Interview((), result).taken_over
    assert result.state["asked"] is None
    assert result.state["referrals"]
    assert len(house.tasks()) == 1
