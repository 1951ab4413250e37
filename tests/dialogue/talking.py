"""Projects of this folder as assistants, and conversations with them."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from rasa_sdk.executor import ActionExecutor

from bot.dialogue import Assistant, InProcessActions, Outcome, Parsed, Project

PROJECTS = Path(__file__).parent / "projects"


def module_of(path: Path) -> ModuleType:
    """A project's actions file, imported under a name of its own."""
    spec = importlib.util.spec_from_file_location(f"actions_of_{path.parent.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def executor_of(*actions: Any) -> ActionExecutor:
    executor = ActionExecutor()
    for action in actions:
        executor.register_action(action)
    return executor


def assistant_of(project: Path, *, clock: Callable[[], float] = time.time, config: str | None = None) -> Assistant:
    """A project folder with its `actions.py`, if it has one, behind rasa_sdk's own executor."""
    actions = project / "actions.py"
    executor = executor_of(*(module_of(actions).ALL if actions.exists() else ()))
    return Assistant(Project.load(project, config=config), InProcessActions(executor), clock=clock)


class Talk:
    """One conversation, turn by turn."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.outcome: Outcome | None = None

    def say(self, text: str | Parsed, **slots: Any) -> list[str | None]:
        """What the bot answers."""
        before = self.outcome.snapshot if self.outcome else None
        self.outcome = self.assistant.handle(before, text, slots, sender="mei", channel="collector")
        return [reply["text"] for reply in self.outcome.replies]

    @property
    def last(self) -> Outcome:
        assert self.outcome is not None
        return self.outcome
