"""`rightdoor facts`: the vocabulary, for machines and for people."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.facts import Vocabulary
from bot.workbench.facts import describe
from tests.decisions.reference import Reference

RULES = Path(__file__).parents[2] / "rules"
COMMAND = Path(sys.executable).with_name("rightdoor")


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    ran = subprocess.run([COMMAND, "facts", "--json"], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(ran.stdout)


def test_the_command_prints_what_the_vocabulary_is(described: dict[str, Any]) -> None:
    assert described == describe(Vocabulary.load(RULES / "facts.yml"))


def test_every_fact_stands_in_the_order_of_the_file_with_all_its_values(described: dict[str, Any]) -> None:
    reference = Reference(RULES)
    assert [(fact["name"], tuple(fact["values"])) for fact in described["facts"]] == list(reference.values.items())


def test_every_key_of_a_fact_is_there_whether_it_has_something_to_say_or_not(described: dict[str, Any]) -> None:
    keys = (
        "name about values question ask_with relevant_when otherwise mentioned_by worse at_least stays_true_minutes "
        "sensitive needed_by"
    )
    assert {tuple(fact) for fact in described["facts"]} == {tuple(keys.split())}


def test_a_danger_is_described_as_its_author_wrote_it(described: dict[str, Any]) -> None:
    assert next(fact for fact in described["facts"] if fact["name"] == "kill_threat") == {
        "name": "kill_threat",
        "about": "family",
        "values": ["no", "yes", "unknown", "refused"],
        "question": "utter_ask_kill_threat",
        "ask_with": "death_details",
        "relevant_when": [{"screen_death": ["refused", "unknown", "yes"]}],
        "otherwise": "no",
        "mentioned_by": [{"screen_death": ["refused", "unknown", "yes"]}, {"cue": "kill_threat"}],
        "worse": [["no", "unknown", "yes"], ["no", "refused", "yes"]],
        "at_least": {"yes": "emergency"},
        "stays_true_minutes": 1440,
        "sensitive": True,
        "needed_by": [],
    }


def test_groups_opening_and_what_cannot_be_together_are_told(described: dict[str, Any]) -> None:
    assert described["groups"]["danger_screen"] == ["screen_danger", "screen_alone", "screen_death"]
    assert described["opening"] == ["danger_screen", "concerns"]
    assert described["never_together"][0] == {"screen_alone": ["no"], "child_with_now": ["nobody"]}
    gone = ["working_away", "out_of_reach", "detained", "prison", "hospital", "dead"]
    assert {"mother_now": gone, "father_now": gone, "child_with_now": ["parent"]} in described["never_together"]


def test_people_get_a_table_with_every_fact() -> None:
    ran = subprocess.run([COMMAND, "facts"], capture_output=True, text=True, timeout=60, check=True)
    assert "screen_danger" in ran.stdout
