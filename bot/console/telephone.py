"""The façade over calls for whoever sits at the desk: how a call stands, in plain words. Pages know nothing of the store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.console.office import Office, by_law
from bot.console.views import Answer, CallLine, CallView, Danger, Door, Heard, Say, SoFar, Told
from bot.decisions import Ask, Decision, Risk
from bot.decisions.changes import Change, Step
from bot.errors import InputError
from bot.facts import Answer as Given
from bot.facts import Source
from bot.facts.fact import REFUSED, UNKNOWN
from bot.referrals import Part
from bot.referrals.receipt import find_receipt
from bot.replies.disclosure import guarded
from bot.store import Call, StaffMember, Work
from bot.turns.buttons import by_telephone
from bot.turns.calls import Calling, Memory, Switchboard, Table
from bot.turns.calls.asking import Option
from bot.turns.calls.tapping import tapped
from bot.turns.projecting import parts_after
from bot.turns.services import Services
from bot.turns.telling import Teller

# Eight answers stand on digits, the ninth and later on letters that do nothing else; 9 and 0 are always the same.
KEYS = "12345678qwtyuiop"
SILENT = {UNKNOWN: "9", REFUSED: "0"}
GRAVER_AT_MOST = 3
SHORTEST = 8  # digits; a shorter number is a service's, not a person's


@dataclass(frozen=True, slots=True)
class Telephone:
    """One transaction of one operator, in one language."""

    services: Services
    work: Work
    person: StaffMember
    language: str
    at: datetime

    # --- the calls of this desk -------------------------------------------------------------------------------

    def lines(self) -> tuple[CallLine, ...]:
        """Every call that has not ended, one's own first."""
        return tuple(self._line(call) for call in self.board.going())

    def _line(self, call: Call) -> CallLine:
        contact = self.work.contacts.get(call.contact)
        case = self.work.cases.look(call.case) if call.case else None
        risk = case.risk if case else Risk.NONE
        holder = self.work.staff.get(call.operator)
        place = self.services.gazetteer.get(case.place) if case and case.place and contact else None
        return CallLine(
            id=call.id,
            who=holder.name if holder else "",
            seconds=max(0, int((self.at - call.started).total_seconds())),
            held=call.held is not None,
            mine=call.operator == self.person.id,
            risk=risk.word,
            risk_label=self._teller.words.word("risk", risk.word),
            weight=int(risk),
            place=place.full_name if place else "",
        )

    def colleagues(self) -> tuple[tuple[str, str], ...]:
        """Who could take a call over: staff id and name."""
        return tuple((each.id, each.name or self._teller.post(each.role)) for each in self.board.colleagues())

    # --- one call ---------------------------------------------------------------------------------------------

    def call(self, call_id: str) -> CallView:
        """One call as it stands; the look is written down. Raises what `Calling.table` raises."""
        table = self.calling.table(call_id)
        case = table.standing.case
        self.work.audit.add(self.person.id, "read_call", call_id, table.call.county, self.at)
        decision, sheet = table.view.decision, table.standing.sheet
        card = "emergency_minor" if sheet.value("caller") == "child" else "emergency"
        return CallView(
            id=table.call.id,
            seconds=max(0, int((self.at - table.call.started).total_seconds())),
            held=table.call.held is not None,
            ended=table.call.ended is not None,
            kind=self.services.calls.kinds[table.call.kind][self.language] if table.call.kind else "",
            caller=self.services.phrases.title("caller", sheet.value("caller") or "", self.language),
            number=_masked(table.memory.number),
            place=table.standing.place.full_name if table.standing.place else "",
            silent=table.memory.silent,
            guarded=guarded(sheet),
            dangers=tuple(self._dangers(table)),
            card=tuple(self.services.calls.aloud[card][self.language].splitlines())
            if decision.risk is Risk.EMERGENCY
            else (),
            say=self._question(table),
            heard=tuple(self._heard(table.memory)),
            notes=tuple((self._when(note.at), note.words) for note in reversed(table.memory.notes)),
            told=tuple(self._told(table)),
            so_far=self._so_far(table, decision),
            sent=bool(case and case.sent),
            case=case.id if case and case.sent else "",
            receipt=case.receipt if case else "",
            alike=tuple(self._alike(table)),
            supposable=tuple(self._supposable(table)),
        )

    def suppose(self, call_id: str, supposed: str) -> SoFar:
        """What would be decided with another answer (`fact child value`); nothing is kept."""
        table = self.calling.table(call_id)
        fact, child, value = [*supposed.split(" "), "", "", ""][:3]
        vocabulary = self.services.policy.vocabulary
        answers = vocabulary.answers({fact: value})
        whose = vocabulary.whose(fact, int(child) if child.isdecimal() else None)
        sheet = table.standing.sheet.with_answers(Given(f, whose, v, Source.TOLD, self.at) for f, v in answers)
        return self._so_far(table, self.services.policy.decide(sheet, self.at), supposed=True)

    def case_for(self, receipt: str) -> str:
        """The id of the case whose receipt code somebody reads out. Raises `InputError` for none within this desk's reach."""
        found = find_receipt(receipt)
        case = self.work.cases.by_receipt(found) if found else None
        if case is None or self.office.case(case.id) is None:
            raise InputError("no case of this desk has this code")
        return case.id

    def join(self, call_id: str, case_id: str) -> None:
        """The call is about the family of this case. Raises `InputError` for a case outside this person's scope."""
        case = self.work.cases.get(case_id) if self.office.case(case_id) else None
        if case is None:
            raise InputError("there is nothing like this within your scope")
        self.calling.join(call_id, case)

    @property
    def calling(self) -> Calling:
        """What is said in calls."""
        return Calling(self.services, self.work, self.person, self.language, self.at)

    @property
    def board(self) -> Switchboard:
        """Whose hands calls are in."""
        return Switchboard(self.services, self.work, self.person, self.language, self.at)

    @property
    def office(self) -> Office:
        """The cases, as this person may see them."""
        return Office(self.services, self.work, self.person, self.language, self.at)

    # --- what is read aloud -----------------------------------------------------------------------------------

    def _question(self, table: Table) -> Say | None:
        question = table.question
        if question is None:
            return None
        then = self._asks(table.then) if table.then else ""
        typed = question.ask.fact if question.typed else ""
        taps = tapped(question, table.memory.declined) if table.memory.silent else None
        if taps:
            words = self.services.calls.tapping
            ask = words["ask"][self.language].format(title=taps.title) if taps.title else ""
            text = f"{question.text} {ask}".strip()
            pair = (("1", "once", "yes"), ("2", "twice", "no"))
            keys = tuple(Answer(k, words[word][self.language], _key("tap", said=said)) for k, word, said in pair)
            return Say(text, question.why, words["begin"][self.language], keys, "", then)
        return Say(question.text, question.why, "", tuple(_keyed(question.options)), typed, then)

    def _asks(self, ask: Ask) -> str:
        """A question in one line."""
        fact = self.services.policy.vocabulary.facts.get(ask.fact)
        aloud = self.services.calls.aloud.get(ask.fact)
        if aloud or fact is None:
            return aloud[self.language] if aloud else ""
        return self._say(fact.question).split("\n")[0]

    def _heard(self, memory: Memory) -> Iterator[Heard]:
        for n, each in enumerate(memory.unsure):
            place = self.services.gazetteer.get(each.place) if each.place else None
            title = place.full_name if place else self._title(each.fact, each.value)
            yield Heard(n, title, each.words)

    # --- what is known ----------------------------------------------------------------------------------------

    def _dangers(self, table: Table) -> Iterator[Danger]:
        vocabulary = self.services.policy.vocabulary
        sheet = table.standing.sheet
        for name in vocabulary.groups[vocabulary.opening[0]] if vocabulary.opening else ():
            value = sheet.value(name)
            title = self.services.phrases.title(name, "yes", self.language)
            yield Danger(title, value or "", value == "yes")
        for answer in sheet.answers:
            fact = vocabulary.facts[answer.fact]
            if fact.sensitive and answer.value == "yes" and fact.ask_with not in vocabulary.opening[:1]:
                yield Danger(self._title(answer.fact, answer.value), answer.value, there=True)

    def _told(self, table: Table) -> Iterator[Told]:
        for answer in reversed(table.standing.sheet.answers):
            child = "" if answer.child is None else str(answer.child)
            fact = self.services.policy.vocabulary.facts[answer.fact]
            tells = answer.value not in (*SILENT, "no", fact.otherwise)
            yield Told(self._title(answer.fact, answer.value), _key("ask", fact=answer.fact, child=child), tells)

    def _title(self, fact: str, value: str) -> str:
        """An answer in words, also where no button says it by itself."""
        title = self.services.phrases.title(fact, value, self.language)
        if title and value not in SILENT:
            return title
        of = self.services.phrases.title(fact, "yes", self.language)
        of = of or self._say(self.services.policy.vocabulary.facts[fact].question).split("\n")[0]
        return f"{of} – {self._teller.words.word('said', value)}"

    def _so_far(self, table: Table, decision: Decision, *, supposed: bool = False) -> SoFar:
        words = self._teller.words
        doors = self._supposed_doors(decision) if supposed else self._doors(table)
        changes = () if supposed else self.services.policy.changes(table.standing.sheet, self.at).higher
        return SoFar(
            risk=decision.risk.word,
            risk_label=words.word("risk", decision.risk.word),
            weight=int(decision.risk),
            settled=decision.settled,
            doors=tuple(doors),
            because=tuple(reason[self.language] for reason in decision.because),
            basis=tuple(by_law(decision.basis)),
            rows=decision.rows,
            graver=tuple(self._graver(change) for change in changes[:GRAVER_AT_MOST]),
        )

    def _doors(self, table: Table) -> Iterator[Door]:
        """Who would have it, or has it."""
        sent = bool(table.standing.case and table.standing.case.sent)
        parts = parts_after(table.standing, table.view) if table.view.decision.rows or sent else ()
        mine = table.standing.case.parts if table.standing.case else ()
        for part in parts:
            yield self._door(table, part, stands=part in mine)

    def _door(self, table: Table, part: Part, *, stands: bool) -> Door:
        teller = self._teller
        door = teller.door(part, table.standing.place)
        response = door.pop("response")
        return Door(
            id=part.id,
            for_whom=teller.for_whom(part),
            who=f"{teller.service(part.lead)} · {teller.who(part)}",
            first_action=teller.first_action(part),
            by=teller.by(part.act_by or part.deadline),
            state=teller.words.word("status", part.status) if stands else "",
            call=stands and by_telephone(part) and part.status.waiting,
            aloud=self._say(response, **door),
        )

    def _supposed_doors(self, decision: Decision) -> Iterator[Door]:
        label = self.services.policy.label
        for part in decision.parts if decision.rows else ():
            for_whom = label("audiences", part.for_whom, self.language)
            first = label("first_actions", part.first_action, self.language)
            yield Door("", for_whom, self._teller.service(part.lead), first, "", "", call=False, aloud="")

    def _graver(self, change: Change) -> str:
        words = self._teller.words
        steps = words.joined([self._step(step) for step in change.steps])
        return f"{steps} → {words.word('risk', change.risk.word)}"

    def _step(self, step: Step) -> str:
        return self._title(step.fact, step.to[0])

    def _supposable(self, table: Table) -> Iterator[tuple[str, str]]:
        """The answers that could be supposed: to what was asked and to what is on the table."""
        vocabulary = self.services.policy.vocabulary
        sheet, asked = table.standing.sheet, table.question.ask if table.question else None
        about = [(answer.fact, answer.child) for answer in sheet.answers]
        if asked and asked.fact in vocabulary.facts:
            about.insert(0, (asked.fact, asked.child))
        for fact, child in dict.fromkeys(about):
            for value in vocabulary.facts[fact].values:
                if value != sheet.value(fact, child):
                    whose = "" if child is None else str(child)
                    yield f"{fact} {whose} {value}", self._title(fact, value)

    def _alike(self, table: Table) -> Iterator[tuple[str, str]]:
        """Open cases in which the same number was left, and what is known there; never the one that this call is about."""
        number = table.memory.number or (table.standing.contact.details or {}).get("phone", "")
        for case_id in self.calling.alike(number):
            view = self.office.case(case_id) if case_id != table.call.case else None
            if view:
                yield case_id, f"{view.place} · {view.risk_label}"

    def _say(self, response: str, **words: str) -> str:
        return self.services.say(response, self.language, words).text

    def _when(self, at: datetime) -> str:
        return self._teller.words.when(at, self.at)

    @property
    def _teller(self) -> Teller:
        return self.services.teller(self.language, self.at)


def _keyed(options: Sequence[Option]) -> Iterator[Answer]:
    """Each answer with its key: 9 does not know, 0 would rather not say, the others in their order."""
    free = iter(KEYS)
    for option in options:
        yield Answer(SILENT.get(option.silent) or next(free, ""), option.title, option.payload)


def _key(verb: str, **given: str) -> str:
    return f"/{verb}{json.dumps(given)}"


def _masked(number: str) -> str:
    """A number as it is shown where others look over one's shoulder: 138****1122."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= SHORTEST else number
