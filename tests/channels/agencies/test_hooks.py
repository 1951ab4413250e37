"""Signed webhooks, to a real receiver on loopback that does what receivers do."""

from __future__ import annotations

import hmac
import json
import socket
import time
from collections.abc import Callable
from hashlib import sha256
from threading import Event

import pytest

from bot.channels.agencies import HookSender
from bot.errors import DeliveryError
from bot.replies import Reply
from tests.channels.agencies.servers import receiver

LETTER = Reply("有一件转介请您接", fields=(("id", "a1b2"), ("event", "referral"), ("risk", "high")))
Write = Callable[[bytes], object]


def status(code: int, *headers: str) -> Callable[[Write], object]:
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {code} x", *headers, "Content-Length: 0", ""))
    return lambda write: write(head.encode())


def sender(url: str, seconds: float = 1.0) -> HookSender:
    return HookSender({"agency": url}.get, lambda of: f"secret of {of}", clock=lambda: 1_764_120_000.5, seconds=seconds)  # type: ignore[arg-type]


def refusal(answer: Callable[[Write], object], seconds: float = 1.0) -> DeliveryError:
    with receiver(answer) as (url, _), pytest.raises(DeliveryError) as caught:
        sender(url, seconds).send("agency", LETTER)
    return caught.value


def test_a_message_is_signed_with_the_time_and_the_agencys_secret() -> None:
    with receiver(status(204)) as (url, posts):
        sender(url).send("agency", LETTER)
    [post] = posts
    secret = f"secret of {url}"
    expected = hmac.new(secret.encode(), b"1764120000." + post.body, sha256).hexdigest()
    assert post.headers["rightdoor-signature"] == f"v1={expected}"
    assert post.headers["rightdoor-timestamp"] == "1764120000"
    assert post.headers["rightdoor-id"] == "a1b2"
    assert json.loads(post.body) == dict(LETTER.fields) | {"text": "有一件转介请您接"}


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(code: int) -> None:
    with receiver(status(204)) as (elsewhere, strangers):
        assert refusal(status(code, f"Location: {elsewhere}")).permanent
    assert strangers == []


@pytest.mark.parametrize(("code", "permanent"), [(400, True), (404, True), (410, True), (408, False), (429, False)])
def test_what_an_answer_means(code: int, permanent: bool) -> None:  # noqa: FBT001 – a table's column
    assert refusal(status(code)).permanent is permanent


@pytest.mark.parametrize("code", [500, 502, 503, 504])
def test_a_receiver_in_trouble_is_tried_again(code: int) -> None:
    assert not refusal(status(code)).permanent


@pytest.mark.parametrize(("asked", "wait"), [("30", 30.0), ("999999", 3600.0), ("0", None), ("soon", None)])
def test_a_receiver_may_say_how_long_to_wait_but_not_for_ever(asked: str, wait: float | None) -> None:
    assert refusal(status(503, f"Retry-After: {asked}")).retry_after == wait


@pytest.mark.parametrize("garbage", [b"", b"\x00\xff\xfe hello\r\n\r\n", b"HTTP/9.9 maybe\r\n\r\n", b"HTTP/1.1 200"])
def test_garbage_is_no_answer(garbage: bytes) -> None:
    assert not refusal(lambda write: write(garbage)).permanent


def test_a_receiver_that_never_answers_is_not_waited_for() -> None:
    done = Event()
    began = time.monotonic()
    assert not refusal(lambda _: done.wait(10), seconds=0.3).permanent
    done.set()
    assert time.monotonic() - began < 5


def test_a_slow_answer_is_an_answer_and_an_endless_body_is_not_read() -> None:
    def slowly(write: Write) -> None:
        time.sleep(0.2)
        write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + b"x" * 1000)

    with receiver(slowly) as (url, _):
        assert sender(url).send("agency", LETTER) == "a1b2"


def test_nobody_there_is_tried_again_and_an_agency_without_a_webhook_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(DeliveryError) as gone:
        sender(f"http://127.0.0.1:{port}/").send("agency", LETTER)
    assert not gone.value.permanent
    with pytest.raises(DeliveryError) as nobody:
        sender("http://127.0.0.1/").send("another", LETTER)
    assert nobody.value.permanent
