"""The real outbox and courier, on both databases, held step by step against the reference model.

Two couriers, three chats, a clock that goes on, leaps and goes back, a channel that takes, refuses, asks to wait or says
nothing, and kill -9 before a message went out or between its going out and our knowing.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.delivery import Courier, Pace
from bot.errors import DeliveryError
from bot.messages import Channel
from bot.replies import Reply
from bot.store import Contact, Parcel, Priority, Store, Work
from bot.store.tables import outbox, rests, strides
from tests.delivery.reference import A_SECOND, CHAT_RESTS, HANDS, LEASE, TRIES, Message, Reference

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CHATS = ("1", "2", "3")


class KilledError(BaseException):
    """kill -9: nothing of ours runs any more, `except Exception` included."""


@dataclass
class Job:
    """What a hand was told to do and has not done yet."""

    future: Future[bool]
    run: Callable[[], bool]
    parcel: Parcel


class Hands(Executor):
    """Hands that move when the test says so."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        self.jobs.append(Job(Future(), lambda: fn(*args), args[0]))
        return self.jobs[-1].future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 – as it is declared
        """Nobody is left to wait for."""


@dataclass
class Phone:
    """The channel; does what the test says next, and remembers who got what."""

    next: Callable[[], None] = lambda: None
    arrived: list[tuple[str, int]] = field(default_factory=list)

    def send(self, chat: str, reply: Reply) -> str:
        refusal = self.next
        self.next = lambda: None
        try:
            refusal()
        except KilledError:
            self.arrived.append((chat, int(reply.text)))
            raise
        self.arrived.append((chat, int(reply.text)))
        return ""


class OutboxMachine(RuleBasedStateMachine):
    """Rules are what can happen; every look of a courier must find exactly what the reference finds."""

    store: ClassVar[Store]

    @initialize()
    def begin(self) -> None:
        with self.store.engine.begin() as db:
            for table in (outbox, rests, strides):
                db.execute(table.delete())
        self.clock, self.phone, self.model = 0.0, Phone(), Reference()
        self.contacts: dict[str, Contact] = {}
        self.told: list[tuple[str, int]] = []
        self.written = 0
        self.couriers = [self._hired(), self._hired()]
        self.renewed = [float("-inf")] * 2
        with self.store.work() as work:
            for chat in CHATS:
                found = work.contacts.by_address(Channel.TELEGRAM, chat)
                self.contacts[chat] = found or work.contacts.new(Channel.TELEGRAM, chat, START, "zh")

    def _now(self) -> datetime:
        return START + timedelta(seconds=self.clock)

    def _hired(self) -> tuple[Courier, Hands]:
        hands, pace = Hands(), Pace(a_second=A_SECOND, chat_rests=CHAT_RESTS)
        told = (self._on_sent, self._on_dead)
        lease = timedelta(seconds=LEASE)
        courier = Courier(
            self.store, Channel.TELEGRAM, self.phone, self._now, *told, pace=pace, lease=lease, tries=TRIES, hands=hands
        )
        return courier, hands

    def _on_sent(self, _: Work, parcel: Parcel, __: datetime) -> None:
        self.told.append(("sent", parcel.seq))

    def _on_dead(self, _: Work, parcel: Parcel, __: datetime, *, blocked: bool) -> None:  # noqa: ARG002 – the port's
        self.told.append(("dead", parcel.seq))

    # --- what can happen -----------------------------------------------------------------------------------------

    @rule(chat=st.sampled_from(CHATS), priority=st.sampled_from(Priority))
    def write(self, chat: str, priority: Priority) -> None:
        self.written += 1
        with self.store.work() as work:
            reply = Reply(str(self.written))
            contact = self.contacts[chat]
            seq = work.outbox.add(contact, "t", reply, kind="reply", due=self._now(), priority=priority)
        self.model.messages[seq] = Message(seq, chat, int(priority), self.clock)
        self.numbers = getattr(self, "numbers", {}) | {self.written: seq}

    @rule(which=st.integers(0, 1))
    def look(self, which: int) -> None:
        """A courier lets go of what it has carried, renews, and takes what it may."""
        courier, hands = self.couriers[which]
        courier.put_down()
        carrying = [job.parcel.seq for job in hands.jobs]
        if not self.renewed[which] <= self.clock < self.renewed[which] + LEASE / 3:
            self.model.renew(courier.name, carrying, self.clock)
            self.renewed[which] = self.clock
        expected = self.model.claim(courier.name, HANDS - len(carrying), self.clock)
        courier.start()
        assert [job.parcel.seq for job in hands.jobs[len(carrying) :]] == expected

    @precondition(lambda self: any(hands.jobs for _, hands in self.couriers))
    @rule(data=st.data(), outcome=st.sampled_from(["arrives", "arrives", "arrives", "nothing", "wait", "blocked"]))
    def carry(self, data: st.DataObject, outcome: str) -> None:
        """One message on its way comes to its end."""
        which = data.draw(st.sampled_from([n for n, (_, hands) in enumerate(self.couriers) if hands.jobs]))
        courier, hands = self.couriers[which]
        job = hands.jobs.pop(data.draw(st.integers(0, len(hands.jobs) - 1)))
        message = self.model.messages[job.parcel.seq]
        refused = job.parcel.attempts > TRIES
        self.phone.next = _does(outcome)
        job.future.set_result(job.run())
        self.phone.next = lambda: None
        span = 30.0 if outcome == "wait" and not refused and job.parcel.attempts < TRIES else CHAT_RESTS
        self.model.rest(message.chat, self.clock, span, asked=span > CHAT_RESTS)
        if outcome == "arrives" and not refused:
            message.arrivals += 1
            self._expect_told("sent", message.seq, self.model.done(message.seq))
        elif outcome == "blocked" or job.parcel.attempts >= TRIES:
            self._expect_told("dead", message.seq, self.model.fails(message.seq, courier.name, None))
        else:
            self._failed(courier, message, outcome, job.parcel.attempts)

    def _failed(self, courier: Courier, message: Message, outcome: str, attempts: int) -> None:
        with self.store.read() as work:
            letter = work.outbox.track(message.seq)
        assert letter is not None
        due = (letter.due - START).total_seconds()
        if self.model.fails(message.seq, courier.name, due):
            least, most = (30.0, 30.0) if outcome == "wait" else (2.0 ** (attempts - 2), 2.0 ** (attempts - 1))
            assert self.clock + least - 0.001 <= due <= self.clock + most + 0.001

    def _expect_told(self, what: str, seq: int, expected: bool) -> None:  # noqa: FBT001 – what the reference says
        assert (self.told[-1:] == [(what, seq)]) or not expected
        assert self.told.count((what, seq)) <= 1

    @rule(which=st.integers(0, 1), out=st.booleans())
    def kill(self, which: int, out: bool) -> None:  # noqa: FBT001 – a drawn truth
        """kill -9; if `out`, its oldest message is out and nobody knows. Another courier takes its place."""
        _, hands = self.couriers[which]
        if out and hands.jobs and hands.jobs[0].parcel.attempts <= TRIES:
            self.phone.next = _does("killed")
            with pytest.raises(KilledError):
                hands.jobs[0].run()
            self.model.messages[hands.jobs[0].parcel.seq].arrivals += 1
        self.couriers[which], self.renewed[which] = self._hired(), float("-inf")

    @rule(seconds=st.sampled_from([0.3, 1.0, 2.5, 7.0, 11.0, 40.0, 700.0, -5.0, -3600.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock += seconds

    # --- what must hold ------------------------------------------------------------------------------------------

    @invariant()
    def no_chat_is_written_to_twice_at_once(self) -> None:
        for chat in CHATS:
            held = [m for m in self.model.messages.values() if m.chat == chat and m.undone and m.held(self.clock)]
            assert len(held) <= 1

    @invariant()
    def a_message_arrives_again_only_after_its_carrier_vanished(self) -> None:
        for message in self.model.messages.values():
            assert message.arrivals <= 1 + message.lapsed

    def teardown(self) -> None:
        """In the end everything has arrived, or somebody was told; in order but for what was repeated; and it is counted."""
        if not hasattr(self, "written"):
            return
        for _ in range(len(self.model.messages) + 2 * TRIES):
            if not any(message.undone for message in self.model.messages.values()):
                break
            self.clock += 4000.0
            for which in (0, 1):
                self.look(which)
                while self.couriers[which][1].jobs:
                    self._finish(which)
        first: dict[str, list[tuple[int, int]]] = {}
        for message in self.model.messages.values():
            assert not message.undone
            assert (message.arrivals > 0) or self.told.count(("dead", message.seq)) == 1
        for chat, number in dict.fromkeys(self.phone.arrived):
            message = self.model.messages[self.numbers[number]]
            first.setdefault(f"{chat}/{message.priority}", []).append((message.seq, message.dead))
        for order in first.values():
            alive = [seq for seq, dead in order if not dead]
            assert alive == sorted(alive), "a chat's messages keep their order"
        with self.store.read() as work:
            assert work.outbox.lapsed() == sum(m.lapsed for m in self.model.messages.values())
            assert work.outbox.waiting().messages == 0

    def _finish(self, which: int) -> None:
        courier, hands = self.couriers[which]
        job = hands.jobs.pop(0)
        message, refused = self.model.messages[job.parcel.seq], job.parcel.attempts > TRIES
        job.future.set_result(job.run())
        self.model.rest(message.chat, self.clock, CHAT_RESTS)
        if refused:
            self._expect_told("dead", message.seq, self.model.fails(message.seq, courier.name, None))
        else:
            message.arrivals += 1
            self._expect_told("sent", message.seq, self.model.done(message.seq))


def _does(outcome: str) -> Callable[[], None]:
    """What the channel does with the next message."""
    troubles: dict[str, BaseException | None] = {
        "arrives": None,
        "nothing": DeliveryError("no answer"),
        "wait": DeliveryError("slow down", retry_after=30.0),
        "blocked": DeliveryError("blocked", permanent=True),
        "killed": KilledError(),
    }
    trouble = troubles[outcome]

    def act() -> None:
        if trouble:
            raise trouble

    return act


@pytest.fixture
def machine(store: Store) -> type[OutboxMachine]:
    """The machine on this test's database."""
    return type("Machine", (OutboxMachine,), {"store": store})


def run(machine: type[OutboxMachine], runs: int, steps: int) -> None:
    unhurried = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    chosen = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, database=None, suppress_health_check=unhurried
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_whatever_happens_the_outbox_does_what_its_reference_does(machine: type[OutboxMachine]) -> None:
    run(machine, 50, 30)


@pytest.mark.nightly
def test_whatever_happens_for_long_the_outbox_does_what_its_reference_does(machine: type[OutboxMachine]) -> None:
    run(machine, 1_500, 60)
