"""Two cases of one family: what both ask for is done once, and nobody who asked is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.errors import InputError, MoveNotAllowedError, NotYoursError
from bot.referrals import Case, Part, Role, moves
from bot.referrals.lifecycle import AT_THE_DESK, acting
from bot.store import StaffMember
from bot.turns.moving.clock import ClockMoves


class MergeMoves(ClockMoves):
    """A human says that two cases are one family."""

    __slots__ = ()

    def merge(self, case_id: str, into_id: str, person: StaffMember, words: str = "") -> Case:
        """Where both cases ask the same service for the same, the less grave part ends and goes on in the other.

        The rest stays as it is. Sheets, codes and conversations stay apart: whoever told the one thing may not be meant to read the
        other. Returns the case that was merged. Raises `NotYoursError` unless an operator or a supervisor does it who may have to
        do with both, and `MoveNotAllowedError` where they are one family already.
        """
        held = {
            one: self._of(one) for one in sorted((case_id, into_id))
        }  # in one order, so that two merges wait for each other
        case, into = held[case_id], held[into_id]
        self._may_merge(case, into, person)
        for part, other in _twins(case, into):
            self._unite(part, other, person, words)
        self._keep_away(case, into)
        case = self._of(case.id)
        root = into.merged_into or into.id
        for one in (case, *self.work.cases.of_family(case)):
            if one.id != root:
                self.work.cases.save(replace(self._of(one.id), merged_into=root))
        for case_of in held:
            self.work.audit.add(person.id, "merge", case_of, case.county, self.at)
        return self._of(case.id)

    def _may_merge(self, case: Case, into: Case, person: StaffMember) -> None:
        if person.role not in AT_THE_DESK:
            raise NotYoursError("only the duty desk and supervisors say that two cases are one family")
        for part in (*case.parts, *into.parts):
            _, shunning, by = self.find(part.id, person)
            if by.kind == Role.STRANGER:
                raise NotYoursError(f"part {shunning.id} must have nothing to do with {person.id}")
        if case.id == into.id or into.id in {other.id for other in self.work.cases.of_family(case)}:
            raise MoveNotAllowedError("they are one family already")

    def _unite(self, part: Part, other: Part, person: StaffMember, words: str) -> None:
        """The less grave of two ends; whoever had it hears so, and whoever must not have the other loses it."""
        ends, stays = (part, other) if part.risk <= other.risk else (other, part)
        case, ends, _ = self.find(ends.id, person)
        home, stays, _ = self.find(stays.id, person)
        by = acting(ends, person.id, person.agency, person.role)
        ended, event = moves.merge(ends, by, self.at, stays, words)
        stays = moves.shared(stays, ends)
        self.work.cases.save(home.with_part(stays))
        self._keep(case, ended, event)
        self.work.visits.drop(ended.id)
        self._told(case, ended, stays)

    def _keep_away(self, *family: Case) -> None:
        """Whoever must have nothing to do with one of the two, has nothing to do with the other, and loses what is theirs."""
        parts = [self._shunning(case, part) for case in family for part in case.parts]
        avoid = {name for part in parts for name in part.avoid}
        for known in parts:
            case, part = self.stand(known.id)
            if part.status.open and not avoid <= set(part.avoid):
                part = replace(part, avoid=tuple(sorted({*part.avoid, *avoid})))
                case = self.work.cases.save(case.with_part(part))
                if part.shuns(part.owner.staff, part.owner.agency, part.level):
                    self.escalate(case, case.part(part.id) or part)

    def _told(self, case: Case, ended: Part, stays: Part) -> None:
        self.work.outbox.recall(ended.id, self.at)
        owner = self.work.staff.get(ended.owner.staff) if ended.owner.staff else None
        if owner is None or stays.shuns(owner.id, owner.agency, owner.role):
            return
        who = self.services.teller(owner.language, self.at).who(stays)
        self._sending(case).to_owner(ended, "utter_staff_merged", {"who": who})

    def _of(self, case_id: str) -> Case:
        case = self.work.cases.get(case_id)
        if case is None:
            raise InputError(f"no case {case_id!r:.40}")
        return case


def _twins(case: Case, into: Case) -> Iterator[tuple[Part, Part]]:
    """Open parts of two cases that ask the same service for the same."""
    left = [part for part in into.parts if part.status.open]
    for part in (part for part in case.parts if part.status.open):
        twin = next((other for other in left if (other.for_whom, other.lead) == (part.for_whom, part.lead)), None)
        if twin:
            left.remove(twin)
            yield part, twin
