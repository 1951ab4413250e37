"""One key of one operator on one call: read, decide, plan, keep, in one transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.decisions import Ask, Risk
from bot.directory import Agency
from bot.errors import InputError, MoveNotAllowedError
from bot.facts import Sheet
from bot.messages import Incoming, Press, Text
from bot.referrals import Case
from bot.store import Call, Contact
from bot.turns.asking import next_but, next_question
from bot.turns.calls.asking import Question, question
from bot.turns.calls.keys import NOTHING, Done, Hand, press, write
from bot.turns.calls.memory import Memory
from bot.turns.calls.operating import Operating
from bot.turns.learning import Standing, learn
from bot.turns.orders import Order, recorded
from bot.turns.settling import Settling
from bot.turns.staffing import StoreStaffing
from bot.turns.talk import Talk
from bot.turns.viewing import View, look


@dataclass(frozen=True, slots=True)
class Table:
    """How a call stands: the question on the table, and all that is known and decided."""

    call: Call
    memory: Memory
    standing: Standing
    view: View
    question: Question | None


@dataclass(frozen=True, slots=True)
class AtTheDesk:
    """Who is there, with whoever has the call before all other operators: what comes of it to the duty desk is theirs."""

    others: StoreStaffing
    operator: str

    def inbox(self, agency: str, avoid: Collection[str] = ()) -> str | None:
        """As the store says."""
        return self.others.inbox(agency, avoid)

    def full(self, agency: Agency) -> bool:
        """As the store says."""
        return self.others.full(agency)

    def operators(self, county: str | None) -> tuple[str, ...]:
        """The one who has the call, then the others."""
        return (self.operator, *(each for each in self.others.operators(county) if each != self.operator))

    def supervisors(self, county: str | None) -> tuple[str, ...]:
        """As the store says."""
        return self.others.supervisors(county)


class Calling(Operating):
    """What is said in calls."""

    __slots__ = ()

    def take(self, incoming: Incoming) -> Call:
        """One key, or notes. Sent twice it counts once.

        Raises `NotYoursError` for a call in other hands, `MoveNotAllowedError` for one that has ended or cannot end like this,
        `InputError` for a key that is not there.
        """
        call = self.mine(incoming.chat)
        if self.work.inbox.seen(incoming.channel, incoming.id) is not None:
            return call
        if call.ended:
            raise MoveNotAllowedError("this call has ended")
        table = self._table(call)
        turn = self.work.inbox.record(incoming, table.standing.contact)
        hand = Hand(self.services, call, table.memory, table.standing.talk, table.question, self.at)
        match incoming.content:
            case Press() as key:
                return self._keep(turn, table.standing, press(hand, key))
            case Text() as text:
                return self._keep(turn, table.standing, write(hand, text))
        raise InputError("a call is told by keys and notes only")

    def join(self, call_id: str, case: Case) -> Call:
        """It is the family of this case: what was told so far, and all that will be, is told there.

        Raises `MoveNotAllowedError` when what was told here has been passed on already: merging two referrals is another matter.
        """
        call = self.mine(call_id)
        table = self._table(call)
        contact, own = table.standing.contact, table.standing.case
        if own and own.sent and own.id != case.id:
            raise MoveNotAllowedError("what was told in this call has been passed on already")
        if own and own.id != case.id:
            told = [replace(answer, at=self.at) for answer in table.standing.sheet.answers]
            self.work.sheets.append(case.id, told, table.standing.sheet.mentions, self.at)
            self.work.sheets.restart(own.id, self.at)
        self.write_down("join_call", case.id, case.county)
        contact = replace(contact, case=case.id, told_something=True)
        turn = self.work.inbox.clock(self.at)
        return self._keep(turn, self._standing(contact), Done(NOTHING, call, table.memory))

    def called(self, call_id: str, part_id: str, by: str) -> None:
        """Who called the police or the ambulance, recorded on the part that waits for it."""
        table = self.table(call_id)
        case = table.standing.case
        if case is None or case.part(part_id) is None:
            raise InputError("this is no part of what was passed on in this call")
        recorded(self.services, self.work, "accept", Order(part_id, self.person, by), self.at)

    def table(self, call_id: str) -> Table:
        """How a call of this person's stands."""
        return self._table(self.mine(call_id))

    def alike(self, number: str) -> tuple[str, ...]:
        """The open cases in which this number was left."""
        kinship = self.services.kinship
        marks = kinship.marks(Sheet(), None, {"phone": number})
        return self.work.kin.holding(marks, self.at - kinship.within)

    def _keep(self, turn: str, standing: Standing, done: Done) -> Call:
        """What a key did is learnt, decided and kept; an emergency is passed on at once, whatever is still to be asked."""
        standing = learn(self.services, self.work, standing.contact, standing.talk, done.understood, self.at)
        view = self._look(standing)
        _may_end(done, standing, view)
        send = view.decision.risk is Risk.EMERGENCY or (done.send and bool(view.decision.rows))
        ask = self._asked(done.memory, view)
        talk = replace(standing.talk, asked={"fact": ask.fact, "child": ask.child} if ask else None)
        waits = standing.contact.told_something and not (standing.case and standing.case.sent) and not send
        quiet = self.at + self.services.policy.deadlines.silence if waits and not done.call.ended else None
        contact = replace(standing.contact, state=talk.to_json(), quiet_due=quiet)
        settling = Settling(self.services, self.work, turn, self.at)
        settling.settle(replace(standing, contact=contact), view, done.understood, send=send)
        saved = self.work.calls.save(replace(done.call, case=contact.case, memory=done.memory.to_json()))
        if saved.ended:
            self.write_down("end_call", saved.id, saved.county)
        return saved

    def _table(self, call: Call) -> Table:
        contact = self.work.contacts.get(call.contact)
        if contact is None or contact.erased_at:
            raise MoveNotAllowedError("what was said in this call has been erased")
        standing, memory = self._standing(contact), Memory.from_json(call.memory)
        view = self._look(standing)
        ask = self._asked(memory, view)
        on_table = question(self.services, standing, ask, self.language) if ask else None
        return Table(call, memory, standing, view, on_table)

    def _standing(self, contact: Contact) -> Standing:
        case = self.work.cases.get(contact.case) if contact.case else None
        sheet = self.services.sheet(self.work, case.id if case else None)
        place = self.services.gazetteer.get(case.place) if case and case.place else None
        return Standing(contact, Talk.from_json(contact.state), case, sheet, place)

    def _look(self, standing: Standing) -> View:
        return look(self.services, self.work, standing, self.at, AtTheDesk(StoreStaffing(self.work), self.person.id))

    def _asked(self, memory: Memory, view: View) -> Ask | None:
        """What was put on the table by hand, else the next question; what was left for later when nothing else is left."""
        now = view.situation
        return memory.table or next_but(now, memory.later, self.services.policy, self.at) or next_question(now)


def _may_end(done: Done, standing: Standing, view: View) -> None:
    """Nobody's danger is ended as a prank."""
    if done.call.ended and not done.send and standing.case and view.decision.risk >= Risk.MEDIUM:
        raise MoveNotAllowedError("danger was noted in this call: take it back, or say what else the call was")
