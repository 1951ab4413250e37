"""A time limit for actions in this process: each runs in a thread, and is waited for only so long.

A thread that hangs cannot be killed in Python. It is left behind, as a daemon that does not keep the process from
ending, and its answer, should it ever come, is thrown away.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from bot.dialogue.actions import RunAction
from bot.errors import ActionFailedError

Answer = tuple[Any, BaseException | None]
SECONDS = 10.0
# Beyond so many that hang, actions fail at once: something is wrong that waiting does not mend.
HANGING_AT_MOST = 100


class Timed:
    """Runs actions, each for at most some seconds."""

    def __init__(self, run_action: RunAction, seconds: float = SECONDS) -> None:
        self._run_action, self._seconds = run_action, seconds
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._hanging = 0

    def __call__(self, call: dict[str, Any]) -> Any:  # noqa: ANN401 – checked by the engine, like every answer
        """The action's answer. Raises what the action raises, or `ActionFailedError` when there is none in time."""
        if self._hanging >= HANGING_AT_MOST:
            raise ActionFailedError(f"{call['next_action']}: too many actions hang; start the program anew")
        worker = self._worker()
        try:
            answer, error = worker.run(call, self._seconds)
        except Empty:
            self._hanging += 1
            raise ActionFailedError(f"{call['next_action']}: no answer within {self._seconds:g} seconds") from None
        self._idle.put(worker)
        if error is not None and not isinstance(error, Exception):
            raise ActionFailedError(f"{call['next_action']}: it tried to end the program") from error
        if error is not None:
            raise error
        return answer

    def _worker(self) -> _Worker:
        try:
            return self._idle.get_nowait()
        except Empty:
            return _Worker(self._run_action)


class _Worker:
    """One thread that runs one action after another."""

    def __init__(self, run_action: Callable[[dict[str, Any]], Any]) -> None:
        self._run_action = run_action
        self._calls: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        Thread(target=self._work, name="action", daemon=True).start()

    def run(self, call: dict[str, Any], seconds: float) -> Answer:
        """Answer and error. Raises `Empty` when neither came in time; then this worker is lost."""
        self._calls.put(call)
        return self._answers.get(timeout=seconds)

    def _work(self) -> None:
        while True:
            call = self._calls.get()
            try:
                self._answers.put((self._run_action(call), None))
            except BaseException as error:  # noqa: BLE001 – whatever it is, it belongs to whoever asked
                self._answers.put((None, error))
