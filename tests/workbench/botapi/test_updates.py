"""Updates: increasing ids, kept until confirmed, one receiver at a time."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from bot.workbench.botapi import BotApi, Person
from tests.workbench.botapi.conftest import Bot


def test_updates_are_kept_until_the_offset_confirms_them(bot: Bot, mother: Person) -> None:
    mother.writes("一")
    mother.writes("二")
    ids = [update["update_id"] for update in bot.updates()]
    assert ids == [update["update_id"] for update in bot.updates(limit=100)]
    assert ids == sorted(set(ids))
    assert [update["message"]["text"] for update in bot.updates(offset=ids[2])] == ["二"]
    assert len(bot.updates()) == 1
    assert bot.updates(offset=ids[2] + 1) == []


def test_a_negative_offset_keeps_only_the_newest(bot: Bot, mother: Person) -> None:
    mother.writes("一")
    assert [update["message"]["text"] for update in bot.updates(offset=-1)] == ["一"]


def test_a_long_poll_waits_for_the_next_update(bot: Bot, mother: Person) -> None:
    offset = bot.updates()[-1]["update_id"] + 1
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(bot.updates, offset=offset, timeout=10)
        time.sleep(0.1)
        assert not waiting.done()
        mother.writes("来了")
        assert [update["message"]["text"] for update in waiting.result(2)] == ["来了"]


def test_the_earlier_of_two_pollers_is_refused(bot: Bot) -> None:
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(bot.refused, "getUpdates", timeout=10)
        time.sleep(0.1)
        bot.updates()
        code, description = waiting.result(2)
    assert (code, description[:40]) == (409, "Conflict: terminated by other getUpdates")


def test_only_what_was_asked_for_is_delivered(bot: Bot, mother: Person) -> None:
    bot.updates(allowed_updates=["callback_query"])
    mother.writes("没人听")
    assert [update["message"]["text"] for update in bot.updates(allowed_updates=[])] == ["你好"]
    mother.writes("听见了")
    assert len(bot.updates()) == 2


def test_the_same_update_can_come_again_after_it_was_confirmed(api: BotApi, bot: Bot, mother: Person) -> None:
    sent = mother.writes("一")
    assert bot.updates(offset=sent.update_id + 1) == []
    api.redeliver(sent.update_id)
    assert [update["update_id"] for update in bot.updates(offset=sent.update_id + 1)] == [sent.update_id]
    assert bot.updates(offset=sent.update_id + 1) == []


def test_what_happened_while_the_network_was_gone_is_not_lost(api: BotApi, bot: Bot, mother: Person) -> None:
    before = api.url
    api.goes_down()
    mother.writes("断网了")
    api.comes_up()
    assert api.url == before
    assert [update["message"]["text"] for update in bot.updates()] == ["你好", "断网了"]


def test_a_blocked_bot_and_a_group_are_told_as_membership(api: BotApi, bot: Bot, mother: Person) -> None:
    mother.blocks()
    group = api.group("邻里群", mother)
    mother.writes_in_group(group, "大家好")
    blocked, added, message = bot.updates()[1:]
    assert blocked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert added["my_chat_member"]["chat"]["type"] == "supergroup"
    assert message["message"]["chat"]["title"] == "邻里群"
    assert bot.calls("leaveChat", chat_id=group.chat.id)["ok"]
    assert not group.bot_is_here
    mother.writes_in_group(group, "它走了吗")
    assert [seen.text for seen in group.sees()] == ["大家好", "它走了吗"]
    assert len(bot.updates()) == 4


@contextmanager
def a_webhook(statuses: list[int]) -> Iterator[tuple[str, list[tuple[str | None, dict[str, Any]]]]]:
    """A web server that answers with these statuses in turn and keeps what it was sent."""
    got: list[tuple[str | None, dict[str, Any]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], json.loads(body)))
            self.send_response(statuses.pop(0))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", got
    server.shutdown()
    server.server_close()


def test_a_webhook_gets_each_update_with_its_secret_until_it_says_200(api: BotApi, bot: Bot, mother: Person) -> None:
    with a_webhook([500, 200, 200]) as (url, got):
        assert bot.calls("setWebhook", url=url, secret_token="s3cret_")["ok"]
        assert bot.refused("getUpdates")[0] == 409
        second = mother.writes("二")
        assert api.confirmed(second.update_id, within=5)
        assert [(secret, update["message"]["text"]) for secret, update in got] == [
            ("s3cret_", "你好"),
            ("s3cret_", "你好"),
            ("s3cret_", "二"),
        ]
        info = bot.calls("getWebhookInfo")["result"]
        assert (info["url"], info["pending_update_count"]) == (url, 0)
        assert info["last_error_message"].startswith("Wrong response from the webhook: 500")
        assert bot.calls("deleteWebhook")["ok"]
    assert bot.updates() == []


def test_a_webhook_must_be_https_and_its_secret_plain(bot: Bot) -> None:
    assert bot.refused("setWebhook", url="http://example.org/hook")[1] == (
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    )
    assert bot.refused("setWebhook", url="https://example.org/hook", secret_token="空 格")[0] == 400
