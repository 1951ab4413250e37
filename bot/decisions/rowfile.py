"""Reading `rules/situations/*.yml`: everything that can be refused is refused here, with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.decisions.basis import LegalBasis
from bot.decisions.placement import Placement
from bot.decisions.risk import BY_WORD
from bot.decisions.row import PartRule, Row
from bot.decisions.words import Words
from bot.facts import Vocabulary
from bot.facts.conditions import alternatives
from bot.facts.document import Item, read
from bot.facts.durations import duration

_ROW = (
    "id", "title", "when", "then", "basis", "unverified", "because", "before", "doubt", "product_rule", "valid_from", "valid_to",
)  # fmt: skip
_THEN = ("risk", "parts", "follow_up", "never", "placement")
_PART = ("for", "lead", "also", "first_action", "act_within")


@dataclass(frozen=True, slots=True)
class RowReader:
    """What rows may refer to."""

    vocabulary: Vocabulary
    words: Words
    basis: LegalBasis
    placement: Placement

    def file(self, path: Path, shown: Path | None = None) -> tuple[Row, ...]:
        """The rows of one file. Raises `RuleFileError` for anything that is not right."""
        fields = read(path, shown).fields(("valid_from", "situations"), required=("valid_from", "situations"))
        since = _day(fields["valid_from"])
        return tuple(self._row(item, since) for item in fields["situations"].items)

    def _row(self, item: Item, since: date) -> Row:
        fields = item.fields(_ROW, required=("id", "title", "when", "then", "basis", "because"))
        then = fields["then"].fields(_THEN, required=("risk", "parts"))
        return Row(
            id=fields["id"].name,
            title=fields["title"].both_languages(),
            when=alternatives(fields["when"], {name: fact.values for name, fact in self.vocabulary.facts.items()}),
            risk=BY_WORD[then["risk"].known("risk", BY_WORD)],
            parts=self._parts(then["parts"]),
            follow_up=self._label(then, "follow_up", "follow_ups", "follow-up plan"),
            never=frozenset(w.known("never", self.words.nevers) for w in then["never"].words)
            if "never" in then
            else frozenset(),
            basis=self.basis.cited(fields["basis"], verified=True),
            unverified=self.basis.cited(fields["unverified"], verified=False) if "unverified" in fields else (),
            because=fields["because"].both_languages(),
            before=tuple(word.word for word in fields["before"].words) if "before" in fields else (),
            doubt=fields["doubt"].both_languages() if "doubt" in fields else None,
            product_rule="product_rule" in fields and fields["product_rule"].truth,
            valid_from=_day(fields["valid_from"]) if "valid_from" in fields else since,
            valid_to=_day(fields["valid_to"]) if "valid_to" in fields else None,
            where=fields["id"].where,
            placement=then["placement"].known("placement step", self.placement.names) if "placement" in then else None,
        )

    def _parts(self, item: Item) -> tuple[PartRule, ...]:
        parts = tuple(self._part(one) for one in item.items)
        if not parts:
            item.fail("at least one part is expected here")
        if len({part.for_whom for part in parts}) < len(parts):
            item.fail("two parts are for the same audience; write them as one")
        return parts

    def _part(self, item: Item) -> PartRule:
        fields = item.fields(_PART, required=("for", "lead", "first_action"))
        services = self.words.labels["services"]
        minutes = duration(fields["act_within"]).total_seconds() // 60 if "act_within" in fields else None
        return PartRule(
            for_whom=fields["for"].known("audience", self.words.labels["audiences"]),
            lead=fields["lead"].known("service", services),
            also=frozenset(w.known("service", services) for w in fields["also"].words)
            if "also" in fields
            else frozenset(),
            first_action=fields["first_action"].known("first action", self.words.labels["first_actions"]),
            act_within=None if minutes is None else int(minutes),
        )

    def _label(self, then: Mapping[str, Item], key: str, kind: str, said: str) -> str | None:
        return then[key].known(said, self.words.labels[kind]) if key in then else None


def _day(item: Item) -> date:
    try:
        return date.fromisoformat(item.word)
    except ValueError:
        item.fail(f"{item.word!r} is not a day; write it as 2026-11-01")
