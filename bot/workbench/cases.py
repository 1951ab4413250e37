"""Cases beside the tables (`rules/situations/*.cases.yml`): a sentence, a family, and what policy must say about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import product
from pathlib import Path
from typing import Protocol

from bot.decisions import Ask, PartDecision, Policy, Risk
from bot.errors import RuleFileError, SheetError, Where
from bot.facts import Sheet
from bot.facts.document import Item, read
from bot.facts.durations import duration

_TELLS = ("case", "situation", "family", "children")
_EXPECTS = (
    "rows", "holds", "spares", "risk", "leads", "also", "first_action", "act_within", "risks", "follow_up", "never", "asks",
    "opens", "closes",
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
        """The closest plan."""

    @property
    def ask(self) -> Ask | None:
        """The next question."""

    @property
    def assumed(self) -> tuple[tuple[str, int | None], ...]:
        """The facts that count as their `otherwise`: nobody needs to ask them."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case; what it does not name it does not test.

    `leads`, `also`, `first_action`, `act_within` and `risks` map an audience (`child`, `couple` …; `child 1` for a second child)
    to its lead, to everybody else who is told, to what is done first, to how soon (`none` without a limit) and to its part's
    risk. `never` is everything that is forbidden; `holds` and `spares` are rows that must and must not be among those that
    fire, `opens` and `closes` facts that are and are not relevant. `situation` names the founders' situation that the case
    tells in full.
    """

    name: str
    sheet: Sheet
    rows: frozenset[str] | None
    holds: frozenset[str]
    spares: frozenset[str]
    opens: frozenset[str]
    closes: frozenset[str]
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
        assumed = {fact for fact, _ in decision.assumed}
        wrong = [f"{row}: expected to hold, does not" for row in sorted(self.holds - set(decision.rows))]
        wrong += [f"{row}: expected not to hold, does" for row in sorted(self.spares & set(decision.rows))]
        wrong += [f"{fact}: expected to be relevant, is not" for fact in sorted(self.opens & assumed)]
        wrong += [f"{fact}: expected not to be relevant, is" for fact in sorted(self.closes - assumed)]
        parts = {audience(part.for_whom, part.child): of_part(part) for part in decision.parts}
        for whom, expected in self.parts.items():
            for what, value in expected.items():
                said[f"{_SAID[what]} for {whom}"] = (value, parts[whom][what] if whom in parts else "nobody")
        wrong += [
            f"{what}: expected {_shown(e)}, decided {_shown(d)}" for what, (e, d) in said.items() if e not in (None, d)
        ]
        return tuple(wrong)


def cases(folder: Path, policy: Policy, at: datetime) -> Iterator[Case]:
    """Every case of a rules folder, its facts dated `at`. Raises `RuleFileError` with file and line.

    A fact with several values stands for a case with each of them.
    """
    for path in sorted(folder.rglob("*.cases.yml")):
        for item in read(path, folder.name / path.relative_to(folder)).items:
            fields = item.fields((*_TELLS, *_EXPECTS), required=("case",))
            for sheet in _sheets(fields, policy, at):
                yield _case(fields, sheet, policy)


def failing(folder: Path, policy: Policy) -> Iterator[tuple[Case, tuple[str, ...]]]:
    """The cases that policy decides otherwise, and how; decided on the day the newest row came into force."""
    at = datetime.combine(max(row.valid_from for row in policy.rows), time(12), UTC)
    for case in cases(folder, policy, at):
        if wrong := case.differences(policy.decide(case.sheet, at)):
            yield case, wrong


def _case(fields: Mapping[str, Item], sheet: Sheet, policy: Policy) -> Case:
    ids, facts = [row.id for row in policy.rows], policy.vocabulary.facts
    return Case(
        name=fields["case"].word,
        sheet=sheet,
        rows=_known("row", ids, fields, "rows") if "rows" in fields else None,
        holds=_known("row", ids, fields, "holds"),
        spares=_known("row", ids, fields, "spares"),
        opens=_known("fact", facts, fields, "opens"),
        closes=_known("fact", facts, fields, "closes"),
        risk=fields["risk"].word if "risk" in fields else None,
        parts=_expected(fields, policy),
        never=_known("never", policy.base.words.nevers, fields, "never") if "never" in fields else None,
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


def _known(kind: str, words: Iterable[str], fields: Mapping[str, Item], key: str) -> frozenset[str]:
    return frozenset(word.known(kind, words) for word in _list(fields[key])) if key in fields else frozenset()


def _sheets(fields: Mapping[str, Item], policy: Policy, at: datetime) -> Iterator[Sheet]:
    """The sheet of a case, one for each combination of the values that are written as lists."""
    told = [("family", name, item) for name, item in (fields["family"].table if "family" in fields else {}).items()]
    children = fields["children"].items if "children" in fields else ()
    told += [(str(number), name, item) for number, child in enumerate(children) for name, item in child.table.items()]
    for values in product(*(item.words for _, _, item in told)):
        family: dict[str, str] = {}
        sheets: list[dict[str, str]] = [{} for _ in children]
        for (whose, name, _), value in zip(told, values, strict=True):
            (family if whose == "family" else sheets[int(whose)])[name] = value.word
        try:
            yield Sheet.from_plain({"family": family, "children": sheets}, policy.vocabulary, at)
        except SheetError as error:
            raise RuleFileError(error.message, fields["case"].where) from error


def audience(for_whom: str, child: int | None) -> str:
    """Whom a part is for, as a case writes it: `couple`, `child` (the first), `child 1` (the second)."""
    return f"{for_whom} {child}" if child else for_whom


def _shown(value: object) -> str:
    return " ".join(sorted(value)) or "none" if isinstance(value, frozenset) else str(value)
