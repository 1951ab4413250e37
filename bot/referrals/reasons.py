"""The closed vocabularies of referrals, from `data/referrals.yml`: reasons, outcomes and findings, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import InputError, RuleFileError, did_you_mean
from bot.facts.document import Item, read

KINDS = ("decline", "hand_on", "outcome", "finding", "overrule", "reopen")
CONFLICT = "conflict"  # whoever gives this reason has nothing more to do with the part
NOT_SETTLED = "not_settled"  # why a family has something opened again
OUTCOME, HAND_ON = "outcome", "hand_on"
HANDS = ("colleague", "up", "lead", "desk")  # to whom something can be handed on with a button


@dataclass(frozen=True, slots=True)
class Reasons:
    """`labels["decline"]["conflict"]["en"]`; `ending` are the outcomes that let dated visits fall away.

    `fitting["colleague"]` are the reasons offered beside a colleague.
    """

    labels: Mapping[str, Mapping[str, Mapping[str, str]]]
    ending: frozenset[str]
    fitting: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls, path: Path) -> Reasons:
        """Raises `RuleFileError` with file and line for a missing table, word or translation."""
        tables = read(path, Path("data") / path.name).fields(KINDS, required=KINDS)
        for kind in ("decline", "hand_on"):
            if CONFLICT not in tables[kind].table:
                tables[kind].fail(f"{kind!r} needs the reason {CONFLICT!r}")
        labels = {kind: _labels(tables[kind]) for kind in KINDS}
        ending = frozenset(word for word, item in tables[OUTCOME].table.items() if _ends(item))
        offered = {word: _fits(item) for word, item in tables[HAND_ON].table.items()}
        fitting = {hand: tuple(word for word, hands in offered.items() if hand in hands) for hand in HANDS}
        return cls(labels, ending, fitting)

    def known(self, kind: str, word: str) -> str:
        """`word`, when it is one of its kind. Raises `InputError` with the nearest one."""
        if word not in self.labels[kind]:
            raise InputError(f"unknown {kind} {word!r:.60}{did_you_mean(word, self.labels[kind])}")
        return word

    def label(self, kind: str, word: str, language: str) -> str:
        """A word as people say it."""
        return self.labels[kind][word][language]


def _labels(item: Item) -> Mapping[str, Mapping[str, str]]:
    labels = {}
    for word, entry in item.table.items():
        both = {key: said for key, said in entry.table.items() if key not in ("ends", "fits")}
        labels[Item(word, entry.where).name] = Item(both, entry.where).both_languages()
    return labels


def _fits(item: Item) -> tuple[str, ...]:
    fits = item.table.get("fits")
    if fits is None:
        raise RuleFileError("a reason to hand on says beside whom it is offered: 'fits: [colleague, up]'", item.where)
    return tuple(word.known("hand", HANDS) for word in fits.words)


def _ends(item: Item) -> bool:
    ends = item.table.get("ends")
    if ends is None or ends.word not in ("yes", "no"):
        raise RuleFileError(
            "an outcome says whether visits that are still owed end with it: 'ends: yes' or 'ends: no'", item.where
        )
    return ends.word == "yes"
