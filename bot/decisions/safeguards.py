"""The owner's safeguards (`rules/safeguards.yml`): what must hold of the whole rule base, in sentences a lawyer can read.

    - id: danger_is_an_emergency
      says: {zh: 现在有危险，就一定按最紧急办, en: Danger now is always an emergency}
      whenever: {screen_danger: yes}
      always: {risk: emergency}

    - id: violence_is_never_mediated
      whenever: {concern_violence: yes}
      never: {service: mediation}

    - id: younger_is_never_less_urgent
      moving: child_age
      never_lowers: [risk]

`whenever` is written like a row's `when`. They do nothing at run time; `rightdoor check` proves each for every family there can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.decisions.risk import BY_WORD, Risk
from bot.decisions.words import Words
from bot.errors import RuleFileError, UnknownWordError, Where
from bot.facts import Vocabulary
from bot.facts.conditions import Alternatives, alternatives
from bot.facts.document import Item, read
from bot.facts.durations import duration

FILE = "safeguards.yml"
NEXT_REPLY = "next_reply"
LOWERED = ("risk", "time")
_KEYS = ("id", "says", "whenever", "always", "never", "at_the_end", "moving", "never_lowers")
_ALWAYS = ("risk", "row", "lead", "told", "forbidden", "within", "card", "for")
_NEVER = ("service", "lead", "row", "first_action", "for")
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing said of a decision, about the parts for `for_whom` (None: any part).

    `kind` risk: at least `words[0]`; row: one of them holds; lead: one of them leads; told: each leads or is told; forbidden: each
    is a never; within: `minutes` at the latest; card: the emergency card in the very next reply; service: one of them leads or is
    told; first_action: one of them is what is done first.
    """

    kind: str
    words: tuple[str, ...]
    for_whom: str | None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Safeguard:
    """Whenever … then always all of `always` and none of `never`; or: moving a fact up its careful order never lowers something.

    `at_the_end`: it is said of completed interviews only, else of every moment of one.
    """

    id: str
    says: Mapping[str, str]
    whenever: Alternatives
    always: tuple[Claim, ...]
    never: tuple[Claim, ...]
    at_the_end: bool
    moving: str | None
    never_lowers: tuple[str, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class SafeguardReader:
    """What safeguards may speak of."""

    vocabulary: Vocabulary
    words: Words
    rows: tuple[str, ...]

    def file(self, path: Path, shown: Path | None = None) -> tuple[Safeguard, ...]:
        """The safeguards of a file; none when there is no such file. Raises `RuleFileError` with file and line."""
        if not path.exists():
            return ()
        fields = read(path, shown).fields(("safeguards",), required=("safeguards",))
        found = tuple(self._safeguard(item) for item in fields["safeguards"].items)
        seen: dict[str, Where] = {}
        for one in found:
            if one.id in seen:
                raise RuleFileError(f"the id {one.id!r} is used twice (first at {seen[one.id]})", one.where)
            seen[one.id] = one.where
        return found

    def _safeguard(self, item: Item) -> Safeguard:
        fields = item.fields(_KEYS, required=("id", "says"))
        if ("moving" in fields) == ("whenever" in fields):
            item.fail("a safeguard says either 'whenever' or 'moving'")
        if "whenever" in fields and not {"always", "never"} & fields.keys():
            item.fail("'whenever' needs 'always' or 'never': what holds then?")
        if ("moving" in fields) != ("never_lowers" in fields):
            item.fail("'moving' and 'never_lowers' belong together")
        values = {name: fact.values for name, fact in self.vocabulary.facts.items()}
        return Safeguard(
            id=fields["id"].name,
            says=fields["says"].both_languages(),
            whenever=alternatives(fields["whenever"], values) if "whenever" in fields else (),
            always=self._claims(fields.get("always"), _ALWAYS),
            never=self._claims(fields.get("never"), _NEVER),
            at_the_end="at_the_end" in fields and _TRUTH[fields["at_the_end"].known("answer", _TRUTH)],
            moving=self._moving(fields["moving"]) if "moving" in fields else None,
            never_lowers=tuple(w.known("thing that can be lowered", LOWERED) for w in fields["never_lowers"].words)
            if "never_lowers" in fields
            else (),
            where=fields["id"].where,
        )

    def _moving(self, item: Item) -> str:
        name = item.known("fact", self.vocabulary.facts)
        if not self.vocabulary.facts[name].worse:
            item.fail(f"{name} has no careful order ('worse') to move up")
        return name

    def _claims(self, item: Item | None, known: Iterable[str]) -> tuple[Claim, ...]:
        if item is None:
            return ()
        fields = dict(item.fields(known))
        whom = fields.pop("for").known("audience", self.words.labels["audiences"]) if "for" in fields else None
        if not fields:
            item.fail("at least one thing is expected here")
        return tuple(self._claim(kind, said, whom) for kind, said in fields.items())

    def _claim(self, kind: str, item: Item, whom: str | None) -> Claim:
        if kind == "within":
            return Claim(kind, (item.word,), whom, int(duration(item).total_seconds() // 60))
        if kind == "risk" and item.known("risk", BY_WORD) == Risk.NONE.word:
            item.fail("a safeguard that cannot fail: every risk is at least none")
        allowed = {
            "risk": ("risk", tuple(BY_WORD)),
            "row": ("row", self.rows),
            "forbidden": ("never", self.words.nevers),
            "first_action": ("first action", tuple(self.words.labels["first_actions"])),
            "card": ("moment", (NEXT_REPLY,)),
        }.get(kind, ("service", tuple(self.words.labels["services"])))
        return Claim(kind, tuple(_known(word, *allowed) for word in item.words), whom)


def _known(word: Item, kind: str, known: tuple[str, ...]) -> str:
    if word.word not in known:
        raise UnknownWordError(kind, word.word, known, word.where)
    return word.word
