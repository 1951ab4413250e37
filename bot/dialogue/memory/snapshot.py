"""A conversation between two turns: plain data, of a size that does not grow."""

from __future__ import annotations

from typing import Any

from bot.dialogue.memory.tracker import TAKEN_BACK, Frame, Tracker

Snapshot = dict[str, Any]


def save(tracker: Tracker, turn: int, sees_back: int) -> Snapshot:
    """The tracker after turn number `turn`, with the steps that rules can see and some messages more to take back."""
    return {
        "action": tracker.action,
        "message": tracker.message,
        "loop": tracker.loop,
        "followup": tracker.followup,
        "paused": tracker.paused,
        "seen_user": tracker.seen_user,
        "intents": tracker.intents,
        "loose": tracker.loose,
        "heard_first": tracker.heard_first,
        "slots": tracker.slots,
        "steps": tracker.steps[-(sees_back + TAKEN_BACK) :],
        "loops": sorted(tracker.loops),
        "turn": turn,
    }


def restore(snapshot: Snapshot | None, frame: Frame) -> Tracker:
    """The tracker as it was saved; the snapshot is never changed. Slots no longer declared are dropped."""
    tracker = Tracker(frame)
    if snapshot is None:
        return tracker
    tracker.action = snapshot["action"]
    tracker.message = snapshot["message"]
    tracker.loop = snapshot["loop"]
    tracker.followup = snapshot["followup"]
    tracker.paused = snapshot["paused"]
    tracker.seen_user = snapshot["seen_user"]
    tracker.intents = snapshot.get("intents", [])
    tracker.loose = snapshot.get("loose", False)
    tracker.heard_first = snapshot.get("heard_first")
    saved = snapshot["slots"]
    tracker.slots = {name: saved.get(name, initial) for name, initial in frame.initial.items()}
    tracker.steps = list(snapshot["steps"])
    tracker.loops = frozenset(snapshot["loops"])
    tracker.renew_features()
    return tracker
