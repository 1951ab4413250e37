"""The one façade over cases for whoever is signed in: what is to do, one case, and moves. Pages know nothing of the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.console.scopes import sees
from bot.console.views import CaseView, Choice, Fact, Happening, Line, Look, PartView, Visiting
from bot.decisions.decision import Citation
from bot.errors import InputError, MoveNotAllowedError, did_you_mean
from bot.facts import Sheet
from bot.messages import Channel
from bot.referrals import Actor, Case, Event, Part
from bot.referrals.lifecycle import AT_THE_DESK, acting, step
from bot.replies import Button, Reply
from bot.replies.words import CHINA
from bot.store import StaffMember, Work
from bot.turns.buttons import CALLED, by_telephone
from bot.turns.desk.hands import hands
from bot.turns.desk.seat import Seat
from bot.turns.desk.tasks import TaskDesk
from bot.turns.moving import Moving
from bot.turns.orders import Order, carry_out
from bot.turns.services import Services
from bot.turns.telling import Teller

LATEST = 40  # messages on a page
VIEWS = ("mine", "team", "overdue", "waiting")
# The moves a page offers, in the order of a part's life; each with the kind of reason it needs.
OFFERED: Mapping[str, str] = {
    "accept": "",
    "decline": "decline",
    "contact": "",
    "visit": "finding",
    "note": "",
    "hand_on": "hand_on",
    "await_family": "",
    "resume": "",
    "finish": "outcome",
    "overrule": "overrule",
    "reopen": "reopen",
}
AS_DRAWN = {"finish": "close"}
WORDY = frozenset({"note", "hand_on", "visit", "finish"})


@dataclass(frozen=True, slots=True)
class Office:
    """One transaction of one person, in one language. Where it only reads, who looked is left in `looks`, to be written down."""

    services: Services
    work: Work
    person: StaffMember
    language: str
    at: datetime
    looks: list[Look] | None = None

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
        teller = self._teller
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
        )

    # --- one case ---------------------------------------------------------------------------------------------

    def case(self, case_id: str, *, shown: bool = False) -> CaseView | None:
        """One case as this person may see it; None outside their scope. `shown`: what was told and how to reach the family."""
        case = self.work.cases.look(case_id)
        if case is None or not self._sees(case):
            return None
        self._looked(Look("show_details" if shown else "read_case", case.id, case.county))
        sheet = self.services.sheet(self.work, case.id)
        decision = self.services.policy.decide(sheet, self.at)
        return CaseView(
            id=case.id,
            place=self._place(case),
            risk=case.risk.word,
            risk_label=self._teller.words.word("risk", case.risk.word),
            parts=tuple(self._part(case, part) for part in sorted(case.parts, key=self._order)),
            facts=tuple(self._facts(sheet)) if shown else (),
            contact=self._contact(case) if shown else "",
            because=tuple(reason[self.language] for reason in decision.because),
            basis=tuple(by_law(decision.basis)),
            rows=decision.rows,
            happened=tuple(self._happening(event, shown=shown) for event in self._timeline(case)),
            shown=shown,
        )

    def _order(self, part: Part) -> tuple[bool, bool, int]:
        """What is asked of this person stands first, then what is open, then the gravest."""
        return part.owner.agency != self.person.agency, not part.status.open, -int(part.risk)

    def _part(self, case: Case, part: Part) -> PartView:
        line = self._line(case, part)
        visits = tuple(self._visits(case, part))
        return PartView(line, part.revision, part.status.open, tuple(self._choices(case, part)), visits)

    def _visits(self, case: Case, part: Part) -> Iterator[Visiting]:
        """The follow-up plan of a part, what will not be made any more left out."""
        words, findings = self._teller.words, self.services.reasons.labels.get("finding", {})
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

    def _choices(self, case: Case, part: Part) -> Iterator[Choice]:
        """The moves that are this person's to make from where the part stands."""
        by = acting(part, self.person.id, self.person.agency, self.person.role)
        for move, kind in OFFERED.items():
            if self._may(part, move, by):
                yield Choice(move, self._reasons(move, kind, part), self._whom(case, part, move), move in WORDY)

    def _may(self, part: Part, move: str, by: Actor) -> bool:
        waits = bool(part.awaiting and part.awaiting > self.at)
        if (move == "await_family" and part.awaiting) or (move == "resume" and not waits):
            return False
        try:
            step(part, AS_DRAWN.get(move, move), by)
        except MoveNotAllowedError:
            return False
        return True

    def _reasons(self, move: str, kind: str, part: Part) -> Mapping[str, str]:
        if move == "accept" and by_telephone(part):
            return {word: self._teller.words.word("called", word) for word in CALLED}
        labels = self.services.reasons.labels.get(kind, {})
        return {word: label[self.language] for word, label in labels.items()}

    def _whom(self, case: Case, part: Part, move: str) -> Mapping[str, str]:
        if move == "hand_on":
            return {hand.to: hand.who for hand in hands(self._seat, case, part)}
        if move == "overrule":
            words = self._teller.words
            graver = {risk.word: words.word("risk", risk.word) for risk in type(part.risk) if risk > part.risk}
            others = {lead: self._teller.service(lead) for lead in (*part.also, "county_centre") if lead != part.lead}
            return graver | others
        return {}

    def _facts(self, sheet: Sheet) -> Iterator[Fact]:
        words = self._teller.words
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
        words = self._teller.words
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
        return TaskDesk(self._seat).waiting() if contact and contact.channel is Channel.CONSOLE else ()

    # --- moves ------------------------------------------------------------------------------------------------

    def of_part(self, part_id: str) -> Case | None:
        """The case of a part within this person's scope."""
        case = self.work.cases.of_part(part_id, hold=False)
        return case if case and self._sees(case) else None

    def move(self, part_id: str, move: str, *, reason: str, to: str, words: str, seen: int) -> str:
        """Makes a move on the version that was looked at; the case's id.

        Raises `InputError` for what is not within this person's scope or is no move, and whatever the move is refused with.
        """
        case = self.of_part(part_id)
        if case is None:
            raise InputError("there is nothing like this within your scope")
        if move not in OFFERED:
            raise InputError(f"unknown move {move!r:.40}{did_you_mean(move, OFFERED)}")
        carry_out(self.services, self.work, move, Order(part_id, self.person, reason, to, words, seen), self.at)
        self.work.audit.add(self.person.id, f"move_{move}", part_id, case.county, self.at)
        return case.id

    def _looked(self, look: Look) -> None:
        if self.looks is None:
            self.work.audit.add(self.person.id, look.action, look.subject, look.county, self.at)
        else:
            self.looks.append(look)

    # --- how --------------------------------------------------------------------------------------------------

    def _sees(self, case: Case) -> bool:
        return sees(self.work, self._moving, case, self.person)

    def _owner(self, part: Part) -> str:
        holder = self.work.staff.get(part.owner.staff) if part.owner.staff else None
        name = holder.name if holder and holder.agency == self.person.agency else ""
        return f"{self._teller.who(part)} {name}".strip()

    def _place(self, case: Case) -> str:
        place = self.services.gazetteer.get(case.place) if case.place else None
        return place.full_name if place else "—"

    @property
    def _teller(self) -> Teller:
        return self.services.teller(self.language, self.at)

    @property
    def _moving(self) -> Moving:
        return Moving(self.services, self.work, "", self.at)

    @property
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
