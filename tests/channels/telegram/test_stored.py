"""What the channel remembers, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.channels.telegram import RememberedMessages, StoredPolling
from bot.store import Store

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_one_worker_polls_at_a_time_until_its_lease_ends_or_is_given_back(store: Store) -> None:
    def polling(minutes: float) -> StoredPolling:
        return StoredPolling(store, lambda: NOW + minutes * MINUTE)

    assert polling(0).acquire("one", MINUTE)
    assert not polling(0.5).acquire("two", MINUTE)
    assert polling(0.5).acquire("one", MINUTE)
    assert polling(2).acquire("two", MINUTE)
    assert polling(2).acquire("two", timedelta(0))
    assert polling(2).acquire("one", MINUTE)


def test_the_offset_is_kept(store: Store) -> None:
    polling = StoredPolling(store, lambda: NOW)
    assert polling.offset() == 0
    polling.advance(730_000_002)
    assert polling.offset() == 730_000_002


def test_messages_of_one_chat_are_remembered_for_as_long_as_they_can_be_deleted() -> None:
    log = RememberedMessages()
    for chat, message, age in (("a", 1, 3), ("a", 2, 1), ("a", 2, 1), ("b", 3, 0)):
        log.note(chat, message, NOW - age * MINUTE)
    assert log.since("a", NOW - 2 * MINUTE) == [2]
    log.forget("a")
    assert (log.since("a", NOW - 9 * MINUTE), log.since("b", NOW)) == ([], [3])
