"""rules.yml into rules, and each rule into the events it describes.

A rule `condition … steps …` is the story `condition, "...", steps` whose beginning is anything (unless it says
`conversation_start`) and whose end waits for somebody to write (unless it says `wait_for_user_input: false`);
rasa `shared/core/training_data/story_reader/yaml_story_reader.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue.files.node import Node, shortened
from bot.dialogue.files.skipping import Skipping
from bot.dialogue.memory.events import Event, action_executed, active_loop, slot_set
from bot.dialogue.model.domain import Domain
from bot.dialogue.model.names import ANYTHING, LISTEN, NOT_SET, UTTER
from bot.dialogue.policy.rules import Rule

KEYS = ("rule", "condition", "steps", "conversation_start", "wait_for_user_input", "metadata")
# What a slot named without a value is taken to hold (rasa `_slot_default_value`).
NAMED_ONLY: Mapping[str, Any] = {"text": "filled", "list": ["filled"]}

# The alternatives one step offers: several only under `or`.
Alternatives = list[list[Event]]


def read_rules(files: Iterable[Node], domain: Domain, skipping: Skipping) -> tuple[Rule, ...]:
    """Every rule of all files, in order; one with `or` becomes one rule an alternative.

    A rule with anything unsupported in it is skipped whole.
    """
    reader = _Reader(domain)
    rules: list[Rule] = []
    for item in (item for file in files for item in file.child("rules").items()):
        with skipping:
            rules += tuple(reader.rules(item))
    return tuple(rules)


def skip_stories(files: Iterable[Node], skipping: Skipping) -> None:
    """Stories need a model that generalises from them; they are not half-obeyed."""
    for story in (story for file in files for story in file.child("stories").items()):
        with skipping:
            message = "stories are not supported: this engine runs rules (write it as a rule, or remove it)"
            raise story.unsupported(message)


def read_story(steps: Node, domain: Domain, words: Mapping[str, Callable[[Node], Event]]) -> Alternatives:
    """The steps of a test story as events, once for every combination of its alternatives.

    `words` reads the steps that rules may not have, by their key: the user's words, the bot's.
    """
    reader = _Reader(domain)
    reader.also(words)
    return [list(reader.explicit(events)) for events in reader.all(steps)]


class _Reader:
    """Reads rules against one domain, refusing names it does not declare."""

    def __init__(self, domain: Domain) -> None:
        self._domain = domain
        self._steps: Mapping[str, Callable[[Node], Alternatives]] = {
            "intent": self._user,
            "or": self._or,
            "action": self._action,
            "slot_was_set": self._slots,
            "active_loop": self._loop,
            "metadata": lambda _: [[]],
        }
        self._unsupported = {
            "checkpoint": "checkpoints are not supported: write the steps out in each rule",
            "user": "a step with the user's words needs end-to-end training, which is not supported: name the intent",
            "bot": "a step with the bot's words needs end-to-end training, which is not supported: name the response",
        }

    def also(self, words: Mapping[str, Callable[[Node], Event]]) -> None:
        """Reads these steps as well."""
        self._unsupported = {key: reason for key, reason in self._unsupported.items() if key not in words}
        self._steps = {key: lambda step, read=read: [[read(step)]] for key, read in words.items()} | dict(self._steps)

    def rules(self, node: Node) -> Iterator[Rule]:
        """The rule, once for every combination of its alternatives."""
        name = node.only(KEYS).child("rule").word()
        if not node.child("steps").value:
            raise node.refuse(f"rule `{name}` has no steps")
        events: Alternatives = self._conditions(node.child("condition"))
        if not node.child("conversation_start").flag(default=False):
            events = [[*before, action_executed(ANYTHING)] for before in events]
        events = _combined(events, self.all(node.child("steps")))
        if not node.child("wait_for_user_input").flag(default=True):
            events = [[*before, action_executed(ANYTHING)] for before in events]
        for variant in events:
            yield Rule(name, node.where, tuple(self.explicit(variant)))

    def _conditions(self, node: Node) -> Alternatives:
        for step in node.items():
            step.only(("slot_was_set", "active_loop"))
        return self.all(node)

    def all(self, node: Node) -> Alternatives:
        """The events of all steps."""
        found: Alternatives = [[]]
        for step in node.items():
            found = _combined(found, self._step(step))
        return found

    def _step(self, step: Node) -> Alternatives:
        if not isinstance(step.value, dict) or not step.value:
            raise step.refuse(f"a step is `key: value`, not {shortened(step.value)}")
        for key, reason in self._unsupported.items():
            if step.has(key) and not (key == "user" and step.has("intent")):
                raise step.child(key).unsupported(reason)
        for key, read in self._steps.items():
            if step.has(key):
                return read(step)
        raise next(iter(step.pairs()))[1].refuse(
            f"unknown step {next(iter(step.value))!r}; steps are {', '.join(self._steps)}"
        )

    def _user(self, step: Node) -> Alternatives:
        intent = step.only(("intent", "entities", "user", "metadata")).child("intent")
        name = intent.word().strip().removeprefix("/")
        if name not in self._domain.intents:
            intent.named("intent", self._domain.intents)
        entities = [self._entity(item) for item in step.child("entities").items()]
        data = {"text": None, "intent": {"name": name, "confidence": 1.0}, "entities": entities}
        return [[{"event": "user", "text": None, "parse_data": data}]]

    def _entity(self, node: Node) -> dict[str, Any]:
        if not isinstance(node.value, dict):
            return {"entity": node.named("entity", self._domain.entities), "value": ""}
        entity: dict[str, Any] = {}
        for key, child in node.pairs():
            if key in {"role", "group"}:
                entity[key] = child.value
            else:
                replace(child, value=key, name="entities").named("entity", self._domain.entities)
                entity |= {"entity": key, "value": child.value}
        return {key: value for key, value in entity.items() if value is not None}

    def _or(self, step: Node) -> Alternatives:
        choices = list(step.only(("or",)).child("or").items())
        if not choices or any(not (choice.has("intent") or choice.has("slot_was_set")) for choice in choices):
            raise step.refuse("`or` chooses between steps with `intent` or `slot_was_set`")
        return [events for choice in choices for events in self._step(choice)]

    def _action(self, step: Node) -> Alternatives:
        action = step.only(("action", "metadata")).child("action")
        name = action.word()
        if name not in self._domain.actions:
            raise action.unknown("action or response", self._domain.actions)
        if name.startswith(UTTER) and name not in self._domain.choices | set(self._domain.responses):
            action.named("response", self._domain.responses)
        return [[action_executed(name)]]

    def _slots(self, step: Node) -> Alternatives:
        slots = step.only(("slot_was_set",)).child("slot_was_set")
        return [[event for item in slots.item_or_items() for event in self._slot(item)]]

    def _slot(self, node: Node) -> Iterator[Event]:
        slots = self._domain.slots.slots
        if not isinstance(node.value, dict):
            value = NAMED_ONLY.get(slots[node.known("slot", slots)].kind)
            yield slot_set(str(node.value), NOT_SET if value is None else value)
            return
        for key, child in node.pairs():
            Node(key, child.where, "slot_was_set").known("slot", slots)
            yield slot_set(key, NOT_SET if child.value is None else child.value)

    def _loop(self, step: Node) -> Alternatives:
        loop = step.only(("active_loop",)).child("active_loop")
        return [[active_loop(NOT_SET if loop.value is None else loop.known("form", self._domain.loops))]]

    def explicit(self, events: Sequence[Event]) -> list[Event]:
        """The events with what goes without saying: listening before a message and at the end, slots of entities."""
        full: list[Event] = []
        for event in events:
            if event["event"] == "user":
                _listen(full)
            full.append(event)
            if event["event"] == "user":
                full += self._slots_of(event["parse_data"]["entities"])
        _listen(full)
        return full

    def _slots_of(self, entities: Sequence[dict[str, Any]]) -> Iterator[Event]:
        """The slots that these entities fill outside every form (rasa `Domain.slots_for_entities`)."""
        for slot in self._domain.slots.slots.values():
            values = [
                entity.get("value")
                for mapping in slot.mappings
                if mapping.kind == "from_entity" and not (mapping.conditions and mapping.conditions[0].active_loop)
                for entity in entities
                if (entity.get("entity"), entity.get("role"), entity.get("group"))
                == (mapping.entity, mapping.role, mapping.group)
            ]
            if values:
                yield slot_set(slot.name, values if slot.kind == "list" else values[-1])


def _listen(events: list[Event]) -> None:
    if not events or events[-1].get("name") != LISTEN:
        events.append(action_executed(LISTEN))


def _combined(before: Alternatives, after: Alternatives) -> Alternatives:
    return [[*first, *second] for first in before for second in after]
