"""kill -9 at any moment: every message the family was owed arrives, every referral exists exactly once."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import create_engine, text

from bot.messages import Channel
from bot.workbench.botapi import BotApi, Person
from tests.story.house import SEED
from tests.story.process import PATIENCE, Process, tell_the_seed_story

# What Telegram needs beside a question that has buttons: a message to carry the key.
LOCATION_KEY = "发送我的位置"
# Seconds after somebody did something: before it is read, within the turn, about its commit, between two messages.
FIVE_MOMENTS = (0.0, 0.01, 0.03, 0.08, 0.4)


def owed(service: Process, person: Person) -> Counter[str]:
    """Every message committed for somebody, by its text."""
    with service.store() as store, store.work() as work:
        contact = work.contacts.by_address(Channel.TELEGRAM, person.chat_id)
        assert contact is not None
        return Counter(reply.text for _, reply in work.outbox.after(contact, 0))


def repeats(service: Process, api: BotApi, person: Person) -> int:
    """How many messages somebody got twice, once everything owed has arrived and nothing else has."""
    wanted = owed(service, person)
    deadline = time.monotonic() + PATIENCE
    while (missing := wanted - Counter(api.sent_to(person))) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not missing
    extra = Counter(api.sent_to(person)) - wanted
    del extra[LOCATION_KEY]
    assert set(extra) <= set(wanted)
    return extra.total()


def stories_survive(service: Process, api: BotApi, moments: Iterable[float]) -> None:
    """Mothers tell the seed story one after the other; the service is killed so many seconds after each thing they do."""
    director = api.person("村儿童主任")
    service.enrol("village_worker", "demo-yangzhong-xinba-village", director)
    left, mothers = deque(moments), list[Person]()
    kills = len(left)

    def kill() -> None:
        if left:
            time.sleep(left.popleft())
            service.kill()
            service.start()

    while left:
        mothers.append(api.person("妈妈"))
        tell_the_seed_story(mothers[-1], kill)
    assert sum(repeats(service, api, mother) for mother in mothers) <= kills
    assert repeats(service, api, director) <= kills
    parts = Counter((case.contact, part.for_whom) for case in service.cases() for part in case.parts)
    assert len(parts) == 2 * len(mothers)
    assert set(parts.values()) == {1}


def test_five_kills_in_one_story_lose_nothing(service: Process, api: BotApi) -> None:
    stories_survive(service, api, FIVE_MOMENTS)


@pytest.mark.nightly
def test_fifty_kills_at_random_moments_lose_nothing(service: Process, api: BotApi) -> None:
    seed = time.time_ns()
    print(f"seed {seed}")  # noqa: T201 – shown when it fails
    chance = random.Random(seed)  # noqa: S311 – moments, not secrets
    stories_survive(service, api, [chance.choice((0.1, 1.5)) * chance.random() for _ in range(50)])


def test_killed_between_commit_and_sending_it_is_sent_after_the_restart(service: Process, api: BotApi) -> None:
    mother = api.person("妈妈")
    api.next_call_fails("sendMessage", 502)
    mother.writes(SEED)
    wait_for_a_call(api)
    service.kill()
    assert api.sent_to(mother) == ()
    service.start()
    mother.gets("先问最要紧的", PATIENCE)
    assert repeats(service, api, mother) == 0


def test_killed_between_telegrams_answer_and_writing_it_down_one_message_is_repeated(
    service: Process, api: BotApi
) -> None:
    mother = api.person("妈妈")
    api.next_call_fails("sendMessage", 502, taking_effect=True)
    mother.writes(SEED)
    wait_for_a_call(api)
    service.kill()
    assert len(api.sent_to(mother)) == 1
    service.start()
    mother.gets("先问最要紧的", PATIENCE)
    assert repeats(service, api, mother) == 1


def test_killed_in_the_middle_of_a_turn_it_is_taken_again_as_if_for_the_first_time(
    service: Process, api: BotApi
) -> None:
    mother = api.person("妈妈")
    with writes_blocked(service.database):
        mother.writes(SEED)
        time.sleep(1)  # the turn has begun and waits for the database
        service.kill()
    service.start()
    mother.gets("先问最要紧的", PATIENCE)
    assert sum("明白了" in reply for reply in api.sent_to(mother)) == 1
    assert repeats(service, api, mother) == 0


def wait_for_a_call(api: BotApi) -> None:
    """Until the service has tried to send something."""
    deadline = time.monotonic() + PATIENCE
    while not api.transcript("sendMessage"):
        assert time.monotonic() < deadline, "nothing was ever sent"
        time.sleep(0.005)


@contextmanager
def writes_blocked(url: str) -> Iterator[None]:
    """Holds the database so that a turn stops after it has begun: SQLite's one writer, PostgreSQL's answers."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=10)) as db:
            db.execute("BEGIN IMMEDIATE")
            yield
            db.execute("ROLLBACK")
        return
    engine = create_engine(url)
    with engine.connect() as db:
        db.execute(text("LOCK TABLE answers IN EXCLUSIVE MODE"))
        yield
    engine.dispose()
