"""Running actions: the call an action server would receive, and rasa_sdk's executor in this process.

`run_action` is any function from the call's JSON to the answer's: `{"events": […], "responses": […]}`. It raises
`ActionRejected` when the action declines to run, and `ActionFailedError` when it cannot be run or its answer cannot
be used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from bot.dialogue.plain import Plain
from bot.errors import ActionFailedError

RunAction = Callable[[dict[str, Any]], Any]


class ActionRejected(Exception):  # noqa: N818 – nothing went wrong: the action leaves the turn to a rule
    """An action declines to run (rasa_sdk's `ActionExecutionRejection`, an action server's status 400)."""


class Executor(Protocol):
    """rasa_sdk's `ActionExecutor`, as far as it is used here."""

    def run(self, action_call: dict[str, Any]) -> Coroutine[Any, Any, Any]:
        """Runs one action."""
        ...


class InProcessActions:
    """Drives an executor without an event loop: a coroutine that never waits is finished by its first step.

    An action that does wait for something runs on an event loop, in another thread where this one has a loop already;
    what it does before it first waits is then done twice, once a process.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._waiting: set[str] = set()
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="actions")

    def __call__(self, call: dict[str, Any]) -> dict[str, Any]:
        """The action's answer. Raises `ActionRejected` or `ActionFailedError`."""
        name = call["next_action"]
        try:
            result = self._on_a_loop(call) if name in self._waiting else self._stepped(call)
            events, responses = result.events, result.responses
        except Exception as error:
            if type(error).__name__ == "ActionExecutionRejection":
                raise ActionRejected(name) from error
            raise ActionFailedError(f"{name}: {type(error).__name__}: {error}") from error
        return {"events": events, "responses": responses}

    def _stepped(self, call: dict[str, Plain]) -> Plain:
        coroutine = self._executor.run(call)
        try:
            coroutine.send(None)
        except StopIteration as done:
            return done.value
        except RuntimeError as error:
            if "no running event loop" not in str(error):
                raise
        coroutine.close()
        self._waiting.add(call["next_action"])
        return self._on_a_loop(call)

    def _on_a_loop(self, call: dict[str, Plain]) -> Plain:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(self._executor.run(call))
        return self._threads.submit(asyncio.run, self._executor.run(call)).result()
