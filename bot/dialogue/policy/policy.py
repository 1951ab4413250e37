"""The compiled rules of a project, and what they predict (rasa `core/policies/rule_policy.py`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.dialogue.memory.states import State, written
from bot.dialogue.memory.tracker import Frame, Tracker
from bot.dialogue.model.names import ANYTHING, INTENT_ACTIONS, LISTEN, NOT_SET
from bot.dialogue.policy.examples import Example, since_anything
from bot.dialogue.policy.index import Entry, Index

# What the second index says of a loop that something else answered for.
INTERRUPTED = "the loop was interrupted: it must not take the message for an answer"
NOT_THE_LOOP = "something other than the loop comes next"


@dataclass(frozen=True, slots=True)
class Prediction:
    """The next action.

    `source` says what it rests on, None when no rule holds. `interrupted`: a form must not take the message for an
    answer. `by_rules`: a rule said so, not the engine itself.
    """

    action: str
    source: str | None = None
    interrupted: bool = False
    by_rules: bool = True


class RulePolicy:
    """Rasa's own intents come first, then an active form, then the most specific rule, then `fallback`."""

    def __init__(self, frame: Frame, examples: Iterable[Example], fallback: str | None) -> None:
        every = tuple(examples)
        self.frame = frame
        self.fallback = fallback
        self._rules = Index(_rule_entries(every))
        self._loops = Index(_loop_entries(every))

    @property
    def sees_back(self) -> int:
        """How many states the longest rule looks at."""
        return max(self._rules.longest, self._loops.longest)

    def predict(self, tracker: Tracker) -> Prediction:
        """The next action; one that just declined to run gives way to the fallback."""
        prediction = self.unrejected(tracker)
        if prediction.action != tracker.rejected:
            return prediction
        otherwise = self.fallback if self.fallback != tracker.rejected else None
        return Prediction(otherwise or LISTEN, None, prediction.interrupted)

    def unrejected(self, tracker: Tracker) -> Prediction:
        """The next action by the rules alone, as the checks at load time need it."""
        return self._by_intent(tracker) or self._by_loop(tracker) or self._by_rules(tracker)

    @staticmethod
    def _by_intent(tracker: Tracker) -> Prediction | None:
        if tracker.action != LISTEN or tracker.intent not in INTENT_ACTIONS:
            return None
        return Prediction(INTENT_ACTIONS[tracker.intent], f"the intent {tracker.intent} is Rasa's own", by_rules=False)

    @staticmethod
    def _by_loop(tracker: Tracker) -> Prediction | None:
        """An active loop runs after every message, and the bot listens after it, unless it declined."""
        loop = tracker.loop_name
        if loop is None or tracker.action is None or (tracker.loop and tracker.loop["rejected"]):
            return None
        action = LISTEN if tracker.action == loop else loop
        return Prediction(action, f"while {loop} is active", by_rules=False)

    def _by_rules(self, tracker: Tracker) -> Prediction:
        now, steps = tracker.state(), tracker.steps
        best = self._rules.best(now, steps)
        action = best.outcome if best else None
        loop, interrupted = tracker.loop_name, False
        if loop:
            conditions = {entry.outcome for entry in self._loops.holding(now, steps)}
            if best and action == LISTEN and _outside_loops(best):
                if NOT_THE_LOOP not in conditions:
                    return Prediction(loop, best.text)
                action = None
            interrupted = INTERRUPTED in conditions
        if action is None:
            return Prediction(self.fallback or LISTEN, None, interrupted)
        return Prediction(action, best.text if best else None, interrupted)


def _outside_loops(entry: Entry) -> bool:
    """Whether the rule speaks of no loop in its newest state, so that it did not say whether to return to one."""
    return entry.states[0].get("loop", NOT_SET) == NOT_SET


def _rule_entries(examples: Iterable[Example]) -> Iterable[Entry]:
    """One entry for each distinct history. Histories that two rules continue differently predict nothing."""
    outcomes: dict[str, tuple[tuple[State, ...], set[str]]] = {}
    for example in examples:
        states = since_anything(example.states)
        if states:
            outcomes.setdefault(written(states), (tuple(reversed(states)), set()))[1].add(example.action)
    for text, (states_back, actions) in outcomes.items():
        if len(actions) == 1 and ANYTHING not in actions:
            yield Entry(states_back, next(iter(actions)), text)


def _loop_entries(examples: Iterable[Example]) -> Iterable[Entry]:
    """Auxiliary entries about active loops (rasa `_create_loop_unhappy_lookup_from_states`)."""
    entries: dict[str, Entry] = {}
    for example in examples:
        loop = example.states[-1].get("loop", NOT_SET)
        after_message = example.states[-1].get("action") == LISTEN
        if loop == NOT_SET or after_message != (example.action == loop):
            continue
        states = _last_two(example)
        if states:
            outcome = INTERRUPTED if after_message else NOT_THE_LOOP
            entries[written(states)] = Entry(tuple(reversed(states)), outcome, written(states))
    return entries.values()


def _last_two(example: Example) -> list[State]:
    """The newest state and, before it, only the action: the meaningful one before listening."""
    last, before = example.states[-1], example.states[-2] if len(example.states) > 1 else State()
    states = [State(action=before["action"]), last] if before.get("action") else [last]
    return since_anything(states)
