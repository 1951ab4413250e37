"""A family that writes at night is told whose matter it is, and whom to call while they are closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.calendar import CHINA
from bot.directory import Directory
from bot.directory.hours import Hours
from bot.referrals import Owner
from bot.turns.services import Services
from tests.store.test_store import part

OWNER = "demo-yangzhong-xinba-village"


@pytest.mark.parametrize(
    ("hour", "told"),
    [
        (10, "0000-000-0015"),
        (12, "0000-000-0015（现在下班了，急的话打扬中市值班岗（演示） 0000-000-0013）"),  # the lunch break
        (23, "0000-000-0015（现在下班了，急的话打扬中市值班岗（演示） 0000-000-0013）"),
    ],
)
def test_the_number_that_is_told_answers(loaded: Services, hour: int, told: str) -> None:
    office = Hours.parse("workdays 08:30-12:00,14:00-17:30")
    kept = {
        one.id: one if one.service == "operator" else replace(one, hours=office) for one in loaded.directory.agencies
    }
    services = replace(loaded, directory=Directory.of(kept, loaded.directory.rota))
    at = datetime(2026, 12, 1, hour, 0, tzinfo=CHINA)
    sent = replace(
        part(), lead="village_worker", level="village_worker", owner=Owner(OWNER), deadline=at + timedelta(days=1)
    )
    assert services.teller("zh", at).door(sent, services.gazetteer.get("321182101"))["phone"] == told


def test_nobody_is_told_to_call_whom_the_part_must_not_reach(loaded: Services) -> None:
    kept = dict(loaded.directory.by_id)
    kept[OWNER] = replace(kept[OWNER], hours=Hours.parse("workdays 08:30-17:30"))
    services = replace(loaded, directory=Directory.of(kept, loaded.directory.rota))
    night = datetime(2026, 12, 1, 23, 0, tzinfo=CHINA)
    sent = replace(part(), lead="village_worker", level="village_worker", owner=Owner(OWNER), deadline=night)
    place = services.gazetteer.get("321182101")
    assert "0000-000-0014" in services.teller("zh", night).door(sent, place)["phone"], "the station above"
    told = services.teller("zh", night).door(replace(sent, avoid=("township_station",)), place)["phone"]
    assert "0000-000-0014" not in told
    assert "12345" in told
