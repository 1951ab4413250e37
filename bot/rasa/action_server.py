"""An action server over HTTP, as Rasa calls it (rasa `core/actions/action.py`, `RemoteAction`).

    run_action = ActionServer(Endpoint("http://localhost:5055/webhook"))

It answers in time and in measure, or the action has failed: the engine then takes the message back.
"""

from __future__ import annotations

import json
import ssl
import time
from dataclasses import dataclass
from typing import Any

import httpx

from bot.dialogue import ActionRejected
from bot.dialogue.acting.remote import ANSWER_AT_MOST
from bot.errors import ActionFailedError, ProjectFileError
from bot.rasa.bodies import UNPACKED, BodyError, whole
from bot.rasa.endpoints import Endpoint

# Asked again only when no byte of an answer came: the server is starting, or has just closed a connection that was
# kept. Actions write nothing (they return events), so that one that did run may run again.
NO_ANSWER = (httpx.ConnectError, httpx.ConnectTimeout, httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
REJECTED, UNKNOWN = 400, 404


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited for a connection and for the whole answer, in seconds; and the pauses before asking again."""

    connect: float = 3.0
    answer: float = 30.0
    pauses: tuple[float, ...] = (0.1, 0.4)


class ActionServer:
    """Runs actions elsewhere. May be called from several threads at once."""

    def __init__(self, endpoint: Endpoint, patience: Patience | None = None) -> None:
        """Raises `ProjectFileError` when the endpoint's certificates cannot be read."""
        self._url, self._patience = endpoint.url, patience or Patience()
        self._client = httpx.Client(
            params=dict(endpoint.params),
            headers=dict(endpoint.headers),
            auth=endpoint.auth,
            verify=_trust(endpoint.cafile),
            timeout=httpx.Timeout(self._patience.answer, connect=self._patience.connect),
            limits=httpx.Limits(max_connections=None, keepalive_expiry=2.0),
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def __call__(self, call: dict[str, Any]) -> Any:  # noqa: ANN401 – checked by the engine, like every answer
        """The action's answer. Raises `ActionRejected` or `ActionFailedError`."""
        name = call["next_action"]
        body = json.dumps(call, ensure_ascii=False).encode()
        try:
            status, answer = self._asked(name, body)
        except httpx.HTTPError as error:
            raise ActionFailedError(f"{name}: {self._url}: {str(error) or type(error).__name__}") from error
        return _read(name, status, answer)

    def _asked(self, name: str, body: bytes) -> tuple[int, bytes]:
        for pause in self._patience.pauses:
            try:
                return self._ask(name, body)
            except NO_ANSWER:
                time.sleep(pause)
        return self._ask(name, body)

    def _ask(self, name: str, body: bytes) -> tuple[int, bytes]:
        """Status and body; a body that takes too long, or is too long, is not read to its end."""
        seconds = self._patience.answer
        until = time.monotonic() + seconds
        headers = {"Content-Type": "application/json", **UNPACKED}
        with self._client.stream("POST", self._url, content=body, headers=headers) as response:
            try:
                return response.status_code, whole(response, at_most=ANSWER_AT_MOST, seconds=seconds, until=until)
            except BodyError as error:  # it has begun: the action ran, and is not asked again
                raise ActionFailedError(f"{name}: {error}") from error


def _read(name: str, status: int, body: bytes) -> Any:  # noqa: ANN401 – as above
    try:
        answer = json.loads(body) if body else None
    except (ValueError, RecursionError) as error:
        raise ActionFailedError(f"{name}: status {status}, and the answer is not JSON") from error
    if status == REJECTED and isinstance(answer, dict) and "action_name" in answer:
        raise ActionRejected(name)
    if status == UNKNOWN:
        raise ActionFailedError(f"{name}: the action server knows no such action, or has another address (status 404)")
    if not httpx.codes.is_success(status):
        raise ActionFailedError(f"{name}: the action server answered with status {status}")
    return answer


def _trust(cafile: str | None) -> ssl.SSLContext | bool:
    if cafile is None:
        return True
    try:
        return ssl.create_default_context(cafile=cafile)
    except (OSError, ssl.SSLError) as error:
        raise ProjectFileError(f"cafile {cafile} cannot be read: {error}") from error
