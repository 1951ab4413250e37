"""The words of the desk for calls: `data/calls.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import InputError, did_you_mean
from bot.facts.document import Item, read

Said = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CallBook:
    """`kinds` is what a call may have been, `refers` those of which what is known is passed on, `aloud` what is read instead."""

    kinds: Mapping[str, Said]
    refers: frozenset[str]
    aloud: Mapping[str, Said]
    tapping: Mapping[str, Said]

    @classmethod
    def load(cls, path: Path) -> CallBook:
        """Raises `RuleFileError` with file and line for a missing translation or a word nobody knows."""
        keys = ("kinds", "aloud", "tapping")
        fields = read(path, Path("data") / path.name).fields(keys, required=keys)
        kinds = {
            name: kind.fields(("zh", "en", "refers"), required=("refers",))
            for name, kind in fields["kinds"].table.items()
        }
        return cls(
            {name: _said(kind, fields["kinds"].table[name]) for name, kind in kinds.items()},
            frozenset(name for name, kind in kinds.items() if kind["refers"].known("answer", ("yes", "no")) == "yes"),
            {name: item.both_languages() for name, item in fields["aloud"].table.items()},
            {name: item.both_languages() for name, item in fields["tapping"].table.items()},
        )

    def kind(self, word: str) -> str:
        """A kind of call that is declared. Raises `InputError` with the nearest for any other word."""
        if word not in self.kinds:
            raise InputError(f"unknown kind of call {word!r:.40}{did_you_mean(word, self.kinds)}")
        return word


def _said(kind: Mapping[str, Item], whole: Item) -> Said:
    return Item({key: item for key, item in kind.items() if key != "refers"}, whole.where).both_languages()
