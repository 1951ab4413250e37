"""One turn: a message comes in, actions run until the bot listens again (rasa `core/processor.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.dialogue.acting.extraction import extract_slots
from bot.dialogue.acting.running import run_action, start_session
from bot.dialogue.acting.stage import Stage
from bot.dialogue.actions import ActionRejected
from bot.dialogue.files.config import Preemption
from bot.dialogue.memory import events as happened
from bot.dialogue.memory.events import Event
from bot.dialogue.model.names import LISTEN, SESSION_START
from bot.dialogue.policy.policy import Prediction, RulePolicy
from bot.dialogue.understanding.parsed import Parsed
from bot.errors import ActionFailedError

# How many actions may follow one message (rasa `MAX_NUMBER_OF_PREDICTIONS`).
ACTIONS_AT_MOST = 10
POLICY = "RulePolicy"


class Turn:
    """Runs one turn on a stage.

    `failed` names the action that failed, or ran too often; `proposed` are slots that actions set.
    """

    def __init__(self, stage: Stage, policy: RulePolicy, preemptions: Iterable[Preemption]) -> None:
        self._stage, self._policy = stage, policy
        self._waiting = list(preemptions)
        self.proposed: dict[str, Any] = {}
        self.failed: str | None = None

    def run(self, message: Parsed, slots: Mapping[str, Any], about: Mapping[str, Any]) -> None:
        """The whole turn. Whatever an action does, it ends with the bot listening."""
        try:
            self._begin_session()
            self._hear(message, slots, about)
            self._preempt(message)
            self._stage.record(extract_slots(self._stage))
            self._preempt(message)
            self._act()
        except ActionFailedError as error:
            self._fail(error)

    def first(self, message: Parsed, slots: Mapping[str, Any]) -> None:
        """Only what pre-empts: the message itself is left to somebody else, so that it is taken back here."""
        try:
            self._hear(message, slots, {})
            self._preempt(message)
            self._stage.record([happened.USER_UTTERANCE_REVERTED, happened.action_executed(LISTEN)])
        except ActionFailedError as error:
            self._fail(error)

    def happen(self, events: Sequence[Event]) -> None:
        """Events from outside, in a conversation that has begun; ones that begin with a session bring their own."""
        try:
            if [event.get("name") for event in events[:1]] != [SESSION_START]:
                self._begin_session()
            self._stage.record(events)
        except ActionFailedError as error:
            self._fail(error)

    def execute(self, action: str) -> None:
        """One action that no rule asked for."""
        try:
            self._begin_session()
            self._do(Prediction(action))
        except ActionFailedError as error:
            self._fail(error)

    # --- before the rules ---------------------------------------------------------------------------------------

    def _begin_session(self) -> None:
        """A conversation starts at its first message, and again after long silence."""
        tracker, limit = self._stage.tracker, self._stage.domain.session.minutes * 60
        expired = limit > 0 and tracker.heard_at is not None and self._stage.now - tracker.heard_at > limit
        if tracker.begun and not expired:
            return
        try:
            self._do(Prediction(SESSION_START), policy=None)
        except ActionFailedError:
            self._stage.record(start_session(self._stage))
            raise

    def end(self) -> None:
        """What came before a session counts no more, whatever the project's own start of it returned.

        Rasa reads back from the latest `action_session_start` at the next message (rasa `core/tracker_store.py`).
        """
        names = [event.get("name") if event["event"] == "action" else event["event"] for event in self._stage.events]
        if SESSION_START not in names:
            return
        since = len(names) - 1 - names[::-1].index(SESSION_START)
        if not {"session_started", "restart"} & set(names[since:]):
            self._stage.tracker.replay(self._stage.events[since:])
            self._stage.pin(self._stage.pinned)

    def _hear(self, message: Parsed, slots: Mapping[str, Any], about: Mapping[str, Any]) -> None:
        """The message, then the caller's slots, as far as they changed."""
        stage = self._stage
        listening = happened.action_executed(LISTEN)
        stage.events[:0] = [] if stage.events else [{**listening, "timestamp": stage.tracker.heard_at or stage.now}]
        stage.record([happened.user_uttered({**message.data(), **about}, stage.channel)])
        stage.note(self._stamped(happened.slot_set(n, v) for n, v in slots.items() if stage.tracker.slots.get(n) != v))
        stage.pin(slots)

    def _preempt(self, message: Parsed) -> None:
        """Safety first: each action whose condition holds runs once, before form and rules, which go on as usual.

        One that fails ends the turn, but only when the others have had their say.
        """
        due = [p for p in self._waiting if self._is_due(p, message)]
        self._waiting = [p for p in self._waiting if p not in due]
        failures: list[tuple[str, ActionFailedError]] = []
        for preemption in due:
            try:
                self._run_first(preemption.action)
            except ActionRejected:
                continue
            except ActionFailedError as error:
                failures.append((preemption.action, error))
        if failures:
            self._stage.calling, first = failures[0]
            raise first

    def _run_first(self, action: str) -> None:
        """Runs one action so that only its words and slots remain of it."""
        events = run_action(self._stage, action)
        happens = [happened.preempted(action), *(e for e in events if e["event"] in {"slot", "bot"})]
        self._stage.note(self._stamped(happens))
        self._propose(events)
        self._stage.pin({e["name"]: e["value"] for e in events if e["event"] == "slot"})

    def _is_due(self, preemption: Preemption, message: Parsed) -> bool:
        if preemption.intent is not None:
            return preemption.intent == message.intent
        return bool(self._stage.tracker.slots.get(preemption.slot or "") == preemption.value)

    # --- the prediction loop ------------------------------------------------------------------------------------

    def _act(self) -> None:
        """Runs actions until the bot listens, or until it is clear that it never would."""
        tracker, prediction = self._stage.tracker, Prediction(LISTEN)
        for count in range(10 * ACTIONS_AT_MOST):
            if tracker.paused and tracker.intent != "restart":
                self._stay_silent()
                return
            prediction = self._next()
            if self._ran() >= ACTIONS_AT_MOST and count and prediction.action != LISTEN:
                self._cut_off(prediction.action)
                return
            self._do(prediction)
            if prediction.action in {LISTEN, SESSION_START}:
                return
        self._cut_off(prediction.action)

    def _stay_silent(self) -> None:
        """A paused conversation listens all the same; Rasa's does not, and so can never be restarted."""
        if self._stage.tracker.action != LISTEN:
            self._stage.record([happened.action_executed(LISTEN)])

    def _ran(self) -> int:
        """How many actions ran since the bot last listened."""
        count = 0
        for event in reversed(self._stage.events):
            if event["event"] == "action":
                if event["name"] in {LISTEN, SESSION_START}:
                    break
                count += 1
        return count

    def _next(self) -> Prediction:
        """The follow-up an action asked for, else what the policy predicts."""
        tracker = self._stage.tracker
        wanted, tracker.followup = tracker.followup, None
        if wanted is not None and wanted in self._stage.domain.actions:
            return Prediction(wanted)
        return self._policy.predict(tracker)

    def _do(self, prediction: Prediction, policy: str | None = POLICY) -> None:
        """Runs one action and lets its events happen; one that declines leaves only that."""
        stage, name = self._stage, prediction.action
        try:
            events = run_action(stage, name, interrupted=prediction.interrupted)
        except ActionRejected:
            stage.record([{**happened.rejected(name), "policy": POLICY, "confidence": 1.0}])
            return
        kinds = {event["event"] for event in events}
        ran = [] if "action_execution_rejected" in kinds else [happened.action_executed(name, policy, 1.0)]
        stage.record([*ran, *events])
        self._propose(events)
        if "user" in kinds:
            stage.record(extract_slots(stage))

    def _propose(self, events: Iterable[Event]) -> None:
        for event in events:
            if event["event"] == "slot":
                self.proposed[event["name"]] = event["value"]
            elif event["event"] == "reset_slots":
                self.proposed.clear()

    # --- when something goes wrong ------------------------------------------------------------------------------

    def _fail(self, error: ActionFailedError) -> None:
        """Nothing that presumes success follows; the message is taken back, so that it can be answered again."""
        self.failed = self._stage.calling or "unknown"
        failed = happened.action_failed(self.failed, type(error.__cause__ or error).__name__)
        self.proposed = {**self._stage.tracker.slots, **self.proposed}
        taken_back = [happened.USER_UTTERANCE_REVERTED] if self._stage.tracker.message else []
        self._stage.record([failed, *taken_back, happened.action_executed(LISTEN)])

    def _cut_off(self, name: str) -> None:
        """Rasa would stop without listening and stay stuck; here the conversation can go on."""
        self.failed = name
        self._stage.record([happened.action_limit_reached(name), happened.action_executed(LISTEN)])

    def _stamped(self, events: Iterable[Event]) -> list[Event]:
        return [{**event, "timestamp": self._stage.now} for event in events]
