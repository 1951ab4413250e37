"""The same cases through our engine."""

from __future__ import annotations

import json
import tempfile
import time
from typing import Any

from bot.dialogue import ActionRejected, Assistant, Project
from bot.errors import ProjectFileError
from tests.dialogue.parity.generated import scripted

Case = dict[str, Any]


def play(case: Case) -> dict[str, Any]:
    """What happened: `refused`, or the turns of every walk."""
    with tempfile.TemporaryDirectory() as folder:
        scripted.write(case, folder)
        try:
            project = Project.load(folder)
        except ProjectFileError as error:
            return {"refused": str(error)}
    return {"walks": [_Walk(case, project, f"walk-{n}").turns(said) for n, said in enumerate(case["walks"])]}


class _Walk:
    def __init__(self, case: Case, project: Project, sender: str) -> None:
        self._case, self._sender = case, sender
        self._assistant = Assistant(project, self._run, clock=lambda: time.time() + self._offset)
        self._offset = 0.0
        self._calls: list[dict[str, Any]] = []

    def _run(self, call: dict[str, Any]) -> dict[str, Any]:
        call = json.loads(json.dumps(call))
        self._calls.append(scripted.seen(call))
        try:
            return scripted.play(self._case["actions"][call["next_action"]], call)
        except scripted.Rejected as rejected:
            raise ActionRejected(str(rejected)) from rejected

    def turns(self, messages: list[Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        snapshot = None
        for text in messages:
            if isinstance(text, dict):
                self._offset += text["minutes"] * 60
                continue
            self._calls = []
            outcome = self._assistant.handle(snapshot, text, {}, sender=self._sender, channel="collector")
            snapshot = json.loads(json.dumps(outcome.snapshot))
            found.append(
                {
                    "user": text,
                    "replies": [_said(reply) for reply in outcome.replies],
                    "actions": _actions(outcome.events),
                    "slots": {k: v for k, v in snapshot["slots"].items() if k not in scripted.HIDDEN},
                    "loop": (snapshot["loop"] or {}).get("name"),
                    "calls": self._calls,
                    "failed": outcome.failed,
                    "paused": snapshot["paused"],
                }
            )
        return found


def _actions(events: tuple[dict[str, Any], ...]) -> list[str]:
    """What ran in this turn; a record begins with the listening of the turn before."""
    new = events[1:] if events[0].get("name") == "action_listen" else events
    return [event["name"] for event in new if event["event"] == "action"]


def _said(reply: dict[str, Any]) -> dict[str, Any]:
    said = {key: value for key, value in reply.items() if value}
    if said.get("attachment") == said.get("image"):
        said.pop("attachment", None)
    return said
