"""Updates posted to the bot, one after the other, until it says 200."""

from __future__ import annotations

import threading
from typing import Any

import httpx

from bot.workbench.botapi.updates import Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 – the header's name, not a secret
RETRY_AFTER = 0.2
LOOK_AGAIN = 0.5


class Webhook:
    """Posts each pending update to `url`; whatever is not a 2xx is tried again. Telegram waits longer between tries."""

    def __init__(self, url: str, secret: str | None, updates: Updates) -> None:
        self.url = url
        self.last_error: tuple[int, str] | None = None
        self._secret = secret
        self._updates = updates
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._post_all, name="webhook", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No more posts after this."""
        self._stopped.set()

    def _post_all(self) -> None:
        with httpx.Client(timeout=10, trust_env=False) as client:
            while not self._stopped.is_set():
                update = self._updates.first(LOOK_AGAIN)
                if update and not self._stopped.is_set():
                    self._post(client, update)

    def _post(self, client: httpx.Client, update: dict[str, Any]) -> None:
        problem = self._problem(client, update)
        if problem is None:
            self._updates.done(update)
        else:
            self.last_error = problem
            self._stopped.wait(RETRY_AFTER)

    def _problem(self, client: httpx.Client, update: dict[str, Any]) -> tuple[int, str] | None:
        try:
            answer = client.post(self.url, json=update, headers={SECRET_HEADER: self._secret} if self._secret else {})
        except httpx.HTTPError as error:
            return 0, f"Connection failed: {type(error).__name__}"
        if answer.is_success:
            return None
        return answer.status_code, f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
