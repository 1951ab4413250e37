"""Where violence is suspected, nothing is shown to whoever may hold the phone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.facts import Sheet, Vocabulary
from bot.replies.disclosure import SUSPICION, guarded

VOCABULARY = Vocabulary.load(Path(__file__).parents[2] / "rules" / "facts.yml")


def sheet(family: dict[str, str], *children: dict[str, str]) -> Sheet:
    plain: dict[str, Any] = {"family": family, "children": list(children)}
    return Sheet.from_plain(plain, VOCABULARY, datetime(2026, 11, 25, tzinfo=UTC))


@pytest.mark.parametrize(
    "suspected",
    [
        sheet({"concern_violence": "yes"}),
        sheet({"kill_threat": "yes"}),
        sheet({}, {"child_hurt": "by_guardian"}),
        sheet({}, {"child_hurt": "unexplained"}),
        sheet({}, {}, {"afraid_of_home": "yes"}),
    ],
)
def test_a_family_with_suspected_violence_is_guarded(suspected: Sheet) -> None:
    assert guarded(suspected)


@pytest.mark.parametrize(
    "other",
    [
        Sheet(),
        sheet({"divorce": "pending", "concern_violence": "no"}, {"refuses_child": "both"}),
        sheet({}, {"child_hurt": "accident"}, {"afraid_of_home": "no"}),
    ],
)
def test_any_other_family_is_told_who_helps(other: Sheet) -> None:
    assert not guarded(other)


def test_what_counts_as_suspicion_is_in_the_vocabulary() -> None:
    assert [(fact, value) for fact, value in sorted(SUSPICION) if value not in VOCABULARY.facts[fact].values] == []
