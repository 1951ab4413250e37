"""Cases beside the tables (`rules/situations/*.cases.yml`): a sentence, a family, and what policy must say about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Protocol

from bot.decisions import Ask, PartDecision, Policy, Risk
from bot.decisions.rulebase import SITUATIONS
from bot.errors import RuleFileError, SheetError, Where
from bot.facts import Sheet
from bot.facts.document import Item, read
from bot.facts.durations import duration

_KEYS = (
    "case", "situation", "family", "children", "rows", "risk", "leads", "also", "first_action", "act_within", "risks",
    "follow_up", "never", "asks",
)  # fmt: skip
# What a case can expect of each part, and what a message calls it.
_SAID = {"leads": "lead", "also": "also told", "first_action": "first action", "act_within": "time", "risks": "risk"}
NONE = "none"


class Decided(Protocol):
    """What a case looks at; a `Decision` has it."""

    @property
    def risk(self) -> Risk:
        """The highest of the rows that hold."""

    @property
    def parts(self) -> tuple[PartDecision, ...]:
        """For each audience."""

    @property
    def rows(self) -> tuple[str, ...]:
        """The ids of the rows that hold."""

    @property
    def nevers(self) -> tuple[str, ...]:
        """What is forbidden."""

    @property
    def follow_up(self) -> str | None:
        """The plan that is followed."""

    @property
    def ask(self) -> Ask | None:
        """The next question."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case; what it does not name it does not test.

    `leads`, `also`, `first_action`, `act_within` and `risks` map an audience (`child`, `couple` …; `child 1` for a second child)
    to its lead, to everybody else who is told, to what is done first, to how soon (`none` without a limit) and to its part's risk.
    `never` is everything that is forbidden. `situation` names the founders' situation that the case tells in full, for
    `bot.workbench.interviews`.
    """

    name: str
    sheet: Sheet
    rows: frozenset[str] | None
    risk: str | None
    parts: Mapping[str, Mapping[str, str | frozenset[str]]]
    never: frozenset[str] | None
    follow_up: str | None
    asks: str | None
    situation: str | None
    where: Where

    def differences(self, decision: Decided) -> tuple[str, ...]:
        """What the decision says otherwise than the case expects, in words; empty when it agrees."""
        said: dict[str, tuple[object, object]] = {
            "rows": (self.rows, frozenset(decision.rows)),
            "risk": (self.risk, decision.risk.word),
            "never": (self.never, frozenset(decision.nevers)),
            "follow-up": (self.follow_up, decision.follow_up or NONE),
            "asks": (self.asks, decision.ask.fact if decision.ask else "nothing"),
        }
        parts = {audience(part.for_whom, part.child): of_part(part) for part in decision.parts}
        for whom, expected in self.parts.items():
            for what, value in expected.items():
                said[f"{_SAID[what]} for {whom}"] = (value, parts[whom][what] if whom in parts else "nobody")
        return tuple(
            f"{what}: expected {_shown(e)}, decided {_shown(d)}" for what, (e, d) in said.items() if e not in (None, d)
        )


def cases(folder: Path, policy: Policy, at: datetime) -> Iterator[Case]:
    """Every case of a rules folder, its facts dated `at`. Raises `RuleFileError` with file and line."""
    for path in sorted((folder / SITUATIONS).glob("*.cases.yml")):
        shown = Path(folder.name) / SITUATIONS / path.name
        for item in read(path, shown).items:
            yield _case(item, policy, at)


def failing(folder: Path, policy: Policy) -> Iterator[tuple[Case, tuple[str, ...]]]:
    """The cases that policy decides otherwise, and how; decided on the day the newest row came into force."""
    at = datetime.combine(max(row.valid_from for row in policy.rows), time(12), UTC)
    for case in cases(folder, policy, at):
        if wrong := case.differences(policy.decide(case.sheet, at)):
            yield case, wrong


def _case(item: Item, policy: Policy, at: datetime) -> Case:
    fields = item.fields(_KEYS, required=("case",))
    ids = [row.id for row in policy.rows]
    try:
        sheet = Sheet.from_plain(_plain(fields), policy.vocabulary, at)
    except SheetError as error:
        raise RuleFileError(error.message, item.where) from error
    return Case(
        name=fields["case"].word,
        sheet=sheet,
        rows=frozenset(word.known("row", ids) for word in fields["rows"].words) if "rows" in fields else None,
        risk=fields["risk"].word if "risk" in fields else None,
        parts=_expected(fields, policy),
        never=frozenset(w.known("never", policy.base.words.nevers) for w in _list(fields["never"]))
        if "never" in fields
        else None,
        follow_up=fields["follow_up"].word if "follow_up" in fields else None,
        asks=fields["asks"].word if "asks" in fields else None,
        situation=fields["situation"].word if "situation" in fields else None,
        where=fields["case"].where,
    )


def _expected(fields: Mapping[str, Item], policy: Policy) -> Mapping[str, Mapping[str, str | frozenset[str]]]:
    """What a case expects of each part, by audience."""
    services = policy.base.words.labels["services"]
    parts: dict[str, dict[str, str | frozenset[str]]] = {}
    for key in _SAID:
        for whom, item in fields[key].table.items() if key in fields else ():
            value: str | frozenset[str] = item.word if key != "also" else ""
            if key == "also":
                value = frozenset(word.known("service", services) for word in _list(item))
            elif key == "act_within" and value != NONE:
                value = _time(int(duration(item).total_seconds() // 60))
            elif key == "leads":
                value = item.known("service", services)
            parts.setdefault(whom, {})[key] = value
    return parts


def _list(item: Item) -> tuple[Item, ...]:
    """One word or a list, which may be empty."""
    return item.items if isinstance(item.value, tuple) else item.words


def of_part(part: PartDecision) -> Mapping[str, str | frozenset[str]]:
    """What a case can expect of a part, by its key."""
    return {
        "leads": part.lead,
        "also": frozenset(part.also),
        "first_action": part.first_action,
        "act_within": _time(part.act_within),
        "risks": part.risk.word,
    }


def _time(minutes: int | None) -> str:
    """Minutes as authors write them."""
    if minutes is None:
        return NONE
    for unit, size in (("d", 24 * 60), ("h", 60), ("m", 1)):
        if minutes and minutes % size == 0:
            return f"{minutes // size}{unit}"
    return "0"


def _plain(fields: Mapping[str, Item]) -> dict[str, Any]:
    children = fields["children"].items if "children" in fields else ()
    family = fields["family"].table if "family" in fields else {}
    return {"family": _words(family), "children": [_words(child.table) for child in children]}


def _words(table: Mapping[str, Item]) -> dict[str, str]:
    return {fact: value.word for fact, value in table.items()}


def audience(for_whom: str, child: int | None) -> str:
    """Whom a part is for, as a case writes it: `couple`, `child` (the first), `child 1` (the second)."""
    return f"{for_whom} {child}" if child else for_whom


def _shown(value: object) -> str:
    return " ".join(sorted(value)) or "none" if isinstance(value, frozenset) else str(value)
