"""kill -9 at any moment: every message the family was owed arrives, every referral exists exactly once."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import chain, repeat

import pytest

from bot.workbench.botapi import BotApi, Person
from bot.workbench.soak.owed import once_all_arrived
from tests.story.process import PATIENCE, STORY, Process, locked, tell_the_seed_story

Moment = AbstractContextManager[None]


@contextmanager
def killed_before_anything_is_sent(service: Process, api: BotApi, *, taken: bool = False) -> Iterator[None]:
    """The turn is committed; the first message of it did not go out, or (`taken`) did but nobody knows yet."""
    tried = len(api.transcript("sendMessage"))
    api.next_call_fails("sendMessage", 502, taking_effect=taken)
    yield
    deadline = time.monotonic() + PATIENCE
    while len(api.transcript("sendMessage")) == tried:
        assert time.monotonic() < deadline, "nothing was ever sent"
        time.sleep(0.002)
    service.kill()
    service.start()


@contextmanager
def killed_within_the_turn(service: Process) -> Iterator[None]:
    """The turn has begun and waits for the database."""
    with locked(service.database, "answers"):
        yield
        time.sleep(1)
        service.kill()
    service.start()


@contextmanager
def killed_after(service: Process, seconds: float) -> Iterator[None]:
    """Some time after somebody did something."""
    yield
    time.sleep(seconds)
    service.kill()
    service.start()


def repeats(service: Process, api: BotApi, person: Person) -> int:
    """How many messages somebody got again, once everything owed has arrived; nothing else may have."""
    with service.store() as store:
        found = once_all_arrived(store, api, person, PATIENCE)
    assert (found.missing, found.strange) == (0, 0)
    return found.repeats


def repeats_of_stories_told_through(service: Process, api: BotApi, kills: Sequence[Moment]) -> int:
    """Mothers tell the seed story one after the other until every kill has fallen; how many messages came again."""
    director = api.person("村儿童主任")
    service.enrol("village_worker", "demo-yangzhong-xinba-village", director)
    mothers = [api.person("妈妈") for _ in range(0, len(kills), len(STORY))]
    moments = chain(kills, repeat(nullcontext()))
    for mother in mothers:
        tell_the_seed_story(mother, moments)
    assert repeats(service, api, director) <= len(kills)
    parts = Counter((case.contact, part.for_whom) for case in service.cases() for part in case.parts)
    assert len(parts) == 2 * len(mothers)
    assert set(parts.values()) == {1}
    return sum(repeats(service, api, mother) for mother in mothers)


def test_five_kills_in_one_story_lose_nothing_and_double_nothing_but_a_message(service: Process, api: BotApi) -> None:
    kills = (
        killed_before_anything_is_sent(service, api),
        killed_within_the_turn(service),
        killed_before_anything_is_sent(service, api, taken=True),
        killed_after(service, 0),
        killed_after(service, 0.03),
    )
    assert 1 <= repeats_of_stories_told_through(service, api, kills) <= len(kills)


@pytest.mark.nightly
def test_fifty_kills_at_random_moments_lose_nothing(service: Process, api: BotApi) -> None:
    seed = time.time_ns()
    print(f"seed {seed}")  # noqa: T201 – shown when it fails
    chance = random.Random(seed)  # noqa: S311 – moments, not secrets
    kills = [killed_after(service, chance.choice((0.1, 1.5)) * chance.random()) for _ in range(50)]
    assert repeats_of_stories_told_through(service, api, kills) <= len(kills)
