"""What each rule teaches: in these states, this action (rasa `tracker_featurizers.py`, `generator.py`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.dialogue.memory.states import State
from bot.dialogue.memory.tracker import Frame, Tracker
from bot.dialogue.model.domain import Domain
from bot.dialogue.model.names import ANYTHING, LISTEN
from bot.dialogue.policy.rules import Rule


@dataclass(frozen=True, slots=True)
class Example:
    """`action` follows `states`, the oldest first: every state since the conversation's or the rule's beginning."""

    rule: Rule
    states: tuple[State, ...]
    action: str


def since_anything(states: Sequence[State]) -> list[State]:
    """The states after the last `...`: what was before does not matter."""
    kept = list(takewhile(lambda state: state.get("action") != ANYTHING, reversed(states)))
    return kept[::-1]


def frame_of(domain: Domain, rules: tuple[Rule, ...]) -> Frame:
    """What conversations have in common; only slots that a rule sets are ever looked at by one."""
    named = {event["name"] for rule in rules for event in rule.events if event["event"] == "slot"}
    visible = frozenset(name for name in named if domain.slots.slots[name].influences)
    return Frame(domain.slots.slots, domain.slots.initial, visible, domain.entities_of)


def bare(frame: Frame) -> Frame:
    """The same without initial values: a rule says nothing about slots it does not name."""
    return Frame(frame.slots, {}, frame.visible, frame.entities_of)


def examples(rule: Rule, frame: Frame) -> Iterator[Example]:
    """One example for each action but one that starts the rule: nothing comes before it that could predict it."""
    tracker = Tracker(bare(frame))
    tracker.update(rule.events)
    states = [step["state"] for step in tracker.steps]
    for index, step in enumerate(tracker.steps):
        if index or not starts_with_action(rule):
            yield Example(rule, tuple(states[: index + 1]), step["action"])


def starts_with_action(rule: Rule) -> bool:
    """Whether an action, `...` included, comes before any message."""
    kinds = (event for event in rule.events if event["event"] == "user" or event.get("name") != LISTEN)
    first = next((event["event"] for event in kinds if event["event"] in {"user", "action"}), None)
    return first == "action"
