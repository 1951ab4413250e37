"""Cases beside the tables (`rules/situations/*.cases.yml`): a sentence, a family, and what policy must say about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from bot.decisions import Decision, Policy
from bot.decisions.rulebase import SITUATIONS
from bot.errors import RuleFileError, SheetError, Where
from bot.facts import Sheet
from bot.facts.document import Item, read

_KEYS = ("case", "family", "children", "rows", "risk", "leads", "never", "asks")


@dataclass(frozen=True, slots=True)
class Case:
    """One case; what it does not name it does not test.

    `leads` maps an audience (`child`, `couple` …; `child 1` for a second child) to its lead.
    """

    name: str
    sheet: Sheet
    rows: frozenset[str] | None
    risk: str | None
    leads: Mapping[str, str]
    never: frozenset[str]
    asks: str | None
    where: Where

    def differences(self, decision: Decision) -> tuple[str, ...]:
        """What the decision says otherwise than the case expects, in words; empty when it agrees."""
        leads = {_audience(part.for_whom, part.child): part.lead for part in decision.parts}
        said = {
            "rows": (self.rows, frozenset(decision.rows)),
            "risk": (self.risk, decision.risk.word),
            "asks": (self.asks, decision.ask.fact if decision.ask else "nothing"),
            **{f"lead for {whom}": (lead, leads.get(whom, "nobody")) for whom, lead in self.leads.items()},
        }
        wrong = [
            f"{what}: expected {_shown(e)}, decided {_shown(d)}" for what, (e, d) in said.items() if e not in (None, d)
        ]
        missing = self.never - set(decision.nevers)
        return (*wrong, *(f"never {word}: expected, not decided" for word in sorted(missing)))


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
        leads={whom: lead.word for whom, lead in fields["leads"].table.items()} if "leads" in fields else {},
        never=frozenset(word.word for word in fields["never"].words) if "never" in fields else frozenset(),
        asks=fields["asks"].word if "asks" in fields else None,
        where=fields["case"].where,
    )


def _plain(fields: Mapping[str, Item]) -> dict[str, Any]:
    children = fields["children"].items if "children" in fields else ()
    family = fields["family"].table if "family" in fields else {}
    return {"family": _words(family), "children": [_words(child.table) for child in children]}


def _words(table: Mapping[str, Item]) -> dict[str, str]:
    return {fact: value.word for fact, value in table.items()}


def _audience(for_whom: str, child: int | None) -> str:
    return f"{for_whom} {child}" if child else for_whom


def _shown(value: object) -> str:
    return " ".join(sorted(value)) or "none" if isinstance(value, frozenset) else str(value)
