"""A second opinion on policy: the rows of a rule base evaluated plainly, from the YAML itself.

It shares no code with `bot`, packs nothing and caches nothing clever: a family is a dictionary from (fact, child) to a value, a row
is the dictionary that its author wrote. What the product computes by search is computed here by trying it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

# The fifteen situations of the first release, kept as they were: these tests are about the machine, not today's policy.
RULES = Path(__file__).parent / "fifteen"
RISKS = ("none", "low", "medium", "high", "emergency")
MINUTES = {"m": 1, "h": 60, "d": 24 * 60}

Key = tuple[str, int | None]
Known = Mapping[Key, str]
Conditions = Mapping[str, frozenset[str]]


class Outcome(NamedTuple):
    """What must not differ: risk, parts (for, child, risk, lead, also, first action, minutes), nevers. Rows are kept beside."""

    risk: str
    parts: frozenset[tuple[Any, ...]]
    nevers: frozenset[str]


@dataclass(frozen=True, eq=False)
class Row:
    """A row as written, its conditions as sets of words."""

    id: str
    risk: int
    when: tuple[Conditions, ...]
    parts: tuple[Mapping[str, Any], ...]
    never: frozenset[str]


def words(written: Any) -> tuple[str, ...]:
    """A word or a list of words, always as a list."""
    return tuple(str(word) for word in written) if isinstance(written, list) else (str(written),)


def sets(written: Any) -> tuple[Conditions, ...]:
    """A set of conditions or a list of such sets; lexicon cues are no conditions."""
    alternatives = written if isinstance(written, list) else [written]
    return tuple({fact: frozenset(words(wanted)) for fact, wanted in one.items()} for one in alternatives)


def minutes(written: Any) -> int | None:
    """`3d` → 4320, `0` → 0, nothing → None."""
    return None if written is None else 0 if str(written) == "0" else int(written[:-1]) * MINUTES[written[-1]]


class Reference:
    """The rules of a folder."""

    def __init__(self, folder: Path = RULES) -> None:
        yaml = YAML(typ="safe", pure=True)
        facts: dict[str, Any] = yaml.load(folder / "facts.yml")
        self.opening: list[str] = facts.pop("opening")
        self.exclusions = sets(facts.pop("never_together"))
        self.facts = facts
        self.values = {name: words(fact["values"]) for name, fact in facts.items()}
        self.relevant = {n: sets(f["relevant_when"]) if "relevant_when" in f else () for n, f in facts.items()}
        self.otherwise = {name: str(fact.get("otherwise")) for name, fact in facts.items()}
        written = [row for path in sorted((folder / "situations").glob("*.yml")) for row in self._rows(yaml, path)]
        self.rows = tuple(self._row(row) for row in written)
        self.above = self._orders({row["id"]: set(row.get("before", ())) for row in written})
        self.default = yaml.load(folder / "vocabulary.yml")["default"]

    @staticmethod
    def _rows(yaml: YAML, path: Path) -> list[dict[str, Any]]:
        return [] if path.name.endswith(".cases.yml") else list(yaml.load(path)["situations"])

    @staticmethod
    def _row(row: Mapping[str, Any]) -> Row:
        then = row["then"]
        return Row(
            row["id"], RISKS.index(then["risk"]), sets(row["when"]), then["parts"], frozenset(then.get("never", ()))
        )

    @staticmethod
    def _orders(before: dict[str, set[str]]) -> dict[str, set[str]]:
        """The rows each row stands before, followed to the end."""
        for _ in before:
            before = {row: below.union(*(before[other] for other in below)) for row, below in before.items()}
        return before

    # --- one family ------------------------------------------------------------------------------------------------

    def keys(self, children: int) -> Iterator[Key]:
        """Every fact of the family and of each child, in the order in which they are written."""
        for name, fact in self.facts.items():
            yield from ((name, child) for child in (range(children) if fact["about"] == "child" else (None,)))

    def whose(self, fact: str, child: int | None) -> Key:
        """The fact as it stands for a child: the child's own, or the family's."""
        return (fact, child) if self.facts[fact]["about"] == "child" else (fact, None)

    def holds(self, conditions: Conditions, known: Known, child: int | None) -> bool | None:
        """True, False, or None while it is open."""
        still_open = False
        for fact, wanted in conditions.items():
            value = known.get(self.whose(fact, child))
            if value is None:
                still_open = True
            elif value not in wanted:
                return False
        return None if still_open else True

    def relevance(self, key: Key, known: Known) -> bool | None:
        """Whether a fact is relevant; None while that is open."""
        if not self.relevant[key[0]]:
            return True
        found = [self.holds(one, known, key[1]) for one in self.relevant[key[0]]]
        return True if True in found else None if None in found else False

    def assumed(self, known: Known, children: int, mentioned: Iterable[Key] = ()) -> dict[Key, str]:
        """The family with every open and certainly irrelevant fact as its `otherwise`."""
        full = dict(known)
        for key in self.keys(children):
            if key not in full and key not in mentioned and self.relevance(key, full) is False:
                full[key] = self.otherwise[key[0]]
        return full

    def firing(self, known: Known, children: int) -> list[tuple[Row, int]]:
        """The rows that hold, with the child they hold for."""
        return [
            (row, child)
            for row in self.rows
            for child in range(children)
            if any(self.holds(one, known, child) for one in row.when)
        ]

    def contradictions(self, known: Known, children: int) -> set[tuple[int, int]]:
        """Which exclusions a family breaks, and for which child."""
        return {
            (number, child)
            for number, one in enumerate(self.exclusions)
            for child in range(children)
            if self.holds(one, known, child)
        }

    def outcome(self, firing: Iterable[tuple[Row, int]]) -> Outcome:
        """What these rows add up to, as the design says it."""
        firing = list(firing)
        nevers = frozenset(word for row, _ in firing for word in row.never)
        named: dict[tuple[str, int | None], list[tuple[Row, Mapping[str, Any]]]] = {}
        for row, child in firing:
            for part in row.parts:
                named.setdefault((part["for"], child if part["for"] == "child" else None), []).append((row, part))
        parts = frozenset(self._part(whom, entries, nevers) for whom, entries in named.items())
        risk = RISKS[max((row.risk for row, _ in firing), default=0)]
        nobody = (self.default["for"], None, "none", "operator", frozenset(), self.default["first_action"], None)
        return Outcome(risk, parts or frozenset({nobody}), nevers)

    def _part(
        self, whom: tuple[str, int | None], entries: list[tuple[Row, Mapping[str, Any]]], nevers: frozenset[str]
    ) -> tuple[Any, ...]:
        able = [(row, part) for row, part in entries if part["lead"] not in nevers]
        gravest = [(row, part) for row, part in able if row.risk == max(row.risk for row, _ in able)]
        first = {
            (part["lead"], part["first_action"])
            for row, part in gravest
            if not any(row.id in self.above[other.id] for other, _ in gravest)
        }
        if not first:
            raise NotImplementedError("every lead of a part is forbidden; the good rules have no such family")
        ((lead, action),) = first  # a tie would be an author's mistake
        told = frozenset(s for _, part in entries for s in (part["lead"], *part.get("also", ()))) - nevers - {lead}
        times = [minutes(part["act_within"]) for _, part in entries if "act_within" in part]
        risk = RISKS[max(row.risk for row, _ in entries)]
        return (*whom, risk, lead, told, action, min((t for t in times if t is not None), default=None))

    def decide(self, sheet: Mapping[str, Any]) -> tuple[Outcome, set[str]]:
        """The outcome of `{"family": …, "children": […]}` and the ids of its rows."""
        known: dict[Key, str] = {(fact, None): value for fact, value in sheet["family"].items()}
        for child, facts in enumerate(sheet["children"]):
            known |= {(fact, child): value for fact, value in facts.items()}
        children = max(1, len(sheet["children"]))
        firing = self.firing(self.assumed(known, children), children)
        return self.outcome(firing), {row.id for row, _ in firing}


def outcome_of(decision: Mapping[str, Any], nevers: Iterable[str]) -> Outcome:
    """The product's decision (its JSON, and its nevers) in the same form."""
    parts = frozenset(
        (
            part["for"],
            part["child"],
            part["risk"],
            part["lead"],
            frozenset(part["also"]),
            part["first_action"],
            part["act_within_minutes"],
        )
        for part in decision["parts"]
    )
    return Outcome(decision["risk"], parts, frozenset(nevers))
