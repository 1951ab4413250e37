"""What Rasa checks of rules before it uses them: length and completeness (for contradictions see `contradictions.py`).

Each refusal tells every mistake of its kind with the rule, where it is written, and the other rule it disagrees with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.dialogue.findings import Finding, refuse
from bot.dialogue.memory.events import Event
from bot.dialogue.memory.states import State
from bot.dialogue.memory.tracker import Frame, Tracker
from bot.dialogue.model.names import ANYTHING, NOT_SET
from bot.dialogue.policy.rules import Rule


def check_length(rules: Iterable[Rule]) -> None:
    """A rule holds one message at most (`restrict_rules`); several would be a story."""
    long = (rule for rule in rules if sum(event["event"] == "user" for event in rule.events) > 1)
    advice = "a rule answers one (or set restrict_rules: false)"
    refuse(Finding(r.where, f"rule '{r.name}' has more than one message of the user; {advice}") for r in long)


@dataclass(slots=True)
class _Effects:
    """What follows an action in some rule, and the first rule that says so: visible slots it sets, loops it leaves active."""

    slots: dict[str, Rule] = field(default_factory=dict)
    loops: dict[str, Rule] = field(default_factory=dict)


def check_complete(rules: tuple[Rule, ...], frame: Frame) -> None:
    """An action that sets something in one rule must say so in all (rasa `_check_for_incomplete_rules`)."""
    effects = _effects(rules, frame)
    refuse(finding for rule in rules for finding in _incomplete(rule, frame, effects))


def _effects(rules: Iterable[Rule], frame: Frame) -> Mapping[str, _Effects]:
    effects: dict[str, _Effects] = defaultdict(_Effects)
    for rule in rules:
        for action, event in _after_actions(rule):
            if event["event"] == "slot" and event["name"] in frame.visible:
                effects[action].slots.setdefault(event["name"], rule)
            elif event["event"] == "active_loop":
                effects[action].loops.setdefault(event["name"], rule)
    return effects


def _after_actions(rule: Rule) -> Iterator[tuple[str, Event]]:
    """Each event with the action it follows; what follows a message belongs to none."""
    action: str | None = None
    for event in rule.events:
        if event["event"] in {"action", "user"}:
            action = event.get("name") if event["event"] == "action" else None
        elif action is not None:
            yield action, event


def _incomplete(rule: Rule, frame: Frame, effects: Mapping[str, _Effects]) -> Iterator[Finding]:
    """What the rule leaves unsaid after an action; what it leaves open with `...` may stay unsaid."""
    tracker = Tracker(frame)
    tracker.update(rule.events)
    for step in tracker.steps:
        action = step["state"].get("action")
        if action in effects and ANYTHING not in {action, step["action"]}:
            yield from _unsaid(rule, str(action), step["state"], effects[str(action)])


def _unsaid(rule: Rule, action: str, state: State, effects: _Effects) -> Iterator[Finding]:
    for slot in sorted(effects.slots.keys() - state.get("slots", {}).keys()):
        message = f"rule '{rule.name}' does not say what '{action}' does to '{slot}', which it sets in rule"
        advice = "add `slot_was_set` after it (null when it is not set)"
        yield Finding(rule.where, f"{message} {effects.slots[slot]}; {advice}")
    if effects.loops and state.get("loop") not in effects.loops:
        loop, other = next(iter(effects.loops.items()))
        named = "none" if loop == NOT_SET else f"'{loop}'"
        message = (
            f"rule '{rule.name}' does not say which loop is active after '{action}'; in rule {other} it is {named}"
        )
        yield Finding(
            rule.where, f"{message}; add `active_loop` after it, or end the rule with wait_for_user_input: false"
        )
