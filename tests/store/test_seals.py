"""The sealed audit log: whatever is changed, added or removed behind our back is said, with its place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, update

from bot.store import Store
from bot.store.seals import SETTLED, Verdict
from bot.store.tables import audit, seals

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LATER = NOW + SETTLED + timedelta(seconds=10)


def filled(store: Store) -> None:
    """Two batches of one county, one of another, one row of none."""
    for minute in (0, 5):
        with store.work() as work:
            for number in range(3):
                work.audit.add(
                    f"s{number}", "read_case", f"c{minute}{number}", "321182", NOW + timedelta(minutes=minute)
                )
            if minute == 0:
                work.audit.add("s9", "show_details", "c9", "513431", NOW)
                work.audit.add("terminal", "sign_in", "s1", None, NOW)
        with store.work() as work:
            work.seals.seal(LATER + timedelta(minutes=minute))


def verified(store: Store) -> Verdict:
    with store.read() as work:
        return work.seals.verify()


def test_what_nobody_has_touched_is_as_it_was_sealed(store: Store) -> None:
    filled(store)
    verdict = verified(store)
    assert (verdict.batches, verdict.rows, verdict.unsealed, verdict.broken) == (4, 8, 0, ())
    assert set(verdict.heads) == {"321182", "513431", ""}


def test_what_was_written_just_now_waits_and_nothing_is_sealed_twice(store: Store) -> None:
    filled(store)
    with store.work() as work:
        work.audit.add("s1", "read_case", "c1", "321182", LATER + timedelta(minutes=5))
    with store.work() as work:
        assert work.seals.seal(LATER + timedelta(minutes=5)) == 0
    assert verified(store).unsealed == 1


@pytest.mark.parametrize(
    ("what", "where"),
    [
        ("a row changed", ("321182", 1)),
        ("a row removed", ("321182", 2)),
        ("a row added", ("513431", 1)),
        ("a row moved to another batch", ("321182", 1)),
        ("a batch forgotten", ("321182", 2)),
        ("a seal made up", ("321182", 1)),
        ("a row of a batch that never was", ("321182", 7)),
    ],
)
def test_whatever_is_done_behind_our_back_is_said_with_its_place(
    store: Store, what: str, where: tuple[str, int]
) -> None:
    filled(store)
    here = audit.c.county == "321182"
    stranger = {"at": NOW, "actor": "x", "action": "read_case", "subject": "c"}
    deeds = {
        "a row changed": update(audit).where(here, audit.c.batch == 1, audit.c.actor == "s1").values(actor="s2"),
        "a row removed": delete(audit).where(here, audit.c.batch == 2, audit.c.actor == "s2"),
        "a row added": insert(audit).values(**stranger, county="513431", batch=1),
        "a row moved to another batch": update(audit)
        .where(here, audit.c.actor == "s0", audit.c.batch == 1)
        .values(batch=2),
        "a batch forgotten": delete(seals).where(seals.c.county == "321182", seals.c.number == 1),
        "a seal made up": update(seals).where(seals.c.county == "321182", seals.c.number == 1).values(seal="0" * 64),
        "a row of a batch that never was": insert(audit).values(**stranger, county="321182", batch=7),
    }
    with store.engine.begin() as db:
        db.execute(deeds[what])
    assert where in {(broken.county, broken.number) for broken in verified(store).broken}


def test_two_sealers_at_once_seal_nothing_twice(store: Store) -> None:
    with store.work() as work:
        work.audit.add("s1", "read_case", "c1", "321182", NOW)
    with store.work() as one:
        assert one.seals.seal(LATER) == 1
    with store.work() as two:
        assert two.seals.seal(LATER) == 0
    assert verified(store).broken == ()


def test_who_looked_is_listed_in_order(store: Store) -> None:
    with store.work() as work:
        work.audit.add("s1", "read_case", "c1", "321182", NOW)
        work.audit.add("s2", "show_details", "c1", "321182", NOW)
        work.audit.add("s2", "show_details", "c2", "321182", NOW)
    with store.read() as work:
        assert [(look.actor, look.action) for look in work.audit.about("c1")] == [
            ("s1", "read_case"),
            ("s2", "show_details"),
        ]
