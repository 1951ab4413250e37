"""The excerpt of the Bot API, and updates drawn from it."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workbench.botapi.derive import SPEC, derive, dumps
from bot.workbench.botapi.inventing import invent
from bot.workbench.botapi.spec import WrongValueError, bot_api
from bot.workbench.botapi.updates import KINDS

FULL = Path(__file__).parents[4] / "shared" / "telegram" / "api.json"


@pytest.mark.skipif(not FULL.exists(), reason="the full specification is not part of the project")
def test_the_excerpt_is_what_the_full_specification_gives() -> None:
    assert SPEC.read_text(encoding="utf-8") == dumps(derive(json.loads(FULL.read_text(encoding="utf-8"))))


def test_the_excerpt_carries_its_licence() -> None:
    assert "MIT License" in SPEC.with_name("LICENSE").read_text(encoding="utf-8")


@given(st.sampled_from(KINDS), st.integers(0, 10**9))
def test_invented_updates_of_every_kind_hold_to_the_specification(kind: str, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 – nothing secret is drawn
    bot_api().check({"update_id": 1, kind: invent(kind, chance)}, ("Update",), "update")


@pytest.mark.parametrize(
    ("update", "problem"),
    [
        ({}, "update.update_id is missing"),
        ({"update_id": True}, "update.update_id must be Integer"),
        ({"update_id": 1, "massage": {}}, "update.massage is not known"),
        ({"update_id": 1, "poll_answer": {"poll_id": "1"}}, "update.poll_answer.option_ids is missing"),
        (
            {"update_id": 1, "poll_answer": {"poll_id": "1", "option_ids": [1, "2"], "option_persistent_ids": []}},
            "update.poll_answer.option_ids[1] must be Integer",
        ),
    ],
)
def test_what_is_not_an_update_is_told_where_it_is_wrong(update: dict[str, object], problem: str) -> None:
    with pytest.raises(WrongValueError) as caught:
        bot_api().check(update, ("Update",), "update")
    assert str(caught.value) == problem
