"""One Rasa server over its HTTP API (rasa `server.py`): a turn is two requests, and both answer in time or it is no turn.

    client = RasaClient("http://127.0.0.1:5005", token="…")
    answer = client.turn("9f0c…", opening, "inform", [])

A turn may be asked for again: it begins a session of its own, and actions write nothing.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import httpx

from bot.errors import RasaServerError
from bot.rasa.bodies import UNPACKED, BodyError, whole

# Rasa reads the files of this project from here on, and kept its API since.
VERSIONS = re.compile(r"3\.\d+\.")
ANSWER_AT_MOST = 4_000_000
EVENTS, TRIGGER, VERSION = "/conversations/{}/tracker/events", "/conversations/{}/trigger_intent", "/version"


@dataclass(frozen=True, slots=True)
class Patience:
    """In seconds: for a connection, for a whole turn (less than others wait for the database), and between two tries.

    `rest` is how long a server that did not answer in time is left alone, so that a whole street does not wait for it.
    """

    connect: float = 1.0
    turn: float = 4.0
    pauses: tuple[float, ...] = (0.2,)
    rest: float = 5.0


class RasaClient:
    """May be used from several threads at once."""

    def __init__(
        self,
        url: str,
        *,
        token: str = "",
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._patience, self._clock = patience or Patience(), clock
        self._client = httpx.Client(
            base_url=url.rstrip("/"),
            params={"token": token} if token else None,
            headers={"Content-Type": "application/json", **UNPACKED},
            trust_env=False,
        )
        self._lock = Lock()
        self._known, self._rests_until = False, 0.0

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def turn(self, conversation: str, opening: Sequence[dict[str, Any]], intent: str, entities: Sequence[Any]) -> Any:  # noqa: ANN401 – checked by whoever reads it
        """Begins a session with `opening`, lets the intent happen in it, and gives what Rasa answers.

        Raises `RasaServerError`; the server is then left alone for a while if it did not answer in time.
        """
        until = self._clock() + self._patience.turn
        if self._clock() < self._rests_until:
            raise RasaServerError("it did not answer in time a moment ago")
        try:
            return self._with_patience(conversation, opening, {"name": intent, "entities": list(entities)}, until)
        except httpx.TimeoutException as error:
            self._rest()
            raise RasaServerError(f"no answer within {self._patience.turn:g} seconds") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._known = False
            raise RasaServerError(f"{type(error).__name__}: {error}") from error

    def _with_patience(
        self, conversation: str, opening: Sequence[dict[str, Any]], intent: dict[str, Any], until: float
    ) -> Any:  # noqa: ANN401 – as above
        """The whole turn again when a connection could not be made or broke off."""
        for pause in self._patience.pauses:
            try:
                return self._once(conversation, opening, intent, until)
            except httpx.TimeoutException:
                raise
            except httpx.TransportError:
                time.sleep(pause)
        return self._once(conversation, opening, intent, until)

    def _once(self, conversation: str, opening: Sequence[dict[str, Any]], intent: dict[str, Any], until: float) -> Any:  # noqa: ANN401 – as above
        self._check_version(until)
        self._ask("POST", EVENTS.format(conversation), opening, "NONE", until)
        return self._ask("POST", TRIGGER.format(conversation), intent, "ALL", until)

    def _check_version(self, until: float) -> None:
        """Asked once, and again after it was away: another server may have come back."""
        if self._known:
            return
        answer = self._ask("GET", VERSION, None, "NONE", until)
        version = answer.get("version") if isinstance(answer, dict) else None
        if not isinstance(version, str) or not VERSIONS.match(version):
            raise RasaServerError(f"it is not Rasa 3: its version is {str(version)[:40]!r}")
        self._known = True

    def _rest(self) -> None:
        with self._lock:
            self._known, self._rests_until = False, self._clock() + self._patience.rest

    def _ask(self, method: str, path: str, body: object, shown: str, until: float) -> Any:  # noqa: ANN401 – as above
        """One request. Raises what httpx raises, and `RasaServerError` for a refusal or an answer that is none."""
        left = until - self._clock()
        if left <= 0:
            raise httpx.ReadTimeout("the turn's time is over")
        timeout = httpx.Timeout(left, connect=min(left, self._patience.connect))
        content = None if body is None else json.dumps(body).encode()
        query = {"include_events": shown}
        with self._client.stream(method, path, content=content, params=query, timeout=timeout) as response:
            text = self._whole(response, until)
        if response.status_code != httpx.codes.OK:
            raise RasaServerError(f"{path.rsplit('/', 1)[-1]}: status {response.status_code}")
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise RasaServerError(f"{path.rsplit('/', 1)[-1]}: the answer is not JSON") from error

    def _whole(self, response: httpx.Response, until: float) -> bytes:
        seconds = self._patience.turn
        try:
            return whole(response, at_most=ANSWER_AT_MOST, seconds=seconds, until=until, clock=self._clock)
        except BodyError as error:
            if error.late:
                raise httpx.ReadTimeout(str(error)) from error
            raise RasaServerError(str(error)) from error
