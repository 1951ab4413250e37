"""A policy officer writes while the service runs: what is right is taken up, what is not leaves the last good rules in force."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import renew
from bot.errors import RuleFileError
from bot.messages import Channel, Text
from bot.settings import project_folder
from tests.story.house import ALONE, SEED, House


@pytest.fixture
def rules(house: House, tmp_path: Path) -> Iterator[Path]:
    """A copy of the rules that the house reads."""
    copy = tmp_path / "rules"
    shutil.copytree(project_folder() / "rules", copy)
    services = house.turns.services
    house.turns.services = replace(services, settings=replace(services.settings, rules=str(copy)))
    yield copy
    house.turns.services = services


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_new_rules_decide_the_very_next_message(house: House, rules: Path) -> None:
    before = house.turns.services.policy.hash
    rewrite(rules / "deadlines.yml", "silence: 10m", "silence: 20m")
    renew(house.turns)
    decided = house.person("妈妈").says(Text(ALONE)).state["decision"]
    assert decided["rules"] == house.turns.services.policy.hash != before


def test_broken_rules_change_nothing(house: House, rules: Path) -> None:
    before = house.turns.services
    rewrite(rules / "deadlines.yml", "silence: 10m", "silence: soon")
    with pytest.raises(RuleFileError, match=r"deadlines\.yml:\d+"):
        renew(house.turns)
    assert house.turns.services is before
    assert house.person("妈妈").says(Text(ALONE)).state["decision"]["risk"] == "emergency"


def test_answers_to_questions_that_are_no_longer_asked_are_passed_over(house: House) -> None:
    mother = house.person("妈妈")
    mother.says(Text(SEED))
    services = house.turns.services
    facts = {name: fact for name, fact in services.policy.vocabulary.facts.items() if name != "refuses_child"}
    fewer = replace(services.policy.vocabulary, facts=facts)
    with services.store.work() as work:
        contact = work.contacts.by_address(Channel.TERMINAL, mother.chat)
        assert contact is not None
        assert contact.case is not None
        whole = work.sheets.sheet(contact.case)
    assert whole.value("refuses_child") or whole.value("refuses_child", 0)
    known = whole.known_to(fewer)
    assert known.value("refuses_child") is None
    assert known.value("divorce") == whole.value("divorce")
