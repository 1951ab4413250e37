"""Several at once: threads, couriers, people at the same row, a database that is taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from time import monotonic, sleep

import pytest

from bot.decisions import Risk
from bot.errors import ConflictError, SettingsError, StoreUnavailableError
from bot.messages import Channel, Departed, Incoming, Text
from bot.referrals import Case, Owner, Part, Status
from bot.replies import Reply
from bot.store import Contact, Store, Work, master_key
from bot.store.turnstile import Turnstile

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
KEY = bytes(range(32))


def somebody(work: Work, chat: str = "1", channel: Channel = Channel.TELEGRAM) -> Contact:
    return work.contacts.by_address(channel, chat) or work.contacts.new(channel, chat, NOW, "zh")


def part(part_id: str) -> Part:
    return Part(
        id=part_id, for_whom="child", child=0, lead="village_worker", level="village_worker", owner=Owner("a1", "s1"),
        status=Status.SENT, risk=Risk.MEDIUM, also=(), first_action="visit_home", rows=("R01",),
        created=NOW, act_by=None, deadline=NOW,
    )  # fmt: skip


def sent_case(work: Work) -> Case:
    contact = somebody(work, "mother")
    case = work.cases.new(contact.id, "1234567890123452", NOW)
    return work.cases.save(replace(case, parts=(part("p1"), part("p2"))))


def together(*steps: Callable[[], object]) -> list[Exception]:
    """Runs the steps at the same moment; returns what they raised."""
    raised: list[Exception] = []
    start = Barrier(len(steps))

    def run(step: Callable[[], object]) -> None:
        start.wait()
        try:
            step()
        except Exception as error:  # noqa: BLE001 – what they raise is what is asked
            raised.append(error)

    threads = [Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_one_message_delivered_twice_at_the_same_moment_is_one_turn(store: Store) -> None:
    incoming = Incoming(Channel.TELEGRAM, "1", "m1", NOW, Text("您好"))
    turns: list[str] = []

    def take() -> None:
        with store.work() as work:
            contact = somebody(work)
            turns.append(work.inbox.seen(incoming.channel, incoming.id) or work.inbox.record(incoming, contact))

    assert together(take, take, take) == []
    assert len(turns) == 3
    assert len(set(turns)) == 1


def test_two_turns_that_wrote_the_same_message_down_are_a_conflict_not_an_outage(store: Store) -> None:
    incoming = Incoming(Channel.TELEGRAM, "1", "m1", NOW, Text("您好"))
    with store.work() as work:
        work.inbox.record(incoming, somebody(work))
    with pytest.raises(ConflictError), store.work() as work:
        work.inbox.record(incoming, somebody(work))


def test_a_mother_who_writes_while_her_caseworker_accepts_waits_in_no_circle(store: Store) -> None:
    """PostgreSQL ends a circle after a second and fails one of the two; here nobody fails and nobody waits that long."""
    with store.work() as work:
        case = sent_case(work)
        somebody(work, "worker")

    def writes() -> None:
        with store.work() as work:
            mother = somebody(work, "mother")
            sleep(0.02)
            kept = work.cases.get(case.id)
            assert kept is not None
            work.cases.save(replace(kept, county="321182"))
            work.contacts.save(replace(mother, language="en"))

    def accepts() -> None:
        with store.work() as work:
            somebody(work, "worker")
            kept = work.cases.of_part("p1")
            assert kept is not None
            work.cases.save(kept.with_part(replace(kept.parts[0], status=Status.ACCEPTED)))
            sleep(0.02)
            mother = work.contacts.get(kept.contact)
            assert mother is not None
            work.contacts.save(replace(mother, state={"news": "accepted"}))

    begun = monotonic()
    for _ in range(5):
        assert together(writes, accepts) == []
    assert monotonic() - begun < 0.9


def test_two_escalations_of_one_part_are_one(store: Store) -> None:
    with store.work() as work:
        sent_case(work)
    moved: list[str] = []

    def escalate() -> None:
        with store.work() as work:
            while found := work.cases.awake(NOW):
                case, late = found
                moved.append(late.id)
                work.cases.save(case.with_part(replace(late, deadline=NOW + LEASE)))
                sleep(0.02)

    assert together(escalate, escalate) == []
    assert sorted(moved) == ["p1", "p2"]


def test_what_somebody_else_did_to_another_part_is_no_conflict(store: Store) -> None:
    with store.work() as work:
        shown = sent_case(work)
    with store.work() as work:
        work.cases.save(replace(shown, county="321182").with_part(replace(shown.parts[0], status=Status.ACCEPTED)))
    with store.work() as work:
        now = work.cases.get(shown.id)
        assert now is not None
        work.cases.save(now.with_part(replace(shown.parts[1], status=Status.CLOSED)))
    with store.read() as work:
        kept = work.cases.get(shown.id)
        assert kept is not None
        assert [p.status for p in kept.parts] == [Status.ACCEPTED, Status.CLOSED]


def test_who_only_looks_waits_for_nobody_and_cannot_write(store: Store) -> None:
    with store.work() as work:
        case = sent_case(work)
    with store.work() as writing, store.read() as looking:
        writing.cases.save(replace(case, county="321182"))
        found = looking.cases.get(case.id)
        assert found is not None
        assert found.county is None, "what is not committed is not seen"
    with pytest.raises(StoreUnavailableError), store.read() as looking:
        somebody(looking, "new")


def test_somebody_who_comes_and_reads_misses_nothing(store: Store) -> None:
    with store.work() as work:
        contact = somebody(work, "visitor", Channel.WEB)
        first = work.outbox.add(contact, "t1", Reply("one"), kind="reply", due=NOW)
        assert work.outbox.waiting().messages == 0, "nobody carries it"
        assert work.outbox.claim("w", NOW, LEASE, 8) == ()

    def add() -> None:
        with store.work() as work:
            work.outbox.add(contact, "t2", Reply("more"), kind="notice", due=NOW)
            sleep(0.02)

    seen = [first]

    def read() -> None:
        for _ in range(15):
            with store.read() as work:
                seen.extend(number for number, _ in work.outbox.after(contact, seen[-1]))
            sleep(0.01)

    assert together(read, add, add, add) == []
    assert seen == sorted(seen)
    assert len(seen) == 4


def test_a_message_for_later_does_not_hold_up_its_chat(store: Store) -> None:
    with store.work() as work:
        contact = somebody(work)
        work.outbox.add(contact, "t", Reply("tomorrow"), kind="notice", due=NOW + timedelta(days=1), at=NOW)
        work.outbox.add(contact, "t", Reply("now"), kind="reply", due=NOW)
        assert [parcel.reply.text for parcel in work.outbox.claim("w", NOW, LEASE, 8)] == ["now"]


def test_a_caseworker_who_blocked_us_gets_nothing_until_they_write_again(store: Store) -> None:
    with store.work() as work:
        contact = somebody(work, "worker")
        code = work.staff.invite("village_worker", "a1", "321182", "", NOW + LEASE, NOW)
        work.staff.enrol(code, contact.id, NOW)
        blocked = work.contacts.save(replace(contact, blocked_at=NOW))
        assert work.staff.serving("a1") == ()
        work.inbox.record(Incoming(Channel.TELEGRAM, "worker", "m1", NOW, Departed()), blocked)
        assert work.staff.serving("a1") == ()
        work.inbox.record(Incoming(Channel.TELEGRAM, "worker", "m2", NOW, Text("我回来了")), blocked)
        assert len(work.staff.serving("a1")) == 1


def test_who_enrols_again_in_the_same_chat_leaves_the_earlier_post(store: Store) -> None:
    with store.work() as work:
        contact = somebody(work, "worker")
        for agency in ("a1", "a2"):
            code = work.staff.invite("village_worker", agency, None, "虚构的老王", NOW + LEASE, NOW)
            work.staff.enrol(code, contact.id, NOW)
        person = work.staff.by_contact(contact.id)
        assert person is not None
        assert (person.agency, person.name) == ("a2", "虚构的老王")
        assert work.staff.serving("a1") == ()


def test_services_that_start_together_share_one_master_key(tmp_path: Path) -> None:
    keys: list[bytes] = []
    assert together(*[lambda: keys.append(master_key(tmp_path, {}))] * 4) == []
    assert len(keys) == 4
    assert len(set(keys)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]


def test_a_database_file_that_is_taken_away_is_noticed_before_anything_is_lost(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'r.db'}", master_key=KEY)
    (tmp_path / "r.db").rename(tmp_path / "elsewhere.db")
    with pytest.raises(StoreUnavailableError, match="gone"), store.work():
        pass
    (tmp_path / "r.db").touch()
    with pytest.raises(StoreUnavailableError, match="replaced"), store.work():
        pass
    store.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x", "nonsense"])
def test_a_database_we_cannot_serve_is_refused_in_words(url: str) -> None:
    with pytest.raises(SettingsError, match="database URL"):
        Store.open(url, master_key=KEY)


def test_what_has_happened_outside_goes_through_the_turnstile_before_all_who_wait() -> None:
    turnstile, order = Turnstile(), []

    def go(name: str, *, first: bool) -> None:
        with turnstile.passing(5, first=first):
            order.append(name)

    threads = [Thread(target=go, args=(name,), kwargs={"first": name == "sent"}) for name in ("turn", "sent")]
    with turnstile.passing(5):
        for thread in threads:
            thread.start()
            sleep(0.05)
    for thread in threads:
        thread.join()
    assert order == ["sent", "turn"]


def test_threads_go_through_the_turnstile_in_the_order_in_which_they_came() -> None:
    turnstile, order = Turnstile(), []

    def go(number: int) -> None:
        with turnstile.passing(5):
            order.append(number)

    threads = [Thread(target=go, args=(number,)) for number in range(5)]
    with turnstile.passing(5):
        for thread in threads:
            thread.start()
            sleep(0.01)
        with pytest.raises(StoreUnavailableError), turnstile.passing(0.01):
            pass
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]
