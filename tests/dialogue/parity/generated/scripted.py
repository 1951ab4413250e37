"""Actions that do what a project's script says. One interpreter for both engines, so that only the engines can differ.

A script lists variants; which one is played follows from the call alone: the intent and the slots. A variant is

    {"say": [{"text": "…"}], "events": [{"event": "slot", …}], "check": {"slot": "keep|clear|upper|…"}, "next": […]}

`check` and `next` make a form validation: each slot just filled is kept, cleared or changed, and the next slot is asked
for. Runs in Python 3.10 (Rasa's environment) and in ours.
"""

import json
from pathlib import Path
from zlib import crc32

HIDDEN = {"session_started_metadata"}
# Rasa's note whether it predicted from the text; no action has a use for it.
UNCOMPARED = {"user_featurization"}


class Rejected(Exception):
    """The action declines to run."""


def play(script, call):
    """The answer of an action server. Raises `Rejected` where the script says so."""
    tracker = call["tracker"]
    variant = script[crc32(json.dumps(_situation(tracker), sort_keys=True).encode()) % len(script)]
    if variant.get("reject"):
        raise Rejected(call["next_action"])
    events = [dict(event) for event in variant.get("events", [])]
    if "check" in variant:
        events = [*_checked(variant, tracker), *events]
    return {"events": events, "responses": [dict(said) for said in variant.get("say", [])]}


def _situation(tracker):
    message = tracker.get("latest_message") or {}
    slots = {name: value for name, value in tracker["slots"].items() if name not in HIDDEN and value is not None}
    return [(message.get("intent") or {}).get("name"), slots]


def _checked(variant, tracker):
    """What rasa_sdk's `FormValidationAction` would answer: the slots at the end of the record, validated."""
    filled = {}
    for event in reversed(tracker["events"]):
        if event["event"] != "slot":
            break
        filled.setdefault(event["name"], event["value"])
    filled = dict(reversed(list(filled.items())))
    events, slots = [], dict(tracker["slots"])
    for name, value in filled.items():
        if name == "requested_slot" or name not in variant["check"]:
            continue
        for slot, kept in _outcome(variant["check"][name], name, value).items():
            slots[slot] = kept
            events.append({"event": "slot", "name": slot, "value": kept})
    if "next" in variant:
        missing = next((name for name in variant["next"] if slots.get(name) is None), None)
        events.append({"event": "slot", "name": "requested_slot", "value": missing})
    return events


def _outcome(how, name, value):
    if isinstance(how, dict):
        return {name: value, **how}
    if how == "clear":
        return {name: None}
    if how == "upper" and isinstance(value, str):
        return {name: value.upper()}
    return {name: value}


def seen(call):
    """What an action was shown, as far as both engines must show the same."""
    tracker = call["tracker"]
    heard = [number for number, event in enumerate(tracker["events"]) if event["event"] == "user"]
    tail = tracker["events"][heard[-1] if heard else 0 :] if call["next_action"] != "action_session_start" else []
    return {
        "action": call["next_action"],
        "slots": {name: value for name, value in tracker["slots"].items() if name not in HIDDEN},
        "loop": (tracker.get("active_loop") or {}).get("name"),
        "rejected": (tracker.get("active_loop") or {}).get("rejected"),
        "latest": tracker.get("latest_action_name"),
        "intent": ((tracker.get("latest_message") or {}).get("intent") or {}).get("name"),
        "tail": [_short(event) for event in tail if event["event"] not in UNCOMPARED],
    }


def _short(event):
    shown = {key: event[key] for key in ("event", "name", "value", "text") if event.get(key) is not None}
    return shown if event["event"] != "slot" else {"event": "slot", "name": event["name"], "value": event["value"]}


def write(case, folder):
    """The project's files. Rasa looks for its top-level keys at the beginning of a line, so those are written as block YAML."""
    for name, content in case["files"].items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else as_yaml(content), encoding="utf-8")


def as_yaml(content):
    """A mapping as YAML: a line a key, and a line an item of a list or mapping under it."""
    lines = []
    for key, value in content.items():
        if isinstance(value, list) and value:
            lines += [f"{key}:", *(f"- {json.dumps(item, ensure_ascii=False)}" for item in value)]
        elif isinstance(value, dict) and value:
            lines += [f"{key}:", *(f"  {name}: {json.dumps(item, ensure_ascii=False)}" for name, item in value.items())]
        else:
            lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
