"""Referrals made while the service is killed again and again: `rightdoor soak`, on both databases."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from bot.workbench.soak import Plan, soak


def account(plan: Plan) -> dict[str, object]:
    out = io.StringIO()
    soak(plan, Console(file=out), as_json=True)
    return dict(json.loads(out.getvalue()))


def test_a_few_referrals_survive_a_few_kills(database: str) -> None:
    found = account(Plan(3, kill_every=0.5, database=database, within=""))
    assert found["wrong"] == []
    assert found["kills"]


@pytest.mark.nightly
def test_a_thousand_referrals_survive_kills_every_few_seconds_and_climb_in_time(database: str) -> None:
    found = account(Plan(1000, database=database, patience=3600))
    assert found["wrong"] == []
