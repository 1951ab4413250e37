"""A conversation between two turns: plain data, of a size that does not grow."""

from __future__ import annotations

from typing import Any

from bot.dialogue.memory.tracker import TAKEN_BACK, Frame, Tracker

Snapshot = dict[str, Any]
FIELDS = ("action", "message", "loop", "followup", "paused", "heard_at", "seen_user")


def save(tracker: Tracker, turn: int, sees_back: int) -> Snapshot:
    """The tracker after turn number `turn`, with the steps that rules can see and some messages more to take back."""
    kept = {name: getattr(tracker, name) for name in FIELDS}
    steps = tracker.steps[-(sees_back + TAKEN_BACK) :]
    return {**kept, "slots": tracker.slots, "steps": steps, "loops": sorted(tracker.loops), "turn": turn}


def restore(snapshot: Snapshot | None, frame: Frame) -> Tracker:
    """The tracker as it was saved; the snapshot is never changed. Slots no longer declared are dropped."""
    tracker = Tracker(frame)
    if snapshot is None:
        return tracker
    for name in FIELDS:
        setattr(tracker, name, snapshot[name])
    saved = snapshot["slots"]
    tracker.slots = {name: saved.get(name, initial) for name, initial in frame.initial.items()}
    tracker.steps = list(snapshot["steps"])
    tracker.loops = frozenset(snapshot["loops"])
    tracker.renew_features()
    return tracker
