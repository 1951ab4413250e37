"""Our engine answers as rasa 3.6.21 did, turn by turn: words, actions, slots, active loop.

The golden transcripts are written by `python -m tests.dialogue.parity --record 6`; `make parity` walks much further.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.dialogue.parity.comparing import COMPARED, RECOGNISED, declared, differences, explained
from tests.dialogue.parity.entries import of_folder
from tests.dialogue.parity.ours import Walker
from tests.dialogue.talking import PROJECTS

HERE = Path(__file__).parent
GOLDEN = sorted((HERE / "golden").glob("*.json"))
DEVIATIONS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for line in (HERE.parents[1] / "docs" / "rasa.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ")
]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_every_turn_is_answered_as_rasa_answered_it(golden: Path) -> None:
    recorded = json.loads(golden.read_text(encoding="utf-8"))
    assert recorded["rasa"] == "3.6.21"
    walker = Walker(of_folder(PROJECTS / golden.stem).assistant)
    for number, conversation in enumerate(recorded["conversations"]):
        walker.begin(f"walk-{number}")
        for rasa in conversation:
            ours = walker.turn(rasa["user"], rasa.get("wait", 0))
            parts = differences(rasa, ours)
            assert walker.outcome is not None
            if parts and explained(rasa, ours, walker.outcome):
                if parts == ["replies"]:
                    continue
                break
            at = f"{golden.stem}: {[turn['user'] for turn in conversation]} at {rasa['user']}"
            assert {part: ours[part] for part in parts} == {part: rasa[part] for part in parts}, at


def test_every_project_was_recorded() -> None:
    assert {path.stem for path in GOLDEN} == {path.name for path in PROJECTS.iterdir() if path.is_dir()}


def test_a_turn_that_differs_is_noticed_whatever_part_differs() -> None:
    turn = {"replies": [{"text": "Hello."}], "actions": ["action_listen"], "slots": {"age": 1}, "loop": None}
    other = {"replies": [{"text": "Hello!"}], "actions": [], "slots": {"age": 1.0}, "loop": "booking_form"}
    assert differences(turn, turn) == []
    for part in COMPARED:
        assert differences(turn, {**turn, part: other[part]}) == [part]


def test_any_of_the_variations_lots_were_drawn_from_will_do() -> None:
    turn = {"replies": [], "actions": [], "slots": {}, "loop": None}
    drawn = {"text": "Hi.", "alternatives": [{"text": "Hi."}, {"text": "Hello.", "image": "hand.png"}]}
    for said, parts in (
        ({"text": "Hello.", "image": "hand.png"}, []),
        ({"text": "Hi."}, []),
        ({"text": "Hey."}, ["replies"]),
    ):
        assert differences({**turn, "replies": [drawn]}, {**turn, "replies": [said]}) == parts


def test_there_are_at_most_ten_kinds_of_deviation_each_with_a_way_to_recognise_it() -> None:
    assert [deviation.id for deviation in declared()] == list(RECOGNISED)
    assert len(RECOGNISED) <= 10


@pytest.mark.parametrize("deviation", declared(), ids=lambda deviation: deviation.id)
def test_every_deviation_stands_in_the_documentation_with_its_reason(deviation: object) -> None:
    rows = [row for row in DEVIATIONS if len(row) == 4 and deviation.here in row[1]]  # type: ignore[attr-defined]
    assert [row for row in rows if deviation.reason == row[2] or row[2] == "The same."]  # type: ignore[attr-defined]
