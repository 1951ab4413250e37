"""A state: what rules see of a conversation at one moment (rasa `shared/core/domain.py`, `get_active_state`).

{"action": "action_listen", "intent": "inform", "entities": ["county"], "loop": "intake_form", "slots": {"route":
[1.0]}}

`action` is the one before; what is absent is not there. States are plain, so that a snapshot of them is JSON.
"""

from __future__ import annotations

import json
from typing import Any, TypedDict

from bot.dialogue.model.names import NOT_SET
from bot.dialogue.model.slots import Feature


class State(TypedDict, total=False):
    """What rules see; every key is optional."""

    action: str
    intent: str
    entities: list[str]
    loop: str
    slots: dict[str, Feature]


def written(states: list[State]) -> str:
    """The states as Rasa writes them; of two rules that hold, the one with the longer text is the more specific."""
    return json.dumps([_as_rasa(state) for state in states], sort_keys=True)


def _as_rasa(state: State) -> dict[str, Any]:
    user: dict[str, Any] = {key: state[key] for key in ("intent", "entities") if state.get(key)}
    parts: dict[str, Any] = {
        "prev_action": {"action_name": state["action"]} if state.get("action") else None,
        "user": user,
        "active_loop": {"name": state["loop"]} if state.get("loop") else None,
        "slots": state.get("slots"),
    }
    return {key: value for key, value in parts.items() if value}


def fits(rule: State, seen: State) -> bool:
    """Whether a conversation's state `seen` has everything a rule's state asks for (rasa `_is_rule_applicable`)."""
    if not rule.get("action") or not seen.get("action"):
        return not rule.get("action") and not seen.get("action")
    if rule["action"] != seen["action"]:
        return False
    if "intent" in rule and rule["intent"] != seen.get("intent"):
        return False
    if "entities" in rule and rule["entities"] != seen.get("entities"):
        return False
    if "loop" in rule and not _holds(rule["loop"], seen.get("loop")):
        return False
    there = seen.get("slots") or {}
    return all(_holds(wanted, there.get(name)) for name, wanted in (rule.get("slots") or {}).items())


def _holds(wanted: Feature, found: Feature) -> bool:
    return not found or found == NOT_SET if wanted == NOT_SET else wanted == found
