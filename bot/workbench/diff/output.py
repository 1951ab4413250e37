"""What can differ between two decisions, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.decisions import PartDecision
from bot.decisions.outcome import Outcome
from bot.decisions.row import Row

# Risk as its word, a service, minutes, whether somebody is told … None: nobody, no limit, no plan.
Value = str | int | bool | None
ABSENT = "absent"  # there is no such part


class What(StrEnum):
    """The kinds of output; the words are those of the JSON."""

    RISK = "risk"
    NEVER = "never"
    LEAD = "lead"
    PART_RISK = "part_risk"
    ACT_WITHIN = "act_within_minutes"
    FIRST_ACTION = "first_action"
    ALSO = "also"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True)
class Output:
    """One thing a decision says. `for_whom` names the part it belongs to; `word` the service or never it is about.

    RISK: a risk. LEAD: the service, ABSENT where there is no such part. PART_RISK, FIRST_ACTION, ACT_WITHIN (minutes, None
    without a limit): of a part. ALSO, NEVER: whether the word is among them. FOLLOW_UP: the plan or None.
    """

    what: What
    for_whom: str | None = None
    word: str | None = None


def said(output: Output, outcome: Outcome, plan: str | None) -> Value:
    """The value of an output in a decision of the production engine, for a family of one child."""
    if output.what is What.RISK:
        return outcome.risk.word
    if output.what is What.NEVER:
        return output.word in outcome.nevers
    if output.what is What.FOLLOW_UP:
        return plan
    part = next((part for part in outcome.parts if part.for_whom == output.for_whom), None)
    return ABSENT if part is None else _OF_PART[output.what](part, output.word)


_OF_PART: Mapping[What, Callable[[PartDecision, str | None], Value]] = {
    What.LEAD: lambda part, _: part.lead,
    What.PART_RISK: lambda part, _: part.risk.word,
    What.ACT_WITHIN: lambda part, _: part.act_within,
    What.FIRST_ACTION: lambda part, _: part.first_action,
    What.ALSO: lambda part, word: word in part.also,
}


def outputs(rows: Iterable[Row], defaults: Iterable[str]) -> tuple[Output, ...]:
    """Every output on which the rows of two rule bases, and their default decisions, have an influence; risk first."""
    rows = tuple(rows)
    audiences = dict.fromkeys((*(part.for_whom for row in rows for part in row.parts), *defaults))
    told = {
        whom: sorted({s for row in rows for p in row.parts if p.for_whom == whom for s in (p.lead, *p.also)})
        for whom in audiences
    }
    nevers = sorted({word for row in rows for word in row.never})
    plain = (What.LEAD, What.PART_RISK, What.ACT_WITHIN, What.FIRST_ACTION)
    return (
        Output(What.RISK),
        *(Output(What.NEVER, None, word) for word in nevers),
        *(Output(what, whom) for whom in audiences for what in plain),
        *(Output(What.ALSO, whom, word) for whom in audiences for word in told[whom]),
        Output(What.FOLLOW_UP),
    )
