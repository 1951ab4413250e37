"""The store, on both databases."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from threading import Barrier, Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert

from bot.decisions import Risk
from bot.errors import ConflictError, SettingsError, StoreUnavailableError
from bot.facts import Answer, Source
from bot.messages import Channel, Incoming, Press, Text
from bot.referrals import Actor, Case, Event, Owner, Part, Status
from bot.replies import Button, Reply
from bot.store import Contact, Priority, Store, Task, Work, master_key
from bot.store.migrating import NEWEST
from bot.store.tables import answers, metadata

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
WORDS = "我和老公要离婚，两个人都不想要孩子"


def message(number: int = 1, chat: str = "778899001", words: str = WORDS) -> Incoming:
    return Incoming(Channel.TELEGRAM, chat, f"update:{number}", NOW, Text(words), "zh-hans")


def arrive(work: Work, incoming: Incoming) -> Contact:
    found = work.contacts.by_address(incoming.channel, incoming.chat)
    return found or work.contacts.new(incoming.channel, incoming.chat, incoming.at, incoming.language)


def part(part_id: str = "p1", deadline: datetime = NOW) -> Part:
    return Part(
        id=part_id, for_whom="child", child=0, lead="village_worker", level="village_worker", owner=Owner("a1", "s1"),
        status=Status.SENT, risk=Risk.MEDIUM, also=("township_station",), first_action="visit_home", rows=("R01",),
        created=NOW, act_by=None, deadline=deadline,
    )  # fmt: skip


def a_case(work: Work, receipt: str = "1234567890123452") -> Case:
    contact = arrive(work, message())
    return work.cases.new(contact.id, receipt, NOW)


def test_the_migrations_lead_to_the_schema_the_code_means(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
    assert ScriptDirectory(str(files("bot.store") / "migrations")).get_current_head() == NEWEST


def test_opening_twice_keeps_what_is_there(store: Store, database: str) -> None:
    with store.work() as work:
        arrive(work, message())
    again = Store.open(database, master_key=bytes(range(32)))
    with again.work() as work:
        assert work.contacts.by_address(Channel.TELEGRAM, "778899001") is not None
    again.close()


def test_a_failure_leaves_nothing_behind(store: Store) -> None:
    def half_a_turn() -> None:
        with store.work() as work:
            work.inbox.record(message(), arrive(work, message()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_a_turn()
    with store.work() as work:
        assert work.contacts.by_address(Channel.TELEGRAM, "778899001") is None
        assert work.inbox.seen(Channel.TELEGRAM, "update:1") is None


def test_a_message_is_recognised_when_it_comes_again_and_has_its_replies(store: Store) -> None:
    with store.work() as work:
        contact = arrive(work, message())
        turn = work.inbox.record(message(), contact)
        reply = Reply("您好", (Button("都没有", "/answer"),))
        number = work.outbox.add(contact, turn, reply, kind="reply", due=NOW)
    with store.work() as work:
        contact = arrive(work, message())
        assert work.inbox.seen(Channel.TELEGRAM, "update:1") == turn
        assert work.outbox.of_turn(turn, contact) == ((reply,), number)


def test_a_button_pressed_is_kept_like_words(store: Store) -> None:
    pressed = replace(message(), content=Press("/answer", offered=NOW))
    with store.work() as work:
        work.inbox.record(pressed, arrive(work, pressed))


def test_somebody_who_writes_back_a_stale_contact_is_told_of_the_conflict(store: Store) -> None:
    with store.work() as work:
        stale = arrive(work, message())
    with store.work() as work:
        work.contacts.save(replace(arrive(work, message()), language="en"))
    with pytest.raises(ConflictError), store.work() as work:
        work.contacts.save(replace(stale, language="zh"))


def test_two_people_editing_one_part_is_a_conflict_and_never_an_overwrite(store: Store) -> None:
    with store.work() as work:
        case = work.cases.save(replace(a_case(work), parts=(part(),)))
    with store.work() as work:
        work.cases.save(case.with_part(replace(case.parts[0], status=Status.ACCEPTED)))
    with pytest.raises(ConflictError), store.work() as work:
        work.cases.save(case.with_part(replace(case.parts[0], status=Status.CLOSED)))
    with store.work() as work:
        kept = work.cases.get(case.id)
        assert kept is not None
        assert kept.parts[0].status is Status.ACCEPTED


def test_what_was_read_can_be_doubted_and_stays_doubted(store: Store) -> None:
    read = Answer("refuses_child", None, "both", Source.READ, NOW)
    tapped = Answer("divorce", None, "pending", Source.ASKED, NOW)
    later = Answer("refuses_child", None, "father", Source.READ, NOW + timedelta(minutes=2))
    with store.work() as work:
        case = a_case(work)
        work.sheets.append(case.id, [read, tapped], (), NOW)
        work.sheets.doubt(case.id, NOW + timedelta(minutes=1))
    with store.work() as work:
        assert work.sheets.sheet(case.id).answers == (tapped,)
        assert work.sheets.sheet(case.id).mentions == {("refuses_child", None)}
        work.sheets.append(case.id, [later], (), later.at)
    with store.work() as work:
        assert set(work.sheets.sheet(case.id).answers) == {tapped, later}


def test_a_case_comes_back_as_it_was(store: Store) -> None:
    with store.work() as work:
        case = replace(a_case(work), county="321182", place="321182100", risk=Risk.HIGH, sent=NOW, parts=(part(),))
        saved = work.cases.save(case)
        event = Event("p1", "accept", Status.SENT, Status.ACCEPTED, Actor("staff", "s1"), NOW, {"note": "外婆接走了"})
        work.cases.add_event(case.id, event)
    with store.work() as work:
        assert work.cases.get(case.id) == saved
        assert work.cases.of_part("p1") == saved
        assert work.cases.by_receipt("1234567890123452") == saved
        assert work.cases.timeline(case.id) == (event,)
        assert work.cases.all_open("321182") == (saved,)
        assert work.cases.all_open("110101") == ()


def test_the_part_that_has_waited_longest_for_the_clock_comes_first_and_what_is_over_not_at_all(store: Store) -> None:
    due, late, over = (
        part("p1", NOW),
        replace(part("p2", NOW + LEASE), remind_at=NOW - LEASE),
        replace(part("p3", NOW - LEASE * 2), status=Status.CLOSED),
    )
    with store.work() as work:
        case = work.cases.save(replace(a_case(work), parts=(due, late, over)))
        found = work.cases.awake(NOW)
        assert found is not None
        assert found[1].id == "p2", "to be reminded"
        work.cases.save(case.with_part(replace(found[1], remind_at=None)))
        found = work.cases.awake(NOW)
        assert found is not None
        assert found[1].id == "p1"
        assert work.cases.awake(NOW - LEASE * 3) is None


def test_a_part_whose_time_began_in_a_future_that_did_not_come_is_found(store: Store) -> None:
    ahead = replace(part("p1", NOW + LEASE * 2), since=NOW + LEASE)
    with store.work() as work:
        work.cases.save(replace(a_case(work), parts=(ahead,)))
        found = work.cases.ahead(NOW)
        assert found is not None
        assert found[1] == replace(ahead, revision=1)
        assert work.cases.ahead(NOW + LEASE) is None


def test_facts_of_the_family_and_of_each_child_are_kept_apart(store: Store) -> None:
    told = [Answer("divorce", None, "pending", Source.ASKED, NOW), Answer("child_age", 1, "5to7", Source.READ, NOW)]
    with store.work() as work:
        case = a_case(work)
        work.sheets.append(case.id, told, [("child_with_now", 0)], NOW)
    with store.work() as work:
        sheet = work.sheets.sheet(case.id)
        assert (sheet.value("divorce"), sheet.value("child_age", 1), sheet.value("child_age", 0)) == (
            "pending",
            "5to7",
            None,
        )
        work.sheets.back(case.id, NOW)
        assert work.sheets.sheet(case.id).value("child_age", 1) is None
        work.sheets.restart(case.id, NOW)
        assert work.sheets.sheet(case.id).value("divorce") is None


def test_what_was_erased_can_never_be_read_again(store: Store) -> None:
    with store.work() as work:
        contact = arrive(work, message())
        work.inbox.record(message(), contact)
        work.outbox.add(contact, "t1", Reply("已经删除了。"), kind="reply", due=NOW)
        work.contacts.erase(contact.id, NOW)
        assert work.contacts.to_forget() is None, "the goodbye is still owed"
    with store.work() as work:
        [goodbye] = work.outbox.claim("w", NOW, LEASE, 8)
        assert goodbye.address == "778899001"
        work.outbox.done(goodbye.seq, NOW)
        assert work.contacts.to_forget() == contact.id
        work.contacts.forget(contact.id)
    with store.work() as work:
        assert work.contacts.by_address(Channel.TELEGRAM, "778899001") is None
        with pytest.raises(StoreUnavailableError, match="erased"):
            work.outbox.add(contact, "t2", Reply("…"), kind="reply", due=NOW)


def test_a_code_enrols_once_and_not_after_it_expired(store: Store) -> None:
    with store.work() as work:
        contact = arrive(work, message())
        code = work.staff.invite("village_worker", "a1", "321182", "", NOW + LEASE, NOW)
        assert work.staff.enrol(code, contact.id, NOW + LEASE * 2) is None
        person = work.staff.enrol(code.lower(), contact.id, NOW)
        assert person is not None
        assert work.staff.enrol(code, contact.id, NOW) is None
        assert work.staff.by_contact(contact.id) == work.staff.get(person.id)
        assert [p.id for p in work.staff.serving("a1")] == [person.id]
        assert work.staff.on_duty_operators(None) == ()


def test_answers_kept_one_by_one_by_an_earlier_version_are_read_as_before(store: Store) -> None:
    with store.work() as work:
        case = work.cases.new(arrive(work, message()).id, "7" * 16, NOW)
        seal = work._tx.ring.of(case.id)  # noqa: SLF001 – to write as an earlier version did
        old = {"fact": "divorce", "child": None, "value": "pending", "source": "asked"}
        for kind, body in (("answer", old), ("mention", {"fact": "child_age", "child": 1}), ("back", None)):
            sealed = seal.close(body, f"answers/{case.id}") if body else None
            work._tx.db.execute(insert(answers), {"case_id": case.id, "kind": kind, "body": sealed, "at": NOW})  # noqa: SLF001
        work.sheets.append(case.id, [Answer("divorce", None, "considering", Source.READ, NOW)], (), NOW)
        sheet = work.sheets.sheet(case.id)
    assert sheet.value("divorce") == "considering"
    assert sheet.children == 2


def test_the_same_task_is_raised_once_until_it_is_done(store: Store) -> None:
    with store.work() as work:
        contact = arrive(work, message())
        first, again = (Task(name, "silent", contact.id, None, None, Risk.HIGH, NOW, NOW) for name in ("t1", "t2"))
        assert work.tasks.add(first)
        assert not work.tasks.add(again)
        assert work.tasks.claim("t1", "s1", NOW)
        assert not work.tasks.claim("t1", "s2", NOW)
        assert not work.tasks.done("t1", "s2", NOW)
        assert work.tasks.done("t1", "s1", NOW)
        assert work.tasks.add(again)


def test_one_chat_keeps_its_order_and_an_emergency_overtakes(store: Store) -> None:
    with store.work() as work:
        contact = arrive(work, message())
        for text in ("first", "second"):
            work.outbox.add(contact, "t", Reply(text), kind="reply", due=NOW)
        work.outbox.add(contact, "t", Reply("urgent"), kind="card", due=NOW, priority=Priority.URGENT)
    seen = []
    for _ in range(4):
        with store.work() as work:
            for parcel in work.outbox.claim("w", NOW, LEASE, 8):
                seen.append(parcel.reply.text)
                assert work.outbox.claim("other", NOW, LEASE, 8) == (), "the chat is being written to"
                work.outbox.done(parcel.seq, NOW)
    assert seen == ["urgent", "first", "second"]


def test_a_dead_worker_s_lease_runs_out(store: Store) -> None:
    with store.work() as work:
        work.outbox.add(arrive(work, message()), "t", Reply("one"), kind="reply", due=NOW)
    with store.work() as work:
        assert len(work.outbox.claim("dead", NOW, LEASE, 8)) == 1
    with store.work() as work:
        assert work.outbox.claim("alive", NOW + LEASE / 2, LEASE, 8) == ()
        assert len(work.outbox.claim("alive", NOW + LEASE, LEASE, 8)) == 1


def test_two_couriers_never_take_the_same_message(store: Store) -> None:
    with store.work() as work:
        for chat in range(12):
            work.outbox.add(arrive(work, message(chat=str(chat))), "t", Reply(str(chat)), kind="reply", due=NOW)
    barrier, taken = Barrier(2), []

    def carry(name: str) -> None:
        barrier.wait()
        for _ in range(6):
            with store.work() as work:
                taken.extend(parcel.seq for parcel in work.outbox.claim(name, NOW, LEASE, 2))

    couriers = [Thread(target=carry, args=(name,)) for name in ("a", "b")]
    for courier in couriers:
        courier.start()
    for courier in couriers:
        courier.join()
    assert len(taken) == len(set(taken)) == 12


def test_one_process_reads_a_channel_at_a_time(store: Store) -> None:
    with store.work() as work:
        assert work.channels.offset("telegram") == 0
        assert work.channels.acquire("telegram", "one", NOW, LEASE)
        assert not work.channels.acquire("telegram", "two", NOW, LEASE)
        assert work.channels.acquire("telegram", "two", NOW + LEASE, LEASE)
        work.channels.advance("telegram", 7)
        assert work.channels.offset("telegram") == 7


def test_a_locked_database_says_so_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.engines.BUSY_SECONDS", 0.2)
    store = Store.open(f"sqlite:///{tmp_path / 'r.db'}", master_key=bytes(range(32)))
    holder = sqlite3.connect(tmp_path / "r.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError, match="locked"), store.work():
        pass
    holder.execute("ROLLBACK")
    holder.close()
    with store.work() as work:
        arrive(work, message())
    store.close()


def test_a_database_that_is_gone_or_no_database_is_said_clearly() -> None:
    with pytest.raises(StoreUnavailableError, match="not available"):
        Store.open("postgresql+psycopg://nobody@127.0.0.1:1/none", master_key=bytes(32))
    with pytest.raises(SettingsError, match="URL"):
        Store.open("nonsense", master_key=bytes(32))


@pytest.mark.usefixtures("store")
def test_another_master_key_opens_nothing(database: str) -> None:
    with pytest.raises(StoreUnavailableError, match="master key"):
        Store.open(database, master_key=bytes(32))


def test_the_master_key_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    key = master_key(tmp_path, {})
    assert master_key(tmp_path, {}) == key
    assert (tmp_path / "master.key").stat().st_mode & 0o077 == 0
    with pytest.raises(SettingsError, match="32 bytes"):
        master_key(tmp_path, {"RIGHTDOOR_MASTER_KEY": "YWJj"})
