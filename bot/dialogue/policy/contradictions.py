"""Rules that cannot both hold (rasa `_analyze_rules`, `_check_prediction`).

Every rule is walked through; where all rules together predict another action than it says, two rules disagree. The
message names both, where they are written, and the steps after which they part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.dialogue.findings import Finding, refuse
from bot.dialogue.memory.events import Event, rejected
from bot.dialogue.memory.states import written
from bot.dialogue.memory.tracker import Tracker
from bot.dialogue.model.names import ANYTHING, LISTEN
from bot.dialogue.policy.examples import since_anything
from bot.dialogue.policy.policy import Prediction, RulePolicy
from bot.dialogue.policy.rules import Rule

TOLD = 4  # of a long rule, the last steps before the parting


@dataclass(frozen=True, slots=True)
class _Point:
    """One place in a rule where an action is predicted.

    `wanted` is the rule's action, `predicted` that of all rules together, `source` what the prediction rests on;
    `place` counts the events before it.
    """

    rule: Rule
    place: int
    wanted: str
    predicted: Prediction
    source: str

    @property
    def stands_for(self) -> str:
        """The action that this point speaks for: the rule's, or the engine's own where that overrules every rule."""
        return self.wanted if self.predicted.by_rules else self.predicted.action


def check_contradictions(rules: Iterable[Rule], policy: RulePolicy) -> None:
    """Refuses rules that disagree, each pair once."""
    by_source: dict[str, list[_Point]] = defaultdict(list)
    for rule in rules:
        for point in _points(rule, policy):
            by_source[point.source].append(point)
    refuse(finding for points in by_source.values() for finding in _disagreements(points))


def _points(rule: Rule, policy: RulePolicy) -> Iterator[_Point]:
    """Every action but the first, and the first after `...`: nobody can know those."""
    tracker = Tracker(policy.frame)
    unknowable = True
    for place, event in enumerate(rule.events):
        if event["event"] == "action":
            if not unknowable and event["name"] != ANYTHING:
                yield _point(rule, place, tracker, policy)
            unknowable = event["name"] == ANYTHING
        tracker.update((event,))


def _point(rule: Rule, place: int, tracker: Tracker, policy: RulePolicy) -> _Point:
    wanted = rule.events[place]["name"]
    predicted = policy.unrejected(tracker)
    if predicted.action != wanted and predicted.action == tracker.loop_name:
        tracker.update((rejected(predicted.action),))
        predicted = policy.unrejected(tracker)
    states = [*(step["state"] for step in tracker.steps), tracker.state()]
    return _Point(rule, place, wanted, predicted, predicted.source or written(since_anything(states)))


def _disagreements(points: list[_Point]) -> Iterator[Finding]:
    """Each point whose rule is not obeyed, with the first that stands for something else; a pair is told once."""
    told: set[frozenset[str]] = set()
    for point in points:
        if point.predicted.action == point.wanted:
            continue
        other = next((other for other in points if other.stands_for != point.wanted), None)
        if other is None:
            continue
        pair = frozenset((str(point.rule), str(other.rule)))
        if pair not in told:
            told.add(pair)
            yield Finding(point.rule.where, _told(point, other))


def _told(point: _Point, other: _Point) -> str:
    here = f"rule '{point.rule.name}' {_goes_on(point.wanted)} after {_trail(point)}, but"
    if not point.predicted.by_rules:
        return (
            f"{here} the engine itself {_goes_on(other.stands_for)} ({point.predicted.source}); they cannot both hold"
        )
    there = f"rule {other.rule} {_goes_on(other.wanted)}"
    open_end = (
        " or end the one that waits with wait_for_user_input: false" if LISTEN in {point.wanted, other.wanted} else ""
    )
    advice = f"; they cannot both hold: tell them apart by a condition{',' if open_end else ''}{open_end}"
    return f"{here} {there}{advice}"


def _goes_on(action: str) -> str:
    return "waits for the next message" if action == LISTEN else f"goes on with '{action}'"


def _trail(point: _Point) -> str:
    """The rule's own steps up to here: "2 steps (intent 'ask', 'action_look')"."""
    steps = [step for event in point.rule.events[: point.place] if (step := _step(event))]
    shown = ", ".join([*(["…"] if len(steps) > TOLD else []), *steps[-TOLD:]])
    return f"{len(steps)} step{'' if len(steps) == 1 else 's'} ({shown})"


def _step(event: Event) -> str | None:
    if event["event"] == "user":
        return f"intent '{event['parse_data']['intent']['name']}'"
    if event["event"] == "action" and event["name"] not in {LISTEN, ANYTHING}:
        return f"'{event['name']}'"
    return None
