"""The courier on both databases, with a channel that writes down what reaches it and fails when told to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import text

from bot.delivery import Courier, Pace
from bot.delivery.carrier import LONGEST_WAIT, backoff
from bot.errors import DeliveryError, MoveNotAllowedError
from bot.messages import Channel
from bot.replies import Reply
from bot.store import Parcel, Priority, Store, Work

LEASE = timedelta(seconds=60)
UNHURRIED = {"pace": Pace(a_second=10_000, chat_rests=0, group_rests=0)}


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Phone:
    """A channel of fictional people: keeps what arrives, raises what it was given to raise."""

    arrived: list[tuple[str, str]] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    before: Callable[[str], object] = lambda _: None

    def send(self, chat: str, reply: Reply) -> str:
        self.before(chat)
        if self.troubles:
            raise self.troubles.pop(0)
        self.arrived.append((chat, reply.text))
        return str(len(self.arrived))


@dataclass
class Office:
    """Hears what became of the messages; `trouble` is raised instead of listening."""

    sent: list[int] = field(default_factory=list)
    given_up: list[tuple[int, bool]] = field(default_factory=list)
    trouble: Exception | None = None

    def on_sent(self, _: Work, parcel: Parcel, __: datetime) -> None:
        self._fail()
        self.sent.append(parcel.seq)

    def on_dead(self, _: Work, parcel: Parcel, __: datetime, *, blocked: bool) -> None:
        self._fail()
        self.given_up.append((parcel.seq, blocked))

    def _fail(self) -> None:
        if self.trouble:
            raise self.trouble


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def hire(store: Store, clock: Clock, phone: Phone, office: Office) -> Iterator[Callable[..., Courier]]:
    hired: list[Courier] = []

    def new(**options: object) -> Courier:
        told = (office.on_sent, office.on_dead)
        hired.append(Courier(store, Channel.TELEGRAM, phone, clock, *told, **(UNHURRIED | options)))
        return hired[-1]

    yield new
    for courier in hired:
        courier.close()


def write(
    store: Store, clock: Clock, texts: Sequence[str], chat: str = "1", priority: Priority = Priority.USUAL
) -> None:
    with store.work() as work:
        contact = work.contacts.by_address(Channel.TELEGRAM, chat)
        contact = contact or work.contacts.new(Channel.TELEGRAM, chat, clock(), "zh")
        for text in texts:
            work.outbox.add(contact, "t", Reply(text), kind="reply", due=clock(), priority=priority)


def waiting(store: Store) -> int:
    with store.read() as work:
        return work.outbox.waiting().messages


def test_each_chat_gets_its_messages_in_order_and_the_office_hears_of_each(
    store: Store, clock: Clock, phone: Phone, office: Office, hire: Callable[..., Courier]
) -> None:
    for chat in ("1", "2", "3"):
        write(store, clock, ["a", "b", "c"], chat)
    assert hire().run_once() == 9
    for chat in ("1", "2", "3"):
        assert [text for to, text in phone.arrived if to == chat] == ["a", "b", "c"]
    assert len(set(office.sent)) == 9
    assert waiting(store) == 0


def test_an_emergency_goes_before_what_is_waiting_in_its_own_chat_even_while_that_fails(
    store: Store, clock: Clock, phone: Phone, hire: Callable[..., Courier]
) -> None:
    write(store, clock, ["usual"])
    phone.troubles = [DeliveryError("no answer")]
    courier = hire()
    courier.run_once()
    write(store, clock, ["urgent"], priority=Priority.URGENT)
    write(store, clock, ["later"])
    courier.run_once()
    assert phone.arrived == [("1", "urgent")], "what comes later waits behind what is tried again"
    clock.now += timedelta(seconds=1)
    courier.run_once()
    assert [text for _, text in phone.arrived] == ["urgent", "usual", "later"]


def test_when_the_channel_says_how_long_to_wait_nobody_tries_earlier(
    store: Store, clock: Clock, phone: Phone, hire: Callable[..., Courier]
) -> None:
    write(store, clock, ["one"])
    phone.troubles = [DeliveryError("flood", retry_after=17)]
    courier = hire()
    courier.run_once()
    clock.now += timedelta(seconds=16)
    assert courier.run_once() == 0
    clock.now += timedelta(seconds=1)
    assert courier.run_once() == 1


def test_a_message_that_fails_for_too_long_is_given_up_together_with_telling_somebody(
    store: Store, clock: Clock, phone: Phone, office: Office, hire: Callable[..., Courier]
) -> None:
    write(store, clock, ["one"])
    phone.troubles = [DeliveryError("no answer"), DeliveryError("no answer")]
    courier = hire(tries=2)
    courier.run_once()
    assert office.given_up == []
    clock.now += timedelta(seconds=2)
    courier.run_once()
    assert [blocked for _, blocked in office.given_up] == [False]
    assert waiting(store) == 0


def test_somebody_who_blocked_us_is_not_tried_again(
    store: Store, clock: Clock, phone: Phone, office: Office, hire: Callable[..., Courier]
) -> None:
    write(store, clock, ["one"])
    phone.troubles = [DeliveryError("forbidden", permanent=True)]
    hire().run_once()
    assert [blocked for _, blocked in office.given_up] == [True]
    assert waiting(store) == 0


def test_while_nobody_can_be_told_a_message_is_not_given_up(
    store: Store, clock: Clock, phone: Phone, office: Office, hire: Callable[..., Courier]
) -> None:
    write(store, clock, ["one"])
    forbidden = DeliveryError("forbidden", permanent=True)
    phone.troubles, office.trouble = [forbidden, forbidden], ZeroDivisionError()
    courier = hire()
    courier.run_once()
    assert waiting(store) == 1
    office.trouble = None
    clock.now += timedelta(seconds=LONGEST_WAIT)
    courier.run_once()
    assert [blocked for _, blocked in office.given_up] == [True]


def test_a_message_that_is_out_stays_out_though_what_follows_from_it_fails(
    store: Store, clock: Clock, phone: Phone, office: Office, hire: Callable[..., Courier]
) -> None:
    write(store, clock, ["one"])
    office.trouble = MoveNotAllowedError("the part was withdrawn meanwhile")
    courier = hire()
    assert courier.run_once() == 1
    clock.now += LEASE * 2
    assert courier.run_once() == 0
    assert phone.arrived == [("1", "one")]


def test_a_channel_s_own_mistake_stops_neither_the_others_nor_the_message(
    store: Store, clock: Clock, phone: Phone, hire: Callable[..., Courier]
) -> None:
    for chat in ("1", "2"):
        write(store, clock, [chat], chat)
    phone.troubles = [ValueError("a mistake of ours")]
    courier = hire()
    assert courier.run_once() == 1
    clock.now += timedelta(seconds=1)
    assert courier.run_once() == 1
    assert sorted(phone.arrived) == [("1", "1"), ("2", "2")]


def test_a_crash_between_sending_and_recording_costs_one_repeat_and_nothing_more(
    store: Store, clock: Clock, phone: Phone, hire: Callable[..., Courier]
) -> None:
    write(store, clock, ["one"])
    with store.work() as work:
        [parcel] = work.outbox.claim("killed", clock(), LEASE, 8)
    phone.send(parcel.address, parcel.reply)
    assert hire(lease=LEASE).run_once() == 0, "its lease still runs"
    clock.now += LEASE
    courier = hire(lease=LEASE)
    assert courier.run_once() == 1
    clock.now += LEASE * 2
    assert courier.run_once() == 0
    assert phone.arrived == [("1", "one")] * 2
    with store.read() as work:
        assert work.outbox.lapsed() == 1, "and it is counted"


def test_two_couriers_share_the_work_and_nothing_arrives_twice(
    store: Store, clock: Clock, phone: Phone, hire: Callable[..., Courier]
) -> None:
    for chat in range(10):
        write(store, clock, ["a", "b", "c"], str(chat))
    couriers = [Thread(target=hire().run_once) for _ in range(2)]
    for courier in couriers:
        courier.start()
    for courier in couriers:
        courier.join()
    assert sorted(phone.arrived) == sorted((str(chat), text) for chat in range(10) for text in "abc")


def test_what_takes_longer_than_its_lease_is_still_carried_only_once(
    store: Store, clock: Clock, phone: Phone, hire: Callable[..., Courier]
) -> None:
    write(store, clock, ["slow"])
    slow, started = Event(), Event()

    def hold(_: str) -> None:
        started.set()
        slow.wait(10)

    phone.before = hold
    first = Thread(target=hire(lease=timedelta(seconds=0.3)).run_once)
    first.start()
    assert started.wait(10)
    for _ in range(4):  # a second of both clocks, in steps that let the first courier renew
        clock.now += timedelta(seconds=0.25)
        slow.wait(0.25)
    assert hire().run_once() == 0
    slow.set()
    first.join()
    assert phone.arrived == [("1", "slow")]


def test_what_a_courier_says_of_a_message_it_no_longer_holds_is_not_heard(store: Store, clock: Clock) -> None:
    write(store, clock, ["one"])
    with store.work() as work:
        [parcel] = work.outbox.claim("slow", clock(), LEASE, 8)
    clock.now += LEASE
    with store.work() as work:
        assert len(work.outbox.claim("other", clock(), LEASE, 8)) == 1
        assert not work.outbox.retry(parcel.seq, "slow", clock(), "E")
        assert not work.outbox.dead(parcel.seq, "slow", clock(), "E")
        assert work.outbox.claim("third", clock(), LEASE, 8) == ()
        assert work.outbox.done(parcel.seq, clock()), "but that it is out is always heard"
        assert not work.outbox.done(parcel.seq, clock())


def test_a_message_that_cannot_be_opened_any_more_stops_nobody_and_somebody_hears_of_it(
    store: Store, clock: Clock, phone: Phone, office: Office, hire: Callable[..., Courier]
) -> None:
    for chat in ("1", "2"):
        write(store, clock, [chat], chat)
    with store.engine.begin() as db:
        db.execute(text("UPDATE outbox SET body = NULL WHERE seq = (SELECT min(seq) FROM outbox)"))
    hire().run_once()
    assert phone.arrived == [("2", "2")]
    assert [blocked for _, blocked in office.given_up] == [False]


def test_a_clock_set_back_by_an_hour_delays_nothing(
    store: Store, clock: Clock, phone: Phone, hire: Callable[..., Courier]
) -> None:
    for chat in ("held", "tried", "fresh"):
        write(store, clock, [chat, "later"], chat)
        if chat == "held":
            with store.work() as work:
                work.outbox.claim("killed", clock(), LEASE, 8)
        if chat == "tried":
            phone.troubles = [DeliveryError("flood", retry_after=30)]
            hire(lease=LEASE).run_once()
    assert phone.arrived == []
    clock.now -= timedelta(hours=1)
    assert hire(lease=LEASE).run_once() == 6


def test_a_channel_that_asks_on_behalf_of_one_chat_stops_that_chat_and_of_two_all_of_them(
    store: Store, clock: Clock, phone: Phone, hire: Callable[..., Courier]
) -> None:
    courier = hire()
    for chat in ("1", "2"):
        write(store, clock, [chat], chat)
        phone.troubles = [DeliveryError("flood", retry_after=30)]
        courier.run_once()
        write(store, clock, ["urgent"], chat, Priority.URGENT)
        write(store, clock, ["other"], f"beside {chat}")
        courier.run_once()
    assert phone.arrived == [("beside 1", "other")]
    clock.now += timedelta(seconds=30)
    courier.run_once()
    assert [text for chat, text in phone.arrived if chat in "12"] == ["urgent", "urgent", "1", "2"]
    assert len(phone.arrived) == 6


def test_a_group_rests_for_longer_than_a_person() -> None:
    assert Pace().rest("-1001") == 3 * Pace().rest("1")


def test_two_processes_keep_one_pace(store: Store, clock: Clock, phone: Phone, hire: Callable[..., Courier]) -> None:
    couriers = [hire(pace=Pace(a_second=25)) for _ in range(2)]
    for chat in range(12):
        write(store, clock, ["a"], str(chat))
    arrived = []
    for _ in range(3):
        for courier in couriers:
            courier.run_once()
        arrived.append(len(phone.arrived))
        clock.now += timedelta(seconds=1)
    assert arrived == [5, 10, 12]


def test_what_no_channel_of_ours_carries_is_left_for_whoever_can(
    store: Store, clock: Clock, phone: Phone, office: Office
) -> None:
    write(store, clock, ["one"])
    courier = Courier(store, Channel.WEB, phone, clock, office.on_sent, office.on_dead)
    assert courier.run_once() == 0
    courier.close()
    assert (waiting(store), phone.arrived) == (1, [])


def test_a_chat_rests_between_two_messages_and_the_others_do_not_wait_for_it(
    store: Store, clock: Clock, phone: Phone, hire: Callable[..., Courier]
) -> None:
    courier = hire(pace=Pace(a_second=15))
    for chat in ("1", "2", "3", "4"):
        write(store, clock, ["a", "b"], chat)
    arrived = []
    for _ in range(4):
        courier.run_once()
        arrived.append(len(phone.arrived))
        clock.now += timedelta(seconds=1)
    assert arrived == [3, 6, 7, 8], "three at a time in all, one a second a chat"


async def test_a_running_courier_is_woken_and_ends_when_told(
    store: Store, clock: Clock, phone: Phone, hire: Callable[..., Courier]
) -> None:
    stop, arrived, courier = asyncio.Event(), asyncio.Event(), hire()
    loop = asyncio.get_running_loop()
    phone.before = lambda _: loop.call_soon_threadsafe(arrived.set)
    running = asyncio.create_task(courier.run(stop, idle=30))
    await asyncio.sleep(0.1)
    await asyncio.to_thread(write, store, clock, ["one"])
    courier.wake()
    await asyncio.wait_for(arrived.wait(), 5)
    stop.set()
    courier.wake()
    await asyncio.wait_for(running, 5)
    assert phone.arrived == [("1", "one")]
    assert waiting(store) == 0


def test_waits_double_up_to_ten_minutes_and_never_fall_together() -> None:
    assert all(0.5 * 2**n <= backoff(n + 1) <= 2**n for n in range(9))
    assert backoff(500) <= LONGEST_WAIT
    assert len({backoff(5) for _ in range(20)}) > 1
