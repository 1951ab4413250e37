"""Staff: caseworkers and operators, enrolled by a one-time code."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, insert, or_, select, update

from bot.messages import Channel
from bot.referrals.case import BESIDE_CASES
from bot.referrals.lifecycle import AT_THE_DESK
from bot.store.records import StaffMember
from bot.store.tables import contacts, staff
from bot.store.transaction import Transaction

# Read out on the telephone without mistakes: no 0/O, 1/I/L.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
OPERATOR, SUPERVISOR = "operator", "supervisor"
# Nothing is referred to these posts as an agency's own.
NOT_SERVING = [post.value for post in (*AT_THE_DESK, *BESIDE_CASES)]

_ALL = (
    select(staff, contacts.c.language.label("language"))
    .outerjoin(contacts, contacts.c.id == staff.c.contact)
    .order_by(staff.c.created, staff.c.id)
)
_ONE = _ALL.where(staff.c.id == bindparam("wanted"))
_OF_CONTACT = _ALL.where(staff.c.contact == bindparam("wanted"))
# Enrolled, on duty, and not somebody who has blocked the bot.
_THERE = _ALL.where(staff.c.on_duty, contacts.c.id.is_not(None), contacts.c.blocked_at.is_(None))
_POSTBOX = contacts.c.channel.in_([channel.value for channel in Channel if channel.is_postbox])
_POSTBOXES = _ALL.add_columns(contacts.c.channel).where(_POSTBOX)
# People come before the agency's postbox.
_SERVING = _THERE.where(staff.c.agency == bindparam("agency"), staff.c.role.not_in(NOT_SERVING))
_SERVING = _SERVING.order_by(None).order_by(_POSTBOX, staff.c.created, staff.c.id)
_OPERATORS = _THERE.where(staff.c.role == OPERATOR)
_SUPERVISORS = _THERE.where(staff.c.role == SUPERVISOR)
_INVITED = select(staff.c.id).where(staff.c.code_index == bindparam("index"), staff.c.code_expires > bindparam("at"))


class Staff:
    """Caseworkers and operators of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def invite(self, role: str, agency: str, county: str | None, name: str, expires: datetime, at: datetime) -> str:
        """A one-time code for somebody at `agency`; only its blind index is kept."""
        code = "".join(secrets.choice(_LETTERS) for _ in range(10))
        staff_id = secrets.token_hex(8)
        seal = self._tx.ring.new(staff_id)
        row = {
            "id": staff_id,
            "role": role,
            "agency": agency,
            "county": county,
            "name": seal.close({"name": name}, f"staff/{staff_id}"),
            "code_index": self._tx.ring.blind("code", code),
            "code_expires": expires,
            "on_duty": True,
            "created": at,
        }
        self._tx.db.execute(insert(staff).values(row))
        return code

    def anybody(self) -> bool:
        """Whether anybody was ever invited."""
        return self._tx.db.execute(select(staff.c.id).limit(1)).first() is not None

    def invited(self, code: str, at: datetime) -> StaffMember | None:
        """Whom a code was made for, while it is good."""
        index = self._tx.ring.blind("code", code.strip().upper())
        staff_id = self._tx.db.execute(_INVITED, {"index": index, "at": at}).scalar()
        return self.get(staff_id) if staff_id else None

    def enrol(self, code: str, contact: str, at: datetime) -> StaffMember | None:
        """Ties a chat to the person the code was made for; None when the code is wrong, used or expired.

        A chat is one person's inbox: whoever enrols again in the same chat leaves the earlier post.
        """
        index = self._tx.ring.blind("code", code.strip().upper())
        staff_id = self._tx.db.execute(_INVITED, {"index": index, "at": at}).scalar()
        if staff_id is None:
            return None
        self._tx.db.execute(update(staff).where(staff.c.contact == contact).values(contact=None, on_duty=False))
        used = {"contact": contact, "code_index": None, "code_expires": None}
        once = update(staff).where(staff.c.id == staff_id, staff.c.code_index == index).values(used)
        return self.get(staff_id) if self._tx.db.execute(once).rowcount == 1 else None

    def on_duty(self, staff_id: str, *, there: bool) -> None:
        """Somebody's shift begins or ends."""
        self._tx.db.execute(update(staff).where(staff.c.id == staff_id).values(on_duty=there))

    def everybody(self, county: str | None) -> tuple[StaffMember, ...]:
        """Whoever works here or was invited, of one county or of all; who has left and postboxes are not there."""
        here = or_(staff.c.contact.is_not(None), staff.c.code_index.is_not(None))
        query = _ALL.where(here, or_(contacts.c.id.is_(None), ~_POSTBOX))
        return self._read(query.where(staff.c.county == county) if county else query)

    def leave(self, staff_id: str) -> None:
        """Somebody works here no longer; what they did stays theirs."""
        gone = {"contact": None, "on_duty": False, "code_index": None, "code_expires": None}
        self._tx.db.execute(update(staff).where(staff.c.id == staff_id).values(gone))

    def postboxes(self) -> tuple[tuple[StaffMember, Channel], ...]:
        """Every agency's postbox, and what kind it is."""
        rows = self._tx.db.execute(_POSTBOXES).all()
        return tuple((self._member(row), Channel(row.channel)) for row in rows)

    def get(self, staff_id: str) -> StaffMember | None:
        """The staff member of this id."""
        return next(iter(self._read(_ONE, wanted=staff_id)), None)

    def by_contact(self, contact: str) -> StaffMember | None:
        """Whose chat this is, if it is a staff member's."""
        return next(iter(self._read(_OF_CONTACT, wanted=contact)), None)

    def serving(self, agency: str) -> tuple[StaffMember, ...]:
        """Who can be reached at an agency, operators apart, the first enrolled first, its postbox last."""
        return self._read(_SERVING, agency=agency)

    def on_duty_operators(self, county: str | None) -> tuple[StaffMember, ...]:
        """Operators on duty for a county; every operator on duty where it has none of its own, or is unknown."""
        return _of_county(self._read(_OPERATORS), county)

    def supervisors(self, county: str | None) -> tuple[StaffMember, ...]:
        """Who stands above the duty desk of a county; every supervisor where it has none of its own, or is unknown."""
        return _of_county(self._read(_SUPERVISORS), county)

    def _read(self, query: Select[Any], **values: str) -> tuple[StaffMember, ...]:
        return tuple(self._member(row) for row in self._tx.db.execute(query, values).all())

    def _member(self, row: Row[Any]) -> StaffMember:
        name = self._tx.ring.of(row.id).open(row.name, f"staff/{row.id}")["name"]
        return StaffMember(row.id, row.role, row.agency, row.county, row.contact, row.language, row.on_duty, name)


def _of_county(people: tuple[StaffMember, ...], county: str | None) -> tuple[StaffMember, ...]:
    return tuple(person for person in people if county and person.county == county) or people
