"""The façade over calls for whoever sits at the desk: how a call stands, in plain words. Pages know nothing of the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.console.api.shapes import Asked, Call, Option, Unsure
from bot.console.calls.sheet import CallSheet
from bot.console.calls.views import CallLine, CallView, SoFar
from bot.console.cases.office import Office
from bot.console.facade import Facade, Look
from bot.decisions import Risk
from bot.errors import InputError
from bot.facts import Answer as Given
from bot.facts import Source
from bot.referrals.receipt import find_receipt
from bot.replies.disclosure import guarded
from bot.store import Call as Kept
from bot.turns.calls import Calling, Switchboard, Table
from bot.turns.calls.asking import Question
from bot.turns.results import state_of

SHORTEST = 8  # digits; a shorter number is a service's, not a person's


class Telephone(Facade):
    """Calls, as one operator has them."""

    __slots__ = ()

    # --- the calls of this desk -------------------------------------------------------------------------------

    def lines(self) -> tuple[CallLine, ...]:
        """Every call that has not ended, one's own first."""
        return tuple(self.line(call) for call in self.board.going())

    def line(self, call: Kept) -> CallLine:
        """One call as it stands in a list."""
        case = self.work.cases.look(call.case) if call.case else None
        risk = case.risk if case else Risk.NONE
        holder = self.work.staff.get(call.operator)
        place = self.services.gazetteer.get(case.place) if case and case.place else None
        return CallLine(
            id=call.id,
            who=holder.name if holder else "",
            seconds=self._seconds(call),
            held=call.held is not None,
            mine=call.operator == self.person.id,
            risk=risk.word,
            risk_label=self.teller.words.word("risk", risk.word),
            weight=int(risk),
            place=place.full_name if place else "",
        )

    def colleagues(self) -> tuple[tuple[str, str], ...]:
        """Who could take a call over: staff id and name."""
        return tuple((each.id, each.name or self.teller.post(each.role)) for each in self.board.colleagues())

    # --- one call ---------------------------------------------------------------------------------------------

    def call(self, call_id: str) -> CallView:
        """One call as it stands; the look is written down. Raises what `Calling.table` raises."""
        table = self.calling.table(call_id)
        case = table.standing.case
        self.looked(Look("read_call", call_id, table.call.county))
        sheet, told = table.standing.sheet, self._sheet(table)
        return CallView(
            id=table.call.id,
            seconds=self._seconds(table.call),
            held=table.call.held is not None,
            ended=table.call.ended is not None,
            kind=self.services.calls.kinds[table.call.kind][self.language] if table.call.kind else "",
            caller=self.services.phrases.title("caller", sheet.value("caller") or "", self.language),
            number=_masked(table.memory.number),
            place=table.standing.place.full_name if table.standing.place else "",
            silent=table.memory.silent,
            guarded=guarded(sheet),
            dangers=tuple(told.dangers()),
            card=told.card(),
            say=told.say(),
            heard=tuple(told.heard()),
            notes=tuple((self._when(note.at), note.words) for note in reversed(table.memory.notes)),
            told=tuple(told.told()),
            so_far=told.so_far(),
            sent=bool(case and case.sent),
            case=case.id if case and case.sent else "",
            receipt=case.receipt if case else "",
            alike=tuple(self._alike(table)),
            supposable=tuple(told.supposable()),
        )

    def state(self, call_id: str) -> Call:
        """One call in stable words, for programs; the look is written down."""
        table = self.calling.table(call_id)
        case, question = table.standing.case, table.question
        self.looked(Look("read_call", call_id, table.call.county))
        state = state_of(table.standing.sheet, None, table.view.decision, case)
        return Call(
            call=table.call.id,
            held=table.call.held is not None,
            ended=table.call.ended is not None,
            kind=table.call.kind,
            asked=_asked(question) if question else None,
            unsure=[Unsure(n=each.n, title=each.title) for each in self._sheet(table).heard()],
            facts=state["facts"],
            decision=state["decision"],
            referrals=state["referrals"],
            case=case.id if case else None,
            receipt=case.receipt if case and case.sent else None,
        )

    def suppose(self, call_id: str, supposed: str) -> SoFar:
        """What would be decided with another answer (`fact child value`); nothing is kept."""
        table = self.calling.table(call_id)
        fact, child, value = [*supposed.split(" "), "", "", ""][:3]
        vocabulary = self.services.policy.vocabulary
        answers = vocabulary.answers({fact: value})
        whose = vocabulary.whose(fact, int(child) if child.isdecimal() else None)
        return self._sheet(table).supposed(Given(f, whose, v, Source.TOLD, self.at) for f, v in answers)

    def case_for(self, receipt: str) -> str:
        """The id of the case whose receipt code somebody reads out. Raises `InputError` for none within this desk's reach."""
        found = find_receipt(receipt)
        case = self.work.cases.by_receipt(found) if found else None
        if case is None or self.office.within(case.id) is None:
            raise InputError("no case of this desk has this code")
        return case.id

    def join(self, call_id: str, case_id: str) -> None:
        """The call is about the family of this case. Raises `InputError` for a case outside this person's scope."""
        case = self.work.cases.get(case_id) if self.office.within(case_id) else None
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
        return Office(self.services, self.work, self.person, self.language, self.at, self.looks)

    def _alike(self, table: Table) -> Iterator[tuple[str, str]]:
        """Open cases in which the same number was left, and where and how grave; never the one that this call is about."""
        number = table.memory.number or (table.standing.contact.details or {}).get("phone", "")
        for case_id in self.calling.alike(number):
            if case_id != table.call.case and (said := self.office.brief(case_id)):
                yield case_id, said

    def _seconds(self, call: Kept) -> int:
        return max(0, int((self.at - call.started).total_seconds()))

    def _sheet(self, table: Table) -> CallSheet:
        return CallSheet(self.services, table, self.language, self.at)

    def _when(self, at: datetime) -> str:
        return self.teller.words.when(at, self.at)


def _asked(question: Question) -> Asked:
    answers = [Option(title=option.title, press=option.payload) for option in question.options]
    ask = question.ask
    return Asked(fact=ask.fact, child=ask.child, text=question.text, why=question.why, answers=answers)


def _masked(number: str) -> str:
    """A number as it is shown where others look over one's shoulder: 138****1122."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= SHORTEST else number
