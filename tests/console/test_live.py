"""Pages that renew themselves: a stream that says only that there is something new, to whoever it is for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from bot.console import live
from bot.errors import StoreUnavailableError
from bot.store.outbox import Outbox
from tests.console.conftest import Desk


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LOOK", 0.05)
    monkeypatch.setattr(live, "STILL", 0.3)


@contextmanager
def listening(browser: httpx.Client) -> Iterator[Iterator[str]]:
    with browser.stream("GET", "/console/live", timeout=10) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        lines = stream.iter_lines()
        assert next(lines) == "retry: 2000"
        next(lines)
        yield lines


def test_a_new_referral_is_announced_to_whoever_has_it_without_a_word_of_it(desk: Desk) -> None:
    browser = desk.signs_in("director")
    with listening(browser) as lines:
        desk.world.family()
        told = [next(lines) for _ in range(3)]
    assert told[0] == "event: news"
    assert told[2].removeprefix("data: ").isdecimal()


def test_others_hear_only_that_the_stream_is_alive(desk: Desk) -> None:
    desk.world.staffed("director")
    browser = desk.signs_in("elsewhere", county="513431")
    with listening(browser) as lines:
        desk.world.family()
        assert [next(lines), next(lines)] == [": ", ""]


def test_a_stream_ends_with_its_session(desk: Desk) -> None:
    browser = desk.signs_in("director")
    with listening(browser) as lines:
        desk.world.now = desk.world.now.replace(year=desk.world.now.year + 1)
        assert "event: ended" in list(lines)


def test_nobody_listens_without_signing_in(desk: Desk) -> None:
    assert desk.browser().get("/console/live").status_code == 401


def test_more_streams_than_a_process_can_bear_are_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = desk.signs_in("director")
    monkeypatch.setattr(live, "MOST", 0)
    assert browser.get("/console/live").status_code == 503


def test_a_database_that_was_away_is_no_news_and_loses_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = desk.signs_in("director")
    away = [True]
    newest = Outbox.newest

    def sometimes(outbox: Outbox, contact: str | None = None) -> int:
        if away and contact is not None:
            away.clear()
            raise StoreUnavailableError("away")
        return newest(outbox, contact)

    with listening(browser) as lines:
        monkeypatch.setattr(Outbox, "newest", sometimes)
        desk.world.family()
        assert next(lines) == "event: news"
        assert next(lines) != "id: 0"
    assert not away, "it was away once"
