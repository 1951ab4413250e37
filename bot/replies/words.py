"""Small words that sentences are filled with: times, risks, states (`data/words.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

CHINA = timezone(timedelta(hours=8), "CST")


@dataclass(frozen=True, slots=True)
class Words:
    """The table of small words in one language, `zh` or `en`."""

    table: Mapping[str, Any]
    language: str

    def word(self, kind: str, name: str) -> str:
        """The word for `name`, e.g. `word("risk", "medium")`; the name itself where the table has none."""
        entry = self.table[kind].get(name)
        return str(entry[self.language]) if entry else name

    def when(self, at: datetime, now: datetime) -> str:
        """A time as a person says it, in China time: "今天17:30", "明天12:00", "11月27日（周五）17:30"."""
        local, today = at.astimezone(CHINA), now.astimezone(CHINA).date()
        days = (local.date() - today).days
        pattern = {0: "today", 1: "tomorrow"}.get(days, "later")
        forms = self.table["when"]
        return str(forms[pattern][self.language]).format(
            time=f"{local:%H:%M}",
            day=local.day,
            month=local.month,
            month_name=forms["months"][self.language][local.month - 1],
            weekday=forms["weekdays"][self.language][local.weekday()],
        )

    def by(self, at: datetime, now: datetime) -> str:
        """A deadline as a person says it: "最晚明天12:00", or "马上" when it is due already."""
        forms = self.table["when"]
        if at <= now:
            return str(forms["now"][self.language])
        return str(forms["by"][self.language]).format(when=self.when(at, now))

    def joined(self, items: list[str]) -> str:
        """Items one after another, as the language separates them."""
        return str(self.table["between"][self.language]).join(items)


@dataclass(frozen=True, slots=True)
class WordBook:
    """`data/words.yml`, ready for either language."""

    table: Mapping[str, Any]

    @classmethod
    def load(cls, path: Path) -> WordBook:
        """Reads the table. A missing word shows as its own name, so nothing is checked here."""
        return cls(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))

    def speak(self, language: str | None) -> Words:
        """The words of `language`, zh unless it is `en`."""
        return Words(self.table, "en" if language == "en" else "zh")

    def risk(self, word: str, language: str) -> str:
        """A risk as people say it."""
        return self.speak(language).word("risk", word)

    def typed(self) -> dict[str, tuple[str, ...]]:
        """Typed answers: value → the words that mean it."""
        return {value: tuple(words) for value, words in self.table["typed"].items()}
