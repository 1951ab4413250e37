"""Mistakes planted in a rule base, as plain dictionaries: some of every kind, spread over whatever rows and facts there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from tests.workbench.plain_rules import BOTH, Plain

RISKS = ("none", "low", "medium", "high", "emergency")
EACH = 3  # of every kind

# What is done to one row (or fact) of a copy of the rule base; False: it cannot be done there.
Change = Callable[[Plain, Any], bool]


def faults(plain: Plain) -> Iterator[tuple[str, Plain]]:
    """`("removed R07", the rule base with it)`; the same ones every time."""
    for kind, change in ROW_FAULTS.items():
        for number in _spread(len(plain.rows)):
            planted = deepcopy(plain)
            row = planted.rows[number]
            if change(planted, row):
                yield f"{kind} {row['id']}", planted
    names = [name for name in plain.facts if name not in ("opening", "never_together")]
    for kind, change in FACT_FAULTS.items():
        able = [name for name in names if change(deepcopy(plain), name)]
        for number in _spread(len(able)):
            planted = deepcopy(plain)
            change(planted, able[number])
            yield f"{kind} {able[number]}", planted


def _spread(length: int) -> Sequence[int]:
    return sorted({number * length // EACH for number in range(EACH)}) if length else []


def _removed(plain: Plain, row: Any) -> bool:
    plain.rows.remove(row)
    for other in plain.rows:
        if row["id"] in other.get("before", []):
            other["before"] = [name for name in other["before"] if name != row["id"]]
    return True


def _risk_lowered(_: Plain, row: Any) -> bool:
    row["then"]["risk"] = RISKS[max(0, RISKS.index(row["then"]["risk"]) - 1)]
    return True


def _sets(row: Any) -> list[Any]:
    return [row["when"]] if isinstance(row["when"], dict) else row["when"]


def _condition_dropped(_: Plain, row: Any) -> bool:
    able = [one for one in _sets(row) if len(one) > 1]
    if able:
        able[0].pop(next(iter(able[0])))
    return bool(able)


def _condition_widened(plain: Plain, row: Any) -> bool:
    conditions = _sets(row)[0]
    name = next(reversed(conditions))
    wanted = [conditions[name]] if isinstance(conditions[name], str) else conditions[name]
    others = [value for value in plain.facts[name]["values"] if value not in wanted]
    conditions[name] = [*wanted, *others[:1]]
    return bool(others)


def _condition_narrowed(_: Plain, row: Any) -> bool:
    able = [
        (one, name)
        for one in _sets(row)
        for name, wanted in one.items()
        if isinstance(wanted, list) and len(wanted) > 1
    ]
    for one, name in able[-1:]:
        one[name] = one[name][:-1]
    return bool(able)


def _never_removed(_: Plain, row: Any) -> bool:
    return bool(row["then"].pop("never", []))


def _never_added(_: Plain, row: Any) -> bool:
    leads = [part["lead"] for part in row["then"]["parts"]]
    row["then"]["never"] = leads[:1]
    return bool(leads)


def _lead_swapped(_: Plain, row: Any) -> bool:
    for part in row["then"]["parts"]:
        part["lead"] = part.get("also", ["operator"])[0]
    return True


def _time_lengthened(_: Plain, row: Any) -> bool:
    for part in row["then"]["parts"]:
        part["act_within"] = "9d"
    return True


def _before_dropped(_: Plain, row: Any) -> bool:
    return bool(row.pop("before", []))


def _also_dropped(_: Plain, row: Any) -> bool:
    dropped = [part.pop("also", []) for part in row["then"]["parts"]]
    return any(dropped)


def _copied(plain: Plain, row: Any) -> bool:
    plain.rows.append({**deepcopy(row), "id": "X1", "before": []})
    return True


def _contradicted(plain: Plain, row: Any) -> bool:
    impossible = plain.facts.get("never_together", [])[:1]
    for conditions in impossible:
        plain.rows.append({**deepcopy(row), "id": "X1", "when": [*_sets(row), conditions], "before": []})
    return bool(impossible)


def _guarded(plain: Plain, row: Any) -> bool:
    service = row["then"]["parts"][0]["lead"] if row["then"]["parts"] else "operator"
    more = [
        {"id": "x1", "says": BOTH, "whenever": row["when"], "always": {"risk": "emergency", "lead": service}},
        {"id": "x2", "says": BOTH, "whenever": row["when"], "never": {"service": service}, "at_the_end": "true"},
        {
            "id": "x3",
            "says": BOTH,
            "whenever": row["when"],
            "always": {"for": "child", "within": "1d", "told": [service]},
        },
    ]
    plain.safeguards += more
    return True


def _relevance_narrowed(plain: Plain, name: str) -> bool:
    sets = plain.facts[name].get("relevant_when", [])
    for one in sets[:1]:
        gate, wanted = next(iter(one.items()))
        if isinstance(wanted, list) and len(wanted) > 1:
            one[gate] = wanted[:-1]
            return True
    if len(sets) > 1:
        sets.pop()
        return True
    return False


def _assumed_otherwise(plain: Plain, name: str) -> bool:
    fact = plain.facts[name]
    if "otherwise" not in fact:
        return False
    fact["otherwise"] = next(value for value in fact["values"] if value != fact["otherwise"])
    return True


def _promised(plain: Plain, name: str) -> bool:
    plain.facts[name].setdefault("at_least", {})[plain.facts[name]["values"][0]] = "medium"
    return True


def _ordered(plain: Plain, name: str) -> bool:
    fact = plain.facts[name]
    fact["worse"] = [*fact.get("worse", []), list(reversed(fact["values"][:3]))]
    return True


def _signalled(plain: Plain, name: str) -> bool:
    """A fact that is not always asked shows itself by one that is."""
    fact = plain.facts[name]
    first = next(n for n in plain.facts if n not in ("opening", "never_together"))
    if "relevant_when" not in fact or first == name or plain.facts[first]["about"] == "child":
        return False
    fact["mentioned_by"] = [*fact.get("mentioned_by", []), {first: plain.facts[first]["values"]}]
    return True


ROW_FAULTS: dict[str, Change] = {
    "removed": _removed,
    "risk lowered": _risk_lowered,
    "condition dropped": _condition_dropped,
    "condition widened": _condition_widened,
    "condition narrowed": _condition_narrowed,
    "never removed": _never_removed,
    "lead forbidden": _never_added,
    "lead swapped": _lead_swapped,
    "time lengthened": _time_lengthened,
    "before dropped": _before_dropped,
    "also dropped": _also_dropped,
    "copied": _copied,
    "made impossible": _contradicted,
    "guarded too strictly": _guarded,
}
FACT_FAULTS: dict[str, Change] = {
    "relevance narrowed": _relevance_narrowed,
    "assumed otherwise": _assumed_otherwise,
    "promised too much": _promised,
    "ordered too boldly": _ordered,
    "signalled but not asked": _signalled,
}
