"""A county in a store: somebody at every post, and families whose cases are opened without a conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.facts import Sheet
from bot.messages import Channel
from bot.referrals import Case, Event, Part
from bot.referrals.plan import Planner
from bot.referrals.receipt import new_receipt
from bot.store import Contact, StaffMember, Work
from bot.turns.due import due
from bot.turns.moving import Moving
from bot.turns.sending import Sending
from bot.turns.services import Services
from bot.turns.staffing import StoreStaffing

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # a Tuesday, nine in the morning in China
XINBA, COUNTY = "321182101", "321182"
SEED = {"family": {"divorce": "pending"}, "children": [{"refuses_child": "both", "child_with_now": "relative"}]}
ALONE = {"family": {}, "children": [{"child_with_now": "nobody", "child_age": "5to7"}]}

POSTS: Mapping[str, tuple[str, str]] = {
    "director": ("village_worker", "demo-yangzhong-xinba-village"),
    "station": ("township_station", "demo-yangzhong-xinba-station"),
    "colleague": ("township_station", "demo-yangzhong-xinba-station"),
    "centre": ("county_centre", "demo-yangzhong-county-centre"),
    "court": ("court_social_services", "demo-yangzhong-court-social-services"),
    "operator": ("operator", "demo-yangzhong-operator"),
    "supervisor": ("supervisor", "demo-yangzhong-operator"),
    "administrator": ("administrator", "demo-yangzhong-operator"),
    "auditor": ("auditor", "demo-yangzhong-operator"),
    "elsewhere": ("village_worker", "demo-zhaojue-bier-village"),
}


@dataclass
class World:
    """Services over one store, under a clock moved by hand."""

    services: Services
    now: datetime = START
    people: dict[str, StaffMember] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    def staffed(self, *posts: str) -> World:
        """Somebody enrolled at each of these posts, everywhere by default."""
        with self.services.store.work() as work:
            for post in posts or POSTS:
                self.people[post] = self._enrolled(work, *POSTS[post])
        return self

    def _enrolled(self, work: Work, role: str, agency: str) -> StaffMember:
        code = work.staff.invite(role, agency, COUNTY, "", self.now + timedelta(days=1), self._later())
        person = work.staff.enrol(code, self._contact(work).id, self.now)
        assert person is not None
        return person

    def _later(self) -> datetime:
        """Nobody is enrolled at the same moment as another: who was first is never left to chance."""
        return self.now + timedelta(seconds=next(self.numbers))

    def _contact(self, work: Work) -> Contact:
        return work.contacts.new(Channel.TELEGRAM, f"chat-{next(self.numbers)}", self.now, "zh")

    def family(self, facts: Mapping[str, Any] = SEED, place: str | None = XINBA) -> Case:
        """A family whose referral has just been sent."""
        services = self.services
        with services.store.work() as work:
            contact = self._contact(work)
            case = work.cases.new(contact.id, new_receipt(), self.now)
            work.contacts.save(replace(contact, case=case.id))
            sheet = Sheet.from_plain(facts, services.policy.vocabulary, self.now)
            work.sheets.append(case.id, sheet.answers, (), self.now)
            case = work.cases.save(replace(case, place=place, county=place[:6] if place else None))
            where = services.gazetteer.get(place) if place else None
            decision = services.policy.decide(sheet, self.now)
            planner = Planner(services.directory, StoreStaffing(work), services.deadlines)
            plan = planner.plan(decision, (), where, self.now)
            sending = Sending(services, work, work.inbox.clock(self.now), self.now, sheet, where)
            return work.cases.save(sending.keep(case, plan, decision))

    @contextmanager
    def moving(self) -> Iterator[Moving]:
        """One transaction in which moves are made."""
        with self.services.store.work() as work:
            yield Moving(self.services, work, work.inbox.clock(self.now), self.now)

    def passes(self, **time: float) -> int:
        """So much time goes by in which nothing ran; then the clock runs until nothing is due any more. How much it moved."""
        self.now += timedelta(**time)
        moved = 0
        while step := due(self.services, self.now):
            moved += step
        return moved

    def case(self, case: Case) -> Case:
        """A case as it stands."""
        with self.services.store.work() as work:
            found = work.cases.get(case.id)
            assert found is not None
            return found

    def part(self, part: Part) -> Part:
        """A part as it stands."""
        with self.services.store.work() as work:
            case = work.cases.of_part(part.id)
            found = case.part(part.id) if case else None
            assert found is not None
            return found

    def history(self, part: Part) -> list[Event]:
        """What happened to a part."""
        with self.services.store.work() as work:
            case = work.cases.of_part(part.id)
            assert case is not None
            return [event for event in work.cases.timeline(case.id) if event.part == part.id]

    def letters(self, post: str) -> list[str]:
        """Everything that was ever written to somebody at a post."""
        with self.services.store.work() as work:
            contact = work.contacts.get(self.people[post].contact or "")
            assert contact is not None
            return [reply.text for _, reply in work.outbox.after(contact, 0)]

    def carries(self) -> None:
        """Everything that may go out has gone out."""
        with self.services.store.work() as work:
            while parcels := work.outbox.claim("one", self.now, timedelta(minutes=1), 8):
                for parcel in parcels:
                    work.outbox.done(parcel.seq, self.now)

    def buttons(self, post: str) -> list[str]:
        """What every button that was ever written to somebody would bring back."""
        with self.services.store.work() as work:
            contact = work.contacts.get(self.people[post].contact or "")
            assert contact is not None
            return [button.payload for _, reply in work.outbox.after(contact, 0) for button in reply.buttons]


def for_child(case: Case) -> Part:
    """The part that concerns the child."""
    return next(part for part in case.parts if part.child is not None)
