"""A caseworker's buttons about a part: at most two taps each, every showing of details written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.errors import InputError, MoveNotAllowedError
from bot.referrals import Case, Part
from bot.referrals.visits import next_owed
from bot.replies import Reply
from bot.turns.buttons import CALLED, Tap, by_telephone, payload
from bot.turns.desk.hands import hands
from bot.turns.desk.letters import LetterDesk
from bot.turns.desk.rarer import RarerDesk
from bot.turns.desk.refusing import Refusing
from bot.turns.desk.seat import Seat
from bot.turns.moving import Stand

# So many notes are shown, the newest.
NOTES = 3


@dataclass(frozen=True, slots=True)
class PartDesk:
    """What may be done with a part."""

    seat: Seat

    def press(self, tap: Tap) -> Reply | None:
        """A button about a part; None for any other verb. Whatever is refused changes nothing and is told kindly."""
        letters, rarer = LetterDesk(self.seat), RarerDesk(self.seat)
        verb = {
            "accept": self._accept,
            "decline": self._decline,
            "hand": self._hand,
            "contact": self._contact,
            "visit": self._visit,
            "note": self._note,
            "close": self._close,
            "show": self._show,
            "card": self._card,
            "more": rarer.more,
            "await": rarer.awaits,
            "resume": rarer.resume,
            "reopen": rarer.reopen,
            "overrule": rarer.overrule,
            "read": letters.read,
            "write": letters.write,
        }.get(tap.verb)
        if verb is None:
            return None
        try:
            case, part, by = self.seat.moving.find(tap.subject, self.seat.person)
            return Refusing(self.seat).before(case, part, by, tap) or verb(Stand(case, part), tap)
        except MoveNotAllowedError:
            return Refusing(self.seat).after(*self.seat.moving.find(tap.subject, self.seat.person))
        except InputError:
            return self.seat.say("utter_staff_gone")

    def write(self, words: str) -> Reply | None:
        """The note or the letter that was asked for; None when these words are something else."""
        noting = self.seat.talk.noting
        if noting is None or datetime.fromisoformat(noting["until"]) < self.seat.at:
            return None
        self.seat.no_words()
        return self.press(Tap(noting.get("verb", "note"), noting["part"], noting["stamp"], words))

    # --- taking it on ----------------------------------------------------------------------------------------

    def _accept(self, stand: Stand, tap: Tap) -> Reply:
        """Taken on; in the place of police or an ambulance only with who called."""
        case, part = stand
        called = tap.detail if by_telephone(part) else ""
        if by_telephone(part) and called not in CALLED:
            self.seat.moving.may(part.id, self.seat.person, "accept")
            return self.seat.about(case, part, "utter_staff_who_called")
        case, part = self.seat.moving.accept(part.id, self.seat.person, called_by=called)
        return self.seat.about(case, part, "utter_staff_accepted", contact=self._reach(case, part))

    def _decline(self, stand: Stand, tap: Tap) -> Reply:
        if not tap.detail:
            return self.seat.why(stand, "decline", "decline", "utter_staff_decline_why")
        _, part = self.seat.moving.decline(stand.part.id, self.seat.person, tap.detail)
        return self.seat.say("utter_staff_declined", who=self.seat.who(part))

    def _hand(self, stand: Stand, tap: Tap) -> Reply:
        """To whom and why in one tap."""
        case, part = stand
        self.seat.moving.may(part.id, self.seat.person, "hand_on")
        there = hands(self.seat, case, part)
        chosen = next((hand for hand in there if hand.word == tap.more), None)
        if chosen:
            _, part = self.seat.moving.hand_on(part.id, self.seat.person, tap.detail, chosen.to)
            return self.seat.say("utter_staff_declined", who=self.seat.who(part))
        reasons, words = self.seat.services.reasons, self.seat.words
        form = words.word("hand", "button")
        options = [
            (
                form.format(who=hand.who, reason=reasons.label("hand_on", reason, words.language)),
                payload("hand", part, reason, hand.word),
            )
            for hand in there
            for reason in reasons.fitting[hand.kind]
        ]
        return self.seat.choice("utter_staff_hand_to" if options else "utter_staff_hand_nobody", options)

    # --- working on it ---------------------------------------------------------------------------------------

    def _contact(self, stand: Stand, _: Tap) -> Reply:
        return self.seat.about(*self.seat.moving.contact(stand.part.id, self.seat.person), "utter_staff_contacted")

    def _visit(self, stand: Stand, tap: Tap) -> Reply:
        if not tap.detail:
            return self.seat.why(stand, "visit", "finding", "utter_staff_finding")
        stand = self.seat.moving.visit(stand.part.id, self.seat.person, tap.detail)
        return self.seat.about(*stand, "utter_staff_following")

    def _note(self, stand: Stand, tap: Tap) -> Reply:
        """Asks for words; the next that are written are the note."""
        part = stand.part
        if tap.detail:
            return self.seat.about(*self.seat.moving.note(part.id, self.seat.person, tap.detail), "utter_staff_noted")
        self.seat.moving.may(part.id, self.seat.person, "note")
        self.seat.asks_for_words("note", part)
        return self.seat.say("utter_staff_note")

    def _close(self, stand: Stand, tap: Tap) -> Reply:
        """It is over; or, where the rules name visits, they are what comes next."""
        if not tap.detail:
            visits = self.seat.work.visits.of(stand.case.id, stand.part.id)
            ending = self.seat.services.reasons.ending if next_owed(visits) else None
            return self.seat.why(stand, "close", "outcome", "utter_staff_close_how", only=ending)
        case, part = self.seat.moving.finish(stand.part.id, self.seat.person, tap.detail)
        return self.seat.about(case, part, "utter_staff_following" if part.status.open else "utter_staff_closed")

    # --- looking at it ---------------------------------------------------------------------------------------

    def _card(self, stand: Stand, _: Tap) -> Reply:
        return self.seat.about(*stand)

    def _show(self, stand: Stand, _: Tap) -> Reply:
        """What was told, and once it was taken on how to reach the family; who looked is written down.

        Where the family has asked to be erased, only whoever works on it and a supervisor see it.
        """
        case, part = stand
        if self.seat.narrowed(case, part):
            return self.seat.about(case, part, "utter_staff_details_narrowed")
        self._looked(case, part)
        held = not part.status.waiting
        contact = self._reach(case, part) if held else self.seat.say("utter_staff_contact_later").text
        return self.seat.about(case, part, "utter_staff_details", contact=contact, notes="\n".join(self._notes(stand)))

    def _reach(self, case: Case, part: Part) -> str:
        family = self.seat.work.contacts.get(case.contact)
        details = " ".join(family.details.values()) if family and family.details else ""
        if not details:
            return self.seat.say("utter_staff_contact_none").text
        self._looked(case, part)
        return self.seat.say("utter_staff_contact_details", details=details).text

    def _looked(self, case: Case, part: Part) -> None:
        self.seat.work.audit.add(self.seat.person.id, "show_details", part.id, case.county, self.seat.at)

    def _notes(self, stand: Stand) -> Iterable[str]:
        """Who called, and the newest notes."""
        words = self.seat.words
        events = [e for e in self.seat.work.cases.timeline(stand.case.id) if e.part == stand.part.id]
        for event in events:
            if called := event.detail.get("called_by"):
                yield words.word("called", "asked").format(who=words.word("called", called))
        noted = [event for event in events if event.move == "note"]
        for event in noted[-NOTES:]:
            yield f"{words.when(event.at, self.seat.at)} {event.detail['words']}"
        yield from self._kin(stand.case)

    def _kin(self, case: Case) -> Iterable[str]:
        """What others of the same family told and how to reach them; nothing of a case this person must have nothing to do with."""
        seat, words = self.seat, self.seat.words
        for other in seat.work.cases.of_family(case):
            strangers = (seat.moving.find(part.id, seat.person)[1] for part in other.parts)
            if any(part.shuns(seat.person.id, seat.person.agency, seat.person.role) for part in strangers):
                continue
            sheet, family = seat.services.sheet(seat.work, other.id), seat.work.contacts.get(other.contact)
            known = seat.services.phrases.known(sheet, seat.services.policy.vocabulary, words)
            details = " ".join(family.details.values()) if family and family.details else ""
            seat.work.audit.add(seat.person.id, "show_details", other.id, other.county, seat.at)
            yield words.word("kin", "line").format(known=known, details=details)
