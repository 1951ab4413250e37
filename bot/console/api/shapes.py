"""The shapes of `/api/v1`: what its description (OpenAPI) promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.console.cases.choosing import OFFERED
from bot.console.cases.views import CaseView, Line


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


class Ring(BaseModel):
    """A call that begins; `id` is the program's own number for it."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=64)
    number: str = Field(default="", max_length=40)


class Key(BaseModel):
    """One key (`/answer{"divorce":"pending"}`, `/skip`, `/back`, `/end{"kind":"served"}`, docs/console.md) or a note."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=64)
    press: str = Field(default="", max_length=400)
    words: str = Field(default="", max_length=4000)


class Hands(BaseModel):
    """The staff id of a colleague on duty."""

    model_config = ConfigDict(extra="forbid")

    to: str = Field(max_length=32)


class CallLine(BaseModel):
    """One call of a desk; `seconds` is how long it lasts."""

    call: str
    mine: bool
    held: bool
    seconds: int
    risk: str


class Option(BaseModel):
    """One answer, and the key that gives it."""

    title: str
    press: str


class Asked(BaseModel):
    """The question on the table."""

    fact: str
    child: int | None
    text: str
    why: str
    answers: list[Option]


class Unsure(BaseModel):
    """What was read in a note and waits to be confirmed with `/confirm{"n":"0"}`."""

    n: int
    title: str


class Call(BaseModel):
    """One call. `facts`, `decision`, `referrals` are those of `rightdoor chat --json`; `receipt` is null until it is passed on."""

    call: str
    held: bool
    ended: bool
    kind: str | None
    asked: Asked | None
    unsure: list[Unsure]
    facts: dict[str, Any]
    decision: dict[str, Any]
    referrals: list[dict[str, Any]]
    case: str | None
    receipt: str | None


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
