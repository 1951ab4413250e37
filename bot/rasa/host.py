"""A project that is hosted: its files, its actions wherever they run, and an honest word when one fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import uuid4

from ruamel.yaml import YAML

from bot.dialogue import Assistant, Outcome, Project
from bot.dialogue.actions import RunAction
from bot.dialogue.files.node import Node
from bot.dialogue.memory.events import bot_uttered
from bot.errors import ActionFailedError
from bot.rasa.action_server import ActionServer
from bot.rasa.actions_folder import actions_in, has_actions
from bot.rasa.conversations import Heard
from bot.rasa.endpoints import Endpoint, checked_url, read_endpoints
from bot.settings import project_folder

log = logging.getLogger(__name__)

# A project may say itself what people are told when an action failed.
APOLOGY = "utter_action_failed"
ENDPOINTS = "endpoints.yml"
# Where, in a project, what its pipeline learned is kept.
CACHE = Path(".rightdoor") / "cache"


@dataclass(frozen=True, slots=True)
class Choice:
    """How a project is to be run; what is empty is as the project says.

    `actions` is an action server's address; `endpoints` a file like `endpoints.yml`; `seconds` what an action in this
    process is given.
    """

    folder: Path
    actions: str = ""
    endpoints: Path | None = None
    ignore_unsupported: bool = False
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Host:
    """A project one can talk to. `id` changes with its files; `where` says, for people, where its actions run."""

    name: str
    id: str
    project: Project
    assistant: Assistant
    where: str
    default_apology: str

    @classmethod
    def open(cls, choice: Choice, tell: Callable[[str], None] | None = None) -> Host:
        """Loads everything. `tell` is given in full what went wrong in an action; the log has only the kind of error.

        Raises `ProjectFileError` with file and line for whatever is not right.
        """
        cache = choice.folder / CACHE
        project = Project.load(choice.folder, ignore_unsupported=choice.ignore_unsupported, cache=cache)
        run_action, where = actions_of(choice)
        run_action = _telling(run_action, tell) if tell else run_action
        name, apology = choice.folder.resolve().name, _default_apology(_language(choice.folder))
        return cls(name, _hash(choice.folder), project, Assistant(project, run_action), where, apology)

    def turn(self, snapshot: dict[str, Any] | None, heard: Heard) -> Outcome:
        """One message, answered; where an action failed, whoever wrote is told so."""
        about = {"message_id": heard.id or uuid4().hex, "metadata": dict(heard.metadata or {})}
        outcome = self.assistant.handle(
            snapshot, heard.text, {}, sender=heard.sender, channel=heard.channel, about=about
        )
        return self._apologising(outcome, heard) if outcome.failed else outcome

    def _apologising(self, outcome: Outcome, heard: Heard) -> Outcome:
        """Says that something went wrong: nothing that follows in the rule was said, so nobody is told it worked."""
        log.warning("the action %s failed: %s", outcome.failed, _reason(outcome))
        said: dict[str, Any] = {"text": self.default_apology, "buttons": [], "image": None, "custom": None}
        if APOLOGY in self.project.domain.responses:
            said = self.assistant.say(APOLOGY, outcome.slots, channel=heard.channel)
        event = {**bot_uttered({**said, "utter_action": APOLOGY}), "timestamp": time.time()}
        return replace(outcome, replies=(*outcome.replies, said), events=(*outcome.events, event))


def actions_of(choice: Choice) -> tuple[RunAction, str]:
    """Where actions run: the server that is named, else the project's own folder, else the server of `endpoints.yml`."""
    if choice.actions:
        return ActionServer(Endpoint(checked_url(choice.actions))), choice.actions
    if choice.endpoints is None and has_actions(choice.folder):
        return actions_in(choice.folder, choice.seconds), "in this process"
    path = choice.endpoints or choice.folder / ENDPOINTS
    if choice.endpoints or path.is_file():
        endpoint = read_endpoints(path, Path(path.name))
        if endpoint:
            return ActionServer(endpoint), endpoint.url
    return _nowhere, "nowhere: the project has neither actions of its own nor an action server"


def _telling(run_action: RunAction, tell: Callable[[str], None]) -> RunAction:
    def run(call: dict[str, Any]) -> Any:  # noqa: ANN401 – checked by the engine, like every answer
        try:
            return run_action(call)
        except ActionFailedError as error:
            tell(str(error))
            raise

    return run


def _nowhere(call: dict[str, Any]) -> Any:  # noqa: ANN401 – never answers
    raise ActionFailedError(f"{call['next_action']}: there is nowhere to run it")


def _reason(outcome: Outcome) -> str:
    reasons = (event.get("reason") for event in outcome.events if event["event"] == "action_execution_failed")
    return str(next(reasons, "it ran too often"))


def _hash(folder: Path) -> str:
    """Changes when a file of the project does."""
    found = blake2b(digest_size=16)
    places = [folder / name for name in ("config.yml", "domain.yml", "domain.yaml", "domain", "data")]
    for path in sorted(p for place in places for p in (place, *place.rglob("*.y*ml")) if p.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _language(folder: Path) -> str:
    value = Node.of_file(folder / "config.yml", Path("config.yml")).child("language").value
    return str(value or "en")


def _default_apology(language: str) -> str:
    path = project_folder() / "data" / "hosting.yml"
    words: dict[str, str] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))["action_failed"]
    return words.get(language.split("-", maxsplit=1)[0], words["en"])
