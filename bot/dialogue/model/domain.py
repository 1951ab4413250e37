"""The domain: the universe a conversation moves in (rasa `shared/core/domain.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.dialogue.model.fillers import Fillers
from bot.dialogue.model.forms import Form
from bot.dialogue.model.names import DEFAULT_ACTIONS, TWO_STAGE_FALLBACK, UTTER
from bot.dialogue.model.responses import Variation
from bot.dialogue.model.slots import SlotBook


@dataclass(frozen=True, slots=True)
class Session:
    """When a conversation starts anew: after so many minutes of silence (0: never), and whether slots are kept."""

    minutes: float = 60.0
    carry_over: bool = True


@dataclass(frozen=True)
class Domain:
    """Everything declared.

    `entities_of` lists, per intent, the entity labels rules see; `plain` goes to actions as JSON. `custom` are the
    actions that run outside the engine; an action that overrides one of Rasa's own is among them. `retrieval` are the
    intents with several responses (`utter_faq/ask_hours`), of which the action `utter_faq` says the one that fits.
    """

    entities_of: Mapping[str, frozenset[str]]
    entities: frozenset[str]
    slots: SlotBook
    forms: Mapping[str, Form]
    responses: Mapping[str, tuple[Variation, ...]]
    custom: frozenset[str]
    session: Session
    plain: dict[str, Any]
    retrieval: frozenset[str] = frozenset()

    @cached_property
    def intents(self) -> frozenset[str]:
        """Every intent, Rasa's own included."""
        return frozenset(self.entities_of)

    @cached_property
    def actions(self) -> frozenset[str]:
        """Every action a rule may name."""
        return self.custom | set(self.responses) | set(self.forms) | set(DEFAULT_ACTIONS) | self.choices

    @cached_property
    def choices(self) -> frozenset[str]:
        """The actions that say whichever response of a retrieval intent fits."""
        return frozenset(UTTER + intent for intent in self.retrieval)

    @cached_property
    def loops(self) -> frozenset[str]:
        """Every loop a rule may name: forms, fallback in two stages, and actions that make themselves one."""
        return self.custom | set(self.forms) | {TWO_STAGE_FALLBACK}

    @cached_property
    def fillers(self) -> Fillers:
        """Which mappings can fill which slots."""
        return Fillers(self.slots.slots.values(), self.forms)
