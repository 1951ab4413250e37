"""What the checks look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.dialogue.files.config import Preemption
from bot.dialogue.files.merging import section_items, section_pairs
from bot.dialogue.files.node import Node
from bot.dialogue.findings import Finding
from bot.dialogue.memory.events import Event
from bot.dialogue.model.domain import Domain
from bot.dialogue.model.mappings import Mapping
from bot.dialogue.policy.examples import Example
from bot.dialogue.policy.rules import Rule
from bot.dialogue.understanding.training import TrainingData


@dataclass(frozen=True, slots=True)
class Material:
    """A project as it was read, and the files, which know where each name is declared."""

    files: Sequence[Node]
    domain: Domain
    rules: Sequence[Rule]
    examples: Sequence[Example]
    data: TrainingData
    preemptions: Sequence[Preemption]
    fallback: str | None

    def declared(self, section: str) -> Iterator[tuple[str, Node]]:
        """Each name of a section of the domain, with its place."""
        listed = section in {"intents", "entities", "actions"}
        yield from (section_items if listed else section_pairs)(self.files, section)

    def events(self, kind: str) -> Iterator[Event]:
        """The events of one kind in all rules."""
        return (event for rule in self.rules for event in rule.events if event["event"] == kind)

    def mappings(self) -> Iterator[Mapping]:
        """The mappings of all slots."""
        return (mapping for slot in self.domain.slots.slots.values() for mapping in slot.mappings)

    def actions_of_rules(self) -> frozenset[str]:
        """Every action that some rule, setting or danger runs."""
        named = {str(event["name"]) for event in self.events("action")} | {p.action for p in self.preemptions}
        return frozenset(named | ({self.fallback} if self.fallback else set()))


def told(node: Node, what: str) -> Finding:
    """A finding about a declaration."""
    return Finding(node.where, what)
