"""The one façade over cases for whoever is signed in: what is to do, one case, and moves. Pages know nothing of the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil

from bot.console.cases.choosing import Choosing
from bot.console.cases.views import CaseView, Fact, Happening, HeldView, Line, PartView, Visiting
from bot.console.facade import Facade, Look
from bot.console.scopes import sees
from bot.decisions.decision import Citation
from bot.errors import InputError
from bot.facts import Sheet
from bot.messages import Channel
from bot.referrals import Case, Event, Part
from bot.referrals.lifecycle import AT_THE_DESK
from bot.replies import Button, Reply
from bot.replies.words import CHINA
from bot.turns.desk.seat import Seat
from bot.turns.desk.tasks import TaskDesk
from bot.turns.moving import Moving

LATEST = 40  # messages on a page
TOWNSHIP = 9  # digits of its code


class Office(Facade):
    """Cases, as one person may see them."""

    __slots__ = ()

    # --- what is to do ----------------------------------------------------------------------------------------

    def inbox(self, view: str) -> tuple[Line, ...]:
        """Open parts within somebody's scope, the overdue first, then the gravest, then by deadline."""
        found = [(case, part) for case in self._cases(view) for part in case.parts if part.status.open]
        lines = [self._line(case, part) for case, part in found if self._in(view, part) and self._sees(case)]
        return tuple(sorted(lines, key=lambda line: (not line.late, -line.weight, line.deadline)))

    def _cases(self, view: str) -> Iterable[Case]:
        if view == "mine":
            return {case.id: case for case, _ in self.work.cases.held_by(self.person.id)}.values()
        if self.person.role in AT_THE_DESK:
            return self.work.cases.all_open(self.person.county)
        return self.work.cases.open_at(self.person.agency)

    def _in(self, view: str, part: Part) -> bool:
        if view == "mine":
            return part.owner.staff == self.person.id
        if self.person.role not in AT_THE_DESK and part.owner.agency != self.person.agency:
            return False
        if view == "overdue":
            return part.deadline <= self.at
        return view != "waiting" or bool(part.awaiting and part.awaiting > self.at)

    def _line(self, case: Case, part: Part) -> Line:
        teller = self.teller
        return Line(
            case=case.id,
            part=part.id,
            risk=part.risk.word,
            weight=int(part.risk),
            risk_label=teller.words.word("risk", part.risk.word),
            place=self._place(case),
            for_whom=teller.for_whom(part),
            asked=teller.first_action(part),
            by=teller.by(part.deadline),
            late=part.deadline <= self.at,
            deadline=part.deadline,
            state=teller.words.word("status", part.status),
            owner=self._owner(part),
            township=(case.place or "")[:TOWNSHIP],
            agency=part.owner.agency,
        )

    def township(self, code: str) -> str:
        """What a place in a list is called."""
        place = self.services.gazetteer.get(code)
        return place.full_name if place else code

    def agency(self, agency_id: str) -> str:
        """What an agency in a list is called."""
        return str(self.services.directory.agency(agency_id).name[self.language])

    # --- one case ---------------------------------------------------------------------------------------------

    def case(self, case_id: str, *, shown: bool = False) -> CaseView | None:
        """One case as this person may see it; None outside their scope. `shown`: what was told and how to reach the family."""
        case = self.within(case_id)
        if case is None:
            return None
        self.looked(Look("show_details" if shown else "read_case", case.id, case.county))
        sheet = self.services.sheet(self.work, case.id)
        decision = self.services.policy.decide(sheet, self.at)
        return CaseView(
            id=case.id,
            place=self._place(case),
            risk=case.risk.word,
            risk_label=self.teller.words.word("risk", case.risk.word),
            parts=tuple(self._part(case, part) for part in sorted(case.parts, key=self._order)),
            facts=tuple(self._facts(sheet)) if shown else (),
            contact=self._contact(case) if shown else "",
            because=tuple(reason[self.language] for reason in decision.because),
            basis=tuple(by_law(decision.basis)),
            rows=decision.rows,
            happened=tuple(self._happening(event, shown=shown) for event in self._timeline(case)),
            shown=shown,
        )

    def within(self, case_id: str) -> Case | None:
        """The case itself, within this person's scope."""
        case = self.work.cases.look(case_id)
        return case if case and self._sees(case) else None

    def brief(self, case_id: str) -> str:
        """Where and how grave, as in a list; nothing outside this person's scope."""
        case = self.within(case_id)
        return f"{self._place(case)} · {self.teller.words.word('risk', case.risk.word)}" if case else ""

    def _order(self, part: Part) -> tuple[bool, bool, int]:
        """What is asked of this person stands first, then what is open, then the gravest."""
        return part.owner.agency != self.person.agency, not part.status.open, -int(part.risk)

    def _part(self, case: Case, part: Part) -> PartView:
        line = self._line(case, part)
        waits = self.work.held.of(part.id, self.person.id)
        held = HeldView(waits.move, max(0, ceil((waits.due - self.at).total_seconds()))) if waits else None
        visits = tuple(self._visits(case, part))
        choices = () if held else tuple(Choosing(self, self._seat).of(case, part))
        return PartView(line, part.revision, part.status.open, choices, visits, held)

    def _visits(self, case: Case, part: Part) -> Iterator[Visiting]:
        """The follow-up plan of a part, what will not be made any more left out."""
        words, findings = self.teller.words, self.services.reasons.labels.get("finding", {})
        for visit in self.work.visits.of(case.id, part.id):
            if not visit.dropped:
                found = findings[visit.finding][self.language] if visit.finding else ""
                yield Visiting(
                    when=words.when(visit.due, self.at),
                    how=words.word("visiting", visit.how),
                    found=found,
                    owed=visit.owed,
                    late=visit.owed and visit.due <= self.at,
                    case=case.id,
                    place=self._place(case),
                    day=visit.due.astimezone(CHINA).date().isoformat(),
                )

    def calendar(self) -> tuple[Visiting, ...]:
        """Every visit and call that this person owes, by date."""
        held = self.work.cases.held_by(self.person.id)
        owed = [visit for case, part in held for visit in self._visits(case, part) if visit.owed]
        return tuple(sorted(owed, key=lambda visit: visit.day))

    def _facts(self, sheet: Sheet) -> Iterator[Fact]:
        words = self.teller.words
        for answer in sheet.answers:
            title = self.services.phrases.title(answer.fact, answer.value, self.language)
            if title:
                source = words.word("known_from", answer.source.value)
                yield Fact(title, answer.child, source, words.when(answer.at, self.at))

    def _contact(self, case: Case) -> str:
        family = self.work.contacts.get(case.contact)
        return " ".join(family.details.values()) if family and family.details else ""

    def _timeline(self, case: Case) -> Iterator[Event]:
        return (event for event in self.work.cases.timeline(case.id) if event.move not in ("remind", "deliver", "send"))

    def _happening(self, event: Event, *, shown: bool) -> Happening:
        words = self.teller.words
        reasons = self.services.reasons.labels
        kinds = (kind for kind in reasons if event.reason in reasons[kind])
        reason = next((reasons[kind][event.reason or ""][self.language] for kind in kinds), "")
        said = str(event.detail.get("words", "")) if shown else ""
        who = words.word("actor", event.actor.kind)
        return Happening(words.when(event.at, self.at), who, words.word("move", event.move), reason, said)

    # --- messages ---------------------------------------------------------------------------------------------

    def messages(self) -> tuple[tuple[int, Reply], ...] | None:
        """What was written to this person, the newest first; None when they read it elsewhere (Telegram)."""
        contact = self.work.contacts.get(self.person.contact or "")
        if contact is None or contact.channel is not Channel.CONSOLE:
            return None
        return tuple(reversed(self.work.outbox.latest(contact, LATEST)))

    def waiting(self) -> tuple[Button, ...]:
        """Tasks that wait for somebody, where this person is one who could take them, and those they have."""
        contact = self.work.contacts.get(self.person.contact or "")
        return TaskDesk(self._seat()).waiting() if contact and contact.channel is Channel.CONSOLE else ()

    def of_part(self, part_id: str) -> Case | None:
        """The case of a part within this person's scope."""
        case = self.work.cases.of_part(part_id, hold=False)
        return case if case and self._sees(case) else None

    # --- how --------------------------------------------------------------------------------------------------

    def _sees(self, case: Case) -> bool:
        return sees(self.work, self._moving, case, self.person)

    def _owner(self, part: Part) -> str:
        holder = self.work.staff.get(part.owner.staff) if part.owner.staff else None
        name = holder.name if holder and holder.agency == self.person.agency else ""
        return f"{self.teller.who(part)} {name}".strip()

    def _place(self, case: Case) -> str:
        place = self.services.gazetteer.get(case.place) if case.place else None
        return place.full_name if place else "—"

    @property
    def _moving(self) -> Moving:
        return Moving(self.services, self.work, "", self.at)

    def _seat(self) -> Seat:
        contact = self.work.contacts.get(self.person.contact or "")
        if contact is None:
            raise InputError("whoever acts is enrolled")
        return Seat(self.services, self.work, "", self.person, contact, self.at)


def by_law(basis: Iterable[Citation]) -> Iterator[str]:
    """Each law once, with its articles."""
    articles: dict[str, list[str]] = {}
    for cited in basis:
        articles.setdefault(cited.law, []).append(cited.article)
    return (f"{law} {', '.join(each for each in found if each)}".rstrip() for law, found in articles.items())
