"""What Rasa checks of rules before it uses them: length, completeness, contradictions.

Each refusal names the rule, where it is written, and the other rule it disagrees with, at the action where they part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.dialogue.memory.events import Event, rejected
from bot.dialogue.memory.states import State, written
from bot.dialogue.memory.tracker import Frame, Tracker
from bot.dialogue.model.names import ANYTHING, NOT_SET
from bot.dialogue.policy.examples import bare, since_anything
from bot.dialogue.policy.policy import Prediction, RulePolicy
from bot.dialogue.policy.rules import Rule
from bot.errors import ProjectFileError


def check_length(rules: Iterable[Rule]) -> None:
    """A rule holds one message at most (`restrict_rules`); several would be a story."""
    for rule in rules:
        if sum(event["event"] == "user" for event in rule.events) > 1:
            message = f"rule '{rule.name}' has more than one message of the user; a rule answers one (or set restrict_rules: false)"
            raise ProjectFileError(message, rule.where)


# --- complete -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Effects:
    """What follows an action in some rule: the visible slots it sets and the loops it starts or ends."""

    slots: frozenset[str]
    loops: frozenset[str]


def check_complete(rules: tuple[Rule, ...], frame: Frame) -> None:
    """An action that sets something in one rule must say so in all (rasa `_check_for_incomplete_rules`)."""
    effects = _effects(rules, frame)
    for rule in rules:
        tracker = Tracker(bare(frame))
        tracker.update(rule.events)
        states = [step["state"] for step in tracker.steps]
        for state, action in zip(states, [step["action"] for step in tracker.steps], strict=True):
            _check_effects(rule, state, action, effects)


def _effects(rules: Iterable[Rule], frame: Frame) -> Mapping[str, _Effects]:
    slots: dict[str, set[str]] = defaultdict(set)
    loops: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        for action, event in _after_actions(rule):
            if event["event"] == "slot":
                slots[action] |= {event["name"]} & frame.visible
            elif event["event"] == "active_loop":
                loops[action].add(event["name"])
    return {name: _Effects(frozenset(slots[name]), frozenset(loops[name])) for name in {*slots, *loops}}


def _after_actions(rule: Rule) -> Iterator[tuple[str, Event]]:
    """Each event with the action it follows; what follows a message belongs to none."""
    action: str | None = None
    for event in rule.events:
        if event["event"] in {"action", "user"}:
            action = event.get("name") if event["event"] == "action" else None
        elif action is not None:
            yield action, event


def _check_effects(rule: Rule, state: State, following: str, effects: Mapping[str, _Effects]) -> None:
    action = state.get("action")
    if action is None or action not in effects or ANYTHING in {action, following}:
        return
    missing = effects[action].slots - set(state.get("slots", {}))
    if missing:
        message = (
            f"rule '{rule.name}' does not say what '{action}' does to {_listed(missing)}, which it sets in other rules"
        )
        raise ProjectFileError(f"{message}; add `slot_was_set` after it (null when it is not set)", rule.where)
    loops = effects[action].loops
    if loops and state.get("loop") not in loops:
        named = _listed("null" if loop == NOT_SET else loop for loop in loops)
        message = f"rule '{rule.name}' does not say which loop is active after '{action}'; in other rules it is {named}"
        raise ProjectFileError(
            f"{message}; add `active_loop` after it, or end the rule with wait_for_user_input: false", rule.where
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))


# --- contradictions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Point:
    """One place in a rule where an action is predicted: `wanted` by the rule, `predicted` by all rules together."""

    rule: Rule
    after: str
    wanted: str
    predicted: Prediction
    source: str


def check_contradictions(rules: Iterable[Rule], policy: RulePolicy) -> None:
    """Every rule is walked through; where all rules together predict another action than it says, two rules disagree.

    rasa `_analyze_rules`, `_check_prediction`.
    """
    points = [point for rule in rules for point in _points(rule, policy)]
    by_source: dict[str, list[_Point]] = defaultdict(list)
    for point in points:
        by_source[point.source].append(point)
    for point in points:
        if point.predicted.action != point.wanted:
            _refuse_contradiction(point, [other for other in by_source[point.source] if _others(other) != point.wanted])


def _others(point: _Point) -> str:
    return point.wanted if point.predicted.by_rules else point.predicted.action


def _refuse_contradiction(point: _Point, others: list[_Point]) -> None:
    if not others:
        return
    other = others[0]
    here = f"rule '{point.rule.name}' goes on with '{point.wanted}' after {point.after}"
    there = f"rule {other.rule} goes on with '{other.wanted}'"
    if not point.predicted.by_rules:
        there = f"the engine itself goes on with '{point.predicted.action}' ({point.predicted.source})"
    raise ProjectFileError(f"{here}, but {there}; they cannot both hold", point.rule.where)


def _points(rule: Rule, policy: RulePolicy) -> Iterator[_Point]:
    """Every action but the first, and the first after `...`: nobody can know those."""
    tracker = Tracker(policy.frame)
    unknowable = True
    for event in rule.events:
        if event["event"] == "action":
            if not unknowable and event["name"] != ANYTHING:
                yield _point(rule, event["name"], tracker, policy)
            unknowable = event["name"] == ANYTHING
        tracker.update((event,))


def _point(rule: Rule, wanted: str, tracker: Tracker, policy: RulePolicy) -> _Point:
    predicted = policy.unrejected(tracker)
    if predicted.action != wanted and predicted.action == tracker.loop_name:
        tracker.update((rejected(predicted.action),))
        predicted = policy.unrejected(tracker)
    states = [*(step["state"] for step in tracker.steps), tracker.state()]
    return _Point(rule, _described(tracker), wanted, predicted, predicted.source or written(since_anything(states)))


def _described(tracker: Tracker) -> str:
    state = tracker.state()
    heard = f" and intent '{state['intent']}'" if "intent" in state else ""
    return f"'{state.get('action', 'the start')}'{heard}"
