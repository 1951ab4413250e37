"""Acceptance slips: an agency without Telegram takes a referral on, or declines it, by a link that only its message carried.

    https://service.example/slip/PART-STAMP-STAFF-SEAL

The seal is a keyed hash of the rest: nothing is stored, nobody can make one up, and it is good for one version of one part in
one agency's hands, for two weeks. Whoever opens it reads what the message said; only an answer changes anything.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import InputError, MoveNotAllowedError
from bot.referrals import Case, Part
from bot.store import StaffMember, Work
from bot.turns.buttons import BUTTONS_LAST, by_telephone, stamp
from bot.turns.moving import Moving
from bot.turns.postal import record_of, sealed, worded
from bot.turns.services import Services

MOVES = ("accept", "decline")


@dataclass(frozen=True, slots=True)
class Slip:
    """How a referral stands for whoever holds its link.

    `state` is `open` (it can be answered), `yours` (taken on there) or `over` (changed, with others, ended or too old). `record` is
    what a program reads, `words` the same for people, `reasons` why it may be declined; all of it stood in the message.
    """

    state: str
    record: Mapping[str, str]
    words: Mapping[str, str]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Slips:
    """Shows what links are about, and takes answers; `bot/turns/postal.py` makes them."""

    services: Services

    def look(self, token: str, language: str) -> Slip | None:
        """How it stands; None for a link we did not make, and for what was erased."""
        with self.services.store.read() as work:
            return self._shown(work, token, language, hold=False)

    def answer(self, token: str, move: str, reason: str, language: str) -> Slip | None:
        """Takes the referral on or declines it, once; afterwards, or where it is too late, how it stands.

        Raises `InputError` for a move or reason that is none.
        """
        if move not in MOVES:
            raise InputError(f"an answer is {' or '.join(MOVES)}, not {move!r:.40}")
        if move == "decline":
            self.services.reasons.known("decline", reason)
        with self.services.store.work() as work:
            found = self._found(work, token)
            if found and self._state(*found[1:], token) == "open":
                _, part, person = found
                self._move(work, part, person, move, reason)
            return self._shown(work, token, language)

    def _move(self, work: Work, part: Part, person: StaffMember, move: str, reason: str) -> None:
        now = self.services.clock()
        moving = Moving(self.services, work, work.inbox.clock(now), now)
        try:
            if move == "accept":
                moving.accept(part.id, person)
            else:
                moving.decline(part.id, person, reason)
        except MoveNotAllowedError:
            return  # somebody was quicker; how it stands says so

    def _shown(self, work: Work, token: str, language: str, *, hold: bool = True) -> Slip | None:
        found = self._found(work, token, hold=hold)
        if found is None:
            return None
        case, part, person = found
        gazetteer = self.services.gazetteer
        county = gazetteer.get(case.county) if case.county else None
        record, state = record_of(part, county), self._state(part, person, token)
        if part.shuns(person.id, person.agency, person.role):
            record = {"referral": part.id}
        words = worded(self.services, language, record, self.services.clock()) if len(record) > 1 else {"part": part.id}
        labels = self.services.reasons.labels["decline"]
        reasons = {word: label[language] for word, label in labels.items()} if state == "open" else {}
        return Slip(state, record | {"state": state}, words, reasons)

    def _found(self, work: Work, token: str, *, hold: bool = True) -> tuple[Case, Part, StaffMember] | None:
        told, _, seal = token.rpartition("-")
        if told.count("-") != 2 or not hmac.compare_digest(seal.encode(), sealed(self.services, told).encode()):  # noqa: PLR2004 – three
            return None
        part_id, _, staff = told.split("-")
        case = work.cases.of_part(part_id, hold=hold)
        part, person = case.part(part_id) if case else None, work.staff.get(staff)
        return (case, part, person) if case and part and person else None

    def _state(self, part: Part, person: StaffMember, token: str) -> str:
        if part.owner.agency != person.agency or not part.status.open:
            return "over"
        if not part.status.waiting:
            return "yours"
        fresh = self.services.clock() - part.term.since < BUTTONS_LAST
        return "open" if fresh and stamp(part) == token.split("-")[1] and not by_telephone(part) else "over"
