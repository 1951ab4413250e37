"""docs/rasa.md says what the engine does: every name it supports, every message as it is, every deviation with its test."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.dialogue.acting.running import DEFAULTS
from bot.dialogue.files.config import CONFIG_KEYS, POLICY_KEYS
from bot.dialogue.files.merging import DOMAIN_KEYS
from bot.dialogue.files.responses import CONTENT
from bot.dialogue.files.settings import SETTINGS, anything
from bot.dialogue.files.slots import MAPPING_KEYS
from bot.dialogue.model import mappings, slots
from bot.dialogue.model.names import DEFAULT_INTENTS

HERE = Path(__file__).parent
DOC = (HERE.parents[1] / "docs" / "rasa.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", DOC, re.MULTILINE | re.DOTALL))
TESTS = {
    name
    for file in HERE.glob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
}
GALLERY: list[dict[str, str]] = YAML(typ="safe", pure=True).load(HERE / "broken.yml")
ODD: list[dict[str, str]] = YAML(typ="safe", pure=True).load(HERE / "odd.yml")
SUPPORTED = (*DEFAULTS, *DEFAULT_INTENTS, *CONTENT, *slots.KINDS, *mappings.KINDS)


def rows(section: str) -> Iterator[list[str]]:
    """The rows of a section's table."""
    lines = [line for line in SECTIONS[section].splitlines() if line.startswith("|")]
    yield from ([cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:])


@pytest.mark.parametrize(
    "name", sorted({*SUPPORTED, *POLICY_KEYS, *MAPPING_KEYS} - {"name", "type", "entity", "value"})
)
def test_everything_supported_is_listed(name: str) -> None:
    assert f"`{name}`" in SECTIONS["What runs"]


@pytest.mark.parametrize("component", SETTINGS)
def test_every_component_is_listed_with_the_settings_that_decide_something(component: str) -> None:
    row = next(row for row in rows("Understanding words") if row[0] == f"`{component}`")
    deciding = {key for key, read in SETTINGS[component].items() if read is not anything}
    assert deciding <= set(re.findall(r"`(\w+)`", row[2]))


@pytest.mark.parametrize("key", sorted({*DOMAIN_KEYS, *CONFIG_KEYS} - {"e2e_actions"}))
def test_every_section_of_a_file_is_listed(key: str) -> None:
    assert re.search(rf"`{key}\b", SECTIONS["A project"])


@pytest.mark.parametrize("row", rows("What is refused"), ids=lambda row: row[0])
def test_every_refusal_is_said_as_the_page_says_it(row: list[str]) -> None:
    message = re.sub(r"^`` ?|^`| ?``$|`$", "", row[1])
    assert [entry for entry in GALLERY if message in entry["says"]]


@pytest.mark.parametrize("row", rows("What is warned of"), ids=lambda row: row[0])
def test_every_warning_is_said_as_the_page_says_it(row: list[str]) -> None:
    message = re.sub(r"^`` ?|^`| ?``$|`$", "", row[1])
    assert [entry for entry in ODD if message in entry.get("says", "")] or "for ever" in message


@pytest.mark.parametrize("row", rows("Where we deviate, and why"), ids=lambda row: row[1][:40])
def test_every_deviation_has_its_reason_and_its_test(row: list[str]) -> None:
    _, here, reason, named = row
    assert here
    assert reason
    assert set(re.findall(r"`(test_\w+)`", named)) <= TESTS
    assert "test_" in named


def test_the_number_of_turns_compared_with_rasa_is_right() -> None:
    golden = [json.loads(file.read_text(encoding="utf-8")) for file in (HERE / "golden").glob("*.json")]
    turns = sum(len(conversation) for recorded in golden for conversation in recorded["conversations"])
    assert f"{turns} turns recorded" in DOC
