"""The life of referrals against its drawing: any moves, by anybody, twice, stale, out of order, crashing, under a clock that jumps.

After every step: one owner and one deadline for every part, a complete history, no state and no step outside the drawing, nothing
lost, nothing told to whoever must not hear of it, and nothing left undone that was due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from bot.decisions import Risk
from bot.errors import InputError, MoveNotAllowedError, StaleVersionError
from bot.facts import Answer, Source
from bot.referrals import Case, Event, Part, Role, Status
from bot.store import Parcel, StaffMember, Store
from bot.store.tables import letters, metadata, tasks
from bot.turns import Turns
from bot.turns.corresponding import Corresponding
from bot.turns.delivered import AfterDelivery
from bot.turns.moving import Moving
from bot.turns.services import Services
from tests.referrals.world import ALONE, POSTS, SEED, START, XINBA, World

# The drawing once more, as a person would copy it from docs/referrals.md: what may lead from where to where.
WAITING, HELD = ("new", "sent", "delivered"), ("accepted", "in_contact", "following_up")
OPEN, ENDED = (*WAITING, *HELD), ("closed", "withdrawn")
DRAWING: dict[str, tuple[tuple[str, ...], str | None]] = {
    "send": (("new",), "sent"),
    "deliver": (("sent",), "delivered"),
    "accept": (WAITING, "accepted"),
    "decline": (WAITING, "sent"),
    "hand_on": (OPEN, "sent"),
    "contact": (("accepted", "in_contact"), "in_contact"),
    "follow_up": (("in_contact", "following_up"), "following_up"),
    "visit": (HELD, None),
    "note": ((*OPEN, *ENDED), None),
    "close": (HELD, "closed"),
    "merge": (OPEN, "closed"),
    "reopen": (ENDED, "sent"),
    "withdraw": (OPEN, "withdrawn"),
    "escalate": (OPEN, "sent"),
    "redirect": (OPEN, "sent"),
    "overrule": (OPEN, "sent"),
    "await_family": (HELD, None),
    "resume": (HELD, None),
    "remind": (OPEN, None),
    "reset": (OPEN, None),
}

# What somebody on staff may try: the call, and the least it must leave in the history when it succeeds.
Call = Callable[[Moving, str, Any, int | None], object]
TRIES: dict[str, Call] = {
    "accept": lambda m, p, who, seen: m.accept(p, who, seen=seen),
    "decline": lambda m, p, who, seen: m.decline(p, who, "no_capacity", seen=seen),
    "decline for a conflict": lambda m, p, who, seen: m.decline(p, who, "conflict", seen=seen),
    "hand on to a service": lambda m, p, who, seen: m.hand_on(p, who, "better_placed", "county_centre", seen=seen),
    "hand on to the village": lambda m, p, who, seen: m.hand_on(p, who, "moved", "village_worker", seen=seen),
    "hand on to an agency": lambda m, p, who, seen: m.hand_on(p, who, "moved", POSTS["station"][1], seen=seen),
    "hand on to nobody": lambda m, p, who, seen: m.hand_on(p, who, "moved", "demo-closed-long-ago", seen=seen),
    "contact": lambda m, p, who, seen: m.contact(p, who, seen=seen),
    "follow up": lambda m, p, who, seen: m.follow_up(p, who, plan="weekly_for_three_months", seen=seen),
    "visit": lambda m, p, who, seen: m.visit(p, who, "well", seen=seen),
    "note": lambda m, p, who, seen: m.note(p, who, "外婆身体不好", seen=seen),
    "close": lambda m, p, who, seen: m.close(p, who, "done", seen=seen),
    "finish": lambda m, p, who, seen: m.finish(p, who, "done", seen=seen),
    "close for good": lambda m, p, who, seen: m.close(p, who, "moved_away", seen=seen),
    "reopen": lambda m, p, who, seen: m.reopen(p, who, "again", seen=seen),
    "withdraw": lambda m, p, who, seen: m.withdraw(p, who, seen=seen),
    "overrule the risk": lambda m, p, who, seen: m.overrule(p, who, "not_asked", risk=Risk.HIGH, seen=seen),
    "overrule the lead": lambda m, p, who, seen: m.overrule(p, who, "rule_wrong", lead="hospital", seen=seen),
    "overrule downward": lambda m, p, who, seen: m.overrule(p, who, "rule_wrong", risk=Risk.NONE, seen=seen),
    "await the family": lambda m, p, who, seen: m.await_family(p, who, seen=seen),
    "resume": lambda m, p, who, seen: m.resume(p, who, seen=seen),
}
# The move of the drawing that each is, where it is one that the owner of a part may make.
MOVE_OF = {
    "accept": "accept",
    "decline": "decline",
    "hand on to a service": "hand_on",
    "hand on to an agency": "hand_on",
    "hand on to the village": "hand_on",
    "contact": "contact",
    "follow up": "follow_up",
    "visit": "visit",
    "finish": "close",
    "close for good": "close",
    "reopen": "reopen",
    "overrule the risk": "overrule",
    "overrule the lead": "overrule",
    "await the family": "await_family",
    "resume": "resume",
}
FACTS = (
    ("not_my_village", "yes", None),
    ("child_with_now", "nobody", 0),
    ("child_age", "5to7", 0),
    ("suspect_is", "school_staff", 0),
    ("child_with_now", "relative", 0),
    ("divorce", "considering", None),
)
FAMILIES = (SEED, ALONE, {"family": {"not_my_village": "yes"}, "children": [{"child_hurt": "by_other"}]}, {})
NUMBER = st.integers(0, 11)
VERSIONS = (None, None, 0, 0, -1)  # of the part that somebody looked at
REFUSALS = (InputError, MoveNotAllowedError, StaleVersionError)
SEEN: Counter[str] = Counter()  # moves of all lives, so that a test of nothing would be noticed
JUMPS = (1, 60, 300, 3600, 4 * 3600, 86_400, 2 * 86_400, 30 * 86_400, -60, -3600, -86_400, -400 * 86_400)


class Life(RuleBasedStateMachine):
    """Some families, everybody on staff, and whatever may happen."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.world = World(services)
        self.parts: dict[str, Part] = {}
        self.cases: dict[str, Case] = {}
        self.events: dict[str, list[Event]] = {}
        self.last: Callable[[], None] = lambda: None

    @initialize(
        families=st.lists(st.sampled_from(FAMILIES), min_size=1, max_size=2),
        posts=st.sets(st.sampled_from(sorted(POSTS))) | st.just(set(POSTS)),
    )
    def begin(self, families: list[dict[str, Any]], posts: set[str]) -> None:
        """Somebody at some posts, and a family or two."""
        store = self.world.services.store
        with store.engine.begin() as db:
            for table in metadata.sorted_tables:
                db.execute(delete(table))
        if posts:
            self.world.staffed(*sorted(posts))
        for number, facts in enumerate(families):
            self._remember(self.world.family(facts, XINBA if number == 0 else None))

    def _remember(self, case: Case) -> None:
        self.cases[case.id] = case
        self._look()

    # --- what may happen --------------------------------------------------------------------------------------
    # Draws never depend on what stands in the store, whose ids are random: numbers are drawn, and counted off there.

    @rule(
        which=NUMBER, who=NUMBER, what=st.sampled_from(sorted(TRIES)), version=st.sampled_from(VERSIONS), crash=NUMBER
    )
    def somebody_moves(self, which: int, who: int, what: str, version: int | None, crash: int) -> None:
        """Anybody on staff tries anything on any part, sometimes on an old version, sometimes in a turn that fails."""
        part, people = self._part(which), list(self.world.people.values())
        if part and people:
            seen = None if version is None else part.revision + version
            call = partial(_tried, what, part.id, people[who % len(people)], seen)
            self.last = partial(self._try, call, crash=crash == 0)
            self.last()

    @rule(which=NUMBER, numbers=st.lists(NUMBER, min_size=1, max_size=4))
    def whoever_has_it_works_on_it(self, which: int, numbers: list[int]) -> None:
        """The owner makes moves that the drawing allows, a few one after another."""
        for number in numbers:
            part = self._part(which)
            person = next((p for p in self.world.people.values() if part and p.id == part.owner.staff), None)
            if part is None or person is None:
                return
            possible = sorted(what for what, move in MOVE_OF.items() if part.status in DRAWING[move][0])
            call = partial(_tried, possible[number % len(possible)], part.id, person, part.revision)
            self.last = partial(self._try, call)
            self.last()

    @rule()
    def the_same_again(self) -> None:
        """A button pressed twice, two weeks old, or brought again by a channel."""
        self.last()

    @rule(which=NUMBER, what=st.sampled_from(["nobody_came", "answered", "take_back"]))
    def the_family_moves(self, which: int, what: str) -> None:
        """The family says that nobody came, answers, or takes it back."""
        if part := self._part(which):
            self._try(lambda moving: getattr(moving, what)(part.id))

    @rule(which=NUMBER, who=NUMBER, crash=NUMBER)
    def somebody_writes(self, which: int, who: int, crash: int) -> None:
        """The family leaves a letter, or somebody on staff writes to it, or reads what it wrote."""
        part, people = self._part(which), list(self.world.people.values())
        if part:
            self.last = partial(self._try, partial(_written, part, people, who), crash=crash == 0)
            self.last()

    @rule(which=NUMBER, other=NUMBER, who=NUMBER, crash=NUMBER)
    def two_cases_are_one_family(self, which: int, other: int, who: int, crash: int) -> None:
        """Somebody says so, of any two cases, their own included."""
        cases, people = list(self.cases.values()), list(self.world.people.values())
        if cases and people:
            one, two, person = (cases[which % len(cases)], cases[other % len(cases)], people[who % len(people)])
            self.last = partial(self._try, lambda moving: moving.merge(one.id, two.id, person), crash=crash == 0)
            self.last()

    @rule(which=NUMBER, fact=st.sampled_from(FACTS))
    def something_is_found_out(self, which: int, fact: tuple[str, str, int | None]) -> None:
        """New facts decide anew."""
        if part := self._part(which):
            answer = Answer(fact[0], fact[2], fact[1], Source.OPERATOR, START)
            self._try(lambda moving: moving.learnt(*moving.stand(part.id), [answer]))

    @rule(seconds=st.sampled_from(JUMPS), crash=st.integers(0, 5))
    def time_jumps(self, seconds: int, crash: int) -> None:
        """Forward, also over days in which nothing ran, or back; then the clock does what is due, sometimes failing first."""
        self.world.now += timedelta(seconds=seconds)
        if crash == 0:
            with suppress(ZeroDivisionError), self.world.services.store.work() as work:
                if found := work.cases.awake(self.world.now):
                    Moving(self.world.services, work, work.inbox.clock(self.world.now), self.world.now).escalate(*found)
                raise ZeroDivisionError
            self._unchanged()
        self._clock()

    @rule(arrives=st.booleans(), blocked=st.booleans())
    def a_card_arrives_or_never_does(self, *, arrives: bool, blocked: bool) -> None:
        """The courier's outcome for the next message, told twice."""
        after, store = AfterDelivery(Turns(self.world.services)), self.world.services.store
        with store.work() as work:
            parcels = work.outbox.claim("one", self.world.now, timedelta(minutes=1), 1)
        for parcel in parcels:
            for _ in range(2):
                self._carried(after, parcel, arrives=arrives, blocked=blocked)
        self._look()

    def _carried(self, after: AfterDelivery, parcel: Parcel, *, arrives: bool, blocked: bool) -> None:
        with self.world.services.store.work() as work:
            if arrives and work.outbox.done(parcel.seq, self.world.now):
                after.sent(work, parcel, self.world.now)
            elif not arrives and work.outbox.dead(parcel.seq, "one", self.world.now, "DeliveryError"):
                after.dead(work, parcel, self.world.now, blocked=blocked)

    # --- how --------------------------------------------------------------------------------------------------

    def _part(self, number: int) -> Part | None:
        parts = list(self.parts.values())
        return parts[number % len(parts)] if parts else None

    def _clock(self) -> None:
        """The clock runs until nothing is due; a second run at the same moment finds nothing."""
        self.world.passes()
        assert self.world.passes() == 0
        self._look()
        for part in self.parts.values():
            assert not part.status.open or (part.wake and part.wake > self.world.now), "what is due has been done"

    def _try(self, call: Callable[[Moving], object], *, crash: bool = False) -> None:
        """A move happens whole, or is refused by a clear error and changes nothing."""
        with suppress(ZeroDivisionError, *REFUSALS):
            with self.world.moving() as moving:
                call(moving)
                _ = 1 / (not crash)
            self._look()
            return
        self._unchanged()

    def _unchanged(self) -> None:
        parts, events = dict(self.parts), {key: list(rows) for key, rows in self.events.items()}
        self._look()
        assert (parts, events) == (self.parts, self.events)

    def _look(self) -> None:
        """What stands in the store; nothing that stood there before may have gone."""
        with self.world.services.store.read() as work:
            for case_id in self.cases:
                case = work.cases._load(case_id)  # noqa: SLF001 – to look without a lock
                assert case is not None, "a case was lost"
                self.cases[case_id] = case
                timeline = work.cases.timeline(case_id)
                for part in case.parts:
                    events = [event for event in timeline if event.part == part.id]
                    known = self.events.get(part.id, [])
                    assert events[: len(known)] == known, "history was rewritten"
                    SEEN.update(event.move for event in events[len(known) :])
                    self.events[part.id] = events
                    self.parts[part.id] = part
        assert set(self.parts) == {part.id for case in self.cases.values() for part in case.parts}, "a part was lost"

    # --- what must hold ---------------------------------------------------------------------------------------

    @invariant()
    def one_owner_and_one_deadline(self) -> None:
        """For every part, whatever its state."""
        for part in self.parts.values():
            assert part.owner.agency
            assert part.owner.agency in self.world.services.directory.by_id
            assert part.deadline.tzinfo is not None
            assert (part.wake is not None) == part.status.open
            assert part.wake is None or part.wake <= part.deadline

    @invariant()
    def the_history_is_complete_and_within_the_drawing(self) -> None:
        """Every state follows from the one before by a move of the drawing, the first from `new`, the last to what stands."""
        for part_id, events in self.events.items():
            standing = Status.NEW
            for event in events:
                states, leads_to = DRAWING[event.move]
                assert event.before == standing
                assert event.before in states
                assert event.after == (leads_to or event.before)
                standing = event.after
            assert standing == self.parts[part_id].status
            assert events[0].move == "send"

    @invariant()
    def whoever_holds_it_was_written_to(self) -> None:
        """A waiting part whose owner can be reached has a card on its way to them, or one that arrived or died."""
        with self.world.services.store.read() as work:
            for part in self.parts.values():
                person = work.staff.get(part.owner.staff) if part.owner.staff else None
                contact = work.contacts.get(person.contact) if person and person.contact else None
                if contact and part.status.waiting:
                    payload = f"accept:{part.id}"
                    cards = [
                        r
                        for _, r in work.outbox.after(contact, 0)
                        if any(b.payload.startswith(payload) for b in r.buttons)
                    ]
                    assert cards, "the owner knows nothing of it"

    @invariant()
    def what_was_merged_goes_on(self) -> None:
        """In a part of another case, that no one of the family has stopped alone; the end of the way is not merged itself."""
        for part in self.parts.values():
            if part.merged:
                assert part.status is Status.CLOSED
                stays, steps = self.parts[part.merged], 0
                while stays.merged:
                    stays, steps = self.parts[stays.merged], steps + 1
                    assert steps <= len(self.parts), "it goes on nowhere"
                assert stays.shared
                if stays.status is Status.WITHDRAWN:
                    last = [event for event in self.events[stays.id] if event.move == "withdraw"][-1]
                    assert last.actor.kind == Role.SUPERVISOR

    @invariant()
    def no_letter_is_forgotten(self) -> None:
        """What a family wrote was read, will be looked at by the clock, or is a human's task."""
        with self.world.services.store.engine.connect() as db:
            left = select(letters.c.contact).where(letters.c.side == "family", letters.c.read.is_(None))
            forgotten = left.where(letters.c.due.is_(None), letters.c.contact.not_in(select(tasks.c.contact)))
            assert db.execute(forgotten).all() == []

    @invariant()
    def nobody_has_what_they_must_not_have(self) -> None:
        """The levels that the rules forbid, and whoever said that they know the people."""
        for part in self.parts.values():
            if part.status.open:
                assert part.owner.staff not in part.avoid
                assert part.level not in part.avoid

    @invariant()
    def a_child_s_part_ends_by_a_human_s_move(self) -> None:
        """What concerns a child at medium or above is withdrawn by nobody but a supervisor."""
        for part_id, events in self.events.items():
            part = self.parts[part_id]
            if part.child is not None and part.status is Status.WITHDRAWN and part.risk >= Risk.MEDIUM:
                assert [event for event in events if event.move == "withdraw"][-1].actor.kind == Role.SUPERVISOR


def _written(part: Part, people: list[StaffMember], who: int, moving: Moving) -> None:
    """A letter, one way or the other."""
    corresponding = Corresponding(moving.services, moving.work, moving.turn, moving.at)
    case, part = moving.stand(part.id)
    family = moving.work.contacts.get(case.contact)
    if who % 3 == 0 or not people:
        assert family is not None
        corresponding.from_family(family, part, "孩子发烧了")
    elif who % 3 == 1:
        corresponding.to_family(case, part, people[who % len(people)], "周四来看孩子")
    else:
        corresponding.read(case, (part,), people[who % len(people)])


def _tried(what: str, part: str, person: StaffMember, seen: int | None, moving: Moving) -> object:
    return TRIES[what](moving, part, person, seen)


def live(loaded: Services, store: Store, runs: int, steps: int) -> None:
    services = replace(loaded, store=store)
    run_state_machine_as_test(
        lambda: Life(services),
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=False,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


def test_whatever_happens_in_whatever_order_no_family_is_lost(loaded: Services, store: Store) -> None:
    live(loaded, store, runs=100, steps=10)
    assert SEEN.keys() >= {"send", "accept", "hand_on", "escalate"}


@pytest.mark.nightly
def test_whatever_happens_in_ten_thousand_long_lives_no_family_is_lost(loaded: Services, store: Store) -> None:
    live(loaded, store, runs=5_000, steps=50)
    assert SEEN.keys() == DRAWING.keys()
