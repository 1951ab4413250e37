"""Signed webhooks to an agency's own program.

    POST https://agency.example/hook
    Rightdoor-Id: 6f…                 the same for a repeat, to be recognised by
    Rightdoor-Timestamp: 1764120000   Unix seconds; refuse what is older than five minutes
    Rightdoor-Signature: v1=…         HMAC-SHA256 of `timestamp.body`, hex, with the agency's secret
    {"id": …, "event": "referral", "referral": …, "risk": "high", "service": …, "county": …, "deadline": …, "text": …}

2xx takes it. 3xx is not followed: an address that moves is changed in the directory. 408, 425, 429 and 5xx are tried again.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus

import httpx

from bot.errors import DeliveryError
from bot.replies import Reply

SECONDS = 10.0  # to connect, and for each answer
LONGEST_ASKED = 3600.0  # a receiver may ask us to wait, but not for ever
LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class HookSender:
    """Posts to agencies' webhooks."""

    def __init__(
        self,
        address_of: Callable[[str], str],
        secret_of: Callable[[str], str],
        *,
        clock: Callable[[], float] = time.time,
        seconds: float = SECONDS,
    ) -> None:
        """`address_of` gives an agency's webhook, empty when it has none any more; `secret_of` the secret of a webhook."""
        self._address_of = address_of
        self._secret_of = secret_of
        self._clock = clock
        self._client = httpx.Client(timeout=seconds, follow_redirects=False, trust_env=False)

    def send(self, chat: str, reply: Reply) -> str:
        """Hands one message over; `chat` is the agency's id. Raises `DeliveryError`, `permanent` for a 3xx or 4xx."""
        url = self._address_of(chat)
        if not url:
            raise DeliveryError("the agency has no webhook any more", permanent=True)
        fields = dict(reply.fields)
        body = json.dumps(fields | {"text": reply.text}, ensure_ascii=False).encode()
        at = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "rightdoor",
            "Rightdoor-Id": fields.get("id", ""),
            "Rightdoor-Timestamp": at,
            "Rightdoor-Signature": signature(self._secret_of(url), at, body),
        }
        try:
            with self._client.stream("POST", url, content=body, headers=headers) as answer:
                _judge(answer)  # its body is nobody's business
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise DeliveryError(f"the webhook does not answer: {type(error).__name__}") from error
        return fields.get("id", "")

    def close(self) -> None:
        """Hangs up."""
        self._client.close()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What stands in `Rightdoor-Signature`."""
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, sha256)
    return f"v1={signed.hexdigest()}"


def _judge(answer: httpx.Response) -> None:
    """Raises `DeliveryError` for anything but 2xx."""
    if answer.is_success:
        return
    asked = answer.headers.get("retry-after", "")
    wait = min(float(asked), LONGEST_ASKED) if asked.isdecimal() and int(asked) else None
    again = answer.is_server_error or answer.status_code in LATER
    raise DeliveryError(
        f"the webhook answers {answer.status_code}", retry_after=wait if again else None, permanent=not again
    )
