"""A second opinion on `rightdoor check`: the same properties, put to z3, from the rule files as plain dictionaries.

Written from the design's words, not from `bot`: a fact is a small number (0: open), what it counts as is a term, a part's lead is a
chain of ifs. The product asks a SAT solver over one literal an answer. Where the two disagree, one of them is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, count, pairwise
from typing import Any

import z3

from tests.workbench.plain_rules import Plain

RISKS = ("none", "low", "medium", "high", "emergency")
MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
OPERATOR = "operator"
TRUE, FALSE = z3.BoolVal(val=True), z3.BoolVal(val=False)
WIDTH = 6  # bits for a value, a service, an action, a time's place

Conditions = Mapping[str, frozenset[str]]
Audience = tuple[str, int | None]
Found = set[tuple[str, tuple[str, ...]]]


def words(written: Any) -> list[str]:
    """One word or many."""
    return [written] if isinstance(written, str) else list(written)


def sets(written: Any) -> list[Conditions]:
    """One set of conditions or many; lexicon cues are none."""
    some = [written] if isinstance(written, dict) else written or []
    return [{fact: frozenset(words(v)) for fact, v in one.items()} for one in some if "cue" not in one]


def minutes(written: str | None) -> int | None:
    """`3d` → 4320."""
    return None if written is None else 0 if written == "0" else int(written[:-1]) * MINUTES[written[-1]]


class Rules:
    """The rows of one day, in the order in which they lead."""

    def __init__(self, plain: Plain, day: str | None = None) -> None:
        self.plain = plain
        self.facts = {name: fact for name, fact in plain.facts.items() if name not in ("opening", "never_together")}
        self.never_together = sets(plain.facts.get("never_together"))
        day = day or max(row["valid_from"] for row in plain.rows)
        self.rows = [r for r in plain.rows if r["valid_from"] <= day <= r.get("valid_to", "9999-12-31")]
        self.above = self._above()
        self.order = sorted(self.rows, key=lambda row: (-self.risk(row), self._ranks()[row["id"]]))
        times = {minutes(p.get("act_within")) for row in self.rows for p in row["then"]["parts"]}
        self.times = sorted(time for time in times if time is not None)

    def risk(self, row: Mapping[str, Any]) -> int:
        return RISKS.index(row["then"]["risk"])

    def _direct(self) -> dict[str, set[str]]:
        before: dict[str, set[str]] = {row["id"]: set() for row in self.plain.rows}
        for row in self.plain.rows:
            for other in words(row.get("before", [])):
                before[other].add(row["id"])
        return before

    def _ranks(self) -> dict[str, int]:
        """As written, but never before a row that says `before:` of it."""
        needed, placed = self._direct(), list[str]()
        names = list(dict.fromkeys(row["id"] for row in self.plain.rows))
        while len(placed) < len(names):
            placed.append(next(name for name in names if name not in placed and needed[name] <= set(placed)))
        return {name: number for number, name in enumerate(placed)}

    def _above(self) -> dict[str, set[str]]:
        """Every row that comes before a row, near or far."""
        above = self._direct_in_force()
        for _ in above:
            above = {name: some.union(*(above[other] for other in some)) for name, some in above.items()}
        return above

    def _direct_in_force(self) -> dict[str, set[str]]:
        names = {row["id"] for row in self.rows}
        before: dict[str, set[str]] = {name: set() for name in names}
        for row in self.rows:
            for other in set(words(row.get("before", []))) & names:
                before[other].add(row["id"])
        return before


class Sheet:
    """A family's answers; `there[1]` says whether there is a second child."""

    _numbers = count()

    def __init__(self, rules: Rules, children: int) -> None:
        self.rules, self.children = rules, range(children)
        self.number = next(self._numbers)
        self.there = [TRUE, *(z3.Bool(f"there{self.number}_{c}") for c in range(1, children))]
        self.keys = [
            (n, c) for n, f in rules.facts.items() for c in (self.children if f["about"] == "child" else [None])
        ]
        self.var = {key: z3.BitVec(f"s{self.number}_{key[0]}_{key[1]}", WIDTH) for key in self.keys}
        self.mention = {
            key: z3.Bool(f"m{self.number}_{key[0]}_{key[1]}") if self.fact(key).get("mentioned_by") else FALSE
            for key in self.keys
        }
        self.irrelevant: dict[Any, Any] = {}
        self.eff: dict[Any, Any] = {}
        for key in self.keys:
            self.irrelevant[key] = self._irrelevant(key)
            other = self.fact(key).get("otherwise")
            open_ = z3.BitVecVal(0, WIDTH)
            assumed = self.value(key, other) if other else open_
            self.eff[key] = z3.If(self.told(key), self.var[key], z3.If(self.irrelevant[key], assumed, open_))

    def fact(self, key: Any) -> Any:
        return self.rules.facts[key[0]]

    def key(self, name: str, child: int) -> Any:
        return (name, child if self.rules.facts[name]["about"] == "child" else None)

    def value(self, key: Any, value: str) -> Any:
        return z3.BitVecVal(self.fact(key)["values"].index(value) + 1, WIDTH)

    def told(self, key: Any) -> Any:
        return self.var[key] != 0

    def assumed(self, key: Any) -> Any:
        return z3.And(z3.Not(self.told(key)), self.irrelevant[key])

    def one_of(self, key: Any, values: Iterable[str]) -> Any:
        return z3.Or([self.eff[key] == self.value(key, value) for value in values])

    def holds(self, conditions: Conditions, child: int) -> Any:
        return z3.And([self.one_of(self.key(name, child), values) for name, values in conditions.items()])

    def some_hold(self, some: Iterable[Conditions], child: int) -> Any:
        return z3.And(self.there[child], z3.Or([self.holds(one, child) for one in some]))

    def _irrelevant(self, key: Any) -> Any:
        gates = sets(self.fact(key).get("relevant_when"))
        if not gates:
            return FALSE
        closed = [z3.Or([self._against(n, v, key[1] or 0) for n, v in one.items()]) for one in gates]
        return z3.And(z3.Not(self.mention[key]), *closed)

    def _against(self, name: str, values: frozenset[str], child: int) -> Any:
        key = self.key(name, child)
        return z3.And(self.eff[key] != 0, z3.Not(self.one_of(key, values)))

    def wellformed(self) -> Any:
        """Values that exist, nothing about a child that is not there, no family that cannot be."""
        parts = [z3.ULE(self.var[key], len(self.fact(key)["values"])) for key in self.keys]
        for key in self.keys:
            silent = z3.And(z3.Not(self.told(key)), z3.Not(self.mention[key]))
            parts.append(z3.Or(self.there[key[1] or 0], silent))
        parts += [z3.Not(self.some_hold(self.rules.never_together, c)) for c in self.children]
        return z3.And(parts)

    def complete(self) -> Any:
        return z3.And([z3.Or(self.told(k), self.irrelevant[k], z3.Not(self.there[k[1] or 0])) for k in self.keys])


class Decided:
    """What the rows make of a sheet; with `sparing`, all but those whose number is `gone`."""

    def __init__(self, sheet: Sheet, *, sparing: bool = False) -> None:
        self.sheet, self.rules = sheet, sheet.rules
        self.rows = self.rules.order
        self.gone = {id(row): z3.Bool(f"gone{n}") if sparing else FALSE for n, row in enumerate(self.rows)}
        self.words = self.rules.plain.words
        self.services = list(self.words["services"])
        self.actions = list(self.words["first_actions"])
        parts = [part for row in self.rules.rows for part in row["then"]["parts"]]
        self.heard_of = sorted({s for p in parts for s in (p["lead"], *words(p.get("also", [])))} | {OPERATOR})
        self._fires: dict[Any, Any] = {}
        self._nevers: dict[str, Any] = {}

    def fires(self, row: Mapping[str, Any], child: int) -> Any:
        key = (id(row), child)
        if key not in self._fires:
            self._fires[key] = z3.And(z3.Not(self.gone[id(row)]), self.sheet.some_hold(sets(row["when"]), child))
        return self._fires[key]

    def holds(self, row: Mapping[str, Any]) -> Any:
        return z3.Or([self.fires(row, child) for child in self.sheet.children])

    def at_least(self, risk: int) -> Any:
        return z3.Or([self.holds(row) for row in self.rows if self.rules.risk(row) >= risk] + [z3.BoolVal(risk == 0)])

    def never(self, word: str) -> Any:
        if word not in self._nevers:
            forbidding = [row for row in self.rows if word in words(row["then"].get("never", []))]
            self._nevers[word] = z3.Or([self.holds(row) for row in forbidding])
        return self._nevers[word]

    def audiences(self) -> list[Audience]:
        whom = [(n, c) for n in self.words["audiences"] for c in (self.sheet.children if n == "child" else [None])]
        return list(whom)

    def entries(self, whom: Audience) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], Any]]:
        for row in self.rows:
            for part in row["then"]["parts"]:
                if part["for"] == whom[0]:
                    fires = self.holds(row) if whom[1] is None else self.fires(row, whom[1])
                    yield row, part, fires

    def nobody(self) -> Any:
        return z3.Not(z3.Or([self.holds(row) for row in self.rows if row["then"]["parts"]]))

    def served(self, whom: Audience) -> Any:
        named = z3.Or([fires for _, _, fires in self.entries(whom)])
        return z3.Or(named, self.nobody()) if whom == (self.words["default"]["for"], None) else named

    def able(self, whom: Audience) -> list[tuple[Mapping[str, Any], Mapping[str, Any], Any]]:
        return [(r, p, z3.And(f, z3.Not(self.never(p["lead"])))) for r, p, f in self.entries(whom)]

    def lead(self, whom: Audience) -> Any:
        """The place of the lead among the services."""
        chosen = [(self.services.index(p["lead"]), when) for _, p, when in self.able(whom)]
        return _first(chosen, self.services.index(OPERATOR))

    def action(self, whom: Audience) -> Any:
        place = {action: number for number, action in enumerate(self.actions)}
        chosen = [(place[p["first_action"]], when) for _, p, when in self.able(whom)]
        gravest = [(place[p["first_action"]], when) for _, p, when in self.entries(whom)]
        return _first([*chosen, *gravest], place[self.words["default"]["first_action"]])

    def time(self, whom: Audience) -> Any:
        """The place of the shortest time among all times; one more than the last: no limit."""
        timed = [(self.rules.times.index(t), f) for _, p, f in self.entries(whom) if (t := _time(p)) is not None]
        return _first(sorted(timed, key=lambda pair: pair[0]), len(self.rules.times))

    def soonest(self) -> Any:
        times = [self.time(whom) for whom in self.audiences()]
        least = times[0]
        for time in times[1:]:
            least = z3.If(z3.ULT(time, least), time, least)
        return least

    def part_risk(self, whom: Audience) -> Any:
        return _first([(self.rules.risk(row), fires) for row, _, fires in self.entries(whom)], 0)

    def told(self, whom: Audience, service: str) -> Any:
        """Leads or is told."""
        named = z3.Or([f for _, p, f in self.entries(whom) if service in (p["lead"], *words(p.get("also", [])))])
        leads = z3.And(self.served(whom), self.lead(whom) == self.services.index(service))
        return z3.Or(leads, z3.And(named, z3.Not(self.never(service))))

    def follow_up(self) -> Any:
        plans = list(self.words["follow_ups"])
        chosen = [(plans.index(row["then"]["follow_up"]) + 1, row) for row in self.rows if row["then"].get("follow_up")]
        ordered = sorted(chosen, key=lambda pair: -pair[0])
        return _first([(place, self.holds(row)) for place, row in ordered], 0)

    def differs(self, other: Decided) -> Any:
        pairs = [(self.at_least(risk), other.at_least(risk)) for risk in range(len(RISKS))]
        pairs += [(self.never(w), other.never(w)) for w in (*self.services, *self.words["nevers"])]
        pairs.append((self.follow_up(), other.follow_up()))
        for whom in self.audiences():
            pairs.append((self.served(whom), other.served(whom)))
            pairs += [
                (getattr(self, n)(whom), getattr(other, n)(whom)) for n in ("lead", "action", "time", "part_risk")
            ]
            pairs += [(self.told(whom, s), other.told(whom, s)) for s in self.heard_of]
        return z3.Or([one != two for one, two in pairs])


def _first(chain: Iterable[tuple[int, Any]], otherwise: int) -> Any:
    term = z3.BitVecVal(otherwise, WIDTH)
    for value, when in reversed(list(chain)):
        term = z3.If(when, z3.BitVecVal(value, WIDTH), term)
    return term


def _time(part: Mapping[str, Any]) -> int | None:
    return minutes(part.get("act_within"))


class Opinion:
    """What z3 finds wrong with one day's rules, as kind and subject."""

    def __init__(self, plain: Plain, day: str | None = None) -> None:
        self.rules = Rules(plain, day)
        self.found: Found = set()
        self._names = count()

    def verdict(self) -> Found:
        """Everything, in the words of `Finding.kind` and `Finding.subject`."""
        self._of_one_child()
        self._of_two_children()
        return self.found

    def _of_one_child(self) -> None:
        sheet = Sheet(self.rules, 1)
        now = Decided(sheet)
        self.ask = _Asker(sheet.wellformed())
        self._rows(sheet, now)
        self._promises(sheet, now)
        after = Sheet(self.rules, 1)
        then = Decided(after)
        self.ask = _Asker(z3.And(sheet.wellformed(), after.wellformed()))
        for name, fact in self.rules.facts.items():
            self._careful("careful", name, fact, now, then, ("risk", "time"), (name,))
        self._hidden(now, then)

    def _of_two_children(self) -> None:
        sheet = Sheet(self.rules, 2)
        now = Decided(sheet)
        self.ask = _Asker(sheet.wellformed())
        self._ties(now)
        for one in self.rules.plain.safeguards:
            if "whenever" in one:
                self._held(one, now)
        moving = [one for one in self.rules.plain.safeguards if "moving" in one]
        if moving:
            after = Sheet(self.rules, 2)
            then = Decided(after)
            self.ask = _Asker(z3.And(sheet.wellformed(), after.wellformed()))
            for one in moving:
                fact = self.rules.facts[one["moving"]]
                self._careful("safeguard", one["moving"], fact, now, then, words(one["never_lowers"]), (one["id"],))

    def _report(self, kind: str, subject: Iterable[str], *broken: Any) -> None:
        if (kind, tuple(subject)) not in self.found and self.ask(*broken):
            self.found.add((kind, tuple(subject)))

    def _rows(self, sheet: Sheet, now: Decided) -> None:
        spared = Decided(sheet, sparing=True)
        missed = now.differs(spared)
        for row in self.rules.rows:
            for number, one in enumerate(sets(row["when"])):
                if not self.ask(sheet.holds(one, 0)):
                    self.found.add(("unreachable", (row["id"], str(number))))
            only = [gone if name == id(row) else z3.Not(gone) for name, gone in spared.gone.items()]
            if self.ask(now.holds(row)) and not self.ask(missed, *only):
                self.found.add(("idle", (row["id"],)))

    def _promises(self, sheet: Sheet, now: Decided) -> None:
        for name, fact in self.rules.facts.items():
            key = sheet.key(name, 0)
            for value, risk in fact.get("at_least", {}).items():
                below = z3.Not(now.at_least(RISKS.index(risk)))
                self._report("at_least", (name, value), z3.And(sheet.var[key] == sheet.value(key, value), below))

    def _careful(
        self,
        kind: str,
        name: str,
        fact: Any,
        now: Decided,
        then: Decided,
        lowered: Iterable[str],
        about: tuple[str, ...],
    ) -> None:
        orders = fact.get("worse", [])
        steps = {("", value) for order in orders for value in order} | {s for order in orders for s in pairwise(order)}
        worse = {what: self._lowered(what, now, then) for what in lowered} if steps else {}
        for low, high in sorted(steps):
            for what, looks_better in worse.items():
                step = self._step(name, low, high, now.sheet, then.sheet)
                self._report(kind, (*about, low, high, what), *step, looks_better)

    def _step(self, name: str, low: str, high: str, one: Sheet, two: Sheet) -> list[Any]:
        key = one.key(name, 0)
        other = one.fact(key).get("otherwise")
        parts = [one.var[key] == (one.value(key, low) if low else 0), two.var[key] == two.value(key, high)]
        parts += [here == there for here, there in zip(one.there, two.there, strict=True)]
        if not low and not (other and any(_above(order, other, high) for order in one.fact(key).get("worse", []))):
            parts.append(z3.Not(one.assumed(key)))
        for k in one.keys:
            parts.append(one.mention[k] == two.mention[k])
            if k != key:
                there = two.there[k[1] or 0]
                asked = z3.If(two.told(k), z3.Not(two.irrelevant[k]), z3.Or(two.irrelevant[k], z3.Not(there)))
                parts.append(z3.If(one.assumed(k), asked, one.var[k] == two.var[k]))
        return parts

    def _lowered(self, what: str, now: Decided, then: Decided) -> Any:
        if what == "risk":
            return z3.Or([z3.And(now.at_least(r), z3.Not(then.at_least(r))) for r in range(1, len(RISKS))])
        longer = [z3.And(then.served(w), z3.ULT(now.time(w), then.time(w))) for w in now.audiences()]
        return z3.Or(*longer, z3.ULT(now.soonest(), then.soonest()))

    def _hidden(self, asked: Decided, truth: Decided) -> None:
        one, two = asked.sheet, truth.sheet
        honest = [one.complete()]
        for key in one.keys:
            honest += [two.told(key), one.mention[key] == two.mention[key]]
            honest.append(
                z3.Or(z3.Not(one.told(key)), z3.And(one.var[key] == two.var[key], z3.Not(one.irrelevant[key])))
            )
        shows: dict[str, Any] = {}
        for name, fact in self.rules.facts.items():
            cue = any("cue" in signal for signal in fact.get("mentioned_by", []))
            heard = two.mention[two.key(name, 0)] if cue else FALSE
            signals = [z3.And(two.holds(s, 0), *(shows[n] for n in s)) for s in sets(fact.get("mentioned_by"))]
            shows[name] = z3.Or(heard, *signals) if fact.get("relevant_when") else TRUE
        self.ask.always(z3.And(honest))
        for row in self.rules.rows:
            below = z3.Not(asked.at_least(self.rules.risk(row)))
            for number, conditions in enumerate(sets(row["when"])):
                told = [two.holds(conditions, 0), *(shows[name] for name in conditions)]
                self._report("hidden", (row["id"], str(number)), z3.And(*told, below))

    def _ties(self, now: Decided) -> None:
        for whom in now.audiences():
            able = now.able(whom)
            for (number, one), (_, other) in combinations(enumerate(able), 2):
                (row, part, leads), (their, their_part, too) = one, other
                settled = row["id"] in self.rules.above[their["id"]] or their["id"] in self.rules.above[row["id"]]
                same = (part["lead"], part["first_action"]) == (their_part["lead"], their_part["first_action"])
                if self.rules.risk(row) == self.rules.risk(their) and not settled and not same:
                    first = z3.And(leads, *(z3.Not(when) for _, _, when in able[:number]))
                    self._report("tie", sorted((row["id"], their["id"])), z3.And(first, too))

    def _held(self, guard: Mapping[str, Any], now: Decided) -> None:
        sheet = now.sheet
        end = sheet.complete() if guard.get("at_the_end") == "true" else TRUE
        like = [z3.And(sheet.some_hold(sets(guard["whenever"]), c), end) for c in sheet.children]
        if not self.ask(z3.Or(like)):
            self.found.add(("vacuous", (guard["id"],)))
        for word in ("always", "never"):
            claims = dict(guard.get(word, {}))
            whom = claims.pop("for", "")
            for kind, said in claims.items():
                subject = (guard["id"], word, kind, *words(said), whom)
                self._report("safeguard", subject, self._broken(word, kind, words(said), whom, like, now))

    def _broken(self, word: str, kind: str, said: Sequence[str], whom: str, like: Sequence[Any], now: Decided) -> Any:
        if word == "never":
            return z3.And(z3.Or(like), self._met(kind, said, whom, None, now))
        if whom == "child":
            return z3.Or([z3.And(one, z3.Not(self._met(kind, said, whom, c, now))) for c, one in enumerate(like)])
        return z3.And(z3.Or(like), z3.Not(self._met(kind, said, whom, None, now)))

    def _met(self, kind: str, said: Sequence[str], whom: str, child: int | None, now: Decided) -> Any:
        if kind == "risk":
            return now.at_least(RISKS.index(said[0]))
        if kind == "row":
            return z3.Or([now.holds(row) for row in now.rows if row["id"] in said])
        if kind == "forbidden":
            return z3.And([now.never(w) for w in said])
        if kind == "card":
            return now.at_least(RISKS.index("emergency"))
        parts = [a for a in now.audiences() if whom in ("", a[0]) and child in (None, a[1])]
        return z3.Or([z3.And(now.served(a), self._of_part(kind, said, a, now)) for a in parts])

    def _of_part(self, kind: str, said: Sequence[str], whom: Audience, now: Decided) -> Any:
        if kind == "within":
            enough = [n for n, time in enumerate(self.rules.times) if time <= (minutes(said[0]) or 0)]
            return z3.Or([now.time(whom) == n for n in enough])
        if kind == "lead":
            return z3.Or([now.lead(whom) == now.services.index(s) for s in said])
        if kind == "told":
            return z3.And([now.told(whom, s) for s in said])
        if kind == "service":
            return z3.Or([now.told(whom, s) for s in said])
        return z3.Or([now.action(whom) == now.actions.index(a) for a in said])


def _above(order: Sequence[str], low: str, high: str) -> bool:
    return low in order and high in order and order.index(low) < order.index(high)


class _Asker:
    """Is there such a family? What is asked about again and again gets a name once, and z3 remembers what it learnt of it."""

    def __init__(self, always: Any) -> None:
        self._solver = z3.SolverFor("QF_FD")
        self._solver.add(always)
        self._named: dict[Any, tuple[Any, Any]] = {}

    def always(self, more: Any) -> None:
        self._solver.add(more)

    def __call__(self, *wanted: Any) -> bool:
        answer = self._solver.check(*(self._name(one) for one in wanted))
        assert answer != z3.unknown, self._solver.reason_unknown()
        return bool(answer == z3.sat)

    def _name(self, wanted: Any) -> Any:
        if wanted.get_id() not in self._named:
            name = z3.Bool(f"question{len(self._named)}")
            self._solver.add(z3.Implies(name, wanted))
            self._named[wanted.get_id()] = (name, wanted)
        return self._named[wanted.get_id()][0]
