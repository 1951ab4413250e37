"""Calls begin and change hands."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import InputError, MoveNotAllowedError, NotYoursError
from bot.messages import Channel
from bot.referrals import Role
from bot.referrals.lifecycle import AT_THE_DESK
from bot.store import Call, StaffMember
from bot.turns.calls.memory import Memory
from bot.turns.calls.operating import Operating
from bot.turns.reading import details_in
from bot.turns.writing import Outgoing


class Switchboard(Operating):
    """Whose hands calls are in."""

    __slots__ = ()

    def begin(self, call_id: str, number: str = "") -> Call:
        """A call; begun twice under one id it is one. Raises `NotYoursError` for anybody who is not at the duty desk."""
        self.at_the_desk()
        if self.work.calls.get(call_id):
            return self.mine(call_id)
        contact = self.work.contacts.new(Channel.CALL, call_id, self.at, self.language)
        self.write_down("begin_call", call_id, self.person.county)
        memory = Memory(number=details_in(number).get("phone", "")).to_json()
        return self.work.calls.new(
            Call(call_id, contact.id, self.person.id, self.person.county, self.at, memory=memory)
        )

    def hand_over(self, call_id: str, to: str) -> Call:
        """Gives a call with everything to a colleague, who hears of it. Raises `InputError` for anybody else."""
        call = self.mine(call_id)
        colleague = next((each for each in self.colleagues() if each.id == to), None)
        if colleague is None:
            raise InputError("a call is handed over to a colleague who is on duty")
        if call.ended:
            raise MoveNotAllowedError("this call has ended")
        self.write_down("hand_over_call", call.id, call.county)
        outgoing = Outgoing(self.services, self.work, self.work.inbox.clock(self.at), self.at)
        outgoing.to_staff(colleague, "utter_staff_call_waiting", {}, urgent=True)
        return self.work.calls.save(replace(call, operator=colleague.id, held=self.at))

    def take_up(self, call_id: str) -> Call:
        """Takes a call that waits; a supervisor takes any. Raises `NotYoursError` for one that somebody is speaking on."""
        call = self.known(call_id)
        waits = call.held is not None or self.person.role == Role.SUPERVISOR or call.operator == self.person.id
        if call.ended or not waits:
            raise NotYoursError("a colleague is speaking on this call")
        self.write_down("take_call", call.id, call.county)
        return self.work.calls.save(replace(call, operator=self.person.id, held=None))

    def going(self) -> tuple[Call, ...]:
        """Every call of this desk that has not ended, one's own first."""
        calls = self.work.calls.going(self.person.county) if self.person.role in AT_THE_DESK else ()
        return tuple(sorted(calls, key=lambda call: (call.operator != self.person.id, call.started)))

    def colleagues(self) -> tuple[StaffMember, ...]:
        """Who could take a call over."""
        county = self.person.county
        found = (*self.work.staff.on_duty_operators(county), *self.work.staff.supervisors(county))
        return tuple(each for each in dict.fromkeys(found) if each.id != self.person.id)
