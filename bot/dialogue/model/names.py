"""Names Rasa itself gives meaning to (rasa `shared/core/constants.py`)."""

from __future__ import annotations

from typing import Final

LISTEN: Final = "action_listen"
RESTART: Final = "action_restart"
SESSION_START: Final = "action_session_start"
DEFAULT_FALLBACK: Final = "action_default_fallback"
DEACTIVATE_LOOP: Final = "action_deactivate_loop"
BACK: Final = "action_back"
TWO_STAGE_FALLBACK: Final = "action_two_stage_fallback"
ASK_AFFIRMATION: Final = "action_default_ask_affirmation"
ASK_REPHRASE: Final = "action_default_ask_rephrase"
UNLIKELY_INTENT: Final = "action_unlikely_intent"
REVERT_FALLBACK: Final = "action_revert_fallback_events"
EXTRACT_SLOTS: Final = "action_extract_slots"
VALIDATE_SLOTS: Final = "action_validate_slot_mappings"

# The mark that stands for "whatever happened before" (or after) in a rule.
ANYTHING: Final = "..."
# A rule's `null`: the slot or loop must not be set for the rule to hold.
NOT_SET: Final = "should_not_be_set"

DEFAULT_ACTIONS: Final = (
    LISTEN,
    RESTART,
    SESSION_START,
    DEFAULT_FALLBACK,
    DEACTIVATE_LOOP,
    REVERT_FALLBACK,
    ASK_AFFIRMATION,
    ASK_REPHRASE,
    TWO_STAGE_FALLBACK,
    UNLIKELY_INTENT,
    BACK,
    EXTRACT_SLOTS,
)

FALLBACK_INTENT: Final = "nlu_fallback"
OUT_OF_SCOPE: Final = "out_of_scope"
DEFAULT_INTENTS: Final = ("restart", "back", OUT_OF_SCOPE, "session_start", FALLBACK_INTENT)
# These overrule every form and rule.
INTENT_ACTIONS: Final = {"restart": RESTART, "back": BACK, "session_start": SESSION_START}

REQUESTED_SLOT: Final = "requested_slot"
SESSION_METADATA: Final = "session_started_metadata"
# rasa_sdk's `ActionQueryKnowledgeBase` remembers in these what it listed and what was spoken of last.
KNOWLEDGE_BASE: Final = "action_query_knowledge_base"
KNOWLEDGE_BASE_SLOTS: Final = (
    "knowledge_base_listed_objects",
    "knowledge_base_last_object",
    "knowledge_base_last_object_type",
)
OTHER_VALUE: Final = "__other__"
UTTER: Final = "utter_"
# What stands between a retrieval intent and one of its responses.
SUB_INTENT: Final = "/"
