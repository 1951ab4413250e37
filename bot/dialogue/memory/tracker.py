"""The tracker: where one conversation stands. Events change it; a snapshot keeps it between two turns.

What rules see can differ from what is: turns that a form repeats leave no trace in `steps` and `seen_user`, while
`message` and `action` stay those of the last turn (rasa `shared/core/trackers.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from bot.dialogue.memory.events import Event
from bot.dialogue.memory.states import State
from bot.dialogue.memory.steps import Step, repeats, without_turns_since
from bot.dialogue.model.names import LISTEN, NOT_SET, SESSION_START
from bot.dialogue.model.slots import Feature, Slot
from bot.dialogue.plain import Plain

# A loop: {"name", "is_interrupted", "rejected", "trigger_message"}, as action servers receive it.
Loop = dict[str, Any]
# How many steps are kept beyond those the longest rule can see: about ten messages can be taken back.
TAKEN_BACK = 32
# Events that are a step of their own, or leave nothing behind.
BEGINNING = frozenset({"action", "session_started", "restart", "rewind", "undo"})
# How many messages a fallback in two stages looks back.
REMEMBERED = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """What every conversation of a project has in common.

    `initial` is what slots start from; `visible` are the slots some rule looks at, the others have no feature in a
    state; `entities_of` the entity labels that rules see, by intent.
    """

    slots: Mapping[str, Slot]
    initial: Mapping[str, Any]
    visible: frozenset[str]
    entities_of: Mapping[str, frozenset[str]]
    features: dict[str, Feature] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "features", self.features_of(self.initial))

    def features_of(self, values: Mapping[str, Any]) -> dict[str, Feature]:
        """What rules see of slots that hold these values."""
        seen = {name: self.slots[name].feature(values[name]) for name in self.visible if name in values}
        return {name: feature for name, feature in seen.items() if feature is not None}


class Tracker:
    """One conversation."""

    __slots__ = (
        "_features", "action", "before_session", "followup", "frame", "heard_first", "intents", "loop", "loops",
        "loose", "message", "paused", "rejected", "seen_user", "slots", "steps",
    )  # fmt: skip

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        # Intents of the latest messages, None for one taken back, the newest first; and those of the session before, which
        # are forgotten after the turn in which a new one began. Fallback in two stages counts tries by them.
        self.intents: list[str | None] = []
        self.before_session: list[str | None] = []
        self.begin()

    def begin(self, _: Event | None = None) -> None:
        """Nothing was said yet (rasa `_reset`; events before it no longer count)."""
        self.slots: dict[str, Any] = dict(self.frame.initial)
        self._features: dict[str, Feature] = self.frame.features
        self.steps: list[Step] = []
        self.seen_user: State = {}
        self.action: str | None = None
        self.message: dict[str, Any] | None = None
        self.loop: Loop | None = None
        self.loops: frozenset[str] = frozenset()  # every loop there ever was
        self.followup: str | None = LISTEN
        self.paused = False
        self.loose = False  # something happened before any action, which only beginning anew undoes
        self.heard_first: float | None = None  # when a message came before any action
        self.rejected: str | None = None

    # --- what it holds ------------------------------------------------------------------------------------------

    @property
    def loop_name(self) -> str | None:
        """The active loop, None outside every loop."""
        name: str | None = self.loop["name"] if self.loop else None
        return None if name == NOT_SET else name

    @property
    def intent(self) -> str | None:
        """The intent of the latest message."""
        name: str | None = self.message["intent"].get("name") if self.message else None
        return name

    def latest_intents(self, count: int) -> list[str]:
        """The intents of the last `count` messages since a restart; one that was taken back shows as none."""
        return [intent for intent in [*self.intents, *self.before_session][:count] if intent is not None]

    @property
    def heard_at(self) -> float | None:
        """When the latest message came that still counts: one that was taken back, or folded into a form, does not."""
        return next((step["heard"] for step in reversed(self.steps) if "heard" in step), self.heard_first)

    @property
    def begun(self) -> bool:
        """Whether anything that happened still counts."""
        return self.loose or bool(self.steps)

    def state(self) -> State:
        """What rules see now."""
        state: State = {**self.seen_user}
        if self.action:
            state["action"] = self.action
        if self.loop:
            state["loop"] = self.loop["name"]
        if self._features:
            state["slots"] = self._features
        return state

    # --- events -------------------------------------------------------------------------------------------------

    def update(self, events: Iterable[Event]) -> None:
        """Applies events in order; one that changes nothing here (a bot's words, a reminder) is passed over."""
        for event in events:
            if not self.steps and event["event"] not in BEGINNING:
                self.loose = True
            change = self._changes.get(event["event"])
            if change:
                change(self, event)

    def set_slot(self, name: str, value: Plain, *, undoable: bool = True) -> None:
        """Gives a slot a value. Not undoable: taking the message back leaves it (the caller's own projection)."""
        slot = self.frame.slots.get(name)
        if slot is None:
            return
        if undoable and self.steps and name not in self.steps[-1].get("slots", {}):
            top = self._changing()
            top["slots"] = {**top.get("slots", {}), name: self.slots.get(name)}
        self.slots[name] = value if value == NOT_SET else slot.stored(value)
        if name in self.frame.visible:
            self._see(name)

    def _see(self, name: str) -> None:
        """Renews the feature of one slot; states made before keep theirs."""
        feature = self.frame.slots[name].feature(self.slots[name])
        rest = {key: value for key, value in self._features.items() if key != name}
        self._features = rest if feature is None else {**rest, name: feature}

    def renew_features(self) -> None:
        """Renews the features of all slots from their values."""
        self._features = self.frame.features_of(self.slots)

    def _changing(self) -> Step:
        """The last step, free to be changed: a snapshot that shares it stays as it is."""
        self.steps[-1] = {**self.steps[-1]}
        return self.steps[-1]

    def _set_loop(self, loop: Loop | None) -> None:
        if self.steps and "loop" not in self.steps[-1]:
            self._changing()["loop"] = self.loop
        self.loop = loop

    def _executed(self, event: Event) -> None:
        name = event["name"]
        if name in self.loops and repeats(self.steps, name):
            self.steps = without_turns_since(self.steps, name)
            self.seen_user = _user_part(self.steps[-1]["state"])
        else:
            self.steps.append({"action": name, "state": self.state()})
        self.action, self.followup, self.rejected = name, None, None
        loop = settled(self.loop, name)
        if loop is not self.loop:
            self._set_loop(loop)

    def _heard(self, event: Event) -> None:
        data = event["parse_data"]
        if self.steps:
            top = self._changing()
            top["heard"] = event.get("timestamp") or 0.0
            top.pop("followup", None)
            top.setdefault("message", self.message)
        else:
            self.heard_first = event.get("timestamp") or 0.0
        self.message, self.followup = data, None
        self.intents = [data["intent"].get("name"), *self.intents][:REMEMBERED]
        self.seen_user = self._user_state(data)

    def _user_state(self, data: Mapping[str, Any]) -> State:
        """Intent and entities as rules see them (rasa `_get_user_sub_state`)."""
        intent = data["intent"].get("name")
        state: State = {"intent": intent} if intent else {}
        entities = data.get("entities") or ()
        labels = {label for entity in entities for label in _labels(entity)}
        seen = sorted(labels & self.frame.entities_of.get(intent, frozenset(labels)))
        return {**state, "entities": seen} if seen else state

    def _slot(self, event: Event) -> None:
        self.set_slot(event["name"], event["value"])

    def _reset_slots(self, _: Event) -> None:
        for name, value in self.frame.initial.items():
            if self.slots[name] != value:
                self.set_slot(name, value)

    def _loop(self, event: Event) -> None:
        name = event["name"]
        if name is None:
            if self.steps:
                self._changing()["closed"] = True
            self._set_loop(None)
            return
        self.loops |= {name}
        self._set_loop({"name": name, "is_interrupted": False, "rejected": False, "trigger_message": self.message})

    def _interrupted(self, event: Event) -> None:
        if self.loop:
            self._set_loop({**self.loop, "is_interrupted": event["is_interrupted"]})

    def _rejected(self, event: Event) -> None:
        name = event["name"]
        self.rejected = name
        if self.steps:
            top = self._changing()
            top["rejected"] = [*top.get("rejected", ()), name]
        if self.loop and self.loop["name"] == name:
            self._set_loop({**self.loop, "rejected": True})

    def _follow(self, event: Event) -> None:
        self.followup = event["name"]
        if self.steps:
            self._changing()["followup"] = event["name"]

    def _session(self, _: Event) -> None:
        self.intents, self.before_session = [], [*self.intents, *self.before_session][:REMEMBERED]
        self.begin()

    def replay(self, events: Iterable[Event]) -> None:
        """As if nothing but `events` had ever happened."""
        self.intents, self.before_session = [], []
        self.begin()
        self.update(events)

    def _pause(self, event: Event) -> None:
        if self.steps and "paused" not in self.steps[-1]:
            self._changing()["paused"] = self.paused
        self.paused = event["event"] == "pause"

    def _restart(self, _: Event) -> None:
        self.intents, self.before_session = [], []
        self.begin()
        self.followup = SESSION_START

    def _take_back(self, _: Event) -> None:
        """The latest message, and the action before it, did not happen (rasa `UserUtteranceReverted`)."""
        self.intents = [None, *self.intents][:REMEMBERED]
        while self.steps and "heard" not in self.steps[-1]:
            self._undo_step()
        self._undo_step()

    def _undo_step(self, _: Event | None = None) -> None:
        """The last action did not happen (rasa `ActionReverted`)."""
        if not self.steps:
            self._begin_or_stay()
            return
        step = self.steps.pop()
        for name, value in step.get("slots", {}).items():
            self.slots[name] = value
        if "slots" in step:
            self.renew_features()
        self.loop = step.get("loop", self.loop)
        self.message = step.get("message", self.message)
        self.paused = step.get("paused", self.paused)
        self.action = step["state"].get("action")
        self.seen_user = _user_part(step["state"])
        self.rejected = None
        self.followup = self.steps[-1].get("followup") if self.steps else LISTEN

    def _begin_or_stay(self) -> None:
        """No action is left to take back: what came before the first one goes as well, unless more was than is kept."""
        if self.action is None:
            self.begin()
        self.followup = LISTEN

    _changes: ClassVar[Mapping[str, Callable[[Tracker, Event], None]]] = {
        "action": _executed,
        "user": _heard,
        "slot": _slot,
        "reset_slots": _reset_slots,
        "active_loop": _loop,
        "form": _loop,
        "loop_interrupted": _interrupted,
        "action_execution_rejected": _rejected,
        "followup": _follow,
        "pause": _pause,
        "resume": _pause,
        "restart": _restart,
        "session_started": _session,
        "rewind": _take_back,
        "undo": _undo_step,
    }


def settled(loop: Loop | None, action: str) -> Loop | None:
    """The loop after an action: it ends an interruption, and running the loop its rejection (rasa `set_latest_action`)."""
    if loop and (loop["is_interrupted"] or (loop["rejected"] and action == loop["name"])):
        return {**loop, "is_interrupted": False, "rejected": loop["rejected"] and action != loop["name"]}
    return loop


def _labels(entity: Mapping[str, Any]) -> Iterable[str]:
    """The labels one entity shows to rules: its name, and its name with role and group."""
    yield entity["entity"]
    for part in ("role", "group"):
        if part in entity:
            yield f"{entity['entity']}#{entity[part]}"


def _user_part(state: State) -> State:
    return {key: value for key, value in state.items() if key in {"intent", "entities"}}  # type: ignore[return-value]
