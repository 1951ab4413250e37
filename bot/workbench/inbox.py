"""`rightdoor referrals`: list, show and accept in the terminal."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.errors import InputError
from bot.facts import Sheet
from bot.referrals import Case, Part
from bot.store import Work
from bot.turns import Turns
from bot.turns.moving import Moving
from bot.turns.services import Services

COLOURS = {"emergency": "bold red", "high": "red", "medium": "yellow", "low": "green", "none": "dim"}


class Inbox:
    """The referrals of one database, in zh."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.services = turns.services

    def show_all(self, out: Console, *, as_json: bool) -> None:
        """Every open part, the gravest and most overdue first."""
        with self.services.store.work() as work:
            cases = work.cases.all_open()
        rows = sorted(
            ((case, part) for case in cases for part in case.parts if part.status.open),
            key=lambda row: (-row[1].risk, row[1].deadline),
        )
        if as_json:
            for case, part in rows:
                out.file.write(json.dumps(part_json(case, part), ensure_ascii=False) + "\n")
        else:
            out.print(_table(self.services, rows))

    def show(self, case_id: str, out: Console, *, as_json: bool) -> None:
        """One case and its history. Raises `InputError` when there is none of this id."""
        with self.services.store.work() as work:
            case = _case(work, case_id)
            sheet = self.turns.services.sheet(work, case.id)
            events = work.cases.timeline(case.id)
            work.audit.add("terminal", "read_case", case.id, case.county, self.services.clock())
        document: dict[str, Any] = {
            "case": case.id,
            "risk": case.risk.name.lower(),
            "county": case.county,
            "facts": sheet.plain(),
            "parts": [part_json(case, part) for part in case.parts],
            "timeline": [
                {
                    "at": e.at.isoformat(),
                    "part": e.part,
                    "move": e.move,
                    "from": e.before,
                    "to": e.after,
                    "actor": e.actor.kind,
                }
                for e in events
            ],
        }
        if as_json:
            out.file.write(json.dumps(document, ensure_ascii=False) + "\n")
        else:
            _tell(self.services, case, sheet, document, out)

    def accept(self, part_id: str, by: str, out: Console) -> None:
        """Takes a part on for the staff member `by`, or for its owner's; raises `InputError` for an unknown part or person."""
        with self.services.store.work() as work:
            case = work.cases.of_part(part_id)
            if case is None:
                raise InputError(f"no part {part_id!r}; `rightdoor referrals list` shows them")
            part = next(p for p in case.parts if p.id == part_id)
            person = work.staff.get(by or part.owner.staff or "")
            if person is None:
                raise InputError(f"no staff member {by!r}; `rightdoor enrol` makes a code for one")
            now = self.services.clock()
            Moving(self.services, work, work.inbox.clock(now), now).accept(part_id, person)
        out.print(f"{part_id} accepted", style="green")


def part_json(case: Case, part: Part) -> dict[str, Any]:
    """A part in stable words: `{"id","case","part","status","risk","lead","owner","deadline"}`."""
    return {
        "id": part.id,
        "case": case.id,
        "part": part.for_whom,
        "status": part.status.value,
        "risk": part.risk.name.lower(),
        "lead": part.lead,
        "owner": str(part.owner),
        "deadline": part.deadline.isoformat(),
    }


def _case(work: Work, case_id: str) -> Case:
    case = work.cases.get(case_id) or work.cases.of_part(case_id)
    if case is None:
        raise InputError(f"no case {case_id!r}; `rightdoor referrals list` shows them")
    return case


def _table(services: Services, rows: list[tuple[Case, Part]]) -> Table:
    table = Table("risk", "place", "part", "lead", "owner", "status", "deadline", "id")
    teller = services.teller("zh", services.clock())
    for case, part in rows:
        place = services.gazetteer.get(case.place) if case.place else None
        table.add_row(
            f"[{COLOURS[part.risk.name.lower()]}]{teller.words.word('risk', part.risk.name.lower())}[/]",
            place.full_name if place else "—",
            teller.for_whom(part),
            teller.service(part.lead),
            teller.who(part),
            teller.words.word("status", part.status.value),
            teller.by(part.deadline),
            part.id,
        )
    return table


def _tell(services: Services, case: Case, sheet: Sheet, document: dict[str, Any], out: Console) -> None:
    words = services.book.speak("zh")
    out.print(f"[bold]{case.id}[/bold]  {words.word('risk', case.risk.name.lower())}")
    out.print(services.phrases.known(sheet, services.policy.vocabulary, words), markup=False)
    out.print(_table(services, [(case, part) for part in case.parts]))
    for event in document["timeline"]:
        out.print(f"{event['at']}  {event['move']}: {event['from']} → {event['to']}  ({event['actor']})", markup=False)
