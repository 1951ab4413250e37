"""The placement ladder (`rules/placement.yml`): where a child lives who cannot live with its parents, and what is tried first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.decisions.basis import LegalBasis
from bot.decisions.decision import Citation
from bot.decisions.words import Words
from bot.facts.document import Item, read

TRANSFER = "transfer"  # what rows call the move from county to prefecture
_STEP = ("step", "title", "asked_by", "decided_by", "tried_first", "basis", "unverified", "note")
_MOVE = ("title", "from", "to", "asked_by", "decided_by", "basis", "unverified", "note")


@dataclass(frozen=True, slots=True)
class Step:
    """One way of placing a child: who may ask for it, which service decides, what must have been tried.

    `tried_first` are words of `Placement.first` and names of earlier steps.
    """

    name: str
    title: Mapping[str, str]
    asked_by: tuple[str, ...]
    decided_by: str
    tried_first: tuple[str, ...]
    basis: tuple[Citation, ...]
    unverified: tuple[Citation, ...]
    note: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Transfer:
    """The move of children in long-term care from one service to another."""

    title: Mapping[str, str]
    leaves: str
    enters: str
    asked_by: tuple[str, ...]
    decided_by: str
    basis: tuple[Citation, ...]
    unverified: tuple[Citation, ...]
    note: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Placement:
    """The ladder in its order of preference; `first` is what comes before any step, `askers` who may ask, with their labels."""

    first: Mapping[str, Mapping[str, str]]
    askers: Mapping[str, Mapping[str, str]]
    ladder: tuple[Step, ...]
    transfer: Transfer | None

    @classmethod
    def load(cls, path: Path, words: Words, law: LegalBasis, shown: Path | None = None) -> Placement:
        """Reads `placement.yml`; a rule base without one has no ladder.

        Raises `RuleFileError` with file and line, also when a step may come before what it needs.
        """
        if not path.exists():
            return cls({}, {}, (), None)
        keys = ("first", "askers", "ladder", TRANSFER)
        fields = read(path, shown).fields(keys, required=keys)
        first = {word: label.both_languages() for word, label in fields["first"].table.items()}
        askers = {word: label.both_languages() for word, label in fields["askers"].table.items()}
        ladder: list[Step] = []
        for item in fields["ladder"].items:
            ladder.append(_step(item, words, law, askers, [*first, *(step.name for step in ladder)]))
        return cls(first, askers, tuple(ladder), _transfer(fields[TRANSFER], words, law, askers))

    @property
    def names(self) -> tuple[str, ...]:
        """What a row may name under `placement`."""
        return (*(step.name for step in self.ladder), *([TRANSFER] if self.transfer else ()))

    def step(self, name: str) -> Step:
        """The step of this name."""
        return next(step for step in self.ladder if step.name == name)

    def may_ask(self, asker: str) -> tuple[str, ...]:
        """The steps somebody may ask for, in their order of preference."""
        return tuple(step.name for step in self.ladder if asker in step.asked_by)


def _step(item: Item, words: Words, law: LegalBasis, askers: Iterable[str], earlier: list[str]) -> Step:
    fields = item.fields(_STEP, required=("step", "title", "asked_by", "decided_by", "tried_first", "basis", "note"))
    name = fields["step"].word
    if name in (*earlier, TRANSFER):
        fields["step"].fail(f"{name!r} is used already; a step has a name of its own")
    tried = tuple(word.known("earlier step", earlier) for word in fields["tried_first"].words)
    if missing := [word for word in earlier if word not in tried]:
        fields["tried_first"].fail(f"{name!r} comes after {missing[0]!r}, so {missing[0]!r} must have been tried first")
    return Step(
        name=name,
        title=fields["title"].both_languages(),
        asked_by=_askers(fields["asked_by"], askers),
        decided_by=_service(fields["decided_by"], words),
        tried_first=tried,
        basis=law.cited(fields["basis"], verified=True),
        unverified=_unverified(fields, law),
        note=fields["note"].both_languages(),
    )


def _transfer(item: Item, words: Words, law: LegalBasis, askers: Iterable[str]) -> Transfer:
    fields = item.fields(_MOVE, required=tuple(key for key in _MOVE if key != "unverified"))
    return Transfer(
        title=fields["title"].both_languages(),
        leaves=_service(fields["from"], words),
        enters=_service(fields["to"], words),
        asked_by=_askers(fields["asked_by"], askers),
        decided_by=_service(fields["decided_by"], words),
        basis=law.cited(fields["basis"], verified=True),
        unverified=_unverified(fields, law),
        note=fields["note"].both_languages(),
    )


def _askers(item: Item, askers: Iterable[str]) -> tuple[str, ...]:
    askers = tuple(askers)
    return tuple(word.known("asker", askers) for word in item.words)


def _service(item: Item, words: Words) -> str:
    return item.known("service", words.labels["services"])


def _unverified(fields: Mapping[str, Item], law: LegalBasis) -> tuple[Citation, ...]:
    return law.cited(fields["unverified"], verified=False) if "unverified" in fields else ()
