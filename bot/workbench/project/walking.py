"""Walking a test story: what was expected at each step, and what came (rasa `core/test.py`).

As in `rasa test`, no action runs: the story says what they set. Each message is understood and compared, each action is
predicted and compared; whatever comes, the story goes on as it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue import Assistant, Parsed, Project
from bot.dialogue.memory.events import Event, action_executed, rejected
from bot.dialogue.memory.tracker import Tracker
from bot.errors import ActionFailedError
from bot.rasa.host import CACHE
from bot.workbench.project.stories import Story, read_stories

# What Rasa compares of an entity.
COMPARED = ("start", "end", "entity", "value")


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a story; `found` is what came instead, None where it came as written."""

    event: Event
    found: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """A story and how it went."""

    story: Story
    steps: tuple[Step, ...]

    @property
    def wrong(self) -> tuple[Step, ...]:
        """The steps that came otherwise."""
        return tuple(step for step in self.steps if step.found is not None)


def walks(folder: Path, *, ignore_unsupported: bool = False) -> list[Walk]:
    """Every test story of a project. Raises `ProjectFileError` with file and line for what cannot be read."""
    project = Project.load(folder, ignore_unsupported=ignore_unsupported, cache=folder / CACHE)
    walker = Walker(project, Assistant(project, _never))
    return [walker.walk(story) for story in read_stories(folder, project)]


def _never(call: Any) -> Any:  # noqa: ANN401 – no action runs
    raise ActionFailedError(call["next_action"])


class Walker:
    """Walks stories of one project."""

    def __init__(self, project: Project, assistant: Assistant) -> None:
        self._project, self._assistant = project, assistant

    def walk(self, story: Story) -> Walk:
        """The whole story."""
        tracker = Tracker(self._project.policy.frame)
        tracker.update(story.events[:1])
        return Walk(story, tuple(self._step(tracker, event) for event in story.events[1:]))

    def _step(self, tracker: Tracker, event: Event) -> Step:
        if event["event"] == "action":
            return self._action(tracker, event)
        if event["event"] == "user":
            return self._message(tracker, event)
        tracker.update([event])
        return Step(event)

    def _message(self, tracker: Tracker, event: Event) -> Step:
        """The message, understood as the story says, whatever it was understood as."""
        meant = event["parse_data"]
        understood = self._assistant.parse(event["text"]) if event["text"] else None
        if understood is not None and meant["intent"]["name"] is None:
            meant = understood.data()  # a story that does not say what its words mean
            event = {**event, "parse_data": meant}
        tracker.update([event])
        if understood is None or _same(meant, understood):
            return Step(event)
        return Step(event, {"intent": _selected(understood), "entities": [dict(e) for e in understood.entities]})

    def _action(self, tracker: Tracker, event: Event) -> Step:
        """The action predicted. A form may have declined: what the story says instead is then tried."""
        expected = event["name"]
        found = self._predicted(tracker)
        if not self._is(found, event) and found == tracker.loop_name and found in self._project.domain.forms:
            tracker.update([rejected(found)])
            found = self._predicted(tracker)
        fits = self._is(found, event)
        tracker.update([action_executed(found if fits else str(expected))])
        return Step(event, None if fits else {"action": found})

    def _predicted(self, tracker: Tracker) -> str:
        if tracker.followup is not None:
            return tracker.followup
        return self._project.policy.predict(tracker).action

    def _is(self, action: str, event: Event) -> bool:
        """Whether the action is the one that is meant, by its name or by the words it says."""
        if event["name"] is not None:
            return bool(action == event["name"])
        said = self._project.domain.responses.get(action, ())
        return any(variation.content.get("text", "").strip() == event["text"] for variation in said)


def _same(meant: Mapping[str, Any], understood: Parsed) -> bool:
    wanted = meant["intent"].get("full_retrieval_intent_name") or meant["intent"]["name"]
    return wanted in {understood.intent, _selected(understood)} and _compared(meant["entities"]) == _compared(
        understood.entities
    )


def _selected(understood: Parsed) -> str | None:
    """The intent with the response chosen for it, where it is a retrieval intent (`faq/ask_hours`)."""
    selected = understood.selected or {}
    if understood.intent is None or understood.intent not in selected.get("all_retrieval_intents", ()):
        return understood.intent
    chosen = selected.get("default") or selected.get(understood.intent) or {}
    return chosen.get("response", {}).get("intent_response_key") or understood.intent


def _compared(entities: Iterable[Mapping[str, Any]]) -> set[tuple[Any, ...]]:
    return {tuple(str(entity.get(key)) for key in COMPARED) for entity in entities}
