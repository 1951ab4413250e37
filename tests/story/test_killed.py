"""kill -9 at any moment: every message the family was owed arrives, every referral exists exactly once."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import Counter

import pytest
from sqlalchemy import create_engine, text

from bot.messages import Channel
from bot.workbench.botapi import BotApi, Person
from tests.story.conftest import PATIENCE, SEED, Process, tell_the_seed_story


def owed(service: Process, person: Person) -> Counter[str]:
    """Every message committed for somebody, by its text."""
    with service.store() as store, store.work() as work:
        contact = work.contacts.by_address(Channel.TELEGRAM, str(person.chat_id))
        assert contact is not None
        return Counter(reply.text for _, reply in work.outbox.after(contact, 0))


def assert_nothing_lost(service: Process, api: BotApi, person: Person, kills: int) -> None:
    """Everything owed arrived, with at most one repeat a kill."""
    wanted = owed(service, person)
    deadline = time.monotonic() + PATIENCE
    while (missing := wanted - Counter(api.sent_to(person))) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not missing
    assert sum((Counter(api.sent_to(person)) - wanted).values()) <= kills


def stories_survive(service: Process, api: BotApi, kills: int, seed: int) -> None:
    """The seed story told by mother after mother while the service is killed `kills` times at random moments."""
    director = api.person("村儿童主任")
    service.enrol("village_worker", "demo-yangzhong-xinba-village", director)
    chance, done, told = random.Random(seed), threading.Event(), 0

    def killer() -> None:
        for _ in range(kills):
            time.sleep(chance.uniform(0.1, 1.5))
            service.kill()
            service.start()
        done.set()

    killing = threading.Thread(target=killer)
    killing.start()
    mothers = []
    while not done.is_set() or not mothers:
        mothers.append(api.person(f"妈妈{told}"))
        told += 1
        tell_the_seed_story(mothers[-1])
    killing.join()
    for mother in mothers:
        assert_nothing_lost(service, api, mother, kills)
    assert_nothing_lost(service, api, director, kills)
    parts = [(case.id, part.for_whom) for case in service.cases() for part in case.parts]
    assert len(parts) == len(set(parts)) == 2 * len(mothers)


def test_five_kills_at_random_moments_lose_nothing(service: Process, api: BotApi) -> None:
    stories_survive(service, api, kills=5, seed=20261124)


@pytest.mark.nightly
def test_fifty_kills_at_random_moments_lose_nothing(service: Process, api: BotApi) -> None:
    stories_survive(service, api, kills=50, seed=int(time.time()))


def test_killed_between_commit_and_sending_the_reply_goes_out_after_the_restart(service: Process, api: BotApi) -> None:
    mother = api.person("妈妈")
    api.next_call_fails("sendMessage", 502, times=1000)
    sent = mother.writes(SEED)
    assert api.confirmed(sent.update_id, PATIENCE), "the turn is committed"
    service.kill()
    assert api.sent_to(mother) == ()
    api.next_call_fails("sendMessage", 502, times=0)
    service.start()
    mother.gets("先问最要紧的", PATIENCE)
    assert_nothing_lost(service, api, mother, kills=1)


def test_killed_in_the_middle_of_a_turn_it_is_taken_again_as_if_for_the_first_time(service: Process, api: BotApi) -> None:
    mother = api.person("妈妈")
    with writes_blocked(service.database):
        mother.writes(SEED)
        time.sleep(1.5)  # the turn has begun and waits for the database
        service.kill()
    service.start()
    mother.gets("先问最要紧的", PATIENCE)
    assert sum("明白了" in reply for reply in api.sent_to(mother)) == 1


class writes_blocked:  # noqa: N801 – used like a function
    """Holds the database so that a turn stops after it has begun: SQLite's one writer, PostgreSQL's outbox."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> None:
        if self.url.startswith("sqlite"):
            self.sqlite = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None, timeout=10)
            self.sqlite.execute("BEGIN IMMEDIATE")
        else:
            self.engine = create_engine(self.url)
            self.connection = self.engine.connect()
            self.connection.execute(text("LOCK TABLE answers IN EXCLUSIVE MODE"))

    def __exit__(self, *_: object) -> None:
        if self.url.startswith("sqlite"):
            self.sqlite.execute("ROLLBACK")
            self.sqlite.close()
        else:
            self.connection.rollback()
            self.connection.close()
            self.engine.dispose()
