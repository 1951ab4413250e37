"""Sheets and decisions as `rightdoor decide` takes and gives them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from bot.decisions import Policy
from bot.workbench.decide import decide_lines
from tests.decisions.reference import RULES

POLICY = Policy.load(RULES)
DAY = date(2026, 11, 25)
# The danger screen and the concerns, each answered with "none of these".
NO_DANGER = {"screen_danger": "no", "screen_alone": "no", "screen_death": "no"}
NO_CONCERN = {
    "concern_divorce": "no",
    "concern_cannot_raise": "no",
    "concern_parents_gone": "no",
    "concern_violence": "no",
}


def decided(family: dict[str, str], *children: dict[str, str], policy: Policy = POLICY, on: date = DAY) -> Any:
    """The decision on one sheet, from the line that would be printed."""
    (line,) = decide_lines([json.dumps({"family": family, "children": children})], policy, on)
    return json.loads(line)


def part(decision: Any, for_whom: str, child: int | None = None) -> Any:
    """The one part for somebody."""
    (found,) = (part for part in decision["parts"] if (part["for"], part["child"]) == (for_whom, child))
    return found
