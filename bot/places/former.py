"""What places were called and coded before, what else people call them, and which codes the Bureau of Statistics gives them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.places.files import rows


@dataclass(frozen=True, slots=True)
class Former:
    """A division as it was: its code and name then, until which year, and the code of today."""

    code: str
    name: str
    until: int
    today: str


@dataclass(frozen=True, slots=True)
class Formerly:
    """By code of then, and by code of today; `called` are other names for one place or several."""

    by_code: Mapping[str, Former]
    by_today: Mapping[str, tuple[Former, ...]]
    called: Mapping[str, tuple[str, ...]]
    moved: Mapping[str, tuple[str, bool]]

    @classmethod
    def open(cls, folder: Path) -> Formerly:
        """Reads `former.tsv.gz`, `called.tsv.gz` and `moved.tsv.gz`; raises `DirectoryError` for one that is missing or broken."""
        formers = [
            Former(code, name, int(year), today) for code, name, year, today in rows(folder / "former.tsv.gz", 4)
        ]
        by_today: defaultdict[str, list[Former]] = defaultdict(list)
        for former in formers:
            by_today[former.today].append(former)
        return cls(
            # A code that was given away again means its newest owner.
            {former.code: former for former in sorted(formers, key=lambda former: former.until)},
            {today: tuple(all_) for today, all_ in by_today.items()},
            {name: tuple(codes.split()) for name, codes in rows(folder / "called.tsv.gz", 2)},
            {code: (today, kept == "=") for code, today, kept in rows(folder / "moved.tsv.gz", 3)},
        )

    def today(self, code: str) -> str | None:
        """The code of today for one of then or of the Bureau's; None when it is neither."""
        if former := self.by_code.get(code):
            return former.today
        if moved := self.moved.get(code[:9]):
            township, kept = moved
            return township + code[9:] if kept else township
        return None
