"""The shapes of `/api/v1`: what its description (OpenAPI) promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.console.office import OFFERED
from bot.console.views import CaseView, Line


class Problem(BaseModel):
    """What went wrong: a lasting code, and one line for whoever wrote the program."""

    error: str
    message: str


class Part(BaseModel):
    """One part: what one service was asked to do for somebody. `seen` is the version to send back with a move."""

    case: str
    part: str
    risk: str
    place: str
    for_whom: str
    first_action: str
    deadline: datetime
    overdue: bool
    state: str
    owner: str


class PartOfCase(Part):
    """One part with its version and the moves that can be made now."""

    seen: int
    open: bool
    moves: list[str]


class Happened(BaseModel):
    """One line of the timeline."""

    when: str
    who: str
    what: str
    reason: str


class Known(BaseModel):
    """One thing that is known, about which child (null: the family), and how."""

    title: str
    child: int | None
    source: str


class Case(BaseModel):
    """One case. `facts` and `contact` are null unless `details` were asked for."""

    case: str
    risk: str
    place: str
    parts: list[PartOfCase]
    because: list[str]
    basis: list[str]
    rows: list[str]
    happened: list[Happened]
    facts: list[Known] | None
    contact: str | None


class Move(BaseModel):
    """`reason` is a word of data/referrals.yml, `to` whom it is handed to or what overrules, `seen` the version looked at."""

    model_config = ConfigDict(extra="forbid")

    move: str = Field(max_length=20, examples=sorted(OFFERED))
    seen: int = Field(ge=0, le=2**31)
    reason: str = Field(default="", max_length=40)
    to: str = Field(default="", max_length=80)
    words: str = Field(default="", max_length=4000)


class Moved(BaseModel):
    """The case of a part that was moved."""

    case: str


def part_of(line: Line) -> dict[str, Any]:
    """The fields of a `Part`."""
    return {
        "case": line.case,
        "part": line.part,
        "risk": line.risk,
        "place": line.place,
        "for_whom": line.for_whom,
        "first_action": line.asked,
        "deadline": line.deadline,
        "overdue": line.late,
        "state": line.state,
        "owner": line.owner,
    }


def case_of(view: CaseView) -> Case:
    """A case as it is shown."""
    parts = [
        PartOfCase(**part_of(part.line), seen=part.seen, open=part.open, moves=[choice.move for choice in part.choices])
        for part in view.parts
    ]
    return Case(
        case=view.id,
        risk=view.risk,
        place=view.place,
        parts=parts,
        because=list(view.because),
        basis=list(view.basis),
        rows=list(view.rows),
        happened=[Happened(when=e.when, who=e.who, what=e.what, reason=e.reason) for e in view.happened],
        facts=[Known(title=f.title, child=f.child, source=f.source) for f in view.facts] if view.shown else None,
        contact=view.contact if view.shown else None,
    )
