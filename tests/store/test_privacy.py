"""What may lie where: nothing of a family in clear, and nothing of an erased one anywhere."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import insert, inspect, select, update

from bot.errors import StoreUnavailableError
from bot.facts import Answer, Source
from bot.messages import Channel, Incoming, Text
from bot.referrals import Case
from bot.replies import Reply
from bot.store import Contact, Store, Work
from bot.store.keys import data_keys
from bot.store.sealing import OFTEN, packed, unpacked
from bot.store.tables import answers, condemned

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
KEY = bytes(range(32))
CHAT = "778899001"


def somebody(work: Work, chat: str = CHAT) -> Contact:
    return work.contacts.by_address(Channel.TELEGRAM, chat) or work.contacts.new(Channel.TELEGRAM, chat, NOW, "zh")


def a_case(work: Work, contact: Contact, receipt: str = "1234567890123452") -> Case:
    case = work.cases.new(contact.id, receipt, NOW)
    work.sheets.append(case.id, [Answer("refuses_child", None, "both", Source.READ, NOW)], [("kill_threat", None)], NOW)
    work.cases.decided(case.id, {"rules": "h", "rows": ["R01"]}, NOW)
    return work.cases.save(replace(case, county="321182", place="321182100207"))


def test_neither_words_nor_identities_nor_facts_nor_places_lie_in_the_files_in_clear(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'r.db'}", master_key=KEY)
    with store.work() as work:
        contact = somebody(work)
        work.inbox.record(Incoming(Channel.TELEGRAM, CHAT, "chat-778899001-5", NOW, Text("我和老公要离婚")), contact)
        work.contacts.save(replace(contact, consent="given", details={"name": "虚构的小李", "phone": "00011122233"}))
        a_case(work, contact)
        work.outbox.add(contact, "t1", Reply("孩子五岁"), kind="reply", due=NOW)
        work.staff.invite("operator", "a1", None, "虚构的老王", NOW + LEASE, NOW)
    store.close()
    raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    secrets = ("离婚", "虚构的小李", "00011122233", CHAT, "1234567890123452", "孩子五岁", "虚构的老王", "both")
    secrets += ("refuses_child", "kill_threat", "321182100207", "R01")
    assert [secret for secret in secrets if secret.encode() in raw] == []


def test_keys_lie_apart_from_what_they_open(store: Store, tmp_path: Path) -> None:
    with store.work() as work:
        somebody(work)
    if store.engine.dialect.name == "sqlite":
        assert {"rightdoor.db", "rightdoor.keys.db"} <= {file.name for file in tmp_path.iterdir()}
    else:
        assert inspect(store.engine).get_table_names(schema="keys") == ["data_keys"]
    assert "data_keys" not in inspect(store.engine).get_table_names()


def test_a_destroyed_key_leaves_no_trace_in_its_file(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'r.db'}", master_key=KEY)
    with store.work() as work:
        contact = somebody(work)
    with store.keys._engine.connect() as keys:  # noqa: SLF001 – the bytes to look for are nobody else's business
        wrapped = keys.execute(select(data_keys.c.wrapped).where(data_keys.c.owner == contact.id)).scalar_one()
    assert any(wrapped in file.read_bytes() for file in tmp_path.iterdir())
    with store.work() as work:
        work.contacts.erase(contact.id, NOW)
        work.contacts.forget(contact.id)
    assert not any(wrapped in file.read_bytes() for file in tmp_path.iterdir())
    store.close()


def test_an_erased_case_is_no_longer_found_by_anything(store: Store) -> None:
    with store.work() as work:
        contact = somebody(work)
        case = a_case(work, contact)
    with store.work() as work:
        work.cases.erase(case.id)
    with store.work() as work:
        assert work.cases.get(case.id) is None
        assert work.cases.by_receipt("1234567890123452") is None
        assert work.cases.of_contact(contact.id) == ()
        with pytest.raises(StoreUnavailableError, match="erased"):
            work.sheets.sheet(case.id)


def test_a_turn_that_fails_destroys_no_key(store: Store) -> None:
    with store.work() as work:
        case = a_case(work, somebody(work))

    def half_an_erasure() -> None:
        with store.work() as work:
            work.cases.erase(case.id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_an_erasure()
    with store.work() as work:
        assert work.sheets.sheet(case.id).value("refuses_child") == "both"


def test_an_erasure_that_a_crash_cut_short_is_carried_out_at_the_next_start(store: Store, database: str) -> None:
    with store.work() as work:
        case = a_case(work, somebody(work))
    with store.engine.begin() as db:
        db.execute(insert(condemned), {"owner": case.id})
    again = Store.open(database, master_key=KEY)
    with again.work() as work, pytest.raises(StoreUnavailableError, match="erased"):
        work.sheets.sheet(case.id)
    again.close()


def test_a_sealed_row_moved_to_another_family_does_not_open(store: Store) -> None:
    with store.work() as work:
        mine = a_case(work, somebody(work))
        other = a_case(work, somebody(work, "2"), "0000000000000000")
    with store.engine.begin() as db:
        db.execute(update(answers).where(answers.c.case_id == other.id).values(case_id=mine.id))
    with store.work() as work, pytest.raises(StoreUnavailableError, match="does not open"):
        work.sheets.sheet(mine.id)


def test_nothing_secret_shows_when_it_is_printed(store: Store) -> None:
    with store.work() as work:
        contact = work.contacts.save(replace(somebody(work), details={"name": "虚构的小李"}))
        work.outbox.add(contact, "t", Reply("孩子五岁"), kind="reply", due=NOW)
    with store.work() as work:
        [parcel] = work.outbox.claim("w", NOW, LEASE, 1)
    printed = repr((contact, parcel, store))
    assert [secret for secret in (CHAT, "虚构的小李", "孩子五岁", repr(KEY)) if secret in printed] == []


@pytest.mark.parametrize(
    "value", [{}, {"a": "b"}, {"text": "孩子五岁" * 200}, {"z": "\\x78 not packed"}, {"n": [None, 1, "七"]}]
)
def test_what_is_sealed_small_opens_whole_and_what_was_sealed_before_opens_too(value: dict[str, object]) -> None:
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    assert unpacked(packed(plain)) == plain
    assert unpacked(plain) == plain
    assert len(packed(plain)) <= len(plain)


def test_the_words_that_make_small_are_never_changed() -> None:
    """What is sealed today must open in ten years; other words would be another dictionary beside this one."""
    assert sha256(OFTEN).hexdigest() == "d533f84d6b781b10b4a73a7f2f32cc60b94ed228f1e144f6b6634275755856ac"
