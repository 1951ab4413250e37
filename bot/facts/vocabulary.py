"""The vocabulary of facts: `rules/facts.yml`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.errors import UnknownWordError
from bot.facts.conditions import Alternatives, Conditions, alternatives, conditions
from bot.facts.document import Item, read
from bot.facts.durations import duration
from bot.facts.fact import CHILD, FAMILY, REFUSED, UNKNOWN, Fact

# Answers to a whole group, each given to every member that is still open: a button below a multiple-choice message.
TO_ALL = {"none": "no", UNKNOWN: UNKNOWN, REFUSED: REFUSED}
_KEYS = (
    "about", "values", "question", "ask_with", "relevant_when", "otherwise", "mentioned_by", "worse", "at_least", "stays_true",
    "sensitive", "needed_by",
)  # fmt: skip


class Known(Protocol):
    """Whoever knows which facts have been answered; a `Sheet` does."""

    def value(self, fact: str, child: int | None = None) -> str | None:
        """The value that counts now, or None while the fact is open."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every fact in its natural order, the groups asked in one message, and what cannot be true together.

    `opening` names the groups with which an interview opens, in order: the danger screen, then the concerns.
    """

    facts: Mapping[str, Fact]
    groups: Mapping[str, tuple[str, ...]]
    opening: tuple[str, ...]
    never_together: Alternatives

    @classmethod
    def load(cls, path: Path, shown: Path | None = None) -> Vocabulary:
        """Reads `facts.yml`. Raises `RuleFileError` with file and line for anything that is not right."""
        top = dict(read(path, shown).table)
        opening, together = top.pop("opening", None), top.pop("never_together", None)
        facts: dict[str, Fact] = {}
        for name, item in top.items():
            _only_earlier(item, {*top} - {*facts})
            facts[name] = _fact(Item(name, item.where).name, item, facts)
        groups = _groups(facts)
        values = {name: fact.values for name, fact in facts.items()}
        return cls(
            facts,
            groups,
            tuple(word.known("group", groups) for word in opening.words) if opening else (),
            tuple(_exclusion(one, values) for one in together.items) if together else (),
        )

    def answers(
        self, given: Mapping[str, str], child: int | None = None, sheet: Known | None = None
    ) -> tuple[tuple[str, str], ...]:
        """The answers a button gives: `{"divorce": "pending"}`, or `{"danger_screen": "none"}` for a whole group.

        An answer to a group is given to its members that `sheet` still has open (`child` says which child is meant); without
        a sheet, to all of them. Raises `UnknownWordError` for a word nobody declared.
        """
        found: list[tuple[str, str]] = []
        for name, value in given.items():
            found += self._to_group(name, value, child, sheet) if name in self.groups else [self._single(name, value)]
        return tuple(found)

    def _single(self, name: str, value: str) -> tuple[str, str]:
        if name not in self.facts:
            raise UnknownWordError("fact", name, (*self.facts, *self.groups))
        if value not in self.facts[name].values:
            raise UnknownWordError(f"value of {name}", str(value), self.facts[name].values)
        return name, value

    def _to_group(self, group: str, value: str, child: int | None, sheet: Known | None) -> list[tuple[str, str]]:
        if value not in TO_ALL:
            raise UnknownWordError(f"answer to {group}", str(value), TO_ALL)
        return [
            (name, TO_ALL[value])
            for name in self.groups[group]
            if sheet is None or sheet.value(name, self.whose(name, child)) is None
        ]

    def whose(self, fact: str, child: int | None) -> int | None:
        """The child an answer is about: None for a fact of the family, else `child`, the first one by default."""
        return (child or 0) if self.facts[fact].about == CHILD else None


def _only_earlier(item: Item, later: Collection[str]) -> None:
    """Refuses a fact that depends on itself or on one further down."""
    fields = item.table
    for key in ("relevant_when", "mentioned_by"):
        sets = (fields[key].items if isinstance(fields[key].value, tuple) else (fields[key],)) if key in fields else ()
        for name, wanted in ((name, wanted) for one in sets for name, wanted in one.table.items()):
            if name in later:
                wanted.fail(f"a fact may only depend on earlier ones; {name!r} is not one")


def _fact(name: str, item: Item, earlier: Mapping[str, Fact]) -> Fact:
    """One fact; relevance may refer to `earlier` ones only."""
    fields = item.fields(_KEYS, required=("about", "values", "question"))
    values = _values(fields["values"])
    known = {fact.name: fact.values for fact in earlier.values()}
    fact = Fact(
        name=name,
        about=fields["about"].known("subject", (FAMILY, CHILD)),
        values=values,
        question=_question(name, fields["question"]),
        where=item.where,
        ask_with=fields["ask_with"].word if "ask_with" in fields else None,
        relevant_when=alternatives(fields["relevant_when"], known) if "relevant_when" in fields else (),
        otherwise=fields["otherwise"].known(f"value of {name}", values) if "otherwise" in fields else None,
        mentioned_by=_signals(fields, known),
        cues=_cues(fields),
        worse=_worse(name, fields, values),
        at_least=_at_least(name, fields, values),
        stays_true=duration(fields["stays_true"]) if "stays_true" in fields else None,
        sensitive="sensitive" in fields and fields["sensitive"].truth,
        needed_by=tuple(word.word for word in fields["needed_by"].words) if "needed_by" in fields else (),
    )
    _consistent(fact, item, earlier)
    return fact


def _consistent(fact: Fact, item: Item, earlier: Mapping[str, Fact]) -> None:
    if bool(fact.relevant_when) != (fact.otherwise is not None):
        item.fail(
            "'relevant_when' and 'otherwise' belong together: what does it count as while nobody needs to ask it?"
        )
    gates = {name for one in (*fact.relevant_when, *fact.mentioned_by) for name in one}
    if fact.about == FAMILY and (about_child := sorted(g for g in gates if earlier[g].about == CHILD)):
        item.fail(f"a fact about the family cannot depend on {about_child[0]!r}, which is about one child")
    if fact.ask_with and "no" not in fact.values:
        item.fail("a fact asked in a group needs the value 'no', for \"none of these\"")


def _values(item: Item) -> tuple[str, ...]:
    values = tuple(word.name for word in item.words)
    for always in (UNKNOWN, REFUSED):
        if always not in values:
            item.fail(f"the value {always!r} is missing: nobody has to know or say")
    if len(set(values)) != len(values):
        item.fail("a value is repeated")
    return values


def _question(name: str, item: Item) -> str:
    if item.word != f"utter_ask_{name}":
        item.fail(f"the question of {name!r} is called 'utter_ask_{name}'")
    return item.word


def _signals(fields: Mapping[str, Item], known: Mapping[str, tuple[str, ...]]) -> Alternatives:
    items = fields["mentioned_by"].items if "mentioned_by" in fields else ()
    return tuple(conditions(item, known) for item in items if "cue" not in item.table)


def _cues(fields: Mapping[str, Item]) -> tuple[str, ...]:
    items = fields["mentioned_by"].items if "mentioned_by" in fields else ()
    return tuple(item.fields(("cue",))["cue"].word for item in items if "cue" in item.table)


def _worse(name: str, fields: Mapping[str, Item], values: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    orders = fields["worse"].items if "worse" in fields else ()
    return tuple(tuple(word.known(f"value of {name}", values) for word in order.words) for order in orders)


def _at_least(name: str, fields: Mapping[str, Item], values: tuple[str, ...]) -> Mapping[str, str]:
    table = fields["at_least"].table if "at_least" in fields else {}
    return {Item(value, item.where).known(f"value of {name}", values): item.word for value, item in table.items()}


def _groups(facts: Mapping[str, Fact]) -> Mapping[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for fact in facts.values():
        if fact.ask_with:
            groups[fact.ask_with] = (*groups.get(fact.ask_with, ()), fact.name)
    return groups


def _exclusion(item: Item, values: Mapping[str, tuple[str, ...]]) -> Conditions:
    return conditions(item, values)
