"""A Rasa server as our engine: `engine: {rasa: URL}`. Rasa decides what is said; what pre-empts, and what is kept, is ours.

The family's words do not leave: they are read here, and Rasa is told the intent and the slots a turn projects.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue import Assistant, Outcome, Parsed, Project
from bot.dialogue.memory.events import Event
from bot.dialogue.memory.snapshot import Snapshot
from bot.dialogue.speaking.speaker import Message
from bot.errors import RasaServerError
from bot.rasa.answers import Answer, failure, read_answer
from bot.rasa.client import RasaClient
from bot.rasa.memory import Memory, Standing

log = logging.getLogger(__name__)

# What failed when it was not one action but the server.
SERVER = "the Rasa server"


class RasaEngine:
    """The service's engine (`bot.dialogue.Engine`). `assistant` is our own one for the same project."""

    def __init__(
        self, project: Project, assistant: Assistant, client: RasaClient, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._assistant, self._client, self._clock = assistant, client, clock
        self._initial = project.domain.slots.initial
        self._outside = project.domain.custom | set(project.domain.forms)

    @property
    def intents(self) -> frozenset[str]:
        """Every intent the project declares."""
        return self._assistant.intents

    def parse(self, text: str) -> Parsed:
        """Read here, by the project's own pipeline: a family's words stay in this house, whether Rasa answers or not."""
        return self._assistant.parse(text)

    def say(self, response: str, slots: Mapping[str, Any], *, channel: str) -> Message:
        """One response of the project filled in, here."""
        return self._assistant.say(response, slots, channel=channel)

    def handle(
        self, snapshot: Snapshot | None, message: Parsed | str, slots: Mapping[str, Any], *, sender: str, channel: str
    ) -> Outcome:
        """What pre-empts is said here first; then Rasa answers. When it does not, or an action failed: `Outcome.failed`."""
        parsed = self.parse(message) if isinstance(message, str) else message
        first = self._assistant.first(snapshot, parsed, slots, sender=sender, channel=channel)
        memory = Memory.of(snapshot, self._initial)
        first = replace(first, snapshot={**first.snapshot, "rasa": memory.to_json()})
        if first.failed or parsed.intent not in self.intents:
            return first
        wanted = {**slots, **{e["name"]: e["value"] for e in first.events if e["event"] == "slot"}}
        try:
            return self._answered(snapshot, parsed, wanted, first, memory)
        except RasaServerError as error:
            log.error("%s: %s", SERVER, error)
            return replace(first, failed=SERVER)

    def _answered(
        self, snapshot: Snapshot | None, parsed: Parsed, slots: Mapping[str, Any], first: Outcome, memory: Memory
    ) -> Outcome:
        """The turn as Rasa took it."""
        intent, at = str(parsed.intent), memory.beginning(self._clock())
        news = memory.news(slots, self._initial)
        opening = memory.opening(news, at)
        said = self._client.turn(memory.conversation, opening, intent, parsed.entities)
        answer = read_answer(said, opening, intent)
        self._check_slots(slots, answer)
        begun = [] if snapshot else memory.opening((), at)
        if wrong := failure(answer, self._outside):
            log.error("%s: the action %s failed", SERVER, wrong[1])
            return _cut(first, self._happened(snapshot, [*begun, *news, *answer.events[: wrong[0]]]), wrong[1])
        outcome = self._happened(snapshot, [*begun, *news, *answer.events])
        memory = memory.with_turn([*news, *answer.events], Standing(answer.slots, answer.loop), self._initial, at)
        return Outcome(
            snapshot={**outcome.snapshot, "rasa": memory.to_json()},
            replies=(*first.replies, *outcome.replies),
            slots={**first.slots, **answer.slots, **_set_by(answer.events)},
            events=(*first.events, *outcome.events),
        )

    def _check_slots(self, slots: Mapping[str, Any], answer: Answer) -> None:
        """A slot Rasa does not know is passed over there, with a line in its log."""
        for name in slots:
            if name not in answer.slots:
                raise RasaServerError(f"its model does not know the slot {name!r}: it was trained on another project")

    def _happened(self, snapshot: Snapshot | None, events: Sequence[Event]) -> Outcome:
        """Lets Rasa's events happen here as well: what was said, and a snapshot our own engine can go on from."""
        try:
            outcome = self._assistant.happen(snapshot, events, sender="", channel="")
            said = [(button["title"], button["payload"]) for reply in outcome.replies for button in reply["buttons"]]
            said += [(reply["text"] or "", "") for reply in outcome.replies]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RasaServerError(f"an event of the answer cannot be used ({type(error).__name__})") from error
        words = all(isinstance(word, str) for pair in said for word in pair)
        if not words or not all(isinstance(reply["custom"], dict | None) for reply in outcome.replies):
            raise RasaServerError("something the bot said is not words")
        return outcome


def _cut(first: Outcome, before: Outcome, failed: str) -> Outcome:
    """A turn in which `failed` failed: what was said before that stands; the conversation stays where it was."""
    return replace(
        first,
        replies=(*first.replies, *before.replies),
        slots={**first.slots, **_set_by(before.events)},
        events=(*first.events, *before.events),
        failed=failed,
    )


def _set_by(events: Sequence[Event]) -> dict[str, Any]:
    """What actions set in a turn, even where the message was taken back after it."""
    found: dict[str, Any] = {}
    for event in events:
        if event["event"] == "slot":
            found[event["name"]] = event["value"]
        elif event["event"] == "reset_slots":
            found.clear()
    return found
