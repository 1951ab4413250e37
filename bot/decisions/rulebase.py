"""The rule base as its authors wrote it, read whole or refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from bot.decisions.basis import LegalBasis
from bot.decisions.placement import Placement
from bot.decisions.risk import BY_WORD, Risk
from bot.decisions.row import Row
from bot.decisions.rowfile import RowReader
from bot.decisions.safeguards import FILE as SAFEGUARDS
from bot.decisions.safeguards import Safeguard, SafeguardReader
from bot.decisions.words import Words
from bot.errors import RuleFileError, UnknownWordError, Where
from bot.facts import Vocabulary
from bot.facts.document import Item, read
from bot.facts.durations import duration

SITUATIONS = "situations"
MOST_ROWS = 1000
SERVICES = "services"  # in deadlines.yml: what a service needs otherwise
BY_RISK = ("contact", "review", "remind", "await_family", "follow_up_late", "family_answers")


@dataclass(frozen=True, slots=True)
class Limits:
    """`rules/deadlines.yml`: how soon somebody must acknowledge, by risk; record who called; notice a silence.

    `by_service` holds what a service needs otherwise: `by_service["court"][Risk.LOW]`. By risk too: `contact` (the least time
    for the first contact), `review` (in contact, without news), `remind` (before a deadline), `await_family` (the longest that
    a deadline waits for the family), `follow_up_late` (after the date of a visit) and `family_answers` (asked whether a promise
    was kept).
    """

    acknowledge: Mapping[Risk, timedelta]
    record_call: timedelta
    silence: timedelta
    contact: Mapping[Risk, timedelta]
    review: Mapping[Risk, timedelta]
    remind: Mapping[Risk, timedelta]
    await_family: Mapping[Risk, timedelta]
    follow_up_late: Mapping[Risk, timedelta]
    family_answers: Mapping[Risk, timedelta]
    by_service: Mapping[str, Mapping[Risk, timedelta]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path, services: Iterable[str], shown: Path | None = None) -> Limits:
        """Reads `deadlines.yml`. Raises `RuleFileError` when a risk or a time is missing, and for a graver risk with more time."""
        keys = ("acknowledge", "record_call", "silence", *BY_RISK)
        fields = read(path, shown).fields(keys, required=keys)
        by_risk = fields["acknowledge"].fields((*BY_WORD, SERVICES), required=BY_WORD)
        acknowledge = _times({word: by_risk[word] for word in BY_WORD})
        _falling(acknowledge, fields["acknowledge"])
        by_service = {}
        for service, item in by_risk[SERVICES].table.items() if SERVICES in by_risk else ():
            own = _times(item.fields(BY_WORD))
            by_service[Item(service, item.where).known("service", services)] = own
            _falling({**acknowledge, **own}, item)
        record_call, silence = duration(fields["record_call"]), duration(fields["silence"])
        others = {key: _by_risk(fields[key]) for key in BY_RISK}
        return cls(acknowledge, record_call, silence, **others, by_service=by_service)

    def acknowledged_within(self, risk: Risk, service: str) -> timedelta:
        """How long a service has to acknowledge a part of this risk."""
        return self.by_service.get(service, {}).get(risk, self.acknowledge[risk])


def _times(table: Mapping[str, Item]) -> dict[Risk, timedelta]:
    return {BY_WORD[word]: duration(item) for word, item in table.items()}


def _by_risk(item: Item) -> Mapping[Risk, timedelta]:
    """A time for every risk, never more for a graver one."""
    times = _times(item.fields(BY_WORD, required=BY_WORD))
    _falling(times, item)
    return times


def _falling(times: Mapping[Risk, timedelta], item: Item) -> None:
    """A graver risk never has more time than a lesser one."""
    for lesser, graver in pairwise(sorted(times)):
        if times[graver] > times[lesser]:
            item.fail(f"{graver.word} would have more time than {lesser.word}")


@dataclass(frozen=True, slots=True)
class RuleBase:
    """Facts, words, law, rows, limits, placement ladder and safeguards of one `rules/` folder, and the hash of their content."""

    vocabulary: Vocabulary
    words: Words
    basis: LegalBasis
    rows: tuple[Row, ...]
    limits: Limits
    placement: Placement
    safeguards: tuple[Safeguard, ...]
    hash: str

    @classmethod
    def load(cls, folder: Path) -> RuleBase:
        """Reads `folder`. Raises `RuleFileError` with file and line for the first thing that is not right."""
        shown = Path(folder.name)
        vocabulary = Vocabulary.load(folder / "facts.yml", shown / "facts.yml")
        words = Words.load(folder / "vocabulary.yml", shown / "vocabulary.yml")
        basis = LegalBasis.load(folder / "legal_basis.yml", shown / "legal_basis.yml")
        limits = Limits.load(folder / "deadlines.yml", words.labels["services"], shown / "deadlines.yml")
        placement = Placement.load(folder / "placement.yml", words, basis, shown / "placement.yml")
        reader = RowReader(vocabulary, words, basis, placement)
        rows = tuple(
            row for path in situation_files(folder) for row in reader.file(path, shown / SITUATIONS / path.name)
        )
        if not rows:
            raise RuleFileError("no situation is written here", Where(shown / SITUATIONS))
        _unique(rows)
        _ordered(rows)
        _words_of_facts(vocabulary, words)
        guards = SafeguardReader(vocabulary, words, tuple(row.id for row in rows))
        safeguards = guards.file(folder / SAFEGUARDS, shown / SAFEGUARDS)
        return cls(vocabulary, words, basis, rows, limits, placement, safeguards, content_hash(folder))


def situation_files(folder: Path) -> tuple[Path, ...]:
    """The tables, without the cases that stand beside them."""
    return tuple(p for p in sorted((folder / SITUATIONS).glob("*.yml")) if not p.name.endswith(".cases.yml"))


def content_hash(folder: Path) -> str:
    """The first 16 hex digits of the SHA-256 of everything that decides; cases only test it."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        if not path.name.endswith(".cases.yml"):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _unique(rows: Sequence[Row]) -> None:
    """One row of an id on any day: a row may be written anew for the time after another of its id."""
    if len(rows) > MOST_ROWS:
        raise RuleFileError(f"more than {MOST_ROWS} rows are more than anybody can check", rows[MOST_ROWS].where)
    seen: dict[str, list[Row]] = {}
    for row in rows:
        for other in seen.setdefault(row.id, []):
            if row.valid_from <= (other.valid_to or date.max) and other.valid_from <= (row.valid_to or date.max):
                both = max(row.valid_from, other.valid_from)
                said = f"the id {row.id!r} is used twice (first at {other.where}), and both are in force on {both}"
                raise RuleFileError(said, row.where)
        seen[row.id].append(row)


def _ordered(rows: tuple[Row, ...]) -> None:
    ids = [row.id for row in rows]
    for row in rows:
        for other in row.before:
            if other not in ids:
                raise UnknownWordError("row", other, ids, row.where)


def _words_of_facts(vocabulary: Vocabulary, words: Words) -> None:
    for fact in vocabulary.facts.values():
        for risk in fact.at_least.values():
            Item(risk, fact.where).known("risk", BY_WORD)
        for service in fact.needed_by:
            Item(service, fact.where).known("service", words.labels["services"])
