"""A project one can talk to.

assistant = Assistant(Project.load("family-bot"), InProcessActions(executor))
outcome = assistant.handle(None, "你好", {}, sender="1", channel="telegram")
outcome = assistant.handle(outcome.snapshot, "…", {}, sender="1", channel="telegram")
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogue.acting.stage import Stage
from bot.dialogue.actions import RunAction
from bot.dialogue.memory.events import Event
from bot.dialogue.memory.snapshot import Snapshot, restore, save
from bot.dialogue.project import Project
from bot.dialogue.speaking.speaker import Message, Speaker, reply
from bot.dialogue.turn import Turn
from bot.dialogue.understanding.parsed import Parsed
from bot.dialogue.understanding.payloads import read_payload
from bot.errors import ProjectFileError, did_you_mean


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn led to.

    `snapshot` is what to pass next time (JSON-able, bounded); `replies` are `{"text", "buttons", "image", "custom"}`;
    `slots` every slot's value at the end, counting what actions set even where the message was taken back; `events`
    the record of the turn; `failed` the action that failed, if one did: then nothing was said that presumes its
    success.
    """

    snapshot: Snapshot
    replies: tuple[Message, ...]
    slots: dict[str, Any]
    events: tuple[Event, ...]
    failed: str | None = None


class Assistant:
    """Understands, decides by rules, and speaks. Holds no conversation: each turn is given its snapshot."""

    def __init__(self, project: Project, run_action: RunAction, *, clock: Callable[[], float] = time.time) -> None:
        self._project = project
        self._run_action = run_action
        self._clock = clock
        self._speaker = Speaker(project.domain.responses)

    @property
    def intents(self) -> frozenset[str]:
        """Every intent the project declares, Rasa's own included."""
        return self._project.domain.intents

    def parse(self, text: str) -> Parsed:
        """What `text` means: a payload says so itself, words go through the pipeline."""
        said = read_payload(text, self._project.domain)
        if said:
            return said
        understood = Parsed(text.strip())
        for component in self._project.pipeline:
            understood = component(understood)
        return understood

    def handle(
        self,
        snapshot: Snapshot | None,
        message: Parsed | str,
        slots: Mapping[str, Any],
        *,
        sender: str,
        channel: str,
        about: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """One turn. `slots` is the caller's projection, set after the message and before anything is decided.

        `about` goes with the message to actions and into the record: its `message_id`, its `metadata`. Raises
        `ProjectFileError` when `slots` names one the domain does not declare.
        """
        self._check_slots(slots)
        parsed = self.parse(message) if isinstance(message, str) else message
        return self._taken(snapshot, sender, channel, lambda turn: turn.run(parsed, slots, about or {}))

    def first(
        self, snapshot: Snapshot | None, message: Parsed, slots: Mapping[str, Any], *, sender: str, channel: str
    ) -> Outcome:
        """What pre-empts a message that is answered elsewhere, and nothing more: the message counts as not heard.

        Raises as `handle` does.
        """
        self._check_slots(slots)
        return self._taken(snapshot, sender, channel, lambda turn: turn.first(message, slots))

    def happen(self, snapshot: Snapshot | None, events: Sequence[Event], *, sender: str, channel: str) -> Outcome:
        """Events that no message led to: somebody set a slot from outside, or moved a conversation here."""
        return self._taken(snapshot, sender, channel, lambda turn: turn.happen(events))

    def execute(self, snapshot: Snapshot | None, action: str, *, sender: str, channel: str) -> Outcome:
        """One action that no rule asked for. Raises `ProjectFileError` when nobody declared it."""
        if action not in self._project.domain.actions:
            known = self._project.domain.actions
            raise ProjectFileError(f"unknown action {action!r}{did_you_mean(action, known)}")
        return self._taken(snapshot, sender, channel, lambda turn: turn.execute(action))

    def _taken(self, snapshot: Snapshot | None, sender: str, channel: str, work: Callable[[Turn], None]) -> Outcome:
        policy = self._project.policy
        number = (snapshot["turn"] if snapshot else 0) + 1
        tracker = restore(snapshot, policy.frame)
        stage = Stage(
            self._project.domain, self._speaker, self._run_action, tracker, sender, channel, self._clock(), number
        )
        turn = Turn(stage, policy, self._project.preemptions)
        work(turn)
        turn.end()
        return Outcome(
            snapshot=save(tracker, number, policy.sees_back),
            replies=tuple(stage.replies),
            slots={**tracker.slots, **turn.proposed},
            events=tuple(stage.events),
            failed=turn.failed,
        )

    def say(self, response: str, slots: Mapping[str, Any], *, channel: str) -> Message:
        """One response filled in, outside every conversation. Raises `ProjectFileError` when nobody declared it."""
        responses = self._project.domain.responses
        if response not in responses:
            raise ProjectFileError(f"unknown response {response!r}{did_you_mean(response, responses)}")
        return reply(self._speaker.say(response, slots, channel=channel, seed="") or {})

    def _check_slots(self, slots: Mapping[str, Any]) -> None:
        declared = self._project.domain.slots.slots
        for name in slots:
            if name not in declared:
                raise ProjectFileError(
                    f"slot {name!r} is set by the caller but not declared{did_you_mean(name, declared)}"
                )
