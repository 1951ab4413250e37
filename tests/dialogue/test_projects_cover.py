"""The projects walked through beside real Rasa use, together, everything this engine runs."""

from __future__ import annotations

import re

import pytest

from bot.dialogue.acting.running import DEFAULTS
from bot.dialogue.files.responses import CONTENT
from bot.dialogue.files.slots import MAPPING_KEYS
from bot.dialogue.model import mappings, slots
from tests.dialogue.talking import PROJECTS

FILES = [path for kind in ("*.yml", "*.yaml", "*.py", "*.json") for path in PROJECTS.rglob(kind)]
WRITTEN = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
# Run before every prediction by itself, or doing nothing in Rasa as here.
UNNAMED = {"action_extract_slots", "action_revert_fallback_events"}
NAMES = {*CONTENT, *MAPPING_KEYS, *slots.KINDS, *mappings.KINDS, *DEFAULTS} - UNNAMED
KINDS = {
    "a rule for the first message": r"conversation_start: true",
    "a rule that another goes on with": r"wait_for_user_input: false",
    "alternatives": r"\bor:",
    "a slot that must not be set": r"slot_was_set: \[\{\w+: null",
    "a slot that rules do not see": r"influence_conversation: false",
    "roles and groups in a rule": r"role: 到, group: 东",
    "intents a form ignores": r"ignored_intents:",
    "a mapping outside every form": r"active_loop: null\}",
    "fallback in two stages": r"active_loop: action_two_stage_fallback",
    "a session that keeps no slots": r"carry_over_slots_to_new_session: false",
    "sessions that never end": r"session_expiration_time: 0",
    "silence": r'"wait": ',
    "a paused conversation": r"ConversationPaused\(\)",
    "a follow-up": r"FollowupAction\(",
    "an action that declines": r"raise ActionExecutionRejection",
    "a loop that is no form": r"active_loop: action_guess",
    "slots of a form that depend on the answers": r"async def required_slots",
    "validation of every slot": r"ValidationAction\)",
    "a variation for a channel": r"channel: collector",
    "a button with an entity": r"payload: '/inform\{",
    "a confidence": r'"/\S+@0\.\d',
    "rules of several messages": r"restrict_rules: false",
    "no fallback": r"enable_fallback_prediction: false",
    "a fallback of one's own": r"core_fallback_action_name: action_lost",
}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_name_that_is_supported_is_used_by_some_project(name: str) -> None:
    assert re.search(rf"\b{name}\b", WRITTEN)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_conversation_is_walked_through(kind: str) -> None:
    assert re.search(KINDS[kind], WRITTEN)


def test_one_project_keeps_its_domain_in_several_files() -> None:
    assert len(list(PROJECTS.glob("*/domain/*.yml"))) > 1


def test_defaults_are_overridden_by_some_project() -> None:
    own = {"action_session_start", "action_default_fallback", "action_restart", "action_default_ask_affirmation"}
    town_hall = (PROJECTS / "townhall" / "actions.py").read_text(encoding="utf-8")
    assert all(f'return "{name}"' in town_hall for name in own)
