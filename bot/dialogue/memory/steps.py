"""The steps a conversation took: enough of the past for the rules to see, and for taking a message back.

A step is one action and all that happened until the next one. It keeps the state in which the action was chosen, and,
of whatever changed since, the value before. Popping a step therefore undoes it; nothing is ever replayed. Only the
last steps are kept, so that a turn costs the same however long the conversation is.

Rasa computes all of this anew from the whole history at every prediction (`applied_events`, `shared/core/trackers.py`).
"""

from __future__ import annotations

from typing import Any, TypedDict

from bot.dialogue.memory.states import State


class Step(TypedDict, total=False):
    """One action and what followed it; absent keys are what did not happen.

    `heard`: when a message arrived. `closed`: a loop ended. `rejected`: these actions declined to run. `followup`: this action
    was asked for next. `slots`, `loop`, `message`, `paused`: the values before, of what changed.
    """

    action: str
    state: State
    heard: float
    closed: bool
    rejected: list[str]
    followup: str
    slots: dict[str, Any]
    loop: dict[str, Any] | None
    message: dict[str, Any] | None
    paused: bool


def repeats(steps: list[Step], loop: str) -> bool:
    """Whether running `loop` again goes on with its last run, so that the turns between leave no trace for the rules.

    It does not after the loop ended, after it was rejected, or after a message that another action answered
    (rasa `_first_loop_execution_or_unhappy_path`).
    """
    following: str | None = None
    for step in reversed(steps):
        if step.get("closed") or loop in step.get("rejected", ()):
            return False
        if "heard" in step and following is not None and following != loop:
            return False
        if step["action"] == loop:
            return True
        following = step["action"]
    return False


def without_turns_since(steps: list[Step], loop: str) -> list[Step]:
    """The steps with everything since the last run of `loop` folded into it (rasa `_undo_till_previous_loop_execution`).

    Messages and actions vanish; what they changed stays, and is undone with that run.
    """
    index = max(i for i, step in enumerate(steps) if step["action"] == loop)
    kept: Step = {key: value for key, value in steps[index].items() if key != "heard"}  # type: ignore[assignment]
    slots = dict(kept.get("slots", {}))
    for step in steps[index + 1 :]:
        for name, value in step.get("slots", {}).items():
            slots.setdefault(name, value)
        if "loop" in step:
            kept.setdefault("loop", step["loop"])
        if "message" in step:
            kept.setdefault("message", step["message"])
        if "paused" in step:
            kept.setdefault("paused", step["paused"])
    if slots:
        kept["slots"] = slots
    return [*steps[:index], kept]
