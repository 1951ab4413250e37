"""Actions at a real rasa_sdk server, and at servers that misbehave in every way there is."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bot.dialogue import ActionRejected, Assistant, Project
from bot.errors import ActionFailedError, ProjectFileError
from bot.rasa.action_server import ActionServer, Patience
from bot.rasa.endpoints import Endpoint, read_endpoints
from bot.workbench.served import free_port

LIBRARY = Path(__file__).parent / "project"
CALL = {"next_action": "action_issue", "sender_id": "mei", "tracker": {"slots": {}}, "domain": {}, "version": "3.6.21"}
SHORT = Patience(connect=0.5, answer=0.6, pauses=(0.01, 0.01))
Peer = Callable[[socket.socket], None]
Asking = Callable[..., ActionServer]


@pytest.fixture
def asking() -> Iterator[Asking]:
    """An action server as the engine calls it; its connections are closed in the end."""
    with ExitStack() as stack:

        def make(endpoint: str | Endpoint, patience: Patience = SHORT) -> ActionServer:
            server = ActionServer(Endpoint(endpoint) if isinstance(endpoint, str) else endpoint, patience)
            stack.callback(server.close)
            return server

        yield make


@pytest.fixture(scope="module")
def rasa_sdk_server() -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "rasa_sdk.endpoint", "-p", str(port), "--actions", "actions"]
    with subprocess.Popen(command, cwd=LIBRARY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/webhook"
        process.kill()


def talk(run_action: ActionServer, *messages: str) -> list[list[str | None]]:
    assistant, snapshot, said = Assistant(Project.load(LIBRARY), run_action), None, []
    for message in messages:
        outcome = assistant.handle(snapshot, message, {}, sender="mei", channel="rest")
        snapshot = outcome.snapshot
        said.append([reply["text"] for reply in outcome.replies] + ([outcome.failed] if outcome.failed else []))
    return said


def test_a_conversation_with_its_actions_on_rasa_s_own_server(asking: Asking, rasa_sdk_server: str) -> None:
    assert talk(asking(rasa_sdk_server, Patience()), "a card", "it is ines", "at north", "yes", "crash", "open") == [
        ["Whose card?"],
        ["Which branch?"],
        ["Shall I make it?"],
        ["The card is printed.", "Card L-4 for Ines is ready at north."],
        ["action_crash"],
        ["We open at 9.\n\nWe close at 18."],
    ]


def test_an_action_rasa_s_server_does_not_know_has_failed(asking: Asking, rasa_sdk_server: str) -> None:
    with pytest.raises(ActionFailedError, match="action_fly: the action server knows no such action"):
        asking(rasa_sdk_server, Patience())({**CALL, "next_action": "action_fly"})


class Misbehaving:
    """A server that answers each connection by the next of `peers` (the last one again and again)."""

    def __init__(self, *peers: Peer) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/webhook"
        self.asked: list[bytes] = []
        self._peers = list(peers)
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            peer = self._peers.pop(0) if len(self._peers) > 1 else self._peers[0]
            Thread(target=self._answer, args=(connection, peer), daemon=True).start()

    def _answer(self, connection: socket.socket, peer: Peer) -> None:
        with connection:
            self.asked.append(_request(connection))
            with suppress(OSError):
                peer(connection)

    def close(self) -> None:
        self._socket.close()


def _request(connection: socket.socket) -> bytes:
    asked = b""
    while b"\r\n\r\n" not in asked or not asked.endswith(b"}"):
        asked += connection.recv(65536)
    return asked


@pytest.fixture
def misbehaving() -> Iterator[Callable[..., Misbehaving]]:
    servers: list[Misbehaving] = []

    def make(*peers: Peer) -> Misbehaving:
        servers.append(Misbehaving(*peers))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


def answering(body: bytes, status: str = "200 OK", more: str = "") -> Peer:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return lambda connection: connection.sendall(head.encode() + body)


def hangs(_: socket.socket) -> None:
    time.sleep(2)


def drips(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b" ")
        time.sleep(0.02)


def breaks_off(connection: socket.socket) -> None:
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"events"')


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(20):
        connection.sendall(b"f4240\r\n" + b"x" * 1_000_000 + b"\r\n")


def closes(_: socket.socket) -> None:
    return


@pytest.mark.parametrize(
    ("peer", "told"),
    [
        (hangs, "timed out"),
        (drips, "no whole answer within 0.6 seconds"),
        (breaks_off, "the answer broke off"),
        (endless, "the answer is longer than 1000000 bytes"),
        (closes, "Server disconnected without sending a response"),
        (lambda connection: connection.sendall(b"\x00\xff garbage\r\n\r\n"), "illegal status line"),
        (answering(b"<html>"), "status 200, and the answer is not JSON"),
        (answering(b"[" * 100_000), "the answer is not JSON"),
        (answering(b"{}", "500 Internal Server Error"), "answered with status 500"),
        (answering(b'{"error": "no"}', "400 Bad Request"), "answered with status 400"),
        (answering(b"{}", "302 Found", "Location: http://127.0.0.1:1/\r\n"), "answered with status 302"),
    ],
    ids=lambda given: getattr(given, "__name__", None),
)
def test_a_server_that_misbehaves_is_a_failed_action(
    asking: Asking, misbehaving: Callable[..., Misbehaving], peer: Peer, told: str
) -> None:
    began = time.monotonic()
    with pytest.raises(ActionFailedError, match=told):
        asking(misbehaving(peer).url)(CALL)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "body", [b"null", b"7", b'{"events": 5}', b'{"events": [{"event": "fly"}]}', b'{"events": [1]}']
)
def test_an_answer_that_is_none_takes_the_message_back(
    asking: Asking, misbehaving: Callable[..., Misbehaving], body: bytes
) -> None:
    assert talk(asking(misbehaving(answering(body)).url), "crash", "the map") == [
        ["action_crash"],
        ["This is the way."],
    ]


def test_an_action_that_declines_is_no_failure(asking: Asking, misbehaving: Callable[..., Misbehaving]) -> None:
    server = misbehaving(answering(b'{"action_name": "action_issue", "error": "not now"}', "400 Bad Request"))
    with pytest.raises(ActionRejected):
        asking(server.url)(CALL)
    assert len(server.asked) == 1


def test_a_server_that_closed_before_it_answered_is_asked_again(
    asking: Asking, misbehaving: Callable[..., Misbehaving]
) -> None:
    server = misbehaving(closes, answering(b'{"events": [], "responses": []}'))
    assert asking(server.url)(CALL) == {"events": [], "responses": []}
    assert len(server.asked) == 2


@pytest.mark.parametrize("peer", [hangs, breaks_off, answering(b"{}", "503 Service Unavailable")])
def test_a_server_that_began_to_answer_or_took_its_time_is_asked_once(
    asking: Asking, misbehaving: Callable[..., Misbehaving], peer: Peer
) -> None:
    server = misbehaving(peer)
    with pytest.raises(ActionFailedError):
        asking(server.url)(CALL)
    assert len(server.asked) == 1


def test_nobody_there_is_said_with_the_address(asking: Asking) -> None:
    url = f"http://127.0.0.1:{free_port()}/webhook"
    with pytest.raises(ActionFailedError, match=f"action_issue: {url}: .*Connection refused"):
        asking(url)(CALL)


def test_endpoints_yml_says_what_is_sent_along(
    asking: Asking, misbehaving: Callable[..., Misbehaving], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "s3")
    server = misbehaving(answering(b"{}"))
    (tmp_path / "endpoints.yml").write_text(
        f"action_endpoint:\n  url: {server.url}\n  token: ${{SECRET}}\n  headers: {{X-Desk: front}}\n"
        "  basic_auth:\n    username: ines\n    password: ${SECRET}\ntracker_store: {type: SQL}\n"
    )
    endpoint = read_endpoints(tmp_path / "endpoints.yml", Path("endpoints.yml"))
    assert endpoint is not None
    assert asking(endpoint)(CALL) == {}
    head, _, body = server.asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /webhook?token=s3 HTTP/1.1\r\n")
    assert b"X-Desk: front" in head
    assert b"Authorization: Basic aW5lczpzMw==" in head
    assert json.loads(body) == CALL


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("action_endpoint:\n  ulr: http://x/", "endpoints.yml:2: unknown key `ulr`"),
        ("action_endpoint:\n  url: localhost:5055", "endpoints.yml:2: an action server's address begins with http"),
        (
            "action_endpoint:\n  url: http://x/\n  token: ${NOWHERE}",
            "endpoints.yml:3: not YAML: nothing in the environment is called ${NOWHERE}",
        ),
        ("action_endpoint: [1]", "endpoints.yml:1: `action_endpoint` must be a mapping"),
        ("action_endpoint: {", "endpoints.yml:"),
    ],
)
def test_endpoints_yml_is_refused_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "endpoints.yml").write_text(text)
    with pytest.raises(ProjectFileError) as refused:
        read_endpoints(tmp_path / "endpoints.yml", Path("endpoints.yml"))
    assert str(refused.value).startswith(told)


def test_a_project_without_an_action_server_needs_none(tmp_path: Path) -> None:
    (tmp_path / "endpoints.yml").write_text("tracker_store: {type: SQL}\n")
    found: Any = read_endpoints(tmp_path / "endpoints.yml", Path("endpoints.yml"))
    assert found is None
